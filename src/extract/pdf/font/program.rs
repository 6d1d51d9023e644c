//! Embedded font programs (Type 1, CFF, TrueType, OpenType) through `skrifa`: what they know of names, Unicode and
//! metrics. Outlines are never drawn.

use super::super::objects::Objects;
use super::{names, tables};
use lopdf::{Dictionary, Object};
use skrifa::font::Kind;
use skrifa::raw::ps::cff::CffFontRef;
use skrifa::{Font, GlyphId};
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// Character mappings of one program that are read.
const MAX_MAPPINGS: usize = 1 << 17;

/// An embedded font program.
pub(super) struct Program {
    font: Font,
    unicode_of_glyph: OnceCell<BTreeMap<u32, char>>,
}

impl Program {
    /// Reads the program that a font descriptor embeds, under whichever key; `None` where there is none or it is
    /// beyond reading.
    pub(super) fn load(objects: &Objects<'_>, descriptor: &Dictionary) -> Option<Self> {
        let keys: [&[u8]; 3] = [b"FontFile2", b"FontFile3", b"FontFile"];
        let stream = keys.iter().find_map(|key| match objects.get(descriptor, key) {
            Some(Object::Stream(stream)) => Some(stream),
            _ => None,
        })?;
        let (data, _) = objects.data(stream);
        Self::parse(data.into_owned())
    }

    /// Reads a font file.
    pub(super) fn parse(data: Vec<u8>) -> Option<Self> {
        Some(Self { font: Font::new(data, 0)?, unicode_of_glyph: OnceCell::new() })
    }

    /// The name that the program's own encoding gives a code (Type 1, CFF).
    pub(super) fn builtin_name(&self, code: u8) -> Option<String> {
        let name = match self.font.kind() {
            Kind::Type1(font) => font.encoding()?.glyph_name(code).map(str::to_owned),
            Kind::Cff(font, _) => cff_name(&font, code),
            Kind::Sfnt(..) => {
                self.font.outline_glyphs().cff_font().and_then(|font| cff_name(font, code))
            }
        };
        name.filter(|name| !name.is_empty() && name != ".notdef")
    }

    /// The glyph of the program's own encoding, or of a symbolic TrueType font's cmap (ISO 32000-2 §9.6.5.4).
    pub(super) fn glyph_of_code(&self, code: u8) -> Option<GlyphId> {
        let code32 = u32::from(code);
        match self.font.kind() {
            Kind::Type1(font) => font.encoding()?.map(code),
            Kind::Cff(font, _) => font.encoding()?.map(code),
            Kind::Sfnt(..) => {
                let charmap = self.font.charmap();
                let symbol =
                    charmap.encodings().find(|encoding| encoding.sfnt_ids() == Some((3, 0)));
                let macintosh =
                    charmap.encodings().find(|encoding| encoding.sfnt_ids() == Some((1, 0)));
                let in_symbol = symbol.and_then(|encoding| {
                    let codes = [code32, 0xF000 | code32, 0xF100 | code32, 0xF200 | code32];
                    codes.iter().find_map(|code| charmap.map_code(encoding, *code))
                });
                in_symbol
                    .or_else(|| macintosh.and_then(|encoding| charmap.map_code(encoding, code32)))
                    .or_else(|| self.font.outline_glyphs().cff_font()?.encoding()?.map(code))
            }
        }
    }

    /// Whether a code leads to no glyph, by an encoding or cmap that the program surely has.
    pub(super) fn shows_nothing(&self, code: u8) -> bool {
        match self.glyph_of_code(code) {
            Some(glyph) => glyph == GlyphId::NOTDEF,
            None => self.font.charmap().encodings().next().is_some(),
        }
    }

    /// The glyph of a name.
    pub(super) fn glyph_of_name(&self, name: &[u8]) -> Option<GlyphId> {
        self.font.glyph_by_name(std::str::from_utf8(name).ok()?)
    }

    /// The glyph of a character.
    pub(super) fn glyph_of_char(&self, char: char) -> Option<GlyphId> {
        self.font.charmap().map_unicode(char)
    }

    /// The glyph of a CID, before any `CIDToGIDMap`: by the charset in a CID-keyed CFF font, else the number itself.
    pub(super) fn glyph_of_cid(&self, cid: u32) -> GlyphId {
        let by_charset = match self.font.kind() {
            Kind::Cff(..) => self.font.glyph_by_cid(cid),
            Kind::Sfnt(..) => {
                self.font.outline_glyphs().cff_font().filter(|font| font.is_cid()).and_then(
                    |font| {
                        let cid = u16::try_from(cid).ok()?;
                        font.charset()?.glyph_id(skrifa::raw::ps::Sid::new(cid))
                    },
                )
            }
            Kind::Type1(_) => None,
        };
        by_charset.unwrap_or(GlyphId::new(cid))
    }

    /// Appends the text of a glyph: from the cmap read backwards, else from the glyph's name.
    pub(super) fn push_text(&self, glyph: GlyphId, out: &mut String) -> bool {
        if glyph == GlyphId::NOTDEF {
            return false;
        }
        let map = self.unicode_of_glyph.get_or_init(|| self.read_cmap_backwards());
        if let Some(char) = map.get(&glyph.to_u32()) {
            out.push(*char);
            return true;
        }
        self.font
            .glyph_name(glyph)
            .filter(|name| !name.is_synthesized())
            .is_some_and(|name| names::push_text(name.as_str().as_bytes(), false, out))
    }

    fn read_cmap_backwards(&self) -> BTreeMap<u32, char> {
        let mut map = BTreeMap::new();
        for (code, glyph) in self.font.charmap().unicodes().take(MAX_MAPPINGS) {
            let Some(char) = mapped_char(code) else { continue };
            map.entry(glyph.to_u32())
                .and_modify(|kept| {
                    if rank(char) < rank(*kept) {
                        *kept = char;
                    }
                })
                .or_insert(char);
        }
        map
    }

    /// The advance of a glyph as a share of the font size.
    pub(super) fn width(&self, glyph: GlyphId) -> f32 {
        self.font.glyph_metrics().h_advance(glyph) / f32::from(self.font.units_per_em())
    }

    /// Ascent and descent as shares of the font size, where the program states them.
    pub(super) fn extent(&self) -> Option<(f32, f32)> {
        let line = self.font.metrics().hhea_line?;
        let units = f32::from(self.font.units_per_em());
        Some((line.ascender.to_f32() / units, line.descender.to_f32() / units))
    }
}

fn cff_name(font: &CffFontRef<'_>, code: u8) -> Option<String> {
    if font.is_cid() {
        return None;
    }
    let glyph = font.encoding()?.map(code)?;
    let name = font.string(font.charset()?.string_id(glyph)?)?;
    std::str::from_utf8(name).ok().map(str::to_owned)
}

/// What a cmap's key stands for: symbol fonts keep their codes at U+F000.
fn mapped_char(code: u32) -> Option<char> {
    let code = match code {
        0xF020..=0xF0FF => {
            let low = usize::try_from(code & 0xFF).ok()?;
            u32::from(*tables::WIN_ANSI.get(low)?)
        }
        _ => code,
    };
    char::from_u32(code).filter(|char| !char.is_control())
}

/// Of several characters with one glyph the plain one counts: no private use, no compatibility form.
fn rank(char: char) -> u8 {
    match char {
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'.. => 2,
        '\u{A0}'
        | '\u{AD}'
        | '\u{2010}'..='\u{2011}'
        | '\u{2E80}'..='\u{2FDF}'
        | '\u{F900}'..='\u{FAFF}' => 1,
        _ => 0,
    }
}
