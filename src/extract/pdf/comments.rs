//! Comments in the content of pages (ISO 32000-2 §7.2.4): no viewer shows them, any text editor does once the
//! content is inflated.

use crate::model::{Block, DocumentBuilder, Part, PassageSpec, Place, Visibility};

/// How many comments of one page are kept.
const MAX_COMMENTS: usize = 100;
/// How many comments of one file are kept.
const MAX_KEPT: usize = 2_000;
/// The longest comment, in bytes.
const MAX_LENGTH: usize = 1 << 14;

/// The comments of all pages.
#[derive(Default)]
pub(super) struct Comments(Vec<(u32, String)>);

impl Comments {
    /// Takes in those of a page.
    pub(super) fn page(&mut self, number: u32, found: &mut Vec<String>) {
        if self.0.len() < MAX_KEPT {
            self.0.extend(found.drain(..).map(|text| (number, text)));
        }
    }

    /// Writes them as passages.
    pub(super) fn write(self, builder: &mut DocumentBuilder) {
        for (page, text) in self.0 {
            let spec = PassageSpec {
                part: Part::Other,
                visibility: Visibility::Stored,
                block: Block::Line,
                page,
                ..PassageSpec::default()
            };
            let property = format!("comment in the content of page {page}");
            builder.property(spec, Place::Property { property }, &text);
        }
    }
}

/// The comments of a content stream that hold words.
pub(super) fn find(content: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = content;
    // Most pages have none, and few have the character at all.
    if memchr::memchr(b'%', rest).is_none() {
        return found;
    }
    while let Some(at) = memchr::memchr2(b'(', b'%', rest) {
        let (first, tail) = (rest.get(at), rest.get(at.saturating_add(1)..).unwrap_or_default());
        if first == Some(&b'(') {
            rest = tail.get(literal(tail)..).unwrap_or_default();
            continue;
        }
        let end = memchr::memchr2(b'\n', b'\r', tail).unwrap_or(tail.len());
        let line = tail.get(..end.min(MAX_LENGTH)).unwrap_or_default();
        if is_wording(line) && found.len() < MAX_COMMENTS {
            found.push(String::from_utf8_lossy(line).trim().to_owned());
        }
        rest = tail.get(end..).unwrap_or_default();
    }
    found
}

/// How many bytes a literal string has up to its closing parenthesis.
fn literal(tail: &[u8]) -> usize {
    let (mut depth, mut at) = (1_usize, 0_usize);
    while let Some(next) = memchr::memchr3(b'(', b')', b'\\', tail.get(at..).unwrap_or_default()) {
        at = at.saturating_add(next);
        let step = match tail.get(at) {
            Some(b'(') => {
                depth = depth.saturating_add(1);
                1
            }
            Some(b')') => {
                depth = depth.saturating_sub(1);
                1
            }
            _ => 2,
        };
        at = at.saturating_add(step);
        if depth == 0 {
            return at;
        }
    }
    tail.len()
}

/// Whether a comment holds words, and is neither the data of a picture nor a structuring comment of PostScript.
fn is_wording(line: &[u8]) -> bool {
    let letters = line.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let strange = line.iter().filter(|byte| **byte < 0x20 && **byte != b'\t').count();
    let odd = line.iter().filter(|byte| **byte >= 0x80).count();
    letters >= 3 && strange == 0 && odd.saturating_mul(4) < line.len() && !line.starts_with(b"%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_no_percent_sign_in_a_string() {
        let content = b"BT (50 % of \\) it) Tj ET\n% name of the buyer\n(a (nested % one)) Tj %\n\
            [(x)] TJ % seen by A. Beamon\r%%EndPage\n";
        assert_eq!(find(content), ["name of the buyer", "seen by A. Beamon"]);
        assert!(find(b"(never closed % no comment").is_empty());
    }
}
