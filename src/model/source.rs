//! The text of a text-like artifact, and the way back from it to the bytes on disk.
//!
//! Nothing is kept per character where it can be computed: every few thousand bytes there is a mark, and a look-up
//! counts from the nearest one. A file of a hundred megabytes in one line costs no more a look-up than a short one.

mod lines;

use super::Span;
use lines::Lines;
use std::sync::OnceLock;

/// Bytes of text between two marks: the most that one look-up has to count through.
const WINDOW: usize = 4096;
/// From how many bytes on a text is let go.
const WORTH_LETTING_GO: usize = 1 << 20;

/// Decoded text of an artifact and the map from its offsets to the artifact's bytes.
pub struct Source {
    /// Empty once it was let go.
    text: String,
    /// Its length in bytes.
    length: usize,
    /// Bytes before the text begins (a byte order mark).
    skipped: u64,
    /// The artifact's length in bytes.
    disk_length: u64,
    encoding: &'static str,
    guessed: bool,
    damage: Damage,
    map: OffsetMap,
    lines: OnceLock<Lines>,
}

/// Byte sequences that the encoding does not allow; each became one U+FFFD.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Damage {
    /// How many there are.
    pub count: u64,
    /// Offset of the first in the decoded text.
    pub first: usize,
}

impl Damage {
    /// Counts a malformed sequence whose replacement stands at `offset` of the text.
    pub fn add(&mut self, offset: usize) {
        if self.count == 0 {
            self.first = offset;
        }
        self.count += 1;
    }
}

/// How offsets of the decoded text relate to the bytes on disk.
enum OffsetMap {
    /// The artifact is UTF-8: offset for offset.
    Identity,
    /// Every character takes as many bytes as its unit says. Marks: bytes on disk before every `WINDOW` of text.
    Units { unit: Unit, marks: OnceLock<Vec<u32>> },
    /// Nothing can be told from the text alone.
    Widths(Widths),
}

#[derive(Clone, Copy)]
enum Unit {
    /// One byte a character (Latin-1, Windows-125x).
    SingleByte,
    /// Two bytes a UTF-16 code unit.
    Utf16,
    /// Four bytes a character.
    Utf32,
}

impl Unit {
    fn width(self, c: char) -> u64 {
        match self {
            Self::SingleByte => 1,
            Self::Utf16 => 2 * c.len_utf16() as u64,
            Self::Utf32 => 4,
        }
    }
}

/// How many bytes on disk each character came from, for encodings where the character does not tell. Half a byte a
/// character, and a mark every thousand.
#[derive(Default)]
pub struct Widths {
    nibbles: Vec<u8>,
    count: usize,
    /// `(offset in text, offset on disk)` of every `EVERY`th character.
    marks: Vec<(u32, u32)>,
    /// Characters with a width beyond 14 and that width, ascending.
    wide: Vec<(u32, u32)>,
    text: usize,
    disk: usize,
}

impl Widths {
    const EVERY: usize = 1024;

    /// Adds a character of `text_length` bytes of UTF-8 that came from `disk_length` bytes.
    pub fn push(&mut self, text_length: usize, disk_length: usize) {
        if self.count.is_multiple_of(Self::EVERY) {
            self.marks.push((index(self.text), index(self.disk)));
        }
        let nibble =
            u8::try_from(disk_length).ok().filter(|&width| width < 15).unwrap_or_else(|| {
                self.wide.push((index(self.count), index(disk_length)));
                15
            });
        match self.nibbles.last_mut() {
            Some(last) if !self.count.is_multiple_of(2) => *last |= nibble << 4,
            _ => self.nibbles.push(nibble),
        }
        self.count += 1;
        self.text += text_length;
        self.disk += disk_length;
    }

    /// Adds `length` characters of one byte each, here and on disk.
    pub fn push_ascii(&mut self, length: usize) {
        for _ in 0..length {
            self.push(1, 1);
        }
    }

    fn width(&self, character: usize) -> u64 {
        let pair = self.nibbles.get(character / 2).copied().unwrap_or_default();
        let nibble = if character.is_multiple_of(2) { pair & 15 } else { pair >> 4 };
        if nibble < 15 {
            return u64::from(nibble);
        }
        let at = self.wide.binary_search_by_key(&character, |&(at, _)| at as usize);
        at.ok().and_then(|at| self.wide.get(at)).map_or(15, |&(_, width)| u64::from(width))
    }

