//! `obstat check`: judges packages.

use super::clear::Pending;
use super::gate;
use crate::args::{CheckArgs, JudgingArgs, Ocr, ReportArgs, SelectionArgs};
use crate::exit::{self, Exit};
use crate::output::Output;
use crate::progress::Progress;
use crate::workers::{First, Setup, Workers};
use miette::{Diagnostic, IntoDiagnostic as _, WrapErr as _};
use obstat::model::{PackageReport, Summary};
use obstat::release::DEFAULT_PROFILE;
use obstat::report::{self, Format, Reporter, Style};
use obstat::rules::Ruleset;
use obstat::scan::{FileList, Judging, PackageRules, ScanError, Selection, Sink, scan};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Columns of a report that no terminal sets a width for.
const WIDTH: usize = 100;

/// The run cannot begin. The caller's to mend.
#[derive(Debug, Error, Diagnostic)]
enum CheckError {
    #[error("there is no report format `{name}`")]
    #[diagnostic(code(obstat::check::format), help("The formats are {known}."))]
    Format { name: String, known: String },
    #[error("cannot read {path}: {reason}")]
    #[diagnostic(code(obstat::check::read), help("Check the path and its permissions."))]
    Read { path: String, reason: io::Error },
    #[error("the key in {path} is empty")]
    #[diagnostic(
        code(obstat::check::key),
        help("A key is made with `obstat keygen --kind hmac --output FILE`.")
    )]
    EmptyKey { path: String },
}

/// Runs the command.
pub(crate) fn run(args: CheckArgs) -> miette::Result<Exit> {
    let format = format(&args.report.format)?;
    refuse_what_is_missing(&args.judging)?;
    let key = args.judging.key.as_deref().map(load_key).transpose()?;
    let own_files = own_files(&args);
    let judging = Judging {
        show_candidates: args.report.show_candidates,
        excerpts: matches!(format.name, "terminal" | "plain" | "html"),
        key,
    };
    let setup = setup(&args.judging, judging.clone());
    let mut first = if setup.rulesets.is_empty() { First::start(&setup) } else { None };
    let mut selection = selection(&args.selection, own_files)?;
    let (packages, manifests) = gate::load(&args, &selection, &judging)?;
    selection.own_files.extend(manifests);
    let profile = args.judging.profile.as_deref().unwrap_or(DEFAULT_PROFILE);
    let told = first.as_mut().and_then(First::catalogue).map(Ruleset::told);
    let ruleset = told.map_or_else(|| load_rules(&args.judging.ruleset), Ok)?;
    gate::unseal(&ruleset, judging.key.as_deref())?;
    let ruleset = ruleset.with(obstat::release::rules(profile));
    let pending = Pending::new(&args, &packages, &ruleset)?;
    let judge = workers(setup, packages, first)?;
    let output = Output::open(args.report.output.as_deref())?;
    let style = style(&args.report, &output);
    let mut sink = ReportSink {
        reporter: (format.reporter)(style),
        ruleset: &ruleset,
        output,
        progress: Progress::start(args.report.quiet),
        blocking: false,
        pending,
    };
    let threads = args.threads.map_or_else(available_threads, usize::from);
    sink.begin().map_err(ScanError::Report)?;
    let summary = scan(&selection, threads, &judge, &mut sink);
    sink.progress.finish();
    let summary = summary?;
    for complaint in judge.unused_suppressions() {
        // Nothing is left to do where standard error is gone; the report does not depend on it.
        let _ = writeln!(
            io::stderr(),
            "obstat: suppressions, line {}: {}",
            complaint.line,
            complaint.message
        );
    }
    let fail_on = args.judging.fail_on.level();
    let blocking = sink.finish(&summary)?;
    Ok(Exit::of(&summary, fail_on, blocking))
}

/// Judges in worker processes, by the shipped rules and without a look at packages as a whole.
pub(crate) fn judge(rulesets: Vec<String>, judging: Judging) -> miette::Result<Workers> {
    let setup = Setup { rulesets, judging, register: None, watchlist: None, catalogue: false };
    workers(setup, PackageRules::default(), None)
}

fn setup(args: &JudgingArgs, judging: Judging) -> Setup {
    let (register, watchlist) = (args.register.clone(), args.watchlist.clone());
    Setup { rulesets: args.ruleset.clone(), judging, register, watchlist, catalogue: false }
}

fn workers(setup: Setup, packages: PackageRules, first: Option<First>) -> miette::Result<Workers> {
    Workers::new(setup, packages, first).into_diagnostic().wrap_err("cannot find this program")
}

