//! What of the text on a page a reader sees: every paint is weighed against every glyph it touches, in paint order.

use super::canvas::{Canvas, Paint, Shape, Tool};
use super::coarse::{Clips, Coarse};
use super::conclude::{MOST, conclude, text_of};
use super::content::{Glyph, PageContent};
use super::geometry::{intersection, is_empty};
use super::interpret::Drawn;
use super::owner::{ALL, Frame};
use super::relevance::{WHITE, has_colour, is_same, is_veil, is_white, relevant};
use crate::model::{Quad, Visibility};
use crate::read::Budget;
use std::cell::OnceCell;

/// Up to how many visible cells a glyph is clipped away.
const FEW: u32 = 12;
/// Up to this much of a glyph may shine through and nobody can read it.
const SHINES: f32 = 0.1;
/// From how many pairs of paint and glyph on glyphs are looked up by their height on the page.
const MANY_PAIRS: usize = 40_000;
/// What weighing one paint against one glyph costs at least, in edges.
const FIXED_COST: u64 = 32;
/// How many edges may be traced for one page.
const MAX_EDGES: u64 = 300_000_000;
/// How many steps pass between two looks at the clock.
const BETWEEN_LOOKS: u32 = 32;

/// Judges every glyph of a page, and notes covers and strikes.
pub(super) fn judge(drawn: &mut Drawn, budget: &Budget) {
    find_text_layer(drawn);
    let paints = relevant(drawn);
    if paints.is_empty() && drawn.canvas.clips.is_empty() && !has_colour(&drawn.looks, WHITE) {
        return;
    }
    let mut judge = Judge::new(drawn, paints.len(), budget);
    judge.weigh_clips();
    judge.weigh_paints(&paints);
    let over = judge.edges > MAX_EDGES;
    let Judge { glyphs: judged, .. } = judge;
    drawn.over_budget |= over || drawn.canvas.overflowed;
    conclude(&mut drawn.content, &drawn.canvas, &judged);
}

/// Tells the text layer of a scan: words in render mode 3 over a picture.
fn find_text_layer(drawn: &mut Drawn) {
    if !drawn.looks.silent {
        return;
    }
    let Drawn { content, canvas, .. } = drawn;
    let pictures: Vec<Quad> = canvas
        .paints
        .iter()
        .filter(|paint| paint.tool == Tool::Picture)
        .map(|paint| paint.bounds)
        .collect();
    if pictures.is_empty() {
        return;
    }
    let silent = |glyph: &&mut Glyph| glyph.mode == 3 && glyph.visibility == Visibility::Invisible;
    for glyph in content.glyphs.iter_mut().filter(silent) {
        let Quad([x0, y0, x1, y1]) = glyph.quad;
        let (x, y) = (f32::midpoint(x0, x1), f32::midpoint(y0, y1));
        glyph.in_text_layer = pictures.iter().any(|&Quad([left, top, right, bottom])| {
            (left..=right).contains(&x) && (top..=bottom).contains(&y)
        });
    }
}

/// What is known of one glyph.
#[derive(Clone, Copy)]
pub(super) struct Judged {
    /// Cells that later paints own.
    pub(super) covered: u64,
    /// Cells whose ground has the glyph's own colour.
    pub(super) same: u64,
    /// The paint that took the most.
    pub(super) cover: u32,
    /// The line through it.
    pub(super) strike: u32,
    /// Whether its clip leaves nothing of it.
    pub(super) clipped: bool,
    /// How much shines through all see-through paint over it.
    clear: f32,
}

/// No paint.
pub(super) const NONE: u32 = u32::MAX;

struct Judge<'d> {
    content: &'d PageContent,
    canvas: &'d Canvas,
    clips: &'d [(u32, u32)],
    glyphs: Vec<Judged>,
    /// Glyphs by the top of their boxes, where there are many pairs.
    by_height: Option<Vec<(f32, u32)>>,
    tallest: f32,
    coarse: Clips,
    edges: u64,
    looks: u32,
    budget: &'d Budget,
}

