//! Rules, one by one: detectors, evidence and filters as written become those that run.

mod evidence;
mod lists;

use super::compile::{Pack, Problems, authority, inside};
use super::diagnostic::{Problem, suggestion, suggestion_or};
use super::spec::{
    BlockKind, Case, DetectSpec, EvidenceSpec, GrammarSpec, Group, LabelSpec, ListSpec, MarkName,
    MarkPosition, MarkSpec, PhrasesSpec, Purpose, Recipient, RegexSpec, RuleSpec, StructureSpec,
    WhereSpec, XmlSpec,
};
use super::tree::At;
use crate::analyse::check::{
    Check, ExemptMark, GRAMMARS, GrammarCheck, Hashed, Label, Mark, Phrases, Position, Regex,
    Sealed, Structure, Xml,
};
use crate::analyse::lexicon::{Letters, MAX_GAP, Manner};
use crate::analyse::pattern::{Flavour, Pattern, PatternError};
use crate::analyse::rulebook::{Detector, Filter, Grouping, Releases, Rule, Rulebook, Series};
use crate::analyse::validate::{VALIDATORS, Validator};
use crate::model::{Block, Confidence};
use lists::manner;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Fields that a message may hold.
const FIELDS: &[&str] = &["part", "page", "visibility", "term", "scope", "status", "what"];

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
        if spec.detect.is_empty() && !self.file.is_spoiled(spec) {
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
            when: spec
                .when
                .as_ref()
                .map(|when| releases(&when.recipient, &when.purpose))
                .unwrap_or_default(),
            levels: spec
                .levels
                .iter()
                .map(|other| (releases(&other.recipient, &other.purpose), other.level))
                .collect(),
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
                let allowed: Vec<String> =
                    FIELDS.iter().map(|field| format!("`{{{field}}}`")).collect();
                self.problem(problem.help(format!(
                    "take it out, or write one of {}; what stands in a record never gets into a message",
                    allowed.join(", ")
                )));
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
                let otherwise = "add it to `authorities` at the top of the file";
                self.problem(problem.help(suggestion_or(&cite.doc, &known, otherwise)));
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
            if let Some(validator) = Validator::named(name) {
                found.push(validator);
                continue;
            }
            let known: Vec<&str> = VALIDATORS.iter().map(|known| known.name).collect();
            let text = format!("there is no validator `{}`", name.value);
            let problem = Problem::new(name.span.clone(), text);
            self.problem(problem.help(suggestion(name, &known)));
        }
        found
    }

    fn detector(&mut self, detect: &At<DetectSpec>) -> Option<Detector> {
        let (check, confidence): (Box<dyn Check>, _) = match &detect.value {
            DetectSpec::Regex(spec) => (self.regex(spec)?, spec.confidence),
            DetectSpec::Phrases(spec) => (self.phrases(spec, detect)?, spec.confidence),
            DetectSpec::Mark(spec) => (self.mark(spec), spec.confidence),
            DetectSpec::Label(spec) => (self.label(spec), spec.confidence),
            DetectSpec::ExemptMark(spec) => {
                (Box::new(ExemptMark { rule: format!("exempt.{}", spec.outcome.as_str()) }), None)
            }
            DetectSpec::Structure(spec) => (self.structure(spec), spec.confidence),
            DetectSpec::Xml(spec) => (self.xml(spec), spec.confidence),
            DetectSpec::Grammar(spec) => (self.grammar(spec)?, spec.confidence),
            DetectSpec::Hashed(spec) => (self.hashed(&spec.file)?, None),
            // What the shipped rules say of these is found over the whole package, not over a document.
            DetectSpec::Manifest(_) if self.file.folder.is_none() => return None,
            DetectSpec::Manifest(_) => return self.unavailable(detect, "manifest"),
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
        if self.file.is_trusted {
            return Some(Pattern::trusted(source, flavour));
        }
        match Pattern::parse(source, flavour) {
            Ok(pattern) => Some(pattern),
            Err(PatternError { span, message, help }) => {
                let span = inside(self.file, source, &span);
                self.problem(Problem::new(span, message).help(help));
                None
            }
        }
    }

    /// The list is opened when the run has its key; here it only has to be there.
    fn hashed(&mut self, name: &At<String>) -> Option<Box<dyn Check>> {
        let file = self.file.folder.as_ref().map(|folder| folder.join(&name.value));
        let Some(file) = file.filter(|file| file.is_file()) else {
            let problem = Problem::new(name.span.clone(), "the watch list is not there");
            let help = "make it with `obstat watchlist build`; the path is relative to the folder of the ruleset";
            self.problem(problem.help(help));
            return None;
        };
        let sealed = Sealed { file, list: Arc::default() };
        self.builder.rulebook.sealed.push(sealed.clone());
        Some(Box::new(Hashed { sealed }))
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
        let group = spec.capture.as_ref().map_or(Some(0), |name| self.group(&pattern, name))?;
        let pattern = self.builder.rulebook.engine.add(&spec.pattern, flavour, group, pattern);
        Some(Box::new(Regex { pattern }))
    }

    fn group(&mut self, pattern: &Pattern, name: &At<String>) -> Option<usize> {
        let group = pattern.group(name);
        if group.is_none() {
            let names = pattern.group_names();
            let text = format!("the pattern has no group `{}`", name.value);
            self.problem(Problem::new(name.span.clone(), text).help(suggestion(name, &names)));
        }
        group
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
                self.inline(&spec.terms, manner(&own))
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

    fn mark(&mut self, spec: &MarkSpec) -> Box<dyn Check> {
        let (list, terms) = self.inline(&spec.terms, Manner::default());
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
        Box::new(Mark { list, positions, terms })
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

    fn label(&mut self, spec: &LabelSpec) -> Box<dyn Check> {
        let (list, terms) = self.inline(&spec.terms, Manner::default());
        let value = self.whole(spec.value.as_ref());
        let except = self.whole(spec.except.as_ref());
        Box::new(Label { list, value, except, inline: spec.inline, terms })
    }

    fn xml(&mut self, spec: &XmlSpec) -> Box<dyn Check> {
        Box::new(Xml {
            namespaces: spec.namespace.clone(),
            attributes: spec.attribute.iter().map(|name| format!("@{name}")).collect(),
            elements: spec.element.clone(),
            value: self.whole(spec.value.as_ref()),
            except: self.whole(spec.except.as_ref()),
        })
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
}

/// Releases by the words that a manifest has for them.
fn releases(recipients: &[Recipient], purposes: &[Purpose]) -> Releases {
    fn word<T: serde::Serialize>(value: &T) -> Option<String> {
        serde_json::to_value(value).ok()?.as_str().map(str::to_owned)
    }
    Releases {
        recipients: recipients.iter().filter_map(word).collect(),
        purposes: purposes.iter().filter_map(word).collect(),
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

impl DetectSpec {
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
