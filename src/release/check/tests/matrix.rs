//! Every cell of purpose and recipient (marks-and-release.md D.2): the section that applies, the manifest that lacks
//! its step and the one that has it.

use super::*;

const INSIDE: &[&str] = &["ice-office"];
const EMPLOYEE: &[&str] = &["employee", "employee-representative"];
const OVERSIGHT: &[&str] = &["gao", "dhs-oig"];
const REQUESTER: &[&str] = &["foia-requester", "privacy-act-requester"];
const OTHERS: &[&str] = &["court", "union", "congress", "law-enforcement"];
const PUBLIC: &[&str] = &["public", "media"];

const HQ: &str = "released_by: { name: A. Poe, role: opr-hq }\n";
const PROCESSED: &str = "processed_by: { name: C. Doe, role: foia-initial }\nredactions: { method: applied, exemption_codes: true, exemptions: [\"(b)(6)\"] }\n";
const APPEALED: &str = "processed_by: { name: C. Doe, role: foia-appeal }\nredactions: { method: applied, exemption_codes: true, exemptions: [\"(b)(6)\"] }\n";
const TRACKED: &str = "  request: { tracking_number: F-1 }\n";
const LIMITED: &str = "  articulated_need: the review of the office\n";
/// Nothing cures it.
const NEVER: &str = "never";

/// A cell: purpose, recipients, the rule and the section when the step is missing (none: it passes), and what supplies
/// the step: coordination, text at the end, text in `release`.
type Cell = (&'static str, &'static [&'static str], &'static str, &'static str, [&'static str; 3]);

const ROUTED: &str = concat!(
    "  - { kind: referral, role: elmr, decision: granted, covers: [rec-1] }\n",
    "  - { kind: determination, role: opr-hq, decision: granted, covers: [rec-1] }\n",
    "  - { kind: legal-consultation, role: opla, decision: not-appropriate }\n",
);

const CELLS: &[Cell] = &[
    ("administrative-action", EMPLOYEE, "release.consultation", "7.1", [CONSULTED, "", ""]),
    ("administrative-action", INSIDE, "", "5", ["", "", ""]),
    ("administrative-action", OVERSIGHT, "release.oversight-request", "7.5", [ROUTED, "", ""]),
    ("administrative-action", REQUESTER, "release.purpose", "7", [NEVER, "", ""]),
    ("administrative-action", OTHERS, "release.headquarters", "7.6", ["", HQ, ""]),
    ("administrative-action", PUBLIC, "release.public", "5", [NEVER, "", ""]),
    ("administrative-review", EMPLOYEE, "release.access-request", "7.3", [REFERRED, "", ""]),
    ("administrative-review", INSIDE, "release.management-inspection", "7.4", ["", "", LIMITED]),
    ("administrative-review", OVERSIGHT, "release.oversight-request", "7.5", [ROUTED, "", ""]),
    ("administrative-review", REQUESTER, "release.purpose", "7", [NEVER, "", ""]),
    ("administrative-review", OTHERS, "release.management-inspection", "7.4", [AUTHORIZED, "", ""]),
    ("administrative-review", PUBLIC, "release.public", "5", [NEVER, "", ""]),
    ("routine-administrative-use", EMPLOYEE, "release.access-request", "7.3", [REFERRED, "", ""]),
    ("routine-administrative-use", INSIDE, "", "7.6", ["", "", ""]),
    ("routine-administrative-use", OVERSIGHT, "release.purpose", "7", [NEVER, "", ""]),
    ("routine-administrative-use", REQUESTER, "release.purpose", "7", [NEVER, "", ""]),
    ("routine-administrative-use", OTHERS, "release.headquarters", "7.6", ["", HQ, ""]),
    ("routine-administrative-use", PUBLIC, "release.public", "5", [NEVER, "", ""]),
    ("access-request", EMPLOYEE, "release.access-request", "7.3", [REFERRED, "", ""]),
    ("access-request", INSIDE, "release.access-request", "7.3", [REFERRED, "", ""]),
    ("access-request", OVERSIGHT, "release.oversight-request", "7.5", [ROUTED, "", ""]),
    ("access-request", REQUESTER, "release.foia-processing", "7.7", ["", PROCESSED, TRACKED]),
    ("access-request", OTHERS, "release.access-request", "7.3", [REFERRED, "", ""]),
    ("access-request", PUBLIC, "release.public", "5", [NEVER, "", ""]),
    // Beyond the matrix: the two Acts, appeals, and where the directive is silent.
    ("foia", &["foia-requester"], "release.foia-processing", "7.7", ["", PROCESSED, TRACKED]),
    ("privacy-act", REQUESTER, "release.foia-processing", "7.7", ["", PROCESSED, TRACKED]),
    ("foia-appeal", REQUESTER, "release.foia-processing", "7.7", ["", APPEALED, TRACKED]),
    ("pa-appeal", REQUESTER, "release.foia-processing", "7.7", ["", APPEALED, TRACKED]),
    ("gao-audit", OVERSIGHT, "release.oversight-request", "7.5", [ROUTED, "", ""]),
    ("oig-inquiry", OVERSIGHT, "release.oversight-request", "7.5", [ROUTED, "", ""]),
    ("administrative-action", &["proposing-official", "deciding-official"], "", "5", ["", "", ""]),
    (
        "litigation",
        &["mspb-eeoc-arbitrator", "prosecutor"],
        "release.headquarters",
        "7.6",
        ["", HQ, ""],
    ),
];

