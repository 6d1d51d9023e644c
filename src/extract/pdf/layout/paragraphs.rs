//! Lines of running text to paragraphs, by spacing, indents, line ends, labels, fonts and sizes.

use super::columns::Filler;
use super::labels;
use super::lines::{Segment, separated};
use super::words::union;
use super::{Pool, index};
use std::ops::Range;

/// A step between base lines this many times the usual one begins a paragraph.
const PARAGRAPH_STEP: f32 = 1.28;
/// The widest usual step between base lines, as a share of the font size, where few lines tell.
const USUAL_STEP: f32 = 1.5;
/// The smallest step between base lines that wrapped text is commonly set with, as a share of the font size.
const TIGHT_STEP: f32 = 1.13;
/// A step this many times the font size may stand between paragraphs of one line each.
const LOOSE_STEP: f32 = 1.45;
/// An indent or outdent, as a share of the font size.
const INDENT: f32 = 0.9;
/// Sizes that differ by more than this share are different.
const SIZE: f32 = 0.12;

/// A line of a paragraph or cell.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Into `Lines::segments`.
    pub(super) segments: Range<u32>,
    pub(super) along: [f32; 2],
    pub(super) across: [f32; 2],
    pub(super) base: f32,
    pub(super) size: f32,
    pub(super) font: u32,
    /// All words are of one font.
    pub(super) uniform: bool,
}

/// The lines of the whole document.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) segments: Vec<u32>,
    pub(super) lines: Vec<Line>,
}

impl Lines {
    /// Adds the lines of a piece: segments sorted by line.
    pub(super) fn add(&mut self, pool: &Pool, ids: &[u32]) -> Range<usize> {
        let start = self.lines.len();
        let mut open: Option<(u32, u32)> = None;
        for &id in ids {
            let Some(segment) = pool.segments.get(id as usize) else { continue };
            let at = index(self.segments.len());
            self.segments.push(id);
            let same = open.is_some_and(|(line, _)| line == segment.line);
            match self.lines.last_mut() {
                Some(line) if same => extend(line, segment, &mut open, pool),
                _ => {
                    open = Some((segment.line, segment.bytes));
                    self.lines.push(Line {
                        segments: at..at + 1,
                        along: segment.along,
                        across: segment.across,
                        base: segment.base,
                        size: segment.size,
                        font: segment.font,
                        uniform: is_uniform(pool, segment),
                    });
                }
            }
        }
        start..self.lines.len()
    }

    pub(super) fn segments<'a>(
        &'a self,
        pool: &'a Pool,
        line: &Line,
    ) -> impl DoubleEndedIterator<Item = &'a Segment> + use<'a> {
        let range = line.segments.start as usize..line.segments.end as usize;
        let ids = self.segments.get(range).unwrap_or_default();
        ids.iter().filter_map(|&id| pool.segments.get(id as usize))
    }

    /// The first token of a line, and its width.
    pub(super) fn first_token(&self, pool: &Pool, line: &Line) -> (String, f32) {
        let mut token = String::new();
        let Some(segment) = self.segments(pool, line).next() else { return (token, 0.0) };
        let words = pool.words.get(segment.words()).unwrap_or_default();
        let mut along = [f32::MAX, f32::MIN];
        for (at, word) in words.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| words.get(at));
            if before.is_some_and(|before| separated(before, word)) || token.len() > 64 {
                break;
            }
            token.push_str(pool.word_text(word));
            along = union(along, word.along);
        }
        let [from, to] = along;
        (token, (to - from).max(0.0))
    }

    /// The last few words of a line.
    pub(super) fn ending(&self, pool: &Pool, line: &Line) -> String {
        let mut text = String::new();
        let Some(segment) = self.segments(pool, line).next_back() else { return text };
        let words = pool.words.get(segment.words()).unwrap_or_default();
        let tail = words.get(words.len().saturating_sub(4)..).unwrap_or_default();
        let mut before = None;
        for word in tail {
            if before.is_some_and(|before| separated(before, word)) {
                text.push(' ');
            }
            text.push_str(pool.word_text(word));
            before = Some(word);
        }
        text
    }
}

fn extend(line: &mut Line, segment: &Segment, open: &mut Option<(u32, u32)>, pool: &Pool) {
    line.segments.end += 1;
    line.along = union(line.along, segment.along);
    line.across = union(line.across, segment.across);
    line.uniform &= segment.font == line.font && is_uniform(pool, segment);
    if let Some((_, bytes)) = open
        && segment.bytes > *bytes
    {
        *bytes = segment.bytes;
        (line.base, line.size, line.font) = (segment.base, segment.size, segment.font);
    }
}

