//! The second look at files in which a value can stand that is certain elsewhere in their package: an SSN that one
//! form calls by its name stands bare in another. What crosses the pipe for it are values, and hashes of words; none
//! of that is written anywhere.

use super::seats::judge_each;
use super::{Judge, Task};
use crate::analyse::shared;
use crate::model::{
    Address, ArtifactReport, Confirmed, Notice, NoticeCode, Occasion, PackageReport, Shared,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A file that was judged.
pub(super) struct Judged {
    pub(super) task: Task,
    /// What its documents have to do with others.
    pub(super) shared: Vec<Shared>,
    /// Hits below low confidence.
    pub(super) candidates: u32,
    /// Which words can stand in it; empty where that is not known.
    pub(super) imprint: Vec<u64>,
}

/// A value that is certain somewhere.
struct Known {
    confirmed: Confirmed,
    forms: [Vec<u32>; 2],
}

/// Judges those files again in which values of others can stand, with these known, on so many threads.
pub(super) fn look(
    package: &mut PackageReport,
    files: &[Judged],
    judge: &dyn Judge,
    threads: usize,
) {
    let wanted: Vec<(&Judged, Vec<Confirmed>)> =
        files.iter().zip(wanted(files)).filter(|(_, confirmed)| !confirmed.is_empty()).collect();
    if wanted.is_empty() {
        return;
    }
    let task = |number: usize| {
        let (file, confirmed) = wanted.get(number)?;
        let occasion = Occasion { confirmed: confirmed.clone(), ..file.task.occasion.clone() };
        Some(Task { occasion, ..file.task.clone() })
    };
    let reports = judge_each(wanted.len(), task, judge, threads);
    for ((file, _), report) in wanted.iter().zip(reports) {
        replace(package, file, report);
    }
}

/// For each file the values that are certain elsewhere and can stand in one of its documents.
fn wanted(files: &[Judged]) -> Vec<Vec<Confirmed>> {
    let known = known(files);
    let mut by_word: HashMap<u32, Vec<usize>> = HashMap::new();
    for (number, value) in known.values().enumerate() {
        for word in value.forms.iter().filter_map(|form| form.first()) {
            by_word.entry(*word).or_default().push(number);
        }
    }
    let known: Vec<(&(String, String), &Known)> = known.iter().collect();
    let of_file = |file: &Judged| {
        let mut wanted: BTreeSet<usize> = BTreeSet::new();
        for document in &file.shared {
            let own: BTreeSet<_> = document.confirmed.iter().map(key).collect();
            let near = document.words.iter().filter_map(|word| by_word.get(word)).flatten();
            wanted.extend(near.filter(|number| {
                known.get(**number).is_some_and(|(key, value)| {
                    !own.contains(key) && value.can_stand_in(&document.words)
                })
            }));
        }
        let value = |number: usize| known.get(number).map(|(_, value)| value.confirmed.clone());
        wanted.into_iter().filter_map(value).collect()
    };
    files.iter().map(of_file).collect()
}

/// Everything that is certain in some document, each value once.
fn known(files: &[Judged]) -> BTreeMap<(String, String), Known> {
    let mut known = BTreeMap::new();
    if files.iter().map(|file| file.shared.len()).sum::<usize>() < 2 {
        return known;
    }
    for confirmed in files.iter().flat_map(|file| &file.shared).flat_map(|one| &one.confirmed) {
        known.entry(key(confirmed)).or_insert_with(|| Known {
            confirmed: confirmed.clone(),
            forms: shared::forms(confirmed.value.reveal()),
        });
    }
    known
}

fn key(confirmed: &Confirmed) -> (String, String) {
    (confirmed.rule.clone(), shared::compact(confirmed.value.reveal()))
}

impl Known {
    fn can_stand_in(&self, words: &[u32]) -> bool {
        self.forms.iter().any(|form| {
            !form.is_empty() && form.iter().all(|word| words.binary_search(word).is_ok())
        })
    }
}

/// Puts what was found the second time in the place of what was found the first time. Where the file could not be
/// read again as it was, both are kept and the package is not clear.
fn replace(package: &mut PackageReport, file: &Judged, report: ArtifactReport) {
    let is_same = !report.artifacts.is_empty()
        && report.artifacts.iter().all(|artifact| package.artifacts.contains(artifact));
    if !is_same {
        let message = "It could not be read again to look for values that are certain elsewhere.";
        let mut notice = Notice::blocking(NoticeCode::Crashed, message);
        notice.artifact = file.task.address.clone();
        package.notices.push(notice);
        return;
    }
    let own: BTreeSet<&Address> = report.artifacts.iter().map(|one| &one.address).collect();
    package.findings.retain(|finding| !own.contains(&finding.artifact));
    package.findings.extend(report.findings);
    let candidates = report.candidates.values().sum::<u32>();
    package.candidates = package.candidates.saturating_sub(file.candidates) + candidates;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SensitiveText;

    fn file(name: &str, confirmed: &[&str], text: &str) -> Judged {
        let one = |value: &&str| Confirmed {
            rule: "pii.ssn".to_owned(),
            value: SensitiveText::new(*value),
        };
        let mut words = shared::forms(text).concat();
        words.sort_unstable();
        let confirmed = confirmed.iter().map(one).collect();
        Judged {
            task: Task::new(Address::new(name), std::path::PathBuf::from(name)),
            shared: vec![Shared { confirmed, words }],
            candidates: 0,
            imprint: Vec::new(),
        }
    }

    #[test]
    fn only_files_in_which_a_value_of_another_can_stand_are_read_again() {
        let files = [
            file("a", &["219-45-9998"], "SSN 219-45-9998"),
            file("b", &[], "219459998 was seen"),
            file("c", &[], "219 45 1000"),
            file("d", &["219 45 9998"], "SSN 219 45 9998"),
        ];
        let wanted: Vec<usize> = wanted(&files).iter().map(Vec::len).collect();
        assert_eq!(wanted, [0, 1, 0, 0]);
        assert!(super::wanted(&files[..1]).concat().is_empty());
    }
}
