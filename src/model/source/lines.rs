//! Where lines and characters begin in a text, in an eighth of its size, so that the text itself need not be kept.

/// Bytes of text between two marks: the most that one look-up has to count through.
const WINDOW: usize = 4096;
/// The same in words of bits.
const WORDS: usize = WINDOW / 64;
const NONE: u32 = u32::MAX;

/// What is known of the lines of a text.
pub(super) struct Lines {
    marks: Vec<Mark>,
    /// A bit for every byte: whether a line ends with it.
    ends: Vec<u64>,
    /// The same for windows that are not all ASCII: whether a character goes on in it.
    inner: Vec<u64>,
}

/// What holds at the start of a window.
struct Mark {
    /// Line ends before it.
    lines: u32,
    /// Characters between the last of them and it.
    characters: u32,
    /// Where its bits begin in `inner`.
    inner: u32,
}

impl Lines {
    /// The lines of a text; they end at LF, CR LF or CR.
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let windows = bytes.len() / WINDOW + 1;
        let mut all = Self {
            marks: Vec::with_capacity(windows),
            ends: vec![0; windows * WORDS],
            inner: Vec::new(),
        };
        let (mut lines, mut characters) = (0_u32, 0_u32);
        for window in 0..windows {
            let start = window * WINDOW;
            let chunk = bytes.get(start..bytes.len().min(start + WINDOW)).unwrap_or_default();
            let inner = all.inner_bits(chunk);
            all.marks.push(Mark { lines, characters, inner });
            let mut after = None;
            for at in memchr::memchr2_iter(b'\n', b'\r', chunk) {
                let next = bytes.get(start + at + 1);
                if chunk.get(at) == Some(&b'\r') && next == Some(&b'\n') {
                    continue;
                }
                set(&mut all.ends, start + at);
                lines = lines.saturating_add(1);
                after = Some(at + 1);
            }
            let rest = all.characters(window, after.unwrap_or(0), chunk.len());
            let before = if after.is_none() { characters } else { 0 };
            characters = before.saturating_add(rest);
        }
        all
    }

    fn inner_bits(&mut self, chunk: &[u8]) -> u32 {
        if chunk.is_ascii() {
            return NONE;
        }
        let start = self.inner.len();
        for bytes in chunk.chunks(64) {
            let goes_on = |(at, &byte): (usize, &u8)| u64::from(byte & 0xc0 == 0x80) << at;
            self.inner.push(bytes.iter().enumerate().map(goes_on).sum());
        }
        self.inner.resize(start + WORDS, 0);
        index(start)
    }

    /// Line and column of an offset that is no more than the length of the text, both from 1.
    pub(super) fn line_column(&self, offset: usize) -> (u32, u32) {
        let (window, start) = (offset / WINDOW, offset / WINDOW * WINDOW);
        let Some(mark) = self.marks.get(window) else { return (1, 1) };
        let ends = self.ends.get(window * WORDS..).unwrap_or_default();
        let lines = mark.lines.saturating_add(ones(ends, 0, offset - start));
        let (after, before) = match last_one(ends, offset - start) {
            Some(last) => (last + 1, 0),
            None => (0, mark.characters),
        };
        let characters = before.saturating_add(self.characters(window, after, offset - start));
        (lines.saturating_add(1), characters.saturating_add(1))
    }

    /// Whether a character goes on in a byte.
    pub(super) fn is_inner(&self, offset: usize) -> bool {
        let (window, at) = (offset / WINDOW, offset % WINDOW);
        let bits = self.marks.get(window).and_then(|mark| self.inner.get(mark.inner as usize..));
        let word = bits.and_then(|bits| bits.get(at / 64)).copied();
        word.is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    /// The characters that begin in these bytes of a window.
    fn characters(&self, window: usize, from: usize, to: usize) -> u32 {
        let bits = self.marks.get(window).and_then(|mark| self.inner.get(mark.inner as usize..));
        index(to.saturating_sub(from)) - bits.map_or(0, |bits| ones(bits, from, to))
    }
}

fn set(bits: &mut [u64], at: usize) {
    if let Some(word) = bits.get_mut(at / 64) {
        *word |= 1 << (at % 64);
    }
}

/// Which bits of word `word` lie in `from..to`.
fn mask(word: usize, from: usize, to: usize) -> u64 {
    let below = |at: usize| match at.saturating_sub(word * 64) {
        at @ 0..64 => (1_u64 << at) - 1,
        _ => u64::MAX,
    };
    below(to) & !below(from)
}

fn ones(bits: &[u64], from: usize, to: usize) -> u32 {
    let words = bits.iter().enumerate().take(to.div_ceil(64)).skip(from / 64);
    words.map(|(at, word)| (word & mask(at, from, to)).count_ones()).sum()
}

/// The last bit before `to`.
fn last_one(bits: &[u64], to: usize) -> Option<usize> {
    (0..to.div_ceil(64)).rev().find_map(|at| {
        let word = bits.get(at)? & mask(at, 0, to);
        (word != 0).then(|| at * 64 + 63 - word.leading_zeros() as usize)
    })
}

fn index(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
