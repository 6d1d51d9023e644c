//! Rules, one by one: detectors, evidence and filters as written become those that run.

use super::compile::{Pack, Problems, authority, inside, list};
use super::diagnostic::{Problem, suggestion};
use super::spec::{
    self, BlockKind, Case, DetectSpec, EvidenceSpec, GrammarSpec, Group, LabelSpec, ListSpec,
    MarkName, MarkPosition, MarkSpec, PhrasesSpec, RegexSpec, RuleSpec, Side, StructureSpec,
    WhereSpec, Within, XmlSpec,
};
use super::tree::At;
use crate::analyse::check::{
    Check, ExemptMark, GRAMMARS, GrammarCheck, Label, Mark, Phrases, Position, Regex, Structure,
    Xml,
};
use crate::analyse::evidence::{Beside, Evidence, Reach, What};
use crate::analyse::lexicon::{DEFAULT_GAP, Letters, MAX_GAP, MIN_STEM, Manner};
use crate::analyse::pattern::{Flavour, Pattern, PatternError};
use crate::analyse::rulebook::{Detector, Filter, Grouping, Rule, Rulebook, Series};
use crate::analyse::validate::{VALIDATORS, Validator};
use crate::model::{Block, Confidence};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Fields that a message may hold.
const FIELDS: &[&str] = &["part", "page", "visibility", "term", "scope", "status"];
/// How deep lists may name other lists.
const MAX_LIST_DEPTH: usize = 8;
/// The most terms of one list.
const MAX_TERMS: usize = 1_000_000;
/// Lists up to this length are kept for messages that name the term.
const MAX_NAMED_TERMS: usize = 10_000;
/// The farthest that evidence may stand, in words or characters.
const MAX_DISTANCE: u32 = 1_000;

/// A list as it was asked for: pack, name and changes.
type ListKey = (usize, String, Option<Case>, Option<u32>, Option<bool>);

/// Builds the rulebook.
pub(super) struct Builder<'a> {
    packs: &'a [Pack],
    pub(super) rulebook: Rulebook,
    lists: BTreeMap<String, (u32, Vec<Arc<str>>)>,
    families: Vec<String>,
    numbers: BTreeMap<String, u32>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(packs: &'a [Pack]) -> Self {
        Self {
            packs,
            rulebook: Rulebook::default(),
            lists: BTreeMap::new(),
            families: Vec::new(),
            numbers: BTreeMap::new(),
        }
    }

    /// Adds a rule to the rulebook.
    pub(super) fn rule(&mut self, pack: usize, rule: usize, problems: &mut Problems) {
        let packs = self.packs;
        let Some(file) = packs.get(pack) else { return };
        let Some(spec) = file.file.rules.get(rule) else { return };
        let mut one = One { builder: self, pack, file, problems };
        let rule = one.rule(spec);
        let number = u32::try_from(self.rulebook.rules.len()).unwrap_or(u32::MAX);
        self.numbers.insert(spec.id.value.clone(), number);
        self.rulebook.rules.push(rule);
    }
}

/// One rule being built.
struct One<'b, 'a> {
    builder: &'b mut Builder<'a>,
    pack: usize,
    file: &'a Pack,
    problems: &'b mut Problems,
}

impl One<'_, '_> {
    fn problem(&mut self, problem: Problem) {
        self.problems.push(self.pack, problem);
    }

    fn rule(&mut self, spec: &RuleSpec) -> Rule {
        self.check_words(spec);
        if spec.detect.is_empty() {
            let problem = Problem::new(spec.id.span.clone(), "the rule looks for nothing");
            self.problem(problem.help("add something to `detect`"));
        }
        let series = spec.against.iter().find_map(|evidence| {
            let least = evidence.series.as_ref()?.value as usize;
            Some(Series { least, confidence: evidence.confidence.unwrap_or(Confidence::Candidate) })
        });
        Rule {
            id: spec.id.value.clone(),
            confidence: spec.confidence,
            filter: spec.place.as_ref().map(filter).unwrap_or_default(),
            detectors: spec.detect.iter().filter_map(|detect| self.detector(detect)).collect(),
            validators: self.validators(&spec.validate),
            require: self.evidence(&spec.require, false),
            support: self.evidence(&spec.support, false),
            against: self.evidence(&spec.against, true),
            series,
            family: spec.family.as_ref().map(|family| self.family(family)),
            priority: spec.priority,
            propagate: spec.propagate,
            group: match spec.group {
                Group::Match => Grouping::Match,
                Group::Passage => Grouping::Passage,
                Group::Page => Grouping::Page,
                Group::Document => Grouping::Document,
            },
            template: spec.message.contains('{').then(|| spec.message.value.clone()),
        }
    }

