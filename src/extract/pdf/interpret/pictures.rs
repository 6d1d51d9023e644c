//! Pictures on a page, inline ones too (ISO 32000-2 §8.9): what of them hides what lies under them.

use super::Interpreter;
use crate::extract::pdf::canvas::{Rule, Shape, Tool};
use crate::extract::pdf::geometry::{area, bounds_of, intersection, is_empty};
use crate::extract::pdf::images::{Placed, is_stencil};
use crate::extract::pdf::tokens::{self, Operator, Token, Tokens};
use crate::model::Quad;
use lopdf::{Dictionary, Object, Stream};

/// Opaque parts of a picture that are shorter than this, in points, hide no word.
const SHORT: f32 = 8.0;
/// From how many pictures on a page on it is not looked up whether words lie under each.
const MANY: u32 = 64;
/// How many pictures of one page are remembered.
const MAX_PLACED: usize = 5_000;

impl<'o> Interpreter<'_, 'o> {
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

    /// Draws a picture of the file.
    pub(super) fn external_picture(&mut self, stream: &'o Stream) {
        self.place_picture(stream);
        if let Some(bounds) = self.picture(&stream.dict) {
            let parts = self.session.pictures.opaque_parts(self.session.objects, stream);
            self.hide_under(parts.as_deref(), &stream.dict, bounds);
        }
    }

    /// Records a picture; where it lies, if a mask lets part of what is under it shine through, and words are there.
    fn picture(&mut self, picture: &Dictionary) -> Option<Quad> {
        let corners = self.state.matrix.corners([0.0, 0.0, 1.0, 1.0]);
        let hidden = self.marked.is_hidden();
        let bounds = self.visible(bounds_of(&corners)).filter(|_| !hidden)?;
        let content = &mut self.drawn.content;
        content.pictures = content.pictures.saturating_add(1);
        let page = area(self.page).max(1.0);
        content.picture_share = (content.picture_share + area(bounds) / page).min(1.0);
        let objects = self.session.objects;
        let is_masked = objects.get(picture, b"SMask").is_some()
            || objects.get(picture, b"Mask").is_some()
            || is_stencil(objects, picture);
        let see_through =
            is_masked || objects.integer(picture, b"SMaskInData").is_some_and(|kind| kind != 0);
        if let Some(shape) = self.parallelogram(corners) {
            let mut ink = self.state.fill;
            ink.alpha = if see_through { 0.0 } else { ink.alpha };
            self.record(shape, bounds, &ink, Tool::Picture);
        }
        let Quad([x0, y0, x1, y1]) = bounds;
        let is_large = (x1 - x0).max(y1 - y0) >= SHORT;
        (is_masked && is_large && self.has_glyph_under(bounds)).then_some(bounds)
    }

    fn parallelogram(&mut self, corners: [[f32; 2]; 4]) -> Option<Shape> {
        let mut path = std::mem::take(&mut self.path);
        path.set_corners(corners);
        let shape = self.drawn.canvas.keep(&path, Rule::NonZero);
        path.clear();
        self.path = path;
        shape
    }

    fn has_glyph_under(&self, bounds: Quad) -> bool {
        let content = &self.drawn.content;
        // Where there are many pictures, looking at all glyphs for each costs more than it saves.
        if content.pictures > MANY {
            return !content.glyphs.is_empty();
        }
        content.glyphs.iter().any(|glyph| !is_empty(intersection(glyph.quad, bounds)))
    }

    /// Records the opaque parts of a picture with a mask, or that nobody knows them.
    fn hide_under(&mut self, parts: Option<&Vec<[f32; 4]>>, picture: &Dictionary, bounds: Quad) {
        let Some(parts) = parts else {
            self.drawn.unseen.masks.push(bounds);
            self.drawn.unseen.over_budget |= self.session.pictures.is_over_budget();
            return;
        };
        let tool =
            if is_stencil(self.session.objects, picture) { Tool::Fill } else { Tool::Picture };
        let ink = self.state.fill;
        for part in parts {
            let corners = self.state.matrix.corners(*part);
            let whole = bounds_of(&corners);
            let Quad([x0, y0, x1, y1]) = whole;
            if (x1 - x0).max(y1 - y0) < SHORT {
                continue;
            }
            if let Some(bounds) = self.visible(whole)
                && let Some(shape) = self.parallelogram(corners)
            {
                self.record(shape, bounds, &ink, tool);
            }
        }
    }

    /// Reads an inline picture from behind its `BI` (ISO 32000-2 §8.9.7).
    pub(super) fn inline_picture(
        &mut self,
        tokens: &mut Tokens<'_>,
        _resources: Option<&'o Dictionary>,
    ) {
        const ID: Operator = Operator::new(b"ID");
        let Some(dictionary) = inline_dictionary(tokens, ID) else {
            self.drawn.damaged = true;
            return;
        };
        let rest = tokens.rest();
        let length = inline_length(rest);
        // One blank stands before the data, and `EI` behind it.
        let data = rest.get(1..length.saturating_sub(2)).unwrap_or_default();
        tokens.skip(length);
        if let Some(bounds) = self.picture(&dictionary) {
            let picture = Stream::new(dictionary, data.to_vec());
            let parts = self.session.pictures.opaque_parts_once(self.session.objects, &picture);
            self.hide_under(parts.as_ref(), &picture.dict, bounds);
        }
    }
}

/// The entries of an inline picture, up to its data.
fn inline_dictionary(tokens: &mut Tokens<'_>, data: Operator) -> Option<Dictionary> {
    let mut dictionary = Dictionary::new();
    let mut key: Option<&[u8]> = None;
    let mut array: Option<Vec<Object>> = None;
    for token in tokens.by_ref() {
        let value = match (token, &mut array, key) {
            (Token::Operator(operator), ..) if operator == data => return Some(dictionary),
            (Token::Name(name), None, None) => {
                key = Some(name);
                continue;
            }
            (Token::ArrayStart, None, Some(_)) => {
                array = Some(Vec::new());
                continue;
            }
            (Token::ArrayEnd, ..) => array.take().map(Object::Array),
            (value, Some(array), _) => {
                array.push(simple_object(value));
                continue;
            }
            (value, None, _) => Some(simple_object(value)),
        };
        if let (Some(name), Some(value)) = (key.take(), value) {
            dictionary.set(tokens::name(name).into_owned(), value);
        }
    }
    None
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
