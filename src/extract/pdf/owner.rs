//! The owner grid of one glyph: 8 by 8 cells over its ink, each a bit, and the cells that an area takes
//! (ISO 32000-2 §8.5.3.3 for what is inside).

use super::canvas::{Canvas, Rule, Shape};
use super::content::Glyph;
use super::geometry::{Matrix, bounds_of, intersection, is_empty};
use crate::model::Quad;

/// Cells of a side.
const SIDE: usize = 8;
/// All cells.
pub(super) const ALL: u64 = u64::MAX;

/// The cells over the ink of a glyph.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    /// Around the ink, in points.
    pub(super) bounds: Quad,
    /// The page as shown to the unit square of the ink; `None` where the ink lies upright in `bounds`.
    turned: Option<Matrix>,
}

impl Frame {
    /// The frame of a glyph; `None` where it has no ink or no size.
    pub(super) fn of(glyph: &Glyph, text: &str) -> Option<Self> {
        let character = text.chars().next().filter(|c| !is_blank(*c))?;
        let (low, high) = extent(character);
        let Quad([x0, y0, x1, y1]) = glyph.quad;
        let [dx, dy] = glyph.direction;
        let [ox, oy] = glyph.origin;
        if !(glyph.size > 0.0 && ox.is_finite() && oy.is_finite()) {
            return None;
        }
        // Marks without an advance still have ink.
        let advance = glyph.advance.max(glyph.size * 0.1);
        if dy.abs() < 0.01 {
            let up = if dx < 0.0 { 1.0 } else { -1.0 };
            let (a, b) = (oy + up * low * glyph.size, oy + up * high * glyph.size);
            let right = x1.max(x0 + glyph.size * 0.1);
            return Self::upright(Quad([x0, a.min(b), right, a.max(b)]));
        }
        if dx.abs() < 0.01 {
            let inset = (x1 - x0) * 0.2;
            return Self::upright(Quad([x0 + inset, y0, x1 - inset, y1.max(y0 + 0.01)]));
        }
        let (ux, uy) = (dx * advance, dy * advance);
        let (vx, vy) = (dy * glyph.size, -dx * glyph.size);
        let height = high - low;
        let unit = Matrix([ux, uy, vx * height, vy * height, ox + vx * low, oy + vy * low]);
        let bounds = bounds_of(&unit.corners([0.0, 0.0, 1.0, 1.0]));
        Some(Self { bounds, turned: Some(unit.inverse()?) })
    }

    /// The frame of an upright rectangle.
    pub(super) fn upright(bounds: Quad) -> Option<Self> {
        (!is_empty(bounds)).then_some(Self { bounds, turned: None })
    }

    /// The cells that an area takes.
    pub(super) fn cells(&self, canvas: &Canvas, shape: &Shape) -> u64 {
        match shape {
            Shape::Box(quad) => self.boxed(*quad),
            Shape::Path(range, rule) => {
                let mut crossings = Crossings::default();
                for contour in canvas.contours(range.clone()) {
                    self.trace(contour, &mut crossings);
                }
                crossings.cells(*rule)
            }
        }
    }

    /// The cells inside an upright rectangle.
    pub(super) fn boxed(&self, quad: Quad) -> u64 {
        if is_empty(intersection(quad, self.bounds)) {
            return 0;
        }
        let (Quad([ax, ay, bx, by]), Quad([x0, y0, x1, y1])) = (quad, self.bounds);
        if ax <= x0 && ay <= y0 && bx >= x1 && by >= y1 {
            return ALL;
        }
        let mut crossings = Crossings::default();
        self.trace(&[[ax, ay], [bx, ay], [bx, by], [ax, by]], &mut crossings);
        crossings.cells(Rule::NonZero)
    }

    fn to_unit(self, [x, y]: [f32; 2]) -> [f32; 2] {
        if let Some(matrix) = self.turned {
            return matrix.apply(x, y);
        }
        let Quad([x0, y0, x1, y1]) = self.bounds;
        [(x - x0) / (x1 - x0), (y - y0) / (y1 - y0)]
    }

    fn trace(&self, contour: &[[f32; 2]], crossings: &mut Crossings) {
        let Some(&last) = contour.last() else { return };
        let Quad([_, top, right, bottom]) = self.bounds;
        let mut from = last;
        for &to in contour {
            let ([ax, ay], [bx, by]) = (from, to);
            from = to;
            // Most edges of a large path pass the glyph by; right of it they do not count either.
            let passes =
                ay < top && by < top || ay > bottom && by > bottom || ax > right && bx > right;
            if passes && self.turned.is_none() {
                continue;
            }
            crossings.edge(self.to_unit([ax, ay]), self.to_unit([bx, by]));
        }
    }
}

/// For each row of cells: by how much the winding number changes before each column.
#[derive(Default)]
struct Crossings([[i32; SIDE + 1]; SIDE]);

