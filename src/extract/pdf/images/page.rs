//! Pictures on a page: which invisible text is what was recognised in them, and what is painted over them.

use super::decode::Raster;
use super::{Placed, Unseen, spread};
use crate::extract::pdf::canvas::{Canvas, Paint, Shape, Tool};
use crate::extract::pdf::content::{Glyph, PageContent, PageMark};
use crate::extract::pdf::geometry::{EMPTY, area, extend, intersection, is_empty};
use crate::extract::pdf::interpret::{Drawn, Session};
use crate::extract::pdf::owner::{Frame, is_blank};
use crate::model::{MarkKind, Quad, Visibility};
use std::rc::Rc;

/// How many pictures of one page are looked at.
const MAX_PICTURES: usize = 64;
/// How many covers over pictures are looked under on one page.
const MAX_COVERS: usize = 128;
/// Pixels at most so light are burned in.
const DARK: u8 = 60;
/// Pixels that differ by no more than this are flat.
const FLAT: u8 = 28;
/// From which spread on something is to be seen under a cover.
const VARIED: u8 = 56;
/// How many word characters in a row count.
pub(super) const RUN: usize = 3;
/// More glyphs than this on a cover make it a panel with text, not a redaction with its code.
const MOST_LABEL: usize = 16;

/// Looks at the pictures of a page once everything else about it is known.
pub(in crate::extract::pdf) fn judge(session: &mut Session<'_>, drawn: &mut Drawn) {
    if drawn.placed.is_empty() {
        return;
    }
    let number = drawn.content.number;
    for placed in &drawn.placed {
        session.pictures.see(placed, &drawn.canvas, number);
    }
    let mut largest = drawn.placed.clone();
    largest.retain(|placed| !is_empty(placed.seen()));
    if largest.len() > MAX_PICTURES {
        largest.sort_by(|a, b| area(b.seen()).total_cmp(&area(a.seen())));
        largest.truncate(MAX_PICTURES);
        largest.sort_by_key(|placed| placed.paint);
    }
    let Drawn { content, unseen, .. } = drawn;
    recognised(session, content, &largest, unseen);
    under_scan(session, content, &largest, unseen);
    covered(session, drawn, &largest);
    super::ground::judge(session, drawn, &largest);
}

fn raster(session: &mut Session<'_>, number: u32) -> Option<Rc<Raster>> {
    let stream = session.pictures.stream(number)?;
    session.pictures.raster(session.objects, stream)
}

/// Marks text that was recognised in a picture, and finds what of it the picture itself no longer shows.
fn recognised(
    session: &mut Session<'_>,
    content: &mut PageContent,
    pictures: &[Placed],
    unseen: &mut Unseen,
) {
    let mut burned = Vec::new();
    let mut last: Option<(u32, Option<Rc<Raster>>)> = None;
    for index in 0..content.glyphs.len() {
        let Some(glyph) = content.glyphs.get(index).copied() else { break };
        if glyph.visibility != Visibility::Invisible {
            continue;
        }
        let at = u32::try_from(index).unwrap_or(u32::MAX);
        let Some(placed) = pictures.iter().rev().find(|placed| lies_over(&glyph, at, placed))
        else {
            continue;
        };
        if last.as_ref().is_none_or(|(number, _)| *number != placed.number) {
            let raster = raster(session, placed.number);
            unseen.layer |= raster.is_none();
            last = Some((placed.number, raster));
        }
        let picture = last.as_ref().and_then(|(_, raster)| raster.as_deref());
        let text = text_of(content, &glyph);
        if picture.is_some_and(|raster| is_burned(raster, placed, &glyph, text)) {
            burned.push(index);
        }
        if let Some(glyph) = content.glyphs.get_mut(index) {
            glyph.in_text_layer = true;
        }
    }
    cover_burned(content, &burned);
}

