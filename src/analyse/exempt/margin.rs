//! Marks set in the margin of a page (S15): outside the text column, at the height of a block.

use super::block::{next, previous};
use crate::model::{Document, Part, Passage, Place, Quad};
use std::ops::Range;

/// How many blocks to either side are looked at.
const MAX_BLOCKS: usize = 200;

/// The block beside which a mark stands; nothing where the mark stands in the text column or there are no pages.
pub(super) fn block_beside<'d>(document: &'d Document, mark: Passage<'d>) -> Option<Passage<'d>> {
    let page = mark.page();
    let own = bounds(document, mark.range(), page)?;
    let mut blocks = Vec::new();
    let mut column: Option<Quad> = None;
    let mut look = |step: fn(&'d Document, Passage<'d>) -> Option<Passage<'d>>| {
        let mut at = mark;
        for _ in 0..MAX_BLOCKS {
            let Some(other) = step(document, at).filter(|other| other.page() == page) else {
                break;
            };
            at = other;
            let is_text = other.part() == Part::Body && other.text().trim().chars().count() > 3;
            let Some(quad) = bounds(document, other.range(), page).filter(|_| is_text) else {
                continue;
            };
            column = Some(column.map_or(quad, |sum| union(sum, quad)));
            blocks.push((other, quad));
        }
    };
    look(previous);
    look(next);
    let Quad([left, _, right, _]) = column?;
    let Quad([x0, y0, x1, y1]) = own;
    let is_outside = x1 <= left || x0 >= right;
    let middle = f32::midpoint(y0, y1);
    blocks
        .into_iter()
        .filter(|(_, Quad([_, top, _, bottom]))| is_outside && middle >= *top && middle <= *bottom)
        .map(|(block, _)| block)
        .next()
}

/// The rectangle around `range` on `page`.
pub(super) fn bounds(document: &Document, range: Range<usize>, page: u32) -> Option<Quad> {
    let places = document.locate_pages(range);
    let quads = places.into_iter().find_map(|place| match place {
        Place::Page { page: on, quads } if on == page => Some(quads),
        _ => None,
    })?;
    quads.into_iter().reduce(union)
}

fn union(Quad([a0, b0, a1, b1]): Quad, Quad([x0, y0, x1, y1]): Quad) -> Quad {
    Quad([a0.min(x0), b0.min(y0), a1.max(x1), b1.max(y1)])
}
