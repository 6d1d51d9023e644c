//! Simple fonts: Type 1, TrueType and Type 3, one byte a code (ISO 32000-2 §9.6).

use super::super::objects::Objects;
use super::cmap::CMap;
use super::program::Program;
use super::standard::{self, Standard};
use super::{Ask, Texts, first_readable, names, number, tables};
use lopdf::{Dictionary, Object};
use skrifa::GlyphId;

/// What a simple font has for each of its 256 codes.
pub(super) struct Simple {
    texts: Texts,
    glyphs: [Glyph; 256],
}

#[derive(Clone, Copy)]
struct Glyph {
    text: Option<(u32, u32)>,
    width: f32,
}

impl Default for Simple {
    fn default() -> Self {
        Self { texts: Texts::default(), glyphs: [Glyph { text: None, width: 0.0 }; 256] }
    }
}

impl Simple {
    /// Text and width of a code.
    pub(super) fn glyph(&self, code: u8) -> (Option<&str>, f32) {
        match self.glyphs.get(usize::from(code)) {
            Some(glyph) => (glyph.text.and_then(|piece| self.texts.get(piece)), glyph.width),
            None => (None, 0.0),
        }
    }
}

/// The parts of a simple font that its codes are looked up in.
pub(super) struct Source<'a> {
    objects: &'a Objects<'a>,
    dictionary: &'a Dictionary,
    descriptor: Option<&'a Dictionary>,
    kind: Kind,
    /// The standard font of this name, or the one that stands in for a font that is not embedded.
    standard: Option<Standard>,
    program: Option<Program>,
    to_unicode: Option<CMap>,
    /// From code to UTF-16 unit, where the font names or implies an encoding.
    base: Option<&'static [u16; 256]>,
    differences: Box<[Option<&'a [u8]>; 256]>,
    /// `BaseFont`.
    name: &'a [u8],
    /// How made-up glyph names state codes, if they do.
    numbers: Option<Numbers>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbers {
    Decimal,
    Hexadecimal,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Type1,
    TrueType,
    Type3,
}

impl<'a> Source<'a> {
    pub(super) fn new(objects: &'a Objects<'a>, dictionary: &'a Dictionary) -> Self {
        let kind = match objects.get(dictionary, b"Subtype") {
            Some(Object::Name(name)) if name == b"TrueType" => Kind::TrueType,
            Some(Object::Name(name)) if name == b"Type3" => Kind::Type3,
            _ => Kind::Type1,
        };
        let descriptor = match objects.get(dictionary, b"FontDescriptor") {
            Some(Object::Dictionary(descriptor)) => Some(descriptor),
            _ => None,
        };
        let program = descriptor.and_then(|descriptor| Program::load(objects, descriptor));
        let standard = standard_font(objects, dictionary, descriptor, kind, program.is_some());
        let to_unicode =
            dictionary.get(b"ToUnicode").ok().and_then(|object| CMap::load(objects, object));
        let mut source = Self {
            objects,
            dictionary,
            descriptor,
            kind,
            standard,
            program,
            to_unicode,
            base: None,
            differences: Box::new([None; 256]),
            name: base_font(objects, dictionary),
            numbers: None,
        };
        source.read_encoding();
        source
    }

    /// ISO 32000-2 §9.6.5: a name, or a dictionary with a base and differences.
    fn read_encoding(&mut self) {
        let own = self.standard.and_then(Standard::encoding).filter(|_| self.program.is_none());
        match self.objects.get(self.dictionary, b"Encoding") {
            Some(Object::Name(name)) => self.base = base_encoding(name),
            Some(Object::Dictionary(encoding)) => {
                if let Some(Object::Name(name)) = self.objects.get(encoding, b"BaseEncoding") {
                    self.base = base_encoding(name);
                }
                self.read_differences(encoding);
            }
            _ => {}
        }
        // Viewers ignore the encoding that producers give Symbol and ZapfDingbats (pdf.js issue 16464).
        if own.is_some() {
            self.base = own;
        }
        self.numbers = self.numbering();
    }

    /// Made-up names state codes only where all of them do: `D5` beside `CT` is no number.
    fn numbering(&self) -> Option<Numbers> {
        let is_odd = |name: &&[u8]| {
            *name != b".notdef" && !names::push_text(name, false, &mut String::new())
        };
        let names: Vec<&[u8]> = self.differences.iter().flatten().copied().filter(is_odd).collect();
        let is_hex = names.iter().any(|name| names::is_hex(name));
        let numbers = if is_hex { Numbers::Hexadecimal } else { Numbers::Decimal };
        names.iter().all(|name| names::states_number(name, is_hex)).then_some(numbers)
    }

    fn read_differences(&mut self, encoding: &'a Dictionary) {
        let Some(Object::Array(differences)) = self.objects.get(encoding, b"Differences") else {
            return;
        };
        let mut code = 0_usize;
        for object in differences {
            match self.objects.resolve(object) {
                Object::Name(name) => {
                    if let Some(slot) = self.differences.get_mut(code) {
                        *slot = Some(name);
                    }
                    code = code.saturating_add(1);
                }
                Object::Integer(first) => code = usize::try_from(*first).unwrap_or(usize::MAX),
                Object::Real(first) if (0.0..256.0).contains(first) => code = first_code(*first),
                _ => {}
            }
        }
    }

    /// Looks up all 256 codes.
    pub(super) fn build(&self, width_scale: f32) -> Simple {
        let mut simple = Simple::default();
        let widths = Widths::read(self.objects, self.dictionary, self.descriptor);
        for (code, slot) in (0..=u8::MAX).zip(simple.glyphs.iter_mut()) {
            let text = self.text(code);
            slot.width = match widths.get(code) {
                Some(width) => width * width_scale,
                None => {
                    self.own_width(code, text.as_deref()).unwrap_or(widths.missing * width_scale)
                }
            };
            slot.text = text.and_then(|text| simple.texts.push(&text));
        }
        simple
    }

    fn text(&self, code: u8) -> Option<String> {
        let from_map = |out: &mut String| {
            self.to_unicode.as_ref().is_some_and(|map| map.push_text(u32::from(code), out))
        };
        let from_encoding = |out: &mut String| self.push_encoded(code, out);
        let sources: [Ask<'_>; 2] = match &self.to_unicode {
            Some(map) if map.is_identity() => [&from_encoding, &from_map],
            _ => [&from_map, &from_encoding],
        };
        first_readable(&sources, || self.is_blank(code))
    }

    fn difference(&self, code: u8) -> Option<&'a [u8]> {
        self.differences.get(usize::from(code)).copied().flatten()
    }

    fn push_encoded(&self, code: u8, out: &mut String) -> bool {
        if let Some(name) = self.difference(code) {
            return self.push_name(name, out)
                || self.push_program_text(code, out)
                || self.push_odd_name(name, code, out);
        }
        if push_encoded(self.base, code, out) {
            return true;
        }
        if self.base.is_none()
            && let Some(name) = self.program.as_ref().and_then(|program| program.builtin_name(code))
        {
            return self.push_name(name.as_bytes(), out);
        }
        if self.push_program_text(code, out) {
            return true;
        }
        // As poppler has it (`GfxFont.cc`): WinAnsi for TrueType, Standard for the others.
        match self.kind {
            Kind::TrueType => push_encoded(Some(&tables::WIN_ANSI), code, out),
            Kind::Type1 if self.program.is_none() => {
                push_encoded(Some(&tables::STANDARD), code, out)
            }
            Kind::Type1 | Kind::Type3 => false,
        }
    }

    fn push_name(&self, name: &[u8], out: &mut String) -> bool {
        if names::push_text(name, self.standard == Some(Standard::ZapfDingbats), out) {
            return true;
        }
        self.numbers
            .and_then(|numbers| names::numeric(name, numbers == Numbers::Hexadecimal))
            .inspect(|char| out.push(*char))
            .is_some()
    }

    fn push_odd_name(&self, name: &[u8], code: u8, out: &mut String) -> bool {
        let glyph = names::glyph_index(name);
        if let Some(char) = glyph.and_then(|glyph| standard::core_font_char(self.name, glyph)) {
            out.push(char);
            return true;
        }
        // The glyph programs of old bitmap fonts have names that mean nothing; their codes are those of the base.
        self.kind == Kind::Type3
            && code.is_ascii_graphic()
            && glyph.is_none()
            && push_encoded(self.base, code, out)
    }

    fn push_program_text(&self, code: u8, out: &mut String) -> bool {
        let Some(program) = &self.program else { return false };
        self.glyph_of(code, None).is_some_and(|glyph| program.push_text(glyph, out))
    }

    fn glyph_of(&self, code: u8, char: Option<char>) -> Option<GlyphId> {
        let program = self.program.as_ref()?;
        let name = self.difference(code);
        name.and_then(|name| program.glyph_of_name(name))
            .or_else(|| {
                let char = char.filter(|_| self.base.is_some() || name.is_some());
                char.and_then(|char| program.glyph_of_char(char))
            })
            .or_else(|| program.glyph_of_code(code))
            .or_else(|| char.and_then(|char| program.glyph_of_char(char)))
    }

    /// Whether a code without text shows nothing, as far as that is sure: then nothing is lost.
    fn is_blank(&self, code: u8) -> bool {
        let name = self.difference(code);
        if self.kind == Kind::Type3 {
            let programs = super::sub_dictionary(self.objects, self.dictionary, b"CharProcs");
            return name.is_none_or(|name| programs.is_none_or(|programs| !programs.has(name)));
        }
        if name == Some(b".notdef") {
            return true;
        }
        match &self.program {
            Some(program) => name.is_none() && program.shows_nothing(code),
            None => name.is_none(),
        }
    }

    /// The width where the font dictionary states none: the program's, else the standard font's.
    fn own_width(&self, code: u8, text: Option<&str>) -> Option<f32> {
        let char = text.and_then(|text| text.chars().next());
        if let (Some(program), Some(glyph)) = (&self.program, self.glyph_of(code, char)) {
            return Some(program.width(glyph));
        }
        let width = self.standard.and_then(|standard| standard.width(char?))?;
        Some(f32::from(width) / 1000.0)
    }

    /// Ascent and descent that the font's program or standard metrics state.
    pub(super) fn extent(&self) -> Option<(f32, f32)> {
        match (&self.program, self.standard) {
            (Some(program), _) => program.extent(),
            (None, standard) => standard.map(Standard::extent),
        }
    }

    /// The font descriptor.
    pub(super) fn descriptor(&self) -> Option<&'a Dictionary> {
        self.descriptor
    }

    /// The code that differences give a glyph name: for the glyph programs of a Type 3 font.
    pub(super) fn named_codes(&self) -> impl Iterator<Item = (u32, &'a [u8])> {
        (0_u32..)
            .zip(self.differences.iter())
            .filter_map(|(code, name)| name.map(|name| (code, name)))
    }
}

