//! From rulesets as written to rules that cannot be wrong. Every problem of every file is told at once.

use super::detect::Builder;
use super::diagnostic::{Problem, RulesetError, RulesetProblem, suggestion};
use super::sources::Source;
use super::spec::{DetectSpec, EvidenceSpec, FileSpec, ListSpec, OverrideSpec, RuleSpec};
use super::tree::{self, At, Node};
use super::{RuleInfo, RulesetIdentity};
use crate::analyse::check::VOCABULARY;
use crate::analyse::lexicon::{Letters, Manner};
use crate::analyse::rulebook::Rulebook;
use miette::NamedSource;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

/// The only schema there is.
const SCHEMA: &str = "obstat.ruleset/1";
/// The most rules of a run.
const MAX_RULES: usize = 20_000;

/// A file as it was read: each rule by itself, so that a mistake in one does not hide those in others.
pub(crate) struct Pack {
    source: Arc<NamedSource<String>>,
    pub(super) text: String,
    pub(super) file: FileSpec,
    pub(super) folder: Option<std::path::PathBuf>,
    is_trusted: bool,
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
    let mut named = Vec::new();
    let mut packs = Vec::new();
    for (number, source) in sources.into_iter().enumerate() {
        let shown = Arc::new(NamedSource::new(source.name.clone(), source.text.clone()));
        named.push(Arc::clone(&shown));
        if let Some(pack) = read(number, &source, shown, &mut problems) {
            packs.push(pack);
        }
    }
    // Without all files there is no telling what a name in one of them refers to.
    if problems.0.is_empty() || packs.len() == named.len() {
        let compiled = build(&mut packs, &mut problems)?;
        if problems.0.is_empty() {
            return Ok(compiled);
        }
    }
    Err(invalid(problems, &named))
}

fn invalid(mut problems: Problems, named: &[Arc<NamedSource<String>>]) -> RulesetError {
    problems.0.sort_by_key(|(pack, problem)| (*pack, problem.span().start, problem.span().end));
    problems.0.dedup();
    let problems = problems
        .0
        .into_iter()
        .filter_map(|(pack, problem)| Some(RulesetProblem::new(named.get(pack)?, problem)))
        .collect();
    RulesetError::Invalid { problems }
}

