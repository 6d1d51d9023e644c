//! `plain`: for logs and for `grep`. One line a finding and a notice, the verdict last.

use super::{
    Reporter, Style, answered_for, counted, evidence, place_in_words, printable, verdict_in_words,
};
use crate::model::{Finding, Notice, PackageReport, Summary};
use crate::rules::Ruleset;
use std::io;

/// Writes `plain`.
pub(super) struct Plain {
    style: Style,
}

impl Plain {
    pub(super) fn new(style: Style) -> Self {
        Self { style }
    }

    fn finding(&self, package: &str, finding: &Finding, out: &mut dyn io::Write) -> io::Result<()> {
        let artifact = printable(&finding.artifact.to_string());
        let place = printable(&place_in_words(&finding.location.place));
        let (level, rule) = (finding.level.as_str(), &finding.rule);
        let text = printable(&evidence(&finding.evidence, &self.style));
        let (message, citation) = (&finding.message, &finding.citation);
        let (level, answer) = match &finding.suppressed {
            None => (level.to_owned(), String::new()),
            Some(one) => (format!("suppressed {level}"), format!(" ({})", answered_for(one))),
        };
        writeln!(
            out,
            "{package}: {artifact}: {place}: {level}: {rule}: {message}{answer} [{citation}] {text}"
        )
    }
}

impl Reporter for Plain {
    fn begin(&mut self, _ruleset: &Ruleset, _out: &mut dyn io::Write) -> io::Result<()> {
        Ok(())
    }

    fn package(
        &mut self,
        report: &PackageReport,
        _ruleset: &Ruleset,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let package = printable(&report.package);
        if !self.style.summary {
            report.findings.iter().try_for_each(|item| self.finding(&package, item, out))?;
            report.notices.iter().try_for_each(|item| notice(&package, item, out))?;
        }
        writeln!(out, "{package}: {}", verdict_in_words(report))
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn io::Write) -> io::Result<()> {
        let Summary { packages, artifacts, findings } = summary;
        let all = (packages.clear + packages.obstructed + packages.undetermined) as usize;
        write!(out, "{}: ", counted(all, "package"))?;
        write!(out, "{} clear, {} obstructed, ", packages.clear, packages.obstructed)?;
        write!(out, "{} undetermined; artifacts: ", packages.undetermined)?;
        write!(out, "{} read, {} partly, ", artifacts.read, artifacts.partly)?;
        write!(out, "{} unread, {} excluded; findings: ", artifacts.unread, artifacts.excluded)?;
        writeln!(
            out,
            "{} error, {} warning, {} note",
            findings.error, findings.warning, findings.note
        )
    }
}

fn notice(package: &str, notice: &Notice, out: &mut dyn io::Write) -> io::Result<()> {
    let artifact = printable(&notice.artifact.to_string());
    let place = notice
        .place
        .as_ref()
        .map(|place| printable(&place_in_words(place)) + ": ")
        .unwrap_or_default();
    let weight = if notice.blocking { "blocking" } else { "for information" };
    writeln!(
        out,
        "{package}: {artifact}: {place}{weight}: {}: {}",
        notice.code.as_str(),
        notice.message
    )
}

#[cfg(test)]
mod tests {
    use super::super::tests::{sample_package, style};
    use super::*;

    #[test]
    fn a_finding_is_one_line_that_names_the_place_and_the_section() {
        let mut out = Vec::new();
        Plain::new(style(true)).package(&sample_package(), &Ruleset::shipped(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        assert!(
            lines[0].starts_with("packets/2005-117: roi.pdf: page 3: error: exempt.open: "),
            "{text}"
        );
        assert!(lines[0].ends_with("[ICE Directive 6-4.0, 7.2] The source met Jane."), "{text}");
        assert!(lines[1].contains("annex.pdf: blocking: unread.encrypted: "), "{text}");
        assert!(
            lines[2].starts_with("packets/2005-117: obstructed: 1 error stands in the way"),
            "{text}"
        );
    }

    #[test]
    fn a_file_name_cannot_break_the_line_or_drive_the_terminal() {
        let mut package = sample_package();
        package.package = "a\nb\u{1b}[31m".to_owned();
        let mut out = Vec::new();
        Plain::new(style(false)).package(&package, &Ruleset::shipped(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with("a\\nb\\u{1b}[31m: "), "{text}");
    }
}
