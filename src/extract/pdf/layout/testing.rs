//! Pages made by hand for tests.

use super::super::content::{Glyph, PageContent};
use super::Layout;
use crate::model::{Document, DocumentBuilder, Quad, Visibility};

/// Every letter is half as wide as the font size.
pub(super) const WIDTH: f32 = 0.5;

/// A page in the making: US Letter, 10 point.
pub(super) struct Sketch {
    pub(super) page: PageContent,
    pub(super) size: f32,
    pub(super) visibility: Visibility,
    pub(super) font: u32,
}

impl Sketch {
    pub(super) fn new(number: u32) -> Self {
        let page = PageContent { number, width: 612.0, height: 792.0, ..PageContent::default() };
        Self { page, size: 10.0, visibility: Visibility::Shown, font: 1 }
    }

    /// Draws a line of text from `x` on the base line `y`; blanks become gaps, no glyphs.
    pub(super) fn text(&mut self, x: f32, y: f32, text: &str) -> f32 {
        let mut x = x;
        for c in text.chars() {
            if c != ' ' {
                self.glyph([x, y], [1.0, 0.0], &c.to_string());
            }
            x += WIDTH * self.size;
        }
        x
    }

    pub(super) fn glyph(&mut self, [x, y]: [f32; 2], direction: [f32; 2], text: &str) {
        let size = self.size;
        let advance = WIDTH * size;
        let (along, up) = (direction, [direction[1], -direction[0]]);
        let corner = |a: f32, u: f32| [x + a * along[0] + u * up[0], y + a * along[1] + u * up[1]];
        let ([ax, ay], [bx, by]) = (corner(0.0, 0.75 * size), corner(advance, -0.25 * size));
        let start = u32::try_from(self.page.text.len()).unwrap();
        self.page.text.push_str(text);
        self.page.glyphs.push(Glyph {
            start,
            len: u8::try_from(text.len()).unwrap(),
            mode: 0,
            visibility: self.visibility,
            in_annotation: false,
            in_text_layer: false,
            quad: Quad([ax.min(bx), ay.min(by), ax.max(bx), ay.max(by)]),
            direction,
            origin: [x, y],
            advance,
            size,
            font: self.font,
            colour: [0, 0, 0],
        });
    }

    /// Draws lines one under another, 12 points apart; returns the base line after the last.
    pub(super) fn lines(&mut self, x: f32, y: f32, lines: &[&str]) -> f32 {
        let mut y = y;
        for line in lines {
            self.text(x, y, line);
            y += 1.2 * self.size;
        }
        y
    }
}

/// Lays the pages out.
pub(super) fn laid_out(pages: &[Sketch]) -> Document {
    let mut layout = Layout::new();
    for sketch in pages {
        layout.page(&sketch.page);
    }
    let mut builder = DocumentBuilder::new();
    layout.finish(&mut builder);
    builder.finish()
}

/// The texts of the passages, in order.
pub(super) fn texts(document: &Document) -> Vec<String> {
    document.passages().map(|passage| passage.text().to_owned()).collect()
}
