//! The pass of the one automaton over a text.
//!
//! Its states are made as they are needed. A state in which matches end names all their expressions at once; to which
//! groups these belong is found out once a state, so that ends which come to nothing cost next to nothing.

use super::hits::Hits;
use super::{Caches, Engine, Ground, number};
use crate::analyse::lexicon::Hashed;
use regex_automata::Input;
use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{self, DFA};
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::ops::Range;
use std::rc::Rc;

/// What a thread keeps of the automaton between texts.
#[derive(Debug, Default)]
pub(super) struct Shared {
    cache: Option<dfa::Cache>,
    /// What ends in a state, for as long as the cache keeps its states.
    endings: HashMap<LazyStateID, Rc<Ending>, BuildHasherDefault<Hashed>>,
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
    patterns: Vec<u32>,
}

/// Where matches of an expression may lie.
#[derive(Clone, Debug)]
struct Window {
    range: Range<usize>,
    /// The end of its passage.
    limit: usize,
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
            for own in patterns.iter().map(|&id| engine.groups_of(id)) {
                groups.resize(groups.len().max(own.len()), 0);
                groups.iter_mut().zip(own).for_each(|(all, own)| *all |= own);
            }
            Rc::new(Ending { groups, patterns })
        };
        Rc::clone(self.endings.entry(state).or_insert_with(read))
    }
}

impl Engine {
    /// The groups of an expression.
    fn groups_of(&self, id: u32) -> &[u64] {
        self.groups.get(id as usize).map_or(&[1], Vec::as_slice)
    }

    /// Runs the automaton; false where it gave up, and then what was found is not complete.
    pub(super) fn find_shared(
        &self,
        text: &str,
        ground: &mut dyn Ground,
        caches: &mut Caches,
        hits: &mut Hits,
    ) -> bool {
        let Some(automaton) = &self.automaton else { return false };
        let mut cache = caches.shared.cache.take().unwrap_or_else(|| automaton.create_cache());
        caches.shared.windows.resize(self.wanted.len(), None);
        caches.shared.longest.resize(self.wanted.len(), None);
        let complete = self.walk(automaton, &mut cache, text, ground, caches, hits).is_some();
        caches.shared.cache = Some(cache);
        for id in std::mem::take(&mut caches.shared.waiting) {
            let window = caches.shared.windows.get_mut(id as usize).and_then(Option::take);
            if let Some(window) = window.filter(|_| complete) {
                self.confirm(text, id, window.range, caches, hits);
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
        caches: &mut Caches,
        hits: &mut Hits,
    ) -> Option<()> {
        let mut state = automaton.start_state_forward(cache, &Input::new(text)).ok()?;
        for (at, &byte) in text.as_bytes().iter().enumerate() {
            state = automaton.next_state(cache, state, byte).ok()?;
            if state.is_tagged() {
                if state.is_match() {
                    let ending = caches.shared.ending(self, automaton, cache, state);
                    self.end(text, &ending, at, ground, caches, hits);
                } else if state.is_quit() {
                    return None;
                }
            }
        }
        state = automaton.next_eoi_state(cache, state).ok()?;
        if state.is_match() {
            let ending = caches.shared.ending(self, automaton, cache, state);
            self.end(text, &ending, text.len(), ground, caches, hits);
        }
        Some(())
    }

    /// Takes in possible ends of matches.
    fn end(
        &self,
        text: &str,
        ending: &Ending,
        end: usize,
        ground: &mut dyn Ground,
        caches: &mut Caches,
        hits: &mut Hits,
    ) {
        let passage = ground.enter(end.saturating_sub(1));
        if !ground.is_open(&ending.groups) {
            return;
        }
        for &id in &ending.patterns {
            if ground.is_open(self.groups_of(id)) {
                self.widen(text, id, end, &passage, caches, hits);
            }
        }
    }

    fn widen(
        &self,
        text: &str,
        id: u32,
        end: usize,
        passage: &Range<usize>,
        caches: &mut Caches,
        hits: &mut Hits,
    ) {
        let shared = &mut caches.shared;
        let at = id as usize;
        let (Some(wanted), Some(longest)) = (self.wanted.get(at), shared.longest.get_mut(at))
        else {
            return;
        };
        let longest = *longest.get_or_insert_with(|| number(wanted.pattern.max_len()));
        let Some(slot) = shared.windows.get_mut(at) else { return };
        let reach = end.saturating_sub(longest as usize);
        let known = slot.as_mut();
        if let Some(window) =
            known.filter(|window| end <= window.limit && reach <= window.range.end)
        {
            window.range.end = end;
            return;
        }
        let range = reach.max(passage.start)..end.min(passage.end);
        match slot.replace(Window { range, limit: passage.end }) {
            Some(window) => self.confirm(text, id, window.range, caches, hits),
            None => shared.waiting.push(id),
        }
    }
}
