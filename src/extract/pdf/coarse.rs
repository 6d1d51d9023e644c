//! A coarse raster of one path: tells for most glyphs at once that they lie wholly inside or outside it, so that a
//! drawing with thousands of edges is not traced for every glyph on its page.

use super::canvas::{Canvas, Clip, Rule, Shape};
use super::geometry::{EMPTY, extend};
use super::owner::{ALL, Frame};
use crate::model::Quad;
use std::cell::OnceCell;
use std::ops::Range;

/// Cells of a side.
const SIDE: usize = 64;
/// From how many edges on a path gets a raster.
const MANY_EDGES: usize = 24;

/// The raster: a bit a cell, a word a row.
pub(super) struct Coarse {
    bounds: Quad,
    /// Cells a point, along and across.
    scale: [f32; 2],
    inside: [u64; SIDE],
    mixed: [u64; SIDE],
}

impl Coarse {
    /// Rasters a shape; `None` where tracing it is cheap.
    pub(super) fn of(canvas: &Canvas, shape: &Shape) -> Option<Box<Self>> {
        let Shape::Path(range, rule) = shape else { return None };
        let edges: usize = canvas.contours(range.clone()).map(<[_]>::len).sum();
        (edges >= MANY_EDGES).then(|| Box::new(Self::new(canvas, range.clone(), *rule)))
    }

    fn new(canvas: &Canvas, range: Range<u32>, rule: Rule) -> Self {
        let mut bounds = EMPTY;
        for point in canvas.contours(range.clone()).flatten() {
            extend(&mut bounds, *point);
        }
        let Quad([x0, y0, x1, y1]) = bounds;
        let scale = [64.0 / (x1 - x0).max(1e-6), 64.0 / (y1 - y0).max(1e-6)];
        let mut coarse = Self { bounds, scale, inside: [0; SIDE], mixed: [0; SIDE] };
        let mut changes = vec![[0_i32; SIDE + 1]; SIDE];
        for contour in canvas.contours(range) {
            let Some(&last) = contour.last() else { continue };
            let mut from = coarse.to_cells(last);
            for &point in contour {
                let to = coarse.to_cells(point);
                coarse.edge(from, to, &mut changes);
                from = to;
            }
        }
        for (inside, changes) in coarse.inside.iter_mut().zip(&changes) {
            let mut winding = 0_i32;
            for (column, change) in (0_u32..64).zip(changes) {
                winding = winding.wrapping_add(*change);
                let is_inside = match rule {
                    Rule::NonZero => winding != 0,
                    Rule::EvenOdd => winding & 1 == 1,
                };
                *inside |= u64::from(is_inside) << column;
            }
        }
        coarse
    }

    fn to_cells(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let (Quad([x0, y0, ..]), [sx, sy]) = (self.bounds, self.scale);
        [(x - x0) * sx, (y - y0) * sy]
    }

