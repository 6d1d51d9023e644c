//! What interpreting a page comes to: glyphs in paint order, in the coordinates of the page as shown.

use crate::model::{MarkKind, Quad, Visibility};

/// A page, interpreted.
#[derive(Default)]
pub(super) struct PageContent {
    /// From 1.
    pub(super) number: u32,
    /// Width of the page as shown, in points, after rotation and `UserUnit`.
    pub(super) width: f32,
    /// Height of the page as shown, in points.
    pub(super) height: f32,
    /// The Unicode text of all glyphs; `Glyph::text` points into it.
    pub(super) text: String,
    /// In paint order, annotation appearances last.
    pub(super) glyphs: Vec<Glyph>,
    /// Share of the page's area that pictures cover, from 0 to 1.
    pub(super) picture_share: f32,
    /// Number of pictures drawn.
    pub(super) pictures: u32,
    /// Covers, strikes and unapplied redactions, with the glyphs they bear on.
    pub(super) marks: Vec<PageMark>,
}

/// Something drawn over text that the layout turns into a `Mark`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PageMark {
    /// What kind.
    pub(super) kind: MarkKind,
    /// What it is in words ("a filled rectangle").
    pub(super) description: &'static str,
    /// Around it; points, origin top left.
    pub(super) quad: Quad,
    /// The first glyph it bears on, an index into `PageContent::glyphs`.
    pub(super) first: u32,
    /// One past the last; equal to `first` where it bears on none.
    pub(super) end: u32,
}

/// One glyph as drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    /// Its Unicode text: bytes `start..start + len` of `PageContent::text`; empty where it has none.
    pub(super) start: u32,
    /// Length of its text in bytes.
    pub(super) len: u8,
    /// Render mode (ISO 32000-2 §9.3.6), 0 to 7.
    pub(super) mode: u8,
    /// Whether a reader sees it.
    pub(super) visibility: Visibility,
    /// Whether it belongs to an annotation's appearance instead of the page's own content.
    pub(super) in_annotation: bool,
    /// Whether it belongs to the text layer of a scan: recognised words, drawn invisibly over their picture.
    pub(super) in_text_layer: bool,
    /// Upright box around the glyph: advance wide, ascent to descent high; points, origin top left.
    pub(super) quad: Quad,
    /// The unit vector of the writing direction: `[1, 0]` for upright horizontal text.
    pub(super) direction: [f32; 2],
    /// The point on the base line where the glyph begins.
    pub(super) origin: [f32; 2],
    /// Advance along the writing direction, in points, without character and word spacing.
    pub(super) advance: f32,
    /// Font size after all transformations, in points.
    pub(super) size: f32,
    /// Which font of the document (an index; fonts compare by it).
    pub(super) font: u32,
    /// Fill colour as sRGB.
    pub(super) colour: [u8; 3],
}
