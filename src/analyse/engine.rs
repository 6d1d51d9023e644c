//! One pass over a text for all rules: a lazy automaton over all expressions and the lexicon of all phrases.
//!
//! The automaton reports every place at which some match of an expression may end. The stretches of text before these
//! places, as long as a match can be, are merged; inside them the expression itself decides. Every match lies in one
//! such window, so the result is the same as running each expression over the whole text, which `Route::OneByOne`
//! does for tests.

use super::lexicon::{Lexicon, PhraseHit};
use super::pattern::{Flavour, Pattern};
use super::stretch::Stretches;
use regex_automata::hybrid::dfa::{self, DFA, OverlappingState};
use regex_automata::meta;
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::NonMaxUsize;
use regex_automata::{Input, MatchKind};
use std::collections::BTreeMap;
use std::ops::Range;

/// Memory for the states of one thread's automaton, in bytes.
const CACHE: usize = 24 << 20;
/// The most memory the description of the automaton may take, in bytes.
const MAX_AUTOMATON: usize = 256 << 20;

/// How expressions are run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Route {
    /// All at once.
    #[default]
    Shared,
    /// Each over the whole text; the reference.
    OneByOne,
}

/// A match of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RegexHit {
    /// Which expression.
    pub(crate) pattern: u32,
    /// First byte of the match, or of its captured group.
    pub(crate) start: u32,
    /// One past the last byte.
    pub(crate) end: u32,
    /// First byte of the whole match.
    from: u32,
    /// One past the last byte of the whole match.
    to: u32,
}

/// What was found in a text, sorted by expression or list and then by place.
#[derive(Debug, Default)]
pub(crate) struct Hits {
    regex: Vec<RegexHit>,
    phrases: Vec<PhraseHit>,
    /// Where the hits of each list and of each expression lie; filled in by `sort`.
    lists: Vec<Range<u32>>,
    patterns: Vec<Range<u32>>,
    /// Expressions that could not be run.
    pub(crate) not_run: Vec<u32>,
}

impl Hits {
    /// The matches of an expression, by place.
    pub(crate) fn pattern(&self, pattern: u32) -> &[RegexHit] {
        slice(&self.regex, self.patterns.get(pattern as usize))
    }

    /// The phrases of a list, by place; none lies inside another.
    pub(crate) fn list(&self, list: u32) -> &[PhraseHit] {
        slice(&self.phrases, self.lists.get(list as usize))
    }
}

fn slice<'a, T>(all: &'a [T], range: Option<&Range<u32>>) -> &'a [T] {
    range.and_then(|range| all.get(range.start as usize..range.end as usize)).unwrap_or_default()
}

/// Where the hits with each number lie among hits that are sorted by it.
fn ranges(numbers: impl Iterator<Item = u32>) -> Vec<Range<u32>> {
    let mut ranges: Vec<Range<u32>> = Vec::new();
    for (at, own) in numbers.enumerate() {
        let at = number(at);
        if ranges.len() <= own as usize {
            ranges.resize(own as usize + 1, at..at);
        }
        if let Some(range) = ranges.get_mut(own as usize) {
            range.end = at + 1;
        }
    }
    ranges
}

/// An expression and the group that is wanted of it.
#[derive(Debug)]
struct Wanted {
    pattern: Pattern,
    group: usize,
}

/// All expressions and phrases of a ruleset.
#[derive(Debug, Default)]
pub(crate) struct Engine {
    wanted: Vec<Wanted>,
    known: BTreeMap<(String, Flavour, usize), u32>,
    pub(crate) lexicon: Lexicon,
    automaton: Option<DFA>,
    /// Expressions that are not in the automaton.
    apart: Vec<u32>,
}

/// What a thread keeps between texts.
#[derive(Debug, Default)]
pub(crate) struct Caches {
    automaton: Option<dfa::Cache>,
    patterns: Vec<Option<meta::Cache>>,
    windows: Vec<Option<Window>>,
    slots: Vec<Option<NonMaxUsize>>,
}

#[derive(Clone, Debug)]
struct Window {
    range: Range<usize>,
    limit: usize,
}

impl Engine {
    /// Adds an expression; one that is known already keeps its number.
    pub(crate) fn add(
        &mut self,
        source: &str,
        flavour: Flavour,
        group: usize,
        pattern: Pattern,
    ) -> u32 {
        let key = (source.to_owned(), flavour, group);
        let next = number(self.wanted.len());
        let id = *self.known.entry(key).or_insert(next);
        if id == next {
            self.wanted.push(Wanted { pattern, group });
        }
        id
    }

