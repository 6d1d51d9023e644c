//! Looking for registered passages in the text of a document.

use super::{COMMON, Entry, Register, fingerprint::GRAM};
use std::ops::Range;

/// Letters between the first and the last kept gram of an unbroken copy, from which on it counts however long the
/// passage is: every copy of 42 letters (about eight words) is found.
const MIN_RUN: u32 = 36;
/// Share of a passage's grams that has to be found again where it was changed in many places.
const MIN_SHARE: f32 = 0.20;
/// Grams that have to be found again in that case.
const MIN_GRAMS: usize = 3;
/// Hits below which nothing is looked at: a run of `MIN_RUN` letters holds more.
const MIN_HITS: usize = 3;
/// Share of the passage over which they have to be spread: one common phrase is not a copy.
const MIN_SPREAD: f32 = 0.45;
/// Hits kept at a time: a document of many copies is judged stretch by stretch, so that memory stays bounded. The end
/// of a stretch is judged again with the next, so that a copy over the border is found whole.
const MAX_HITS: usize = 1 << 20;

/// A registered passage, or part of one, in a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Copied {
    /// Index of the passage in the register.
    pub passage: u32,
    /// Where it stands: bytes of `Document::text`.
    pub range: Range<usize>,
    /// Share of the passage's fingerprints found again, from 0 to 1.
    pub share: f32,
}

/// Finds the entries of a hash: a bitmap that rules out nearly all others, then buckets by the leading bits.
pub(super) struct Index {
    bitmap: Vec<u64>,
    starts: Vec<u32>,
    shift: u32,
}

impl Index {
    pub(super) fn new(entries: &[Entry]) -> Self {
        let bits = (entries.len().max(1) * 16).next_power_of_two().max(1 << 10);
        let buckets = entries.len().next_power_of_two().max(2);
        let shift = 64 - buckets.trailing_zeros();
        let mut index = Self { bitmap: vec![0; bits / 64], starts: vec![0; buckets + 1], shift };
        for entry in entries {
            let (word, bit) = index.bit(entry.hash);
            index.bitmap.get_mut(word).into_iter().for_each(|word| *word |= bit);
            let bucket = index.bucket(entry.hash);
            index.starts.get_mut(bucket + 1).into_iter().for_each(|count| *count += 1);
        }
        let mut sum = 0;
        for start in &mut index.starts {
            sum += *start;
            *start = sum;
        }
        index
    }

    fn bit(&self, hash: u64) -> (usize, u64) {
        #[expect(clippy::cast_possible_truncation, reason = "only the low bits are wanted")]
        let low = hash as usize;
        ((low / 64) & (self.bitmap.len() - 1), 1 << (low % 64))
    }

    fn bucket(&self, hash: u64) -> usize {
        usize::try_from(hash >> self.shift).unwrap_or_default()
    }

    fn find<'a>(&self, entries: &'a [Entry], hash: u64) -> &'a [Entry] {
        let (word, bit) = self.bit(hash);
        if self.bitmap.get(word).is_none_or(|word| word & bit == 0) {
            return &[];
        }
        let bucket = self.bucket(hash);
        let bound = |at: usize| self.starts.get(at).map_or(0, |&start| start as usize);
        let entries = entries.get(bound(bucket)..bound(bucket + 1)).unwrap_or_default();
        let first = entries.partition_point(|entry| entry.hash < hash);
        let count = entries.iter().skip(first).take_while(|entry| entry.hash == hash).count();
        entries.get(first..first + count).unwrap_or_default()
    }
}

/// A gram of a passage found in the text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    passage: u32,
    at: u32,
    position: u32,
    start: u32,
    last: u32,
    common: bool,
}

/// Every copy in the text, by place and passage.
pub(super) fn copies(register: &Register, text: &str) -> Vec<Copied> {
    in_stretches(register, text, MAX_HITS)
}

fn in_stretches(register: &Register, text: &str, most: usize) -> Vec<Copied> {
    let longest = register.passages.iter().map(|passage| passage.letters).max().unwrap_or_default();
    let (mut hits, mut found): (Vec<Hit>, Vec<Copied>) = (Vec::new(), Vec::new());
    let mut limit = most;
    register.hasher.each_gram(text, |gram| {
        for entry in register.index.find(&register.entries, gram.hash) {
            hits.push(Hit {
                passage: entry.passage,
                at: gram.position,
                position: u32::from(entry.position & !COMMON),
                start: gram.start,
                last: gram.last,
                common: entry.position & COMMON != 0,
            });
        }
        if hits.len() >= limit {
            judge(register, text, &mut hits, &mut found);
            hits.retain(|hit| gram.position - hit.at <= reach(longest));
            limit = hits.len() + most;
        }
    });
    judge(register, text, &mut hits, &mut found);
    found.sort_by_key(|copied| (copied.passage, copied.range.start));
    found.dedup_by(|next, kept| {
        let again = next.passage == kept.passage && next.range.start < kept.range.end;
        if again {
            kept.range.end = kept.range.end.max(next.range.end);
            kept.share = kept.share.max(next.share);
        }
        again
    });
    found.sort_by_key(|copied| (copied.range.start, copied.passage));
    found
}

/// Letters of text over which a copy of a passage of so many letters may spread.
fn reach(letters: u32) -> u32 {
    letters + letters / 2 + 30
}

