//! The second look at a package in which something was removed: whether it stands anywhere else.

use super::again::Judged;
use super::artifact::{guarded, read_artifacts, take_hits};
use super::seats::judge_each;
use super::{Judge, Task};
use crate::analyse::imprint;
use crate::analyse::sweep::Searcher;
use crate::judge::{self, Judging, Site};
use crate::model::{
    ArtifactReport, Finding, Level, Notice, NoticeCode, PackageReport, SensitiveText,
};
use crate::rules::Ruleset;

/// Searches every file of a package in which something can stand that was removed in it, on so many threads. A finding that says the same at a
/// lower level gives way to the one that knows what it repeats.
pub(super) fn search_package(
    package: &mut PackageReport,
    removed: &[SensitiveText],
    files: &[Judged],
    judge: &dyn Judge,
    threads: usize,
) {
    let wanted: Vec<_> = files.iter().filter(|file| can_hold_any(file, removed)).collect();
    let task = |number: usize| {
        let file = wanted.get(number)?;
        let can_stand = |term: &&SensitiveText| imprint::can_hold(&file.imprint, term.reveal());
        let removed = removed.iter().filter(can_stand).cloned().collect();
        Some(Task { removed, ..file.task.clone() })
    };
    for report in judge_each(wanted.len(), task, judge, threads) {
        for finding in report.findings {
            package.findings.retain(|other| !says_the_same(other, &finding));
            package.findings.push(finding);
        }
        let first_time = |notice: &Notice| !package.notices.contains(notice);
        let new: Vec<_> = report.notices.into_iter().filter(first_time).collect();
        package.notices.extend(new);
    }
}

fn can_hold_any(file: &Judged, removed: &[SensitiveText]) -> bool {
    removed.iter().any(|term| imprint::can_hold(&file.imprint, term.reveal()))
}

fn says_the_same(other: &Finding, finding: &Finding) -> bool {
    other.rule == finding.rule
        && other.artifact == finding.artifact
        && other.location == finding.location
}

/// Searches one file and whatever lies inside it, in this process.
pub(super) fn search(task: &Task, ruleset: &Ruleset, judging: &Judging) -> ArtifactReport {
    let removed: Vec<String> = task.removed.iter().map(|text| text.reveal().to_owned()).collect();
    let (mut searcher, mut report) = (Searcher::new(&removed), ArtifactReport::default());
    read_artifacts(task, |read| {
        if searcher.is_in_name(&read.artifact.address.to_string()) {
            let terms = super::artifact::terms(ruleset, judge::MISSING_OCCURRENCE, Level::Error);
            report.findings.push(judge::repeating_name(&read.artifact, &terms, judging));
        }
        for document in &read.documents {
            let site =
                Site { address: &read.artifact.address, digest: &read.artifact.digest, document };
            if let Some(hits) = guarded(|| searcher.occurrences(document)) {
                take_hits(hits, ruleset, &site, judging, &mut report);
            } else {
                let message = "The search for what was removed elsewhere failed on it.";
                let mut notice = Notice::blocking(NoticeCode::Crashed, message);
                notice.artifact = read.artifact.address.clone();
                report.notices.push(notice);
            }
        }
    });
    report
}
