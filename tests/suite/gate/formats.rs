//! What holds for every report format: the same counts, and no secret.

use crate::support::{folder, obstat, run_in};
use serde_json::Value;

const FORMATS: [&str; 8] =
    ["terminal", "plain", "json", "jsonl", "sarif", "csv", "github", "junit"];

/// The schema of SARIF 2.1.0 as OASIS publishes it.
const SARIF: &str = include_str!("../schema/sarif-2.1.0.json");

#[test]
fn the_sarif_of_the_corpus_is_valid_against_the_official_schema() {
    // One pattern is no regular expression of ECMA 262 in Unicode mode: a bracket stands unescaped.
    let schema = SARIF.replace("{2}]?$", r"{2}\\]?$");
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for extra in [&["--package-depth", "1"][..], &["--package-depth", "1", "--show-candidates"]] {
        let args = [&["check", "corpus/packages", "--format", "sarif"], extra].concat();
        let report: Value = serde_json::from_slice(&run_in(root, &args).stdout).unwrap();
        let wrong: Vec<String> = validator
            .iter_errors(&report)
            .take(5)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(wrong, [] as [String; 0]);
        let results = report["runs"][0]["results"].as_array().unwrap().len();
        assert!(results > 100, "{results} results");
        let mut broken = report.clone();
        broken["runs"][0]["results"][0]["level"] = "severe".into();
        assert!(!validator.is_valid(&broken), "the schema is looked at");
    }
}

/// Fifty tokens that stand nowhere else.
fn tokens() -> Vec<String> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut letter = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b'a' + u8::try_from(state % 26).unwrap())
    };
    (0..50).map(|_| (0..12).map(|_| letter()).collect()).collect()
}

/// Five consecutive characters of a token in a text.
fn leak(tokens: &[String], text: &str) -> Option<String> {
    let windows =
        tokens.iter().flat_map(|token| (0..=token.len() - 5).map(move |at| &token[at..at + 5]));
    windows.into_iter().find(|window| text.contains(*window)).map(str::to_owned)
}

#[test]
fn no_masked_format_error_or_log_shows_five_characters_of_a_secret() {
    let tokens = tokens();
    let text: String =
        tokens.iter().map(|token| format!("The source is {token}. (E)\n\n")).collect();
    let xml: String = tokens
        .iter()
        .map(|token| format!("<p note=\"{token}. (E)\">The source is {token}. (E)</p>\n"))
        .collect();
    let broken = format!("<export>{xml}<p>{}", tokens[0]);
    let pdf = format!("%PDF-1.4\n1 0 obj << /Title ({}) >>\nendobj\ntrailer", tokens[1]);
    let folder = folder(&[
        ("p/a.txt", &text),
        ("p/b.xml", &format!("<export>{xml}</export>")),
        ("p/c.xml", &broken),
        ("p/d.pdf", &pdf),
    ]);
    for format in FORMATS {
        let args = ["check", "p", "--format", format];
        let output = obstat(args)
            .current_dir(folder.path())
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "full")
            .output()
            .unwrap();
        for (stream, bytes) in [("report", &output.stdout), ("errors", &output.stderr)] {
            let said = String::from_utf8_lossy(bytes).to_lowercase();
            assert_eq!(leak(&tokens, &said), None, "{format}, {stream}");
        }
        let args = ["check", "p", "--format", format, "--show-evidence"];
        let shown = run_in(folder.path(), &args);
        let seen = leak(&tokens, &String::from_utf8_lossy(&shown.stdout)).is_some();
        // Annotations are public: they never carry evidence. Without masking the others do, so the test can fail.
        assert_eq!(seen, format != "github", "{format}");
    }
}

#[test]
fn every_format_counts_the_same() {
    let folder = folder(&[
        ("p/a.txt", "FOR OFFICIAL USE ONLY\n\nHe met the source. (E)\n\nShe left █████. (E)\n"),
        ("p/b.txt", "The clerk knew. (E) It was late.\n"),
        ("p/c.bin", "\0\u{1}"),
    ]);
    let text = |format: &str| {
        String::from_utf8(run_in(folder.path(), &["check", "p", "--format", format]).stdout)
            .unwrap()
    };
    let json: Value = serde_json::from_str(&text("json")).unwrap();
    let summary = &json["summary"]["findings"];
    let count = |level: &str| usize::try_from(summary[level].as_u64().unwrap()).unwrap();
    let all = count("error") + count("warning") + count("note");
    assert!(all >= 4, "{summary}");
    let sarif: Value = serde_json::from_str(&text("sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let of_sarif = |level: &str| {
        results
            .iter()
            .filter(|one| one["properties"]["type"] == "finding" && one["level"] == level)
            .count()
    };
    let (csv, junit, github, lines, plain) =
        (text("csv"), text("junit"), text("github"), text("jsonl"), text("plain"));
    for level in ["error", "warning", "note"] {
        let in_csv = csv
            .lines()
            .filter(|line| line.starts_with("finding,") && line.contains(&format!(",{level},")))
            .count();
        let in_lines = lines
            .lines()
            .filter(|line| {
                line.contains("\"type\":\"finding\"")
                    && line.contains(&format!("\"level\":\"{level}\""))
            })
            .count();
        let in_junit = junit.matches(&format!("type=\"{level}\"")).count();
        let in_plain = plain.lines().filter(|line| line.contains(&format!(": {level}: "))).count();
        let found = [of_sarif(level), in_csv, in_lines, in_junit, in_plain];
        assert_eq!(found, [count(level); 5], "{level}");
    }
    let annotations = github
        .lines()
        .filter(|line| {
            line.starts_with("::") && line.contains(" file=") && !line.contains("title=unread.")
        })
        .count();
    assert_eq!(annotations, all);
    let unread = [
        csv.matches("notice,").count(),
        junit.matches("<error").count(),
        github.matches("title=unread.").count(),
    ];
    assert_eq!(unread, [1; 3]);
}