/// Turns hits into copies.
fn judge(register: &Register, text: &str, hits: &mut [Hit], found: &mut Vec<Copied>) {
    hits.sort_unstable();
    for hits in hits.chunk_by(|a, b| a.passage == b.passage) {
        copies_of_passage(register, text, hits, found);
    }
}

fn copies_of_passage(register: &Register, text: &str, hits: &[Hit], found: &mut Vec<Copied>) {
    let Some(first) = hits.first() else { return };
    let Some(passage) = register.passages.get(first.passage as usize) else { return };
    let reach = reach(passage.letters);
    let mut rest = hits;
    while let Some(first) = rest.first() {
        let inside = rest.partition_point(|hit| hit.at - first.at <= reach);
        let window = rest.get(..inside).unwrap_or_default();
        let used = aligned_with(first, window, passage.letters);
        match accepted(&used, passage.letters, passage.grams) {
            Some(share) => {
                let end = used.iter().map(|hit| hit.last as usize).max().unwrap_or_default();
                let end = end
                    + text
                        .get(end..)
                        .and_then(|rest| rest.chars().next())
                        .map_or(0, char::len_utf8);
                let range = whole_words(text, first.start as usize..end);
                found.push(Copied { passage: first.passage, range, share });
                let last = used.last().map_or(first.at, |hit| hit.at);
                let taken = rest.partition_point(|hit| hit.at <= last);
                rest = rest.get(taken..).unwrap_or_default();
            }
            None => rest = rest.get(1..).unwrap_or_default(),
        }
    }
}

/// The hits that stand to the first one as they do in the passage, give or take what changed words can shift: what
/// the text happens to share with the passage further on is no part of the copy.
fn aligned_with(first: &Hit, window: &[Hit], letters: u32) -> Vec<Hit> {
    let diagonal = |hit: &Hit| i64::from(hit.at) - i64::from(hit.position);
    let drift = i64::from(12 + letters / 6);
    let near = |hit: &&Hit| (diagonal(hit) - diagonal(first)).abs() <= drift;
    // Most hits are alone: no need to set them apart.
    if window.iter().filter(near).nth(MIN_HITS - 1).is_none() {
        return Vec::new();
    }
    window.iter().filter(near).copied().collect()
}

/// Whether the hits, in order of their place in the text, amount to a copy; then its share of the passage's grams.
fn accepted(window: &[Hit], letters: u32, grams: u32) -> Option<f32> {
    let gram = u32::try_from(GRAM).unwrap_or_default();
    let mut positions: Vec<u32> = window.iter().map(|hit| hit.position).collect();
    positions.sort_unstable();
    positions.dedup();
    #[expect(clippy::cast_precision_loss, reason = "passages have fewer than 2^16 letters")]
    let ratio = |part: usize, whole: u32| part as f32 / whole.max(1) as f32;
    let share = ratio(positions.len(), grams);
    let spread = match (positions.first(), positions.last()) {
        (Some(first), Some(last)) => ratio((last - first + gram) as usize, letters),
        _ => 0.0,
    };
    let whole = share >= MIN_SHARE && positions.len() >= MIN_GRAMS && spread >= MIN_SPREAD;
    // A run of wording that stands unmarked in the originals is a turn of phrase.
    let uncommon: Vec<Hit> = window.iter().filter(|hit| !hit.common).copied().collect();
    let run = longest_run(&uncommon) + gram;
    let long_run = !uncommon.is_empty() && run >= MIN_RUN.min(letters);
    (whole || long_run).then_some(share)
}

/// Letters from the first to the last gram of the longest unbroken copy.
fn longest_run(window: &[Hit]) -> u32 {
    // Kept grams lie at most a window apart; a few may have been left out of the register as too common.
    const MAX_GAP: u32 = 12;
    let mut aligned: Vec<(i64, u32)> = window
        .iter()
        .map(|hit| (i64::from(hit.at) - i64::from(hit.position), hit.position))
        .collect();
    aligned.sort_unstable();
    let runs = aligned.chunk_by(|a, b| a.0 == b.0 && b.1 - a.1 <= MAX_GAP);
    runs.filter_map(|run| Some(run.last()?.1 - run.first()?.1)).max().unwrap_or_default()
}

/// Grams may begin and end inside words; what is pointed at are words.
fn whole_words(text: &str, range: Range<usize>) -> Range<usize> {
    let word = |c: &char| c.is_alphanumeric();
    let before = text.get(..range.start).unwrap_or_default();
    let after = text.get(range.end..).unwrap_or_default();
    let back: usize = before.chars().rev().take_while(word).map(char::len_utf8).sum();
    let forth: usize = after.chars().take_while(word).map(char::len_utf8).sum();
    range.start - back..range.end + forth
}

#[cfg(test)]
mod tests {
    use super::super::{Builder, Key};
    use super::*;

    #[test]
    fn a_copy_over_the_border_of_two_stretches_is_found_whole() {
        let secrets = [
            "The night clerk at the north depot told the agents that two officers sold blank badges.",
            "A porter saw the grey van leave through the side gate with four crates on Friday.",
        ];
        let mut builder = Builder::new(Key::new(b"a key for nothing but tests").unwrap());
        builder.record("roi.txt", [0; 32], &secrets);
        let register = builder.finish();
        let text = secrets.map(|secret| format!("He wrote: {secret} That was all. ")).concat();
        let whole = copies(&register, &text);
        assert_eq!(whole.len(), 2, "{whole:?}");
        for most in 1..60 {
            assert_eq!(in_stretches(&register, &text, most), whole, "{most} hits at a time");
        }
    }
}
