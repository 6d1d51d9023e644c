//! From rulesets as written to rules that cannot be wrong. Every problem of every file is told at once.

mod order;

use super::detect::Builder;
use super::diagnostic::{Problem, RulesetError, RulesetProblem};
use super::sources::Source;
use super::spec::{DetectSpec, FileSpec, ListSpec, RuleSpec};
use super::tree::{self, At, Node, Rest};
use super::{RuleInfo, RulesetIdentity};
use crate::analyse::check::VOCABULARY;
use crate::analyse::in_parallel;
use crate::analyse::lexicon::{Letters, Manner};
use crate::analyse::rulebook::Rulebook;
use crate::model::hexadecimal;
use miette::NamedSource;
use order::{apply_overrides, order};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// The only schema there is.
const SCHEMA: &str = "obstat.ruleset/1";
/// The most mistakes that are told in one run.
const MAX_TOLD: usize = 100;
/// The most rules of a run.
const MAX_RULES: usize = 20_000;

/// A file as it was read: each rule by itself, so that a mistake in one does not hide those in others.
pub(crate) struct Pack {
    source: Arc<NamedSource<String>>,
    pub(super) text: String,
    pub(super) file: FileSpec,
    pub(super) folder: Option<std::path::PathBuf>,
    pub(super) is_trusted: bool,
    /// Where the ids of rules stand of which only a part could be read.
    pub(super) spoiled: BTreeSet<usize>,
}

impl Pack {
    /// Whether a part of the rule could not be read: what is missing may be what was taken out.
    pub(super) fn is_spoiled(&self, rule: &RuleSpec) -> bool {
        self.spoiled.contains(&rule.id.span.start)
    }
}

/// Valid rules.
#[derive(Debug, Default)]
pub(crate) struct Compiled {
    pub(crate) rulebook: Rulebook,
    pub(crate) infos: Vec<RuleInfo>,
    pub(crate) identities: Vec<RulesetIdentity>,
    /// Examples and counterexamples by rule, where they were read.
    pub(crate) specs: Vec<RuleSpec>,
}

/// Problems, each with the number of its file.
#[derive(Default)]
pub(super) struct Problems(Vec<(usize, Problem)>);

impl Problems {
    pub(super) fn push(&mut self, pack: usize, problem: Problem) {
        self.0.push((pack, problem));
    }
}

/// Reads and validates rulesets.
pub(crate) fn compile(sources: Vec<Source>) -> Result<Compiled, RulesetError> {
    let mut problems = Problems::default();
    let (mut packs, named) = read_all(sources, &mut problems);
    // Without all files there is no telling what a name in one of them refers to.
    if problems.0.is_empty() || packs.len() == named.len() {
        check_identities(&packs, &mut problems);
        apply_overrides(&mut packs, &mut problems);
        let rulebook = rulebook(&packs, &mut problems)?;
        if problems.0.is_empty() {
            let (infos, identities) = described(&packs);
            let rules = packs.iter().flat_map(|pack| &pack.file.rules);
            let specs = rules.map(|rule| rule.value.clone()).collect();
            return Ok(Compiled { rulebook, infos, identities, specs });
        }
    }
    Err(invalid(problems, &named))
}

/// Rulesets that are known to be valid, read but not compiled: a process that only reports on what others found
/// never needs the rulebook.
pub(crate) struct Draft {
    packs: Vec<Pack>,
    pub(crate) infos: Vec<RuleInfo>,
    pub(crate) identities: Vec<RulesetIdentity>,
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Draft({} packs)", self.packs.len())
    }
}

impl Draft {
    /// Reads rulesets that are known to be valid; none where they are not after all.
    pub(crate) fn read(sources: Vec<Source>) -> Option<Self> {
        let mut problems = Problems::default();
        let (mut packs, _) = read_all(sources, &mut problems);
        check_identities(&packs, &mut problems);
        apply_overrides(&mut packs, &mut problems);
        let (infos, identities) = described(&packs);
        problems.0.is_empty().then_some(Self { packs, infos, identities })
    }

