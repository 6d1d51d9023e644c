//! `terminal`: for people. Each error and warning with its passage lit up (miette), notes as a list, what could not
//! be read, a table, and the verdict last.

use super::excerpt::Shown;
use super::{Reporter, Style, answered_for, counted, place_in_words, printable, verdict_in_words};
use crate::model::{Finding, Level, Notice, PackageReport, Status, Summary, Verdict};
use crate::rules::Ruleset;
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource, Report,
    Severity, ThemeCharacters, ThemeStyles,
};
use std::io;
use std::ops::Range;

/// How many findings of one package are drawn with their passage; the rest get a line each.
const MAX_SNIPPETS: usize = 200;
/// Lines of an excerpt that miette may draw around a label: more than any excerpt has.
const CONTEXT_LINES: usize = 64;

/// Writes `terminal`.
pub(super) struct Terminal {
    style: Style,
    handler: GraphicalReportHandler,
    packages: usize,
}

impl Terminal {
    pub(super) fn new(style: Style) -> Self {
        let characters = ThemeCharacters::unicode();
        let mut styles = if style.colour { ThemeStyles::ansi() } else { ThemeStyles::none() };
        // Line numbers of an excerpt mean nothing to a reader; unstyled, they can be blanked.
        styles.linum = ThemeStyles::none().linum;
        // One colour for all: the lines of a passage are labels of their own, and belong together.
        styles.highlights.truncate(1);
        let handler = GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
            .with_width(style.width)
            .with_context_lines(CONTEXT_LINES)
            .with_links(false);
        Self { style, handler, packages: 0 }
    }

    fn snippet(&self, finding: &Finding, ruleset: &Ruleset) -> String {
        let artifact = printable(&finding.artifact.to_string());
        let name = format!("{artifact}, {}", printable(&place_in_words(&finding.location.place)));
        let shown = Shown::new(&finding.excerpt, &self.style);
        let mut labels = lit(&shown.text, &shown.primary, label_of(finding));
        labels.extend(shown.related.iter().flat_map(|(label, span)| lit(&shown.text, span, label)));
        let severity =
            if finding.level == Level::Error { Severity::Error } else { Severity::Warning };
        let diagnostic = MietteDiagnostic::new(finding.message.clone())
            .with_code(finding.rule.clone())
            .with_severity(severity)
            .with_help(next_step(finding, ruleset))
            .with_labels(if shown.text.is_empty() { Vec::new() } else { labels });
        let report = Report::new(diagnostic).with_source_code(NamedSource::new(&name, shown.text));
        let mut drawn = String::new();
        // Drawing into a string cannot fail for lack of space; a label that cannot be drawn must not hide the finding.
        if self.handler.render_report(&mut drawn, report.as_ref()).is_err() {
            drawn = format!("{}: {}\n", finding.rule, finding.message);
        }
        if finding.excerpt.text.is_empty() {
            format!("{}    in {name}\n", tidy(&drawn, &name))
        } else {
            tidy(&drawn, &name)
        }
    }

