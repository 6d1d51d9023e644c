//! A regular expression.

use super::{Check, Found};
use crate::analyse::scan::Scan;

/// Matches of an expression.
#[derive(Debug)]
pub(crate) struct Regex {
    /// Its number in the engine.
    pub(crate) pattern: u32,
}

impl Check for Regex {
    fn find(&self, scan: &Scan<'_>, found: &mut Vec<Found>) {
        found.extend(
            scan.detected(self.pattern).iter().map(|hit| Found {
                range: hit.start as usize..hit.end as usize,
                ..Found::default()
            }),
        );
    }
    fn pattern(&self) -> Option<u32> {
        Some(self.pattern)
    }
}
