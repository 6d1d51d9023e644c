//! `obstat compare`: what a redaction removed and what stayed.

use super::check;
use crate::exit::Exit;
use crate::output::Output;
use crate::workers::child;
use clap::{Args, ValueEnum};
use miette::Diagnostic;
use obstat::compare::{Change, Fate, compare};
use obstat::model::{Address, Document, Notice, SensitiveText};
use obstat::scan::{ScanError, Task, marked_passages, read_artifacts};
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Arguments of `compare`.
#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// The marked original
    #[arg(value_name = "ORIGINAL")]
    original: PathBuf,
    /// The file that is to go out
    #[arg(value_name = "RELEASED")]
    released: PathBuf,
    /// text for people, json for programs
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Terminal)]
    format: Format,
    /// Show the text of the records in clear; on a terminal it is shown anyway
    #[arg(long)]
    show_evidence: bool,
    /// Write to FILE instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Terminal,
    Json,
}

/// The files cannot be compared. The caller's to mend.
#[derive(Debug, Error, Diagnostic)]
#[error("there is no file {path}")]
#[diagnostic(
    code(obstat::compare::missing),
    help("Name two files: the original and the one made of it.")
)]
struct Missing {
    path: String,
}

/// Runs the command. Exit 1 where a marked passage stayed, 3 where one of the files was not read in full.
pub(crate) fn run(args: CompareArgs) -> miette::Result<Exit> {
    for path in [&args.original, &args.released] {
        if !path.is_file() {
            return Err(Missing { path: path.display().to_string() }.into());
        }
    }
    child::in_limits_and_time(move || compared(&args))
}

fn compared(args: &CompareArgs) -> miette::Result<Exit> {
    let ruleset = check::load_rules(&["exempt".to_owned()])?;
    let (original, mut notices) = document(&args.original);
    let (released, more) = document(&args.released);
    notices.extend(more);
    let changes = compare(&original, &marked_passages(&original, &ruleset), &released);
    let mut out = Output::open(args.output.as_deref())?;
    let clear = args.show_evidence || out.is_terminal();
    let text = match args.format {
        Format::Terminal => in_words(&changes, &notices, clear),
        Format::Json => in_json(&changes, &notices, clear),
    };
    out.write_all(text.as_bytes()).map_err(ScanError::Report)?;
    out.finish()?;
    let stayed = changes.iter().any(|one| matches!(one.fate, Fate::Stayed | Fate::StayedInPart));
    Ok(match (stayed, notices.is_empty()) {
        (true, _) => Exit::Findings,
        (false, false) => Exit::Undetermined,
        (false, true) => Exit::Clear,
    })
}

/// What was read in a file, without its members, and what could not be read.
fn document(path: &Path) -> (Document, Vec<Notice>) {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (mut first, mut notices) = (None, Vec::new());
    read_artifacts(&Task::new(Address::new(name), path.to_owned()), |read| {
        notices.extend(read.notices.into_iter().filter(|notice| notice.blocking));
        if first.is_none() {
            first = read.documents.into_iter().next();
        }
    });
    (first.unwrap_or_default(), notices)
}

fn shown(text: &SensitiveText, clear: bool) -> String {
    let text = if clear { text.reveal().to_owned() } else { text.masked() };
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn in_words(changes: &[Change], notices: &[Notice], clear: bool) -> String {
    let (mut text, mut page) = (String::new(), None);
    for change in changes {
        if page != Some(change.page()) {
            page = Some(change.page());
            text += &match change.page() {
                0 => "the document\n".to_owned(),
                page => format!("page {page}\n"),
            };
        }
        let mark = if change.marked { " (E)" } else { "" };
        text += &format!("  {}{mark}: {}\n", change.fate.as_str(), shown(&change.text, clear));
        if let Some(now) = &change.now {
            text += &format!("    now: {}\n", shown(now, clear));
        }
    }
    for notice in notices {
        text += &format!("{}: {}: {}\n", notice.artifact, notice.code.as_str(), notice.message);
    }
    let count = |fates: &[Fate]| changes.iter().filter(|one| fates.contains(&one.fate)).count();
    text += &format!(
        "{} removed, {} changed, {} added; {} marked passages stayed\n",
        count(&[Fate::Removed]),
        count(&[Fate::Changed]),
        count(&[Fate::Added]),
        count(&[Fate::Stayed, Fate::StayedInPart])
    );
    text
}

fn in_json(changes: &[Change], notices: &[Notice], clear: bool) -> String {
    let change = |one: &Change| {
        json!({
            "change": one.fate.as_str(),
            "marked": one.marked,
            "page": one.page(),
            "place": one.location.place,
            "span": one.location.span,
            "evidence": shown(&one.text, clear),
            "now": one.now.as_ref().map(|now| shown(now, clear)),
        })
    };
    let changes: Vec<Value> = changes.iter().map(change).collect();
    let notice = |one: &Notice| json!({ "code": one.code.as_str(), "artifact": one.artifact.to_string(), "message": one.message });
    let notices: Vec<Value> = notices.iter().map(notice).collect();
    let object = json!({ "schema": "obstat-compare/1", "changes": changes, "notices": notices });
    serde_json::to_string_pretty(&object).unwrap_or_default() + "\n"
}
