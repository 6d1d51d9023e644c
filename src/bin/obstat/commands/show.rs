//! `obstat show`: what obstat reads in one artifact.

use crate::exit::Exit;
use crate::output::Output;
use clap::{Args, ValueEnum};
use miette::Diagnostic;
use obstat::model::Address;
use obstat::report::{Dump, Style, write_document};
use obstat::scan::{ReadArtifact, Task, read_artifacts};
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Arguments of `show`.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The file to read
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// text for people, json for programs: one object a line
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    format: Format,
    /// Show the text of the record in clear; on a terminal it is shown anyway
    #[arg(long)]
    show_evidence: bool,
    /// Write to FILE instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// The file cannot be shown. The caller's to mend.
#[derive(Debug, Error, Diagnostic)]
#[error("there is no file {path}")]
#[diagnostic(code(obstat::show::missing), help("Name one file; `obstat check` takes folders."))]
struct Missing {
    path: String,
}

/// Runs the command. Exit 3 where something was not read, as in `check`.
pub(crate) fn run(args: ShowArgs) -> miette::Result<Exit> {
    if !args.file.is_file() {
        return Err(Missing { path: args.file.display().to_string() }.into());
    }
    // One file, one process: the limits that `check` sets on its workers are set on this one.
    crate::workers::child::in_limits_and_time(move || show(args))
}

fn show(args: ShowArgs) -> miette::Result<Exit> {
    let mut output = Output::open(args.output.as_deref())?;
    let style =
        Style { show_evidence: args.show_evidence || output.is_terminal(), ..Style::default() };
    let dump = if args.format == Format::Json { Dump::JsonLines } else { Dump::Text };
    let name = args.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let task = Task::new(Address::new(name), args.file);
    let (mut written, mut blocking) = (Ok(()), false);
    read_artifacts(&task, |read| {
        blocking |= read.notices.iter().any(|notice| notice.blocking);
        if written.is_ok() {
            written = write(&read, dump, style, &mut output);
        }
    });
    written.map_err(obstat::scan::ScanError::Report)?;
    output.finish()?;
    Ok(if blocking { Exit::Undetermined } else { Exit::Clear })
}

fn write(read: &ReadArtifact, dump: Dump, style: Style, out: &mut Output) -> io::Result<()> {
    let none = [obstat::model::Document::default()];
    let documents = if read.documents.is_empty() { &none } else { read.documents.as_slice() };
    for (document, number) in documents.iter().zip(1..) {
        // Notices are about the artifact, whatever its readers made of it: they are written once, at the end.
        let notices = if number == documents.len() { read.notices.as_slice() } else { &[] };
        write_document(&read.artifact, document, notices, dump, &style, out)?;
    }
    Ok(())
}
