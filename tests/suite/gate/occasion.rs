//! Rules that ask for whom a package goes out, and what the files of a package know of one another.

use super::manifest::{manifest, record};
use crate::support::{code, folder, objects, of_type, run_in};
use serde_json::Value;
use std::path::Path;

const MARKED: &str = "LAW ENFORCEMENT SENSITIVE\n\nThe badge B-12345 was handed in at noon.\n";

const BADGES: &str = "schema: obstat.ruleset/1
pack:
  id: example.badges
  version: 1.0.0
  title: Badge numbers
  authorities:
    handbook: { title: Handbook, edition: \"2026\" }
rules:
  - id: pii.badge
    title: Badge number
    level: note
    confidence: medium
    cite: [{ doc: handbook }]
    message: A badge number is readable.
    why: It tells who wore it.
    help: Redact it.
    when: { recipient: [media, union], purpose: [other] }
    levels:
      - { recipient: [media], level: error }
    detect:
      - regex: { pattern: '\\bB-[0-9]{5}\\b' }
    examples: [\"badge ⟦B-12345⟧\"]
    counterexamples: [B-1]
";

/// Rule and level of each finding of a package that goes to such a recipient.
fn found(
    folder: &Path,
    recipient: Option<(&str, &str)>,
    rulesets: &[&str],
) -> Vec<(String, String)> {
    let release = folder.join("p/release.yaml");
    let _ = std::fs::remove_file(&release);
    if let Some((kind, purpose)) = recipient {
        let text = manifest(&record("a.txt", MARKED.as_bytes()), "")
            .replace("kind: deciding-official", &format!("kind: {kind}"))
            .replace("purpose: administrative-action", &format!("purpose: {purpose}"));
        std::fs::write(release, text).unwrap();
    }
    let args = ["check", "p", "--format", "jsonl", "--today", "2026-06-01"];
    let output = run_in(folder, &[&args, rulesets].concat());
    assert_ne!(code(&output), 2, "{}", String::from_utf8_lossy(&output.stderr));
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let pair = |finding: &&Value| (word(&finding["rule"]), word(&finding["level"]));
    of_type(&objects(&output), "finding").iter().map(pair).collect()
}

fn level<'a>(found: &'a [(String, String)], rule: &str) -> Option<&'a str> {
    found.iter().find(|(id, _)| id == rule).map(|(_, level)| level.as_str())
}

#[test]
fn an_enclosure_with_controlled_information_is_a_warning_whoever_receives_the_packet() {
    let statement =
        "When the enclosures are removed, this transmittal document does not contain CUI.";
    let folder = folder(&[
        ("p/a.txt", MARKED),
        ("p/b.txt", &format!("Two annexes go with this letter.\n\n{statement}\n")),
    ]);
    let recipients = [
        None,
        Some(("employee", "administrative-action")),
        Some(("congress", "other")),
        Some(("media", "other")),
    ];
    for recipient in recipients {
        let found = found(folder.path(), recipient, &[]);
        assert_eq!(level(&found, "cui.transmittal"), Some("warning"), "{recipient:?}: {found:?}");
    }
    std::fs::write(folder.path().join("p/b.txt"), "Two annexes go with this letter.\n").unwrap();
    assert_eq!(level(&found(folder.path(), None, &[]), "cui.transmittal"), None);
}

