//! What a document is judged for and beside: the release it is part of, and what its package knows.

use super::SensitiveText;
use serde::{Deserialize, Serialize};

/// For whom and for what a package goes out: words of the release manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The kind of recipient.
    pub recipient: String,
    /// The purpose.
    pub purpose: String,
}

/// A value that a rule is sure of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Confirmed {
    /// The rule's id.
    pub rule: String,
    /// As it is written.
    #[serde(with = "super::sensitive::in_clear")]
    pub value: SensitiveText,
}

/// What a document is judged for and beside.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Occasion {
    /// The release, where a manifest tells of it.
    pub release: Option<Release>,
    /// Values that are certain elsewhere in the package.
    pub confirmed: Vec<Confirmed>,
}

/// What one document has to do with the others of its package.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Shared {
    /// Values that are certain here.
    pub confirmed: Vec<Confirmed>,
    /// Hashes of the words with digits in it, sorted: whether a value can stand here without a look into it.
    pub words: Vec<u32>,
}
