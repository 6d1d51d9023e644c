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
    /// What each ASCII character adds: the hash of its folded letter, or 0 where it is none.
    ascii: [u64; 128],
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
        let letters: [u64; 128] = std::array::from_fn(|c| {
            key.word("register letter", u8::try_from(c).unwrap_or_default())
        });
        let ascii = std::array::from_fn(|at| {
            let byte = u8::try_from(at).unwrap_or_default();
            let folded = usize::from(byte.to_ascii_lowercase());
            if byte.is_ascii_alphanumeric() { letters.get(folded).copied().unwrap_or(0) } else { 0 }
        });
        let sip = |purpose| SipHasher13::new_with_keys(key.word(purpose, 0), key.word(purpose, 1));
        Self { letters, ascii, other: sip("register other letter"), finish: sip("register gram") }
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
                each(Gram { hash: self.finished(sum), position, start: first, last: start });
            }
        });
    }

    fn finished(&self, sum: u64) -> u64 {
        let mut hasher = self.finish;
        hasher.write_u64(sum);
        hasher.finish()
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

/// The grams of a text, read stretch by stretch: the same as [`Hasher::each_gram`] gives, but in loops that do one thing
/// each, since every letter of every document passes here.
pub(super) struct Stretch<'a> {
    hasher: &'a Hasher,
    text: &'a str,
    /// Bytes read so far.
    read: usize,
    /// What the letters read last add, `GRAM` of them from the stretch before.
    added: Vec<u64>,
    sum: u64,
    /// Letters forgotten: the number of the first letter in `starts`.
    base: u32,
    /// Where each letter begins.
    starts: Vec<u32>,
    /// Hash of the gram that begins with each letter, but for the last ones.
    hashes: Vec<u64>,
}

impl<'a> Stretch<'a> {
    pub(super) fn new(hasher: &'a Hasher, text: &'a str) -> Self {
        Self {
            hasher,
            text,
            read: 0,
            added: vec![0; GRAM],
            sum: 0,
            base: 0,
            starts: Vec::new(),
            hashes: Vec::new(),
        }
    }

    /// The number of the first gram kept.
    pub(super) fn base(&self) -> u32 {
        self.base
    }

    /// The hashes of the grams kept, in order.
    pub(super) fn hashes(&self) -> &[u64] {
        &self.hashes
    }

    /// The bytes where the first and the last letter of a kept gram begin.
    pub(super) fn place(&self, gram: usize) -> (u32, u32) {
        let start = |at: usize| self.starts.get(at).copied().unwrap_or_default();
        (start(gram), start(gram + GRAM - 1))
    }

    /// Reads about so many bytes more and gives the number, among the grams kept, of the first new one; nothing at the
    /// end of the text.
    pub(super) fn read_on(&mut self, bytes: usize) -> Option<usize> {
        let rest = self.text.get(self.read..).filter(|rest| !rest.is_empty())?;
        let end = (bytes.max(1)..rest.len()).find(|&at| rest.is_char_boundary(at));
        let piece = rest.get(..end.unwrap_or(rest.len())).unwrap_or(rest);
        self.push_letters(piece);
        self.read += piece.len();
        let first = self.hashes.len();
        let new = self.added.get(GRAM..).unwrap_or_default();
        let rotation = u32::try_from(GRAM).unwrap_or_default();
        for (new, old) in new.iter().zip(&self.added) {
            self.sum = self.sum.rotate_left(1) ^ new ^ old.rotate_left(rotation);
            self.hashes.push(self.sum);
        }
        // Grams that would begin before the text.
        let known = self.starts.len().saturating_sub(GRAM - 1);
        let short = self.hashes.len() - known;
        self.hashes.drain(first..first + short);
        let hasher = self.hasher;
        self.hashes.iter_mut().skip(first).for_each(|hash| *hash = hasher.finished(*hash));
        self.added.drain(..self.added.len() - GRAM);
        Some(first)
    }

    /// Forgets all but the last grams.
    pub(super) fn forget(&mut self, keep: usize) {
        let forgotten = self.hashes.len().saturating_sub(keep);
        self.hashes.drain(..forgotten);
        self.starts.drain(..forgotten);
        self.base += u32::try_from(forgotten).unwrap_or_default();
    }

    fn push_letters(&mut self, piece: &str) {
        let (mut rest, mut offset) = (piece, u32::try_from(self.read).unwrap_or(u32::MAX));
        while !rest.is_empty() {
            let ascii = rest.bytes().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
            let (run, other) = rest.split_at_checked(ascii).unwrap_or((rest, ""));
            self.push_ascii(run.as_bytes(), offset);
            offset = offset.saturating_add(u32::try_from(ascii).unwrap_or(u32::MAX));
            let Some(c) = other.chars().next() else { return };
            let (folded, after) = other.split_at_checked(c.len_utf8()).unwrap_or((other, ""));
            each_letter(folded, |letter, _| {
                self.added.push(self.hasher.letter(letter));
                self.starts.push(offset);
            });
            offset = offset.saturating_add(u32::try_from(folded.len()).unwrap_or(u32::MAX));
            rest = after;
        }
    }

    fn push_ascii(&mut self, run: &[u8], offset: u32) {
        let (first, starts) = (self.added.len(), self.starts.len());
        self.added.resize(first + run.len(), 0);
        self.starts.resize(starts + run.len(), 0);
        let mut count = 0;
        let added = self.added.get_mut(first..).unwrap_or_default();
        let places = self.starts.get_mut(starts..).unwrap_or_default();
        // Every character is written, and the next one over it if it is no letter: a branch would be guessed wrong at
        // every word's end.
        for (&byte, at) in run.iter().zip(offset..) {
            let adds = self.hasher.ascii.get(usize::from(byte)).copied().unwrap_or(0);
            if let (Some(add), Some(place)) = (added.get_mut(count), places.get_mut(count)) {
                (*add, *place) = (adds, at);
            }
            count += usize::from(adds != 0);
        }
        self.added.truncate(first + count);
        self.starts.truncate(starts + count);
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
    fn grams_read_in_stretches_are_the_same() {
        let hasher = Hasher::new(&key("a"));
        let text =
            "Den 3. März traf die Quelle № 7 den Agenten am Hafen;\nсекрет, ça va… ﬁnally THE END.";
        let mut whole = Vec::new();
        hasher.each_gram(text, |gram| whole.push((gram.hash, (gram.start, gram.last))));
        for bytes in 1..90 {
            let (mut stretch, mut pieces) = (Stretch::new(&hasher, text), Vec::new());
            while let Some(first) = stretch.read_on(bytes) {
                let new = stretch.hashes().iter().enumerate().skip(first);
                pieces.extend(new.map(|(gram, &hash)| (hash, stretch.place(gram))));
                stretch.forget(bytes % 7);
            }
            assert_eq!(pieces, whole, "{bytes} bytes at a time");
        }
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
