//! `obstat rules`.

use crate::exit::{self, Exit};
use clap::Args;

/// Arguments of `rules`.
#[derive(Debug, Args)]
pub(crate) struct RulesArgs {
    /// Whatever it will take
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    _rest: Vec<String>,
}

/// Runs the command.
pub(crate) fn run(_args: RulesArgs) -> miette::Result<Exit> {
    Err(exit::not_yet("this command"))
}
