//! A test per row of the procedure and per cell of purpose and recipient: the manifest that lacks the step obstructs
//! with the right rule, the one that has it does not.

use super::super::{Manifest, Mode, PackageView, Procedure};
use crate::model::{
    Address, Artifact, Finding, Level, Notice, NoticeCode, Place, SensitiveText, Status,
};
use crate::register::{Key, Register};

mod matrix;

const TODAY: &str = "2026-06-01";

/// A manifest that is complete but for what a case adds.
struct Case {
    recipient: &'static str,
    purpose: &'static str,
    kind: &'static str,
    extra: String,
    record_extra: &'static str,
    coordination: &'static str,
    need: &'static str,
    request: &'static str,
    organization: &'static str,
}

const ACTION: &str = "  action: { proposed: true, reference: PROP-1, date: 2026-04-20 }\n";
const ACCOUNTED: &str = "accounting: { required: true, entry: ACC-1, condition: routine use G }\n";
const CONSULTED: &str = "  - { kind: consultation, role: elmr, name: A. Poe, date: 2026-04-28, covers: [rec-1], decision: no-objection }\n";
const REFERRED: &str = "  - { kind: referral, role: elmr, decision: granted, covers: [rec-1] }\n  - { kind: determination, role: opr-hq, decision: granted, covers: [rec-1] }\n";
const OPLA: &str = "  - { kind: legal-consultation, role: opla, decision: not-appropriate }\n";
const AUTHORIZED: &str =
    "  - { kind: authorization, role: opr-hq, decision: granted, covers: [rec-1] }\n";
const APPROVED: &str = "  - { kind: approval, role: opr-local, date: 2026-04-29, covers: [\"rec-1#E2\"], decision: granted }\n";

fn case(recipient: &'static str, purpose: &'static str) -> Case {
    Case {
        recipient,
        purpose,
        kind: "report-of-investigation",
        extra: ACCOUNTED.to_owned(),
        record_extra: "",
        coordination: "",
        need: "replies to the proposal",
        request: "",
        organization: "",
    }
}

impl Case {
    fn manifest(&self) -> Manifest {
        let Self {
            recipient,
            purpose,
            kind,
            extra,
            record_extra,
            coordination,
            need,
            request,
            organization,
        } = self;
        let action = if *purpose == "administrative-action" { ACTION } else { "" };
        let (action, extra) = if extra.contains("no action") {
            ("", extra.replace("no action\n", ""))
        } else {
            (action, extra.clone())
        };
        let coordination = if coordination.is_empty() {
            String::new()
        } else {
            format!("coordination:\n{coordination}")
        };
        let text = format!(
            "schema: obstat-release/1\npolicy_profile: ice-6-4.0-2005\nrelease:\n  id: R-1\n  date: 2026-05-04\n  purpose: {purpose}\n{action}{request}\
             recipient: {{ kind: {recipient}, name: J. Roe, organization: \"{organization}\", need_to_know: \"{need}\" }}\n\
             records:\n  - id: rec-1\n    file: roi.txt\n    sha256: \"{}\"\n    type: {kind}\n{record_extra}{coordination}{extra}",
            "0".repeat(64)
        );
        Manifest::parse("release.yaml", &text, TODAY)
            .unwrap_or_else(|error| panic!("{text}\n{:?}", error.problems))
    }
}

fn judged(manifest: &Manifest, findings: &mut Vec<Finding>, key: Option<&Key>) {
    let artifact = Artifact {
        address: Address::new("roi.txt"),
        format: "text".to_owned(),
        digest: format!("sha256:{}", "0".repeat(64)),
        status: Status::Read,
    };
    let mut notices = Vec::new();
    let mut package = PackageView { artifacts: &[artifact], findings, notices: &mut notices, key };
    Procedure::shipped(manifest.profile()).unwrap().check(Some(manifest), Mode::Gate, &mut package);
}

fn rules(case: &Case) -> Vec<String> {
    let mut findings = Vec::new();
    judged(&case.manifest(), &mut findings, None);
    findings.into_iter().map(|finding| finding.rule).collect()
}

fn found(rule: &str, text: &str, line: u32) -> Finding {
    let place = Place::Line { line, column: 1 };
    let mut finding = super::finding(rule, Level::Error, "", "", place);
    finding.artifact = Address::new("roi.txt");
    finding.evidence = SensitiveText::new(text);
    finding
}

