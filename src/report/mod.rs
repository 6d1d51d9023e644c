//! One file per output.

use crate::model::{PackageReport, Summary};
use crate::rules::Ruleset;
use std::io;

/// How a report is written.
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