/// Some programs draw what they recognised first and the scan over it. Such text is no secret: the scan shows it.
fn under_scan(
    session: &mut Session<'_>,
    content: &mut PageContent,
    pictures: &[Placed],
    unseen: &mut Unseen,
) {
    let page = content.width * content.height;
    let Some(scan) = pictures.iter().rev().find(|placed| area(placed.seen()) > 0.5 * page) else {
        return;
    };
    let is_under = |index: usize, glyph: &Glyph| {
        let before = u32::try_from(index).is_ok_and(|index| index < scan.after);
        let Quad([x0, y0, x1, y1]) = glyph.quad;
        let Quad([left, top, right, bottom]) = scan.seen();
        let (x, y) = (f32::midpoint(x0, x1), f32::midpoint(y0, y1));
        before
            && glyph.visibility == Visibility::Covered
            && (left..=right).contains(&x)
            && (top..=bottom).contains(&y)
    };
    let glyphs = content.glyphs.iter().enumerate();
    let under: Vec<usize> =
        glyphs.filter(|(index, glyph)| is_under(*index, glyph)).map(|(index, _)| index).collect();
    if under.is_empty() || under.len().saturating_mul(5) < content.glyphs.len().saturating_mul(4) {
        return;
    }
    let raster = raster(session, scan.number);
    unseen.layer |= raster.is_none();
    let lines: Vec<&[usize]> = under.chunk_by(|a, b| is_one_line(content, *a, *b)).collect();
    for line in lines {
        let glyphs = line.iter().filter_map(|&index| content.glyphs.get(index));
        let around = bounds_of_glyphs(glyphs);
        let shown = raster.as_deref().is_none_or(|raster| {
            spread(&mut values_under(raster, scan, around, [128, 16])) > VARIED
        });
        for glyph in line.iter().filter(|_| shown) {
            if let Some(glyph) = content.glyphs.get_mut(*glyph) {
                (glyph.in_text_layer, glyph.visibility) = (true, Visibility::Invisible);
            }
        }
    }
    let PageContent { marks, glyphs, .. } = content;
    marks.retain(|mark| {
        let first = glyphs.get(mark.first as usize).filter(|_| mark.first < mark.end);
        mark.kind != MarkKind::Cover || first.is_none_or(|glyph| !glyph.in_text_layer)
    });
}

/// Whether two glyphs stand on one line, not far from one another.
fn is_one_line(content: &PageContent, one: usize, two: usize) -> bool {
    let (Some(one), Some(two)) = (content.glyphs.get(one), content.glyphs.get(two)) else {
        return false;
    };
    let ([ax, ay], [bx, by]) = (one.origin, two.origin);
    (ay - by).abs() < 0.3 * one.size && bx - ax < 3.0 * one.size && bx >= ax
}

fn bounds_of_glyphs<'g>(glyphs: impl Iterator<Item = &'g Glyph>) -> Quad {
    let mut around = EMPTY;
    for Quad([x0, y0, x1, y1]) in glyphs.map(|glyph| glyph.quad) {
        extend(&mut around, [x0, y0]);
        extend(&mut around, [x1, y1]);
    }
    around
}

/// Whether an invisible glyph lies over a picture, or was drawn before one that hides it.
fn lies_over(glyph: &Glyph, index: u32, placed: &Placed) -> bool {
    let Quad([x0, y0, x1, y1]) = glyph.quad;
    let Quad([left, top, right, bottom]) = placed.seen();
    let (x, y) = (f32::midpoint(x0, x1), f32::midpoint(y0, y1));
    (glyph.mode & 3 == 3 || index < placed.after)
        && (left..=right).contains(&x)
        && (top..=bottom).contains(&y)
}

pub(super) fn text_of<'c>(content: &'c PageContent, glyph: &Glyph) -> &'c str {
    let start = glyph.start as usize;
    content.text.get(start..start.saturating_add(usize::from(glyph.len))).unwrap_or_default()
}

fn is_burned(raster: &Raster, placed: &Placed, glyph: &Glyph, text: &str) -> bool {
    let Some(frame) = Frame::of(glyph, text) else { return false };
    let mut values = values_under(raster, placed, frame.bounds, [6, 6]);
    let darkest = values.iter().max().copied().unwrap_or(u8::MAX);
    values.len() > 30 && darkest < DARK && spread(&mut values) < FLAT
}

/// The pixels of a picture under a box of the page, sampled evenly.
pub(super) fn values_under(
    raster: &Raster,
    placed: &Placed,
    quad: Quad,
    [columns, rows]: [u8; 2],
) -> Vec<u8> {
    let Some(inverse) = placed.matrix.inverse() else { return Vec::new() };
    let Quad([x0, y0, x1, y1]) = quad;
    let share = |index: u8, count: u8| (f32::from(index) + 0.5) / f32::from(count.max(1));
    let mut values = Vec::with_capacity(usize::from(columns).saturating_mul(usize::from(rows)));
    for row in 0..rows {
        for column in 0..columns {
            let x = x0 + (x1 - x0) * share(column, columns);
            let y = y0 + (y1 - y0) * share(row, rows);
            values.extend(raster.at(inverse.apply(x, y)));
        }
    }
    values
}

/// Recognised text over a burned-in box is what the box was to hide.
fn cover_burned(content: &mut PageContent, burned: &[usize]) {
    let mut run: Vec<usize> = Vec::new();
    let mut next = burned.iter().copied().peekable();
    while let Some(index) = next.next() {
        run.push(index);
        let goes_on = next.peek().is_some_and(|&other| {
            let between = content.glyphs.get(index.saturating_add(1)..other).unwrap_or_default();
            between.iter().all(|glyph| text_of(content, glyph).chars().all(is_blank))
        });
        if goes_on {
            continue;
        }
        let glyphs = run.iter().filter_map(|&index| content.glyphs.get(index));
        let words =
            glyphs.filter(|glyph| text_of(content, glyph).chars().any(char::is_alphanumeric));
        if words.count() >= RUN && is_whole(content, &run) {
            cover_run(content, &run);
        }
        run.clear();
    }
}

