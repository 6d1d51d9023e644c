//! Suppressions and watch lists.

use super::KEY;
use super::manifest::{manifest, record};
use crate::support::{code, folder, objects, of_type, run_in};
use serde_json::Value;

fn findings(objects: &[Value]) -> Vec<(&str, bool)> {
    of_type(objects, "finding")
        .into_iter()
        .map(|one| (one["rule"].as_str().unwrap(), one.get("suppressed").is_some()))
        .collect()
}

fn entry(finding: &Value, expires: &str) -> String {
    let (rule, fingerprint) = (&finding["rule"], &finding["fingerprint"]);
    format!(
        "  - {{ rule: {rule}, fingerprint: {fingerprint}, reason: looked at, approver: A. Poe, expires: {expires} }}\n"
    )
}

#[test]
fn what_somebody_answers_for_is_marked_and_does_not_count() {
    let folder = folder(&[("p/a.txt", "FOR OFFICIAL USE ONLY\n\nHe met the source. (E)\n")]);
    let args =
        ["check", "p", "--format", "jsonl", "--today", "2026-06-01", "--suppressions", "s.yaml"];
    let first = objects(&run_in(folder.path(), &args[..6]));
    let find = |rule: &str| {
        of_type(&first, "finding").into_iter().find(|one| one["rule"] == rule).unwrap()
    };
    let (fouo, open) = (find("marking.fouo"), find("exempt.open"));
    let write = |entries: String| {
        let text = format!("schema: obstat-suppressions/1\nsuppressions:\n{entries}");
        std::fs::write(folder.path().join("s.yaml"), text).unwrap();
    };
    let warnings =
        |objects: &[Value]| of_type(objects, "summary")[0]["findings"]["warning"].as_u64().unwrap();

    write(entry(fouo, "2026-06-01"));
    let output = run_in(folder.path(), &args);
    let held = objects(&output);
    assert!(findings(&held).contains(&("marking.fouo", true)), "{:?}", findings(&held));
    assert_eq!(warnings(&held) + 1, warnings(&first));
    for format in ["terminal", "plain"] {
        let args = ["check", "p", "--format", format, "--today", "2026-06-01"];
        let shown = run_in(folder.path(), &[&args[..], &["--suppressions", "s.yaml"]].concat());
        let shown = String::from_utf8(shown.stdout).unwrap();
        let answer = "suppressed by A. Poe until 2026-06-01: looked at";
        assert!(shown.contains(answer), "{format}: {shown}");
    }

    write(entry(fouo, "2026-05-31"));
    let expired = objects(&run_in(folder.path(), &args));
    let found = findings(&expired);
    assert!(
        found.contains(&("marking.fouo", false)) && found.contains(&("suppression.expired", false)),
        "{found:?}"
    );

    write(entry(open, "2026-06-01") + &entry(fouo, "2026-06-01").replace("sha256:", "sha256:0"));
    let output = run_in(folder.path(), &args);
    let objects = objects(&output);
    let found = findings(&objects);
    assert_eq!(code(&output), 1, "no suppression lowers an error of a mark");
    for rule in ["exempt.open", "suppression.refused", "suppression.unused"] {
        assert!(found.contains(&(rule, false)), "{rule}: {found:?}");
    }
}

#[test]
fn a_suppression_answers_for_one_file_and_for_no_missing_manifest() {
    let text = manifest(&record("a.txt", b"x\n"), "");
    let folder = folder(&[
        ("key", KEY),
        ("p/a.txt", "x\n"),
        ("p/b.txt", "y\n"),
        ("p/release.yaml", &text),
        ("q/a.txt", "x\n"),
    ]);
    let check = |package: &str| {
        let args = ["check", package, "--mode", "gate", "--key", "key", "--format", "jsonl"];
        let held = folder.path().join("s.yaml").is_file();
        let suppressed: &[&str] = if held { &["--suppressions", "s.yaml"] } else { &[] };
        let output = run_in(folder.path(), &[&args[..], suppressed].concat());
        (code(&output), objects(&output))
    };
    let answer = |rule: &str, objects: &[Value]| {
        let found = of_type(objects, "finding").into_iter().find(|one| one["rule"] == rule);
        let text = "schema: obstat-suppressions/1\nsuppressions:\n".to_owned();
        std::fs::write(folder.path().join("s.yaml"), text + &entry(found.unwrap(), "9999-01-01"))
            .unwrap();
    };
    let (_, objects) = check("p");
    answer("release.unlisted-file", &objects);
    assert_eq!(check("p").0, 0);
    std::fs::write(folder.path().join("p/c.txt"), "z\n").unwrap();
    assert_eq!(check("p").0, 1, "another file that is not listed");
    let (_, objects) = check("q");
    answer("release.no-manifest", &objects);
    assert_eq!(check("q").0, 1, "without a manifest the gate stays shut");
}

#[test]
fn a_mistaken_file_of_suppressions_ends_the_run() {
    let folder = folder(&[
        ("p/a.txt", "x"),
        ("s.yaml", "schema: obstat-suppressions/1\nsuppressions:\n  - { rule: a.b }\n"),
    ]);
    let output = run_in(folder.path(), &["check", "p", "--suppressions", "s.yaml"]);
    assert_eq!(code(&output), 2);
    assert!(String::from_utf8_lossy(&output.stderr).contains("s.yaml:3"));
}

