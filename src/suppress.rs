//! Suppressions: findings that somebody has looked at and answers for, by name and for a time.
//!
//! They stand in a file of the office that releases, never in a document: its author is the party being checked.

use crate::model::{Finding, Level, Suppression};
use crate::rules::{At, Problem, WrittenProblem};
use jiff::civil::Date;
use miette::Diagnostic;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

const SCHEMA: &str = "obstat-suppressions/1";
/// What no suppression lowers: where a statute or OPR's mark stands behind an error, only they can take it back.
const BEYOND: &[&str] = &["exempt.", "classification.", "statute."];
/// Nor these: without a manifest the gate stays shut, and what nothing can cure (section 5) no entry cures.
const NEVER: &[&str] = &["release.no-manifest", "release.public", "release.classified"];

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FileSpec {
    /// Always `obstat-suppressions/1`.
    schema: At<String>,
    /// One for each finding.
    suppressions: Vec<At<EntrySpec>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EntrySpec {
    /// The rule's id.
    rule: At<String>,
    /// The finding's fingerprint, as reports have it.
    fingerprint: At<String>,
    /// Why it is acceptable.
    reason: At<String>,
    /// Who says so.
    approver: At<String>,
    /// The last day on which that holds, as `YYYY-MM-DD`.
    expires: At<String>,
}

/// Everything that is wrong with a file of suppressions.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("the suppressions cannot be used")]
#[diagnostic(
    code(obstat::suppress::invalid),
    help("Nothing was judged; mend the file and run obstat again.")
)]
pub struct SuppressError {
    /// Each mistake, in the order of their places.
    #[related]
    pub problems: Vec<WrittenProblem>,
}

/// The suppressions of a run.
#[derive(Debug, Default)]
pub struct Suppressions {
    entries: BTreeMap<(String, String), Entry>,
}

#[derive(Debug)]
struct Entry {
    suppression: Suppression,
    line: u32,
    expired: bool,
    used: AtomicBool,
}

/// What is to be said about a suppression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The rule of the finding that says it.
    pub rule: &'static str,
    /// In a sentence.
    pub message: String,
    /// The line of the file.
    pub line: u32,
}

impl Suppressions {
    /// Reads a file of suppressions; `today` as `YYYY-MM-DD`.
    ///
    /// # Errors
    /// Every mistake of the file at once, each at its place.
    pub fn parse(name: &str, source: &str, today: &str) -> Result<Self, SuppressError> {
        let fail = |problems| SuppressError {
            problems: WrittenProblem::all("obstat::suppress::mistake", name, source, problems),
        };
        let mut problems = Vec::new();
        let node = crate::rules::parse_yaml(source).map_err(|problem| fail(vec![problem]))?;
        let Some(file) = node.read::<FileSpec>(&mut problems) else { return Err(fail(problems)) };
        if file.schema.value != SCHEMA {
            let unknown =
                Problem::new(file.schema.span, "this version of obstat does not know the schema");
            problems.push(unknown.help(format!("write `{SCHEMA}`")));
        }
        let mut entries = BTreeMap::new();
        for entry in file.suppressions {
            let before = source.get(..entry.span.start).unwrap_or_default();
            let line = u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX);
            let span = entry.span.clone();
            let Some((key, entry)) = entry.value.checked(today, line, &mut problems) else {
                continue;
            };
            if entries.insert(key, entry).is_some() {
                let twice = Problem::new(span, "this finding is suppressed twice");
                problems.push(twice.help("keep one of the two"));
            }
        }
        if problems.is_empty() { Ok(Self { entries }) } else { Err(fail(problems)) }
    }

    /// Marks what is suppressed among the findings of a package, and tells what is wrong with the suppressions that
    /// were met on the way.
    pub fn apply(&self, findings: &mut [Finding]) -> Vec<Complaint> {
        let mut complaints = Vec::new();
        for finding in findings {
            let key = (finding.rule.clone(), finding.fingerprint.clone());
            let Some(entry) = self.entries.get(&key) else { continue };
            entry.used.store(true, Ordering::Relaxed);
            let beyond = finding.level == Level::Error
                && (BEYOND.iter().any(|theme| finding.rule.starts_with(theme))
                    || NEVER.contains(&finding.rule.as_str()));
            if beyond {
                complaints.push(entry.complaint(
                    "suppression.refused",
                    format!(
                        "No suppression lowers an error of {}; the finding stands.",
                        finding.rule
                    ),
                ));
            } else if entry.expired {
                let expires = &entry.suppression.expires;
                complaints.push(entry.complaint(
                    "suppression.expired",
                    format!("The suppression of a finding of {} expired after {expires}; the finding stands.", finding.rule),
                ));
            } else {
                finding.suppressed = Some(entry.suppression.clone());
            }
        }
        complaints.dedup();
        complaints
    }

    /// The suppressions that fitted no finding of the run so far.
    pub fn unused(&self) -> Vec<Complaint> {
        let unused = self.entries.iter().filter(|(_, entry)| !entry.used.load(Ordering::Relaxed));
        let message = |rule: &str| {
            format!(
                "The suppression fits no finding of {rule}: what it was for is gone or has changed."
            )
        };
        let mut unused: Vec<_> = unused
            .map(|((rule, _), entry)| entry.complaint("suppression.unused", message(rule)))
            .collect();
        unused.sort_by_key(|complaint| complaint.line);
        unused
    }
}

