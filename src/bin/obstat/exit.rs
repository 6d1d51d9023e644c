//! Exit codes, the same for every report format (contract.md).

use miette::Diagnostic;
use obstat::model::{Level, Summary};
use obstat::scan::ScanError;
use std::io;
use std::process::ExitCode;
use thiserror::Error;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Every package is clear.
    Clear = 0,
    /// A finding at or above `--fail-on`.
    Findings = 1,
    /// The run failed, or nothing was judged.
    Failed = 2,
    /// No such finding, but something was not fully read.
    Undetermined = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl Exit {
    /// The code for a run that ended; `blocking` tells whether there was a blocking notice.
    pub(crate) fn of(summary: &Summary, fail_on: Option<Level>, blocking: bool) -> Self {
        let counts = summary.findings;
        let found = match fail_on {
            None => 0,
            Some(Level::Error) => counts.error,
            Some(Level::Warning) => counts.error + counts.warning,
            Some(Level::Note) => counts.error + counts.warning + counts.note,
        };
        match (found > 0, blocking) {
            (true, _) => Self::Findings,
            (false, true) => Self::Undetermined,
            (false, false) => Self::Clear,
        }
    }
}

/// What the contract promises and this version does not have.
#[derive(Debug, Error, Diagnostic)]
#[error("{what} is not available yet")]
#[diagnostic(
    code(obstat::not_available),
    help("Run without it; this version of obstat would have to ignore it, and does not.")
)]
pub(crate) struct NotYet {
    what: String,
}

/// The refusal to ignore something.
pub(crate) fn not_yet(what: &str) -> miette::Report {
    NotYet { what: what.to_owned() }.into()
}

/// Whether whoever read the report has gone.
pub(crate) fn is_closed_pipe(report: &miette::Report) -> bool {
    let error = match report.downcast_ref::<ScanError>() {
        Some(ScanError::Report(error)) => Some(error),
        _ => report.downcast_ref::<io::Error>(),
    };
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;
    use obstat::model::LevelCounts;

    #[test]
    fn findings_come_before_notices_and_only_those_at_the_threshold_count() {
        let summary = |error, warning, note| Summary {
            findings: LevelCounts { error, warning, note },
            ..Summary::default()
        };
        let cases = [
            (summary(0, 0, 0), Some(Level::Error), false, Exit::Clear),
            (summary(1, 0, 0), Some(Level::Error), true, Exit::Findings),
            (summary(0, 1, 0), Some(Level::Error), true, Exit::Undetermined),
            (summary(0, 1, 0), Some(Level::Warning), false, Exit::Findings),
            (summary(0, 0, 1), Some(Level::Note), false, Exit::Findings),
            (summary(1, 1, 1), None, false, Exit::Clear),
            (summary(1, 1, 1), None, true, Exit::Undetermined),
        ];
        for (summary, fail_on, blocking, expected) in cases {
            assert_eq!(Exit::of(&summary, fail_on, blocking), expected, "{summary:?} {fail_on:?}");
        }
    }
}
