//! The shipped rulesets: valid, and true to their examples.

use obstat::extract::FORMATS;
use obstat::model::{Document, DocumentBuilder};
use obstat::read::Budget;
use obstat::rules::{self, Ruleset};

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
