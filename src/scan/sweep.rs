//! The second look at a package in which something was removed: whether it stands anywhere else.

use super::artifact::{guarded, read_artifacts, take_hits};
use super::seats::judge_each;
use super::{Judge, Task};
use crate::judge::{self, Judging, Site};
use crate::model::{
    ArtifactReport, Finding, Level, Notice, NoticeCode, PackageReport, SensitiveText,
};
use crate::rules::{self, Ruleset};

/// Searches every file of a package for what was removed in it, on so many threads. A finding that says the same at a
/// lower level gives way to the one that knows what it repeats.
pub(super) fn search_package(
    package: &mut PackageReport,
    removed: &[SensitiveText],
    files: &[Task],
    judge: &dyn Judge,
    threads: usize,
) {
    let task = |number: usize| {
        files.get(number).map(|file| Task { removed: removed.to_vec(), ..file.clone() })
    };
    for report in judge_each(files.len(), task, judge, threads) {
        for finding in report.findings {
            package.findings.retain(|other| !says_the_same(other, &finding));
            package.findings.push(finding);
        }
        let first_time = |notice: &Notice| !package.notices.contains(notice);
        let new: Vec<_> = report.notices.into_iter().filter(first_time).collect();
        package.notices.extend(new);
    }
}

fn says_the_same(other: &Finding, finding: &Finding) -> bool {
    other.rule == finding.rule
        && other.artifact == finding.artifact
        && other.location == finding.location
}

/// Searches one file and whatever lies inside it, in this process.
pub(super) fn search(task: &Task, ruleset: &Ruleset, judging: &Judging) -> ArtifactReport {
    let removed: Vec<String> = task.removed.iter().map(|text| text.reveal().to_owned()).collect();
    let mut report = ArtifactReport::default();
    read_artifacts(task, |read| {
        if rules::is_in_name(&read.artifact.address.to_string(), &removed) {
            let terms = super::artifact::terms(ruleset, judge::MISSING_OCCURRENCE, Level::Error);
            report.findings.push(judge::repeating_name(&read.artifact, &terms, judging));
        }
        for document in &read.documents {
            let site =
                Site { address: &read.artifact.address, digest: &read.artifact.digest, document };
            if let Some(hits) = guarded(|| rules::occurrences(document, &removed)) {
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
