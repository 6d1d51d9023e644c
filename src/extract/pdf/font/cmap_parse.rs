//! Reads a `CMap` stream. Tolerant: what is damaged is skipped, the rest counts; never slower than linear.

use super::cmap::{CodeRange, Embedded};
use super::names;

/// What of a `CMap` is read; real ones stay far below.
const MAX_BYTES: usize = 4 << 20;
/// Bytes of one hexadecimal string that are kept: 32 UTF-16 units of text.
const MAX_STRING: usize = 64;
/// Codespace ranges that are kept.
const MAX_CODESPACES: usize = 256;
/// Text of all mappings together, in bytes.
const MAX_POOL: usize = 8 << 20;

/// Reads a `CMap` program (Adobe Technical Note 5014, ISO 32000-2 §9.7.5.4).
pub(super) fn parse(data: &[u8]) -> Embedded {
    let mut tokens = Tokens { data: data.get(..MAX_BYTES).unwrap_or(data), at: 0 };
    let mut map = Embedded::default();
    let mut previous = None;
    while let Some(token) = tokens.next() {
        match token {
            Token::Word(b"begincodespacerange") => read_codespaces(&mut tokens, &mut map),
            Token::Word(b"begincidrange") => read_cids(&mut tokens, &mut map, true),
            Token::Word(b"begincidchar") => read_cids(&mut tokens, &mut map, false),
            Token::Word(b"beginbfrange") => read_text_ranges(&mut tokens, &mut map),
            Token::Word(b"beginbfchar") => read_text_chars(&mut tokens, &mut map),
            Token::Word(b"usecmap") => {
                if let Some(Token::Name(name)) = previous {
                    map.base_name = Some(name.to_vec());
                }
            }
            Token::Integer(mode) if matches!(previous, Some(Token::Name(b"WMode"))) => {
                map.vertical = Some(mode == 1);
            }
            _ => {}
        }
        previous = Some(token);
    }
    map.cids.iter_mut().for_each(super::ranges::RangeMap::seal);
    map.texts.seal();
    map
}

fn read_codespaces(tokens: &mut Tokens<'_>, map: &mut Embedded) {
    while let Some(low) = tokens.next_hex() {
        let Some(high) = tokens.next_hex() else { return };
        if matches!(low.length, 1..=4) && map.codespaces.len() < MAX_CODESPACES {
            let bytes = u8::try_from(low.length).unwrap_or(1);
            map.codespaces.push(CodeRange { bytes, low: low.code(), high: high.code() });
        }
    }
}

fn read_cids(tokens: &mut Tokens<'_>, map: &mut Embedded, is_range: bool) {
    while let Some(first) = tokens.next_hex() {
        let last = if is_range { tokens.next_hex() } else { Some(first) };
        let (Some(last), Some(Token::Integer(cid))) = (last, tokens.next()) else { return };
        let cids = first.length.checked_sub(1).and_then(|at| map.cids.get_mut(at));
        if let (Some(cids), Ok(cid)) = (cids, u32::try_from(cid)) {
            cids.push(first.code(), last.code(), cid);
        }
    }
}

fn read_text_chars(tokens: &mut Tokens<'_>, map: &mut Embedded) {
    while let Some(code) = tokens.next_hex() {
        match tokens.next() {
            Some(Token::Hex(text)) => push_utf16(map, code.code(), code.code(), &text),
            Some(Token::Name(name)) => push_name(map, code.code(), name),
            Some(Token::Word(_)) | None => return,
            Some(_) => {}
        }
    }
}

fn read_text_ranges(tokens: &mut Tokens<'_>, map: &mut Embedded) {
    while let Some(first) = tokens.next_hex() {
        let Some(last) = tokens.next_hex() else { return };
        match tokens.next() {
            Some(Token::Hex(text)) => push_utf16(map, first.code(), last.code(), &text),
            Some(Token::Name(name)) => push_name(map, first.code(), name),
            Some(Token::Open) => read_text_array(tokens, map, first.code(), last.code()),
            Some(Token::Word(_)) | None => return,
            Some(_) => {}
        }
    }
}

fn read_text_array(tokens: &mut Tokens<'_>, map: &mut Embedded, first: u32, last: u32) {
    let mut code = first;
    loop {
        let before = tokens.at;
        match tokens.next() {
            Some(Token::Hex(text)) if code <= last => push_utf16(map, code, code, &text),
            Some(Token::Name(name)) if code <= last => push_name(map, code, name),
            Some(Token::Word(_)) => {
                tokens.at = before;
                return;
            }
            Some(Token::Close) | None => return,
            Some(_) => {}
        }
        code = code.saturating_add(1);
    }
}

fn push_utf16(map: &mut Embedded, first: u32, last: u32, text: &Hex) {
    let start = map.pool.len();
    if start >= MAX_POOL {
        return;
    }
    let bytes = text.bytes.get(..text.length).unwrap_or_default();
    // One byte is a character of its own in the CMaps of some producers.
    if let [byte] = bytes {
        map.pool.push(char::from(*byte));
    } else {
        let (units, _) = bytes.as_chunks::<2>();
        let units = units.iter().map(|unit| u16::from_be_bytes(*unit));
        map.pool.extend(char::decode_utf16(units).filter_map(Result::ok));
    }
    push_piece(map, first, last, start);
}

fn push_name(map: &mut Embedded, code: u32, name: &[u8]) {
    let start = map.pool.len();
    if start < MAX_POOL && names::push_text(name, false, &mut map.pool) {
        push_piece(map, code, code, start);
    }
}

