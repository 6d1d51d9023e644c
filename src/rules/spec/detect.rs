//! What a rule looks for.

use super::{Case, EvidenceSpec, is_default};
use crate::model::{Confidence, MarkKind, Part, Visibility};
use crate::rules::tree::At;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One thing that a rule looks for.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum DetectSpec {
    /// A regular expression, linear and bounded.
    Regex(RegexSpec),
    /// Words and phrases.
    Phrases(PhrasesSpec),
    /// A control marking by its words and its position.
    Mark(MarkSpec),
    /// A marking grammar that is built in.
    Grammar(GrammarSpec),
    /// A line `Label: value`.
    Label(LabelSpec),
    /// An outcome of the (E) mark's analysis.
    ExemptMark(ExemptMarkSpec),
    /// Passages and marks by what they are.
    Structure(StructureSpec),
    /// An XML attribute or element by name space and name.
    Xml(XmlSpec),
    /// A keyed watch list.
    Hashed(HashedSpec),
    /// A condition on the release manifest.
    Manifest(ManifestSpec),
}

/// A regular expression.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RegexSpec {
    /// The expression. A blank in it stands for a gap between words: blanks, or a line break with indentation.
    pub(crate) pattern: At<String>,
    /// The named group that is the finding (the whole match).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) capture: Option<At<String>>,
    /// How letters compare; `upper` and `initial` are for phrases (exact).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) case: Option<At<Case>>,
    /// Whether `\w`, `\d`, `\s` and `\b` know all of Unicode (ASCII only).
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) unicode: bool,
    /// Another confidence than the rule's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) confidence: Option<Confidence>,
    /// Arithmetic for this detector only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) validate: Vec<At<String>>,
    /// Evidence that this detector needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) require: Vec<At<EvidenceSpec>>,
}

/// Words and phrases as a detector.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct PhrasesSpec {
    /// The phrases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) terms: Vec<At<String>>,
    /// A name from `lists`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) list: Option<At<String>>,
    /// How letters compare (ignore, or the list's own).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) case: Option<Case>,
    /// The most characters of white space and hyphens between two words (24).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) gap: Option<At<u32>>,
    /// Whether `s` or `es` may follow the last word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) plural: Option<bool>,
    /// Another confidence than the rule's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) confidence: Option<Confidence>,
    /// Evidence that this detector needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) require: Vec<At<EvidenceSpec>>,
}

/// A control marking.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct MarkSpec {
    /// The marking's words, in any of its forms.
    pub(crate) terms: Vec<At<String>>,
    /// Where the words count as a marking (banner and portion).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) at: Vec<MarkPosition>,
    /// Another confidence than the rule's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) confidence: Option<Confidence>,
    /// Evidence that this detector needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) require: Vec<At<EvidenceSpec>>,
}

/// Where words count as a marking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum MarkPosition {
    /// A line that holds nothing but markings, in capitals; title case only in a header or footer.
    Banner,
    /// In brackets at the start of a block.
    Portion,
    /// At the start of a line and followed by a full stop, a colon or the line's end.
    Lead,
    /// In square brackets in a subject line, or a whole metadata value, file name word or attribute value.
    Subject,
    /// Anywhere, whatever stands around it. For full required statements.
    Anywhere,
}

/// A built-in marking grammar.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct GrammarSpec {
    /// Which grammar, such as `cui` or `classification`.
    pub(crate) name: At<String>,
    /// Which of its outcomes, such as `banner` or `malformed`.
    pub(crate) outcome: At<String>,
    /// Another confidence than the rule's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) confidence: Option<Confidence>,
}

/// A line `Label: value`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct LabelSpec {
    /// The labels, without the colon.
    pub(crate) terms: Vec<At<String>>,
    /// A regular expression that the value must match in full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<At<String>>,
    /// A regular expression that the value must not match in full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) except: Option<At<String>>,
    /// Whether the label may also follow a full stop or semicolon inside a line.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) inline: bool,
    /// Another confidence than the rule's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) confidence: Option<Confidence>,
    /// Evidence that this detector needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) require: Vec<At<EvidenceSpec>>,
}

