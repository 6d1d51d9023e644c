//! `CMap`s: from the bytes of a string to codes, CIDs and Unicode (ISO 32000-2 §9.7.5, §9.10.3).
//!
//! The predefined ones come from `hayro-cmap`; embedded ones are read by a tolerant parser of our own, because that
//! crate gives up a whole `CMap` at its first error and keeps no codespace ranges.

use super::super::objects::Objects;
use super::{cmap_parse, ranges::RangeMap};
use hayro_cmap::{BfString, CMapName};
use lopdf::Object;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// How many `CMap`s may build on one another.
const MAX_DEPTH: usize = 8;

/// How a string is split into codes, and which CID each has.
pub(super) enum CMap {
    /// Two bytes a code, the code is the CID.
    Identity { vertical: bool },
    /// One of the `CMap`s that every reader knows.
    Predefined(Predefined),
    /// From the file.
    Embedded(Box<Embedded>),
}

/// A `CMap` of ISO 32000-2 table 116.
pub(super) struct Predefined {
    pub(super) map: Rc<hayro_cmap::CMap>,
    pub(super) codespace: Codespace,
    pub(super) vertical: bool,
}

/// A `CMap` in a stream.
#[derive(Default)]
pub(super) struct Embedded {
    pub(super) vertical: Option<bool>,
    pub(super) codespaces: Vec<CodeRange>,
    /// By number of bytes, from 1.
    pub(super) cids: [RangeMap<u32>; 4],
    /// From code to a piece of `pool`.
    pub(super) texts: RangeMap<(u32, u32)>,
    pub(super) pool: String,
    pub(super) base_name: Option<Vec<u8>>,
    pub(super) base: Option<CMap>,
}

/// Codes of `bytes` bytes, each byte between that of `low` and that of `high`.
pub(super) struct CodeRange {
    pub(super) bytes: u8,
    pub(super) low: u32,
    pub(super) high: u32,
}

/// How the predefined `CMap`s split strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Codespace {
    /// Two bytes.
    Two,
    /// UTF-16: two bytes, four for a surrogate pair.
    Utf16,
    /// Shift-JIS: half-width katakana are one byte.
    ShiftJis,
    /// EUC, GBK, Big Five, UHC: one byte below 0x81, else two.
    Multibyte,
    /// GB 18030: four bytes where the second is a digit.
    Gb18030,
    /// CNS 11643 in EUC: four bytes after 0x8E.
    CnsEuc,
}

impl Codespace {
    fn of(name: &[u8]) -> Self {
        let has = |part: &[u8]| memchr::memmem::find(name, part).is_some();
        if has(b"UTF16") {
            Self::Utf16
        } else if has(b"UCS2") || name == b"H" || name == b"V" {
            Self::Two
        } else if has(b"RKSJ") {
            Self::ShiftJis
        } else if has(b"GBK2K") {
            Self::Gb18030
        } else if has(b"CNS-EUC") {
            Self::CnsEuc
        } else {
            Self::Multibyte
        }
    }

    fn length(self, string: &[u8]) -> usize {
        let first = string.first().copied().unwrap_or(0);
        let second = string.get(1).copied().unwrap_or(0);
        match self {
            Self::Utf16 if matches!(first, 0xD8..=0xDB) => 4,
            Self::Two | Self::Utf16 => 2,
            Self::ShiftJis if matches!(first, 0x81..=0x9F | 0xE0..=0xFC) => 2,
            Self::ShiftJis => 1,
            Self::Gb18030 if first >= 0x81 && second.is_ascii_digit() => 4,
            Self::CnsEuc if first == 0x8E => 4,
            _ if first >= 0x81 => 2,
            _ => 1,
        }
    }
}

impl CMap {
    /// The `CMap` that a font's `Encoding` names or holds; `None` where it is neither known nor readable.
    pub(super) fn load(objects: &Objects<'_>, object: &Object) -> Option<Self> {
        Self::load_nested(objects, object, 0)
    }

