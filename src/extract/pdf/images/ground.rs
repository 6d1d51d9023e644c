//! Text in the colour of the picture under it: white words on the white of a scan.

use super::page::{RUN, text_of, values_under};
use super::{Placed, is_stencil};
use crate::extract::pdf::canvas::Canvas;
use crate::extract::pdf::content::{Glyph, PageContent};
use crate::extract::pdf::interpret::{Drawn, Session};
use crate::extract::pdf::owner::{Frame, is_blank};
use crate::model::{Quad, Visibility};

/// From which luminance on a colour is as good as white, and up to which as good as black: between them, colours of
/// one luminance may still be told apart.
const LIGHT: u8 = 236;
/// See [`LIGHT`].
const DARK: u8 = 16;
/// Pixels that differ by no more than this from the text do not show it.
const SAME: u8 = 8;
/// How many glyphs are looked at between two looks at the clock.
const BETWEEN_LOOKS: usize = 64;

/// Finds words that are seen on paper and vanish in the picture that lies there.
pub(super) fn judge(session: &mut Session<'_>, drawn: &mut Drawn, pictures: &[Placed]) {
    let Drawn { content, canvas, over_budget, .. } = drawn;
    let mut vanished: Vec<usize> = Vec::new();
    for index in 0..content.glyphs.len() {
        if index.is_multiple_of(BETWEEN_LOOKS) && session.objects.budget.is_over_time() {
            *over_budget = true;
            break;
        }
        let Some(glyph) = content.glyphs.get(index) else { break };
        if vanishes(session, content, canvas, pictures, index, glyph) {
            vanished.push(index);
        }
    }
    for run in runs(content, &vanished) {
        for glyph in content.glyphs.get_mut(run).into_iter().flatten() {
            glyph.visibility = Visibility::Invisible;
        }
    }
}

/// The stretches of glyphs with nothing but blanks between them that have enough word characters.
fn runs(content: &PageContent, vanished: &[usize]) -> Vec<std::ops::RangeInclusive<usize>> {
    let is_next = |a: &usize, b: &usize| {
        let between = content.glyphs.get(a.saturating_add(1)..*b).unwrap_or_default();
        between.iter().all(|glyph| text_of(content, glyph).chars().all(is_blank))
    };
    let is_word = |index: &&usize| {
        let glyph = content.glyphs.get(**index);
        glyph.is_some_and(|glyph| text_of(content, glyph).chars().any(char::is_alphanumeric))
    };
    let long = vanished.chunk_by(is_next).filter(|run| run.iter().filter(is_word).count() >= RUN);
    long.filter_map(|run| Some(*run.first()?..=*run.last()?)).collect()
}

fn vanishes(
    session: &mut Session<'_>,
    content: &PageContent,
    canvas: &Canvas,
    pictures: &[Placed],
    index: usize,
    glyph: &Glyph,
) -> bool {
    let luma = super::decode::luma(&glyph.colour);
    if glyph.visibility != Visibility::Shown || (DARK..=LIGHT).contains(&luma) {
        return false;
    }
    let at = u32::try_from(index).unwrap_or(u32::MAX);
    let Quad([x0, y0, x1, y1]) = glyph.quad;
    let (x, y) = (f32::midpoint(x0, x1), f32::midpoint(y0, y1));
    let holds = |Quad([left, top, right, bottom]): Quad| {
        (left..=right).contains(&x) && (top..=bottom).contains(&y)
    };
    let below = |placed: &&Placed| placed.after <= at && holds(placed.seen());
    let Some(placed) = pictures.iter().rev().find(below) else { return false };
    let Some(frame) = Frame::of(glyph, text_of(content, glyph)) else { return false };
    let Some(raster) = raster(session, placed, luma < DARK) else { return false };
    let values = values_under(&raster, placed, frame.bounds, [6, 6]);
    if values.len() <= 30 || values.iter().any(|value| value.abs_diff(luma) > SAME) {
        return false;
    }
    let mut later = canvas.paints.iter().skip(placed.paint as usize).skip(1);
    !later.any(|paint| paint.after <= at && holds(paint.bounds))
}

/// The pixels of a picture without a mask. Under dark text, which is what most text is, only small ones are decoded.
fn raster(
    session: &mut Session<'_>,
    placed: &Placed,
    is_dark: bool,
) -> Option<std::rc::Rc<super::decode::Raster>> {
    const SMALL: usize = 1_000_000;
    let objects = session.objects;
    let stream = session.pictures.stream(placed.number)?;
    let is_masked = stream.dict.has(b"SMask")
        || stream.dict.has(b"Mask")
        || stream.dict.has(b"SMaskInData")
        || is_stencil(objects, &stream.dict);
    let is_large = super::decode::pixels(objects, &stream.dict) > SMALL;
    if is_masked || is_dark && is_large {
        return None;
    }
    session.pictures.curious_raster(objects, stream)
}

#[cfg(test)]
mod tests {
    use crate::extract::Extractor as _;
    use crate::extract::pdf::Pdf;
    use crate::extract::pdf::testing::file;
    use crate::model::Visibility;
    use crate::read::Budget;
    use lopdf::{Dictionary, Object, Stream, dictionary};

    #[test]
    fn words_in_the_colour_of_their_picture_are_invisible() {
        let cases = [
            ("1 g", 255, "secret"),
            ("0 g", 0, "secret"),
            ("0 g", 255, ""),
            ("1 g", 120, ""),
            ("1 g 0 0 90 90 re f 0 g", 0, ""),
        ];
        for (colour, value, expected) in cases {
            let content = format!(
                "q 200 0 0 100 0 0 cm /P Do Q {colour} BT /F 10 Tf 20 50 Td (secret) Tj ET"
            );
            let picture = dictionary! {"Subtype" => "Image", "Width" => 20, "Height" => 20,
            "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8};
            let picture = Stream::new(picture, vec![value; 400]);
            let resources =
                dictionary! {"XObject" => dictionary! {"P" => Object::Reference((90, 0))}};
            let objects = vec![(90, Object::Stream(picture))];
            let mut bytes = Vec::new();
            file(&content, &resources, &Dictionary::new(), objects).save_to(&mut bytes).unwrap();
            let document = Pdf.extract(&bytes, &Budget::default()).value;
            let hidden =
                document.passages().filter(|one| one.visibility() == Visibility::Invisible);
            let hidden: String = hidden.map(|one| one.text().to_owned()).collect();
            assert_eq!(hidden, expected, "{colour} on {value}");
        }
    }
}
