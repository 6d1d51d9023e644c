//! Composite fonts: Type 0 over a CID font (ISO 32000-2 §9.7).

use super::super::objects::Objects;
use super::cmap::{self, CMap};
use super::program::Program;
use super::ranges::RangeMap;
use super::{Ask, first_readable, number, standard};
use lopdf::{Dictionary, Object, Stream};
use skrifa::GlyphId;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Numbers of a width array that are read.
const MAX_WIDTHS: usize = 1 << 18;
/// The default position vector's height and the default advance of vertical writing (table 115, `DW2`).
const DEFAULT_VERTICAL: [f32; 2] = [880.0, -1000.0];

/// A Type 0 font.
pub(super) struct Composite {
    encoding: CMap,
    to_unicode: Option<CMap>,
    /// From CID to Unicode, by the character collection.
    collection: Option<Rc<hayro_cmap::CMap>>,
    /// Whether CIDs are Unicode themselves (`Adobe-UCS`).
    is_unicode_collection: bool,
    program: Option<Program>,
    /// `BaseFont`.
    name: Vec<u8>,
    glyphs_of_cids: Option<Vec<u8>>,
    default_width: f32,
    widths: RangeMap<Width>,
    default_vertical: [f32; 2],
    verticals: RangeMap<[f32; 3]>,
    cache: RefCell<Cache>,
}

#[derive(Clone)]
enum Width {
    /// One width for the whole range.
    Same(f32),
    /// One for each CID.
    Each(Vec<f32>),
}

/// What is known of a code.
#[derive(Clone)]
pub(super) struct Glyph {
    pub(super) text: Option<Rc<str>>,
    pub(super) width: f32,
    pub(super) vertical: Option<(f32, [f32; 2])>,
}

/// Glyphs by code. Filled as codes are met: a font of 65,536 codes shows a few hundred.
#[derive(Default)]
struct Cache {
    /// By two-byte code: the index into `glyphs` plus one.
    slots: Vec<u32>,
    others: BTreeMap<(u32, usize), u32>,
    glyphs: Vec<Glyph>,
}

/// Glyphs that a cache keeps; codes beyond are looked up each time.
const MAX_CACHED: usize = 1 << 17;

impl Composite {
    pub(super) fn load(objects: &Objects<'_>, dictionary: &Dictionary) -> Self {
        let empty = Dictionary::new();
        let descendant = descendant(objects, dictionary).unwrap_or(&empty);
        let descriptor = super::sub_dictionary(objects, descendant, b"FontDescriptor");
        let encoding =
            dictionary.get(b"Encoding").ok().and_then(|object| CMap::load(objects, object));
        let encoding = encoding.unwrap_or(CMap::Identity { vertical: false });
        let ordering = ordering(objects, descendant);
        let glyphs_of_cids = match objects.get(descendant, b"CIDToGIDMap") {
            Some(Object::Stream(stream)) => Some(glyph_map(objects, stream)),
            _ => None,
        };
        let (widths, verticals) =
            (read_widths(objects, descendant), read_verticals(objects, descendant));
        Self {
            to_unicode: dictionary
                .get(b"ToUnicode")
                .ok()
                .and_then(|object| CMap::load(objects, object)),
            collection: collection(&encoding, ordering.as_deref()),
            is_unicode_collection: ordering.as_deref() == Some(b"UCS"),
            program: descriptor.and_then(|descriptor| Program::load(objects, descriptor)),
            name: match objects.get(dictionary, b"BaseFont") {
                Some(Object::Name(name)) => name.clone(),
                _ => Vec::new(),
            },
            glyphs_of_cids,
            default_width: objects.get(descendant, b"DW").and_then(number).unwrap_or(1000.0),
            widths,
            default_vertical: default_vertical(objects, descendant),
            verticals,
            encoding,
            cache: RefCell::default(),
        }
    }

    /// Vertical writing mode.
    pub(super) fn is_vertical(&self) -> bool {
        self.encoding.is_vertical()
    }

    /// Ascent and descent that the program states.
    pub(super) fn extent(&self) -> Option<(f32, f32)> {
        self.program.as_ref()?.extent()
    }

    /// The first code of a string that is not empty, its length, and what is known of it.
    pub(super) fn next(&self, string: &[u8]) -> (u32, usize, Glyph) {
        let (code, length) = self.encoding.next_code(string);
        // Nobody else holds the cache: `look_up` calls nothing of the caller's.
        let Ok(mut cache) = self.cache.try_borrow_mut() else {
            return (code, length, self.look_up(code, length));
        };
        if let Some(glyph) = cache.get(code, length) {
            return (code, length, glyph.clone());
        }
        let glyph = self.look_up(code, length);
        cache.insert(code, length, glyph.clone());
        (code, length, glyph)
    }

    fn look_up(&self, code: u32, length: usize) -> Glyph {
        let cid = self.encoding.cid(code, length).unwrap_or(0);
        let width = self.width(cid);
        Glyph {
            text: self.text(code, length, cid).map(Rc::from),
            width,
            vertical: self.is_vertical().then(|| self.vertical(cid, width)),
        }
    }

