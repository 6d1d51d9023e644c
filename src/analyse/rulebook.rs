//! Valid rules and how they are run over a document: find, filter, validate, weigh the evidence, settle who keeps
//! which stretch of text.

use super::check::{Check, Found, Sealed};
use super::engine::{Caches, Engine, Ground, Hits, Open, Route};
use super::evidence::{Beside, Evidence};
use super::exempt;
use super::gate::{Door, Gates};
use super::outline::Outline;
use super::resolve;
use super::scan::Scan;
use super::stretch::{Stretches, normalised};
use super::validate::Validator;
use crate::model::{
    Block, Confidence, Document, Hit, Level, Occasion, Part, Passage, Release, Visibility,
};
use serde_json::Value;
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// The word of a manifest that does not say who receives the packet.
const UNKNOWN_RECIPIENT: &str = "unknown";
/// The longest value that validators look at, in bytes.
const LONGEST_VALUE: usize = 4_000;

/// In which passages a rule looks. Empty lists hold for all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// Parts.
    pub(crate) parts: Vec<Part>,
    /// Other parts than these.
    pub(crate) except_parts: Vec<Part>,
    /// Visibilities.
    pub(crate) visibility: Vec<Visibility>,
    /// Kinds of blocks.
    pub(crate) blocks: Vec<Block>,
}

impl Filter {
    fn admits(&self, passage: &Passage<'_>) -> bool {
        (self.parts.is_empty() || self.parts.contains(&passage.part()))
            && !self.except_parts.contains(&passage.part())
            && (self.visibility.is_empty() || self.visibility.contains(&passage.visibility()))
            && (self.blocks.is_empty() || self.blocks.contains(&passage.block()))
    }
}

/// One way to find what a rule is about.
#[derive(Debug)]
pub(crate) struct Detector {
    /// What to look for.
    pub(crate) check: Box<dyn Check>,
    /// Another confidence than the rule's.
    pub(crate) confidence: Option<Confidence>,
    /// Arithmetic for this detector.
    pub(crate) validators: Vec<&'static Validator>,
    /// Evidence that this detector needs.
    pub(crate) require: Vec<Evidence>,
}

/// Of several hits in one place, which become findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Grouping {
    /// All.
    #[default]
    Match,
    /// The surest of a passage.
    Passage,
    /// The surest of a page.
    Page,
    /// The surest of the document.
    Document,
}

/// Some releases. Empty lists hold for all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Releases {
    /// Kinds of recipients.
    pub(crate) recipients: Vec<String>,
    /// Purposes.
    pub(crate) purposes: Vec<String>,
}

impl Releases {
    fn include(&self, release: &Release) -> bool {
        (self.recipients.is_empty() || self.recipients.contains(&release.recipient))
            && (self.purposes.is_empty() || self.purposes.contains(&release.purpose))
    }
}

/// Numbers that follow one another speak against each of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Series {
    /// How many at least.
    pub(crate) least: usize,
    /// What the confidence becomes.
    pub(crate) confidence: Confidence,
}

/// A valid rule.
#[derive(Debug)]
pub(crate) struct Rule {
    /// `theme.noun-phrase`.
    pub(crate) id: String,
    /// How sure a bare hit is.
    pub(crate) confidence: Confidence,
    /// For which releases; those of which nothing is known are among them.
    pub(crate) when: Releases,
    /// Its level for some releases; the first that fits counts.
    pub(crate) levels: Vec<(Releases, Level)>,
    /// Where it looks.
    pub(crate) filter: Filter,
    /// What it looks for.
    pub(crate) detectors: Vec<Detector>,
    /// Arithmetic for every hit.
    pub(crate) validators: Vec<&'static Validator>,
    /// Evidence without which there is no hit.
    pub(crate) require: Vec<Evidence>,
    /// Evidence that raises the confidence.
    pub(crate) support: Vec<Evidence>,
    /// Evidence that lowers it.
    pub(crate) against: Vec<Evidence>,
    /// Series that lower it.
    pub(crate) series: Option<Series>,
    /// Which rules it shares no text with.
    pub(crate) family: Option<u32>,
    /// Who wins inside a family.
    pub(crate) priority: i32,
    /// Whether values are found again without evidence.
    pub(crate) propagate: bool,
    /// Which hits become findings.
    pub(crate) group: Grouping,
    /// The message, where it has fields.
    pub(crate) template: Option<String>,
}

