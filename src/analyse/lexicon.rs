//! All phrases of all rules, found in one pass over the words of a text.
//!
//! Not an automaton: what stands between the words of a phrase (line breaks, hyphens, indentation) would multiply its
//! states. Instead every word of the text is hashed, and so is every pair of neighbours; a bit table says whether any
//! phrase begins so, and only then letters are compared. A phrase of several words is looked up by its first two, for
//! many begin with a word that stands in every sentence. The number of phrases hardly matters.

mod walk;
mod words;

use super::hash::HashedMap;
use std::collections::HashMap;
use words::{Key, Words};

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
    /// One word of ASCII letters and digits, alike in both cases: nothing but the word itself has to be compared.
    is_plain: bool,
    /// `(list, number in list)`
    postings: Vec<(u32, u32)>,
}

/// A phrase found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TermHit {
    /// First byte.
    pub(crate) start: u32,
    /// One past the last byte.
    pub(crate) end: u32,
    /// Which phrase.
    pub(crate) term: u32,
}

/// All phrases.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    terms: Vec<Term>,
    known: HashMap<(Box<str>, Manner), u32>,
    whole: Table,
    pairs: Table,
    stems: Table,
    lists: u32,
}

/// From the key of a first word, or of the first two, to the terms that begin so.
#[derive(Debug, Default)]
struct Table {
    bits: Vec<u64>,
    terms: HashedMap<u64, Vec<u32>>,
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

    #[inline]
    fn get(&self, key: u64) -> Option<&[u32]> {
        let (word, bit) = self.bit(key);
        if self.bits.get(word)? & bit == 0 {
            return None;
        }
        self.terms.get(&key).map(Vec::as_slice)
    }
}

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
            is_plain: manner.letters == Letters::Any
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            postings: vec![(list, number)],
        });
        true
    }

    /// Files a term under its first word, or, where these are plain, under its first two.
    fn index(&mut self, text: &str, manner: Manner, id: u32) {
        let (first, rest) = word_of(text);
        let key = key_of(first);
        if rest.starts_with('*') {
            if let Some(stem) = key.stem {
                self.stems.insert(stem, id);
            }
            return;
        }
        let (second, after) = word_of(rest.trim_start_matches(|c: char| !c.is_alphanumeric()));
        if second.is_empty() || after.starts_with('*') {
            for form in forms(first, manner.plural && rest.is_empty()) {
                self.whole.insert(key_of(&form).whole, id);
            }
        } else {
            for form in forms(second, manner.plural && after.is_empty()) {
                self.pairs.insert(key.before(key_of(&form)), id);
            }
        }
    }

    /// Call once after the last term.
    pub(crate) fn seal(&mut self) {
        self.known = HashMap::new();
        self.whole.seal();
        self.pairs.seal();
        self.stems.seal();
    }

    /// The number of lists.
    pub(crate) fn list_count(&self) -> usize {
        self.lists as usize
    }

    /// The number of phrases.
    pub(crate) fn term_count(&self) -> usize {
        self.terms.len()
    }

    /// The lists that a phrase belongs to, and its number in each.
    pub(crate) fn postings(&self, term: u32) -> &[(u32, u32)] {
        self.terms.get(term as usize).map(|term| term.postings.as_slice()).unwrap_or_default()
    }

    /// Every phrase of `text`, whole words only; one of a later passage never comes first.
    pub(crate) fn find(&self, text: &str, hits: &mut Vec<TermHit>) {
        if self.terms.is_empty() {
            return;
        }
        let bytes = text.as_bytes();
        let (mut before, mut last) = (Key::default(), 0);
        for (start, end) in Words::new(text) {
            let key = Key::new(bytes, start, end);
            if let Some(terms) = self.pairs.get(before.before(key)) {
                self.compare(text, last, terms, hits);
            }
            if let Some(terms) = self.whole.get(key.whole) {
                self.compare_words(text, (start, end), terms, hits);
            }
            if let Some(terms) = key.stem.and_then(|stem| self.stems.get(stem)) {
                self.compare(text, start, terms, hits);
            }
            (before, last) = (key, start);
        }
    }

    /// The same for terms that begin with a word whose key is known to fit.
    fn compare_words(
        &self,
        text: &str,
        (start, end): (usize, usize),
        terms: &[u32],
        hits: &mut Vec<TermHit>,
    ) {
        for id in terms {
            match self.terms.get(*id as usize) {
                Some(term) if term.is_plain => {
                    // A key tells words of up to eight bytes apart.
                    let word = text.as_bytes().get(start..end).unwrap_or_default();
                    if end - start <= 8 || term.is_word(word) {
                        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
                        hits.push(TermHit { start: number(start), end: number(end), term: *id });
                    }
                }
                _ => self.compare(text, start, std::slice::from_ref(id), hits),
            }
        }
    }

    fn compare(&self, text: &str, start: usize, terms: &[u32], hits: &mut Vec<TermHit>) {
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        for &id in terms {
            let Some(term) = self.terms.get(id as usize) else { continue };
            let Some((start, end)) = term.at(text, start) else { continue };
            hits.push(TermHit { start: number(start), end: number(end), term: id });
        }
    }
}

impl Term {
    /// Whether a word is this plain term, or its plural.
    fn is_word(&self, word: &[u8]) -> bool {
        let (own, rest) = word.split_at_checked(self.text.len()).unwrap_or((word, b""));
        let is_ending = rest.is_empty()
            || self.manner.plural
                && (rest.eq_ignore_ascii_case(b"s") || rest.eq_ignore_ascii_case(b"es"));
        is_ending && own.eq_ignore_ascii_case(self.text.as_bytes())
    }
}

/// The word that a text begins with, and what follows it.
fn word_of(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn key_of(word: &str) -> Key {
    Key::new(word.as_bytes(), 0, word.len())
}

/// A word, and where its plural will do, that.
fn forms(word: &str, plural: bool) -> Vec<String> {
    let endings: &[&str] = if plural { &["", "s", "es"] } else { &[""] };
    endings.iter().map(|ending| format!("{word}{ending}")).collect()
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
