//! Rulesets as they are written: closed serde types that keep where each value stands, and do nothing else.
//! `docs/writing-rules.md` explains every key; `obstat rules schema` prints these types as a JSON Schema.
//!
//! No `flatten`, `untagged` or `tag` here: they buffer, and a buffered value has lost its place in the file.

mod detect;
mod evidence;
mod example;

pub(crate) use detect::*;
pub(crate) use evidence::*;
pub(crate) use example::*;

use super::tree::At;
use crate::model::{Confidence, Level, Part, Visibility};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A ruleset file.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct FileSpec {
    /// Always `obstat.ruleset/1`.
    pub(crate) schema: At<String>,
    /// What this file is.
    pub(crate) pack: PackSpec,
    /// Named lists of words and phrases.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) lists: BTreeMap<String, At<ListSpec>>,
    /// The rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) rules: Vec<At<RuleSpec>>,
    /// Changes to rules of packs that this one extends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) overrides: Vec<At<OverrideSpec>>,
}

/// What a ruleset file is.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct PackSpec {
    /// The pack's name, such as `obstat.markings`.
    pub(crate) id: At<String>,
    /// Its version, as in `1.0.0`.
    pub(crate) version: At<String>,
    /// What it is about.
    pub(crate) title: String,
    /// The versions of obstat that it needs, as in `>=0.1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) requires: Option<At<String>>,
    /// Packs whose lists, authorities and rules this one builds on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) extends: Vec<At<String>>,
    /// What rules may cite.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) authorities: BTreeMap<String, AuthoritySpec>,
}

/// A document that rules cite.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct AuthoritySpec {
    /// As it stands in reports: `ICE Directive 6-4.0`.
    pub(crate) title: String,
    /// Its date or edition.
    pub(crate) edition: String,
}

/// Words and phrases.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ListSpec {
    /// The phrases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) terms: Vec<At<String>>,
    /// Other lists whose terms belong to this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) lists: Vec<At<String>>,
    /// A text file with one phrase a line, relative to the ruleset file; needs `sha256`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<At<String>>,
    /// The SHA-256 of `file`, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sha256: Option<At<String>>,
    /// How letters compare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) case: Option<Case>,
    /// The most characters of white space and hyphens between two words (24).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) gap: Option<At<u32>>,
    /// Whether `s` or `es` may follow the last word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) plural: Option<bool>,
}

/// How letters compare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Case {
    /// Upper and lower case alike.
    #[default]
    Ignore,
    /// As written.
    Exact,
    /// All letters of the text are capitals.
    Upper,
    /// The text has a capital at the start of its first word.
    Initial,
}

/// A rule.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RuleSpec {
    /// `theme.noun-phrase`.
    pub(crate) id: At<String>,
    /// What is wrong, as a heading.
    pub(crate) title: String,
    /// What the release would harm.
    pub(crate) level: Level,
    /// How sure a bare hit is.
    pub(crate) confidence: Confidence,
    /// What it rests on.
    pub(crate) cite: Vec<At<CiteSpec>>,
    /// The sentence of a finding; may hold `{part}`, `{page}`, `{visibility}`, `{term}`, `{scope}`, `{status}`, `{what}`.
    pub(crate) message: At<String>,
    /// Why it stands in the way.
    pub(crate) why: String,
    /// What to do next.
    pub(crate) help: String,
    /// Rules of one family do not share a stretch of text: the most confident, then the highest priority, keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) family: Option<String>,
    /// Decides inside a family between equally confident rules; higher wins (0).
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) priority: i32,
    /// To which releases the rule applies; without a manifest it applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) when: Option<WhenSpec>,
    /// Other levels for some recipients and purposes; the first that fits counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) levels: Vec<LevelSpec>,
    /// In which passages it looks.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub(crate) place: Option<WhereSpec>,
    /// What it looks for; one of these is enough.
    pub(crate) detect: Vec<At<DetectSpec>>,
    /// Arithmetic that every hit must pass.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) validate: Vec<At<String>>,
    /// Evidence without which there is no finding; all of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) require: Vec<At<EvidenceSpec>>,
    /// Evidence that raises the confidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) support: Vec<At<EvidenceSpec>>,
    /// Evidence that lowers the confidence; never removes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) against: Vec<At<EvidenceSpec>>,
    /// Whether a value found with medium confidence or better is found again where it stands without evidence.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) propagate: bool,
    /// Whether all hits, or only the first and surest of each page or document, become findings.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) group: Group,
    /// How `obstat rules test` varies the examples.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) variants: Option<VariantsSpec>,
    /// Texts with the expected finding between `⟦` and `⟧`.
    #[serde(default, skip_serializing)]
    pub(crate) examples: Vec<At<ExampleSpec>>,
    /// Texts in which the rule must find nothing.
    #[serde(default, skip_serializing)]
    pub(crate) counterexamples: Vec<At<ExampleSpec>>,
}

/// A section that a rule rests on.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct CiteSpec {
    /// A name from `authorities`.
    pub(crate) doc: At<String>,
    /// Such as `7.2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) section: Option<String>,
}

/// To what a rule applies.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct WhenSpec {
    /// Kinds of recipients.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) recipient: Vec<Recipient>,
    /// Purposes of the release.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) purpose: Vec<Purpose>,
}

/// A level for some releases.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct LevelSpec {
    /// Kinds of recipients; none: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) recipient: Vec<Recipient>,
    /// Purposes of the release; none: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) purpose: Vec<Purpose>,
    /// The level then.
    pub(crate) level: Level,
}

/// In which passages a rule looks; every key that is given must hold.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct WhereSpec {
    /// In these parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) parts: Vec<Part>,
    /// Not in these parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) except_parts: Vec<Part>,
    /// With this visibility.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) visibility: Vec<Visibility>,
    /// In these kinds of blocks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) blocks: Vec<BlockKind>,
}

/// Kinds of blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum BlockKind {
    /// A paragraph.
    Paragraph,
    /// A heading.
    Heading,
    /// A list item.
    ListItem,
    /// A table cell.
    Cell,
    /// A footnote.
    Footnote,
    /// A line of its own.
    Line,
}

/// Which hits become findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Group {
    /// All.
    #[default]
    Match,
    /// The surest of each passage.
    Passage,
    /// The surest of each page.
    Page,
    /// The surest of the document.
    Document,
}

/// A change to a rule of another pack.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct OverrideSpec {
    /// The rule's id.
    pub(crate) rule: At<String>,
    /// Whether it is switched off.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) disable: bool,
    /// Its new level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) level: Option<Level>,
    /// The new confidence of a bare hit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) confidence: Option<Confidence>,
    /// Where it looks from now on.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub(crate) place: Option<WhereSpec>,
    /// Why. Stands in every report.
    pub(crate) reason: At<String>,
}

/// Kinds of recipients (marks-and-release, release manifest).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Recipient {
    Unknown,
    Employee,
    EmployeeRepresentative,
    Union,
    ProposingOfficial,
    DecidingOfficial,
    IceOffice,
    Opr,
    Gao,
    DhsOig,
    FoiaRequester,
    PrivacyActRequester,
    Congress,
    Court,
    MspbEeocArbitrator,
    Prosecutor,
    LawEnforcement,
    Contractor,
    Foreign,
    Media,
    Public,
    Other,
}

/// Purposes of a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Purpose {
    AdministrativeAction,
    AdministrativeReview,
    RoutineAdministrativeUse,
    AccessRequest,
    Foia,
    PrivacyAct,
    FoiaAppeal,
    PaAppeal,
    GaoAudit,
    OigInquiry,
    Litigation,
    Other,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
