//! Which parts of a picture hide what lies under it, where a mask lets the rest shine through (ISO 32000-2 §8.9.6,
//! §11.6.5.2): black bars are often laid over a page as one picture that is transparent everywhere else.

use super::Pictures;
use super::decode::{self, Raster};
use crate::extract::pdf::objects::{Objects, as_number};
use lopdf::{Dictionary, Object, Stream};
use std::rc::Rc;

/// Cells across and down into which a picture is divided at most.
const CELLS: [usize; 2] = [256, 512];
/// How many opaque rectangles of one picture are kept, the largest ones: a redaction is no speck.
const MAX_PARTS: usize = 512;
/// How many pixels of masks are decoded for one file: some thirty pages, scanned at 300 dots an inch.
const MAX_MASKED: usize = 256_000_000;
/// From which value on a soft mask hides what lies under the picture.
const SOLID: u8 = 230;

/// Rectangles of the unit square, whose origin is the lower left corner.
pub(in crate::extract::pdf) type Parts = Rc<Vec<[f32; 4]>>;

impl<'o> Pictures<'o> {
    /// The opaque parts of a picture with a mask, or of a stencil; `None` where that cannot be told.
    pub(in crate::extract::pdf) fn opaque_parts(
        &mut self,
        objects: &'o Objects<'o>,
        picture: &'o Stream,
    ) -> Option<Parts> {
        let address = std::ptr::from_ref(picture);
        if let Some(parts) = self.opaque.get(&address) {
            return parts.clone();
        }
        let parts = self.opaque_parts_once(objects, picture).map(Rc::new);
        self.opaque.insert(address, parts.clone());
        parts
    }

    /// The same for a picture that is met once.
    pub(in crate::extract::pdf) fn opaque_parts_once<'p>(
        &mut self,
        objects: &'p Objects<'p>,
        picture: &'p Stream,
    ) -> Option<Vec<[f32; 4]>> {
        let pixels = match objects.get(&picture.dict, b"SMask") {
            Some(Object::Stream(mask)) => decode::pixels(objects, &mask.dict),
            _ => decode::pixels(objects, &picture.dict),
        };
        self.masked = self.masked.saturating_add(pixels);
        self.over_budget = self.masked > MAX_MASKED || objects.budget.is_over_time();
        if self.over_budget { None } else { opaque_parts(objects, picture) }
    }

    /// Whether the last that was asked for would have been too much.
    pub(in crate::extract::pdf) fn is_over_budget(&self) -> bool {
        self.over_budget
    }
}

fn opaque_parts<'o>(objects: &'o Objects<'o>, picture: &'o Stream) -> Option<Vec<[f32; 4]>> {
    let dictionary = &picture.dict;
    if let Some(Object::Stream(mask)) = objects.get(dictionary, b"SMask") {
        return Some(parts(&decode::decode(objects, mask)?, |value| value >= SOLID));
    }
    match objects.get(dictionary, b"Mask") {
        Some(Object::Stream(mask)) => {
            Some(parts(&decode::decode(objects, mask)?, |value| value < 128))
        }
        Some(Object::Array(range)) => keyed(objects, picture, range),
        _ if is_stencil(objects, dictionary) => {
            Some(parts(&decode::decode(objects, picture)?, |value| value < 128))
        }
        _ => None,
    }
}

/// Whether a picture is a stencil, through which the fill colour is painted.
pub(in crate::extract::pdf) fn is_stencil(objects: &Objects<'_>, picture: &Dictionary) -> bool {
    objects.flag(picture, b"ImageMask") || objects.flag(picture, b"IM")
}

/// A colour-key mask, where one grey sample of eight bits is a pixel: the values that are let through.
fn keyed<'o>(
    objects: &'o Objects<'o>,
    picture: &'o Stream,
    range: &[Object],
) -> Option<Vec<[f32; 4]>> {
    let is_grey = objects.name(&picture.dict, b"ColorSpace") == Some(b"DeviceGray")
        && objects.integer(&picture.dict, b"BitsPerComponent") == Some(8)
        && !picture.dict.has(b"Decode");
    let [low, high] = range else { return None };
    let bounds = [low, high].map(|one| as_number(objects.resolve(one)));
    let ([Some(low), Some(high)], true) = (bounds, is_grey) else { return None };
    let raster = decode::decode(objects, picture)?;
    Some(parts(&raster, |value| !(low..=high).contains(&f32::from(value))))
}

/// The rectangles of cells that are painted all but completely: runs of each row, joined with equal runs above.
fn parts(raster: &Raster, is_painted: impl Fn(u8) -> bool) -> Vec<[f32; 4]> {
    let [columns, rows] = [raster.width.min(CELLS[0]), raster.height.min(CELLS[1])];
    let mut open: Vec<[usize; 3]> = Vec::new();
    let mut done: Vec<[usize; 4]> = Vec::new();
    for row in 0..=rows {
        let runs =
            if row < rows { runs(raster, [columns, rows], row, &is_painted) } else { vec![] };
        let (going_on, ended): (Vec<_>, Vec<_>) =
            open.into_iter().partition(|[from, to, _]| runs.contains(&[*from, *to]));
        done.extend(ended.into_iter().map(|[from, to, top]| [from, to, top, row]));
        open = going_on;
        for [from, to] in runs {
            if !open.iter().any(|one| one.starts_with(&[from, to])) {
                open.push([from, to, row]);
            }
        }
    }
    if done.len() > MAX_PARTS {
        let size = |[from, to, top, bottom]: &[usize; 4]| {
            to.saturating_sub(*from).saturating_mul(bottom.saturating_sub(*top))
        };
        done.sort_by_key(|part| std::cmp::Reverse(size(part)));
        done.truncate(MAX_PARTS);
    }
    done.into_iter()
        .map(|[from, to, top, bottom]| {
            let across = |column: usize| share(column, columns);
            let up = |row: usize| 1.0 - share(row, rows);
            [across(from), up(bottom), across(to), up(top)]
        })
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "at most 512")]
fn share(index: usize, count: usize) -> f32 {
    index as f32 / count.max(1) as f32
}