fn mark(rule: &str, number: u32) -> Finding {
    let mut finding = found(rule, &format!("Passage number {number} of the record."), number);
    finding.data.insert("mark".to_owned(), number.into());
    finding
}

#[test]
#[expect(clippy::too_many_lines, reason = "most of them are the table")]
fn each_cell_of_purpose_and_recipient_demands_its_own_section() {
    let hq = "released_by: { name: A. Poe, role: opr-hq }\n";
    let foia = "  request: { tracking_number: F-1 }\n";
    // Recipient, purpose, rule when the step is missing, coordination and text that supply it.
    let cells: &[(&str, &str, &str, &str, &str)] = &[
        ("employee", "administrative-action", "release.consultation", CONSULTED, ""),
        ("employee-representative", "administrative-action", "release.consultation", CONSULTED, ""),
        ("employee", "administrative-review", "release.access-request", REFERRED, ""),
        (
            "employee-representative",
            "routine-administrative-use",
            "release.access-request",
            REFERRED,
            "",
        ),
        ("employee", "access-request", "release.access-request", REFERRED, ""),
        ("ice-office", "access-request", "release.access-request", REFERRED, ""),
        ("congress", "access-request", "release.access-request", REFERRED, ""),
        ("court", "administrative-action", "release.headquarters", "", hq),
        ("union", "administrative-action", "release.headquarters", "", hq),
        ("congress", "administrative-review", "release.management-inspection", AUTHORIZED, ""),
        ("union", "routine-administrative-use", "release.headquarters", "", hq),
        ("prosecutor", "litigation", "release.headquarters", "", hq),
        ("mspb-eeoc-arbitrator", "litigation", "release.headquarters", "", hq),
        ("contractor", "other", "release.headquarters", "", hq),
        (
            "foia-requester",
            "foia",
            "release.foia-processing",
            foia,
            "processed_by: { name: C. Doe, role: foia-initial }\n",
        ),
        (
            "privacy-act-requester",
            "privacy-act",
            "release.foia-processing",
            foia,
            "processed_by: { name: C. Doe, role: foia-initial }\n",
        ),
        (
            "foia-requester",
            "foia-appeal",
            "release.foia-processing",
            foia,
            "processed_by: { name: C. Doe, role: foia-appeal }\n",
        ),
        (
            "privacy-act-requester",
            "pa-appeal",
            "release.foia-processing",
            foia,
            "processed_by: { name: C. Doe, role: foia-appeal }\n",
        ),
    ];
    for (recipient, purpose, rule, supplied, text) in cells {
        let mut lacking = case(recipient, purpose);
        assert_eq!(rules(&lacking), [*rule], "{recipient}, {purpose}: without the step");
        let redactions =
            "redactions: { method: applied, exemption_codes: true, exemptions: [\"(b)(6)\"] }\n";
        if rule.ends_with("foia-processing") {
            // The request belongs to `release`, which comes before everything that a case adds.
            lacking.extra = format!("{ACCOUNTED}{text}{redactions}");
            let manifest_text = lacking.extra.clone();
            assert!(!manifest_text.is_empty());
            assert_eq!(
                rules(&lacking),
                [*rule],
                "{recipient}, {purpose}: without the tracking number"
            );
            continue;
        }
        lacking.coordination = supplied;
        lacking.extra.push_str(text);
        assert_eq!(rules(&lacking), [] as [&str; 0], "{recipient}, {purpose}: with the step");
    }
}

#[test]
fn oversight_bodies_are_routed_and_inside_use_passes() {
    for (recipient, purpose) in [
        ("gao", "gao-audit"),
        ("dhs-oig", "oig-inquiry"),
        ("dhs-oig", "administrative-action"),
        ("gao", "access-request"),
    ] {
        let mut oversight = case(recipient, purpose);
        assert_eq!(rules(&oversight), ["release.oversight-request"], "{recipient}, {purpose}");
        oversight.coordination = REFERRED;
        assert_eq!(
            rules(&oversight),
            ["release.oversight-request"],
            "{recipient}, {purpose}: counsel not stated"
        );
        let both = format!("{REFERRED}{OPLA}");
        oversight.coordination = Box::leak(both.into_boxed_str());
        assert_eq!(rules(&oversight), [] as [&str; 0], "{recipient}, {purpose}");
    }
    for (recipient, purpose) in [
        ("ice-office", "routine-administrative-use"),
        ("ice-office", "administrative-action"),
        ("deciding-official", "administrative-action"),
    ] {
        assert_eq!(rules(&case(recipient, purpose)), [] as [&str; 0], "{recipient}, {purpose}");
    }
    assert_eq!(
        rules(&case("ice-office", "administrative-review")),
        ["release.management-inspection"]
    );
}

