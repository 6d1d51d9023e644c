//! Evidence near a hit: cues on a side, within so many words, or in the same stretch.

use super::outline::Words;
use super::scan::{PageCues, Scan};
use super::text;
use crate::model::{Confidence, Part, Passage};
use std::ops::Range;

/// The longest word that counts as one when a distance in words becomes a distance in bytes.
const WORD_BYTES: usize = 40;
/// How far a paragraph is searched around a hit, in bytes.
const PARAGRAPH_REACH: usize = 20_000;
/// How far a sentence reaches, in bytes.
const SENTENCE_REACH: usize = 2_000;
/// How many cues of one kind are kept of a page.
const CUES_PER_PAGE: usize = 64;

/// What counts as evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum What {
    /// A phrase of a list.
    List(u32),
    /// A match of an expression.
    Pattern(u32),
    /// A hit of another rule, by its number.
    Rule(u32),
}

/// How near.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// So many words between, inside the passage.
    Words(u32),
    /// So many characters.
    Chars(u32),
    /// The same line.
    Line,
    /// The same sentence.
    Sentence,
    /// The same passage.
    Paragraph,
    /// The same table row.
    Row,
    /// The head of the column, the names of the value.
    Heading,
    /// The same page.
    Page,
    /// Anywhere.
    Document,
}

/// On which side of the hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beside {
    /// Before.
    Before,
    /// After.
    After,
    /// Either.
    Either,
}

/// A piece of evidence that a rule asks for.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    /// Any of these.
    pub(crate) what: What,
    /// How near.
    pub(crate) reach: Reach,
    /// On which side.
    pub(crate) side: Beside,
    /// How many different ones.
    pub(crate) count: usize,
    /// What the confidence becomes.
    pub(crate) confidence: Option<Confidence>,
    /// Whether opposing evidence counts even where supporting evidence is nearer.
    pub(crate) always: bool,
}

/// A cue in the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cue {
    term: u32,
    start: usize,
    end: usize,
}

/// How far away a heading or a neighbouring cell is: what stands in the passage itself is nearer.
const BESIDE: usize = 1 << 10;
/// How far away evidence is where it does not stand in the same run of text.
const ELSEWHERE: usize = 1 << 20;

impl Evidence {
    /// How far the evidence stands from the hit, in bytes; none where there is none.
    pub(crate) fn near(
        &self,
        scan: &Scan<'_>,
        passage: &Passage<'_>,
        hit: &Range<usize>,
    ) -> Option<usize> {
        if let What::List(list) = self.what
            && scan.outline.is_nameless()
            && scan.hits.list(list).is_empty()
        {
            return None;
        }
        match self.reach {
            Reach::Words(most) => self.in_words(scan, passage, hit, most),
            Reach::Chars(most) => {
                let reach = most as usize * 4;
                let fits = |between: &str| between.chars().count() <= most as usize;
                self.in_window(scan, passage, hit, reach, &fits)
                    .or_else(|| self.beside(scan, passage, hit))
            }
            Reach::Line => {
                let line = scan.line(passage, hit);
                self.nearest(scan, line, hit, &|_| true)
            }
            Reach::Sentence => {
                let fits = |between: &str| !breaks_sentence(between);
                self.in_window(scan, passage, hit, SENTENCE_REACH, &fits)
            }
            Reach::Paragraph => self.in_window(scan, passage, hit, PARAGRAPH_REACH, &|_| true),
            Reach::Row => {
                let cells = scan.row(passage);
                let in_cell = self.in_window(scan, passage, hit, PARAGRAPH_REACH, &|_| true);
                in_cell.or_else(|| self.in_passages(scan, cells.iter()))
            }
            Reach::Heading => self.in_heading(scan, passage),
            Reach::Page => self.on_page(scan, passage.page(), hit),
            Reach::Document => self.in_document(scan, hit),
        }
    }

    /// Whether there is no such evidence anywhere, as far as that can be told without a closer look.
    pub(crate) fn is_hopeless(&self, scan: &Scan<'_>) -> bool {
        match self.what {
            What::List(_) => false,
            What::Rule(rule) => scan.done.get(rule as usize).is_none_or(Vec::is_empty),
            What::Pattern(pattern) => {
                let is_seen = scan.hits.matches(pattern).is_some();
                !(is_seen || self.takes_names() && scan.is_in_a_name(pattern))
            }
        }
    }

    /// Whether it may stand in what heads or names a value.
    fn takes_names(&self) -> bool {
        match self.reach {
            Reach::Words(_) | Reach::Chars(_) => self.side != Beside::After,
            reach => reach == Reach::Heading,
        }
    }

    fn in_words(
        &self,
        scan: &Scan<'_>,
        passage: &Passage<'_>,
        hit: &Range<usize>,
        most: u32,
    ) -> Option<usize> {
        let reach = (most as usize + 1) * WORD_BYTES;
        let fits = |between: &str| words(between, most) <= most;
        self.in_window(scan, passage, hit, reach, &fits).or_else(|| self.beside(scan, passage, hit))
    }

