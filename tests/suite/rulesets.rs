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
    let run = |text: &str| {
        std::fs::write(&file, text).unwrap();
        rules::test(&[file.display().to_string()], &read)
    };
    let report = run(example).unwrap();
    assert_eq!(report.rules, 1);
    assert!(report.failures.is_empty(), "{:#?}", report.failures);
    for (right, wrong) in [
        ("⟦L20417⟧ at noon", "L20417 at noon"),
        ("L[0-9]{5}", "M[0-9]{5}"),
        ("Part L20417", "Locker L20417"),
        ("storage no.]", "shelf no.]"),
        ("doc: handbook", "doc: manual"),
    ] {
        assert!(example.contains(right), "the guide does not say `{right}` any more");
        let said = run(&example.replace(right, wrong));
        let noticed = said.map_or(true, |report| !report.failures.is_empty());
        assert!(noticed, "nothing fails where the guide says `{wrong}`");
    }
}

/// The ids in the table of rules; those that are marked `(later)` left out.
fn ids_of_the_contract(contract: &str) -> Vec<String> {
    let table = contract.split("## Rule ids").nth(1).unwrap_or_default();
    let rows = table.lines().filter(|line| line.starts_with("| `") && !line.contains("(later)"));
    let mut ids = Vec::new();
    for row in rows {
        let mut theme = "";
        for word in row.split('|').nth(1).unwrap_or_default().split('`').skip(1).step_by(2) {
            if let Some(noun) = word.strip_prefix('.') {
                ids.push(format!("{theme}.{noun}"));
            } else {
                theme = word.split('.').next().unwrap_or_default();
                ids.push(word.to_owned());
            }
        }
    }
    ids
}

#[test]
fn every_id_of_the_contract_is_listed_and_explained() {
    let Ok(contract) = std::fs::read_to_string("../shared/contract.md") else { return };
    let ids = ids_of_the_contract(&contract);
    assert!(ids.len() > 140, "{} ids", ids.len());
    let rules = Ruleset::shipped().with(obstat::release::rules(obstat::release::DEFAULT_PROFILE));
    let missing: Vec<&String> = ids.iter().filter(|id| rules.rule(id).is_none()).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let here = Path::new(".");
    let listed = crate::support::run_in(here, &["rules", "list"]).stdout;
    let listed = String::from_utf8(listed).unwrap();
    let listed: Vec<_> = listed.lines().filter_map(|line| line.split(' ').next()).collect();
    for id in &ids {
        assert!(listed.contains(&id.as_str()), "{id} is not listed");
    }
    for id in ["release.page-gap", "release.safeguarding", "redaction.uncoded", "pii.ssn"] {
        let told = crate::support::run_in(here, &["rules", "explain", id]);
        let told = String::from_utf8(told.stdout).unwrap();
        assert!(told.starts_with(id) && told.contains("What to do:"), "{told}");
    }
}

#[test]
fn texts_made_to_be_slow_are_done_in_time() {
    let ruleset = Ruleset::shipped();
    let mut scratch = Scratch::default();
    let digit = |n: usize| char::from(b'0' + u8::try_from(n * n % 97 % 10).unwrap());
    let digits: String = (0..200_000).map(digit).collect();
    let spaced: String = (0..20_000).map(|n| format!("{} ", 219_450_000 + n * 7)).collect();
    let texts = [
        digits,
        spaced,
        "the agent met the source at the pier and ".repeat(5_000),
        "(E) ".repeat(20_000),
        "CUI//SP-".repeat(5_000),
        "SSN ".repeat(20_000),
    ];
    for text in texts {
        let start = std::time::Instant::now();
        let document = read("text", &text);
        ruleset.check(&document, &mut scratch);
        let (seconds, begins) = (start.elapsed().as_secs(), text.get(..8).unwrap());
        assert!(seconds < 60, "{begins}: {seconds} s for {} bytes", text.len());
    }
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
