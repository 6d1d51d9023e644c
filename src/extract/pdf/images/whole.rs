//! What pictures store that no page shows, once all pages are known (ISO 32000-2 §8.9.5, §8.9.6, §8.11, §12.3.4).

use super::decode::{self, Raster};
use super::{GRID, Known, mosaic, segments};
use crate::extract::pdf::geometry::{Matrix, area};
use crate::extract::pdf::interpret::Session;
use crate::extract::pdf::objects::{Objects, as_dictionary};
use crate::extract::pdf::pages::Page;
use crate::model::{Block, DocumentBuilder, Mark, MarkKind, Part, PassageSpec, Place, Visibility};
use lopdf::{Dictionary, Object, Stream};
use std::collections::HashSet;
use std::rc::Rc;

/// How many pictures of one file are looked at.
const MAX_PICTURES: usize = 2_000;
/// Up to this share of a picture may lie outside its clip: the bleed of a scan.
const BLEED: f32 = 0.05;
/// By how much pixels differ from the usual one where they show something.
const VARIED: u8 = 56;
/// How many pixels of a picture are looked at, at most.
const MAX_SAMPLES: usize = 1_000_000;
/// Blocks along each side in which two pictures are compared.
const BLOCKS: usize = 48;
/// By how much the means of a block differ where two pictures do.
const BLOCK_STEP: u64 = 40;

/// Looks at all pictures of a file.
pub(in crate::extract::pdf) fn read<'o>(
    session: &mut Session<'o>,
    pages: &[Page<'o>],
    builder: &mut DocumentBuilder,
) {
    let mut reading = Reading { session, marks: Vec::new(), values: Vec::new() };
    reading.drawn();
    reading.thumbnails(pages);
    reading.unused(pages);
    let Reading { marks, values, .. } = reading;
    builder.document_mut().marks.extend(marks);
    let mut known = HashSet::new();
    for (page, name, value) in values {
        if known.insert((name.clone(), value.clone())) {
            let spec = PassageSpec {
                part: Part::Metadata,
                visibility: Visibility::Stored,
                block: Block::Line,
                page,
                ..PassageSpec::default()
            };
            builder.property(spec, Place::Property { property: format!("picture/{name}") }, &value);
        }
    }
}

struct Reading<'s, 'o> {
    session: &'s mut Session<'o>,
    marks: Vec<Mark>,
    values: Vec<(u32, String, String)>,
}

