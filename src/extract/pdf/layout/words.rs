//! Glyphs in paint order to words: gaps become word ends, glyphs drawn twice count once.

use super::super::content::{Glyph, PageContent};
use super::Pool;
use crate::model::{Quad, Visibility};
use std::ops::Range;

/// A gap wider than this share of the font size ends a word.
pub(super) const WORD_GAP: f32 = 0.12;
/// Spacing between all letters of a string up to this share of the font size is letter spacing, not spaces.
const MAX_LETTER_SPACING: f32 = 0.22;
/// How far back a glyph may reach into the one before it, as a share of the font size.
const MAX_OVERLAP: f32 = 0.5;
/// Two equal glyphs closer than this share of the font size are one glyph drawn twice.
const TWICE: f32 = 0.13;
/// Writing directions are told apart in steps of five degrees.
const DIRECTIONS: usize = 72;
const STRATA: usize = 4 * 8 * DIRECTIONS;

/// Glyphs of a page that are laid out together: of one visibility, one direction, on the page or in annotations.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stratum {
    pub(super) in_annotation: bool,
    pub(super) in_text_layer: bool,
    pub(super) visibility: Visibility,
    /// Unit vector along the line; `across` is at right angles to it, from line to line.
    pub(super) direction: [f32; 2],
    pub(super) glyphs: u32,
}

impl Stratum {
    /// Coordinates along and across the lines.
    pub(super) fn frame(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let [dx, dy] = self.direction;
        [x * dx + y * dy, y * dx - x * dy]
    }

    fn is_upright(&self) -> bool {
        self.direction.iter().any(|part| part.abs() > 0.9999)
    }
}

/// A word, or a part of one that was drawn by itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    /// Bytes of `Pool::text`.
    pub(super) start: u32,
    pub(super) end: u32,
    /// From and to, along the line.
    pub(super) along: [f32; 2],
    /// Top and bottom, across the line.
    pub(super) across: [f32; 2],
    pub(super) base: f32,
    pub(super) quad: Quad,
    pub(super) size: f32,
    pub(super) font: u32,
    pub(super) stratum: u16,
    /// Which line of the page; known once lines are built.
    pub(super) line: u32,
    /// Letter spacing that gaps have to exceed on top of `WORD_GAP`.
    pub(super) spacing: f32,
    /// A blank was drawn right before it.
    pub(super) blank_before: bool,
    /// Its letters run from right to left.
    pub(super) leftward: bool,
}

/// Tables that live from page to page, so that pages do not allocate.
pub(super) struct Scratch {
    strata: Vec<u16>,
}

impl Default for Scratch {
    fn default() -> Self {
        Self { strata: vec![u16::MAX; STRATA] }
    }
}

/// Adds the words of a page to the pool and returns its strata.
pub(super) fn build(page: &PageContent, pool: &mut Pool, scratch: &mut Scratch) -> Vec<Stratum> {
    scratch.strata.fill(u16::MAX);
    let offset = super::index(pool.text.len());
    pool.text.push_str(&page.text);
    let mut maker = Maker {
        page,
        offset,
        pool,
        strata: Vec::new(),
        table: &mut scratch.strata,
        stratum: 0,
        key: None,
        open: None,
        last: Last::default(),
        blank: false,
        spacing: 0.0,
        stretch: 0..0,
    };
    for (index, glyph) in page.glyphs.iter().enumerate() {
        maker.take(index, glyph);
    }
    maker.close();
    maker.strata
}

fn text_of<'a>(page: &'a PageContent, glyph: &Glyph) -> &'a str {
    let start = glyph.start as usize;
    page.text.get(start..start + usize::from(glyph.len)).unwrap_or_default()
}

fn is_blank(text: &str) -> bool {
    if text.as_bytes().first().is_some_and(u8::is_ascii_graphic) {
        return false;
    }
    text.chars().all(|c| c.is_whitespace() || c.is_control())
}

/// The glyph before, as far as the next one is compared with it.
#[derive(Clone, Copy, Default)]
struct Last {
    along: f32,
    /// Its text, bytes of the page's.
    start: u32,
    len: u8,
    /// The last word closed on this page.
    word: Option<usize>,
}

