//! `obstat show`.

use crate::exit::{self, Exit};
use clap::Args;

/// Arguments of `show`.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Whatever it will take
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    _rest: Vec<String>,
}

/// Runs the command.
pub(crate) fn run(_args: ShowArgs) -> miette::Result<Exit> {
    Err(exit::not_yet("this command"))
}