    fn edge(&mut self, [ax, ay]: [f32; 2], [bx, by]: [f32; 2], changes: &mut [[i32; SIDE + 1]]) {
        let (low, high) = (ay.min(by), ay.max(by));
        let slope = if high > low { (bx - ax) / (by - ay) } else { 0.0 };
        let (first, last) = (cell(low), cell(high));
        let turn = if by > ay { 1 } else { -1 };
        let rows = self.mixed.iter_mut().zip(changes).enumerate().skip(first);
        for (row, (mixed, changes)) in rows.take(last.saturating_sub(first).saturating_add(1)) {
            #[expect(clippy::cast_precision_loss, reason = "fewer than 64 rows")]
            let top = row as f32;
            // The stretch of the edge in this row of cells.
            let (from, to) = if high > low {
                let at = |y: f32| ax + (y.clamp(low, high) - ay) * slope;
                (at(top), at(top + 1.0))
            } else {
                (ax, bx)
            };
            *mixed |= span(cell(from.min(to) - 0.01), cell(from.max(to) + 0.01));
            let middle = top + 0.5;
            if low <= middle && middle < high {
                let column = (ax + (middle - ay) * slope + 0.5).floor().clamp(0.0, 64.0);
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "0 to 64"
                )]
                if let Some(change) = changes.get_mut(column as usize) {
                    *change = change.wrapping_add(turn);
                }
            }
        }
    }

    /// The cells of a glyph, where the raster is enough to tell them.
    pub(super) fn tell(&self, quad: Quad) -> Option<u64> {
        let Quad([x0, y0, x1, y1]) = quad;
        let Quad([left, top, right, bottom]) = self.bounds;
        if x1 <= left || y1 <= top || x0 >= right || y0 >= bottom {
            return Some(0);
        }
        let ([ax, ay], [bx, by]) = (self.to_cells([x0, y0]), self.to_cells([x1, y1]));
        let columns = span(cell(ax - 0.01), cell(bx + 0.01));
        let (first, last) = (cell(ay - 0.01), cell(by + 0.01));
        let rows = first..=last;
        let (mut all, mut any) = (true, false);
        for row in rows {
            if self.mixed.get(row)? & columns != 0 {
                return None;
            }
            let inside = self.inside.get(row)? & columns;
            all &= inside == columns;
            any |= inside != 0;
        }
        let overhangs = x0 < left || y0 < top || x1 > right || y1 > bottom;
        match (all && !overhangs, any) {
            (true, _) => Some(ALL),
            (false, false) => Some(0),
            _ => None,
        }
    }
}

/// The index of a cell, clamped to the raster.
fn cell(at: f32) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 63")]
    let cell = at.clamp(0.0, 63.0) as usize;
    cell
}

/// The bits from one column to another.
fn span(first: usize, last: usize) -> u64 {
    let length = last.saturating_sub(first).saturating_add(1).min(64);
    let bits = if length == 64 { u64::MAX } else { (1_u64 << length).wrapping_sub(1) };
    bits << (first & 63)
}

/// The rasters of a page's clips, made when they are first needed.
#[derive(Default)]
pub(super) struct Clips(Vec<OnceCell<Option<Box<Coarse>>>>);

impl Clips {
    /// The cells of a glyph inside a clip and all those around it.
    pub(super) fn cells(&mut self, canvas: &Canvas, frame: &Frame, clip: u32) -> u64 {
        let (mut cells, mut at) = (ALL, clip);
        self.0.resize_with(canvas.clips.len(), OnceCell::new);
        // A parent always lies before its child, so this ends.
        while let Some(Clip { parent, shape }) = canvas.clips.get(at as usize) {
            if cells == 0 {
                break;
            }
            let Some(slot) = self.0.get(at as usize) else { break };
            let coarse = slot.get_or_init(|| Coarse::of(canvas, shape));
            let told = coarse.as_deref().and_then(|coarse| coarse.tell(frame.bounds));
            cells &= told.unwrap_or_else(|| frame.cells(canvas, shape));
            at = *parent;
        }
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::pdf::canvas::Path;

    #[test]
    fn the_raster_agrees_with_the_exact_cells() {
        let mut path = Path::default();
        // A star of 40 points, some of it crossing itself.
        for step in 0_u8..40 {
            let angle = f32::from(step) * 2.2;
            let radius = if step % 2 == 0 { 90.0 } else { 40.0 };
            let point = [100.0 + radius * angle.cos(), 100.0 + radius * angle.sin()];
            if step == 0 { path.start(point) } else { path.line(point) }
        }
        path.close();
        path.end();
        for rule in [Rule::NonZero, Rule::EvenOdd] {
            let mut canvas = Canvas::default();
            let shape = canvas.keep(&path, rule).unwrap();
            let coarse = Coarse::of(&canvas, &shape).unwrap();
            let mut told = 0;
            for x in 0_u8..100 {
                for y in 0_u8..100 {
                    let (x, y) = (f32::from(x) * 2.0, f32::from(y) * 2.0);
                    let frame = Frame::upright(Quad([x, y, x + 2.0, y + 2.0])).unwrap();
                    let Some(cells) = coarse.tell(frame.bounds) else { continue };
                    assert_eq!(cells, frame.cells(&canvas, &shape), "{rule:?} at {x} {y}");
                    told += 1;
                }
            }
            assert!(told > 4000, "{told}");
        }
    }
}