struct Maker<'a> {
    page: &'a PageContent,
    /// Where the page's text begins in the pool's.
    offset: u32,
    pool: &'a mut Pool,
    strata: Vec<Stratum>,
    table: &'a mut Vec<u16>,
    /// The stratum of the last glyph, and what put it there.
    stratum: u16,
    key: Option<([f32; 2], Visibility, u8)>,
    open: Option<Word>,
    last: Last,
    blank: bool,
    /// Letter spacing of the glyphs in `stretch`.
    spacing: f32,
    stretch: Range<usize>,
}

/// A glyph in the frame of its stratum.
struct Placed {
    along: [f32; 2],
    across: [f32; 2],
    base: f32,
    stratum: u16,
}

impl Maker<'_> {
    fn take(&mut self, index: usize, glyph: &Glyph) {
        let text = text_of(self.page, glyph);
        if is_blank(text) {
            if glyph.len == 0 {
                self.pass_over(index, glyph);
            } else {
                self.blank = true;
                self.close();
            }
            return;
        }
        let placed = self.place(glyph);
        if self.is_twice(&placed, glyph, text) {
            return;
        }
        let leftward = is_rtl(text);
        if !self.extends(index, &placed, glyph, leftward) {
            self.start(index, &placed, glyph, leftward);
        }
        self.append(&placed, glyph);
    }

    /// A glyph without Unicode keeps its room, so that its neighbours stay one word.
    fn pass_over(&mut self, index: usize, glyph: &Glyph) {
        let placed = self.place(glyph);
        if self.extends(index, &placed, glyph, false)
            && let Some(word) = &mut self.open
        {
            let [_, end] = placed.along;
            let [from, to] = word.along;
            word.along = [from, to.max(end)];
        }
    }

    fn place(&mut self, glyph: &Glyph) -> Placed {
        let index = self.stratum(glyph);
        let Quad([x0, y0, x1, y1]) = glyph.quad;
        let [dx, dy] = glyph.direction;
        if dx > 0.0 && dy.abs() < 1e-5 {
            let [_, base] = glyph.origin;
            return Placed { along: [x0, x1], across: [y0, y1], base, stratum: index };
        }
        let Some(stratum) = self.strata.get(usize::from(index)).copied() else {
            return Placed { along: [0.0; 2], across: [0.0; 2], base: 0.0, stratum: index };
        };
        let [origin, base] = stratum.frame(glyph.origin);
        let (along, across) = if stratum.is_upright() {
            let ([a, b], [c, d]) = (stratum.frame([x0, y0]), stratum.frame([x1, y1]));
            ([a.min(c), a.max(c)], [b.min(d), b.max(d)])
        } else {
            let across = [base - 0.75 * glyph.size, base + 0.25 * glyph.size];
            ([origin, origin + glyph.advance.max(0.0)], across)
        };
        Placed { along, across, base, stratum: index }
    }

    fn stratum(&mut self, glyph: &Glyph) -> u16 {
        let layer = layer_of(glyph);
        let key = Some((glyph.direction, glyph.visibility, layer));
        if self.key != key {
            self.key = key;
            self.look_up(glyph);
        }
        if let Some(stratum) = self.strata.get_mut(usize::from(self.stratum)) {
            stratum.glyphs += 1;
        }
        self.stratum
    }

    #[cold]
    fn look_up(&mut self, glyph: &Glyph) {
        let Some(slot) = self.table.get_mut(slot_of(glyph)) else { return };
        if *slot == u16::MAX {
            *slot = u16::try_from(self.strata.len()).unwrap_or(0);
            self.strata.push(Stratum {
                in_annotation: glyph.in_annotation,
                in_text_layer: glyph.in_text_layer,
                visibility: glyph.visibility,
                direction: glyph.direction,
                glyphs: 0,
            });
        }
        self.stratum = *slot;
    }

    /// Bold made by drawing each glyph twice.
    fn is_twice(&self, placed: &Placed, glyph: &Glyph, text: &str) -> bool {
        let Some(word) = &self.open else { return false };
        let near = TWICE * glyph.size;
        let [from, to] = placed.along;
        // Letters set so narrow that they lie on one another are different letters.
        if to - from < near {
            return false;
        }
        let before =
            self.last.start as usize..self.last.start as usize + usize::from(self.last.len);
        (from - self.last.along).abs() < near
            && word.stratum == placed.stratum
            && (placed.base - word.base).abs() < near
            && self.page.text.get(before) == Some(text)
    }

    fn extends(&mut self, index: usize, placed: &Placed, glyph: &Glyph, leftward: bool) -> bool {
        let Some(word) = &self.open else { return false };
        let size = larger(word.size, glyph.size);
        let ([from, to], [start, end]) = (word.along, placed.along);
        let gap = if leftward { from - end } else { start - to };
        let same_line = word.stratum == placed.stratum
            && (placed.base - word.base).abs() <= 0.1 * size
            && (glyph.size - word.size).abs() <= 0.1 * size
            && leftward == word.leftward;
        if gap > WORD_GAP * size && gap <= (WORD_GAP + MAX_LETTER_SPACING) * size {
            self.measure_spacing(index);
        }
        let spacing = self.spacing_at(index);
        same_line && !self.blank && gap <= WORD_GAP * size + spacing && gap > -MAX_OVERLAP * size
    }

    fn start(&mut self, index: usize, placed: &Placed, glyph: &Glyph, leftward: bool) {
        self.close();
        let (start, spacing) = (self.offset + glyph.start, self.spacing_at(index));
        let mut base = placed.base;
        if let Some(before) = self.last.word.and_then(|word| self.pool.words.get_mut(word)) {
            base = script_base(before, placed, glyph, self.blank);
        }
        self.open = Some(Word {
            start,
            end: start,
            along: placed.along,
            across: placed.across,
            base,
            quad: glyph.quad,
            size: glyph.size,
            font: glyph.font,
            stratum: placed.stratum,
            line: 0,
            spacing,
            blank_before: self.blank,
            leftward,
        });
        self.blank = false;
    }

    fn append(&mut self, placed: &Placed, glyph: &Glyph) {
        let [along, _] = placed.along;
        self.last = Last { along, start: glyph.start, len: glyph.len, ..self.last };
        let (start, len) = (self.offset + glyph.start, u32::from(glyph.len));
        let Some(word) = &mut self.open else { return };
        if word.end == start {
            word.end += len;
        } else {
            // Something between them was left out: the word's text moves to where it can grow.
            let Pool { text, .. } = &mut *self.pool;
            if word.end as usize != text.len() {
                let own = word.start as usize..word.end as usize;
                let own = text.get(own).unwrap_or_default().to_owned();
                word.start = super::index(text.len());
                text.push_str(&own);
            }
            text.push_str(text_of(self.page, glyph));
            word.end = super::index(text.len());
        }
        word.along = union(word.along, placed.along);
        word.across = union(word.across, placed.across);
        word.quad = join(word.quad, glyph.quad);
    }

    fn close(&mut self) {
        if let Some(word) = self.open.take() {
            self.last.word = Some(self.pool.words.len());
            self.pool.words.push(word);
        }
    }

    fn spacing_at(&self, index: usize) -> f32 {
        if self.stretch.contains(&index) { self.spacing } else { 0.0 }
    }

    /// The smallest gap within the stretch of one line that holds glyph `index`: spaced-out letters. Most lines have
    /// blanks or no gaps that could be either, and are never measured.
    #[cold]
    fn measure_spacing(&mut self, index: usize) {
        if self.stretch.contains(&index) {
            return;
        }
        let glyphs = &self.page.glyphs;
        let pair = |at: usize| Some((glyphs.get(at.checked_sub(1)?)?, glyphs.get(at)?));
        let holds = |at: &usize| pair(*at).and_then(|(a, b)| gap_between(a, b)).is_some();
        let before = (1..=index).rev().take_while(holds).count();
        let after = (index + 1..glyphs.len()).take_while(holds).count();
        self.stretch = index - before..index + after + 1;
        let mut least = f32::MAX;
        let mut gaps = 0;
        for (a, b) in (self.stretch.start + 1..self.stretch.end).filter_map(pair) {
            let blank = |glyph: &Glyph| glyph.len <= 2 && is_blank(text_of(self.page, glyph));
            if let Some(gap) = gap_between(a, b).filter(|_| !blank(a) && !blank(b)) {
                least = least.min(gap);
                gaps += 1;
            }
        }
        let size = glyphs.get(self.stretch.start).map_or(0.0, |glyph| glyph.size);
        let spaced = gaps >= 4 && least > 0.02 * size && least <= MAX_LETTER_SPACING * size;
        self.spacing = if spaced { least } else { 0.0 };
        if let Some(word) = self.open.as_mut().filter(|_| before > 0) {
            word.spacing = self.spacing;
        }
    }
}

