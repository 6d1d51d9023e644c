//! A line `Label: value`.

use super::{Check, Found};
use crate::analyse::pattern::Pattern;
use crate::analyse::scan::Scan;
use crate::analyse::stretch::normalised;
use crate::analyse::text::sentences;
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
    /// What it must not.
    pub(crate) except: Option<Pattern>,
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
        let passage = scan.passage_at(label.start)?;
        let line = scan.line(&passage, &label);
        let before = scan.slice(line.start..label.start);
        let leads = before.chars().all(|c| !c.is_alphanumeric());
        let stands_apart = before.ends_with("   ")
            || before.ends_with('\t')
            || before.trim_end().ends_with(['.', ';', '|']);
        if !(leads || self.inline && stands_apart) {
            return None;
        }
        let rest = scan.slice(label.end..line.end);
        let opened = rest.trim_start_matches([' ', '\t']).strip_prefix(':')?;
        let value = opened.trim_start();
        let start = line.end - value.len();
        let stop = if self.inline { end_of_value(value) } else { value.len() };
        let value = value.get(..stop.min(LONGEST)).unwrap_or(value).trim_end();
        let plain = normalised(value);
        let is_value = match &self.value {
            Some(pattern) => pattern.is_match(&plain),
            None => value.chars().any(char::is_alphanumeric),
        } && !self.except.as_ref().is_some_and(|pattern| pattern.is_match(&plain));
        is_value.then_some(label.start..start + value.len())
    }
}

/// Where the value ends on a line that may hold further labels: at a sentence's end, a semicolon before a label, a
/// wide gap.
fn end_of_value(value: &str) -> usize {
    let first = sentences(value).into_iter().next().map_or(value.len(), |first| first.end);
    let whole = value.trim_end().len();
    let sentence = value.get(..first).unwrap_or(value).trim_end();
    let bare = if first < whole { sentence.trim_end_matches('.') } else { sentence };
    let is_label = |rest: &str| rest.get(..40).unwrap_or(rest).contains(':');
    let gap = ["   ", "\t", "; ", " | "].into_iter().filter_map(|gap| {
        let at = bare.find(gap)?;
        (gap != "; " || is_label(bare.get(at..).unwrap_or_default())).then_some(at)
    });
    gap.min().unwrap_or(bare.len())
}