impl<'d> Judge<'d> {
    fn new(drawn: &'d Drawn, paints: usize, budget: &'d Budget) -> Self {
        let (content, canvas) = (&drawn.content, &drawn.canvas);
        let blank =
            Judged { covered: 0, same: 0, cover: NONE, strike: NONE, clipped: false, clear: 1.0 };
        let judged =
            |glyph: &Glyph| Judged { same: if is_white(glyph.colour) { ALL } else { 0 }, ..blank };
        let glyphs: Vec<Judged> = content.glyphs.iter().map(judged).collect();
        let height = |glyph: &Glyph| {
            let Quad([_, top, _, bottom]) = glyph.quad;
            bottom - top
        };
        let tallest = content.glyphs.iter().map(height).fold(0.0, f32::max);
        let many = paints.saturating_mul(glyphs.len()) > MANY_PAIRS;
        let by_height = many.then(|| {
            let tops = (0_u32..).zip(&content.glyphs).map(|(index, glyph)| {
                let Quad([_, top, ..]) = glyph.quad;
                (top, index)
            });
            let mut tops: Vec<(f32, u32)> = tops.collect();
            tops.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
            tops
        });
        Self {
            content,
            canvas,
            clips: &drawn.clips,
            glyphs,
            by_height,
            tallest,
            coarse: Clips::default(),
            edges: 0,
            looks: 0,
            budget,
        }
    }

    /// Glyphs outside their own clip.
    fn weigh_clips(&mut self) {
        let ends = self.clips.iter().skip(1).map(|&(first, _)| first).chain([NONE]);
        for (&(first, clip), end) in self.clips.iter().zip(ends) {
            if clip == NONE {
                continue;
            }
            let end = (end as usize).min(self.glyphs.len());
            for number in first as usize..end {
                if self.is_over() {
                    return;
                }
                self.weigh_clip(number, clip);
            }
        }
    }

    fn weigh_clip(&mut self, number: usize, clip: u32) {
        let Some(glyph) = self.content.glyphs.get(number) else { return };
        let Some(frame) = Frame::of(glyph, text_of(self.content, glyph)) else { return };
        self.edges = self.edges.saturating_add(64);
        let inside = self.coarse.cells(self.canvas, &frame, clip);
        if let Some(judged) = self.glyphs.get_mut(number) {
            judged.clipped = inside.count_ones() <= FEW;
        }
    }

    fn weigh_paints(&mut self, paints: &[u32]) {
        let canvas = self.canvas;
        for &index in paints {
            let Some(paint) = canvas.paints.get(index as usize) else { continue };
            let mut weighing = Weighing::new(self.content, canvas, index, paint);
            let (clips, edges) = (&mut self.coarse, &mut self.edges);
            let Quad([_, top, _, bottom]) = paint.bounds;
            if let Some(order) = &self.by_height {
                let from = order.partition_point(|&(y, _)| y < top - self.tallest);
                let touched = order.iter().skip(from).take_while(|&&(y, _)| y <= bottom);
                for &(_, number) in touched {
                    if let Some(glyph) = self.glyphs.get_mut(number as usize) {
                        weighing.weigh(number, glyph, clips, edges);
                    }
                }
            } else {
                for (number, glyph) in (0_u32..).zip(&mut self.glyphs) {
                    weighing.weigh(number, glyph, clips, edges);
                }
            }
            if self.is_over() {
                return;
            }
        }
    }

    /// Whether the page has cost enough, or the file has.
    fn is_over(&mut self) -> bool {
        self.looks = self.looks.wrapping_add(1);
        if self.looks.is_multiple_of(BETWEEN_LOOKS) && self.budget.is_over_time() {
            self.edges = u64::MAX;
        }
        self.edges > MAX_EDGES
    }
}

/// One paint that is being weighed against glyphs.
struct Weighing<'d> {
    content: &'d PageContent,
    canvas: &'d Canvas,
    index: u32,
    paint: &'d Paint,
    /// Its raster, made when the first glyph needs it.
    coarse: OnceCell<Option<Box<Coarse>>>,
    cost: u64,
}

impl<'d> Weighing<'d> {
    fn new(content: &'d PageContent, canvas: &'d Canvas, index: u32, paint: &'d Paint) -> Self {
        let cost = match &paint.shape {
            Shape::Box(_) => 4,
            Shape::Path(range, _) => canvas.contours(range.clone()).map(<[_]>::len).sum::<usize>(),
        };
        Self { content, canvas, index, paint, coarse: OnceCell::new(), cost: cost as u64 }
    }

