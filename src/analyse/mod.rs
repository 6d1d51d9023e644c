//! What a rule can ask of a document: one file per kind of rule.

pub(crate) mod exempt;
pub(crate) mod text;
