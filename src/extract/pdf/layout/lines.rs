//! Words to lines: words on one base line, cut into segments where the gap is too wide for a space.

use super::words::{self, WORD_GAP, Word};
use super::{Pool, index, labels};
use std::cmp::Ordering;
use std::ops::Range;

/// How far base lines of one line may lie apart, as a share of the smaller font size.
const BASE_TOLERANCE: f32 = 0.3;
/// A gap wider than this share of the font size may be a gutter.
const SEGMENT_GAP: f32 = 0.95;
/// The gap allowed between a list label and its text.
const LABEL_GAP: f32 = 5.0;
/// The gap before a bullet that may begin a column of its own.
const BULLET_GAP: f32 = 0.5;
/// Equal words nearer than this share of the font size are one word drawn twice.
const TWICE: f32 = 0.2;

/// Words of one line without a wide gap between them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    /// `Pool::words` from and to.
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) along: [f32; 2],
    pub(super) across: [f32; 2],
    pub(super) base: f32,
    pub(super) size: f32,
    pub(super) font: u32,
    /// Line of the page: segments of one line have one number, from top to bottom.
    pub(super) line: u32,
    pub(super) stratum: u16,
    /// How many words between blanks.
    pub(super) count: u32,
    /// Bytes of text.
    pub(super) bytes: u32,
}

impl Segment {
    pub(super) fn words(&self) -> Range<usize> {
        self.from as usize..self.to as usize
    }

    pub(super) fn width(&self) -> f32 {
        let [from, to] = self.along;
        to - from
    }
}

/// Sorts the words from `from` on into lines, drops what was drawn twice, and adds the segments to the pool.
pub(super) fn build(pool: &mut Pool, from: usize) {
    number_lines(pool.words.get_mut(from..).unwrap_or_default());
    drop_twice(pool, from);
    let mut at = from;
    while at < pool.words.len() {
        let end = segment_end(pool, at);
        let segment = measure(pool, at, end);
        pool.segments.push(segment);
        order_leftward(pool.words.get_mut(at..end).unwrap_or_default());
        at = end;
    }
}

/// Whether a space stands between two neighbours of a line.
pub(super) fn separated(a: &Word, b: &Word) -> bool {
    let size = a.size.max(b.size);
    let gap = gap(a, b);
    // Drawn in the order of the page, a blank before a word that is read leftward stands after it.
    let blank = match (a.leftward || b.leftward, a.along[0] > b.along[0]) {
        (true, true) if a.start < b.start => b.blank_before,
        (true, true) => a.blank_before,
        _ => b.blank_before,
    } && gap > -0.1 * size;
    blank || gap > WORD_GAP * size + a.spacing.min(b.spacing)
}

fn gap(a: &Word, b: &Word) -> f32 {
    let ([from, to], [start, end]) = (a.along, b.along);
    if start >= from { start - to } else { from - end }
}

fn number_lines(words: &mut [Word]) {
    let by_base = |a: &Word, b: &Word| a.stratum.cmp(&b.stratum).then(a.base.total_cmp(&b.base));
    words.sort_unstable_by(|a, b| by_base(a, b).then(a.start.cmp(&b.start)));
    let mut line = 0;
    let mut open: Option<(u16, f32, f32)> = None;
    for word in words.iter_mut() {
        let fits = open.is_some_and(|(stratum, base, size)| {
            stratum == word.stratum && word.base - base <= BASE_TOLERANCE * size.min(word.size)
        });
        if !fits {
            line += u32::from(open.is_some());
            open = Some((word.stratum, word.base, word.size));
        }
        word.line = line;
    }
    let start = |word: &Word| word.along.first().copied().unwrap_or_default();
    words.sort_unstable_by(|a, b| {
        let order: Ordering = a.line.cmp(&b.line).then(start(a).total_cmp(&start(b)));
        order.then(a.start.cmp(&b.start))
    });
}

