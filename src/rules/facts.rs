//! What the checks over a whole package need to know of one document.

use crate::analyse::{exempt, sweep};
use crate::model::{Confidence, Document, Facts, Hit, SensitiveText};

/// The facts of a document, from what the rules found in it. The scan fills in the artifact's address.
pub(super) fn of(document: &Document, hits: &[Hit]) -> Facts {
    let mut record_types: Vec<String> = hits
        .iter()
        .filter(|hit| hit.rule.starts_with("record.") && hit.confidence >= Confidence::Low)
        .map(|hit| hit.rule.clone())
        .collect();
    record_types.sort();
    record_types.dedup();
    let removed = sweep::terms(document).into_iter().map(SensitiveText::new).collect();
    Facts { marked: exempt::marked(hits), record_types, removed, ..Facts::default() }
}
