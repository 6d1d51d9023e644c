//! Marked passages against approvals, disputes and the count that OPR gave (7.2).

use super::{Check, PackageView, file_of};
use crate::model::{Finding, Level, Place};
use crate::register::Register;
use crate::release::cover::{Cover, CoverPart};
use crate::release::spec::{CoordinationSpec, DisputeSpec, RecordSpec};
use crate::release::vocabulary::{CoordinationKind, Decision, DisputeStatus, Role};
use crate::rules::At;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Findings that stand for one firm mark each.
pub(super) const MARKED: &[&str] =
    &["exempt.open", "exempt.partial", "exempt.covered", "exempt.redacted"];
/// What an approval can let out. What only looks redacted was not meant to go.
const APPROVABLE: &[&str] = &["exempt.open", "exempt.partial"];

impl Check<'_> {
    pub(super) fn marks(&mut self, package: &mut PackageView<'_>) {
        let manifest = self.manifest;
        // The register has said so already, and knows better.
        let known_lost: BTreeSet<String> = package
            .findings
            .iter()
            .filter(|finding| finding.rule == "exempt.lost")
            .map(|finding| finding.artifact.path().to_owned())
            .collect();
        let mut by_file: BTreeMap<String, Vec<&mut Finding>> = BTreeMap::new();
        let marked = package.findings.iter_mut();
        for finding in marked.filter(|finding| MARKED.contains(&finding.rule.as_str())) {
            by_file.entry(finding.artifact.path().to_owned()).or_default().push(finding);
        }
        let mut passages = BTreeSet::new();
        for record in &manifest.spec.records {
            let path = file_of(record);
            let mut marked = by_file.remove(path).unwrap_or_default();
            marked.sort_by_key(|finding| {
                finding.data.get("mark").and_then(serde_json::Value::as_u64)
            });
            if !known_lost.contains(path) {
                self.count(record, marked.len());
            }
            let numbers = self.numbers(record, &marked, package.key);
            for (finding, number) in marked.into_iter().zip(numbers) {
                let passage = format!("{}#E{number}", record.id.value);
                finding.data.insert("passage".to_owned(), passage.as_str().into());
                passages.insert(passage);
                self.decide(record, finding, number);
            }
        }
        self.covers_nothing(&passages);
    }

    /// The number of each marked passage: by digest where the manifest gives digests, so that an inserted mark does
    /// not shift an approval to another passage; else by reading order.
    fn numbers(
        &mut self,
        record: &RecordSpec,
        marked: &[&mut Finding],
        key: Option<&crate::register::Key>,
    ) -> Vec<u32> {
        let in_order = (1..).take(marked.len()).collect();
        let Some(given) = record.marked_passages.as_ref().filter(|given| !given.digests.is_empty())
        else {
            return in_order;
        };
        let Some(key) = key else {
            let message = "The digests of the marked passages cannot be checked without the key they were made with.";
            self.add("release.stale-approval", Level::Error, message, "7.2", &given.span);
            return in_order;
        };
        let count = u32::try_from(given.digests.len()).unwrap_or(u32::MAX);
        let mut unknown = count.max(given.count);
        let number = |finding: &&mut Finding| {
            let digest = hex(&Register::digest(key, finding.evidence.reveal()));
            let known = given.digests.iter().zip(1..).find(|(one, _)| one.value.ends_with(&digest));
            known.map_or_else(
                || {
                    unknown += 1;
                    unknown
                },
                |(_, number)| number,
            )
        };
        marked.iter().map(number).collect()
    }

    fn count(&mut self, record: &RecordSpec, found: usize) {
        if let Some(given) = &record.marked_passages
            && (given.count as usize) > found
        {
            let message = format!(
                "OPR marked {} passages in this record, but only {found} marks were found.",
                given.count
            );
            self.add_about(record, ("exempt.lost", Level::Error, &message), "7.2", &given.span);
        }
    }

    fn decide(&mut self, record: &At<RecordSpec>, finding: &mut Finding, number: u32) {
        let page = match finding.location.place {
            Place::Page { page, .. } => page,
            _ => 0,
        };
        let disputes = self.manifest.spec.disputes.iter();
        let concerns = |text: &str| {
            Cover::parse(text).is_some_and(|cover| cover.covers_mark(&record.id, number, page))
        };
        if let Some(dispute) = disputes
            .clone()
            .find(|dispute| concerns(&dispute.passage.value) && !is_resolved(dispute))
        {
            if finding.rule != "exempt.redacted" {
                "exempt.disputed".clone_into(&mut finding.rule);
                finding.level = Level::Error;
                "The release of this marked passage is disputed, and the Director of OPR has not resolved it."
                    .clone_into(&mut finding.message);
                finding.data.insert(
                    "line".to_owned(),
                    line_of(&self.manifest.place(&dispute.passage.span)),
                );
            }
            return;
        }
        if !APPROVABLE.contains(&finding.rule.as_str()) || !is_bound(record, number) {
            return;
        }
        let approvals = self.manifest.spec.coordination.iter().filter(|entry| {
            entry.covers.iter().any(|cover| {
                let whole = matches!(
                    Cover::parse(&cover.value),
                    Some(Cover { part: CoverPart::Whole, .. })
                );
                concerns(&cover.value) && is_granted(entry, whole)
            })
        });
        let mut stale = None;
        for approval in approvals {
            if is_stale(approval, record) {
                stale = Some(approval);
            } else {
                approve(finding);
                return;
            }
        }
        if let Some(approval) = stale {
            let message =
                "The approval is older than the record: it was given for another version.";
            self.add("release.stale-approval", Level::Error, message, "7.2", &approval.kind.span);
        }
    }

    /// An approval for a mark that is not there was given for another version of the record; a dispute over it is
    /// not settled by that.
    fn covers_nothing(&mut self, passages: &BTreeSet<String>) {
        let spec = &self.manifest.spec;
        let is_gone = |cover: &str| match Cover::parse(cover) {
            Some(Cover { record, part: CoverPart::Mark(number) }) => {
                !passages.contains(&format!("{record}#E{number}"))
            }
            _ => false,
        };
        let covers = spec.coordination.iter().flat_map(|entry| &entry.covers);
        for cover in covers.filter(|cover| is_gone(&cover.value)) {
            let message = "The approval covers a marked passage that is not in the record.";
            self.add("release.stale-approval", Level::Error, message, "7.2", &cover.span);
        }
        let open = spec.disputes.iter().filter(|dispute| !is_resolved(dispute));
        for dispute in open.filter(|dispute| is_gone(&dispute.passage.value)) {
            let message = "The disputed passage was not found in the record by its mark, and the Director of OPR has not resolved the dispute.";
            self.add("exempt.disputed", Level::Error, message, "7.2", &dispute.passage.span);
        }
    }
}

