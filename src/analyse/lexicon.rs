//! All phrases of all rules, found in one pass over the words of a text.
//!
//! Not an automaton: what stands between the words of a phrase (line breaks, hyphens, indentation) would multiply its
//! states. Instead every word of the text is hashed from its last eight bytes and its length, a bit table says whether
//! any phrase begins so, and only then letters are compared. The number of phrases hardly matters.

mod walk;

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// The most characters between two words of a phrase, unless a rule says otherwise.
pub(crate) const DEFAULT_GAP: u32 = 24;
/// The most that a rule may say.
pub(crate) const MAX_GAP: u32 = 200;
/// The fewest letters before the `*` of an open word.
pub(crate) const MIN_STEM: usize = 4;

/// How letters compare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Letters {
    /// Upper and lower case alike.
    #[default]
    Any,
    /// As in the term.
    Exact,
    /// Capitals only.
    Upper,
    /// A capital first.
    Initial,
}

/// How a term is to be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Manner {
    /// Letters.
    pub(crate) letters: Letters,
    /// The most characters between two words.
    pub(crate) gap: u32,
    /// Whether `s` or `es` may follow.
    pub(crate) plural: bool,
}

impl Default for Manner {
    fn default() -> Self {
        Self { letters: Letters::Any, gap: DEFAULT_GAP, plural: false }
    }
}

/// A phrase, and who wants to know of it.
#[derive(Debug)]
struct Term {
    text: Box<str>,
    /// Where the first word begins in `text`.
    first: usize,
    manner: Manner,
    /// `(list, number in list)`
    postings: Vec<(u32, u32)>,
}

/// A phrase found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PhraseHit {
    /// The list it belongs to.
    pub(crate) list: u32,
    /// First byte.
    pub(crate) start: u32,
    /// One past the last byte.
    pub(crate) end: u32,
    /// Its number in the list.
    pub(crate) term: u32,
}

/// All phrases.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    terms: Vec<Term>,
    known: HashMap<(Box<str>, Manner), u32>,
    whole: Table,
    stems: Table,
    lists: u32,
}

/// From the key of a first word to the terms that begin so.
#[derive(Debug, Default)]
struct Table {
    bits: Vec<u64>,
    terms: HashMap<u64, Vec<u32>, BuildHasherDefault<Key>>,
}

/// The keys are hashes already.
#[derive(Default)]
struct Key(u64);

impl Hasher for Key {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 << 8) | u64::from(*byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

impl Table {
    fn insert(&mut self, key: u64, term: u32) {
        self.terms.entry(key).or_default().push(term);
    }

    /// Sixteen bits a key, a power of two of them in all.
    fn seal(&mut self) {
        let bits = (self.terms.len() * 16).next_power_of_two().clamp(1 << 12, 1 << 24);
        self.bits = vec![0; bits / 64];
        let keys: Vec<u64> = self.terms.keys().copied().collect();
        for key in keys {
            let (word, bit) = self.bit(key);
            if let Some(word) = self.bits.get_mut(word) {
                *word |= bit;
            }
        }
    }

    fn bit(&self, key: u64) -> (usize, u64) {
        let mask = (self.bits.len() * 64).wrapping_sub(1) as u64;
        let at = (key >> 20) & mask;
        ((at / 64) as usize, 1 << (at % 64))
    }

    fn get(&self, key: u64) -> Option<&[u32]> {
        let (word, bit) = self.bit(key);
        if self.bits.get(word)? & bit == 0 {
            return None;
        }
        self.terms.get(&key).map(Vec::as_slice)
    }
}

/// A word of the text being read.
#[derive(Clone, Copy, Default)]
struct Word {
    /// Its last eight bytes, in lower case.
    tail: u64,
    /// Its first four bytes, in lower case.
    head: u64,
    len: u32,
}

impl Word {
    #[inline]
    fn push(&mut self, lower: u8) {
        self.tail = (self.tail << 8) | u64::from(lower);
        self.len += 1;
        if self.len == 4 {
            self.head = self.tail;
        }
    }

    #[inline]
    fn key(&self) -> u64 {
        spread(self.tail ^ (u64::from(self.len) << 56))
    }

    #[inline]
    fn stem(&self) -> Option<u64> {
        (self.len >= 4).then(|| spread(self.head))
    }
}

#[inline]
fn spread(value: u64) -> u64 {
    let value = value.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    value ^ (value >> 29)
}

/// What a byte is: 0 for no part of a word, 0x80 for the beginning of a character beyond ASCII, else the letter in
/// lower case or the digit.
const KIND: [u8; 256] = {
    let mut kind = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "the loop ends at 255")]
        let b = byte as u8;
        kind[byte] = if b.is_ascii_alphanumeric() {
            b.to_ascii_lowercase()
        } else if b >= 0x80 {
            0x80
        } else {
            0
        };
        byte += 1;
    }
    kind
};

