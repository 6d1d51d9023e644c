//! Running text: pages, their furniture, groups of lines, and paragraphs that run over a page break.

use super::block;
use super::furniture::{Edge, edge, is_page_line, is_strict_control_number};
use super::writer::{Line, Writer, index};
use crate::model::{Block, Part};
use memchr::{memchr_iter, memchr3_iter};
use std::collections::BTreeMap;
use std::ops::Range;

/// How many lines at either edge of a page may be furniture.
const MAX_FURNITURE: usize = 6;
/// How many lines of an edge are compared with those of the other pages.
const COMPARED: usize = 3;

/// Reads the whole text as prose.
pub(super) fn read(writer: &mut Writer<'_>) {
    let pages = pages(writer.text);
    let is_paged = pages.len() > 1;
    if is_paged {
        writer.set_pages(index(pages.len()));
    }
    let running = if is_paged { running_titles(writer.text, &pages) } else { BTreeMap::new() };
    let mut flow = Flow::default();
    for (number, page) in pages.into_iter().enumerate() {
        let page_number = if is_paged { index(number + 1) } else { 0 };
        let lines = lines(writer.text, page, page_number);
        flow.page(writer, &lines, &running, is_paged);
        if writer.is_over_time() {
            break;
        }
    }
    flow.flush(writer);
}

/// Text that is being gathered: the open group of lines, and furniture that has to wait for its end.
#[derive(Default)]
struct Flow {
    group: Vec<Line>,
    furniture: Vec<(Line, Part)>,
    blocks: block::Splitter,
}

impl Flow {
    fn page(
        &mut self,
        writer: &mut Writer<'_>,
        lines: &[Line],
        running: &BTreeMap<String, u32>,
        is_paged: bool,
    ) {
        let blank = |line: &Line| writer.line(*line).trim().is_empty();
        let filled: Vec<Line> =
            lines.iter().filter(|line| !blank(line)).take(MAX_FURNITURE).copied().collect();
        let mut ends: Vec<Line> =
            lines.iter().rev().filter(|line| !blank(line)).take(MAX_FURNITURE).copied().collect();
        let is_first = lines.first().is_none_or(|line| line.page <= 1);
        let head = furniture(writer, &filled, running, is_paged, is_first);
        let body_start = filled.get(head).map_or(u32::MAX, |line| line.start);
        ends.retain(|line| line.start >= body_start);
        let foot = furniture(writer, &ends, running, is_paged, false);
        let body_end = ends.get(foot).map_or(0, |line| line.end);
        let first = filled.get(head).filter(|line| line.end <= body_end).copied();
        if !self.group.is_empty() && !first.is_some_and(|first| self.runs_on(writer, first)) {
            self.flush(writer);
        }
        self.furniture.extend(filled.iter().take(head).map(|&line| (line, Part::Header)));
        if self.group.is_empty() {
            self.flush(writer);
        }
        for &line in lines.iter().filter(|line| line.start >= body_start && line.end <= body_end) {
            self.body_line(writer, line);
            if writer.is_over_time() {
                break;
            }
        }
        ends.truncate(foot);
        self.furniture.extend(ends.iter().rev().map(|&line| (line, Part::Footer)));
    }

    fn body_line(&mut self, writer: &mut Writer<'_>, line: Line) {
        let text = writer.line(line);
        if text.trim().is_empty() {
            self.flush(writer);
        } else if self.group.is_empty() && is_strict_control_number(text) {
            writer.lines(&[line], Part::Footer, Block::Line);
        } else {
            self.group.push(line);
        }
    }

    /// Whether the open group goes on with `next`, the first body line of the next page (S13).
    fn runs_on(&self, writer: &Writer<'_>, next: Line) -> bool {
        let Some(&last) = self.group.last() else { return false };
        let (last, next) = (writer.line(last).trim(), writer.line(next).trim());
        if block::is_closed(last)
            || block::is_item(next)
            || block::is_row(next)
            || block::is_row(last)
        {
            return false;
        }
        let is_heading = self.group.len() == 1
            && (edge(last) == Edge::Title || last.len() < 40)
            && !next.starts_with(char::is_lowercase);
        !is_heading
    }

