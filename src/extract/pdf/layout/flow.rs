//! Paragraphs of all pages to passages: joined over page and column breaks, margin marks behind their block.

use super::columns::{Filler, Orderer, Piece};
use super::lines::separated;
use super::paragraphs::{self, Line, Lines};
use super::{Page, Pool, furniture, labels};
use crate::model::{Block, Cell, DocumentBuilder, Part, PassageSpec, Target, Visibility};
use std::ops::Range;

/// Sizes of running text that differ by more than this share are not one paragraph.
const SIZE: f32 = 0.06;
/// A heading is this many times larger than the body.
const HEADING: f32 = 1.15;
/// A footnote is at most this share of the body's size.
const FOOTNOTE: f32 = 0.93;
/// More marks in the margins of one page than this are something else.
const MAX_MARKS: usize = 64;

/// A passage to be: lines, and the passage that continues it on the next page or column.
struct Paragraph {
    lines: Range<usize>,
    page: u32,
    spec: PassageSpec,
    /// Where lines of its column end.
    right: f32,
    left: f32,
    next: Option<usize>,
    continues: bool,
    /// Marks that stand beside it in the margin: lines and page.
    marks: Vec<(Range<usize>, u32)>,
}

/// The size and font of most of the text.
#[derive(Clone, Copy)]
pub(super) struct Usual {
    pub(super) size: f32,
    pub(super) font: u32,
}

/// Builds the passages of a document.
pub(super) struct Flow<'a> {
    pool: &'a Pool,
    usual: Usual,
    lines: Lines,
    paragraphs: Vec<Paragraph>,
    tables: u32,
    /// The last body paragraph, shown and hidden, which the next page may continue.
    open: [Option<usize>; 2],
}

impl<'a> Flow<'a> {
    pub(super) fn new(pool: &'a Pool, usual: Usual) -> Self {
        Self {
            pool,
            usual,
            lines: Lines::default(),
            paragraphs: Vec::new(),
            tables: 0,
            open: [None; 2],
        }
    }

    /// Adds a page: header, body, stamps in other directions, footer, annotations, then what is hidden.
    pub(super) fn page(&mut self, page: &Page, found: &[(u32, Part)]) {
        let main = page.main(false);
        let mut order: Vec<u16> =
            (0..page.strata.len()).filter_map(|at| u16::try_from(at).ok()).collect();
        order.sort_by_key(|&at| page.rank(at, main));
        for stratum in order {
            let ids = page.segments_of(self.pool, stratum);
            let [header, body, footer] = furniture::part(found, &ids);
            self.furniture(page, stratum, &header, Part::Header);
            self.body(page, stratum, &body);
            self.furniture(page, stratum, &footer, Part::Footer);
        }
    }

    /// Writes all passages.
    pub(super) fn write(&self, builder: &mut DocumentBuilder) {
        for paragraph in &self.paragraphs {
            if paragraph.continues {
                continue;
            }
            builder.begin(paragraph.spec);
            let mut part = Some(paragraph);
            let mut fresh = true;
            while let Some(paragraph) = part {
                for line in self.lines.lines.get(paragraph.lines.clone()).unwrap_or_default() {
                    if !fresh {
                        builder.push_unanchored("\n");
                    }
                    fresh = false;
                    self.write_line(paragraph.page, line, builder);
                }
                part = paragraph.next.and_then(|next| self.paragraphs.get(next));
            }
            self.write_marks(paragraph, builder);
        }
        builder.end();
    }

    fn write_marks(&self, head: &Paragraph, builder: &mut DocumentBuilder) {
        let mut part = Some(head);
        while let Some(paragraph) = part {
            for (lines, page) in &paragraph.marks {
                builder.begin(PassageSpec {
                    block: Block::Line,
                    page: *page,
                    cell: None,
                    ..head.spec
                });
                for line in self.lines.lines.get(lines.clone()).unwrap_or_default() {
                    self.write_line(*page, line, builder);
                }
            }
            part = paragraph.next.and_then(|next| self.paragraphs.get(next));
        }
    }

    fn write_line(&self, page: u32, line: &Line, builder: &mut DocumentBuilder) {
        let mut first = true;
        for segment in self.lines.segments(self.pool, line) {
            let mut before = None;
            for word in self.pool.words.get(segment.words()).unwrap_or_default() {
                if before.map_or(!first, |before| separated(before, word)) {
                    builder.push_unanchored(" ");
                }
                builder.push(self.pool.word_text(word), Target::Page { page, quad: word.quad });
                before = Some(word);
                first = false;
            }
        }
    }

    fn furniture(&mut self, page: &Page, stratum: u16, ids: &[u32], part: Part) {
        for id in ids {
            let own = page.spec(stratum);
            // What was recognised in a picture stays that, wherever it stands.
            let part = if own.part == Part::Ocr { Part::Ocr } else { part };
            let spec = PassageSpec { part, block: Block::Line, ..own };
            let lines = self.lines.add(self.pool, std::slice::from_ref(id));
            self.add(page.number, lines, spec, [0.0; 2]);
        }
    }

