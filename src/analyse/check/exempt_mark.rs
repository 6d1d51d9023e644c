//! An outcome of the (E) mark's analysis, which runs once a document.

use super::{Check, Found};
use crate::analyse::scan::Scan;

/// Hits of one outcome.
#[derive(Debug)]
pub(crate) struct ExemptMark {
    /// `exempt.` and the outcome.
    pub(crate) rule: String,
}

impl Check for ExemptMark {
    fn find(&self, scan: &Scan<'_>, found: &mut Vec<Found>) {
        found.extend(scan.exempt.iter().filter(|hit| hit.rule == self.rule).map(|hit| Found {
            range: hit.range.clone(),
            confidence: Some(hit.confidence),
            hit: Some(Box::new(hit.clone())),
            ..Found::default()
        }));
    }
}
