//! Plain text, CSV and Concordance DAT.

mod block;
mod delimited;
mod furniture;
mod prose;
mod writer;

use super::Extractor;
use crate::model::{Document, Noted, Notice, NoticeCode, Place, Property, SensitiveText, Source};
use crate::read::{Budget, decode, decode_owned};
use writer::Writer;

/// The reader for plain text.
pub(super) struct Plain;

/// How much of a file is looked at to tell text from binary data.
const SNIFFED: usize = 4096;

/// Beginnings of formats that are no text although few of their bytes show it.
const BINARY_MAGIC: &[&[u8]] = &[
    b"%PDF-",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"BZh",
    b"7z\xbc\xaf",
    b"\xfd7zXZ",
    b"Rar!",
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"GIF8",
    b"II*\0",
    b"MM\0*",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf",
    b"\x28\xb5\x2f\xfd",
];

impl Extractor for Plain {
    fn name(&self) -> &'static str {
        "text"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["txt", "text", "md", "csv", "tsv", "dat", "log"]
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        if BINARY_MAGIC.iter().any(|magic| bytes.starts_with(magic)) {
            return false;
        }
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            return true;
        }
        let head = bytes.get(..SNIFFED).unwrap_or(bytes);
        let control = head.iter().filter(|byte| is_unlikely_in_text(**byte)).count();
        let nul = memchr::memchr_iter(0, head).count();
        // UTF-16 without a byte order mark: every other byte of Latin text is zero.
        let is_wide = nul * 5 >= head.len() * 2 && nul * 2 <= head.len() + 1 && control == nul;
        is_wide || (nul == 0 && control * 50 <= head.len())
    }

    fn extract(&self, bytes: &[u8], budget: &Budget) -> Noted<Document> {
        read(decode(bytes), budget)
    }

    fn extract_owned(&self, bytes: Vec<u8>, budget: &Budget) -> Noted<Document> {
        read(decode_owned(bytes), budget)
    }
}

fn read(source: Source, budget: &Budget) -> Noted<Document> {
    let mut writer = Writer::new(source.text(), budget);
    match delimited::sniff(source.text()) {
        Some(dialect) => delimited::read(&mut writer, dialect),
        None => prose::read(&mut writer),
    }
    let (builder, pages, mut notices) = writer.finish();
    notices.extend(damage(&source));
    let encoding = SensitiveText::new(source.encoding());
    let mut document = builder.finish_with(source);
    document.pages = pages;
    document.properties.push(Property { name: "encoding".to_owned(), value: encoding });
    Noted { value: document, notices }
}

/// What the decoder could not make sense of. One or two stray bytes hide no word.
fn damage(source: &Source) -> Option<Notice> {
    let damage = source.damage();
    if damage.count == 0 {
        return None;
    }
    let (line, column) = source.line_column(damage.first);
    let message = format!(
        "{} byte sequences are not valid {} and were read as replacement characters.",
        damage.count,
        source.encoding()
    );
    let notice = match damage.count {
        1 | 2 => Notice::informing(NoticeCode::TextUndecodable, message),
        _ => Notice::blocking(NoticeCode::TextUndecodable, message),
    };
    Some(notice.at(Place::Line { line, column }))
}

/// Control characters other than white space, escape and the separators of load files.
fn is_unlikely_in_text(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x0b | 0x1b | 0x14 | 0x1a)
}

#[cfg(test)]
mod tests;
