//! The tokeniser of content streams (ISO 32000-2 §7.2, §7.8.2): borrows from the stream, never allocates for
//! numbers, names, operators or plain strings, and takes whatever real producers write.

use std::borrow::Cow;

/// One token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'s> {
    /// A number.
    Number(f32),
    /// A name without its solidus, escapes (`#20`) still in it; see [`name`].
    Name(&'s [u8]),
    /// A literal string without its outer parentheses and without any escapes.
    Plain(&'s [u8]),
    /// A literal string without its outer parentheses, escapes still in it; see [`string`].
    Literal(&'s [u8]),
    /// A hexadecimal string without its angle brackets; see [`string`].
    Hex(&'s [u8]),
    /// `[`.
    ArrayStart,
    /// `]`.
    ArrayEnd,
    /// `<<`.
    DictionaryStart,
    /// `>>`.
    DictionaryEnd,
    /// Any other word: an operator, `true`, `false`, `null`.
    Operator(Operator),
}

/// An operator of up to four characters, packed; longer words come out as [`Operator::OTHER`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Operator(pub(super) u32);

impl Operator {
    /// A word too long to be an operator.
    pub(super) const OTHER: Self = Self(0);

    /// Packs a word.
    pub(super) const fn new(word: &[u8]) -> Self {
        let mut packed = 0;
        let mut rest = word;
        while let [first, tail @ ..] = rest {
            packed = packed << 8 | *first as u32;
            rest = tail;
        }
        if word.len() > 4 { Self::OTHER } else { Self(packed) }
    }
}

const WHITE: u8 = 1;
const DELIMITER: u8 = 2;
const NUMERIC: u8 = 4;

const CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "the loop ends at 256")]
        let class = match byte as u8 {
            0 | b'\t' | b'\n' | 12 | b'\r' | b' ' => WHITE,
            b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%' => DELIMITER,
            b'0'..=b'9' | b'+' | b'-' | b'.' => NUMERIC,
            _ => 0,
        };
        #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
        {
            table[byte] = class;
        }
        byte += 1;
    }
    table
}

fn class(byte: u8) -> u8 {
    CLASSES.get(usize::from(byte)).copied().unwrap_or(0)
}

/// Reads tokens off a content stream.
#[derive(Clone)]
pub(super) struct Tokens<'s> {
    rest: &'s [u8],
}

impl<'s> Tokens<'s> {
    /// Starts at the beginning of `stream`.
    pub(super) fn new(stream: &'s [u8]) -> Self {
        Self { rest: stream }
    }

