//! Text operators and the placing of glyphs (ISO 32000-2 §9.4).

use super::programs::Program;
use super::state::{NONE, State};
use super::{Drawn, Interpreter, last_name, numbers};
use crate::extract::pdf::canvas::{Paint, Shape, Tool, clipped};
use crate::extract::pdf::content::Glyph;
use crate::extract::pdf::font::{Char, Font};
use crate::extract::pdf::geometry::{Matrix, finite};
use crate::extract::pdf::tokens::{self, Operator, Token};
use crate::model::{Quad, Visibility};
use lopdf::Dictionary;
use std::rc::Rc;

impl<'o> Interpreter<'_, 'o> {
    /// Executes a text operator; false where it is none.
    pub(super) fn text_operator(
        &mut self,
        operator: Operator,
        operands: &[Token<'_>],
        resources: Option<&'o Dictionary>,
    ) -> bool {
        const TJ_ARRAY: Operator = Operator::new(b"TJ");
        const TJ: Operator = Operator::new(b"Tj");
        const QUOTE: Operator = Operator::new(b"'");
        const DOUBLE_QUOTE: Operator = Operator::new(b"\"");
        const TD: Operator = Operator::new(b"Td");
        const TD_LEADING: Operator = Operator::new(b"TD");
        const TM: Operator = Operator::new(b"Tm");
        const T_STAR: Operator = Operator::new(b"T*");
        const BT: Operator = Operator::new(b"BT");
        const ET: Operator = Operator::new(b"ET");
        const TF: Operator = Operator::new(b"Tf");
        match operator {
            TJ_ARRAY => self.show_array(operands),
            TJ => self.show_last(operands),
            QUOTE => {
                self.next_line(0.0, -self.state.text.leading);
                self.show_last(operands);
            }
            DOUBLE_QUOTE => {
                if let [.., Token::Number(word), Token::Number(character), _] = operands {
                    (self.state.text.word_spacing, self.state.text.spacing) = (*word, *character);
                }
                self.next_line(0.0, -self.state.text.leading);
                self.show_last(operands);
            }
            TD | TD_LEADING => {
                if let Some([x, y]) = numbers(operands) {
                    if operator == TD_LEADING {
                        self.state.text.leading = -y;
                    }
                    self.next_line(x, y);
                }
            }
            TM => {
                if let Some(matrix) = numbers(operands) {
                    self.set_text_matrix(Matrix(matrix));
                }
            }
            T_STAR => self.next_line(0.0, -self.state.text.leading),
            BT => self.set_text_matrix(Matrix::IDENTITY),
            ET => {}
            TF => self.set_font(operands, resources),
            _ => return self.text_state_operator(operator, operands),
        }
        true
    }

    fn text_state_operator(&mut self, operator: Operator, operands: &[Token<'_>]) -> bool {
        const TC: Operator = Operator::new(b"Tc");
        const TW: Operator = Operator::new(b"Tw");
        const TZ: Operator = Operator::new(b"Tz");
        const TL: Operator = Operator::new(b"TL");
        const TR: Operator = Operator::new(b"Tr");
        const TS: Operator = Operator::new(b"Ts");
        if !matches!(operator, TC | TW | TZ | TL | TR | TS) {
            return false;
        }
        let Some([value]) = numbers(operands) else { return true };
        let text = &mut self.state.text;
        match operator {
            TC => text.spacing = value,
            TW => text.word_spacing = value,
            TZ => text.stretch = value / 100.0,
            TL => text.leading = value,
            TS => text.rise = value,
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 7")]
            _ => text.mode = value.clamp(0.0, 7.0) as u8,
        }
        true
    }

    fn set_text_matrix(&mut self, matrix: Matrix) {
        (self.state.text.matrix, self.state.text.line) = (matrix, matrix);
    }

    fn next_line(&mut self, x: f32, y: f32) {
        self.set_text_matrix(self.state.text.line.moved(x, y));
    }

    fn set_font(&mut self, operands: &[Token<'_>], resources: Option<&'o Dictionary>) {
        if let [.., Token::Name(name), Token::Number(size)] = operands {
            self.state.text.size = *size;
            self.state.text.font = self.session.font(resources, name);
        } else if let Some(name) = last_name(operands) {
            self.state.text.font = self.session.font(resources, name);
        }
    }

    fn show_last(&mut self, operands: &[Token<'_>]) {
        let Some(last) = operands.last() else { return };
        let mut scratch = std::mem::take(&mut self.scratch);
        if let Some(bytes) = tokens::string(last, &mut scratch) {
            self.show(bytes);
        }
        self.scratch = scratch;
    }

    fn show_array(&mut self, operands: &[Token<'_>]) {
        let mut scratch = std::mem::take(&mut self.scratch);
        let Some(mut pen) = self.pen() else { return };
        for token in operands {
            match token {
                Token::Number(shift) => pen.shift(*shift),
                Token::Plain(_) | Token::Literal(_) | Token::Hex(_) => {
                    if let Some(bytes) = tokens::string(token, &mut scratch) {
                        pen.show(bytes);
                    }
                }
                _ => {}
            }
        }
        let (at, programs) = (pen.at, pen.programs);
        self.lift(at, &programs);
        self.scratch = scratch;
    }

    fn show(&mut self, bytes: &[u8]) {
        let Some(mut pen) = self.pen() else { return };
        pen.show(bytes);
        let (at, programs) = (pen.at, pen.programs);
        self.lift(at, &programs);
    }

    fn lift(&mut self, [x, y]: [f32; 2], programs: &[Program]) {
        if !programs.is_empty() {
            self.glyph_programs(programs);
        }
        self.state.text.matrix = self.state.text.matrix.moved(x, y);
    }

    /// What a text-showing operator needs, worked out once.
    fn pen(&mut self) -> Option<Pen<'_>> {
        let font = self.session.loaded(self.state.text.font)?;
        if self.state.text.mode >= 4 && self.state.text_clip == NONE {
            self.state.text_clip = self.glyph_count();
        }
        let state = &self.state;
        let first = u32::try_from(self.drawn.content.glyphs.len()).unwrap_or(NONE);
        if self.drawn.clips.last().map_or(NONE, |&(_, clip)| clip) != state.clip {
            self.drawn.clips.push((first, state.clip));
        }
        Some(Pen::new(
            font,
            state,
            &mut self.drawn,
            Origin {
                page: self.page,
                in_annotation: self.in_annotation,
                hidden: self.marked.is_hidden(),
            },
        ))
    }
}

/// How many glyph programs are run for one string.
const MAX_PROGRAMS: usize = 10_000;
/// Up to which number in a `TJ` array the next glyph stands apart, in thousandths of the font size.
const JUMP: f32 = -800.0;
/// How many such glyphs are remembered for one page.
const MAX_JUMPS: usize = 10_000;
/// Below which alpha text cannot be made out.
const FAINT: f32 = 0.05;

/// What the glyphs of a string have in common.
struct Origin {
    page: Quad,
    in_annotation: bool,
    hidden: bool,
}

struct Pen<'p> {
    font: Rc<Font>,
    state: &'p State,
    drawn: &'p mut Drawn,
    origin: Origin,
    /// Text space to the page as shown.
    matrix: Matrix,
    /// Where the next glyph goes, in text space.
    at: [f32; 2],
    direction: [f32; 2],
    /// One unit along the base line of horizontal text, and the corners of a glyph's box above and below it.
    across: [f32; 2],
    low: [f32; 2],
    high: [f32; 2],
    /// Length of one unit along the writing direction.
    along: f32,
    size: f32,
    stretch: f32,
    colour: [u8; 3],
    /// What all glyphs of the string are before anybody looks where they stand.
    visibility: Visibility,
    /// What is left to be run for the glyphs of a Type 3 font.
    programs: Vec<Program>,
}

impl<'p> Pen<'p> {
    fn new(font: Rc<Font>, state: &'p State, drawn: &'p mut Drawn, origin: Origin) -> Self {
        let matrix = state.text.matrix.then(&state.matrix);
        let [dx, dy] =
            if font.vertical { matrix.vector(0.0, -1.0) } else { matrix.vector(1.0, 0.0) };
        let length = dx.hypot(dy);
        let [ux, uy] = matrix.vector(0.0, 1.0);
        // A negative size or stretch turns the writing direction round.
        let turn = state.text.size * if font.vertical { 1.0 } else { state.text.stretch };
        let sign = if turn < 0.0 { -1.0 } else { 1.0 };
        let unit = if length > 0.0 { sign / length } else { 0.0 };
        Self {
            across: matrix.vector(1.0, 0.0),
            low: matrix.vector(0.0, font.descent * state.text.size),
            high: matrix.vector(0.0, font.ascent * state.text.size),
            along: length,
            size: state.text.size.abs() * font.em * ux.hypot(uy),
            font,
            state,
            drawn,
            origin,
            matrix,
            at: [0.0; 2],
            direction: [dx * unit, dy * unit],
            stretch: state.text.stretch,
            colour: if matches!(state.text.mode & 3, 1 | 2) {
                state.stroke.colour
            } else {
                state.fill.colour
            },
            visibility: Visibility::Shown,
            programs: Vec::new(),
        }
        .judged()
    }

    /// Works out what can be told without looking where glyphs stand.
    fn judged(mut self) -> Self {
        let (state, mode) = (self.state, self.state.text.mode & 3);
        let fill = if matches!(mode, 0 | 2) { state.fill.alpha } else { 0.0 };
        let alpha = if matches!(mode, 1 | 2) { fill.max(state.stroke.alpha) } else { fill };
        self.drawn.looks.note(self.colour, self.size, state.text.mode);
        self.visibility = if self.origin.hidden {
            Visibility::HiddenLayer
        } else if mode == 3 || alpha * state.group_alpha < FAINT {
            Visibility::Invisible
        } else if self.size < 1.0 || self.stretch.abs() < 0.05 {
            Visibility::Micro
        } else {
            Visibility::Shown
        };
        self
    }

    /// A number in a `TJ` array.
    fn shift(&mut self, thousandths: f32) {
        let distance = -thousandths / 1000.0 * self.state.text.size;
        if thousandths < JUMP && self.drawn.jumps.len() < MAX_JUMPS {
            let next = self.drawn.content.glyphs.len();
            self.drawn.jumps.push(u32::try_from(next).unwrap_or(NONE));
        }
        let [x, y] = &mut self.at;
        if self.font.vertical {
            *y += distance;
        } else {
            *x += distance * self.stretch;
        }
    }

    fn show(&mut self, bytes: &[u8]) {
        let font = Rc::clone(&self.font);
        font.decode(bytes, &mut |character| self.place(&character));
    }

    fn place(&mut self, character: &Char<'_>) {
        let text = &self.state.text;
        let is_space = character.bytes == 1 && character.code == 32;
        let spacing = text.spacing + if is_space { text.word_spacing } else { 0.0 };
        let [x, y] = self.at;
        if let Some((advance, [vx, vy])) = character.vertical.filter(|_| self.font.vertical) {
            let origin = [x - vx * text.size * self.stretch, y - vy * text.size + text.rise];
            let advance = advance * text.size;
            self.push(character, origin, character.width * text.size * self.stretch, advance.abs());
            self.at = [x, y + advance - spacing];
            return;
        }
        let advance = character.width * text.size * self.stretch;
        self.push(character, [x, y + text.rise], advance, advance.abs());
        self.add_program(character.code, [x, y + text.rise]);
        self.at = [x + advance + spacing * self.stretch, y];
    }

    fn add_program(&mut self, code: u32, [x, y]: [f32; 2]) {
        let Some(type3) = &self.font.type3 else { return };
        let program = type3.programs.iter().find(|(own, _)| *own == code);
        if let Some(&(_, id)) = program.filter(|_| self.programs.len() < MAX_PROGRAMS) {
            let size = self.state.text.size;
            let text = Matrix([size * self.stretch, 0.0, 0.0, size, x, y]).then(&self.matrix);
            let glyph = self.drawn.content.glyphs.len().saturating_sub(1);
            self.programs.push((id, Matrix(type3.matrix).then(&text), glyph));
        }
    }

    /// `width` is in text space and may be negative; `advance` is the length along the writing direction there.
    fn push(&mut self, character: &Char<'_>, [x, y]: [f32; 2], width: f32, advance: f32) {
        let text = &self.state.text;
        let origin = self.matrix.apply(x, y);
        let quad = self.quad(origin, width);
        let content = &mut self.drawn.content;
        let start = content.text.len();
        content.text.push_str(character.text.unwrap_or_default());
        self.drawn.undecodable.count(character);
        if character.text.is_some_and(is_block) {
            self.paint_block(quad);
        } else if self.is_blot() {
            self.paint_block(self.blot(quad));
        }
        let visibility = self.visibility(quad);
        let content = &mut self.drawn.content;
        content.glyphs.push(Glyph {
            start: u32::try_from(start).unwrap_or(u32::MAX),
            len: u8::try_from(content.text.len().saturating_sub(start)).unwrap_or(u8::MAX),
            mode: text.mode,
            visibility,
            in_annotation: self.origin.in_annotation,
            in_text_layer: false,
            quad,
            direction: self.direction,
            origin,
            advance: advance * self.along,
            size: self.size,
            font: text.font,
            colour: self.colour,
        });
    }

    /// Whether letters are stroked so thickly that they run into blots.
    fn is_blot(&self) -> bool {
        let state = self.state;
        matches!(state.text.mode & 3, 1 | 2) && state.width * state.matrix.scale() > 0.5 * self.size
    }

    fn blot(&self, Quad([x0, y0, x1, y1]): Quad) -> Quad {
        let half = self.state.width * self.state.matrix.scale() / 2.0;
        Quad([x0 - half, y0, x1 + half, y1])
    }

    /// A block drawn as a character covers like any rectangle.
    fn paint_block(&mut self, quad: Quad) {
        let state = self.state;
        let opaque = state.fill.alpha * state.group_alpha > 0.9 && !state.soft_mask;
        if !opaque || self.origin.hidden || state.text.mode & 3 == 3 {
            return;
        }
        let Some(bounds) = clipped(quad, state.bounds) else { return };
        let after = u32::try_from(self.drawn.content.glyphs.len()).unwrap_or(NONE);
        self.drawn.canvas.paint(Paint {
            shape: Shape::Box(quad),
            bounds,
            clip: state.clip,
            after,
            // Without a colour, or the block would vanish in its own paint.
            colour: None,
            opaque,
            veil: 0.0,
            tints: false,
            tool: Tool::Fill,
            in_annotation: self.origin.in_annotation,
        });
    }

    /// The upright box around a glyph.
    fn quad(&self, [x, y]: [f32; 2], width: f32) -> Quad {
        let ([ax, ay], [lx, ly], [hx, hy]) = (self.across, self.low, self.high);
        let (wx, wy) = (ax * width, ay * width);
        Quad([
            finite(x + lx.min(hx) + wx.min(0.0)),
            finite(y + ly.min(hy) + wy.min(0.0)),
            finite(x + lx.max(hx) + wx.max(0.0)),
            finite(y + ly.max(hy) + wy.max(0.0)),
        ])
    }

    /// What can be told without looking at other paints.
    fn visibility(&self, quad: Quad) -> Visibility {
        if self.visibility != Visibility::Shown {
            self.visibility
        } else if !shows(quad, self.origin.page) {
            Visibility::OffPage
        } else if !shows(quad, self.state.bounds) {
            Visibility::Clipped
        } else {
            Visibility::Shown
        }
    }
}

/// Whether a character is a full block.
fn is_block(text: &str) -> bool {
    // Asked for every glyph, so by bytes: U+2588, U+25A0, U+25AC, U+25AE.
    matches!(text.as_bytes(), [0xe2, 0x96, 0x88 | 0xa0 | 0xac | 0xae])
}

/// Whether at least a fifth of a glyph lies inside a box.
fn shows(quad: Quad, bounds: Quad) -> bool {
    let (Quad([x0, y0, x1, y1]), Quad([left, top, right, bottom])) = (quad, bounds);
    if x0 >= left && y0 >= top && x1 <= right && y1 <= bottom {
        return true;
    }
    let share = |low: f32, high: f32, from: f32, to: f32| {
        let length = (high - low).max(0.01);
        (high.min(to).max(from) - low.max(from).min(to)).max(0.0) / length
    };
    let inside = |low: f32, high: f32, from: f32, to: f32| {
        // What has no extent is inside or outside as a whole.
        if high - low < 0.01 {
            f32::from(u8::from(low >= from && low <= to))
        } else {
            share(low, high, from, to)
        }
    };
    inside(x0, x1, left, right) * inside(y0, y1, top, bottom) >= 0.2
}

impl super::Undecodable {
    fn count(&mut self, character: &Char<'_>) {
        if character.text.is_some() {
            self.run = 0;
            return;
        }
        self.glyphs = self.glyphs.saturating_add(1);
        self.run = self.run.saturating_add(1);
        self.longest_run = self.longest_run.max(self.run);
    }
}
