//! Putting packages together: reports on files come in any order, packages leave in theirs.

use super::again::{self, Judged};
use super::{Judge, Task, sweep};
use crate::discover::Entry;
use crate::judge as verdicts;
use crate::model::{
    Address, Artifact, ArtifactReport, Facts, Notice, NoticeCode, PackageReport, Status, Summary,
    Verdict,
};
use std::collections::VecDeque;

/// The most that is kept of imprints, in words of 64 bits: 16 MiB. Files whose imprints find no room are read again.
const MOST_IMPRINTS: usize = 1 << 21;

/// Packages that are not done yet, in the order in which they will leave.
#[derive(Default)]
pub(super) struct Assembly {
    open: VecDeque<Open>,
    /// The number of the package at the front.
    front: usize,
    /// On how many threads a package is searched.
    threads: usize,
    /// How long all imprints are that are kept.
    imprints: usize,
    /// What has left so far.
    pub summary: Summary,
}

struct Open {
    report: PackageReport,
    /// What each file gave the checks over the package, in the order of arrival.
    facts: Vec<(Address, Facts)>,
    /// The files that were judged, in the order of arrival.
    judged: Vec<Judged>,
    /// Files to be judged, and how many of them are still out.
    files: usize,
    missing: usize,
}

impl Assembly {
    /// One that searches packages on so many threads.
    pub(super) fn new(threads: usize) -> Self {
        Self { threads, ..Self::default() }
    }

    /// Opens the next package: how many files of it are to be judged, and everything else in it.
    pub(super) fn open(&mut self, name: &str, files: usize, rest: Vec<Entry>) {
        let mut report = PackageReport {
            package: name.to_owned(),
            verdict: Verdict::Undetermined,
            artifacts: Vec::new(),
            findings: Vec::new(),
            notices: Vec::new(),
            candidates: 0,
        };
        for entry in rest {
            match entry {
                Entry::File { .. } => {}
                Entry::Excluded(address) => {
                    report.artifacts.push(unopened(address, Status::Excluded));
                }
                Entry::Unread(notice) => {
                    report.artifacts.push(unopened(notice.artifact.clone(), Status::Unread));
                    report.notices.push(notice);
                }
                Entry::Unlisted(notice) => report.notices.push(notice),
            }
        }
        if files == 0 && report.notices.is_empty() {
            let message = "There is no file in it that was to be judged.";
            report.notices.push(Notice::blocking(NoticeCode::Io, message));
        }
        self.open.push_back(Open {
            report,
            facts: Vec::new(),
            judged: Vec::new(),
            files,
            missing: files,
        });
    }

    /// Adds the report on one file.
    pub(super) fn add(&mut self, package: usize, task: Task, mut report: ArtifactReport) {
        let index = package.checked_sub(self.front);
        let Some(open) = index.and_then(|index| self.open.get_mut(index)) else { return };
        open.missing = open.missing.saturating_sub(1);
        let shared = std::mem::take(&mut report.facts.shared);
        let mut imprint = std::mem::take(&mut report.facts.imprint);
        if self.imprints.saturating_add(imprint.len()) > MOST_IMPRINTS {
            imprint = Vec::new();
        }
        imprint.shrink_to_fit();
        self.imprints += imprint.len();
        let candidates = report.candidates.values().sum::<u32>();
        open.judged.push(Judged { task, shared, candidates, imprint });
        if let Some(file) = report.artifacts.first().filter(|_| report.facts != Facts::default()) {
            open.facts.push((file.address.clone(), report.facts));
        }
        open.report.artifacts.extend(report.artifacts);
        open.report.findings.extend(report.findings);
        open.report.notices.extend(report.notices);
        open.report.candidates += candidates;
    }

    /// The front package, if it is done, and how many files were judged in it: sorted, judged and counted.
    pub(super) fn next_done(&mut self, judge: &dyn Judge) -> Option<(PackageReport, usize)> {
        let done = self.open.front().is_some_and(|open| open.missing == 0);
        let Open { mut report, mut facts, mut judged, files, .. } =
            done.then(|| self.open.pop_front()).flatten()?;
        self.front += 1;
        let left: usize = judged.iter().map(|one| one.imprint.len()).sum();
        self.imprints = self.imprints.saturating_sub(left);
        facts.sort_by(|a, b| a.0.cmp(&b.0));
        let facts = joined(facts);
        judged.sort_by(|a, b| a.task.address.cmp(&b.task.address));
        again::look(&mut report, &judged, judge, self.threads);
        if !facts.removed.is_empty() {
            sweep::search_package(&mut report, &facts.removed, &judged, judge, self.threads);
        }
        judge.package(&mut report, &facts);
        report.artifacts.sort_by(|a, b| a.address.cmp(&b.address));
        verdicts::sort_findings(&mut report.findings);
        verdicts::sort_notices(&mut report.notices);
        report.verdict = verdicts::verdict(&report);
        verdicts::count(&report, &mut self.summary);
        Some((report, files))
    }
}

fn joined(files: Vec<(Address, Facts)>) -> Facts {
    let mut all = Facts::default();
    for (_, facts) in files {
        all.marked.extend(facts.marked);
        all.record_types.extend(facts.record_types);
        all.control_numbers.extend(facts.control_numbers);
        all.removed.extend(facts.removed);
        all.registered.extend(facts.registered);
        all.exposed.extend(facts.exposed);
    }
    all.removed.sort();
    all.removed.dedup();
    all
}

fn unopened(address: Address, status: Status) -> Artifact {
    Artifact { address, format: "unknown".to_owned(), digest: String::new(), status }
}