/// What a glyph belongs to beside the page's own content: an annotation, a text layer, both.
fn layer_of(glyph: &Glyph) -> u8 {
    u8::from(glyph.in_annotation) + 2 * u8::from(glyph.in_text_layer)
}

/// A stratum's slot in the table: annotation or text layer, visibility, direction.
fn slot_of(glyph: &Glyph) -> usize {
    let [dx, dy] = glyph.direction;
    let turn = dy.atan2(dx) / std::f32::consts::TAU;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share of a turn, from 0 to 71"
    )]
    let bucket = ((turn * DIRECTIONS as f32).round().rem_euclid(DIRECTIONS as f32)) as usize;
    let kind = usize::from(layer_of(glyph)) * 8 + glyph.visibility as usize;
    kind * DIRECTIONS + bucket.min(DIRECTIONS - 1)
}

/// The gap from one glyph to the next along the line; `None` where they do not stand on one line.
fn gap_between(a: &Glyph, b: &Glyph) -> Option<f32> {
    let ([dx, dy], [ax, ay], [bx, by]) = (a.direction, a.origin, b.origin);
    let (x, y) = (bx - ax, by - ay);
    let gap = x * dx + y * dy - a.advance;
    let off = (y * dx - x * dy).abs();
    let same = a.visibility == b.visibility
        && a.in_annotation == b.in_annotation
        && a.in_text_layer == b.in_text_layer;
    let near = off <= 0.1 * a.size && gap.abs() < 3.0 * a.size && (a.size - b.size).abs() < 0.1;
    (same && near).then_some(gap)
}

