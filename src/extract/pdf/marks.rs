//! From what is drawn over glyphs to marks of the document, with the text they bear on.

use super::content::{PageContent, PageMark};
use super::geometry::{EMPTY, extend};
use crate::model::{Document, Mark, MarkKind, Place, Quad, Visibility};
use std::ops::Range;

/// How many marks are kept for one file.
const MAX_MARKS: usize = 20_000;

/// The marks of all pages, until the passages are written.
#[derive(Default)]
pub(super) struct Marks(Vec<(u32, PageMark, Quad)>);

impl Marks {
    /// Takes in the marks of a page.
    pub(super) fn page(&mut self, page: &PageContent) {
        let room = MAX_MARKS.saturating_sub(self.0.len());
        self.0.extend(page.marks.iter().take(room).map(|mark| {
            let mut around = EMPTY;
            let glyphs = page.glyphs.get(mark.first as usize..mark.end as usize);
            for Quad([x0, y0, x1, y1]) in glyphs.unwrap_or_default().iter().map(|one| one.quad) {
                extend(&mut around, [x0, y0]);
                extend(&mut around, [x1, y1]);
            }
            (page.number, *mark, around)
        }));
    }

    /// Writes the marks, when all passages are there.
    pub(super) fn write(self, document: &mut Document) {
        for (page, mark, around) in self.0 {
            let range =
                (mark.first < mark.end).then(|| bears_on(document, page, mark.kind, around));
            document.marks.push(Mark {
                kind: mark.kind,
                place: Place::Page { page, quads: vec![mark.quad] },
                range: range.flatten(),
                description: mark.description.to_owned(),
            });
        }
    }
}

/// The text of the first passage that stands where the glyphs of a mark stood.
fn bears_on(document: &Document, page: u32, kind: MarkKind, around: Quad) -> Option<Range<usize>> {
    let mut whole: Option<(usize, Range<usize>)> = None;
    for range in document.text_at(page, around) {
        let Some(passage) = document.passage_at(range.start) else { continue };
        let covered = passage.visibility() == Visibility::Covered;
        if covered != (kind == MarkKind::Cover) {
            continue;
        }
        match &mut whole {
            None => whole = Some((passage.index(), range)),
            Some((index, text)) if *index == passage.index() => {
                text.start = text.start.min(range.start);
                text.end = text.end.max(range.end);
            }
            Some(_) => {}
        }
    }
    whole.map(|(_, range)| range)
}
