//! The text of a text-like artifact, and the way back from it to the bytes on disk.

use super::Span;
use std::sync::OnceLock;

/// Decoded text of an artifact and the map from its offsets to the artifact's bytes.
pub struct Source {
    text: String,
    /// Bytes before the text begins (a byte order mark).
    skipped: u64,
    map: OffsetMap,
    line_starts: OnceLock<Vec<u32>>,
}

/// How offsets of the decoded text relate to the bytes on disk.
enum OffsetMap {
    /// The artifact is UTF-8: offset for offset.
    Identity,
    /// Pairs `(offset in text, offset on disk)`, ascending, one for each place where the two advance differently
    /// from one byte a byte; `unit` tells how a character between two pairs counts.
    Units { unit: Unit },
    /// Every character's disk offset cannot be computed: pairs for each character that starts a new ratio.
    Pairs(Vec<(u32, u32)>),
}

#[derive(Clone, Copy)]
enum Unit {
    /// One byte a character (Latin-1, Windows-125x).
    SingleByte,
    /// Two bytes a UTF-16 code unit.
    Utf16,
}

impl Source {
    /// Text of a UTF-8 artifact; `skipped` is the length of its byte order mark.
    pub fn utf8(text: String, skipped: u64) -> Self {
        Self::new(text, skipped, OffsetMap::Identity)
    }

    /// Text of an artifact in an encoding with one byte a character.
    pub fn single_byte(text: String) -> Self {
        Self::new(text, 0, OffsetMap::Units { unit: Unit::SingleByte })
    }

    /// Text of a UTF-16 artifact; `skipped` is the length of its byte order mark.
    pub fn utf16(text: String, skipped: u64) -> Self {
        Self::new(text, skipped, OffsetMap::Units { unit: Unit::Utf16 })
    }

    /// Text with explicit pairs `(offset in text, offset on disk)`, ascending, the first at offset 0; between two
    /// pairs the text has no finer map.
    pub fn with_pairs(text: String, pairs: Vec<(u32, u32)>) -> Self {
        Self::new(text, 0, OffsetMap::Pairs(pairs))
    }

    fn new(text: String, skipped: u64, map: OffsetMap) -> Self {
        Self { text, skipped, map, line_starts: OnceLock::new() }
    }

    /// The decoded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes on disk behind `start..end` of the decoded text.
    pub fn disk_span(&self, start: usize, end: usize) -> Span {
        Span { start: self.disk_offset(start), end: self.disk_offset(end.max(start)) }
    }

    /// Line and column, both from 1, the column in characters. Lines end at LF, CR LF or CR.
    pub fn line_column(&self, offset: usize) -> (u32, u32) {
        let offset = self.floor(offset);
        let starts = self.line_starts.get_or_init(|| line_starts(&self.text));
        let line = starts.partition_point(|&start| start as usize <= offset).max(1);
        let start = starts.get(line - 1).map_or(0, |&start| start as usize);
        let column = self.text.get(start..offset).map_or(0, |before| before.chars().count());
        (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column + 1).unwrap_or(u32::MAX))
    }

    fn floor(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    fn disk_offset(&self, offset: usize) -> u64 {
        let offset = self.floor(offset);
        match &self.map {
            OffsetMap::Identity => self.skipped + offset as u64,
            OffsetMap::Units { unit } => self.skipped + self.counted(offset, *unit),
            OffsetMap::Pairs(pairs) => {
                let after = pairs.partition_point(|&(text, _)| text as usize <= offset);
                pairs.get(after.saturating_sub(1)).map_or(0, |&(text, disk)| {
                    if text as usize == offset {
                        u64::from(disk)
                    } else {
                        pairs.get(after).map_or(u64::from(disk), |&(_, next)| u64::from(next))
                    }
                })
            }
        }
    }

    fn counted(&self, offset: usize, unit: Unit) -> u64 {
        let before = self.text.get(..offset).unwrap_or_default();
        match unit {
            Unit::SingleByte => before.chars().count() as u64,
            Unit::Utf16 => before.chars().map(|c| 2 * c.len_utf16() as u64).sum(),
        }
    }
}

fn line_starts(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        let crlf = bytes.get(at) == Some(&b'\r') && bytes.get(at + 1) == Some(&b'\n');
        if !crlf {
            starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
        }
    }
    starts
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
        let utf16 = Source::utf16("aé𝄞b".to_owned(), 2);
        assert_eq!(utf16.disk_span(1, 7), Span { start: 4, end: 10 });
        let latin = Source::single_byte("aéb".to_owned());
        assert_eq!(latin.disk_span(1, 3), Span { start: 1, end: 2 });
    }
}