    /// What labels a value that stands alone: the column's head, the cell before, the names, a label in the passage
    /// before.
    fn beside(&self, scan: &Scan<'_>, passage: &Passage<'_>, hit: &Range<usize>) -> Option<usize> {
        if self.side == Beside::After {
            return None;
        }
        if let Some(distance) = self.in_heading(scan, passage) {
            return Some(distance);
        }
        let before = passage.index().checked_sub(1).and_then(|at| scan.document.passage(at))?;
        let same_row = |cell: crate::model::Cell, other: crate::model::Cell| {
            (cell.table, cell.row) == (other.table, other.row)
        };
        let is_label = match (passage.cell(), before.cell()) {
            (Some(cell), Some(other)) => same_row(cell, other),
            (None, None) => {
                let lead = scan.slice(passage.range().start..hit.start);
                // A number that stands alone on the last line passes for the page's.
                let is_near = before.part() == passage.part() || passage.part() == Part::Footer;
                is_near
                    && before.text().trim_end().ends_with([':', '#'])
                    && before.text().len() <= 80
                    && words(lead, 2) <= 2
            }
            _ => false,
        };
        if is_label { self.in_passages(scan, std::iter::once(&before)) } else { None }
    }

    fn in_window(
        &self,
        scan: &Scan<'_>,
        passage: &Passage<'_>,
        hit: &Range<usize>,
        reach: usize,
        fits: &dyn Fn(&str) -> bool,
    ) -> Option<usize> {
        let all = passage.range();
        // A cue that begins before the window may still end inside it.
        let start = hit.start.saturating_sub(reach + 200).max(all.start);
        let end = hit.end.saturating_add(reach + 200).min(all.end.max(hit.end));
        self.nearest(scan, start..end, hit, fits)
    }

    /// The distance of the nearest fitting cue in a window, where there are enough different ones.
    fn nearest(
        &self,
        scan: &Scan<'_>,
        window: Range<usize>,
        hit: &Range<usize>,
        fits: &dyn Fn(&str) -> bool,
    ) -> Option<usize> {
        let mut seen: Vec<u32> = Vec::new();
        let mut nearest = None;
        let mut look = |cue: Cue| {
            let (between, side) = if cue.end <= hit.start {
                (cue.end..hit.start, Beside::Before)
            } else if cue.start >= hit.end {
                (hit.end..cue.start, Beside::After)
            } else {
                return;
            };
            if self.side != Beside::Either && self.side != side {
                return;
            }
            let distance = between.len();
            let is_news = !seen.contains(&cue.term) && seen.len() < self.count;
            if !is_news && nearest.is_some_and(|nearest| nearest <= distance) {
                return;
            }
            if fits(scan.slice(between)) {
                if is_news {
                    seen.push(cue.term);
                }
                nearest = Some(nearest.map_or(distance, |nearest: usize| nearest.min(distance)));
            }
        };
        each_cue(self.what, scan, &window, &mut look);
        nearest.filter(|_| seen.len() >= self.count)
    }

    fn in_passages<'p>(
        &self,
        scan: &Scan<'_>,
        passages: impl Iterator<Item = &'p Passage<'p>>,
    ) -> Option<usize> {
        let mut seen: Vec<u32> = Vec::new();
        for passage in passages {
            each_cue(self.what, scan, &passage.range(), &mut |cue| {
                if !seen.contains(&cue.term) && seen.len() < self.count {
                    seen.push(cue.term);
                }
            });
        }
        (seen.len() >= self.count).then_some(BESIDE)
    }

    fn in_heading(&self, scan: &Scan<'_>, passage: &Passage<'_>) -> Option<usize> {
        let lexicon = &scan.engine.lexicon;
        let names = match scan.outline.column_heading(passage) {
            Some(heading) => {
                let key = (self.what, self.count, heading);
                if let Some(found) = scan.headings.borrow().get(&key) {
                    return *found;
                }
                let own = scan.document.passage(heading)?;
                let found = self.in_passages(scan, std::iter::once(&own)).or_else(|| {
                    let joined = scan.outline.joined_heading(heading, lexicon)?;
                    self.in_names(scan, &joined)
                });
                scan.headings.borrow_mut().insert(key, found);
                return found;
            }
            None => scan.outline.names(passage, lexicon)?,
        };
        self.in_names(scan, &names)
    }

    fn in_names(&self, scan: &Scan<'_>, names: &Words) -> Option<usize> {
        let found = match self.what {
            What::List(list) => names.hold(list, &scan.engine.lexicon),
            What::Pattern(pattern) => {
                scan.engine.pattern(pattern).is_some_and(|pattern| pattern.is_match(&names.text))
            }
            What::Rule(_) => false,
        };
        (found && self.count <= 1).then_some(BESIDE)
    }

    fn on_page(&self, scan: &Scan<'_>, page: u32, hit: &Range<usize>) -> Option<usize> {
        let key = match self.what {
            What::List(list) => (0, list),
            What::Pattern(pattern) => (1, pattern),
            What::Rule(rule) => (2, rule),
        };
        let mut cache = scan.page_cues.borrow_mut();
        let pages = cache.entry(key).or_insert_with(|| pages(self.what, scan));
        let cues = pages.get(&page)?;
        self.enough(cues.iter().copied(), hit)
    }

    fn in_document(&self, scan: &Scan<'_>, hit: &Range<usize>) -> Option<usize> {
        let mut seen: Vec<u32> = Vec::new();
        each_cue(self.what, scan, &(0..scan.text.len()), &mut |cue| {
            let is_apart = cue.end <= hit.start || cue.start >= hit.end;
            if is_apart && seen.len() < self.count && !seen.contains(&cue.term) {
                seen.push(cue.term);
            }
        });
        (seen.len() >= self.count).then_some(ELSEWHERE)
    }

    fn enough(&self, cues: impl Iterator<Item = Cue>, hit: &Range<usize>) -> Option<usize> {
        let mut seen: Vec<u32> = Vec::new();
        for cue in cues.filter(|cue| cue.end <= hit.start || cue.start >= hit.end) {
            if !seen.contains(&cue.term) {
                seen.push(cue.term);
            }
            if seen.len() >= self.count {
                return Some(ELSEWHERE);
            }
        }
        None
    }
}