    fn load_nested(objects: &Objects<'_>, object: &Object, depth: usize) -> Option<Self> {
        match objects.resolve(object) {
            Object::Name(name) => Self::named(name),
            Object::Stream(stream) if depth < MAX_DEPTH => {
                let (data, _) = objects.data(stream);
                let mut map = cmap_parse::parse(&data);
                if let Some(Object::Integer(mode)) = objects.get(&stream.dict, b"WMode") {
                    map.vertical = Some(*mode == 1);
                }
                map.base = match objects.get(&stream.dict, b"UseCMap") {
                    Some(base) => Self::load_nested(objects, base, depth.saturating_add(1)),
                    None => map.base_name.take().and_then(|name| Self::named(&name)),
                };
                Some(Self::Embedded(Box::new(map)))
            }
            _ => None,
        }
    }

    /// A predefined `CMap`.
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        match name {
            b"Identity-H" | b"Identity" => Some(Self::Identity { vertical: false }),
            b"Identity-V" => Some(Self::Identity { vertical: true }),
            _ => predefined(name).map(|map| {
                let vertical = name == b"V" || name.ends_with(b"-V");
                Self::Predefined(Predefined { map, codespace: Codespace::of(name), vertical })
            }),
        }
    }

    /// Whether text runs from top to bottom.
    pub(super) fn is_vertical(&self) -> bool {
        match self {
            Self::Identity { vertical } => *vertical,
            Self::Predefined(map) => map.vertical,
            Self::Embedded(map) => {
                map.vertical.unwrap_or_else(|| map.base.as_ref().is_some_and(Self::is_vertical))
            }
        }
    }

    /// The first code of a string that is not empty, and its length in bytes, at least 1.
    pub(super) fn next_code(&self, string: &[u8]) -> (u32, usize) {
        let length = match self {
            Self::Identity { .. } => 2,
            Self::Predefined(map) => map.codespace.length(string),
            Self::Embedded(map) => map.code_length(string),
        };
        let bytes = string.get(..length).unwrap_or(string);
        (big_endian(bytes), bytes.len().max(1))
    }

    /// The CID of a code of `length` bytes.
    pub(super) fn cid(&self, code: u32, length: usize) -> Option<u32> {
        match self {
            Self::Identity { .. } => Some(code),
            Self::Predefined(map) => map.map.lookup_cid_code(code, u8::try_from(length).ok()?),
            Self::Embedded(map) => map.cid(code, length),
        }
    }

    /// Appends the Unicode text of a code; false where the `CMap` has none.
    pub(super) fn push_text(&self, code: u32, out: &mut String) -> bool {
        match self {
            // Not in the standard, but viewers take `/ToUnicode /Identity-H` as it is meant (pdf.js issue 11915).
            Self::Identity { .. } => push_char(code, out),
            Self::Predefined(map) => push_predefined(&map.map, code, out),
            Self::Embedded(map) => map.push_text(code, out),
        }
    }

    /// Whether the `CMap` has codes for texts: in place of a `ToUnicode` it tells next to nothing.
    pub(super) fn is_identity(&self) -> bool {
        match self {
            Self::Identity { .. } => true,
            Self::Predefined(_) => false,
            Self::Embedded(map) => {
                map.texts.is_empty() && map.base.as_ref().is_none_or(Self::is_identity)
            }
        }
    }

    /// Whether codes are Unicode themselves (`UniGB-UTF16-H` and its kin): the text of such a code.
    pub(super) fn push_unicode_code(&self, code: u32, length: usize, out: &mut String) -> bool {
        let Self::Predefined(map) = self else { return false };
        let name = map.map.metadata().name.as_deref().unwrap_or_default();
        if !name.starts_with(b"Uni") {
            return false;
        }
        if length == 4 {
            let (high, low) = (code >> 16, code & 0xFFFF);
            let pair = [u16::try_from(high).unwrap_or(0), u16::try_from(low).unwrap_or(0)];
            return char::decode_utf16(pair).next().and_then(Result::ok).is_some_and(|char| {
                out.push(char);
                true
            });
        }
        push_char(code, out)
    }
}

