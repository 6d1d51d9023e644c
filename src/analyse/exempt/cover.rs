//! Whether a passage looks redacted while its text is still in the file (`exempt.covered`).

use super::margin::bounds;
use crate::analyse::text::slice;
use crate::model::{Document, MarkKind, Part, Passage, Place, Quad, Visibility};
use std::ops::Range;

/// What is hidden on the pages of a document. Collected once, and only where there are marks.
pub(super) struct Covers<'d> {
    document: &'d Document,
    hidden: Vec<(u32, Quad)>,
}

impl<'d> Covers<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        let mut hidden = Vec::new();
        if document.pages > 0 {
            for passage in
                document.passages().filter(is_hidden).filter(|passage| has_words(passage.text()))
            {
                for place in document.locate_pages(passage.range()) {
                    let Place::Page { page, quads } = place else { continue };
                    hidden.extend(quads.into_iter().map(|quad| (page, quad)));
                }
            }
            hidden.sort_by_key(|&(page, _)| page);
        }
        Self { document, hidden }
    }

    /// Whether text of the passage that `pieces` make up is hidden: all of it, some of it, or a fragment that was
    /// read as a passage of its own and lies inside its outline.
    pub(super) fn touch(&self, pieces: &[Range<usize>]) -> bool {
        pieces.iter().any(|piece| {
            self.is_hidden(piece) || self.is_marked(piece) || self.holds_fragment(piece)
        })
    }

    fn is_hidden(&self, piece: &Range<usize>) -> bool {
        self.document.passage_at(piece.start).is_some_and(|passage| is_hidden(&passage))
    }

    fn is_marked(&self, piece: &Range<usize>) -> bool {
        self.document.marks.iter().any(|mark| {
            let covers = matches!(mark.kind, MarkKind::Cover | MarkKind::Redact);
            let common = mark
                .range
                .as_ref()
                .map(|range| range.start.max(piece.start)..range.end.min(piece.end));
            covers && common.is_some_and(|common| has_words(slice(self.document.text(), common)))
        })
    }

    fn holds_fragment(&self, piece: &Range<usize>) -> bool {
        if self.hidden.is_empty() {
            return false;
        }
        self.document.locate_pages(piece.clone()).into_iter().any(|place| {
            let Place::Page { page, .. } = place else { return false };
            let Some(outline) = bounds(self.document, piece.clone(), page) else {
                return false;
            };
            let from = self.hidden.partition_point(|&(on, _)| on < page);
            let on_page = self.hidden.iter().skip(from).take_while(|&&(on, _)| on == page);
            on_page.into_iter().any(|&(_, quad)| holds(outline, quad))
        })
    }
}

/// Whether the middle of `inner` lies in `outer`.
fn holds(Quad([x0, y0, x1, y1]): Quad, Quad([left, top, right, bottom]): Quad) -> bool {
    (x0..=x1).contains(&f32::midpoint(left, right))
        && (y0..=y1).contains(&f32::midpoint(top, bottom))
}

/// Text of a scanned page is never drawn itself: its picture is what is seen.
fn is_hidden(passage: &Passage<'_>) -> bool {
    !matches!(passage.visibility(), Visibility::Shown | Visibility::Stored)
        && passage.part() != Part::Ocr
}

fn has_words(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphanumeric()).take(3).count() == 3
}
