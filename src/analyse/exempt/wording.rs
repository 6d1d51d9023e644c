//! The words and small shapes before a token that tell a mark from a reference.

use crate::analyse::text::{slice, strip_closers};

/// Words that name what the letter refers to (R7).
pub(super) const REFERENCE_WORDS: &[&str] = &[
    "exhibit",
    "attachment",
    "appendix",
    "enclosure",
    "tab",
    "annex",
    "schedule",
    "item",
    "section",
    "subsection",
    "paragraph",
    "subparagraph",
    "clause",
    "part",
    "class",
    "grade",
    "option",
    "question",
    "answer",
    "rule",
    "code",
    "exemption",
    "title",
    "column",
    "row",
    "figure",
    "table",
    "note",
    "form",
    "block",
    "box",
    "line",
    "category",
    "tier",
    "phase",
    "zone",
    "building",
    "wing",
    "gate",
    "unit",
    "room",
    "letter",
    "mark",
    "marking",
    "symbol",
    "choice",
    "endorsement",
    "visa",
    "permit",
    "§",
    "§§",
    "¶",
    "¶¶",
    // Mentions: what stands here is the name of a letter, not a mark.
    "a",
    "an",
    "the",
    "marked",
    "lettered",
    "labeled",
    "labelled",
    "designated",
    "subclause",
    "division",
    "chapter",
    "volume",
    "element",
    "prong",
    "footnote",
    "type",
    "level",
    "group",
    "step",
    "under",
    "per",
    "of",
    "see",
    "entry",
    "suffix",
    "prefix",
    "initial",
];

/// Those of them that a sentence may end in when an article stands before them: "he was seen in the room (E)."
pub(super) const PLACES: &[&str] = &[
    "room", "unit", "building", "wing", "gate", "box", "block", "form", "line", "table", "item",
    "part", "permit", "zone", "level", "group", "division", "visa", "entry",
];

pub(super) const ARTICLES: &[&str] = &[
    "the", "this", "that", "his", "her", "their", "our", "its", "a", "an", "each", "every",
    "another", "same",
];

/// The same, abbreviated; with or without a full stop.
pub(super) const REFERENCE_ABBREVIATIONS: &[&str] = &[
    "ex", "exh", "att", "app", "appx", "encl", "sec", "sect", "subsec", "para", "par", "subpara",
    "fig", "bldg", "cl", "art", "ch", "pt", "tbl", "col", "opt",
];

/// What stands before an abbreviated reference; after any other word `app.` and `ex.` end a sentence.
const LEADS: &[&str] = &[
    "", "see", "in", "at", "to", "of", "under", "per", "from", "and", "or", "by", "on", "cf.",
    "with", "as", "e.g.,", "i.e.,", "also", "through",
];

/// Whether `word`, which is written like an abbreviated reference, is a word of its own at the end of a sentence:
/// "the caller was her ex.", "a chat app.", "stolen art."
pub(super) fn is_plain_word(word: &str, earlier: &str) -> bool {
    let lead = last_word(earlier).to_lowercase();
    let lead = lead.trim_start_matches(['(', '[', '"', '“', '‘', '\'']);
    let is_referred_to = LEADS.contains(&lead) || lead.ends_with([',', ';', ':', '.']);
    let is_a_word = matches!(word, "art." | "par.");
    let is_lower = word.starts_with(char::is_lowercase);
    is_lower && word.ends_with('.') && (is_a_word || !is_referred_to)
}

/// The word at the end of `text`, whatever signs it holds.
pub(super) fn last_word(text: &str) -> &str {
    text.trim_end().rsplit(char::is_whitespace).next().unwrap_or_default()
}

/// A bracket group of one to four letters or digits at the end of `before` (R4).
pub(super) fn trailing_group(before: &str) -> Option<&str> {
    let open = before.trim_end().strip_suffix(')')?;
    let start = open.rfind('(')?;
    let inner = slice(open, start + 1..open.len()).trim();
    let fits =
        (1..=4).contains(&inner.len()) && inner.bytes().all(|byte| byte.is_ascii_alphanumeric());
    fits.then_some(inner)
}

/// Whether `before` ends in an exemption code that needs no letter more: `(b)(6)`, `(b)(7)(C)`.
pub(super) fn is_complete_code(before: &str) -> bool {
    let compact: String = before
        .chars()
        .rev()
        .take(24)
        .filter(|c| !c.is_whitespace())
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let Some(at) = compact.rfind("(b)(") else { return false };
    let code = slice(&compact, at + 3..compact.len());
    let mut groups = code.split(')').map(|group| group.trim_start_matches('('));
    match (groups.next(), groups.next(), groups.next()) {
        (Some("7"), Some(letter), Some("")) => {
            letter.len() == 1 && letter.bytes().all(|b| b.is_ascii_alphabetic())
        }
        (Some(number), Some(""), None) => {
            number != "7" && number.len() == 1 && number.bytes().all(|b| b.is_ascii_digit())
        }
        _ => false,
    }
}

/// `before` without what may stand between a sentence and its mark: a footnote call glued to the terminal
/// punctuation (N7), a dash.
pub(super) fn without_footnote_call(before: &str) -> &str {
    let undashed = before.trim_end_matches(['-', '–', '—', ' ']);
    if undashed.len() < before.len() && strip_closers(undashed).ends_with(['.', '!', '?']) {
        return undashed;
    }
    without_call(before)
}

fn without_call(before: &str) -> &str {
    let is_raised = |c: char| matches!(c, '²' | '³' | '¹' | '⁰'..='⁹' | '†' | '‡');
    let bracketed = before
        .strip_suffix(']')
        .map(|open| open.trim_end_matches(|c: char| c.is_ascii_digit()))
        .filter(|open| open.len() + 1 < before.len())
        .and_then(|open| open.strip_suffix('['));
    let bare = bracketed
        .unwrap_or_else(|| before.trim_end_matches(|c: char| c.is_ascii_digit() || is_raised(c)));
    let sentence = strip_closers(bare);
    let digits = before.len() - bare.len();
    let raised = before.ends_with(is_raised);
    let is_closed = sentence.ends_with(['.', '!', '?']);
    let is_number = sentence
        .trim_end_matches(['.', '!', '?'])
        .ends_with(|c: char| c.is_ascii_digit() || c == '.');
    let fits = digits > 0 && (raised || bracketed.is_some() || digits <= 2);
    if fits && is_closed && (raised || bracketed.is_some() || !is_number) { bare } else { before }
}