impl Entry {
    fn complaint(&self, rule: &'static str, message: String) -> Complaint {
        Complaint { rule, message, line: self.line }
    }
}

impl EntrySpec {
    fn checked(
        self,
        today: &str,
        line: u32,
        problems: &mut Vec<Problem>,
    ) -> Option<((String, String), Entry)> {
        let before = problems.len();
        for said in [&self.rule, &self.fingerprint, &self.reason, &self.approver] {
            if said.value.trim().is_empty() {
                let empty = Problem::new(said.span.clone(), "nothing is said here");
                problems.push(
                    empty.help("a suppression says of which finding, why, and who answers for it"),
                );
            }
        }
        let expires: Option<Date> = self.expires.value.parse().ok();
        if expires.is_none() {
            let wrong =
                Problem::new(self.expires.span.clone(), "this is not a date of the calendar");
            problems.push(wrong.help("write it as YYYY-MM-DD"));
        }
        let today: Option<Date> = today.parse().ok();
        let suppression = Suppression {
            reason: self.reason.value,
            approver: self.approver.value,
            expires: self.expires.value,
        };
        let is_over = expires < today;
        let entry = Entry { suppression, line, expired: is_over, used: AtomicBool::new(false) };
        (problems.len() == before).then_some(((self.rule.value, self.fingerprint.value), entry))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(entries: &str) -> String {
        format!("schema: {SCHEMA}\nsuppressions:\n{entries}")
    }

    fn entry(rule: &str, expires: &str) -> String {
        format!(
            "  - {{ rule: {rule}, fingerprint: \"sha256:1\", reason: looked at, approver: A. Poe, expires: {expires} }}\n"
        )
    }

    #[test]
    fn every_mistake_is_told_at_its_place() {
        let cases = [
            (file(&entry("pii.ssn", "soon")), "not a date"),
            (file(&(entry("pii.ssn", "2026-05-01") + &entry("pii.ssn", "2026-05-02"))), "twice"),
            (file(&entry("pii.ssn", "2026-05-01").replace("reason", "why")), "why"),
            (file(&entry("pii.ssn", "2026-05-01").replace("A. Poe", "\"\"")), "nothing is said"),
            ("schema: x\nsuppressions: []\n".to_owned(), "schema"),
        ];
        for (text, words) in cases {
            let problems = Suppressions::parse("s.yaml", &text, "2026-05-01").unwrap_err().problems;
            assert!(
                problems.iter().any(|one| one.to_string().contains(words)),
                "{text}: {problems:?}"
            );
        }
    }

    #[test]
    fn one_that_fits_nothing_is_told_with_its_line() {
        let text = file(&(entry("pii.ssn", "2026-05-01") + &entry("pii.ein", "2026-05-01")));
        let unused = Suppressions::parse("s.yaml", &text, "2026-05-01").unwrap().unused();
        assert_eq!(unused.iter().map(|one| one.line).collect::<Vec<_>>(), [3, 4]);
    }
}
