//! Characters and names as the XML recommendation has them (XML 1.0, fifth edition, sections 2.2, 2.3 and 4.1).

/// White space of the `S` production.
#[inline]
pub(super) const fn is_white(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Whether `text` is white space only.
pub(super) fn is_blank(text: &str) -> bool {
    text.as_bytes().first().is_none_or(|&byte| is_white(byte)) && text.bytes().all(is_white)
}

/// Whether a character may stand in a document at all (`Char`).
pub(super) const fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

const fn is_name_start(c: char) -> bool {
    matches!(c, ':' | '_' | 'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}'
        | '\u{f8}'..='\u{2ff}' | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}'
        | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}'
        | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

/// `NameChar`.
pub(super) const fn is_name_char(c: char) -> bool {
    is_name_start(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

/// `Name`.
pub(super) fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(is_name_start) && chars.all(is_name_char)
}

/// Whether a name may be used with namespaces: at most one colon, and something that can begin a name on both sides.
pub(super) fn is_qualified_name(text: &str) -> bool {
    match text.split_once(':') {
        None => true,
        Some((prefix, local)) => is_name(prefix) && is_name(local) && !local.contains(':'),
    }
}

/// The character that `#40` or `#x28` stands for; none where it is malformed or stands for no XML character.
pub(super) fn referenced_char(body: &str) -> Option<char> {
    let digits = body.strip_prefix('#')?;
    let (digits, radix) = digits.strip_prefix('x').map_or((digits, 10), |hex| (hex, 16));
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    let digits = digits.trim_start_matches('0');
    u32::from_str_radix(digits, radix).ok().and_then(char::from_u32).filter(|&c| is_char(c))
}

/// What the five predefined entities stand for.
pub(super) fn predefined(name: &str) -> Option<&'static str> {
    Some(match name {
        "lt" => "<",
        "gt" => ">",
        "amp" => "&",
        "apos" => "'",
        "quot" => "\"",
        _ => return None,
    })
}

/// The offset of the first character that no XML document may hold.
pub(super) fn first_illegal(text: &str) -> Option<usize> {
    let control = |byte: u8| byte < 0x20 && !is_white(byte);
    let bytes = text.as_bytes();
    let mut start = 0;
    // In blocks without an exit, which the compiler turns into vector code.
    for block in bytes.chunks(1024) {
        if block.iter().fold(false, |any, &byte| any | control(byte)) {
            return block.iter().position(|&byte| control(byte)).map(|at| start + at);
        }
        start += block.len();
    }
    // U+FFFE and U+FFFF begin with a byte that hardly any text holds.
    memchr::memchr_iter(0xef, bytes).find(|&at| {
        bytes.get(at + 1) == Some(&0xbf) && bytes.get(at + 2).is_some_and(|&last| last >= 0xbe)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_resolve_to_legal_characters_only() {
        let cases = [
            ("#40", Some('(')),
            ("#x28", Some('(')),
            ("#x0000000000028", Some('(')),
            ("#0", None),
            ("#x1F", None),
            ("#xFFFE", None),
            ("#xD800", None),
            ("#X28", None),
            ("#-1", None),
            ("#", None),
            ("#99999999999", None),
        ];
        for (body, expected) in cases {
            assert_eq!(referenced_char(body), expected, "{body}");
        }
    }

    #[test]
    fn illegal_characters_are_found_wherever_they_stand() {
        let long = "a".repeat(3000);
        assert_eq!(first_illegal(&long), None);
        assert_eq!(first_illegal(&format!("{long}\u{1}b")), Some(3000));
        assert_eq!(first_illegal("ab\u{fffe}"), Some(2));
        assert_eq!(first_illegal("\u{fffd}\t\r\n"), None);
    }
}