    fn add(&mut self, page: u32, lines: Range<usize>, spec: PassageSpec, [left, right]: [f32; 2]) {
        self.paragraphs.push(Paragraph {
            lines,
            page,
            spec,
            right,
            left,
            next: None,
            continues: false,
            marks: Vec::new(),
        });
    }

    fn body(&mut self, page: &Page, stratum: u16, ids: &[u32]) {
        let spec = page.spec(stratum);
        let fillers = if spec.visibility == Visibility::Shown {
            page.fillers(self.pool, stratum)
        } else {
            Vec::new()
        };
        let (marks, ids) = margin_marks(self.pool, ids);
        let mut orderer = Orderer {
            pool: self.pool,
            fillers: &fillers,
            tables: &mut self.tables,
            pieces: Vec::new(),
        };
        orderer.order(&ids, 0);
        let pieces = orderer.pieces;
        let hidden = usize::from(spec.visibility != Visibility::Shown);
        let flows = page.main(hidden == 1) == Some(stratum);
        let start = self.paragraphs.len();
        for (at, piece) in pieces.into_iter().enumerate() {
            match piece {
                Piece::Cell { table, row, column, segments } => {
                    let lines = self.lines.add(self.pool, &segments);
                    let cell = Some(Cell { table, row, column });
                    let part = if spec.part == Part::Body { Part::Table } else { spec.part };
                    let spec = PassageSpec { block: Block::Cell, cell, part, ..spec };
                    self.add(page.number, lines, spec, [0.0; 2]);
                }
                Piece::Lines { segments, column } => {
                    let flow = flows.then_some((hidden, column || at == 0));
                    self.piece(page, stratum, &segments, &fillers, flow);
                }
            }
        }
        self.place_marks(page, spec, start, &marks);
    }

    /// Adds the paragraphs of a piece. `flow`: shown or hidden, and whether the piece goes on where the last column
    /// or page broke off.
    fn piece(
        &mut self,
        page: &Page,
        stratum: u16,
        ids: &[u32],
        fillers: &[Filler],
        flow: Option<(usize, bool)>,
    ) {
        let spec = page.spec(stratum);
        let [_, bottom] = page.extent(stratum);
        let range = self.lines.add(self.pool, ids);
        let all = self.lines.lines.get(range.clone()).unwrap_or_default();
        let along =
            all.iter().map(|line| line.along).reduce(super::words::union).unwrap_or_default();
        let mut in_notes = false;
        for (at, lines) in
            paragraphs::split(self.pool, &self.lines, range, fillers).into_iter().enumerate()
        {
            in_notes = spec.part == Part::Body && self.is_footnote(&lines, in_notes, bottom);
            let (part, block) = if in_notes {
                (Part::Footnote, Block::Footnote)
            } else {
                (spec.part, self.block(&lines))
            };
            let index = self.paragraphs.len();
            self.add(page.number, lines, PassageSpec { part, block, ..spec }, along);
            let Some((hidden, fresh)) = flow.filter(|_| !in_notes) else { continue };
            let Some(open) = self.open.get(hidden).copied() else { continue };
            if fresh && at == 0 && open.is_some_and(|open| self.joins(open, index)) {
                self.join(open, index);
            }
            if let Some(slot) = self.open.get_mut(hidden) {
                *slot = Some(index);
            }
        }
    }

    fn join(&mut self, open: Option<usize>, index: usize) {
        if let Some(before) = open.and_then(|open| self.paragraphs.get_mut(open)) {
            before.next = Some(index);
        }
        if let Some(after) = self.paragraphs.get_mut(index) {
            after.continues = true;
        }
    }

    fn block(&self, lines: &Range<usize>) -> Block {
        let all = self.lines.lines.get(lines.clone()).unwrap_or_default();
        let Some(first) = all.first() else { return Block::Paragraph };
        let larger = first.size > HEADING * self.usual.size;
        let other =
            first.uniform && first.font != self.usual.font && first.size > 0.97 * self.usual.size;
        if larger && all.len() <= 4 {
            return Block::Heading;
        }
        let (token, _) = self.lines.first_token(self.pool, first);
        let ends = all.last().map(|last| self.lines.ending(self.pool, last)).unwrap_or_default();
        let narrow = first.along[1] - first.along[0] < 40.0 * first.size;
        if other
            && all.len() <= 2
            && narrow
            && !labels::ends_sentence(&ends)
            && !labels::is_bullet(&token)
        {
            return Block::Heading;
        }
        if labels::is_label(&token) { Block::ListItem } else { Block::Paragraph }
    }