    fn disk_offset(&self, text: &str, offset: usize) -> u64 {
        let after = self.marks.partition_point(|&(text, _)| text as usize <= offset);
        let Some(mark) = after.checked_sub(1) else { return 0 };
        let (start, disk) = self.marks.get(mark).copied().unwrap_or_default();
        let between = text.get(start as usize..offset).unwrap_or_default();
        let first = mark * Self::EVERY;
        between.chars().zip(first..).fold(u64::from(disk), |sum, (_, at)| sum + self.width(at))
    }
}

impl Source {
    /// Text of a UTF-8 artifact; `skipped` is the length of its byte order mark.
    pub fn utf8(text: String, skipped: u64) -> Self {
        Self::new(text, skipped, "UTF-8", OffsetMap::Identity)
    }

    /// Text of an artifact in an encoding with one byte a character.
    pub fn single_byte(text: String, encoding: &'static str) -> Self {
        let map = OffsetMap::Units { unit: Unit::SingleByte, marks: OnceLock::new() };
        Self::new(text, 0, encoding, map)
    }

    /// Text of a UTF-16 artifact; `skipped` is the length of its byte order mark.
    pub fn utf16(text: String, skipped: u64, encoding: &'static str) -> Self {
        let map = OffsetMap::Units { unit: Unit::Utf16, marks: OnceLock::new() };
        Self::new(text, skipped, encoding, map)
    }

    /// Text of a UTF-32 artifact; `skipped` is the length of its byte order mark.
    pub fn utf32(text: String, skipped: u64, encoding: &'static str) -> Self {
        let map = OffsetMap::Units { unit: Unit::Utf32, marks: OnceLock::new() };
        Self::new(text, skipped, encoding, map)
    }

    /// Text whose characters take differing numbers of bytes on disk.
    pub fn with_widths(text: String, skipped: u64, encoding: &'static str, widths: Widths) -> Self {
        Self::new(text, skipped, encoding, OffsetMap::Widths(widths))
    }

    fn new(text: String, skipped: u64, encoding: &'static str, map: OffsetMap) -> Self {
        Self {
            length: text.len(),
            text,
            skipped,
            disk_length: u64::MAX,
            encoding,
            guessed: false,
            damage: Damage::default(),
            map,
            lines: OnceLock::new(),
        }
    }

    /// The same source, knowing what the decoder met: malformed sequences, whether the encoding is only a guess, and
    /// the artifact's length in bytes.
    #[must_use]
    pub fn with_origin(self, damage: Damage, guessed: bool, disk_length: u64) -> Self {
        Self { disk_length, guessed, damage, ..self }
    }

    /// Lets go of the text where lines, columns and spans can be told without it: once it was read, nobody needs it,
    /// and it is half of what a large document takes.
    pub(crate) fn let_go(&mut self) {
        if self.length >= WORTH_LETTING_GO && matches!(self.map, OffsetMap::Identity) {
            self.lines();
            self.text = String::new();
        }
    }

    /// The decoded text; empty in a document that was read, if it is a large one.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The encoding's name as `encoding_rs` has it: `UTF-8`, `UTF-16LE`, `windows-1252`.
    pub fn encoding(&self) -> &'static str {
        self.encoding
    }

    /// Whether nothing in the artifact told its encoding: no byte order mark, no declaration, and not UTF-8.
    pub fn is_guessed(&self) -> bool {
        self.guessed
    }

    /// Byte sequences that were no text in this encoding.
    pub fn damage(&self) -> Damage {
        self.damage
    }

    /// The bytes on disk behind `start..end` of the decoded text.
    pub fn disk_span(&self, start: usize, end: usize) -> Span {
        Span { start: self.disk_offset(start), end: self.disk_offset(end.max(start)) }
    }

    /// Line and column, both from 1, the column in characters. Lines end at LF, CR LF or CR.
    pub fn line_column(&self, offset: usize) -> (u32, u32) {
        self.lines().line_column(self.floor(offset))
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::of(&self.text))
    }

    /// The start of the character around an offset, or the end of the text.
    fn floor(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.length);
        if self.text.len() == self.length {
            while !self.text.is_char_boundary(offset) {
                offset -= 1;
            }
        } else {
            while self.lines().is_inner(offset) {
                offset -= 1;
            }
        }
        offset
    }

    fn disk_offset(&self, offset: usize) -> u64 {
        let offset = self.floor(offset);
        let disk = match &self.map {
            OffsetMap::Identity => offset as u64,
            OffsetMap::Units { unit, marks } => self.counted(offset, *unit, marks),
            OffsetMap::Widths(widths) => widths.disk_offset(&self.text, offset),
        };
        // A code unit cut short at the end counts as a whole one; the file ends before it.
        (self.skipped + disk).min(self.disk_length)
    }

    fn counted(&self, offset: usize, unit: Unit, marks: &OnceLock<Vec<u32>>) -> u64 {
        let length = |from: usize, to: usize| -> u64 {
            let between = self.text.get(from..to).unwrap_or_default();
            between.chars().map(|c| unit.width(c)).sum()
        };
        let marks = marks.get_or_init(|| {
            let mut sum = 0;
            let windows = 0..=self.text.len() / WINDOW;
            let mut step = |window: usize| {
                let start = self.floor(window.saturating_sub(1) * WINDOW);
                sum += length(start, self.floor(window * WINDOW));
                u32::try_from(sum).unwrap_or(u32::MAX)
            };
            windows.map(&mut step).collect()
        });
        let window = offset / WINDOW;
        let before = marks.get(window).map_or(0, |&sum| u64::from(sum));
        before + length(self.floor(window * WINDOW), offset)
    }
}

