//! XML.

use super::Extractor;
use crate::model::{Document, Noted, Notice, NoticeCode};
use crate::read::Budget;

/// The reader for XML.
pub(super) struct Xml;

impl Extractor for Xml {
    fn name(&self) -> &'static str {
        "xml"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["xml", "xhtml"]
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        bytes.trim_ascii_start().starts_with(b"<")
    }

    fn extract(&self, _bytes: &[u8], _budget: &Budget) -> Noted<Document> {
        Noted {
            value: Document::default(),
            notices: vec![Notice::blocking(
                NoticeCode::Unsupported,
                "There is no reader for XML yet.",
            )],
        }
    }
}
