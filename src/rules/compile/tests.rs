//! Rulesets, right and wrong.

use super::*;

fn source(text: &str) -> Source {
    Source { name: "x.yaml".to_owned(), text: text.to_owned(), folder: None, is_trusted: false }
}

fn rule(body: &str) -> String {
    format!(
        "schema: obstat.ruleset/1\npack: {{ id: x, version: 1.0.0, title: t, authorities: {{ a: {{ title: A, edition: e }} }} }}\n\
         lists: {{ cues: {{ terms: [ssn] }} }}\nrules:\n  - id: x.y\n    title: t\n    level: error\n    confidence: high\n    \
         cite: [{{ doc: a }}]\n    why: w\n    help: h\n{body}"
    )
}

const DETECT: &str = "    message: m\n    detect: [{ regex: { pattern: 'ab' } }]\n";
const PROOF: &str = "    examples: ['⟦ab⟧']\n    counterexamples: [b]\n";

fn told(text: &str) -> Vec<(String, String)> {
    match compile(vec![source(text)]) {
        Err(RulesetError::Invalid { problems, .. }) => problems
            .iter()
            .map(|problem| (problem.to_string(), text.get(problem.span()).unwrap().to_owned()))
            .collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_rule_without_mistakes_compiles() {
    let compiled = compile(vec![source(&rule(&format!("{DETECT}{PROOF}")))]).unwrap();
    assert_eq!(compiled.rulebook.rules.len(), 1);
    assert_eq!(compiled.infos[0].citation, "A");
    assert!(compiled.identities[0].digest.starts_with("sha256:"));
}

#[test]
fn each_mistake_is_told_at_its_place() {
    let detect = |detect: &str| format!("    message: m\n    detect: [{detect}]\n{PROOF}");
    let evidence = |evidence: &str| format!("{DETECT}{PROOF}    support: [{evidence}]\n");
    for (body, message, place) in [
        (detect("{ regex: { pattern: 'a''(b' } }"), "this round bracket is never closed", "("),
        (detect("{ regex: { pattern: \"\\\\d+x\" } }"), "this may repeat without end", "\\\\d+"),
        (detect("{ regex: { pattern: ab, capture: n } }"), "the pattern has no group `n`", "n"),
        (
            detect("{ regex: { pattern: ab, validate: [lun] } }"),
            "there is no validator `lun`",
            "lun",
        ),
        (detect("{ phrases: { list: cuse } }"), "there is no list `cuse`", "cuse"),
        (detect("{ phrases: { terms: ['##'] } }"), "a term needs a letter or digit", "'##'"),
        (
            detect("{ grammar: { name: cui, outcome: baner } }"),
            "the grammar has no outcome `baner`",
            "baner",
        ),
        (detect(""), "the rule looks for nothing", "x.y"),
        (
            format!(
                "    message: 'the {{match}}'\n    detect: [{{ regex: {{ pattern: ab }} }}]\n{PROOF}"
            ),
            "a message has no field `{match}`",
            "{match}",
        ),
        (format!("{DETECT}    counterexamples: [b]\n"), "`x.y` has no example", "x.y"),
        (format!("{DETECT}    examples: ['⟦ab⟧']\n"), "`x.y` has no counterexample", "x.y"),
        (
            format!("{DETECT}    examples: [ab]\n    counterexamples: [b]\n"),
            "the example does not say what is to be found",
            "ab",
        ),
        (evidence("{ list: cues }"), "evidence needs one of `words`, `chars`, `within`", "{"),
        (
            evidence("{ list: cues, regex: a, words: 3 }"),
            "evidence is exactly one of `phrases`, `list`, `regex`, `rule`, `series`",
            "{",
        ),
        (evidence("{ rule: x.z, words: 3 }"), "there is no rule `x.z`", "x.z"),
        (
            evidence("{ rule: x.y, words: 3 }"),
            "rules need one another in a circle as evidence",
            "x.y",
        ),
        (format!("{DETECT}{PROOF}  - id: x.y\n"), "`title` is missing", "id"),
    ] {
        let text = rule(&body);
        let found = told(&text);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, message);
        assert!(found[0].1.starts_with(place.trim_end()), "{message}: {:?}", found[0].1);
    }
}

#[test]
fn what_a_slip_of_the_pen_spoils_is_no_second_mistake_and_hides_none() {
    for (body, expected) in [
        (format!("{DETECT}    exmaples: ['⟦ab⟧']\n    counterexamples: [b]\n"), vec!["exmaples"]),
        (format!("{DETECT}{PROOF}    support: [{{ phrase: [a], words: 3 }}]\n"), vec!["phrase"]),
        (
            format!("    message: m\n    detect: [{{ regx: {{ patern: ab }} }}]\n{PROOF}"),
            vec!["regx", "patern"],
        ),
        (format!("    message: m\n    detect: [{{ xyz: {{ check: ab }} }}]\n{PROOF}"), vec!["xyz"]),
        (
            format!("{DETECT}{PROOF}    validate: luhn\n    group: pge\n    valdate: [lunh]\n"),
            vec!["luhn", "pge", "valdate"],
        ),
        (
            format!(
                "    mesage: 'the {{match}}'\n    detect: [{{ regex: {{ pattern: 'a(b' }} }}]\n{PROOF}    priority: x\n"
            ),
            vec!["mesage", "{match}", "(", "x"],
        ),
    ] {
        let places: Vec<String> = told(&rule(&body)).into_iter().map(|(_, place)| place).collect();
        assert_eq!(places, expected, "{body}");
    }
}

#[test]
fn a_newer_pack_says_so_before_its_new_keys_are_unknown() {
    let text = "schema: obstat.ruleset/1\npack: { id: x, version: 1.0.0, title: t, requires: '>=99', colour: red }\n";
    let found = told(text);
    assert_eq!(found.len(), 1);
    assert!(found[0].0.starts_with("this pack needs obstat >=99"), "{found:?}");
}

#[test]
fn overrides_change_rules_and_the_digest_and_need_a_reason() {
    let plain = rule(&format!("{DETECT}{PROOF}"));
    let changed = format!("{plain}overrides: [{{ rule: x.y, level: note, reason: ours }}]\n");
    let (a, b) = (compile(vec![source(&plain)]).unwrap(), compile(vec![source(&changed)]).unwrap());
    assert_eq!(b.infos[0].level, crate::model::Level::Note);
    assert_ne!(a.identities[0].digest, b.identities[0].digest);
    let bare = format!("{plain}overrides: [{{ rule: x.z, level: note, reason: ' ' }}]\n");
    assert_eq!(told(&bare).len(), 2);
}

#[test]
fn hostile_rulesets_end_soon_with_a_diagnostic() {
    let start = std::time::Instant::now();
    let huge = rule(&format!(
        "    message: m\n    detect: [{{ regex: {{ pattern: '{}' }} }}]\n{PROOF}",
        "ab|".repeat(300_000)
    ));
    assert!(told(&huge)[0].0.contains("longer than"));
    let nested = rule(&format!(
        "    message: m\n    detect: [{{ regex: {{ pattern: '{}a{}' }} }}]\n{PROOF}",
        "(".repeat(3000),
        ")".repeat(3000)
    ));
    assert_eq!(told(&nested).len(), 1);
    let deep = format!("schema: {}x{}", "[".repeat(5000), "]".repeat(5000));
    assert!(compile(vec![source(&deep)]).is_err());
    let many: Vec<String> = (0..4_000).map(|n| format!("  - id: x.y{n}\n    titel: t\n")).collect();
    let many = many.concat();
    assert!(compile(vec![source(&format!("schema: obstat.ruleset/1\nrules:\n{many}"))]).is_err());
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

#[test]
fn of_thousands_of_mistakes_the_first_hundred_are_told_and_all_are_counted() {
    let wrong = |n: usize| format!("  - id: x.y{n}\n    titel: t\n");
    let text = format!(
        "schema: obstat.ruleset/1\npack: {{ id: x, version: 1.0.0, title: t }}\nrules:\n{}",
        (0..3_000).map(wrong).collect::<String>()
    );
    match compile(vec![source(&text)]) {
        Err(RulesetError::Invalid { problems, count }) => {
            assert_eq!((problems.len(), count), (100, 3_000));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn values_that_stand_for_one_another_many_times_are_refused_in_words() {
    let level = |level: usize| format!("a{level}: &a{level} [*a{0}, *a{0}, *a{0}]\n", level - 1);
    let bomb = "a0: &a0 [x, x]\n".to_owned() + &(1..40).map(level).collect::<String>();
    assert!(told(&bomb)[0].0.starts_with("names for other values"), "{:?}", told(&bomb));
    let many = format!("schema: [{}]\n", "x, ".repeat(700_000));
    assert!(told(&many)[0].0.starts_with("the file has more than"), "{:?}", told(&many));
}

#[test]
fn rules_that_need_one_another_in_a_long_row_are_put_in_order() {
    let one = |n: usize| {
        let id = if n == 0 {
            String::new()
        } else {
            format!(
                "  - id: x.y{n}\n    title: t\n    level: note\n    confidence: low\n    cite: []\n    why: w\n    help: h\n"
            )
        };
        let need = if n == 2_000 {
            String::new()
        } else {
            format!("    support: [{{ rule: x.y{}, words: 3 }}]\n", n + 1)
        };
        format!("{id}{DETECT}{PROOF}{need}")
    };
    let start = std::time::Instant::now();
    let compiled = compile(vec![source(&rule(&(0..=2_000).map(one).collect::<String>()))]).unwrap();
    let ids: Vec<&str> = compiled.rulebook.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!((ids.len(), ids[0], ids[2_000]), (2_001, "x.y2000", "x.y"));
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

#[test]
fn a_list_in_a_file_has_a_most_number_of_terms() {
    let folder = tempfile::tempdir().unwrap();
    let terms: String = (0..=1_000_000).map(|n| format!("n{n}\n")).collect();
    std::fs::write(folder.path().join("names.txt"), &terms).unwrap();
    let digest = hexadecimal(&Sha256::digest(terms.as_bytes()));
    let text =
        rule(&format!("    message: m\n    detect: [{{ phrases: {{ list: names }} }}]\n{PROOF}"))
            .replace(
                "lists: {",
                &format!("lists: {{ names: {{ file: names.txt, sha256: {digest} }},"),
            );
    let file = Source { folder: Some(folder.path().to_path_buf()), ..source(&text) };
    match compile(vec![file]) {
        Err(RulesetError::Invalid { problems, .. }) => {
            assert_eq!(problems[0].to_string(), "a list has at most 1000000 terms");
        }
        other => panic!("{other:?}"),
    }
}
