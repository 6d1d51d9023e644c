//! Pictures as luminance: enough to tell whether something is to be seen in them. Whatever is too large or in a
//! format nobody here reads comes to nothing, never to a guess.

use super::coded;
use crate::extract::pdf::filters::{self, Shortfall};
use crate::extract::pdf::objects::{Objects, as_dictionary, as_number};
use lopdf::{Dictionary, Object, Stream};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;

/// The most pixels of one picture.
pub(super) const MAX_PIXELS: usize = 36_000_000;
/// The same for progressive JPEG, whose decoder keeps all coefficients.
const MAX_PROGRESSIVE: usize = 8_000_000;
/// The longest side, in pixels.
pub(super) const MAX_SIDE: usize = 30_000;
/// How many bytes the samples of one picture may take before they become luminance.
const MAX_BYTES: usize = 48 << 20;
/// How many filters one picture may have.
const MAX_FILTERS: usize = 8;

/// The luminance of a picture, row by row from the top.
pub(in crate::extract::pdf) struct Raster {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) grey: Vec<u8>,
    /// Whether it was compressed with losses: neighbours that were equal may differ.
    pub(super) is_lossy: bool,
}

impl Raster {
    /// The value at a point of the unit square, whose origin is the lower left corner.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "clamped to the picture, which is at most 30 000 pixels wide"
    )]
    pub(super) fn at(&self, [x, y]: [f32; 2]) -> Option<u8> {
        if !((0.0..1.0).contains(&x) && (0.0..1.0).contains(&y)) {
            return None;
        }
        let column = (x * self.width as f32) as usize;
        let row = ((1.0 - y) * self.height as f32) as usize;
        let row = row.min(self.height.saturating_sub(1));
        self.grey.get(row.checked_mul(self.width)?.checked_add(column)?).copied()
    }

    /// A row.
    pub(super) fn row(&self, row: usize) -> &[u8] {
        let start = row.saturating_mul(self.width);
        self.grey.get(start..start.saturating_add(self.width)).unwrap_or_default()
    }
}

/// The number of pixels that a picture says it has; 0 where it is not to be decoded.
pub(super) fn pixels(objects: &Objects<'_>, picture: &Dictionary) -> usize {
    size(objects, picture).map_or(0, |[width, height]| width.saturating_mul(height))
}

fn size(objects: &Objects<'_>, picture: &Dictionary) -> Option<[usize; 2]> {
    let side = |long: &[u8], short: &[u8]| {
        let side = objects.integer(picture, long).or_else(|| objects.integer(picture, short))?;
        usize::try_from(side).ok().filter(|side| (1..=MAX_SIDE).contains(side))
    };
    let (width, height) = (side(b"Width", b"W")?, side(b"Height", b"H")?);
    (width.saturating_mul(height) <= MAX_PIXELS).then_some([width, height])
}

/// The filter that a picture's own format is known by, its data before that filter, and the filter's parameters.
pub(super) fn undone<'o>(
    objects: &'o Objects<'o>,
    picture: &'o Stream,
) -> Option<(Vec<u8>, &'o [u8], Option<&'o Dictionary>)> {
    let chain = filters::chain(&picture.dict, |object| objects.resolve(object));
    if chain.len() > MAX_FILTERS {
        return None;
    }
    let mut data: Option<Vec<u8>> = None;
    for (filter, parameters) in chain {
        let undone = filters::undo(
            filter,
            parameters,
            data.as_deref().unwrap_or(&picture.content),
            MAX_BYTES,
        );
        match undone.shortfall {
            Some(Shortfall::Picture) => return Some((undone.data, filter, parameters)),
            Some(Shortfall::Unsupported | Shortfall::OverBudget) => return None,
            Some(Shortfall::Damaged) | None => data = Some(undone.data),
        }
    }
    Some((data.unwrap_or_else(|| picture.content.clone()), b"", None))
}