    /// Call once after the last expression and phrase. An error says why the expressions together are too large.
    pub(crate) fn seal(&mut self) -> Result<(), String> {
        self.known = BTreeMap::new();
        self.lexicon.seal();
        if self.wanted.is_empty() {
            return Ok(());
        }
        // Expressions keep their numbers in the automaton; those that are not in it never match there.
        let mut forms = Vec::with_capacity(self.wanted.len());
        for (id, wanted) in self.wanted.iter().enumerate() {
            let shared = if wanted.pattern.is_unicode() { None } else { wanted.pattern.loose() };
            if shared.is_none() {
                self.apart.push(number(id));
            }
            forms.push(shared.unwrap_or_else(regex_syntax::hir::Hir::fail));
        }
        let config = thompson::Config::new()
            .utf8(false)
            .which_captures(thompson::WhichCaptures::None)
            .nfa_size_limit(Some(MAX_AUTOMATON));
        let nfa = thompson::Compiler::new()
            .configure(config)
            .build_many_from_hir(&forms)
            .map_err(|error| error.to_string())?;
        let config = dfa::Config::new()
            .match_kind(MatchKind::All)
            .cache_capacity(CACHE)
            .skip_cache_capacity_check(true);
        let automaton = dfa::Builder::new()
            .configure(config)
            .build_from_nfa(nfa)
            .map_err(|error| error.to_string())?;
        self.automaton = Some(automaton);
        Ok(())
    }

    /// An expression by its number.
    pub(crate) fn pattern(&self, id: u32) -> Option<&Pattern> {
        self.wanted.get(id as usize).map(|wanted| &wanted.pattern)
    }

    /// How often the thread's automaton ran out of memory and began anew.
    pub(crate) fn restarts(caches: &Caches) -> usize {
        caches.automaton.as_ref().map_or(0, dfa::Cache::clear_count)
    }

    /// Everything in `text`, whose passages `bounds` tells.
    pub(crate) fn scan(
        &self,
        text: &str,
        bounds: &dyn Fn(usize) -> Range<usize>,
        route: Route,
        caches: &mut Caches,
    ) -> Hits {
        let mut hits = Hits::default();
        self.find(text, bounds, route, caches, &mut hits);
        sort(&mut hits);
        let stretches = Stretches::new(text, bounds);
        if !stretches.text().is_empty() {
            let mut more = Hits::default();
            let inner = |at: usize| stretches.bounds(at);
            self.find(stretches.text(), &inner, route, caches, &mut more);
            merge(&mut hits, &more, &stretches);
            sort(&mut hits);
        }
        hits
    }

    fn find(
        &self,
        text: &str,
        bounds: &dyn Fn(usize) -> Range<usize>,
        route: Route,
        caches: &mut Caches,
        hits: &mut Hits,
    ) {
        self.lexicon.find(text, &mut hits.phrases);
        if self.wanted.is_empty() {
            return;
        }
        caches.patterns.resize_with(self.wanted.len(), || None);
        let shared = route == Route::Shared && self.find_shared(text, bounds, caches, hits);
        if shared {
            self.apart.iter().for_each(|&id| self.find_one(text, bounds, id, caches, hits));
        } else {
            (0..number(self.wanted.len()))
                .for_each(|id| self.find_one(text, bounds, id, caches, hits));
        }
    }

    /// Runs the automaton; false where it gave up, and then nothing was found.
    fn find_shared(
        &self,
        text: &str,
        bounds: &dyn Fn(usize) -> Range<usize>,
        caches: &mut Caches,
        hits: &mut Hits,
    ) -> bool {
        let Some(automaton) = &self.automaton else { return false };
        let mut cache = caches.automaton.take().unwrap_or_else(|| automaton.create_cache());
        caches.windows.clear();
        caches.windows.resize(self.wanted.len(), None);
        let known = hits.regex.len();
        let input = Input::new(text);
        let mut state = OverlappingState::start();
        let complete = loop {
            if automaton.try_search_overlapping_fwd(&mut cache, &input, &mut state).is_err() {
                break false;
            }
            let Some(found) = state.get_match() else { break true };
            self.widen(text, found.pattern().as_usize(), found.offset(), bounds, caches, hits);
        };
        caches.automaton = Some(cache);
        if !complete {
            hits.regex.truncate(known);
            return false;
        }
        for id in 0..self.wanted.len() {
            if let Some(window) = caches.windows.get_mut(id).and_then(Option::take) {
                self.confirm(text, number(id), window.range, caches, hits);
            }
        }
        true
    }