#[test]
fn what_cannot_be_is_said_and_what_nothing_cures_is_not_cured() {
    for (recipient, purpose) in [
        ("foia-requester", "administrative-action"),
        ("employee", "foia"),
        ("union", "gao-audit"),
        ("gao", "routine-administrative-use"),
        ("employee", "other"),
    ] {
        assert!(
            rules(&case(recipient, purpose)).contains(&"release.purpose".to_owned()),
            "{recipient}, {purpose}"
        );
    }
    for recipient in ["public", "media", "unknown"] {
        let mut public = case(recipient, "administrative-action");
        public.coordination = CONSULTED;
        public.extra.push_str("released_by: { name: A. Poe, role: opr-hq }\n");
        assert_eq!(rules(&public), ["release.public"], "{recipient}");
    }
}

#[test]
fn need_proposal_accounting_and_inspection_records_are_asked_for() {
    let consulted = || Case {
        coordination: CONSULTED,
        ..case("employee-representative", "administrative-action")
    };
    assert_eq!(rules(&Case { need: " - ", ..consulted() }), ["release.need-to-know"]);
    assert_eq!(
        rules(&Case { extra: format!("no action\n{ACCOUNTED}"), ..consulted() }),
        ["release.not-proposed"]
    );
    assert_eq!(rules(&Case { extra: String::new(), ..consulted() }), ["release.accounting"]);
    assert_eq!(rules(&Case { kind: "non-opr", coordination: "", ..consulted() }), [] as [&str; 0]);
    let inspection = Case { kind: "management-inspection", ..consulted() };
    assert_eq!(rules(&inspection), ["release.management-inspection"]);
    let both = Box::leak(format!("{CONSULTED}{AUTHORIZED}").into_boxed_str());
    assert_eq!(rules(&Case { coordination: both, ..inspection }), [] as [&str; 0]);
    let wrong_role =
        "  - { kind: consultation, role: supervisor, covers: [rec-1], decision: granted }\n";
    assert_eq!(rules(&Case { coordination: wrong_role, ..consulted() }), ["release.consultation"]);
}

#[test]
fn an_approval_lets_out_the_passage_that_it_covers_and_no_other() {
    let both = Box::leak(format!("{CONSULTED}{APPROVED}").into_boxed_str());
    let approved = Case { coordination: both, ..case("employee", "administrative-action") };
    let mut findings =
        vec![mark("exempt.open", 1), mark("exempt.open", 2), mark("exempt.covered", 3)];
    judged(&approved.manifest(), &mut findings, None);
    let rules: Vec<_> =
        findings.iter().map(|finding| (finding.rule.as_str(), finding.level)).collect();
    let expected = [
        ("exempt.open", Level::Error),
        ("exempt.approved", Level::Note),
        ("exempt.covered", Level::Error),
    ];
    assert_eq!(rules, expected);
    for refused in [
        APPROVED.replace("opr-local", "elmr"),
        APPROVED.replace("opr-local", "opla"),
        APPROVED.replace("opr-local", "supervisor"),
        APPROVED.replace("granted", "pending"),
    ] {
        let coordination = Box::leak(format!("{CONSULTED}{refused}").into_boxed_str());
        let mut findings = vec![mark("exempt.open", 1), mark("exempt.open", 2)];
        judged(
            &Case { coordination, ..case("employee", "administrative-action") }.manifest(),
            &mut findings,
            None,
        );
        assert!(findings.iter().all(|finding| finding.rule == "exempt.open"), "{refused}");
    }
}

