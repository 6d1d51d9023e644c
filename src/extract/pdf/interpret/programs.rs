//! Content streams inside the graphics model: tiling patterns and the glyph programs of Type 3 fonts
//! (ISO 32000-2 §8.7.3, §9.6.4).

use super::session::Session;
use super::state::NONE;
use super::{Drawn, Interpreter};
use crate::extract::pdf::canvas::Shape;
use crate::extract::pdf::coarse::Clips;
use crate::extract::pdf::conclude::text_of;
use crate::extract::pdf::geometry::Matrix;
use crate::extract::pdf::objects::as_dictionary;
use crate::extract::pdf::owner::Frame;
use crate::extract::pdf::pages::rectangle;
use crate::extract::pdf::tokens::{Operator, Token, Tokens};
use crate::model::Quad;
use lopdf::{Object, ObjectId, Stream};

/// How deep patterns may lie in one another.
const MAX_PATTERNS: usize = 4;
/// From how many of 64 cells on a tile leaves nothing legible under it.
const SOLID: u32 = 56;

/// A glyph program that is to be run, the way from its glyph space to the page as shown, and the glyph it draws.
pub(super) type Program = (ObjectId, Matrix, usize);

impl<'o> Session<'o> {
    /// Whether a pattern leaves nothing legible under it: any shading, and tiles that are painted all over.
    pub(super) fn is_solid(&mut self, number: u32) -> bool {
        let Some(pattern) = self.pattern_object(number) else { return true };
        if let Some(&solid) = self.solid_patterns.get(&number) {
            return solid;
        }
        let shading = as_dictionary(pattern)
            .is_some_and(|one| self.objects.integer(one, b"PatternType") == Some(2));
        // Noted first, so that a pattern that paints with itself comes to an end.
        self.solid_patterns.insert(number, shading);
        if let Object::Stream(tile) = pattern
            && !shading
            && self.pattern_depth < MAX_PATTERNS
        {
            self.pattern_depth = self.pattern_depth.saturating_add(1);
            let solid = self.is_tile_solid(tile);
            self.pattern_depth = self.pattern_depth.saturating_sub(1);
            self.solid_patterns.insert(number, solid);
            return solid;
        }
        shading
    }

    fn is_tile_solid(&mut self, tile: &'o Stream) -> bool {
        let objects = self.objects;
        let Some(Quad([x0, y0, x1, y1])) = rectangle(objects, &tile.dict, b"BBox") else {
            return false;
        };
        let step = |key: &[u8], length: f32| {
            let step = objects.number(&tile.dict, key).map_or(length, f32::abs);
            if step > 0.0 { step } else { length }
        };
        // Gaps between tiles are as good as gaps in them.
        let cell = Quad([x0, y0, x0 + step(b"XStep", x1 - x0), y0 + step(b"YStep", y1 - y0)]);
        let bounds = Quad([x0, y0, x1, y1]);
        let mut interpreter = Interpreter::new(self, Drawn::default(), Matrix::IDENTITY, bounds);
        let decoded = objects.decoded(tile);
        interpreter.forms.push(std::ptr::from_ref(tile) as usize);
        interpreter.run(&decoded.data, objects.dictionary(&tile.dict, b"Resources"));
        let canvas = interpreter.drawn.canvas;
        let Some(frame) = Frame::upright(cell) else { return false };
        let mut clips = Clips::default();
        let owned = canvas.paints.iter().filter(|paint| paint.opaque).fold(0, |owned, paint| {
            let shape = match paint.shape {
                Shape::Box(_) => frame.boxed(paint.bounds),
                Shape::Path(..) => frame.cells(&canvas, &paint.shape) & frame.boxed(paint.bounds),
            };
            owned | shape & clips.cells(&canvas, &frame, paint.clip)
        });
        owned.count_ones() >= SOLID
    }
}

impl Interpreter<'_, '_> {
    /// Runs the glyph programs of a string that draw more than a glyph: text, forms or filled boxes.
    pub(super) fn glyph_programs(&mut self, programs: &[Program]) {
        let objects = self.session.objects;
        let resources = self
            .session
            .font_dictionary(self.state.text.font)
            .and_then(|font| objects.dictionary(font, b"Resources"));
        for &(id, matrix, glyph) in programs {
            let Some(Object::Stream(program)) = objects.file.objects.get(&id) else { continue };
            let address = std::ptr::from_ref(program) as usize;
            if self.forms.len() >= super::forms::MAX_FORMS
                || self.forms.contains(&address)
                || !self.session.program_draws(id, program)
            {
                continue;
            }
            if !self.may_run() {
                return;
            }
            let saved = self.state;
            let stack = std::mem::take(&mut self.stack);
            self.state.matrix = matrix;
            self.state.text.font = NONE;
            self.state.text.mode = 0;
            self.forms.push(address);
            let decoded = objects.decoded(program);
            let first = self.drawn.content.glyphs.len();
            self.run(&decoded.data, resources);
            self.drop_echo(glyph, first);
            self.forms.pop();
            self.path.clear();
            self.stack = stack;
            self.state = saved;
        }
    }

