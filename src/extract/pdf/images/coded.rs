//! Pictures in a format of their own: fax (CCITT), JBIG2 and JPEG 2000 (ISO 32000-2 §7.4.6, §7.4.7, §7.4.9). Scans of
//! records are stored in these more often than not, so that boxes over them have to be looked under.

use super::decode::{MAX_PIXELS, MAX_SIDE, Raster, cmyk, luma};
use crate::extract::pdf::objects::Objects;
use hayro_ccitt::EncodingMode;
use hayro_jpeg2000::ColorSpace;
use lopdf::{Dictionary, Object};

/// From how many pixels on JPEG 2000 is decoded at a lower resolution: its decoder keeps a number for each sample.
const MAX_FINE: usize = 4_000_000;

/// Samples of one bit, rows padded to bytes, and their size in pixels.
pub(super) struct Bits {
    pub(super) size: [usize; 2],
    pub(super) data: Vec<u8>,
}

/// A fax. Rows that are damaged or missing are blank.
pub(super) fn fax(
    objects: &Objects<'_>,
    parameters: Option<&Dictionary>,
    [width, height]: [usize; 2],
    data: &[u8],
) -> Option<Bits> {
    let integer = |key: &[u8]| parameters.and_then(|one| objects.integer(one, key));
    let flag = |key: &[u8], or: bool| match parameters.and_then(|one| objects.get(one, key)) {
        Some(Object::Boolean(value)) => *value,
        _ => or,
    };
    let columns = integer(b"Columns").unwrap_or(1728);
    let columns = usize::try_from(columns).ok().filter(|own| (width..=MAX_SIDE).contains(own))?;
    if columns.saturating_mul(height) > MAX_PIXELS {
        return None;
    }
    let encoding = match integer(b"K").unwrap_or(0) {
        ..0 => EncodingMode::Group4,
        0 => EncodingMode::Group3_1D,
        1.. => EncodingMode::Group3_2D,
    };
    let settings = hayro_ccitt::DecodeSettings {
        columns: u32::try_from(columns).ok()?,
        rows: u32::try_from(height).ok()?,
        end_of_block: flag(b"EndOfBlock", true),
        end_of_line: flag(b"EndOfLine", false),
        rows_are_byte_aligned: flag(b"EncodedByteAlign", false),
        encoding,
        strict: false,
    };
    let black = flag(b"BlackIs1", false);
    let mut page = FaxPage { columns, rows: height, paint: Paint::new(columns, height, black) };
    let mut context = hayro_ccitt::DecoderContext::new(settings);
    let done = hayro_ccitt::decode(data, &mut page, &mut context);
    // What was read before an error is what a viewer shows.
    (done.is_ok() || page.rows < height)
        .then_some(Bits { size: [columns, height], data: page.paint.data })
}

struct FaxPage {
    columns: usize,
    /// How many rows are still to come.
    rows: usize,
    paint: Paint,
}

impl hayro_ccitt::Decoder for FaxPage {
    fn push_row(&mut self, changes: &[u32]) {
        let Some(left) = self.rows.checked_sub(1) else { return };
        for span in changes.chunks(2) {
            let at = |index: usize| span.get(index).and_then(|at| usize::try_from(*at).ok());
            self.paint.fill(at(0).unwrap_or(0)..at(1).unwrap_or(self.columns));
        }
        self.rows = left;
        self.paint.next_row();
    }
}

/// A bilevel picture that is filled row by row.
struct Paint {
    stride: usize,
    start: usize,
    data: Vec<u8>,
}

impl Paint {
    /// A blank picture; `black` is whether a set bit is black.
    fn new(columns: usize, rows: usize, black: bool) -> Self {
        let stride = columns.div_ceil(8);
        let paper = if black { 0 } else { 0xff };
        Self { stride, start: 0, data: vec![paper; stride.saturating_mul(rows)] }
    }

    /// Turns pixels of the row from white to black.
    fn fill(&mut self, pixels: std::ops::Range<usize>) {
        let end = self.start.saturating_add(self.stride);
        let row = self.data.get_mut(self.start..end).unwrap_or_default();
        let mut at = pixels.start;
        while at < pixels.end {
            let Some(byte) = row.get_mut(at / 8) else { return };
            if at.is_multiple_of(8) && pixels.end.saturating_sub(at) >= 8 {
                *byte = !*byte;
                at = at.saturating_add(8);
            } else {
                *byte ^= 0x80_u8 >> (at & 7);
                at = at.saturating_add(1);
            }
        }
    }

    fn next_row(&mut self) {
        self.start = self.start.saturating_add(self.stride);
    }
}

