//! What a document has to do with the others of its package: values that are certain in it, and whether a value that
//! is certain elsewhere can stand in it at all.

use super::resolve;
use super::rulebook::Rule;
use crate::model::{Confidence, Confirmed, Document, Hit, SensitiveText, Shared};

/// The fewest letters and digits of a word that is kept.
const SHORTEST_WORD: usize = 2;

/// What the others may want to know of a document in which these hits are findings.
pub(crate) fn of(document: &Document, rules: &[Rule], hits: &[Hit]) -> Shared {
    let propagates = |id: &str| rules.iter().any(|rule| rule.propagate && rule.id == id);
    let mut confirmed: Vec<Confirmed> = hits
        .iter()
        .filter(|hit| {
            hit.confidence >= Confidence::Medium
                && hit.place.is_none()
                && !hit.data.contains_key(resolve::PROPAGATED)
                && propagates(&hit.rule)
        })
        .filter_map(|hit| {
            let value = document.text().get(hit.range.clone())?;
            let is_long = resolve::compact(value).len() >= resolve::SHORTEST_VALUE;
            is_long.then(|| Confirmed { rule: hit.rule.clone(), value: SensitiveText::new(value) })
        })
        .collect();
    confirmed.sort();
    confirmed.dedup();
    Shared { confirmed, words: words(document.text()) }
}

/// How a value may be written: as it was, or without what stands between its letters and digits. Of each the hashes
/// of its words, all of which have to stand in a document that holds it.
pub(crate) fn forms(value: &str) -> [Vec<u32>; 2] {
    [words(value), words(&resolve::compact(value))]
}

/// A value as rules compare it.
pub(crate) fn compact(value: &str) -> String {
    resolve::compact(value)
}

/// The hashes of all words that hold a digit, sorted, each once.
fn words(text: &str) -> Vec<u32> {
    let mut all = Vec::new();
    for word in text.as_bytes().split(|byte| !byte.is_ascii_alphanumeric()) {
        if word.len() >= SHORTEST_WORD && word.iter().any(u8::is_ascii_digit) {
            all.push(hash(word));
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// FNV-1a. Words that collide cost a second look and change nothing.
fn hash(word: &[u8]) -> u32 {
    word.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_can_stand_only_where_all_its_words_stand() {
        let document = words("Case 2005: 219-45-9998, room B12, 7 of 9, A012345678.");
        let can_stand = |value: &str| {
            forms(value).iter().any(|form| {
                !form.is_empty() && form.iter().all(|word| document.binary_search(word).is_ok())
            })
        };
        assert!(can_stand("219-45-9998"));
        assert!(can_stand("219 45 9998"));
        assert!(can_stand("A012-345-678"), "without separators it stands there");
        assert!(!can_stand("219-45-9999"));
        assert!(!can_stand("no digits"));
    }
}
