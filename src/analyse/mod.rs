//! What a rule can ask of a document: one file per kind of rule.

pub(crate) mod check;
pub(crate) mod engine;
pub(crate) mod evidence;
pub(crate) mod exempt;
mod gate;
mod hash;
pub(crate) mod lexicon;
mod outline;
pub(crate) mod pattern;
mod resolve;
pub(crate) mod rulebook;
mod scan;
mod shown;
mod stretch;
pub(crate) mod sweep;
pub(crate) mod text;
pub(crate) mod validate;
