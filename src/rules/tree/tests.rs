//! Files with mistakes, and hostile ones.

use super::*;
use crate::rules::spec::FileSpec;

fn mistakes(source: &str) -> Vec<(String, String)> {
    let mut problems = Vec::new();
    parse(source).unwrap().read::<FileSpec>(&mut problems);
    problems
        .iter()
        .map(|problem| {
            (problem.text().to_owned(), source.get(problem.span()).unwrap_or("?").to_owned())
        })
        .collect()
}

#[test]
fn all_mistakes_of_a_file_are_told_at_their_places() {
    let source = "schema: obstat.ruleset/1
pack: { id: x.y, version: 1.10, title: yes }
rules:
  - id: a.b
    titel: no
    level: eror
    confidence: high
    cite: []
    message: 'x'
    why: w
    help: |
      abc
    detect:
      - regexx: { pattern: 'a' }
      - regex: { patern: 'a' }
      - phrases: { terms: [0755, ~] }
    examples: [ 'abc', { text: x, fornat: xml } ]
";
    let found = mistakes(source);
    let found: Vec<_> = found.iter().map(|(text, at)| (text.as_str(), at.as_str())).collect();
    assert_eq!(
        found,
        [
            ("unknown key `titel`", "titel"),
            ("unknown word `eror`", "eror"),
            ("unknown word `regexx`", "regexx"),
            ("unknown key `patern`", "patern"),
            ("this should be a text, not nothing", "~"),
            ("unknown key `fornat`", "fornat"),
        ]
    );
}

#[test]
fn a_text_that_looks_like_a_number_or_a_boolean_stays_as_written() {
    let source = "schema: 1.10\npack: { id: yes, version: 0755, title: no }\n";
    let mut problems = Vec::new();
    let file: FileSpec = parse(source).unwrap().read(&mut problems).unwrap();
    assert_eq!(problems, []);
    let FileSpec { schema, pack, .. } = file;
    assert_eq!(
        [schema.value, pack.id.value, pack.version.value, pack.title],
        ["1.10", "yes", "0755", "no"]
    );
}

#[test]
fn an_alias_bomb_is_refused() {
    let levels: Vec<String> = (1..40)
        .map(|level| format!("a{level}: &a{level} [*a{0}, *a{0}, *a{0}]\n", level - 1))
        .collect();
    let source = "a0: &a0 [x, x]\n".to_owned() + &levels.concat();
    assert!(parse(&source).is_err());
}
