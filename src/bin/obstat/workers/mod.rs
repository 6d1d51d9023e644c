//! Isolation: files are judged in child processes of this same program, so that a file which overflows the stack,
//! eats the memory or never ends costs a notice and not the run.

pub(crate) mod child;
mod frame;
#[cfg(debug_assertions)]
mod misbehaviour;
mod pool;
mod watchdog;

pub(crate) use pool::{First, Workers};

use obstat::scan::Judging;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The first thing a worker is told.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Setup {
    /// Rulesets by name or file, as given on the command line; all shipped ones where empty.
    pub(crate) rulesets: Vec<String>,
    /// How hits become findings.
    pub(crate) judging: Judging,
    /// The register of exempt passages, as given on the command line.
    pub(crate) register: Option<PathBuf>,
    /// The watch list, as given on the command line.
    pub(crate) watchlist: Option<PathBuf>,
    /// Whether the worker is to say first what reports need to know of the rules.
    pub(crate) catalogue: bool,
}