    /// Small print in the lower half that begins with a note's number or sign, or follows such.
    fn is_footnote(&self, lines: &Range<usize>, in_notes: bool, bottom: f32) -> bool {
        let Some(first) = self.lines.lines.get(lines.start) else { return false };
        if first.size > FOOTNOTE * self.usual.size || first.base < 0.5 * bottom {
            return false;
        }
        let (token, _) = self.lines.first_token(self.pool, first);
        let sign =
            token.starts_with(['*', '†', '‡', '§', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹']);
        let segment = self.lines.segments(self.pool, first).next();
        let word = segment.and_then(|segment| self.pool.words.get(segment.from as usize));
        let digits = |text: &str| text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        let raised = word
            .is_some_and(|word| word.size < 0.85 * first.size && digits(self.pool.word_text(word)));
        in_notes || sign || raised || digits(token.trim_end_matches(['.', ')']))
    }

    /// Whether the paragraph `after`, first of its page or column, goes on where `before` broke off (S13).
    fn joins(&self, before: usize, after: usize) -> bool {
        let (Some(a), Some(b)) = (self.paragraphs.get(before), self.paragraphs.get(after)) else {
            return false;
        };
        let line = |at: usize| self.lines.lines.get(at);
        let last = a.lines.end.checked_sub(1).and_then(line);
        let (Some(last), Some(first)) = (last, line(b.lines.start)) else { return false };
        let alike = a.spec.part == b.spec.part
            && a.spec.visibility == b.spec.visibility
            && b.page.saturating_sub(a.page) <= 1
            && a.next.is_none()
            && b.spec.block != Block::Heading
            && (last.size - first.size).abs() <= SIZE * last.size;
        if !alike {
            return false;
        }
        let ending = self.lines.ending(self.pool, last);
        let (token, _) = self.lines.first_token(self.pool, first);
        let full = a.right - last.along[1] < 0.15 * (a.right - a.left).max(1.0);
        let stops = labels::ends_sentence(&ending);
        if labels::is_label(&token) || a.spec.block == Block::Heading && !labels::goes_on(&ending) {
            return false;
        }
        if token.chars().next().is_some_and(char::is_lowercase) {
            return !stops || full;
        }
        let flush = first.along[0] - b.left < 0.9 * first.size;
        let long = last.along[1] - last.along[0] > 0.6 * (a.right - a.left)
            && first.along[1] - first.along[0] > 0.5 * (b.right - b.left);
        !stops && full && flush && last.font == first.font && (long || labels::goes_on(&ending))
    }

    /// A mark in the margin comes directly after the block at whose height it stands (S15).
    fn place_marks(&mut self, page: &Page, spec: PassageSpec, start: usize, marks: &[u32]) {
        for id in marks {
            let Some(mark) = self.pool.segments.get(*id as usize) else { continue };
            let middle = 0.5 * (mark.across[0] + mark.across[1]);
            let lines = self.lines.add(self.pool, std::slice::from_ref(id));
            let here = self.paragraphs.get(start..).unwrap_or_default().iter().enumerate();
            let beside = here.filter_map(|(at, paragraph)| {
                let lines = self.lines.lines.get(paragraph.lines.clone())?;
                let (first, last) = (lines.first()?, lines.last()?);
                let inside = first.across[0] - 1.0 <= middle && middle <= last.across[1] + 1.0;
                let along = lines.iter().map(|line| line.along).reduce(super::words::union)?;
                let apart = (mark.along[0] - along[1]).max(along[0] - mark.along[1]);
                inside.then_some((at + start, apart))
            });
            let nearest = beside.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(at, _)| at);
            match nearest.and_then(|at| self.paragraphs.get_mut(at)) {
                Some(paragraph) => paragraph.marks.push((lines, page.number)),
                None => self.add(page.number, lines, spec, [0.0; 2]),
            }
        }
    }
}

/// Parts what looks like marks in the margin from the rest: a few characters in brackets, beside text and with
/// nothing of the page above or below.
fn margin_marks(pool: &Pool, ids: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let segment = |id: &u32| pool.segments.get(*id as usize);
    let mut text = String::new();
    let mut looks = |id: &u32| {
        let Some(segment) = segment(id).filter(|segment| segment.bytes <= 8) else { return false };
        text.clear();
        pool.write_segment(segment, &mut text);
        labels::is_margin_mark(&text)
    };
    let (marks, rest): (Vec<u32>, Vec<u32>) = ids.iter().partition(|id| looks(id));
    if marks.is_empty() || marks.len() > MAX_MARKS || rest.is_empty() {
        return (Vec::new(), ids.to_vec());
    }
    let in_margin = |id: &u32| {
        let Some(mark) = segment(id) else { return false };
        let [from, to] = mark.along;
        let over = rest.iter().filter_map(segment).filter(|s| s.along[0] < to && s.along[1] > from);
        let beside = rest
            .iter()
            .filter_map(segment)
            .any(|s| s.across[0] < mark.across[1] && s.across[1] > mark.across[0]);
        beside && over.count() * 20 <= rest.len()
    };
    let marks: Vec<u32> = marks.into_iter().filter(|id| in_margin(id)).collect();
    let rest = ids.iter().copied().filter(|id| !marks.contains(id)).collect();
    (marks, rest)
}