impl Embedded {
    fn code_length(&self, string: &[u8]) -> usize {
        let mut code = 0_u32;
        for (at, byte) in string.iter().take(4).enumerate() {
            code = code << 8 | u32::from(*byte);
            let length = at.saturating_add(1);
            if self.codespaces.iter().any(|range| range.holds(code, length)) {
                return length;
            }
        }
        if self.codespaces.is_empty() {
            if let Some(base) = &self.base {
                return base.next_code(string).1;
            }
            let only_single = !self.cids.first().is_none_or(RangeMap::is_empty)
                && self.cids.iter().skip(1).all(RangeMap::is_empty);
            return if only_single { 1 } else { 2 };
        }
        self.codespaces.iter().map(|range| usize::from(range.bytes)).min().unwrap_or(1)
    }

    fn cid(&self, code: u32, length: usize) -> Option<u32> {
        let own =
            length.checked_sub(1).and_then(|at| self.cids.get(at)).and_then(|cids| cids.get(code));
        if let Some((offset, first)) = own {
            return first.checked_add(offset);
        }
        if let Some(base) = &self.base {
            return base.cid(code, length);
        }
        // Some producers write the encoding itself with bfchar (pdf.js bug 920426).
        let mut text = String::new();
        let is_text_only = self.cids.iter().all(RangeMap::is_empty);
        if is_text_only && self.push_text(code, &mut text) {
            return text.chars().next().map(u32::from);
        }
        is_text_only.then_some(code)
    }

    fn push_text(&self, code: u32, out: &mut String) -> bool {
        if let Some((offset, (start, end))) = self.texts.get(code) {
            let range = usize::try_from(*start).unwrap_or(0)..usize::try_from(*end).unwrap_or(0);
            let text = self.pool.get(range).unwrap_or_default();
            return push_shifted(text, offset, out);
        }
        if let Some(base) = &self.base {
            return base.push_text(code, out);
        }
        // Some producers write ToUnicode with cidrange.
        let is_cid_only = self.texts.is_empty();
        let found = self.cids.iter().find_map(|cids| cids.get(code));
        if let (true, Some((offset, first))) = (is_cid_only, found) {
            return first.checked_add(offset).is_some_and(|unit| push_char(unit, out));
        }
        false
    }
}

impl CodeRange {
    /// Whether each byte of the code lies between those of the range.
    fn holds(&self, code: u32, length: usize) -> bool {
        usize::from(self.bytes) == length
            && code
                .to_be_bytes()
                .iter()
                .zip(self.low.to_be_bytes())
                .zip(self.high.to_be_bytes())
                .all(|((byte, low), high)| (low..=high).contains(byte))
    }
}

/// The text of a range's first code, moved on by `offset` in its last character.
fn push_shifted(text: &str, offset: u32, out: &mut String) -> bool {
    let Some(last) = text.chars().next_back() else { return false };
    let Some(shifted) = u32::from(last).checked_add(offset).and_then(char::from_u32) else {
        return false;
    };
    out.push_str(text.get(..text.len().saturating_sub(last.len_utf8())).unwrap_or_default());
    out.push(shifted);
    true
}

fn push_char(code: u32, out: &mut String) -> bool {
    char::from_u32(code).is_some_and(|char| {
        out.push(char);
        true
    })
}

/// Appends what a `CMap` of `hayro-cmap` has as text of a code or, in a `…-UCS2` one, of a CID.
pub(super) fn push_predefined(map: &hayro_cmap::CMap, code: u32, out: &mut String) -> bool {
    match map.lookup_bf_string(code) {
        Some(BfString::Char(char)) => out.push(char),
        Some(BfString::String(text)) => out.push_str(&text),
        None => return false,
    }
    true
}

/// A predefined `CMap`, read once per thread.
pub(super) fn predefined(name: &[u8]) -> Option<Rc<hayro_cmap::CMap>> {
    thread_local! {
        static READ: RefCell<BTreeMap<Vec<u8>, Option<Rc<hayro_cmap::CMap>>>> = const { RefCell::new(BTreeMap::new()) };
    }
    // A name from a file that is no predefined one must not fill the cache.
    if matches!(CMapName::from_bytes(name), CMapName::Custom(_)) {
        return None;
    }
    READ.with_borrow_mut(|read| {
        if let Some(map) = read.get(name) {
            return map.clone();
        }
        let map = hayro_cmap::load_embedded(CMapName::from_bytes(name))
            .and_then(|data| hayro_cmap::CMap::parse(data, hayro_cmap::load_embedded))
            .map(Rc::new);
        read.insert(name.to_vec(), map.clone());
        map
    })
}