/// A hit of a rule while it is being weighed.
#[derive(Clone, Debug)]
pub(super) struct Weighed {
    pub(super) rule: u32,
    pub(super) range: Range<usize>,
    pub(super) confidence: Confidence,
    pub(super) term: Option<Arc<str>>,
    pub(super) hit: Option<Box<Hit>>,
    pub(super) note: Option<(&'static str, Value)>,
}

/// All rules of a run, ready.
#[derive(Debug, Default)]
pub(crate) struct Rulebook {
    /// Expressions and phrases.
    pub(crate) engine: Engine,
    gates: Gates,
    /// Where the id of each rule stands among all ids.
    ranks: Vec<u32>,
    /// In an order in which no rule needs the hits of a later one.
    pub(crate) rules: Vec<Rule>,
    /// The list of all words that markings are made of.
    pub(crate) vocabulary: u32,
    /// Watch lists that rules name.
    pub(crate) sealed: Vec<Sealed>,
}

/// What the rules came to on a document.
#[derive(Debug, Default)]
pub(crate) struct Ruled {
    /// By place and rule.
    pub(crate) hits: Vec<Hit>,
    /// Expressions that could not be run.
    pub(crate) not_run: usize,
}

/// What running the rules over a document took.
#[derive(Debug, Default)]
pub(crate) struct Timing {
    /// Seconds for all rules.
    pub(crate) together: f64,
    /// Seconds for the expressions of each rule, run by themselves.
    pub(crate) alone: Vec<f64>,
    /// Hits of each rule.
    pub(crate) hits: Vec<usize>,
    /// How often the automaton began anew, since the caches were made.
    pub(crate) restarts: usize,
}

impl Rulebook {
    /// Runs every rule and measures what it takes. The first run, which fills the caches, is not counted.
    pub(crate) fn measure(
        &self,
        document: &Document,
        caches: &mut Caches,
        clock: fn() -> f64,
    ) -> Timing {
        self.check(document, Route::Shared, caches);
        let start = clock();
        let ruled = self.check(document, Route::Shared, caches);
        let together = clock() - start;
        let mut ground = Open(bounds(document));
        let mut timing =
            Timing { together, restarts: Engine::restarts(caches), ..Timing::default() };
        for rule in &self.rules {
            let start = clock();
            for detector in &rule.detectors {
                if let Some(pattern) = detector.check.pattern() {
                    self.engine.run_alone(document.text(), &mut ground, pattern, caches);
                }
            }
            timing.alone.push(clock() - start);
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for hit in &ruled.hits {
            *counts.entry(&hit.rule).or_default() += 1;
        }
        let count = |rule: &Rule| counts.get(rule.id.as_str()).copied().unwrap_or_default();
        timing.hits = self.rules.iter().map(count).collect();
        timing
    }

    /// Runs every rule.
    pub(crate) fn check(&self, document: &Document, route: Route, caches: &mut Caches) -> Ruled {
        self.check_for(&Occasion::default(), document, route, caches)
    }

    /// Runs every rule that applies on this occasion.
    pub(crate) fn check_for(
        &self,
        occasion: &Occasion,
        document: &Document,
        route: Route,
        caches: &mut Caches,
    ) -> Ruled {
        let outline = Outline::new(document);
        let stretches = Stretches::new(document.text(), bounds(document));
        caches.not_run.clear();
        let found = self.find(document, &outline, &stretches, route, caches);
        let exempt = exempt::find(document);
        let lent = RefCell::new(std::mem::take(caches));
        let lending = (&stretches, &lent);
        let mut scan =
            Scan::new(document, &outline, &self.engine, lending, found, exempt, self.vocabulary);
        let hits = self.judge(occasion, &mut scan);
        drop(scan);
        *caches = lent.into_inner();
        Ruled { hits, not_run: caches.not_run.len() }
    }

    fn judge(&self, occasion: &Occasion, scan: &mut Scan<'_>) -> Vec<Hit> {
        let release = occasion.release.as_ref();
        let mut all = Vec::new();
        for (number, rule) in self.rules.iter().enumerate() {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            let mut hits =
                if rule.applies(release) { rule.weigh(number, scan) } else { Vec::new() };
            resolve::series(rule.series, scan, &mut hits);
            scan.done.push(hits.iter().map(|hit| hit.range.clone()).collect());
            all.extend(hits);
        }
        resolve::propagate(&self.rules, scan, &occasion.confirmed, &mut all);
        resolve::families(&self.rules, &mut all);
        resolve::groups(&self.rules, scan, &mut all);
        let rank = |hit: &Weighed| self.ranks.get(hit.rule as usize).copied();
        all.sort_by_key(|hit| (hit.range.start, hit.range.end, rank(hit)));
        all.into_iter().filter_map(|hit| self.finish(release, scan, hit)).collect()
    }

    /// What the engine finds: phrases first, for they tell which expressions are worth a look.
    fn find(
        &self,
        document: &Document,
        outline: &Outline<'_>,
        stretches: &Stretches,
        route: Route,
        caches: &mut Caches,
    ) -> Hits {
        let text = document.text();
        let mut hits = self.engine.phrases(text, stretches, caches);
        let terms = hits.take_terms();
        let lexicon = &self.engine.lexicon;
        let mut door = Door::new(&self.gates, outline, lexicon, document, &terms);
        let mut open = Open(bounds(document));
        let ground: &mut dyn Ground = if route == Route::Shared { &mut door } else { &mut open };
        self.engine.find((text, stretches), ground, route, caches, &mut hits);
        hits.put_terms_back(terms);
        hits
    }

    /// Call once after the last rule, expression and phrase. An error says why the expressions together are too large.
    pub(crate) fn seal(&mut self) -> Result<(), String> {
        self.engine.seal()?;
        let count = self.engine.pattern_count();
        let (gates, uses) = Gates::new(&self.rules, &self.engine.lexicon, count);
        self.gates = gates;
        let mut ids: Vec<&str> = self.rules.iter().map(|rule| rule.id.as_str()).collect();
        ids.sort_unstable();
        let rank =
            |rule: &Rule| u32::try_from(ids.partition_point(|id| *id < rule.id.as_str())).ok();
        self.ranks = self.rules.iter().map(|rule| rank(rule).unwrap_or(u32::MAX)).collect();
        self.engine.set_uses(uses);
        Ok(())
    }

    fn finish(&self, release: Option<&Release>, scan: &Scan<'_>, weighed: Weighed) -> Option<Hit> {
        let rule = self.rules.get(weighed.rule as usize)?;
        let mut hit = weighed.hit.map_or_else(
            || Hit {
                rule: String::new(),
                confidence: weighed.confidence,
                level: None,
                range: weighed.range,
                place: None,
                related: Vec::new(),
                evidence: None,
                message: None,
                data: BTreeMap::new(),
            },
            |hit| *hit,
        );
        hit.rule.clone_from(&rule.id);
        hit.confidence = weighed.confidence;
        hit.level = hit.level.or_else(|| rule.level_for(release));
        if let Some((key, value)) = weighed.note {
            hit.data.insert(key.to_owned(), value);
        }
        if let (None, Some(template)) = (&hit.message, &rule.template) {
            hit.message = Some(message(template, scan, &hit, weighed.term.as_deref()));
        }
        Some(hit)
    }
}

/// The passage around an offset of a document's text.
fn bounds(document: &Document) -> impl Fn(usize) -> Range<usize> {
    |at| document.passage_at(at).map_or(0..document.text().len(), |passage| passage.range())
}

/// Fills in the fields of a message. Nothing of the record gets into it.
fn message(template: &str, scan: &Scan<'_>, hit: &Hit, term: Option<&str>) -> String {
    let passage = scan.passage_at(hit.range.start);
    let word = |value: Option<Value>| match value {
        Some(Value::String(word)) => word,
        _ => String::new(),
    };
    let part = passage.map(|passage| passage.part());
    let visibility = passage.map(|passage| passage.visibility());
    let page = passage.map_or(0, |passage| passage.page());
    let told = |key: &str| word(hit.data.get(key).cloned());
    template
        .replace("{part}", &word(serde_json::to_value(part).ok()))
        .replace("{visibility}", &word(serde_json::to_value(visibility).ok()))
        .replace("{page}", &page.to_string())
        .replace("{term}", term.unwrap_or("the marking"))
        .replace("{scope}", &told("scope"))
        .replace("{status}", &told("status"))
        .replace("{what}", &told("what"))
}

impl Rule {
    /// Whether it applies to a release. One to nobody knows whom may be one to anybody.
    fn applies(&self, release: Option<&Release>) -> bool {
        release.is_none_or(|release| {
            release.recipient == UNKNOWN_RECIPIENT || self.when.include(release)
        })
    }

