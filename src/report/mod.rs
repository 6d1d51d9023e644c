//! One file per output.

mod csv;
mod dump;
#[cfg(feature = "cli")]
mod excerpt;
mod github;
mod json;
mod junit;
mod plain;
mod sarif;
#[cfg(feature = "cli")]
mod terminal;

pub use dump::{Dump, write_document};

use crate::model::{PackageReport, Place, SensitiveText, Summary};
use crate::rules::Ruleset;
use std::io;

/// How a report is written.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Record text in clear.
    pub show_evidence: bool,
    /// Colour and box drawing.
    pub colour: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Only the closing table and the verdict.
    pub summary: bool,
    /// Hits below low confidence too.
    pub show_candidates: bool,
}

impl Default for Style {
    /// Masked, without colour, 100 columns.
    fn default() -> Self {
        Self {
            show_evidence: false,
            colour: false,
            width: 100,
            summary: false,
            show_candidates: false,
        }
    }
}

/// Writes one format. Packages come in path order, each when it is done.
pub trait Reporter {
    /// Before the first package.
    fn begin(&mut self, ruleset: &Ruleset, out: &mut dyn io::Write) -> io::Result<()>;
    /// One package.
    fn package(
        &mut self,
        package: &PackageReport,
        ruleset: &Ruleset,
        out: &mut dyn io::Write,
    ) -> io::Result<()>;
    /// After the last package.
    fn finish(&mut self, summary: &Summary, out: &mut dyn io::Write) -> io::Result<()>;
}

/// A format of `--format`.
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is for, in a line.
    pub about: &'static str,
    /// Makes its writer.
    pub reporter: fn(Style) -> Box<dyn Reporter>,
}

/// All formats; the first is the default.
pub const REPORTS: &[Format] = &[
    #[cfg(feature = "cli")]
    Format {
        name: "terminal",
        about: "for people: each finding with the passage lit up, a table, the verdict",
        reporter: |style| Box::new(terminal::Terminal::new(style)),
    },
    Format {
        name: "plain",
        about: "for logs: one line a finding, the verdict last",
        reporter: |style| Box::new(plain::Plain::new(style)),
    },
    Format {
        name: "json",
        about: "for programs: one object (contract: obstat-report/1)",
        reporter: |style| Box::new(json::Json::new(style)),
    },
    Format {
        name: "jsonl",
        about: "for pipelines: one object a line, as packages are done",
        reporter: |style| Box::new(json::JsonLines::new(style)),
    },
    Format {
        name: "sarif",
        about: "for code-scanning dashboards: SARIF 2.1.0",
        reporter: |style| Box::new(sarif::Sarif::new(style)),
    },
    Format {
        name: "junit",
        about: "for build servers: a suite for each artifact",
        reporter: |style| Box::new(junit::JUnit::new(style)),
    },
    Format {
        name: "csv",
        about: "for spreadsheets: one row a finding and a notice",
        reporter: |style| Box::new(csv::Csv::new(style)),
    },
    Format {
        name: "github",
        about: "for CI steps: workflow commands that show as annotations",
        reporter: |style| Box::new(github::GitHub::new(style)),
    },
];

/// The format of that name.
pub fn find(name: &str) -> Option<&'static Format> {
    REPORTS.iter().find(|format| format.name == name)
}

/// Evidence as the style allows it.
fn evidence(text: &SensitiveText, style: &Style) -> String {
    if style.show_evidence { text.reveal().to_owned() } else { text.masked() }
}

/// A place in words: `page 3`, `line 12`, `line 12, /report[1]/p[3]`.
fn place_in_words(place: &Place) -> String {
    match place {
        Place::Page { page: 0, .. } => "the document".to_owned(),
        Place::Page { page, .. } => format!("page {page}"),
        Place::Element { element, line, column } => {
            format!("line {line}, column {column}, {element}")
        }
        Place::Line { line, column } => format!("line {line}, column {column}"),
        Place::Sheet { sheet, cell } => format!("sheet {sheet}, cell {cell}"),
        Place::Slide { slide, shape } => format!("slide {slide}, {shape}"),
        Place::Paragraph { part, paragraph } => format!("{part}, paragraph {paragraph}"),
        Place::Header { header } => format!("header {header}"),
        Place::Property { property } => property.clone(),
        Place::Bytes { bytes } => format!("bytes {} to {}", bytes.start, bytes.end),
    }
}