impl<'o> Reading<'_, 'o> {
    fn raster(&mut self, stream: &'o Stream) -> Option<Rc<Raster>> {
        self.session.pictures.raster(self.session.objects, stream)
    }

    fn curious(&mut self, stream: &'o Stream) -> Option<Rc<Raster>> {
        self.session.pictures.curious_raster(self.session.objects, stream)
    }

    fn drawn(&mut self) {
        let count = self.session.pictures.known.len().min(MAX_PICTURES);
        for number in 0..count {
            if self.session.objects.budget.is_over_time() {
                return;
            }
            let Some(Known { stream, page, matrix, seen }) =
                self.session.pictures.known.get(number)
            else {
                return;
            };
            let (stream, page, matrix, seen) = (*stream, *page, *matrix, *seen);
            let place = Place::Page { page, quads: vec![matrix.bounds([0.0, 0.0, 1.0, 1.0])] };
            self.carried(stream, page, &place);
            if self.is_clipped(stream, &seen) {
                self.mark(MarkKind::ImageData, &place, "what is outside the clip or off the page");
            }
            if self.is_masked(stream) {
                self.mark(MarkKind::ImageData, &place, "what its mask hides");
            }
            if self.has_alternate(stream) {
                self.mark(MarkKind::ImageData, &place, "another version of it");
            }
            self.pixelated(stream, page, &matrix);
        }
    }

    fn mark(&mut self, kind: MarkKind, place: &Place, description: &str) {
        self.marks.push(Mark {
            kind,
            place: place.clone(),
            range: None,
            description: description.to_owned(),
        });
    }

    /// What the segments of a JPEG file say.
    fn carried(&mut self, stream: &'o Stream, page: u32, place: &Place) {
        let objects = self.session.objects;
        let Some(data) = jpeg_data(objects, stream) else { return };
        let carried = segments::carried(&data);
        self.values.extend(carried.values.into_iter().map(|(name, value)| (page, name, value)));
        if let Some(small) = carried.thumbnail.and_then(decode::jpeg)
            && let Some(large) = self.curious(stream)
            && differ(&small, &large)
        {
            self.mark(MarkKind::ImageData, place, "a preview that differs from it");
        }
    }

    fn is_clipped(&mut self, stream: &'o Stream, seen: &[u32; GRID as usize]) -> bool {
        let unseen: u32 = seen.iter().map(|row| row.count_zeros()).sum();
        #[expect(clippy::cast_precision_loss, reason = "at most 1024")]
        let share = unseen as f32 / (f32::from(GRID) * f32::from(GRID));
        if share <= BLEED {
            return false;
        }
        let Some(raster) = self.raster(stream) else { return false };
        shows(&raster, |[x, y]| {
            let cell = |at: f32| {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "clamped to the grid"
                )]
                let cell = (at * f32::from(GRID)).clamp(0.0, f32::from(GRID) - 1.0) as usize;
                cell
            };
            seen.get(cell(y)).is_some_and(|bits| bits >> (cell(x) & 31) & 1 == 0)
        })
    }

    /// Whether the picture goes on where its mask, or its decoding, hides it.
    fn is_masked(&mut self, stream: &'o Stream) -> bool {
        let objects = self.session.objects;
        if is_blanked(objects, &stream.dict) {
            return self.raster(stream).is_some_and(|raster| shows(&raster, |_| true));
        }
        let soft = objects.get(&stream.dict, b"SMask");
        let (mask, opaque_is_light) = match (soft, objects.get(&stream.dict, b"Mask")) {
            (Some(Object::Stream(mask)), _) => (mask, true),
            (_, Some(Object::Stream(mask))) => (mask, false),
            _ => return false,
        };
        let Some(shape) = self.curious(mask) else { return false };
        // Soft edges are three pixels wide, and hide nothing.
        #[expect(clippy::cast_precision_loss, reason = "pictures are at most 30 000 pixels wide")]
        let (across, up) = (3.0 / shape.width as f32, 3.0 / shape.height as f32);
        let hides = |point: [f32; 2]| {
            let near = [[0.0, 0.0], [across, 0.0], [-across, 0.0], [0.0, up], [0.0, -up]];
            let [x, y] = point;
            near.iter().all(|[dx, dy]| {
                shape.at([x + dx, y + dy]).is_none_or(|value| (value < 8) == opaque_is_light)
            })
        };
        if hidden_points(hides) < 4 {
            return false;
        }
        let Some(raster) = self.curious(stream) else { return false };
        shows(&raster, hides)
    }

    fn has_alternate(&mut self, stream: &'o Stream) -> bool {
        let objects = self.session.objects;
        let others = objects.array(&stream.dict, b"Alternates").iter().take(8);
        let others: Vec<&'o Stream> = others
            .filter_map(|one| objects.get(as_dictionary(objects.resolve(one))?, b"Image"))
            .filter_map(|image| image.as_stream().ok())
            .collect();
        if others.is_empty() {
            return false;
        }
        let Some(shown) = self.raster(stream) else { return false };
        others
            .into_iter()
            .any(|other| self.raster(other).is_some_and(|other| differ(&shown, &other)))
    }

    fn pixelated(&mut self, stream: &'o Stream, page: u32, matrix: &Matrix) {
        if page == 0 {
            return;
        }
        let Some(raster) = self.curious(stream) else { return };
        let Some(found) = mosaic::find(&raster) else { return };
        #[expect(clippy::cast_precision_loss, reason = "pictures are at most 30 000 pixels wide")]
        let [left, top, right, bottom] = found.map(|side| side as f32);
        #[expect(clippy::cast_precision_loss, reason = "pictures are at most 30 000 pixels wide")]
        let (width, height) = (raster.width as f32, raster.height as f32);
        let unit = [left / width, 1.0 - bottom / height, right / width, 1.0 - top / height];
        let place = Place::Page { page, quads: vec![matrix.bounds(unit)] };
        self.mark(MarkKind::Pixelated, &place, "squares of one colour");
    }

    /// Thumbnails of pages that are one picture, compared with it.
    fn thumbnails(&mut self, pages: &[Page<'o>]) {
        let objects = self.session.objects;
        for (number, page) in (1_u32..).zip(pages) {
            let Some(Object::Stream(thumbnail)) = objects.get(page.dictionary, b"Thumb") else {
                continue;
            };
            let ([width, height], _) = page.view(objects);
            let fills = |known: &&Known<'o>| {
                let Matrix([_, b, c, ..]) = known.matrix;
                let taken = area(known.matrix.bounds([0.0, 0.0, 1.0, 1.0]));
                known.page == number
                    && b.abs() + c.abs() < 0.01
                    && taken > 0.8 * width * height
                    && taken < 1.2 * width * height
            };
            let found = self.session.pictures.known.iter().find(fills).map(|known| known.stream);
            let Some(shown) = found.and_then(|stream| self.raster(stream)) else { continue };
            let Some(small) = self.raster(thumbnail) else { continue };
            if differ(&shown, &small) {
                let place = Place::Page { page: number, quads: Vec::new() };
                self.mark(MarkKind::ImageData, &place, "a thumbnail that differs from the page");
            }
        }
    }

    /// Pictures that the resources of a page name and no page draws, and those that nothing leads to.
    fn unused(&mut self, pages: &[Page<'o>]) {
        let objects = self.session.objects;
        let mut looked = HashSet::new();
        for (number, page) in (1_u32..).zip(pages) {
            let named = page.resources.and_then(|own| objects.dictionary(own, b"XObject"));
            for (_, object) in named.into_iter().flatten() {
                let Object::Stream(stream) = objects.resolve(object) else { continue };
                let address = std::ptr::from_ref(stream);
                let is_picture = objects.name(&stream.dict, b"Subtype") == Some(b"Image");
                if !is_picture
                    || self.session.pictures.numbers.contains_key(&address)
                    || looked.len() >= MAX_PICTURES
                    || !looked.insert(address)
                {
                    continue;
                }
                if self.curious(stream).is_some_and(|raster| shows(&raster, |_| true)) {
                    let place = Place::Page { page: number, quads: Vec::new() };
                    self.mark(MarkKind::ImageData, &place, "a picture that no page draws");
                }
            }
        }
    }
}

