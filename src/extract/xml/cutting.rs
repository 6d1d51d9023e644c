//! Cuts a text into events.
//!
//! Tags are cut by quick-xml's parser of them, and whatever else is markup by its reader. Its reader is not asked for
//! all events: it checks anew that each of them is UTF-8, and keeps the names of all open elements, which is done here.

use quick_xml::Reader;
use quick_xml::events::Event;
use quick_xml::parser::{ElementParser, Parser as _};

/// What a stretch of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A start tag.
    Start,
    /// A tag of an empty element.
    Empty,
    /// An end tag.
    End,
    /// Character data, up to the next `<` or `&`; one that begins no reference at its beginning.
    Text,
    /// A reference.
    Reference,
    /// A CDATA section.
    CData,
    /// A comment.
    Comment,
    /// A processing instruction.
    Instruction,
    /// An XML declaration.
    Declaration,
    /// A document type declaration.
    DocType,
    /// Markup that is malformed or not closed.
    Broken,
    /// Nothing is left.
    Nothing,
}

/// The length of the end tag of element `name`, if it begins at byte `from` of a text and holds nothing else.
#[inline]
pub(super) fn closes(text: &str, from: usize, name: &str) -> Option<usize> {
    let rest = text.as_bytes().get(from..)?.strip_prefix(b"</")?.strip_prefix(name.as_bytes())?;
    (rest.first() == Some(&b'>')).then_some(name.len() + 3)
}

/// What begins at byte `from` of a text, and where it ends.
pub(super) fn cut(text: &str, from: usize) -> (Kind, usize) {
    let bytes = text.as_bytes().get(from..).unwrap_or_default();
    let (kind, length) = match bytes {
        [] => (Kind::Nothing, Some(0)),
        [b'<', b'!' | b'?', ..] => return other(text, from),
        [b'<', b'/', ..] => (Kind::End, tag_end(bytes)),
        [b'<', ..] => match tag_end(bytes) {
            Some(end) if bytes.get(end - 2) == Some(&b'/') => (Kind::Empty, Some(end)),
            end => (Kind::Start, end),
        },
        [b'&', rest @ ..] => match memchr::memchr3(b';', b'&', b'<', rest) {
            Some(end) if rest.get(end) == Some(&b';') => (Kind::Reference, Some(end + 2)),
            end => (Kind::Text, Some(end.map_or(bytes.len(), |end| end + 1))),
        },
        _ => (Kind::Text, Some(memchr::memchr2(b'<', b'&', bytes).unwrap_or(bytes.len()))),
    };
    length.map_or((Kind::Broken, text.len()), |length| (kind, from + length))
}

/// The length of the tag that begins here.
fn tag_end(bytes: &[u8]) -> Option<usize> {
    ElementParser::Outside.feed(bytes).map(|at| at + 1)
}

fn other(text: &str, from: usize) -> (Kind, usize) {
    let mut reader = Reader::from_str(text.get(from..).unwrap_or_default());
    let kind = match reader.read_event() {
        Ok(Event::CData(_)) => Kind::CData,
        Ok(Event::Comment(_)) => Kind::Comment,
        Ok(Event::PI(_)) => Kind::Instruction,
        Ok(Event::Decl(_)) => Kind::Declaration,
        Ok(Event::DocType(_)) => Kind::DocType,
        _ => Kind::Broken,
    };
    let length = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
    (kind, from.saturating_add(length).min(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(Kind, &str)> {
        let (mut all, mut at) = (Vec::new(), 0);
        loop {
            let (kind, end) = cut(text, at);
            if kind == Kind::Nothing {
                return all;
            }
            all.push((kind, text.get(at..end).unwrap()));
            at = end;
        }
    }

    #[test]
    fn every_kind_of_event_is_cut_where_it_ends() {
        let pieces = [
            (Kind::Declaration, "<?xml version='1.0'?>"),
            (Kind::DocType, "<!DOCTYPE a [<!ENTITY b '>'>]>"),
            (Kind::Start, "<a b='>' c=\"'/>\">"),
            (Kind::Text, "é "),
            (Kind::Reference, "&amp;"),
            (Kind::Text, "& "),
            (Kind::Text, "&"),
            (Kind::Reference, "&#40;"),
            (Kind::Empty, "<b/>"),
            (Kind::CData, "<![CDATA[<a>]]>"),
            (Kind::Comment, "<!-- > -->"),
            (Kind::Instruction, "<?p a?>"),
            (Kind::End, "</a >"),
            (Kind::Text, "\n"),
            (Kind::Text, "& b"),
        ];
        let text: String = pieces.iter().map(|(_, piece)| *piece).collect();
        assert_eq!(kinds(&text), pieces);
    }

    #[test]
    fn markup_without_an_end_is_broken() {
        for text in ["<a b='", "<", "</", "<!", "<!-- a", "<![CDATA[", "<?", "<!x>"] {
            assert_eq!(cut(text, 0).0, Kind::Broken, "{text}");
        }
    }
}
