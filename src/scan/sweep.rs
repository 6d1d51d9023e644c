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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Address;
    use crate::scan::{Seat, unjudged};
    use std::path::PathBuf;
    use std::sync::Mutex;

    /// Takes down which files it is given, and how many terms with each.
    #[derive(Default)]
    struct Clerk(Mutex<Vec<(String, usize)>>);

    struct Desk<'a>(&'a Clerk);

    impl Judge for Clerk {
        fn seat(&self) -> Box<dyn Seat + '_> {
            Box::new(Desk(self))
        }
    }

    impl Seat for Desk<'_> {
        fn judge(&mut self, task: &Task) -> ArtifactReport {
            self.0.0.lock().unwrap().push((task.address.to_string(), task.removed.len()));
            unjudged(task, Notice::informing(NoticeCode::Io, ""))
        }
    }

    #[test]
    fn only_files_in_which_a_term_can_stand_are_read_again_and_for_no_other_terms() {
        let file = |name: &str, text: Option<&str>| {
            let imprint = text.map(|text| {
                let mut imprint = imprint::Imprint::default();
                imprint.add(text);
                imprint.finish()
            });
            Judged {
                task: Task::new(Address::new(name), PathBuf::from("no/such/file")),
                shared: Vec::new(),
                candidates: 0,
                imprint: imprint.unwrap_or_default(),
            }
        };
        let files = [
            file("holds-one", Some("Interview of Mr. Casper\nDUNMARROW, case 0417/23")),
            file("holds-none", Some("Dunmarrow, Casper; the case of 22 April 0417")),
            file("unknown", None),
        ];
        let removed = ["casper dunmarrow", "0417 22"].map(SensitiveText::new);
        let (clerk, mut package) = (
            Clerk::default(),
            PackageReport {
                package: String::new(),
                verdict: crate::model::Verdict::Clear,
                artifacts: Vec::new(),
                findings: Vec::new(),
                notices: Vec::new(),
                candidates: 0,
            },
        );
        search_package(&mut package, &removed, &files, &clerk, 1);
        let asked = clerk.0.into_inner().unwrap();
        assert_eq!(asked, [("holds-one".to_owned(), 1), ("unknown".to_owned(), 2)]);
    }
}