    fn text(&self, code: u32, length: usize, cid: u32) -> Option<String> {
        let is_identity = self.to_unicode.as_ref().is_some_and(CMap::is_identity);
        let from_map =
            |out: &mut String| self.to_unicode.as_ref().is_some_and(|map| map.push_text(code, out));
        let from_good_map = |out: &mut String| !is_identity && from_map(out);
        let from_code = |out: &mut String| self.encoding.push_unicode_code(code, length, out);
        let from_collection = |out: &mut String| {
            let map = self.collection.as_ref();
            map.is_some_and(|map| cmap::push_predefined(map, cid, out))
        };
        let from_program = |out: &mut String| self.push_program_text(cid, out);
        let from_cid = |out: &mut String| self.push_unembedded(cid, out);
        // An identity in place of texts is no text: the glyph numbers of such a font are known to be none.
        let is_numbered = self.program.is_none()
            && self.glyphs_of_cids.is_none()
            && standard::is_core_font(&self.name);
        let from_map = |out: &mut String| !is_numbered && from_map(out);
        let sources: [Ask<'_>; 6] =
            [&from_good_map, &from_code, &from_collection, &from_program, &from_cid, &from_map];
        first_readable(&sources, || self.is_blank(cid))
    }

    /// CIDs of a font that is not embedded: Unicode in the `Adobe-UCS` collection, glyph numbers of a font that
    /// every reader has.
    fn push_unembedded(&self, cid: u32, out: &mut String) -> bool {
        if self.program.is_some() {
            return false;
        }
        let char = if self.is_unicode_collection {
            char::from_u32(cid)
        } else if self.glyphs_of_cids.is_none() && self.collection.is_none() {
            standard::core_font_char(&self.name, cid)
        } else {
            None
        };
        char.inspect(|char| out.push(*char)).is_some()
    }

    /// Whether a CID leads to no glyph in a program that is there.
    fn is_blank(&self, cid: u32) -> bool {
        let program = self.program.as_ref();
        program.is_some_and(|program| self.glyph_of(program, cid) == GlyphId::NOTDEF)
    }

    fn push_program_text(&self, cid: u32, out: &mut String) -> bool {
        let Some(program) = &self.program else { return false };
        program.push_text(self.glyph_of(program, cid), out)
    }

    fn glyph_of(&self, program: &Program, cid: u32) -> GlyphId {
        let Some(map) = &self.glyphs_of_cids else { return program.glyph_of_cid(cid) };
        let at = usize::try_from(cid).unwrap_or(usize::MAX).saturating_mul(2);
        let glyph = map.get(at..at.saturating_add(2)).and_then(|pair| pair.try_into().ok());
        GlyphId::new(u32::from(glyph.map_or(0, u16::from_be_bytes)))
    }

    fn width(&self, cid: u32) -> f32 {
        let width = self.widths.get(cid).and_then(|(offset, width)| match width {
            Width::Same(width) => Some(*width),
            Width::Each(widths) => widths.get(usize::try_from(offset).ok()?).copied(),
        });
        width.unwrap_or(self.default_width) / 1000.0
    }

    /// Advance and position vector (§9.7.4.3), as shares of the font size.
    fn vertical(&self, cid: u32, width: f32) -> (f32, [f32; 2]) {
        if let Some((_, [advance, x, y])) = self.verticals.get(cid) {
            return (advance / 1000.0, [x / 1000.0, y / 1000.0]);
        }
        let [y, advance] = self.default_vertical;
        (advance / 1000.0, [width / 2.0, y / 1000.0])
    }
}

impl Cache {
    fn get(&self, code: u32, length: usize) -> Option<&Glyph> {
        let index = if length == 2 {
            *self.slots.get(usize::try_from(code).ok()?)?
        } else {
            *self.others.get(&(code, length))?
        };
        self.glyphs.get(usize::try_from(index).ok()?.checked_sub(1)?)
    }

    fn insert(&mut self, code: u32, length: usize, glyph: Glyph) {
        if self.glyphs.len() >= MAX_CACHED {
            return;
        }
        self.glyphs.push(glyph);
        let index = u32::try_from(self.glyphs.len()).unwrap_or(0);
        if length != 2 {
            self.others.insert((code, length), index);
            return;
        }
        if self.slots.is_empty() {
            self.slots = vec![0; 1 << 16];
        }
        if let Some(slot) = usize::try_from(code).ok().and_then(|code| self.slots.get_mut(code)) {
            *slot = index;
        }
    }
}

fn descendant<'a>(objects: &'a Objects<'_>, dictionary: &'a Dictionary) -> Option<&'a Dictionary> {
    let descendants = objects.get(dictionary, b"DescendantFonts")?;
    let first = match descendants {
        Object::Array(fonts) => objects.resolve(fonts.first()?),
        other => other,
    };
    first.as_dict().ok()
}

/// `Ordering` of the `CIDSystemInfo`: `Japan1`, `GB1`, `Identity`.
fn ordering(objects: &Objects<'_>, descendant: &Dictionary) -> Option<Vec<u8>> {
    let info = super::sub_dictionary(objects, descendant, b"CIDSystemInfo")?;
    match objects.get(info, b"Ordering")? {
        Object::String(text, _) | Object::Name(text) => Some(text.clone()),
        _ => None,
    }
}

