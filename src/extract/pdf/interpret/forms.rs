//! External objects, inline pictures and shadings (ISO 32000-2 §8.7.4, §8.9, §8.10).

use super::session::note;
use super::state::Blend;
use super::{Interpreter, last_name};
use crate::extract::pdf::canvas::{Rule, Shape, Tool};
use crate::extract::pdf::geometry::{Matrix, area, bounds_of, intersection};
use crate::extract::pdf::images::Placed;
use crate::extract::pdf::pages::rectangle;
use crate::extract::pdf::tokens::{self, Operator, Token, Tokens};
use crate::model::Quad;
use lopdf::{Dictionary, Object, Stream};

/// How deep forms may lie in one another.
pub(super) const MAX_FORMS: usize = 24;
/// How many pictures of one page are remembered.
const MAX_PLACED: usize = 5_000;

impl<'o> Interpreter<'_, 'o> {
    /// Executes what is left; unknown operators are passed over, as the standard asks.
    pub(super) fn other_operator(
        &mut self,
        operator: Operator,
        operands: &[Token<'_>],
        resources: Option<&'o Dictionary>,
    ) {
        const DO: Operator = Operator::new(b"Do");
        const SH: Operator = Operator::new(b"sh");
        if self.marked_operator(operator, operands, resources) {
            return;
        }
        let Some(name) = last_name(operands) else { return };
        match operator {
            DO => {
                if let Some(Object::Stream(stream)) =
                    self.session.resource(resources, b"XObject", name)
                {
                    self.external(stream, resources);
                }
            }
            SH => self.shading(),
            _ => {}
        }
    }

    fn external(&mut self, stream: &'o Stream, resources: Option<&'o Dictionary>) {
        let hidden = self.session.hides(&stream.dict);
        let depth = self.marked.depth();
        if hidden {
            self.open_marked(true, Vec::new());
        }
        match self.session.objects.name(&stream.dict, b"Subtype") {
            Some(b"Image") => {
                self.place_picture(stream);
                self.picture(&stream.dict);
            }
            // A form without a subtype occurs; a picture has a width.
            Some(b"Form") | None if !stream.dict.has(b"Width") => self.form(stream, resources),
            _ => {}
        }
        self.close_marked_to(depth);
    }

    /// Interprets a form in its own graphics state.
    pub(super) fn form(&mut self, form: &'o Stream, resources: Option<&'o Dictionary>) {
        let address = std::ptr::from_ref(form) as usize;
        if self.forms.len() >= MAX_FORMS || self.forms.contains(&address) {
            return;
        }
        self.session.draws(form);
        if !self.may_run() {
            return;
        }
        let objects = self.session.objects;
        let decoded = objects.decoded(form);
        note(&mut self.drawn, decoded.shortfall);
        let saved = self.state;
        let stack = std::mem::take(&mut self.stack);
        let marked = self.marked.depth();
        if let Some(matrix) = objects.numbers::<6>(&form.dict, b"Matrix") {
            self.state.matrix = Matrix(matrix).then(&self.state.matrix);
        }
        self.clip_to_box(&form.dict);
        if objects.dictionary(&form.dict, b"Group").is_some() {
            self.begin_group();
        }
        self.forms.push(address);
        let own = objects.dictionary(&form.dict, b"Resources").or(resources);
        self.run(&decoded.data, own);
        self.forms.pop();
        self.close_marked_to(marked);
        self.path.clear();
        self.pending_clip = None;
        self.stack = stack;
        self.state = saved;
    }

    fn clip_to_box(&mut self, form: &Dictionary) {
        if let Some(Quad(bounds)) = rectangle(self.session.objects, form, b"BBox") {
            let [a, b, c, d] = self.state.matrix.corners(bounds);
            let mut path = std::mem::take(&mut self.path);
            path.clear();
            path.start(a);
            for point in [b, c, d] {
                path.line(point);
            }
            path.close();
            path.end();
            self.clip(&path, Rule::NonZero);
            path.clear();
            self.path = path;
        }
    }

    /// A transparency group begins with a fresh state; the alpha outside applies to it as a whole
    /// (ISO 32000-2 §11.6.6).
    fn begin_group(&mut self) {
        let state = &mut self.state;
        state.group_alpha *= state.fill.alpha;
        if state.soft_mask || state.blend != Blend::Normal {
            state.group_alpha = state.group_alpha.min(0.5);
        }
        state.tints |= state.blend == Blend::Other;
        (state.fill.alpha, state.stroke.alpha) = (1.0, 1.0);
        (state.blend, state.soft_mask) = (Blend::Normal, false);
    }

    /// Notes where a picture is drawn, for a look into it when the page is known.
    fn place_picture(&mut self, stream: &'o Stream) {
        let number = self.session.pictures.number(stream);
        if self.marked.is_hidden() || self.drawn.placed.len() >= MAX_PLACED {
            return;
        }
        self.drawn.placed.push(Placed {
            number,
            matrix: self.state.matrix,
            bounds: intersection(self.state.bounds, self.page),
            clip: self.state.clip,
            paint: u32::try_from(self.drawn.canvas.paints.len()).unwrap_or(u32::MAX),
            after: self.glyph_count(),
        });
    }

    fn picture(&mut self, picture: &Dictionary) {
        let corners = self.state.matrix.corners([0.0, 0.0, 1.0, 1.0]);
        let hidden = self.marked.is_hidden();
        let Some(bounds) = self.visible(bounds_of(&corners)).filter(|_| !hidden) else { return };
        let content = &mut self.drawn.content;
        content.pictures = content.pictures.saturating_add(1);
        let page = area(self.page).max(1.0);
        content.picture_share = (content.picture_share + area(bounds) / page).min(1.0);
        let objects = self.session.objects;
        let see_through = objects.get(picture, b"SMask").is_some()
            || objects.get(picture, b"Mask").is_some()
            || objects.flag(picture, b"ImageMask")
            || objects.flag(picture, b"IM")
            || objects.integer(picture, b"SMaskInData").is_some_and(|kind| kind != 0);
        let mut path = std::mem::take(&mut self.path);
        path.clear();
        let [a, b, c, d] = corners;
        path.start(a);
        for point in [b, c, d] {
            path.line(point);
        }
        path.close();
        path.end();
        if let Some(shape) = self.drawn.canvas.keep(&path, Rule::NonZero) {
            let mut ink = self.state.fill;
            ink.alpha = if see_through { 0.0 } else { ink.alpha };
            self.record(shape, bounds, &ink, Tool::Picture);
        }
        path.clear();
        self.path = path;
    }

    fn shading(&mut self) {
        if let Some(bounds) = self.visible(self.page).filter(|_| !self.marked.is_hidden()) {
            let ink = self.state.fill;
            self.record(Shape::Box(bounds), bounds, &ink, Tool::Shading);
        }
    }

    /// Reads an inline picture from behind its `BI` (ISO 32000-2 §8.9.7).
    pub(super) fn inline_picture(
        &mut self,
        tokens: &mut Tokens<'_>,
        _resources: Option<&'o Dictionary>,
    ) {
        const ID: Operator = Operator::new(b"ID");
        let mut dictionary = Dictionary::new();
        let mut key: Option<&[u8]> = None;
        let mut ended = false;
        for token in tokens.by_ref() {
            match (token, key) {
                (Token::Operator(ID), _) => {
                    ended = true;
                    break;
                }
                (Token::Name(name), None) => key = Some(name),
                (value, Some(name)) => {
                    dictionary.set(tokens::name(name).into_owned(), simple_object(value));
                    key = None;
                }
                _ => {}
            }
        }
        if !ended {
            self.drawn.damaged = true;
            return;
        }
        let length = inline_length(tokens.rest());
        tokens.skip(length);
        self.picture(&dictionary);
    }
}

