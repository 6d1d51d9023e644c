//! The outcomes of marks-and-release.md A.7, one packet each.

use super::super::Files;

/// Adds the packets.
pub(crate) fn add(_files: &mut Files) {}
