//! Running headers and footers, page numbers and control numbers, told from the body by place, pattern and
//! repetition from page to page (marks-and-release.md A.1 N6, E.1).

use super::lines::Segment;
use super::{Page, Pool, labels};
use crate::model::Part;

/// How near to the edge furniture stands, as a share of the page's height.
const ZONE: f32 = 0.125;
/// How many lines from the edge.
const MAX_LINES: u32 = 6;
/// How many pieces of text an edge is looked at for: what stands there in more is no running header or footer.
const MAX_PIECES: usize = 128;
/// How far the place may differ from page to page, in points.
const DRIFT: f32 = 8.0;

#[expect(clippy::struct_excessive_bools, reason = "independent facts, no states")]
struct Candidate {
    segment: u32,
    at_top: bool,
    hidden: bool,
    /// Lines from the edge.
    line: u32,
    /// The only segment of its line.
    alone: bool,
    /// Points from the edge.
    offset: f32,
    key: u64,
    number: Option<u32>,
    /// A number and nothing else.
    bare: bool,
    control: bool,
}

/// The furniture of each page: segments with their part, in the order of segments.
pub(super) fn find(pool: &Pool, pages: &[Page]) -> Vec<Vec<(u32, Part)>> {
    let candidates: Vec<Vec<Candidate>> = pages.iter().map(|page| of_page(pool, page)).collect();
    let mut found = Vec::with_capacity(pages.len());
    for (at, page) in candidates.iter().enumerate() {
        let neighbours: Vec<(usize, &[Candidate])> = [1_usize, 2]
            .into_iter()
            .flat_map(|step| [(step, at.checked_sub(step)), (step, at.checked_add(step))])
            .filter_map(|(step, other)| Some((step, candidates.get(other?)?.as_slice())))
            .collect();
        let number = pages.get(at).map_or(0, |page| page.number);
        let is = |candidate: &&Candidate| is_furniture(candidate, &neighbours, number, pages.len());
        let part = |at_top: bool| if at_top { Part::Header } else { Part::Footer };
        found.push(page.iter().filter(is).map(|c| (c.segment, part(c.at_top))).collect());
    }
    found
}

fn is_furniture(
    candidate: &Candidate,
    neighbours: &[(usize, &[Candidate])],
    page: u32,
    pages: usize,
) -> bool {
    if candidate.control && candidate.line < 3 {
        return true;
    }
    let repeats = |step: usize, other: &Candidate| {
        let same = other.at_top == candidate.at_top
            && other.hidden == candidate.hidden
            && other.key == candidate.key
            && (other.offset - candidate.offset).abs() < DRIFT;
        let counts = match (candidate.bare, candidate.number, other.number) {
            (true, Some(a), Some(b)) => a.abs_diff(b) as usize == step,
            (bare, _, _) => !bare,
        };
        same && counts
    };
    let repeated =
        neighbours.iter().any(|(step, page)| page.iter().any(|other| repeats(*step, other)));
    if repeated {
        return true;
    }
    let outermost = candidate.line == 0 && candidate.alone;
    match candidate.number {
        Some(_) if !candidate.bare => outermost,
        Some(number) => outermost && pages == 1 && number == page && !candidate.at_top,
        None => false,
    }
}

fn of_page(pool: &Pool, page: &Page) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for hidden in [false, true] {
        let Some(stratum) = page.main(hidden) else { continue };
        let ids = page.segments_of(pool, stratum);
        let [top, bottom] = page.extent(stratum);
        let height = (bottom - top).max(1.0);
        let mut edge = Edge { pool, top, bottom, height, hidden, at_top: true };
        edge.walk(ids.iter().copied(), &mut candidates);
        edge.at_top = false;
        edge.walk(ids.iter().rev().copied(), &mut candidates);
    }
    candidates.sort_by_key(|candidate| candidate.segment);
    candidates.dedup_by_key(|candidate| candidate.segment);
    candidates
}

struct Edge<'a> {
    pool: &'a Pool,
    top: f32,
    bottom: f32,
    height: f32,
    hidden: bool,
    at_top: bool,
}

impl Edge<'_> {
    /// Collects the candidates of one edge from segments that come from the edge inwards.
    fn walk(&self, ids: impl Iterator<Item = u32>, candidates: &mut Vec<Candidate>) {
        let first = candidates.len();
        let mut last: Option<u32> = None;
        let mut line = 0;
        let mut text = String::new();
        for id in ids {
            let Some(segment) = self.pool.segments.get(id as usize) else { continue };
            if last.is_some_and(|last| last != segment.line) {
                line += 1;
            }
            let offset = self.offset(segment);
            if line >= MAX_LINES
                || candidates.len() - first >= MAX_PIECES
                || offset > ZONE * self.height && (line > 0 || offset > 1.6 * ZONE * self.height)
            {
                return;
            }
            let alone = last != Some(segment.line);
            if !alone {
                // Those before the last one have company already.
                candidates.last_mut().into_iter().for_each(|last| last.alone = false);
            }
            last = Some(segment.line);
            text.clear();
            self.pool.write_segment(segment, &mut text);
            candidates.push(self.candidate(id, line, alone, offset, &text));
        }
    }

    fn offset(&self, segment: &Segment) -> f32 {
        if self.at_top { segment.base - self.top } else { self.bottom - segment.base }
    }

    fn candidate(
        &self,
        segment: u32,
        line: u32,
        alone: bool,
        offset: f32,
        text: &str,
    ) -> Candidate {
        let number = labels::page_number(text);
        let bare = number.is_some() && !text.to_ascii_lowercase().contains("page");
        Candidate {
            segment,
            at_top: self.at_top,
            hidden: self.hidden,
            line,
            alone,
            offset,
            key: if number.is_some() { key("1") } else { key(text) },
            number,
            bare,
            control: labels::is_control_number(text),
        }
    }
}

/// A text's key with digits and blanks evened out (FNV-1a).
fn key(text: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut digit = false;
    for byte in text.bytes() {
        let is_digit = byte.is_ascii_digit();
        if byte.is_ascii_whitespace() || is_digit && digit {
            continue;
        }
        digit = is_digit;
        let byte = if is_digit { b'#' } else { byte.to_ascii_lowercase() };
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}

/// Splits segments into header, body and footer.
pub(super) fn part(furniture: &[(u32, Part)], ids: &[u32]) -> [Vec<u32>; 3] {
    let mut parts = [Vec::new(), Vec::new(), Vec::new()];
    for &id in ids {
        let found = furniture.binary_search_by_key(&id, |&(segment, _)| segment).ok();
        let slot = match found.and_then(|at| furniture.get(at)) {
            Some((_, Part::Header)) => 0,
            Some(_) => 2,
            None => 1,
        };
        if let Some(part) = parts.get_mut(slot) {
            part.push(id);
        }
    }
    parts
}
