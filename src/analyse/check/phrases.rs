//! Words and phrases.

use super::{Check, Found};
use crate::analyse::scan::Scan;
use std::sync::Arc;

/// Phrases of a list.
#[derive(Debug)]
pub(crate) struct Phrases {
    /// The list's number in the lexicon.
    pub(crate) list: u32,
    /// Its terms, where the rule's message names them.
    pub(crate) terms: Vec<Arc<str>>,
}

impl Check for Phrases {
    fn find(&self, scan: &Scan<'_>, found: &mut Vec<Found>) {
        found.extend(scan.hits.list(self.list).iter().map(|hit| Found {
            range: hit.start as usize..hit.end as usize,
            term: self.terms.get(hit.term as usize).cloned(),
            ..Found::default()
        }));
    }
}