/// The base line on which a word belongs that follows `before`: a superscript or subscript stands on the line of
/// what it is glued to, whichever of the two comes first.
fn script_base(before: &mut Word, placed: &Placed, glyph: &Glyph, blank: bool) -> f32 {
    let ([_, to], [start, _]) = (before.along, placed.along);
    let size = before.size.max(glyph.size);
    let shift = (placed.base - before.base).abs();
    let touches = before.stratum == placed.stratum
        && (start - to).abs() < 0.3 * size
        && shift > 0.05 * size
        && shift < 0.6 * size;
    if !touches || (glyph.size - before.size).abs() < 0.1 * size {
        return placed.base;
    }
    if glyph.size < before.size {
        return before.base;
    }
    if !blank || shift > 0.2 * size {
        before.base = placed.base;
    }
    placed.base
}

pub(super) fn union([a, b]: [f32; 2], [c, d]: [f32; 2]) -> [f32; 2] {
    [smaller(a, c), larger(b, d)]
}

/// The smallest rectangle around both.
pub(super) fn join(Quad([left, top, right, bottom]): Quad, Quad([x0, y0, x1, y1]): Quad) -> Quad {
    Quad([smaller(left, x0), smaller(top, y0), larger(right, x1), larger(bottom, y1)])
}

/// `f32::min` without its care for NaN, which costs several instructions a glyph.
fn smaller(a: f32, b: f32) -> f32 {
    if b < a { b } else { a }
}

fn larger(a: f32, b: f32) -> f32 {
    if b > a { b } else { a }
}

/// Whether a glyph's text is of a script that runs from right to left (Hebrew, Arabic and their kin).
pub(super) fn is_rtl(text: &str) -> bool {
    let strong = |c: char| matches!(u32::from(c), 0x590..=0x8FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFC | 0x10800..=0x10FFF | 0x1E800..=0x1EFFF);
    !text.is_ascii() && text.chars().any(strong)
}
