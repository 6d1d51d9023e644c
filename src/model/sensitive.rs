//! The one type that holds text of a record. `Debug` and `Display` mask it, so that a log line, an error or a
//! careless `{:?}` cannot leak; whoever needs the text has to ask for it by name.

use std::fmt;

/// Text taken from a record. Never implements `Serialize` by itself: a field that has to cross the pipe between
/// obstat's own processes says so with `#[serde(with = "crate::model::sensitive::in_clear")]`.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SensitiveText(String);

impl SensitiveText {
    /// Wraps text of a record.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text in clear. Only rule checks and, under `--show-evidence` or on a terminal, reports may call this.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The text with every letter and digit replaced by `█`; spaces and punctuation stay (contract.md, `evidence`).
    pub fn masked(&self) -> String {
        mask(&self.0)
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for SensitiveText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SensitiveText({} characters)", self.0.chars().count())
    }
}

impl fmt::Display for SensitiveText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// Replaces every letter and digit by `█`. Anything that is neither white space nor ASCII punctuation is masked
/// too: a combining mark or a symbol can tell a name apart.
pub fn mask(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_whitespace() || c.is_ascii_punctuation() || is_typographic(c) {
                c
            } else {
                '█'
            }
        })
        .collect()
}

fn is_typographic(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '§' | '¶' | '«' | '»' | '·' | '\u{2580}'..='\u{25ff}')
}

/// Serde functions for the pipe between obstat's own processes, and for nothing else.
pub(crate) mod in_clear {
    use super::SensitiveText;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        text: &SensitiveText,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(text.reveal())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<SensitiveText, D::Error> {
        String::deserialize(deserializer).map(SensitiveText::new)
    }
}

/// The same for lists.
pub(crate) mod all_in_clear {
    use super::SensitiveText;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        texts: &[SensitiveText],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(texts.iter().map(SensitiveText::reveal))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<SensitiveText>, D::Error> {
        Vec::<String>::deserialize(deserializer)
            .map(|texts| texts.into_iter().map(SensitiveText::new).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_debug_nor_display_shows_a_letter_or_digit() {
        let text = SensitiveText::new("Jane Roe, 555-0101 é");
        assert_eq!(text.to_string(), "████ ███, ███-████ █");
        assert_eq!(format!("{text:?}"), "SensitiveText(20 characters)");
    }
}