/// Decodes a picture; `None` where that cannot be done within the limits.
pub(super) fn decode<'o>(objects: &'o Objects<'o>, picture: &'o Stream) -> Option<Raster> {
    let size = size(objects, &picture.dict)?;
    let (data, filter, parameters) = undone(objects, picture)?;
    let bits = match filter {
        b"" => return raw(objects, &picture.dict, size, data, false),
        b"DCTDecode" | b"DCT" => return jpeg(&data),
        b"JPXDecode" => return coded::jpeg2000(&data, size),
        b"CCITTFaxDecode" | b"CCF" => coded::fax(objects, parameters, size, &data)?,
        b"JBIG2Decode" => coded::jbig2(objects, parameters, &data)?,
        _ => return None,
    };
    raw(objects, &picture.dict, bits.size, bits.data, true)
}

/// Decodes a JPEG file.
pub(super) fn jpeg(data: &[u8]) -> Option<Raster> {
    let options = DecoderOptions::default().set_max_width(MAX_SIDE).set_max_height(MAX_SIDE);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(data), options);
    decoder.decode_headers().ok()?;
    let information = decoder.info()?;
    let (width, height) = (usize::from(information.width), usize::from(information.height));
    let pixels = width.saturating_mul(height);
    let most = if is_progressive(data) { MAX_PROGRESSIVE } else { MAX_PIXELS };
    if pixels == 0 || pixels > most {
        return None;
    }
    let components = information.components;
    let out = if components == 4 { ColorSpace::RGB } else { ColorSpace::Luma };
    decoder.set_options(options.jpeg_set_out_colorspace(out));
    let samples = decoder.decode().ok()?;
    let grey = if samples.len() >= pixels.saturating_mul(3) {
        samples.chunks_exact(3).map(luma).collect()
    } else {
        samples
    };
    (grey.len() >= pixels).then_some(Raster { width, height, grey, is_lossy: true })
}

fn is_progressive(data: &[u8]) -> bool {
    let mut progressive = false;
    super::segments::walk(data, &mut |marker, _| {
        progressive |= matches!(marker, 0xc2 | 0xc6 | 0xca);
    });
    progressive
}

/// How samples become luminance.
enum Space {
    /// One sample a pixel; the table has the luminance of each value.
    Table(Vec<u8>),
    Rgb,
    Cmyk,
    /// So many samples of which the first tells the most: colorants, where more is darker, or lightness.
    First(usize, bool),
}

fn raw(
    objects: &Objects<'_>,
    picture: &Dictionary,
    [width, height]: [usize; 2],
    data: Vec<u8>,
    is_bilevel: bool,
) -> Option<Raster> {
    let either = |long: &[u8], short: &[u8]| {
        objects.get(picture, long).or_else(|| objects.get(picture, short))
    };
    let is_mask = matches!(either(b"ImageMask", b"IM"), Some(Object::Boolean(true)));
    let bits = match either(b"BitsPerComponent", b"BPC") {
        _ if is_mask || is_bilevel => 1,
        Some(Object::Integer(bits @ (1 | 2 | 4 | 8 | 16))) => usize::try_from(*bits).ok()?,
        _ => return None,
    };
    let space = match either(b"ColorSpace", b"CS") {
        _ if is_mask => Space::Table(ramp(bits)),
        Some(space) => space_of(objects, space, bits, 0)?,
        None => return None,
    };
    let samples = match &space {
        Space::Table(_) => 1,
        Space::Rgb => 3,
        Space::Cmyk => 4,
        Space::First(count, _) => *count,
    };
    let row = width.checked_mul(samples)?.checked_mul(bits)?.div_ceil(8);
    if row.checked_mul(height)? > MAX_BYTES {
        return None;
    }
    let range = either(b"Decode", b"D").and_then(|range| range.as_array().ok());
    let inverted = match range.map_or(&[][..], Vec::as_slice) {
        [low, high, ..] => as_number(objects.resolve(low))? > as_number(objects.resolve(high))?,
        _ => false,
    };
    let mut grey = Vec::with_capacity(width.saturating_mul(height));
    let mut line = Vec::new();
    for coded in data.chunks(row.max(1)).take(height) {
        line.clear();
        unpack(coded, bits, &mut line);
        to_grey(&line, &space, inverted, width, &mut grey);
        grey.resize(grey.len().next_multiple_of(width), 255);
    }
    // A cut picture is blank where its data ends.
    grey.resize(width.saturating_mul(height), 255);
    Some(Raster { width, height, grey, is_lossy: false })
}

