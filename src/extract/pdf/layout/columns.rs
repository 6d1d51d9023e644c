//! Segments of a page to pieces in reading order: columns one after another, tables cell by cell.

use super::lines::Segment;
use super::tables::Grid;
use super::{Pool, index};
use std::ops::Range;

/// The narrowest gutter, as a share of the font size.
const MIN_GUTTER: f32 = 0.9;
/// The narrowest gutter where only few lines bear witness to it.
const WIDE_GUTTER: f32 = 1.6;
/// From how many lines on a narrow gutter is believed.
const MANY_LINES: usize = 5;
/// Columns inside columns, and so on.
const MAX_DEPTH: usize = 6;
/// A line with more stretches than this is not searched for gutters.
const MAX_STRETCHES: usize = 64;

/// A stretch of the page that is read at one go.
#[derive(Debug)]
pub(super) enum Piece {
    /// Lines of running text, one under another; `column`: they begin where a column before them broke off.
    Lines { segments: Vec<u32>, column: bool },
    /// A table cell: row and column inside the table.
    Cell { table: u32, row: u32, column: u32, segments: Vec<u32> },
}

/// Text between the words that is hidden: it fills gaps that would look like gutters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Filler {
    pub(super) along: [f32; 2],
    pub(super) across: [f32; 2],
}

/// What ordering a page needs to know.
pub(super) struct Orderer<'a> {
    pub(super) pool: &'a Pool,
    /// Sorted by top.
    pub(super) fillers: &'a [Filler],
    /// Number of the next table.
    pub(super) tables: &'a mut u32,
    pub(super) pieces: Vec<Piece>,
}

/// A line, or two that stand side by side: a range of the region's segments.
type Group = Range<usize>;

/// Groups that share gutters.
struct Band {
    groups: Range<usize>,
    gutters: Vec<[f32; 2]>,
}

