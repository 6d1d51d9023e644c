//! The standard 14 fonts (ISO 32000-2 §9.6.2.2), and which of them stands in for a font that is not embedded.

use super::tables;
use skrifa::raw::ps::agl;
use skrifa::raw::tables::post::DEFAULT_GLYPH_NAMES;

/// One of the standard fonts, as far as metrics tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standard {
    /// Courier in any style.
    Courier,
    /// A column of `tables::TEXT_WIDTHS`.
    Text(u8),
    /// Symbol.
    Symbol,
    /// `ZapfDingbats`.
    ZapfDingbats,
}

const HELVETICA: u8 = 0;
const TIMES: u8 = 2;

impl Standard {
    /// The font of that name: one of the 14, or an old alias such as `Arial,Bold` or `TimesNewRomanPS-BoldMT`.
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        let name = plain_name(name);
        let is_bold = name.contains("bold");
        let is_italic = name.contains("italic") || name.contains("oblique");
        let family = name.split(['-', ',']).next().unwrap_or_default();
        let family = family.trim_end_matches("mt").trim_end_matches("ps");
        match family {
            "helvetica" | "arial" | "arialbold" => {
                Some(Self::Text(HELVETICA.saturating_add(u8::from(is_bold))))
            }
            "times" | "timesroman" | "timesnewroman" | "timesnewromanps" | "timesbold"
            | "timesnewromanbold" => Some(Self::times(is_bold, is_italic)),
            "courier" | "couriernew" | "couriernewps" | "courierstd" => Some(Self::Courier),
            "symbol" => Some(Self::Symbol),
            "zapfdingbats" => Some(Self::ZapfDingbats),
            _ => None,
        }
    }

    /// The font that a viewer would take for one that is neither embedded nor standard. `flags` are those of the
    /// font descriptor (ISO 32000-2 table 121).
    pub(super) fn substitute(name: &[u8], flags: i64) -> Self {
        const FIXED_PITCH: i64 = 1;
        const SERIF: i64 = 2;
        const ITALIC: i64 = 1 << 6;
        const FORCE_BOLD: i64 = 1 << 18;
        let name = plain_name(name);
        let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
        let is_bold = flags & FORCE_BOLD != 0 || has(&["bold", "black", "heavy", "demi"]);
        let is_italic = flags & ITALIC != 0 || has(&["italic", "oblique"]);
        if has(&["dingbat"]) {
            Self::ZapfDingbats
        } else if flags & FIXED_PITCH != 0 || has(&["courier", "mono"]) {
            Self::Courier
        } else if flags & SERIF != 0
            || has(&["times", "serif", "roman", "georgia", "garamond"]) && !has(&["sans"])
        {
            Self::times(is_bold, is_italic)
        } else {
            Self::Text(HELVETICA.saturating_add(u8::from(is_bold)))
        }
    }

    fn times(is_bold: bool, is_italic: bool) -> Self {
        let column = u8::from(is_bold).saturating_add(u8::from(is_italic).saturating_mul(2));
        Self::Text(TIMES.saturating_add(column))
    }

    /// The font's own encoding, where it is not `StandardEncoding`.
    pub(super) fn encoding(self) -> Option<&'static [u16; 256]> {
        match self {
            Self::Symbol => Some(&tables::SYMBOL),
            Self::ZapfDingbats => Some(&tables::ZAPF_DINGBATS),
            Self::Courier | Self::Text(_) => None,
        }
    }

    /// The width of a character in thousandths of the font size; `None` where the font lacks it.
    pub(super) fn width(self, char: char) -> Option<u16> {
        let unit = u16::try_from(u32::from(char)).ok()?;
        let in_symbols = |encoding: &[u16; 256], widths: &[u16; 256]| {
            let code = encoding.iter().position(|known| *known == unit && unit != 0)?;
            widths.get(code).copied()
        };
        match self {
            Self::Courier => Some(600),
            Self::Symbol => in_symbols(&tables::SYMBOL, &tables::SYMBOL_WIDTHS),
            Self::ZapfDingbats => in_symbols(&tables::ZAPF_DINGBATS, &tables::ZAPF_DINGBATS_WIDTHS),
            Self::Text(column) => {
                let row =
                    tables::TEXT_WIDTHS.binary_search_by_key(&unit, |(unit, _)| *unit).ok()?;
                tables::TEXT_WIDTHS.get(row)?.1.get(usize::from(column)).copied()
            }
        }
    }

    /// Ascent and descent as shares of the font size, from the AFM files.
    pub(super) fn extent(self) -> (f32, f32) {
        match self {
            Self::Courier => (0.629, -0.157),
            Self::Text(HELVETICA | 1) => (0.718, -0.207),
            Self::Text(_) => (0.683, -0.217),
            Self::Symbol => (0.75, -0.25),
            Self::ZapfDingbats => (0.82, -0.143),
        }
    }
}