fn simple_object(token: Token<'_>) -> Object {
    const TRUE: Operator = Operator::new(b"true");
    match token {
        Token::Number(value) => Object::Real(value),
        Token::Name(name) => Object::Name(tokens::name(name).into_owned()),
        Token::Operator(TRUE) => Object::Boolean(true),
        _ => Object::Null,
    }
}

/// How many bytes lie between `ID` and the end of `EI`: the first `EI` between white space that is followed by
/// something that reads like a content stream.
fn inline_length(rest: &[u8]) -> usize {
    let is_white =
        |byte: Option<&u8>| byte.is_none_or(|byte| byte.is_ascii_whitespace() || *byte == 0);
    for at in memchr::memmem::find_iter(rest, b"EI") {
        let behind = at.saturating_add(2);
        let before = at.checked_sub(1).and_then(|before| rest.get(before));
        let after = rest.get(behind..behind.saturating_add(12).min(rest.len())).unwrap_or_default();
        let readable =
            after.iter().all(|&byte| (0x20..0x7f).contains(&byte) || byte.is_ascii_whitespace());
        if is_white(before) && is_white(rest.get(behind)) && readable {
            return behind;
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inline_picture_ends_at_the_mark_that_is_no_data() {
        let data = b" \x80 EI \x01\x02\xff EI\nQ\n(text) Tj";
        assert_eq!(inline_length(data), 12);
        assert_eq!(inline_length(b"never ends"), 10);
    }
}