#[test]
fn digests_bind_an_approval_to_its_passage_and_a_change_makes_it_stale() {
    let key = Key::new(b"0123456789abcdef").unwrap();
    let digest = |number: u32| {
        let digest = Register::digest(&key, &format!("Passage number {number} of the record."));
        digest.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
    };
    let marked = format!(
        "    marked_passages: {{ count: 2, digests: [\"hmac-sha256:{}\", \"hmac-sha256:{}\"] }}\n",
        digest(1),
        digest(2)
    );
    let coordination = Box::leak(format!("{CONSULTED}{APPROVED}").into_boxed_str());
    let bound = Case {
        record_extra: Box::leak(marked.into_boxed_str()),
        coordination,
        ..case("employee", "administrative-action")
    };
    // An inserted mark comes first: in reading order the second mark is now passage 1.
    let mut findings = vec![mark("exempt.open", 9), mark("exempt.open", 1), mark("exempt.open", 2)];
    judged(&bound.manifest(), &mut findings, Some(&key));
    let approved: Vec<_> =
        findings.iter().filter(|finding| finding.rule == "exempt.approved").collect();
    assert_eq!(approved.len(), 1);
    assert_eq!(approved[0].evidence.reveal(), "Passage number 2 of the record.");
    // Nor does an approval of the whole record reach a passage that no digest knows.
    let whole = Box::leak(coordination.replace("rec-1#E2", "rec-1").into_boxed_str());
    let whole = Case { coordination: whole, ..bound };
    let mut findings = vec![mark("exempt.open", 9), mark("exempt.open", 1), mark("exempt.open", 2)];
    judged(&whole.manifest(), &mut findings, Some(&key));
    let open: Vec<_> = findings.iter().filter(|finding| finding.rule == "exempt.open").collect();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].evidence.reveal(), "Passage number 9 of the record.");
    let stale = Case {
        record_extra: "    changed: 2026-05-01\n",
        coordination,
        ..case("employee", "administrative-action")
    };
    let mut findings = vec![mark("exempt.open", 1), mark("exempt.open", 2)];
    judged(&stale.manifest(), &mut findings, None);
    assert!(findings.iter().any(|finding| finding.rule == "release.stale-approval"));
    assert!(findings.iter().all(|finding| finding.rule != "exempt.approved"));
}

#[test]
fn disputes_lost_marks_and_withheld_categories_obstruct() {
    let consulted =
        || Case { coordination: CONSULTED, ..case("employee", "administrative-action") };
    let disputed = "disputes:\n  - { passage: \"rec-1#E1\", raised_by: elmr, status: open, referred_to: opr-director }\n";
    let mut findings = vec![mark("exempt.open", 1)];
    judged(
        &Case { extra: format!("{ACCOUNTED}{disputed}"), ..consulted() }.manifest(),
        &mut findings,
        None,
    );
    assert_eq!(findings[0].rule, "exempt.disputed");
    let mut findings = vec![mark("exempt.open", 2)];
    let gone = disputed.replace("#E1", "#E7");
    judged(
        &Case { extra: format!("{ACCOUNTED}{gone}"), ..consulted() }.manifest(),
        &mut findings,
        None,
    );
    assert!(findings.iter().any(|finding| finding.rule == "exempt.disputed"), "its mark is gone");
    let resolved = disputed.replace(
        "status: open",
        "status: resolved, resolved_by: opr-director, opla: not-appropriate",
    );
    let mut findings = vec![mark("exempt.open", 1)];
    judged(
        &Case { extra: format!("{ACCOUNTED}{resolved}"), ..consulted() }.manifest(),
        &mut findings,
        None,
    );
    assert_eq!(findings[0].rule, "exempt.open");
    let mut findings = vec![mark("exempt.open", 1)];
    judged(
        &Case { record_extra: "    marked_passages: { count: 2 }\n", ..consulted() }.manifest(),
        &mut findings,
        None,
    );
    assert!(findings.iter().any(|finding| finding.rule == "exempt.lost"));
    for (decision, level) in [("", Level::Warning), ("withhold", Level::Error)] {
        let determination = format!(
            "determinations:\n  - {{ category: \"5.1\", decision: {decision}, by: opr-director, reason: x, covers: [rec-1] }}\n"
        );
        let extra = if decision.is_empty() {
            ACCOUNTED.to_owned()
        } else {
            format!("{ACCOUNTED}{determination}")
        };
        let mut findings = vec![found("category.confidential-source", "the informant", 3)];
        judged(&Case { extra, ..consulted() }.manifest(), &mut findings, None);
        let added =
            findings.iter().find(|finding| finding.rule == "release.undecided-category").unwrap();
        assert_eq!(added.level, level);
    }
    let mut findings = vec![found("classification.banner", "SECRET", 1)];
    judged(&consulted().manifest(), &mut findings, None);
    assert!(findings.iter().any(|finding| finding.rule == "release.classified"));
}