    /// What has not been read yet.
    pub(super) fn rest(&self) -> &'s [u8] {
        self.rest
    }

    /// Skips `count` bytes.
    pub(super) fn skip(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
    }

    fn take(&mut self, count: usize) -> &'s [u8] {
        let (taken, rest) = self.rest.split_at_checked(count).unwrap_or((self.rest, &[]));
        self.rest = rest;
        taken
    }

    fn skip_blank(&mut self) {
        while let Some((&first, tail)) = self.rest.split_first() {
            if class(first) == WHITE {
                self.rest = tail;
            } else if first == b'%' {
                let end = memchr::memchr2(b'\n', b'\r', tail).unwrap_or(tail.len());
                self.rest = tail.get(end..).unwrap_or_default();
            } else {
                return;
            }
        }
    }

    fn word(&mut self) -> &'s [u8] {
        let end = self
            .rest
            .iter()
            .position(|&byte| class(byte) & (WHITE | DELIMITER) != 0)
            .unwrap_or(self.rest.len());
        self.take(end)
    }

    fn literal(&mut self) -> Token<'s> {
        let (mut depth, mut at, mut plain) = (0_usize, 0_usize, true);
        // Strings are short; a plain loop is faster than a vector search.
        while let Some(&byte) = self.rest.get(at) {
            match byte {
                b'\\' => {
                    plain = false;
                    at = at.saturating_add(1);
                }
                b'\r' => plain = false,
                b'(' => depth = depth.saturating_add(1),
                b')' if depth == 0 => break,
                b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            at = at.saturating_add(1);
        }
        let raw = self.take(at.min(self.rest.len()));
        self.skip(1);
        if plain { Token::Plain(raw) } else { Token::Literal(raw) }
    }

    fn number(&mut self) -> Token<'s> {
        let (value, length) = number(self.rest);
        // A number runs into letters in broken streams (`0Td`, `1e5`); the letters are the next word.
        self.skip(length.max(1));
        Token::Number(value)
    }

    fn delimited(&mut self, first: u8) -> Token<'s> {
        self.skip(1);
        match first {
            b'/' => Token::Name(self.word()),
            b'(' => self.literal(),
            b'<' if self.rest.first() == Some(&b'<') => {
                self.skip(1);
                Token::DictionaryStart
            }
            b'<' => {
                let end = memchr::memchr(b'>', self.rest).unwrap_or(self.rest.len());
                let hex = self.take(end);
                self.skip(1);
                Token::Hex(hex)
            }
            b'>' if self.rest.first() == Some(&b'>') => {
                self.skip(1);
                Token::DictionaryEnd
            }
            b'[' => Token::ArrayStart,
            b']' => Token::ArrayEnd,
            // Stray parentheses and braces mean nothing here.
            _ => Token::Operator(Operator::OTHER),
        }
    }
}

impl<'s> Iterator for Tokens<'s> {
    type Item = Token<'s>;

    fn next(&mut self) -> Option<Token<'s>> {
        self.skip_blank();
        let first = *self.rest.first()?;
        Some(match class(first) {
            NUMERIC => self.number(),
            DELIMITER => self.delimited(first),
            _ => Token::Operator(Operator::new(self.word())),
        })
    }
}

/// The value of the number at the beginning of `bytes`, and its length. Signs may repeat (`--5`), a sign inside
/// ends the number (`12-34` is 12, as in other readers), and an exponent is honoured.
pub(super) fn number(bytes: &[u8]) -> (f32, usize) {
    let mut whole = 0_u64;
    let mut scale = 0_usize;
    let (mut negative, mut fraction, mut digits) = (false, false, 0_usize);
    let mut length = 0_usize;
    for &byte in bytes {
        match byte {
            b'-' if digits == 0 && !fraction => negative = true,
            b'+' if digits == 0 && !fraction => {}
            b'.' if !fraction => fraction = true,
            b'0'..=b'9' => {
                digits = digits.saturating_add(1);
                // More digits than an f32 can tell apart only move the decimal point.
                if whole < 1 << 40 {
                    whole = whole.wrapping_mul(10).wrapping_add(u64::from(byte & 15));
                    scale = scale.saturating_add(usize::from(fraction));
                } else if !fraction {
                    return (if negative { f32::MIN } else { f32::MAX }, number_end(bytes));
                }
            }
            // `12.3.4` and `12-34`: the rest belongs to no number.
            b'.' | b'-' | b'+' => {
                return (value(whole, scale, negative), number_end(bytes));
            }
            _ => break,
        }
        length = length.saturating_add(1);
    }
    let (power, extra) = exponent(bytes.get(length..).unwrap_or_default());
    let value = (value(whole, scale, negative) * power).clamp(f32::MIN, f32::MAX);
    (value, length.saturating_add(extra))
}

fn number_end(bytes: &[u8]) -> usize {
    bytes.iter().position(|&byte| class(byte) != NUMERIC).unwrap_or(bytes.len())
}

fn value(whole: u64, scale: usize, negative: bool) -> f32 {
    const POWERS: [f64; 14] =
        [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13];
    #[expect(clippy::cast_precision_loss, reason = "fewer than 2^53")]
    let magnitude = whole as f64 / POWERS.get(scale).copied().unwrap_or(1e13);
    #[expect(clippy::cast_possible_truncation, reason = "the imaging model works in f32")]
    let magnitude = magnitude as f32;
    if negative { -magnitude } else { magnitude }
}