impl Crossings {
    fn edge(&mut self, [ax, ay]: [f32; 2], [bx, by]: [f32; 2]) {
        let (low, high) = (ay.min(by), ay.max(by));
        if !(high > 0.0 && low < 1.0) || ay.to_bits() == by.to_bits() {
            return;
        }
        let turn = if by > ay { 1 } else { -1 };
        let slope = (bx - ax) / (by - ay);
        for (row, changes) in (0_u8..).zip(&mut self.0) {
            let y = (f32::from(row) + 0.5) / 8.0;
            if low <= y && y < high {
                let x = ax + (y - ay) * slope;
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "0 to 8"
                )]
                let column = (x * 8.0 + 0.5).floor().clamp(0.0, 8.0) as usize;
                if let Some(change) = changes.get_mut(column) {
                    *change = change.wrapping_add(turn);
                }
            }
        }
    }

    fn cells(&self, rule: Rule) -> u64 {
        let mut cells = 0;
        for (row, changes) in (0_u32..).zip(&self.0) {
            let mut winding = 0_i32;
            for (column, change) in (0_u32..8).zip(changes) {
                winding = winding.wrapping_add(*change);
                let inside = match rule {
                    Rule::NonZero => winding != 0,
                    Rule::EvenOdd => winding & 1 == 1,
                };
                if inside {
                    cells |= 1_u64 << (row.wrapping_mul(8).wrapping_add(column) & 63);
                }
            }
        }
        cells
    }
}

/// Whether a character has no ink.
pub(super) fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}')
}

/// How far the ink of a character reaches above the base line, as shares of the font size: covers are drawn around
/// ink, and a box from descent to ascent would never be covered in full.
fn extent(character: char) -> (f32, f32) {
    match character {
        'a' | 'c' | 'e' | 'm'..='o' | 'r' | 's' | 'u'..='x' | 'z' | '+' | '<' | '=' | '>' | '~' => {
            (0.0, 0.48)
        }
        'g' | 'p' | 'q' | 'y' => (-0.2, 0.48),
        'j' => (-0.2, 0.7),
        '.' | ':' => (0.0, 0.4),
        ',' | ';' | '_' => (-0.15, 0.15),
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => (0.15, 0.35),
        '\'' | '"' | '`' | '^' | '*' | '\u{2018}'..='\u{201f}' => (0.4, 0.7),
        '(' | ')' | '[' | ']' | '{' | '}' | '|' | 'Q' => (-0.12, 0.7),
        _ => (0.0, 0.68),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::pdf::canvas::Path;

    fn frame() -> Frame {
        Frame::upright(Quad([0.0, 0.0, 8.0, 8.0])).unwrap()
    }

    fn kept(canvas: &mut Canvas, contours: &[&[[f32; 2]]], rule: Rule) -> Shape {
        let mut path = Path::default();
        for contour in contours {
            for (index, &point) in contour.iter().enumerate() {
                if index == 0 { path.start(point) } else { path.line(point) }
            }
            path.close();
        }
        path.end();
        canvas.keep(&path, rule).unwrap()
    }

    #[test]
    fn a_box_takes_the_cells_whose_centres_it_holds() {
        assert_eq!(frame().boxed(Quad([-1.0, -1.0, 9.0, 9.0])), ALL);
        assert_eq!(frame().boxed(Quad([0.0, 0.0, 8.0, 2.0])), 0xffff);
        assert_eq!(frame().boxed(Quad([4.0, 0.0, 8.0, 8.0])), 0xf0f0_f0f0_f0f0_f0f0);
        assert_eq!(frame().boxed(Quad([20.0, 0.0, 28.0, 8.0])), 0);
    }

    #[test]
    fn a_frame_within_a_frame_is_hollow_only_where_its_rule_says_so() {
        let outer: &[[f32; 2]] = &[[-1.0, -1.0], [9.0, -1.0], [9.0, 9.0], [-1.0, 9.0]];
        let inner: &[[f32; 2]] = &[[0.0, 2.0], [8.0, 2.0], [8.0, 6.0], [0.0, 6.0]];
        let backwards: Vec<_> = inner.iter().rev().copied().collect();
        let cases: [(&[[f32; 2]], Rule, u32); 3] = [
            (inner, Rule::NonZero, 64),
            (inner, Rule::EvenOdd, 32),
            (&backwards, Rule::NonZero, 32),
        ];
        for (hole, rule, expected) in cases {
            let mut canvas = Canvas::default();
            let shape = kept(&mut canvas, &[outer, hole], rule);
            assert_eq!(frame().cells(&canvas, &shape).count_ones(), expected, "{rule:?}");
        }
    }

    #[test]
    fn a_triangle_takes_half() {
        let mut canvas = Canvas::default();
        let shape = kept(&mut canvas, &[&[[0.0, 0.0], [8.0, 0.0], [0.0, 8.0]]], Rule::NonZero);
        let count = frame().cells(&canvas, &shape).count_ones();
        assert!((28..=36).contains(&count), "{count}");
    }
}
