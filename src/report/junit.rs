//! `junit`: for build servers. A suite for each artifact; a finding is a failure, what was not read is an error, and a
//! suppressed finding is a case that passed. Nothing is ever "skipped": that would look like an answer.

use super::{Reporter, Style, evidence, place_in_words};
use crate::model::{Address, Finding, Notice, PackageReport, Status, Summary};
use crate::rules::Ruleset;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::collections::BTreeMap;
use std::io;

/// Writes `JUnit` XML.
pub(super) struct JUnit {
    style: Style,
    report: Report,
}

impl JUnit {
    pub(super) fn new(style: Style) -> Self {
        Self { style, report: Report::new("obstat") }
    }

    fn finding(&self, finding: &Finding) -> TestCase {
        let status = if finding.suppressed.is_some() {
            TestCaseStatus::success()
        } else {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            let text = evidence(&finding.evidence, &self.style);
            status
                .set_message(finding.message.as_str())
                .set_type(finding.level.as_str())
                .set_description(format!("{} [{}] {text}", finding.message, finding.citation));
            status
        };
        let place = place_in_words(&finding.location.place);
        let mut case = TestCase::new(format!("{} at {place}", finding.rule), status);
        case.set_classname(finding.rule.as_str());
        if let Some(suppression) = &finding.suppressed {
            case.set_system_out(format!(
                "suppressed until {} by {}: {}",
                suppression.expires, suppression.approver, suppression.reason
            ));
        }
        case
    }
}

fn notice(notice: &Notice) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(notice.message.as_str()).set_type(notice.code.as_str());
    let place = notice.place.as_ref().map(place_in_words);
    let name =
        format!("{} at {}", notice.code.as_str(), place.as_deref().unwrap_or("the artifact"));
    let mut case = TestCase::new(name, status);
    case.set_classname(notice.code.as_str());
    case
}

impl Reporter for JUnit {
    fn begin(&mut self, _ruleset: &Ruleset, _out: &mut dyn io::Write) -> io::Result<()> {
        Ok(())
    }

    fn package(
        &mut self,
        report: &PackageReport,
        _ruleset: &Ruleset,
        _out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let mut cases: BTreeMap<&Address, Vec<TestCase>> = BTreeMap::new();
        let read = report.artifacts.iter().filter(|artifact| artifact.status != Status::Excluded);
        for artifact in read {
            cases.entry(&artifact.address).or_default();
        }
        for finding in &report.findings {
            cases.entry(&finding.artifact).or_default().push(self.finding(finding));
        }
        for unread in report.notices.iter().filter(|notice| notice.blocking) {
            cases.entry(&unread.artifact).or_default().push(notice(unread));
        }
        for (artifact, cases) in cases {
            let mut suite = TestSuite::new(format!("{}/{artifact}", report.package));
            if cases.is_empty() {
                suite.add_test_case(TestCase::new("read in full", TestCaseStatus::success()));
            }
            suite.add_test_cases(cases);
            self.report.add_test_suite(suite);
        }
        Ok(())
    }

    fn finish(&mut self, _summary: &Summary, out: &mut dyn io::Write) -> io::Result<()> {
        self.report.serialize(&mut *out).map_err(io::Error::other)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{sample_package, style};
    use super::*;

    #[test]
    fn findings_are_failures_and_what_is_unread_is_an_error() {
        let (mut junit, mut out) = (JUnit::new(style(false)), Vec::new());
        junit.package(&sample_package(), &Ruleset::default(), &mut out).unwrap();
        junit.finish(&Summary::default(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("failures=\"1\" errors=\"1\""), "{text}");
        assert!(text.contains("<failure message=\"The sentence before") && text.contains("page 3"));
        assert!(text.contains("type=\"unread.encrypted\""), "{text}");
    }
}
