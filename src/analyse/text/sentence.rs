//! Where sentences end, with a guard against abbreviations (marks-and-release.md A.3).

use super::{slice, starts_with_sign};
use std::ops::Range;

/// How a stretch of text ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// With terminal punctuation, closing quotes and brackets after it included.
    Closed,
    /// With an abbreviation that often closes a sentence too (`Inc.`, `Jr.`, `U.S.`).
    Abbreviation,
    /// With an abbreviation that needs something after it (`Mr.`, `vs.`, an initial).
    Title,
    /// In the midst of a sentence.
    Open,
}

/// Abbreviations that are followed by what they belong to.
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "rev", "hon", "gov", "sen", "rep", "gen", "col", "maj", "cpt",
    "cmdr", "sgt", "lt", "capt", "det", "supv", "insp", "ofc", "vs", "approx", "fig", "sec", "ex",
    "cf", "art", "para", "encl", "att", "pp", "vol", "viz", "al", "fed", "supp", "stat", "pub",
    "reg",
];

/// Those of them that, in lower case, are words too and may end a sentence: "at the pub.", "Roe et al."
const WORDS: &[&str] = &["al", "art", "fed", "gen", "pub", "rep"];

/// Abbreviations that may be the last word of a sentence.
const CLOSERS: &[&str] = &[
    "jr", "sr", "inc", "co", "corp", "ltd", "llc", "st", "ave", "blvd", "rd", "dept", "bldg",
    "etc", "esq", "bros", "mt", "ft", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept",
    "oct", "nov", "dec",
];

/// Closing quotes and brackets taken from the end of `text`.
pub(crate) fn strip_closers(text: &str) -> &str {
    text.trim_end_matches(['"', '\'', '”', '’', '»', ')', ']', '}', '›'])
}

/// How `before` ends, seen from what comes next: `next` begins with the first character after the gap.
pub(crate) fn ending(before: &str, next: &str) -> Ending {
    let bare = strip_closers(before);
    match bare.chars().next_back() {
        Some('.') => {}
        Some('!' | '?' | '…' | ':' | ';') => return Ending::Closed,
        _ => return Ending::Open,
    }
    // "He left (at noon etc.)": what a bracket closes is not the sentence's own last word.
    if bare.len() < before.len() {
        return Ending::Closed;
    }
    dot_ending(bare.strip_suffix('.').unwrap_or(bare), next)
}

fn dot_ending(before: &str, next: &str) -> Ending {
    let word = last_word(before);
    if word.is_empty() || before.ends_with('.') {
        return Ending::Closed;
    }
    let lower = word.to_ascii_lowercase();
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let dotted = word.contains('.') && word.split('.').all(|piece| piece.chars().count() == 1);
    match lower.as_str() {
        // Not guarded: followed by a capital they end the sentence.
        "a.m" | "p.m" => Ending::Closed,
        // "No. 5" is a number, "No. He left" an answer.
        "no" | "nos" => {
            let numbered = next.starts_with(|c: char| c.is_ascii_digit() || c == '#');
            if numbered { Ending::Title } else { Ending::Closed }
        }
        "e.g" | "i.e" => Ending::Title,
        "ex" if is_after_article(before) => Ending::Closed,
        _ if WORDS.contains(&word) && !begins_with_number(next) => Ending::Closed,
        _ if TITLES.contains(&lower.as_str()) => Ending::Title,
        _ if CLOSERS.contains(&lower.as_str()) => Ending::Abbreviation,
        _ if dotted && letters >= 2 => Ending::Abbreviation,
        _ if letters == 1 && word.chars().count() == 1 && word.chars().all(char::is_uppercase) => {
            Ending::Title
        }
        _ => Ending::Closed,
    }
}

/// Whether an article or the like stands before the last word: "her ex."
fn is_after_article(before: &str) -> bool {
    let articles = ["a", "an", "the", "his", "her", "their", "my", "your", "our", "this", "that"];
    let earlier = before.rsplit(char::is_whitespace).nth(1).unwrap_or_default();
    articles.iter().any(|article| earlier.eq_ignore_ascii_case(article))
}

/// Whether a number, Roman ones included, begins `next`: "art. IV".
fn begins_with_number(next: &str) -> bool {
    let word = next.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let is_roman = !word.is_empty() && word.chars().all(|c| matches!(c, 'I' | 'V' | 'X'));
    is_roman || next.starts_with(|c: char| c.is_ascii_digit())
}

/// The word before a full stop, its inner full stops included.
fn last_word(before: &str) -> &str {
    let start = before
        .char_indices()
        .rev()
        .take_while(|&(_, c)| c.is_alphanumeric() || c == '.')
        .last()
        .map_or(before.len(), |(at, _)| at);
    slice(before, start..before.len()).trim_start_matches('.')
}

