//! `obstat register` and `obstat watchlist`: what is looked for, kept so that it cannot be read.

use super::{check, gate};
use crate::exit::Exit;
use crate::output::Output;
use crate::workers::child;
use clap::{Args, Subcommand};
use miette::Diagnostic;
use obstat::scan::{self, ScanError, Selection};
use obstat::watch::WatchList;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Arguments of `register`.
#[derive(Debug, Args)]
pub(crate) struct RegisterArgs {
    #[command(subcommand)]
    command: RegisterCommand,
}

#[derive(Debug, Subcommand)]
enum RegisterCommand {
    /// Register the passages that are marked (E) in these originals
    Build(BuildArgs),
}

/// Arguments of `watchlist`.
#[derive(Debug, Args)]
pub(crate) struct WatchlistArgs {
    #[command(subcommand)]
    command: WatchlistCommand,
}

#[derive(Debug, Subcommand)]
enum WatchlistCommand {
    /// Make a watch list of a file of names and numbers, one a line
    Build(BuildArgs),
}

#[derive(Debug, Args)]
struct BuildArgs {
    /// Files, or folders of them
    #[arg(value_name = "SOURCE", required = true)]
    sources: Vec<PathBuf>,
    /// The key, as `obstat keygen --kind hmac` makes it
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
}

/// There is nothing to register. The caller's to mend.
#[derive(Debug, Error, Diagnostic)]
#[error("no passage is marked (E) in these originals")]
#[diagnostic(
    code(obstat::register::nothing),
    help(
        "A register is made of the originals that OPR marked, before anything is taken out of them."
    )
)]
struct NothingMarked;

/// Runs `register build`. Exit 3 where an original was not read in full: its passages may be missing.
pub(crate) fn register(args: RegisterArgs) -> miette::Result<Exit> {
    let RegisterCommand::Build(args) = args.command;
    child::in_limits(move || {
        let key = gate::key(&args.key)?;
        let own_files = vec![args.key, args.output.clone()];
        let selection = Selection { roots: args.sources, own_files, ..Selection::default() };
        let (register, unread) = scan::register(&selection, key, &check::load_rules(&[])?)?;
        if register.passages().is_empty() {
            return Err(NothingMarked.into());
        }
        write(&args.output, &register.to_bytes())?;
        let mut said = format!(
            "{} passages of {} records\n",
            register.passages().len(),
            register.records().len()
        );
        for notice in &unread {
            said += &format!("{}: {}: {}\n", notice.artifact, notice.code.as_str(), notice.message);
        }
        let _ = io::stderr().write_all(said.as_bytes());
        Ok(if unread.is_empty() { Exit::Clear } else { Exit::Undetermined })
    })
}

/// Runs `watchlist build`.
pub(crate) fn watchlist(args: WatchlistArgs) -> miette::Result<Exit> {
    let WatchlistCommand::Build(args) = args.command;
    let mut names = String::new();
    for source in &args.sources {
        names += &gate::text(source)?;
        names.push('\n');
    }
    let list = WatchList::build(&names, gate::key(&args.key)?)?;
    write(&args.output, &list.to_bytes())?;
    Ok(Exit::Clear)
}

fn write(path: &Path, bytes: &[u8]) -> miette::Result<()> {
    let mut out = Output::open(Some(path))?;
    out.write_all(bytes).map_err(ScanError::Report)?;
    out.finish()
}
