//! The (E) mark over whole documents: every row of the token, scope and status tables, look-alikes, near misses.

mod cases;

use cases::{CASES, Case};
use obstat::extract::FORMATS;
use obstat::model::{Document, Hit};
use obstat::read::Budget;
use obstat::rules::{Ruleset, Scratch};
use std::sync::LazyLock;

fn read(text: &str) -> Document {
    let format = FORMATS.iter().find(|format| format.recognises(text.as_bytes())).unwrap();
    format.extract(text.as_bytes(), &Budget::default()).value
}

fn exempt_hits(document: &Document) -> Vec<Hit> {
    static RULES: LazyLock<Ruleset> = LazyLock::new(Ruleset::shipped);
    let checked = RULES.check(document, &mut Scratch::default());
    checked.hits.into_iter().filter(|hit| hit.rule.starts_with("exempt.")).collect()
}

/// A hit as the table writes it: rule without its family, scope, passage.
fn line(hit: &Hit) -> String {
    let scope = hit.data.get("scope").and_then(|scope| scope.as_str()).unwrap_or("?");
    let evidence = hit.evidence.as_ref().map_or("", |evidence| evidence.reveal());
    format!("{} {scope} {evidence}", hit.rule.trim_start_matches("exempt.")).trim_end().to_owned()
}

fn found(case: &Case) -> Vec<String> {
    let wants_ambiguity = case.expected.iter().any(|line| line.starts_with("ambiguous"));
    exempt_hits(&read(case.text))
        .iter()
        .filter(|hit| wants_ambiguity || hit.rule != "exempt.ambiguous")
        .map(line)
        .collect()
}

#[test]
fn every_case_of_the_table_comes_out_as_it_says() {
    let wrong: Vec<String> = CASES
        .iter()
        .filter_map(|case| {
            let found = found(case);
            (found != case.expected).then(|| {
                format!(
                    "{} {:?}\n   expected {:?}\n   found    {found:?}",
                    case.row, case.text, case.expected
                )
            })
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), CASES.len(), wrong.join("\n"));
}

#[test]
fn every_row_of_the_tables_has_a_case() {
    let rows = (1..=18)
        .map(|n| format!("R{n}"))
        .chain((1..=14).chain(16..=17).map(|n| format!("S{n}")))
        .chain((1..=9).map(|n| format!("N{n}")))
        .chain(["A4", "A6"].map(str::to_owned));
    for row in rows {
        assert!(CASES.iter().any(|case| case.row == row), "{row}");
    }
    assert!(CASES.len() >= 150, "{}", CASES.len());
}

#[test]
fn the_passage_and_the_mark_lead_back_to_their_own_bytes() {
    let text = "The case opened.\r\n\r\nA beacon was\r\nfitted （Ｅ）. Then he left.\r\n";
    let document = read(text);
    let hits = exempt_hits(&document);
    let [hit] = hits.as_slice() else { panic!("{} hits", hits.len()) };
    let bytes = |range: &std::ops::Range<usize>| {
        let span = document.locate(range.clone()).span.unwrap();
        let (start, end) =
            (usize::try_from(span.start).unwrap(), usize::try_from(span.end).unwrap());
        text.get(start..end).unwrap().to_owned()
    };
    assert_eq!(bytes(&hit.range), "A beacon was\r\nfitted （Ｅ）.");
    assert_eq!(bytes(&hit.related[0].1), "（Ｅ）");
    assert_eq!(hit.evidence.as_ref().unwrap().reveal(), "A beacon was fitted.");
}

#[test]
fn a_partly_redacted_passage_tells_how_much_is_left() {
    let hits = exempt_hits(&read("The source, ████ █████, works in the mail room. (E)"));
    let data = &hits[0].data;
    assert_eq!(data["words_left"], 4);
    assert_eq!(data["share_removed"], 0.23);
}

#[test]
fn an_open_text_of_many_marks_is_found_mark_by_mark() {
    let text = "The source lives at the depot. (E)\n\n".repeat(2_000);
    assert_eq!(exempt_hits(&read(&text)).len(), 2_000);
}