fn push_piece(map: &mut Embedded, first: u32, last: u32, start: usize) {
    if let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(map.pool.len())) {
        map.texts.push(first, last, (start, end));
    }
}

#[derive(Clone, Copy)]
enum Token<'a> {
    Name(&'a [u8]),
    Word(&'a [u8]),
    Integer(i64),
    Hex(Hex),
    Open,
    Close,
}

/// A hexadecimal string, cut at `MAX_STRING` bytes.
#[derive(Clone, Copy)]
struct Hex {
    bytes: [u8; MAX_STRING],
    length: usize,
}

impl Hex {
    /// The bytes as a number, the last four where there are more.
    fn code(&self) -> u32 {
        let bytes = self.bytes.get(..self.length).unwrap_or_default();
        bytes.iter().fold(0_u32, |code, byte| code << 8 | u32::from(*byte))
    }
}

struct Tokens<'a> {
    data: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    /// The next token if it is a hexadecimal string; a word (`endbfchar`) is left for the caller's caller.
    fn next_hex(&mut self) -> Option<Hex> {
        loop {
            let before = self.at;
            match self.next()? {
                Token::Hex(hex) => return Some(hex),
                Token::Word(_) => {
                    self.at = before;
                    return None;
                }
                _ => {}
            }
        }
    }

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let byte = *self.data.get(self.at)?;
            self.at = self.at.saturating_add(1);
            match byte {
                b'%' => self.skip_until(|byte| matches!(byte, b'\n' | b'\r')),
                b'<' if self.data.get(self.at) == Some(&b'<') => {
                    self.at = self.at.saturating_add(1);
                }
                b'<' => return Some(Token::Hex(self.hex())),
                b'(' => self.skip_string(),
                b'[' => return Some(Token::Open),
                b']' => return Some(Token::Close),
                b'/' => return Some(Token::Name(self.regular())),
                _ if is_regular(byte) => {
                    self.at = self.at.saturating_sub(1);
                    let word = self.regular();
                    let number = std::str::from_utf8(word).ok().and_then(|word| word.parse().ok());
                    return Some(number.map_or(Token::Word(word), Token::Integer));
                }
                _ => {}
            }
        }
    }

    fn skip_until(&mut self, is_end: impl Fn(u8) -> bool) {
        let rest = self.data.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| is_end(*byte)).unwrap_or(rest.len());
        self.at = self.at.saturating_add(length);
    }

    fn regular(&mut self) -> &'a [u8] {
        let start = self.at;
        self.skip_until(|byte| !is_regular(byte));
        self.data.get(start..self.at).unwrap_or_default()
    }

    fn hex(&mut self) -> Hex {
        let start = self.at;
        self.skip_until(|byte| byte == b'>');
        let digits = self.data.get(start..self.at).unwrap_or_default();
        self.at = self.at.saturating_add(1);
        let mut hex = Hex { bytes: [0; MAX_STRING], length: 0 };
        let mut half = None;
        for digit in digits.iter().filter_map(|byte| char::from(*byte).to_digit(16)) {
            let digit = u8::try_from(digit).unwrap_or(0);
            match half.take() {
                None => half = Some(digit),
                Some(high) => hex.push(high << 4 | digit),
            }
        }
        if let Some(high) = half {
            hex.push(high << 4);
        }
        hex
    }

    fn skip_string(&mut self) {
        let mut depth = 1_usize;
        while let Some(byte) = self.data.get(self.at) {
            self.at = self.at.saturating_add(1);
            match byte {
                b'\\' => self.at = self.at.saturating_add(1),
                b'(' => depth = depth.saturating_add(1),
                b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }
}

impl Hex {
    fn push(&mut self, byte: u8) {
        if let Some(slot) = self.bytes.get_mut(self.length) {
            *slot = byte;
            self.length = self.length.saturating_add(1);
        }
    }
}

fn is_regular(byte: u8) -> bool {
    !matches!(
        byte,
        0 | b'\t'
            | b'\n'
            | 0x0C
            | b'\r'
            | b' '
            | b'('
            | b')'
            | b'<'
            | b'>'
            | b'['
            | b']'
            | b'{'
            | b'}'
            | b'/'
            | b'%'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_ranges_cost_one_entry() {
        let map = parse(b"beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange begincidrange <00000000> <FFFFFFFF> 1 endcidrange");
        assert!(map.pool.len() < 8);
        assert!(map.texts.get(u32::MAX).is_some());
    }

    #[test]
    fn damage_does_not_hide_what_follows() {
        let cases: [&[u8]; 6] = [
            b"beginbfchar <01> endbfchar beginbfchar <02> <0042> endbfchar",
            b"beginbfrange <01> <02> [<0041> endbfrange beginbfchar <02> <0042> endbfchar",
            b"(unbalanced \\) ) ( beginbfchar ) beginbfchar <02> <0042>",
            b"<</Registry (Adobe)>> def beginbfchar <0Z2> <00 42> endbfchar",
            b"% comment beginbfchar\n beginbfchar<02><0042>endbfchar",
            b"beginbfchar <02> /B endbfchar",
        ];
        for data in cases {
            let map = parse(data);
            let (_, (start, end)) = map.texts.get(2).unwrap();
            assert_eq!(map.pool.get(*start as usize..*end as usize), Some("B"));
        }
    }

    #[test]
    fn the_writing_mode_is_read() {
        assert_eq!(parse(b"/WMode 1 def").vertical, Some(true));
        assert_eq!(parse(b"/WMode 0 def").vertical, Some(false));
        assert_eq!(parse(b"").vertical, None);
    }
}
