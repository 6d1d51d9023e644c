//! `<case>.expected.yaml`: what a check of a package has to find, beside the package, not in it: a package is what goes
//! out.

use super::story::{Places, Story};
use std::fmt::Write as _;

/// What a check has to say about one package.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expected {
    /// Why the package is there.
    pub(crate) about: String,
    /// `clear`, `obstructed` or `undetermined`.
    pub(crate) verdict: &'static str,
    /// Themes (`exempt`) and rules (`release.missing-occurrence`) of which every finding is listed.
    pub(crate) complete_for: Vec<&'static str>,
    /// Findings of those themes below this level need not be listed; empty for all.
    pub(crate) least: &'static str,
    /// In any order.
    pub(crate) findings: Vec<Found>,
    /// Artifact and notice code of every notice that blocks.
    pub(crate) notices: Vec<(String, &'static str)>,
}

/// A finding that has to be there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// The rule's id.
    pub(crate) rule: &'static str,
    /// In which artifact.
    pub(crate) artifact: String,
    /// `page` or `line`, and its number.
    pub(crate) place: Option<(&'static str, u32)>,
    /// The evidence, or words that it holds.
    pub(crate) words: String,
    /// Rules that may tell it as well as `rule`.
    pub(crate) or: Vec<&'static str>,
    /// `data.scope`.
    pub(crate) scope: Option<&'static str>,
    /// `data.status`.
    pub(crate) status: Option<&'static str>,
}

impl Expected {
    /// A package judged for marks of exemption.
    pub(crate) fn exempt(about: impl Into<String>, verdict: &'static str) -> Self {
        Self { about: about.into(), verdict, complete_for: vec!["exempt"], ..Self::default() }
    }

    /// Takes over what a story says has to be found, at the places where its words came to stand.
    pub(crate) fn take(
        &mut self,
        story: &Story,
        artifact: &str,
        unit: &'static str,
        places: &Places,
    ) {
        for (index, para) in story.paras().into_iter().enumerate() {
            let words = places.get(index).map_or(&[][..], Vec::as_slice);
            for expect in &para.expects {
                self.findings.push(Found {
                    rule: expect.rule,
                    artifact: artifact.to_owned(),
                    place: para.place_of(&expect.words, words).map(|place| (unit, place)),
                    words: expect.words.clone(),
                    scope: expect.scope,
                    status: expect.status,
                    ..Found::default()
                });
            }
        }
    }

    /// Adds a finding without a place.
    pub(crate) fn add(&mut self, rule: &'static str, artifact: &str, words: &str) {
        self.findings.push(Found {
            rule,
            artifact: artifact.to_owned(),
            words: words.to_owned(),
            ..Found::default()
        });
    }

    /// Adds a blocking notice.
    pub(crate) fn notice(&mut self, artifact: &str, code: &'static str) {
        self.notices.push((artifact.to_owned(), code));
    }

    /// The file.
    pub(crate) fn to_yaml(&self) -> String {
        let mut out = format!("about: {}\nverdict: {}\n", quoted(&self.about), self.verdict);
        let _ = writeln!(out, "complete_for: [{}]", self.complete_for.join(", "));
        if !self.least.is_empty() {
            let _ = writeln!(out, "least: {}", self.least);
        }
        out += if self.findings.is_empty() { "findings: []\n" } else { "findings:\n" };
        for found in &self.findings {
            let _ = writeln!(out, "  - rule: {}", found.rule);
            if !found.or.is_empty() {
                let _ = writeln!(out, "    or: [{}]", found.or.join(", "));
            }
            let _ = writeln!(out, "    artifact: {}", quoted(&found.artifact));
            if let Some((unit, number)) = found.place {
                let _ = writeln!(out, "    {unit}: {number}");
            }
            for (key, value) in [("scope", found.scope), ("status", found.status)] {
                if let Some(value) = value {
                    let _ = writeln!(out, "    {key}: {value}");
                }
            }
            let _ = writeln!(out, "    words: {}", quoted(&found.words));
        }
        out += if self.notices.is_empty() { "notices: []\n" } else { "notices:\n" };
        for (artifact, code) in &self.notices {
            let _ = writeln!(out, "  - artifact: {}\n    code: {code}", quoted(artifact));
        }
        out
    }
}

/// A double-quoted YAML scalar: JSON strings are a subset of those (YAML 1.2.2 §7.3.1).
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
