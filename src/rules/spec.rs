//! Rulesets as they are written: closed serde types that keep where each value stands, and do nothing else.
//! `docs/writing-rules.md` explains every key; `obstat rules schema` prints these types as a JSON Schema.
//!
//! No `flatten`, `untagged` or `tag` here: they buffer, and a buffered value has lost its place in the file.

use super::tree::At;
use crate::model::{Confidence, Level, MarkKind, Part, Visibility};
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
    /// The sentence of a finding; may hold `{part}`, `{page}`, `{visibility}`, `{term}`, `{scope}`, `{status}`.
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
    /// To which releases and formats the rule applies; without a manifest it applies.
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
}

impl MarkName {
    /// The mark of that name.
    pub(crate) fn kind(self) -> MarkKind {
        match self {
            Self::Cover => MarkKind::Cover,
            Self::Redact => MarkKind::Redact,
            Self::Strike => MarkKind::Strike,
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

/// How `obstat rules test` varies the examples.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct VariantsSpec {
    /// Variants that this rule need not survive.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) skip: Vec<Variant>,
    /// Variants that are not tried otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) add: Vec<Variant>,
}

/// Ways in which text differs and means the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Variant {
    /// Line breaks for blanks, at several widths.
    Wrap,
    /// No-break spaces for blanks.
    Nbsp,
    /// Ligatures for `fi`, `fl`, `ff`.
    Ligatures,
    /// Words broken by a hyphen at a line's end, and soft hyphens.
    Hyphenation,
    /// Capitals with blanks between them.
    LetterSpacing,
}

/// An example: a text, or a mapping with `text` and more.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(with = "ExampleShape")]
pub(crate) struct ExampleSpec {
    /// The text; in an example the finding stands between `⟦` and `⟧`.
    pub(crate) text: String,
    /// How the text is read (text).
    pub(crate) format: ExampleFormat,
    /// In what part of a document the text stands.
    pub(crate) part: Option<Part>,
    /// Whether a reader sees the text; only beside `part`.
    pub(crate) visibility: Visibility,
    /// The named place that the text stands at; only beside `part`.
    pub(crate) place: Option<String>,
    /// A mark that bears on each paragraph; only beside `part`.
    pub(crate) mark: Option<MarkName>,
    /// How sure the finding must be at least (low).
    pub(crate) confidence: Option<Confidence>,
}

/// How an example is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ExampleFormat {
    /// Plain text: blank lines between paragraphs, form feeds between pages.
    #[default]
    Text,
    /// XML.
    Xml,
    /// Comma-separated values.
    Csv,
}

/// An example written as a mapping.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ExampleMap {
    /// The text; in an example the finding stands between `⟦` and `⟧`.
    text: String,
    /// How the text is read (text).
    #[serde(default)]
    format: ExampleFormat,
    /// In what part of a document the text stands; every paragraph of it.
    #[serde(default)]
    part: Option<Part>,
    /// Whether a reader sees the text (shown); only beside `part`.
    #[serde(default)]
    visibility: Visibility,
    /// The named place that the text stands at, such as `bookmark`; only beside `part`.
    #[serde(default)]
    place: Option<String>,
    /// A mark on the page that bears on the text: `cover`, `redact`, `strike`; only beside `part`.
    #[serde(default)]
    mark: Option<MarkName>,
    /// How sure the finding must be at least (low).
    #[serde(default)]
    confidence: Option<Confidence>,
}

/// For the JSON Schema only: both ways to write an example.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its JSON Schema is used")]
enum ExampleShape {
    Text(String),
    Map(ExampleMap),
}

impl<'de> Deserialize<'de> for ExampleSpec {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = ExampleSpec;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a text, or a mapping with `text`")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<ExampleSpec, E> {
                Ok(ExampleSpec {
                    text: text.to_owned(),
                    format: ExampleFormat::Text,
                    part: None,
                    visibility: Visibility::Shown,
                    place: None,
                    mark: None,
                    confidence: None,
                })
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                map: A,
            ) -> Result<ExampleSpec, A::Error> {
                let map =
                    ExampleMap::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                let ExampleMap { text, format, part, visibility, place, mark, confidence } = map;
                Ok(ExampleSpec { text, format, part, visibility, place, mark, confidence })
            }
        }
        deserializer.deserialize_any(Visitor)
    }
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