/// `e-5` after a number: not in the standard, but written by some producers.
fn exponent(bytes: &[u8]) -> (f32, usize) {
    let Some((b'e' | b'E', tail)) = bytes.split_first() else { return (1.0, 0) };
    let (negative, digits) = match tail.split_first() {
        Some((b'-', digits)) => (true, digits),
        Some((b'+', digits)) => (false, digits),
        _ => (false, tail),
    };
    let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if count == 0 {
        return (1.0, 0);
    }
    let power = digits
        .iter()
        .take(count.min(3))
        .fold(0_i32, |power, &digit| power.saturating_mul(10).saturating_add(i32::from(digit & 15)))
        .min(38);
    let sign = tail.len().saturating_sub(digits.len());
    let value = 10_f32.powi(if negative { power.saturating_neg() } else { power });
    (value, count.saturating_add(sign).saturating_add(1))
}

/// A name with its escapes undone (ISO 32000-2 §7.3.5).
pub(super) fn name(raw: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'#', raw).is_none() {
        return Cow::Borrowed(raw);
    }
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = (first == b'#').then(|| match tail {
            [high, low, ..] => Some(hex_digit(*high)? << 4 | hex_digit(*low)?),
            _ => None,
        });
        if let Some(Some(byte)) = escaped {
            out.push(byte);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            out.push(first);
            rest = tail;
        }
    }
    Cow::Owned(out)
}

/// The bytes of a string token; `None` for any other token. Escapes are undone in `scratch`, strings without any
/// are borrowed (ISO 32000-2 §7.3.4).
pub(super) fn string<'b>(token: &Token<'b>, scratch: &'b mut Vec<u8>) -> Option<&'b [u8]> {
    match *token {
        Token::Plain(raw) => Some(raw),
        Token::Literal(raw) => {
            scratch.clear();
            unescape(raw, scratch);
            Some(scratch)
        }
        Token::Hex(raw) => {
            scratch.clear();
            unhex(raw, scratch);
            Some(scratch)
        }
        _ => None,
    }
}

/// Undoes the escapes of a literal string.
fn unescape(raw: &[u8], out: &mut Vec<u8>) {
    let mut rest = raw;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match byte {
            b'\\' => rest = escape(tail, out),
            b'\r' => {
                rest = tail.strip_prefix(b"\n").unwrap_or(tail);
                out.push(b'\n');
            }
            other => out.push(other),
        }
    }
}

/// Undoes one escape, from behind its backslash; what follows it.
fn escape<'s>(tail: &'s [u8], out: &mut Vec<u8>) -> &'s [u8] {
    let Some((&first, rest)) = tail.split_first() else { return tail };
    match first {
        b'n' => out.push(b'\n'),
        b'r' => out.push(b'\r'),
        b't' => out.push(b'\t'),
        b'b' => out.push(8),
        b'f' => out.push(12),
        b'0'..=b'7' => {
            let digits = tail.iter().take(3).take_while(|digit| matches!(digit, b'0'..=b'7'));
            let (count, code) = digits.fold((0_usize, 0_u8), |(count, code), digit| {
                (count.saturating_add(1), code.wrapping_shl(3) | digit & 7)
            });
            out.push(code);
            return tail.get(count..).unwrap_or_default();
        }
        b'\r' => return rest.strip_prefix(b"\n").unwrap_or(rest),
        b'\n' => {}
        other => out.push(other),
    }
    rest
}

/// Decodes hexadecimal digits, anything else between them ignored; an odd last digit counts as if 0 followed.
pub(super) fn unhex(raw: &[u8], out: &mut Vec<u8>) {
    let mut high = None;
    for digit in raw.iter().filter_map(|&byte| hex_digit(byte)) {
        match high.take() {
            Some(first) => out.push(first << 4 | digit),
            None => high = Some(digit),
        }
    }
    out.extend(high.map(|first| first << 4));
}