/// Approval is the local OPR office's to give; the Director's resolution of a dispute stands above it.
fn is_granted(entry: &CoordinationSpec, whole: bool) -> bool {
    let by_office =
        entry.kind.value == CoordinationKind::Approval && entry.role.value == Role::OprLocal;
    let by_director = entry.kind.value == CoordinationKind::DisputeResolution
        && entry.role.value == Role::OprDirector;
    let granted = match entry.decision.value {
        Decision::Granted => true,
        // In part: only what it names one by one.
        Decision::GrantedInPart => !whole,
        _ => false,
    };
    (by_office || by_director) && granted
}

fn is_resolved(dispute: &DisputeSpec) -> bool {
    let stated = |decision: Decision| decision != Decision::Pending;
    dispute.status.value == DisputeStatus::Resolved
        && dispute.resolved_by == Some(Role::OprDirector)
        && dispute.opla.is_some_and(stated)
}

/// Where the manifest gives digests, a passage with another one is not among those that were approved, whatever the
/// approval covers.
fn is_bound(record: &RecordSpec, number: u32) -> bool {
    let given = record.marked_passages.iter().map(|given| given.digests.len());
    given.filter(|count| *count > 0).all(|count| number as usize <= count)
}

/// Dates compare as text: validation lets only `YYYY-MM-DD` through.
fn is_stale(approval: &CoordinationSpec, record: &RecordSpec) -> bool {
    match (&approval.date, &record.changed) {
        (Some(given), Some(changed)) => given.value < changed.value,
        (None, Some(_)) => true,
        _ => false,
    }
}

fn approve(finding: &mut Finding) {
    "exempt.approved".clone_into(&mut finding.rule);
    finding.level = Level::Note;
    "This marked passage is readable with the approval of the local OPR office."
        .clone_into(&mut finding.message);
}

fn line_of(place: &Place) -> serde_json::Value {
    match place {
        Place::Line { line, .. } => (*line).into(),
        _ => serde_json::Value::Null,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        // Writing into a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