/// The JPEG file that a picture is stored as, if it is.
fn jpeg_data<'o>(
    objects: &'o Objects<'o>,
    stream: &'o Stream,
) -> Option<std::borrow::Cow<'o, [u8]>> {
    let chain = crate::extract::pdf::filters::chain(&stream.dict, |one| objects.resolve(one));
    match chain.as_slice() {
        [(b"DCTDecode" | b"DCT", _)] => Some(stream.content.as_slice().into()),
        [.., (b"DCTDecode" | b"DCT", _)] => Some(decode::undone(objects, stream)?.0.into()),
        _ => None,
    }
}

/// Whether `Decode` turns every sample into the same value.
fn is_blanked(objects: &Objects<'_>, picture: &Dictionary) -> bool {
    let numbers: Vec<f32> = objects
        .array(picture, b"Decode")
        .iter()
        .filter_map(|one| crate::extract::pdf::objects::as_number(objects.resolve(one)))
        .collect();
    numbers.len() >= 2
        && numbers.chunks_exact(2).all(|pair| matches!(pair, [a, b] if (a - b).abs() < 0.02))
}

/// How many points of an even grid are hidden, of 9216.
fn hidden_points(hides: impl Fn([f32; 2]) -> bool) -> usize {
    let share = |at: u8| (f32::from(at) + 0.5) / 96.0;
    let row = |row: u8| (0_u8..96).filter(|column| hides([share(*column), share(row)])).count();
    (0_u8..96).map(row).sum()
}

