//! Progress on standard error, for people: only where it is a terminal.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal as _;
use std::time::Duration;

/// A line that moves while files are judged.
pub(crate) struct Progress(Option<ProgressBar>);

impl Progress {
    /// Begins to move at once; does nothing where nobody looks or `quiet` was asked for.
    pub(crate) fn start(quiet: bool) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return Self(None);
        }
        let bar = ProgressBar::new_spinner();
        // The template is a constant; a plain spinner would do if it were bad.
        if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} files judged, {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        bar.tick();
        Self(Some(bar))
    }

    /// So many files are done.
    pub(crate) fn judged(&self, files: usize) {
        if let Some(bar) = &self.0 {
            bar.set_position(files as u64);
        }
    }

    /// Takes the line away while the report is written to the same terminal.
    pub(crate) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.0 {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Takes the line away for good.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