fn told(case: &Case) -> Vec<(String, String)> {
    let mut findings = Vec::new();
    judged(&case.manifest(), &mut findings, None);
    findings.into_iter().map(|finding| (finding.rule, finding.citation)).collect()
}

fn supplied(mut case: Case, [coordination, text, request]: [&'static str; 3]) -> Case {
    case.coordination = if coordination == NEVER { ROUTED } else { coordination };
    case.extra.push_str(text);
    case.request = request;
    if !request.is_empty() {
        // What names an Office goes with what it needs the record for.
        case.organization = "Field Office";
    }
    case
}

#[test]
fn each_cell_of_the_matrix_cites_its_section_and_passes_with_its_step() {
    for (purpose, recipients, rule, section, step) in CELLS {
        for recipient in *recipients {
            let lacking = told(&case(recipient, purpose));
            let expected = if rule.is_empty() {
                Vec::new()
            } else {
                vec![((*rule).to_owned(), format!("ICE Directive 6-4.0, {section}"))]
            };
            assert_eq!(lacking, expected, "{recipient}, {purpose}: without the step");
            let having = told(&supplied(case(recipient, purpose), *step));
            let still = if step[0] == NEVER { expected } else { Vec::new() };
            assert_eq!(having, still, "{recipient}, {purpose}: with the step");
            // Section 5 applies on top, whatever the way.
            let unsaid = told(&supplied(Case { need: "-", ..case(recipient, purpose) }, *step));
            let asked = unsaid.iter().any(|(rule, _)| rule == "release.need-to-know");
            assert_eq!(asked, !REQUESTER.contains(recipient), "{recipient}, {purpose}: no need");
        }
    }
}

#[test]
fn each_row_that_hangs_on_the_record_demands_what_it_needs() {
    let consulted =
        || Case { coordination: CONSULTED, ..case("employee", "administrative-action") };
    let of = |case: &Case, mut findings: Vec<Finding>| {
        judged(&case.manifest(), &mut findings, None);
        findings.into_iter().map(|one| (one.rule, one.level)).collect::<Vec<_>>()
    };
    let has = |found: &[(String, Level)], rule: &str, level: Level| {
        found.iter().any(|(a, b)| a == rule && *b == level)
    };
    // 5.1 to 5.7: a decision for each.
    for (rule, category) in [
        ("category.confidential-source", "5.1"),
        ("category.personal-safety", "5.2"),
        ("category.technique", "5.4"),
        ("category.deliberative", "5.5"),
        ("category.ongoing-investigation", "5.6"),
    ] {
        let bare = of(&consulted(), vec![found(rule, "x", 3)]);
        assert!(has(&bare, "release.undecided-category", Level::Warning), "{rule}: {bare:?}");
        let decided = format!(
            "{ACCOUNTED}determinations:\n  - {{ category: \"{category}\", decision: release, by: opr-director, reason: x, covers: [rec-1] }}\n"
        );
        let decided = of(&Case { extra: decided, ..consulted() }, vec![found(rule, "x", 3)]);
        assert_eq!(decided, [(rule.to_owned(), Level::Note)], "{rule}");
    }
    // What the employee cannot see must not be relied on.
    let relied = Case { record_extra: "    relied_on: true\n", ..consulted() };
    let bare = of(&relied, vec![mark("exempt.redacted", 1)]);
    assert!(has(&bare, "release.relied-on", Level::Note), "{bare:?}");
    let stated = "    relied_on: true\n    withheld_not_relied_on: true\n";
    let stated = Case { record_extra: stated, ..consulted() };
    assert_eq!(of(&stated, vec![mark("exempt.redacted", 1)]).len(), 1);
    // Nothing in a manifest cures classified content.
    let decided = format!(
        "{ACCOUNTED}determinations:\n  - {{ category: \"5.3\", decision: release, by: opr-director, reason: x, covers: [rec-1] }}\n"
    );
    let mut classified = found("classification.banner", "SECRET", 1);
    classified.level = Level::Error;
    let still = of(&Case { extra: decided, ..consulted() }, vec![classified]);
    assert!(has(&still, "release.classified", Level::Error), "{still:?}");
}

#[test]
fn a_marking_that_its_authority_decided_about_is_a_note() {
    let disposed = |by: &str, action: &str| {
        let text = format!(
            "{ACCOUNTED}marking_dispositions:\n  - {{ marking: Law Enforcement Sensitive, action: {action}, by: {by}, authority: 32 CFR 2002.38(b)(2) }}\n"
        );
        let case = Case {
            extra: text,
            coordination: CONSULTED,
            ..case("employee", "administrative-action")
        };
        let mut findings = vec![found("marking.les", "LAW ENFORCEMENT SENSITIVE", 1)];
        findings[0].level = Level::Warning;
        judged(&case.manifest(), &mut findings, None);
        findings[0].level
    };
    assert_eq!(disposed("opr-hq", "retained"), Level::Note);
    assert_eq!(disposed("opr-hq", "decontrolled"), Level::Note);
    assert_eq!(disposed("opr-hq", "removed"), Level::Warning, "it is still there");
    assert_eq!(disposed("supervisor", "retained"), Level::Warning);
}