fn is_uniform(pool: &Pool, segment: &Segment) -> bool {
    let words = pool.words.get(segment.words()).unwrap_or_default();
    words.iter().all(|word| word.font == segment.font)
}

/// What is usual in a piece of running text.
struct Usual {
    step: f32,
    left: f32,
    right: f32,
}

/// Where paragraphs begin among the lines of a piece: ranges of `Lines::lines`.
pub(super) fn split(
    pool: &Pool,
    lines: &Lines,
    range: Range<usize>,
    fillers: &[Filler],
) -> Vec<Range<usize>> {
    let all = lines.lines.get(range.clone()).unwrap_or_default();
    let mut usual = Usual::of(all);
    if let Some(step) = tight_step(pool, lines, all, &usual) {
        usual.step = step;
    }
    let mut paragraphs = Vec::new();
    let mut start = range.start;
    for (at, pair) in all.windows(2).enumerate() {
        let [above, below] = pair else { break };
        let next = range.start + at + 1;
        let pair = Pair { pool, lines, usual: &usual, above, below, opens: next == start + 1 };
        if pair.breaks(fillers) {
            paragraphs.push(start..next);
            start = next;
        }
    }
    if start < range.end {
        paragraphs.push(start..range.end);
    }
    paragraphs
}

/// The step between wrapped lines where most paragraphs are one line, so that the usual step is the one between
/// paragraphs: text goes on over the steps this small, and over hardly any of the larger ones. Text set with double
/// spacing goes on over them.
fn tight_step(pool: &Pool, lines: &Lines, all: &[Line], usual: &Usual) -> Option<f32> {
    let steps = || {
        all.windows(2).filter_map(|pair| {
            let [a, b] = pair else { return None };
            let step = b.base - a.base;
            let alike = (a.size - b.size).abs() <= SIZE * a.size;
            (alike && step > 0.8 * a.size && step <= 1.1 * usual.step).then_some((a, b, step))
        })
    };
    let least = steps().map(|(_, _, step)| step).fold(f32::MAX, f32::min);
    let size = all.iter().map(|line| line.size).fold(0.0, f32::max);
    let known = if least < LOOSE_STEP * size { least } else { 0.0 };
    let tight = known.max(TIGHT_STEP * size);
    let runs_on = |a: &Line, b: &Line| {
        let ending = lines.ending(pool, a);
        let lower = lines.first_token(pool, b).0.chars().next().is_some_and(char::is_lowercase);
        let full = usual.right - a.along[1] < 0.15 * (usual.right - usual.left);
        lower || labels::goes_on(&ending) || full && !labels::ends_sentence(&ending)
    };
    let (mut loose, mut going_on) = (0, 0);
    for (a, b, step) in steps() {
        if step > LOOSE_STEP * a.size && step > PARAGRAPH_STEP * tight {
            loose += 1;
            going_on += u32::from(runs_on(a, b));
        }
    }
    (loose >= 2 && going_on * 8 <= loose).then_some(tight)
}

impl Usual {
    fn of(lines: &[Line]) -> Self {
        let mut steps: Vec<f32> = lines
            .windows(2)
            .filter(|pair| (pair[0].size - pair[1].size).abs() <= SIZE * pair[0].size)
            .map(|pair| pair[1].base - pair[0].base)
            .filter(|&step| step > 0.0)
            .collect();
        steps.sort_unstable_by(f32::total_cmp);
        let size = lines.iter().map(|line| line.size).fold(0.0, f32::max);
        let few = steps.len() < 4;
        let step = steps.get(steps.len() * 3 / 10).copied().unwrap_or(USUAL_STEP * size);
        let mut rights: Vec<f32> = lines.iter().map(|line| line.along[1]).collect();
        rights.sort_unstable_by(f32::total_cmp);
        Self {
            step: if few { step.min(USUAL_STEP * size) } else { step },
            left: lines.iter().map(|line| line.along[0]).fold(f32::MAX, f32::min),
            right: rights
                .get((rights.len() * 9 / 10).min(rights.len().saturating_sub(1)))
                .copied()
                .unwrap_or(0.0),
        }
    }
}

/// Two neighbouring lines.
struct Pair<'a> {
    pool: &'a Pool,
    lines: &'a Lines,
    usual: &'a Usual,
    above: &'a Line,
    below: &'a Line,
    /// The line above is the first of its paragraph.
    opens: bool,
}

