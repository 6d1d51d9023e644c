//! Bars that look like redactions, and whether an exemption code stands on them or beside them: a requester under the
//! Freedom of Information Act has to be told for each deletion (5 U.S.C. 552(b)).

use super::canvas::{Canvas, Paint, Tool};
use super::conclude::text_of;
use super::content::{Glyph, PageContent, PageMark};
use super::geometry::{extend, intersection, is_empty};
use super::interpret::Drawn;
use crate::model::{MarkKind, Quad, Visibility};
use crate::read::Budget;

/// How many bars of one page are looked at.
const MAX_BARS: usize = 400;
/// The heights of a bar over a line or a paragraph, in points.
const HEIGHTS: std::ops::RangeInclusive<f32> = 6.0..=120.0;
/// The shortest bar, in points.
const SHORTEST: f32 = 10.0;
/// Bars nearer to one another than this are one deletion, in points.
const NEAR: f32 = 6.0;
/// How far beside a bar its code may stand, in points.
const BESIDE: f32 = 72.0;
/// From this height on a bar is that of a paragraph, in points.
const PARAGRAPH: f32 = 30.0;
/// How far from a bar of one line the other words of the line may stand, in points.
const WITHIN: f32 = 200.0;
/// Fewer glyphs than this are no page of text.
const FEW: usize = 16;
/// A bar with channels above this is no black bar.
const DARK: u8 = 72;

/// Marks every deletion on a page that has no code.
pub(super) fn judge(drawn: &mut Drawn, budget: &Budget) {
    let Drawn { content, canvas, over_budget, .. } = drawn;
    if content.glyphs.len() < FEW {
        return;
    }
    let mut deletions: Vec<(Quad, u32)> = Vec::new();
    for (at, bar) in bars(content, canvas) {
        let Quad([x0, y0, x1, y1]) = bar;
        let around = Quad([x0 - NEAR, y0 - NEAR, x1 + NEAR, y1 + NEAR]);
        let near = |(own, _): &&mut (Quad, u32)| !is_empty(intersection(around, *own));
        if let Some((own, _)) = deletions.iter_mut().find(near) {
            extend(own, [x0, y0]);
            extend(own, [x1, y1]);
        } else {
            deletions.push((bar, at));
        }
    }
    for (quad, after) in deletions {
        if budget.is_over_time() {
            *over_budget = true;
            return;
        }
        let needs_none = !is_among_words(content, quad)
            || is_panel(content, quad, after)
            || has_code(content, quad);
        if !needs_none {
            content.marks.push(PageMark {
                kind: MarkKind::Uncoded,
                description: "a bar without a code",
                quad,
                first: 0,
                end: 0,
            });
        }
    }
}

/// Dark opaque fills of the size of a word, a line or a paragraph, with the number of glyphs before each.
fn bars<'c>(
    content: &'c PageContent,
    canvas: &'c Canvas,
) -> impl Iterator<Item = (u32, Quad)> + 'c {
    let is_bar = |paint: &&Paint| {
        let Quad([x0, y0, x1, y1]) = paint.bounds;
        let (width, height) = (x1 - x0, y1 - y0);
        paint.opaque
            && matches!(paint.tool, Tool::Fill | Tool::Stroke)
            && paint.colour.is_some_and(|colour| colour.iter().all(|channel| *channel < DARK))
            && HEIGHTS.contains(&height)
            && width >= SHORTEST.max(height)
            && width < 0.95 * content.width
    };
    let bars = canvas.paints.iter().filter(is_bar).take(MAX_BARS);
    bars.map(|paint| (paint.after, paint.bounds))
}

/// Whether a bar stands where words would stand: in a line with others, or as high as a paragraph. An ornament, a rule
/// or a printer's mark stands alone.
fn is_among_words(content: &PageContent, Quad([x0, y0, x1, y1]): Quad) -> bool {
    if y1 - y0 > PARAGRAPH && x1 - x0 > 2.0 * PARAGRAPH {
        return true;
    }
    let line = Quad([x0 - WITHIN, y0, x1 + WITHIN, y1]);
    text_in(content, line, 0).chars().filter(|c| c.is_alphanumeric()).take(3).count() == 3
}