#[test]
fn a_record_with_a_cui_banner_needs_a_transmittal_that_says_so() {
    let banner = "CUI//LEI\n\nTwo porters carried the chairs.\n\nCUI//LEI\n";
    let folder = folder(&[("p/a.txt", banner)]);
    let statement =
        "When the enclosures are removed, this transmittal document does not contain CUI.\n";
    let decontrolled = "marking_dispositions:\n  - { marking: \"CUI//LEI\", action: decontrolled, by: opr-hq, \
                        authority: \"memorandum of 2026-01-05\" }\n";
    for (letter, extra, warnings) in
        [("A letter.\n", "", 1), (statement, "", 1), ("A letter.\n", decontrolled, 0)]
    {
        std::fs::write(folder.path().join("p/letter.txt"), letter).unwrap();
        let text = manifest(&record("a.txt", banner.as_bytes()), extra);
        std::fs::write(folder.path().join("p/release.yaml"), text).unwrap();
        let output =
            run_in(folder.path(), &["check", "p", "--format", "jsonl", "--today", "2026-06-01"]);
        let objects = objects(&output);
        let findings = of_type(&objects, "finding");
        let found: Vec<_> =
            findings.iter().filter(|one| one["rule"] == "cui.transmittal").collect();
        assert_eq!(
            found.len(),
            warnings,
            "{letter}{extra}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let place = |path: &str| found.iter().all(|one| one["artifact"] == path);
        assert!(
            place(if letter == statement { "letter.txt" } else { "release.yaml" }),
            "{found:?}"
        );
    }
}

#[test]
fn a_rule_has_the_level_that_it_has_for_who_receives_the_packet() {
    let folder = folder(&[("p/a.txt", MARKED)]);
    for (recipient, expected) in [
        (None, "warning"),
        (Some(("deciding-official", "administrative-action")), "warning"),
        (Some(("media", "other")), "error"),
        (Some(("public", "other")), "error"),
    ] {
        let found = found(folder.path(), recipient, &[]);
        assert_eq!(level(&found, "marking.les"), Some(expected), "{recipient:?}: {found:?}");
    }
}

#[test]
fn a_rule_applies_to_the_releases_that_it_names_and_where_nothing_is_known_of_the_release() {
    let folder = folder(&[("p/a.txt", MARKED), ("badges.yaml", BADGES)]);
    for (recipient, expected) in [
        (None, Some("note")),
        (Some(("media", "other")), Some("error")),
        (Some(("union", "other")), Some("note")),
        (Some(("unknown", "other")), Some("note")),
        (Some(("media", "foia")), None),
        (Some(("court", "other")), None),
    ] {
        let found = found(folder.path(), recipient, &["--ruleset", "badges.yaml"]);
        assert_eq!(level(&found, "pii.badge"), expected, "{recipient:?}: {found:?}");
    }
}

#[test]
fn rules_and_manifests_have_the_same_words_for_recipients_and_purposes() {
    let words = |schema: &Value, name: &str| -> Vec<String> {
        let kinds = &schema["$defs"][name];
        let listed = kinds["enum"].as_array().cloned().unwrap_or_default();
        let told = kinds["oneOf"].as_array().into_iter().flatten();
        let told = told.flat_map(|one| match &one["enum"] {
            Value::Array(words) => words.clone(),
            _ => vec![one["const"].clone()],
        });
        let mut all: Vec<String> = listed
            .into_iter()
            .chain(told)
            .filter_map(|word| Some(word.as_str()?.to_owned()))
            .collect();
        all.sort();
        all
    };
    let rules: Value = serde_json::from_str(&obstat::rules::schema()).unwrap();
    let release = obstat::release::Manifest::schema();
    for (ours, theirs) in [("Recipient", "RecipientKind"), ("Purpose", "Purpose")] {
        let known = words(&rules, ours);
        assert!(known.len() > 5, "{ours}: {known:?}");
        assert_eq!(known, words(&release, theirs));
    }
}

/// Artifact and evidence of each SSN.
fn numbers(folder: &Path, args: &[&str]) -> Vec<(String, String)> {
    let args = [&["check", "--format", "jsonl", "--show-evidence"], args].concat();
    let objects = objects(&run_in(folder, &args));
    let found = of_type(&objects, "finding").into_iter().filter(|one| one["rule"] == "pii.ssn");
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    found.map(|one| (word(&one["artifact"]), word(&one["evidence"]))).collect()
}

#[test]
fn a_value_that_one_file_calls_by_its_name_is_found_where_it_stands_bare_in_another() {
    let bare = "The folder 219459998 was closed. The folder 219459997 was not.\n";
    let folder = folder(&[
        ("p/1/a.txt", bare),
        ("p/1/b.txt", "Social Security number: 219-45-9998\n"),
        ("p/1/c.xml", "<r><note>See 219459998.</note></r>"),
        ("p/1/d.txt", "Lot 219459998-77 and contract ABC-05-C-219459998 were let at noon.\n"),
        ("p/2/a.txt", bare),
    ]);
    let expected = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    for threads in ["1", "4"] {
        let found = numbers(folder.path(), &["p", "--package-depth", "1", "--threads", threads]);
        assert_eq!(
            found,
            [
                expected("a.txt", "219459998"),
                expected("b.txt", "219-45-9998"),
                expected("c.xml", "219459998")
            ],
            "what is in a package is certain in that package only"
        );
    }
    let alone = numbers(folder.path(), &["p/1/a.txt"]);
    assert!(alone.is_empty(), "{alone:?}");
}
