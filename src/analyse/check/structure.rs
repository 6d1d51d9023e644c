//! Passages by part and visibility, and marks on pages by kind.

use super::{Check, Found};
use crate::analyse::scan::Scan;
use crate::model::{MarkKind, Part, Visibility};

/// Whole passages, or marks. Empty lists hold for all.
#[derive(Debug)]
pub(crate) struct Structure {
    /// Parts.
    pub(crate) parts: Vec<Part>,
    /// Visibilities.
    pub(crate) visibility: Vec<Visibility>,
    /// Marks instead of passages.
    pub(crate) mark: Option<MarkKind>,
    /// The fewest letters and digits.
    pub(crate) min_word_chars: usize,
}

impl Check for Structure {
    fn find(&self, scan: &Scan<'_>, found: &mut Vec<Found>) {
        match self.mark {
            Some(kind) => self.find_marks(scan, kind, found),
            None => self.find_passages(scan, found),
        }
    }
}

impl Structure {
    fn find_passages(&self, scan: &Scan<'_>, found: &mut Vec<Found>) {
        let wanted = scan.document.passages().filter(|passage| {
            fits(&self.parts, passage.part())
                && fits(&self.visibility, passage.visibility())
                && self.is_long_enough(passage.text())
        });
        found.extend(wanted.map(|passage| Found { range: passage.range(), ..Found::default() }));
    }

    /// A mark that bears on no text is found at the end of the document's text, which belongs to no passage.
    fn find_marks(&self, scan: &Scan<'_>, kind: MarkKind, found: &mut Vec<Found>) {
        let end = scan.text.len();
        for mark in scan.document.marks.iter().filter(|mark| mark.kind == kind) {
            let range = mark.range.clone().unwrap_or(end..end);
            let text = scan.slice(range.clone());
            if self.is_long_enough(text) || mark.range.is_none() {
                found.push(Found { range, ..Found::default() });
            }
        }
    }

    fn is_long_enough(&self, text: &str) -> bool {
        text.chars().filter(|c| c.is_alphanumeric()).take(self.min_word_chars).count()
            >= self.min_word_chars
    }
}

fn fits<T: PartialEq>(wanted: &[T], value: T) -> bool {
    wanted.is_empty() || wanted.contains(&value)
}
