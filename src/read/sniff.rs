//! Naming formats that have no reader, so that a notice can say what was not read.

use file_format::{FileFormat, Kind};

/// A format known by its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Short and lower case: `docx`, `png`, `zip`.
    pub name: String,
    /// What it is called in a sentence: "There is no reader for HTML".
    pub title: String,
    /// How far it is readable.
    pub nature: Nature,
}

/// How far a format without a reader is readable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// A picture: its text needs eyes.
    Picture,
    /// Markup or headers around plain text.
    Textual,
    /// Anything else.
    Binary,
}

impl Known {
    fn new(name: &str, title: &str, nature: Nature) -> Self {
        Self { name: name.to_owned(), title: title.to_owned(), nature }
    }
}

/// How much of a text is looked at to tell its format.
const HEAD: usize = 1024;
/// The longest end record of a ZIP archive, its comment included.
const ZIP_TAIL: usize = 22 + 0xffff;

/// Name endings that promise a format without a reader; the promise is kept if the content is one of the names.
const PROMISES: &[(&str, &[&str])] = &[
    ("doc", &["doc", "cfb", "rtf"]),
    ("docx", &["docx"]),
    ("xls", &["xls", "cfb"]),
    ("xlsx", &["xlsx"]),
    ("ppt", &["ppt", "cfb"]),
    ("pptx", &["pptx"]),
    ("odt", &["odt"]),
    ("ods", &["ods"]),
    ("odp", &["odp"]),
    ("msg", &["msg", "cfb"]),
    ("zip", &["zip"]),
    ("7z", &["7z"]),
    ("gz", &["gz"]),
    ("bz2", &["bz2"]),
    ("tar", &["tar"]),
    ("png", &["png"]),
    ("jpg", &["jpg"]),
    ("jpeg", &["jpg"]),
    ("gif", &["gif"]),
    ("tif", &["tiff"]),
    ("tiff", &["tiff"]),
    ("rtf", &["rtf"]),
    ("html", &["html", "xml"]),
    ("htm", &["html", "xml"]),
];

/// Whether a name ending promises something that `found` is not.
pub fn breaks_promise(extension: &str, found: &str) -> bool {
    PROMISES
        .iter()
        .find(|(promised, _)| *promised == extension)
        .is_some_and(|(_, kept)| !kept.contains(&found))
}

/// The ending of a file name, lower case, without the dot; empty where there is none.
pub fn extension(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => extension.to_ascii_lowercase(),
        _ => String::new(),
    }
}

/// The binary format of these bytes, if it is a known one.
pub fn binary(bytes: &[u8]) -> Option<Known> {
    let format = FileFormat::from_bytes(bytes);
    if matches!(format, FileFormat::ArbitraryBinaryData | FileFormat::Empty) {
        return None;
    }
    let nature = match format.kind() {
        Kind::Image => Nature::Picture,
        _ => Nature::Binary,
    };
    Some(Known::new(format.extension(), format.name(), nature))
}

/// Whether there are control characters that text does not have. Concordance's DAT separates with 0x14, and a
/// terminal's log has escapes.
pub fn has_controls(bytes: &[u8]) -> bool {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    head.iter().any(|byte| matches!(byte, 0..=0x08 | 0x0e..=0x13 | 0x15..=0x1a | 0x1c..=0x1f))
}

/// The text-like format of these bytes, which are known to be text.
pub fn textual(bytes: &[u8], extension: &str) -> Option<Known> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let head = bytes.get(..HEAD).unwrap_or(bytes).to_ascii_lowercase();
    let head = head.trim_ascii_start();
    let known = |name, title| Some(Known::new(name, title, Nature::Textual));
    if head.starts_with(b"{\\rtf") {
        known("rtf", "Rich Text Format")
    } else if head.starts_with(b"%!ps") {
        known("ps", "PostScript")
    } else if is_html(head, extension) {
        known("html", "HTML")
    } else if is_mailbox(head) || extension == "mbox" {
        known("mbox", "mailboxes")
    } else if is_mail(head) || extension == "eml" {
        known("eml", "e-mail messages")
    } else if matches!(extension, "json" | "jsonl" | "ipynb") {
        known("json", "JSON")
    } else {
        None
    }
}

