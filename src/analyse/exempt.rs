//! The (E) mark of ICE Directive 6-4.0, 7.2: tokens, scope, redaction status.

use crate::model::{Document, Hit};

/// Every mark, suspect, orphan and ambiguity of the document, in reading order.
pub(crate) fn find(_document: &Document) -> Vec<Hit> {
    Vec::new()
}
