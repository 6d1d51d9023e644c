//! What the command line takes. Words become the library's types here and nowhere further in.

use crate::commands::{clear, compare, keyed, keygen, release, rules, show};
use clap::{Args, Parser, Subcommand, ValueEnum};
use obstat::model::Level;
use std::path::PathBuf;

/// Says what stands in the way of a record packet's release.
#[derive(Debug, Parser)]
#[command(name = "obstat", version, max_term_width = 100, subcommand_required = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Judge packages: the main job
    Check(Box<CheckArgs>),
    /// Print what obstat reads in one artifact
    Show(show::ShowArgs),
    /// List, explain and test the rules
    Rules(rules::RulesArgs),
    /// Make or check a release manifest
    Release(release::ReleaseArgs),
    /// Build a register of exempt passages from the marked originals
    Register(keyed::RegisterArgs),
    /// Build a keyed watch list
    Watchlist(keyed::WatchlistArgs),
    /// Make a key
    Keygen(keygen::KeygenArgs),
    /// Tell whether a package is what was cleared
    Verify(clear::VerifyArgs),
    /// Tell what a redaction removed and what stayed
    Compare(compare::CompareArgs),
    /// Make review copies with the findings marked (not available yet)
    Annotate(Later),
    /// Judge the files named on standard input, for another obstat
    #[command(hide = true)]
    Worker,
}

/// Arguments of a command that does not exist yet.
#[derive(Debug, Args)]
pub(crate) struct Later {
    /// Whatever it will take
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    _rest: Vec<String>,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) selection: SelectionArgs,
    #[command(flatten)]
    pub(crate) judging: JudgingArgs,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    /// Worker processes that judge at the same time [default: one for each core]
    #[arg(
        long,
        value_name = "N",
        help_heading = "Options",
        value_parser = clap::value_parser!(u16).range(1..=1024)
    )]
    pub(crate) threads: Option<u16>,
}

/// Which files.
#[derive(Debug, Args)]
#[command(next_help_heading = "What is checked")]
pub(crate) struct SelectionArgs {
    /// Folders and files that are to go out
    #[arg(value_name = "PATH", required_unless_present = "files_from")]
    pub(crate) paths: Vec<PathBuf>,
    /// Every folder N levels below PATH is a package; 0: PATH itself is
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) package_depth: usize,
    /// Only files that match; without `/` a glob matches names at any depth
    #[arg(long, value_name = "GLOB")]
    pub(crate) include: Vec<String>,
    /// Not the files that match; the report lists them as excluded
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,
    /// Only the files named in FILE, one a line (`-`: standard input); without PATH each is a package
    #[arg(long, value_name = "FILE")]
    pub(crate) files_from: Option<PathBuf>,
}

/// By which rules.
#[derive(Debug, Args)]
#[command(next_help_heading = "How it is judged")]
pub(crate) struct JudgingArgs {
    /// What a missing release manifest means
    #[arg(long, value_enum, default_value_t = Mode::Review)]
    pub(crate) mode: Mode,
    /// A shipped ruleset or a ruleset file [default: all shipped]
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) ruleset: Vec<String>,
    /// The directive whose procedure applies [default: the manifest's, or else ice-6-4.0-2005]
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// The release manifest [default: `release.yaml` at the package's root, if there]
    #[arg(long, value_name = "FILE")]
    pub(crate) release: Option<PathBuf>,
    /// The register of exempt passages
    #[arg(long, value_name = "FILE")]
    pub(crate) register: Option<PathBuf>,
    /// A keyed watch list
    #[arg(long, value_name = "FILE")]
    pub(crate) watchlist: Option<PathBuf>,
    /// Findings that were looked at and accepted
    #[arg(long, value_name = "FILE")]
    pub(crate) suppressions: Option<PathBuf>,
    /// The key of the fingerprints, the register and the watch list
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// Write a signed clearance, if the verdict is clear
    #[arg(long, value_name = "FILE")]
    pub(crate) clearance: Option<PathBuf>,
    /// The key that signs the clearance
    #[arg(long, value_name = "FILE")]
    pub(crate) sign_key: Option<PathBuf>,
    /// Text recognition for pictures (not available yet: pictures are reported as unread)
    #[arg(long, value_enum, default_value_t = Ocr::Auto)]
    pub(crate) ocr: Ocr,
    /// The day that deadlines are counted from, as YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) today: Option<jiff::civil::Date>,
    /// The lowest level of a finding that makes the exit code 1
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = FailOn::Error)]
    pub(crate) fail_on: FailOn,
}

/// What is written, and where.
#[derive(Debug, Args)]
#[command(next_help_heading = "What is reported")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct ReportArgs {
    /// terminal, plain, json, jsonl, sarif, junit, csv or github (not available yet: html)
    #[arg(long, value_name = "FORMAT", default_value = "terminal")]
    pub(crate) format: String,
    /// Write the report to FILE instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Show the text of the records in clear
    #[arg(long)]
    pub(crate) show_evidence: bool,
    /// Show findings below low confidence too
    #[arg(long)]
    pub(crate) show_candidates: bool,
    /// No progress on standard error
    #[arg(long)]
    pub(crate) quiet: bool,
    /// Only the closing table and the verdicts
    #[arg(long)]
    pub(crate) summary: bool,
}

/// `--mode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// No manifest is an error
    Gate,
    /// No manifest is a warning
    Review,
    /// No manifest is a note
    Sweep,
}

/// `--ocr`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ocr {
    /// Where it is available
    Auto,
    /// Or else the run fails
    Require,
    /// Never
    Off,
}

/// `--fail-on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Errors
    Error,
    /// Errors and warnings
    Warning,
    /// Any finding
    Note,
    /// No finding
    Never,
}

impl FailOn {
    /// The level as the library knows it.
    pub(crate) fn level(self) -> Option<Level> {
        match self {
            Self::Error => Some(Level::Error),
            Self::Warning => Some(Level::Warning),
            Self::Note => Some(Level::Note),
            Self::Never => None,
        }
    }
}

pub(crate) fn date(text: &str) -> Result<jiff::civil::Date, String> {
    text.parse().map_err(|_ignored| "a date is written YYYY-MM-DD".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
