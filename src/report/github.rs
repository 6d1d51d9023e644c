//! `github`: workflow commands, which a CI step shows as annotations. The counts come first, since a step shows only
//! ten annotations of a kind.

use super::{Reporter, Style, place_in_words, printable, verdict_in_words};
use crate::model::{Level, PackageReport, Place, Summary};
use crate::rules::Ruleset;
use std::io;

/// Writes workflow commands.
pub(super) struct GitHub {
    annotations: Vec<String>,
    verdicts: Vec<String>,
}

impl GitHub {
    pub(super) fn new(_style: Style) -> Self {
        Self { annotations: Vec::new(), verdicts: Vec::new() }
    }
}

impl Reporter for GitHub {
    fn begin(&mut self, _ruleset: &Ruleset, _out: &mut dyn io::Write) -> io::Result<()> {
        Ok(())
    }

    fn package(
        &mut self,
        report: &PackageReport,
        _ruleset: &Ruleset,
        _out: &mut dyn io::Write,
    ) -> io::Result<()> {
        for finding in report.findings.iter().filter(|finding| finding.suppressed.is_none()) {
            let level =
                if finding.level == Level::Note { "notice" } else { finding.level.as_str() };
            let file = format!("{}/{}", report.package, finding.artifact);
            let message = format!(
                "{}: {} ({})",
                place_in_words(&finding.location.place),
                finding.message,
                finding.citation
            );
            self.annotations.push(command(
                level,
                &file,
                line(&finding.location.place),
                &finding.rule,
                &message,
            ));
        }
        for notice in report.notices.iter().filter(|notice| notice.blocking) {
            let file = format!("{}/{}", report.package, notice.artifact);
            let at = notice.place.as_ref().map_or(1, line);
            self.annotations.push(command(
                "error",
                &file,
                at,
                notice.code.as_str(),
                &notice.message,
            ));
        }
        self.verdicts.push(format!("{}: {}", report.package, verdict_in_words(report)));
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn io::Write) -> io::Result<()> {
        let Summary { packages, findings, .. } = summary;
        let counts = format!(
            "{} clear, {} obstructed, {} undetermined; {} error, {} warning, {} note",
            packages.clear,
            packages.obstructed,
            packages.undetermined,
            findings.error,
            findings.warning,
            findings.note
        );
        writeln!(out, "::notice title=obstat::{}", escape_value(&counts))?;
        self.annotations.iter().try_for_each(|annotation| writeln!(out, "{annotation}"))?;
        // A verdict names a path, and a path could pose as a command of its own.
        self.verdicts
            .iter()
            .try_for_each(|verdict| writeln!(out, "obstat: {}", escape_value(verdict)))
    }
}

fn line(place: &Place) -> u32 {
    match place {
        Place::Line { line, .. } | Place::Element { line, .. } => *line,
        _ => 1,
    }
}

fn command(level: &str, file: &str, line: u32, title: &str, message: &str) -> String {
    let (file, title) = (escape_property(&printable(file)), escape_property(title));
    format!("::{level} file={file},line={line},title={title}::{}", escape_value(message))
}

fn escape_value(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape_value(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{sample_package, style};
    use super::*;

    #[test]
    fn counts_come_first_and_a_name_cannot_pose_as_a_command() {
        let mut package = sample_package();
        package.package = "a,b\n::error::\u{1b}[2J\u{202e}x".to_owned();
        let (mut github, mut out) = (GitHub::new(style(false)), Vec::new());
        github.package(&package, &Ruleset::shipped(), &mut out).unwrap();
        github.finish(&Summary::default(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert!(lines[0].starts_with("::notice title=obstat::0 clear"), "{text}");
        assert!(
            lines[1].starts_with(
                "::error file=a%2Cb\\n%3A%3Aerror%3A%3A\\u{1b}[2J\\u{202e}x/roi.pdf,line=1,title=exempt.open::"
            ),
            "{text}"
        );
        assert!(lines[2].contains("title=unread.encrypted::"), "{text}");
        assert_eq!(lines.len(), 4, "{text}");
    }
}
