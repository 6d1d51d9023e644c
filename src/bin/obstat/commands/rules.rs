//! `obstat rules`: what is looked for and why, for people who read rules and people who write them.

use super::check::load_rules;
use crate::exit::Exit;
use crate::output::Output;
use clap::{Args, Subcommand};
use miette::Diagnostic;
use obstat::extract::FORMATS;
use obstat::model::{Address, Document, DocumentBuilder};
use obstat::read::Budget;
use obstat::rules::{self, Explanation, Ruleset, TestFailure};
use obstat::scan::{Task, read_artifacts};
use std::io::{self, Write as _};
use std::path::PathBuf;
use thiserror::Error;

/// Arguments of `rules`.
#[derive(Debug, Args)]
pub(crate) struct RulesArgs {
    #[command(subcommand)]
    command: RulesCommand,
}

#[derive(Debug, Subcommand)]
enum RulesCommand {
    /// List all rules with level, confidence and title
    List {
        /// A ruleset's name or file instead of all shipped ones; may be given more than once
        #[arg(long, value_name = "NAME|FILE")]
        ruleset: Vec<String>,
    },
    /// Say what a rule finds, why it matters and what to do
    Explain {
        /// The rule's id
        id: String,
        /// A ruleset's name or file instead of all shipped ones; may be given more than once
        #[arg(long, value_name = "NAME|FILE")]
        ruleset: Vec<String>,
    },
    /// Run the examples of rulesets in many variations, with all shipped rules loaded
    Test {
        /// Rulesets or files (all shipped ones)
        #[arg(value_name = "FILE")]
        files: Vec<String>,
    },
    /// Print the JSON Schema of ruleset files
    Schema,
    /// Print a ruleset with one rule to start from
    New {
        /// The new rule's id
        id: String,
    },
    /// Show what each rule costs over some files
    Profile {
        /// Files to run the rules over
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        /// A ruleset's name or file instead of all shipped ones; may be given more than once
        #[arg(long, value_name = "NAME|FILE")]
        ruleset: Vec<String>,
    },
}

/// There is no such rule. The caller's to mend.
#[derive(Debug, Error, Diagnostic)]
#[error("there is no rule `{id}`")]
#[diagnostic(code(obstat::rules::unknown), help("{near}`obstat rules list` shows all rules."))]
struct UnknownRule {
    id: String,
    near: String,
}

/// Examples do not do what they should. The author of the rules mends them.
#[derive(Debug, Error, Diagnostic)]
#[error("{failures} examples fail")]
#[diagnostic(
    code(obstat::rules::examples),
    help("Mend the rule, or the example if it asks too much.")
)]
struct ExamplesFail {
    failures: usize,
}

/// Runs the command.
pub(crate) fn run(args: RulesArgs) -> miette::Result<Exit> {
    let mut out = Output::open(None)?;
    let written = match args.command {
        RulesCommand::List { ruleset } => list(&ruleset, &mut out),
        RulesCommand::Explain { id, ruleset } => explain(&id, &ruleset, &mut out),
        RulesCommand::Test { files } => test(&files, &mut out),
        RulesCommand::Schema => write(&mut out, &rules::schema()),
        RulesCommand::New { id } => write(&mut out, &rules::scaffold(&id)),
        RulesCommand::Profile { files, ruleset } => profile(&files, &ruleset, &mut out),
    };
    out.finish()?;
    written.map(|()| Exit::Clear)
}

fn write(out: &mut Output, text: &str) -> miette::Result<()> {
    out.write_all(text.as_bytes()).map_err(broken)
}

fn broken(error: io::Error) -> miette::Report {
    obstat::scan::ScanError::Report(error).into()
}

fn list(names: &[String], out: &mut Output) -> miette::Result<()> {
    let ruleset = all_rules(names)?;
    let width = ruleset.rules().iter().map(|rule| rule.id.len()).max().unwrap_or_default();
    for rule in ruleset.rules() {
        let (level, confidence) = (rule.level.as_str(), rule.confidence.as_str());
        writeln!(out, "{:width$}  {level:7}  {confidence:9}  {}", rule.id, rule.title)
            .map_err(broken)?;
    }
    for identity in ruleset.identities() {
        writeln!(out, "{} {} {}", identity.name, identity.version, identity.digest)
            .map_err(broken)?;
    }
    Ok(())
}