/// The `CMap` from CID to Unicode; of the CID font's collection, else of the one that the encoding is made for.
fn collection(encoding: &CMap, ordering: Option<&[u8]>) -> Option<Rc<hayro_cmap::CMap>> {
    use hayro_cmap::CidFamily;
    let by_ordering: Option<&[u8]> = match ordering {
        Some(b"Japan1") => Some(b"Adobe-Japan1-UCS2"),
        Some(b"GB1") => Some(b"Adobe-GB1-UCS2"),
        Some(b"CNS1") => Some(b"Adobe-CNS1-UCS2"),
        Some(b"Korea1") => Some(b"Adobe-Korea1-UCS2"),
        _ => None,
    };
    let by_encoding = || -> Option<&[u8]> {
        let CMap::Predefined(map) = encoding else { return None };
        match map.map.metadata().character_collection.as_ref()?.family {
            CidFamily::AdobeJapan1 => Some(b"Adobe-Japan1-UCS2"),
            CidFamily::AdobeGB1 => Some(b"Adobe-GB1-UCS2"),
            CidFamily::AdobeCNS1 => Some(b"Adobe-CNS1-UCS2"),
            CidFamily::AdobeKorea1 => Some(b"Adobe-Korea1-UCS2"),
            _ => None,
        }
    };
    cmap::predefined(by_ordering.or_else(by_encoding)?)
}

fn glyph_map(objects: &Objects<'_>, stream: &Stream) -> Vec<u8> {
    let (data, _) = objects.data(stream);
    data.get(..1 << 17).unwrap_or(&data).to_vec()
}

/// `W` (§9.7.4.3): `c [w1 w2 …]` or `first last w`.
fn read_widths(objects: &Objects<'_>, descendant: &Dictionary) -> RangeMap<Width> {
    let mut map = RangeMap::default();
    let Some(Object::Array(array)) = objects.get(descendant, b"W") else { return map };
    let mut read = 0_usize;
    let mut objects_left = array.iter().map(|object| objects.resolve(object));
    while let (Some(first), Some(second)) = (objects_left.next(), objects_left.next()) {
        let Some(first) = cid_of(first) else { continue };
        if let Object::Array(widths) = second {
            let left = MAX_WIDTHS.saturating_sub(read);
            let widths: Vec<f32> = widths
                .iter()
                .take(left)
                .map(|width| number(objects.resolve(width)).unwrap_or(0.0))
                .collect();
            read = read.saturating_add(widths.len());
            let last = u32::try_from(widths.len())
                .ok()
                .and_then(|count| first.checked_add(count.checked_sub(1)?));
            if let Some(last) = last {
                map.push(first, last, Width::Each(widths));
            }
        } else if let (Some(last), Some(width)) =
            (cid_of(second), objects_left.next().and_then(number))
        {
            map.push(first, last, Width::Same(width));
        }
    }
    map.seal();
    map
}

/// `W2`: `c [w1y v1x v1y …]` or `first last w1y vx vy`.
fn read_verticals(objects: &Objects<'_>, descendant: &Dictionary) -> RangeMap<[f32; 3]> {
    let mut map = RangeMap::default();
    let Some(Object::Array(array)) = objects.get(descendant, b"W2") else { return map };
    let mut objects_left = array.iter().map(|object| objects.resolve(object));
    while let (Some(first), Some(second)) = (objects_left.next(), objects_left.next()) {
        let Some(first) = cid_of(first) else { continue };
        if let Object::Array(metrics) = second {
            let metrics: Vec<f32> = metrics
                .iter()
                .take(MAX_WIDTHS)
                .filter_map(|value| number(objects.resolve(value)))
                .collect();
            for (cid, metrics) in (first..=u32::MAX).zip(metrics.as_chunks::<3>().0) {
                map.push(cid, cid, *metrics);
            }
        } else if let Some(last) = cid_of(second) {
            let mut next = || objects_left.next().and_then(number);
            if let (Some(advance), Some(x), Some(y)) = (next(), next(), next()) {
                map.push(first, last, [advance, x, y]);
            }
        }
    }
    map.seal();
    map
}

fn default_vertical(objects: &Objects<'_>, descendant: &Dictionary) -> [f32; 2] {
    let Some(Object::Array(values)) = objects.get(descendant, b"DW2") else {
        return DEFAULT_VERTICAL;
    };
    let value = |at: usize| values.get(at).and_then(|value| number(objects.resolve(value)));
    match (value(0), value(1)) {
        (Some(y), Some(advance)) => [y, advance],
        _ => DEFAULT_VERTICAL,
    }
}

fn cid_of(object: &Object) -> Option<u32> {
    match object {
        Object::Integer(cid) => u32::try_from(*cid).ok(),
        Object::Real(cid) if (0.0..=65_535.0).contains(cid) => format!("{cid:.0}").parse().ok(),
        _ => None,
    }
}
