//! From glyph names to Unicode: the Adobe Glyph List and its rules
//! (<https://github.com/adobe-type-tools/agl-specification>), TeX names, and the odd names that producers make up.

use super::tables;
use skrifa::raw::ps::agl;

/// Longer names cannot be those of a character.
const MAX_NAME: usize = 128;
/// Components of a ligature name that are read.
const MAX_COMPONENTS: usize = 16;

/// Appends the text of a glyph name; false (and nothing appended) where the name tells none. `dingbats`: the font
/// is `ZapfDingbats`, where `a1` to `a206` are ornaments.
pub(super) fn push_text(name: &[u8], dingbats: bool, out: &mut String) -> bool {
    let Some(name) =
        name.get(..name.len().min(MAX_NAME)).and_then(|name| std::str::from_utf8(name).ok())
    else {
        return false;
    };
    let base = name.split('.').next().unwrap_or_default();
    let before = out.len();
    for component in base.split('_').take(MAX_COMPONENTS) {
        push_component(component, dingbats, out);
    }
    out.len() > before
}

fn push_component(name: &str, dingbats: bool, out: &mut String) {
    if name.is_empty() || (!dingbats && is_ornament(name)) {
        return;
    }
    let before = out.len();
    out.extend(agl::name_to_chars(name));
    if out.len() > before {
        if let Some(plain) = plain_form(name, out.get(before..).unwrap_or_default()) {
            out.truncate(before);
            out.push(plain);
        }
    } else if let Some(char) = tex_char(name).or_else(|| loose_hex(name)) {
        out.push(char);
    }
}

