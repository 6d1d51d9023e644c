//! The pass of the one automaton over a text.
//!
//! Its states are made as they are needed. A state in which matches end names all their expressions at once; to which
//! groups these belong is found out once a state, so that ends which come to nothing cost next to nothing.

use super::hits::{Hits, Room};
use super::{Engine, Ground, Use, number};
use crate::analyse::hash::NumberMap;
use regex_automata::Input;
use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{self, DFA};
use std::ops::Range;
use std::rc::Rc;

/// What a thread keeps of the automaton between texts.
#[derive(Debug, Default)]
pub(super) struct Shared {
    cache: Option<dfa::Cache>,
    /// What ends in a state, for as long as the cache keeps its states.
    endings: NumberMap<LazyStateID, Rc<Ending>>,
    /// How often the cache had begun anew when `endings` was begun.
    restarts: usize,
    windows: Vec<Option<Window>>,
    /// The expressions that have a window.
    waiting: Vec<u32>,
    /// How long a match of each expression can be, where that was asked for.
    longest: Vec<Option<u32>>,
}

/// The expressions whose matches may end in a state.
#[derive(Debug)]
struct Ending {
    /// The groups of all.
    groups: Vec<u64>,
    /// Whether any of them serves as evidence.
    is_evidence: bool,
    patterns: Vec<u32>,
}

/// Where matches of an expression may lie.
#[derive(Clone, Debug)]
struct Window {
    range: Range<usize>,
    /// The end of its passage.
    limit: usize,
    room: Room,
}

impl Shared {
    /// How often the automaton ran out of memory and began anew.
    pub(super) fn restarts(&self) -> usize {
        self.cache.as_ref().map_or(0, dfa::Cache::clear_count)
    }

    fn ending(
        &mut self,
        engine: &Engine,
        automaton: &DFA,
        cache: &dfa::Cache,
        state: LazyStateID,
    ) -> Rc<Ending> {
        if cache.clear_count() != self.restarts {
            self.restarts = cache.clear_count();
            self.endings.clear();
        }
        let read = || {
            let matches = 0..automaton.match_len(cache, state);
            let patterns: Vec<u32> = matches
                .map(|at| number(automaton.match_pattern(cache, state, at).as_usize()))
                .collect();
            let mut groups: Vec<u64> = Vec::new();
            for own in patterns.iter().map(|&id| engine.use_of(id).groups.as_slice()) {
                groups.resize(groups.len().max(own.len()), 0);
                groups.iter_mut().zip(own).for_each(|(all, own)| *all |= own);
            }
            let is_evidence = patterns.iter().any(|&id| engine.use_of(id).is_evidence);
            Rc::new(Ending { groups, is_evidence, patterns })
        };
        Rc::clone(self.endings.entry(state).or_insert_with(read))
    }
}

impl Engine {
    fn use_of(&self, id: u32) -> &Use {
        static ALWAYS: Use = Use { groups: Vec::new(), is_evidence: true };
        self.uses.get(id as usize).unwrap_or(&ALWAYS)
    }

    /// Runs the automaton; false where it gave up, and then what was found is not complete.
    pub(super) fn find_shared(
        &self,
        text: &str,
        ground: &mut dyn Ground,
        shared: &mut Shared,
        hits: &mut Hits,
    ) -> bool {
        let Some(automaton) = &self.automaton else { return false };
        let mut cache = shared.cache.take().unwrap_or_else(|| automaton.create_cache());
        shared.windows.resize(self.wanted.len(), None);
        shared.longest.resize(self.wanted.len(), None);
        let complete = self.walk(automaton, &mut cache, text, ground, shared, hits).is_some();
        shared.cache = Some(cache);
        for id in std::mem::take(&mut shared.waiting) {
            let window = shared.windows.get_mut(id as usize).and_then(Option::take);
            if let Some(window) = window {
                hits.push(id, self.wanted.len(), window.range, window.room);
            }
        }
        complete
    }

    fn walk(
        &self,
        automaton: &DFA,
        cache: &mut dfa::Cache,
        text: &str,
        ground: &mut dyn Ground,
        shared: &mut Shared,
        hits: &mut Hits,
    ) -> Option<()> {
        let mut state = automaton.start_state_forward(cache, &Input::new(text)).ok()?;
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if !state.is_tagged() {
                // States that are known and at which nothing ends: nearly all.
                for &byte in bytes.get(at..).unwrap_or_default() {
                    let next = automaton.next_state_untagged(cache, state, byte);
                    if next.is_tagged() {
                        break;
                    }
                    state = next;
                    at += 1;
                }
            }
            let Some(&byte) = bytes.get(at) else { break };
            state = automaton.next_state(cache, state, byte).ok()?;
            if state.is_match() {
                let ending = shared.ending(self, automaton, cache, state);
                self.end(&ending, at, ground, shared, hits);
            } else if state.is_quit() {
                return None;
            }
            at += 1;
        }
        state = automaton.next_eoi_state(cache, state).ok()?;
        if state.is_match() {
            let ending = shared.ending(self, automaton, cache, state);
            self.end(&ending, text.len(), ground, shared, hits);
        }
        Some(())
    }

    /// Takes in possible ends of matches.
    fn end(
        &self,
        ending: &Ending,
        end: usize,
        ground: &mut dyn Ground,
        shared: &mut Shared,
        hits: &mut Hits,
    ) {
        let passage = ground.enter(end.saturating_sub(1));
        if !ending.is_evidence && !ground.is_open(&ending.groups) {
            return;
        }
        for &id in &ending.patterns {
            let own = self.use_of(id);
            let room = match ground.is_open(&own.groups) {
                _ if ground.is_copy() => Room::Copy,
                true => Room::Open,
                false if own.is_evidence => Room::Closed,
                false => continue,
            };
            if let Some((range, room)) = self.widen(id, end, &passage, room, shared) {
                hits.push(id, self.wanted.len(), range, room);
            }
        }
    }

    /// Takes in a possible end of a match; gives back the window that is left behind.
    fn widen(
        &self,
        id: u32,
        end: usize,
        passage: &Range<usize>,
        room: Room,
        shared: &mut Shared,
    ) -> Option<(Range<usize>, Room)> {
        let at = id as usize;
        let (wanted, longest) = (self.wanted.get(at)?, shared.longest.get_mut(at)?);
        let longest = *longest.get_or_insert_with(|| number(wanted.pattern.max_len()));
        let slot = shared.windows.get_mut(at)?;
        let reach = end.saturating_sub(longest as usize);
        let known = slot.as_mut();
        if let Some(window) =
            known.filter(|window| end <= window.limit && reach <= window.range.end)
        {
            window.range.end = end;
            return None;
        }
        let range = reach.max(passage.start)..end.min(passage.end);
        let window = slot.replace(Window { range, limit: passage.end, room });
        if window.is_none() {
            shared.waiting.push(id);
        }
        window.map(|window| (window.range, window.room))
    }
}