/// Whether there is something to be seen in a part of a picture: enough pixels that differ from the usual one.
#[expect(clippy::cast_precision_loss, reason = "pictures are at most 30 000 pixels wide")]
fn shows(raster: &Raster, wanted: impl Fn([f32; 2]) -> bool) -> bool {
    let pixels = raster.width.saturating_mul(raster.height);
    let mut stride = 1_usize;
    while pixels / stride.saturating_mul(stride) > MAX_SAMPLES {
        stride = stride.saturating_add(1);
    }
    let mut counts = [0_usize; 256];
    let (width, height) = (raster.width as f32, raster.height as f32);
    for row in (0..raster.height).step_by(stride) {
        let y = 1.0 - (row as f32 + 0.5) / height;
        for (column, &value) in raster.row(row).iter().enumerate().step_by(stride) {
            if wanted([(column as f32 + 0.5) / width, y])
                && let Some(count) = counts.get_mut(usize::from(value))
            {
                *count = count.saturating_add(1);
            }
        }
    }
    let total: usize = counts.iter().sum();
    let usual = counts.iter().enumerate().max_by_key(|(_, count)| **count).map_or(0, |(at, _)| at);
    let apart = |at: usize| at.abs_diff(usual) > usize::from(VARIED);
    let other = counts.iter().enumerate().filter(|(at, _)| apart(*at)).map(|(_, count)| count);
    other.sum::<usize>() > (total / 4000).max(24)
}

/// Whether two pictures show different things, whatever their resolutions are.
fn differ(one: &Raster, two: &Raster) -> bool {
    let apart = means(one).into_iter().zip(means(two)).filter(|(a, b)| a.abs_diff(*b) > BLOCK_STEP);
    apart.take(2).count() == 2
}

/// The mean value of each block.
fn means(raster: &Raster) -> Vec<u64> {
    let mut sums = vec![(0_u64, 0_u64); BLOCKS.saturating_mul(BLOCKS)];
    for row in 0..raster.height {
        let line = row.saturating_mul(BLOCKS) / raster.height.max(1);
        for (column, value) in raster.row(row).iter().enumerate() {
            let at = column.saturating_mul(BLOCKS) / raster.width.max(1);
            if let Some((sum, count)) = sums.get_mut(line.saturating_mul(BLOCKS).saturating_add(at))
            {
                *sum = sum.saturating_add(u64::from(*value));
                *count = count.saturating_add(1);
            }
        }
    }
    // Blocks between the pixels of a small picture take the value before them.
    let mut last = 255;
    let mean = |(sum, count): (u64, u64)| {
        last = sum.checked_div(count).unwrap_or(last);
        last
    };
    sums.into_iter().map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(width: usize, height: usize, boxed: bool) -> Raster {
        let pixel = |x: usize, y: usize| {
            let (u, v) = (x * 600 / width, y * 800 / height);
            let inside = (200..300).contains(&u) && (300..320).contains(&v);
            let ink = v % 20 < 10 && u % 8 < 3 && (80..520).contains(&u);
            if boxed && inside || ink { 0 } else { 255 }
        };
        let grey = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        Raster { width, height, grey: grey.map(|(x, y)| pixel(x, y)).collect(), is_lossy: false }
    }

    #[test]
    fn a_box_makes_a_difference_and_a_lower_resolution_does_not() {
        let shown = page(1200, 1600, true);
        assert!(differ(&shown, &page(1200, 1600, false)));
        assert!(differ(&shown, &page(600, 800, false)));
        assert!(!differ(&shown, &page(600, 800, true)));
    }
}
