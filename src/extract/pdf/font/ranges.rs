//! A map from ranges of codes to values, as `CMap`s and width arrays have them: never expanded, so that
//! `<00000000> <FFFFFFFF>` costs one entry.

/// How many ranges one map keeps; the rest of a hostile file is dropped.
const MAX_RANGES: usize = 1 << 17;
/// How many overlapping ranges a look-up passes before it gives up.
const MAX_OVERLAPS: usize = 64;

/// Ranges of codes with their values. [`RangeMap::seal`] has to be called after the last `push`.
pub(super) struct RangeMap<T> {
    ranges: Vec<Range<T>>,
}

struct Range<T> {
    first: u32,
    last: u32,
    /// The greatest `last` of this range and all before it: where it lies below a key, no range before can hold it.
    reach: u32,
    value: T,
}

impl<T> Default for RangeMap<T> {
    fn default() -> Self {
        Self { ranges: Vec::new() }
    }
}

impl<T> RangeMap<T> {
    /// Adds the codes from `first` to `last`, both included.
    pub(super) fn push(&mut self, first: u32, last: u32, value: T) {
        if first <= last && self.ranges.len() < MAX_RANGES {
            self.ranges.push(Range { first, last, reach: last, value });
        }
    }

    /// Sorts the ranges, so that they can be searched.
    pub(super) fn seal(&mut self) {
        self.ranges.sort_by_key(|range| range.first);
        let mut reach = 0;
        for range in &mut self.ranges {
            reach = range.last.max(reach);
            range.reach = reach;
        }
    }

    /// The value of a key, and how far the key lies behind the range's first code. Where ranges overlap, the one
    /// that begins last counts, and of those that begin together the one that was added last.
    pub(super) fn get(&self, key: u32) -> Option<(u32, &T)> {
        let end = self.ranges.partition_point(|range| range.first <= key);
        for range in self.ranges.get(..end)?.iter().rev().take(MAX_OVERLAPS) {
            if range.last >= key {
                return Some((key.checked_sub(range.first)?, &range.value));
            }
            if range.reach < key {
                return None;
            }
        }
        None
    }

    /// Whether there is no range at all.
    pub(super) fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_and_narrower_ranges_win() {
        let mut map = RangeMap::default();
        map.push(0, u32::MAX, 'a');
        map.push(10, 20, 'b');
        map.push(15, 15, 'c');
        map.push(15, 15, 'd');
        map.push(9, 3, 'e');
        map.seal();
        let found = |key| map.get(key).map(|(offset, value)| (offset, *value));
        assert_eq!(found(5), Some((5, 'a')));
        assert_eq!(found(12), Some((2, 'b')));
        assert_eq!(found(15), Some((0, 'd')));
        assert_eq!(found(21), Some((21, 'a')));
        assert_eq!(found(u32::MAX), Some((u32::MAX, 'a')));
    }

    #[test]
    fn a_key_outside_all_ranges_has_no_value() {
        let mut map = RangeMap::default();
        map.push(10, 20, ());
        map.push(30, 40, ());
        map.seal();
        assert!(map.get(9).is_none() && map.get(25).is_none() && map.get(41).is_none());
    }
}
