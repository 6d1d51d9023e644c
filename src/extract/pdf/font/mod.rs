//! Fonts: from the bytes of a string to characters with Unicode and width (ISO 32000-2 §9.5 to §9.10).
//!
//! Sources of Unicode, in turn: `ToUnicode`; the encoding and its glyph names ([`names`]) or the character collection
//! of a CID font; the embedded program's own encoding, cmap read backwards and glyph names ([`program`]). What stays
//! unknown is `None`, never a guess: the caller reports it.

mod cmap;
mod cmap_parse;
mod composite;
mod names;
mod program;
mod ranges;
mod simple;
mod standard;
mod tables;

use super::objects::Objects;
use lopdf::{Dictionary, Object};

/// Bytes of text that one code may have.
const MAX_TEXT: usize = 64;

/// A font as the interpreter uses it.
pub(super) struct Font {
    /// Vertical writing mode.
    pub(super) vertical: bool,
    /// Height above the base line, as a share of the font size.
    pub(super) ascent: f32,
    /// Depth below the base line, as a share of the font size; negative.
    pub(super) descent: f32,
    /// How large the letters are, as a share of the font size: 1 but for Type 3 fonts, whose units are their own.
    pub(super) em: f32,
    /// For Type 3 fonts.
    pub(super) type3: Option<Type3>,
    kind: Kind,
}

enum Kind {
    Simple(Box<simple::Simple>),
    Composite(Box<composite::Composite>),
}

impl Default for Font {
    fn default() -> Self {
        Self {
            vertical: false,
            ascent: DEFAULT_EXTENT.0,
            descent: DEFAULT_EXTENT.1,
            em: 1.0,
            type3: None,
            kind: Kind::Simple(Box::default()),
        }
    }
}

/// The glyph programs of a Type 3 font.
pub(super) struct Type3 {
    /// Glyph space to text space.
    pub(super) matrix: [f32; 6],
    /// Content stream of each code.
    pub(super) programs: Vec<(u32, lopdf::ObjectId)>,
}

/// One character of a shown string.
pub(super) struct Char<'a> {
    /// Its code.
    pub(super) code: u32,
    /// How many bytes the code has.
    pub(super) bytes: u8,
    /// Its Unicode text; empty where the code shows nothing (`.notdef`); `None` where no source of the font or its
    /// collection knows what it shows.
    pub(super) text: Option<&'a str>,
    /// Advance as a share of the font size (width / 1000, or through the Type 3 matrix).
    pub(super) width: f32,
    /// Vertical writing: the advance (negative is down) and the position vector from the horizontal origin to the
    /// vertical one (§9.7.4.3), to be subtracted from where the glyph is drawn; as shares of the font size.
    pub(super) vertical: Option<(f32, [f32; 2])>,
}

impl Font {
    /// Reads a font dictionary. Never fails: what is missing falls back as a viewer would.
    pub(super) fn load(objects: &Objects<'_>, dictionary: &Dictionary) -> Self {
        let is_composite = matches!(objects.get(dictionary, b"Subtype"), Some(Object::Name(name)) if name == b"Type0")
            || dictionary.has(b"DescendantFonts");
        if is_composite {
            return Self::load_composite(objects, dictionary);
        }
        let source = simple::Source::new(objects, dictionary);
        let type3 = load_type3(objects, dictionary, &source);
        let scale = type3.as_ref().map_or(0.001, |type3| width_scale(&type3.matrix));
        let (em, (ascent, descent)) = match &type3 {
            Some(type3) => type3_extent(objects, dictionary, &type3.matrix),
            None => {
                (1.0, sane_extent(descriptor_extent(objects, source.descriptor()), source.extent()))
            }
        };
        let kind = Kind::Simple(Box::new(source.build(scale)));
        Self { vertical: false, ascent, descent, em, type3, kind }
    }

    fn load_composite(objects: &Objects<'_>, dictionary: &Dictionary) -> Self {
        let font = composite::Composite::load(objects, dictionary);
        let descriptor = match objects.get(dictionary, b"DescendantFonts") {
            Some(Object::Array(fonts)) => fonts.first().map(|font| objects.resolve(font)),
            other => other,
        };
        let descriptor = descriptor
            .and_then(|font| font.as_dict().ok())
            .and_then(|font| sub_dictionary(objects, font, b"FontDescriptor"));
        let (ascent, descent) = sane_extent(descriptor_extent(objects, descriptor), font.extent());
        Self {
            vertical: font.is_vertical(),
            ascent,
            descent,
            em: 1.0,
            type3: None,
            kind: Kind::Composite(Box::new(font)),
        }
    }

