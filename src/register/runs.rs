//! Seeds of passages whose wording is common: runs of kept grams instead of single ones.
//!
//! Where a register holds thousands of passages made of the same turns of phrase, none of their grams is rare; what
//! tells one from the others is which phrases follow each other.

use super::Entry;
use super::fingerprint::WINDOW;
use super::seeds::Choice;

/// Kept grams of a run, which are some 40 letters: shorter ones stand in many passages, longer ones are soon broken.
const RUN: usize = 13;
const ROTATION: u32 = 5;

/// The last grams of a sequence, as one number.
#[derive(Clone, Default)]
struct Rolling {
    recent: [(u64, u32); RUN],
    count: usize,
    sum: u64,
}

impl Rolling {
    /// Takes the next gram; at every run's end the run's hash and the number of its first gram.
    fn next(&mut self, hash: u64, position: u32) -> Option<(u64, u32)> {
        let oldest = self.recent.get_mut(self.count % RUN)?;
        let rotation = ROTATION * u32::try_from(RUN).unwrap_or_default();
        // Both ends are empty in the beginning.
        self.sum = self.sum.rotate_left(ROTATION) ^ hash ^ oldest.0.rotate_left(rotation);
        *oldest = (hash, position);
        self.count += 1;
        let first = self.recent.get(self.count % RUN).map_or(0, |&(_, position)| position);
        (self.count >= RUN).then_some((self.sum, first))
    }
}

/// Adds the runs of a passage, its entries sorted by position.
pub(super) fn add(entries: &[Entry], runs: &mut Vec<Choice>) {
    let near = |a: &Entry, b: &Entry| usize::from(b.place() - a.place()) <= WINDOW;
    for unbroken in entries.chunk_by(near) {
        let mut rolling = Rolling::default();
        for entry in unbroken {
            let run = rolling.next(entry.hash, u32::from(entry.place()));
            runs.extend(run.map(|(hash, _)| (hash, entry.passage, entry.place())));
        }
    }
}

/// The runs of a text, stretch by stretch: its grams are winnowed as those of a passage are.
#[derive(Default)]
pub(super) struct Reader {
    rolling: Rolling,
    /// The grams among which the next is chosen, the oldest first, and the numbers of each.
    window: [(u64, u32); WINDOW],
    count: u32,
    /// Number of the gram kept last.
    least: u32,
    kept: Vec<(u64, u32)>,
    hashes: Vec<u64>,
    ends: Vec<(u32, u32)>,
}

impl Reader {
    /// Takes the next grams of the text and gives the runs that end there: their hashes, and the numbers of the first
    /// and the last gram of each.
    pub(super) fn read(&mut self, hashes: &[u64]) -> (&[u64], &[(u32, u32)]) {
        self.winnow(hashes);
        self.hashes.clear();
        self.ends.clear();
        for &(hash, last) in &self.kept {
            if let Some((hash, first)) = self.rolling.next(hash, last) {
                self.hashes.push(hash);
                self.ends.push((first, last));
            }
        }
        (&self.hashes, &self.ends)
    }

    /// Collects the kept ones of the next grams. Each candidate is written before it is known whether it is new, since
    /// a branch would be guessed wrong every other time.
    fn winnow(&mut self, hashes: &[u64]) {
        self.kept.clear();
        self.kept.resize(hashes.len(), (0, 0));
        let [mut a, mut b, mut c, mut d] = self.window;
        let (mut now, mut before, mut kept) = (self.count, self.least, 0);
        // The later of equal ones, as `Hasher::winnow` has it.
        let least = |a: (u64, u32), b: (u64, u32)| if b.0 <= a.0 { b } else { a };
        for &hash in hashes {
            (a, b, c, d) = (b, c, d, (hash, now));
            now += 1;
            let chosen = least(least(a, b), least(c, d));
            self.kept.get_mut(kept).into_iter().for_each(|slot| *slot = chosen);
            // The first windows of a text are not full yet.
            let first = now as usize == WINDOW;
            let new = now as usize >= WINDOW && (first || chosen.1 != before);
            kept += usize::from(new);
            before = if new { chosen.1 } else { before };
        }
        (self.window, self.count, self.least) = ([a, b, c, d], now, before);
        self.kept.truncate(kept);
    }
}

#[cfg(test)]
mod tests {
    use super::super::fingerprint::{Hasher, Key, Stretch};
    use super::*;

    #[test]
    fn a_text_has_the_runs_of_the_passage_that_stands_in_it() {
        let hasher = Hasher::new(&Key::new(b"a key for nothing but tests").unwrap());
        let passage =
            "The night clerk at the north depot told the agents that two officers sold badges.";
        let entries: Vec<Entry> = hasher
            .winnow(passage)
            .into_iter()
            .map(|(hash, position)| Entry {
                hash,
                passage: 0,
                position: u16::try_from(position).unwrap(),
            })
            .collect();
        let mut runs = Vec::new();
        add(&entries, &mut runs);
        assert!(runs.len() > 5);
        for (text, all) in
            [(passage.to_owned(), true), (format!("He wrote: {passage} Yes."), false)]
        {
            let (mut stretch, mut reader) = (Stretch::new(&hasher, &text), Reader::default());
            let mut seen = Vec::new();
            while let Some(first) = stretch.read_on(13) {
                seen.extend_from_slice(reader.read(&stretch.hashes()[first..]).0);
                stretch.forget(5);
            }
            let found = runs.iter().filter(|run| seen.contains(&run.0)).count();
            assert!(found + 3 >= runs.len() && (found == runs.len() || !all), "{found}: {text}");
        }
    }
}
