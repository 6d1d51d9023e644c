//! What the checks over a whole package need to know of one document.

use crate::analyse::exempt;
use crate::model::{Confidence, Facts, Hit};

/// The facts of a document, from what the rules found in it. The scan fills in the artifact's address.
pub(super) fn of(hits: &[Hit]) -> Facts {
    let mut record_types: Vec<String> = hits
        .iter()
        .filter(|hit| hit.rule.starts_with("record.") && hit.confidence >= Confidence::Low)
        .map(|hit| hit.rule.clone())
        .collect();
    record_types.sort();
    record_types.dedup();
    Facts { marked: exempt::marked(hits), record_types, ..Facts::default() }
}