/// Whether words are shown on it that are no code: the head of a table, a banner.
fn is_panel(content: &PageContent, bar: Quad, after: u32) -> bool {
    let on_it = text_in(content, bar, after as usize);
    on_it.chars().filter(|c| c.is_alphanumeric()).count() >= 3
        && !is_code(&on_it)
        && !["redact", "withh", "delet", "exempt"].iter().any(|word| on_it.contains(word))
}

fn has_code(content: &PageContent, Quad([x0, y0, x1, y1]): Quad) -> bool {
    is_code(&text_in(content, Quad([x0 - BESIDE, y0 - 4.0, x1 + BESIDE, y1 + 4.0]), 0))
}

/// What is shown in a box, in lower case and without blanks, from a glyph on.
fn text_in(content: &PageContent, Quad([left, top, right, bottom]): Quad, from: usize) -> String {
    let is_in = |glyph: &&Glyph| {
        let Quad([x0, y0, x1, y1]) = glyph.quad;
        let (x, y) = (f32::midpoint(x0, x1), f32::midpoint(y0, y1));
        glyph.visibility == Visibility::Shown
            && (left..=right).contains(&x)
            && (top..=bottom).contains(&y)
    };
    let glyphs = content.glyphs.get(from..).unwrap_or_default().iter().filter(is_in);
    let text: String = glyphs.map(|glyph| text_of(content, glyph)).collect();
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Whether an exemption code stands in a text without blanks: `(b)(6)`, `b(7)(c)`, `b6`, `(j)(2)`, `(k)(2)`.
pub(super) fn is_code(text: &str) -> bool {
    let bytes = text.as_bytes();
    (0..bytes.len()).any(|at| {
        let rest = bytes.get(at..).unwrap_or_default();
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let apart = before.is_none_or(|byte| !byte.is_ascii_alphanumeric());
        match rest {
            [b'(', b'b' | b'j' | b'k', b')', b'(', digit, ..]
            | [b'(', b'b', b')', digit, ..]
            | [b'b', b'(', digit, b')', ..] => digit.is_ascii_digit(),
            [b'b', digit, ..] => apart && (b'1'..=b'9').contains(digit),
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::draw_content;
    use super::*;

    #[test]
    fn a_bar_needs_a_code_on_it_or_beside_it() {
        let text = "BT /F 10 Tf 10 50 Td (The guard named him) Tj ET ";
        let cases = [
            ("0 g 90 47 60 12 re f", 1),
            ("0 g 90 47 60 12 re f 1 g BT /F 8 Tf 95 50 Td (\\(b\\)\\(6\\)) Tj ET", 0),
            ("0 g 90 47 40 12 re f BT /F 8 Tf 135 50 Td (b6, b7C) Tj ET", 0),
            ("0 g 90 47 60 12 re f 1 g BT /F 8 Tf 95 50 Td (REDACTED) Tj ET", 1),
            // The head of a table, a rule, a wide band, and a deletion of two lines.
            ("0 g 90 47 60 12 re f 1 g BT /F 8 Tf 95 50 Td (Name) Tj ET", 0),
            ("0 g 90 47 60 1 re f", 0),
            ("0 g 90 80 60 12 re f", 0),
            ("0 g 0 47 200 12 re f", 0),
            ("0 g 90 47 60 12 re f 10 33 80 12 re f", 1),
        ];
        for (paint, expected) in cases {
            let mut drawn = draw_content(&format!("{text}{paint}"));
            judge(&mut drawn, &Budget::default());
            let found = drawn.content.marks.iter().filter(|mark| mark.kind == MarkKind::Uncoded);
            assert_eq!(found.count(), expected, "{paint}");
        }
    }
}
