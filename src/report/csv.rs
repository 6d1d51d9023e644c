//! `csv`: for spreadsheets. One row a finding and a notice, in one table, so that what was not read cannot be missed.

use super::{Reporter, Style, evidence, place_in_words};
use crate::model::{Finding, Notice, PackageReport, Summary};
use crate::rules::Ruleset;
use std::io;

const HEADER: [&str; 14] = [
    "type",
    "package",
    "artifact",
    "place",
    "rule",
    "level",
    "confidence",
    "part",
    "visibility",
    "message",
    "citation",
    "evidence",
    "fingerprint",
    "suppressed",
];

/// Writes `csv` (RFC 4180).
pub(super) struct Csv {
    style: Style,
}

impl Csv {
    pub(super) fn new(style: Style) -> Self {
        Self { style }
    }

    fn finding(&self, package: &str, finding: &Finding) -> [String; 14] {
        [
            "finding".to_owned(),
            package.to_owned(),
            finding.artifact.to_string(),
            place_in_words(&finding.location.place),
            finding.rule.clone(),
            finding.level.as_str().to_owned(),
            finding.confidence.as_str().to_owned(),
            finding.part.as_str().to_owned(),
            finding.visibility.as_str().to_owned(),
            finding.message.clone(),
            finding.citation.clone(),
            evidence(&finding.evidence, &self.style),
            finding.fingerprint.clone(),
            finding.suppressed.as_ref().map(|one| one.reason.clone()).unwrap_or_default(),
        ]
    }
}

fn notice(package: &str, notice: &Notice) -> [String; 14] {
    let mut row = [const { String::new() }; 14];
    let weight = if notice.blocking { "blocking" } else { "" };
    let place = notice.place.as_ref().map(place_in_words).unwrap_or_default();
    let artifact = notice.artifact.to_string();
    let cells = [
        "notice",
        package,
        &artifact,
        &place,
        notice.code.as_str(),
        weight,
        "",
        "",
        "",
        &notice.message,
    ];
    row.iter_mut().zip(cells).for_each(|(cell, value)| value.clone_into(cell));
    row
}

/// A cell that a spreadsheet would take for a formula gets an apostrophe (OWASP, CSV Injection).
fn disarmed(cell: &str) -> String {
    // Some spreadsheets look past spaces, and take the wide forms for the plain ones.
    let signs = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    let armed = cell.starts_with(['\t', '\r', '\n']) || cell.trim_start().starts_with(signs);
    if armed { format!("'{cell}") } else { cell.to_owned() }
}

fn write_row<'a>(
    out: &mut dyn io::Write,
    cells: impl IntoIterator<Item = &'a str>,
) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells.into_iter().map(disarmed))?;
    out.write_all(&writer.into_inner().map_err(csv::IntoInnerError::into_error)?)
}

impl Reporter for Csv {
    fn begin(&mut self, _ruleset: &Ruleset, out: &mut dyn io::Write) -> io::Result<()> {
        write_row(out, HEADER)
    }

    fn package(
        &mut self,
        report: &PackageReport,
        _ruleset: &Ruleset,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        for item in &report.findings {
            write_row(out, self.finding(&report.package, item).iter().map(String::as_str))?;
        }
        for item in &report.notices {
            write_row(out, notice(&report.package, item).iter().map(String::as_str))?;
        }
        Ok(())
    }

    fn finish(&mut self, _summary: &Summary, _out: &mut dyn io::Write) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{sample_package, style};
    use super::*;

    #[test]
    fn findings_and_notices_are_rows_and_no_cell_is_a_formula() {
        let mut package = sample_package();
        package.package = "=HYPERLINK(\"x\")".to_owned();
        for cell in ["=1", "+1", "-1", "@x", "\t=1", " =1", "\u{ff1d}1", "\n=1"] {
            assert_eq!(disarmed(cell), format!("'{cell}"));
        }
        let mut out = Vec::new();
        let mut csv = Csv::new(style(false));
        csv.begin(&Ruleset::shipped(), &mut out).unwrap();
        csv.package(&package, &Ruleset::shipped(), &mut out).unwrap();
        let rows: Vec<_> =
            csv::Reader::from_reader(out.as_slice()).records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 2);
        assert_eq!(
            (&rows[0][0], &rows[0][4], &rows[1][4]),
            ("finding", "exempt.open", "unread.encrypted")
        );
        assert!(rows.iter().all(|row| row[1].starts_with("'=")));
    }
}
