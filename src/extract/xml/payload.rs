//! Encoded bytes inside a document: base64 in an element or attribute, and `data:` URIs.

use super::chars::is_white;
use crate::read::Budget;
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// From how many characters on text may be a payload that nothing declares as one.
const MIN_UNDECLARED: usize = 40;
/// The same where the markup says so.
const MIN_DECLARED: usize = 8;

const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Beginnings of files, and the extension that suits them.
const MAGIC: &[(&[u8], &str)] = &[
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"<?xml", "xml"),
    (b"\xef\xbb\xbf<?xml", "xml"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x89PNG\r\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
    (b"II*\0", "tif"),
    (b"MM\0*", "tif"),
    (b"{\\rtf", "rtf"),
    (b"\x1f\x8b", "gz"),
    (b"BZh", "bz2"),
    (b"7z\xbc\xaf", "7z"),
];

/// What became of text that may be a payload.
pub(super) enum Payload {
    /// It is none.
    None,
    /// Its bytes, and an extension for its name.
    Decoded(Vec<u8>, &'static str),
    /// It is one, but the budget does not allow for it.
    OverBudget,
}

/// Decodes `text` if it is a payload. `declared`: the markup calls it one.
pub(super) fn decode(text: &str, declared: bool, budget: &Budget) -> Payload {
    if let Some(rest) = text.strip_prefix("data:") {
        return data_uri(rest, budget);
    }
    let least = if declared { MIN_DECLARED } else { MIN_UNDECLARED };
    if text.len() < least || !looks_encoded(text.as_bytes()) {
        return Payload::None;
    }
    match decode_base64(text, budget) {
        Payload::Decoded(bytes, _) if !declared && extension(&bytes).is_none() => Payload::None,
        Payload::None if declared => Payload::None,
        payload => payload,
    }
}

/// Whether it is worth while to ask `decode`: quick, and false for nearly all text of records.
#[inline]
pub(super) fn may_be_payload(text: &str, declared: bool) -> bool {
    let bytes = text.as_bytes();
    match bytes.get(..MIN_UNDECLARED) {
        Some(head) => {
            memchr::memchr(b' ', head).is_none_or(|at| at < 2 || declared)
                || bytes.starts_with(b"data:")
                || bytes.first().is_some_and(|&byte| is_white(byte))
        }
        None => declared || bytes.starts_with(b"data:"),
    }
}

/// Whether the text begins like base64; cheap, and false for nearly all prose.
fn looks_encoded(bytes: &[u8]) -> bool {
    bytes.iter().filter(|&&byte| !is_white(byte)).take(32).all(|&byte| is_digit(byte))
        && !bytes.trim_ascii().iter().take(32).any(|&byte| byte == b' ')
}

const fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

fn decode_base64(text: &str, budget: &Budget) -> Payload {
    let digits: Vec<u8> = text.bytes().filter(|&byte| !is_white(byte)).collect();
    let padding = digits.iter().rev().take_while(|&&byte| byte == b'=').count();
    let length = digits.len() - padding;
    let digits_only = digits.iter().take(length).all(|&byte| is_digit(byte) && byte != b'=');
    if !digits_only || padding > 2 || length % 4 == 1 {
        return Payload::None;
    }
    let size = length as u64 / 4 * 3;
    if size > budget.stream_allowance() {
        return Payload::OverBudget;
    }
    let Ok(bytes) = ENGINE.decode(&digits) else { return Payload::None };
    let extension = extension(&bytes).unwrap_or("bin");
    Payload::Decoded(bytes, extension)
}

/// What follows `data:`, RFC 2397.
fn data_uri(rest: &str, budget: &Budget) -> Payload {
    let Some((kind, data)) = rest.split_once(',') else { return Payload::None };
    if kind.len() > 256 || kind.contains(' ') && !kind.contains('/') {
        return Payload::None;
    }
    let bytes = percent_decode(data);
    if kind.trim_end().ends_with(";base64") {
        return match std::str::from_utf8(&bytes) {
            Ok(text) => decode_base64(text, budget),
            Err(_) => Payload::None,
        };
    }
    let plausible = kind.contains('/') || kind.is_empty() || kind.contains(';');
    if !plausible || bytes.is_empty() {
        return Payload::None;
    }
    if bytes.len() as u64 > budget.stream_allowance() {
        return Payload::OverBudget;
    }
    let extension = extension(&bytes).unwrap_or("bin");
    Payload::Decoded(bytes, extension)
}

fn percent_decode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = |at: usize| after.get(at).and_then(|&digit| (digit as char).to_digit(16));
        if let (b'%', Some(high), Some(low)) = (byte, hex(0), hex(1)) {
            bytes.extend(u8::try_from(high * 16 + low));
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    bytes
}

/// The extension that suits decoded bytes; none where they are neither a known kind of file nor clean text.
fn extension(bytes: &[u8]) -> Option<&'static str> {
    if let Some((_, extension)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(extension);
    }
    if memchr::memmem::find(bytes.get(..1024).unwrap_or(bytes), b"%PDF-").is_some() {
        return Some("pdf");
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let clean = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t' | '\u{c}');
    let white = text.chars().take(200).filter(|c| c.is_whitespace()).count();
    (white > 0 && text.chars().all(clean)).then_some(if text.starts_with('<') {
        "xml"
    } else {
        "txt"
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD as PLAIN;

    fn kind(text: &str, declared: bool) -> Option<&'static str> {
        match decode(text, declared, &Budget::default()) {
            Payload::Decoded(_, extension) => Some(extension),
            _ => None,
        }
    }

    #[test]
    fn payloads_are_told_from_prose_and_digests() {
        let text = PLAIN.encode("The source lives near the depot on Elm Street. (E)");
        let pdf = PLAIN.encode(format!("%PDF-1.4\n{}", "0 ".repeat(40)));
        let (head, tail) = pdf.split_at(60);
        let wrapped = format!("{head}\n   {tail}");
        let cases: &[(&str, bool, Option<&str>)] = &[
            (&text, false, Some("txt")),
            (&pdf, false, Some("pdf")),
            (&wrapped, false, Some("pdf")),
            ("AAECAwQFBgcICQ==", true, Some("bin")),
            ("AAECAwQFBgcICQ==", false, None),
            ("data:text/plain,Source%20lives%20near", false, Some("txt")),
            ("data:text/plain;base64,U291cmNlIGxpdmVz", false, Some("txt")),
            ("data: the figures, in full", false, None),
            ("da39a3ee5e6b4b0d3255bfef95601890afd80709da39a3ee", false, None),
            (
                "The source lives near the depot, and this is a sentence of some length.",
                false,
                None,
            ),
            ("Withheld in full; see the log", true, None),
        ];
        for (text, declared, expected) in cases {
            assert_eq!(kind(text, *declared), *expected, "{text}");
        }
    }
}