    /// A glyph program that shows nothing but the text of its own glyph, in another font, says it once.
    fn drop_echo(&mut self, glyph: usize, first: usize) {
        let Drawn { content, canvas, clips, jumps, .. } = &mut self.drawn;
        let said = content.glyphs.get(glyph).map(|own| text_of(content, own)).unwrap_or_default();
        let Some(shown) = content.glyphs.get(first).map(|one| one.start as usize) else { return };
        if said.is_empty() || content.text.get(shown..).map(str::trim) != Some(said.trim()) {
            return;
        }
        content.glyphs.truncate(first);
        content.text.truncate(shown);
        let count = u32::try_from(first).unwrap_or(NONE);
        for paint in canvas.paints.iter_mut().rev().take_while(|paint| paint.after > count) {
            paint.after = count;
        }
        for (from, _) in clips.iter_mut().rev().take_while(|(from, _)| *from > count) {
            *from = count;
        }
        jumps.retain(|&jump| jump <= count);
    }
}

impl<'o> Session<'o> {
    /// Whether a glyph program does anything that matters beside drawing its glyph.
    fn program_draws(&mut self, id: ObjectId, program: &'o Stream) -> bool {
        if let Some(&draws) = self.drawing_programs.get(&id) {
            return draws;
        }
        let decoded = self.objects.decoded(program);
        let draws = Tokens::new(&decoded.data)
            .any(|token| matches!(token, Token::Operator(operator) if is_telling(operator)));
        self.drawing_programs.insert(id, draws);
        draws
    }
}

/// Showing text, drawing an external object, and rectangles, which glyphs hardly have.
fn is_telling(operator: Operator) -> bool {
    const TELLING: [&[u8]; 6] = [b"Tj", b"TJ", b"'", b"\"", b"Do", b"re"];
    TELLING.iter().any(|word| operator == Operator::new(word))
}

#[cfg(test)]
mod tests {
    use crate::extract::pdf::testing::{draw, file, id, numbers, seen};
    use lopdf::{Dictionary, Object, Stream, dictionary};

    #[test]
    fn a_tile_covers_as_far_as_it_is_painted() {
        let tile = |content: &str| {
            let dictionary = dictionary! {"PatternType" => 1, "PaintType" => 1, "TilingType" => 1,
            "BBox" => numbers(&[0.0, 0.0, 10.0, 10.0]), "XStep" => 10, "YStep" => 10,
            "Resources" => Dictionary::new()};
            Object::Stream(Stream::new(dictionary, content.as_bytes().to_vec()))
        };
        let cases = [
            ("0 0 10 10 re f", "covered:secret name"),
            ("0 0 10 1 re f", "shown:secret name"),
            ("0 0 m 10 10 l S", "shown:secret name"),
        ];
        for (content, expected) in cases {
            let resources = dictionary! {"Pattern" => dictionary! {"P" => id(10)}};
            let page = "BT /F 10 Tf 20 50 Td (secret name) Tj ET \
                /Pattern cs /P scn 15 45 80 20 re f";
            let file = file(page, &resources, &Dictionary::new(), vec![(10, tile(content))]);
            assert_eq!(seen(&draw(&file)), expected, "{content}");
        }
    }

    #[test]
    fn text_in_a_glyph_program_is_read_and_an_echo_of_its_glyph_is_not() {
        assert_eq!(with_program("deep"), "shown:adeep");
        assert_eq!(with_program("a"), "shown:a");
    }

    fn with_program(text: &str) -> String {
        let program = format!("1000 0 d0 BT /F 800 Tf ({text}) Tj ET");
        let program = Stream::new(Dictionary::new(), program.into_bytes());
        let font = dictionary! {"Type" => "Font", "Subtype" => "Type3", "FirstChar" => 97,
        "LastChar" => 97, "Widths" => numbers(&[1000.0]), "FontBBox" => numbers(&[0.0; 4]),
        "FontMatrix" => numbers(&[0.001, 0.0, 0.0, 0.001, 0.0, 0.0]),
        "Encoding" => dictionary! {"Differences" => vec![97.into(), "a".into()]},
        "CharProcs" => dictionary! {"a" => id(11)},
        "Resources" => dictionary! {"Font" => dictionary! {"F" => id(5)}}};
        let mut file = file(
            "BT /T 10 Tf 20 50 Td (a) Tj ET",
            &Dictionary::new(),
            &Dictionary::new(),
            vec![(10, font.into()), (11, program.into())],
        );
        if let Some(Object::Dictionary(page)) = file.objects.get_mut(&(3, 0)) {
            page.set("Resources", dictionary! {"Font" => dictionary! {"T" => id(10)}});
        }
        seen(&draw(&file))
    }
}
