//! A manifest to start from: the files of a package with their digests, types and marked passages filled in, and
//! everything that only a person can know left to be written.

use super::vocabulary::{Purpose, RecipientKind, RecordType};
use std::fmt::Write as _;

/// What the scan of a package tells about one of its files.
#[derive(Clone, Debug)]
pub struct ScaffoldRecord {
    /// Its path, relative to the package root.
    pub file: String,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// The record type that its content suggests.
    pub kind: Option<RecordType>,
    /// How many passages are marked (E) in it.
    pub marked: usize,
}

/// The text of a manifest. As it is, it does not pass: what has to be decided is a word that is in no vocabulary.
pub fn scaffold(records: &[ScaffoldRecord], date: &str) -> String {
    let mut out = String::from(
        "# yaml-language-server: $schema=./obstat.release.schema.json\n\
         # Every `TODO` has to be decided by a person; `obstat release check` says what is still missing.\n\
         schema: obstat-release/1\n\
         policy_profile: ice-6-4.0-2005\n",
    );
    let purposes = words(Purpose::ALL.iter().map(|purpose| purpose.as_str()));
    let recipients = words(RecipientKind::ALL.iter().map(|kind| kind.as_str()));
    // Writing into a string cannot fail.
    let _ = write!(
        out,
        "release:\n  id: TODO\n  date: {date}\n  # {purposes}\n  purpose: TODO\n  action: {{ proposed: false }}\n\
         recipient:\n  # {recipients}\n  kind: TODO\n  name: TODO\n  need_to_know: TODO\n\
         prepared_by: {{ name: TODO, role: elmr }}\nreleased_by: {{ name: TODO, role: elmr }}\nrecords:\n"
    );
    for (record, number) in records.iter().zip(1..) {
        let kind = record.kind.map_or("TODO", RecordType::as_str);
        let _ = write!(
            out,
            "  - id: rec-{number}\n    file: {}\n    sha256: {}\n    type: {kind}\n",
            quoted(&record.file),
            record.sha256
        );
        if record.marked > 0 {
            let _ = writeln!(out, "    marked_passages: {{ count: {} }}", record.marked);
        }
    }
    out.push_str("coordination: []\n");
    out
}

fn words<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

/// A YAML double-quoted scalar: file names may hold anything.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::super::Manifest;
    use super::*;

    #[test]
    fn a_scaffold_is_complete_but_for_what_a_person_has_to_decide() {
        let record = ScaffoldRecord {
            file: "a \"b\".pdf".to_owned(),
            sha256: "0".repeat(64),
            kind: Some(RecordType::Audit),
            marked: 2,
        };
        let text = scaffold(&[record], "2026-05-04");
        let problems = Manifest::parse("release.yaml", &text, "2026-06-01").unwrap_err().problems;
        assert!(
            problems.iter().all(|problem| problem.to_string().contains("TODO")),
            "{problems:?}"
        );
        let decided = text.replacen("purpose: TODO", "purpose: access-request", 1).replacen(
            "kind: TODO",
            "kind: union",
            1,
        );
        let words = decided.replace(": TODO", ": A. Poe");
        Manifest::parse("release.yaml", &words, "2026-06-01").unwrap();
        let problems =
            Manifest::parse("release.yaml", &decided, "2026-06-01").unwrap_err().problems;
        assert!(problems.iter().all(|problem| problem.to_string().contains("still to be decided")));
    }
}