    /// Writes the open group and the furniture that waited for it.
    fn flush(&mut self, writer: &mut Writer<'_>) {
        let group = std::mem::take(&mut self.group);
        self.blocks.write(writer, &group);
        for (line, part) in std::mem::take(&mut self.furniture) {
            writer.lines(&[line], part, Block::Line);
        }
    }
}

/// How many of `lines`, which go inward from a page edge, are furniture.
fn furniture(
    writer: &Writer<'_>,
    lines: &[Line],
    running: &BTreeMap<String, u32>,
    is_paged: bool,
    is_first: bool,
) -> usize {
    let is_certain = |line: &Line| {
        let text = writer.line(*line);
        match edge(text) {
            Edge::Certain => true,
            Edge::Number if is_paged => true,
            _ => running.get(&signature(text)).is_some_and(|&pages| pages > 1),
        }
    };
    let mut count = 0;
    for (at, line) in lines.iter().enumerate() {
        let beside = at > 0 || lines.get(at + 1).is_some_and(is_certain);
        let is_title = is_paged && !is_first && edge(writer.line(*line)) == Edge::Title;
        let is_furniture = is_certain(line) || (is_title && beside && lines.iter().any(is_certain));
        if !is_furniture {
            break;
        }
        count = at + 1;
    }
    count
}

/// Lines that stand at the edge of more than one page, digits aside, with the number of those pages.
fn running_titles(text: &str, pages: &[Range<usize>]) -> BTreeMap<String, u32> {
    let mut seen = BTreeMap::new();
    for page in pages {
        let page = text.get(page.clone()).unwrap_or_default();
        let filled = |line: &&str| !line.trim().is_empty();
        let mut own: Vec<String> =
            page.lines().filter(filled).take(COMPARED).map(signature).collect();
        own.extend(page.lines().rev().filter(filled).take(COMPARED).map(signature));
        own.sort();
        own.dedup();
        for signature in own.into_iter().filter(|signature| !signature.is_empty()) {
            *seen.entry(signature).or_insert(0) += 1;
        }
    }
    seen
}

/// A short line with its digits made equal; nothing for what reads like a sentence or a mark.
fn signature(line: &str) -> String {
    let line = line.trim();
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    if line.len() > 120 || letters < 4 || line.ends_with(['.', '!', '?', ';']) {
        return String::new();
    }
    line.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect()
}

/// The pages of a text: at form feeds, and at `<< ABC0000001 >>` lines.
fn pages(text: &str) -> Vec<Range<usize>> {
    let mut pages = Vec::new();
    let mut start = 0;
    for at in memchr_iter(0x0c, text.as_bytes()) {
        pages.push(start..at);
        start = at + 1;
    }
    let rest = start..text.len();
    if pages.is_empty() && text.contains("<<") {
        pages = at_page_lines(text);
    }
    let is_filled = text.get(rest.clone()).is_some_and(|rest| !rest.trim().is_empty());
    if pages.is_empty() || (is_filled && start > 0) {
        pages.push(rest);
    }
    pages
}

fn at_page_lines(text: &str) -> Vec<Range<usize>> {
    let mut starts: Vec<usize> = vec![0];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if at > 0 && line.len() < 80 && is_page_line(line) {
            starts.push(at);
        }
        at += line.len();
    }
    if starts.len() < 2 {
        return Vec::new();
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(&start, end)| start..end).collect()
}

/// The lines of a page. They end at LF, CR LF or CR.
fn lines(text: &str, page: Range<usize>, number: u32) -> Vec<Line> {
    let bytes = text.get(page.clone()).unwrap_or_default().as_bytes();
    let mut lines = Vec::new();
    let mut start = 0;
    for at in memchr3_iter(b'\n', b'\r', b'\n', bytes) {
        if at < start {
            continue;
        }
        let crlf = bytes.get(at) == Some(&b'\r') && bytes.get(at + 1) == Some(&b'\n');
        let line =
            Line { start: index(page.start + start), end: index(page.start + at), page: number };
        lines.push(line);
        start = at + 1 + usize::from(crlf);
    }
    if start < bytes.len() {
        lines.push(Line { start: index(page.start + start), end: index(page.end), page: number });
    }
    lines
}
