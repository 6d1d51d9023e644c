//! Files under `corpus/hostile` that must end within the budget, with a notice.

use super::Files;

/// Adds the files.
pub(crate) fn add(_files: &mut Files) {}