    fn weigh(&mut self, number: u32, judged: &mut Judged, clips: &mut Clips, edges: &mut u64) {
        let paint = self.paint;
        let Some(glyph) = self.content.glyphs.get(number as usize) else { return };
        *edges = edges.saturating_add(1);
        if is_empty(intersection(paint.bounds, glyph.quad)) {
            return;
        }
        if is_strike(paint, glyph) {
            judged.strike = self.index;
        }
        let later = number < paint.after;
        let same = paint.colour.is_some_and(|colour| is_same(colour, glyph.colour));
        // White text on bare paper is no longer the same as the paper once this has been blended over both.
        let recolours = later && paint.tints && judged.same != 0;
        // Ground that lets something through still has another colour than what lies on it.
        let veils = later && is_veil(paint);
        if !paint.opaque && (later || same) && !recolours && !veils {
            return;
        }
        if !later && !same && judged.same == 0 || *edges > MAX_EDGES {
            return;
        }
        let coarse = self.coarse.get_or_init(|| Coarse::of(self.canvas, &paint.shape));
        if coarse.as_deref().is_some_and(|coarse| coarse.tell(glyph.quad) == Some(0)) {
            return;
        }
        let Some(frame) = Frame::of(glyph, text_of(self.content, glyph)) else { return };
        *edges = edges.saturating_add(FIXED_COST);
        let cells = self.cells(&frame, clips, edges);
        if veils {
            if cells.count_ones() >= MOST {
                judged.clear *= 1.0 - paint.veil;
            }
            if judged.clear <= SHINES {
                (judged.covered, judged.cover) = (ALL, self.index);
                return;
            }
            if !recolours {
                return;
            }
        }
        if recolours && !paint.opaque {
            judged.same &= !cells;
        } else if later {
            let gained = (cells & !judged.covered).count_ones();
            if gained > 0 && (judged.cover == NONE || gained > 16) {
                judged.cover = self.index;
            }
            judged.covered |= cells;
        } else if same {
            judged.same |= cells;
        } else {
            judged.same &= !cells;
        }
    }

    fn cells(&mut self, frame: &Frame, clips: &mut Clips, edges: &mut u64) -> u64 {
        let (canvas, paint) = (self.canvas, self.paint);
        let mut cells = frame.boxed(paint.bounds);
        if let Shape::Path(..) = paint.shape
            && cells != 0
        {
            let coarse = self.coarse.get_or_init(|| Coarse::of(canvas, &paint.shape));
            let told = coarse.as_deref().and_then(|coarse| coarse.tell(frame.bounds));
            cells &= told.unwrap_or_else(|| {
                *edges = edges.saturating_add(self.cost);
                frame.cells(canvas, &paint.shape)
            });
        }
        if paint.clip != NONE && cells != 0 {
            cells &= clips.cells(canvas, frame, paint.clip);
        }
        cells
    }
}

/// Whether a paint is a line through the middle of a glyph.
fn is_strike(paint: &Paint, glyph: &Glyph) -> bool {
    let Quad([x0, y0, x1, y1]) = paint.bounds;
    let Quad([left, _, right, _]) = glyph.quad;
    let [_, base] = glyph.origin;
    let thickness = y1 - y0;
    let middle = base - f32::midpoint(y0, y1);
    let [_, dy] = glyph.direction;
    matches!(paint.tool, Tool::Fill | Tool::Stroke)
        && dy.abs() < 0.01
        && thickness < 0.25 * glyph.size
        && x1 - x0 > 2.0 * glyph.size
        && x1.min(right) - x0.max(left) > 0.6 * (right - left)
        && middle > 0.14 * glyph.size
        && middle < 0.5 * glyph.size
}

#[cfg(test)]
mod tests {
    use super::super::testing::{draw, draw_content, file, id, numbers, seen};
    use super::*;
    use crate::model::MarkKind;
    use lopdf::{Dictionary, Stream, dictionary};

    const TEXT: &str = "BT /F 10 Tf 20 50 Td (secret name) Tj ET ";