/// The sentences of `text`, without the white space between them, in order. Never empty ranges.
pub(crate) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if !matches!(c, '.' | '!' | '?' | '…') || at < start {
            continue;
        }
        let Some((end, next)) = boundary(text, at + c.len_utf8()) else { continue };
        let before = slice(text, start..at + c.len_utf8());
        let guarded = !matches!(ending(before, slice(text, next..text.len())), Ending::Closed);
        if guarded && next < text.len() {
            continue;
        }
        push_trimmed(text, start..end, &mut found);
        start = next;
    }
    push_trimmed(text, start..text.len(), &mut found);
    found
}

/// Where a sentence ends whose terminal punctuation ends at `from`, and where the next one begins; nothing where
/// what follows does not look like the beginning of a sentence.
fn boundary(text: &str, from: usize) -> Option<(usize, usize)> {
    let rest = slice(text, from..text.len());
    let opened = rest.trim_start_matches(['.', '!', '?', '"', '\'', '”', '’', '»', ')', ']', '}']);
    let closed = from + rest.len() - opened.len();
    let call = footnote_call(slice(text, 0..closed), opened);
    let after = slice(text, closed + call..text.len());
    let next = after.trim_start();
    let end = closed + call;
    if next.is_empty() {
        return Some((end, text.len()));
    }
    let gap = after.len() - next.len();
    (gap > 0 && begins_sentence(next)).then_some((end, end + gap))
}

/// The length of a footnote call glued to the end of a sentence: `claim.3 He`, `claim.³ He`.
fn footnote_call(before: &str, after: &str) -> usize {
    let is_call = |c: char| c.is_ascii_digit() || matches!(c, '²' | '³' | '¹' | '⁰'..='⁹');
    let len = after.find(|c: char| !is_call(c)).unwrap_or(after.len());
    let is_letter_before = strip_closers(before)
        .trim_end_matches(['.', '!', '?'])
        .ends_with(|c: char| c.is_alphabetic() || c == ')');
    let spaced = slice(after, len..after.len()).starts_with(char::is_whitespace);
    if after.chars().take_while(|&c| is_call(c)).count() <= 2 && is_letter_before && spaced {
        len
    } else {
        0
    }
}

/// Whether `text` may be the beginning of a sentence.
pub(super) fn begins_sentence(text: &str) -> bool {
    let first = text.chars().next();
    first.is_some_and(|c| {
        c.is_uppercase()
            || c.is_numeric()
            || matches!(c, '"' | '\'' | '“' | '‘' | '«' | '(' | '[' | '§' | '$' | '*')
    }) || starts_with_sign(text)
}

fn push_trimmed(text: &str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let whole = slice(text, range.clone());
    let start = range.start + whole.len() - whole.trim_start().len();
    let end = start + whole.trim().len();
    if end > start {
        found.push(start..end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        let cases: &[(&str, &[&str])] = &[
            ("The case opened. He left.", &["The case opened.", "He left."]),
            ("Met Dr. Roe at 4 p.m. He left.", &["Met Dr. Roe at 4 p.m.", "He left."]),
            ("Paid by Acme Inc. in May. Done.", &["Paid by Acme Inc. in May.", "Done."]),
            ("See 5 U.S.C. 552 and No. 5. Then go.", &["See 5 U.S.C. 552 and No. 5.", "Then go."]),
            ("Did he sign? No. He left!", &["Did he sign?", "No.", "He left!"]),
            ("He said, “I saw it.” Then he left.", &["He said, “I saw it.”", "Then he left."]),
            ("He denied it.3 He left.", &["He denied it.3", "He left."]),
            ("It cost 3.5 dollars. ████ paid.", &["It cost 3.5 dollars.", "████ paid."]),
            ("one line\nwraps here. Next\none", &["one line\nwraps here.", "Next\none"]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            let found: Vec<_> =
                sentences(text).into_iter().map(|range| slice(text, range)).collect();
            assert_eq!(&found, expected);
        }
    }

    #[test]
    fn an_abbreviation_is_told_from_the_end_of_a_sentence() {
        let cases = [
            ("He left.", "Then", Ending::Closed),
            ("He said \"go.\"", "Then", Ending::Closed),
            ("J. Doe, Jr.", "", Ending::Abbreviation),
            ("with Mr.", "Doe", Ending::Title),
            ("under No.", "5", Ending::Title),
            ("He said no.", "Then", Ending::Closed),
            ("It was her ex.", "Then", Ending::Closed),
            ("as in Ex.", "A", Ending::Title),
            ("seen at the pub.", "Then", Ending::Closed),
            ("under Pub.", "L. 107", Ending::Title),
            ("under art.", "IV", Ending::Title),
            ("by Roe et al.", "Then", Ending::Closed),
            ("in the U.S.", "Then", Ending::Abbreviation),
            ("at 4 p.m.", "Then", Ending::Closed),
            ("and", "then", Ending::Open),
        ];
        for (before, next, expected) in cases {
            assert_eq!(ending(before, next), expected, "{before}");
        }
    }
}
