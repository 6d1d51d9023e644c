//! List labels: what stands before a list item's own text (`2.`, `(a)`, `7.1`, `•`).

/// The label of a list item, as it stands at the beginning of a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListLabel {
    /// Bytes from the beginning of the text to the item's own text, white space included.
    pub len: usize,
    style: Style,
    /// Its number: of `c` 3, of `7.12` 12; 0 for bullets.
    ordinal: u32,
    /// Its number when read as a Roman numeral; 0 where it is none.
    roman: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Bullet(char),
    Digits(Wrap),
    Upper(Wrap),
    Lower(Wrap),
    /// Such as `7.1`, with the number of its levels.
    Decimal(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrap {
    Round,
    Square,
    ClosedRound,
    Dot,
}

impl ListLabel {
    /// The label at the beginning of `text`; leading white space is passed over.
    pub fn parse(text: &str) -> Option<Self> {
        let trimmed = text.trim_start();
        let indent = text.len() - trimmed.len();
        let candidates = [bullet(trimmed), wrapped(trimmed), decimal(trimmed)];
        let is_apart = |body: usize| {
            trimmed
                .get(body..)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
        };
        let (body, style, core) =
            candidates.into_iter().flatten().find(|&(body, _, _)| is_apart(body))?;
        let rest = trimmed.get(body..)?;
        let gap = rest.len() - rest.trim_start().len();
        let ordinal = match style {
            Style::Bullet(_) => 0,
            Style::Digits(_) => core.parse().unwrap_or(0),
            Style::Upper(_) | Style::Lower(_) => letter_ordinal(core),
            Style::Decimal(_) => {
                core.rsplit('.').next().and_then(|last| last.parse().ok()).unwrap_or(0)
            }
        };
        Some(Self { len: indent + body + gap, style, ordinal, roman: roman(core) })
    }

    /// Whether it is a bullet: a sign that tells nothing about its place in the list.
    pub fn is_bullet(&self) -> bool {
        matches!(self.style, Style::Bullet(_))
    }

    /// Whether it may open a list: `1.`, `(a)`, `(i)`, any bullet, any number with levels.
    pub fn is_first(&self) -> bool {
        match self.style {
            Style::Bullet(_) | Style::Decimal(_) => true,
            _ => self.ordinal == 1 || self.roman == 1,
        }
    }

    /// Whether it can be the next label after `previous` in one list.
    pub fn follows(&self, previous: &Self) -> bool {
        if self.style != previous.style {
            return false;
        }
        match self.style {
            Style::Bullet(_) => true,
            Style::Decimal(_) => self.ordinal > previous.ordinal,
            _ => {
                let next =
                    |mine: u32, before: u32| before > 0 && mine > before && mine - before <= 2;
                next(self.ordinal, previous.ordinal) || next(self.roman, previous.roman)
            }
        }
    }
}

fn bullet(text: &str) -> Option<(usize, Style, &str)> {
    let first = text.chars().next()?;
    let rest = text.get(first.len_utf8()..)?;
    let spaced = rest.starts_with([' ', '\t', '\u{a0}']);
    let is_bullet = match first {
        '-' | '*' | '–' | '—' | '•' | '·' | '▪' | '▫' | '◦' | '‣' | '●' | '○' | '➢' | '✓'
        | '\u{f0b7}' | '\u{f0a7}' | '\u{2043}' => spaced,
        'o' => rest.starts_with('\t') || rest.starts_with("  "),
        _ => false,
    };
    is_bullet.then_some((first.len_utf8(), Style::Bullet(first), ""))
}

fn wrapped(text: &str) -> Option<(usize, Style, &str)> {
    let (open, inner) = match text.chars().next()? {
        '(' => (Wrap::Round, text.get(1..)?),
        '[' => (Wrap::Square, text.get(1..)?),
        _ => (Wrap::Dot, text),
    };
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric())?;
    let core = inner.get(..end)?;
    let wrap = match (open, inner.get(end..)?.chars().next()?) {
        (Wrap::Round, ')') => Wrap::Round,
        (Wrap::Square, ']') => Wrap::Square,
        (Wrap::Dot, '.') => Wrap::Dot,
        (Wrap::Dot, ')') => Wrap::ClosedRound,
        _ => return None,
    };
    let style = if core.bytes().all(|byte| byte.is_ascii_digit()) {
        (1..=3).contains(&core.len()).then_some(Style::Digits(wrap))?
    } else if wrap == Wrap::Square {
        return None;
    } else if core.len() == 1 || (core.len() <= 5 && roman(core) > 0) {
        let upper = core.bytes().all(|byte| byte.is_ascii_uppercase());
        let lower = core.bytes().all(|byte| byte.is_ascii_lowercase());
        match (upper, lower) {
            (true, _) => Style::Upper(wrap),
            (_, true) => Style::Lower(wrap),
            _ => return None,
        }
    } else {
        return None;
    };
    let opened = usize::from(open != Wrap::Dot);
    Some((opened + end + 1, style, core))
}

fn decimal(text: &str) -> Option<(usize, Style, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let whole = text.get(..end)?;
    let core = whole.strip_suffix('.').unwrap_or(whole);
    let levels = core.split('.').count();
    let sound = core.split('.').all(|level| (1..=3).contains(&level.len()));
    (levels >= 2 && sound).then_some((end, Style::Decimal(levels), core))
}

fn letter_ordinal(core: &str) -> u32 {
    match core.as_bytes() {
        [letter] => u32::from(letter.to_ascii_lowercase().saturating_sub(b'a')) + 1,
        _ => 0,
    }
}

/// The value of a Roman numeral below 90; 0 for anything else.
fn roman(core: &str) -> u32 {
    let value = |byte: u8| match byte.to_ascii_lowercase() {
        b'i' => 1,
        b'v' => 5,
        b'x' => 10,
        b'l' => 50,
        _ => 0,
    };
    let (mut total, mut last) = (0_u32, u32::MAX);
    for byte in core.bytes() {
        let digit = value(byte);
        if digit == 0 {
            return 0;
        }
        total += digit;
        if digit > last {
            total = total.saturating_sub(2 * last);
        }
        last = digit;
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_told_from_words_and_initials() {
        let cases = [
            ("2. The caller", 3),
            ("(a) The ledger", 4),
            ("  • the key", 6),
            ("7.1 Records", 4),
            ("7.12. Records", 6),
            ("[12] Note", 5),
            ("(iv) the phone", 5),
            ("b) the phone", 3),
            ("- a van", 2),
            ("1.\tText", 3),
        ];
        for (text, len) in cases {
            assert_eq!(ListLabel::parse(text).map(|label| label.len), Some(len), "{text}");
        }
        for text in [
            "U.S. agents",
            "(2005) was",
            "-40 degrees",
            "mild. Then",
            "3 Source",
            "(EE) x",
            "2.b",
            "(E)T",
        ] {
            assert_eq!(ListLabel::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_label_follows_only_its_own_kind() {
        let follows =
            |a: &str, b: &str| ListLabel::parse(b).unwrap().follows(&ListLabel::parse(a).unwrap());
        assert!(follows("1. a", "2. b") && follows("(D) a", "(E) b") && follows("- a", "- b"));
        assert!(
            follows("(ii) a", "(iii) b") && follows("(h) a", "(i) b") && follows("7.1 a", "7.2 b")
        );
        assert!(
            !follows("1. a", "(2) b") && !follows("(A) a", "(E) b") && !follows("2. a", "1. b")
        );
    }
}