    #[test]
    fn what_is_painted_over_text_hides_it_and_what_lies_under_it_does_not() {
        let over = |paint: &str| format!("{TEXT}{paint}");
        let cases: &[(String, &str)] = &[
            (TEXT.to_owned(), "shown:secret name"),
            (over("0 g 15 45 80 20 re f"), "covered:secret name"),
            (
                over("1 g 15 45 80 20 re f 0 g BT /F 10 Tf 20 50 Td (new) Tj ET"),
                "covered:secret name shown:new",
            ),
            (over("15 45 m 95 45 l 95 65 l 15 65 l h f*"), "covered:secret name"),
            // Boxed from both sides, but hollow by its rule.
            (over("10 40 100 30 re 15 45 90 20 re f*"), "shown:secret name"),
            (over("q 0 0 5 5 re W n 15 45 80 20 re f Q"), "shown:secret name"),
            (over("q 0 0 m 200 0 l 0 1 l h W n 15 45 80 20 re f Q"), "shown:secret name"),
            (over("10 w 15 53 m 100 53 l S"), "covered:secret name"),
            (over("1 w 15 53 m 100 53 l S"), "shown:secret name"),
            (over("15 45 80 20 re S"), "shown:secret name"),
            (
                over("q 80 0 0 20 15 45 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q"),
                "covered:secret name",
            ),
            (
                over("q 80 0 0 20 15 45 cm BI /W 1 /H 1 /IM true /D [0 1] ID \0 EI Q"),
                "covered:secret name",
            ),
            (
                over("q 80 0 0 20 15 45 cm BI /W 1 /H 1 /IM true /D [1 0] ID \0 EI Q"),
                "shown:secret name",
            ),
            (
                over("BT 2 Tr 14 w /F 14 Tf 14 48 Td (HHHHHHHH) Tj ET"),
                "covered:secret name shown:HHHHHHHH",
            ),
            (format!("0 0 1 rg 15 45 80 20 re f 1 g {TEXT}"), "shown:secret name"),
            // Only the last word.
            (over("49 45 60 20 re f"), "shown:secret  covered:name"),
            // Two letters are an accident.
            (over("70 45 60 20 re f"), "shown:secret name"),
            (over("q 0.7071 0.7071 -0.7071 0.7071 60 10 cm 0 0 80 20 re f Q"), "shown:secret name"),
        ];
        for (content, expected) in cases {
            assert_eq!(seen(&draw_content(content)), *expected, "{content}");
        }
    }

    #[test]
    fn text_that_cannot_be_made_out_is_told_by_why() {
        let cases: &[(&str, &str)] = &[
            ("1 g BT /F 10 Tf 20 50 Td (white) Tj ET", "invisible:white"),
            ("0.2 g 0 0 200 100 re f BT /F 10 Tf 20 50 Td (dark) Tj ET", "invisible:dark"),
            (
                "0 0 200 100 re f 1 g 10 40 80 30 re f 0 g BT /F 10 Tf 20 50 Td (label) Tj ET",
                "shown:label",
            ),
            ("BT 3 Tr /F 10 Tf 20 50 Td (mode) Tj ET", "invisible:mode"),
            ("BT /F 10 Tf 300 50 Td (outside) Tj ET", "off-page:outside"),
            ("0 0 10 10 re W n BT /F 10 Tf 20 50 Td (clipped) Tj ET", "clipped:clipped"),
            ("0 0 m 9 0 l 0 99 l h W n BT /F 10 Tf 20 50 Td (corner) Tj ET", "clipped:corner"),
            ("BT /F 0.5 Tf 20 50 Td (tiny) Tj ET", "micro:tiny"),
            ("BT /F 10 Tf 1 Tz 20 50 Td (narrow) Tj ET", "micro:narrow"),
            ("q BT 7 Tr /F 10 Tf 20 50 Td (window) Tj ET 0 0 200 100 re f Q", "shown:window"),
            ("BT 7 Tr /F 10 Tf 20 50 Td (nothing) Tj ET", "invisible:nothing"),
        ];
        for (content, expected) in cases {
            assert_eq!(seen(&draw_content(content)), *expected, "{content}");
        }
    }

    #[test]
    fn silent_words_over_a_picture_are_its_text_layer() {
        let picture = "q 200 0 0 100 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q ";
        let silent = "BT 3 Tr /F 10 Tf 20 50 Td (scanned words) Tj ET ";
        for (content, expected) in
            [(format!("{picture}{silent}"), true), (silent.to_owned(), false)]
        {
            let drawn = draw_content(&content);
            assert_eq!(seen(&drawn), "invisible:scanned words");
            assert!(drawn.content.glyphs.iter().all(|one| one.in_text_layer == expected));
        }
    }

