//! One file (or folder) per format: bytes in, a document and what could not be read out.

mod pdf;
mod plain;
mod xml;

use crate::model::{Document, Noted};
use crate::read::Budget;

/// Reads one format.
pub trait Extractor: Sync {
    /// The format's name in reports: `pdf`, `xml`, `text`.
    fn name(&self) -> &'static str;

    /// Name endings (lower case, without the dot) that promise this format.
    fn extensions(&self) -> &'static [&'static str];

    /// Whether the bytes look like this format. Content decides; the name only breaks ties and raises mismatches.
    fn recognises(&self, bytes: &[u8]) -> bool;

    /// Reads whatever is readable, and says what was not.
    fn extract(&self, bytes: &[u8], budget: &Budget) -> Noted<Document>;

    /// The same for a caller that has no more use for the bytes, so that a large text need not be copied.
    fn extract_owned(&self, bytes: Vec<u8>, budget: &Budget) -> Noted<Document> {
        self.extract(&bytes, budget)
    }
}

/// All formats, most specific first.
pub const FORMATS: &[&dyn Extractor] = &[&pdf::Pdf, &xml::Xml, &plain::Plain];