/// Samples of any depth: indices below 8 bits as they are, 16 bits by their high byte.
fn unpack(coded: &[u8], bits: usize, line: &mut Vec<u8>) {
    match bits {
        8 => line.extend_from_slice(coded),
        16 => line.extend(coded.iter().step_by(2)),
        _ => {
            let mask = (1_u8 << (bits & 7)).wrapping_sub(1);
            let shifts = (0..8 / bits.max(1)).rev();
            for &byte in coded {
                line.extend(shifts.clone().map(|at| (byte >> (at.wrapping_mul(bits) & 7)) & mask));
            }
        }
    }
}

fn to_grey(line: &[u8], space: &Space, inverted: bool, width: usize, grey: &mut Vec<u8>) {
    let flip = |value: u8| if inverted { 255_u8.saturating_sub(value) } else { value };
    match space {
        Space::Table(table) => {
            let values = line.iter().take(width);
            grey.extend(values.map(|&v| flip(table.get(usize::from(v)).copied().unwrap_or(255))));
        }
        Space::Rgb => grey.extend(line.chunks_exact(3).take(width).map(|rgb| flip(luma(rgb)))),
        Space::Cmyk => {
            grey.extend(line.chunks_exact(4).take(width).map(|ink| flip(cmyk(ink))));
        }
        Space::First(count, darkens) => {
            let first = line.chunks_exact((*count).max(1)).take(width);
            grey.extend(first.map(|samples| {
                let value = samples.first().copied().unwrap_or(255);
                flip(if *darkens { 255_u8.saturating_sub(value) } else { value })
            }));
        }
    }
}

fn ramp(bits: usize) -> Vec<u8> {
    let most = (1_u32 << bits.min(8)).saturating_sub(1).max(1);
    (0..=most).map(|value| u8::try_from(value.saturating_mul(255) / most).unwrap_or(255)).collect()
}

/// Luminance of red, green and blue (ITU-R BT.601).
pub(super) fn luma(rgb: &[u8]) -> u8 {
    let [r, g, b] = [0, 1, 2].map(|at| u32::from(rgb.get(at).copied().unwrap_or(255)));
    let sum = r.saturating_mul(77).saturating_add(g.saturating_mul(150));
    u8::try_from(sum.saturating_add(b.saturating_mul(29)) >> 8).unwrap_or(255)
}

pub(super) fn cmyk(ink: &[u8]) -> u8 {
    let [c, m, y, k] = [0, 1, 2, 3].map(|at| ink.get(at).copied().unwrap_or(0));
    let light = |ink: u8| 255_u8.saturating_sub(ink).saturating_sub(k);
    luma(&[light(c), light(m), light(y)])
}

/// A colour space, as far as luminance needs it (ISO 32000-2 §8.6).
fn space_of(objects: &Objects<'_>, space: &Object, bits: usize, depth: usize) -> Option<Space> {
    let by_count = |count: i64| match count {
        1 => Some(Space::Table(ramp(bits))),
        3 => Some(Space::Rgb),
        4 => Some(Space::Cmyk),
        _ => None,
    };
    let Object::Array(parts) = objects.resolve(space) else {
        return match objects.resolve(space).as_name().ok()? {
            b"DeviceGray" | b"G" | b"CalGray" => by_count(1),
            b"DeviceRGB" | b"RGB" | b"CalRGB" => by_count(3),
            b"DeviceCMYK" | b"CMYK" => by_count(4),
            _ => None,
        };
    };
    if depth > 4 {
        return None;
    }
    match objects.resolve(parts.first()?).as_name().ok()? {
        b"DeviceGray" | b"G" | b"CalGray" => by_count(1),
        b"DeviceRGB" | b"RGB" | b"CalRGB" => by_count(3),
        b"DeviceCMYK" | b"CMYK" => by_count(4),
        b"Lab" => Some(Space::First(3, false)),
        b"ICCBased" => {
            let profile = as_dictionary(objects.resolve(parts.get(1)?))?;
            by_count(objects.integer(profile, b"N")?)
        }
        b"Indexed" | b"I" => indexed(objects, parts, depth),
        b"Separation" => Some(Space::Table(ramp(bits).into_iter().rev().collect())),
        b"DeviceN" => match objects.resolve(parts.get(1)?) {
            Object::Array(names) => Some(Space::First(names.len().clamp(1, 32), true)),
            _ => None,
        },
        _ => None,
    }
}

