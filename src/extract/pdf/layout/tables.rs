//! Tells a table from prose in columns, and a table's rows from its lines.

use super::Pool;
use super::lines::Segment;
use std::ops::Range;

/// A prose column has at least so many lines, …
const PROSE_LINES: usize = 3;
/// … so many words to a line …
const PROSE_WORDS: f32 = 2.5;
/// … and lines that fill so much of it.
const PROSE_FILL: f32 = 0.55;
/// A step between base lines this many times the least one separates rows.
const ROW_STEP: f32 = 1.3;

/// A table: rows of cells of segments, and lines before and after it that belong to none.
pub(super) struct Rows {
    pub(super) before: Vec<u32>,
    pub(super) cells: Vec<Vec<Vec<u32>>>,
    pub(super) after: Vec<u32>,
}

/// The segments of each column.
pub(super) fn columns(
    pool: &Pool,
    segments: &[u32],
    groups: &[Range<usize>],
    gutters: &[[f32; 2]],
) -> Vec<Vec<u32>> {
    let mut columns = vec![Vec::new(); gutters.len() + 1];
    for &id in groups.iter().filter_map(|group| segments.get(group.clone())).flatten() {
        let Some(segment) = pool.segments.get(id as usize) else { continue };
        if let Some(column) = columns.get_mut(column_of(segment, gutters)) {
            column.push(id);
        }
    }
    columns
}

fn column_of(segment: &Segment, gutters: &[[f32; 2]]) -> usize {
    gutters.iter().take_while(|gutter| segment.along[0] >= gutter[1] - 0.01).count()
}

/// What a column looks like.
struct Look {
    lines: usize,
    bytes: u32,
    words: f32,
    fill: f32,
    numbers: bool,
    width: f32,
}

impl Look {
    #[expect(clippy::cast_precision_loss, reason = "counts of words on a page")]
    fn of(pool: &Pool, ids: &[u32]) -> Self {
        let segments = || ids.iter().filter_map(|&id| pool.segments.get(id as usize));
        let along = segments().map(|segment| segment.along).reduce(super::words::union);
        let width = along.map_or(0.0, |[from, to]| to - from).max(0.01);
        let lines = ids.len();
        let words: u32 = segments().map(|segment| segment.count).sum();
        let fill: f32 = segments().map(|segment| segment.width() / width).sum();
        let number = |segment: &Segment| {
            segment.bytes <= 4 && pool.segment_bytes(segment).all(|byte| byte.is_ascii_digit())
        };
        let count = lines.max(1) as f32;
        Self {
            lines,
            bytes: segments().map(|segment| segment.bytes).sum(),
            words: words as f32 / count,
            fill: fill / count,
            numbers: segments().all(number),
            width,
        }
    }

    fn is_prose(&self) -> bool {
        self.lines >= PROSE_LINES && self.words >= PROSE_WORDS && self.fill >= PROSE_FILL
    }
}

/// The rows of a band, or `None` where it is prose in columns.
pub(super) fn rows(
    pool: &Pool,
    segments: &[u32],
    groups: &[Range<usize>],
    gutters: &[[f32; 2]],
    columns: &[Vec<u32>],
) -> Option<Rows> {
    let looks: Vec<Look> = columns.iter().map(|column| Look::of(pool, column)).collect();
    let steps = Steps::of(pool, segments, groups);
    let bytes: u32 = looks.iter().map(|look| look.bytes).sum();
    let prose = looks.iter().filter(|look| look.is_prose());
    let (count, in_prose) = prose.fold((0, 0), |(n, sum), look| (n + 1, sum + look.bytes));
    if count >= 2 && in_prose * 4 >= bytes * 3 && !steps.has_rows(pool, segments, groups, gutters) {
        return None;
    }
    // Numbered lines of a pleading: the numbers are a column of their own, not cells.
    let numbered = looks.iter().any(|look| look.numbers && look.lines * 2 > groups.len());
    if count == 1 && numbered && looks.len() == 2 {
        return None;
    }
    Some(cut(pool, segments, groups, gutters, &looks, &steps))
}

/// Distances between the base lines of neighbouring groups.
struct Steps {
    steps: Vec<f32>,
    least: f32,
}

impl Steps {
    fn of(pool: &Pool, segments: &[u32], groups: &[Range<usize>]) -> Self {
        let base = |group: &Range<usize>| {
            let id = segments.get(group.start)?;
            pool.segments.get(*id as usize).map(|segment| (segment.base, segment.size))
        };
        let bases: Vec<(f32, f32)> = groups.iter().filter_map(base).collect();
        let steps: Vec<f32> = bases.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
        let size = bases.iter().map(|&(_, size)| size).fold(f32::MAX, f32::min);
        let real = steps.iter().copied().filter(|&step| step > 0.8 * size);
        Self { least: real.fold(f32::MAX, f32::min), steps }
    }