    /// Message fields and citations.
    fn check_words(&mut self, spec: &RuleSpec) {
        let message = &spec.message;
        for (at, _) in message.match_indices('{') {
            let rest = message.get(at + 1..).unwrap_or_default();
            let field = rest.split('}').next().unwrap_or_default();
            if !FIELDS.contains(&field) {
                let span = inside(self.file, message, &(at..at + field.len() + 2));
                let problem = Problem::new(span, format!("a message has no field `{{{field}}}`"));
                self.problem(problem.help(suggestion(field, FIELDS)));
            }
        }
        for cite in &spec.cite {
            if authority(self.pack, &cite.doc, self.builder.packs).is_none() {
                let known: Vec<&str> =
                    self.file.file.pack.authorities.keys().map(String::as_str).collect();
                let problem = Problem::new(
                    cite.doc.span.clone(),
                    format!("there is no authority `{}`", cite.doc.value),
                );
                self.problem(
                    problem.help(format!(
                        "add it to `authorities`; {}",
                        suggestion(&cite.doc, &known)
                    )),
                );
            }
        }
    }

    fn family(&mut self, name: &str) -> u32 {
        let families = &mut self.builder.families;
        let at = families.iter().position(|family| family == name).unwrap_or_else(|| {
            families.push(name.to_owned());
            families.len() - 1
        });
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    fn validators(&mut self, names: &[At<String>]) -> Vec<&'static Validator> {
        let mut found = Vec::new();
        for name in names {
            match Validator::named(name) {
                Some(validator) => found.push(validator),
                None => {
                    let known: Vec<&str> = VALIDATORS.iter().map(|known| known.name).collect();
                    let problem = Problem::new(
                        name.span.clone(),
                        format!("there is no validator `{}`", name.value),
                    );
                    self.problem(problem.help(suggestion(name, &known)));
                }
            }
        }
        found
    }

    fn detector(&mut self, detect: &At<DetectSpec>) -> Option<Detector> {
        let (check, confidence): (Box<dyn Check>, _) = match &detect.value {
            DetectSpec::Regex(spec) => (self.regex(spec)?, spec.confidence),
            DetectSpec::Phrases(spec) => (self.phrases(spec, detect)?, spec.confidence),
            DetectSpec::Mark(spec) => (self.mark(spec)?, spec.confidence),
            DetectSpec::Label(spec) => (self.label(spec)?, spec.confidence),
            DetectSpec::ExemptMark(spec) => {
                (Box::new(ExemptMark { rule: format!("exempt.{}", spec.outcome.as_str()) }), None)
            }
            DetectSpec::Structure(spec) => (self.structure(spec), spec.confidence),
            DetectSpec::Xml(spec) => (self.xml(spec)?, spec.confidence),
            DetectSpec::Grammar(spec) => (self.grammar(spec)?, spec.confidence),
            DetectSpec::Hashed(_) => return self.unavailable(detect, "hashed"),
            // Procedure checks run over the whole package, not over a document.
            DetectSpec::Manifest(_) => return None,
        };
        let validators = match &detect.value {
            DetectSpec::Regex(spec) => self.validators(&spec.validate),
            _ => Vec::new(),
        };
        let require = self.evidence(detect.value.require(), false);
        Some(Detector { check, confidence, validators, require })
    }

    fn unavailable(&mut self, detect: &At<DetectSpec>, name: &str) -> Option<Detector> {
        let problem =
            Problem::new(detect.span.clone(), format!("`{name}` is not available in this version"));
        self.problem(problem.help("take the rule out until it is"));
        None
    }