/// The runs of painted cells in a row of cells.
fn runs(
    raster: &Raster,
    [columns, rows]: [usize; 2],
    row: usize,
    is_painted: &impl Fn(u8) -> bool,
) -> Vec<[usize; 2]> {
    let start = |index: usize, count: usize, size: usize| index.saturating_mul(size) / count.max(1);
    let (top, bottom) =
        (start(row, rows, raster.height), start(row.saturating_add(1), rows, raster.height));
    let (mut painted, mut all) = (vec![0_usize; columns], vec![0_usize; columns]);
    for line in top..bottom {
        let line = raster.row(line);
        for (column, (painted, all)) in painted.iter_mut().zip(&mut all).enumerate() {
            let from = start(column, columns, raster.width);
            let to = start(column.saturating_add(1), columns, raster.width);
            let cell = line.get(from..to).unwrap_or_default();
            *painted =
                painted.saturating_add(cell.iter().filter(|value| is_painted(**value)).count());
            *all = all.saturating_add(cell.len());
        }
    }
    let full: Vec<bool> = painted
        .iter()
        .zip(&all)
        .map(|(painted, all)| *all > 0 && painted.saturating_mul(20) >= all.saturating_mul(19))
        .collect();
    let mut runs: Vec<[usize; 2]> = Vec::new();
    for (column, _) in full.iter().enumerate().filter(|(_, full)| **full) {
        match runs.last_mut() {
            Some([_, to]) if *to == column => *to = column.saturating_add(1),
            _ => runs.push([column, column.saturating_add(1)]),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Extractor as _;
    use crate::extract::pdf::Pdf;
    use crate::extract::pdf::testing::file;
    use crate::model::NoticeCode;
    use crate::read::Budget;
    use lopdf::dictionary;

    #[test]
    fn bars_on_a_transparent_page_are_rectangles_and_a_gradient_is_not() {
        let raster = |value: fn(usize, usize) -> u8| Raster {
            width: 100,
            height: 200,
            grey: (0..20_000).map(|at| value(at % 100, at / 100)).collect(),
            is_lossy: false,
        };
        let bars = raster(|x, y| match (x, y) {
            (10..40, 20..40) | (50..90, 100..150) => 255,
            _ => 0,
        });
        let mut found = parts(&bars, |value| value >= SOLID);
        found.sort_by(|a, b| a[0].total_cmp(&b[0]));
        assert_eq!(found, [[0.1, 0.8, 0.4, 0.9], [0.5, 0.25, 0.9, 0.5]]);
        let gradient = raster(|x, _| u8::try_from(x * 2).unwrap());
        assert_eq!(parts(&gradient, |value| value >= SOLID), Vec::<[f32; 4]>::new());
        let speckled = raster(|x, y| match (x, y) {
            (10..40, 20..40) => 255,
            _ if (x + y) % 2 == 0 => 255,
            _ => 0,
        });
        let found = parts(&speckled, |value| value >= SOLID);
        assert_eq!(found.len(), MAX_PARTS);
        let rows_of_the_bar = found.iter().filter(|[x0, _, x1, _]| x1 - x0 > 0.28);
        assert_eq!(rows_of_the_bar.count(), 20, "the largest are kept");
    }

    #[test]
    fn a_mask_over_words_that_cannot_be_decoded_is_told() {
        let words = "BT /F 10 Tf 20 50 Td (secret) Tj ET ";
        let cases = [(words, "XDecode", 1), ("", "XDecode", 0), (words, "ASCIIHexDecode", 0)];
        for (words, filter, expected) in cases {
            let grey = |filter: &str, data: &[u8]| {
                let picture = dictionary! {"Subtype" => "Image", "Width" => 1, "Height" => 1,
                "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8, "Filter" => filter};
                Stream::new(picture, data.to_vec())
            };
            let mut picture = grey("ASCIIHexDecode", b"00>");
            picture.dict.set("SMask", Object::Reference((91, 0)));
            let objects =
                vec![(90, Object::Stream(picture)), (91, Object::Stream(grey(filter, b"ff>")))];
            let resources =
                dictionary! {"XObject" => dictionary! {"P" => Object::Reference((90, 0))}};
            let content = format!("{words}q 200 0 0 100 0 0 cm /P Do Q");
            let mut bytes = Vec::new();
            file(&content, &resources, &Dictionary::new(), objects).save_to(&mut bytes).unwrap();
            let notices = Pdf.extract(&bytes, &Budget::default()).notices;
            let told = notices.iter().filter(|one| one.code == NoticeCode::Unsupported);
            assert_eq!(told.filter(|one| one.blocking).count(), expected, "{words} {filter}");
        }
    }
}