    /// Whether a row begins at this group for the space above it alone.
    fn is_wide(&self, group: usize) -> bool {
        let step = group.checked_sub(1).and_then(|at| self.steps.get(at));
        step.is_some_and(|&step| step > ROW_STEP * self.least)
    }

    /// Whether space runs across all columns between rows whose cells begin on one base line each: a table with
    /// long cells.
    fn has_rows(
        &self,
        pool: &Pool,
        segments: &[u32],
        groups: &[Range<usize>],
        gutters: &[[f32; 2]],
    ) -> bool {
        let tops = (0..groups.len()).filter(|&at| at == 0 || self.is_wide(at));
        let full = |at: &usize| {
            let ids = groups.get(*at).and_then(|group| segments.get(group.clone()));
            let mut filled = vec![false; gutters.len() + 1];
            for segment in
                ids.unwrap_or_default().iter().filter_map(|&id| pool.segments.get(id as usize))
            {
                if let Some(slot) = filled.get_mut(column_of(segment, gutters)) {
                    *slot = true;
                }
            }
            filled.iter().all(|&filled| filled)
        };
        let (all, whole) =
            tops.fold((0, 0), |(n, whole), at| (n + 1, whole + usize::from(full(&at))));
        all >= 3 && whole * 5 >= all * 4 && all * 12 >= groups.len()
    }
}

fn cut(
    pool: &Pool,
    segments: &[u32],
    groups: &[Range<usize>],
    gutters: &[[f32; 2]],
    looks: &[Look],
    steps: &Steps,
) -> Rows {
    let ids = |group: &Range<usize>| segments.get(group.clone()).unwrap_or_default();
    let is_title = |group: &Range<usize>| group.len() < 2;
    let skipped = groups.iter().take_while(|group| is_title(group)).count();
    let lead = groups.get(..skipped).unwrap_or_default();
    let mut rows = Rows {
        before: lead.iter().flat_map(|group| ids(group)).copied().collect(),
        cells: Vec::new(),
        after: Vec::new(),
    };
    let mut last: Vec<Option<Segment>> = vec![None; gutters.len() + 1];
    let tail = groups.iter().rev().take_while(|group| is_title(group)).count();
    for (at, group) in groups.iter().enumerate().skip(skipped) {
        let outside = at + tail >= groups.len() && (steps.is_wide(at) || !rows.after.is_empty());
        if outside {
            rows.after.extend(ids(group));
            continue;
        }
        let members =
            || ids(group).iter().filter_map(|&id| pool.segments.get(id as usize).map(|s| (id, s)));
        let wraps = !rows.cells.is_empty()
            && !steps.is_wide(at)
            && wraps(
                pool,
                &members().map(|(_, segment)| *segment).collect::<Vec<_>>(),
                gutters,
                looks,
                &last,
            );
        if !wraps {
            rows.cells.push(vec![Vec::new(); gutters.len() + 1]);
            last.fill(None);
        }
        for (id, segment) in members() {
            let column = column_of(segment, gutters);
            if let Some(cell) = rows.cells.last_mut().and_then(|row| row.get_mut(column)) {
                cell.push(id);
            }
            if let Some(slot) = last.get_mut(column) {
                *slot = Some(*segment);
            }
        }
    }
    rows
}

/// Whether a line goes on in the cells of the line above instead of beginning a row: it leaves the first column
/// empty, or every stretch of it plainly continues a full line above.
fn wraps(
    pool: &Pool,
    line: &[Segment],
    gutters: &[[f32; 2]],
    looks: &[Look],
    last: &[Option<Segment>],
) -> bool {
    let is_value = |segment: &Segment| {
        segment.count < 2 && pool.segment_bytes(segment).any(|byte| byte.is_ascii_digit())
    };
    let continues = |segment: &Segment| {
        let column = column_of(segment, gutters);
        let above = last.get(column).copied().flatten();
        let width = looks.get(column).map_or(0.0, |look| look.width);
        let lower =
            pool.segment_bytes(segment).next().is_some_and(|byte| byte.is_ascii_lowercase());
        lower && above.is_some_and(|above| above.width() > 0.6 * width && above.count > 1)
    };
    let first_empty = line.iter().all(|segment| column_of(segment, gutters) > 0);
    first_empty && (line.len() == 1 || !line.iter().all(is_value)) || line.iter().all(continues)
}
