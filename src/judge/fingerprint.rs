//! Fingerprints: which findings of two runs are the same one.

use crate::model::{Finding, hexadecimal};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;

/// With a key: an HMAC-SHA-256 over rule, normalised value (or else the file's name and digest) and place. Without one
/// the value is left out (it could be guessed and compared) and the artifact's digest takes its part.
pub(super) fn of(finding: &Finding, digest: &str, key: Option<&[u8]>) -> String {
    let place = serde_json::to_string(&finding.location).unwrap_or_default();
    // HMAC takes keys of any length.
    let keyed = key.and_then(|key| Hmac::<Sha256>::new_from_slice(key).ok());
    if let Some(mut mac) = keyed {
        let mut value = normalised(finding.evidence.reveal());
        if value.is_empty() {
            // What has no value is told apart by its file: else one answer for a file would be one for all.
            value = format!("{} {digest}", finding.artifact);
        }
        fields(&[&finding.rule, &value, &place]).for_each(|bytes| mac.update(&bytes));
        format!("hmac-sha256:{}", hexadecimal(&mac.finalize().into_bytes()))
    } else {
        let mut hasher = Sha256::new();
        fields(&[&finding.rule, digest, &place]).for_each(|bytes| hasher.update(&bytes));
        format!("sha256:{}", hexadecimal(&hasher.finalize()))
    }
}

/// Each field with its length before it, so that no two lists of fields give the same bytes.
fn fields(fields: &[&str]) -> impl Iterator<Item = Vec<u8>> {
    fields.iter().map(|field| [&(field.len() as u64).to_be_bytes(), field.as_bytes()].concat())
}

/// Case, width, spacing and punctuation do not make another value.
fn normalised(value: &str) -> String {
    value.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        Address, Confidence, Excerpt, Level, Location, Part, Place, SensitiveText, Visibility,
    };

    fn finding(value: &str, line: u32) -> Finding {
        Finding {
            rule: "pii.ssn".to_owned(),
            level: Level::Warning,
            confidence: Confidence::High,
            message: String::new(),
            citation: String::new(),
            artifact: Address::new("a.txt"),
            location: Location { place: Place::Line { line, column: 1 }, span: None },
            part: Part::Body,
            visibility: Visibility::Shown,
            evidence: SensitiveText::new(value),
            excerpt: Excerpt::default(),
            fingerprint: String::new(),
            related: Vec::new(),
            data: std::collections::BTreeMap::new(),
            suppressed: None,
        }
    }

    #[test]
    fn without_a_key_the_value_plays_no_part() {
        let one = of(&finding("000-00-0001", 1), "sha256:a", None);
        assert_eq!(one, of(&finding("000-00-0002", 1), "sha256:a", None));
        assert_ne!(one, of(&finding("000-00-0001", 2), "sha256:a", None));
        assert_ne!(one, of(&finding("000-00-0001", 1), "sha256:b", None));
    }

    #[test]
    fn with_a_key_the_normalised_value_counts_and_the_key_does() {
        let key = Some(b"key".as_slice());
        let one = of(&finding("Jane  Roe", 1), "sha256:a", key);
        assert_eq!(one, of(&finding("JANE ROE", 1), "sha256:b", key));
        assert_ne!(one, of(&finding("Jane Doe", 1), "sha256:a", key));
        assert_ne!(one, of(&finding("Jane Roe", 1), "sha256:a", Some(b"other")));
        let nothing = of(&finding("", 1), "sha256:a", key);
        assert_ne!(nothing, of(&finding("", 1), "sha256:b", key), "nothing to go by but the file");
    }
}
