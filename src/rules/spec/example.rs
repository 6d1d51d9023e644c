//! The proof that a rule carries.

use super::MarkName;
use crate::model::{Confidence, Part, Visibility};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
