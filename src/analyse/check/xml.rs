//! Values of XML attributes and elements, by name space and local name.

use super::{Check, Found};
use crate::analyse::pattern::Pattern;
use crate::analyse::scan::Scan;
use crate::model::Part;

/// Attributes and elements of name spaces.
#[derive(Debug)]
pub(crate) struct Xml {
    /// Name space URIs.
    pub(crate) namespaces: Vec<String>,
    /// Local names of attributes, with `@`.
    pub(crate) attributes: Vec<String>,
    /// Local names of elements.
    pub(crate) elements: Vec<String>,
    /// What the value must match in full.
    pub(crate) value: Option<Pattern>,
    /// What it must not.
    pub(crate) except: Option<Pattern>,
}

impl Check for Xml {
    fn find(&self, scan: &Scan<'_>, found: &mut Vec<Found>) {
        let names = self.attributes.iter().chain(&self.elements);
        let mut passages: Vec<u32> =
            names.flat_map(|name| scan.outline.of_element(name)).copied().collect();
        passages.sort_unstable();
        passages.dedup();
        let passages = passages.into_iter();
        for passage in passages.filter_map(|index| scan.document.passage(index as usize)) {
            let Some(element) = passage.element() else { continue };
            let Some((name, _)) = scan.document.element(element) else { continue };
            let names =
                if passage.part() == Part::Attribute { &self.attributes } else { &self.elements };
            let is_ours = names.iter().any(|known| known == name)
                && scan
                    .document
                    .namespace(element)
                    .is_some_and(|uri| self.namespaces.iter().any(|known| known == uri));
            let value = passage.text().trim();
            if is_ours
                && self.value.as_ref().is_none_or(|pattern| pattern.is_match(value))
                && !self.except.as_ref().is_some_and(|pattern| pattern.is_match(value))
            {
                found.push(Found { range: passage.range(), ..Found::default() });
            }
        }
    }
}