fn big_endian(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |code, byte| code << 8 | u32::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn embedded(text: &str) -> CMap {
        CMap::Embedded(Box::new(cmap_parse::parse(text.as_bytes())))
    }

    #[test]
    fn strings_are_split_by_the_codespace() {
        let shift_jis = CMap::named(b"90ms-RKSJ-H").unwrap();
        assert_eq!(shift_jis.next_code(b"A\x82\xA0"), (0x41, 1));
        assert_eq!(shift_jis.next_code(b"\x82\xA0"), (0x82A0, 2));
        assert_eq!(shift_jis.next_code(b"\xB1\xB2"), (0xB1, 1));
        let own = embedded("begincodespacerange <00> <80> <8140> <9FFC> endcodespacerange");
        assert_eq!(own.next_code(b"\x41\x42"), (0x41, 1));
        assert_eq!(own.next_code(b"\x81\x41"), (0x8141, 2));
        // A code outside every range takes as many bytes as the shortest one.
        assert_eq!(own.next_code(b"\xFF\xFF"), (0xFF, 1));
        assert_eq!(
            CMap::named(b"UniJIS-UTF16-H").unwrap().next_code(b"\xD8\x40\xDC\x0B"),
            (0xD840_DC0B, 4)
        );
        assert_eq!(CMap::named(b"Identity-H").unwrap().next_code(b"\x01"), (1, 1));
    }

    #[test]
    fn predefined_cmaps_know_their_cids() {
        let cases: [(&[u8], u32, usize, Option<u32>); 4] = [
            (b"90ms-RKSJ-H", 0x82A0, 2, Some(843)),
            (b"UniJIS-UCS2-H", 0x3042, 2, Some(843)),
            (b"H", 0x2422, 2, Some(843)),
            (b"Identity-H", 0x1234, 2, Some(0x1234)),
        ];
        for (name, code, length, expected) in cases {
            assert_eq!(CMap::named(name).unwrap().cid(code, length), expected);
        }
        assert!(CMap::named(b"V").unwrap().is_vertical());
        assert!(CMap::named(b"No-Such-CMap").is_none());
    }

    #[test]
    fn a_collection_gives_unicode_for_a_cid() {
        let mut out = String::new();
        assert!(push_predefined(&predefined(b"Adobe-Japan1-UCS2").unwrap(), 843, &mut out));
        assert_eq!(out, "\u{3042}");
    }

    #[test]
    fn an_embedded_cmap_builds_on_another() {
        let map = cmap_parse::parse(b"/90ms-RKSJ-H usecmap 1 begincidchar <82A0> 7 endcidchar");
        assert_eq!(map.base_name.as_deref(), Some(b"90ms-RKSJ-H".as_slice()));
        let map = CMap::Embedded(Box::new(Embedded { base: CMap::named(b"90ms-RKSJ-H"), ..map }));
        assert_eq!(map.next_code(b"\x82\xA2"), (0x82A2, 2));
        assert_eq!((map.cid(0x82A0, 2), map.cid(0x82A2, 2)), (Some(7), Some(845)));
    }

    #[test]
    fn texts_come_from_chars_ranges_arrays_and_surrogates() {
        let map = embedded(
            "1 beginbfchar <01> <0041> <02><D83DDE00> <03> <00660069> endbfchar
             3 beginbfrange <0010> <0012> <0061> <0020> <0021> [<0078> <0079007A>] <30> <32> <D83DDE00> endbfrange",
        );
        let text = |code| {
            let mut out = String::new();
            map.push_text(code, &mut out).then_some(out)
        };
        let cases = [
            (0x01, Some("A")),
            (0x02, Some("\u{1F600}")),
            (0x03, Some("fi")),
            (0x12, Some("c")),
            (0x20, Some("x")),
            (0x21, Some("yz")),
            (0x32, Some("\u{1F602}")),
            (0x99, None),
        ];
        for (code, expected) in cases {
            assert_eq!(text(code).as_deref(), expected, "{code:x}");
        }
    }
}
