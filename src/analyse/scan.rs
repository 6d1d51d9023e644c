//! A document as the checks see it: its text, what was found in it, and what stands around a place.

use super::check::Outcome;
use super::engine::{Caches, Engine, Hits, RegexHit};
use super::evidence::Cue;
use super::evidence::What;
use super::hash::NumberMap;
use super::outline::Outline;
use super::shown::Shown;
use super::stretch::Stretches;
use crate::model::{Document, Hit, Passage};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

/// Cues of one kind on each page, a few of each term.
pub(super) type PageCues = BTreeMap<u32, Vec<Cue>>;

/// How far a line is looked for, in bytes on either side.
const LONGEST_LINE: usize = 4_000;

/// A document under examination.
pub(crate) struct Scan<'a> {
    /// The document.
    pub(crate) document: &'a Document,
    /// Its text.
    pub(crate) text: &'a str,
    /// What the engine found.
    pub(crate) hits: Hits,
    /// What the (E) mark's analysis came to.
    pub(crate) exempt: Vec<Hit>,
    /// All expressions and phrases.
    pub(crate) engine: &'a Engine,
    stretches: &'a Stretches,
    caches: &'a RefCell<Caches>,
    /// The list of all words that markings are made of.
    pub(crate) vocabulary: u32,
    /// Where each rule that was run already has hits, candidates included, by place.
    pub(super) done: Vec<Vec<Range<usize>>>,
    pub(super) page_cues: RefCell<BTreeMap<(u8, u32), PageCues>>,
    pub(super) outcomes: RefCell<BTreeMap<&'static str, Rc<Vec<Outcome>>>>,
    /// Where its passages are.
    pub(super) outline: &'a Outline<'a>,
    /// How far evidence in the heading of a column is, where that was asked for: what, how many, which passage.
    pub(super) headings: RefCell<NumberMap<(What, usize, usize), Option<usize>>>,
    /// Which expressions match a name, where that was asked for.
    named: RefCell<NumberMap<u32, bool>>,
    /// The passage that was asked for last.
    cursor: Cell<usize>,
    shown: OnceCell<Shown>,
}

impl<'a> Scan<'a> {
    /// A document with what was found in it.
    pub(crate) fn new(
        document: &'a Document,
        outline: &'a Outline<'a>,
        engine: &'a Engine,
        (stretches, caches): (&'a Stretches, &'a RefCell<Caches>),
        hits: Hits,
        exempt: Vec<Hit>,
        vocabulary: u32,
    ) -> Self {
        Self {
            document,
            text: document.text(),
            hits,
            exempt,
            engine,
            stretches,
            caches,
            vocabulary,
            done: Vec::new(),
            page_cues: RefCell::default(),
            outcomes: RefCell::default(),
            outline,
            headings: RefCell::default(),
            named: RefCell::default(),
            cursor: Cell::new(0),
            shown: OnceCell::new(),
        }
    }

    /// What a reader of the pages sees.
    pub(crate) fn shown(&self) -> &Shown {
        self.shown.get_or_init(|| Shown::new(self.document))
    }

    /// The passage around an offset; see `Document::passage_at`.
    pub(crate) fn passage_at(&self, offset: usize) -> Option<Passage<'a>> {
        let passage = self.document.passage_near(self.cursor.get(), offset)?;
        self.cursor.set(passage.index());
        Some(passage)
    }

    /// The matches of an expression in passages in which it may come to something, by place.
    pub(crate) fn detected(&self, pattern: u32) -> &[RegexHit] {
        self.engine.detected((self.text, self.stretches), pattern, self.caches, &self.hits)
    }

    /// The matches of an expression, by place, if any may lie in `window`.
    pub(crate) fn seen(&self, pattern: u32, window: &Range<usize>) -> &[RegexHit] {
        self.engine.seen((self.text, self.stretches), pattern, window, self.caches, &self.hits)
    }

    /// Whether an expression matches what heads or names a value and is not in the text as it stands.
    pub(super) fn is_in_a_name(&self, pattern: u32) -> bool {
        let mut known = self.named.borrow_mut();
        *known.entry(pattern).or_insert_with(|| {
            let matches = |text: &str| {
                self.engine.pattern(pattern).is_some_and(|pattern| pattern.is_match(text))
            };
            self.outline.has_names()
                || self.outline.headings().any(|heading| {
                    let words = self.outline.joined_heading(heading, &self.engine.lexicon);
                    words.is_some_and(|words| matches(&words.text))
                })
        })
    }

    /// The text of a range.
    pub(crate) fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    /// The line around a range, inside its passage. A range over several lines gets all of them, and of a line without
    /// end what stands near.
    pub(crate) fn line(&self, passage: &Passage<'_>, range: &Range<usize>) -> Range<usize> {
        self.line_within(passage, range, LONGEST_LINE)
    }

    /// The same, looked for at most so many bytes on either side.
    pub(crate) fn line_within(
        &self,
        passage: &Passage<'_>,
        range: &Range<usize>,
        reach: usize,
    ) -> Range<usize> {
        let all = passage.range();
        let first = self.text.ceil_char_boundary(range.start.saturating_sub(reach));
        let last = self.text.floor_char_boundary(range.end.saturating_add(reach));
        let near = first.max(all.start)..last.min(all.end);
        let before = self.slice(near.start..range.start.max(near.start));
        let after = self.slice(range.end.min(near.end)..near.end);
        let is_break = |c: char| matches!(c, '\n' | '\r' | '\u{c}');
        let start = before.rfind(is_break).map_or(near.start, |at| near.start + at + 1);
        let end = after.find(is_break).map_or(near.end, |at| range.end + at);
        start..end
    }

    /// The cells of the same row, the cell itself left out, nearest first on each side.
    pub(crate) fn row(&self, passage: &Passage<'_>) -> Vec<Passage<'a>> {
        const MOST: usize = 200;
        let Some(cell) = passage.cell() else { return Vec::new() };
        let same = |other: &Passage<'_>| {
            other.cell().is_some_and(|other| (other.table, other.row) == (cell.table, cell.row))
        };
        let before = (0..passage.index()).rev().map_while(|index| self.document.passage(index));
        let after = (passage.index() + 1..).map_while(|index| self.document.passage(index));
        before.take_while(same).take(MOST).chain(after.take_while(same).take(MOST)).collect()
    }
}

/// A name or a heading in words: blanks between the words of `camelCase` and after the capitals of `SSNNumber`.
pub(super) fn words_of(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 8);
    push_words(&mut words, name);
    words
}

/// Adds a name, with blanks between the words of `camelCase`; a line break keeps it apart from what follows.
fn push_words(names: &mut String, name: &str) {
    let mut last = ' ';
    let mut coming = name.chars().take(200).peekable();
    while let Some(c) = coming.next() {
        let begins = coming.peek().is_some_and(|c| c.is_lowercase());
        if c.is_uppercase() && (last.is_lowercase() || last.is_uppercase() && begins) {
            names.push(' ');
        }
        names.push(if c.is_alphanumeric() { c } else { ' ' });
        last = c;
    }
    names.push_str(" | ");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_names_fall_apart_into_words() {
        for (name, expected) in [
            ("HomePhone", "Home Phone | "),
            ("PersonSSNIdentification", "Person SSN Identification | "),
            ("home_phone", "home phone | "),
            ("DOB", "DOB | "),
        ] {
            assert_eq!(words_of(name), expected);
        }
    }
}
