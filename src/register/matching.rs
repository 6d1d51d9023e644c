//! Looking for registered passages in the text of a document.

use super::fingerprint::{GRAM, Stretch};
use super::{COMMON, Register, runs, seeds::Seeds};
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
/// Bytes of text looked at at a time, so that memory stays bounded. The end of a stretch is judged again with the next,
/// so that a copy over the border is found whole.
const STRETCH: usize = 1 << 15;
/// Letters that two seeds of one passage cover together, from which on they call for a closer look; less in short ones.
const MIN_COVERED: u32 = 12;
/// Words of the bitmap of one passage's grams.
const BITS: usize = 32;
/// Sightings of a passage after each that are tried as its partner.
const MAX_PARTNERS: usize = 16;

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

/// A gram of a passage found in the text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    at: u32,
    position: u32,
    start: u32,
    last: u32,
    common: bool,
}

/// Every copy in the text, by place and passage.
pub(super) fn copies(register: &Register, text: &str) -> Vec<Copied> {
    in_stretches(register, text, STRETCH)
}

fn in_stretches(register: &Register, text: &str, bytes: usize) -> Vec<Copied> {
    let longest = register.passages.iter().map(|passage| passage.letters).max().unwrap_or_default();
    let keep = reach(longest);
    let (mut sightings, mut found): (Vec<Sighting>, Vec<Copied>) = (Vec::new(), Vec::new());
    let (mut stretch, mut reader) = (Stretch::new(&register.hasher, text), runs::Reader::default());
    while let Some(first) = stretch.read_on(bytes) {
        let new = stretch.hashes().get(first..).unwrap_or_default();
        look_up(&register.grams.seeds, new, first, &mut sightings);
        look_up_runs(register, &stretch, first, &mut reader, &mut sightings);
        sightings.sort_unstable();
        for sightings in sightings.chunk_by(|a, b| a.passage() == b.passage()) {
            look_closer(register, text, &stretch, sightings, &mut found);
        }
        let all = stretch.hashes().len();
        stretch.forget(keep as usize);
        let forgotten = all - stretch.hashes().len();
        sightings.retain_mut(|sighting| sighting.shift(forgotten));
    }
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

/// Letters of text over which a copy of a passage of so many letters may spread. Grams beyond `COMMON` letters are not
/// registered.
fn reach(letters: u32) -> u32 {
    let letters = letters.min(u32::from(COMMON) + 10);
    letters + letters / 2 + 30
}

/// A seed seen in the text: 29 bits of its passage, 20 of its place in the stretch, 15 of its place in the passage, so
/// that sorting, where the time goes, is of plain numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Sighting(u64);

impl Sighting {
    fn new(passage: u32, at: u32, position: u16) -> Self {
        Self(
            u64::from(passage) << 35
                | u64::from(at & 0xf_ffff) << 15
                | u64::from(position & 0x7fff),
        )
    }

    fn passage(self) -> u32 {
        u32::try_from(self.0 >> 35).unwrap_or_default()
    }

    fn at(self) -> u32 {
        u32::try_from(self.0 >> 15 & 0xf_ffff).unwrap_or_default()
    }

    fn position(self) -> u32 {
        u32::try_from(self.0 & 0x7fff).unwrap_or_default()
    }

    /// Moves on to the next stretch, if it stands there.
    fn shift(&mut self, letters: usize) -> bool {
        let at = (self.at() as usize).checked_sub(letters).and_then(|at| u32::try_from(at).ok());
        let position = u16::try_from(self.position()).unwrap_or_default();
        let Some(at) = at else { return false };
        *self = Self::new(self.passage(), at, position);
        true
    }
}

/// Looks hashes up. The place of a sighting is the number of its hash, counted from `first`.
fn look_up(seeds: &Seeds, hashes: &[u64], first: usize, sightings: &mut Vec<Sighting>) {
    let mut seen: Vec<u32> = vec![0; hashes.len()];
    let mut count = 0;
    for (hash, at) in hashes.iter().zip(0_u32..) {
        seen.get_mut(count).into_iter().for_each(|slot| *slot = at);
        count += usize::from(seeds.may_hold(*hash));
    }
    seen.truncate(count);
    // Each of these loops waits for memory at many places at once; a single one would wait at each in turn.
    let hash = |at: u32| hashes.get(at as usize).copied().unwrap_or_default();
    let bounds: Vec<(u32, u32)> = seen.iter().map(|&at| seeds.bounds(hash(at))).collect();
    let touched = bounds.iter().fold(0, |sum, bounds| sum ^ seeds.at(bounds.0).place().0);
    std::hint::black_box(touched);
    // Written before it is known whether it counts: a branch would be guessed wrong half the time.
    let most: usize = bounds.iter().map(|(start, end)| (end - start) as usize).sum();
    let mut filled = sightings.len();
    sightings.resize(filled + most, Sighting(0));
    for (&at, &bounds) in seen.iter().zip(&bounds) {
        let place = at + u32::try_from(first).unwrap_or_default();
        for (same, passage, position) in seeds.of(hash(at), bounds) {
            let sighting = Sighting::new(passage, place, position);
            sightings.get_mut(filled).into_iter().for_each(|slot| *slot = sighting);
            filled += usize::from(same);
        }
    }
    sightings.truncate(filled);
}

/// Collects the runs that end in the grams from `first` on: both ends of each, which stand together as two seeds do.
fn look_up_runs(
    register: &Register,
    stretch: &Stretch<'_>,
    first: usize,
    reader: &mut runs::Reader,
    sightings: &mut Vec<Sighting>,
) {
    if register.grams.runs.is_empty() {
        return;
    }
    let base = stretch.base();
    let (hashes, ends) = reader.read(stretch.hashes().get(first..).unwrap_or_default());
    let mut seen = Vec::new();
    look_up(&register.grams.runs, hashes, 0, &mut seen);
    for run in seen {
        let Some(&(begin, end)) = ends.get(run.at() as usize) else { continue };
        let Some(from) = begin.checked_sub(base) else { continue };
        let (Ok(length), Ok(last)) = (u16::try_from(end - begin), u16::try_from(run.position()))
        else {
            continue;
        };
        sightings.push(Sighting::new(run.passage(), from, last.saturating_sub(length)));
        sightings.push(Sighting::new(run.passage(), end - base, last));
    }
}

/// Compares a passage gram by gram with the text around the places where two of its seeds stand together.
fn look_closer(
    register: &Register,
    text: &str,
    stretch: &Stretch<'_>,
    sightings: &[Sighting],
    found: &mut Vec<Copied>,
) {
    let Some(first) = sightings.first().filter(|_| sightings.len() > 1) else { return };
    let Some(passage) = register.passages.get(first.passage() as usize) else { return };
    let letters = passage.letters;
    // The first gram of a copy may be as far from its place as the seed is, on the other side.
    let slack = u32::try_from(2 * drift(letters)).unwrap_or_default();
    let mut around: Option<Range<u32>> = None;
    for (number, one) in sightings.iter().enumerate() {
        let later = sightings.get(number + 1..).unwrap_or_default();
        if !later.iter().take(MAX_PARTNERS).any(|other| together(*one, *other, letters)) {
            continue;
        }
        let begin = one.at().saturating_sub(one.position() + slack);
        let place = begin..one.at() + letters.saturating_sub(one.position()) + slack;
        around = match around {
            Some(open) if place.start <= open.end => Some(open.start..place.end),
            Some(open) => {
                compare(register, text, stretch, first.passage(), open, found);
                Some(place)
            }
            None => Some(place),
        };
    }
    if let Some(around) = around {
        compare(register, text, stretch, first.passage(), around, found);
    }
}

/// Whether two seeds stand to each other about as in their passage, the later one given second.
fn together(one: Sighting, other: Sighting, letters: u32) -> bool {
    let apart = other.at() - one.at();
    let gram = u32::try_from(GRAM).unwrap_or_default();
    let shifted = i64::from(apart) - (i64::from(other.position()) - i64::from(one.position()));
    apart + gram >= MIN_COVERED.min(letters * 2 / 5)
        && apart <= reach(letters)
        && shifted.abs() <= drift(letters)
}

/// Finds all grams of a passage in a part of the stretch, and judges them.
fn compare(
    register: &Register,
    text: &str,
    stretch: &Stretch<'_>,
    passage: u32,
    around: Range<u32>,
    found: &mut Vec<Copied>,
) {
    let grams = register.grams.of(passage);
    // One bit in thirty-two is set: most of the text's grams are ruled out by it.
    let mut bits = [0_u64; BITS];
    let bit = |hash: u64| ((hash >> 6) as usize % BITS, 1_u64 << (hash & 63));
    for gram in grams {
        let (word, bit) = bit(gram.hash);
        bits.get_mut(word).into_iter().for_each(|word| *word |= bit);
    }
    let hashes = stretch.hashes();
    let (start, end) = (around.start as usize, hashes.len().min(around.end as usize));
    let mut hits = Vec::with_capacity(grams.len());
    for (hash, at) in hashes.get(start..end).unwrap_or_default().iter().zip(start..) {
        let (word, bit) = bit(*hash);
        if bits.get(word).is_none_or(|word| word & bit == 0) {
            continue;
        }
        let first = grams.partition_point(|gram| gram.hash < *hash);
        let same = grams.get(first..).unwrap_or_default().iter();
        let (start, last) = stretch.place(at);
        let at = stretch.base() + u32::try_from(at).unwrap_or_default();
        hits.extend(same.take_while(|gram| gram.hash == *hash).map(|gram| Hit {
            at,
            position: u32::from(gram.place()),
            start,
            last,
            common: gram.position & COMMON != 0,
        }));
    }
    if hits.len() >= MIN_HITS && may_amount(register, passage, &hits) {
        copies_of_passage(register, text, passage, &hits, found);
    }
}

/// Whether some of the hits can amount to a copy: nearly all passages that share a turn of phrase end here.
fn may_amount(register: &Register, passage: u32, hits: &[Hit]) -> bool {
    let Some(passage) = register.passages.get(passage as usize) else { return false };
    let first = hits.iter().map(|hit| hit.position).min().unwrap_or_default();
    let last = hits.iter().map(|hit| hit.position).max().unwrap_or_default();
    let spread = ratio((last - first) as usize + GRAM, passage.letters);
    let share = ratio(hits.len(), passage.grams);
    (spread >= MIN_SPREAD && share >= MIN_SHARE) || hits.iter().any(|hit| !hit.common)
}

#[expect(clippy::cast_precision_loss, reason = "passages have far fewer than 2^24 letters")]
fn ratio(part: usize, whole: u32) -> f32 {
    part as f32 / whole.max(1) as f32
}

fn copies_of_passage(
    register: &Register,
    text: &str,
    number: u32,
    hits: &[Hit],
    found: &mut Vec<Copied>,
) {
    let Some(passage) = register.passages.get(number as usize) else { return };
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
                found.push(Copied { passage: number, range, share });
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
    let near = |hit: &&Hit| (diagonal(hit) - diagonal(first)).abs() <= drift(letters);
    // Most hits are alone: no need to set them apart.
    if window.iter().filter(near).nth(MIN_HITS - 1).is_none() {
        return Vec::new();
    }
    window.iter().filter(near).copied().collect()
}

/// How far changed words can shift the rest of a copy.
fn drift(letters: u32) -> i64 {
    i64::from(12 + letters / 6)
}

/// Whether the hits, in order of their place in the text, amount to a copy; then its share of the passage's grams.
fn accepted(window: &[Hit], letters: u32, grams: u32) -> Option<f32> {
    let gram = u32::try_from(GRAM).unwrap_or_default();
    let mut positions: Vec<u32> = window.iter().map(|hit| hit.position).collect();
    positions.sort_unstable();
    positions.dedup();
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