impl Lexicon {
    /// A new, empty list; terms are added by its number.
    pub(crate) fn list(&mut self) -> u32 {
        self.lists += 1;
        self.lists - 1
    }

    /// Adds a term to a list, under its number there. False where the term holds no letter or digit.
    pub(crate) fn insert(&mut self, list: u32, number: u32, text: &str, manner: Manner) -> bool {
        let text = text.trim();
        let Some(first) = text.find(char::is_alphanumeric) else { return false };
        let key = (Box::from(text), manner);
        if let Some(term) = self.known.get(&key).and_then(|&term| self.terms.get_mut(term as usize))
        {
            term.postings.push((list, number));
            return true;
        }
        let id = u32::try_from(self.terms.len()).unwrap_or(u32::MAX);
        self.index(text.get(first..).unwrap_or_default(), manner, id);
        self.known.insert(key, id);
        self.terms.push(Term {
            text: Box::from(text),
            first,
            manner,
            postings: vec![(list, number)],
        });
        true
    }

    fn index(&mut self, text: &str, manner: Manner, id: u32) {
        let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
        let (first, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        let word = word_of(first);
        if rest.starts_with('*') {
            if let Some(stem) = word.stem() {
                self.stems.insert(stem, id);
            }
            return;
        }
        self.whole.insert(word.key(), id);
        if manner.plural && rest.is_empty() {
            for ending in ["s", "es"] {
                self.whole.insert(word_of(&format!("{first}{ending}")).key(), id);
            }
        }
    }

    /// Call once after the last term.
    pub(crate) fn seal(&mut self) {
        self.known = HashMap::new();
        self.whole.seal();
        self.stems.seal();
    }

    /// Every phrase of `text`, whole words only, in order of their ends.
    pub(crate) fn find(&self, text: &str, hits: &mut Vec<PhraseHit>) {
        if self.terms.is_empty() {
            return;
        }
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            let kind = KIND[byte as usize];
            if kind == 0 {
                at += 1;
                continue;
            }
            let start = at;
            let mut word = Word::default();
            let mut kind = kind;
            loop {
                if kind == 0x80 {
                    match letter_len(text, at) {
                        Ok(len) => {
                            for byte in bytes.iter().skip(at).take(len) {
                                word.push(*byte);
                            }
                            at += len;
                        }
                        Err(len) => {
                            at += if word.len == 0 { len } else { 0 };
                            break;
                        }
                    }
                } else {
                    word.push(kind);
                    at += 1;
                }
                kind = bytes.get(at).map_or(0, |&byte| KIND[byte as usize]);
                if kind == 0 {
                    break;
                }
            }
            if word.len > 0 {
                self.look_up(text, start, &word, hits);
            }
        }
    }

    #[inline]
    fn look_up(&self, text: &str, start: usize, word: &Word, hits: &mut Vec<PhraseHit>) {
        if let Some(terms) = self.whole.get(word.key()) {
            self.compare(text, start, terms, hits);
        }
        if let Some(terms) = word.stem().and_then(|stem| self.stems.get(stem)) {
            self.compare(text, start, terms, hits);
        }
    }

