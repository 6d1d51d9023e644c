//! What pictures store and a page does not show: pixels under covers, outside the clip, behind masks, in alternates
//! and thumbnails, and what their own format carries. A picture is decoded only where something may hide in it.

mod coded;
mod decode;
mod ground;
mod mosaic;
mod opaque;
mod page;
mod segments;
mod whole;

pub(super) use opaque::is_stencil;
pub(super) use page::judge;
pub(super) use whole::read;

use super::canvas::Canvas;
use super::geometry::{Matrix, intersection, is_empty};
use super::objects::Objects;
use super::owner::Frame;
use crate::model::Quad;
use decode::Raster;
use lopdf::Stream;
use std::collections::HashMap;
use std::rc::Rc;

/// How many pixels are decoded for one file, together.
const MAX_DECODED: usize = 150_000_000;
/// How many pixels are decoded for one file only to see whether something might be wrong with them.
const MAX_CURIOUS: usize = 8_000_000;
/// Samples along each side of a picture, to tell which of it is seen.
const GRID: u8 = 32;

/// A picture where a page draws it.
#[derive(Clone, Copy)]
pub(super) struct Placed {
    /// Its number in `Pictures`.
    pub(super) number: u32,
    /// The unit square to the page as shown.
    pub(super) matrix: Matrix,
    /// What of the page may show it.
    pub(super) bounds: Quad,
    /// The rest of its clip, an index into the canvas.
    pub(super) clip: u32,
    /// How many paints came before it.
    pub(super) paint: u32,
    /// How many glyphs were drawn before it.
    pub(super) after: u32,
}

impl Placed {
    /// What of the page it takes, clipped to its box.
    fn seen(&self) -> Quad {
        intersection(self.matrix.bounds([0.0, 0.0, 1.0, 1.0]), self.bounds)
    }
}

/// What could not be looked at on a page because a picture could not be decoded.
#[derive(Default)]
pub(super) struct Unseen {
    /// Opaque paint over such a picture: nobody knows whether it still shows something there.
    pub(super) covers: Vec<Quad>,
    /// Such pictures over words, of which a mask hides nobody knows which part.
    pub(super) masks: Vec<Quad>,
    /// Whether that is for the budget, not for the format.
    pub(super) over_budget: bool,
    /// Whether text was recognised in such a picture, and could not be compared with it.
    pub(super) layer: bool,
}

/// A picture over all its places.
struct Known<'o> {
    stream: &'o Stream,
    /// The first place.
    page: u32,
    matrix: Matrix,
    /// One bit a sample, by row from the bottom: whether some page shows it.
    seen: [u32; GRID as usize],
}

/// The pictures of a file.
#[derive(Default)]
pub(super) struct Pictures<'o> {
    known: Vec<Known<'o>>,
    numbers: HashMap<*const Stream, u32>,
    /// The picture that was decoded last: pages rarely need more than one.
    last: Option<(*const Stream, Option<Rc<Raster>>)>,
    decoded: usize,
    curious: usize,
    /// Whether the last that was asked for would have been too much.
    over_budget: bool,
    /// The opaque parts of pictures with masks; none where they cannot be told.
    opaque: HashMap<*const Stream, Option<opaque::Parts>>,
    /// How many pixels of masks were decoded.
    masked: usize,
}

impl<'o> Pictures<'o> {
    /// The number of a picture.
    pub(super) fn number(&mut self, stream: &'o Stream) -> u32 {
        let next = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(std::ptr::from_ref(stream)).or_insert(next);
        if number == next {
            let seen = [0; GRID as usize];
            self.known.push(Known { stream, page: 0, matrix: Matrix::IDENTITY, seen });
        }
        number
    }

