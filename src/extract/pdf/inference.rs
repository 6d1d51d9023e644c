//! What can be inferred although it was taken out: a gap as wide as the word that stood there (Bland et al., `PoPETs`
//! 2023(3)), and characters that a font was cut down to keep and no page shows any more.

use super::canvas::{Paint, Shape, Tool};
use super::content::{Glyph, PageContent};
use super::interpret::{Drawn, Session};
use super::objects::Objects;
use super::owner::Frame;
use crate::model::{Document, Mark, MarkKind, Place, Quad};
use lopdf::{Dictionary, Object};
use std::collections::BTreeMap;

/// A gap narrower than this share of the font size, about three blanks, tells nothing.
const WIDE: f32 = 0.8;
/// A gap wider than this share of the font size is no word.
const TOO_WIDE: f32 = 40.0;
/// How many boxes of one page are compared with gaps.
const MAX_BOXES: usize = 500;
/// How many gaps are kept for one file.
const MAX_GAPS: usize = 1_000;
/// How many fonts are looked through.
const MAX_FONTS: usize = 64;
/// Up to this code a composite font is asked what it has.
const MAX_CODE: u16 = 0x0fff;
/// Below this sum of the colour's parts a box is dark.
const DARK: u16 = 200;

/// Letters and digits up to U+00FF, a bit each.
type Letters = [u64; 4];

/// What is gathered page by page.
#[derive(Default)]
pub(super) struct Inference {
    shown: BTreeMap<u32, Letters>,
    gaps: Vec<Gap>,
}

/// A gap with a box in it.
struct Gap {
    page: u32,
    quad: Quad,
    /// Whether one string goes on behind it: what stood there was cut out of the string.
    one_string: bool,
}

impl Inference {
    /// Takes in a page.
    pub(super) fn page(&mut self, drawn: &Drawn) {
        let content = &drawn.content;
        self.note_letters(content);
        let boxes: Vec<Quad> = drawn
            .canvas
            .paints
            .iter()
            .filter(|paint| is_box(drawn, paint))
            .take(MAX_BOXES)
            .map(|paint| paint.bounds)
            .collect();
        if boxes.is_empty() {
            return;
        }
        let mut before: Option<&Glyph> = None;
        // Blanks fill a gap too, and so does what is still there.
        for (index, glyph) in (0_u32..).zip(&content.glyphs) {
            if let Some(last) = before
                && let Some(gap) = gap_between(last, glyph)
                && self.gaps.len() < MAX_GAPS
                && let Some(found) = boxes.iter().find(|quad| fills(**quad, gap, glyph.size))
            {
                let one_string = drawn.jumps.binary_search(&index).is_ok();
                self.gaps.push(Gap { page: content.number, quad: *found, one_string });
            }
            before = Some(glyph);
        }
    }

    fn note_letters(&mut self, content: &PageContent) {
        let mut last: Option<(u32, Letters)> = None;
        for glyph in &content.glyphs {
            if last.is_none_or(|(font, _)| font != glyph.font) {
                if let Some((font, letters)) = last.take() {
                    self.shown.insert(font, letters);
                }
                let own = self.shown.get(&glyph.font).copied().unwrap_or_default();
                last = Some((glyph.font, own));
            }
            if let Some((_, letters)) = &mut last {
                text_of(content, glyph).chars().for_each(|c| add(letters, c));
            }
        }
        if let Some((font, letters)) = last {
            self.shown.insert(font, letters);
        }
    }

