//! Thousands of values looked for in one text: by a hash of the six bytes that each begins with. An automaton over as
//! many values takes longer to build than the text takes to read.

use crate::analyse::lexicon::Hashed;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::ops::Range;

/// How many bytes are hashed; no value is shorter.
const HEAD: usize = 6;

/// Tells of every place of a needle, from the left, the longest where several begin, none inside another. Needles
/// come with a number that is handed back; of two alike the first counts.
pub(super) fn find(text: &str, needles: &[(u32, &str)], tell: &mut dyn FnMut(u32, Range<usize>)) {
    let mut heads: HashMap<u64, Vec<u32>, BuildHasherDefault<Hashed>> = HashMap::default();
    let mut bits = vec![0u64; (needles.len() / 4).next_power_of_two().clamp(16, 1 << 14)];
    for (at, (_, needle)) in needles.iter().enumerate() {
        let Some(key) = head(needle.as_bytes()) else { continue };
        heads.entry(key).or_default().push(u32::try_from(at).unwrap_or(u32::MAX));
        let (word, bit) = place(key, bits.len());
        bits.get_mut(word).into_iter().for_each(|word| *word |= bit);
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(key) = bytes.get(at..).and_then(head) {
        let (word, bit) = place(key, bits.len());
        let known = bits.get(word).is_some_and(|word| word & bit != 0);
        let own = if known { heads.get(&key).map(Vec::as_slice) } else { None };
        let fits = own.unwrap_or_default().iter().filter_map(|&own| {
            let (number, needle) = needles.get(own as usize)?;
            bytes.get(at..)?.starts_with(needle.as_bytes()).then_some((*number, needle.len()))
        });
        // The last of equals would win, and the first is wanted.
        let longest = fits.rev().max_by_key(|&(_, len)| len);
        match longest {
            Some((number, len)) => {
                tell(number, at..at + len);
                at += len;
            }
            None => at += 1,
        }
    }
}

/// The hash of the bytes that a value begins with; none where there are too few.
#[inline]
fn head(bytes: &[u8]) -> Option<u64> {
    let wide = match bytes.first_chunk::<8>() {
        Some(eight) => u64::from_le_bytes(*eight) & ((1 << (8 * HEAD)) - 1),
        None => bytes.first_chunk::<HEAD>()?.iter().rev().fold(0, |all, b| (all << 8) | u64::from(*b)),
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
