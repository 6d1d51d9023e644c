//! Passages by part and visibility, and marks on pages by kind.

use super::{Check, Found};
use crate::analyse::pattern::Pattern;
use crate::analyse::scan::Scan;
use crate::model::{Confidence, Hit, Mark, MarkKind, Part, SensitiveText, Visibility};

/// Whole passages, or marks. Empty lists hold for all.
#[derive(Debug)]
pub(crate) struct Structure {
    /// Parts.
    pub(crate) parts: Vec<Part>,
    /// Visibilities.
    pub(crate) visibility: Vec<Visibility>,
    /// Marks instead of passages.
    pub(crate) mark: Option<MarkKind>,
    /// What the name of their place begins with.
    pub(crate) places: Vec<String>,
    /// What it does not begin with.
    pub(crate) except_places: Vec<String>,
    /// What the whole text must match.
    pub(crate) value: Option<Pattern>,
    /// What it must not.
    pub(crate) except: Option<Pattern>,
    /// Only what the pages do not show anyway.
    pub(crate) unseen: bool,
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
        let kind = scan.outline.of_kind(&self.parts, &self.visibility).into_iter();
        let passages = kind.filter_map(|index| scan.document.passage(index as usize));
        let wanted = passages.filter(|passage| {
            self.is_at(scan.document.named_place(passage.index()))
                && self.is_wanted(passage.text())
                && !(self.unseen && scan.shown().repeats(scan.document, passage))
        });
        found.extend(wanted.map(|passage| Found { range: passage.range(), ..Found::default() }));
    }

    /// A mark that bears on no text is found at its own place.
    fn find_marks(&self, scan: &Scan<'_>, kind: MarkKind, found: &mut Vec<Found>) {
        let end = scan.text.len();
        for mark in scan.document.marks.iter().filter(|mark| mark.kind == kind) {
            let Some(range) = mark.range.clone() else {
                found.push(Found {
                    range: end..end,
                    hit: Some(Box::new(placed(mark, end))),
                    ..Found::default()
                });
                continue;
            };
            if self.is_wanted(scan.slice(range.clone())) {
                found.push(Found { range, ..Found::default() });
            }
        }
    }

    /// A passage without a named place is at none of them.
    fn is_at(&self, place: Option<&str>) -> bool {
        // Whether a property was written as an element or as an attribute makes no difference.
        let place = place.map(|at| match at.strip_prefix("picture/@") {
            Some(own) => ("picture/", own),
            None => ("", at.trim_start_matches('@')),
        });
        let begins = |names: &[String]| {
            place.is_some_and(|(prefix, at)| {
                let begins = |name: &String| {
                    name.strip_prefix(prefix).is_some_and(|name| at.starts_with(name))
                };
                names.iter().any(begins)
            })
        };
        (self.places.is_empty() || begins(&self.places)) && !begins(&self.except_places)
    }

    fn is_wanted(&self, text: &str) -> bool {
        self.is_long_enough(text)
            && self.value.as_ref().is_none_or(|pattern| pattern.is_match(text.trim()))
            && !self.except.as_ref().is_some_and(|pattern| pattern.is_match(text.trim()))
    }

    fn is_long_enough(&self, text: &str) -> bool {
        text.chars().filter(|c| c.is_alphanumeric()).take(self.min_word_chars).count()
            >= self.min_word_chars
    }
}

fn placed(mark: &Mark, end: usize) -> Hit {
    let what = mark.description.clone().into();
    Hit {
        rule: String::new(),
        confidence: Confidence::High,
        level: None,
        range: end..end,
        place: Some(mark.place.clone()),
        related: Vec::new(),
        evidence: Some(SensitiveText::new("")),
        message: None,
        data: [("what".to_owned(), what)].into(),
    }
}