    /// Calls `each` for every character of a shown string.
    pub(super) fn decode(&self, string: &[u8], each: &mut dyn FnMut(Char<'_>)) {
        match &self.kind {
            Kind::Simple(font) => {
                for code in string {
                    let (text, width) = font.glyph(*code);
                    each(Char { code: u32::from(*code), bytes: 1, text, width, vertical: None });
                }
            }
            Kind::Composite(font) => {
                let mut rest = string;
                while !rest.is_empty() {
                    let (code, length, glyph) = font.next(rest);
                    rest = rest.get(length..).unwrap_or_default();
                    each(Char {
                        code,
                        bytes: u8::try_from(length).unwrap_or(1),
                        text: glyph.text.as_deref(),
                        width: glyph.width,
                        vertical: glyph.vertical,
                    });
                }
            }
        }
    }
}

/// Where nothing sane is stated; poppler's default.
const DEFAULT_EXTENT: (f32, f32) = (0.75, -0.25);

/// Texts of many codes in one string.
#[derive(Default)]
struct Texts(String);

impl Texts {
    fn push(&mut self, text: &str) -> Option<(u32, u32)> {
        let start = u32::try_from(self.0.len()).ok()?;
        self.0.push_str(text);
        Some((start, u32::try_from(self.0.len()).ok()?))
    }

    fn get(&self, (start, end): (u32, u32)) -> Option<&str> {
        self.0.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
    }
}

/// A place to ask for the text of a code: appends it, or returns false.
type Ask<'a> = &'a dyn Fn(&mut String) -> bool;

/// The first readable text that a source has, else the first of private characters, else none. Ligatures of letters
/// come apart, no longer than a code's text may be.
fn first_readable(sources: &[Ask<'_>], is_blank: impl FnOnce() -> bool) -> Option<String> {
    let (mut text, mut private) = (String::new(), None);
    for source in sources {
        if source(&mut text) {
            if is_readable(&text) {
                return Some(plain(&text));
            }
            if private.is_none() && is_private(&text) {
                private = Some(plain(&text));
            }
        }
        text.clear();
    }
    private.or_else(|| is_blank().then(String::new))
}

fn plain(text: &str) -> String {
    let text = text.get(..text.floor_char_boundary(MAX_TEXT)).unwrap_or_default();
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\u{FB00}' => out.push_str("ff"),
            '\u{FB01}' => out.push_str("fi"),
            '\u{FB02}' => out.push_str("fl"),
            '\u{FB03}' => out.push_str("ffi"),
            '\u{FB04}' => out.push_str("ffl"),
            '\u{FB05}' | '\u{FB06}' => out.push_str("st"),
            _ => out.push(char),
        }
    }
    out
}

/// Whether a text can be read: not empty, no character that stands for none, no control character alone.
fn is_readable(text: &str) -> bool {
    !text.is_empty()
        && !text.chars().any(is_void)
        && !is_private(text)
        && !text.chars().all(is_bare_control)
}

/// Whether a text is all private characters: readable with its font only.
fn is_private(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|char| matches!(char, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..))
}

fn is_void(char: char) -> bool {
    matches!(char, '\0' | '\u{FFFD}'..='\u{FFFF}')
}

fn is_bare_control(char: char) -> bool {
    char.is_control() && !matches!(char, '\t' | '\n' | '\r')
}

/// A finite number.
fn number(object: &Object) -> Option<f32> {
    object.as_float().ok().filter(|number| number.is_finite())
}

fn sub_dictionary<'a>(
    objects: &'a Objects<'_>,
    dictionary: &'a Dictionary,
    key: &[u8],
) -> Option<&'a Dictionary> {
    objects.get(dictionary, key)?.as_dict().ok()
}

