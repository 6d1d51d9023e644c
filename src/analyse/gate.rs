//! Which expressions are worth a look in a passage: those of a rule that needs a cue come to nothing where none is
//! near. Numbers match many expressions; most of these matches would be thrown away for want of a cue.

use super::engine::{Ground, Use};
use super::evidence::{Evidence, Reach, What};
use super::hash::NumberMap;
use super::lexicon::{Lexicon, TermHit};
use super::outline::Outline;
use super::rulebook::Rule;
use crate::model::{Document, Passage};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

/// The group of expressions that are always run.
const ALWAYS: usize = 0;

/// Which cues open which groups.
#[derive(Debug, Default)]
pub(crate) struct Gates {
    /// How many words of bits all groups take.
    words: usize,
    /// For each term the number of its row in `rows`; row 0 opens nothing.
    terms: Vec<u32>,
    /// The groups that a term opens in the passages around, and then those that it opens in the whole document.
    rows: Vec<(Vec<u64>, Vec<u64>)>,
}

/// A list that some expression needs, and whether a cue anywhere in the document may do.
type Gate = (u32, bool);

impl Gates {
    /// The gates of all rules, and what each of `count` expressions is for.
    pub(crate) fn new(rules: &[Rule], lexicon: &Lexicon, count: usize) -> (Self, Vec<Use>) {
        let needs = needs(rules, count);
        let mut numbers: BTreeMap<Gate, usize> = BTreeMap::new();
        for gate in needs.iter().flatten().flatten() {
            let next = numbers.len() + 1;
            numbers.entry(*gate).or_insert(next);
        }
        let words = numbers.len() / 64 + 1;
        let evidence = evidence(rules);
        let uses = (0u32..)
            .zip(&needs)
            .map(|(id, gates)| {
                let mut bits = vec![0; words];
                match gates {
                    Some(gates) => gates
                        .iter()
                        .filter_map(|gate| numbers.get(gate))
                        .for_each(|&group| set(&mut bits, group)),
                    None => set(&mut bits, ALWAYS),
                }
                Use { groups: bits, is_evidence: evidence.contains(&id) }
            })
            .collect();
        let mut known: HashMap<(Vec<u64>, Vec<u64>), u32> = HashMap::new();
        let mut gates = Self { words, terms: Vec::new(), rows: Vec::new() };
        gates.row(vec![0; words], vec![0; words], &mut known);
        for term in 0..lexicon.term_count() {
            let (mut near, mut far) = (vec![0; words], vec![0; words]);
            for &(list, _) in lexicon.postings(u32::try_from(term).unwrap_or(u32::MAX)) {
                numbers.get(&(list, false)).into_iter().for_each(|&group| set(&mut near, group));
                numbers.get(&(list, true)).into_iter().for_each(|&group| set(&mut far, group));
            }
            let row = gates.row(near, far, &mut known);
            gates.terms.push(row);
        }
        (gates, uses)
    }

    fn row(
        &mut self,
        near: Vec<u64>,
        far: Vec<u64>,
        known: &mut HashMap<(Vec<u64>, Vec<u64>), u32>,
    ) -> u32 {
        let next = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let row = *known.entry((near.clone(), far.clone())).or_insert(next);
        if row == next {
            self.rows.push((near, far));
        }
        row
    }

    /// What a term opens; nothing for most.
    fn opened(&self, term: u32) -> Option<&(Vec<u64>, Vec<u64>)> {
        let row = *self.terms.get(term as usize)?;
        if row == 0 { None } else { self.rows.get(row as usize) }
    }
}

fn set(bits: &mut [u64], at: usize) {
    if let Some(word) = bits.get_mut(at / 64) {
        *word |= 1 << (at % 64);
    }
}

fn add(all: &mut [u64], more: &[u64]) {
    all.iter_mut().zip(more).for_each(|(all, more)| *all |= more);
}

/// The expressions that serve as evidence.
fn evidence(rules: &[Rule]) -> BTreeSet<u32> {
    let own =
        rules.iter().flat_map(|rule| rule.require.iter().chain(&rule.support).chain(&rule.against));
    let detectors = rules.iter().flat_map(|rule| &rule.detectors);
    let all = own.chain(detectors.flat_map(|detector| &detector.require));
    all.filter_map(|evidence| match evidence.what {
        What::Pattern(pattern) => Some(pattern),
        _ => None,
    })
    .collect()
}

/// For each expression the cues without any of which it comes to nothing; none where it always may. One that no rule
/// looks for comes to nothing anywhere.
fn needs(rules: &[Rule], count: usize) -> Vec<Option<Vec<Gate>>> {
    let mut needs: Vec<Option<Vec<Gate>>> = vec![Some(Vec::new()); count];
    let mut need = |pattern: u32, gate: Option<Gate>| {
        let Some(own) = needs.get_mut(pattern as usize) else { return };
        match gate {
            Some(gate) => own.iter_mut().for_each(|gates| gates.push(gate)),
            None => *own = None,
        }
    };
    for rule in rules {
        for detector in &rule.detectors {
            if let Some(pattern) = detector.check.pattern() {
                need(pattern, gate(rule.require.iter().chain(&detector.require)));
            }
        }
    }
    needs
}

