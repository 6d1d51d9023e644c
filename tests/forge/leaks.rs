//! For every PDF row of the leak table a file that leaks and one that only looks like it: `corpus/packages/pdf-leaks`.

mod annotations;
mod content;
mod document;
mod images;
mod inference;
mod leaf;
mod structure;
mod unseen;

use super::Files;
use super::expected::{Expected, Found};
use super::pdf::font::Face;
use std::fmt::Write as _;

/// A file of a row, and what a check has to say about it.
struct Sample {
    file: String,
    bytes: Vec<u8>,
    findings: Vec<Found>,
    notice: Option<&'static str>,
}

/// A row of the table: its leaks and its near misses.
pub(crate) struct Row {
    section: &'static str,
    title: &'static str,
    slug: &'static str,
    leaks: Vec<Sample>,
    misses: Vec<Sample>,
}

impl Row {
    fn new(section: &'static str, title: &'static str, slug: &'static str) -> Self {
        Self { section, title, slug, leaks: Vec::new(), misses: Vec::new() }
    }

    /// A file that leaks `words` in the way of `rule`.
    fn leak(self, file: &str, bytes: Vec<u8>, rule: &'static str, words: &str) -> Self {
        self.leaks_all(file, bytes, &[(rule, words)])
    }

    /// A file that leaks in several ways.
    fn leaks_all(mut self, file: &str, bytes: Vec<u8>, wanted: &[(&'static str, &str)]) -> Self {
        let file = format!("{file}.pdf");
        let findings = wanted
            .iter()
            .map(|&(rule, words)| Found {
                rule,
                artifact: file.clone(),
                words: words.to_owned(),
                ..Found::default()
            })
            .collect();
        self.leaks.push(Sample { file, bytes, findings, notice: None });
        self
    }

    /// The last leak may be told by another rule as well as by its own.
    fn or(mut self, rule: &'static str) -> Self {
        for found in self.leaks.last_mut().into_iter().flat_map(|sample| &mut sample.findings) {
            found.or.push(rule);
        }
        self
    }

    /// The last leak brings a blocking notice.
    fn notice(mut self, code: &'static str) -> Self {
        if let Some(sample) = self.leaks.last_mut() {
            sample.notice = Some(code);
        }
        self
    }

    /// A file that only looks like a leak.
    fn miss(mut self, file: &str, bytes: Vec<u8>) -> Self {
        let file = format!("{file}.pdf");
        self.misses.push(Sample { file, bytes, findings: Vec::new(), notice: None });
        self
    }

    /// The same leak in a face with a `ToUnicode` map and in one without.
    fn both(self, make: impl Fn(Face) -> Vec<u8>, rule: &'static str, words: &str) -> Self {
        FACES.into_iter().fold(self, |row, (name, face)| row.leak(name, make(face), rule, words))
    }

    /// The same near miss in a face with a `ToUnicode` map and in one without.
    fn both_miss(self, make: impl Fn(Face) -> Vec<u8>) -> Self {
        FACES.into_iter().fold(self, |row, (name, face)| row.miss(name, make(face)))
    }
}

/// One face that says which letters it shows, and one in which only the encoding does.
const FACES: [(&str, Face); 2] = [("mapped", Face::Cid), ("bare", Face::Differences)];

/// Fictitious people, none twice.
pub(crate) struct Names(usize);

impl Names {
    fn next(&mut self) -> String {
        const FIRST: [&str; 16] = [
            "Marlow", "Idris", "Petra", "Silas", "Odette", "Ruben", "Linnea", "Casper", "Thora",
            "Emeric", "Junia", "Alden", "Sabine", "Leopold", "Verity", "Ansel",
        ];
        const LAST: [&str; 16] = [
            "Quenby",
            "Harkell",
            "Ostrove",
            "Pellinor",
            "Wrexley",
            "Dunmarrow",
            "Ashgrove",
            "Kettlewick",
            "Brannoch",
            "Velloria",
            "Corvane",
            "Thistlewood",
            "Marchetto",
            "Ellingham",
            "Foxcombe",
            "Tregarrow",
        ];
        let at = self.0;
        self.0 += 1;
        format!("{} {}", FIRST[(at + at / 16) % 16], LAST[at % 16])
    }
}

/// Adds the packets and the table of rows.
pub(crate) fn add(files: &mut Files) {
    let names = &mut Names(0);
    let rows: Vec<Row> = [
        content::rows(names),
        unseen::rows(names),
        annotations::rows(names),
        document::rows(names),
        structure::rows(names),
        images::rows(names),
        inference::rows(names),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut table = String::from(
        "# The PDF rows of the leak table and their files\n\n\
         `leak` files have to be found with the rule and the words of the `leak.expected.yaml` beside them; `near-miss` files must \
         bring nothing at warning or above.\n\n| section | row | leaks | near misses |\n|---|---|---|---|\n",
    );
    for row in rows {
        let list = |samples: &[Sample], kind: &str| {
            let names: Vec<String> = samples
                .iter()
                .map(|sample| format!("`{}/{kind}/{}`", row.slug, sample.file))
                .collect();
            if names.is_empty() { "(out of scope)".to_owned() } else { names.join(" ") }
        };
        let (leaks, misses) = (list(&row.leaks, "leak"), list(&row.misses, "near-miss"));
        let _ = writeln!(table, "| {} | {} | {leaks} | {misses} |", row.section, row.title);
        close(files, &row, "leak", &row.leaks);
        close(files, &row, "near-miss", &row.misses);
    }
    files.insert("packages/pdf-leaks/ROWS.md".to_owned(), table.into_bytes());
}

fn close(files: &mut Files, row: &Row, kind: &str, samples: &[Sample]) {
    if samples.is_empty() {
        return;
    }
    let is_miss = kind == "near-miss";
    let mut expected = Expected {
        about: format!("{}: {} ({kind})", row.section, row.title),
        complete_for: vec!["redaction", "hidden", "release.missing-occurrence", "exempt"],
        least: "warning",
        verdict: if is_miss { "clear" } else { "" },
        ..Expected::default()
    };
    for sample in samples {
        let folder = format!("packages/pdf-leaks/{}/{kind}", row.slug);
        files.insert(format!("{folder}/{}", sample.file), sample.bytes.clone());
        expected.findings.extend(sample.findings.iter().cloned());
        if let Some(code) = sample.notice {
            expected.notice(&sample.file, code);
        }
    }
    let path = format!("packages/pdf-leaks/{}/{kind}.expected.yaml", row.slug);
    files.insert(path, expected.to_yaml().into_bytes());
}