    /// The rules, ready to run; none where they are not valid after all.
    pub(crate) fn rulebook(&self) -> Option<Rulebook> {
        let mut problems = Problems::default();
        let rulebook = rulebook(&self.packs, &mut problems).ok()?;
        problems.0.is_empty().then_some(rulebook)
    }
}

fn read_all(
    sources: Vec<Source>,
    problems: &mut Problems,
) -> (Vec<Pack>, Vec<Arc<NamedSource<String>>>) {
    let read = |source: Source| {
        let shown = Arc::new(NamedSource::new(source.name.clone(), source.text.clone()));
        let mut found = Vec::new();
        let pack = read_parts(&source, Arc::clone(&shown), &mut found);
        (shown, pack, found)
    };
    // Files from elsewhere may be made to hurt: they get the stack of this thread.
    let files: Vec<_> = if sources.iter().all(|source| source.is_trusted) {
        in_parallel(sources, read)
    } else {
        sources.into_iter().map(read).collect()
    };
    let (mut named, mut packs) = (Vec::new(), Vec::new());
    for (number, (shown, pack, found)) in files.into_iter().enumerate() {
        for problem in found {
            problems.push(number, problem);
        }
        named.push(shown);
        packs.extend(pack);
    }
    (packs, named)
}

fn invalid(mut problems: Problems, named: &[Arc<NamedSource<String>>]) -> RulesetError {
    problems.0.sort_by_key(|(pack, problem)| (*pack, problem.span().start, problem.span().end));
    problems.0.dedup();
    let count = problems.0.len();
    let problems = problems
        .0
        .into_iter()
        .take(MAX_TOLD)
        .filter_map(|(pack, problem)| Some(RulesetProblem::new(named.get(pack)?, problem)))
        .collect();
    RulesetError::Invalid { problems, count }
}

fn read_parts(
    source: &Source,
    shown: Arc<NamedSource<String>>,
    problems: &mut Vec<Problem>,
) -> Option<Pack> {
    let mut root = tree::parse(&source.text).map_err(|problem| problems.push(problem)).ok()?;
    let too_new = version_problem(&root);
    if let Some(problem) = too_new {
        problems.push(problem);
        return None;
    }
    let rules = root.take("rules").and_then(Node::into_items).unwrap_or_default();
    let before = problems.len();
    let file: Option<FileSpec> = root.read(problems);
    let mut spoiled = BTreeSet::new();
    let mut rule = |node: Node| {
        let Rest { value, is_spoiled }: Rest<At<RuleSpec>> = node.read_rest(problems)?;
        if is_spoiled {
            spoiled.insert(value.id.span.start);
        }
        Some(value)
    };
    let rules: Vec<At<RuleSpec>> = rules.into_iter().filter_map(&mut rule).collect();
    let mut file = file.filter(|_| problems.len() == before || !rules.is_empty())?;
    file.rules = rules;
    Some(Pack {
        source: shown,
        text: source.text.clone(),
        file,
        folder: source.folder.clone(),
        is_trusted: source.is_trusted,
        spoiled,
    })
}

/// The schema and the needed version come before all else: a newer ruleset should say so, not "unknown key".
fn version_problem(root: &Node) -> Option<Problem> {
    match root.text("schema") {
        Some((SCHEMA, _)) | None => {}
        Some((other, span)) => {
            return Some(
                Problem::new(span, format!("`{other}` is no schema that this obstat knows"))
                    .help(format!("write `schema: {SCHEMA}`, or use a newer obstat")),
            );
        }
    }
    let (requires, span) = root.inner("pack")?.text("requires")?;
    let own = semver::Version::parse(env!("CARGO_PKG_VERSION")).ok()?;
    match semver::VersionReq::parse(requires) {
        Ok(range) if range.matches(&own) => None,
        Ok(_) => Some(
            Problem::new(span, format!("this pack needs obstat {requires}; this is {own}"))
                .help("use a newer obstat, or an older version of the pack"),
        ),
        Err(_) => {
            Some(Problem::new(span, "this is no range of versions").help("write it like `>=0.1`"))
        }
    }
}

