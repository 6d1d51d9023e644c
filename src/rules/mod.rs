//! Rulesets: YAML with spans in, validated rules out.

mod catalogue;
mod compile;
mod detect;
mod diagnostic;
mod dictionary;
mod facts;
mod scalar;
mod sources;
mod spec;
mod testing;
mod tree;
mod variants;
mod written;

pub use catalogue::{Cost, Explanation, Profile, explain, profile, scaffold, schema};
pub use diagnostic::{RulesetError, RulesetProblem};
pub use testing::{ReadExample, TestFailure, TestReport, test};

pub use written::WrittenProblem;

pub(crate) use diagnostic::Problem;
pub(crate) use tree::{At, parse as parse_yaml};

use crate::analyse::check::Sealed;
use crate::analyse::engine::{Caches, Route};
use crate::analyse::rulebook::{Rulebook, Ruled};
use crate::analyse::shared;
use crate::model::{Confidence, Document, Facts, Hit, Level, Notice, NoticeCode, Occasion, Shared};
use compile::{Compiled, Draft};
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// What a report needs to know of a rule.
#[derive(Clone, Debug, Serialize, Deserialize)]
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
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RulesetIdentity {
    /// The pack's id.
    pub name: String,
    /// Its version.
    pub version: String,
    /// `sha256:` and the digest of the resolved rules.
    pub digest: String,
}

/// What reports need to know of all rules, for a process in which none are run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Catalogue {
    rules: Vec<RuleInfo>,
    identities: Vec<RulesetIdentity>,
}

/// Rules that are ready to run. Shared by all threads.
#[derive(Debug, Default)]
pub struct Ruleset {
    /// Made when the first document is checked, where it is made of a draft.
    rulebook: OnceLock<Option<Rulebook>>,
    draft: Option<Draft>,
    rules: Vec<RuleInfo>,
    identities: Vec<RulesetIdentity>,
}

/// What one thread needs to run rules: caches that are built once, not per document.
#[derive(Debug, Default)]
pub struct Scratch {
    caches: Caches,
}

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
        let Some(mut draft) = Draft::read(sources::shipped(true)) else { return Self::default() };
        let rules = std::mem::take(&mut draft.infos);
        let identities = std::mem::take(&mut draft.identities);
        Self { draft: Some(draft), rules, identities, ..Self::default() }
    }

    /// Rules that another process runs: enough for reports, and every check says that nothing was checked.
    pub fn told(catalogue: Catalogue) -> Self {
        let Catalogue { rules, identities } = catalogue;
        Self { rules, identities, ..Self::default() }
    }

    /// What reports need to know.
    pub fn catalogue(&self) -> Catalogue {
        Catalogue { rules: self.rules.clone(), identities: self.identities.clone() }
    }

    /// Gets the rules ready now instead of with the first document.
    pub fn prepare(&self) {
        self.rulebook();
    }

    /// The named rulesets: shipped ones by theme (`markings`) or pack id (`obstat.markings`), others by path, and
    /// all shipped packs that these extend.
    pub fn load(names: &[String]) -> Result<Self, RulesetError> {
        let chosen =
            names.iter().map(|name| sources::named(name)).collect::<Result<Vec<_>, _>>()?;
        compile::compile(sources::with_extended(chosen)).map(Self::from)
    }

    /// The same rules, and what reports have to know of others that are not run over documents.
    #[must_use]
    pub fn with(mut self, others: Vec<RuleInfo>) -> Self {
        for other in others {
            if self.rules.iter().all(|rule| rule.id != other.id) {
                self.rules.push(other);
            }
        }
        self.rules.sort_by(|a, b| a.id.cmp(&b.id));
        self
    }

    /// The rules, sorted by id.
    pub fn rules(&self) -> &[RuleInfo] {
        &self.rules
    }

    /// A rule by its id.
    pub fn rule(&self, id: &str) -> Option<&RuleInfo> {
        let at = self.rules.binary_search_by(|rule| rule.id.as_str().cmp(id)).ok()?;
        self.rules.get(at)
    }

    /// Which rulesets these are.
    pub fn identities(&self) -> &[RulesetIdentity] {
        &self.identities
    }

    /// Runs every rule over a document.
    pub fn check(&self, document: &Document, scratch: &mut Scratch) -> Checked {
        self.check_for(&Occasion::default(), document, scratch)
    }

    /// Runs every rule that applies on this occasion over a document.
    pub fn check_for(
        &self,
        occasion: &Occasion,
        document: &Document,
        scratch: &mut Scratch,
    ) -> Checked {
        self.check_by(Route::Shared, occasion, document, scratch)
    }

    /// The files of watch lists that rules name; who has their key opens them, and puts them in.
    pub fn watch_lists(&self) -> Vec<&std::path::Path> {
        self.sealed().iter().map(|sealed| sealed.file.as_path()).collect()
    }

    pub(crate) fn sealed(&self) -> &[Sealed] {
        self.rulebook.get().and_then(Option::as_ref).map_or(&[], |rulebook| &rulebook.sealed)
    }

    /// What the others of its package may want to know of a document in which these hits were found.
    pub fn shared(&self, document: &Document, hits: &[Hit]) -> Shared {
        let rules = self.rulebook().map_or(&[][..], |rulebook| &rulebook.rules);
        shared::of(document, rules, hits)
    }

    /// Runs every rule over a document, one expression after the other: the reference for `check`, slow.
    pub fn check_one_by_one(&self, document: &Document, scratch: &mut Scratch) -> Checked {
        self.check_by(Route::OneByOne, &Occasion::default(), document, scratch)
    }

    fn check_by(
        &self,
        route: Route,
        occasion: &Occasion,
        document: &Document,
        scratch: &mut Scratch,
    ) -> Checked {
        let Some(rulebook) = self.rulebook() else {
            let message = "the rules could not be compiled, or are run elsewhere";
            let notices = vec![Notice::blocking(NoticeCode::RuleNotRun, message)];
            return Checked { notices, ..Checked::default() };
        };
        let Ruled { hits, not_run } =
            rulebook.check_for(occasion, document, route, &mut scratch.caches);
        let notices = (not_run > 0).then(|| {
            let message = format!("{not_run} expressions of rules were too large to be run");
            Notice::blocking(NoticeCode::RuleNotRun, message)
        });
        let facts = facts::of(document, &hits);
        Checked { hits, notices: notices.into_iter().collect(), facts }
    }
}

impl Ruleset {
    /// The rules, ready. Tests see to it that the shipped ones compile; nothing may pass if they do not.
    fn rulebook(&self) -> Option<&Rulebook> {
        let compiled = || self.draft.as_ref().and_then(Draft::rulebook);
        self.rulebook.get_or_init(compiled).as_ref()
    }
}

/// Every page of a document at which its control numbers do not go on by one.
pub(crate) fn page_gaps(document: &Document) -> Vec<Hit> {
    crate::analyse::numbering::gaps(document)
}

impl From<Compiled> for Ruleset {
    fn from(compiled: Compiled) -> Self {
        let Compiled { rulebook, infos: rules, identities, .. } = compiled;
        Self { rulebook: OnceLock::from(Some(rulebook)), draft: None, rules, identities }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_rulesets_are_valid() {
        if let Err(RulesetError::Invalid { problems, .. }) =
            compile::compile(sources::shipped(false))
        {
            let told: Vec<String> = problems
                .iter()
                .map(|problem| format!("{} {:?} {problem}", problem.file(), problem.span()))
                .collect();
            panic!("{}", told.join("\n"));
        }
        let draft = Draft::read(sources::shipped(true)).unwrap();
        assert!(draft.rulebook().is_some());
    }
}
