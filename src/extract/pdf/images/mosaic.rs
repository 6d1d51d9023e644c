//! Pixelated areas: squares of one value side by side, finer than which the picture around them is. Names under a
//! mosaic are told apart by trying candidates (Hill et al., `PoPETs` 2016(4)).

use super::decode::Raster;

/// Sides of the squares that are looked for, in pixels.
const SIDES: std::ops::RangeInclusive<usize> = 4..=40;
/// How many squares in a row make a mosaic.
const IN_A_ROW: usize = 5;
/// By how much neighbouring squares differ on average.
const STEP: usize = 10;
/// The same where lossy compression makes squares of its own.
const LOSSY_STEP: usize = 24;

/// The pixelated area of a picture: left, top, right, bottom in pixels.
pub(super) fn find(raster: &Raster) -> Option<[usize; 4]> {
    let mut found: Vec<Chain> = Vec::new();
    let mut edges = Vec::new();
    for row in (0..raster.height).step_by(3) {
        let line = raster.row(row);
        let tolerance = if raster.is_lossy { 6 } else { 1 };
        edges.clear();
        edges.extend(line.windows(2).enumerate().filter_map(|(at, pair)| {
            let [a, b] = pair else { return None };
            (a.abs_diff(*b) > tolerance).then_some(at.saturating_add(1))
        }));
        chains(raster, row, &edges, &mut found);
        if found.len() > 20_000 {
            break;
        }
    }
    area(raster, &found)
}

/// Edges at equal distances in one row.
#[derive(Clone, Copy, Debug)]
struct Chain {
    row: usize,
    from: usize,
    to: usize,
    side: usize,
}

fn chains(raster: &Raster, row: usize, edges: &[usize], found: &mut Vec<Chain>) {
    let mut start = 0_usize;
    while start.saturating_add(IN_A_ROW) < edges.len() {
        let rest = edges.get(start..).unwrap_or_default();
        let [first, second, ..] = *rest else { return };
        let side = second.saturating_sub(first);
        if !SIDES.contains(&side) {
            start = start.saturating_add(1);
            continue;
        }
        let gaps = rest.windows(2).take_while(|pair| {
            let [a, b] = pair else { return false };
            let gap = b.saturating_sub(*a);
            gap == side || gap == side.saturating_mul(2)
        });
        let length = gaps.count();
        if length >= IN_A_ROW {
            let to = rest.get(length).copied().unwrap_or(*first_of(rest));
            let chain = Chain { row, from: first, to, side };
            if is_toned(raster, &chain) {
                found.push(chain);
            }
        }
        start = start.saturating_add(length.max(1));
    }
}

fn first_of(edges: &[usize]) -> &usize {
    edges.first().unwrap_or(&0)
}

/// Whether the squares have many tones, as averages of something do, and not the two of a drawing.
fn is_toned(raster: &Raster, chain: &Chain) -> bool {
    let line = raster.row(chain.row);
    let half = chain.side / 2;
    let tones: Vec<u8> = (chain.from..chain.to)
        .step_by(chain.side.max(1))
        .filter_map(|at| line.get(at.saturating_add(half)).copied())
        .collect();
    let steps: usize = tones
        .windows(2)
        .map(|pair| pair.iter().max().zip(pair.iter().min()))
        .map(|pair| pair.map_or(0, |(a, b)| usize::from(a.saturating_sub(*b))))
        .sum();
    let mut distinct = tones.clone();
    distinct.sort_unstable();
    distinct.dedup_by(|a, b| a.abs_diff(*b) < 4);
    let step = if raster.is_lossy { LOSSY_STEP } else { STEP };
    let middle = tones.iter().filter(|tone| (24..=231).contains(*tone)).count();
    distinct.len() >= 4
        && steps >= step.saturating_mul(tones.len().saturating_sub(1))
        && middle.saturating_mul(2) >= tones.len()
}