    fn pattern(&mut self, source: &At<String>, flavour: Flavour) -> Option<Pattern> {
        match Pattern::parse(source, flavour) {
            Ok(pattern) => Some(pattern),
            Err(PatternError { span, message, help }) => {
                let span = inside(self.file, source, &span);
                self.problem(Problem::new(span, message).help(help));
                None
            }
        }
    }

    fn whole(&mut self, source: Option<&At<String>>) -> Option<Pattern> {
        source
            .and_then(|source| self.pattern(source, Flavour { whole: true, ..Flavour::default() }))
    }

    fn regex(&mut self, spec: &RegexSpec) -> Option<Box<dyn Check>> {
        let case = spec.case.as_ref();
        if let Some(case) = case.filter(|case| matches!(case.value, Case::Upper | Case::Initial)) {
            let problem = Problem::new(
                case.span.clone(),
                "a regex compares letters exactly, or ignores case",
            );
            self.problem(problem.help("write `exact` or `ignore`, and capitals in the pattern"));
        }
        let ignore_case = case.is_some_and(|case| case.value == Case::Ignore);
        let flavour = Flavour { ignore_case, unicode: spec.unicode, whole: false };
        let pattern = self.pattern(&spec.pattern, flavour)?;
        let group = match &spec.capture {
            None => 0,
            Some(name) => match pattern.group(name) {
                Some(group) => group,
                None => {
                    let names = pattern.group_names();
                    let problem = Problem::new(
                        name.span.clone(),
                        format!("the pattern has no group `{}`", name.value),
                    );
                    self.problem(problem.help(suggestion(name, &names)));
                    return None;
                }
            },
        };
        let pattern = self.builder.rulebook.engine.add(&spec.pattern, flavour, group, pattern);
        Some(Box::new(Regex { pattern }))
    }

    fn phrases(&mut self, spec: &PhrasesSpec, detect: &At<DetectSpec>) -> Option<Box<dyn Check>> {
        let gap = spec.gap.as_ref();
        if let Some(gap) = gap.filter(|gap| gap.value > MAX_GAP) {
            self.problem(Problem::new(
                gap.span.clone(),
                format!("a gap has at most {MAX_GAP} characters"),
            ));
        }
        let gap = gap.map(|gap| gap.value);
        let (list, terms) = match (&spec.list, spec.terms.is_empty()) {
            (Some(name), true) => self.list(name, spec.case, gap, spec.plural)?,
            (None, false) => {
                let own = ListSpec {
                    case: spec.case,
                    plural: spec.plural,
                    gap: spec.gap.clone(),
                    ..ListSpec::default()
                };
                self.inline(&spec.terms, manner(&own))?
            }
            _ => {
                let problem =
                    Problem::new(detect.span.clone(), "this should have either `terms` or `list`");
                self.problem(problem.help("give one of them"));
                return None;
            }
        };
        Some(Box::new(Phrases { list, terms }))
    }

    fn mark(&mut self, spec: &MarkSpec) -> Option<Box<dyn Check>> {
        let (list, terms) = self.inline(&spec.terms, Manner::default())?;
        let at = |position: &MarkPosition| match position {
            MarkPosition::Banner => Position::Banner,
            MarkPosition::Portion => Position::Portion,
            MarkPosition::Lead => Position::Lead,
            MarkPosition::Subject => Position::Subject,
            MarkPosition::Anywhere => Position::Anywhere,
        };
        let positions = match spec.at.as_slice() {
            [] => vec![Position::Banner, Position::Portion],
            given => given.iter().map(at).collect(),
        };
        Some(Box::new(Mark { list, positions, terms }))
    }

