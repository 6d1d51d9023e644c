//! Redaction signs in text, and how much of a passage they leave readable (marks-and-release.md A.6).

use super::slice;
use regex_automata::meta::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// How much of a passage is still readable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Assessment {
    /// Whether there is a redaction sign at all, or nothing to read.
    pub is_redacted: bool,
    /// Words left that say something; 0 where only function words are left.
    pub words_left: usize,
    /// The share of the characters, white space not counted, that stand in redaction signs: 0 to 1.
    pub share_removed: f64,
}

impl Assessment {
    /// `open`, `partial` or `redacted`.
    pub(crate) fn status(&self) -> &'static str {
        match (self.is_redacted, self.words_left) {
            (false, _) => "open",
            (true, 0) => "redacted",
            (true, _) => "partial",
        }
    }
}

/// Words that tell nothing by themselves.
const FUNCTION_WORDS: &[&str] = &[
    "a", "about", "after", "also", "am", "an", "and", "are", "as", "at", "be", "been", "before",
    "being", "but", "by", "did", "do", "does", "for", "from", "had", "has", "have", "he", "her",
    "him", "his", "if", "in", "into", "is", "it", "its", "no", "nor", "not", "of", "on", "or",
    "over", "s", "she", "so", "than", "that", "the", "their", "them", "then", "there", "these",
    "they", "this", "those", "to", "under", "was", "were", "when", "where", "which", "while",
    "who", "whom", "will", "with", "would", "mr", "mrs", "ms",
];

/// Words before an exemption code that make it a citation.
const CITATION_CUES: &[&str] = &[
    "552",
    "552a",
    "u.s.c.",
    "u.s.c",
    "usc",
    "section",
    "sections",
    "sec.",
    "§",
    "§§",
    "under",
    "exemption",
    "exemptions",
    "by",
    "see",
    "subsection",
    "subsections",
    "paragraph",
    "c.f.r.",
    "cfr",
];

fn compiled(patterns: &[&str]) -> Option<Regex> {
    Regex::new_many(patterns).ok()
}

/// Signs by shape: glyph runs, stars, underscores, bracketed words, bare capitals.
static PLAIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compiled(&[
        "[\u{2580}-\u{259f}\u{25a0}\u{25ac}\u{25ae}\u{25fc}\u{2b1b}]+",
        r"\*{3,}|_{5,}",
        r"(?i)[\[<{]\s*(?:text\s+|name\s+|page\s+|information\s+)?(?:redact(?:ed|ion)|withheld|deleted|exempt|removed|sealed)\b[^\[\]<>{}]{0,80}[\]>}]",
        r"(?i)\(\s*(?:text\s+)?(?:redact(?:ed|ion)|withheld|deleted|removed|sealed)(?:\s*[-:,]?\s*(?:\(?[bjk]\)?\s?\(?[1-9]\)?(?:\s?\(?[a-f]\)?)?[,;]?\s?)+)?\s*\)",
        r"\b(?:REDACTED|WITHHELD)\b",
    ])
});

static STAMP: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compiled(&[
        r"\(b\)\s?\([1-9]\)(?:\s?\([A-Fa-f]\)|[A-Fa-f]\b)?",
        r"\(b\)\s?[1-9](?:\([A-Fa-f]\)|[A-F]\b)?",
        r"\bb\s?\([1-9]\)(?:\s?\([A-Fa-f]\))?",
        r"\bb[1-9](?:[A-Fa-f]|\([A-Fa-f]\))?\b",
        r"\(j\)\s?\(2\)",
        r"\(k\)\s?\([1-7]\)",
    ])
});

static CROSSES: LazyLock<Option<Regex>> = LazyLock::new(|| compiled(&[r"\b[Xx]{2,}\b"]));

/// Redaction signs in `text`, merged and in order.
fn signs(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = matches(&PLAIN, text);
    found.extend(stamps(text));
    let crosses: Vec<_> = matches(&CROSSES, text)
        .into_iter()
        .filter(|range| slice(text, range.clone()).bytes().all(|byte| byte == b'X'))
        .collect();
    // XX and XXX may be Roman numbers, unless a long run shows what they are.
    if crosses.iter().any(|range| range.len() >= 4) {
        found.extend(crosses);
    }
    found.sort_by_key(|range| (range.start, range.end));
    found.dedup_by(|next, kept| {
        let overlaps = next.start < kept.end;
        if overlaps {
            kept.end = kept.end.max(next.end);
        }
        overlaps
    });
    found
}

fn matches(regex: &LazyLock<Option<Regex>>, text: &str) -> Vec<Range<usize>> {
    regex
        .as_ref()
        .map(|regex| regex.find_iter(text).map(|found| found.range()).collect())
        .unwrap_or_default()
}