fn rulebook(packs: &[Pack], problems: &mut Problems) -> Result<Rulebook, RulesetError> {
    let order = order(packs, problems);
    let mut builder = Builder::new(packs);
    builder.rulebook.vocabulary = vocabulary(packs, &mut builder);
    for &(pack, rule) in &order {
        builder.rule(pack, rule, problems);
    }
    let mut rulebook = builder.rulebook;
    rulebook.seal().map_err(|reason| RulesetError::TooMany { reason })?;
    Ok(rulebook)
}

/// What reports need to know of rules and packs.
fn described(packs: &[Pack]) -> (Vec<RuleInfo>, Vec<RulesetIdentity>) {
    let identities = packs.iter().map(|pack| identity(pack, packs)).collect();
    let rules = packs.iter().flat_map(|pack| pack.file.rules.iter().map(move |rule| (pack, rule)));
    let mut infos: Vec<RuleInfo> = rules.map(|(pack, rule)| info(rule, pack, packs)).collect();
    infos.sort_by(|a, b| a.id.cmp(&b.id));
    (infos, identities)
}

/// The list of all words that markings are made of.
fn vocabulary(packs: &[Pack], builder: &mut Builder<'_>) -> u32 {
    let lexicon = &mut builder.rulebook.engine.lexicon;
    let list = lexicon.list();
    let manner = Manner { letters: Letters::Upper, ..Manner::default() };
    let mut next = 0;
    let mut add = |term: &str, manner: Manner| {
        lexicon.insert(list, next, term, manner);
        next += 1;
    };
    for term in VOCABULARY {
        add(term, manner);
    }
    for rule in packs.iter().flat_map(|pack| &pack.file.rules) {
        for detect in &rule.detect {
            if let DetectSpec::Mark(mark) = &detect.value {
                for term in &mark.terms {
                    add(term, Manner::default());
                }
            }
        }
    }
    list
}

/// Ids and versions: well formed, and each once.
fn check_identities(packs: &[Pack], problems: &mut Problems) {
    let mut known: BTreeMap<&str, (&Pack, usize)> = BTreeMap::new();
    let mut count = 0;
    for (number, pack) in packs.iter().enumerate() {
        if semver::Version::parse(&pack.file.pack.version).is_err() {
            let problem = Problem::new(pack.file.pack.version.span.clone(), "this is no version");
            problems.push(number, problem.help("write three numbers, as in `1.0.0`"));
        }
        for rule in &pack.file.rules {
            count += 1;
            let id = &rule.id;
            if !is_id(id) {
                let problem =
                    Problem::new(id.span.clone(), format!("`{}` is no rule id", id.value));
                problems.push(number, problem.help("write `theme.noun-phrase` in small letters"));
            }
            if let Some(&(first, at)) = known.get(id.as_str()) {
                let (file, line) = (first.source.name(), line(&first.text, at));
                let problem =
                    Problem::new(id.span.clone(), format!("the id `{}` is taken", id.value));
                problems.push(number, problem.help(format!("it was first used in {file}, line {line}; choose another id here, or use `overrides` to change that rule")));
            } else {
                known.insert(id.as_str(), (pack, id.span.start));
            }
            if !pack.is_trusted && !pack.is_spoiled(rule) {
                check_examples(number, rule, problems);
            }
        }
    }
    if count > MAX_RULES {
        let problem =
            Problem::new(0..0, format!("there are {count} rules; {MAX_RULES} is the most"));
        problems.push(0, problem.help("use fewer rulesets at once"));
    }
}

/// The line of a file that an offset stands in, from 1.
fn line(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or_default().matches('\n').count() + 1
}

fn check_examples(number: usize, rule: &RuleSpec, problems: &mut Problems) {
    let span = || rule.id.span.clone();
    let needed =
        "a rule carries its proof: what it must find, with `⟦` and `⟧` around it, and a near miss";
    let elsewhere = |detect: &At<DetectSpec>| {
        matches!(detect.value, DetectSpec::Manifest(_) | DetectSpec::Hashed(_))
    };
    if rule.detect.iter().all(elsewhere) {
        return;
    }
    if rule.examples.is_empty() && !rule.detect.iter().any(elsewhere) {
        let problem = Problem::new(span(), format!("`{}` has no example", rule.id.value));
        problems.push(number, problem.help(format!("add `examples:`; {needed}")));
    }
    if rule.counterexamples.is_empty() {
        let problem = Problem::new(span(), format!("`{}` has no counterexample", rule.id.value));
        problems.push(number, problem.help(format!("add `counterexamples:`; {needed}")));
    }
    for example in &rule.examples {
        let (open, close) = (example.text.matches('⟦').count(), example.text.matches('⟧').count());
        if open == 0 || open != close {
            let problem =
                Problem::new(example.span.clone(), "the example does not say what is to be found");
            problems.push(number, problem.help("put the expected finding between `⟦` and `⟧`"));
        }
    }
}