/// An outcome of the (E) mark's analysis.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ExemptMarkSpec {
    /// Which one.
    pub(crate) outcome: ExemptOutcome,
}

/// What the (E) mark's analysis can come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ExemptOutcome {
    /// Readable.
    Open,
    /// Partly redacted.
    Partial,
    /// Looks redacted, and its text is still in the file.
    Covered,
    /// Redacted.
    Redacted,
    /// Readable, with an approval.
    Approved,
    /// Listed as disputed.
    Disputed,
    /// Fewer marks than registered.
    Lost,
    /// A registered passage without its mark.
    Copied,
    /// May be a mark.
    Suspect,
    /// More than one reading.
    Ambiguous,
    /// A mark with nothing before it.
    Orphan,
    /// A report without a register of marks.
    NoRegister,
}

impl ExemptOutcome {
    /// As it stands at the end of `exempt.*` ids.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Partial => "partial",
            Self::Covered => "covered",
            Self::Redacted => "redacted",
            Self::Approved => "approved",
            Self::Disputed => "disputed",
            Self::Lost => "lost",
            Self::Copied => "copied",
            Self::Suspect => "suspect",
            Self::Ambiguous => "ambiguous",
            Self::Orphan => "orphan",
            Self::NoRegister => "no-register",
        }
    }
}

/// Passages and marks by what they are; every key that is given must hold.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct StructureSpec {
    /// Passages of these parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) parts: Vec<Part>,
    /// Passages with this visibility.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) visibility: Vec<Visibility>,
    /// Marks of this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mark: Option<MarkName>,
    /// Passages at named places that begin so: `bookmark`, `link/`, `unreachable object`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) places: Vec<String>,
    /// Not at these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) except_places: Vec<String>,
    /// What the whole text of the passage must match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<At<String>>,
    /// What the whole text of the passage must not match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) except: Option<At<String>>,
    /// Only passages whose text the pages do not show anyway.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) unseen: bool,
    /// The fewest letters and digits in the passage (1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) min_word_chars: Option<u32>,
    /// Another confidence than the rule's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) confidence: Option<Confidence>,
}

/// Kinds of marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum MarkName {
    /// Opaque paint over text.
    Cover,
    /// A redaction annotation that was not applied.
    Redact,
    /// A line drawn through text.
    Strike,
    /// Opaque paint over pixels of a picture.
    CoveredImage,
    /// Pixels that no page shows.
    ImageData,
    /// Part of a picture made coarse on purpose.
    Pixelated,
    /// A gap as wide as what was taken out.
    Gap,
    /// Characters that a font keeps and no page shows.
    UnusedGlyphs,
    /// A bar without an exemption code.
    Uncoded,
}

impl MarkName {
    /// The mark of that name.
    pub(crate) fn kind(self) -> MarkKind {
        match self {
            Self::Cover => MarkKind::Cover,
            Self::Redact => MarkKind::Redact,
            Self::Strike => MarkKind::Strike,
            Self::CoveredImage => MarkKind::CoveredImage,
            Self::ImageData => MarkKind::ImageData,
            Self::Pixelated => MarkKind::Pixelated,
            Self::Gap => MarkKind::Gap,
            Self::UnusedGlyphs => MarkKind::UnusedGlyphs,
            Self::Uncoded => MarkKind::Uncoded,
        }
    }
}

/// An XML attribute or element.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct XmlSpec {
    /// Name space URIs; one of them.
    pub(crate) namespace: Vec<String>,
    /// Local names of attributes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) attribute: Vec<String>,
    /// Local names of elements.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) element: Vec<String>,
    /// A regular expression that the whole value must match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<At<String>>,
    /// A regular expression that the whole value must not match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) except: Option<At<String>>,
    /// Another confidence than the rule's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) confidence: Option<Confidence>,
}

/// A keyed watch list.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct HashedSpec {
    /// The file that `obstat watchlist build` wrote.
    pub(crate) file: At<String>,
}

/// A condition on the release manifest.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ManifestSpec {
    /// The procedure check, by its name.
    pub(crate) check: At<String>,
}