    /// Another level than its own, where it has one for the release.
    fn level_for(&self, release: Option<&Release>) -> Option<Level> {
        let release = release?;
        let mut levels = self.levels.iter();
        levels.find(|(releases, _)| releases.include(release)).map(|(_, level)| *level)
    }

    /// Whether it looks in a passage.
    pub(super) fn admits(&self, passage: &Passage<'_>) -> bool {
        self.filter.admits(passage)
    }

    /// Its hits, by place, none inside another.
    fn weigh(&self, number: u32, scan: &Scan<'_>) -> Vec<Weighed> {
        let mut all = Vec::new();
        let mut found = Vec::new();
        for detector in &self.detectors {
            let mut needed = self.require.iter().chain(&detector.require);
            let is_regex = detector.check.pattern().is_some();
            if is_regex && needed.any(|evidence| evidence.is_hopeless(scan)) {
                continue;
            }
            detector.check.find(scan, &mut found);
            let weighed =
                found.drain(..).filter_map(|found| self.one(number, scan, detector, found));
            all.extend(weighed);
        }
        resolve::overlaps(all)
    }

    fn one(
        &self,
        number: u32,
        scan: &Scan<'_>,
        detector: &Detector,
        found: Found,
    ) -> Option<Weighed> {
        if found.hit.as_ref().is_some_and(|hit| hit.place.is_some()) {
            // There is no text for filters and evidence to look at.
            let confidence = found.confidence.or(detector.confidence).unwrap_or(self.confidence);
            let Found { range, term, hit, .. } = found;
            return Some(Weighed { rule: number, range, confidence, term, hit, note: None });
        }
        let passage = scan.passage_at(found.range.start)?;
        if !self.filter.admits(&passage) || !self.is_valid(detector, scan, &found.range) {
            return None;
        }
        let needed = self.require.iter().chain(&detector.require);
        let mut all = needed.map(|evidence| evidence.near(scan, &passage, &found.range));
        if !all.all(|near| near.is_some()) {
            return None;
        }
        let bare = found.confidence.or(detector.confidence).unwrap_or(self.confidence);
        let confidence = self.confidence(scan, &passage, &found.range, bare);
        let Found { range, term, hit, .. } = found;
        Some(Weighed { rule: number, range, confidence, term, hit, note: None })
    }

