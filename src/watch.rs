//! Watch lists: protected names and numbers, kept as keyed hashes and looked for in every document.
//!
//! A list holds a hash for each way in which a name is written: first name first, last name first, without the middle
//! names. The hash is SipHash-2-4 with 128 bits under a key derived from the caller's, so that the list tells nothing
//! to whoever lacks the key, not even to one who guesses.

mod words;

use crate::model::Document;
use crate::register::Key;
use siphasher::sip128::{Hasher128 as _, SipHasher24};
use std::collections::HashSet;
use std::hash::Hasher as _;
use std::ops::Range;
use words::{Word, joins_name, joins_number, words};

const SCHEMA: &[u8] = b"obstat-watchlist/1\n";
/// The most words of a name or groups of a number.
const MAX_WORDS: usize = 8;
/// A passage with no more words than this may hold half a name: a cell, or an element of its own.
const MAX_SHORT: usize = 4;

/// Why a watch list cannot be made or used.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum WatchError {
    /// The caller's fault: the file is something else, or was cut or changed.
    #[error("this is not a watch list, or it is damaged")]
    #[diagnostic(code(obstat::watchlist::damaged), help("Make one with `obstat watchlist build`."))]
    Damaged,
    /// The caller's fault: the right file, another key.
    #[error("the watch list was made with another key")]
    #[diagnostic(
        code(obstat::watchlist::other_key),
        help("Give the key that the list was built with, or build it anew.")
    )]
    OtherKey,
    /// The caller's fault: a line that names nothing that could be looked for.
    #[error("line {line} of the names is no name or number of at most {MAX_WORDS} words")]
    #[diagnostic(
        code(obstat::watchlist::name),
        help("Write one name or number a line; a line that begins with `#` is a comment.")
    )]
    Name {
        /// From 1.
        line: usize,
    },
    /// The caller's fault: no names at all.
    #[error("there is no name in it")]
    #[diagnostic(code(obstat::watchlist::empty), help("Write one name or number a line."))]
    Empty,
}

/// Protected names and numbers, ready to be looked for.
pub struct WatchList {
    /// Of whole names and numbers.
    hashes: HashSet<u128>,
    /// Of the words that names begin with: most words of a document begin none.
    firsts: HashSet<u64>,
    hasher: SipHasher24,
    key: Key,
}

impl std::fmt::Debug for WatchList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WatchList").field("hashes", &self.hashes.len()).finish_non_exhaustive()
    }
}

impl WatchList {
    /// A list of names and numbers, one a line. `Roe, John` and `John Roe` are the same name.
    pub fn build(names: &str, key: Key) -> Result<Self, WatchError> {
        let mut list = Self::empty(key);
        for (line, number) in names.lines().zip(1..) {
            let line = line.trim();
            if !line.is_empty() && !line.starts_with('#') {
                list.add(line, number)?;
            }
        }
        if list.hashes.is_empty() { Err(WatchError::Empty) } else { Ok(list) }
    }

    fn empty(key: Key) -> Self {
        let secret = key.digest("watch list", b"");
        let word = |from: usize| {
            let bytes: [u8; 8] =
                std::array::from_fn(|at| secret.get(from + at).copied().unwrap_or_default());
            u64::from_le_bytes(bytes)
        };
        let hasher = SipHasher24::new_with_keys(word(0), word(8));
        Self { hashes: HashSet::new(), firsts: HashSet::new(), hasher, key }
    }

    fn add(&mut self, name: &str, line: usize) -> Result<(), WatchError> {
        // In `Roe, John Q.` the last name stands first.
        let turned = name.split_once(',').map(|(last, first)| format!("{first} {last}"));
        let name = turned.as_deref().unwrap_or(name);
        let parts: Vec<String> = words(name, 0).into_iter().map(|word| word.letters).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        if parts.is_empty() || parts.len() > MAX_WORDS {
            return Err(WatchError::Name { line });
        }
        if parts.iter().any(|part| is_number(part)) {
            let whole = self.hash("number", &parts.concat());
            self.hashes.insert(whole);
            return Ok(());
        }
        let (Some((last, given)), Some(first)) = (parts.split_last(), parts.first()) else {
            return Err(WatchError::Name { line });
        };
        let turned = [&[*last], given].concat();
        for order in [&parts, &turned, &vec![*first, *last], &vec![*last, *first]] {
            let order: &[&str] = if parts.len() == 1 { &parts } else { order };
            let (whole, first) = (self.hash("name", &order.join(" ")), order.first());
            let first = self.first(first.copied().unwrap_or_default());
            self.hashes.insert(whole);
            self.firsts.insert(first);
        }
        Ok(())
    }

    fn hash(&self, kind: &str, letters: &str) -> u128 {
        let mut hasher = self.hasher;
        hasher.write(kind.as_bytes());
        hasher.write_u8(0);
        hasher.write(letters.as_bytes());
        hasher.finish128().as_u128()
    }