/// `FirstChar`, `Widths` and `MissingWidth`.
struct Widths {
    first: i64,
    stated: Vec<Option<f32>>,
    missing: f32,
}

impl Widths {
    fn read(
        objects: &Objects<'_>,
        dictionary: &Dictionary,
        descriptor: Option<&Dictionary>,
    ) -> Self {
        let first = match objects.get(dictionary, b"FirstChar") {
            Some(Object::Integer(first)) => *first,
            Some(Object::Real(first)) => i64::try_from(first_code(*first)).unwrap_or(0),
            _ => 0,
        };
        let widths = match objects.get(dictionary, b"Widths") {
            Some(Object::Array(widths)) => {
                widths.iter().take(256).map(|width| number(objects.resolve(width))).collect()
            }
            _ => Vec::new(),
        };
        let missing =
            descriptor.and_then(|descriptor| number(objects.get(descriptor, b"MissingWidth")?));
        Self { first, stated: widths, missing: missing.unwrap_or(0.0) }
    }

    /// In glyph space; where there is an array, codes outside it have the missing width.
    fn get(&self, code: u8) -> Option<f32> {
        if self.stated.is_empty() {
            return None;
        }
        let at = i64::from(code).checked_sub(self.first).and_then(|at| usize::try_from(at).ok());
        let stated = at.and_then(|at| self.stated.get(at)).copied().flatten();
        stated.or((self.missing > 0.0).then_some(self.missing))
    }
}

