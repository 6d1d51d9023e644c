//! What a page paints beside its glyphs, in paint order: enough to tell afterwards who owns which spot.

use super::geometry::{EMPTY, bounds_of, extend, intersection, is_empty};
use crate::model::Quad;
use std::ops::Range;

/// How many corners one page's paths may have together.
const MAX_POINTS: usize = 2_000_000;
/// How many paints one page may have.
const MAX_PAINTS: usize = 200_000;

/// Which points lie inside a path (ISO 32000-2 §8.5.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// Non-zero winding number.
    NonZero,
    /// Odd number of crossings.
    EvenOdd,
}

/// An area of the page.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    /// An upright rectangle.
    Box(Quad),
    /// Contours `range` of the canvas.
    Path(Range<u32>, Rule),
}

/// What painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tool {
    /// A filled path.
    Fill,
    /// A stroked path.
    Stroke,
    /// A picture.
    Picture,
    /// A shading.
    Shading,
    /// A tiling pattern.
    Pattern,
}

/// One paint.
#[derive(Clone, Debug)]
pub(super) struct Paint {
    /// Where it paints, before clipping.
    pub(super) shape: Shape,
    /// Upright box around what is left of it after clipping.
    pub(super) bounds: Quad,
    /// Its clip beyond the box, an index into `Canvas::clips`; `u32::MAX` where the box is all.
    pub(super) clip: u32,
    /// How many glyphs were drawn before it.
    pub(super) after: u32,
    /// Its colour; that of a picture is not known.
    pub(super) colour: Option<[u8; 3]>,
    /// Whether nothing shines through.
    pub(super) opaque: bool,
    /// How much of what lies under it it takes away where it is not opaque, from 0 to 1.
    pub(super) veil: f32,
    /// Whether its blend mode gives bare paper another look than white paint on it.
    pub(super) tints: bool,
    /// What painted.
    pub(super) tool: Tool,
    /// Whether an annotation's appearance painted.
    pub(super) in_annotation: bool,
}

/// A clip that is no upright rectangle.
#[derive(Clone, Debug)]
pub(super) struct Clip {
    /// The clip it narrows; `u32::MAX` for none.
    pub(super) parent: u32,
    /// Its own area.
    pub(super) shape: Shape,
}

/// A path under construction, in the coordinates of the page as shown; curves are flattened.
#[derive(Default)]
pub(super) struct Path {
    pub(super) points: Vec<[f32; 2]>,
    /// One past the last point of each contour.
    pub(super) ends: Vec<u32>,
}

impl Path {
    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.points.clear();
        self.ends.clear();
    }

    /// Makes it the outline of four corners and nothing else.
    pub(super) fn set_corners(&mut self, [first, rest @ ..]: [[f32; 2]; 4]) {
        self.clear();
        self.start(first);
        for point in rest {
            self.line(point);
        }
        self.close();
        self.end();
    }

    /// Begins a contour.
    pub(super) fn start(&mut self, point: [f32; 2]) {
        self.end();
        self.points.push(point);
    }

    /// Draws a straight line.
    pub(super) fn line(&mut self, point: [f32; 2]) {
        if self.points.len() < MAX_POINTS {
            self.points.push(point);
        }
    }

    /// Draws a Bézier curve, as a few lines.
    pub(super) fn curve(&mut self, one: [f32; 2], two: [f32; 2], end: [f32; 2]) {
        const STEPS: u8 = 6;
        let Some(&start) = self.points.last() else { return self.start(end) };
        for step in 1..=STEPS {
            let t = f32::from(step) / f32::from(STEPS);
            let u = 1.0 - t;
            let weights = [u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t];
            let mut point = [0.0; 2];
            for (weight, [x, y]) in weights.iter().zip([start, one, two, end]) {
                let [px, py] = &mut point;
                *px += weight * x;
                *py += weight * y;
            }
            self.line(point);
        }
    }

    /// Closes the contour; the next line begins where it began.
    pub(super) fn close(&mut self) {
        let first = self.points.get(self.contour_start()).copied();
        if let Some(first) = first {
            self.line(first);
            self.start(first);
        }
    }

    /// Ends the contour, if it has any points.
    pub(super) fn end(&mut self) {
        let length = u32::try_from(self.points.len()).unwrap_or(u32::MAX);
        if self.ends.last().copied().unwrap_or(0) < length {
            self.ends.push(length);
        }
    }

    fn contour_start(&self) -> usize {
        self.ends.last().map_or(0, |&end| end as usize)
    }

    /// The contours, each a list of points.
    pub(super) fn contours(&self) -> impl Iterator<Item = &[[f32; 2]]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(self.ends.iter().copied())
            .filter_map(|(start, end)| self.points.get(start as usize..end as usize))
    }

    /// The upright rectangle that the path is, if it is one.
    pub(super) fn as_box(&self) -> Option<Quad> {
        let mut contours = self.contours().filter(|points| points.len() > 1);
        let points = contours.next()?;
        contours.next().is_none().then(|| box_of(points))?
    }

    /// The upright rectangles that the path consists of, where they do not overlap: then no winding rule joins them.
    pub(super) fn as_boxes(&self) -> Option<Vec<Quad>> {
        const MOST: usize = 48;
        let contours = self.contours().filter(|points| points.len() > 1);
        let boxes: Vec<Quad> =
            contours.take(MOST.saturating_add(1)).map(box_of).collect::<Option<_>>()?;
        let apart = boxes.iter().enumerate().all(|(index, one)| {
            boxes.iter().take(index).all(|other| is_empty(intersection(*one, *other)))
        });
        (apart && boxes.len() > 1 && boxes.len() <= MOST).then_some(boxes)
    }
}