/// Whether a run leaves no word behind cut in two: such a layer stands beside its picture, and its words are not those
/// under the box.
fn is_whole(content: &PageContent, run: &[usize]) -> bool {
    let (Some(&first), Some(&last)) = (run.first(), run.last()) else { return false };
    let goes_on = |index: usize| {
        content.glyphs.get(index).is_some_and(|glyph| {
            let near = content.glyphs.get(last).is_some_and(|last| {
                let ([x, y], [a, b]) = (glyph.origin, last.origin);
                (y - b).abs() < glyph.size && (x - a).abs() < 60.0 * glyph.size
            });
            near && !text_of(content, glyph).chars().all(is_blank)
        })
    };
    let left = (1..=2).all(|back| first.checked_sub(back).is_some_and(goes_on));
    let right = (1..=2).all(|step| goes_on(last.saturating_add(step)));
    !left && !right
}

fn cover_run(content: &mut PageContent, run: &[usize]) {
    let (Some(&first), Some(&last)) = (run.first(), run.last()) else { return };
    for glyph in content.glyphs.get_mut(first..=last).into_iter().flatten() {
        (glyph.in_text_layer, glyph.visibility) = (false, Visibility::Covered);
    }
    let covered = content.glyphs.get(first..=last).unwrap_or_default();
    let around = bounds_of_glyphs(covered.iter());
    let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    content.marks.push(PageMark {
        kind: MarkKind::Cover,
        description: "a box in the picture",
        quad: around,
        first: number(first),
        end: number(last).saturating_add(1),
    });
}

/// Finds opaque paint over pixels that show something.
fn covered(session: &mut Session<'_>, drawn: &mut Drawn, pictures: &[Placed]) {
    let Drawn { content, canvas, unseen, .. } = drawn;
    let Some(first) = pictures.iter().map(|placed| placed.paint).min() else { return };
    let later = canvas.paints.iter().enumerate().skip(first as usize);
    let covers = later.filter(|(_, paint)| is_cover(content, canvas, paint)).take(MAX_COVERS);
    let covers: Vec<(usize, Quad, bool)> =
        covers.map(|(index, paint)| (index, paint.bounds, paint.in_annotation)).collect();
    for (index, bounds, in_annotation) in covers {
        let under = |placed: &&Placed| {
            (placed.paint as usize) < index
                && area(intersection(placed.seen(), bounds)) > 0.5 * area(bounds)
        };
        let Some(placed) = pictures.iter().rev().find(under) else { continue };
        // What takes most of a picture replaces it, and is no redaction in it.
        if area(bounds) > 0.6 * area(placed.seen()) {
            continue;
        }
        let Some(raster) = raster(session, placed.number) else {
            unseen.covers.push(bounds);
            unseen.over_budget |= session.pictures.over_budget;
            continue;
        };
        let Quad([x0, y0, x1, y1]) = bounds;
        let (dx, dy) = ((x1 - x0) * 0.1, (y1 - y0) * 0.14);
        let inner = Quad([x0 + dx, y0 + dy, x1 - dx, y1 - dy]);
        let mut values = values_under(&raster, placed, inner, [64, 32]);
        if values.len() > 64 && spread(&mut values) > VARIED {
            content.marks.push(PageMark {
                kind: MarkKind::CoveredImage,
                description: if in_annotation { "an annotation" } else { "a filled shape" },
                quad: bounds,
                first: 0,
                end: 0,
            });
        }
    }
}

/// Whether a paint is what a redaction looks like: opaque, without colour, dark or as white as paper, full, and no
/// panel for text.
fn is_cover(content: &PageContent, canvas: &Canvas, paint: &Paint) -> bool {
    let Quad([x0, y0, x1, y1]) = paint.bounds;
    if !paint.opaque
        || !matches!(paint.tool, Tool::Fill | Tool::Stroke)
        || x1 - x0 < 8.0
        || y1 - y0 < 4.0
    {
        return false;
    }
    let Some([r, g, b]) = paint.colour else { return false };
    let (low, high) = (r.min(g).min(b), r.max(g).max(b));
    let plain = high.saturating_sub(low) < 40 && high < 72;
    let white = low > 244 && content.picture_share > 0.8;
    if !(plain || white || paint.in_annotation) {
        return false;
    }
    let full = match &paint.shape {
        Shape::Box(_) => true,
        Shape::Path(..) => Frame::upright(paint.bounds)
            .is_some_and(|frame| frame.cells(canvas, &paint.shape).count_ones() > 44),
    };
    if !full {
        return false;
    }
    let on_it = content.glyphs.iter().skip(paint.after as usize).filter(|glyph| {
        let Quad([left, top, right, bottom]) = glyph.quad;
        glyph.visibility == Visibility::Shown
            && (x0..x1).contains(&f32::midpoint(left, right))
            && (y0..y1).contains(&f32::midpoint(top, bottom))
    });
    on_it.take(MOST_LABEL).count() < MOST_LABEL
}
