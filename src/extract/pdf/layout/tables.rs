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
/// … and so many of them go on in the middle of a sentence.
const PROSE_RUNS_ON: f32 = 0.25;
/// A step between base lines this many times the usual one separates rows.
const ROW_STEP: f32 = 1.25;
/// Base lines of one row lie no farther apart, as a share of the font size.
const SAME_BASE: f32 = 0.2;

/// A table: rows of cells of segments, and lines before and after it that belong to none.
pub(super) struct Rows {
    pub(super) before: Vec<u32>,
    pub(super) cells: Vec<Vec<Vec<u32>>>,
    pub(super) after: Vec<u32>,
}

/// A band of the page and the gutters that run through it.
pub(super) struct Grid<'a> {
    pool: &'a Pool,
    segments: &'a [u32],
    groups: &'a [Range<usize>],
    gutters: &'a [[f32; 2]],
    /// The segments of each column.
    pub(super) columns: Vec<Vec<u32>>,
}

impl<'a> Grid<'a> {
    /// Groups are ranges of `segments`, gutters sorted along the line.
    pub(super) fn new(
        pool: &'a Pool,
        segments: &'a [u32],
        groups: &'a [Range<usize>],
        gutters: &'a [[f32; 2]],
    ) -> Self {
        let columns = vec![Vec::new(); gutters.len() + 1];
        let mut grid = Self { pool, segments, groups, gutters, columns };
        for group in groups {
            for &id in segments.get(group.clone()).unwrap_or_default() {
                let column = pool.segments.get(id as usize).map_or(0, |s| grid.column_of(s));
                if let Some(column) = grid.columns.get_mut(column) {
                    column.push(id);
                }
            }
        }
        grid
    }

    /// The rows of the table, or `None` where it is prose in columns.
    pub(super) fn rows(&self) -> Option<Rows> {
        let looks: Vec<Look> =
            self.columns.iter().map(|column| Look::of(self.pool, column)).collect();
        let bytes: u32 = looks.iter().map(|look| look.bytes).sum();
        let prose = || looks.iter().filter(|look| look.is_prose());
        let (count, in_prose) = prose().fold((0, 0), |(n, sum), look| (n + 1, sum + look.bytes));
        let tops = self.tops();
        let ruled = count > 0 && tops.len() >= 3;
        let runs_on = prose().any(|look| look.runs_on >= PROSE_RUNS_ON);
        if count >= 2 && in_prose * 4 >= bytes * 3 && !ruled && (runs_on || !self.is_aligned()) {
            return None;
        }
        // Numbered lines of a pleading: the numbers are a column of their own, not cells.
        let numbered = looks.iter().any(|look| look.numbers && look.lines * 2 > self.groups.len());
        if count == 1 && numbered && looks.len() == 2 {
            return None;
        }
        Some(self.cut(&looks, if ruled { &tops } else { &[] }))
    }

    fn segment(&self, id: u32) -> Option<&Segment> {
        self.pool.segments.get(id as usize)
    }

    fn column_of(&self, segment: &Segment) -> usize {
        self.gutters.iter().take_while(|gutter| segment.along[0] >= gutter[1] - 0.01).count()
    }

    fn members(&self, group: &Range<usize>) -> impl Iterator<Item = (u32, &Segment)> {
        let ids = self.segments.get(group.clone()).unwrap_or_default();
        ids.iter().filter_map(|&id| Some((id, self.segment(id)?)))
    }

    /// The usual step between the lines of a column.
    fn step(&self, ids: &[u32]) -> f32 {
        let bases: Vec<f32> = ids.iter().filter_map(|&id| Some(self.segment(id)?.base)).collect();
        let steps = bases.windows(2).map(|pair| pair[1] - pair[0]);
        let mut steps: Vec<f32> = steps.filter(|&step| step > 0.5).collect();
        steps.sort_unstable_by(f32::total_cmp);
        steps.get(steps.len() * 2 / 5).copied().unwrap_or(f32::MAX)
    }

    /// Base lines at which every column begins anew after a wide step: the rows of a table with long cells. Empty
    /// where columns take wide steps by themselves, as prose does between paragraphs.
    fn tops(&self) -> Vec<f32> {
        let wide = |column: &Vec<u32>| {
            let step = self.step(column);
            let mut bases: Vec<f32> = Vec::new();
            let mut last = f32::MIN;
            for segment in column.iter().filter_map(|&id| self.segment(id)) {
                if segment.base - last > ROW_STEP * step || bases.is_empty() {
                    bases.push(segment.base);
                }
                last = segment.base;
            }
            bases
        };
        let columns: Vec<Vec<f32>> = self.columns.iter().map(wide).collect();
        let size = self.members(&(0..1)).map(|(_, segment)| segment.size).fold(8.0, f32::max);
        let near = |bases: &Vec<f32>, base: f32| {
            let at = bases.partition_point(|&other| other < base - SAME_BASE * size);
            bases.get(at).is_some_and(|&other| other <= base + SAME_BASE * size)
        };
        let Some((first, rest)) = columns.split_first() else { return Vec::new() };
        let shared: Vec<f32> = first
            .iter()
            .copied()
            .filter(|&base| rest.iter().all(|bases| near(bases, base)))
            .collect();
        let most = columns.iter().map(Vec::len).max().unwrap_or(0);
        if shared.len() * 10 >= most * 7 { shared } else { Vec::new() }
    }