#[test]
fn a_watched_name_is_an_error_wherever_it_stands() {
    let folder = folder(&[
        ("key", KEY),
        ("names", "Peralta, Jolanda\n000-12-3456\n"),
        ("p/a.txt", "He had met JOLANDA\nPERALTA at the pier.\n"),
        ("p/b.xml", "<case officer=\"Peralta, Jolanda\"><id>000123456</id></case>"),
        ("p/c.xml", "<row><cell>7</cell><cell>Jolanda</cell><cell>Peralta</cell></row>"),
        ("p/d.csv", "case,last,first,state\n7,Peralta,Jolanda,open\n8,Perez,Jolanda,open\n"),
        ("q/a.txt", "He had met Jolanda Perez at the pier.\n"),
    ]);
    let built =
        run_in(folder.path(), &["watchlist", "build", "names", "--key", "key", "--output", "list"]);
    assert_eq!(code(&built), 0, "{}", String::from_utf8_lossy(&built.stderr));
    let list = std::fs::read(folder.path().join("list")).unwrap();
    assert!(!String::from_utf8_lossy(&list).to_lowercase().contains("peralta"));
    let run = |package: &str| {
        run_in(
            folder.path(),
            &["check", package, "--watchlist", "list", "--key", "key", "--format", "jsonl"],
        )
    };
    let output = run("p");
    let objects = objects(&output);
    let watched: Vec<_> = of_type(&objects, "finding")
        .into_iter()
        .filter(|one| one["rule"] == "watch.name")
        .collect();
    assert_eq!((code(&output), watched.len()), (1, 5), "{watched:?}");
    assert!(watched.iter().all(
        |one| one["level"] == "error" && !one["evidence"].as_str().unwrap().contains("eralta")
    ));
    assert_eq!(code(&run("q")), 0);
}

#[cfg(unix)]
#[test]
fn keys_are_made_for_their_owner_alone_and_never_over_a_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder(&[("there", "x")]);
    for (kind, name) in [("signing", "sign"), ("hmac", "mac")] {
        let output = run_in(folder.path(), &["keygen", "--kind", kind, "--output", name]);
        assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stderr));
        let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
        assert_eq!(
            code(&run_in(folder.path(), &["keygen", "--kind", kind, "--output", "there"])),
            2
        );
    }
    assert!(folder.path().join("sign.pub").is_file() && !folder.path().join("mac.pub").exists());
    assert_eq!(std::fs::read_to_string(folder.path().join("there")).unwrap(), "x");
}

const PROTECTED: &str = "schema: obstat.ruleset/1
pack:
  id: example.protected
  version: 1.0.0
  title: Protected persons
  authorities:
    handbook: { title: Handbook, edition: \"2026\" }
rules:
  - id: watch.source
    title: A protected name near what sources do
    level: error
    confidence: low
    cite: [{ doc: handbook }]
    message: A protected name is readable.
    why: It tells who helped.
    help: Redact it.
    detect:
      - hashed: { file: names.owl }
    support:
      - { phrases: [paid, informant], within: sentence, confidence: high }
    against:
      - { phrases: [street], words: 0, side: after }
";

#[test]
fn a_rule_can_look_for_names_of_a_keyed_list_and_weigh_them() {
    let folder = folder(&[
        (
            "p/a.txt",
            "Jolanda Peralta was paid in May.\n\nThe cook met Jolanda Peralta.\n\nIt was on Jolanda Peralta Street.\n",
        ),
        ("names.txt", "Jolanda Peralta\n"),
        ("r/protected.yaml", PROTECTED),
        ("lost/protected.yaml", PROTECTED),
        ("k.key", KEY),
        ("other.key", &KEY.replace('6', "7")),
    ]);
    let build = ["watchlist", "build", "names.txt", "--key", "k.key", "--output", "r/names.owl"];
    assert_eq!(code(&run_in(folder.path(), &build)), 0);
    let check = |rules: &str, more: &[&str]| {
        let args = ["check", "p", "--format", "jsonl", "--ruleset", rules];
        run_in(folder.path(), &[&args, more].concat())
    };
    let output = check("r/protected.yaml", &["--key", "k.key"]);
    let told = objects(&output);
    let found: Vec<_> = of_type(&told, "finding")
        .into_iter()
        .filter(|one| one["rule"] == "watch.source")
        .map(|one| (one["place"]["line"].as_u64().unwrap(), one["confidence"].as_str().unwrap()))
        .collect();
    assert_eq!(found, [(1, "high"), (3, "low")]);
    assert_eq!(code(&output), 1);
    for (rules, more, words) in [
        ("r/protected.yaml", &[][..], "need the key"),
        ("r/protected.yaml", &["--key", "other.key"], "key"),
        ("lost/protected.yaml", &["--key", "k.key"], "the watch list is not there"),
    ] {
        let output = check(rules, more);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(code(&output), 2, "{said}");
        assert!(output.stdout.is_empty() && said.contains(words), "{said}");
    }
}