/// The rulesets by these names or in these files; all shipped ones where there are none.
pub(crate) fn load_rules(names: &[String]) -> miette::Result<Ruleset> {
    if names.is_empty() { Ok(Ruleset::shipped()) } else { Ok(Ruleset::load(names)?) }
}

fn format(name: &str) -> miette::Result<&'static Format> {
    let later = ["html"];
    match report::find(name) {
        Some(format) => Ok(format),
        None if later.contains(&name) => Err(exit::not_yet(&format!("--format {name}"))),
        None => {
            let known: Vec<_> = report::REPORTS.iter().map(|format| format.name).collect();
            Err(CheckError::Format { name: name.to_owned(), known: known.join(", ") }.into())
        }
    }
}

/// An option that does nothing yet must not look as if it had done something.
fn refuse_what_is_missing(args: &JudgingArgs) -> miette::Result<()> {
    let missing = [("--ocr require", args.ocr == Ocr::Require)];
    match missing.iter().find(|(_, given)| *given) {
        Some((option, _)) => Err(exit::not_yet(option)),
        None => Ok(()),
    }
}

pub(crate) fn load_key(path: &Path) -> miette::Result<Vec<u8>> {
    let key = read(path)?;
    if key.trim_ascii().is_empty() {
        return Err(CheckError::EmptyKey { path: path.display().to_string() }.into());
    }
    Ok(key)
}

fn read(path: &Path) -> Result<Vec<u8>, CheckError> {
    let read = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).map(|_length| bytes)
    } else {
        std::fs::read(path)
    };
    read.map_err(|reason| CheckError::Read { path: path.display().to_string(), reason })
}

fn selection(args: &SelectionArgs, own_files: Vec<PathBuf>) -> miette::Result<Selection> {
    let listed = args
        .files_from
        .as_deref()
        .map(|path| read(path).map(|bytes| FileList { name: path.display().to_string(), bytes }));
    Ok(Selection {
        roots: args.paths.clone(),
        package_depth: args.package_depth,
        include: args.include.clone(),
        exclude: args.exclude.clone(),
        listed: listed.transpose()?,
        own_files,
    })
}

/// Files on the command line that belong to the run and not to a package.
fn own_files(args: &CheckArgs) -> Vec<PathBuf> {
    let judging = &args.judging;
    let rulesets = judging.ruleset.iter().map(PathBuf::from);
    let others = [
        &judging.release,
        &judging.register,
        &judging.watchlist,
        &judging.suppressions,
        &judging.key,
        &judging.clearance,
        &judging.sign_key,
        &args.report.output,
        &args.selection.files_from,
    ];
    rulesets.chain(others.into_iter().flatten().cloned()).collect()
}

/// In clear only where a person looks at it, or where that was asked for.
fn style(args: &ReportArgs, output: &Output) -> Style {
    let terminal = output.is_terminal() && args.format == "terminal";
    let plain_look = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    Style {
        show_evidence: args.show_evidence || terminal,
        colour: terminal && !plain_look,
        width: if terminal { terminal_width() } else { WIDTH },
        summary: args.summary,
        show_candidates: args.show_candidates,
    }
}

fn terminal_width() -> usize {
    terminal_size::terminal_size().map_or(WIDTH, |(width, _)| usize::from(width.0).clamp(40, 160))
}

pub(crate) fn available_threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Writes each package as it comes.
struct ReportSink<'a> {
    reporter: Box<dyn Reporter>,
    ruleset: &'a Ruleset,
    output: Output,
    progress: Progress,
    /// Whether any package had a blocking notice.
    blocking: bool,
    pending: Option<Pending>,
}

impl ReportSink<'_> {
    fn begin(&mut self) -> io::Result<()> {
        self.reporter.begin(self.ruleset, &mut self.output)
    }

    /// Completes the report; tells whether there was a blocking notice.
    fn finish(mut self, summary: &Summary) -> miette::Result<bool> {
        self.reporter.finish(summary, &mut self.output).map_err(ScanError::Report)?;
        self.output.finish()?;
        self.pending.map_or(Ok(()), Pending::finish)?;
        Ok(self.blocking)
    }
}

impl Sink for ReportSink<'_> {
    fn package(&mut self, report: PackageReport) -> io::Result<()> {
        self.blocking |= report.notices.iter().any(|notice| notice.blocking);
        self.pending.iter_mut().for_each(|pending| pending.take(&report));
        let (reporter, output) = (&mut self.reporter, &mut self.output);
        self.progress.aside(|| {
            reporter.package(&report, self.ruleset, output)?;
            output.flush()
        })
    }

    fn progress(&mut self, judged: usize) {
        self.progress.judged(judged);
    }
}