/// Exemption codes that stand for removed text, not in a citation.
fn stamps(text: &str) -> Vec<Range<usize>> {
    let mut last: Option<(usize, bool)> = None;
    let mut found = Vec::new();
    for range in matches(&STAMP, text) {
        let chained = last.filter(|&(end, _)| is_list_gap(slice(text, end..range.start)));
        let is_cited =
            chained.map_or_else(|| cites(slice(text, 0..range.start)), |(_, cited)| cited);
        last = Some((range.end, is_cited));
        if !is_cited {
            found.push(range);
        }
    }
    found
}

fn is_list_gap(gap: &str) -> bool {
    gap.len() <= 8
        && gap
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '&' | '/'))
            .all(|word| matches!(word, "" | "and" | "or"))
}

fn cites(before: &str) -> bool {
    if before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ')' | '§' | '.')) {
        return true;
    }
    let mut words = before.split_whitespace().rev();
    let last = words.next().unwrap_or_default().trim_start_matches(['(', '[', '"', '“']);
    let lower = last.to_lowercase();
    CITATION_CUES.contains(&lower.as_str())
        || (lower == "to" && words.next().is_some_and(|word| word.eq_ignore_ascii_case("pursuant")))
        || lower.ends_with(|c: char| c.is_ascii_digit())
}

/// Whether `text` ends in a redaction sign.
pub(crate) fn ends_in_sign(text: &str) -> bool {
    let text = text.trim_end();
    let mut from = text.len().saturating_sub(120);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let tail = slice(text, from..text.len());
    signs(tail).last().is_some_and(|range| range.end == tail.len())
}

/// Whether `text` begins with a redaction glyph or a line of underscores.
pub(crate) fn starts_with_sign(text: &str) -> bool {
    text.starts_with("___") || text.starts_with(is_glyph)
}

fn is_glyph(c: char) -> bool {
    matches!(
        c,
        '\u{2580}'..='\u{259f}' | '\u{25a0}' | '\u{25ac}' | '\u{25ae}' | '\u{25fc}' | '\u{2b1b}'
    )
}

/// How much of `passage` is readable. The passage comes without its mark and without its list label.
pub(crate) fn assess(passage: &str) -> Assessment {
    let signs = signs(passage);
    let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    let (mut removed, mut words_left, mut any_word, mut from) = (0, 0, false, 0);
    let mut count = |text: &str| {
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            any_word = true;
            let lower = word.to_lowercase();
            words_left += usize::from(!FUNCTION_WORDS.contains(&lower.as_str()));
        }
    };
    for sign in &signs {
        count(slice(passage, from..sign.start));
        removed += visible(slice(passage, sign.clone()));
        from = sign.end;
    }
    count(slice(passage, from..passage.len()));
    let all = visible(passage).max(1);
    #[expect(clippy::cast_precision_loss, reason = "a passage has fewer than 2^52 characters")]
    let share_removed = removed as f64 / all as f64;
    Assessment { is_redacted: !signs.is_empty() || !any_word, words_left, share_removed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_of_a_passage_follows_from_the_words_left() {
        let cases = [
            ("The source lives above the shop.", "open"),
            ("", "redacted"),
            ("███████ █████████ ████.", "redacted"),
            ("On ████ the ██████ was █████ by █████.", "redacted"),
            ("The source, ████ █████, works at the depot.", "partial"),
            ("[REDACTED]", "redacted"),
            ("[Redacted - (b)(7)(D)]", "redacted"),
            ("[text removed]", "redacted"),
            ("(redacted)", "redacted"),
            ("REDACTED", "redacted"),
            ("The records were withheld and deleted.", "open"),
            ("The (removed) badge.", "partial"),
            ("XXXXXX XX XXXXX.", "redacted"),
            ("Super Bowl XXX was on.", "open"),
            ("*** ***.", "redacted"),
            ("_______________________.", "redacted"),
            ("(b)(7)(D).", "redacted"),
            ("(b)(7)e", "redacted"),
            ("(b)(6), (b)(7)(C) told agents.", "partial"),
            ("Records were withheld under 5 U.S.C. 552(b)(7)(C).", "open"),
            ("Withheld pursuant to (b)(6) and (b)(7)(C).", "open"),
            ("The source is b6, b7C, b7D.", "partial"),
            ("b6; b7C", "redacted"),
            ("[b(7)(D)], (b)7(C)", "redacted"),
            ("See b(7)(D) of the act.", "open"),
            ("(k)(2) and (j)(2).", "redacted"),
            ("■■■ 14 ■■■", "partial"),
        ];
        for (text, status) in cases {
            assert_eq!(assess(text).status(), status, "{text}");
        }
    }

    #[test]
    fn the_share_removed_counts_characters_without_spaces() {
        let assessment = assess("ab ██ cd ██");
        assert!((assessment.share_removed - 0.5).abs() < 1e-9);
        assert_eq!(assessment.words_left, 2);
    }
}