    fn grammar(&mut self, spec: &GrammarSpec) -> Option<Box<dyn Check>> {
        let names: Vec<&str> = GRAMMARS.iter().map(|grammar| grammar.name).collect();
        let Some(grammar) = GRAMMARS.iter().find(|grammar| grammar.name == spec.name.value) else {
            let problem = Problem::new(
                spec.name.span.clone(),
                format!("there is no grammar `{}`", spec.name.value),
            );
            self.problem(problem.help(suggestion(&spec.name, &names)));
            return None;
        };
        if !grammar.outcomes.contains(&spec.outcome.as_str()) {
            let problem = Problem::new(
                spec.outcome.span.clone(),
                format!("the grammar has no outcome `{}`", spec.outcome.value),
            );
            self.problem(problem.help(suggestion(&spec.outcome, grammar.outcomes)));
            return None;
        }
        let list = self.triggers(grammar.name, grammar.triggers);
        Some(Box::new(GrammarCheck { grammar, outcome: spec.outcome.value.clone(), list }))
    }

    /// The list of a grammar's triggers, made once.
    fn triggers(&mut self, grammar: &str, words: &[&str]) -> u32 {
        let key = format!("grammar {grammar}");
        if let Some((list, _)) = self.builder.lists.get(&key) {
            return *list;
        }
        let lexicon = &mut self.builder.rulebook.engine.lexicon;
        let list = lexicon.list();
        let manner = Manner { letters: Letters::Upper, ..Manner::default() };
        for (number, word) in words.iter().enumerate() {
            lexicon.insert(list, u32::try_from(number).unwrap_or(u32::MAX), word, manner);
        }
        self.builder.lists.insert(key, (list, Vec::new()));
        list
    }

    fn label(&mut self, spec: &LabelSpec) -> Option<Box<dyn Check>> {
        let (list, terms) = self.inline(&spec.terms, Manner::default())?;
        let value = self.whole(spec.value.as_ref());
        Some(Box::new(Label { list, value, inline: spec.inline, terms }))
    }

    fn xml(&mut self, spec: &XmlSpec) -> Option<Box<dyn Check>> {
        Some(Box::new(Xml {
            namespaces: spec.namespace.clone(),
            attributes: spec.attribute.iter().map(|name| format!("@{name}")).collect(),
            elements: spec.element.clone(),
            value: self.whole(spec.value.as_ref()),
            except: self.whole(spec.except.as_ref()),
        }))
    }

    fn structure(&mut self, spec: &StructureSpec) -> Box<dyn Check> {
        Box::new(Structure {
            parts: spec.parts.clone(),
            visibility: spec.visibility.clone(),
            mark: spec.mark.map(MarkName::kind),
            places: spec.places.clone(),
            except_places: spec.except_places.clone(),
            value: self.whole(spec.value.as_ref()),
            except: self.whole(spec.except.as_ref()),
            unseen: spec.unseen,
            min_word_chars: spec.min_word_chars.unwrap_or(1) as usize,
        })
    }

