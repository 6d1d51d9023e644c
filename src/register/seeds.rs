//! Which few grams of a passage call for a closer look at it.
//!
//! In a large register nearly every gram of any text stands in some passage. Only the rarest grams of each passage,
//! spread over its length, are looked up letter by letter; where two of them stand together, the passage is compared
//! gram by gram.

use super::{Entry, runs};

/// Seeds of a passage of ordinary length. Longer ones have one in every stretch of `SPREAD` letters.
const SEEDS: usize = 16;
/// Letters in which a passage has a seed, if one of its grams there is rare: every unbroken copy of 42 letters holds two.
const SPREAD: u16 = 11;
/// A gram in more passages than this is no seed: between the first number, in a register of `LARGE` passages and more,
/// and the second, in a small one.
const MAX_OWNERS: (usize, usize) = (8, 40);
/// Passages from which on a register counts as large.
const LARGE: usize = 5000;
/// A passage with fewer seeds has runs of grams, too.
const FEW: usize = 8;
/// Runs of a passage that are looked up.
const RUNS: usize = 8;
/// A run in more passages than this is not looked up.
const MAX_RUN_OWNERS: usize = 4;

/// A hash that is looked up, and where it stands: passage and place in it.
pub(super) type Choice = (u64, u32, u16);

/// A seed of a passage, in as few bytes as it takes: 20 bits of its hash, 29 of the passage, 15 of its place there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Seed(u64);

impl Seed {
    fn new((hash, passage, position): Choice) -> Self {
        Self(tag(hash) | u64::from(passage & 0x1fff_ffff) << 15 | u64::from(position & 0x7fff))
    }

    /// Its passage and its place there, as [`super::matching`] sorts them.
    pub(super) fn place(self) -> (u32, u16) {
        let passage = u32::try_from(self.0 >> 15 & 0x1fff_ffff).unwrap_or_default();
        (passage, u16::try_from(self.0 & 0x7fff).unwrap_or_default())
    }
}

/// Twenty bits of a hash that choose neither its bucket nor its bits.
fn tag(hash: u64) -> u64 {
    (hash & 0xf_ffff) << 44
}

/// The seeds of all passages: a bitmap that rules out nearly all other grams, then buckets by the leading bits.
pub(super) struct Seeds {
    bitmap: Vec<u64>,
    starts: Vec<u32>,
    shift: u32,
    all: Vec<Seed>,
}

impl Seeds {
    fn new(chosen: &[Choice]) -> Self {
        let bits = (chosen.len().max(1) * 12).next_power_of_two().max(1 << 10);
        // A bucket fills about half a line of the cache.
        let buckets = (chosen.len() / 4).next_power_of_two().max(2);
        let shift = 64 - buckets.trailing_zeros();
        let mut seeds = Self {
            bitmap: vec![0; bits / 64],
            starts: vec![0; buckets + 1],
            shift,
            all: vec![Seed::default(); chosen.len()],
        };
        for &(hash, _, _) in chosen {
            let (word, bits) = seeds.bits(hash);
            seeds.bitmap.get_mut(word).into_iter().for_each(|word| *word |= bits);
            let bucket = seeds.bucket(hash);
            seeds.starts.get_mut(bucket).into_iter().for_each(|count| *count += 1);
        }
        let mut sum = 0;
        for start in &mut seeds.starts {
            sum += *start;
            *start = sum;
        }
        // Filled from each bucket's end, which leaves every start where it belongs.
        for choice in chosen.iter().rev() {
            let bucket = seeds.bucket(choice.0);
            let Some(start) = seeds.starts.get_mut(bucket) else { continue };
            *start -= 1;
            seeds
                .all
                .get_mut(*start as usize)
                .into_iter()
                .for_each(|slot| *slot = Seed::new(*choice));
        }
        seeds
    }

