//! `obstat release`: the manifest of a package.

use super::gate;
use crate::exit::Exit;
use crate::output::Output;
use clap::{Args, Subcommand};
use obstat::model::{PackageReport, Status};
use obstat::release::{self, Manifest, RecordType, ScaffoldRecord};
use obstat::scan::{self, Judging, Selection, Sink};
use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::PathBuf;

/// Arguments of `release`.
#[derive(Debug, Args)]
pub(crate) struct ReleaseArgs {
    #[command(subcommand)]
    command: ReleaseCommand,
}

#[derive(Debug, Subcommand)]
enum ReleaseCommand {
    /// Write a manifest to start from: the files of a package, their digests, types and marks
    Init {
        /// The folder that is to go out
        #[arg(value_name = "PACKAGE")]
        package: PathBuf,
        /// Write to FILE instead of standard output
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// The date of the release, as YYYY-MM-DD [default: today]
        #[arg(long, value_name = "DATE", value_parser = crate::args::date)]
        today: Option<jiff::civil::Date>,
    },
    /// Say what is wrong with a manifest in itself
    Check {
        /// The manifest
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The day after which no date may lie, as YYYY-MM-DD [default: today]
        #[arg(long, value_name = "DATE", value_parser = crate::args::date)]
        today: Option<jiff::civil::Date>,
    },
    /// Print the JSON Schema of manifests
    Schema,
}

/// Runs the command.
pub(crate) fn run(args: ReleaseArgs) -> miette::Result<Exit> {
    match args.command {
        ReleaseCommand::Init { package, output, today } => {
            let text = init(package, &gate::today(today))?;
            print(output, &text)
        }
        ReleaseCommand::Check { file, today } => {
            gate::manifest(&file, &gate::today(today))?;
            print(None, "the manifest is without mistakes in itself\n")
        }
        ReleaseCommand::Schema => {
            let schema = serde_json::to_string_pretty(&Manifest::schema()).unwrap_or_default();
            print(None, &(schema + "\n"))
        }
    }
}

fn print(output: Option<PathBuf>, text: &str) -> miette::Result<Exit> {
    let mut out = Output::open(output.as_deref())?;
    out.write_all(text.as_bytes()).map_err(scan::ScanError::Report)?;
    out.finish()?;
    Ok(Exit::Clear)
}

fn init(package: PathBuf, date: &str) -> miette::Result<String> {
    let own = vec![package.join(release::FILE_NAME)];
    let selection = Selection { roots: vec![package], own_files: own, ..Selection::default() };
    let judge = super::check::judge(Vec::new(), Judging::default())?;
    let mut records = Records::default();
    scan::scan(&selection, super::check::available_threads(), &judge, &mut records)?;
    Ok(release::scaffold(&records.0, date))
}

/// Collects what the scan of the package tells about its files.
#[derive(Default)]
struct Records(Vec<ScaffoldRecord>);

impl Sink for Records {
    fn package(&mut self, report: PackageReport) -> io::Result<()> {
        let mut marked: BTreeMap<&str, usize> = BTreeMap::new();
        let mut kinds: BTreeMap<&str, RecordType> = BTreeMap::new();
        for finding in &report.findings {
            if finding.data.contains_key("mark") {
                *marked.entry(finding.artifact.path()).or_default() += 1;
            }
            if let Some(kind) = RecordType::found_by(&finding.rule) {
                kinds.entry(finding.artifact.path()).or_insert(kind);
            }
        }
        let files = report.artifacts.iter().filter(|artifact| artifact.address.depth() == 0);
        for artifact in files.filter(|artifact| artifact.status != Status::Excluded) {
            let path = artifact.address.path();
            self.0.push(ScaffoldRecord {
                file: path.to_owned(),
                sha256: artifact.digest.trim_start_matches("sha256:").to_owned(),
                kind: kinds.get(path).copied(),
                marked: marked.get(path).copied().unwrap_or_default(),
            });
        }
        Ok(())
    }
}
