//! Plain text, CSV and Concordance DAT.

use super::Extractor;
use crate::model::{Document, DocumentBuilder, Noted, PassageSpec, Target};
use crate::read::{Budget, decode};

/// The reader for plain text.
pub(super) struct Plain;

impl Extractor for Plain {
    fn name(&self) -> &'static str {
        "text"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["txt", "text", "md", "csv", "tsv", "dat", "log"]
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        !bytes.iter().take(4096).any(|&byte| byte == 0)
    }

    fn extract(&self, bytes: &[u8], _budget: &Budget) -> Noted<Document> {
        let source = decode(bytes);
        let text = source.text().to_owned();
        let mut builder = DocumentBuilder::with_source(source);
        let mut start = 0;
        for paragraph in text.split("\n\n") {
            builder.begin(PassageSpec::default());
            let end = start + paragraph.len();
            let bound = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
            builder.push(paragraph, Target::Source { start: bound(start), end: bound(end) });
            start = end + 2;
        }
        Noted::complete(builder.finish())
    }
}