    fn first(&self, word: &str) -> u64 {
        let [low, ..] = [self.hash("first", word)];
        #[expect(clippy::cast_possible_truncation, reason = "half of the hash is enough here")]
        let half = low as u64;
        half
    }

    /// Where names and numbers of the list stand in a document: bytes of `Document::text`, in order.
    pub fn find(&self, document: &Document) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut before: Vec<Word> = Vec::new();
        for passage in document.passages() {
            let own = words(passage.text(), passage.range().start);
            // First and last name, or the groups of a number, may stand in cells or elements of their own.
            if own.len() > MAX_SHORT {
                self.find_in(document.text(), &own, &mut found);
                before.clear();
                continue;
            }
            before.extend(own);
            self.find_in(document.text(), &before, &mut found);
            before.drain(..before.len().saturating_sub(MAX_WORDS));
        }
        // What was found before the last cell was read may have become longer.
        found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
        found.dedup_by_key(|range| range.start);
        found
    }

    fn find_in(&self, text: &str, words: &[Word], found: &mut Vec<Range<usize>>) {
        for (at, word) in words.iter().enumerate() {
            let rest = words.get(at..).unwrap_or_default();
            let end = if self.firsts.contains(&self.first(&word.letters)) {
                self.name(text, rest)
            } else {
                None
            };
            if let Some(end) = end.or_else(|| self.number(text, rest)) {
                found.push(word.range.start..end);
            }
        }
    }

    /// The end of the longest name that begins with the first of these words.
    fn name(&self, text: &str, words: &[Word]) -> Option<usize> {
        let (mut full, mut without_initials) = (String::new(), String::new());
        let (mut end, mut before): (Option<usize>, Option<&Word>) = (None, None);
        for word in words.iter().take(MAX_WORDS) {
            if before.is_some_and(|before| !joins_name(text, before, word)) {
                break;
            }
            append(&mut full, &word.letters);
            if before.is_none() || word.letters.chars().count() > 1 {
                append(&mut without_initials, &word.letters);
            }
            let known = |name: &str| self.hashes.contains(&self.hash("name", name));
            if known(&full) || known(&without_initials) {
                end = Some(word.range.end);
            }
            before = Some(word);
        }
        end
    }

    /// The end of the longest number that begins with the first of these words.
    fn number(&self, text: &str, words: &[Word]) -> Option<usize> {
        let (mut digits, mut end, mut before) = (String::new(), None, None::<&Word>);
        for (word, count) in words.iter().take(MAX_WORDS).zip(0..) {
            let follows = before.is_none_or(|before| joins_number(text, before, word));
            // Letters may lead: `A 012 345 678`.
            let fits = is_number(&word.letters) || (count == 0 && word.letters.len() <= 3);
            if !follows || !fits {
                break;
            }
            digits.push_str(&word.letters);
            if is_number(&word.letters) && self.hashes.contains(&self.hash("number", &digits)) {
                end = Some(word.range.end);
            }
            before = Some(word);
        }
        end
    }

    /// The list as a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut hashes: Vec<u128> = self.hashes.iter().copied().collect();
        let mut firsts: Vec<u64> = self.firsts.iter().copied().collect();
        hashes.sort_unstable();
        firsts.sort_unstable();
        let mut out = [SCHEMA, &self.key.digest("watch list check", b"")].concat();
        out.extend((hashes.len() as u64).to_le_bytes());
        out.extend(hashes.iter().flat_map(|hash| hash.to_le_bytes()));
        out.extend(firsts.iter().flat_map(|hash| hash.to_le_bytes()));
        out.extend(self.key.digest("watch list file", &out));
        out
    }

    /// Reads a list's file with the key that it was made with.
    pub fn from_bytes(bytes: &[u8], key: Key) -> Result<Self, WatchError> {
        let rest = bytes.strip_prefix(SCHEMA).ok_or(WatchError::Damaged)?;
        let (check, rest) = rest.split_first_chunk::<32>().ok_or(WatchError::Damaged)?;
        if *check != key.digest("watch list check", b"") {
            return Err(WatchError::OtherKey);
        }
        let (rest, seal) = rest.split_last_chunk::<32>().ok_or(WatchError::Damaged)?;
        let body = bytes.len().checked_sub(32).and_then(|end| bytes.get(..end));
        if body.is_none_or(|body| key.digest("watch list file", body) != *seal) {
            return Err(WatchError::Damaged);
        }
        let (count, rest) = rest.split_first_chunk::<8>().ok_or(WatchError::Damaged)?;
        let count = usize::try_from(u64::from_le_bytes(*count)).ok();
        let middle = count.and_then(|count| count.checked_mul(16)).ok_or(WatchError::Damaged)?;
        let (hashes, firsts) = rest.split_at_checked(middle).ok_or(WatchError::Damaged)?;
        let mut list = Self::empty(key);
        list.hashes.extend(hashes.as_chunks::<16>().0.iter().map(|one| u128::from_le_bytes(*one)));
        list.firsts.extend(firsts.as_chunks::<8>().0.iter().map(|one| u64::from_le_bytes(*one)));
        Ok(list)
    }
}

