//! Which paints of a page are worth weighing against its glyphs: most are not, and weighing is what costs.

use super::canvas::Paint;
use super::interpret::{Drawn, Looks};
use super::visibility::NONE;
use crate::model::Quad;

/// A paint that takes away less than this is no veil.
const FAINT: f32 = 0.4;
/// The colour of paper.
pub(super) const WHITE: [u8; 3] = [255; 3];
/// Colours whose channels differ by no more than this look the same.
const SAME: u8 = 8;

/// The paints that can bear on any glyph: what was painted over some, what lies under some in their own colour,
/// what may be a line through some.
pub(super) fn relevant(drawn: &Drawn) -> Vec<u32> {
    let Drawn { content, canvas, looks, .. } = drawn;
    let count = u32::try_from(content.glyphs.len()).unwrap_or(NONE);
    // Once there is ground in the colour of some glyph, whatever is painted over that ground matters too.
    let mut tinted = has_colour(looks, WHITE);
    // One veil hides nothing, several may.
    let veiled = canvas.paints.iter().filter(|paint| is_veil(paint)).take(2).count() == 2;
    let mut matters = |paint: &Paint| {
        let Quad([x0, y0, x1, y1]) = paint.bounds;
        let covers = (paint.opaque || veiled && is_veil(paint)) && paint.after > 0;
        let is_ground = paint.after < count;
        tinted |= is_ground
            && paint.opaque
            && paint.colour.is_some_and(|colour| has_colour(looks, colour));
        let strikes = y1 - y0 < 0.25 * looks.largest && x1 - x0 > 2.0 * (y1 - y0);
        let recolours = paint.tints && paint.after > 0 && tinted;
        covers || is_ground && tinted || strikes || recolours
    };
    let paints = (0_u32..).zip(&canvas.paints).filter(|(_, paint)| matters(paint));
    if count == 0 { Vec::new() } else { paints.map(|(index, _)| index).collect() }
}

/// Whether some glyph may have a colour.
pub(super) fn has_colour(looks: &Looks, colour: [u8; 3]) -> bool {
    looks.colours.len() > Looks::MANY || looks.colours.iter().any(|&one| is_same(one, colour))
}

/// Whether a paint lets through what lies under it, but less of it each time it is laid over it.
pub(super) fn is_veil(paint: &Paint) -> bool {
    !paint.opaque && (FAINT..1.0).contains(&paint.veil)
}

/// Whether a colour is that of paper.
pub(super) fn is_white(colour: [u8; 3]) -> bool {
    is_same(colour, WHITE)
}

pub(super) fn is_same(a: [u8; 3], b: [u8; 3]) -> bool {
    a.iter().zip(b).all(|(&one, other)| one.abs_diff(other) <= SAME)
}