    #[test]
    fn alpha_blend_modes_and_soft_masks_let_text_through() {
        let states = dictionary! {
            "Half" => dictionary! {"ca" => 0.5},
            "Most" => dictionary! {"ca" => 0.95},
            "Gone" => dictionary! {"ca" => 0.0},
            "Multiply" => dictionary! {"BM" => "Multiply"},
            "Masked" => dictionary! {"SMask" => dictionary! {"S" => "Alpha"}},
        };
        let cases = [
            ("/Half gs 0 g 15 45 80 20 re f", "shown:secret name"),
            ("/Most gs 0 g 15 45 80 20 re f", "covered:secret name"),
            ("/Multiply gs 1 1 0 rg 15 45 80 20 re f", "shown:secret name"),
            ("/Multiply gs 0 g 15 45 80 20 re f", "covered:secret name"),
            ("/Masked gs 0 g 15 45 80 20 re f", "shown:secret name"),
            ("/Half gs 15 45 80 20 re f 15 45 80 20 re f", "shown:secret name"),
            (
                "/Half gs 15 45 80 20 re f 15 45 80 20 re f 15 45 80 20 re f 15 45 80 20 re f",
                "covered:secret name",
            ),
        ];
        for (paint, expected) in cases {
            let resources = dictionary! {"ExtGState" => states.clone()};
            let content = format!("{TEXT}{paint}");
            let drawn = draw(&file(&content, &resources, &Dictionary::new(), Vec::new()));
            assert_eq!(seen(&drawn), expected, "{paint}");
        }
        let resources = dictionary! {"ExtGState" => states};
        let content = format!("/Gone gs {TEXT}");
        let drawn = draw(&file(&content, &resources, &Dictionary::new(), Vec::new()));
        assert_eq!(seen(&drawn), "invisible:secret name");
    }

    #[test]
    fn white_text_is_seen_where_paper_is_recoloured_around_it() {
        for (mode, expected) in [("Color", "shown:white"), ("Multiply", "invisible:white")] {
            let states = dictionary! {"B" => dictionary! {"BM" => mode}};
            let resources = dictionary! {"ExtGState" => states};
            let content =
                "1 g BT /F 10 Tf 20 50 Td (white) Tj ET /B gs 1 0.7 0 rg 0 0 200 100 re f";
            let drawn = draw(&file(content, &resources, &Dictionary::new(), Vec::new()));
            assert_eq!(seen(&drawn), expected, "{mode}");
        }
    }

    #[test]
    fn a_form_covers_only_inside_its_box() {
        let cases = [
            ([0.0, 0.0, 100.0, 100.0], "covered:secret name"),
            ([0.0, 0.0, 20.0, 9.0], "shown:secret name"),
        ];
        for (bounds, expected) in cases {
            let form = dictionary! {"Subtype" => "Form", "BBox" => numbers(&bounds),
            "Matrix" => numbers(&[1.0, 0.0, 0.0, 1.0, 10.0, 0.0])};
            let form = Stream::new(form, b"0 0 150 80 re f".to_vec());
            let resources = dictionary! {"XObject" => dictionary! {"X" => id(10)}};
            let content = format!("{TEXT}/X Do");
            let drawn =
                draw(&file(&content, &resources, &Dictionary::new(), vec![(10, form.into())]));
            assert_eq!(seen(&drawn), expected);
        }
    }

    #[test]
    fn blocks_that_are_characters_cover_and_are_seen_themselves() {
        let font =
            dictionary! {"Type" => "Font", "Subtype" => "Type1", "BaseFont" => "ZapfDingbats"};
        let resources = dictionary! {"Font" => dictionary! {"F" => id(5), "Z" => id(10)}};
        let content = format!("{TEXT}BT /Z 20 Tf 15 44 Td (nnnnnn) Tj ET");
        let drawn = draw(&file(&content, &resources, &Dictionary::new(), vec![(10, font.into())]));
        assert_eq!(seen(&drawn), "covered:secret name shown:■■■■■■");
    }

    #[test]
    fn covers_and_strikes_are_marked_with_their_glyphs() {
        let covered = draw_content(&format!("{TEXT}49 45 60 20 re f"));
        let [mark] = covered.content.marks.as_slice() else { panic!("one mark") };
        assert_eq!((mark.kind, mark.description), (MarkKind::Cover, "a filled rectangle"));
        assert_eq!((mark.first, mark.end), (7, 11));
        assert_eq!(mark.quad, Quad([49.0, 35.0, 109.0, 55.0]));
        let struck = draw_content(&format!("{TEXT}1 w 15 53 m 100 53 l S"));
        let [mark] = struck.content.marks.as_slice() else { panic!("one mark") };
        assert_eq!((mark.kind, mark.first, mark.end), (MarkKind::Strike, 0, 11));
        let underlined = draw_content(&format!("{TEXT}1 w 15 48 m 100 48 l S"));
        assert_eq!(underlined.content.marks, []);
    }
}
