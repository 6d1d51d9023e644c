//! Notices: what obstat could not see. A notice that blocks makes its package undetermined.

use super::{Address, Place};
use serde::{Deserialize, Serialize};

/// Why something was not read (contract.md, notice codes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum NoticeCode {
    /// Encrypted, and no empty user password opens it.
    #[serde(rename = "unread.encrypted")]
    Encrypted,
    /// Truncated, malformed, or repaired with loss.
    #[serde(rename = "unread.damaged")]
    Damaged,
    /// A picture with no text that could be read.
    #[serde(rename = "unread.image-only")]
    ImageOnly,
    /// No reader for the format, or for a feature of it.
    #[serde(rename = "unread.unsupported")]
    Unsupported,
    /// A budget of size, depth, members, inflated bytes, time or memory ran out.
    #[serde(rename = "unread.over-budget")]
    OverBudget,
    /// The content is not what the name says.
    #[serde(rename = "unread.type-mismatch")]
    TypeMismatch,
    /// The worker process that read the artifact died.
    #[serde(rename = "unread.crashed")]
    Crashed,
    /// The operating system refused to read it.
    #[serde(rename = "unread.io")]
    Io,
    /// Glyphs without a usable Unicode value.
    #[serde(rename = "unread.text-undecodable")]
    TextUndecodable,
    /// A rule could not be run on this artifact.
    #[serde(rename = "unread.rule-not-run")]
    RuleNotRun,
}

impl NoticeCode {
    /// Every code, for tests and documentation.
    pub const ALL: &[Self] = &[
        Self::Encrypted,
        Self::Damaged,
        Self::ImageOnly,
        Self::Unsupported,
        Self::OverBudget,
        Self::TypeMismatch,
        Self::Crashed,
        Self::Io,
        Self::TextUndecodable,
        Self::RuleNotRun,
    ];

    /// The code as it stands in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Encrypted => "unread.encrypted",
            Self::Damaged => "unread.damaged",
            Self::ImageOnly => "unread.image-only",
            Self::Unsupported => "unread.unsupported",
            Self::OverBudget => "unread.over-budget",
            Self::TypeMismatch => "unread.type-mismatch",
            Self::Crashed => "unread.crashed",
            Self::Io => "unread.io",
            Self::TextUndecodable => "unread.text-undecodable",
            Self::RuleNotRun => "unread.rule-not-run",
        }
    }

    /// What a person can do about it.
    pub fn help(self) -> &'static str {
        match self {
            Self::Encrypted => "Ask the sender for a copy without a password, and check that copy.",
            Self::Damaged => "Export the document anew from its source, and check that copy.",
            Self::ImageOnly => {
                "Look at the page yourself, or run text recognition over it and check the result."
            }
            Self::Unsupported => "Convert the file to PDF, XML or plain text, and check that copy.",
            Self::OverBudget => {
                "Split the file, or take it out of the packet and look at it by hand."
            }
            Self::TypeMismatch => {
                "Find out what the file really is before it leaves; rename or convert it."
            }
            Self::Crashed => {
                "Do not release the file; look at it by hand, and report it to the maintainers."
            }
            Self::Io => {
                "Check the permissions and that the file is still there, then run obstat again."
            }
            Self::TextUndecodable => {
                "Compare the page with a printed copy; its text cannot be checked by machine."
            }
            Self::RuleNotRun => "Fix the rule, or have the artifact looked at by hand.",
        }
    }
}

/// Something that could not be seen. Never holds text of a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// What kind.
    pub code: NoticeCode,
    /// Whether the package is undetermined because of it.
    pub blocking: bool,
    /// In which artifact; the extractor leaves it empty and the scan fills it in.
    pub artifact: Address,
    /// Where in it, if that is known.
    pub place: Option<Place>,
    /// What happened, in a sentence.
    pub message: String,
}

impl Notice {
    /// A notice that blocks.
    pub fn blocking(code: NoticeCode, message: impl Into<String>) -> Self {
        Self {
            code,
            blocking: true,
            artifact: Address::default(),
            place: None,
            message: message.into(),
        }
    }

    /// A notice that does not block.
    pub fn informing(code: NoticeCode, message: impl Into<String>) -> Self {
        Self { blocking: false, ..Self::blocking(code, message) }
    }

    /// The same notice at a place.
    #[must_use]
    pub fn at(self, place: Place) -> Self {
        Self { place: Some(place), ..self }
    }
}

/// A value, and what could not be seen while making it.
#[derive(Debug, Default)]
pub struct Noted<T> {
    /// Whatever was readable.
    pub value: T,
    /// What was not.
    pub notices: Vec<Notice>,
}

impl<T> Noted<T> {
    /// A value that was read in full.
    pub fn complete(value: T) -> Self {
        Self { value, notices: Vec::new() }
    }
}
