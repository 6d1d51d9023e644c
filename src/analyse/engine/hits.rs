//! What the engine found in a text. A list's hits are put together, and matches confirmed, when somebody asks for
//! them: most lists and many expressions are evidence for rules that found nothing.

use super::number;
use crate::analyse::lexicon::{Lexicon, TermHit};
use crate::analyse::stretch::Stretches;
use std::cell::{Cell, OnceCell};
use std::ops::Range;

/// Where there is none.
const NONE: u32 = u32::MAX;

/// A match of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RegexHit {
    /// First byte of the match, or of its captured group.
    pub(crate) start: u32,
    /// One past the last byte.
    pub(crate) end: u32,
    /// First byte of the whole match.
    pub(super) from: u32,
    /// One past the last byte of the whole match.
    pub(super) to: u32,
}

/// A phrase of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PhraseHit {
    /// First byte.
    pub(crate) start: u32,
    /// One past the last byte.
    pub(crate) end: u32,
    /// Its number in the list.
    pub(crate) term: u32,
}

/// What was found in a text.
#[derive(Debug, Default)]
pub(crate) struct Hits {
    /// Phrases, those of a later passage never before those of an earlier one.
    terms: Vec<TermHit>,
    /// For each phrase that was found the one of the same term before it.
    previous: Vec<u32>,
    lists: Sparse<ListHits>,
    patterns: Sparse<Matches>,
}

/// Where matches of an expression may lie, until somebody asks for them.
#[derive(Debug, Default)]
pub(crate) struct Matches {
    /// In passages in which the expression may come to something.
    open: Vec<Range<usize>>,
    /// In others; there it can only be evidence.
    closed: Vec<Range<usize>>,
    /// In the normalised copy.
    copy: Vec<Range<usize>>,
    detected: OnceCell<Vec<RegexHit>>,
    all: OnceCell<Vec<RegexHit>>,
}

/// The hits of a list, and which terms they are of: the last hit of each, and its number in the list.
#[derive(Debug, Default)]
struct ListHits {
    terms: Vec<(u32, u32)>,
    hits: OnceCell<Vec<PhraseHit>>,
    /// Where it was looked at last.
    cursor: Cell<usize>,
}

/// Values for a few of many numbers.
#[derive(Debug, Default)]
struct Sparse<T> {
    slots: Vec<u32>,
    values: Vec<T>,
}

impl<T: Default> Sparse<T> {
    fn get(&self, at: u32) -> Option<&T> {
        self.values.get(*self.slots.get(at as usize)? as usize)
    }

    fn get_mut(&mut self, at: u32, count: usize) -> Option<&mut T> {
        if self.slots.is_empty() {
            self.slots = vec![NONE; count];
        }
        let slot = self.slots.get_mut(at as usize)?;
        if *slot == NONE {
            *slot = number(self.values.len());
            self.values.push(T::default());
        }
        self.values.get_mut(*slot as usize)
    }
}

impl Hits {
    /// Where matches of an expression may lie.
    pub(crate) fn matches(&self, pattern: u32) -> Option<&Matches> {
        self.patterns.get(pattern)
    }

    /// The phrases of a list, by place; none lies inside another.
    pub(crate) fn list(&self, list: u32) -> &[PhraseHit] {
        let Some(list) = self.lists.get(list) else { return &[] };
        list.hits.get_or_init(|| self.put_together(&list.terms))
    }

    /// The phrases of a list from the first on that begins at `from` or after it.
    pub(crate) fn list_from(&self, list: u32, from: usize) -> &[PhraseHit] {
        let hits = self.list(list);
        let Some(cursor) = self.lists.get(list).map(|list| &list.cursor) else { return hits };
        let begins = |at: usize| hits.get(at).is_some_and(|hit| (hit.start as usize) < from);
        // One who looks again looks a little further on, as a rule.
        let mut at = cursor.get();
        let near = at..at.saturating_add(4);
        if at.checked_sub(1).is_none_or(begins)
            && let Some(next) = near.clone().find(|&at| !begins(at))
        {
            at = next;
        } else {
            at = hits.partition_point(|hit| (hit.start as usize) < from);
        }
        cursor.set(at);
        hits.get(at..).unwrap_or_default()
    }

    /// All phrases, to look at while matches are being found; to be put back.
    pub(crate) fn take_terms(&mut self) -> Vec<TermHit> {
        std::mem::take(&mut self.terms)
    }

    /// Takes the phrases back.
    pub(crate) fn put_terms_back(&mut self, terms: Vec<TermHit>) {
        self.terms = terms;
    }