fn append(name: &mut String, word: &str) {
    if !name.is_empty() {
        name.push(' ');
    }
    name.push_str(word);
}

fn is_number(word: &str) -> bool {
    word.chars().any(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DocumentBuilder, PassageSpec};

    const NAMES: &str = "# protected\nJolanda Quist Peralta\nMÜLLER, Änne\nO'Brien, Sean\nKestrel\n\
                         000-12-3456\nA012 345 678\n";

    fn key(seed: &str) -> Key {
        Key::new(format!("{seed}-0123456789abcdef").as_bytes()).unwrap()
    }

    fn found(paragraphs: &[&str]) -> Vec<String> {
        let mut builder = DocumentBuilder::new();
        for text in paragraphs {
            builder.begin(PassageSpec::default());
            builder.push_unanchored(text);
        }
        let document = builder.finish();
        let list = WatchList::build(NAMES, key("a")).unwrap();
        let ranges = list.find(&document);
        ranges.into_iter().map(|range| document.text().get(range).unwrap().to_owned()).collect()
    }

    #[test]
    fn a_name_is_found_in_either_order_whatever_its_case_accents_and_breaks() {
        let cases = [
            "He saw Jolanda Peralta there.",
            "He saw JOLANDA Q. PERALTA there.",
            "PERALTA, Jolanda Quist",
            "Peralta Jolanda",
            "jolanda\nperalta",
            "Jolan-\nda Peralta",
            "Anne Muller was there.",
            "Mu\u{308}ller, A\u{308}nne",
            "Seán O’Brien",
            "OBRIEN SEAN",
            "the Kestrel file",
            "SSN 000123456.",
            "000 12 3456",
            "A-012-345-678",
            "A012345678",
        ];
        for case in cases {
            assert_eq!(found(&[case]).len(), 1, "{case}: {:?}", found(&[case]));
        }
    }

    #[test]
    fn a_name_or_number_split_over_neighbouring_cells_is_found_once() {
        let cases: [&[&str]; 9] = [
            &["Jolanda", "Peralta"],
            &["PERALTA", "Jolanda", "Quist"],
            &["Peralta", "Jolanda"],
            &["PERALTA", "Jolanda Quist"],
            &["Name", "Jolanda", "Quist", "Peralta", "Unit 4"],
            &["Case 7 of the year", "Peralta", "", "Jolanda", "open"],
            &["Müller,", "Änne", "closed"],
            &["000", "12", "3456"],
            &["Kestrel", "Jolanda"],
        ];
        for case in cases {
            assert_eq!(found(case).len(), 1, "{case:?}: {:?}", found(case));
        }
        let others: [&[&str]; 4] = [
            &["Jolanda", "Unit 4", "Peralta"],
            &["Jolanda", "The Peralta case was closed in the spring."],
            &["He left with Jolanda that night", "Peralta"],
            &["1000", "12", "3456"],
        ];
        for other in others {
            assert!(found(other).is_empty(), "{other:?}: {:?}", found(other));
        }
    }

    #[test]
    fn a_part_of_a_name_or_another_name_is_not_found() {
        let cases = [
            "Jolanda left.",
            "The Peralta case and Jolanda.",
            "He met Jolanda. Peralta had gone.",
            "000-12-34567 and 1000-12-3456",
            "Anne Miller, Sean Bryan",
            "kestrels",
        ];
        for case in cases {
            assert!(found(&[case]).is_empty(), "{case}: {:?}", found(&[case]));
        }
    }

    #[test]
    fn the_file_holds_no_name_and_needs_its_key() {
        let list = WatchList::build(NAMES, key("a")).unwrap();
        let bytes = list.to_bytes();
        let folded = String::from_utf8_lossy(&bytes).to_lowercase();
        assert!(
            ["jolanda", "peralta", "kestrel", "000123456"].iter().all(|it| !folded.contains(it))
        );
        assert_ne!(bytes, WatchList::build(NAMES, key("b")).unwrap().to_bytes());
        assert_eq!(WatchList::from_bytes(&bytes, key("a")).unwrap().hashes, list.hashes);
        assert!(matches!(WatchList::from_bytes(&bytes, key("b")), Err(WatchError::OtherKey)));
        for cut in [0, 10, 60, bytes.len() - 1] {
            assert!(WatchList::from_bytes(&bytes[..cut], key("a")).is_err(), "cut at {cut}");
        }
        assert!(matches!(WatchList::build("x\n--\n", key("a")), Err(WatchError::Name { line: 2 })));
        assert!(matches!(WatchList::build("\n# x\n", key("a")), Err(WatchError::Empty)));
    }
}