    /// Whether a gram may be a seed: certainly none, or probably one.
    pub(super) fn may_hold(&self, hash: u64) -> bool {
        let (word, bits) = self.bits(hash);
        self.bitmap.get(word).is_some_and(|word| word & bits == bits)
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Where the seeds of a gram are among all.
    pub(super) fn bounds(&self, hash: u64) -> (u32, u32) {
        let bucket = self.bucket(hash);
        let bound = |at: usize| self.starts.get(at).copied().unwrap_or_default();
        (bound(bucket), bound(bucket + 1))
    }

    /// One of all seeds.
    pub(super) fn at(&self, index: u32) -> Seed {
        self.all.get(index as usize).copied().unwrap_or_default()
    }

    /// The seeds within a gram's bounds: whether each is of this gram, its passage and its place there.
    pub(super) fn of(
        &self,
        hash: u64,
        (start, end): (u32, u32),
    ) -> impl Iterator<Item = (bool, u32, u16)> {
        let seeds = self.all.get(start as usize..end as usize).unwrap_or_default();
        seeds.iter().map(move |seed| {
            let (passage, position) = seed.place();
            ((seed.0 ^ tag(hash)) >> 44 == 0, passage, position)
        })
    }

    fn bits(&self, hash: u64) -> (usize, u64) {
        let word = (hash >> 12) as usize & (self.bitmap.len() - 1);
        (word, 1 << (hash & 63) | 1 << ((hash >> 6) & 63))
    }

    fn bucket(&self, hash: u64) -> usize {
        usize::try_from(hash >> self.shift).unwrap_or_default()
    }
}

/// The grams of all passages, passage by passage, and their seeds.
pub(super) struct Grams {
    /// Of each passage in turn, sorted by hash.
    entries: Vec<Entry>,
    /// Where the entries of each passage begin, and the end of the last.
    bounds: Vec<u32>,
    pub(super) seeds: Seeds,
    /// Runs of the passages with few seeds, by their last gram.
    pub(super) runs: Seeds,
}

impl Grams {
    /// Sorts entries, given in the order of their hashes, by passage, and chooses the seeds.
    pub(super) fn new(passages: usize, by_hash: &[Entry]) -> Self {
        let mut bounds = vec![0_u32; passages + 1];
        let by_hash_known = || by_hash.iter().filter(|entry| (entry.passage as usize) < passages);
        for entry in by_hash_known() {
            bounds.get_mut(entry.passage as usize + 1).into_iter().for_each(|count| *count += 1);
        }
        let mut sum = 0;
        for bound in &mut bounds {
            sum += *bound;
            *bound = sum;
        }
        let mut next = bounds.clone();
        let none = Entry { hash: 0, passage: 0, position: 0 };
        let mut entries = vec![none; sum as usize];
        let mut owners = vec![0_u32; sum as usize];
        for same in by_hash.chunk_by(|a, b| a.hash == b.hash) {
            let count = u32::try_from(same.len()).unwrap_or(u32::MAX);
            for entry in same {
                let Some(next) = next.get_mut(entry.passage as usize) else { continue };
                let slot = entries.get_mut(*next as usize).zip(owners.get_mut(*next as usize));
                if let Some((slot, owners)) = slot {
                    (*slot, *owners) = (*entry, count);
                    *next += 1;
                }
            }
        }
        let (mut chosen, mut all_runs) = (Vec::new(), Vec::new());
        let mut by_place = Vec::new();
        let (least, most) = MAX_OWNERS;
        let most = u32::try_from((least * LARGE / passages.max(1)).clamp(least, most));
        let most = most.unwrap_or_default();
        for bound in bounds.windows(2) {
            let &[start, end] = bound else { continue };
            let of = start as usize..end as usize;
            let own = entries.get(of.clone()).unwrap_or_default();
            let before = chosen.len();
            choose(own, owners.get(of).unwrap_or_default(), most, &mut chosen);
            if chosen.len() - before < FEW.min(own.len() / 2) {
                by_place.clear();
                by_place.extend_from_slice(own);
                by_place.sort_unstable_by_key(Entry::place);
                runs::add(&by_place, &mut all_runs);
            }
        }
        let runs = Seeds::new(&rare_runs(all_runs));
        Self { entries, bounds, seeds: Seeds::new(&chosen), runs }
    }

    /// The grams of a passage, sorted by hash.
    pub(super) fn of(&self, passage: u32) -> &[Entry] {
        let bound = |at: usize| self.bounds.get(at).map_or(0, |&bound| bound as usize);
        let passage = passage as usize;
        self.entries.get(bound(passage)..bound(passage + 1)).unwrap_or_default()
    }

    /// Every gram, sorted by hash.
    pub(super) fn by_hash(&self) -> Vec<Entry> {
        let mut entries = self.entries.clone();
        entries.sort_unstable();
        entries
    }
}

/// The seeds of one passage: the rarest gram of every stretch, then the second of every stretch, and so on.
fn choose(entries: &[Entry], owners: &[u32], most: u32, chosen: &mut Vec<Choice>) {
    let mut rare: Vec<(u16, u32, Entry)> = entries
        .iter()
        .zip(owners)
        .filter(|&(_, &owners)| owners <= most)
        .map(|(entry, &owners)| (entry.place() / SPREAD, owners, *entry))
        .collect();
    rare.sort_unstable();
    let mut ranked: Vec<(usize, u32, Entry)> = Vec::with_capacity(rare.len());
    for stretch in rare.chunk_by(|a, b| a.0 == b.0) {
        ranked.extend(
            stretch.iter().enumerate().map(|(rank, &(_, owners, entry))| (rank, owners, entry)),
        );
    }
    ranked.sort_unstable();
    let firsts = ranked.partition_point(|&(rank, _, _)| rank == 0);
    let taken = ranked.iter().take(SEEDS.max(firsts));
    chosen.extend(taken.map(|(_, _, entry)| (entry.hash, entry.passage, entry.place())));
}

/// Of all runs the rare ones, of each passage the rarest.
fn rare_runs(mut runs: Vec<Choice>) -> Vec<Choice> {
    runs.sort_unstable();
    let mut rare: Vec<(u32, usize, Choice)> = Vec::new();
    for same in runs.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() <= MAX_RUN_OWNERS) {
        rare.extend(same.iter().map(|run| (run.1, same.len(), *run)));
    }
    rare.sort_unstable();
    let of_passages = rare.chunk_by(|a, b| a.0 == b.0);
    of_passages.flat_map(|runs| runs.iter().take(RUNS)).map(|&(_, _, run)| run).collect()
}
