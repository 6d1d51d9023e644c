//! What a rule can look for: one file per kind.

mod exempt_mark;
mod grammar;
mod hashed;
mod label;
mod mark;
mod phrases;
mod regex;
mod structure;
mod xml;

pub(crate) use exempt_mark::ExemptMark;
pub(crate) use grammar::{GRAMMARS, GrammarCheck, Outcome};
pub(crate) use hashed::{Hashed, Lookup, Sealed};
pub(crate) use label::Label;
pub(crate) use mark::{Mark, Position, VOCABULARY};
pub(crate) use phrases::Phrases;
pub(crate) use regex::Regex;
pub(crate) use structure::Structure;
pub(crate) use xml::Xml;

use super::scan::Scan;
use crate::model::{Confidence, Hit};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Something that a check found, before anything is weighed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// Bytes of the document's text.
    pub(crate) range: Range<usize>,
    /// The rule's own word for it.
    pub(crate) term: Option<Arc<str>>,
    /// Another confidence than the detector's.
    pub(crate) confidence: Option<Confidence>,
    /// What an analysis of its own has made of it.
    pub(crate) hit: Option<Box<Hit>>,
}

/// One kind of thing that rules look for.
pub(crate) trait Check: fmt::Debug + Send + Sync {
    /// Everything of that kind in a document.
    fn find(&self, scan: &Scan<'_>, found: &mut Vec<Found>);

    /// The expression that it rests on, by its number in the engine, if it rests on one.
    fn pattern(&self) -> Option<u32> {
        None
    }
}

/// A kind of check, as it is named in rules.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    /// The key in `detect`.
    pub(crate) name: &'static str,
    /// What it looks for.
    pub(crate) about: &'static str,
}

/// All kinds.
pub(crate) const KINDS: &[Kind] = &[
    Kind { name: "regex", about: "a regular expression, linear and bounded" },
    Kind { name: "phrases", about: "words and phrases with gaps between the words" },
    Kind { name: "mark", about: "a control marking by its words and its position" },
    Kind { name: "grammar", about: "a marking grammar that is built in" },
    Kind { name: "label", about: "a line `Label: value`" },
    Kind { name: "exempt-mark", about: "an outcome of the (E) mark's analysis" },
    Kind { name: "structure", about: "passages and marks by what they are" },
    Kind { name: "xml", about: "an XML attribute or element by name space and name" },
    Kind { name: "hashed", about: "a keyed watch list" },
    Kind { name: "manifest", about: "a condition on the release manifest (not available yet)" },
];
