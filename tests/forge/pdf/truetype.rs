//! A TrueType program made of the forge's dotted letters (OpenType 1.9, the tables that PDF asks for: ISO 32000-2
//! §9.9.2).

use super::glyphs::{Bar, shape};

/// A font program whose glyph 1 is the first of `characters`, and so on; glyph 0 is a box.
/// Without `with_cmap` nothing in the program tells which character a glyph is.
pub(crate) fn program(characters: &[char], with_cmap: bool) -> Vec<u8> {
    let mut shapes = vec![(vec![[100, 0, 400, 700]], 500)];
    shapes.extend(characters.iter().map(|&character| shape(character)));
    let (mut glyf, mut loca, mut hmtx) = (Vec::new(), Vec::new(), Vec::new());
    for (bars, advance) in &shapes {
        loca.extend(u32::try_from(glyf.len()).unwrap_or(0).to_be_bytes());
        glyf.extend(outline(bars));
        hmtx.extend(advance.to_be_bytes());
        hmtx.extend(bars.first().map_or(0, |bar| bar[0]).to_be_bytes());
    }
    loca.extend(u32::try_from(glyf.len()).unwrap_or(0).to_be_bytes());
    let count = u16::try_from(shapes.len()).unwrap_or(u16::MAX);
    let mut tables: Vec<(&[u8; 4], Vec<u8>)> = vec![
        (b"glyf", glyf),
        (b"head", head()),
        (b"hhea", words(&[1, 0, 700, 0xFF9C, 0, 1000, 0, 0, 600, 1, 0, 0, 0, 0, 0, 0, 0, count])),
        (b"hmtx", hmtx),
        (b"loca", loca),
        (b"maxp", words(&[1, 0, count, 256, 64, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])),
        (b"post", words(&[3, 0, 0, 0, 0xFF9C, 50, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])),
    ];
    if with_cmap {
        tables.insert(0, (b"cmap", cmap(characters)));
    }
    assemble(&tables)
}

fn words(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

fn head() -> Vec<u8> {
    let version_revision_sum_magic = [1, 0, 1, 0, 0, 0, 0x5F0F, 0x3CF5];
    let flags_em = [3, 1000];
    let dates = [0; 8];
    let bounds_style_loca = [0, 0xFF9C, 500, 700, 0, 8, 2, 1, 0];
    words(&[&version_revision_sum_magic[..], &flags_em, &dates, &bounds_style_loca].concat())
}

/// One contour a bar, clockwise (glyf table, simple glyph).
fn outline(bars: &[Bar]) -> Vec<u8> {
    if bars.is_empty() {
        return Vec::new();
    }
    let bound = |side: usize, pick: fn(i16, i16) -> i16| {
        bars.iter().map(|bar| bar[side]).reduce(pick).unwrap_or(0)
    };
    let mut out = Vec::new();
    let contours = i16::try_from(bars.len()).unwrap_or(i16::MAX);
    let bounds = [bound(0, i16::min), bound(1, i16::min), bound(2, i16::max), bound(3, i16::max)];
    for value in [contours].iter().chain(&bounds) {
        out.extend(value.to_be_bytes());
    }
    for contour in 1..=contours {
        out.extend((contour * 4 - 1).to_be_bytes());
    }
    out.extend([0, 0]);
    out.extend(vec![1u8; bars.len() * 4]);
    let corners =
        || bars.iter().flat_map(|&[x0, y0, x1, y1]| [(x0, y0), (x0, y1), (x1, y1), (x1, y0)]);
    for axis in [0, 1] {
        let mut last = 0i16;
        for (x, y) in corners() {
            let at = if axis == 0 { x } else { y };
            out.extend((at - last).to_be_bytes());
            last = at;
        }
    }
    out.resize(out.len().next_multiple_of(4), 0);
    out
}

/// A format 4 subtable for (3, 1), one segment a character.
fn cmap(characters: &[char]) -> Vec<u8> {
    let mut pairs: Vec<(u16, u16)> = characters
        .iter()
        .zip(1u16..)
        .map(|(&character, glyph)| (u16::try_from(character as u32).unwrap_or(0xFFFE), glyph))
        .collect();
    pairs.sort_unstable();
    pairs.push((0xFFFF, 0));
    let segments = u16::try_from(pairs.len()).unwrap_or(1);
    let length = 16 + segments * 8;
    let mut out = words(&[0, 1, 3, 1, 0, 12, 4, length, 0, segments * 2]);
    let power = 1u16 << segments.ilog2();
    out.extend(words(&[power * 2, power.ilog2().try_into().unwrap_or(0), (segments - power) * 2]));
    out.extend(pairs.iter().flat_map(|pair| pair.0.to_be_bytes()));
    out.extend([0, 0]);
    out.extend(pairs.iter().flat_map(|pair| pair.0.to_be_bytes()));
    out.extend(pairs.iter().flat_map(|pair| pair.1.wrapping_sub(pair.0).to_be_bytes()));
    out.extend(vec![0; pairs.len() * 2]);
    out
}

fn assemble(tables: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let count = u16::try_from(tables.len()).unwrap_or(1);
    let power = 1u16 << count.ilog2();
    let log = u16::try_from(power.ilog2()).unwrap_or(0);
    let mut out = words(&[1, 0, count, power * 16, log, (count - power) * 16]);
    let mut body = Vec::new();
    for (tag, data) in tables {
        let offset = 12 + tables.len() * 16 + body.len();
        out.extend_from_slice(*tag);
        out.extend(checksum(data).to_be_bytes());
        out.extend(u32::try_from(offset).unwrap_or(0).to_be_bytes());
        out.extend(u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
        body.extend_from_slice(data);
        body.resize(body.len().next_multiple_of(4), 0);
    }
    out.extend(body);
    let whole = 0xB1B0_AFBA_u32.wrapping_sub(checksum(&out));
    if let Some(head) = tables.iter().position(|(tag, _)| *tag == b"head") {
        let at = 12
            + tables.len() * 16
            + tables
                .iter()
                .take(head)
                .map(|(_, data)| data.len().next_multiple_of(4))
                .sum::<usize>();
        out[at + 8..at + 12].copy_from_slice(&whole.to_be_bytes());
    }
    out
}

fn checksum(data: &[u8]) -> u32 {
    data.chunks(4).fold(0, |sum: u32, chunk| {
        let mut word = [0; 4];
        word[..chunk.len()].copy_from_slice(chunk);
        sum.wrapping_add(u32::from_be_bytes(word))
    })
}
