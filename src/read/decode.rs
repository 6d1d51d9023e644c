//! From bytes to text: byte order marks, declared encodings, and a guess where there is neither.

use crate::model::{Damage, Source, Widths};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How much of an artifact is looked at to tell its encoding.
const SAMPLE: usize = 1 << 20;
/// How much is decoded at a time.
const CHUNK: usize = 16 << 10;

/// Decodes an artifact. In this order: a byte order mark; the zero bytes of UTF-16 and UTF-32; a multi-byte encoding
/// that an XML declaration names; UTF-8 where it is valid; any other declared encoding; a guess. Malformed sequences become U+FFFD, see `Source::damage`.
pub fn decode(bytes: &[u8]) -> Source {
    if let Ok(text) = std::str::from_utf8(without_mark(bytes))
        && !needs_decoding(bytes)
    {
        return finish_utf8(text.to_owned(), bytes.len());
    }
    decode_other(bytes)
}

/// The same, without a copy where the artifact is UTF-8.
pub fn decode_owned(bytes: Vec<u8>) -> Source {
    if needs_decoding(&bytes) {
        return decode_other(&bytes);
    }
    let length = bytes.len();
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            if text.starts_with('\u{feff}') {
                text.drain(..'\u{feff}'.len_utf8());
            }
            finish_utf8(text, length)
        }
        Err(error) => decode_other(error.as_bytes()),
    }
}

fn finish_utf8(text: String, disk_length: usize) -> Source {
    let skipped = disk_length - text.len();
    Source::utf8(text, skipped as u64).with_origin(Damage::default(), false, disk_length as u64)
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Whether the bytes are something else than UTF-8 although they may be valid UTF-8: zero bytes give UTF-16 away,
/// and a declared multi-byte encoding can look like it. (A declared single-byte encoding over valid UTF-8 is a wrong
/// label: text in Latin-1 is hardly ever valid UTF-8 by chance.)
fn needs_decoding(bytes: &[u8]) -> bool {
    wide_encoding(bytes).is_some() || declared(bytes).is_some_and(is_multi_byte)
}

fn is_multi_byte(encoding: &'static Encoding) -> bool {
    !encoding.is_single_byte() && ![UTF_8, UTF_16LE, UTF_16BE, REPLACEMENT].contains(&encoding)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wide {
    Utf16(&'static Encoding),
    Utf32 { big: bool },
}

fn decode_other(bytes: &[u8]) -> Source {
    match wide_encoding(bytes) {
        Some((Wide::Utf16(encoding), skipped)) => return decode_utf16(bytes, encoding, skipped),
        Some((Wide::Utf32 { big }, skipped)) => return decode_utf32(bytes, big, skipped),
        None => {}
    }
    let text = without_mark(bytes);
    if text.len() < bytes.len() {
        return decode_widths(bytes, bytes.len() - text.len(), UTF_8, false);
    }
    match declared(bytes) {
        // A declaration that can be read byte by byte is wrong about UTF-16.
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => decode_guess(bytes),
        Some(encoding) if encoding.is_single_byte() => decode_single(bytes, encoding, false),
        Some(encoding) if encoding != REPLACEMENT => decode_widths(bytes, 0, encoding, false),
        _ => decode_guess(bytes),
    }
}

/// UTF-16 or UTF-32, by byte order mark or by where the zero bytes stand, and the length of the mark.
fn wide_encoding(bytes: &[u8]) -> Option<(Wide, usize)> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] => return Some((Wide::Utf32 { big: false }, 4)),
        [0, 0, 0xfe, 0xff, ..] => return Some((Wide::Utf32 { big: true }, 4)),
        [0xff, 0xfe, ..] => return Some((Wide::Utf16(UTF_16LE), 2)),
        [0xfe, 0xff, ..] => return Some((Wide::Utf16(UTF_16BE), 2)),
        [b'<', 0, 0, 0, ..] => return Some((Wide::Utf32 { big: false }, 0)),
        [0, 0, 0, b'<', ..] => return Some((Wide::Utf32 { big: true }, 0)),
        _ => {}
    }
    let sample = bytes.get(..4096.min(bytes.len() & !1)).filter(|sample| !sample.is_empty())?;
    let zeros =
        |phase: usize| sample.iter().skip(phase).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), sample.len() / 2);
    // Text in a Latin script has a zero in nearly every pair, text in another one at each space and full stop.
    match (even, odd) {
        (0, odd) if odd * 8 >= pairs => Some((Wide::Utf16(UTF_16LE), 0)),
        (even, 0) if even * 8 >= pairs => Some((Wide::Utf16(UTF_16BE), 0)),
        _ => None,
    }
}