/// Whether the reader's own copy of a font that is not embedded numbers its glyphs as [`core_font_char`] has it.
pub(super) fn is_core_font(name: &[u8]) -> bool {
    let name = plain_name(name);
    let families =
        ["arial", "timesnewroman", "couriernew", "verdana", "georgia", "trebuchet", "tahoma"];
    families.iter().any(|family| name.starts_with(family))
        && !name.starts_with("arialunicode")
        && !name.starts_with("arialnarrow")
}

/// The character of a glyph by its number in the fonts that Windows has always had. Their glyphs stand in the order
/// of the Macintosh set (OpenType `post` format 1), and files that do not embed them number the glyphs all the same:
/// a viewer shows them with the reader's own copy. Arial, Times New Roman and Courier New lack the set's no-break
/// space and apple; of the others only the part before these is sure.
pub(super) fn core_font_char(name: &[u8], glyph: u32) -> Option<char> {
    if !is_core_font(name) {
        return None;
    }
    let name = plain_name(name);
    let families = ["arial", "timesnewroman", "couriernew"];
    let is_first = families.iter().any(|family| name.starts_with(family));
    let left_out = match glyph {
        0..=171 => 0,
        172..=208 if is_first && !name.starts_with("arialblack") => 1,
        209.. if is_first && !name.starts_with("arialblack") => 2,
        _ => return None,
    };
    let name = DEFAULT_GLYPH_NAMES.get(usize::try_from(glyph.checked_add(left_out)?).ok()?)?;
    agl::name_to_char(if *name == "nonmarkingreturn" { "space" } else { name })
}

/// Lower case, without the `ABCDEF+` of a subset and without spaces.
fn plain_name(name: &[u8]) -> String {
    let name = match name.split_at_checked(7) {
        Some((prefix, rest)) if prefix.ends_with(b"+") => rest,
        _ => name,
    };
    String::from_utf8_lossy(name.get(..name.len().min(128)).unwrap_or_default())
        .chars()
        .filter(|char| !matches!(char, ' ' | '_'))
        .map(|char| char.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_fonts_are_known_by_name_and_alias() {
        let cases: [(&[u8], Option<Standard>); 12] = [
            (b"Helvetica", Some(Standard::Text(0))),
            (b"Helvetica-BoldOblique", Some(Standard::Text(1))),
            (b"ArialMT", Some(Standard::Text(0))),
            (b"Arial,Bold", Some(Standard::Text(1))),
            (b"Arial-BoldItalicMT", Some(Standard::Text(1))),
            (b"Times-Roman", Some(Standard::Text(2))),
            (b"Times-BoldItalic", Some(Standard::Text(5))),
            (b"TimesNewRomanPS-BoldMT", Some(Standard::Text(3))),
            (b"ABCDEF+CourierNew", Some(Standard::Courier)),
            (b"Symbol", Some(Standard::Symbol)),
            (b"ArialNarrow", None),
            (b"Verdana", None),
        ];
        for (name, expected) in cases {
            assert_eq!(Standard::named(name), expected, "{}", String::from_utf8_lossy(name));
        }
    }

    #[test]
    fn widths_are_those_of_the_metric_files() {
        let cases = [
            (Standard::Text(0), 'A', Some(667)),
            (Standard::Text(0), ' ', Some(278)),
            (Standard::Text(1), 'A', Some(722)),
            (Standard::Text(2), 'W', Some(944)),
            (Standard::Text(5), '\u{20AC}', Some(500)),
            (Standard::Courier, 'i', Some(600)),
            (Standard::Symbol, '\u{3B1}', Some(631)),
            (Standard::ZapfDingbats, '\u{2701}', Some(974)),
            (Standard::Text(0), '\u{4E00}', None),
        ];
        for (font, char, expected) in cases {
            assert_eq!(font.width(char), expected, "{font:?} {char}");
        }
    }

    #[test]
    fn windows_core_fonts_number_their_glyphs_in_one_order() {
        let cases: [(&[u8], u32, Option<char>); 9] = [
            (b"Arial,Bold", 36, Some('A')),
            (b"Verdana", 3, Some(' ')),
            (b"TimesNewRomanPSMT", 179, Some('\u{201C}')),
            (b"ArialMT", 105, Some('\u{E1}')),
            (b"ArialMT", 203, Some('\u{CD}')),
            (b"ArialMT", 253, Some('\u{10C}')),
            (b"ArialBlack,Bold", 227, None),
            (b"ArialMT", 400, None),
            (b"Calibri", 36, None),
        ];
        for (name, glyph, expected) in cases {
            assert_eq!(core_font_char(name, glyph), expected, "{glyph}");
        }
    }

    #[test]
    fn the_tables_are_sorted() {
        assert!(tables::TEXT_WIDTHS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(tables::TEX_NAMES.is_sorted_by(|a, b| a.0 < b.0));
    }
}