/// Chains of one side, one below the other on the same grid, that repeat row by row within a square.
fn area(raster: &Raster, found: &[Chain]) -> Option<[usize; 4]> {
    for (index, first) in found.iter().enumerate() {
        let mut around = [first.from, first.row, first.to, first.row];
        let mut changes = 0_usize;
        for other in found.iter().skip(index.saturating_add(1)) {
            let [left, top, right, bottom] = &mut around;
            if other.row > bottom.saturating_add(first.side) {
                break;
            }
            let aligned = other.side == first.side
                && other.from.abs_diff(first.from).is_multiple_of(first.side)
                && other.from < *right
                && other.to > *left;
            if !aligned {
                continue;
            }
            changes =
                changes.saturating_add(usize::from(differs(raster, first, other.row, *bottom)));
            (*left, *right) = ((*left).min(other.from), (*right).max(other.to));
            *bottom = other.row.max(*top);
        }
        let [left, top, right, bottom] = around;
        let height = bottom.saturating_sub(top);
        let rows = height / first.side.max(1);
        if height >= first.side
            && changes > 0
            && changes <= rows.saturating_add(2)
            && !is_coarse(raster, first, around)
        {
            return Some([left, top, right, bottom.saturating_add(3)]);
        }
    }
    None
}

/// Whether the picture is as coarse outside an area as inside: then it is one of low resolution.
fn is_coarse(raster: &Raster, chain: &Chain, [left, top, right, bottom]: [usize; 4]) -> bool {
    let taken = right.saturating_sub(left).saturating_mul(bottom.saturating_sub(top));
    if taken.saturating_mul(2) > raster.width.saturating_mul(raster.height) {
        return true;
    }
    let (mut on, mut off) = (0_usize, 0_usize);
    for row in (0..raster.height).step_by(7) {
        let inside = (top..=bottom).contains(&row);
        for (at, pair) in raster.row(row).windows(2).enumerate() {
            let at = at.saturating_add(1);
            let [a, b] = pair else { continue };
            if a.abs_diff(*b) <= 6 || inside && (left..=right).contains(&at) {
                continue;
            }
            let aligned = at.abs_diff(chain.from).is_multiple_of(chain.side.max(1));
            let count = if aligned { &mut on } else { &mut off };
            *count = count.saturating_add(1);
        }
    }
    on > 50 && on > off.saturating_mul(2)
}

/// Whether two rows show other squares.
fn differs(raster: &Raster, chain: &Chain, one: usize, two: usize) -> bool {
    let slice = |row: usize| raster.row(row).get(chain.from..chain.to).unwrap_or_default();
    let equal = slice(one).iter().zip(slice(two)).filter(|(a, b)| a.abs_diff(**b) < 8).count();
    equal.saturating_mul(4) < slice(one).len().saturating_mul(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(x: usize, y: usize) -> u8 {
        let [x, y] = [x, y].map(|side| u32::try_from(side).unwrap());
        let mut n = x.wrapping_mul(0x9e37_79b1) ^ y.wrapping_mul(0x85eb_ca6b);
        n ^= n >> 15;
        n = n.wrapping_mul(0x2c1b_3c6d);
        n.to_be_bytes()[0]
    }

    fn raster(pixel: impl Fn(usize, usize) -> u8) -> Raster {
        let (width, height) = (320, 200);
        let grey =
            (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| pixel(x, y));
        Raster { width, height, grey: grey.collect(), is_lossy: false }
    }

    #[test]
    fn squares_in_the_middle_of_a_page_are_a_mosaic_and_a_coarse_picture_is_none() {
        let mosaic = raster(|x, y| {
            let inside = (100..196).contains(&x) && (60..100).contains(&y);
            if inside { 40 + noise(x / 8, y / 8) / 2 } else { 255 }
        });
        let found = find(&mosaic).unwrap();
        assert!(found[0].abs_diff(100) <= 16 && found[1].abs_diff(60) <= 4, "{found:?}");
        assert_eq!(find(&raster(|x, y| 40 + noise(x / 8, y / 8) / 2)), None);
        assert_eq!(find(&raster(noise)), None);
        assert_eq!(find(&raster(|x, y| if (x / 8 + y / 8) % 2 == 0 { 0 } else { 255 })), None);
    }
}