    /// A list of its own for terms that are written in place.
    fn inline(&mut self, terms: &[At<String>], manner: Manner) -> Option<(u32, Vec<Arc<str>>)> {
        let list = self.builder.rulebook.engine.lexicon.list();
        let mut names = Vec::new();
        let mut pending: Vec<(usize, At<String>, Manner)> = Vec::new();
        pending.extend(terms.iter().map(|term| (self.pack, term.clone(), manner)));
        self.fill(list, &pending, &mut names);
        Some((list, names))
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

    fn list(
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
        self.problem(problem.help(format!(
            "add it to `lists`, or its pack to `extends`; {}",
            suggestion(name, &known)
        )));
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
        match super::dictionary::read(pack.folder.as_deref(), file, spec.sha256.as_ref()) {
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

    fn evidence(&mut self, specs: &[At<EvidenceSpec>], against: bool) -> Vec<Evidence> {
        specs.iter().filter_map(|spec| self.one_evidence(spec, against)).collect()
    }

    fn one_evidence(&mut self, spec: &At<EvidenceSpec>, against: bool) -> Option<Evidence> {
        let given = usize::from(!spec.phrases.is_empty())
            + usize::from(spec.list.is_some())
            + usize::from(spec.regex.is_some())
            + usize::from(spec.rule.is_some())
            + usize::from(spec.series.is_some());
        if given != 1 {
            let problem = Problem::new(
                spec.span.clone(),
                "evidence is exactly one of `phrases`, `list`, `regex`, `rule`, `series`",
            );
            self.problem(problem.help("give one, and write further evidence as a further entry"));
            return None;
        }
        if let Some(series) = &spec.series {
            if !against || series.value < 2 {
                let problem = Problem::new(
                    series.span.clone(),
                    "`series` speaks `against` a rule, from two numbers on",
                );
                self.problem(problem.help("move it to `against`, as in `- series: 3`"));
            }
            return None;
        }
        let what = self.what(spec)?;
        let reach = self.reach(spec)?;
        Some(Evidence {
            what,
            reach,
            side: match spec.side {
                Side::Before => Beside::Before,
                Side::After => Beside::After,
                Side::Either => Beside::Either,
            },
            count: spec.count.as_ref().map_or(1, |count| count.value.clamp(1, 20) as usize),
            confidence: spec.confidence,
            always: spec.always,
        })
    }

    fn what(&mut self, spec: &EvidenceSpec) -> Option<What> {
        if let Some(name) = &spec.list {
            return Some(What::List(self.list(name, spec.case, None, None)?.0));
        }
        if let Some(source) = &spec.regex {
            let ignore_case = spec.case == Some(Case::Ignore);
            let flavour = Flavour { ignore_case, ..Flavour::default() };
            let pattern = self.pattern(source, flavour)?;
            return Some(What::Pattern(
                self.builder.rulebook.engine.add(source, flavour, 0, pattern),
            ));
        }
        if let Some(rule) = &spec.rule {
            // Rules that do not exist, or stand in a circle, were told of when the order was made.
            return self.builder.numbers.get(rule.as_str()).map(|&number| What::Rule(number));
        }
        let own = ListSpec { case: spec.case, ..ListSpec::default() };
        Some(What::List(self.inline(&spec.phrases, manner(&own))?.0))
    }

    fn reach(&mut self, spec: &At<EvidenceSpec>) -> Option<Reach> {
        for distance in [&spec.words, &spec.chars].into_iter().flatten() {
            if distance.value > MAX_DISTANCE {
                self.problem(Problem::new(
                    distance.span.clone(),
                    format!("evidence stands at most {MAX_DISTANCE} away"),
                ));
            }
        }
        match (&spec.words, &spec.chars, &spec.within) {
            (Some(words), None, None) => Some(Reach::Words(words.value)),
            (None, Some(chars), None) => Some(Reach::Chars(chars.value)),
            (None, None, Some(within)) => Some(match within.value {
                Within::Line => Reach::Line,
                Within::Sentence => Reach::Sentence,
                Within::Paragraph => Reach::Paragraph,
                Within::Row => Reach::Row,
                Within::Heading => Reach::Heading,
                Within::Page => Reach::Page,
                Within::Document => Reach::Document,
            }),
            _ => {
                let problem = Problem::new(
                    spec.span.clone(),
                    "evidence needs one of `words`, `chars`, `within`",
                );
                self.problem(
                    problem.help("say how near it stands, as in `words: 8` or `within: sentence`"),
                );
                None
            }
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

fn manner(spec: &ListSpec) -> Manner {
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

fn filter(spec: &WhereSpec) -> Filter {
    let block = |kind: &BlockKind| match kind {
        BlockKind::Paragraph => Block::Paragraph,
        BlockKind::Heading => Block::Heading,
        BlockKind::ListItem => Block::ListItem,
        BlockKind::Cell => Block::Cell,
        BlockKind::Footnote => Block::Footnote,
        BlockKind::Line => Block::Line,
    };
    Filter {
        parts: spec.parts.clone(),
        except_parts: spec.except_parts.clone(),
        visibility: spec.visibility.clone(),
        blocks: spec.blocks.iter().map(block).collect(),
    }
}

impl spec::DetectSpec {
    /// Evidence that this detector needs.
    pub(super) fn require(&self) -> &[At<EvidenceSpec>] {
        match self {
            Self::Regex(spec) => &spec.require,
            Self::Phrases(spec) => &spec.require,
            Self::Mark(spec) => &spec.require,
            Self::Label(spec) => &spec.require,
            _ => &[],
        }
    }
}
