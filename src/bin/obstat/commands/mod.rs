//! One file a command.

pub(crate) mod check;
pub(crate) mod clear;
pub(crate) mod compare;
pub(crate) mod gate;
pub(crate) mod keyed;
pub(crate) mod keygen;
pub(crate) mod release;
pub(crate) mod rules;
pub(crate) mod show;
