//! The words of a text: runs of letters and digits, found sixty-four bytes at a time.

/// One in every byte.
const ONES: u64 = 0x0101_0101_0101_0101;
/// The highest bit of every byte.
const HIGH: u64 = 0x8080_8080_8080_8080;
/// How many bytes are looked at together.
const BLOCK: usize = 64;

/// Iterates over the words of a text, by their bounds.
pub(super) struct Words<'a> {
    text: &'a str,
    /// Where the present block begins, and the next.
    base: usize,
    next: usize,
    /// Bytes of the block at which words begin or have ended, by turns.
    edges: u64,
    /// Whether the block before ended inside a word; 0 or 1.
    carry: u64,
    /// Where the word began that has not ended yet.
    open: Option<usize>,
    /// Bytes at the next block's beginning that belong to a letter of this one.
    spill: u32,
}

impl<'a> Words<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, base: 0, next: 0, edges: 0, carry: 0, open: None, spill: 0 }
    }

    /// Finds the edges of the next block.
    fn turn(&mut self) {
        self.base = self.next;
        let bytes = self.text.as_bytes();
        let end = bytes.len().min(self.base + BLOCK);
        let block = bytes.get(self.base..end).unwrap_or_default();
        let (mut inside, wide) = masks(block);
        inside |= (1 << self.spill) - 1;
        self.spill = 0;
        let mut wide = wide;
        while wide != 0 {
            let at = wide.trailing_zeros();
            wide &= wide - 1;
            inside |= self.wide_letter(at);
        }
        self.edges = inside ^ ((inside << 1) | self.carry);
        self.carry = inside >> 63;
        self.next = self.base + BLOCK;
    }

    /// The bytes of a letter or digit beyond ASCII that begins at a place of the block.
    #[cold]
    fn wide_letter(&mut self, at: u32) -> u64 {
        let first = self.text.get(self.base + at as usize..).and_then(|rest| rest.chars().next());
        // In the midst of a character there is none.
        let Some(c) = first.filter(|c| c.is_alphanumeric()) else { return 0 };
        let len = u32::try_from(c.len_utf8()).unwrap_or(4);
        self.spill = (at + len).saturating_sub(64);
        ((1u64 << len) - 1) << at
    }
}

impl Iterator for Words<'_> {
    type Item = (usize, usize);

    #[inline]
    fn next(&mut self) -> Option<(usize, usize)> {
        loop {
            if self.edges != 0 {
                let at = self.base + self.edges.trailing_zeros() as usize;
                self.edges &= self.edges - 1;
                match self.open.take() {
                    Some(start) => return Some((start, at)),
                    None => self.open = Some(at),
                }
            } else if self.next < self.text.len() {
                self.turn();
            } else {
                return self.open.take().map(|start| (start, self.text.len()));
            }
        }
    }
}

/// Which bytes of a block are ASCII letters and digits, and which are not ASCII.
#[inline]
fn masks(block: &[u8]) -> (u64, u64) {
    let (mut inside, mut wide) = (0, 0);
    let mut shift = 0;
    let (eights, rest) = block.as_chunks::<8>();
    for eight in eights {
        let (own, high) = eight_masks(u64::from_le_bytes(*eight));
        inside |= own << shift;
        wide |= high << shift;
        shift += 8;
    }
    if !rest.is_empty() {
        let mut last = [0; 8];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        let (own, high) = eight_masks(u64::from_le_bytes(last));
        inside |= own << shift;
        wide |= high << shift;
    }
    (inside, wide)
}

#[inline]
fn eight_masks(bytes: u64) -> (u64, u64) {
    let high = bytes & HIGH;
    let low = bytes & !HIGH;
    // A sum reaches the highest bit of its byte where the byte is large enough, and never the next byte.
    let from = |first: u8| ONES * u64::from(0x80 - first);
    let lower = low | (ONES * 0x20);
    let letter = (lower + from(b'a')) & !(lower + from(b'z' + 1));
    let digit = (low + from(b'0')) & !(low + from(b'9' + 1));
    (gathered((letter | digit) & HIGH & !high), if high == 0 { 0 } else { gathered(high) })
}

/// The highest bits of eight bytes as one byte.
#[inline]
fn gathered(bits: u64) -> u64 {
    (bits >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// What a word is looked up by.
#[derive(Clone, Copy, Default)]
pub(super) struct Key {
    /// Of the whole word.
    pub(super) whole: u64,
    /// Of its first four bytes, where it has as many.
    pub(super) stem: Option<u64>,
}

impl Key {
    /// The key of a word, ASCII letters alike in both cases: from its last eight bytes and its length.
    #[inline]
    pub(super) fn new(bytes: &[u8], start: usize, end: usize) -> Self {
        let len = end - start;
        let tail = match bytes.get(..end).and_then(<[u8]>::last_chunk::<8>) {
            Some(eight) => u64::from_le_bytes(*eight) >> (8 * (8 - len.min(8))),
            None => short(bytes.get(start..end).unwrap_or_default()),
        };
        let head = bytes.get(start..).and_then(<[u8]>::first_chunk::<4>).filter(|_| len >= 4);
        let head = head.map(|head| u32::from_le_bytes(*head));
        Self {
            whole: spread(lower(tail) ^ ((len as u64) << 56)),
            stem: head.map(|head| spread(lower(u64::from(head)))),
        }
    }

    /// The key of this word before another one.
    #[inline]
    pub(super) fn before(self, next: Self) -> u64 {
        spread(self.whole.rotate_left(29) ^ next.whole)
    }
}

/// A word of fewer than eight bytes at the beginning of a text.
#[cold]
fn short(word: &[u8]) -> u64 {
    word.iter().rev().fold(0, |all, byte| (all << 8) | u64::from(*byte))
}

/// Capitals in lower case; what is not ASCII stays.
#[inline]
fn lower(bytes: u64) -> u64 {
    bytes | ((ONES * 0x20) & !((bytes & HIGH) >> 2))
}

#[inline]
fn spread(value: u64) -> u64 {
    let value = value.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    value ^ (value >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_runs_of_letters_and_digits_wherever_blocks_end() {
        let text = "The §5 señor's 3rd VISIT_to  Ōsaka@x.y — 北京 ﬁn{}[]`^~/:;09azAZ\u{1e}É";
        for lead in 0..140 {
            let text = "x".repeat(lead) + " " + text + &"é".repeat(lead % 7);
            let found: Vec<&str> =
                Words::new(&text).map(|(start, end)| text.get(start..end).unwrap()).collect();
            let expected: Vec<&str> = text
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .collect();
            assert_eq!(found, expected, "{lead}");
        }
    }

    #[test]
    fn a_key_knows_no_capitals_and_no_place() {
        let key = |text: &str, word: &str| {
            let start = text.find(word).unwrap();
            let key = Key::new(text.as_bytes(), start, start + word.len());
            (key.whole, key.stem)
        };
        for word in ["a", "the", "Four", "seven77", "CONFIDENTIAL", "señor"] {
            let first = key(word, word);
            let later = word.to_ascii_lowercase() + ", again " + word;
            assert_eq!(first, key(&later, &word.to_ascii_lowercase()), "{word}");
            assert_eq!(first, key(&format!("some other text {word}"), word), "{word}");
        }
        assert_ne!(key("case", "case").0, key("cases", "cases").0);
    }
}
