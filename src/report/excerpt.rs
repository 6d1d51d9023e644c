//! An excerpt made fit for a terminal: masked unless asked otherwise, without control characters, long lines broken.

use super::Style;
use crate::model::{Excerpt, mask};
use std::ops::Range;

/// What miette's frame takes from the width.
const FRAME: usize = 8;

/// The excerpt as shown; ranges are bytes of `text`.
pub(super) struct Shown {
    pub(super) text: String,
    pub(super) primary: Range<usize>,
    pub(super) related: Vec<(String, Range<usize>)>,
}

impl Shown {
    pub(super) fn new(excerpt: &Excerpt, style: &Style) -> Self {
        let clear = excerpt.text.reveal();
        let width = style.width.saturating_sub(FRAME).max(20);
        let mut text = String::with_capacity(clear.len());
        // `starts[i]` is where byte `i` of the clear text begins in the shown text.
        let mut starts = Vec::with_capacity(clear.len() + 1);
        // A line that had to be broken flows on into the next one, up to the end of the paragraph.
        let (mut column, mut flows) = (0, false);
        for (at, c) in clear.char_indices() {
            starts.resize(at, text.len());
            starts.push(text.len());
            let after = clear.get(at + c.len_utf8()..).unwrap_or_default();
            let word = after.chars().take_while(|next| !next.is_whitespace()).take(width).count();
            let soft = c == ' ' || (c == '\n' && flows && word > 0);
            if soft && column + 1 + word > width {
                text.push('\n');
                (column, flows) = (0, true);
            } else if soft {
                text.push(' ');
                column += 1;
            } else if c == '\n' {
                text.push('\n');
                (column, flows) = (0, false);
            } else {
                push_shown(&mut text, c, style.show_evidence);
                column += 1;
            }
        }
        starts.resize(clear.len() + 1, text.len());
        let map = |range: &Range<usize>| {
            let at = |offset: usize| starts.get(offset).copied().unwrap_or(text.len());
            at(range.start)..at(range.end).max(at(range.start))
        };
        let primary = map(&excerpt.primary);
        let related =
            excerpt.related.iter().map(|(label, range)| (label.clone(), map(range))).collect();
        Self { text, primary, related }
    }
}

fn push_shown(text: &mut String, c: char, clear: bool) {
    match c {
        '\t' => text.push(' '),
        _ if super::steers(c) => text.push('\u{fffd}'),
        _ if clear => text.push(c),
        _ => text.push_str(&mask(c.encode_utf8(&mut [0; 4]))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SensitiveText;

    fn shown(text: &str, primary: Range<usize>, show_evidence: bool, width: usize) -> Shown {
        let excerpt = Excerpt { text: SensitiveText::new(text), primary, related: Vec::new() };
        Shown::new(&excerpt, &Style { show_evidence, width, ..Style::default() })
    }

    #[test]
    fn the_label_stays_on_its_words_when_masked() {
        let shown = shown("Zoë met the boss. (E)", 5..8, false, 100);
        assert_eq!(shown.text.get(shown.primary.clone()), Some("███"));
        assert_eq!(shown.text, "███ ███ ███ ████. (█)");
    }

    #[test]
    fn long_lines_are_broken_at_spaces_and_escape_sequences_are_disarmed() {
        let shown = shown("one two three four five six seven \u{1b}[2J", 4..7, true, 28);
        assert!(shown.text.lines().all(|line| line.chars().count() <= 20), "{}", shown.text);
        assert!(!shown.text.contains('\u{1b}'));
        assert_eq!(shown.text.get(shown.primary.clone()), Some("two"));
    }
}
