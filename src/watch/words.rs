//! Words as names are made of: folded letters, without accents, joined over hyphens at line ends.

use crate::register::each_letter;
use std::ops::Range;
use unicode_normalization::char::is_combining_mark;

/// The most characters between two words of a name.
const MAX_GAP: usize = 4;
/// Parts two passages in `Document::text`, such as two cells of a table.
const CELL: char = '\u{1e}';
/// Up to this many letters a word may be an abbreviation, after which a period ends no sentence.
const MAX_ABBREVIATION: usize = 2;

/// A word of a text.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// Its letters, folded.
    pub(super) letters: String,
    /// Its bytes in the text.
    pub(super) range: Range<usize>,
}

/// The words of a text that begins at byte `offset` of its document.
pub(super) fn words(text: &str, offset: usize) -> Vec<Word> {
    let mut words = Vec::new();
    let mut open: Option<Word> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = offset + at + c.len_utf8();
        if c.is_alphanumeric() {
            let word = open
                .get_or_insert_with(|| Word { letters: String::new(), range: offset + at..end });
            let piece = text.get(at..at + c.len_utf8()).unwrap_or_default();
            each_letter(piece, |c, _| word.letters.push(c));
            word.range.end = end;
        } else if c == '-' && chars.peek().is_some_and(|(_, next)| *next == '\n') && open.is_some()
        {
            chars.next();
        } else if !(is_combining_mark(c) || is_silent(c)) {
            words.extend(open.take());
        }
    }
    words.extend(open);
    words
}

/// Signs that stand inside a name without parting it, and those that nobody sees.
fn is_silent(c: char) -> bool {
    matches!(
        c,
        '\'' | '\u{2019}' | '\u{2bc}' | '\u{ad}' | '\u{200b}'
            ..='\u{200d}' | '\u{2060}' | '\u{feff}'
    )
}

/// Whether two neighbouring words can belong to one name.
pub(super) fn joins_name(text: &str, before: &Word, after: &Word) -> bool {
    let gap = text.get(before.range.end..after.range.start).unwrap_or("?");
    let short = before.letters.chars().count() <= MAX_ABBREVIATION;
    let fits = |c: char| {
        c.is_whitespace()
            || matches!(c, ',' | '-' | '\u{2010}' | '\u{2011}' | CELL)
            || (c == '.' && short)
    };
    gap.chars().filter(|c| !c.is_whitespace()).count() <= MAX_GAP && gap.chars().all(fits)
}

/// Whether two neighbouring groups can belong to one number.
pub(super) fn joins_number(text: &str, before: &Word, after: &Word) -> bool {
    let gap = text.get(before.range.end..after.range.start).unwrap_or("?");
    let fits = |c: char| {
        c.is_whitespace()
            || matches!(c, '-' | '.' | '/' | '(' | ')' | '#' | '\u{2010}'..='\u{2013}' | CELL)
    };
    gap.chars().count() <= MAX_GAP && gap.chars().all(fits)
}