    /// Writes the marks, when all pages are known.
    pub(super) fn write(self, session: &mut Session<'_>, document: &mut Document) {
        let widths: Vec<f32> = self.gaps.iter().map(|gap| width(gap.quad)).collect();
        for Gap { page, quad, one_string } in self.gaps {
            if !one_string && is_token(width(quad), &widths) {
                continue;
            }
            document.marks.push(Mark {
                kind: MarkKind::Gap,
                place: Place::Page { page, quads: vec![quad] },
                range: None,
                description: "a gap in the line under a box".to_owned(),
            });
        }
        let mut fonts: BTreeMap<Vec<u8>, (Letters, Letters)> = BTreeMap::new();
        for (number, shown) in self.shown.into_iter().take(MAX_FONTS) {
            let Some(dictionary) = session.font_dictionary(number) else { continue };
            let Some(name) = subset_name(session.objects, dictionary) else { continue };
            let kept = kept(session, number, dictionary);
            // One program may serve several fonts of the file.
            let (all, seen) = fonts.entry(name.to_vec()).or_default();
            join(all, kept);
            join(seen, shown);
        }
        for (kept, shown) in fonts.into_values() {
            let unused = count(&kept).saturating_sub(count(&common(&kept, &shown)));
            // A font that was not cut down to what is used tells nothing.
            if unused > 0 && unused.saturating_mul(2) <= count(&kept) && count(&shown) > 2 {
                document.marks.push(Mark {
                    kind: MarkKind::UnusedGlyphs,
                    place: Place::Property { property: "font".to_owned() },
                    range: None,
                    description: format!("{unused} letters or digits"),
                });
            }
        }
    }
}

fn width(Quad([x0, _, x1, _]): Quad) -> f32 {
    x1 - x0
}

/// Whether a box has the width of a token: in whole points, or that of another box.
fn is_token(own: f32, widths: &[f32]) -> bool {
    let alike = widths.iter().filter(|other| (own - **other).abs() < 0.2);
    (own - own.round()).abs() < 0.02 || alike.take(2).count() == 2
}

fn text_of<'c>(content: &'c PageContent, glyph: &Glyph) -> &'c str {
    let start = glyph.start as usize;
    content.text.get(start..start.saturating_add(usize::from(glyph.len))).unwrap_or_default()
}

fn is_box(drawn: &Drawn, paint: &Paint) -> bool {
    let Quad([x0, y0, x1, y1]) = paint.bounds;
    let dark = |[r, g, b]: [u8; 3]| {
        u16::from(r).saturating_add(u16::from(g)).saturating_add(u16::from(b)) < DARK
    };
    paint.opaque
        && matches!(paint.tool, Tool::Fill | Tool::Stroke)
        && x1 - x0 > 6.0
        && (4.0..60.0).contains(&(y1 - y0))
        && (paint.in_annotation || paint.colour.is_some_and(dark))
        && match &paint.shape {
            Shape::Box(_) => true,
            Shape::Path(..) => Frame::upright(paint.bounds)
                .is_some_and(|frame| frame.cells(&drawn.canvas, &paint.shape).count_ones() > 44),
        }
}

/// The gap between two glyphs of one line, from the base line up.
fn gap_between(before: &Glyph, glyph: &Glyph) -> Option<Quad> {
    let upright = |glyph: &Glyph| {
        let [dx, dy] = glyph.direction;
        dx > 0.99 && dy.abs() < 0.01
    };
    let ([bx, by], [x, y]) = (before.origin, glyph.origin);
    let from = bx + before.advance;
    let same = (by - y).abs() < 0.1 * glyph.size && (before.size - glyph.size).abs() < 0.1;
    let wide = x - from > WIDE * glyph.size && x - from < TOO_WIDE * glyph.size;
    let fits = same && wide && upright(before) && upright(glyph);
    fits.then_some(Quad([from, y - 0.6 * glyph.size, x, y]))
}

/// Whether a box stands in a gap and fills it.
fn fills(Quad([x0, y0, x1, y1]): Quad, Quad([left, top, right, bottom]): Quad, size: f32) -> bool {
    let middle = f32::midpoint(top, bottom);
    y0 < middle
        && y1 > middle
        && x0 > left - 0.6 * size
        && x1 < right + 0.6 * size
        && x1.min(right) - x0.max(left) > 0.6 * (right - left)
}

fn add(letters: &mut Letters, c: char) {
    let code = u32::from(c);
    if code < 256
        && c.is_alphanumeric()
        && let Some(word) = letters.get_mut((code >> 6) as usize)
    {
        *word |= 1 << (code & 63);
    }
}

