//! Release manifests: found, judged, refused.

use crate::support::{code, folder, objects, of_type, run_in};
use std::path::Path;

const RECORD: &str = "The unit opened the inquiry in May. The source met the agent at the pier. (E) He left. The \
                      cook saw the badge. (E) Lunch was served.\n";

/// A manifest with nothing against it but what `records` and `rest` say.
pub(crate) fn manifest(records: &str, rest: &str) -> String {
    format!(
        "schema: obstat-release/1\npolicy_profile: ice-6-4.0-2005\nrelease:\n  id: R-1\n  date: 2026-05-04\n  \
         purpose: administrative-action\n  action: {{ proposed: true, reference: PROP-1, date: 2026-04-20 }}\n  \
         articulated_need: a reply\nrecipient: {{ kind: deciding-official, name: J. Roe, organization: Office, \
         need_to_know: decides }}\ncustodian: {{ office: Field, custody: temporary }}\nprepared_by: {{ name: A. Poe, \
         role: elmr }}\nreleased_by: {{ name: A. Poe, role: elmr }}\nrecords:\n{records}coordination:\n  - {{ kind: \
         consultation, role: opr-local, name: B. Loe, date: 2026-04-28, covers: [rec-1], decision: no-objection }}\n{rest}"
    )
}

/// A record of that file.
pub(crate) fn record(file: &str, content: &[u8]) -> String {
    use sha2::Digest as _;
    let digest = sha2::Sha256::digest(content);
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "  - {{ id: rec-1, file: {file}, sha256: \"{digest}\", type: report-of-investigation, originator: opr, \
         case_status: closed, basis_for_action: true }}\n"
    )
}

const APPROVE_SECOND: &str = "  - { kind: approval, role: opr-local, name: B. Loe, date: 2026-04-29, covers: [\"rec-1#E2\"], decision: granted }\n";

fn rules(folder: &Path, extra: &[&str]) -> (i32, Vec<(String, String)>) {
    let output = run_in(
        folder,
        &[&["check", "p", "--format", "jsonl", "--today", "2026-06-01"], extra].concat(),
    );
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let objects = objects(&output);
    let found = of_type(&objects, "finding");
    let pair = |finding: &&serde_json::Value| {
        (
            finding["rule"].as_str().unwrap().to_owned(),
            finding["level"].as_str().unwrap().to_owned(),
        )
    };
    assert!(said.is_empty() || code(&output) == 2, "{said}");
    (code(&output), found.iter().map(pair).collect())
}

fn has(found: &[(String, String)], rule: &str, level: &str) -> bool {
    found.iter().any(|(a, b)| a == rule && b == level)
}

#[test]
fn an_approval_covers_the_mark_with_its_number_and_no_other() {
    let text = manifest(&record("roi.txt", RECORD.as_bytes()), APPROVE_SECOND);
    let folder = folder(&[("p/roi.txt", RECORD), ("p/release.yaml", &text)]);
    let output = run_in(folder.path(), &["check", "p", "--format", "jsonl", "--show-evidence"]);
    let objects = objects(&output);
    let found = of_type(&objects, "finding");
    let of = |rule: &str| found.iter().find(|finding| finding["rule"] == rule).unwrap();
    assert_eq!(of("exempt.open")["evidence"], "The source met the agent at the pier.");
    assert_eq!(of("exempt.open")["data"]["passage"], "rec-1#E1");
    assert_eq!(of("exempt.approved")["evidence"], "The cook saw the badge.");
    assert_eq!(of("exempt.approved")["data"]["passage"], "rec-1#E2");
    let artifacts = of_type(&objects, "artifact");
    assert_eq!(artifacts.len(), 1, "the manifest is no artifact: {artifacts:?}");
    assert!(found.iter().all(|finding| finding["fingerprint"] != ""));
    assert_eq!(code(&output), 1);
}

#[test]
fn a_missing_manifest_weighs_what_the_mode_says() {
    let folder = folder(&[("p/a.txt", "Lunch was served at noon.\n"), ("q/roi.txt", RECORD)]);
    for (mode, level, exit) in
        [("gate", "error", 1), ("review", "warning", 0), ("sweep", "note", 0)]
    {
        let (code, found) = rules(folder.path(), &["--mode", mode]);
        assert_eq!(
            (code, found),
            (exit, vec![("release.no-manifest".to_owned(), level.to_owned())])
        );
    }
    let swept = run_in(folder.path(), &["check", "q", "--mode", "sweep", "--format", "jsonl"]);
    let objects = objects(&swept);
    let open = of_type(&objects, "finding")
        .into_iter()
        .find(|one| one["rule"] == "exempt.open")
        .unwrap()
        .clone();
    assert_eq!(
        (open["level"].as_str(), open["message"].as_str()),
        (Some("warning"), Some("Marked text is stored here."))
    );
}