/// The narrowest of several pieces of evidence that are all needed; none where no list is among them.
fn gate<'a>(needed: impl Iterator<Item = &'a Evidence>) -> Option<Gate> {
    let gates = needed.filter_map(|evidence| match (evidence.what, evidence.reach) {
        (What::List(list), Reach::Row | Reach::Page | Reach::Document) => Some((list, true)),
        (What::List(list), _) => Some((list, false)),
        _ => None,
    });
    gates.min_by_key(|&(_, far)| far)
}

/// The passages of a document, with what their cues open.
pub(super) struct Door<'a> {
    gates: &'a Gates,
    document: &'a Document,
    outline: &'a Outline<'a>,
    lexicon: &'a Lexicon,
    terms: &'a [TermHit],
    /// The present passage, and where its terms begin.
    passage: Option<usize>,
    range: Range<usize>,
    first: usize,
    /// What is open in the present passage; filled in when it is asked for.
    open: Vec<u64>,
    is_known: bool,
    /// What is open in the whole document.
    always: Vec<u64>,
    /// What the heading of a column opens.
    headings: NumberMap<usize, Vec<u64>>,
}

impl<'a> Door<'a> {
    pub(super) fn new(
        gates: &'a Gates,
        outline: &'a Outline<'a>,
        lexicon: &'a Lexicon,
        document: &'a Document,
        terms: &'a [TermHit],
    ) -> Self {
        let mut always = vec![0; gates.words.max(1)];
        set(&mut always, ALWAYS);
        terms
            .iter()
            .filter_map(|hit| gates.opened(hit.term))
            .for_each(|(_, far)| add(&mut always, far));
        Self {
            gates,
            document,
            outline,
            lexicon,
            terms,
            passage: None,
            range: 0..0,
            first: 0,
            open: Vec::new(),
            is_known: false,
            always,
            headings: NumberMap::default(),
        }
    }

    /// Opens what the cues open that stand near the present passage: in it, in the one before, in what heads or names
    /// it.
    fn open(&mut self) {
        self.is_known = true;
        self.open.clone_from(&self.always);
        let Some(passage) = self.passage.and_then(|index| self.document.passage(index)) else {
            self.open.fill(u64::MAX);
            return;
        };
        let before = passage.index().checked_sub(1).and_then(|at| self.document.passage(at));
        let from = before.as_ref().map_or(self.range.start, |before| before.range().start);
        self.seek(from);
        let near = self.terms.iter().skip(self.first);
        for hit in near.take_while(|hit| (hit.start as usize) < self.range.end) {
            if let Some((near, _)) = self.gates.opened(hit.term) {
                add(&mut self.open, near);
            }
        }
        self.open_by_name(&passage);
    }

    /// Moves to the first term that begins at an offset or after it.
    fn seek(&mut self, from: usize) {
        let begins = |at: usize| self.terms.get(at).is_some_and(|hit| (hit.start as usize) < from);
        let before = self.first.checked_sub(1).and_then(|at| self.terms.get(at));
        if before.is_some_and(|hit| hit.start as usize >= from) {
            self.first = self.terms.partition_point(|hit| (hit.start as usize) < from);
        }
        while begins(self.first) {
            self.first += 1;
        }
    }

    fn open_by_name(&mut self, passage: &Passage<'_>) {
        if let Some(heading) = self.outline.column_heading(passage) {
            if !self.headings.contains_key(&heading) {
                let bits = self.of_heading(heading);
                self.headings.insert(heading, bits);
            }
            if let Some(bits) = self.headings.get(&heading) {
                add(&mut self.open, bits);
            }
        } else if let Some(names) = self.outline.names(passage, self.lexicon) {
            for &term in &names.terms {
                if let Some((near, _)) = self.gates.opened(term) {
                    add(&mut self.open, near);
                }
            }
        }
    }

    fn of_heading(&self, heading: usize) -> Vec<u64> {
        let mut bits = vec![0; self.gates.words];
        let Some(passage) = self.document.passage(heading) else { return bits };
        let range = passage.range();
        let first = self.terms.partition_point(|hit| (hit.start as usize) < range.start);
        let own = self.terms.iter().skip(first);
        let own = own.take_while(|hit| (hit.start as usize) < range.end).map(|hit| hit.term);
        let joined = self.outline.joined_heading(heading, self.lexicon);
        let joined = joined.iter().flat_map(|words| words.terms.iter().copied());
        for (near, _) in own.chain(joined).filter_map(|term| self.gates.opened(term)) {
            add(&mut bits, near);
        }
        bits
    }
}

impl Ground for Door<'_> {
    fn enter(&mut self, at: usize) -> Range<usize> {
        if !self.range.contains(&at) {
            let hint = self.passage.unwrap_or(0);
            let passage = self.document.passage_near(hint, at);
            self.range = passage.map_or(0..self.document.text().len(), |passage| passage.range());
            self.passage = passage.map(|passage| passage.index());
            self.is_known = false;
        }
        self.range.clone()
    }

    fn is_open(&mut self, groups: &[u64]) -> bool {
        if groups.first().is_some_and(|first| first & 1 << ALWAYS != 0) {
            return true;
        }
        if !self.is_known {
            self.open();
        }
        groups.iter().zip(&self.open).any(|(groups, open)| groups & open != 0)
    }
}