/// All strings of a stream, one blank between two: what a search through the raw data would find.
pub(super) fn shown_text(stream: &[u8]) -> String {
    let mut text = String::new();
    let mut scratch = Vec::new();
    for token in Tokens::new(stream) {
        if let Some(bytes) = string(&token, &mut scratch) {
            text.extend(bytes.iter().map(|&byte| char::from(byte)));
        } else if let Token::Operator(_) = token {
            text.push(' ');
        }
    }
    text
}

fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte & 15),
        b'a'..=b'f' | b'A'..=b'F' => Some((byte & 7).wrapping_add(9)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operator(word: &[u8]) -> Token<'_> {
        Token::Operator(Operator::new(word))
    }

    #[test]
    fn numbers_are_read_as_producers_write_them() {
        let cases: &[(&str, f32)] = &[
            ("0", 0.0),
            ("-.5", -0.5),
            ("+17", 17.0),
            ("4.", 4.0),
            ("--5", -5.0),
            ("12-34", 12.0),
            ("1.2.3", 1.2),
            ("1e-2", 0.01),
            ("2E3", 2000.0),
            ("0.000000000000000001", 0.0),
            ("123456789", 123_456_789.0),
            ("-", 0.0),
        ];
        for (text, expected) in cases {
            let tokens: Vec<_> = Tokens::new(text.as_bytes()).collect();
            let [Token::Number(value)] = tokens.as_slice() else { panic!("{text}: {tokens:?}") };
            assert!((value - expected).abs() <= expected.abs() * 1e-6 + 1e-9, "{text}: {value}");
        }
    }

    #[test]
    fn words_need_no_white_space_between_them() {
        let tokens: Vec<_> = Tokens::new(b"/F1 12Tf[(a)-20<62>]TJ% note\rET<</A[]>>").collect();
        let expected = [
            Token::Name(b"F1"),
            Token::Number(12.0),
            operator(b"Tf"),
            Token::ArrayStart,
            Token::Plain(b"a"),
            Token::Number(-20.0),
            Token::Hex(b"62"),
            Token::ArrayEnd,
            operator(b"TJ"),
            operator(b"ET"),
            Token::DictionaryStart,
            Token::Name(b"A"),
            Token::ArrayStart,
            Token::ArrayEnd,
            Token::DictionaryEnd,
        ];
        assert_eq!(tokens, expected);
    }

    #[test]
    fn strings_and_names_lose_their_escapes() {
        let cases: &[(&[u8], &[u8])] = &[
            (b"(plain)", b"plain"),
            (b"(a(b)c)", b"a(b)c"),
            (br"(\(\)\\\n\101\7z)", b"()\\\nA\x07z"),
            (b"(a\\\r\nb\rc)", b"ab\nc"),
            (b"<4 1 4>", b"A@"),
            (b"(never closed", b"never closed"),
        ];
        for (source, expected) in cases {
            let token = Tokens::new(source).next().unwrap();
            assert_eq!(string(&token, &mut Vec::new()), Some(*expected));
        }
        assert_eq!(name(b"A#20B#4").as_ref(), b"A B#4");
    }

    #[test]
    fn every_number_is_finite() {
        for source in [".e23999999", "0e99", "1e400", "-7.5e38", "99999999999999999999e9"] {
            let (value, length) = number(source.as_bytes());
            assert!(value.is_finite(), "{source}");
            assert!(length >= source.len() - 2, "{source}");
        }
    }

    #[test]
    fn a_long_word_is_no_operator_and_rubbish_ends() {
        assert_eq!(Tokens::new(b"endstream").next(), Some(Token::Operator(Operator::OTHER)));
        assert!(Tokens::new(b")}{>\xff\x00<<(").count() <= 8);
    }
}
