//! The command line: exit codes, diagnostics, where the report goes.

use crate::support::{code, folder, objects, obstat, of_type, run_in};
use std::io::Read as _;
use std::process::Stdio;

#[test]
fn transcripts_hold() {
    trycmd::TestCases::new().case("tests/suite/cases/*.toml").run();
}

#[test]
fn exit_codes_are_those_of_the_contract() {
    let folder = folder(&[
        ("clear/a.txt", "Lunch was served at noon.\n"),
        ("open/a.txt", "The source met the agent at the pier. (E)\n"),
        ("both/a.txt", "The source met the agent at the pier. (E)\n"),
        ("both/b.png", "\u{89}PNG\r\n\u{1a}\n\0"),
        ("unread/b.bin", "\0\u{1}"),
    ]);
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    let cases: [(&[&str], i32); 12] = [
        (&["check", "clear"], 0),
        (&["check", "open"], 1),
        (&["check", "open", "--fail-on", "never"], 0),
        (&["check", "both"], 1),
        (&["check", "both", "--fail-on", "never"], 3),
        (&["check", "unread"], 3),
        (&["check", "empty"], 2),
        (&["check", "clear", "--exclude", "*"], 2),
        (&["check", "missing"], 2),
        (&["check"], 2),
        (&["check", "clear", "--no-such-option"], 2),
        (&["--help"], 0),
    ];
    for format in ["terminal", "plain", "json", "jsonl"] {
        for (args, expected) in cases {
            let mut args = args.to_vec();
            if args.len() > 1 {
                args.extend(["--format", format]);
            }
            assert_eq!(code(&run_in(folder.path(), &args)), expected, "{args:?}");
        }
    }
}

#[test]
fn what_does_not_exist_yet_is_refused_and_not_ignored() {
    let folder = folder(&[("p/a.txt", "x")]);
    let cases: [&[&str]; 2] = [&["--ocr", "require"], &["--format", "html"]];
    for extra in cases {
        let output = run_in(folder.path(), &[&["check", "p"], extra].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(code(&output), 2, "{extra:?}");
        assert!(said.contains("not available yet"), "{extra:?}: {said}");
    }
}

#[test]
fn a_bad_glob_is_pointed_at() {
    let folder = folder(&[("p/a.txt", "x")]);
    let output = run_in(folder.path(), &["check", "p", "--exclude", "a[b"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(code(&output), 2);
    assert!(said.contains("obstat::discover::bad_glob") && said.contains("glob:1:2"), "{said}");
}

#[test]
fn a_report_to_a_full_disk_or_into_a_closed_pipe_is_a_failed_run() {
    let folder = folder(&[("p/a.txt", "x")]);
    let full = run_in(folder.path(), &["check", "p", "--format", "json", "--output", "/dev/full"]);
    assert_eq!(code(&full), 2);
    assert!(String::from_utf8_lossy(&full.stderr).contains("cannot write the report"));

    let mut child = obstat(["check", "p", "--format", "jsonl"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(2));
    assert_eq!(said, "", "a closed pipe needs no words");
}

#[test]
fn a_report_in_the_package_is_replaced_whole_and_is_no_artifact() {
    let folder = folder(&[("p/a.txt", "x"), ("p/report.jsonl", "old")]);
    let args = ["check", "p", "--format", "jsonl", "--output", "p/report.jsonl"];
    assert_eq!(code(&run_in(folder.path(), &args)), 0);
    let report = std::fs::read(folder.path().join("p/report.jsonl")).unwrap();
    let text = String::from_utf8(report).unwrap();
    assert!(text.ends_with('\n') && text.contains("\"summary\"") && !text.contains("report.jsonl"));

    let failed = ["check", "missing", "--format", "jsonl", "--output", "p/report.jsonl"];
    assert_eq!(code(&run_in(folder.path(), &failed)), 2);
    let kept = std::fs::read_to_string(folder.path().join("p/report.jsonl")).unwrap();
    assert_eq!(kept, text);
    assert_eq!(std::fs::read_dir(folder.path().join("p")).unwrap().count(), 2);
}

#[test]
fn record_text_is_masked_where_no_terminal_is_unless_asked_for() {
    let folder = folder(&[("p/a.txt", "The source met Jolanda at the pier. (E)\n")]);
    for format in ["terminal", "plain", "json", "jsonl"] {
        for (extra, shown) in [(None, false), (Some("--show-evidence"), true)] {
            let args: Vec<_> =
                ["check", "p", "--format", format].into_iter().chain(extra).collect();
            let output = run_in(folder.path(), &args);
            let text = String::from_utf8(output.stdout).unwrap();
            assert_eq!(text.contains("Jolanda"), shown, "{format} {extra:?}:\n{text}");
            assert!(!String::from_utf8_lossy(&output.stderr).contains("Jolanda"));
        }
    }
}

#[test]
fn fingerprints_follow_the_value_only_under_a_key() {
    let folder = folder(&[
        ("p/a.txt", "The source met the agent at the pier. (E)\n"),
        ("q/a.txt", "The SOURCE met the agent at the pier. (E)\n\n"),
        ("key", "not a real key"),
    ]);
    let fingerprint = |package: &str, extra: &[&str]| {
        let args = [&["check", package, "--format", "jsonl"], extra].concat();
        let objects = objects(&run_in(folder.path(), &args));
        of_type(&objects, "finding")[0]["fingerprint"].as_str().unwrap().to_owned()
    };
    assert_ne!(fingerprint("p", &[]), fingerprint("q", &[]));
    assert_eq!(fingerprint("p", &["--key", "key"]), fingerprint("q", &["--key", "key"]));
}

#[test]
fn artifacts_are_the_files_and_packages_stream_in_order() {
    let names: Vec<_> = (0..40).map(|n| format!("root/{:02}/{n}.txt", n % 10)).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), "Words.")).collect();
    let folder = folder(&files);
    let args = ["check", "root", "--package-depth", "1", "--format", "jsonl"];
    let objects = objects(&run_in(folder.path(), &args));
    let mut found: Vec<_> = of_type(&objects, "artifact")
        .iter()
        .map(|a| format!("{}/{}", a["package"].as_str().unwrap(), a["artifact"].as_str().unwrap()))
        .collect();
    found.sort();
    let mut expected = names.clone();
    expected.sort();
    assert_eq!(found, expected);
    let packages: Vec<_> =
        of_type(&objects, "package").iter().map(|p| p["package"].as_str().unwrap()).collect();
    assert!(packages.is_sorted() && packages.len() == 10, "{packages:?}");
    assert_eq!(objects.last().unwrap()["type"], "summary");
}

#[test]
fn a_ruleset_that_is_not_there_or_is_bad_is_pointed_at() {
    let folder = folder(&[
        ("p/a.txt", "x"),
        ("bad.yaml", "schema: obstat.ruleset/1\npack:\n  id: a.b\n  versoin: 1.0.0\nrules: []\n"),
    ]);
    for (ruleset, words) in [("no-such-ruleset", "no-such-ruleset"), ("bad.yaml", "versoin")] {
        let output = run_in(folder.path(), &["check", "p", "--ruleset", ruleset]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(code(&output), 2, "{said}");
        assert!(said.contains(words) && output.stdout.is_empty(), "{said}");
    }
    let one = run_in(folder.path(), &["check", "p", "--ruleset", "exempt", "--format", "json"]);
    assert_eq!(code(&one), 0, "{}", String::from_utf8_lossy(&one.stderr));
}
