//! Ways to write the same: what `obstat rules test` does to examples.

use super::spec::Variant;
use std::ops::Range;

/// The text without `⟦` and `⟧`, and the bytes that stood between them.
pub(super) fn unmarked(marked: &str) -> (String, Vec<Range<usize>>) {
    let mut text = String::with_capacity(marked.len());
    let mut ranges = Vec::new();
    let mut open = None;
    for c in marked.chars() {
        match c {
            '⟦' => open = Some(text.len()),
            '⟧' => ranges.extend(open.take().map(|start| start..text.len())),
            other => text.push(other),
        }
    }
    (text, ranges)
}

/// The variations of a marked text that differ from it, with their names.
pub(super) fn of(marked: &str, chosen: &[Variant]) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut add = |name: &str, text: String| {
        if text != marked {
            all.push((name.to_owned(), text));
        }
    };
    for variant in chosen {
        match variant {
            Variant::Wrap => {
                for width in [12, 24, 48] {
                    add(&format!("wrapped at {width}"), wrapped(marked, width, ""));
                }
                add("wrapped and indented", wrapped(marked, 20, "    "));
            }
            Variant::Nbsp => add("no-break spaces", marked.replace(' ', "\u{a0}")),
            Variant::Ligatures => add("ligatures", ligatures(marked)),
            Variant::Hyphenation => {
                add("soft hyphens", hyphenated(marked, "\u{ad}"));
                // A broken word is joined again; a line that counts as a line is not broken.
                if chosen.contains(&Variant::Wrap) {
                    add("broken words", hyphenated(marked, "-\n"));
                }
            }
            Variant::LetterSpacing => add("letter-spaced", letter_spaced(marked)),
        }
    }
    all
}

/// Line breaks instead of blanks, so that no line is longer than `width` if it can be helped.
fn wrapped(marked: &str, width: usize, indent: &str) -> String {
    let mut text = String::with_capacity(marked.len());
    let mut column = 0;
    for (at, word) in marked.split(' ').enumerate() {
        let length = word.chars().filter(|c| !matches!(c, '⟦' | '⟧')).count();
        if at > 0 {
            // Two blanks in a row keep something apart; a line break would join it.
            if column + length >= width && !word.is_empty() && !text.ends_with([' ', '\n']) {
                text.push('\n');
                text.push_str(indent);
                column = indent.len();
            } else {
                text.push(' ');
                column += 1;
            }
        }
        text.push_str(word);
        column = word.rfind('\n').map_or(column + length, |line| word.len() - line);
    }
    text
}

fn ligatures(marked: &str) -> String {
    marked
        .replace("ffi", "\u{fb03}")
        .replace("fi", "\u{fb01}")
        .replace("fl", "\u{fb02}")
        .replace("ff", "\u{fb00}")
}

/// Long words of small letters with a break in the middle.
fn hyphenated(marked: &str, hyphen: &str) -> String {
    let mut text = String::with_capacity(marked.len());
    for piece in marked.split_inclusive(|c: char| !c.is_alphabetic()) {
        let word = piece.trim_end_matches(|c: char| !c.is_alphabetic());
        let is_long = word.chars().count() >= 8
            && word.is_ascii()
            && word.chars().skip(1).all(char::is_lowercase);
        match word.split_at_checked(word.len() / 2) {
            Some((head, _)) if is_long => {
                text.push_str(head);
                text.push_str(hyphen);
                text.push_str(piece.get(head.len()..).unwrap_or_default());
            }
            _ => text.push_str(piece),
        }
    }
    text
}

/// Capitals of the expected findings with blanks between them, three between words. Findings with other signs in
/// them stay as they are: nobody writes `U // F O U O`.
fn letter_spaced(marked: &str) -> String {
    let is_plain = |c: char| c.is_alphabetic() || c == ' ';
    if !unmarked(marked).1.iter().all(|range| {
        unmarked(marked).0.get(range.clone()).is_some_and(|found| found.chars().all(is_plain))
    }) {
        return marked.to_owned();
    }
    let mut text = String::with_capacity(marked.len() * 2);
    let mut inside = false;
    let mut last = ' ';
    for c in marked.chars() {
        match c {
            '⟦' => inside = true,
            '⟧' => inside = false,
            ' ' if inside && last.is_uppercase() => text.push_str("  "),
            _ => {}
        }
        if inside && c.is_uppercase() && last.is_uppercase() {
            text.push(' ');
        }
        text.push(c);
        last = c;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_become_ranges() {
        let (text, ranges) = unmarked("a ⟦bc⟧ d ⟦é⟧");
        assert_eq!((text.as_str(), ranges), ("a bc d é", vec![2..4, 7..9]));
    }

    #[test]
    fn variations_change_how_a_text_is_written_and_not_what_it_says() {
        assert_eq!(
            wrapped("the ⟦confidential source⟧ said", 12, ""),
            "the\n⟦confidential\nsource⟧ said"
        );
        assert_eq!(letter_spaced("x ⟦FOR USE⟧"), "x ⟦F O R   U S E⟧");
        assert_eq!(
            hyphenated("a confidential FD-258 note", "\u{ad}"),
            "a confid\u{ad}ential FD-258 note"
        );
        assert_eq!(ligatures("office flow"), "o\u{fb03}ce \u{fb02}ow");
    }
}
