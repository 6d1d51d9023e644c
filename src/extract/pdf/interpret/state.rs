//! The graphics state (ISO 32000-2 §8.4, §9.3): small and `Copy`, so that `q` and `Q` cost next to nothing.

use super::colour::Space;
use crate::extract::pdf::geometry::Matrix;
use crate::model::Quad;

/// No clip, font or pattern.
pub(super) const NONE: u32 = u32::MAX;

/// What fills or strokes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ink {
    pub(super) space: Space,
    pub(super) colour: [u8; 3],
    /// A pattern of the session, or `NONE`.
    pub(super) pattern: u32,
    pub(super) alpha: f32,
}

/// How a paint combines with what lies under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Blend {
    Normal,
    /// `Multiply`, `Darken` and `ColorBurn`: what is dark covers, what is light shows through.
    Darkening,
    /// Everything else: what lies under it shows through.
    Other,
}

/// The text state and the two text matrices.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text {
    pub(super) font: u32,
    pub(super) size: f32,
    pub(super) spacing: f32,
    pub(super) word_spacing: f32,
    /// Horizontal scaling as a share.
    pub(super) stretch: f32,
    pub(super) leading: f32,
    pub(super) rise: f32,
    pub(super) mode: u8,
    pub(super) matrix: Matrix,
    pub(super) line: Matrix,
}

/// The graphics state.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    /// User space to the page as shown.
    pub(super) matrix: Matrix,
    /// The upright box that nothing is painted outside of.
    pub(super) bounds: Quad,
    /// The rest of the clip, an index into the canvas.
    pub(super) clip: u32,
    /// Whether text clips (render modes 4 to 7), from the glyph of this number on; `NONE` where it does not.
    pub(super) text_clip: u32,
    pub(super) fill: Ink,
    pub(super) stroke: Ink,
    pub(super) width: f32,
    pub(super) dashed: bool,
    pub(super) blend: Blend,
    pub(super) soft_mask: bool,
    /// Whether a transparency group around has a blend mode that looks otherwise on paint than on bare paper
    /// (ISO 32000-2 §11.3.3: without a backdrop no blend mode matters).
    pub(super) tints: bool,
    /// The alpha of the transparency groups around.
    pub(super) group_alpha: f32,
    pub(super) text: Text,
}

impl State {
    /// The state a page begins with (ISO 32000-2 Table 51).
    pub(super) fn new(matrix: Matrix, bounds: Quad) -> Self {
        let ink = Ink { space: Space::Gray, colour: [0; 3], pattern: NONE, alpha: 1.0 };
        Self {
            matrix,
            bounds,
            clip: NONE,
            text_clip: NONE,
            fill: ink,
            stroke: ink,
            width: 1.0,
            dashed: false,
            blend: Blend::Normal,
            soft_mask: false,
            tints: false,
            group_alpha: 1.0,
            text: Text {
                font: NONE,
                size: 0.0,
                spacing: 0.0,
                word_spacing: 0.0,
                stretch: 1.0,
                leading: 0.0,
                rise: 0.0,
                mode: 0,
                matrix: Matrix::IDENTITY,
                line: Matrix::IDENTITY,
            },
        }
    }
}