/// The cues of each page, at most `CUES_PER_PAGE`, at most two of a term.
fn pages(what: What, scan: &Scan<'_>) -> PageCues {
    let mut pages = PageCues::new();
    each_cue(what, scan, &(0..scan.text.len()), &mut |cue| {
        let page = scan.passage_at(cue.start).map_or(0, |passage| passage.page());
        let cues = pages.entry(page).or_default();
        let same = cues.iter().filter(|other| other.term == cue.term).count();
        if same < 2 && cues.len() < CUES_PER_PAGE {
            cues.push(cue);
        }
    });
    pages
}

/// Every cue that lies in `window`, by place.
fn each_cue(what: What, scan: &Scan<'_>, window: &Range<usize>, look: &mut dyn FnMut(Cue)) {
    match what {
        What::List(list) => {
            let hits = scan.hits.list_from(list, window.start);
            for hit in hits.iter().take_while(|hit| (hit.start as usize) < window.end) {
                let (start, end) = (hit.start as usize, hit.end as usize);
                if end <= window.end {
                    look(Cue { term: hit.term, start, end });
                }
            }
        }
        What::Pattern(pattern) => {
            let hits = scan.seen(pattern, window);
            let first = hits.partition_point(|hit| (hit.start as usize) < window.start);
            for hit in hits.iter().skip(first).take_while(|hit| (hit.start as usize) < window.end) {
                let (start, end) = (hit.start as usize, hit.end as usize);
                if end <= window.end {
                    look(Cue { term: hit.start, start, end });
                }
            }
        }
        What::Rule(rule) => {
            let hits = scan.done.get(rule as usize).map(Vec::as_slice).unwrap_or_default();
            let first = hits.partition_point(|hit| hit.start < window.start);
            for hit in hits.iter().skip(first).take_while(|hit| hit.start < window.end) {
                if hit.end <= window.end {
                    look(Cue {
                        term: u32::try_from(hit.start).unwrap_or(u32::MAX),
                        start: hit.start,
                        end: hit.end,
                    });
                }
            }
        }
    }
}

/// The number of words, counted no further than one past `most`.
fn words(text: &str, most: u32) -> u32 {
    let is_word = |word: &&str| word.bytes().any(|b| b.is_ascii_alphanumeric() || b >= 0x80);
    let count = text.split_whitespace().filter(is_word).take(most as usize + 1).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Whether a sentence ends inside `between`.
fn breaks_sentence(between: &str) -> bool {
    between.match_indices(['.', '!', '?']).any(|(at, sign)| {
        let (before, after) = between.split_at_checked(at + sign.len()).unwrap_or((between, ""));
        let next = after.trim_start_matches(['"', '\'', '”', '’', ')']);
        let begins = next.trim_start();
        begins.len() < next.len()
            && begins.starts_with(|c: char| c.is_uppercase() || matches!(c, '"' | '“' | '('))
            && text::ending(before, begins) == text::Ending::Closed
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_between_blanks_and_punctuation_is_none() {
        assert_eq!(words(": # 5 of the -- men", 10), 4);
        assert_eq!(words(&"x ".repeat(1000), 3), 4);
    }

    #[test]
    fn a_sentence_ends_at_a_full_stop_before_a_capital() {
        assert!(breaks_sentence(" was seen. The "));
        assert!(!breaks_sentence(" (No. 5, e.g. the "));
        assert!(!breaks_sentence(" by Mr. Roe at 5.30 "));
    }
}
