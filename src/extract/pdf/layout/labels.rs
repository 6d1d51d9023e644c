//! What a short token at the edge of a line is: a list label, a page number, a control number.

/// A bullet, or a number or letter with its punctuation: `•`, `1.`, `(a)`, `iv)`, `2.3.1`.
pub(super) fn is_label(token: &str) -> bool {
    is_bullet(token) || is_numbering(token)
}

/// A bullet by itself.
pub(super) fn is_bullet(token: &str) -> bool {
    let mut chars = token.chars();
    let (Some(first), None) = (chars.next(), chars.next()) else { return false };
    matches!(
        first,
        '•' | '◦'
            | '‣'
            | '▪'
            | '●'
            | '○'
            | '■'
            | '□'
            | '–'
            | '—'
            | '·'
            | '*'
            | '\u{f0b7}'
            | '\u{f0a7}'
            | '➢'
            | '✓'
            | '☐'
            | '☒'
            | '-'
            | '►'
            | '»'
    )
}

/// `1.`, `12)`, `(a)`, `IV.`, `2.3`, `A-1.`; not `(E)`, which marks the passage before it and labels nothing.
pub(super) fn is_numbering(token: &str) -> bool {
    if token.len() > 9 || !token.is_ascii() || token.eq_ignore_ascii_case("(e)") {
        return false;
    }
    let open = token.starts_with('(');
    let inner = token.trim_start_matches('(');
    let core = inner.trim_end_matches([')', '.', ':']);
    let closed = inner.len() > core.len();
    let parts = || core.split(['.', '-']);
    let digits = |part: &str| {
        !part.is_empty() && part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit())
    };
    let letter = |part: &str| part.len() == 1 && part.bytes().all(|b| b.is_ascii_alphabetic());
    let roman = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| matches!(b.to_ascii_lowercase(), b'i' | b'v' | b'x' | b'l'))
    };
    let item = |part: &str| digits(part) || letter(part) || roman(part);
    let mut rest = parts();
    let first = rest.next().unwrap_or_default();
    let fits = if core.contains(['.', '-']) {
        digits(first) && rest.all(item) || letter(first) && rest.all(digits)
    } else {
        item(first) && closed
    };
    fits && (!open || inner.ends_with(')'))
}

/// `(E)` and its like: a few characters in brackets that may stand in a margin.
pub(super) fn is_margin_mark(token: &str) -> bool {
    let token = token.trim();
    let inner = token.trim_start_matches(['(', '[', '{', '（']);
    let closed = inner.ends_with([')', ']', '}', '|', '）']);
    let count = inner.chars().filter(|c| !c.is_whitespace()).count();
    inner.len() < token.len() && closed && (2..=4).contains(&count)
}

/// A page number by itself: `4`, `- 4 -`, `Page 3 of 9`, `xii`, `3/9`.
pub(super) fn page_number(text: &str) -> Option<u32> {
    let lower = text.trim().to_ascii_lowercase();
    let bare = lower.trim_matches(['-', '–', '—', '|', '[', ']', '~', ' ', '.']);
    let bare =
        ["page", "pg.", "pg", "p."].iter().find_map(|word| bare.strip_prefix(word)).unwrap_or(bare);
    let bare = bare.trim_start();
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = bare.split_at_checked(digits)?;
    if digits == 0 {
        return roman(bare);
    }
    let rest = rest.trim_start();
    let total = rest.strip_prefix("of").or_else(|| rest.strip_prefix('/')).unwrap_or(rest);
    let total = total.trim();
    let plain =
        total.bytes().all(|b| b.is_ascii_digit()) && (total.is_empty() || total.len() < rest.len());
    if plain && digits <= 5 { number.parse().ok() } else { None }
}

fn roman(text: &str) -> Option<u32> {
    if text.is_empty() || text.len() > 8 {
        return None;
    }
    let (mut sum, mut last) = (0, 0);
    for byte in text.bytes().rev() {
        let value = match byte {
            b'i' => 1,
            b'v' => 5,
            b'x' => 10,
            b'l' => 50,
            b'c' => 100,
            _ => return None,
        };
        sum += if value < last { -value } else { value };
        last = last.max(value);
    }
    u32::try_from(sum).ok()
}

