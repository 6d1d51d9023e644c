//! What reports have to know of the rules that look at packages and not at documents.

use super::{Procedure, StepInfo};
use crate::model::{Confidence, Level};
use crate::rules::RuleInfo;

/// Rules beside the steps of the procedure: id, level, title, what to do.
const OTHERS: &[(&str, Level, &str, &str)] = &[
    (
        "release.no-manifest",
        Level::Warning,
        "The package has no release manifest",
        "Scaffold one with `obstat release init PACKAGE`, and have a person complete it.",
    ),
    (
        "release.digest",
        Level::Error,
        "A file is not the one that the manifest was made for",
        "Find out which of the two is right; a changed file needs its approvals anew.",
    ),
    (
        "release.unlisted-file",
        Level::Error,
        "The package holds a file that the manifest does not list",
        "Take the file out, or list it as a record and have its release approved.",
    ),
    (
        "release.record-type",
        Level::Warning,
        "A record reads like another type than the one declared",
        "Correct the type: it decides which procedure applies.",
    ),
    (
        "release.stale-approval",
        Level::Error,
        "An approval was given for another version, or cannot be checked",
        "Ask the local OPR office again, for the record as it is.",
    ),
    (
        "release.classified",
        Level::Error,
        "A record bears classification markings",
        "Take the record out; it leaves through declassification only.",
    ),
    (
        "release.undecided-category",
        Level::Warning,
        "Information of a category of section 5 is without a recorded decision",
        "Record the decision of the Director of OPR under `determinations`.",
    ),
    (
        "release.relied-on",
        Level::Note,
        "What is withheld is part of what the proposal relies on",
        "State `withheld_not_relied_on: true`, or show the passage.",
    ),
    (
        "release.type-mismatch",
        Level::Warning,
        "A file is not what its name promises",
        "Give the file the name of its format.",
    ),
    (
        "release.page-gap",
        Level::Warning,
        "A control number is missing or stands twice",
        "Find out which page is missing, or why one was put in twice.",
    ),
    (
        "release.safeguarding",
        Level::Warning,
        "A record of OPR lies where anyone with access to the machine can read it",
        "Take the rights to read the file from all others, or move it to a place that few may enter.",
    ),
    (
        "watch.name",
        Level::Error,
        "A name or number of the watch list stands in the package",
        "Redact it, or take the record out.",
    ),
    (
        "suppression.expired",
        Level::Warning,
        "A suppression has expired",
        "Have the finding looked at again, or remove the entry.",
    ),
    (
        "suppression.unused",
        Level::Warning,
        "A suppression fits no finding",
        "Remove the entry: what it was for is gone, or has changed.",
    ),
    (
        "suppression.refused",
        Level::Warning,
        "A suppression names an error that none can lower",
        "Remove the entry, and mend what the error is about.",
    ),
    (
        "release.missing-occurrence",
        Level::Error,
        "What was removed in one place stands in another in clear",
        "Remove it here too, in the source document, export it anew, and check that copy.",
    ),
];

/// What reports have to know of the procedure of a profile and of the checks around it.
pub fn rules(profile: &str) -> Vec<RuleInfo> {
    let procedure = Procedure::shipped(profile);
    let cited = procedure.as_ref().map(|procedure| procedure.citation("7")).unwrap_or_default();
    let steps = procedure.iter().flat_map(Procedure::steps).map(step);
    let others = OTHERS.iter().map(|(id, level, title, help)| RuleInfo {
        id: (*id).to_owned(),
        title: (*title).to_owned(),
        level: *level,
        confidence: Confidence::High,
        message: format!("{title}."),
        why: (*title).to_owned(),
        help: (*help).to_owned(),
        citation: cited.clone(),
    });
    steps.chain(others).collect()
}

fn step(step: StepInfo) -> RuleInfo {
    RuleInfo {
        id: step.id,
        title: step.message.trim_end_matches('.').to_owned(),
        level: step.level,
        confidence: Confidence::High,
        message: step.message,
        why: step.why,
        help: step.help,
        citation: step.citation,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_says_what_it_is_and_what_to_do() {
        for (profile, _) in crate::release::PROFILES {
            for rule in rules(profile) {
                assert!(rule.id.contains('.') && !rule.help.is_empty(), "{rule:?}");
                assert!(!rule.title.is_empty() && !rule.citation.is_empty(), "{rule:?}");
            }
        }
    }
}
