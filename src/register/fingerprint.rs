//! Keyed fingerprints of passages.
//!
//! Winnowing after Schleimer, Wilkerson and Aiken, "Winnowing: Local Algorithms for Document Fingerprinting",
//! SIGMOD 2003: of every `WINDOW` neighbouring grams the one with the smallest hash is kept. The grams are of letters,
//! not of words, so that a wrong character or a changed word spoils only the grams that touch it. Every gram of a
//! checked document is looked up, not only its winnowed ones: an intact gram is found whatever stands around it.

use super::letters::each_letter;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use siphasher::sip::SipHasher13;
use std::collections::VecDeque;
use std::hash::Hasher as _;

/// Letters of a gram.
pub(super) const GRAM: usize = 10;
/// Neighbouring grams of which one is kept.
pub(super) const WINDOW: usize = 4;

/// A secret that fingerprints and digests are made under. Without it they tell nothing.
#[derive(Clone)]
pub struct Key(Vec<u8>);

impl Key {
    /// A key from the bytes of its file. At least 16 bytes, without white space at the ends.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.trim_ascii();
        (bytes.len() >= 16).then(|| Self(bytes.to_vec()))
    }

    /// HMAC-SHA-256 (RFC 2104) of a message, for one purpose: keys of different purposes never meet.
    pub fn digest(&self, purpose: &str, message: &[u8]) -> [u8; 32] {
        // HMAC takes a key of any length, so this cannot fail; an empty key would give a digest all the same.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return [0; 32] };
        mac.update(&(purpose.len() as u64).to_le_bytes());
        mac.update(purpose.as_bytes());
        mac.update(message);
        mac.finalize().into_bytes().into()
    }

    fn word(&self, purpose: &str, index: u8) -> u64 {
        let digest = self.digest(purpose, &[index]);
        let first: [u8; 8] = std::array::from_fn(|at| digest.get(at).copied().unwrap_or_default());
        u64::from_le_bytes(first)
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(..)")
    }
}

/// Makes fingerprints under one key.
pub(super) struct Hasher {
    letters: [u64; 128],
    other: SipHasher13,
    finish: SipHasher13,
}

/// A gram of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gram {
    /// Its keyed hash.
    pub(super) hash: u64,
    /// Number of its first letter, counted over the text.
    pub(super) position: u32,
    /// Byte where it begins.
    pub(super) start: u32,
    /// Byte where its last letter begins.
    pub(super) last: u32,
}

impl Hasher {
    pub(super) fn new(key: &Key) -> Self {
        let letters = std::array::from_fn(|c| {
            key.word("register letter", u8::try_from(c).unwrap_or_default())
        });
        let sip = |purpose| SipHasher13::new_with_keys(key.word(purpose, 0), key.word(purpose, 1));
        Self { letters, other: sip("register other letter"), finish: sip("register gram") }
    }

    fn letter(&self, c: char) -> u64 {
        self.letters.get(c as usize).copied().unwrap_or_else(|| {
            let mut hasher = self.other;
            hasher.write_u32(u32::from(c));
            hasher.finish()
        })
    }

    /// Calls `each` with every gram of the text, in order.
    pub(super) fn each_gram(&self, text: &str, mut each: impl FnMut(Gram)) {
        // A cyclic polynomial over keyed letter hashes, then a keyed permutation of the sum.
        let mut ring = [(0_u64, 0_u32); GRAM];
        let (mut sum, mut count) = (0_u64, 0_usize);
        let rotation = u32::try_from(GRAM).unwrap_or_default();
        each_letter(text, |c, at| {
            let hash = self.letter(c);
            let start = u32::try_from(at).unwrap_or(u32::MAX);
            let slot = count % GRAM;
            let Some(oldest) = ring.get_mut(slot) else { return };
            sum = sum.rotate_left(1)
                ^ hash
                ^ if count >= GRAM { oldest.0.rotate_left(rotation) } else { 0 };
            *oldest = (hash, start);
            count += 1;
            if count >= GRAM {
                let first = ring.get(count % GRAM).map_or(0, |&(_, start)| start);
                let position = u32::try_from(count - GRAM).unwrap_or(u32::MAX);
                let mut hasher = self.finish;
                hasher.write_u64(sum);
                each(Gram { hash: hasher.finish(), position, start: first, last: start });
            }
        });
    }

    /// The winnowed grams of a passage: hash and position.
    pub(super) fn winnow(&self, text: &str) -> Vec<(u64, u32)> {
        let mut kept: Vec<(u64, u32)> = Vec::new();
        let mut window: VecDeque<(u64, u32)> = VecDeque::with_capacity(WINDOW);
        self.each_gram(text, |gram| {
            if window.len() == WINDOW {
                window.pop_front();
            }
            window.push_back((gram.hash, gram.position));
            let least = window.iter().rev().min_by_key(|&&(hash, _)| hash).copied();
            if let Some(least) = least.filter(|_| window.len() == WINDOW)
                && kept.last() != Some(&least)
            {
                kept.push(least);
            }
        });
        if kept.is_empty() {
            kept.extend(window.iter().min_by_key(|&&(hash, _)| hash));
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(seed: &str) -> Key {
        Key::new(format!("{seed}-0123456789abcdef").as_bytes()).unwrap()
    }

    #[test]
    fn the_same_letters_give_the_same_grams_wherever_they_stand() {
        let hasher = Hasher::new(&key("a"));
        let collect = |text: &str| {
            let mut grams = Vec::new();
            hasher.each_gram(text, |gram| grams.push(gram.hash));
            grams
        };
        let plain = collect("confidential source");
        let wrapped = collect("xyz confi-\ndential   SOURCE");
        assert_eq!(plain, wrapped[3..]);
        assert!(collect("too short").is_empty());
    }

    #[test]
    fn another_key_gives_other_fingerprints() {
        let text = "The source met the agent behind the depot.";
        let (a, b) = (Hasher::new(&key("a")).winnow(text), Hasher::new(&key("b")).winnow(text));
        assert!(
            !a.is_empty() && a.iter().all(|(hash, _)| b.iter().all(|(other, _)| other != hash))
        );
    }
}
