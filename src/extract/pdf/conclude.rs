//! From what is known of each glyph to verdicts and marks: single letters that paint happened to touch are let go,
//! blanks go with their neighbours.

use super::canvas::{Canvas, Paint, Shape, Tool};
use super::content::{Glyph, PageContent, PageMark};
use super::owner::is_blank;
use super::visibility::{Judged, NONE};
use crate::model::{MarkKind, Visibility};

/// From how many of 64 cells on a glyph is gone.
pub(super) const MOST: u32 = 52;
/// How many word characters in a row have to be hidden before it counts.
const RUN: usize = 3;

/// Writes the verdicts into the glyphs, and the marks into the page.
pub(super) fn conclude(content: &mut PageContent, canvas: &Canvas, judged: &[Judged]) {
    let (mut hides, mut strikes) = (false, false);
    for (glyph, one) in content.glyphs.iter_mut().zip(judged) {
        strikes |= one.strike != NONE;
        hides |= glyph.visibility == Visibility::Clipped;
        let touched =
            one.clipped || one.covered.count_ones() >= MOST || one.same.count_ones() >= MOST;
        if !touched || glyph.visibility != Visibility::Shown {
            continue;
        }
        if piece(&content.text, glyph).chars().all(is_blank) {
            continue;
        }
        hides = true;
        glyph.visibility = if one.clipped {
            Visibility::Clipped
        } else if one.covered.count_ones() >= MOST {
            Visibility::Covered
        } else {
            Visibility::Invisible
        };
    }
    if hides {
        forgive_short_runs(content);
        join_blanks(content);
        let cover = |index: usize, glyph: &Glyph| {
            let one = judged.get(index)?;
            (glyph.visibility == Visibility::Covered && one.cover != NONE).then_some(one.cover)
        };
        mark(content, canvas, MarkKind::Cover, &cover);
    }
    if strikes {
        let strike = |index: usize, _: &Glyph| {
            let one = judged.get(index)?;
            (one.strike != NONE).then_some(one.strike)
        };
        mark(content, canvas, MarkKind::Strike, &strike);
    }
}

/// One or two word characters that paint happened to touch are not hidden on purpose.
fn forgive_short_runs(content: &mut PageContent) {
    let PageContent { glyphs, text, .. } = content;
    let word = |glyph: &Glyph| piece(text, glyph).chars().any(char::is_alphanumeric);
    let inked = |glyph: &Glyph| piece(text, glyph).chars().any(|c| !is_blank(c));
    let judged =
        |glyph: &Glyph| matches!(glyph.visibility, Visibility::Covered | Visibility::Clipped);
    let mut start = 0;
    while start < glyphs.len() {
        let kind = glyphs.get(start).map(|glyph| glyph.visibility);
        let rest = glyphs.get(start..).unwrap_or_default();
        let length = rest
            .iter()
            .take_while(|glyph| Some(glyph.visibility) == kind || !inked(glyph))
            .count()
            .max(1);
        let run = rest.get(..length).unwrap_or_default();
        let words = run.iter().filter(|glyph| judged(glyph) && word(glyph)).count();
        if run.first().is_some_and(judged) && words < RUN {
            for glyph in glyphs.iter_mut().skip(start).take(length).filter(|glyph| judged(glyph)) {
                glyph.visibility = Visibility::Shown;
            }
        }
        start = start.saturating_add(length);
    }
}

/// A blank between two glyphs that are hidden alike is hidden with them.
fn join_blanks(content: &mut PageContent) {
    let PageContent { glyphs, text, .. } = content;
    let mut last = None;
    let mut blanks: Vec<usize> = Vec::new();
    for index in 0..glyphs.len() {
        let Some(glyph) = glyphs.get(index) else { break };
        if piece(text, glyph).chars().all(is_blank) && glyph.visibility == Visibility::Shown {
            blanks.push(index);
            continue;
        }
        let visibility = glyph.visibility;
        let joined = last == Some(visibility) && visibility != Visibility::Shown;
        for blank in blanks.drain(..).filter(|_| joined) {
            if let Some(glyph) = glyphs.get_mut(blank) {
                glyph.visibility = visibility;
            }
        }
        last = Some(visibility);
    }
}

/// Adds a mark for every run of glyphs that one paint bears on.
fn mark(
    content: &mut PageContent,
    canvas: &Canvas,
    kind: MarkKind,
    owner: &dyn Fn(usize, &Glyph) -> Option<u32>,
) {
    let mut runs: Vec<(u32, u32, u32, usize)> = Vec::new();
    let mut joined = false;
    for (index, glyph) in content.glyphs.iter().enumerate() {
        let at = u32::try_from(index).unwrap_or(NONE);
        let text = text_of(content, glyph);
        if text.chars().all(is_blank) {
            continue;
        }
        let words = usize::from(text.chars().any(char::is_alphanumeric));
        let Some(paint) = owner(index, glyph) else {
            joined = false;
            continue;
        };
        match runs.last_mut() {
            Some((last, _, end, count)) if joined && *last == paint => {
                *end = at.saturating_add(1);
                *count = count.saturating_add(words);
            }
            _ => runs.push((paint, at, at.saturating_add(1), words)),
        }
        joined = true;
    }
    for (paint, first, end, words) in runs {
        let Some(paint) = canvas.paints.get(paint as usize) else { continue };
        if kind == MarkKind::Cover || words >= RUN {
            let description = describe(paint, kind);
            content.marks.push(PageMark { kind, description, quad: paint.bounds, first, end });
        }
    }
}

fn describe(paint: &Paint, kind: MarkKind) -> &'static str {
    match (paint.in_annotation, paint.tool, &paint.shape) {
        _ if kind == MarkKind::Strike => "a line through the text",
        (true, ..) => "an annotation",
        (_, Tool::Fill, Shape::Box(_)) => "a filled rectangle",
        (_, Tool::Fill, _) => "a filled shape",
        (_, Tool::Stroke, _) => "a thick line",
        (_, Tool::Picture, _) => "a picture",
        (_, Tool::Shading, _) => "a shading",
        (_, Tool::Pattern, _) => "a pattern",
    }
}

/// The text of a glyph.
pub(super) fn text_of<'c>(content: &'c PageContent, glyph: &Glyph) -> &'c str {
    piece(&content.text, glyph)
}

fn piece<'c>(text: &'c str, glyph: &Glyph) -> &'c str {
    let end = glyph.start.saturating_add(u32::from(glyph.len)) as usize;
    text.get(glyph.start as usize..end).unwrap_or_default()
}