/// Whether a character steers a terminal, or the direction of the text around it, instead of being shown.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Text fit for one line of a terminal or log: control characters and bidirectional overrides are written out.
fn printable(text: &str) -> String {
    if !text.contains(steers) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if steers(c) { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    shown
}

/// `1 error`, `2 errors`.
fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// The sentence that ends a package's report.
fn verdict_in_words(package: &PackageReport) -> String {
    use crate::model::Verdict;
    let counts = package.level_counts();
    let unread = package.unread_count();
    let unread_words = format!(
        "{} not read in full",
        if unread == 1 { "1 artifact was".to_owned() } else { format!("{unread} artifacts were") }
    );
    match package.verdict {
        Verdict::Clear => "clear: nihil obstat, nothing stands in the way of release".to_owned(),
        Verdict::Obstructed => {
            let errors = counted(counts.error as usize, "error");
            let verb = if counts.error == 1 { "stands" } else { "stand" };
            let also = if unread > 0 { format!("; {unread_words}") } else { String::new() };
            format!("obstructed: {errors} {verb} in the way of release{also}")
        }
        Verdict::Undetermined => format!(
            "undetermined: {unread_words}, so nobody can say that nothing stands in the way"
        ),
    }
}

/// Who answers for a suppression, until when and why.
fn answered_for(suppression: &crate::model::Suppression) -> String {
    let crate::model::Suppression { reason, approver, expires } = suppression;
    printable(&format!("suppressed by {approver} until {expires}: {reason}"))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::model::{
        Address, Artifact, Confidence, Excerpt, Finding, Level, Location, Notice, NoticeCode, Part,
        Quad, Related, Span, Status, Verdict, Visibility,
    };

    pub(crate) fn style(show_evidence: bool) -> Style {
        Style { show_evidence, ..Style::default() }
    }

    fn location(start: u64, end: u64, x: f32) -> Location {
        let quads = vec![Quad([x, 540.123, x + 238.4, 552.28])];
        Location { place: Place::Page { page: 3, quads }, span: Some(Span { start, end }) }
    }

    pub(crate) fn sample_package() -> PackageReport {
        let text = "The case opened in May. The source met Jane. (E)\nHe left.";
        let finding = Finding {
            rule: "exempt.open".to_owned(),
            level: Level::Error,
            confidence: Confidence::High,
            message: "The sentence before the mark is exempt from disclosure and still readable."
                .to_owned(),
            citation: "ICE Directive 6-4.0, 7.2".to_owned(),
            artifact: Address::new("roi.pdf"),
            location: location(24, 44, 72.0),
            part: Part::Body,
            visibility: Visibility::Shown,
            evidence: SensitiveText::new("The source met Jane."),
            excerpt: Excerpt {
                text: SensitiveText::new(text),
                primary: 24..44,
                related: vec![("the mark".to_owned(), 45..48)],
            },
            fingerprint: "sha256:0".to_owned(),
            related: vec![Related {
                label: "the mark".to_owned(),
                location: location(45, 48, 312.0),
            }],
            data: [("scope".to_owned(), "sentence".into()), ("status".to_owned(), "open".into())]
                .into(),
            suppressed: None,
        };
        let mut notice = Notice::blocking(
            NoticeCode::Encrypted,
            "The file is encrypted and asks for a password.",
        );
        notice.artifact = Address::new("annex.pdf");
        let artifact = |path: &str, status| Artifact {
            address: Address::new(path),
            format: "pdf".to_owned(),
            digest: "sha256:1".to_owned(),
            status,
        };
        PackageReport {
            package: "packets/2005-117".to_owned(),
            verdict: Verdict::Obstructed,
            artifacts: vec![
                artifact("annex.pdf", Status::Unread),
                artifact("roi.pdf", Status::Read),
            ],
            findings: vec![finding],
            notices: vec![notice],
            candidates: 0,
        }
    }

    #[test]
    fn every_format_has_a_name_of_its_own_and_says_what_it_is_for() {
        for (index, format) in REPORTS.iter().enumerate() {
            assert!(!format.about.is_empty());
            assert!(
                REPORTS.iter().skip(index + 1).all(|other| other.name != format.name),
                "{} twice",
                format.name
            );
        }
    }

    #[test]
    fn no_format_shows_record_text_in_clear_unless_asked() {
        let ruleset = Ruleset::shipped();
        for format in REPORTS {
            for show in [false, true] {
                let mut reporter = (format.reporter)(style(show));
                let mut out = Vec::new();
                reporter.begin(&ruleset, &mut out).unwrap();
                reporter.package(&sample_package(), &ruleset, &mut out).unwrap();
                reporter.finish(&Summary::default(), &mut out).unwrap();
                let text = String::from_utf8(out).unwrap();
                // Annotations are public: they never carry evidence.
                let expected = show && format.name != "github";
                assert_eq!(text.contains("Jane"), expected, "{}, {show}:\n{text}", format.name);
            }
        }
    }
}
