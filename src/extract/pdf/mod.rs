//! PDF (ISO 32000-2): objects, content streams, fonts, layout.

mod content;
mod font;
mod layout;
mod objects;

use super::Extractor;
use crate::model::{Document, Noted, Notice, NoticeCode};
use crate::read::Budget;

/// The reader for PDF.
pub(super) struct Pdf;

impl Extractor for Pdf {
    fn name(&self) -> &'static str {
        "pdf"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["pdf"]
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        memchr::memmem::find(bytes.get(..1024).unwrap_or(bytes), b"%PDF").is_some()
    }

    fn extract(&self, _bytes: &[u8], _budget: &Budget) -> Noted<Document> {
        Noted {
            value: Document::default(),
            notices: vec![Notice::blocking(
                NoticeCode::Unsupported,
                "There is no reader for PDF yet.",
            )],
        }
    }
}
