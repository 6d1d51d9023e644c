//! A keyed watch list. Only who has the key can open it, so it is put in after the rules are read.

use super::{Check, Found};
use crate::analyse::scan::Scan;
use crate::model::Document;
use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// A list that was opened.
pub(crate) trait Lookup: fmt::Debug + Send + Sync {
    /// Where names and numbers of the list stand: bytes of the document's text.
    fn find(&self, document: &Document) -> Vec<Range<usize>>;
}

/// A list that a rule names, and the place for it once it is opened.
#[derive(Clone, Debug)]
pub(crate) struct Sealed {
    /// Its file.
    pub(crate) file: PathBuf,
    /// What is in it.
    pub(crate) list: Arc<OnceLock<Box<dyn Lookup>>>,
}

/// Names and numbers of a watch list.
#[derive(Debug)]
pub(crate) struct Hashed {
    /// The list.
    pub(crate) sealed: Sealed,
}

impl Check for Hashed {
    fn find(&self, scan: &Scan<'_>, found: &mut Vec<Found>) {
        let ranges = self.sealed.list.get().map(|list| list.find(scan.document));
        let ranges = ranges.into_iter().flatten();
        found.extend(ranges.map(|range| Found { range, ..Found::default() }));
    }
}