#[test]
fn own_data_is_no_invasion_and_a_picture_that_was_looked_at_is_read() {
    let consulted =
        || Case { coordination: CONSULTED, ..case("employee", "administrative-action") };
    let own = Case { record_extra: "    data_subjects: [subject]\n", ..consulted() };
    let mut findings = vec![found("pii.ssn", "1", 1)];
    judged(&own.manifest(), &mut findings, None);
    assert_eq!(findings[0].level, Level::Note);
    let third_party =
        Case { record_extra: "    data_subjects: [subject, witness]\n", ..consulted() };
    let mut findings = vec![found("pii.ssn", "1", 1)];
    judged(&third_party.manifest(), &mut findings, None);
    assert_eq!(findings[0].level, Level::Error);
    let inspected = Case {
        extra: format!(
            "{ACCOUNTED}inspections:\n  - {{ covers: [\"rec-1#p2\"], by: A. Poe, date: 2026-05-02 }}\n"
        ),
        ..consulted()
    };
    let picture = |page| {
        let mut notice =
            Notice::blocking(NoticeCode::ImageOnly, "").at(Place::Page { page, quads: Vec::new() });
        notice.artifact = Address::new("roi.txt");
        notice
    };
    let (mut findings, mut notices) = (Vec::new(), vec![picture(2), picture(3)]);
    let mut package =
        PackageView { artifacts: &[], findings: &mut findings, notices: &mut notices, key: None };
    Procedure::shipped("ice-6-4.0-2005").unwrap().check(
        Some(&inspected.manifest()),
        Mode::Gate,
        &mut package,
    );
    assert_eq!(notices.iter().map(|notice| notice.blocking).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn mistakes_in_a_manifest_are_all_told_at_once_at_their_places() {
    let text = "schema: obstat-release/1\npolicy_profile: ice-6-4.0-2005\nrelease: { id: R-1, date: 2027-01-01, purpose: gossip }\n\
        recipient: { kind: employee }\nrecords:\n  - { id: a, file: x.pdf, type: audit, colour: red }\n  - { id: a, file: x.pdf, type: audit }\n";
    let error = Manifest::parse("release.yaml", text, TODAY).unwrap_err();
    let told: Vec<_> = error.problems.iter().map(ToString::to_string).collect();
    assert!(
        told.iter().any(|one| one.contains("gossip"))
            && told.iter().any(|one| one.contains("colour")),
        "{told:?}"
    );
    let text = text.replace("gossip", "other").replace(", colour: red", "");
    let text = format!(
        "{text}coordination:\n  - {{ kind: approval, role: opr-local, decision: granted }}\n  - {{ kind: approval, role: opr-local, decision: granted, covers: [zzz] }}\n"
    );
    let error = Manifest::parse("release.yaml", &text, TODAY).unwrap_err();
    let told: Vec<_> = error.problems.iter().map(ToString::to_string).collect();
    for expected in [
        "future",
        "two records have this id",
        "two records have this file",
        "covers nothing",
        "no record has this id",
    ] {
        assert!(told.iter().any(|one| one.contains(expected)), "{expected}: {told:?}");
    }
}

#[test]
fn a_date_is_written_in_one_way_so_that_dates_can_be_compared() {
    let text = "schema: obstat-release/1\npolicy_profile: ice-6-4.0-2005\nrelease: { id: R-1, date: 2026-05-04, purpose: other }\n\
        recipient: { kind: employee }\nrecords:\n  - { id: a, file: x.pdf, type: audit }\n";
    Manifest::parse("release.yaml", text, TODAY).unwrap();
    for other in ["20260504", "2026-05-04T10:00:00", "+002026-05-04"] {
        let text = text.replace("2026-05-04", other);
        assert!(Manifest::parse("release.yaml", &text, TODAY).is_err(), "{other}");
    }
}

#[test]
fn a_record_with_marks_cannot_be_declared_away_from_the_directive() {
    let case = Case { kind: "non-opr", ..case("public", "other") };
    for rule in ["exempt.open", "exempt.redacted"] {
        let mut findings = vec![mark(rule, 1)];
        judged(&case.manifest(), &mut findings, None);
        let found = findings.iter().find(|finding| finding.rule == "release.record-type");
        assert_eq!(found.map(|finding| finding.level), Some(Level::Error), "{rule}");
    }
}
