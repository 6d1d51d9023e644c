//! Findings: what stands in the way of release.

use super::{Address, Location, Part, Place, SensitiveText, Visibility};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::Range;

/// How much a finding harms a release (SARIF).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// For the record.
    Note,
    /// Needs a look or a recorded decision.
    Warning,
    /// Blocks the release.
    Error,
}

impl Level {
    /// The level as it stands in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// How sure obstat is that the finding is what its rule says.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Below low: counted, and shown only with `--show-candidates`.
    Candidate,
    /// One weak sign.
    Low,
    /// A sign with support, or a strong sign.
    Medium,
    /// As good as certain.
    High,
}

impl Confidence {
    /// The confidence as it stands in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Candidate => "candidate",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What a rule found in one document, before it is turned into a finding. Ranges are bytes of `Document::text`.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The rule's id.
    pub rule: String,
    /// How sure.
    pub confidence: Confidence,
    /// The level, where the rule sets another one than its default for this hit.
    pub level: Option<Level>,
    /// The passage or value; may reach over several passages.
    pub range: Range<usize>,
    /// Where it is, where that is no text: `range` is empty then.
    pub place: Option<Place>,
    /// Other places that belong to it, with what they are ("the mark").
    pub related: Vec<(String, Range<usize>)>,
    /// The evidence, where it is not simply the text of `range`.
    pub evidence: Option<SensitiveText>,
    /// The message, where the rule's own does not say it all. Never holds text of a record.
    pub message: Option<String>,
    /// For programs: scope, status and the like. Never holds text of a record.
    pub data: BTreeMap<String, Value>,
}

/// A second place of a finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Related {
    /// What it is: "the mark".
    pub label: String,
    /// Where it is.
    pub location: Location,
}

/// The lines around a finding, for reports that people read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Excerpt {
    /// The text, lines as the document has them.
    #[serde(with = "super::sensitive::in_clear")]
    pub text: SensitiveText,
    /// The finding's own bytes in `text`.
    pub primary: Range<usize>,
    /// Bytes of related places in `text`, with their labels.
    pub related: Vec<(String, Range<usize>)>,
}

/// Why a finding does not count: somebody has looked at it and answers for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppression {
    /// Why it is acceptable.
    pub reason: String,
    /// Who says so.
    pub approver: String,
    /// The last day on which that holds, as `YYYY-MM-DD`.
    pub expires: String,
}

/// Something that stands in the way of release, or that a release log has to name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// How much it harms.
    pub level: Level,
    /// How sure.
    pub confidence: Confidence,
    /// What is wrong, in a sentence without text of the record.
    pub message: String,
    /// The section it offends against.
    pub citation: String,
    /// In which artifact.
    pub artifact: Address,
    /// Where in it.
    pub location: Location,
    /// In what part of the document.
    pub part: Part,
    /// Whether a reader sees it.
    pub visibility: Visibility,
    /// The text found.
    #[serde(with = "super::sensitive::in_clear")]
    pub evidence: SensitiveText,
    /// The lines around it.
    pub excerpt: Excerpt,
    /// Identifies the finding over runs (contract.md, `fingerprint`).
    pub fingerprint: String,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// For programs. Never holds text of a record.
    pub data: BTreeMap<String, Value>,
    /// Set where it does not count for the verdict.
    #[serde(default)]
    pub suppressed: Option<Suppression>,
}

impl Finding {
    /// Whether it counts: neither suppressed nor below low confidence.
    pub fn counts(&self) -> bool {
        self.suppressed.is_none() && self.confidence > Confidence::Candidate
    }
}