    fn bold(&self, code: &str, text: &str) -> String {
        if self.style.colour { format!("\u{1b}[1;{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn heading(&self, text: &str) -> String {
        self.bold("4", text)
    }

    fn findings(
        &self,
        report: &PackageReport,
        ruleset: &Ruleset,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let (held, live): (Vec<_>, Vec<_>) =
            report.findings.iter().partition(|finding| finding.suppressed.is_some());
        let (drawn, listed): (Vec<&Finding>, Vec<&Finding>) =
            live.into_iter().partition(|finding| finding.level > Level::Note);
        for finding in drawn.iter().take(MAX_SNIPPETS) {
            writeln!(out, "{}", self.snippet(finding, ruleset))?;
        }
        let rest: Vec<_> = drawn.iter().skip(MAX_SNIPPETS).copied().collect();
        self.list("More findings", &rest, out)?;
        self.list("For the release log", &listed, out)?;
        self.list("Suppressed", &held, out)
    }

    fn list(
        &self,
        heading: &str,
        findings: &[&Finding],
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        if findings.is_empty() {
            return Ok(());
        }
        writeln!(out, "{}", self.heading(heading))?;
        for finding in findings {
            let place = printable(&place_in_words(&finding.location.place));
            let artifact = printable(&finding.artifact.to_string());
            writeln!(out, "  {artifact}, {place}: {} ({})", finding.message, finding.rule)?;
            if let Some(one) = &finding.suppressed {
                writeln!(out, "    {}", answered_for(one))?;
            }
        }
        writeln!(out)
    }

    fn notices(&self, report: &PackageReport, out: &mut dyn io::Write) -> io::Result<()> {
        let (blocking, other): (Vec<_>, Vec<_>) =
            report.notices.iter().partition(|notice| notice.blocking);
        self.notice_list("Not read in full", &blocking, out)?;
        self.notice_list("Good to know", &other, out)
    }

    fn notice_list(
        &self,
        heading: &str,
        notices: &[&Notice],
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        if notices.is_empty() {
            return Ok(());
        }
        writeln!(out, "{}", self.heading(heading))?;
        for notice in notices {
            let artifact = printable(&notice.artifact.to_string());
            let place = notice
                .place
                .as_ref()
                .map(|place| format!(", {}", printable(&place_in_words(place))));
            let place = place.unwrap_or_default();
            writeln!(out, "  {artifact}{place}: {} ({})", notice.message, notice.code.as_str())?;
            if notice.blocking {
                writeln!(out, "    next: {}", notice.code.help())?;
            }
        }
        writeln!(out)
    }

    fn verdict(&self, verdict: Verdict, words: &str) -> String {
        let code = match verdict {
            Verdict::Clear => "32",
            Verdict::Undetermined => "33",
            Verdict::Obstructed => "31",
        };
        self.bold(code, &words.replacen(verdict.as_str(), &verdict.as_str().to_uppercase(), 1))
    }
}

impl Reporter for Terminal {
    fn begin(&mut self, _ruleset: &Ruleset, _out: &mut dyn io::Write) -> io::Result<()> {
        Ok(())
    }

    fn package(
        &mut self,
        report: &PackageReport,
        ruleset: &Ruleset,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        self.packages += 1;
        if !self.style.summary {
            self.findings(report, ruleset, out)?;
            self.notices(report, out)?;
        }
        table(report, out)?;
        writeln!(out, "{}\n", self.verdict(report.verdict, &verdict_in_words(report)))
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn io::Write) -> io::Result<()> {
        if self.packages < 2 {
            return Ok(());
        }
        let packages = &summary.packages;
        writeln!(
            out,
            "{}: {} clear, {} obstructed, {} undetermined",
            counted(self.packages, "package"),
            packages.clear,
            packages.obstructed,
            packages.undetermined
        )
    }
}

/// Labels for a span, one a line: each line of a passage is underlined, and the last one says what it is.
fn lit(text: &str, span: &Range<usize>, label: &str) -> Vec<LabeledSpan> {
    let mut lines = Vec::new();
    let mut start = span.start;
    for line in text.get(span.clone()).unwrap_or_default().split_inclusive('\n') {
        let end = start + line.trim_end().len();
        if end > start {
            lines.push(LabeledSpan::new_with_span(None, start..end));
        }
        start += line.len();
    }
    if let Some(last) = lines.last_mut() {
        *last = LabeledSpan::new_primary_with_span(Some(label.to_owned()), *last.inner());
    }
    lines
}

fn label_of(finding: &Finding) -> &'static str {
    if finding.rule.starts_with("exempt.") { "the passage" } else { "here" }
}

/// What to do, and by what authority.
fn next_step(finding: &Finding, ruleset: &Ruleset) -> String {
    let help = ruleset.rule(&finding.rule).map_or("", |rule| rule.help.as_str());
    let separator = if help.is_empty() { "" } else { "\n" };
    format!("{help}{separator}see {}", finding.citation)
}

/// Takes the excerpt's own line and column out of the frame and the line numbers out of the gutter: the name says
/// where the passage stands in the terms of its format.
fn tidy(drawn: &str, name: &str) -> String {
    let mut tidied = String::with_capacity(drawn.len());
    for line in drawn.lines() {
        if let Some((before, after)) = line.split_once(name)
            && let Some((_, rest)) = after.split_once(']')
        {
            tidied.push_str(before);
            tidied.push_str(name);
            tidied.push(']');
            tidied.push_str(rest);
        } else {
            tidied.push_str(&without_line_number(line));
        }
        tidied.push('\n');
    }
    tidied
}

fn without_line_number(line: &str) -> String {
    let Some((gutter, _)) = line.split_once(['│', '·']) else { return line.to_owned() };
    let blank = gutter.trim().bytes().all(|byte| byte.is_ascii_digit());
    if !blank {
        return line.to_owned();
    }
    let kept = line.get(gutter.len()..).unwrap_or_default();
    " ".repeat(gutter.len()) + kept
}

fn table(report: &PackageReport, out: &mut dyn io::Write) -> io::Result<()> {
    let counts = report.level_counts();
    let notices = report.notice_counts();
    let of = |status| report.artifacts.iter().filter(|artifact| artifact.status == status).count();
    let mut artifacts = format!("{} read", of(Status::Read));
    for (status, word) in
        [(Status::Partly, "partly"), (Status::Unread, "unread"), (Status::Excluded, "excluded")]
    {
        if of(status) > 0 {
            artifacts.extend(format!(", {} {word}", of(status)).chars());
        }
    }
    let findings = format!(
        "{}, {}, {}",
        counted(counts.error as usize, "error"),
        counted(counts.warning as usize, "warning"),
        counted(counts.note as usize, "note")
    );
    writeln!(out, "  package    {}", printable(&report.package))?;
    writeln!(out, "  artifacts  {artifacts}")?;
    writeln!(out, "  findings   {findings}")?;
    let held = report.findings.iter().filter(|finding| finding.suppressed.is_some()).count();
    if held > 0 {
        writeln!(out, "  suppressed {}", counted(held, "finding"))?;
    }
    if notices.blocking + notices.other > 0 {
        writeln!(out, "  notices    {} blocking, {} other", notices.blocking, notices.other)?;
    }
    if report.candidates > 0 {
        writeln!(
            out,
            "  candidates {} below low confidence (--show-candidates lists them)",
            report.candidates
        )?;
    }
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{sample_package, style};
    use super::*;

    fn drawn(show_evidence: bool) -> String {
        let mut out = Vec::new();
        Terminal::new(style(show_evidence))
            .package(&sample_package(), &Ruleset::shipped(), &mut out)
            .unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_passage_and_the_mark_are_lit_up_and_the_verdict_comes_last() {
        let text = drawn(true);
        for expected in [
            "exempt.open",
            "[roi.pdf, page 3]",
            "the passage",
            "the mark",
            "The source met Jane. (E)",
        ] {
            assert!(text.contains(expected), "{expected} is missing:\n{text}");
        }
        assert!(!text.contains(":1:"), "line numbers of the excerpt are shown:\n{text}");
        let last = text.trim_end().lines().last().unwrap();
        assert!(
            last.starts_with("OBSTRUCTED: 1 error stands in the way of release; 1 artifact"),
            "{last}"
        );
    }

    #[test]
    fn a_masked_snippet_keeps_its_shape() {
        let text = drawn(false);
        assert!(text.contains("███ ██████ ███ ████. (█)"), "{text}");
    }
}