impl Pair<'_> {
    fn breaks(&self, fillers: &[Filler]) -> bool {
        let (a, b) = (self.above, self.below);
        let size = a.size.max(b.size);
        if (a.size - b.size).abs() > SIZE * size {
            return true;
        }
        let step = b.base - a.base;
        if step > PARAGRAPH_STEP * self.usual.step && !self.is_filled(fillers) {
            return true;
        }
        let (token, width) = self.lines.first_token(self.pool, b);
        if labels::is_bullet(&token) {
            return true;
        }
        let ending = self.lines.ending(self.pool, a);
        let end = End {
            stops: labels::ends_sentence(&ending),
            goes_on: labels::goes_on(&ending),
            room: self.usual.right - a.along[1],
            fits: self.usual.right - a.along[1] > width + 0.8 * size,
            lower: token.chars().next().is_some_and(char::is_lowercase),
        };
        self.breaks_by_label(&token, &end)
            || self.breaks_by_indent(&end)
            || self.breaks_by_end(&token, &end)
    }

    fn breaks_by_label(&self, token: &str, end: &End) -> bool {
        let outdent = self.below.along[0] < self.above.along[0] - 0.5 * self.below.size;
        labels::is_numbering(token) && (end.stops || end.fits || outdent && !self.opens)
    }

    fn breaks_by_indent(&self, end: &End) -> bool {
        let (a, b) = (self.above, self.below);
        let shift = b.along[0] - a.along[0];
        let middle = |line: &Line| line.along[0] + line.along[1];
        let centred = (middle(a) - middle(b)).abs() < 1.5 * a.size;
        if shift.abs() <= INDENT * a.size || centred {
            return false;
        }
        if shift > 0.0 {
            let hangs = self.opens && labels::is_label(&self.lines.first_token(self.pool, a).0);
            !hangs
                && (end.stops || !end.goes_on && !end.lower)
                && !(self.opens && !end.stops && !end.fits)
        } else {
            !self.opens && (end.stops || !end.lower && !end.goes_on)
        }
    }

    fn breaks_by_end(&self, token: &str, end: &End) -> bool {
        let (a, b) = (self.above, self.below);
        if end.lower {
            return false;
        }
        let fonts = a.uniform && b.uniform && a.font != b.font && !end.goes_on;
        let short = end.room > 0.25 * (self.usual.right - self.usual.left);
        let forced = short && end.fits && !end.goes_on && !token.starts_with(['(', '[']);
        fonts || end.fits && end.stops || forced
    }

    /// Whether a hidden line stands between the two.
    fn is_filled(&self, fillers: &[Filler]) -> bool {
        let (a, b) = (self.above, self.below);
        let first = fillers.partition_point(|filler| filler.across[0] < a.across[0]);
        let near = fillers.iter().skip(first).take(256);
        near.take_while(|filler| filler.across[0] < b.across[0]).any(|filler| {
            filler.across[0] > a.across[0] + 0.5 * a.size
                && filler.along[0] < b.along[1]
                && filler.along[1] > b.along[0]
        })
    }
}

/// How the line above ends and the line below begins.
#[expect(clippy::struct_excessive_bools, reason = "independent facts, no states")]
struct End {
    stops: bool,
    goes_on: bool,
    /// From its end to the usual end of lines.
    room: f32,
    /// The first word below would have found room above.
    fits: bool,
    lower: bool,
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Sketch, laid_out, texts};

    const PARAGRAPHS: [&str; 4] = [
        "The guard spoke of the man in the grey coat at the gate. (E)",
        "The tip came from one who works in the mail room all day. (E)",
        "Access to the notes was refused under the rules. (E)",
        "They left in separate cars after the end of the meeting.",
    ];

    #[test]
    fn paragraphs_of_one_line_are_kept_apart_by_a_wider_step() {
        let mut page = Sketch::new(1);
        for (y, text) in [100.0, 116.0, 132.0, 148.0].into_iter().zip(PARAGRAPHS) {
            page.text(72.0, y, text);
        }
        assert_eq!(texts(&laid_out(&[page])), PARAGRAPHS);
    }

    #[test]
    fn text_with_double_spacing_stays_whole() {
        let lines = [
            "The agent went to the place that was named in the",
            "report and met there with the person who had been",
            "seen before at the gate. Nothing was found at the",
            "house on that day. A neighbour said that the lodger",
            "had left a week before with two bags and no key.",
        ];
        let mut page = Sketch::new(1);
        for (y, text) in [100.0, 123.0, 146.0, 169.0, 192.0].into_iter().zip(lines) {
            page.text(72.0, y, text);
        }
        assert_eq!(texts(&laid_out(&[page])), [lines.join("\n")]);
    }
}