fn load_type3(
    objects: &Objects<'_>,
    dictionary: &Dictionary,
    source: &simple::Source<'_>,
) -> Option<Type3> {
    let programs = sub_dictionary(objects, dictionary, b"CharProcs")?;
    let is_type3 =
        matches!(objects.get(dictionary, b"Subtype"), Some(Object::Name(name)) if name == b"Type3");
    let programs = source
        .named_codes()
        .filter_map(|(code, name)| Some((code, programs.get(name).ok()?.as_reference().ok()?)))
        .collect();
    is_type3.then(|| Type3 { matrix: matrix(objects, dictionary), programs })
}

fn matrix(objects: &Objects<'_>, dictionary: &Dictionary) -> [f32; 6] {
    let mut matrix = [0.001, 0.0, 0.0, 0.001, 0.0, 0.0];
    if let Some(Object::Array(values)) = objects.get(dictionary, b"FontMatrix") {
        for (slot, value) in matrix.iter_mut().zip(values) {
            *slot = number(objects.resolve(value)).unwrap_or(*slot);
        }
    }
    matrix
}

/// How long one unit of glyph width is in text space.
fn width_scale(matrix: &[f32; 6]) -> f32 {
    let [a, b, ..] = matrix;
    if *a == 0.0 { b.abs() } else { *a }
}

/// The em of a Type 3 font with its ascent and descent, all as shares of the font size. Nothing states the em; letters
/// are half an em wide on average. The y axis may point down.
fn type3_extent(
    objects: &Objects<'_>,
    dictionary: &Dictionary,
    matrix: &[f32; 6],
) -> (f32, (f32, f32)) {
    let widths = objects.array(dictionary, b"Widths").iter().take(256);
    let widths: Vec<f32> = widths
        .filter_map(|width| number(objects.resolve(width)))
        .filter(|width| *width != 0.0)
        .collect();
    let count = u16::try_from(widths.len()).map_or(0.0, f32::from);
    let estimate = widths.iter().map(|width| width.abs()).sum::<f32>() / count * 2.0;
    let is_usual = (0.0005..0.002).contains(&matrix[3].abs());
    let em = if is_usual || count == 0.0 { 1.0 } else { estimate * width_scale(matrix).abs() };
    let is_sane = |(top, bottom): &(f32, f32)| (0.3..3.0).contains(&((top - bottom) / em));
    let default = if matrix[3] < 0.0 { (0.25 * em, -0.75 * em) } else { (0.75 * em, -0.25 * em) };
    let extent = box_extent(objects, dictionary, matrix[3]).filter(is_sane).unwrap_or(default);
    (em, extent)
}

/// Ascent and descent of a font descriptor, else of its bounding box.
fn descriptor_extent(objects: &Objects<'_>, descriptor: Option<&Dictionary>) -> Option<(f32, f32)> {
    let descriptor = descriptor?;
    let value =
        |key: &[u8]| objects.get(descriptor, key).and_then(number).filter(|value| *value != 0.0);
    match (value(b"Ascent"), value(b"Descent")) {
        (Some(ascent), Some(descent)) => Some((ascent.abs() / 1000.0, -descent.abs() / 1000.0)),
        _ => box_extent(objects, descriptor, 0.001),
    }
}

/// Top and bottom of `FontBBox`.
fn box_extent(objects: &Objects<'_>, dictionary: &Dictionary, scale: f32) -> Option<(f32, f32)> {
    let Object::Array(values) = objects.get(dictionary, b"FontBBox")? else { return None };
    let value = |at: usize| {
        values.get(at).and_then(|value| number(objects.resolve(value))).map(|value| value * scale)
    };
    let (bottom, top) = (value(1)?, value(3)?);
    Some((top.max(bottom), bottom.min(top)))
}

/// The stated extent if it is that of a font, else the program's, else the default; within poppler's clamps.
fn sane_extent(stated: Option<(f32, f32)>, own: Option<(f32, f32)>) -> (f32, f32) {
    let is_sane =
        |extent: &(f32, f32)| (0.1..1.9).contains(&extent.0) && (-1.9..=0.0).contains(&extent.1);
    let (ascent, descent) =
        stated.filter(is_sane).or(own.filter(is_sane)).unwrap_or(DEFAULT_EXTENT);
    (ascent.min(1.05), descent.max(-0.4))
}

#[cfg(test)]
mod tests;
