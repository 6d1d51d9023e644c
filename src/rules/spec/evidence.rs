//! Evidence near a hit.

use super::{Case, is_default};
use crate::model::Confidence;
use crate::rules::tree::At;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Evidence near a hit: exactly one of `phrases`, `list`, `regex`, `rule`, `series`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct EvidenceSpec {
    /// Words and phrases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) phrases: Vec<At<String>>,
    /// A name from `lists`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) list: Option<At<String>>,
    /// How letters of `phrases` compare (ignore).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) case: Option<Case>,
    /// A regular expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) regex: Option<At<String>>,
    /// A hit of another rule, by its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rule: Option<At<String>>,
    /// At least this many hits of the rule whose numbers follow one another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) series: Option<At<u32>>,
    /// At most so many words between, inside the passage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) words: Option<At<u32>>,
    /// At most so many characters between, inside the passage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) chars: Option<At<u32>>,
    /// In the same stretch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) within: Option<At<Within>>,
    /// On which side of the hit (either).
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) side: Side,
    /// How many different terms are needed (1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) count: Option<At<u32>>,
    /// `support`: raises the confidence to this. `against`: lowers it to this (candidate).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) confidence: Option<Confidence>,
    /// `against`: counts even where supporting evidence stands nearer.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) always: bool,
}

/// Stretches that evidence and hit share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Within {
    /// The line.
    Line,
    /// The sentence.
    Sentence,
    /// The passage.
    Paragraph,
    /// The table row.
    Row,
    /// The heading of the table column; also the names of the XML element, attribute, form field or property.
    Heading,
    /// The page.
    Page,
    /// The document.
    Document,
}

/// On which side of the hit evidence stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Side {
    /// Before it.
    Before,
    /// After it.
    After,
    /// On either side.
    #[default]
    Either,
}