/// `a` and a number: an ornament in `ZapfDingbats`, a code in other fonts.
fn is_ornament(name: &str) -> bool {
    name.strip_prefix('a')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The character that a reader sees where the list has only a private one: `Asmall`, `sevenoldstyle`.
fn plain_form(name: &str, text: &str) -> Option<char> {
    let is_private = text.chars().all(|char| matches!(char, '\u{E000}'..='\u{F8FF}'));
    if !is_private {
        return None;
    }
    let endings = ["small", "oldstyle", "superior", "inferior", "serif", "sans"];
    let stem = endings.iter().find_map(|ending| name.strip_suffix(ending))?;
    let stem = if stem == "register" { "registered" } else { stem };
    agl::name_to_char(stem).or_else(|| agl::name_to_char(&stem.to_ascii_lowercase()))
}

fn tex_char(name: &str) -> Option<char> {
    let at = tables::TEX_NAMES.binary_search_by(|(key, _)| (*key).cmp(name)).ok()?;
    tables::TEX_NAMES.get(at).and_then(|(_, unit)| char::from_u32(u32::from(*unit)))
}

/// `uni20ac` and `u1f600` in lower case, which the list's rules forbid and viewers read (pdf.js `unicode.js`).
fn loose_hex(name: &str) -> Option<char> {
    let digits = name
        .strip_prefix("uni")
        .filter(|digits| digits.len() == 4)
        .or_else(|| name.strip_prefix('u').filter(|digits| (4..=6).contains(&digits.len())))?;
    u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
}

/// The code that a made-up name states: `C0032`, `a45`, `G41`, `41`. Decimal unless `hex`.
///
/// Poppler (`GfxFont.cc`, `parseNumericName`) takes such a number for the character, `MuPDF` (`encodings.c`) only after
/// `a`, pdf.js (`evaluator.js`) after `G`, `g`, `C` and `c` under rules of their own. Behind `g` it is the number of
/// a glyph more often than a code (pdf.js bug 1027533); see [`glyph_index`].
pub(super) fn numeric(name: &[u8], hex: bool) -> Option<char> {
    let (prefix, digits) = split_number(name).filter(|(prefix, _)| *prefix != b"g")?;
    let radix = if hex || prefix == b"G" { 16 } else { 10 };
    let value = u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()?;
    match value {
        0x20..=0x7E | 0xA0..=0x024F => char::from_u32(value),
        0x80..=0x9F => {
            let unit = tables::WIN_ANSI.get(usize::try_from(value).ok()?)?;
            char::from_u32(u32::from(*unit))
        }
        _ => None,
    }
}

/// The glyph that a made-up name numbers in the font it was taken from: `g23`, `g0024` (hexadecimal), `gid00023`,
/// `glyph23`, `cid:23`, `index23`.
pub(super) fn glyph_index(name: &[u8]) -> Option<u32> {
    let name = std::str::from_utf8(name).ok()?;
    let prefixes = ["glyph", "gid", "g", "cid:", "cid", "index"];
    let (prefix, digits) =
        prefixes.iter().find_map(|prefix| Some((*prefix, name.strip_prefix(*prefix)?)))?;
    let radix = if prefix == "g" && digits.len() == 4 { 16 } else { 10 };
    (digits.len() <= 5).then(|| u32::from_str_radix(digits, radix).ok())?
}

/// Whether a made-up name is a number behind at most two letters.
pub(super) fn states_number(name: &[u8], hex: bool) -> bool {
    split_number(name).is_some_and(|(prefix, digits)| {
        prefix != b"g" && (hex || prefix == b"G" || digits.iter().all(u8::is_ascii_digit))
    })
}

/// Whether a made-up name can only be hexadecimal, and with it all such names of its font (poppler, `GfxFont.cc`).
pub(super) fn is_hex(name: &[u8]) -> bool {
    split_number(name).is_some_and(|(prefix, digits)| {
        prefix.len() <= 1 && digits.len() == 2 && digits.iter().any(u8::is_ascii_alphabetic)
    })
}

/// A prefix of at most two letters and two to four digits, hexadecimal ones among them.
fn split_number(name: &[u8]) -> Option<(&[u8], &[u8])> {
    for prefix in 0..=2_usize {
        let (letters, digits) = name.split_at_checked(prefix)?;
        let is_number = digits.iter().any(u8::is_ascii_digit) || letters == b"G";
        let is_number = is_number
            && letters.iter().all(u8::is_ascii_alphabetic)
            && digits.iter().all(u8::is_ascii_hexdigit)
            && (2..=4).contains(&digits.len());
        // `C0032` is a prefix and a number; of both readings the one with the longer prefix counts.
        let is_prefixed = digits.len() > 2 && digits.first().is_some_and(u8::is_ascii_alphabetic);
        if is_number && !is_prefixed {
            return Some((letters, digits));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(name: &str) -> Option<String> {
        let mut out = String::new();
        push_text(name.as_bytes(), false, &mut out).then_some(out)
    }

    #[test]
    fn names_follow_the_glyph_list_and_its_rules() {
        let cases = [
            ("A", Some("A")),
            ("Lcommaaccent", Some("\u{13B}")),
            ("uni20AC0308", Some("\u{20AC}\u{308}")),
            ("uni20ac", Some("\u{20AC}")),
            ("u1040C", Some("\u{1040C}")),
            ("uniD801", None),
            ("a.sc", Some("a")),
            ("f_f_i", Some("ffi")),
            ("Lcommaaccent_uni20AC0308_u1040C.alternate", Some("\u{13B}\u{20AC}\u{308}\u{1040C}")),
            ("Asmall", Some("A")),
            ("Aacutesmall", Some("\u{C1}")),
            ("sevenoldstyle", Some("7")),
            ("registerserif", Some("\u{AE}")),
            ("Digamma", Some("\u{3DD}")),
            (".notdef", None),
            ("foo", None),
            ("g23", None),
            ("a45", None),
            ("", None),
        ];
        for (name, expected) in cases {
            assert_eq!(text(name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn ornaments_are_read_only_in_their_font() {
        let mut out = String::new();
        assert!(push_text(b"a9", true, &mut out));
        assert_eq!(out, "\u{2720}");
        assert!(!push_text(b"a9", false, &mut out));
    }

    #[test]
    fn names_may_number_a_glyph() {
        let cases = [
            ("g23", Some(23)),
            ("g003a", Some(58)),
            ("gid00035", Some(35)),
            ("glyph7", Some(7)),
            ("cid:23", Some(23)),
            ("index9", Some(9)),
            ("gamma", None),
            ("g", None),
            ("A", None),
        ];
        for (name, expected) in cases {
            assert_eq!(glyph_index(name.as_bytes()), expected, "{name}");
        }
    }

    #[test]
    fn made_up_names_state_a_code_or_nothing() {
        let cases = [
            ("C0065", false, Some('A')),
            ("a65", false, Some('A')),
            ("a145", false, Some('\u{2018}')),
            ("G41", false, Some('A')),
            ("GFD", false, Some('\u{FD}')),
            ("g0041", false, None),
            ("65", false, Some('A')),
            ("A41", true, Some('A')),
            ("c7A", true, Some('z')),
            ("g23", false, None),
            ("cid:23", false, None),
            ("glyph65", false, None),
            ("a12", false, None),
        ];
        for (name, hex, expected) in cases {
            assert_eq!(numeric(name.as_bytes(), hex), expected, "{name}");
        }
        assert!(is_hex(b"A4F") && is_hex(b"4F") && !is_hex(b"A45") && !is_hex(b"fbe"));
    }
}