impl Orderer<'_> {
    /// Orders the segments of a region, sorted by line and then along it.
    pub(super) fn order(&mut self, segments: &[u32], depth: usize) {
        let groups = self.groups(segments);
        let mut bands = self.bands(segments, &groups);
        for at in 0..bands.len() {
            if !self.holds(segments, &groups, &bands, at)
                && let Some(band) = bands.get_mut(at)
            {
                band.gutters.clear();
            }
        }
        let mut at = 0;
        while let Some(band) = bands.get(at) {
            let rest = bands.get(at..).unwrap_or_default();
            let plain = rest.iter().take_while(|band| band.gutters.is_empty()).count();
            let last = rest.get(plain.saturating_sub(1)).unwrap_or(band);
            let range = band.groups.start..last.groups.end;
            let inside = slice(segments, &groups, range.clone());
            if plain > 0 || depth >= MAX_DEPTH {
                self.lines(inside);
            } else {
                let groups = groups.get(range).unwrap_or_default();
                self.split(segments, groups, &band.gutters, depth);
            }
            at += plain.max(1);
        }
    }

    fn segment(&self, id: u32) -> Option<&Segment> {
        self.pool.segments.get(id as usize)
    }

    fn lines(&mut self, segments: &[u32]) {
        if !segments.is_empty() {
            self.pieces.push(Piece::Lines { segments: segments.to_vec(), column: false });
        }
    }

    /// Lines, those that stand side by side on different base lines taken together.
    fn groups(&self, segments: &[u32]) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        let mut open: Option<(Segment, [f32; 2])> = None;
        for (at, &id) in segments.iter().enumerate() {
            let Some(&segment) = self.segment(id) else { continue };
            let beside = |(first, along): &(Segment, [f32; 2])| {
                let apart = segment.along[0] > along[1] || segment.along[1] < along[0];
                segment.line == first.line
                    || apart && segment.base - first.base < 0.6 * first.size.min(segment.size)
            };
            match (&mut open, groups.last_mut()) {
                (Some(state), Some(group)) if beside(state) => {
                    group.end = at + 1;
                    state.1 = super::words::union(state.1, segment.along);
                }
                _ => {
                    groups.push(at..at + 1);
                    open = Some((segment, segment.along));
                }
            }
        }
        groups
    }

    fn bands(&self, segments: &[u32], groups: &[Group]) -> Vec<Band> {
        let mut bands: Vec<Band> = Vec::new();
        let mut cover: Vec<[f32; 2]> = Vec::new();
        for (at, group) in groups.iter().enumerate() {
            let (own, size) = self.stretches(segments.get(group.clone()).unwrap_or_default());
            let both = merge(&cover, &own);
            let gutters = gaps(&both, MIN_GUTTER * size);
            let own_gutters = gaps(&own, MIN_GUTTER * size);
            let breaks = bands.last().is_none_or(|band| {
                if band.gutters.is_empty() {
                    // A short line above a table must not hide one of its gutters.
                    own.len() > 1 && (gutters.is_empty() || own_gutters.len() > gutters.len())
                } else {
                    gutters.is_empty()
                }
            });
            if breaks {
                bands.push(Band { groups: at..at + 1, gutters: own_gutters });
                cover = own;
            } else if let Some(band) = bands.last_mut() {
                band.groups.end = at + 1;
                band.gutters = gutters;
                cover = both;
            }
        }
        bands.into_iter().flat_map(|band| self.without_tail(segments, groups, band)).collect()
    }

    /// Parts the short lines below a table from it where they hide some of its gutters.
    fn without_tail(&self, segments: &[u32], groups: &[Group], band: Band) -> Vec<Band> {
        let all = groups.get(band.groups.clone()).unwrap_or_default();
        let rows = all.iter().rposition(|group| group.len() > 1).map_or(0, |at| at + 1);
        if band.gutters.is_empty() || rows < 2 || rows == all.len() {
            return vec![band];
        }
        let mut cover: Vec<[f32; 2]> = Vec::new();
        let mut gutters = Vec::new();
        for (at, group) in all.iter().enumerate() {
            let (own, size) = self.stretches(segments.get(group.clone()).unwrap_or_default());
            let both = merge(&cover, &own);
            let left = gaps(&both, MIN_GUTTER * size);
            if at >= rows && left.len() < gutters.len() {
                let middle = band.groups.start + at;
                let below = Band { groups: middle..band.groups.end, gutters: Vec::new() };
                return vec![Band { groups: band.groups.start..middle, gutters }, below];
            }
            gutters = left;
            cover = both;
        }
        vec![band]
    }

    /// What a group covers along the line, and its font size.
    fn stretches(&self, ids: &[u32]) -> (Vec<[f32; 2]>, f32) {
        let mut all: Vec<[f32; 2]> = Vec::with_capacity(ids.len() + 1);
        let (mut size, mut across) = (f32::MAX, [f32::MAX, f32::MIN]);
        for segment in ids.iter().filter_map(|&id| self.segment(id)) {
            all.push(segment.along);
            size = size.min(segment.size);
            across = super::words::union(across, segment.across);
        }
        if all.len() > MAX_STRETCHES {
            let whole = all.iter().copied().reduce(super::words::union);
            return (whole.into_iter().collect(), size);
        }
        if all.len() > 1 {
            all.extend(self.fillers_in(across));
        }
        all.sort_unstable_by(|a, b| a[0].total_cmp(&b[0]));
        (merge(&[], &all), size)
    }

    fn fillers_in(&self, [top, bottom]: [f32; 2]) -> impl Iterator<Item = [f32; 2]> {
        let height = bottom - top;
        let first = self.fillers.partition_point(|filler| filler.across[0] < top - height);
        let fits = move |filler: &&Filler| {
            let overlap = filler.across[1].min(bottom) - filler.across[0].max(top);
            overlap > 0.5 * (filler.across[1] - filler.across[0]).min(height)
        };
        let near = self.fillers.iter().skip(first).take(256);
        near.take_while(move |filler| filler.across[0] < bottom).filter(fits).map(|f| f.along)
    }

    /// Whether the gutters of a band are more than chance, or the holes that redaction leaves.
    fn holds(&self, segments: &[u32], groups: &[Group], bands: &[Band], at: usize) -> bool {
        let Some(band) = bands.get(at) else { return false };
        let rows = band.groups.len();
        if band.gutters.is_empty() || rows < 2 {
            return false;
        }
        let inside = slice(segments, groups, band.groups.clone());
        let size = self.size(inside);
        let widest = band.gutters.iter().map(|[from, to]| to - from).fold(0.0, f32::max);
        if rows >= MANY_LINES {
            return true;
        }
        let two = groups.get(band.groups.clone()).unwrap_or_default();
        let witnesses = two.iter().filter(|group| group.len() > 1).count();
        widest >= WIDE_GUTTER * size
            && witnesses >= 2
            && !self.interrupts_paragraph(segments, groups, band)
    }

    /// A few lines with holes, set at the same pitch as the line above or below that runs across: one paragraph.
    fn interrupts_paragraph(&self, segments: &[u32], groups: &[Group], band: &Band) -> bool {
        let base = |at: usize| {
            let group = groups.get(at)?;
            self.segment(*segments.get(group.start)?).map(|segment| segment.base)
        };
        let crosses = |at: usize| {
            let ids = groups.get(at).and_then(|group| segments.get(group.clone()));
            ids.is_some_and(|ids| {
                ids.iter().filter_map(|&id| self.segment(id)).any(|segment| {
                    band.gutters
                        .iter()
                        .all(|gutter| segment.along[0] < gutter[0] && segment.along[1] > gutter[1])
                })
            })
        };
        let (first, last) = (band.groups.start, band.groups.end - 1);
        let (Some(a), Some(b)) = (base(first), base(first + 1)) else { return false };
        let pitch = b - a;
        let same = |other: f32| (other - pitch).abs() < 0.12 * pitch;
        let above = first.checked_sub(1).filter(|&at| crosses(at)).and_then(base);
        let below = Some(last + 1).filter(|&at| crosses(at)).and_then(base);
        let end = base(last).unwrap_or(b);
        above.is_some_and(|above| same(a - above)) || below.is_some_and(|below| same(below - end))
    }

    fn size(&self, ids: &[u32]) -> f32 {
        let sizes = ids.iter().filter_map(|&id| self.segment(id)).map(|segment| segment.size);
        sizes.fold(0.0, f32::max)
    }

    /// Reads a band column by column, or as a table.
    fn split(&mut self, segments: &[u32], groups: &[Group], gutters: &[[f32; 2]], depth: usize) {
        let grid = Grid::new(self.pool, segments, groups, gutters);
        let Some(rows) = grid.rows() else {
            for (at, ids) in grid.columns.iter().enumerate() {
                let first = self.pieces.len();
                self.order(ids, depth + 1);
                if let Some(Piece::Lines { column, .. }) = self.pieces.get_mut(first) {
                    *column |= at > 0;
                }
            }
            return;
        };
        self.lines(&rows.before);
        let table = *self.tables;
        *self.tables = table.saturating_add(1);
        for (row, cells) in rows.cells.into_iter().enumerate() {
            for (column, segments) in cells.into_iter().enumerate() {
                if !segments.is_empty() {
                    let (row, column) = (index(row), index(column));
                    self.pieces.push(Piece::Cell { table, row, column, segments });
                }
            }
        }
        self.lines(&rows.after);
    }
}

