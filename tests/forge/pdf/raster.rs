//! Pictures of text, made of the same dotted letters as the embedded faces.

use super::glyphs::{DOT, shape};

/// A page-sized picture in eight-bit grey, two dots a point.
pub(crate) struct Raster {
    pixels: Vec<u8>,
}

/// Pixels across.
pub(crate) const WIDTH: usize = 612 * SCALE;
/// Pixels down.
pub(crate) const HEIGHT: usize = 792 * SCALE;
const SCALE: usize = 2;

impl Raster {
    /// Blank paper.
    pub(crate) fn new() -> Self {
        Self { pixels: vec![0xFF; WIDTH * HEIGHT] }
    }

    /// Draws a text where a face of dots would set it.
    pub(crate) fn say(&mut self, x: f32, y: f32, size: f32, text: &str) {
        let mut pen = x;
        for character in text.chars() {
            let (bars, advance) = shape(character);
            for bar in bars {
                let [x0, y0, x1, y1] = bar.map(|edge| f32::from(edge) * size / 1000.0);
                self.fill([pen + x0, y + y0, pen + x1, y + y1], 0x10);
            }
            pen += f32::from(advance.max(DOT)) * size / 1000.0;
        }
    }

    /// Fills an area of the page.
    pub(crate) fn fill(&mut self, [x0, y0, x1, y1]: [f32; 4], grey: u8) {
        for row in pixel(792.0 - y1)..pixel(792.0 - y0) {
            for column in pixel(x0)..pixel(x1) {
                if row < HEIGHT && column < WIDTH {
                    self.pixels[row * WIDTH + column] = grey;
                }
            }
        }
    }

    /// Makes blocks of `side` pixels of one grey each.
    pub(crate) fn pixelate(&mut self, [x0, y0, x1, y1]: [f32; 4], side: usize) {
        for top in (pixel(792.0 - y1)..pixel(792.0 - y0)).step_by(side) {
            for left in (pixel(x0)..pixel(x1)).step_by(side) {
                let block = || {
                    (top..top + side)
                        .flat_map(|row| (left..left + side).map(move |at| row * WIDTH + at))
                };
                let sum: usize = block().map(|at| usize::from(self.pixels[at])).sum();
                let mean = u8::try_from(sum / (side * side)).unwrap_or(u8::MAX);
                block().for_each(|at| self.pixels[at] = mean);
            }
        }
    }

    /// The samples, for a packed stream.
    pub(crate) fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The entries of its image dictionary.
    pub(crate) fn entries() -> String {
        format!(
            "/Type /XObject /Subtype /Image /Width {WIDTH} /Height {HEIGHT} /ColorSpace /DeviceGray /BitsPerComponent 8"
        )
    }
}

/// The nearest pixel edge; nothing below zero.
fn pixel(points: f32) -> usize {
    // Formatting is the one conversion from a float that cannot go wrong silently.
    format!("{:.0}", (points * 2.0).max(0.0)).parse().unwrap_or(0)
}
