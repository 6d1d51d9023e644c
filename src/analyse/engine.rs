//! One pass over a text for all rules: a lazy automaton over all expressions and the lexicon of all phrases.
//!
//! The automaton reports every place at which some match of an expression may end. The stretches of text before these
//! places, as long as a match can be, are merged; inside them the expression itself decides. Every match lies in one
//! such window, so the result is the same as running each expression over the whole text, which `Route::OneByOne`
//! does for tests.

mod hits;
mod shared;

pub(crate) use hits::{Hits, RegexHit};

use super::in_parallel;
use super::lexicon::Lexicon;
use super::pattern::{Flavour, Pattern};
use super::stretch::Stretches;
use hits::Room;
use regex_automata::hybrid::dfa::{self, DFA};
use regex_automata::meta;
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::NonMaxUsize;
use regex_automata::{Input, MatchKind};
use regex_syntax::hir::Hir;
use shared::Shared;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

/// Memory for the states of one thread's automaton, in bytes.
const CACHE: usize = 96 << 20;
/// How many expressions are read at once.
const CHUNK: usize = 12;
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
    /// What each expression is for; where that is not told, it always counts.
    uses: Vec<Use>,
}

/// What an expression is for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Use {
    /// The groups of a `Ground` to which it belongs. Bit 0 stands for those that are always open.
    pub(crate) groups: Vec<u64>,
    /// Whether it is evidence for rules, and so has to be seen in any case.
    pub(crate) is_evidence: bool,
}

/// What a thread keeps between texts.
#[derive(Debug, Default)]
pub(crate) struct Caches {
    shared: Shared,
    patterns: Vec<Option<meta::Cache>>,
    slots: Vec<Option<NonMaxUsize>>,
    /// Expressions that could not be run, since the last text began.
    pub(crate) not_run: Vec<u32>,
    last_of_term: Vec<u32>,
}

/// The passages of a text, and which expressions are worth a look in each.
pub(crate) trait Ground {
    /// The passage around an offset; `is_open` speaks of it from now on.
    fn enter(&mut self, at: usize) -> Range<usize>;

    /// Whether an expression of any of these groups can come to anything in the passage.
    fn is_open(&mut self, groups: &[u64]) -> bool;

    /// Whether it is a normalised copy.
    fn is_copy(&self) -> bool {
        false
    }
}

/// Ground on which everything is worth a look.
pub(crate) struct Open<F>(pub(crate) F);

/// The same for a normalised copy.
struct OpenCopy<'a>(&'a Stretches);

impl Ground for OpenCopy<'_> {
    fn enter(&mut self, at: usize) -> Range<usize> {
        self.0.bounds(at)
    }

    fn is_open(&mut self, _groups: &[u64]) -> bool {
        true
    }

    fn is_copy(&self) -> bool {
        true
    }
}

impl<F: Fn(usize) -> Range<usize>> Ground for Open<F> {
    fn enter(&mut self, at: usize) -> Range<usize> {
        (self.0)(at)
    }

    fn is_open(&mut self, _groups: &[u64]) -> bool {
        true
    }
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
        let shared = |chunk: &[Wanted]| -> Vec<Option<Hir>> {
            let form = |Wanted { pattern, .. }: &Wanted| {
                if pattern.is_unicode() { None } else { pattern.loose() }
            };
            chunk.iter().map(form).collect()
        };
        let chunks: Vec<&[Wanted]> = self.wanted.chunks(CHUNK).collect();
        let forms: Vec<Option<Hir>> = in_parallel(chunks, shared).into_iter().flatten().collect();
        let apart = forms.iter().enumerate().filter(|(_, form)| form.is_none());
        self.apart = apart.map(|(id, _)| number(id)).collect();
        let forms: Vec<Hir> =
            forms.into_iter().map(|form| form.unwrap_or_else(Hir::fail)).collect();
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

    /// Says what each expression is for.
    pub(crate) fn set_uses(&mut self, uses: Vec<Use>) {
        self.uses = uses;
    }

    /// The number of expressions.
    pub(crate) fn pattern_count(&self) -> usize {
        self.wanted.len()
    }

    /// How often the thread's automaton ran out of memory and began anew.
    pub(crate) fn restarts(caches: &Caches) -> usize {
        caches.shared.restarts()
    }

    /// The phrases in `text` and in the normalised copy of its stretches.
    pub(crate) fn phrases(&self, text: &str, stretches: &Stretches, caches: &mut Caches) -> Hits {
        let mut hits = Hits::default();
        hits.find_phrases(&self.lexicon, text, stretches, &mut caches.last_of_term);
        hits
    }

    /// Where matches of all expressions may lie in `text` and in the normalised copy of its stretches.
    pub(crate) fn find(
        &self,
        (text, stretches): (&str, &Stretches),
        ground: &mut dyn Ground,
        route: Route,
        caches: &mut Caches,
        hits: &mut Hits,
    ) {
        if self.wanted.is_empty() {
            return;
        }
        let copy = &mut OpenCopy(stretches);
        let shared = route == Route::Shared
            && self.find_shared(text, ground, &mut caches.shared, hits)
            && (stretches.text().is_empty()
                || self.find_shared(stretches.text(), copy, &mut caches.shared, hits));
        let count = number(self.wanted.len());
        let alone: Vec<u32> = if shared {
            self.apart.clone()
        } else {
            hits.clear_matches();
            (0..count).collect()
        };
        for id in alone {
            self.see_everywhere(text, ground, id, Room::Open, hits);
            self.see_everywhere(stretches.text(), copy, id, Room::Copy, hits);
        }
    }

