//! A line `Label: value`.

use super::{Check, Found};
use crate::analyse::pattern::Pattern;
use crate::analyse::scan::Scan;
use crate::analyse::stretch::normalised;
use std::ops::Range;
use std::sync::Arc;

/// How long a value can be, in bytes.
const LONGEST: usize = 400;

/// Labels of a list, each with its value.
#[derive(Debug)]
pub(crate) struct Label {
    /// The list of labels.
    pub(crate) list: u32,
    /// What the value must match in full.
    pub(crate) value: Option<Pattern>,
    /// Whether the label may follow a full stop or semicolon.
    pub(crate) inline: bool,
    /// The labels, where the rule's message names them.
    pub(crate) terms: Vec<Arc<str>>,
}

impl Check for Label {
    fn find(&self, scan: &Scan<'_>, found: &mut Vec<Found>) {
        for hit in scan.hits.list(self.list) {
            let range = hit.start as usize..hit.end as usize;
            if let Some(range) = self.with_value(scan, range) {
                let term = self.terms.get(hit.term as usize).cloned();
                found.push(Found { range, term, ..Found::default() });
            }
        }
    }
}

impl Label {
    fn with_value(&self, scan: &Scan<'_>, label: Range<usize>) -> Option<Range<usize>> {
        let passage = scan.document.passage_at(label.start)?;
        let line = scan.line(&passage, &label);
        let before = scan.slice(line.start..label.start).trim_end();
        let leads = before.chars().all(|c| !c.is_alphanumeric());
        if !(leads || self.inline && before.ends_with(['.', ';', '|'])) {
            return None;
        }
        let rest = scan.slice(label.end..line.end);
        let opened = rest.trim_start_matches([' ', '\t']).strip_prefix(':')?;
        let value = opened.trim_start();
        let start = line.end - value.len();
        // A further label on the line begins after a full stop.
        let stop = value.find(". ").filter(|_| self.inline).unwrap_or(value.len());
        let value = value.get(..stop.min(LONGEST)).unwrap_or(value).trim_end();
        let is_value = match &self.value {
            Some(pattern) => pattern.is_match(&normalised(value)),
            None => value.chars().any(char::is_alphanumeric),
        };
        is_value.then_some(label.start..start + value.len())
    }
}