    fn is_valid(&self, detector: &Detector, scan: &Scan<'_>, range: &Range<usize>) -> bool {
        let mut validators = self.validators.iter().chain(&detector.validators).peekable();
        if validators.peek().is_none() {
            return true;
        }
        let value = scan.slice(range.clone());
        let value = if value.len() <= LONGEST_VALUE { normalised(value) } else { Cow::default() };
        validators.all(|validator| (validator.test)(value.trim()))
    }

    /// How sure a hit is here that would be `bare` without the evidence around it.
    pub(super) fn confidence(
        &self,
        scan: &Scan<'_>,
        passage: &Passage<'_>,
        range: &Range<usize>,
        bare: Confidence,
    ) -> Confidence {
        let mut confidence = bare;
        let mut support: [Option<usize>; 2] = [None, None];
        for evidence in &self.support {
            let Some(distance) = evidence.near(scan, passage, range) else { continue };
            confidence = confidence.max(evidence.confidence.unwrap_or_else(|| raised(bare)));
            let own = support.get_mut(usize::from(evidence.side == Beside::After));
            if let Some(nearest) = own {
                *nearest = Some(nearest.map_or(distance, |nearest| nearest.min(distance)));
            }
        }
        let supported = support.iter().flatten().min().copied();
        for evidence in &self.against {
            let Some(distance) = evidence.near(scan, passage, range) else { continue };
            if evidence.always || supported.is_none_or(|supported| distance < supported) {
                confidence = confidence.min(evidence.confidence.unwrap_or(Confidence::Candidate));
            }
        }
        confidence
    }
}

fn raised(confidence: Confidence) -> Confidence {
    match confidence {
        Confidence::Candidate => Confidence::Low,
        Confidence::Low => Confidence::Medium,
        Confidence::Medium | Confidence::High => Confidence::High,
    }
}