    fn stream(&self, number: u32) -> Option<&'o Stream> {
        self.known.get(number as usize).map(|known| known.stream)
    }

    /// Notes which part of a picture a page shows.
    fn see(&mut self, placed: &Placed, canvas: &Canvas, page: u32) {
        let Some(known) = self.known.get_mut(placed.number as usize) else { return };
        if known.page == 0 {
            (known.page, known.matrix) = (page, placed.matrix);
        }
        if known.seen.iter().all(|row| *row == u32::MAX) {
            return;
        }
        let whole = placed.matrix.bounds([0.0, 0.0, 1.0, 1.0]);
        let Quad([left, top, right, bottom]) = placed.bounds;
        let Quad([x0, y0, x1, y1]) = whole;
        if x0 >= left && y0 >= top && x1 <= right && y1 <= bottom && placed.clip == u32::MAX {
            known.seen = [u32::MAX; GRID as usize];
            return;
        }
        let clip = Clipping::new(canvas, placed);
        for (row, bits) in (0_u8..).zip(&mut known.seen) {
            for column in 0..GRID {
                let point = placed.matrix.apply(sample(column), sample(row));
                if clip.shows(point) {
                    *bits |= 1 << (column & 31);
                }
            }
        }
    }

    /// A picture's pixels, where its size and the budget allow.
    pub(super) fn raster(
        &mut self,
        objects: &'o Objects<'o>,
        stream: &'o Stream,
    ) -> Option<Rc<Raster>> {
        let address = std::ptr::from_ref(stream);
        if let Some((last, raster)) = &self.last
            && *last == address
        {
            return raster.clone();
        }
        self.decoded = self.decoded.saturating_add(decode::pixels(objects, &stream.dict));
        self.over_budget = self.decoded > MAX_DECODED || objects.budget.is_over_time();
        if self.over_budget {
            return None;
        }
        let raster = decode::decode(objects, stream).map(Rc::new);
        self.last = Some((address, raster.clone()));
        raster
    }

    /// The same where nothing in particular speaks for looking into the picture.
    fn curious_raster(
        &mut self,
        objects: &'o Objects<'o>,
        stream: &'o Stream,
    ) -> Option<Rc<Raster>> {
        let pixels = decode::pixels(objects, &stream.dict);
        if self.curious.saturating_add(pixels) > MAX_CURIOUS {
            let address = std::ptr::from_ref(stream);
            let last = self.last.as_ref().filter(|(last, _)| *last == address);
            return last.and_then(|(_, raster)| raster.clone());
        }
        self.curious = self.curious.saturating_add(pixels);
        self.raster(objects, stream)
    }
}

/// The middle of a sample, from 0 to 1.
fn sample(index: u8) -> f32 {
    (f32::from(index) + 0.5) / f32::from(GRID)
}

/// What a clip leaves of a picture.
struct Clipping {
    bounds: Quad,
    whole: Quad,
    /// 8 by 8 cells over the whole picture.
    cells: u64,
}

impl Clipping {
    fn new(canvas: &Canvas, placed: &Placed) -> Self {
        let whole = placed.matrix.bounds([0.0, 0.0, 1.0, 1.0]);
        let (mut cells, mut at) = (u64::MAX, placed.clip);
        let frame = Frame::upright(whole);
        // A parent always lies before its child, so this ends.
        while let (Some(clip), Some(frame)) = (canvas.clips.get(at as usize), &frame) {
            cells &= frame.cells(canvas, &clip.shape);
            at = clip.parent;
        }
        Self { bounds: placed.bounds, whole, cells }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0 to 7"
    )]
    fn shows(&self, [x, y]: [f32; 2]) -> bool {
        let Quad([left, top, right, bottom]) = self.bounds;
        if !(x >= left && x <= right && y >= top && y <= bottom) || is_empty(self.whole) {
            return false;
        }
        let Quad([x0, y0, x1, y1]) = self.whole;
        let cell = |at: f32, from: f32, to: f32| ((at - from) / (to - from) * 8.0).clamp(0.0, 7.0);
        let (column, row) = (cell(x, x0, x1) as u32, cell(y, y0, y1) as u32);
        self.cells >> (row.wrapping_mul(8).wrapping_add(column) & 63) & 1 == 1
    }
}

/// The spread of values, leaving out the few that are outermost: 0 for a flat area.
fn spread(values: &mut [u8]) -> u8 {
    if values.is_empty() {
        return 0;
    }
    values.sort_unstable();
    let out = values.len() / 64;
    let low = values.get(out).copied().unwrap_or(0);
    let high = values.get(values.len().saturating_sub(out).saturating_sub(1)).copied().unwrap_or(0);
    high.saturating_sub(low)
}