fn is_id(id: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            && !word.starts_with('-')
            && !word.ends_with('-')
    };
    id.contains('.') && id.len() <= 80 && id.split('.').all(is_word)
}

/// Packs that a pack sees: itself, and what it extends, to any depth.
pub(super) fn visible(number: usize, packs: &[Pack]) -> Vec<usize> {
    let mut seen = vec![number];
    let mut at = 0;
    while let Some(pack) = seen.get(at).and_then(|&number| packs.get(number)) {
        for name in &pack.file.pack.extends {
            let found = packs.iter().position(|other| other.file.pack.id.value == name.value);
            if let Some(found) = found.filter(|found| !seen.contains(found)) {
                seen.push(found);
            }
        }
        at += 1;
    }
    seen
}

/// A list that a pack may use, and the pack that it stands in.
pub(super) fn list<'a>(
    number: usize,
    name: &str,
    packs: &'a [Pack],
) -> Option<(usize, &'a At<ListSpec>)> {
    visible(number, packs)
        .into_iter()
        .find_map(|number| packs.get(number)?.file.lists.get(name).map(|list| (number, list)))
}

fn info(rule: &RuleSpec, pack: &Pack, packs: &[Pack]) -> RuleInfo {
    let number = packs.iter().position(|other| std::ptr::eq(other, pack)).unwrap_or_default();
    let cited: Vec<String> = rule
        .cite
        .iter()
        .filter_map(|cite| {
            let title = authority(number, &cite.doc, packs)?;
            Some(match &cite.section {
                Some(section) => format!("{title}, {section}"),
                None => title.to_owned(),
            })
        })
        .collect();
    RuleInfo {
        id: rule.id.value.clone(),
        title: rule.title.clone(),
        level: rule.level,
        confidence: rule.confidence,
        message: plain(&rule.message),
        why: rule.why.trim().to_owned(),
        help: rule.help.trim().to_owned(),
        citation: cited.join("; "),
    }
}

/// A message without its fields, for places where no hit fills them in.
fn plain(message: &str) -> String {
    message
        .replace("{term}", "the marking")
        .replace("{part}", "the document")
        .replace(['{', '}'], "")
}

/// The title of a document that a pack may cite.
pub(super) fn authority<'a>(number: usize, name: &str, packs: &'a [Pack]) -> Option<&'a str> {
    visible(number, packs)
        .into_iter()
        .find_map(|number| packs.get(number)?.file.pack.authorities.get(name))
        .map(|authority| authority.title.as_str())
}

/// The digest covers what decides about findings: lists, rules and overrides as they were resolved, not examples.
fn identity(pack: &Pack, packs: &[Pack]) -> RulesetIdentity {
    let number = packs.iter().position(|other| std::ptr::eq(other, pack)).unwrap_or_default();
    let mut hasher = Sha256::new();
    for number in visible(number, packs) {
        if let Some(pack) = packs.get(number) {
            hasher.update(serde_json::to_vec(&pack.file.lists).unwrap_or_default());
        }
    }
    hasher.update(serde_json::to_vec(&pack.file).unwrap_or_default());
    let digest = format!("sha256:{}", hexadecimal(&hasher.finalize()));
    RulesetIdentity {
        name: pack.file.pack.id.value.clone(),
        version: pack.file.pack.version.value.clone(),
        digest,
    }
}

/// `span` of the value at `at`, as bytes of the file.
pub(super) fn inside(pack: &Pack, at: &At<String>, span: &Range<usize>) -> Range<usize> {
    super::scalar::locate(&pack.text, &at.span, &at.value, span)
}

#[cfg(test)]
mod tests;
