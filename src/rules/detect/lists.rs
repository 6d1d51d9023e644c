//! Lists of terms: written in place, named, in files.

use super::One;
use crate::analyse::lexicon::{DEFAULT_GAP, Letters, MAX_GAP, MIN_STEM, Manner};
use crate::rules::compile::list;
use crate::rules::diagnostic::{Problem, suggestion_or};
use crate::rules::dictionary;
use crate::rules::spec::{Case, ListSpec};
use crate::rules::tree::At;
use std::sync::Arc;

/// How deep lists may name other lists.
const MAX_LIST_DEPTH: usize = 8;
/// The most terms of one list.
const MAX_TERMS: usize = 1_000_000;
/// Lists up to this length are kept for messages that name the term.
const MAX_NAMED_TERMS: usize = 10_000;

/// A list as it was asked for: pack, name and changes.
type ListKey = (usize, String, Option<Case>, Option<u32>, Option<bool>);

impl One<'_, '_> {
    /// A list of its own for terms that are written in place.
    pub(super) fn inline(&mut self, terms: &[At<String>], manner: Manner) -> (u32, Vec<Arc<str>>) {
        let list = self.builder.rulebook.engine.lexicon.list();
        let mut names = Vec::new();
        let mut pending: Vec<(usize, At<String>, Manner)> = Vec::new();
        pending.extend(terms.iter().map(|term| (self.pack, term.clone(), manner)));
        self.fill(list, &pending, &mut names);
        (list, names)
    }

    fn fill(
        &mut self,
        list: u32,
        terms: &[(usize, At<String>, Manner)],
        names: &mut Vec<Arc<str>>,
    ) {
        for (number, (pack, term, manner)) in terms.iter().enumerate() {
            if let Some(problem) = term_problem(term) {
                self.problems.push(*pack, problem);
                continue;
            }
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            self.builder.rulebook.engine.lexicon.insert(list, number, term, *manner);
        }
        if terms.len() <= MAX_NAMED_TERMS {
            names.extend(terms.iter().map(|(_, term, _)| Arc::from(term.as_str())));
        }
    }

    pub(super) fn list(
        &mut self,
        name: &At<String>,
        case: Option<Case>,
        gap: Option<u32>,
        plural: Option<bool>,
    ) -> Option<(u32, Vec<Arc<str>>)> {
        let Some((pack, _)) = list(self.pack, name, self.builder.packs) else {
            self.unknown_list(name);
            return None;
        };
        let key: ListKey = (pack, name.value.clone(), case, gap, plural);
        let key = format!("{key:?}");
        if let Some(known) = self.builder.lists.get(&key) {
            return Some(known.clone());
        }
        let mut terms = Vec::new();
        self.collect(self.pack, name, MAX_LIST_DEPTH, &mut terms);
        for (_, _, manner) in &mut terms {
            manner.letters = case.map_or(manner.letters, letters);
            manner.gap = gap.unwrap_or(manner.gap);
            manner.plural = plural.unwrap_or(manner.plural);
        }
        let list = self.builder.rulebook.engine.lexicon.list();
        let mut names = Vec::new();
        self.fill(list, &terms, &mut names);
        self.builder.lists.insert(key, (list, names.clone()));
        Some((list, names))
    }

    fn unknown_list(&mut self, name: &At<String>) {
        let known: Vec<&str> = self.file.file.lists.keys().map(String::as_str).collect();
        let problem = Problem::new(name.span.clone(), format!("there is no list `{}`", name.value));
        let otherwise = "write it under `lists:`, or name the pack that has it in `extends`";
        self.problem(problem.help(suggestion_or(name, &known, otherwise)));
    }

    /// All terms of a list and of those that it names.
    fn collect(
        &mut self,
        pack: usize,
        name: &At<String>,
        depth: usize,
        terms: &mut Vec<(usize, At<String>, Manner)>,
    ) {
        let Some((home, spec)) = list(pack, name, self.builder.packs) else {
            self.unknown_list(name);
            return;
        };
        let manner = manner(spec);
        terms.extend(spec.terms.iter().map(|term| (home, term.clone(), manner)));
        if let Some(file) = &spec.file {
            self.collect_file(home, spec, file, manner, terms);
        }
        for other in &spec.lists {
            if depth == 0 {
                let problem = Problem::new(
                    other.span.clone(),
                    "lists name one another too deep, or in a circle",
                );
                self.problems.push(home, problem.help("write the terms out in one of them"));
                return;
            }
            self.collect(home, other, depth - 1, terms);
        }
    }

    fn collect_file(
        &mut self,
        home: usize,
        spec: &At<ListSpec>,
        file: &At<String>,
        manner: Manner,
        terms: &mut Vec<(usize, At<String>, Manner)>,
    ) {
        let Some(pack) = self.builder.packs.get(home) else { return };
        match dictionary::read(pack.folder.as_deref(), file, spec.sha256.as_ref()) {
            Ok(lines) if terms.len() + lines.len() <= MAX_TERMS => {
                let span = &file.span;
                terms.extend(
                    lines
                        .into_iter()
                        .map(|line| (home, At { value: line, span: span.clone() }, manner)),
                );
            }
            Ok(_) => {
                let problem = Problem::new(
                    file.span.clone(),
                    format!("a list has at most {MAX_TERMS} terms"),
                );
                self.problems.push(home, problem.help("split it over several lists and rules"));
            }
            Err(problem) => self.problems.push(home, problem),
        }
    }
}

fn term_problem(term: &At<String>) -> Option<Problem> {
    let problem = |text: &str| Problem::new(term.span.clone(), text);
    if !term.chars().any(char::is_alphanumeric) {
        return Some(problem("a term needs a letter or digit").help("use a regex for signs alone"));
    }
    if term.len() > 300 {
        return Some(problem("a term has at most 300 bytes").help("use the words that matter"));
    }
    let stem = term.find('*').map(|at| {
        let before = term.get(..at).unwrap_or_default();
        before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().len()
    });
    let first_word_is_open = term
        .find('*')
        .is_some_and(|at| term.get(..at).unwrap_or_default().chars().all(char::is_alphanumeric));
    (first_word_is_open && stem.is_some_and(|stem| stem < MIN_STEM)).then(|| {
        problem("an open first word needs four letters or more before the `*`")
            .help("write the words out")
    })
}

pub(super) fn manner(spec: &ListSpec) -> Manner {
    Manner {
        letters: spec.case.map_or(Letters::Any, letters),
        gap: spec.gap.as_ref().map_or(DEFAULT_GAP, |gap| gap.value.min(MAX_GAP)),
        plural: spec.plural.unwrap_or_default(),
    }
}

fn letters(case: Case) -> Letters {
    match case {
        Case::Ignore => Letters::Any,
        Case::Exact => Letters::Exact,
        Case::Upper => Letters::Upper,
        Case::Initial => Letters::Initial,
    }
}
