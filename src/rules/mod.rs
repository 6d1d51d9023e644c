//! Rulesets: YAML with spans in, validated rules out.

mod diagnostic;
mod spec;
mod tree;

pub(crate) use diagnostic::Problem;
pub(crate) use tree::{At, parse as parse_yaml};

use crate::analyse;
use crate::model::{Confidence, Document, Facts, Hit, Level, Notice};

/// What a report needs to know of a rule.
#[derive(Clone, Debug)]
pub struct RuleInfo {
    /// `theme.noun-phrase`.
    pub id: String,
    /// What is wrong, as a heading.
    pub title: String,
    /// The shipped level.
    pub level: Level,
    /// The confidence of a bare hit.
    pub confidence: Confidence,
    /// The sentence of a finding.
    pub message: String,
    /// Why it stands in the way.
    pub why: String,
    /// What to do next.
    pub help: String,
    /// Such as `ICE Directive 6-4.0, 7.2`.
    pub citation: String,
}

/// The identity of a ruleset: two runs with the same digest judged by the same rules.
#[derive(Clone, Debug)]
pub struct RulesetIdentity {
    /// The pack's id.
    pub name: String,
    /// Its version.
    pub version: String,
    /// `sha256:` and the digest of the resolved rules.
    pub digest: String,
}

/// Rules that are ready to run. Shared by all threads.
#[derive(Debug, Default)]
pub struct Ruleset {
    rules: Vec<RuleInfo>,
    identities: Vec<RulesetIdentity>,
}

/// What one thread needs to run rules: caches that are built once, not per document.
#[derive(Debug, Default)]
pub struct Scratch {}

/// What the rules came to on one document.
#[derive(Debug, Default)]
pub struct Checked {
    /// In order of range and rule; those below low confidence are candidates.
    pub hits: Vec<Hit>,
    /// Rules that could not be run.
    pub notices: Vec<Notice>,
    /// For the checks over the whole package.
    pub facts: Facts,
}

impl Ruleset {
    /// All shipped rulesets.
    pub fn shipped() -> Self {
        Self::default()
    }

    /// The rules, sorted by id.
    pub fn rules(&self) -> &[RuleInfo] {
        &self.rules
    }

    /// A rule by its id.
    pub fn rule(&self, id: &str) -> Option<&RuleInfo> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// Which rulesets these are.
    pub fn identities(&self) -> &[RulesetIdentity] {
        &self.identities
    }

    /// Runs every rule over a document.
    pub fn check(&self, document: &Document, _scratch: &mut Scratch) -> Checked {
        let hits = analyse::exempt::find(document);
        let marked = analyse::exempt::marked(&hits);
        Checked { hits, facts: Facts { marked, ..Facts::default() }, ..Checked::default() }
    }
}
