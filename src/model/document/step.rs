//! A step of an element's path in half the room: records have elements by the million.

use super::NONE;

/// The name of an element and its position among its siblings of that name.
#[derive(Clone, Copy)]
pub(super) struct Step {
    /// Its number.
    pub(super) name: u32,
    /// From 1; 0 where it is not shown.
    pub(super) position: u32,
}

impl Step {
    const POSITION_BITS: u32 = 20;

    /// Both in one number, if they are small enough.
    pub(super) fn packed(self) -> Option<u32> {
        let Self { name, position } = self;
        let fits = name < NONE >> Self::POSITION_BITS && position < 1 << Self::POSITION_BITS;
        fits.then_some(name << Self::POSITION_BITS | position)
    }

    /// The way back.
    pub(super) fn unpacked(packed: u32) -> Self {
        Self {
            name: packed >> Self::POSITION_BITS,
            position: packed & ((1 << Self::POSITION_BITS) - 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_steps_are_packed_and_no_packed_step_is_taken_for_a_large_one() {
        for (name, position) in [(0, 0), (7, 3), (4094, (1 << 20) - 1)] {
            let packed = Step { name, position }.packed().unwrap();
            let Step { name: own, position: place } = Step::unpacked(packed);
            assert_eq!((own, place), (name, position));
            assert_ne!(packed, NONE);
        }
        for (name, position) in [(4095, 0), (0, 1 << 20), (NONE, 1)] {
            assert_eq!(Step { name, position }.packed(), None);
        }
    }
}
