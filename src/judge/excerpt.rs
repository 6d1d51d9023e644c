//! The lines around a hit, for reports that people read.

pub(super) use crate::model::Excerpt;
use crate::model::{Document, SensitiveText};
use std::ops::Range;

/// Lines shown before and after the hit.
const AROUND: usize = 2;
/// Most lines of an excerpt.
const MAX_LINES: usize = 12;
/// Most bytes of an excerpt: a line can be a whole file.
const MAX_BYTES: usize = 2400;
/// A related place farther away than this, in bytes, is left to its own location.
const NEAR: usize = 600;

/// Cuts the excerpt out of the document. Positions in it are bytes of its text.
pub(super) fn around(
    document: &Document,
    range: &Range<usize>,
    related: &[(String, Range<usize>)],
) -> Excerpt {
    let text = document.text();
    let mut wanted = range.clone();
    for (_, other) in related {
        if other.start + NEAR >= wanted.start && other.end <= wanted.end + NEAR {
            wanted = wanted.start.min(other.start)..wanted.end.max(other.end);
        }
    }
    let start = first_line(text, wanted.start.min(text.len()));
    let end = last_line(text, wanted.end.clamp(start, text.len()), start);
    let shown = text.get(start..end).unwrap_or_default();
    let within = |range: &Range<usize>| {
        let inside = |at: usize| at.clamp(start, end) - start;
        inside(range.start)..inside(range.end)
    };
    let related = related.iter().filter(|(_, range)| range.start < end && range.end > start);
    Excerpt {
        // The separator of passages is no character to show; a space of one byte keeps the positions.
        text: SensitiveText::new(shown.replace('\u{1e}', " ")),
        primary: within(range),
        related: related.map(|(label, range)| (label.clone(), within(range))).collect(),
    }
}

/// The start of the line `AROUND` lines before `at`, or a character boundary at most a third of the limit before it.
fn first_line(text: &str, at: usize) -> usize {
    let floor = boundary(text, at.saturating_sub(MAX_BYTES / 3));
    let before = text.get(floor..at).unwrap_or_default();
    let mut breaks = before.bytes().enumerate().rev().filter(|(_, byte)| *byte == b'\n');
    breaks.nth(AROUND).map_or(floor, |(index, _)| floor + index + 1)
}

/// The end of the line `AROUND` lines after `at`, within the limits of lines and bytes counted from `start`.
fn last_line(text: &str, at: usize, start: usize) -> usize {
    let ceiling = boundary(text, (start + MAX_BYTES).min(text.len()));
    let shown = text.get(start..ceiling).unwrap_or_default();
    let mut breaks = shown.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    let by_count = breaks.nth(MAX_LINES - 1).map_or(ceiling, |(index, _)| start + index);
    let after = text.get(at..by_count).unwrap_or_default();
    let mut breaks = after.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    breaks.nth(AROUND).map_or(by_count, |(index, _)| at + index)
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DocumentBuilder;

    fn document(text: &str) -> Document {
        let mut builder = DocumentBuilder::new();
        builder.push_unanchored(text);
        builder.finish()
    }

    #[test]
    fn an_excerpt_has_two_lines_before_and_after_and_keeps_positions() {
        let text = "one\ntwo\nthree\nfour met (E)\nfive\nsix\nseven\n";
        let document = document(text);
        let start = text.find("met").unwrap();
        let excerpt = around(
            &document,
            &(start..start + 3),
            &[("the mark".to_owned(), start + 4..start + 7)],
        );
        let shown = excerpt.text.reveal();
        assert_eq!(shown, "two\nthree\nfour met (E)\nfive\nsix");
        assert_eq!(shown.get(excerpt.primary), Some("met"));
        assert_eq!(excerpt.related.first().and_then(|(_, at)| shown.get(at.clone())), Some("(E)"));
    }

    #[test]
    fn an_excerpt_of_a_huge_line_or_passage_is_bounded() {
        for text in ["é".repeat(50_000), "x\n".repeat(50_000)] {
            let document = document(&text);
            let excerpt = around(&document, &(40_000..60_000), &[]);
            let shown = excerpt.text.reveal();
            assert!(shown.len() <= MAX_BYTES && shown.lines().count() <= MAX_LINES);
            assert!(excerpt.primary.end <= shown.len());
        }
    }
}