fn read(
    number: usize,
    source: &Source,
    shown: Arc<NamedSource<String>>,
    problems: &mut Problems,
) -> Option<Pack> {
    let mut found = Vec::new();
    let pack = read_parts(source, shown, &mut found);
    for problem in found {
        problems.push(number, problem);
    }
    pack
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
    let rules: Vec<At<RuleSpec>> =
        rules.into_iter().filter_map(|node| node.read(problems)).collect();
    let mut file = file.filter(|_| problems.len() == before || !rules.is_empty())?;
    file.rules = rules;
    Some(Pack {
        source: shown,
        text: source.text.clone(),
        file,
        folder: source.folder.clone(),
        is_trusted: source.is_trusted,
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

fn build(packs: &mut [Pack], problems: &mut Problems) -> Result<Compiled, RulesetError> {
    check_identities(packs, problems);
    apply_overrides(packs, problems);
    let order = order(packs, problems);
    let mut builder = Builder::new(packs);
    builder.rulebook.vocabulary = vocabulary(packs, &mut builder);
    for &(pack, rule) in &order {
        builder.rule(pack, rule, problems);
    }
    let mut rulebook = builder.rulebook;
    rulebook.engine.seal().map_err(|reason| RulesetError::TooMany { reason })?;
    let identities = packs.iter().map(|pack| identity(pack, packs)).collect();
    let mut infos: Vec<RuleInfo> = Vec::new();
    let mut specs = Vec::new();
    for pack in packs.iter() {
        infos.extend(pack.file.rules.iter().map(|rule| info(rule, pack, packs)));
        specs.extend(pack.file.rules.iter().map(|rule| rule.value.clone()));
    }
    infos.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(Compiled { rulebook, infos, identities, specs })
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
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
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
            if let Some(file) = known.insert(id.as_str(), pack.source.name()) {
                let problem =
                    Problem::new(id.span.clone(), format!("the id `{}` is taken", id.value));
                problems.push(number, problem.help(format!("it was first used in {file}; choose another, or use `overrides` to change that rule")));
            }
            if !pack.is_trusted {
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

fn check_examples(number: usize, rule: &RuleSpec, problems: &mut Problems) {
    let span = || rule.id.span.clone();
    let needed =
        "a rule carries its proof: what it must find, with `⟦` and `⟧` around it, and a near miss";
    let elsewhere = |detect: &At<DetectSpec>| matches!(detect.value, DetectSpec::Manifest(_));
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

fn apply_overrides(packs: &mut [Pack], problems: &mut Problems) {
    let all: Vec<(usize, OverrideSpec)> = packs
        .iter()
        .enumerate()
        .flat_map(|(number, pack)| {
            pack.file.overrides.iter().map(move |change| (number, change.value.clone()))
        })
        .collect();
    for (number, change) in all {
        if change.reason.trim().is_empty() {
            let problem = Problem::new(change.reason.span.clone(), "an override needs a reason");
            problems.push(number, problem.help("say why; the reason stands in every report"));
        }
        let mut known = false;
        for pack in packs.iter_mut() {
            known |= pack.file.rules.iter().any(|rule| rule.id.value == change.rule.value);
            if change.disable {
                pack.file.rules.retain(|rule| rule.id.value != change.rule.value);
            }
            for rule in pack.file.rules.iter_mut().filter(|rule| rule.id.value == change.rule.value)
            {
                let rule = &mut rule.value;
                rule.level = change.level.unwrap_or(rule.level);
                rule.confidence = change.confidence.unwrap_or(rule.confidence);
                rule.place = change.place.clone().or(rule.place.take());
            }
        }
        if !known {
            let problem = Problem::new(
                change.rule.span.clone(),
                format!("there is no rule `{}`", change.rule.value),
            );
            problems.push(number, problem.help("name a rule of a pack in `extends`, or of this file; `obstat rules list` shows all"));
        }
    }
}

/// Rules in an order in which none needs the hits of a later one.
fn order(packs: &[Pack], problems: &mut Problems) -> Vec<(usize, usize)> {
    let all: Vec<(usize, usize, &RuleSpec)> = packs
        .iter()
        .enumerate()
        .flat_map(|(pack, file)| {
            file.file.rules.iter().enumerate().map(move |(rule, spec)| (pack, rule, &spec.value))
        })
        .collect();
    let by_id: BTreeMap<&str, usize> =
        all.iter().enumerate().map(|(at, (_, _, spec))| (spec.id.as_str(), at)).collect();
    let needs: Vec<Vec<usize>> = all
        .iter()
        .map(|(pack, _, spec)| {
            let mut needed = Vec::new();
            for evidence in evidence(spec) {
                let Some(rule) = &evidence.rule else { continue };
                match by_id.get(rule.as_str()) {
                    Some(&at) => needed.push(at),
                    None => problems.push(*pack, unknown_rule(rule, by_id.keys())),
                }
            }
            needed
        })
        .collect();
    let mut placed: BTreeSet<usize> = BTreeSet::new();
    let mut order = Vec::new();
    loop {
        let ready = |at: &usize| {
            !placed.contains(at)
                && needs.get(*at).is_none_or(|needs| needs.iter().all(|need| placed.contains(need)))
        };
        let next: Vec<usize> = (0..all.len()).filter(ready).collect();
        if next.is_empty() {
            break;
        }
        placed.extend(next.iter().copied());
        order
            .extend(next.iter().filter_map(|&at| all.get(at)).map(|&(pack, rule, _)| (pack, rule)));
    }
    for (at, (pack, _, spec)) in all.iter().enumerate() {
        if !placed.contains(&at) {
            let problem = Problem::new(
                spec.id.span.clone(),
                "rules need one another in a circle as evidence",
            );
            problems.push(*pack, problem.help("take `rule:` out of the evidence of one of them"));
        }
    }
    order
}

fn unknown_rule<'a>(rule: &At<String>, known: impl Iterator<Item = &'a &'a str>) -> Problem {
    let known: Vec<&str> = known.copied().collect();
    let near = suggestion(&rule.value, &known);
    let help = near.split(" Allowed").next().unwrap_or_default().to_owned();
    Problem::new(rule.span.clone(), format!("there is no rule `{}`", rule.value)).help(
        if near.starts_with("did") { help } else { "`obstat rules list` shows all".to_owned() },
    )
}

/// All evidence of a rule, its detectors' included.
fn evidence(spec: &RuleSpec) -> impl Iterator<Item = &At<EvidenceSpec>> {
    let own = spec.require.iter().chain(&spec.support).chain(&spec.against);
    own.chain(spec.detect.iter().flat_map(|detect| detect.value.require()))
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
    let digest = hasher.finalize().iter().fold("sha256:".to_owned(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    });
    let PackIdentity { name, version } = PackIdentity::of(pack);
    RulesetIdentity { name, version, digest }
}

struct PackIdentity {
    name: String,
    version: String,
}

impl PackIdentity {
    fn of(pack: &Pack) -> Self {
        Self {
            name: pack.file.pack.id.value.clone(),
            version: pack.file.pack.version.value.clone(),
        }
    }
}

/// `span` of the value at `at`, as bytes of the file.
pub(super) fn inside(pack: &Pack, at: &At<String>, span: &Range<usize>) -> Range<usize> {
    super::scalar::locate(&pack.text, &at.span, &at.value, span)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source { name: "x.yaml".to_owned(), text: text.to_owned(), folder: None, is_trusted: false }
    }

    fn rule(body: &str) -> String {
        format!(
            "schema: obstat.ruleset/1\npack: {{ id: x, version: 1.0.0, title: t, authorities: {{ a: {{ title: A, edition: e }} }} }}\n\
             lists: {{ cues: {{ terms: [ssn] }} }}\nrules:\n  - id: x.y\n    title: t\n    level: error\n    confidence: high\n    \
             cite: [{{ doc: a }}]\n    why: w\n    help: h\n{body}"
        )
    }

    const DETECT: &str = "    message: m\n    detect: [{ regex: { pattern: 'ab' } }]\n";
    const PROOF: &str = "    examples: ['⟦ab⟧']\n    counterexamples: [b]\n";

    fn told(text: &str) -> Vec<(String, String)> {
        match compile(vec![source(text)]) {
            Err(RulesetError::Invalid { problems }) => problems
                .iter()
                .map(|problem| (problem.to_string(), text.get(problem.span()).unwrap().to_owned()))
                .collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_rule_without_mistakes_compiles() {
        let compiled = compile(vec![source(&rule(&format!("{DETECT}{PROOF}")))]).unwrap();
        assert_eq!(compiled.rulebook.rules.len(), 1);
        assert_eq!(compiled.infos[0].citation, "A");
        assert!(compiled.identities[0].digest.starts_with("sha256:"));
    }

    #[test]
    fn each_mistake_is_told_at_its_place() {
        let detect = |detect: &str| format!("    message: m\n    detect: [{detect}]\n{PROOF}");
        let evidence = |evidence: &str| format!("{DETECT}{PROOF}    support: [{evidence}]\n");
        for (body, message, place) in [
            (detect("{ regex: { pattern: 'a''(b' } }"), "unclosed group", "("),
            (detect("{ regex: { pattern: \"\\\\d+x\" } }"), "this has no upper bound", "\\\\d+"),
            (detect("{ regex: { pattern: ab, capture: n } }"), "the pattern has no group `n`", "n"),
            (
                detect("{ regex: { pattern: ab, validate: [lun] } }"),
                "there is no validator `lun`",
                "lun",
            ),
            (detect("{ phrases: { list: cuse } }"), "there is no list `cuse`", "cuse"),
            (detect("{ phrases: { terms: ['##'] } }"), "a term needs a letter or digit", "'##'"),
            (
                detect("{ grammar: { name: cui, outcome: baner } }"),
                "the grammar has no outcome `baner`",
                "baner",
            ),
            (detect(""), "the rule looks for nothing", "x.y"),
            (
                format!(
                    "    message: 'the {{match}}'\n    detect: [{{ regex: {{ pattern: ab }} }}]\n{PROOF}"
                ),
                "a message has no field `{match}`",
                "{match}",
            ),
            (format!("{DETECT}    counterexamples: [b]\n"), "`x.y` has no example", "x.y"),
            (format!("{DETECT}    examples: ['⟦ab⟧']\n"), "`x.y` has no counterexample", "x.y"),
            (
                format!("{DETECT}    examples: [ab]\n    counterexamples: [b]\n"),
                "the example does not say what is to be found",
                "ab",
            ),
            (evidence("{ list: cues }"), "evidence needs one of `words`, `chars`, `within`", "{"),
            (
                evidence("{ list: cues, regex: a, words: 3 }"),
                "evidence is exactly one of `phrases`, `list`, `regex`, `rule`, `series`",
                "{",
            ),
            (evidence("{ rule: x.z, words: 3 }"), "there is no rule `x.z`", "x.z"),
            (
                evidence("{ rule: x.y, words: 3 }"),
                "rules need one another in a circle as evidence",
                "x.y",
            ),
            (format!("{DETECT}{PROOF}  - id: x.y\n"), "`title` is missing", "id"),
        ] {
            let text = rule(&body);
            let found = told(&text);
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(found[0].0, message);
            assert!(found[0].1.starts_with(place.trim_end()), "{message}: {:?}", found[0].1);
        }
    }

    #[test]
    fn a_newer_pack_says_so_before_its_new_keys_are_unknown() {
        let text = "schema: obstat.ruleset/1\npack: { id: x, version: 1.0.0, title: t, requires: '>=99', colour: red }\n";
        let found = told(text);
        assert_eq!(found.len(), 1);
        assert!(found[0].0.starts_with("this pack needs obstat >=99"), "{found:?}");
    }

    #[test]
    fn overrides_change_rules_and_the_digest_and_need_a_reason() {
        let plain = rule(&format!("{DETECT}{PROOF}"));
        let changed = format!("{plain}overrides: [{{ rule: x.y, level: note, reason: ours }}]\n");
        let (a, b) =
            (compile(vec![source(&plain)]).unwrap(), compile(vec![source(&changed)]).unwrap());
        assert_eq!(b.infos[0].level, crate::model::Level::Note);
        assert_ne!(a.identities[0].digest, b.identities[0].digest);
        let bare = format!("{plain}overrides: [{{ rule: x.z, level: note, reason: ' ' }}]\n");
        assert_eq!(told(&bare).len(), 2);
    }

    #[test]
    fn hostile_rulesets_end_soon_with_a_diagnostic() {
        let start = std::time::Instant::now();
        let huge = rule(&format!(
            "    message: m\n    detect: [{{ regex: {{ pattern: '{}' }} }}]\n{PROOF}",
            "ab|".repeat(300_000)
        ));
        assert!(told(&huge)[0].0.contains("longer than"));
        let nested = rule(&format!(
            "    message: m\n    detect: [{{ regex: {{ pattern: '{}a{}' }} }}]\n{PROOF}",
            "(".repeat(3000),
            ")".repeat(3000)
        ));
        assert_eq!(told(&nested).len(), 1);
        let deep = format!("schema: {}x{}", "[".repeat(5000), "]".repeat(5000));
        assert!(compile(vec![source(&deep)]).is_err());
        let many: String = (0..4_000).map(|n| format!("  - id: x.y{n}\n    titel: t\n")).collect();
        assert!(
            compile(vec![source(&format!("schema: obstat.ruleset/1\nrules:\n{many}"))]).is_err()
        );
        assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    }
}
