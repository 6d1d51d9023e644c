//! What may be an (E) mark: the token grammar of marks-and-release.md A.2 over the normalised view of A.1.

use crate::analyse::text::{Fold, View, slice};
use memchr::{memchr3_iter, memmem};
use std::ops::Range;

/// A token that may be a mark. Bytes of the view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub range: Range<usize>,
    pub kind: TokenKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// `(E)`, with up to two spaces or line breaks on either side of the letter.
    Firm,
    /// `[E]`.
    Square,
    /// `{E)`, `(€)` and the like: what a scanner or a hasty typist makes of it.
    Variant,
    /// `(e)`.
    Lower,
}

/// Steps N1 to N5: what vanishes, and what stands for what.
fn fold(c: char) -> Fold {
    match c {
        '\u{200b}'..='\u{200d}'
        | '\u{2060}'
        | '\u{feff}'
        | '\u{ad}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => Fold::Drop,
        '\u{ff08}' | '\u{fe59}' | '\u{2768}' | '\u{276a}' => Fold::Replace("("),
        '\u{ff09}' | '\u{fe5a}' | '\u{2769}' | '\u{276b}' => Fold::Replace(")"),
        '\u{ff3b}' => Fold::Replace("["),
        '\u{ff3d}' => Fold::Replace("]"),
        '\u{ff25}' | '\u{415}' | '\u{395}' | '\u{13ac}' | '\u{2c39}' | '\u{1d404}' => {
            Fold::Replace("E")
        }
        '\u{ff45}' | '\u{435}' => Fold::Replace("e"),
        '\u{1f114}' => Fold::Replace("(E)"),
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            Fold::Replace(" ")
        }
        _ => Fold::Keep,
    }
}

/// The view of a passage in which tokens are looked for.
pub(super) fn view(passage: &str) -> View<'_> {
    View::new(passage, fold)
}

/// Offsets in `text` where a token may begin, ascending. Runs over the whole document at the speed of `memchr`;
/// what it misses cannot be a token.
pub(super) fn candidates(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut found: Vec<usize> = memchr3_iter(b'(', b'[', b'{', bytes)
        .filter(|&at| may_open(bytes.get(at + 1..).unwrap_or_default()))
        .collect();
    if !text.is_ascii() {
        // The lead of each bracket that is no ASCII character.
        for bracket in
            ["\u{ff08}", "\u{fe59}", "\u{2768}", "\u{276a}", "\u{ff3b}", "\u{1f114}", "\u{24a0}"]
        {
            found.extend(memmem::find_iter(bytes, bracket));
        }
        found.sort_unstable();
    }
    found
}

/// Whether an E-like letter may follow: only white space and characters beyond ASCII may stand before it.
fn may_open(rest: &[u8]) -> bool {
    let first = rest.iter().take(6).find(|byte| !byte.is_ascii_whitespace());
    first.is_some_and(|&byte| matches!(byte, b'E' | b'e') || byte >= 0x80)
}

/// Every token of a view, ascending.
pub(super) fn tokens(view: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut from = 0;
    for at in view.match_indices(['(', '[', '{', '\u{24a0}']).map(|(at, _)| at) {
        if at < from {
            continue;
        }
        if let Some(mut token) = token_at(view, at) {
            token.range = with_wrapping(view, token.range);
            from = token.range.end;
            found.push(token);
        }
    }
    found
}

/// Emphasis and a second pair of brackets belong to the token: `**(E)**`, `[(E)]`.
fn with_wrapping(view: &str, mut range: Range<usize>) -> Range<usize> {
    for _ in 0..3 {
        let before = slice(view, 0..range.start).chars().next_back();
        let after = slice(view, range.end..view.len()).chars().next();
        if !matches!(
            (before, after),
            (Some('*'), Some('*'))
                | (Some('_'), Some('_'))
                | (Some('['), Some(']'))
                | (Some('('), Some(')'))
        ) {
            break;
        }
        range = range.start - 1..range.end + 1;
    }
    range
}

fn token_at(view: &str, at: usize) -> Option<Token> {
    let mut chars = slice(view, at..view.len()).chars().peekable();
    let open = chars.next()?;
    let mut len = open.len_utf8();
    if open == '\u{24a0}' {
        return Some(Token { range: at..at + len, kind: TokenKind::Lower });
    }
    let mut spaces = [0_usize; 2];
    let mut skip =
        |len: &mut usize, side: usize, chars: &mut std::iter::Peekable<std::str::Chars<'_>>| {
            while let Some(c) = chars.next_if(|c| c.is_whitespace()) {
                *len += c.len_utf8();
                if let Some(count) = spaces.get_mut(side) {
                    *count += usize::from(c != '\r');
                }
            }
        };
    skip(&mut len, 0, &mut chars);
    let letter = chars.next()?;
    len += letter.len_utf8();
    skip(&mut len, 1, &mut chars);
    let close = chars.next()?;
    len += close.len_utf8();
    let widest = spaces.into_iter().max().unwrap_or(0);
    let kind = match (open, letter, close) {
        ('(', 'E', ')') if widest <= 2 => TokenKind::Firm,
        ('(', 'e', ')') if widest <= 1 => TokenKind::Lower,
        ('[', 'E', ']') if widest <= 1 => TokenKind::Square,
        ('(' | '[' | '{', 'E' | '€' | '£' | 'É' | 'È', ')' | ']' | '}' | '|') if widest <= 1 => {
            TokenKind::Variant
        }
        _ => return None,
    };
    Some(Token { range: at..at + len, kind })
}

/// Step N8: marks repeated on one line count as one; never across a line break, where the second may be a label.
pub(super) fn merged(view: &str, tokens: Vec<Token>) -> Vec<Token> {
    let mut merged: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        if let Some(last) = merged.last_mut() {
            let gap = slice(view, last.range.end..token.range.start);
            let repeats =
                gap.len() <= 4 && gap.chars().all(|c| matches!(c, ' ' | '\t' | ',' | ';'));
            if repeats && last.kind == TokenKind::Firm && token.kind == TokenKind::Firm {
                last.range.end = token.range.end;
                continue;
            }
        }
        merged.push(token);
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind> {
        let folded = view(text);
        merged(folded.text(), tokens(folded.text())).into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn tokens_are_firm_suspect_or_nothing() {
        use TokenKind::{Firm, Lower, Square, Variant};
        let cases: &[(&str, &[TokenKind])] = &[
            ("(E)", &[Firm]),
            ("( E )", &[Firm]),
            ("(  E\n)", &[Firm]),
            ("(E\u{200b})", &[Firm]),
            ("（Ｅ）", &[Firm]),
            ("\u{1f114}", &[Firm]),
            ("❨E❩", &[Firm]),
            ("(Е)", &[Firm]),
            ("(Ε)", &[Firm]),
            ("(\u{a0}E)", &[Firm]),
            ("(E) (E)", &[Firm]),
            ("(E), (E)", &[Firm]),
            ("(E)\n(E)", &[Firm, Firm]),
            ("[E]", &[Square]),
            ("{E)", &[Variant]),
            ("(E]", &[Variant]),
            ("(E|", &[Variant]),
            ("(€)", &[Variant]),
            ("(É)", &[Variant]),
            ("(e)", &[Lower]),
            ("⒠", &[Lower]),
            ("(   E)", &[]),
            ("(F) <E> (EE) (E1) E)", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(&kinds(text), expected, "{text:?}");
            assert!(expected.is_empty() || !candidates(text).is_empty(), "{text:?}");
        }
    }
}
