//! Bytes that belong to no object: before the header, after the end, between objects, and comments.

use super::{Found, is_legible};
use crate::model::{Part, Place, Span};

/// How many such stretches are kept.
const MAX_GAPS: usize = 1_000;
/// Shorter printable stretches of a gap are left out.
const SHORTEST: usize = 5;

/// What stands outside all objects and can be read.
pub(super) fn find(bytes: &[u8]) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut gap: Option<std::ops::Range<usize>> = None;
    while at < bytes.len() && found.len() < MAX_GAPS {
        let rest = bytes.get(at..).unwrap_or_default();
        let blank =
            rest.iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == 0).count();
        at = at.saturating_add(blank);
        let rest = rest.get(blank..).unwrap_or_default();
        let known = structure(rest);
        if known == 0 {
            // What is no structure is given up line by line.
            let line = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
            let end = at.saturating_add(line);
            gap = Some(gap.map_or(at, |gap| gap.start)..end);
            at = end;
        } else {
            found.extend(gap.take().and_then(|gap| stretch(bytes, gap)));
            at = at.saturating_add(known);
        }
    }
    found.extend(gap.and_then(|gap| stretch(bytes, gap)));
    found
}

/// How many bytes at the beginning belong to the structure of a file; 0 where they do not.
fn structure(rest: &[u8]) -> usize {
    let until = |needle: &[u8]| memchr::memmem::find(rest, needle);
    match rest {
        // The header, and the line of high bytes behind it.
        [b'%', b'P', b'D', b'F', b'-', ..]
        | [b'%', 0x80..=0xff, ..]
        | [b'%', b'%', b'E', b'O', b'F', ..] => {
            memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len())
        }
        [b'x', b'r', b'e', b'f', ..] => {
            until(b"trailer").or_else(|| until(b"startxref")).unwrap_or(4)
        }
        [b't', b'r', b'a', b'i', b'l', b'e', b'r', ..] => until(b"startxref").unwrap_or(7),
        [b's', b't', b'a', b'r', b't', b'x', b'r', b'e', b'f', ..] => {
            let tail = rest.get(9..).unwrap_or_default();
            let number = tail.iter().take_while(|b| b.is_ascii_digit() || b.is_ascii_whitespace());
            number.count().saturating_add(9)
        }
        [b'0'..=b'9', ..] if begins_object(rest) => {
            let end = until(b"endobj").map(|end| end.saturating_add(6));
            end.unwrap_or(rest.len())
        }
        _ => 0,
    }
}

/// Whether `12 0 obj` stands here.
fn begins_object(rest: &[u8]) -> bool {
    let head = rest.get(..32).unwrap_or(rest);
    let mut words = head.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let number = |word: Option<&[u8]>| word.is_some_and(|word| word.iter().all(u8::is_ascii_digit));
    number(words.next())
        && number(words.next())
        && words.next().is_some_and(|word| word.starts_with(b"obj"))
}

fn stretch(bytes: &[u8], range: std::ops::Range<usize>) -> Option<Found> {
    let raw = bytes.get(range.clone())?;
    let printable = |byte: &u8| matches!(byte, 0x20..=0x7e | b'\t' | 0x80..);
    let text: Vec<String> = raw
        .split(|byte| !printable(byte))
        .filter(|run| run.len() >= SHORTEST)
        .map(|run| String::from_utf8_lossy(run).into_owned())
        .collect();
    let text = text.join("\n");
    let bytes = Span { start: range.start as u64, end: range.end as u64 };
    is_legible(&text).then_some(Found {
        part: Part::Other,
        page: 0,
        place: Place::Bytes { bytes },
        text,
        is_property: false,
        is_lost: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_belongs_to_no_object_is_found() {
        let file = b"leading words\n%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</A (inside)>>\nendobj\n\
            % a comment\n2 0 obj\n(x)\nendobj\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1>>\n\
            startxref\n99\n%%EOF\ntrailing words";
        let texts: Vec<String> = find(file).into_iter().map(|one| one.text).collect();
        assert_eq!(texts, ["leading words", "% a comment", "trailing words"]);
    }
}