/// The upright rectangle that a contour is, if it is one.
fn box_of(points: &[[f32; 2]]) -> Option<Quad> {
    // Producers close rectangles twice and put points on their sides; a page has many, so give up early.
    if points.len() > 12 {
        return None;
    }
    let bounds = bounds_of(points);
    let Quad([x0, y0, x1, y1]) = bounds;
    let side =
        |[x, y]: [f32; 2]| [x - x0, x1 - x, y - y0, y1 - y].map(|distance| distance.abs() < 0.01);
    let (mut corners, mut visited) = (0_u8, 0_u8);
    let mut last = points.last().copied().map(side)?;
    for sides in points.iter().copied().map(side) {
        // Every step runs along one side of the box.
        if !sides.iter().zip(last).any(|(&here, there)| here && there) {
            return None;
        }
        let corner = match sides {
            [true, _, true, _] => 1,
            [_, true, true, _] => 2,
            [_, true, _, true] => 4,
            [true, _, _, true] => 8,
            _ => 0,
        };
        let fresh = corner != 0 && sides != last;
        corners = corners.saturating_add(u8::from(fresh));
        visited |= corner;
        last = sides;
    }
    // All four corners, each passed once: once around.
    (visited == 15 && corners == 4).then_some(bounds)
}

/// The paints of one page.
#[derive(Default)]
pub(super) struct Canvas {
    points: Vec<[f32; 2]>,
    ends: Vec<u32>,
    /// In paint order.
    pub(super) paints: Vec<Paint>,
    /// Clips that are no upright rectangles.
    pub(super) clips: Vec<Clip>,
    /// Whether a paint or clip was left out for want of room.
    pub(super) overflowed: bool,
}

impl Canvas {
    /// Forgets everything but keeps its memory.
    pub(super) fn clear(&mut self) {
        self.points.clear();
        self.ends.clear();
        self.paints.clear();
        self.clips.clear();
        self.overflowed = false;
    }

    /// Keeps the area of a path.
    pub(super) fn keep(&mut self, path: &Path, rule: Rule) -> Option<Shape> {
        if let Some(upright) = path.as_box() {
            return Some(Shape::Box(upright));
        }
        if self.points.len().saturating_add(path.points.len()) > MAX_POINTS {
            self.overflowed = true;
            return None;
        }
        let first = u32::try_from(self.ends.len()).ok()?;
        for contour in path.contours() {
            self.points.extend_from_slice(contour);
            self.ends.push(u32::try_from(self.points.len()).ok()?);
        }
        Some(Shape::Path(first..u32::try_from(self.ends.len()).ok()?, rule))
    }

    /// Records a paint.
    pub(super) fn paint(&mut self, paint: Paint) {
        if self.paints.len() < MAX_PAINTS {
            self.paints.push(paint);
        } else {
            self.overflowed = true;
        }
    }

    /// Records a clip; its index.
    pub(super) fn clip(&mut self, clip: Clip) -> u32 {
        self.clips.push(clip);
        u32::try_from(self.clips.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// The contours of a path that was kept.
    pub(super) fn contours(&self, range: Range<u32>) -> impl Iterator<Item = &[[f32; 2]]> {
        range.filter_map(|index| {
            let index = index as usize;
            let start = match index.checked_sub(1) {
                Some(before) => *self.ends.get(before)? as usize,
                None => 0,
            };
            self.points.get(start..*self.ends.get(index)? as usize)
        })
    }

    /// The upright box around a shape.
    pub(super) fn bounds(&self, shape: &Shape) -> Quad {
        match shape {
            Shape::Box(quad) => *quad,
            Shape::Path(range, _) => {
                let mut bounds = EMPTY;
                for point in self.contours(range.clone()).flatten() {
                    extend(&mut bounds, *point);
                }
                bounds
            }
        }
    }
}

/// What is left of `bounds` inside `clip`; `None` where that is nothing.
pub(super) fn clipped(bounds: Quad, clip: Quad) -> Option<Quad> {
    let both = intersection(bounds, clip);
    (!is_empty(both)).then_some(both)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(points: &[[f32; 2]]) -> Path {
        let mut path = Path::default();
        for (index, &point) in points.iter().enumerate() {
            if index == 0 { path.start(point) } else { path.line(point) }
        }
        path.close();
        path.end();
        path
    }

    #[test]
    fn only_upright_rectangles_are_boxes() {
        let square = path(&[[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0]]);
        assert_eq!(square.as_box(), Some(Quad([0.0, 0.0, 4.0, 4.0])));
        let tie = path(&[[0.0, 0.0], [4.0, 4.0], [4.0, 0.0], [0.0, 4.0]]);
        assert_eq!(tie.as_box(), None);
        let triangle = path(&[[0.0, 0.0], [4.0, 0.0], [4.0, 4.0]]);
        assert_eq!(triangle.as_box(), None);
        let twice = path(&[[0.0, 0.0], [2.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0], [0.0, 0.0]]);
        assert_eq!(twice.as_box(), Some(Quad([0.0, 0.0, 4.0, 4.0])));
        let notched = path(&[[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [2.0, 2.0], [0.0, 4.0]]);
        assert_eq!(notched.as_box(), None);
    }

    #[test]
    fn a_kept_path_gives_back_its_contours() {
        let mut canvas = Canvas::default();
        let triangle = path(&[[0.0, 0.0], [4.0, 0.0], [4.0, 9.0]]);
        canvas.keep(&triangle, Rule::NonZero);
        let Some(shape) = canvas.keep(&triangle, Rule::EvenOdd) else { panic!("kept") };
        assert_eq!(canvas.bounds(&shape), Quad([0.0, 0.0, 4.0, 9.0]));
        let Shape::Path(range, _) = shape else { panic!("no box") };
        assert_eq!(canvas.contours(range).next().map(<[_]>::len), Some(4));
    }
}
