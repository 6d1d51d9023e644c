//! The command line. Uses nothing of obstat but its public API.

mod args;
mod commands;
mod exit;
mod output;
mod progress;
mod workers;

use args::{Cli, Command};
use clap::Parser as _;
use exit::Exit;
use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let result = match cli.command {
        Command::Check(args) => commands::check::run(*args),
        Command::Show(args) => commands::show::run(args),
        Command::Rules(args) => commands::rules::run(args),
        Command::Worker => workers::child::run(),
        Command::Release(args) => commands::release::run(args),
        Command::Register(args) => commands::keyed::register(args),
        Command::Watchlist(args) => commands::keyed::watchlist(args),
        Command::Keygen(args) => commands::keygen::run(&args),
        Command::Verify(args) => commands::clear::verify(&args),
        Command::Compare(args) => commands::compare::run(args),
        Command::Annotate { .. } => Err(exit::not_yet("this command")),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(report) => failed(&report),
    }
}

/// Help and version are answers; everything else clap says is a failed run.
fn usage(error: &clap::Error) -> ExitCode {
    let asked_for = !error.use_stderr();
    match error.print() {
        Ok(()) if asked_for => ExitCode::SUCCESS,
        _ => Exit::Failed.into(),
    }
}

#[expect(clippy::use_debug, reason = "miette draws a report where Debug is asked for")]
fn failed(report: &miette::Report) -> ExitCode {
    // A reader that has gone knows so; anything else gets the diagnostic. If standard error is gone as well, the
    // exit code has to do.
    if !exit::is_closed_pipe(report) {
        let _ = writeln!(std::io::stderr(), "{report:?}");
    }
    Exit::Failed.into()
}
