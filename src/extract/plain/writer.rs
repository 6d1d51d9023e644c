//! Writes passages of plain text, each piece anchored to its bytes, within the budget.

use crate::model::{Block, Cell, DocumentBuilder, Notice, NoticeCode, Part, PassageSpec, Target};
use crate::read::Budget;
use memchr::memchr2;
use std::ops::Range;

/// The longest passage, in bytes. A longer paragraph (a file that is one line of half a gigabyte) is cut at white
/// space, so that rules which look at a whole passage stay bounded.
const MAX_PASSAGE: usize = 1 << 20;
/// How many steps pass between two looks at the clock.
const STEPS_PER_LOOK: u32 = 4096;

/// A line of text: its bytes without the line break, and its page (0 where there are no pages).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub start: u32,
    pub end: u32,
    pub page: u32,
}

impl Line {
    pub(super) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A document being written from `text`.
pub(super) struct Writer<'t> {
    pub text: &'t str,
    builder: DocumentBuilder,
    budget: &'t Budget,
    steps: u32,
    is_over: bool,
    pages: u32,
    tables: u32,
}

impl<'t> Writer<'t> {
    pub(super) fn new(text: &'t str, budget: &'t Budget) -> Self {
        let builder = DocumentBuilder::with_room(text.len());
        Self { text, builder, budget, steps: 0, is_over: false, pages: 0, tables: 0 }
    }

    /// The bytes of the text behind `range`.
    pub(super) fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }

    pub(super) fn line(&self, line: Line) -> &'t str {
        self.slice(line.range())
    }

    /// Whether time has run out; asked at every step, looked up at few.
    pub(super) fn is_over_time(&mut self) -> bool {
        self.steps = self.steps.wrapping_add(1);
        if self.steps % STEPS_PER_LOOK == 1 && !self.is_over {
            self.is_over = self.budget.is_over_time();
        }
        self.is_over
    }

    pub(super) fn set_pages(&mut self, pages: u32) {
        self.pages = pages;
    }

    /// A number for the next table.
    pub(super) fn new_table(&mut self) -> u32 {
        self.tables = self.tables.saturating_add(1);
        self.tables - 1
    }

    /// A passage of whole lines, white space at its ends left out.
    pub(super) fn lines(&mut self, lines: &[Line], part: Part, block: Block) {
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return };
        let spec = PassageSpec { part, block, page: first.page, ..PassageSpec::default() };
        self.builder.begin(spec);
        let whole = first.start as usize..last.end as usize;
        let text = self.slice(whole.clone());
        let indent = text.len() - text.trim_start().len();
        let is_contiguous =
            lines.iter().zip(lines.iter().skip(1)).all(|(line, next)| next.start == line.end + 1)
                && memchr2(b'\r', 0x0c, text.as_bytes()).is_none();
        if is_contiguous {
            self.push(spec, whole.start + indent..whole.start + text.trim_end().len());
        } else {
            self.push_lines(spec, lines);
        }
        self.builder.end();
    }

    fn push_lines(&mut self, spec: PassageSpec, lines: &[Line]) {
        let mut last: Option<Line> = None;
        for &line in lines {
            let text = self.line(line);
            let start = line.start as usize;
            let indent = if last.is_none() { text.len() - text.trim_start().len() } else { 0 };
            if let Some(last) = last {
                self.builder.push("\n", Target::Source { start: last.end, end: line.start });
            }
            self.push(spec, start + indent..start + text.trim_end().len().max(indent));
            last = Some(line);
        }
    }

    /// Adds `range` of the text to the open passage; begins another one like it where that grows too long.
    fn push(&mut self, spec: PassageSpec, range: Range<usize>) {
        let mut rest = range;
        while !rest.is_empty() {
            let room = MAX_PASSAGE.saturating_sub(self.builder.open_text().len());
            let end = if rest.len() <= room { rest.end } else { self.cut(&rest, room) };
            let piece = self.slice(rest.start..end);
            let target = Target::Source { start: index(rest.start), end: index(end) };
            self.builder.push(piece, target);
            rest.start = end.max(rest.start + 1);
            if !rest.is_empty() {
                self.builder.begin(spec);
                if self.is_over_time() {
                    return;
                }
            }
        }
    }

    /// Where to cut `range` so that at most `room` bytes of it come first: behind white space, or at a character.
    fn cut(&self, range: &Range<usize>, room: usize) -> usize {
        let mut end = (range.start + room.max(4)).min(range.end);
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let head = self.slice(range.start..end);
        let tail = head.len().saturating_sub(4096);
        head.rfind(char::is_whitespace).filter(|&at| at > tail).map_or(end, |at| range.start + at)
    }

    /// A table cell; `breaks` are bytes inside `range` that stand for a line break, `dropped` such that stand for
    /// nothing, both ascending and mixed. A blank line begins a new passage in the same cell.
    pub(super) fn cell(
        &mut self,
        range: Range<usize>,
        cell: Cell,
        page: u32,
        gaps: &[(Range<usize>, bool)],
    ) {
        let spec = PassageSpec {
            part: Part::Table,
            block: Block::Cell,
            page,
            cell: Some(cell),
            ..PassageSpec::default()
        };
        self.builder.begin(spec);
        let (mut from, mut last_break) = (range.start, None);
        for (gap, is_break) in gaps {
            self.cell_piece(spec, from..gap.start, &mut last_break);
            from = gap.end;
            if *is_break {
                if last_break.is_some() {
                    self.builder.begin(spec);
                }
                last_break = Some(gap.clone());
            }
        }
        self.cell_piece(spec, from..range.end, &mut last_break);
        self.builder.end();
    }

    fn cell_piece(
        &mut self,
        spec: PassageSpec,
        range: Range<usize>,
        last_break: &mut Option<Range<usize>>,
    ) {
        let text = self.slice(range.clone());
        if text.trim().is_empty() && (last_break.is_some() || self.builder.open_text().is_empty()) {
            return;
        }
        if let Some(gap) = last_break.take()
            && !self.builder.open_text().is_empty()
        {
            self.builder
                .push("\n", Target::Source { start: index(gap.start), end: index(gap.end) });
        }
        let indent = if self.builder.open_text().is_empty() {
            text.len() - text.trim_start().len()
        } else {
            0
        };
        self.push(spec, range.start + indent..range.end);
    }

    /// The document, its number of pages, and what was not looked at.
    pub(super) fn finish(self) -> (DocumentBuilder, u32, Vec<Notice>) {
        let mut notices = Vec::new();
        if self.is_over {
            notices.push(Notice::blocking(
                NoticeCode::OverBudget,
                "The time for one file ran out; the rest of its text was not looked at.",
            ));
        }
        (self.builder, self.pages, notices)
    }
}

/// Sources are far smaller than 4 GiB (`read::budget::MAX_ARTIFACT_BYTES`).
pub(super) fn index(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