fn join(letters: &mut Letters, more: Letters) {
    letters.iter_mut().zip(more).for_each(|(word, more)| *word |= more);
}

fn common(one: &Letters, two: &Letters) -> Letters {
    let mut common = *one;
    common.iter_mut().zip(two).for_each(|(word, two)| *word &= two);
    common
}

fn count(letters: &Letters) -> u32 {
    letters.iter().map(|word| word.count_ones()).sum()
}

/// The name of a font that was cut down, with its tag (ISO 32000-2 §9.9.2).
fn subset_name<'o>(objects: &'o Objects<'_>, font: &'o Dictionary) -> Option<&'o [u8]> {
    let name = objects.name(font, b"BaseFont")?;
    let tagged = name.get(6) == Some(&b'+') && name.iter().take(6).all(u8::is_ascii_uppercase);
    tagged.then_some(name)
}

/// The letters and digits that a font keeps.
fn kept(session: &mut Session<'_>, number: u32, dictionary: &Dictionary) -> Letters {
    let mut letters = Letters::default();
    let objects = session.objects;
    let Some(font) = session.loaded(number) else { return letters };
    let mut take = |code: &[u8]| {
        font.decode(code, &mut |character| {
            if let Some(text) = character.text
                && character.width > 0.0
            {
                text.chars().for_each(|c| add(&mut letters, c));
            }
        });
    };
    if dictionary.has(b"DescendantFonts") {
        if dictionary.has(b"ToUnicode") || dictionary.has(b"Encoding") {
            (0..=MAX_CODE).for_each(|code| take(&code.to_be_bytes()));
        }
        return letters;
    }
    // Widths of simple fonts are given for what is there, and zero for the rest.
    let first = objects.integer(dictionary, b"FirstChar").and_then(|n| u8::try_from(n).ok());
    let widths = objects.array(dictionary, b"Widths");
    for (code, width) in (first.unwrap_or(0)..=255).zip(widths) {
        let width = super::objects::as_number(objects.resolve(width)).unwrap_or(0.0);
        if width > 0.0 {
            take(&[code]);
        }
    }
    match objects
        .dictionary(dictionary, b"FontDescriptor")
        .and_then(|descriptor| objects.get(descriptor, b"CharSet"))
    {
        Some(Object::String(names, _)) => charset(names),
        _ => letters,
    }
}

/// The letters that `CharSet` names.
fn charset(names: &[u8]) -> Letters {
    let mut letters = Letters::default();
    for name in names.split(|byte| *byte == b'/') {
        const DIGITS: [&[u8]; 10] = [
            b"zero", b"one", b"two", b"three", b"four", b"five", b"six", b"seven", b"eight",
            b"nine",
        ];
        let name = name.trim_ascii();
        match name {
            [letter] => add(&mut letters, char::from(*letter)),
            _ => {
                if let Some(digit) = (b'0'..).zip(DIGITS).find(|(_, own)| *own == name) {
                    add(&mut letters, char::from(digit.0));
                }
            }
        }
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_fills_a_gap_only_where_it_stands_in_it() {
        let gap = Quad([100.0, 90.0, 160.0, 100.0]);
        assert!(fills(Quad([101.0, 88.0, 158.0, 102.0]), gap, 10.0));
        for other in
            [[101.0, 100.5, 158.0, 101.5], [0.0, 88.0, 600.0, 102.0], [101.0, 88.0, 110.0, 102.0]]
        {
            assert!(!fills(Quad(other), gap, 10.0), "{other:?}");
        }
    }

    #[test]
    fn the_names_of_a_character_set_are_letters_and_digits() {
        let letters = charset(b"/space/A/b/seven/hyphen");
        assert_eq!(count(&letters), 3);
        let mut seen = Letters::default();
        add(&mut seen, 'A');
        assert_eq!(count(&common(&letters, &seen)), 1);
    }
}