/// The encoding that an XML declaration names, if `encoding_rs` knows it.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    Encoding::for_label(declared_label(bytes)?)
}

/// The label of the encoding in an XML declaration that is written in ASCII.
pub(crate) fn declared_label(bytes: &[u8]) -> Option<&[u8]> {
    let rest = without_mark(bytes).strip_prefix(b"<?xml")?;
    let end = memchr::memmem::find(rest.get(..1024.min(rest.len()))?, b"?>")?;
    let declaration = rest.get(..end)?;
    let at = memchr::memmem::find(declaration, b"encoding")?;
    let value =
        declaration.get(at + 8..)?.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, value) = value.split_first()?;
    let end = memchr::memchr(*quote, value).filter(|_| matches!(quote, b'"' | b'\''))?;
    value.get(..end)
}

fn decode_guess(bytes: &[u8]) -> Source {
    let encoding = guess(bytes);
    if encoding.is_single_byte() {
        decode_single(bytes, encoding, true)
    } else {
        decode_widths(bytes, 0, encoding, true)
    }
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let first = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let sample = bytes.get(first.saturating_sub(SAMPLE / 8)..).unwrap_or_default();
    let sample = sample.get(..SAMPLE.min(sample.len())).unwrap_or_default();
    // The separators of a Concordance load file (0x14 and the thorn, 0xFE) are defined over Windows-1252.
    if memchr::memmem::find(sample, b"\xfe\x14\xfe").is_some() {
        return WINDOWS_1252;
    }
    // Mostly UTF-8 with a few bytes gone wrong is UTF-8.
    let (good, bad) = utf8_share(sample);
    if good > 4 * bad {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// How many sequences of two bytes and more are valid UTF-8, and how many are not.
fn utf8_share(sample: &[u8]) -> (usize, usize) {
    sample.utf8_chunks().fold((0, 0), |(good, bad), chunk| {
        let valid = chunk.valid().bytes().filter(|&byte| byte >= 0xc0).count();
        (good + valid, bad + usize::from(!chunk.invalid().is_empty()))
    })
}

fn decode_single(bytes: &[u8], encoding: &'static Encoding, guessed: bool) -> Source {
    let mut damage = Damage::default();
    let text = decode_units(bytes, encoding, &mut damage);
    let source = Source::single_byte(text, encoding.name());
    source.with_origin(damage, guessed, bytes.len() as u64)
}

fn decode_utf16(bytes: &[u8], encoding: &'static Encoding, skipped: usize) -> Source {
    let mut damage = Damage::default();
    let text = decode_units(bytes.get(skipped..).unwrap_or_default(), encoding, &mut damage);
    let source = Source::utf16(text, skipped as u64, encoding.name());
    source.with_origin(damage, false, bytes.len() as u64)
}

fn decode_utf32(bytes: &[u8], big: bool, skipped: usize) -> Source {
    let mut damage = Damage::default();
    let mut text = String::new();
    for unit in bytes.get(skipped..).unwrap_or_default().chunks(4) {
        let value = <[u8; 4]>::try_from(unit).ok().and_then(|unit| {
            char::from_u32(if big { u32::from_be_bytes(unit) } else { u32::from_le_bytes(unit) })
        });
        if value.is_none() {
            damage.add(text.len());
        }
        text.push(value.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    let name = if big { "UTF-32BE" } else { "UTF-32LE" };
    Source::utf32(text, skipped as u64, name).with_origin(damage, false, bytes.len() as u64)
}

/// Decodes an encoding whose characters tell their own length on disk.
fn decode_units(bytes: &[u8], encoding: &'static Encoding, damage: &mut Damage) -> String {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len());
    // The decoder initialises all the room it is given, so it gets a small buffer over and over.
    let mut room = String::from_utf8(vec![0; 4 * CHUNK]).unwrap_or_default();
    let mut rest = bytes;
    loop {
        let chunk = rest.get(..CHUNK).unwrap_or(rest);
        let last = chunk.len() == rest.len();
        let (result, read, written) =
            decoder.decode_to_str_without_replacement(chunk, room.as_mut_str(), last);
        text.push_str(room.get(..written).unwrap_or_default());
        rest = rest.get(read..).unwrap_or_default();
        match result {
            DecoderResult::Malformed(..) => {
                damage.add(text.len());
                text.push(char::REPLACEMENT_CHARACTER);
            }
            DecoderResult::InputEmpty if last => return text,
            DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
        }
    }
}

/// Decodes any encoding byte by byte, keeping how many bytes each character came from.
fn decode_widths(
    bytes: &[u8],
    skipped: usize,
    encoding: &'static Encoding,
    guessed: bool,
) -> Source {
    let mut out = ByteWise {
        text: String::new(),
        widths: Widths::default(),
        damage: Damage::default(),
        pending: 0,
    };
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut room = String::from_utf8(vec![0; 64]).unwrap_or_default();
    let mut rest = bytes.get(skipped..).unwrap_or_default();
    while !rest.is_empty() || out.pending > 0 {
        if out.pending == 0 && encoding.is_ascii_compatible() {
            let plain = Encoding::ascii_valid_up_to(rest);
            let (ascii, other) = rest.split_at(plain);
            out.text.push_str(std::str::from_utf8(ascii).unwrap_or_default());
            out.widths.push_ascii(plain);
            rest = other;
        }
        let byte = rest.get(..1).unwrap_or_default();
        let last = rest.len() <= 1;
        let (result, read, written) =
            decoder.decode_to_str_without_replacement(byte, room.as_mut_str(), last);
        rest = rest.get(read..).unwrap_or_default();
        out.take(room.get(..written).unwrap_or_default(), read);
        if let DecoderResult::Malformed(..) = result {
            out.malformed();
        } else if last && rest.is_empty() {
            break;
        }
    }
    let source = Source::with_widths(out.text, skipped as u64, encoding.name(), out.widths);
    source.with_origin(out.damage, guessed, bytes.len() as u64)
}

/// Text that grows as bytes go in one at a time.
struct ByteWise {
    text: String,
    widths: Widths,
    damage: Damage,
    /// Bytes read that no character has come of yet.
    pending: usize,
}

impl ByteWise {
    /// Takes what came out after `read` further bytes. Of several characters at once the first has taken the bytes
    /// that were waiting, and the last the newest.
    fn take(&mut self, written: &str, read: usize) {
        self.pending += read;
        let count = written.chars().count();
        for (at, c) in written.chars().enumerate() {
            let width = if at + 1 == count { self.pending } else { self.pending.saturating_sub(1) };
            self.widths.push(c.len_utf8(), width);
            self.pending -= width;
            self.text.push(c);
        }
    }

    fn malformed(&mut self) {
        self.damage.add(self.text.len());
        self.take("\u{fffd}", 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::ISO_2022_JP;
    use proptest::prelude::*;

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn every_kind_of_artifact_is_recognised() {
        let with_mark = |mark: &[u8], rest: Vec<u8>| [mark, &rest].concat();
        let latin = b"<?xml version='1.0' encoding=\"ISO-8859-1\"?><r>caf\xe9</r>".to_vec();
        let japanese =
            b"<?xml version='1.0' encoding='Shift_JIS'?><r>\x93\xfa\x96\x7b</r>".to_vec();
        let escaped =
            b"<?xml version='1.0' encoding='iso-2022-jp'?><r>\x1b$B\x46\x7c\x1b(B</r>".to_vec();
        let cases: &[(Vec<u8>, &str, &str)] = &[
            ("café".into(), "UTF-8", "café"),
            (with_mark(b"\xef\xbb\xbf", "café".into()), "UTF-8", "café"),
            (with_mark(b"\xff\xfe", utf16("café", false)), "UTF-16LE", "café"),
            (with_mark(b"\xfe\xff", utf16("café", true)), "UTF-16BE", "café"),
            (utf16("<r>a</r>", false), "UTF-16LE", "<r>a</r>"),
            (utf16("a plain note", true), "UTF-16BE", "a plain note"),
            (b"<\0\0\0>\0\0\0".to_vec(), "UTF-32LE", "<>"),
            (latin, "windows-1252", "café"),
            (japanese, "Shift_JIS", "日本"),
            (escaped, "ISO-2022-JP", "日"),
            (b"\xfeDOCID\xfe\x14\xfeNOTE\xfe".to_vec(), "windows-1252", "þNOTEþ"),
            (
                b"The caf\xe9 was closed; the r\xe9sum\xe9 was lost.".to_vec(),
                "windows-1252",
                "résumé",
            ),
            ("naïve café, zoë (E)\u{0}".into(), "UTF-8", "zoë (E)"),
        ];
        for (bytes, encoding, text) in cases {
            for source in [decode(bytes), decode_owned(bytes.clone())] {
                assert_eq!(source.encoding(), *encoding, "{text}");
                assert!(source.text().contains(text), "{text}");
                assert_eq!(source.damage().count, 0, "{text}");
                let at = source.text().find(text).unwrap();
                let span = source.disk_span(0, source.text().len());
                assert_eq!(span.end, bytes.len() as u64, "{text}");
                assert!(source.disk_span(at, at).start >= span.start);
            }
        }
    }

    #[test]
    fn malformed_sequences_are_counted_and_lead_back() {
        let cases: &[(&[u8], u64)] = &[
            (b"\xef\xbb\xbfab\xffcd", 1),
            (b"ab \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9 \xe2\x82 cd", 1),
            (b"\xff\xfea\0b\0\0\xd8c\0d\0", 1),
            (b"\xfe\xff\0a\0b\0c\0d\0", 1),
            (b"<?xml version='1.0' encoding='EUC-JP'?>\x8f\xffcd", 1),
        ];
        for (bytes, count) in cases {
            let source = decode(bytes);
            assert_eq!(source.damage().count, *count, "{}", source.encoding());
            let at = source.text().find("cd").unwrap();
            let unit = if source.encoding().starts_with("UTF-16") { 2 } else { 1 };
            let span = source.disk_span(at, at + 2);
            let slice =
                &bytes[usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap()];
            let cd: Vec<u8> = slice.iter().copied().filter(|&byte| byte != 0).collect();
            assert_eq!(
                (slice.len(), cd.as_slice()),
                (2 * unit, &b"cd"[..]),
                "{}",
                source.encoding()
            );
        }
    }

    #[test]
    fn a_guess_says_that_it_is_one() {
        assert!(decode(b"caf\xe9 au lait").is_guessed());
        assert!(!decode(b"<?xml version='1.0' encoding='latin1'?><a>caf\xe9</a>").is_guessed());
    }

    proptest! {
        #[test]
        fn every_character_leads_back_to_its_own_bytes(text in "[a-z<>é\u{3042}\u{4e00}-\u{4e20}ｱ ]{1,300}", which in 0..5_usize) {
            let encoding = [encoding_rs::SHIFT_JIS, encoding_rs::EUC_JP, encoding_rs::GB18030, ISO_2022_JP, UTF_8][which];
            let head = format!("<?xml version='1.0' encoding='{}'?>", encoding.name());
            let (body, _, unmappable) = encoding.encode(&text);
            prop_assume!(!unmappable);
            let bytes = [head.as_bytes(), &body].concat();
            let source = decode(&bytes);
            prop_assert_eq!(source.text(), format!("{head}{}", encoding.decode_without_bom_handling(&body).0));
            if encoding != ISO_2022_JP {
                for (at, c) in source.text().char_indices() {
                    let span = source.disk_span(at, at + c.len_utf8());
                    let slice = &bytes[usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap()];
                    let (back, _) = encoding.decode_without_bom_handling(slice);
                    prop_assert_eq!(back, c.to_string());
                }
            }
        }

        #[test]
        fn arbitrary_bytes_decode_and_end_where_the_artifact_ends(
            bytes in proptest::collection::vec(any::<u8>(), 0..400),
            label in prop::sample::select(&["", "euc-jp", "gb18030", "big5", "iso-2022-jp", "euc-kr", "shift_jis", "utf-8", "windows-1255"][..]),
        ) {
            let head = format!("<?xml version='1.0' encoding='{label}'?>");
            let bytes = if label.is_empty() { bytes } else { [head.as_bytes(), &bytes].concat() };
            let source = decode(&bytes);
            prop_assert!(source.disk_span(0, source.text().len()).end <= bytes.len() as u64);
            let owned = decode_owned(bytes);
            prop_assert_eq!(source.text(), owned.text());
        }
    }
}