    /// Takes it that matches may lie anywhere.
    fn see_everywhere(
        &self,
        text: &str,
        ground: &mut dyn Ground,
        id: u32,
        room: Room,
        hits: &mut Hits,
    ) {
        let mut at = 0;
        while at < text.len() {
            let passage = ground.enter(at);
            let range = passage.start.max(at)..passage.end.min(text.len());
            at = range.end.max(at) + 1;
            while at < text.len() && !text.is_char_boundary(at) {
                at += 1;
            }
            hits.push(id, self.wanted.len(), range, room);
        }
    }

    /// The matches of an expression that may come to something, by place.
    pub(crate) fn detected<'h>(
        &self,
        (text, stretches): (&str, &Stretches),
        id: u32,
        caches: &RefCell<Caches>,
        hits: &'h Hits,
    ) -> &'h [RegexHit] {
        let confirm = self.confirming((text, stretches), id, caches);
        hits.matches(id).map(|matches| matches.detected(&confirm)).unwrap_or_default()
    }

    /// The matches of an expression, by place, where one may lie in `window`; or none.
    pub(crate) fn seen<'h>(
        &self,
        (text, stretches): (&str, &Stretches),
        id: u32,
        window: &Range<usize>,
        caches: &RefCell<Caches>,
        hits: &'h Hits,
    ) -> &'h [RegexHit] {
        let confirm = self.confirming((text, stretches), id, caches);
        let matches = hits.matches(id).filter(|matches| matches.may_touch(window));
        matches.map(|matches| matches.all(&confirm)).unwrap_or_default()
    }

    fn confirming(
        &self,
        (text, stretches): (&str, &Stretches),
        id: u32,
        caches: &RefCell<Caches>,
    ) -> impl Fn(&[Range<usize>], &[Range<usize>]) -> Vec<RegexHit> {
        move |ranges, copied| {
            let caches = &mut *caches.borrow_mut();
            let mut found = Vec::new();
            for range in ranges {
                self.confirm(text, id, range.clone(), caches, &mut found);
            }
            hits::sort(&mut found);
            let mut more = Vec::new();
            for range in copied {
                self.confirm(stretches.text(), id, range.clone(), caches, &mut more);
            }
            if !more.is_empty() {
                hits::merge(&mut found, &more, stretches);
            }
            found
        }
    }

    /// Runs one expression over a text, for measuring.
    pub(crate) fn run_alone(
        &self,
        text: &str,
        ground: &mut dyn Ground,
        id: u32,
        caches: &mut Caches,
    ) {
        let mut hits = Hits::default();
        self.see_everywhere(text, ground, id, Room::Open, &mut hits);
        let caches = &RefCell::new(std::mem::take(caches));
        self.detected((text, &Stretches::default()), id, caches, &hits);
    }

    /// Runs one expression over a range of `text`, neighbours in view.
    fn confirm(
        &self,
        text: &str,
        id: u32,
        range: Range<usize>,
        caches: &mut Caches,
        hits: &mut Vec<RegexHit>,
    ) {
        let Some(wanted) = self.wanted.get(id as usize) else { return };
        let Some(regex) = wanted.pattern.regex() else {
            if !caches.not_run.contains(&id) {
                caches.not_run.push(id);
            }
            return;
        };
        caches.patterns.resize_with(self.wanted.len(), || None);
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
            hits.push(RegexHit {
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
        let bounds = bounds(text);
        let none = Stretches::default();
        let found = |route| {
            let (mut hits, mut caches) = (Hits::default(), Caches::default());
            engine.find((text, &none), &mut Open(&bounds), route, &mut caches, &mut hits);
            let caches = &RefCell::new(caches);
            let of = |id| engine.detected((text, &none), id, caches, &hits).to_vec();
            (0..7).map(of).collect::<Vec<_>>()
        };
        let (shared, alone) = (found(Route::Shared), found(Route::OneByOne));
        assert_eq!(shared, alone);
        assert!(shared.iter().flatten().count() > 15);
        assert!(shared.iter().all(|hits| !hits.is_empty()));
    }

    #[test]
    fn what_only_the_normalised_copy_shows_is_found_in_the_text() {
        let engine = engine(&[r"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b", "office"]);
        let text = "219\u{2013}45\u{2013}9998, 123-45-6789 and of-\nfice";
        let stretches = Stretches::new(text, |_| 0..text.len());
        let (mut hits, mut caches) = (Hits::default(), Caches::default());
        let ground = &mut Open(|_| 0..text.len());
        engine.find((text, &stretches), ground, Route::Shared, &mut caches, &mut hits);
        let caches = &RefCell::new(caches);
        let of = |id| engine.detected((text, &stretches), id, caches, &hits).to_vec();
        let mut found: Vec<_> = (0..2).flat_map(of).collect();
        found.sort_unstable();
        let found: Vec<_> = found
            .into_iter()
            .map(|hit| text.get(hit.start as usize..hit.end as usize).unwrap())
            .collect();
        assert_eq!(found, ["219\u{2013}45\u{2013}9998", "123-45-6789", "of-\nfice"]);
    }
}
