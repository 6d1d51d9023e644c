//! A normalised view of a passage, and the way back from it to the passage's own bytes.

use std::borrow::Cow;
use std::ops::Range;

/// What becomes of a character in a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fold {
    /// It stays.
    Keep,
    /// It vanishes.
    Drop,
    /// Something else stands for it.
    Replace(&'static str),
}

/// Text as a rule wants to see it. Borrowed, and without a map, where nothing had to change.
pub(crate) struct View<'a> {
    text: Cow<'a, str>,
    /// `(offset in view, offset in original)` after each change, ascending.
    shifts: Vec<(u32, u32)>,
}

impl<'a> View<'a> {
    /// The view of `original` in which every character is folded by `fold`; ASCII always stays as it is.
    pub(crate) fn new(original: &'a str, fold: impl Fn(char) -> Fold) -> Self {
        if original.is_ascii() || original.chars().all(|c| c.is_ascii() || fold(c) == Fold::Keep) {
            return Self { text: Cow::Borrowed(original), shifts: Vec::new() };
        }
        let mut text = String::with_capacity(original.len());
        let mut shifts = Vec::new();
        for (at, c) in original.char_indices() {
            match if c.is_ascii() { Fold::Keep } else { fold(c) } {
                Fold::Keep => {
                    text.push(c);
                    continue;
                }
                Fold::Drop => {}
                Fold::Replace(other) => {
                    shifts.push((index(text.len()), index(at)));
                    text.push_str(other);
                }
            }
            shifts.push((index(text.len()), index(at + c.len_utf8())));
        }
        Self { text: Cow::Owned(text), shifts }
    }

    /// The text of the view.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the original behind `range` of the view; dropped characters at its ends are left out.
    pub(crate) fn original(&self, range: Range<usize>) -> Range<usize> {
        let start = self.offset(range.start, true);
        start..self.offset(range.end, false).max(start)
    }

    fn offset(&self, at: usize, is_start: bool) -> usize {
        let after = self.shifts.partition_point(|&(view, _)| {
            if is_start { view as usize <= at } else { (view as usize) < at }
        });
        let Some(&(view, original)) = after.checked_sub(1).and_then(|last| self.shifts.get(last))
        else {
            return at;
        };
        // An end that falls inside a replacement takes in all of the character that was replaced.
        let own = original as usize + (at - view as usize);
        match self.shifts.get(after) {
            Some(&(next, end)) if own > end as usize || (next as usize == at && !is_start) => {
                end as usize
            }
            _ => own,
        }
    }
}

fn index(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(text: &str) -> View<'_> {
        View::new(text, |c| match c {
            '\u{200b}' => Fold::Drop,
            '（' => Fold::Replace("("),
            '）' => Fold::Replace(")"),
            '🄔' => Fold::Replace("(E)"),
            _ => Fold::Keep,
        })
    }

    #[test]
    fn ranges_of_a_view_lead_back_to_the_original() {
        let original = "a\u{200b}b（E）c 🄔 d";
        let folded = view(original);
        assert_eq!(folded.text(), "ab(E)c (E) d");
        let back = |needle: &str, nth: usize| {
            let at = folded.text().match_indices(needle).nth(nth).unwrap().0;
            original.get(folded.original(at..at + needle.len())).unwrap()
        };
        assert_eq!(back("(E)", 0), "（E）");
        assert_eq!(back("(E)", 1), "🄔");
        assert_eq!(back("a", 0), "a");
        assert_eq!(back("b", 0), "b");
        assert_eq!(back("ab", 0), "a\u{200b}b");
        assert_eq!(back("d", 0), "d");
        assert_eq!(back("c (E) d", 0), "c 🄔 d");
    }
}
