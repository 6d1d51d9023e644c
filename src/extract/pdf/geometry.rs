//! Matrices and rectangles of the imaging model (ISO 32000-2 §8.3).

#![expect(
    clippy::many_single_char_names,
    reason = "the standard's own names for the parts of a matrix"
)]

use crate::model::Quad;

/// A transformation `[a b c d e f]`, applied to row vectors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Matrix(pub(super) [f32; 6]);

impl Matrix {
    /// Leaves every point where it is.
    pub(super) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// First `self`, then `next`.
    pub(super) fn then(&self, next: &Self) -> Self {
        let Self([a, b, c, d, e, f]) = *self;
        let Self([na, nb, nc, nd, ne, nf]) = *next;
        Self([
            a * na + b * nc,
            a * nb + b * nd,
            c * na + d * nc,
            c * nb + d * nd,
            e * na + f * nc + ne,
            e * nb + f * nd + nf,
        ])
    }

    /// Moves by `x`, `y` first, then applies `self`.
    pub(super) fn moved(&self, x: f32, y: f32) -> Self {
        let Self([a, b, c, d, e, f]) = *self;
        Self([a, b, c, d, x * a + y * c + e, x * b + y * d + f])
    }

    /// Where a point goes.
    pub(super) fn apply(&self, x: f32, y: f32) -> [f32; 2] {
        let Self([a, b, c, d, e, f]) = *self;
        [x * a + y * c + e, x * b + y * d + f]
    }

    /// Where a vector goes.
    pub(super) fn vector(&self, x: f32, y: f32) -> [f32; 2] {
        let Self([a, b, c, d, ..]) = *self;
        [x * a + y * c, x * b + y * d]
    }

    /// The corners of a rectangle `[x0, y0, x1, y1]`, in order around it.
    pub(super) fn corners(&self, [x0, y0, x1, y1]: [f32; 4]) -> [[f32; 2]; 4] {
        [self.apply(x0, y0), self.apply(x1, y0), self.apply(x1, y1), self.apply(x0, y1)]
    }

    /// The upright box around the image of a rectangle.
    pub(super) fn bounds(&self, rectangle: [f32; 4]) -> Quad {
        bounds_of(&self.corners(rectangle))
    }

    /// The factor by which areas grow.
    pub(super) fn determinant(&self) -> f32 {
        let Self([a, b, c, d, ..]) = *self;
        a * d - b * c
    }

    /// The mean factor by which lengths grow.
    pub(super) fn scale(&self) -> f32 {
        self.determinant().abs().sqrt()
    }

    /// The inverse, where there is one.
    pub(super) fn inverse(&self) -> Option<Self> {
        let Self([a, b, c, d, e, f]) = *self;
        let determinant = self.determinant();
        if determinant.abs() < 1e-12 || !determinant.is_finite() {
            return None;
        }
        let k = 1.0 / determinant;
        Some(Self([d * k, -b * k, -c * k, a * k, (c * f - d * e) * k, (b * e - a * f) * k]))
    }
}

/// The coordinate itself; what products of huge numbers made infinite, or no number at all, lies far off any page.
pub(super) fn finite(coordinate: f32) -> f32 {
    const FAR: f32 = 1e9;
    if coordinate.is_nan() { FAR } else { coordinate.clamp(-FAR, FAR) }
}

/// The upright box around points.
pub(super) fn bounds_of(points: &[[f32; 2]]) -> Quad {
    let mut bounds = EMPTY;
    for point in points {
        extend(&mut bounds, *point);
    }
    bounds
}

/// A box that holds nothing yet.
pub(super) const EMPTY: Quad =
    Quad([f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY]);

/// Makes a box hold a point.
pub(super) fn extend(Quad([x0, y0, x1, y1]): &mut Quad, [x, y]: [f32; 2]) {
    (*x0, *y0, *x1, *y1) = (x0.min(x), y0.min(y), x1.max(x), y1.max(y));
}

/// What two boxes have in common; empty (`is_empty`) where that is nothing.
pub(super) fn intersection(Quad(a): Quad, Quad(b): Quad) -> Quad {
    let [ax0, ay0, ax1, ay1] = a;
    let [bx0, by0, bx1, by1] = b;
    Quad([ax0.max(bx0), ay0.max(by0), ax1.min(bx1), ay1.min(by1)])
}

/// Whether a box has no area.
pub(super) fn is_empty(Quad([x0, y0, x1, y1]): Quad) -> bool {
    // Written so that a coordinate that is not a number makes the box empty.
    !(x0 < x1 && y0 < y1)
}

/// The area of a box; 0 where it is empty.
pub(super) fn area(quad: Quad) -> f32 {
    let Quad([x0, y0, x1, y1]) = quad;
    if is_empty(quad) { 0.0 } else { (x1 - x0) * (y1 - y0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_followed_by_its_inverse_changes_nothing() {
        let matrix = Matrix([2.0, 1.0, -1.0, 3.0, 10.0, -4.0]);
        let [x, y] = matrix.then(&matrix.inverse().unwrap()).apply(7.0, 9.0);
        assert!((x - 7.0).abs() < 1e-4 && (y - 9.0).abs() < 1e-4);
        assert_eq!(Matrix([1.0, 2.0, 2.0, 4.0, 0.0, 0.0]).inverse(), None);
    }

    #[test]
    fn boxes_that_only_touch_have_nothing_in_common() {
        let left = Quad([0.0, 0.0, 10.0, 10.0]);
        assert!(is_empty(intersection(left, Quad([10.0, 0.0, 20.0, 10.0]))));
        assert!((area(intersection(left, Quad([5.0, 5.0, 20.0, 20.0]))) - 25.0).abs() < 1e-6);
        assert!(is_empty(Quad([f32::NAN, 0.0, 1.0, 1.0])));
    }
}
