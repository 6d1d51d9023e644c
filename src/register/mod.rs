//! The register of exempt passages: what OPR marked in its originals, kept so that nothing of it can be read.
//!
//! A deleted "(E)" cannot be seen in the packet. The register remembers, under a key, how many passages of each record
//! were marked and how they look, letter by letter, through keyed fingerprints. [`Register::copies`] finds a registered
//! passage, or a part of it, in any document whatever its layout.

mod file;
mod fingerprint;
mod letters;
mod matching;
#[cfg(test)]
mod recall;
mod runs;
mod seeds;

pub use file::RegisterError;
pub use fingerprint::Key;
pub(crate) use letters::each_letter;
pub use matching::Copied;

use crate::model::Document;
use fingerprint::Hasher;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Passages with fewer letters are counted and digested, but too short to be told from ordinary speech.
const MIN_LETTERS: usize = 24;
/// Set in the position of a gram that stands in unmarked text of the originals, too, and was kept nevertheless.
const COMMON: u16 = 1 << 15;
/// A gram that stands in more registered passages than this identifies none of them.
const MAX_OWNERS: usize = 32;

/// A record whose marked passages are registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its file name when it was registered.
    pub name: String,
    /// SHA-256 of its bytes when it was registered.
    pub digest: [u8; 32],
    /// How many passages were marked in it.
    pub marked: u32,
}

/// A registered passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Index of its record.
    pub record: u32,
    /// Its number among the marks of its record, from 1, in reading order.
    pub number: u32,
    /// HMAC-SHA-256 of its letters.
    pub digest: [u8; 32],
    letters: u32,
    grams: u32,
}

/// One winnowed gram of one passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    hash: u64,
    passage: u32,
    position: u16,
}

impl Entry {
    /// Number of its first letter in the passage.
    fn place(&self) -> u16 {
        self.position & !COMMON
    }
}

/// Registered passages, ready to be looked for. Shared by all threads.
pub struct Register {
    records: Vec<Record>,
    passages: Vec<Passage>,
    grams: seeds::Grams,
    hasher: Hasher,
    key: Key,
}

impl std::fmt::Debug for Register {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Register")
            .field("records", &self.records.len())
            .field("passages", &self.passages.len())
            .finish_non_exhaustive()
    }
}

impl Register {
    /// The registered records, in the order in which they were registered.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The registered passages, by record and number.
    pub fn passages(&self) -> &[Passage] {
        &self.passages
    }

    /// The keyed digest of a passage's letters, as the register and the manifest hold it.
    pub fn digest(key: &Key, passage: &str) -> [u8; 32] {
        key.digest("passage", letters::letters(passage).as_bytes())
    }

    /// Every registered passage, or part of one, that stands in the document.
    pub fn copies(&self, document: &Document) -> Vec<Copied> {
        matching::copies(self, document.text())
    }

    /// A register of entries that are sorted.
    fn new(records: Vec<Record>, passages: Vec<Passage>, entries: Vec<Entry>, key: Key) -> Self {
        let grams = seeds::Grams::new(passages.len(), &entries);
        let hasher = Hasher::new(&key);
        Self { records, passages, grams, hasher, key }
    }
}

/// Makes a register in two rounds over the marked originals: first the passages, then the text around them, whose
/// wording is no sign of a leak.
pub struct Builder {
    records: Vec<Record>,
    passages: Vec<Passage>,
    entries: Vec<Entry>,
    /// How often the grams of the registered passages stand in unmarked text.
    in_clear: BTreeMap<u64, bool>,
    hasher: Hasher,
    key: Key,
}

impl Builder {
    /// An empty register under a key.
    pub fn new(key: Key) -> Self {
        let hasher = Hasher::new(&key);
        let (records, passages, entries) = (Vec::new(), Vec::new(), Vec::new());
        Self { records, passages, entries, in_clear: BTreeMap::new(), hasher, key }
    }

    /// First round: a record and the texts of its marked passages, in reading order, without their marks.
    pub fn record(&mut self, name: &str, digest: [u8; 32], marked: &[&str]) {
        let record = index(self.records.len());
        self.records.push(Record { name: name.to_owned(), digest, marked: index(marked.len()) });
        for (number, text) in marked.iter().enumerate() {
            let letters = letters::letters(text).chars().count();
            let mut kept =
                if letters < MIN_LETTERS { Vec::new() } else { self.hasher.winnow(text) };
            kept.retain(|&(_, position)| position < u32::from(COMMON));
            let passage = index(self.passages.len());
            self.passages.push(Passage {
                record,
                number: index(number + 1),
                digest: Register::digest(&self.key, text),
                letters: index(letters),
                grams: index(kept.len()),
            });
            let entry = |(hash, position)| Entry {
                hash,
                passage,
                position: u16::try_from(position).unwrap_or(u16::MAX),
            };
            self.entries.extend(kept.into_iter().map(entry));
        }
    }

    /// Second round: a marked original again, with the bytes of its marked passages in `Document::text`.
    pub fn clear_text(&mut self, document: &Document, marked: &[Range<usize>]) {
        if self.in_clear.is_empty() {
            self.in_clear = self.entries.iter().map(|entry| (entry.hash, false)).collect();
        }
        let in_clear = &mut self.in_clear;
        self.hasher.each_gram(document.text(), |gram| {
            if let Some(seen) = in_clear.get_mut(&gram.hash) {
                let (start, last) = (gram.start as usize, gram.last as usize);
                *seen |=
                    !marked.iter().any(|range| range.contains(&start) || range.contains(&last));
            }
        });
    }