/// Bold made by drawing words twice, and shadows: the later copy goes.
fn drop_twice(pool: &mut Pool, from: usize) {
    let Pool { text, words, .. } = pool;
    let mut kept = from;
    for at in from..words.len() {
        let Some(word) = words.get(at).copied() else { break };
        let before = words.get(kept.saturating_sub(3).max(from)..kept).unwrap_or_default();
        if before.iter().any(|other| is_twice(text, other, &word)) {
            continue;
        }
        if let Some(slot) = words.get_mut(kept) {
            *slot = word;
        }
        kept += 1;
    }
    words.truncate(kept);
}

fn is_twice(text: &str, a: &Word, b: &Word) -> bool {
    let near = TWICE * a.size.min(b.size);
    let ([a0, a1], [b0, b1]) = (a.along, b.along);
    let of = |word: &Word| text.get(word.start as usize..word.end as usize);
    a.line == b.line
        && (a0 - b0).abs() < near
        && (a1 - b1).abs() < 2.0 * near
        && (a.base - b.base).abs() < near
        && of(a) == of(b)
}

fn segment_end(pool: &Pool, from: usize) -> usize {
    let words = pool.words.get(from..).unwrap_or_default();
    let mut reach = words.first().map_or(0.0, |word| word.along[1]);
    for (at, pair) in words.windows(2).enumerate() {
        let [a, b] = pair else { break };
        let size = a.size.max(b.size);
        let gap = b.along[0] - reach;
        let wide = gap > SEGMENT_GAP * size
            && !(gap < LABEL_GAP * size && is_label_run(pool, from, from + at + 1))
            || gap > BULLET_GAP * size && labels::is_bullet(pool.word_text(b));
        if a.line != b.line || wide {
            return from + at + 1;
        }
        reach = reach.max(b.along[1]);
    }
    pool.words.len()
}

/// Whether the words from `from` to `to` are a list label and nothing else.
fn is_label_run(pool: &Pool, from: usize, to: usize) -> bool {
    let words = pool.words.get(from..to).unwrap_or_default();
    if words.len() > 3 {
        return false;
    }
    let mut label = String::new();
    for word in words {
        label.push_str(pool.word_text(word));
    }
    labels::is_label(&label)
}

fn measure(pool: &Pool, from: usize, to: usize) -> Segment {
    let words = pool.words.get(from..to).unwrap_or_default();
    let mut segment = Segment {
        from: index(from),
        to: index(to),
        along: [f32::MAX, f32::MIN],
        across: [f32::MAX, f32::MIN],
        base: 0.0,
        size: 0.0,
        font: 0,
        line: 0,
        stratum: 0,
        count: 0,
        bytes: 0,
    };
    let mut widest = -1;
    let mut before: Option<&Word> = None;
    for word in words {
        segment.along = words::union(segment.along, word.along);
        segment.across = words::union(segment.across, word.across);
        segment.count += u32::from(before.is_none_or(|before| separated(before, word)));
        let bytes = word.end - word.start;
        segment.bytes += bytes;
        if i64::from(bytes) > widest {
            widest = i64::from(bytes);
            (segment.base, segment.size, segment.font) = (word.base, word.size, word.font);
            (segment.line, segment.stratum) = (word.line, word.stratum);
        }
        before = Some(word);
    }
    segment
}

/// Puts the words of a segment into reading order where some of them run from right to left: a line that is mostly
/// such reads leftward with its other words in their own order, else only the runs of such words are turned.
fn order_leftward(words: &mut [Word]) {
    let leftward = words.iter().filter(|word| word.leftward).count();
    if leftward == 0 {
        return;
    }
    let mostly = leftward * 2 >= words.len();
    if mostly {
        words.reverse();
    }
    let mut at = 0;
    while at < words.len() {
        let rest = words.get(at..).unwrap_or_default();
        let run = rest.iter().take_while(|word| word.leftward != mostly).count();
        if let Some(turned) = words.get_mut(at..at + run) {
            turned.reverse();
        }
        at += run.max(1);
    }
}
