//! What was found in the records against what the manifest decides about it.

use super::{Check, PackageView};
use crate::model::{Finding, Level, NoticeCode, Place};
use crate::release::cover::{Cover, CoverPart};
use crate::release::vocabulary::{Category, CategoryDecision, MarkingAction, RecipientKind, Role};
use std::collections::BTreeMap;

/// Rules that find content of a category of section 5.
const CATEGORY_RULES: &[(&str, Category)] = &[
    ("category.confidential-source", Category::ConfidentialSource),
    ("category.personal-safety", Category::PersonalSafety),
    ("category.technique", Category::Technique),
    ("category.deliberative", Category::Internal),
    ("category.privileged", Category::Internal),
    ("category.ongoing-investigation", Category::OngoingInvestigation),
    ("category.grand-jury", Category::OngoingInvestigation),
];

impl Check<'_> {
    pub(super) fn content(&mut self, package: &mut PackageView<'_>) {
        self.classified(package.findings);
        self.categories(package.findings);
        self.own_data(package.findings);
        self.dispositions(package.findings);
        self.transmittal(package.findings);
        self.relied_on(package.findings);
        self.inspected(package);
    }

    /// No field of the manifest cures classified content: it leaves through declassification only.
    fn classified(&mut self, findings: &[Finding]) {
        let classified = findings.iter().filter(|finding| {
            finding.rule.starts_with("classification.") && finding.level == Level::Error
        });
        let records: Vec<_> = classified
            .filter_map(|finding| Some(self.record_of(&finding.artifact)?.id.span.clone()))
            .collect();
        for span in records {
            let message = "The record bears classification markings; no approval releases it.";
            self.add("release.classified", Level::Error, message, "5.3", &span);
        }
    }

    fn categories(&mut self, findings: &mut [Finding]) {
        let mut undecided = BTreeMap::new();
        for finding in findings.iter_mut() {
            let Some((_, category)) = CATEGORY_RULES.iter().find(|(rule, _)| *rule == finding.rule)
            else {
                continue;
            };
            let Some(record) = self.record_of(&finding.artifact) else { continue };
            let (id, span) = (record.id.value.clone(), record.id.span.clone());
            match self.decision(*category, &id, &finding.location.place) {
                Some(CategoryDecision::Release) => finding.level = Level::Note,
                Some(CategoryDecision::Withhold) => {
                    undecided.insert((span.start, *category, true), span);
                }
                None => {
                    undecided.insert((span.start, *category, false), span);
                }
            }
        }
        for ((_, category, withheld), span) in undecided {
            let section = category.as_str();
            let (level, message) = if withheld {
                (
                    Level::Error,
                    format!(
                        "The Director of OPR withholds information of {section}, but it is readable in this record."
                    ),
                )
            } else {
                (
                    Level::Warning,
                    format!(
                        "The record holds information of {section}, and no decision about it is recorded."
                    ),
                )
            };
            self.add("release.undecided-category", level, &message, section, &span);
        }
    }

    /// The Director's decision about a category at a place of a record; a decision for the page goes before one for
    /// the record. Anyone else's decision to release does not count, a decision to withhold does.
    fn decision(
        &self,
        category: Category,
        record: &str,
        place: &Place,
    ) -> Option<CategoryDecision> {
        let page = match place {
            Place::Page { page, .. } => *page,
            _ => 0,
        };
        let decisions = self.manifest.spec.determinations.iter().filter(|entry| {
            let may = entry.by.value == Role::OprDirector
                || entry.decision.value == CategoryDecision::Withhold;
            entry.category.value == category && may
        });
        let fits = |cover: &Cover<'_>, by_page: bool| {
            cover.record == record
                && match cover.part {
                    CoverPart::Whole => !by_page,
                    CoverPart::Page(covered) => by_page && covered == page,
                    CoverPart::Mark(_) => false,
                }
        };
        let find = |by_page: bool| {
            decisions.clone().find(|entry| {
                (entry.covers.is_empty() && !by_page)
                    || entry
                        .covers
                        .iter()
                        .filter_map(|cover| Cover::parse(&cover.value))
                        .any(|cover| fits(&cover, by_page))
            })
        };
        find(true).or_else(|| find(false)).map(|entry| entry.decision.value)
    }

    /// An employee's own data in the employee's own packet is no invasion of privacy.
    fn own_data(&self, findings: &mut [Finding]) {
        let recipient = self.manifest.recipient();
        if !matches!(recipient, RecipientKind::Employee | RecipientKind::EmployeeRepresentative) {
            return;
        }
        for finding in findings.iter_mut().filter(|finding| finding.rule.starts_with("pii.")) {
            let subjects =
                self.record_of(&finding.artifact).map(|record| record.data_subjects.as_slice());
            let own =
                |subject: &String| matches!(subject.as_str(), "subject" | "employee" | "recipient");
            if subjects.is_some_and(|subjects| !subjects.is_empty() && subjects.iter().all(own)) {
                finding.level = Level::Note;
                finding.data.insert("own_data".to_owned(), true.into());
            }
        }
    }

    /// A control marking that Headquarters or the Director left on, or declared void, with its authority, needs nobody's
    /// attention. One that is said to have been taken off and still stands there does; so does one with a statute
    /// behind it (an error).
    fn dispositions(&self, findings: &mut [Finding]) {
        let decided = self.decided(&[MarkingAction::Retained, MarkingAction::Decontrolled]);
        let legacy = findings.iter_mut().filter(|finding| {
            finding.rule.starts_with("marking.") && finding.level == Level::Warning
        });
        for finding in legacy {
            let marking = capitals(finding.evidence.reveal());
            if self.record_of(&finding.artifact).is_some() && decided.contains(&marking) {
                finding.level = Level::Note;
                finding.data.insert("disposition".to_owned(), true.into());
            }
        }
    }

    /// The markings, in capitals, about which Headquarters or the Director took such an action, with its authority.
    fn decided(&self, actions: &[MarkingAction]) -> Vec<String> {
        let entries = self.manifest.spec.marking_dispositions.iter().filter(|entry| {
            actions.contains(&entry.action)
                && matches!(entry.by, Role::OprHq | Role::OprDirector)
                && entry.authority.as_ref().is_some_and(|words| !words.trim().is_empty())
        });
        entries.map(|entry| capitals(&entry.marking)).collect()
    }

    /// What goes with controlled information has to say that it is enclosed.
    fn transmittal(&mut self, findings: &[Finding]) {
        if findings.iter().any(|finding| finding.rule == "cui.transmittal") {
            return;
        }
        let void = self.decided(&[MarkingAction::Decontrolled]);
        let controlled = findings.iter().filter(|finding| {
            finding.rule == "cui.banner" && !void.contains(&capitals(finding.evidence.reveal()))
        });
        let spans: Vec<_> = controlled
            .filter_map(|finding| Some(self.record_of(&finding.artifact)?.id.span.clone()))
            .collect();
        for span in spans {
            let message = "The record bears a CUI banner, and nothing in the package says, as a transmittal has to, that CUI is enclosed.";
            self.add("cui.transmittal", Level::Warning, message, "32 CFR 2002.20(j)", &span);
        }
    }

    /// What the employee cannot see must not be relied on (5 CFR 752.404(b)(1)).
    fn relied_on(&mut self, findings: &[Finding]) {
        let withheld = findings.iter().filter(|finding| {
            matches!(finding.rule.as_str(), "exempt.redacted" | "exempt.partial")
        });
        let records: Vec<_> = withheld
            .filter_map(|finding| self.record_of(&finding.artifact))
            .filter(|record| record.relied_on && !record.withheld_not_relied_on)
            .collect();
        for record in records {
            let message = "The proposal relies on this record, and a passage of it is withheld: state that the withheld part is not relied on.";
            let found = ("release.relied-on", Level::Note, message);
            self.add_about(record, found, "5 CFR 752.404(b)(1)", &record.id.span);
        }
    }

    /// A picture that a person has looked at is no longer unread.
    fn inspected(&self, package: &mut PackageView<'_>) {
        let pictures =
            package.notices.iter_mut().filter(|notice| notice.code == NoticeCode::ImageOnly);
        for notice in pictures {
            let page = match notice.place {
                Some(Place::Page { page, .. }) => page,
                _ => 0,
            };
            let Some(record) = self.record_of(&notice.artifact) else { continue };
            let covers = self.manifest.spec.inspections.iter().flat_map(|entry| &entry.covers);
            let mut parsed = covers.filter_map(|cover| Cover::parse(&cover.value));
            if parsed.any(|cover| cover.covers_mark(&record.id.value, 0, page)) {
                notice.blocking = false;
            }
        }
    }
}

/// A marking as its words in capitals: how it is spaced or punctuated does not count.
fn capitals(marking: &str) -> String {
    let words = marking.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").to_uppercase()
}
