//! From bytes to text: byte order marks, declared encodings, and a guess where there is neither.

use crate::model::Source;

/// Decodes plain text: byte order mark first, then UTF-8 where it is valid, else a guess.
pub fn decode(bytes: &[u8]) -> Source {
    // Completed together with the XML reader.
    Source::utf8(String::from_utf8_lossy(bytes).into_owned(), 0)
}