#[test]
fn a_manifest_anywhere_can_be_named_and_a_mistaken_one_ends_the_run_where_it_is_wrong() {
    let good = manifest(&record("a.txt", b"Lunch.\n"), "");
    let twice = manifest(&(record("a.txt", b"Lunch.\n") + &record("a.txt", b"Lunch.\n")), "");
    let folder = folder(&[
        ("p/a.txt", "Lunch.\n"),
        ("good.yaml", &good),
        ("purpose.yaml", &good.replace("administrative-action", "administrativ-action")),
        ("key.yaml", &good.replace("articulated_need", "need")),
        ("twice.yaml", &twice),
        ("future.yaml", &good.replace("date: 2026-05-04", "date: 2026-06-02")),
        ("nothing.yaml", &(good.clone() + &APPROVE_SECOND.replace("\"rec-1#E2\"", ""))),
    ]);
    let (exit, found) = rules(folder.path(), &["--mode", "gate", "--release", "good.yaml"]);
    assert!(exit == 0 && !has(&found, "release.no-manifest", "error"), "{found:?}");
    let cases = [
        ("purpose.yaml", "6:12"),
        ("key.yaml", "8:3"),
        ("twice.yaml", "two records have this file"),
        ("future.yaml", "future"),
        ("nothing.yaml", "covers nothing"),
        ("missing.yaml", "cannot read missing.yaml"),
    ];
    for (file, words) in cases {
        let args = ["check", "p", "--release", file, "--today", "2026-06-01", "--format", "json"];
        let output = run_in(folder.path(), &args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(code(&output), 2, "{file}: {said}");
        assert!(output.stdout.is_empty() && said.contains(words), "{file}: {said}");
    }
    let later = ["check", "p", "--release", "future.yaml", "--today", "2026-06-02"];
    assert_eq!(code(&run_in(folder.path(), &later)), 0, "the day is the one that the caller says");
}

#[test]
fn a_changed_or_unlisted_file_obstructs() {
    let text = manifest(&record("a.txt", b"Lunch.\n"), "");
    let folder = folder(&[("p/a.txt", "Dinner.\n"), ("p/b.txt", "x"), ("p/release.yaml", &text)]);
    let (exit, found) = rules(folder.path(), &[]);
    assert_eq!(exit, 1);
    assert!(
        has(&found, "release.digest", "error") && has(&found, "release.unlisted-file", "error"),
        "{found:?}"
    );
}

#[test]
fn one_manifest_does_not_speak_for_many_packages() {
    let folder = folder(&[("p/1/a.txt", "x"), ("p/2/a.txt", "x"), ("r.yaml", "x")]);
    let output =
        run_in(folder.path(), &["check", "p", "--package-depth", "1", "--release", "r.yaml"]);
    assert_eq!(code(&output), 2);
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot speak for"));
}

#[test]
fn a_scaffold_is_what_a_person_completes() {
    let folder = folder(&[("p/roi.txt", RECORD), ("p/sub/b.txt", "Lunch.")]);
    let output = run_in(
        folder.path(),
        &["release", "init", "p", "--output", "p/release.yaml", "--today", "2026-05-04"],
    );
    assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stderr));
    let text = std::fs::read_to_string(folder.path().join("p/release.yaml")).unwrap();
    assert!(
        text.contains("file: \"roi.txt\"")
            && text.contains("count: 2")
            && text.contains("sub/b.txt"),
        "{text}"
    );
    let checked = run_in(folder.path(), &["release", "check", "p/release.yaml"]);
    assert_eq!(code(&checked), 2);
    assert!(String::from_utf8_lossy(&checked.stderr).contains("TODO"));
    let done = text
        .replacen("purpose: TODO", "purpose: access-request", 1)
        .replacen("kind: TODO", "kind: employee", 1)
        .replace("type: TODO", "type: non-opr");
    // Words left open are no need-to-know.
    std::fs::write(folder.path().join("p/release.yaml"), &done).unwrap();
    let open = run_in(folder.path(), &["release", "check", "p/release.yaml"]);
    assert_eq!(code(&open), 2);
    assert!(String::from_utf8_lossy(&open.stderr).contains("still to be decided"));
    let done = done.replace(": TODO", ": A. Poe");
    std::fs::write(folder.path().join("p/release.yaml"), done).unwrap();
    assert_eq!(code(&run_in(folder.path(), &["release", "check", "p/release.yaml"])), 0);
    let schema = run_in(folder.path(), &["release", "schema"]);
    let schema: serde_json::Value = serde_json::from_slice(&schema.stdout).unwrap();
    assert!(schema["properties"]["records"].is_object(), "{schema}");
}

#[test]
fn the_steps_of_the_procedure_are_rules_like_others() {
    let folder = folder(&[("p/a.txt", "x")]);
    let listed = run_in(folder.path(), &["rules", "list"]);
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert!(
        listed.contains("release.headquarters") && listed.contains("release.no-manifest"),
        "{listed}"
    );
    let explained = run_in(folder.path(), &["rules", "explain", "release.headquarters"]);
    assert_eq!(code(&explained), 0);
    assert!(String::from_utf8(explained.stdout).unwrap().contains("What to do: "));
}