    fn compare(&self, text: &str, start: usize, terms: &[u32], hits: &mut Vec<PhraseHit>) {
        for term in terms.iter().filter_map(|&term| self.terms.get(term as usize)) {
            let Some((start, end)) = term.at(text, start) else { continue };
            let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            hits.extend(term.postings.iter().map(|&(list, term)| PhraseHit {
                list,
                start: number(start),
                end: number(end),
                term,
            }));
        }
    }
}

/// The length of the letter or digit beyond ASCII at `at`; the length of the character where it is neither.
#[inline]
fn letter_len(text: &str, at: usize) -> Result<usize, usize> {
    match text.get(at..).and_then(|rest| rest.chars().next()) {
        Some(c) if c.is_alphanumeric() => Ok(c.len_utf8()),
        Some(c) => Err(c.len_utf8()),
        None => Err(1),
    }
}

fn word_of(text: &str) -> Word {
    let mut word = Word::default();
    for byte in text.bytes() {
        word.push(byte.to_ascii_lowercase());
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(term: &str, manner: Manner, text: &str) -> Vec<String> {
        let mut lexicon = Lexicon::default();
        let list = lexicon.list();
        assert!(lexicon.insert(list, 0, term, manner));
        lexicon.seal();
        let mut hits = Vec::new();
        lexicon.find(text, &mut hits);
        hits.iter()
            .map(|hit| text.get(hit.start as usize..hit.end as usize).unwrap().to_owned())
            .collect()
    }

    #[test]
    fn phrases_are_found_over_gaps_and_only_as_whole_words() {
        let any = Manner::default();
        let plural = Manner { plural: true, ..any };
        let upper = Manner { letters: Letters::Upper, ..any };
        let initial = Manner { letters: Letters::Initial, ..any };
        for (term, manner, text, expected) in [
            (
                "confidential source",
                any,
                "a Confidential\n    Source's van",
                vec!["Confidential\n    Source"],
            ),
            (
                "confidential source",
                any,
                "confidential sources; confidential-source",
                vec!["confidential-source"],
            ),
            ("confidential source", plural, "confidential sources", vec!["confidential sources"]),
            ("confidential source", any, "nonconfidential source", vec![]),
            ("ssn", any, "SSN:1 ssn# xssn ssns", vec!["SSN", "ssn"]),
            ("ssn", plural, "ssns", vec!["ssns"]),
            ("ss#", any, "SS# and SS # but ss", vec!["SS#", "SS #"]),
            (
                "soc. sec.",
                any,
                "Soc. Sec. / soc sec / Soc.Sec.",
                vec!["Soc. Sec.", "soc sec", "Soc.Sec."],
            ),
            (
                "18 U.S.C. 3521",
                any,
                "18 U.S.C. 3521, 18 U. S. C.\n3521, 18 U.S.C. 35210",
                vec!["18 U.S.C. 3521", "18 U. S. C.\n3521"],
            ),
            ("(b)(7)(C)", any, "x(b)(7)(C) (b) (7) (C) b7C", vec!["(b)(7)(C)", "(b) (7) (C)"]),
            ("driver's license", any, "Driver’s  License", vec!["Driver’s  License"]),
            (
                "adjudicat*",
                any,
                "adjudicative, adjudicated. adj",
                vec!["adjudicative", "adjudicated"],
            ),
            (
                "date of birth",
                any,
                "DATE_OF_BIRTH date-of-birth",
                vec!["DATE_OF_BIRTH", "date-of-birth"],
            ),
            ("top secret", upper, "TOP SECRET Top Secret", vec!["TOP SECRET"]),
            (
                "limited official use",
                initial,
                "Limited official use; limited official use",
                vec!["Limited official use"],
            ),
            ("señor", any, "el Señor y la señora", vec!["Señor"]),
        ] {
            assert_eq!(found(term, manner, text), expected, "{term:?} in {text:?}");
        }
    }

    #[test]
    fn a_gap_has_an_end() {
        let text = format!("case{}number", " ".repeat(25));
        assert!(found("case number", Manner::default(), &text).is_empty());
        let wide = Manner { gap: 30, ..Manner::default() };
        assert_eq!(found("case number", wide, &text).len(), 1);
    }
}