    /// Takes in a possible end of a match of `id`.
    fn widen(
        &self,
        text: &str,
        id: usize,
        end: usize,
        bounds: &dyn Fn(usize) -> Range<usize>,
        caches: &mut Caches,
        hits: &mut Hits,
    ) {
        let Some(wanted) = self.wanted.get(id) else { return };
        let Some(slot) = caches.windows.get_mut(id) else { return };
        let reach = end.saturating_sub(wanted.pattern.max_len());
        if let Some(window) =
            slot.as_mut().filter(|window| end <= window.limit && reach <= window.range.end)
        {
            window.range.end = end;
            return;
        }
        let passage = bounds(end.saturating_sub(1));
        let fresh =
            Window { range: reach.max(passage.start)..end.min(passage.end), limit: passage.end };
        if let Some(window) = slot.replace(fresh) {
            self.confirm(text, number(id), window.range, caches, hits);
        }
    }

    /// Runs one expression over a text, for measuring.
    pub(crate) fn run_alone(
        &self,
        text: &str,
        bounds: &dyn Fn(usize) -> Range<usize>,
        id: u32,
        caches: &mut Caches,
    ) {
        self.find_one(text, bounds, id, caches, &mut Hits::default());
    }

    fn find_one(
        &self,
        text: &str,
        bounds: &dyn Fn(usize) -> Range<usize>,
        id: u32,
        caches: &mut Caches,
        hits: &mut Hits,
    ) {
        let mut at = 0;
        while at < text.len() {
            let passage = bounds(at);
            let range = passage.start.max(at)..passage.end.min(text.len());
            at = range.end.max(at) + 1;
            while at < text.len() && !text.is_char_boundary(at) {
                at += 1;
            }
            self.confirm(text, id, range, caches, hits);
        }
    }

