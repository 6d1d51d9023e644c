//! The shipped rulesets: valid, and true to their examples.

use obstat::extract::FORMATS;
use obstat::model::{Address, Document, DocumentBuilder};
use obstat::read::Budget;
use obstat::rules::{self, Ruleset, Scratch};
use obstat::scan::{Task, read_artifacts};
use std::path::Path;

/// Reads an example the way the scan would read an artifact.
fn read(format: &str, text: &str) -> Document {
    let name = if format == "csv" { "text" } else { format };
    FORMATS.iter().find(|known| known.name() == name).map_or_else(
        || DocumentBuilder::new().finish(),
        |known| known.extract(text.as_bytes(), &Budget::default()).value,
    )
}

#[test]
fn every_shipped_rule_finds_its_examples_and_leaves_its_near_misses_alone() {
    let report = rules::test(&[], &read).unwrap();
    let told: Vec<String> = report
        .failures
        .iter()
        .map(|failure| {
            let rules::TestFailure { rule, example, variant, reason } = failure;
            format!("{rule}, {variant}: {reason}\n    {example:?}")
        })
        .collect();
    assert!(told.is_empty(), "{} failures\n{}", told.len(), told.join("\n"));
    assert!(report.texts > 3 * report.rules, "too few examples to mean anything");
}

#[test]
fn every_rule_says_what_why_and_what_to_do() {
    for rule in Ruleset::shipped().rules() {
        for (what, text) in [
            ("title", &rule.title),
            ("message", &rule.message),
            ("why", &rule.why),
            ("help", &rule.help),
            ("citation", &rule.citation),
        ] {
            assert!(!text.trim().is_empty(), "{} has no {what}", rule.id);
        }
        assert!(rule.message.ends_with('.'), "the message of {} is no sentence", rule.id);
    }
}

#[test]
fn the_worked_example_of_the_guide_is_true() {
    let guide = std::fs::read_to_string("docs/writing-rules.md").unwrap();
    let (_, rest) = guide.split_once("```yaml\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("example.yaml");
    std::fs::write(&file, example.replace("[obstat.identifiers]", "[obstat.markings]")).unwrap();
    let report = rules::test(&[file.display().to_string()], &read).unwrap();
    assert_eq!(report.rules, 1);
    assert!(report.failures.is_empty(), "{:#?}", report.failures);
}

/// Every document of the corpus, and of the labelled cases where these lie beside the repository.
fn documents() -> Vec<(String, Document)> {
    let mut all = Vec::new();
    let files = walkdir::WalkDir::new("corpus").sort_by_file_name().into_iter().flatten();
    for entry in files.filter(|entry| entry.file_type().is_file()) {
        let task = Task::new(Address::new("x"), entry.path().to_path_buf());
        let small = entry.metadata().is_ok_and(|metadata| metadata.len() < 200_000);
        if small && !entry.path().starts_with("corpus/hostile") {
            let name = entry.path().display().to_string();
            read_artifacts(&task, |read| {
                all.extend(read.documents.into_iter().map(|document| (name.clone(), document)));
            });
        }
    }
    for name in ["exempt", "pii", "rules", "prose"] {
        let path = Path::new("../shared/cases").join(name).with_extension("jsonl");
        for line in std::fs::read_to_string(path).unwrap_or_default().lines().step_by(3) {
            let case: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = case["text"].as_str().unwrap_or_default();
            let format = if text.starts_with('<') { "xml" } else { "text" };
            all.push((format!("{name} {}", case["id"]), read(format, text)));
        }
    }
    all
}

#[test]
fn the_shared_automaton_and_the_single_expressions_find_the_same() {
    let ruleset = Ruleset::shipped();
    let (mut shared, mut alone) = (Scratch::default(), Scratch::default());
    let mut hits = 0;
    for (name, document) in documents() {
        let all_at_once = ruleset.check(&document, &mut shared).hits;
        hits += all_at_once.len();
        assert!(all_at_once == ruleset.check_one_by_one(&document, &mut alone).hits, "{name}");
    }
    assert!(hits > 20, "{hits} hits prove nothing");
}