fn index(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_every_kind_of_line_break() {
        let source = Source::utf8("a\r\nbé\rc\nd".to_owned(), 0);
        let places: Vec<_> =
            [0, 3, 6, 7, 9].iter().map(|&offset| source.line_column(offset)).collect();
        assert_eq!(places, [(1, 1), (2, 1), (2, 3), (3, 1), (4, 1)]);
    }

    #[test]
    fn offsets_lead_back_to_the_bytes_on_disk() {
        let utf16 = Source::utf16("aé𝄞b".to_owned(), 2, "UTF-16LE");
        assert_eq!(utf16.disk_span(1, 7), Span { start: 4, end: 10 });
        let latin = Source::single_byte("aéb".to_owned(), "windows-1252");
        assert_eq!(latin.disk_span(1, 3), Span { start: 1, end: 2 });
    }

    #[test]
    fn lines_columns_and_spans_agree_with_counting_from_the_start_across_windows() {
        let text: String =
            (0..4000).map(|n| ["é", "a", "\r\n", "𝄞", "\n", "b"][n * n % 6]).collect();
        let utf8 = Source::utf8(text.clone(), 3);
        let utf16 = Source::utf16(text.clone(), 2, "UTF-16BE");
        let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        for &at in starts.iter().step_by(7) {
            let (before, _) = text.split_at(at);
            let units = before.encode_utf16().count() as u64;
            assert_eq!(utf16.disk_span(at, at).start, 2 + 2 * units);
            assert_eq!(utf8.disk_span(at, at).start, 3 + at as u64);
            let line_start = before.rfind('\n').map_or(0, |at| at + 1);
            let line = u32::try_from(before.matches('\n').count() + 1).unwrap();
            let column = u32::try_from(before.split_at(line_start).1.chars().count() + 1).unwrap();
            assert_eq!(utf8.line_column(at), (line, column), "at {at}");
        }
    }

    #[test]
    fn a_large_text_that_was_let_go_still_tells_lines_columns_and_spans() {
        let pieces = ["é", "plain text of some length\n", "a\r\n", "𝄞", "b\r", "c", " – "];
        let text: String = (0..200_000_usize).map(|n| pieces[n * n % 7]).collect();
        let kept = Source::utf8(text.clone(), 3);
        let mut lean = Source::utf8(text.clone(), 3);
        lean.let_go();
        assert_eq!(lean.text(), "");
        for at in (0..text.len() + 2).step_by(13).chain(text.len() - 4096..text.len() + 2) {
            assert_eq!(lean.line_column(at), kept.line_column(at), "at {at}");
            assert_eq!(lean.disk_span(at, at + 9), kept.disk_span(at, at + 9), "at {at}");
        }
    }

    #[test]
    fn characters_of_any_width_lead_back() {
        let mut widths = Widths::default();
        let mut text = String::new();
        let mut expected = Vec::new();
        let mut disk = 0;
        for n in 0..5000_usize {
            let (c, width) = [('a', 1), ('語', 2), ('ｱ', 1), ('本', 40)][n % 4];
            expected.push((text.len(), disk));
            widths.push(c.len_utf8(), width);
            text.push(c);
            disk += width as u64;
        }
        let source = Source::with_widths(text, 0, "Shift_JIS", widths);
        for (offset, disk) in expected {
            assert_eq!(source.disk_span(offset, offset).start, disk);
        }
    }
}