/// The rules over documents and those over packages.
fn all_rules(names: &[String]) -> miette::Result<Ruleset> {
    Ok(load_rules(names)?.with(obstat::release::rules(obstat::release::DEFAULT_PROFILE)))
}

fn explain(id: &str, names: &[String], out: &mut Output) -> miette::Result<()> {
    let ruleset = all_rules(names)?;
    let of_packages = || {
        let rule = ruleset.rule(id)?.clone();
        Some(Explanation { rule, examples: Vec::new(), counterexamples: Vec::new() })
    };
    let Some(explanation) = rules::explain(id, names)?.or_else(of_packages) else {
        let (theme, noun) = id.split_once('.').unwrap_or((id, id));
        let near = ruleset.rules().iter().find(|rule| {
            rule.id.ends_with(&format!(".{noun}")) || rule.id.starts_with(&format!("{theme}."))
        });
        let near = near.map(|rule| format!("Did you mean `{}`? ", rule.id)).unwrap_or_default();
        return Err(UnknownRule { id: id.to_owned(), near }.into());
    };
    let Explanation { rule, examples, counterexamples } = explanation;
    let mut text = format!(
        "{} ({}, {} confidence)\n{}\n\n{}\n\nWhy: {}\nWhat to do: {}\nRests on: {}\n",
        rule.id,
        rule.level.as_str(),
        rule.confidence.as_str(),
        rule.title,
        rule.message,
        rule.why,
        rule.help,
        rule.citation
    );
    for (heading, examples) in [("Finds", examples), ("Leaves alone", counterexamples)] {
        if !examples.is_empty() {
            text.extend(["\n", heading, ":\n"]);
        }
        for example in examples {
            text.extend(["  ", &example.trim_end().replace('\n', "\n    "), "\n"]);
        }
    }
    write(out, &text)
}

fn test(files: &[String], out: &mut Output) -> miette::Result<()> {
    let report = rules::test(files, &read_example)?;
    for TestFailure { rule, example, variant, reason } in &report.failures {
        writeln!(out, "{rule}, {variant}: {reason}\n    in: {}", example.escape_debug())
            .map_err(broken)?;
    }
    writeln!(
        out,
        "{} rules, {} texts, {} failures",
        report.rules,
        report.texts,
        report.failures.len()
    )
    .map_err(broken)?;
    match report.failures.len() {
        0 => Ok(()),
        failures => Err(ExamplesFail { failures }.into()),
    }
}

/// Reads an example the way an artifact is read.
fn read_example(format: &str, text: &str) -> Document {
    let name = if format == "csv" { "text" } else { format };
    FORMATS.iter().find(|known| known.name() == name).map_or_else(
        || DocumentBuilder::new().finish(),
        |known| known.extract(text.as_bytes(), &Budget::default()).value,
    )
}

fn profile(files: &[PathBuf], names: &[String], out: &mut Output) -> miette::Result<()> {
    let mut documents = Vec::new();
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let task = Task::new(Address::new(name), path.clone());
        read_artifacts(&task, |read| documents.extend(read.documents));
    }
    let profile = rules::profile(names, &documents)?;
    writeln!(out, "{:>10}  {:>8}  rule", "ms alone", "hits").map_err(broken)?;
    for cost in &profile.rules {
        writeln!(out, "{:>10.2}  {:>8}  {}", cost.seconds * 1e3, cost.hits, cost.rule)
            .map_err(broken)?;
    }
    #[expect(clippy::cast_precision_loss, reason = "texts are far smaller than 2^52 bytes")]
    let speed = profile.bytes as f64 / 1e6 / profile.together.max(1e-9);
    writeln!(
        out,
        "all rules together: {:.1} ms over {} bytes, {speed:.0} MB/s; the automaton began anew {} times",
        profile.together * 1e3,
        profile.bytes,
        profile.restarts
    )
    .map_err(broken)
}
