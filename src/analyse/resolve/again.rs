//! Thousands of values looked for in one text: by a hash of the six bytes that each begins with. An automaton over as
//! many values takes longer to build than the text takes to read.

use crate::analyse::hash::{HashedMap, NumberMap};
use std::ops::Range;

/// How many bytes are hashed; no value is shorter.
const HEAD: usize = 6;

/// Tells of every place of a needle, from the left, the longest where several begin, none inside another. Needles
/// come with a number that is handed back; of two alike the first counts.
pub(super) fn find(text: &str, needles: &[(u32, &str)], tell: &mut dyn FnMut(u32, Range<usize>)) {
    // Many values begin alike, as numbers of one area do: behind the first bytes it is the lengths that differ.
    let mut lengths: HashedMap<u64, Vec<usize>> = HashedMap::default();
    let mut numbers: NumberMap<&[u8], u32> = NumberMap::default();
    let mut bits = vec![0u64; (needles.len() / 4).next_power_of_two().clamp(16, 1 << 14)];
    for (number, needle) in needles {
        let needle = needle.as_bytes();
        let Some(key) = head(needle) else { continue };
        let known = lengths.entry(key).or_default();
        if !known.contains(&needle.len()) {
            known.push(needle.len());
            known.sort_unstable_by(|a, b| b.cmp(a));
        }
        numbers.entry(needle).or_insert(*number);
        let (word, bit) = place(key, bits.len());
        bits.get_mut(word).into_iter().for_each(|word| *word |= bit);
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(key) = bytes.get(at..).and_then(head) {
        let (word, bit) = place(key, bits.len());
        let known = bits.get(word).is_some_and(|word| word & bit != 0);
        let lengths = if known { lengths.get(&key) } else { None };
        let longest = lengths.into_iter().flatten().find_map(|len| {
            let number = numbers.get(bytes.get(at..at + len)?)?;
            Some((*number, at + len))
        });
        match longest {
            Some((number, end)) => {
                tell(number, at..end);
                at = end;
            }
            None => at += 1,
        }
    }
}

/// The hash of the bytes that a value begins with; none where there are too few.
#[inline]
fn head(bytes: &[u8]) -> Option<u64> {
    let wide = if let Some(eight) = bytes.first_chunk::<8>() {
        u64::from_le_bytes(*eight) & ((1 << (8 * HEAD)) - 1)
    } else {
        let bytes = bytes.first_chunk::<HEAD>()?.iter().rev();
        bytes.fold(0, |all, byte| (all << 8) | u64::from(*byte))
    };
    let hash = wide.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    Some(hash ^ (hash >> 32))
}

#[inline]
fn place(key: u64, words: usize) -> (usize, u64) {
    let at = usize::try_from(key & 0xffff_ffff).unwrap_or(0) & (words * 64 - 1);
    (at / 64, 1 << (at % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_from_the_left_is_found_and_nothing_inside_it() {
        let needles = [(1, "123-45-6789"), (2, "123-45-6789"), (3, "123-45"), (4, "456789")];
        let mut found = Vec::new();
        let text = "x123-45-6789 123-45-678 0123456789456789";
        find(text, &needles, &mut |number, range| {
            found.push((number, text.get(range).unwrap().to_owned()));
        });
        let found: Vec<_> = found.iter().map(|(number, text)| (*number, text.as_str())).collect();
        assert_eq!(found, [(1, "123-45-6789"), (3, "123-45"), (4, "456789"), (4, "456789")]);
    }
}