fn slice<'a>(segments: &'a [u32], groups: &[Group], range: Range<usize>) -> &'a [u32] {
    let groups = groups.get(range).unwrap_or_default();
    let (Some(first), Some(last)) = (groups.first(), groups.last()) else { return &[] };
    segments.get(first.start..last.end).unwrap_or_default()
}

/// The union of two lists of stretches, both sorted.
fn merge(a: &[[f32; 2]], b: &[[f32; 2]]) -> Vec<[f32; 2]> {
    let mut merged: Vec<[f32; 2]> = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    loop {
        let next = match (a.peek(), b.peek()) {
            (Some(x), Some(y)) if x[0] <= y[0] => a.next(),
            (Some(_), None) => a.next(),
            (_, Some(_)) => b.next(),
            (None, None) => return merged,
        };
        let Some(&[from, to]) = next else { return merged };
        match merged.last_mut() {
            Some(last) if from <= last[1] => last[1] = last[1].max(to),
            _ => merged.push([from, to]),
        }
    }
}

/// The gaps between stretches that are at least `least` wide.
fn gaps(stretches: &[[f32; 2]], least: f32) -> Vec<[f32; 2]> {
    if stretches.len() > MAX_STRETCHES {
        return Vec::new();
    }
    let between = stretches.windows(2).filter_map(|pair| match pair {
        [a, b] => Some([a[1], b[0]]),
        _ => None,
    });
    between.filter(|[from, to]| to - from >= least).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Sketch, laid_out};
    use crate::model::Block;

    #[test]
    fn short_lines_above_and_below_a_table_leave_its_columns_alone() {
        let mut page = Sketch::new(1);
        page.text(72.0, 100.0, "The results are in this table.");
        for (y, row) in [
            (120.0, ["Step", "Result", "Closed"]),
            (140.0, ["Interview", "The owner pointed out", "12 May"]),
            (152.0, ["", "the buyer. (E)", ""]),
            (172.0, ["Records", "No entry was found.", "14 May"]),
        ] {
            for (x, text) in [72.0, 200.0, 350.0].into_iter().zip(row) {
                page.text(x, y, text);
            }
        }
        page.text(72.0, 200.0, "The first allegation was not borne out.");
        let document = laid_out(&[page]);
        let of = |is_cell: bool| {
            let all = document.passages().filter(move |p| (p.block() == Block::Cell) == is_cell);
            all.map(|passage| passage.text().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(
            of(true),
            [
                "Step",
                "Result",
                "Closed",
                "Interview",
                "The owner pointed out\nthe buyer. (E)",
                "12 May",
                "Records",
                "No entry was found.",
                "14 May"
            ]
        );
        assert_eq!(of(false).len(), 2);
    }
}