    /// Runs one expression over a range of `text`, neighbours in view.
    fn confirm(
        &self,
        text: &str,
        id: u32,
        range: Range<usize>,
        caches: &mut Caches,
        hits: &mut Hits,
    ) {
        let Some(wanted) = self.wanted.get(id as usize) else { return };
        let Some(regex) = wanted.pattern.regex() else {
            if !hits.not_run.contains(&id) {
                hits.not_run.push(id);
            }
            return;
        };
        let Some(slot) = caches.patterns.get_mut(id as usize) else { return };
        let cache = slot.get_or_insert_with(|| regex.create_cache());
        let slots = &mut caches.slots;
        slots.clear();
        slots.resize(2 * (wanted.group + 1), None);
        let (mut at, end) = (range.start, range.end);
        while at < end && end <= text.len() {
            let input = Input::new(text).range(at..end);
            let (whole, found) = if wanted.group == 0 {
                let Some(found) = regex.search_with(cache, &input) else { break };
                (found.range(), found.range())
            } else {
                if regex.search_slots_with(cache, &input, slots).is_none() {
                    break;
                }
                let span = |group: usize| {
                    let get =
                        |slot: usize| slots.get(slot).copied().flatten().map(NonMaxUsize::get);
                    get(2 * group).zip(get(2 * group + 1)).map(|(start, end)| start..end)
                };
                let Some(whole) = span(0) else { break };
                (whole.clone(), span(wanted.group).unwrap_or(whole))
            };
            hits.regex.push(RegexHit {
                pattern: id,
                start: number(found.start),
                end: number(found.end),
                from: number(whole.start),
                to: number(whole.end),
            });
            at = whole.end.max(at + 1);
        }
    }
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// Sorts, and drops phrases that lie inside others of their list.
fn sort(hits: &mut Hits) {
    hits.regex.sort_unstable();
    hits.regex.dedup_by_key(|hit| (hit.pattern, hit.start, hit.end));
    hits.phrases
        .sort_unstable_by_key(|hit| (hit.list, hit.start, std::cmp::Reverse(hit.end), hit.term));
    let mut last: Option<PhraseHit> = None;
    hits.phrases.retain(|hit| {
        let inside = last.is_some_and(|last| last.list == hit.list && hit.end <= last.end);
        if !inside {
            last = Some(*hit);
        }
        !inside
    });
    hits.patterns = ranges(hits.regex.iter().map(|hit| hit.pattern));
    hits.lists = ranges(hits.phrases.iter().map(|hit| hit.list));
}

/// Adds what was found in the normalised copy. What the text itself shows as well is not found twice; what the copy
/// shows more of takes its place.
fn merge(hits: &mut Hits, more: &Hits, stretches: &Stretches) {
    let back = |start: u32, end: u32| stretches.original(start as usize..end as usize);
    let mut dropped = Vec::new();
    let mut added = Vec::new();
    for hit in &more.regex {
        // What is wanted of a match may lie where nothing changes, and be found only for what changes around it.
        let Some(whole) = back(hit.from, hit.to) else { continue };
        let Some(range) = stretches.place(hit.start as usize..hit.end as usize) else { continue };
        let (start, end) = (number(range.start), number(range.end));
        let own = hits.pattern(hit.pattern);
        let first = own.partition_point(|other| other.end <= start);
        let near: Vec<_> = own.iter().skip(first).take_while(|other| other.start < end).collect();
        if near.iter().all(|other| start <= other.start && other.end <= end) {
            dropped.extend(near.into_iter().copied());
            let (from, to) = (number(whole.start), number(whole.end));
            added.push(RegexHit { pattern: hit.pattern, start, end, from, to });
        }
    }
    dropped.sort_unstable();
    hits.regex.retain(|hit| dropped.binary_search(hit).is_err());
    hits.regex.extend(added);
    let phrases = more.phrases.iter().filter_map(|hit| {
        let range = back(hit.start, hit.end)?;
        Some(PhraseHit { start: number(range.start), end: number(range.end), ..*hit })
    });
    let phrases: Vec<_> = phrases.collect();
    hits.phrases.extend(phrases);
    for id in &more.not_run {
        if !hits.not_run.contains(id) {
            hits.not_run.push(*id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engine(sources: &[&str]) -> Engine {
        let mut engine = Engine::default();
        for source in sources {
            let pattern = Pattern::parse(source, Flavour::default()).unwrap();
            engine.add(source, Flavour::default(), 0, pattern);
        }
        engine.seal().unwrap();
        engine
    }

    fn bounds(text: &str) -> impl Fn(usize) -> Range<usize> + '_ {
        |at| {
            let start = text.get(..at).unwrap().rfind('\u{1e}').map_or(0, |at| at + 2);
            let end = text.get(at..).unwrap().find("\n\u{1e}").map_or(text.len(), |to| at + to);
            start..end
        }
    }

    #[test]
    fn the_shared_automaton_finds_what_each_expression_finds_alone() {
        let engine = engine(&[
            r"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b",
            "a{1,3}b{0,2}",
            "(?:ab|abab)(?:c|d)?",
            r"[^x]{2,5}x",
            r"^line [0-9]{1,3}$",
            "(?i)case (?:no|number)",
            "§ ?[0-9]{1,4}",
        ]);
        let text = "aaab abababd xx yyx 219-45-9998 ab\nline 12\nline 1234\nCASE\n   No 5 § 12\n\u{1e}\n\
                    line 7\nab x 123-45-6789x 1219-45-9998 aabbabc\n\u{1e}\n";
        let mut caches = Caches::default();
        let bounds = bounds(text);
        let shared = engine.scan(text, &bounds, Route::Shared, &mut caches);
        let alone = engine.scan(text, &bounds, Route::OneByOne, &mut caches);
        assert_eq!(shared.regex, alone.regex);
        assert!(shared.regex.len() > 15);
        assert!((0..7).all(|id| !shared.pattern(id).is_empty()));
    }

    #[test]
    fn what_only_the_normalised_copy_shows_is_found_in_the_text() {
        let engine = engine(&[r"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b", "office"]);
        let text = "219\u{2013}45\u{2013}9998, 123-45-6789 and of-\nfice";
        let hits = engine.scan(text, &|_| 0..text.len(), Route::Shared, &mut Caches::default());
        let found: Vec<_> = hits
            .regex
            .iter()
            .map(|hit| text.get(hit.start as usize..hit.end as usize).unwrap())
            .collect();
        assert_eq!(found, ["219\u{2013}45\u{2013}9998", "123-45-6789", "of-\nfice"]);
    }
}
