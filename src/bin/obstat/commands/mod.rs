//! One file a command.

pub(crate) mod check;
pub(crate) mod gate;
pub(crate) mod release;
pub(crate) mod rules;
pub(crate) mod show;