    fn put_together(&self, terms: &[(u32, u32)]) -> Vec<PhraseHit> {
        let mut hits = Vec::new();
        for &(last, term) in terms {
            let mut at = last;
            while let Some(hit) = self.terms.get(at as usize) {
                hits.push(PhraseHit { start: hit.start, end: hit.end, term });
                at = self.previous.get(at as usize).copied().unwrap_or(NONE);
            }
        }
        hits.sort_unstable_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end), hit.term));
        let mut end = None;
        hits.retain(|hit| {
            let inside = end.is_some_and(|end| hit.end <= end);
            if !inside {
                end = Some(hit.end);
            }
            !inside
        });
        hits
    }

    /// Finds the phrases of a text and of the normalised copy of its stretches.
    pub(super) fn find_phrases(
        &mut self,
        lexicon: &Lexicon,
        text: &str,
        stretches: &Stretches,
        last: &mut Vec<u32>,
    ) {
        lexicon.find(text, &mut self.terms);
        if !stretches.text().is_empty() {
            let mut more = Vec::new();
            lexicon.find(stretches.text(), &mut more);
            self.terms.extend(more.into_iter().filter_map(|hit| {
                let range = stretches.original(hit.start as usize..hit.end as usize)?;
                Some(TermHit { start: number(range.start), end: number(range.end), ..hit })
            }));
            self.terms.sort_unstable();
        }
        self.sort_into_lists(lexicon, last);
    }

    /// Tells each list which of its terms were found. `last` is room for a number a term.
    fn sort_into_lists(&mut self, lexicon: &Lexicon, last: &mut Vec<u32>) {
        last.resize(lexicon.term_count(), NONE);
        let mut distinct = Vec::new();
        self.previous.reserve(self.terms.len());
        for (at, hit) in self.terms.iter().enumerate() {
            let Some(last) = last.get_mut(hit.term as usize) else { continue };
            if *last == NONE {
                distinct.push(hit.term);
            }
            self.previous.push(*last);
            *last = number(at);
        }
        for term in distinct {
            let Some(last) = last.get_mut(term as usize) else { continue };
            for &(list, own) in lexicon.postings(term) {
                if let Some(list) = self.lists.get_mut(list, lexicon.list_count()) {
                    list.terms.push((*last, own));
                }
            }
            *last = NONE;
        }
    }

    /// Takes in where matches of one of `count` expressions may lie.
    pub(super) fn push(&mut self, pattern: u32, count: usize, range: Range<usize>, room: Room) {
        let Some(matches) = self.patterns.get_mut(pattern, count) else { return };
        match room {
            Room::Open => matches.open.push(range),
            Room::Closed => matches.closed.push(range),
            Room::Copy => matches.copy.push(range),
        }
    }

    /// Forgets where matches may lie.
    pub(super) fn clear_matches(&mut self) {
        self.patterns = Sparse::default();
    }
}

/// Where an expression was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// In a passage in which it may come to something.
    Open,
    /// In one in which it can only be evidence.
    Closed,
    /// In the normalised copy.
    Copy,
}

impl Matches {
    /// The matches that may come to something, by place; `confirm` finds those in ranges of the text and of the copy.
    pub(super) fn detected(&self, confirm: Confirm<'_>) -> &[RegexHit] {
        self.detected.get_or_init(|| confirm(&self.open, &self.copy))
    }

    /// All matches, by place.
    pub(super) fn all(&self, confirm: Confirm<'_>) -> &[RegexHit] {
        if self.closed.is_empty() {
            return self.detected(confirm);
        }
        self.all.get_or_init(|| {
            let mut ranges: Vec<_> = self.open.iter().chain(&self.closed).cloned().collect();
            ranges.sort_unstable_by_key(|range| range.start);
            confirm(&ranges, &self.copy)
        })
    }

    /// Whether some match may lie in `window`.
    pub(super) fn may_touch(&self, window: &Range<usize>) -> bool {
        let touches = |ranges: &[Range<usize>]| {
            let first = ranges.partition_point(|range| range.end <= window.start);
            ranges.get(first).is_some_and(|range| range.start < window.end)
        };
        !self.copy.is_empty() || touches(&self.open) || touches(&self.closed)
    }
}

/// Finds the matches in ranges of the text and of its normalised copy.
pub(super) type Confirm<'a> = &'a dyn Fn(&[Range<usize>], &[Range<usize>]) -> Vec<RegexHit>;

/// Brings matches into order; each counts once.
pub(super) fn sort(hits: &mut Vec<RegexHit>) {
    if !hits.is_sorted() {
        hits.sort_unstable();
    }
    hits.dedup_by_key(|hit| (hit.start, hit.end));
}

/// Adds the matches of the normalised copy. What the text itself shows as well is not found twice; what the copy
/// shows more of takes its place.
pub(super) fn merge(own: &mut Vec<RegexHit>, more: &[RegexHit], stretches: &Stretches) {
    let mut dropped: Vec<RegexHit> = Vec::new();
    let mut added = Vec::new();
    for hit in more {
        // What is wanted of a match may lie where nothing changes, and be found only for what changes around it.
        let Some(whole) = stretches.original(hit.from as usize..hit.to as usize) else { continue };
        let Some(range) = stretches.place(hit.start as usize..hit.end as usize) else { continue };
        let (start, end) = (number(range.start), number(range.end));
        let first = own.partition_point(|other| other.end <= start);
        let near: Vec<_> = own.iter().skip(first).take_while(|other| other.start < end).collect();
        if near.iter().all(|other| start <= other.start && other.end <= end) {
            dropped.extend(near.into_iter().copied());
            let (from, to) = (number(whole.start), number(whole.end));
            added.push(RegexHit { start, end, from, to });
        }
    }
    dropped.sort_unstable();
    own.retain(|hit| dropped.binary_search(hit).is_err());
    own.extend(added);
    sort(own);
}
