//! Path, clip and graphics-state operators (ISO 32000-2 §8.4.4, §8.5).

use super::state::{Blend, Ink, NONE};
use super::{Interpreter, last_name, numbers};
use crate::extract::pdf::canvas::{Clip, Paint, Path, Rule, Shape, Tool, clipped};
use crate::extract::pdf::geometry::{Matrix, bounds_of, intersection};
use crate::extract::pdf::tokens::{Operator, Token};
use crate::model::{Quad, Visibility};
use lopdf::{Dictionary, Object};

/// From which alpha on nothing is legible through a paint.
const OPAQUE: f32 = 0.9;
/// Up to how many points a stroked path is kept segment by segment.
const MAX_SEGMENTS: usize = 256;
/// Below which luminance a darkening paint leaves nothing legible under it.
const DARK: f32 = 0.1;

impl<'o> Interpreter<'_, 'o> {
    /// Executes a path operator; false where it is none.
    pub(super) fn path_operator(&mut self, operator: Operator, operands: &[Token<'_>]) -> bool {
        const M: Operator = Operator::new(b"m");
        const L: Operator = Operator::new(b"l");
        const C: Operator = Operator::new(b"c");
        const V: Operator = Operator::new(b"v");
        const Y: Operator = Operator::new(b"y");
        const H: Operator = Operator::new(b"h");
        const RE: Operator = Operator::new(b"re");
        let matrix = self.state.matrix;
        match operator {
            M | L => {
                if let Some([x, y]) = numbers(operands) {
                    let point = matrix.apply(x, y);
                    if operator == M { self.path.start(point) } else { self.path.line(point) }
                }
            }
            C => {
                if let Some([a, b, c, d, e, f]) = numbers(operands) {
                    self.path.curve(matrix.apply(a, b), matrix.apply(c, d), matrix.apply(e, f));
                }
            }
            V | Y => {
                if let Some([a, b, c, d]) = numbers(operands) {
                    let (one, two) = (matrix.apply(a, b), matrix.apply(c, d));
                    let current = self.path.points.last().copied().unwrap_or(one);
                    let (first, second) = if operator == V { (current, one) } else { (one, two) };
                    self.path.curve(first, second, two);
                }
            }
            H => self.path.close(),
            RE => {
                if let Some([x, y, width, height]) = numbers(operands) {
                    self.rectangle([x, y, x + width, y + height]);
                }
            }
            _ => return self.paint_operator(operator),
        }
        true
    }

    fn rectangle(&mut self, rectangle: [f32; 4]) {
        let [a, b, c, d] = self.state.matrix.corners(rectangle);
        self.path.start(a);
        for point in [b, c, d] {
            self.path.line(point);
        }
        self.path.close();
    }

    fn paint_operator(&mut self, operator: Operator) -> bool {
        let packed = operator.0.to_be_bytes();
        let first = packed.iter().position(|&byte| byte != 0).unwrap_or(3);
        let (close, fill, stroke) = match packed.get(first..).unwrap_or_default() {
            b"f" | b"F" => (false, Some(Rule::NonZero), false),
            b"f*" => (false, Some(Rule::EvenOdd), false),
            b"S" => (false, None, true),
            b"s" => (true, None, true),
            b"B" => (false, Some(Rule::NonZero), true),
            b"B*" => (false, Some(Rule::EvenOdd), true),
            b"b" => (true, Some(Rule::NonZero), true),
            b"b*" => (true, Some(Rule::EvenOdd), true),
            b"n" => (false, None, false),
            b"W" | b"W*" => {
                let even_odd = packed.last() == Some(&b'*');
                self.pending_clip = Some(if even_odd { Rule::EvenOdd } else { Rule::NonZero });
                return true;
            }
            _ => return false,
        };
        if close {
            self.path.close();
        }
        self.path.end();
        self.paint_path(fill, stroke);
        true
    }

    fn paint_path(&mut self, fill: Option<Rule>, stroke: bool) {
        let path = std::mem::take(&mut self.path);
        if !self.marked.is_hidden() {
            if let Some(rule) = fill {
                self.fill(&path, rule);
            }
            if stroke {
                self.stroke(&path);
            }
        }
        if let Some(rule) = self.pending_clip.take() {
            self.clip(&path, rule);
        }
        self.path = path;
        self.path.clear();
    }

    fn fill(&mut self, path: &Path, rule: Rule) {
        let Some(bounds) = self.visible(bounds_of(&path.points)) else { return };
        let ink = self.state.fill;
        let (tool, solid) = match ink.pattern {
            NONE => (Tool::Fill, true),
            pattern => (Tool::Pattern, self.session.is_solid(pattern)),
        };
        let ink = Ink { alpha: if solid { ink.alpha } else { 0.0 }, ..ink };
        if let Some(boxes) = path.as_boxes() {
            for quad in boxes {
                if let Some(bounds) = self.visible(quad) {
                    self.record(Shape::Box(quad), bounds, &ink, tool);
                }
            }
            return;
        }
        if let Some(shape) = self.drawn.canvas.keep(path, rule) {
            self.record(shape, bounds, &ink, tool);
        }
    }

    fn stroke(&mut self, path: &Path) {
        let width = (self.state.width * self.state.matrix.scale()).max(0.0);
        let Quad([x0, y0, x1, y1]) = bounds_of(&path.points);
        // A hairline is one device pixel wide, whatever that is; half a point is enough to be found.
        let half = width.max(0.5) / 2.0;
        let Some(bounds) = self.visible(Quad([x0 - half, y0 - half, x1 + half, y1 + half])) else {
            return;
        };
        let ink = self.state.stroke;
        let segments = path.points.len();
        if segments > MAX_SEGMENTS {
            let outline = outline(path, half);
            if let Some(shape) = self.drawn.canvas.keep(&outline, Rule::NonZero) {
                self.record(shape, bounds, &ink, Tool::Stroke);
            }
            return;
        }
        // Segment by segment: a line through text is found even where one path draws many.
        for contour in path.contours() {
            for pair in contour.windows(2) {
                let mut segment = Path::default();
                outline_segment(pair, half, &mut segment);
                segment.end();
                let Some(bounds) = self.visible(bounds_of(&segment.points)) else { continue };
                if let Some(shape) = self.drawn.canvas.keep(&segment, Rule::NonZero) {
                    self.record(shape, bounds, &ink, Tool::Stroke);
                }
            }
        }
    }

    /// What of a box may be seen on the page.
    pub(super) fn visible(&self, bounds: Quad) -> Option<Quad> {
        clipped(clipped(bounds, self.state.bounds)?, self.page)
    }

    /// Records a paint of the current state.
    pub(super) fn record(&mut self, shape: Shape, bounds: Quad, ink: &Ink, tool: Tool) {
        self.show_through_text();
        let paint = Paint {
            shape,
            bounds,
            clip: self.state.clip,
            after: self.glyph_count(),
            colour: (tool != Tool::Picture && tool != Tool::Shading && ink.pattern == NONE)
                .then_some(ink.colour),
            opaque: self.is_opaque(ink, tool),
            veil: self.veil(ink, tool),
            tints: ink.alpha > 0.0 && (self.state.tints || self.state.blend == Blend::Other),
            tool,
            in_annotation: self.in_annotation,
        };
        self.drawn.canvas.paint(paint);
    }

    /// Text that clips (render mode 7) is seen by what is painted through it.
    fn show_through_text(&mut self) {
        let first = self.state.text_clip as usize;
        for glyph in self.drawn.content.glyphs.get_mut(first..).into_iter().flatten() {
            if glyph.mode == 7 && glyph.visibility == Visibility::Invisible {
                glyph.visibility = Visibility::Shown;
            }
        }
    }

    fn is_opaque(&self, ink: &Ink, tool: Tool) -> bool {
        let state = &self.state;
        let blends = match state.blend {
            Blend::Normal => true,
            Blend::Darkening => tool == Tool::Fill && luminance(ink.colour) < DARK,
            Blend::Other => false,
        };
        blends
            && ink.alpha * state.group_alpha >= OPAQUE
            && !state.soft_mask
            && state.text_clip == NONE
            && !(tool == Tool::Stroke && state.dashed)
    }

    /// What a see-through paint takes away; nothing where that is not the same all over.
    fn veil(&self, ink: &Ink, tool: Tool) -> f32 {
        let state = &self.state;
        let is_even = matches!(tool, Tool::Fill | Tool::Stroke | Tool::Shading)
            && state.blend == Blend::Normal
            && !state.soft_mask
            && state.text_clip == NONE
            && !(tool == Tool::Stroke && state.dashed);
        if is_even { (ink.alpha * state.group_alpha).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// Narrows the clip to a path.
    pub(super) fn clip(&mut self, path: &Path, rule: Rule) {
        let Some(shape) = self.drawn.canvas.keep(path, rule) else { return };
        let bounds = self.drawn.canvas.bounds(&shape);
        self.state.bounds = intersection(self.state.bounds, bounds);
        if matches!(shape, Shape::Path(..)) {
            let clip = Clip { parent: self.state.clip, shape };
            self.state.clip = self.drawn.canvas.clip(clip);
        }
    }

    /// Executes a graphics-state operator; false where it is none.
    pub(super) fn state_operator(
        &mut self,
        operator: Operator,
        operands: &[Token<'_>],
        resources: Option<&'o Dictionary>,
    ) -> bool {
        const SAVE: Operator = Operator::new(b"q");
        const RESTORE: Operator = Operator::new(b"Q");
        const CM: Operator = Operator::new(b"cm");
        const W: Operator = Operator::new(b"w");
        const D: Operator = Operator::new(b"d");
        const GS: Operator = Operator::new(b"gs");
        match operator {
            SAVE => self.save(),
            RESTORE => self.restore(),
            CM => {
                if let Some(matrix) = numbers(operands) {
                    self.state.matrix = Matrix(matrix).then(&self.state.matrix);
                }
            }
            W => {
                if let Some([width]) = numbers(operands) {
                    self.state.width = width.abs();
                }
            }
            D => self.state.dashed = dashes(operands),
            GS => {
                let found = last_name(operands).and_then(|name| {
                    self.session.resource_dictionary(resources, b"ExtGState", name)
                });
                if let Some(settings) = found {
                    self.apply_settings(settings);
                }
            }
            _ => return false,
        }
        true
    }

    /// Applies a graphics-state parameter dictionary (ISO 32000-2 §8.4.5).
    fn apply_settings(&mut self, settings: &'o Dictionary) {
        let objects = self.session.objects;
        if let Some(width) = objects.number(settings, b"LW") {
            self.state.width = width.abs();
        }
        if let [Object::Array(dashes), ..] = objects.array(settings, b"D") {
            self.state.dashed = !dashes.is_empty();
        }
        if let Some(alpha) = objects.number(settings, b"ca") {
            self.state.fill.alpha = alpha;
        }
        if let Some(alpha) = objects.number(settings, b"CA") {
            self.state.stroke.alpha = alpha;
        }
        if let Some(mask) = objects.get(settings, b"SMask") {
            self.state.soft_mask = !matches!(mask, Object::Name(_));
        }
        if let [font, size] = objects.array(settings, b"Font") {
            let font = crate::extract::pdf::objects::as_dictionary(objects.resolve(font));
            self.state.text.font = self.session.font_of(font);
            if let Some(size) = crate::extract::pdf::objects::as_number(objects.resolve(size)) {
                self.state.text.size = size;
            }
        }
        let mode = match objects.get(settings, b"BM") {
            Some(Object::Array(modes)) => modes.first().map(|mode| objects.resolve(mode)),
            other => other,
        };
        if let Some(Object::Name(mode)) = mode {
            self.state.blend = match mode.as_slice() {
                b"Normal" | b"Compatible" => Blend::Normal,
                b"Multiply" | b"Darken" | b"ColorBurn" => Blend::Darkening,
                _ => Blend::Other,
            };
        }
    }
}

fn dashes(operands: &[Token<'_>]) -> bool {
    operands
        .iter()
        .skip(1)
        .take_while(|token| **token != Token::ArrayEnd)
        .any(|token| matches!(token, Token::Number(length) if *length > 0.0))
}

/// Luminance of an sRGB colour, from 0 to 1.
pub(super) fn luminance([r, g, b]: [u8; 3]) -> f32 {
    (0.2126 * f32::from(r) + 0.7152 * f32::from(g) + 0.0722 * f32::from(b)) / 255.0
}

/// The area of a stroke: one rectangle a segment, all turning the same way round.
fn outline(path: &Path, half: f32) -> Path {
    let mut outline = Path::default();
    for contour in path.contours() {
        for pair in contour.windows(2) {
            outline_segment(pair, half, &mut outline);
        }
    }
    outline.end();
    outline
}

fn outline_segment(pair: &[[f32; 2]], half: f32, outline: &mut Path) {
    let [[ax, ay], [bx, by]] = pair else { return };
    let (dx, dy) = (bx - ax, by - ay);
    let length = dx.hypot(dy);
    if length <= 0.0 {
        return;
    }
    let (nx, ny) = (-dy / length * half, dx / length * half);
    outline.start([ax + nx, ay + ny]);
    outline.line([ax - nx, ay - ny]);
    outline.line([bx - nx, by - ny]);
    outline.line([bx + nx, by + ny]);
    outline.close();
}