/// A JBIG2 picture with its shared symbols.
pub(super) fn jbig2(
    objects: &Objects<'_>,
    parameters: Option<&Dictionary>,
    data: &[u8],
) -> Option<Bits> {
    let settings = hayro_jbig2::DecodeSettings::default();
    let shared = parameters.and_then(|one| match objects.get(one, b"JBIG2Globals") {
        Some(Object::Stream(stream)) => Some(objects.data(stream).0),
        _ => None,
    });
    let shared = match shared {
        Some(shared) => Some(hayro_jbig2::Globals::new(&shared, &settings).ok()?),
        None => None,
    };
    let page = hayro_jbig2::Page::new_embedded(data, shared.as_ref(), &settings).ok()?;
    let side = |side: u32| usize::try_from(side).ok().filter(|side| (1..=MAX_SIDE).contains(side));
    let (width, height) = (side(page.width())?, side(page.height())?);
    if width.saturating_mul(height) > MAX_PIXELS {
        return None;
    }
    let mut picture = Jbig2Page { column: 0, paint: Paint::new(width, height, false) };
    page.decode(&mut picture).ok()?;
    Some(Bits { size: [width, height], data: picture.paint.data })
}

struct Jbig2Page {
    column: usize,
    paint: Paint,
}

impl Jbig2Page {
    fn push(&mut self, black: bool, count: usize) {
        let end = self.column.saturating_add(count);
        if black {
            self.paint.fill(self.column..end);
        }
        self.column = end;
    }
}

impl hayro_jbig2::Decoder for Jbig2Page {
    fn push_pixel(&mut self, black: bool) {
        self.push(black, 1);
    }

    fn push_pixel_chunk(&mut self, black: bool, chunk_count: u32) {
        self.push(black, usize::try_from(chunk_count).unwrap_or(0).saturating_mul(8));
    }

    fn next_line(&mut self) {
        self.column = 0;
        self.paint.next_row();
    }
}

/// A JPEG 2000 picture, at a lower resolution where it is large.
pub(super) fn jpeg2000(data: &[u8], [width, height]: [usize; 2]) -> Option<Raster> {
    let mut settings = hayro_jpeg2000::DecodeSettings::default();
    let shrink = (1..=MAX_SIDE).find(|by| (width / by).saturating_mul(height / by) <= MAX_FINE)?;
    if shrink > 1 {
        let side = |side: usize| u32::try_from(side / shrink).ok();
        settings.target_resolution = Some((side(width)?, side(height)?));
    }
    let picture = hayro_jpeg2000::Image::new(data, &settings).ok()?;
    let side = |side: u32| usize::try_from(side).ok();
    let (width, height) = (side(picture.width())?, side(picture.height())?);
    let pixels = width.checked_mul(height)?;
    if pixels == 0 || pixels > MAX_FINE.saturating_mul(4) {
        return None;
    }
    let is_cmyk = matches!(picture.color_space(), ColorSpace::CMYK);
    let mut context = hayro_jpeg2000::DecoderContext::default();
    let decoded = picture.decode(&mut context).ok()?;
    let channels = decoded.components().len();
    let samples = decoded.data_u8();
    let grey: Vec<u8> = match channels {
        0 => return None,
        1 => samples,
        2 => samples.iter().step_by(2).copied().collect(),
        _ if is_cmyk => samples.chunks_exact(channels).map(cmyk).collect(),
        _ => samples.chunks_exact(channels).map(luma).collect(),
    };
    (grey.len() >= pixels).then_some(Raster { width, height, grey, is_lossy: true })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Budget;
    use lopdf::{Document, dictionary};

    /// Two rows of eight pixels: all white, then black from the third to the sixth (ITU-T T.6).
    const GROUP_4: [u8; 5] = [0x97, 0x70, 0x01, 0x00, 0x10];

    #[test]
    fn a_fax_is_read_with_either_polarity_and_a_cut_one_to_where_it_ends() {
        let (file, budget) = (Document::new(), Budget::default());
        let objects = Objects::new(&file, &budget);
        for (black, expected) in [(false, [0xff, 0b1100_0011]), (true, [0, 0b0011_1100])] {
            let parameters = dictionary! {"K" => -1, "Columns" => 8, "BlackIs1" => black};
            let bits = fax(&objects, Some(&parameters), [8, 2], &GROUP_4).unwrap();
            assert_eq!((bits.size, bits.data.as_slice()), ([8, 2], expected.as_slice()));
        }
        let parameters = dictionary! {"K" => -1, "Columns" => 8};
        let cut = fax(&objects, Some(&parameters), [8, 3], &GROUP_4[..1]).unwrap();
        assert_eq!(cut.data, [0xff; 3]);
        assert!(
            fax(&objects, Some(&dictionary! {"Columns" => 1 << 30}), [8, 2], &GROUP_4).is_none()
        );
    }

    #[test]
    fn noise_is_no_picture() {
        let (file, budget) = (Document::new(), Budget::default());
        let objects = Objects::new(&file, &budget);
        let noise: Vec<u8> = (0..=255).collect();
        assert!(jbig2(&objects, None, &noise).is_none());
        assert!(jpeg2000(&noise, [8, 8]).is_none());
    }
}