fn base_font<'a>(objects: &'a Objects<'_>, dictionary: &'a Dictionary) -> &'a [u8] {
    match objects.get(dictionary, b"BaseFont") {
        Some(Object::Name(name)) => name,
        _ => b"",
    }
}

fn standard_font(
    objects: &Objects<'_>,
    dictionary: &Dictionary,
    descriptor: Option<&Dictionary>,
    kind: Kind,
    is_embedded: bool,
) -> Option<Standard> {
    let name = base_font(objects, dictionary);
    let standard = Standard::named(name);
    if standard.is_some() || is_embedded || kind == Kind::Type3 {
        return standard;
    }
    let flags = match descriptor.and_then(|descriptor| objects.get(descriptor, b"Flags")) {
        Some(Object::Integer(flags)) => *flags,
        _ => 0,
    };
    Some(Standard::substitute(name, flags))
}

fn base_encoding(name: &[u8]) -> Option<&'static [u16; 256]> {
    match name {
        b"StandardEncoding" => Some(&tables::STANDARD),
        b"WinAnsiEncoding" => Some(&tables::WIN_ANSI),
        b"MacRomanEncoding" => Some(&tables::MAC_ROMAN),
        b"MacExpertEncoding" => Some(&tables::MAC_EXPERT),
        b"PDFDocEncoding" => Some(&tables::PDF_DOC),
        _ => None,
    }
}

fn push_encoded(encoding: Option<&[u16; 256]>, code: u8, out: &mut String) -> bool {
    let unit = encoding.and_then(|encoding| encoding.get(usize::from(code)));
    unit.and_then(|unit| char::from_u32(u32::from(*unit)))
        .filter(|char| *char != '\0')
        .inspect(|char| out.push(*char))
        .is_some()
}

/// A code written as a real number.
fn first_code(number: f32) -> usize {
    (0..=255_u8).find(|code| f32::from(*code) >= number).map_or(0, usize::from)
}