/// A page control number by itself (Bates number): letters and at least four digits, in up to six parts:
/// `REL0000025240`, `EFTA01325321`, `2018-ICLI-00007-R-0189`, `DHS-001-02-000123`, `ICE.000001`.
pub(super) fn is_control_number(text: &str) -> bool {
    let text = text.trim();
    if text.len() < 7 || text.len() > 40 || !text.is_ascii() {
        return false;
    }
    let parts: Vec<&str> = text.split(['-', '_', '.', ' ']).collect();
    let letters = text.bytes().filter(u8::is_ascii_uppercase).count();
    let lower = text.bytes().filter(u8::is_ascii_lowercase).count();
    let last = parts.last().map_or("", |part| *part);
    let tail = last.bytes().rev().take_while(u8::is_ascii_digit).count();
    let plain = parts
        .iter()
        .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    plain && parts.len() <= 6 && letters >= 2 && lower <= 1 && (4..=12).contains(&tail)
}

/// How a text ends: whether a sentence ends with it. Closing quotes, brackets and a mark such as `(E)` are passed over.
pub(super) fn ends_sentence(text: &str) -> bool {
    let mut text = text.trim_end();
    if let Some(at) = text.rfind('(')
        && text.len() - at <= 5
        && text.ends_with(')')
        && let Some(before) = text.get(..at)
        && before.trim_end().ends_with(['.', '!', '?', ':', ';', '”', '"'])
    {
        text = before.trim_end();
    }
    let text = text.trim_end_matches(['"', '”', '’', '\'', ')', ']', '»', '*']);
    text.ends_with(['.', '!', '?', ':', ';', '…', '。'])
}

/// Whether a line that ends with `text` plainly goes on: a hyphen, a comma, a word that ends no sentence.
pub(super) fn goes_on(text: &str) -> bool {
    let text = text.trim_end();
    let last = text.rsplit(char::is_whitespace).next().unwrap_or_default();
    let small = [
        "the", "a", "an", "of", "and", "or", "to", "in", "on", "by", "for", "with", "at", "from",
        "that", "as", "is", "was", "were", "mr.", "ms.", "mrs.", "dr.",
    ];
    text.ends_with([',', '-', '\u{2010}', '\u{ad}', '(', '&'])
        || small.contains(&last.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_told_from_words_and_from_the_mark() {
        for label in ["•", "1.", "12)", "(a)", "iv.", "2.3", "2.3.1.", "A.", "(1)"] {
            assert!(is_label(label), "{label}");
        }
        for word in ["(E)", "the", "1", "2005", "U.S.C.", "10:30", "a", "e.g.", "$1."] {
            assert!(!is_label(word), "{word}");
        }
    }

    #[test]
    fn page_numbers_and_control_numbers_are_recognised() {
        let numbers = [
            ("4", Some(4)),
            ("- 4 -", Some(4)),
            ("Page 3 of 9", Some(3)),
            ("xii", Some(12)),
            ("3/9", Some(3)),
            ("2005 report", None),
            ("", None),
            ("mix up", None),
        ];
        for (text, number) in numbers {
            assert_eq!(page_number(text), number, "{text}");
        }
        for text in [
            "REL0000025240",
            "EFTA01325321",
            "2018-ICLI-00007-R-0189",
            "2018-ICLI-00007 7185",
            "DHS-001-02-000123",
            "ICE.000001",
        ] {
            assert!(is_control_number(text), "{text}");
        }
        for text in ["March 2005", "555-0100", "Section 12345", "000-00-0000", "THE REPORT"] {
            assert!(!is_control_number(text), "{text}");
        }
    }

    #[test]
    fn sentence_ends_are_seen_through_quotes_and_marks() {
        for text in ["left.", "left.”", "left. (E)", "left.)", "these:"] {
            assert!(ends_sentence(text), "{text}");
        }
        for text in ["left", "left,", "under (a)", "(E)"] {
            assert!(!ends_sentence(text), "{text}");
        }
    }
}