    /// The finished register.
    pub fn finish(mut self) -> Register {
        self.entries.sort_unstable();
        let too_common = self.too_common();
        let in_clear = |hash: &u64| {
            self.in_clear.get(hash).copied().unwrap_or(false) || too_common.contains(hash)
        };
        let mut left = vec![0_u32; self.passages.len()];
        for entry in self.entries.iter().filter(|entry| !in_clear(&entry.hash)) {
            left.get_mut(entry.passage as usize).into_iter().for_each(|count| *count += 1);
        }
        // A passage that stands unmarked in the originals too keeps its grams: losing them would blind the register.
        let keeps_all = |passage: u32| {
            let all = self.passages.get(passage as usize).map_or(0, |passage| passage.grams);
            4 * left.get(passage as usize).copied().unwrap_or_default() < 3 * all
        };
        self.entries.retain(|entry| !in_clear(&entry.hash) || keeps_all(entry.passage));
        for entry in self.entries.iter_mut().filter(|entry| in_clear(&entry.hash)) {
            entry.position |= COMMON;
        }
        let mut grams = vec![0_u32; self.passages.len()];
        for entry in &self.entries {
            grams.get_mut(entry.passage as usize).into_iter().for_each(|count| *count += 1);
        }
        self.passages.iter_mut().zip(grams).for_each(|(passage, grams)| passage.grams = grams);
        Register::new(self.records, self.passages, self.entries, self.key)
    }

    fn too_common(&self) -> BTreeSet<u64> {
        let groups = self.entries.chunk_by(|a, b| a.hash == b.hash);
        groups
            .filter(|group| group.len() > MAX_OWNERS)
            .filter_map(|group| Some(group.first()?.hash))
            .collect()
    }
}

fn index(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DocumentBuilder, PassageSpec};

    const SECRET: &str = "The night clerk at the north depot told the agents that two officers sold blank badges to the \
                          drivers for cash every other Thursday.";

    fn key() -> Key {
        Key::new(b"0123456789abcdef0123456789abcdef").unwrap()
    }

    fn document(paragraphs: &[&str]) -> Document {
        let mut builder = DocumentBuilder::new();
        for text in paragraphs {
            builder.begin(PassageSpec::default());
            builder.push_unanchored(text);
        }
        builder.finish()
    }

    fn register(secrets: &[&str], around: &str) -> Register {
        let mut builder = Builder::new(key());
        builder.record("roi.pdf", [7; 32], secrets);
        builder.clear_text(&document(&[around]), &[]);
        builder.finish()
    }

    #[test]
    fn a_copy_is_found_whatever_its_layout_and_with_a_few_errors() {
        let register = register(&[SECRET], "The inquiry was opened in May.");
        let wrapped = SECRET.replace("badges", "bad-\nges").replace(' ', "\n ");
        let noisy = SECRET
            .replace("depot", "dep0t")
            .replace("officers", "0fficers")
            .replace("cash", "money");
        for copy in [SECRET, wrapped.as_str(), noisy.as_str()] {
            let document = document(&["Some words before.", copy, "Some words after."]);
            let found = register.copies(&document);
            assert_eq!(found.len(), 1, "{copy}: {found:?}");
            let text = document.text().get(found[0].range.clone()).unwrap();
            assert!(text.starts_with("The") && text.ends_with("Thursday"), "{text}");
        }
    }

    #[test]
    fn a_part_of_a_passage_is_found_and_ordinary_wording_is_not() {
        let register =
            register(&[SECRET], "It was alleged that two officers sold property of the office.");
        let part = document(&[
            "He said that officers sold blank badges to the drivers for cash, as we know.",
        ]);
        assert_eq!(register.copies(&part).len(), 1);
        let other = document(&[
            "The agents told the night clerk that two officers sold property to the drivers.",
        ]);
        assert!(register.copies(&other).is_empty());
    }

    #[test]
    fn the_register_holds_no_word_of_its_sources_and_needs_its_key() {
        let bytes = register(&[SECRET], "The inquiry was opened in May.").to_bytes();
        let folded = String::from_utf8_lossy(&bytes).to_lowercase();
        for word in SECRET
            .to_lowercase()
            .split_whitespace()
            .filter(|word| word.len() > 3)
            .chain(["roi.pdf"])
        {
            assert!(!folded.contains(word), "{word}");
        }
        let read = Register::from_bytes(&bytes, &key()).unwrap();
        assert_eq!((read.records()[0].name.as_str(), read.passages().len()), ("roi.pdf", 1));
        assert_eq!(read.copies(&document(&[SECRET])).len(), 1);
        let other = Key::new(b"another key of sixteen bytes").unwrap();
        assert!(matches!(Register::from_bytes(&bytes, &other), Err(RegisterError::OtherKey)));
        for cut in [0, 10, 60, bytes.len() - 1] {
            assert!(Register::from_bytes(&bytes[..cut], &key()).is_err(), "cut at {cut}");
        }
    }
}