fn indexed(objects: &Objects<'_>, parts: &[Object], depth: usize) -> Option<Space> {
    let base = space_of(objects, parts.get(1)?, 8, depth.saturating_add(1))?;
    let table = match objects.resolve(parts.get(3)?) {
        Object::String(bytes, _) => bytes.clone(),
        Object::Stream(stream) => objects.data(stream).0.into_owned(),
        _ => return None,
    };
    let count = match &base {
        Space::Table(_) => 1,
        Space::Rgb => 3,
        Space::Cmyk => 4,
        Space::First(count, _) => *count,
    };
    let mut grey = Vec::with_capacity(256);
    let entries = (table.len() / count.max(1)).min(256);
    to_grey(&table, &base, false, entries, &mut grey);
    Some(Space::Table(grey))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Budget;
    use lopdf::{Document, dictionary};

    fn decoded(dictionary: Dictionary, data: &[u8]) -> Option<Vec<u8>> {
        let (file, budget) = (Document::new(), Budget::default());
        let objects = Objects::new(&file, &budget);
        let stream = Stream::new(dictionary, data.to_vec());
        decode(&objects, &stream).map(|raster| raster.grey)
    }

    #[test]
    fn samples_of_every_depth_and_space_become_luminance() {
        let cases = [
            (
                dictionary! {"ColorSpace" => "DeviceGray", "BitsPerComponent" => 1},
                vec![0x40],
                [0, 255],
            ),
            (
                dictionary! {"ColorSpace" => "DeviceGray", "BitsPerComponent" => 4},
                vec![0x0f],
                [0, 255],
            ),
            (
                dictionary! {"ColorSpace" => "DeviceRGB", "BitsPerComponent" => 8},
                vec![0, 0, 0, 255, 255, 255],
                [0, 255],
            ),
            (
                dictionary! {"ColorSpace" => "DeviceCMYK", "BitsPerComponent" => 8},
                vec![0, 0, 0, 255, 0, 0, 0, 0],
                [0, 255],
            ),
            (
                dictionary! {"ImageMask" => true, "Decode" => vec![1.into(), 0.into()]},
                vec![0x80],
                [0, 255],
            ),
            (
                dictionary! {"BitsPerComponent" => 8, "ColorSpace" => vec![
                "Indexed".into(), "DeviceGray".into(), 1.into(),
                Object::String(vec![255, 0], lopdf::StringFormat::Literal)]},
                vec![1, 0],
                [0, 255],
            ),
        ];
        for (mut dictionary, data, expected) in cases {
            dictionary.set("Width", 2);
            dictionary.set("Height", 1);
            let near = decoded(dictionary, &data).unwrap();
            assert_eq!(near.len(), 2);
            for (value, wanted) in near.iter().zip(expected) {
                assert!(value.abs_diff(wanted) <= 1, "{near:?}");
            }
        }
    }

    #[test]
    fn a_picture_that_claims_too_much_is_not_decoded() {
        let large = dictionary! {"Width" => 29_000, "Height" => 29_000, "BitsPerComponent" => 8,
        "ColorSpace" => "DeviceGray"};
        assert!(decoded(large, b"x").is_none());
        let unknown = dictionary! {"Width" => 2, "Height" => 2, "Filter" => "XDecode"};
        assert!(decoded(unknown, b"x").is_none());
        assert!(jpeg(b"\xff\xd8\xff\xc0junk").is_none());
    }
}