fn is_html(head: &[u8], extension: &str) -> bool {
    let has = |needle: &[u8]| memchr::memmem::find(head, needle).is_some();
    let named = matches!(extension, "html" | "htm") && head.starts_with(b"<");
    let xml = head.starts_with(b"<?xml") || has(b"xmlns");
    !xml && (named || head.starts_with(b"<!doctype html") || head.starts_with(b"<html"))
}

/// The separator line of a mailbox, and a header line after it (RFC 4155).
fn is_mailbox(head: &[u8]) -> bool {
    let mut lines = head.split(|&byte| byte == b'\n');
    lines.next().is_some_and(|line| line.starts_with(b"from "))
        && lines.next().is_some_and(is_header)
}

/// Header lines from the first line on, and among them one that only mail has (RFC 5322).
fn is_mail(head: &[u8]) -> bool {
    let lines = head.split(|&byte| byte == b'\n');
    let folded =
        |line: &&[u8]| line.starts_with(b" ") || line.starts_with(b"\t") || is_header(line);
    let headers: Vec<_> = lines.take_while(folded).collect();
    let marks: [&[u8]; 4] = [b"received:", b"return-path:", b"message-id:", b"mime-version:"];
    headers.len() > 2 && headers.iter().any(|line| marks.iter().any(|mark| line.starts_with(mark)))
}

fn is_header(line: &[u8]) -> bool {
    let colon = memchr::memchr(b':', line).unwrap_or(0);
    colon > 0 && line.iter().take(colon).all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
}

/// Whether a ZIP archive ends where the bytes end: its end record, with a comment of the right length
/// (APPNOTE 4.3.16).
pub fn ends_as_zip(bytes: &[u8]) -> bool {
    let tail = bytes.get(bytes.len().saturating_sub(ZIP_TAIL)..).unwrap_or(bytes);
    memchr::memmem::rfind(tail, b"PK\x05\x06").is_some_and(|at| {
        let length = tail.get(at + 20..at + 22).map(|pair| {
            pair.iter().rev().fold(0_usize, |value, &byte| value << 8 | usize::from(byte))
        });
        length.is_some_and(|length| at + 22 + length == tail.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_like_formats_are_told_from_text() {
        let cases: [(&[u8], &str, Option<&str>); 9] = [
            (b"{\\rtf1 x}", "txt", Some("rtf")),
            (b"<!DOCTYPE html><p>", "", Some("html")),
            (b"<p>x<br></p>", "html", Some("html")),
            (b"<?xml version='1.0'?><html xmlns='x'/>", "html", None),
            (b"From a@b.example Mon\nSubject: x\n\ny", "txt", Some("mbox")),
            (b"From: a\nTo: b\nMessage-ID: c\n\nx", "", Some("eml")),
            (b"From: a\nTo: b\nSubject: c\n\nx", "txt", None),
            (b"{}", "json", Some("json")),
            (b"Plain words.", "txt", None),
        ];
        for (bytes, extension, expected) in cases {
            let found = textual(bytes, extension).map(|known| known.name);
            assert_eq!(found.as_deref(), expected, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn binary_formats_have_a_name_and_pictures_are_pictures() {
        let png = binary(b"\x89PNG\r\n\x1a\n").unwrap();
        assert_eq!((png.name.as_str(), png.nature), ("png", Nature::Picture));
        assert_eq!(binary(b"\x1f\x8b\x08\0").unwrap().name, "gz");
        assert_eq!(binary(&[0, 1, 2, 3]), None);
    }

    #[test]
    fn an_archive_behind_another_format_is_seen() {
        let end = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0!";
        assert!(ends_as_zip(&[b"%PDF-1.7 ".as_slice(), end].concat()));
        assert!(!ends_as_zip(&[end.as_slice(), b"more"].concat()));
    }

    #[test]
    fn a_promise_is_broken_by_another_format_only() {
        for (extension, found, broken) in
            [("docx", "zip", true), ("jpeg", "jpg", false), ("bin", "zip", false)]
        {
            assert_eq!(breaks_promise(extension, found), broken, "{extension}");
        }
        assert_eq!((extension("a.B.TXT"), extension(".hidden")), ("txt".to_owned(), String::new()));
    }
}