    /// Whether most lines of the shorter columns stand on a base line with those of another.
    fn is_aligned(&self) -> bool {
        let (mut all, mut together) = (0, 0);
        for group in self.groups.iter().filter(|group| group.len() > 1) {
            let mut bases: Vec<(f32, f32)> =
                self.members(group).map(|(_, segment)| (segment.base, segment.size)).collect();
            bases.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
            let pairs = bases.windows(2);
            all += bases.len() - 1;
            together += pairs.filter(|p| p[1].0 - p[0].0 <= SAME_BASE * p[0].1).count();
        }
        together * 10 >= all * 8
    }

    fn cut(&self, looks: &[Look], tops: &[f32]) -> Rows {
        let is_title = |group: &&Range<usize>| group.len() < 2;
        let skipped = self.groups.iter().take_while(is_title).count();
        let tail = self.groups.iter().rev().take_while(is_title).count();
        let step = self.columns.iter().map(|column| self.step(column)).fold(f32::MAX, f32::min);
        let mut rows = Rows { before: Vec::new(), cells: Vec::new(), after: Vec::new() };
        let mut above: Vec<Option<Segment>> = vec![None; looks.len()];
        let mut last = f32::MAX;
        for (at, group) in self.groups.iter().enumerate() {
            let ids = self.members(group).map(|(id, _)| id);
            let base =
                self.members(group).map(|(_, segment)| segment.base).fold(f32::MAX, f32::min);
            let wide = base - last > ROW_STEP * step;
            last = base;
            if at < skipped {
                rows.before.extend(ids);
                continue;
            }
            if at + tail >= self.groups.len() && (wide || !rows.after.is_empty()) {
                rows.after.extend(ids);
                continue;
            }
            let is_top = tops.is_empty() || tops.iter().any(|top| (top - base).abs() < 1.0);
            let wraps =
                if tops.is_empty() { !wide && self.wraps(group, looks, &above) } else { !is_top };
            if rows.cells.is_empty() || !wraps {
                rows.cells.push(vec![Vec::new(); looks.len()]);
                above.fill(None);
            }
            self.fill(group, rows.cells.last_mut(), &mut above);
        }
        rows
    }

    fn fill(
        &self,
        group: &Range<usize>,
        row: Option<&mut Vec<Vec<u32>>>,
        above: &mut [Option<Segment>],
    ) {
        let Some(row) = row else { return };
        for (id, segment) in self.members(group) {
            let column = self.column_of(segment);
            if let (Some(cell), Some(slot)) = (row.get_mut(column), above.get_mut(column)) {
                cell.push(id);
                *slot = Some(*segment);
            }
        }
    }

    /// Whether a line goes on in the cells of the line above instead of beginning a row: it leaves the first column
    /// empty, or every stretch of it plainly continues a full line above.
    fn wraps(&self, group: &Range<usize>, looks: &[Look], above: &[Option<Segment>]) -> bool {
        let line = || self.members(group).map(|(_, segment)| segment);
        let is_value = |segment: &Segment| {
            segment.count < 2 && self.pool.segment_bytes(segment).any(|b| b.is_ascii_digit())
        };
        let continues = |segment: &Segment| {
            let column = self.column_of(segment);
            let above = above.get(column).copied().flatten();
            let width = looks.get(column).map_or(0.0, |look| look.width);
            is_lower(self.pool, segment)
                && above.is_some_and(|above| above.width() > 0.6 * width && above.count > 1)
        };
        let first_empty = line().all(|segment| self.column_of(segment) > 0);
        first_empty && (group.len() == 1 || !line().all(is_value)) || line().all(continues)
    }
}

fn is_lower(pool: &Pool, segment: &Segment) -> bool {
    pool.segment_bytes(segment).next().is_some_and(|byte| byte.is_ascii_lowercase())
}

/// What a column looks like.
struct Look {
    lines: usize,
    bytes: u32,
    words: f32,
    fill: f32,
    /// Nearly all lines are short numbers.
    numbers: bool,
    width: f32,
    /// Share of lines that begin in the middle of a sentence.
    runs_on: f32,
}

impl Look {
    #[expect(clippy::cast_precision_loss, reason = "counts of words on a page")]
    fn of(pool: &Pool, ids: &[u32]) -> Self {
        let segments = || ids.iter().filter_map(|&id| pool.segments.get(id as usize));
        let along = segments().map(|segment| segment.along).reduce(super::words::union);
        let width = along.map_or(0.0, |[from, to]| to - from).max(0.01);
        // A table among the lines of a column does not make them shorter.
        let mut numbers_of_lines: Vec<u32> = segments().map(|segment| segment.line).collect();
        numbers_of_lines.dedup();
        let lines = numbers_of_lines.len();
        let words: u32 = segments().map(|segment| segment.count).sum();
        let fill: f32 = segments().map(|segment| segment.width() / width).sum();
        let number = |segment: &&Segment| {
            segment.bytes <= 4 && pool.segment_bytes(segment).all(|byte| byte.is_ascii_digit())
        };
        let count = lines.max(1) as f32;
        Self {
            lines,
            bytes: segments().map(|segment| segment.bytes).sum(),
            words: words as f32 / count,
            fill: fill / count,
            numbers: segments().filter(number).count() * 5 >= lines * 4,
            width,
            runs_on: segments().filter(|segment| is_lower(pool, segment)).count() as f32 / count,
        }
    }

    fn is_prose(&self) -> bool {
        self.lines >= PROSE_LINES && self.words >= PROSE_WORDS && self.fill >= PROSE_FILL
    }
}
