//! The imprint of a file: which words stand in it and which stand side by side, in a few bits a word. It tells in
//! which files of a package something that was removed in another can stand at all, so that the others need not be
//! read again. It may say yes where there is nothing, never no where there is something.

use super::sweep;
use crate::model::Document;

/// The longest imprint, in words of 64 bits: 64 KiB. Larger files fill it more and are the sooner looked at again.
const LONGEST: usize = 8192;
/// How many bits stand for one word.
const PROBES: u64 = 4;

/// An imprint in the making.
pub(crate) struct Imprint {
    bits: Vec<u64>,
}

impl Default for Imprint {
    fn default() -> Self {
        Self { bits: vec![0; LONGEST] }
    }
}

impl Imprint {
    /// Takes in what a document says outside of covers: where occurrences are searched for.
    pub(crate) fn add_document(&mut self, document: &Document) {
        for passage in document.passages() {
            if !sweep::was_removed(document, &passage) {
                self.add(passage.text());
            }
        }
    }

    /// Takes in one text; no term reaches from one into the next.
    pub(crate) fn add(&mut self, text: &str) {
        let mut words = Words::default();
        sweep::fold_into(text, |c, _| {
            if c == ' ' {
                words.end(|hash| set(&mut self.bits, hash));
            } else {
                words.push(c);
            }
        });
        words.end(|hash| set(&mut self.bits, hash));
    }

    /// The imprint, as short as it can be without being so full that it says yes too often. Never empty.
    pub(crate) fn finish(self) -> Vec<u64> {
        let mut bits = self.bits;
        let mut set: u32 = bits.iter().map(|word| word.count_ones()).sum();
        // Of a sixth of the bits set at most a third are set in half the room.
        while bits.len() > 1 && u64::from(set) * 6 <= bits.len() as u64 * 64 {
            let upper = bits.split_off(bits.len() / 2);
            for (low, high) in bits.iter_mut().zip(upper) {
                *low |= high;
            }
            set = bits.iter().map(|word| word.count_ones()).sum();
        }
        bits.shrink_to_fit();
        bits
    }
}

/// Whether a term, folded as [`sweep::terms`] gives them, can stand in a file with this imprint. Where there is none,
/// anything can.
pub(crate) fn can_hold(imprint: &[u64], term: &str) -> bool {
    let (mut words, mut all) = (Words::default(), true);
    for word in term.split(' ') {
        word.chars().for_each(|c| words.push(c));
        words.end(|hash| all = all && is_set(imprint, hash));
    }
    all
}

/// Hashes the words of a text, and each with the one before it.
#[derive(Default)]
struct Words {
    word: Option<u64>,
    before: Option<u64>,
}

impl Words {
    fn push(&mut self, c: char) {
        // FNV-1a, a character at a time.
        let hash = self.word.unwrap_or(0xcbf2_9ce4_8422_2325) ^ u64::from(c);
        self.word = Some(hash.wrapping_mul(0x0100_0000_01b3));
    }

    fn end(&mut self, mut each: impl FnMut(u64)) {
        let Some(word) = self.word.take() else { return };
        each(mixed(word));
        if let Some(before) = self.before {
            each(mixed(before.rotate_left(23) ^ word));
        }
        self.before = Some(word);
    }
}

/// Spreads what differs over all bits (the end of `MurmurHash3`).
fn mixed(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

/// Where the bits of a word lie, and which they are. All lie in one place, and in a shorter imprint the upper half of the
/// places is laid over the lower.
fn place(places: usize, hash: u64) -> (usize, u64) {
    // The number of places is a power of two.
    let index = (hash >> 32) & (places as u64).saturating_sub(1);
    let bits = (0..PROBES).fold(0, |bits, number| bits | 1 << ((hash >> (6 * number)) & 63));
    (usize::try_from(index).unwrap_or_default(), bits)
}

fn set(imprint: &mut [u64], hash: u64) {
    let (index, bits) = place(imprint.len(), hash);
    if let Some(place) = imprint.get_mut(index) {
        *place |= bits;
    }
}

fn is_set(imprint: &[u64], hash: u64) -> bool {
    let (index, bits) = place(imprint.len(), hash);
    imprint.get(index).is_none_or(|place| place & bits == bits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DocumentBuilder, Part, PassageSpec, Visibility};

    fn imprint(text: &str) -> Vec<u64> {
        let mut imprint = Imprint::default();
        imprint.add(text);
        imprint.finish()
    }

    #[test]
    fn whatever_stands_in_a_text_can_stand_in_it_however_long_it_is() {
        for count in [1_usize, 7, 60, 900, 20_000, 300_000] {
            let name = |number: usize| format!("Given{number} O'Family{}", number * 7);
            let text: Vec<String> = (0..count).map(name).collect();
            let bits = imprint(&text.join(", "));
            assert!(bits.len() <= LONGEST && bits.len().is_power_of_two(), "{count}");
            for number in (0..count).step_by(1 + count / 500) {
                let term = format!("given{number} ofamily{}", number * 7);
                assert!(can_hold(&bits, &term), "{term} of {count}");
            }
        }
    }

    #[test]
    fn what_does_not_stand_in_a_text_is_mostly_known_not_to_and_its_order_counts() {
        for count in [10_usize, 500, 10_000] {
            let text: Vec<String> = (0..count).map(|number| format!("w{number}")).collect();
            let bits = imprint(&text.join(" "));
            let absent = (0..1000).filter(|n| can_hold(&bits, &format!("x{n} y{n}"))).count();
            let turned = (1..count.min(1000))
                .filter(|n| can_hold(&bits, &format!("w{n} w{}", n - 1)))
                .count();
            assert!(absent <= 5 && turned <= 100, "{count}: {absent} absent, {turned} turned");
        }
    }

    #[test]
    fn the_imprint_of_a_small_file_is_small_and_where_there_is_none_anything_can_stand() {
        assert_eq!(imprint("").len(), 1);
        assert!(!can_hold(&imprint(""), "casper dunmarrow"));
        assert!(imprint("Nothing of note in this short memo, dated 4 May.").len() <= 8);
        assert!(can_hold(&[], "casper dunmarrow"));
    }

    #[test]
    fn what_was_removed_is_no_part_of_it() {
        let mut builder = DocumentBuilder::new();
        for (text, visibility) in
            [("Casper Dunmarrow", Visibility::Covered), ("Later he left.", Visibility::Shown)]
        {
            builder.begin(PassageSpec { part: Part::Body, visibility, ..PassageSpec::default() });
            builder.push_unanchored(text);
        }
        let mut imprint = Imprint::default();
        imprint.add_document(&builder.finish());
        let bits = imprint.finish();
        assert!(can_hold(&bits, "later he left") && !can_hold(&bits, "casper dunmarrow"));
    }
}
