//! When a token is a mark: the tests R1 to R18 of marks-and-release.md A.3, in their order; the first decides.

use super::token::{Token, TokenKind};
use super::wording::{
    ARTICLES, PLACES, REFERENCE_ABBREVIATIONS, REFERENCE_WORDS, is_complete_code, is_plain_word,
    last_word, trailing_group, without_footnote_call,
};
use crate::analyse::text::{
    Ending, ending, ends_in_sign, slice, starts_with_sign, strip_closers, word_count,
};
use crate::model::ListLabel;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ruling {
    /// Neither a mark nor suspect.
    Nothing,
    /// Alone in its block (R1).
    Lone,
    /// At the beginning of its block, text after it (R1).
    Leading,
    /// After an exemption code at the end of the block (A.4).
    AfterCode,
    /// A mark, or what would be one if the token were firm.
    Mark(Position),
}

/// Where a mark stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// After a sentence, more text after it (R14).
    AfterSentence,
    /// After the last sentence of the block (R14).
    AfterLast,
    /// Before the terminal punctuation (R15).
    Inside,
    /// At the end of a block that does not end in a sentence (R16).
    BlockEnd,
    /// After a redaction sign (R17).
    AfterRedaction,
    /// Alone on a line in the midst of a block.
    OwnLine,
}

/// What a ruling has to know of the block beside its text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Surroundings {
    /// A table cell, or an attribute: fewer than three words are an estimate or a status letter.
    pub is_cell: bool,
    /// The block after it is a list item.
    pub introduces_list: bool,
}

/// How much of a block to either side of a token a ruling looks at, in bytes. Keeps a block of a megabyte that is
/// full of tokens from costing its length for each of them.
const WINDOW: usize = 2048;

/// The ruling on `token` of a block.
pub(super) fn rule_on(block: &str, token: &Token, around: Surroundings) -> Ruling {
    let start = floor(block, token.range.start.saturating_sub(WINDOW));
    let end = floor(block, (token.range.end + WINDOW).min(block.len()));
    let text = slice(block, start..end);
    let token =
        Token { range: token.range.start - start..token.range.end - start, ..token.clone() };
    let token = &token;
    let near = Near::new(text, token);
    if near.own.trim().is_empty() {
        return near.at_beginning();
    }
    if near.is_glued() || near.is_quoted() {
        return Ruling::Nothing;
    }
    if trailing_group(near.before).is_some() {
        let is_code = near.is_last && near.is_spaced_before() && is_complete_code(near.before);
        return if is_code { Ruling::AfterCode } else { Ruling::Nothing };
    }
    if near.is_elided_list()
        || near.is_exemption_number()
        || near.is_reference()
        || near.is_legend()
        || (near.is_field() && !around.introduces_list)
        || (around.is_cell && near.is_short_cell())
        || is_compass(&near, text)
        || is_running_label(&near, token.kind)
    {
        return Ruling::Nothing;
    }
    near.position(token).map_or(Ruling::Nothing, Ruling::Mark)
}

/// The last character boundary at or before `at`.
pub(super) fn floor(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// A token and its neighbourhood.
struct Near<'a> {
    /// Everything before it.
    raw: &'a str,
    /// The same without white space at the end and without a footnote call (N7).
    before: &'a str,
    /// `before` without the block's list label.
    own: &'a str,
    label: Option<ListLabel>,
    after: &'a str,
    /// Nothing but closing signs after it.
    is_last: bool,
    kind: TokenKind,
}

impl<'a> Near<'a> {
    fn new(text: &'a str, token: &Token) -> Self {
        let raw = slice(text, 0..token.range.start);
        let after = slice(text, token.range.end..text.len());
        let before = without_footnote_call(raw.trim_end());
        let label = ListLabel::parse(raw).filter(|label| label.len <= raw.len());
        let own =
            label.map_or(before, |label| slice(before, label.len.min(before.len())..before.len()));
        let is_last = strip_closers(after.trim_end())
            .trim_matches(['.', '!', '?', ';', ':', '…', ' '])
            .trim()
            .is_empty();
        Self { raw, before, own, label, after, is_last, kind: token.kind }
    }

    fn next(&self) -> &'a str {
        self.after.trim_start()
    }

    fn is_spaced_before(&self) -> bool {
        self.raw.ends_with(char::is_whitespace)
    }

    /// R1: nothing but a list label before it. A second label (`(iii) (E)`) is one, and so is what introduces a
    /// legend or text that goes on in lower case.
    fn at_beginning(&self) -> Ruling {
        if self.is_last && self.label.is_none() {
            Ruling::Lone
        } else if trailing_group(self.raw).is_some() || !(self.is_last || begins_anew(self.next()))
        {
            Ruling::Nothing
        } else {
            Ruling::Leading
        }
    }

    /// R2 and R3.
    fn is_glued(&self) -> bool {
        let has_call = self.before.len() < self.raw.trim_end().len();
        let left = self.raw.chars().next_back().is_some_and(|c| match c {
            ')' => {
                !self.raw.ends_with(".)") && !self.raw.ends_with("!)") && !self.raw.ends_with("?)")
            }
            '_' => !starts_with_sign(self.raw.trim_start_matches(|c| c != '_')),
            '§' | '/' | '#' => true,
            _ => c.is_alphanumeric() && !has_call,
        });
        let right = self.after.chars().next().is_some_and(|c| {
            c.is_lowercase()
                || c.is_ascii_digit()
                || (self.kind == TokenKind::Square && c.is_alphabetic())
        });
        left || right
    }

    /// A letter in quotation marks is a mention of the letter.
    fn is_quoted(&self) -> bool {
        let quote =
            |c: Option<char>| c.is_some_and(|c| matches!(c, '"' | '\'' | '“' | '”' | '‘' | '’'));
        let opened = quote(self.raw.chars().next_back());
        let opens_here =
            self.raw.chars().rev().nth(1).is_none_or(|c| c.is_whitespace() || c == '(');
        opened && opens_here && quote(self.after.trim_start_matches(['.', ',']).chars().next())
    }

    /// R5.
    fn is_elided_list(&self) -> bool {
        let mut rest = self.before;
        let mut joined = false;
        loop {
            let cut =
                rest.trim_end().trim_end_matches([',', ';', '-', '–', '—', '&', '/']).trim_end();
            let word = last_word(cut);
            let is_joint = matches!(
                word.to_ascii_lowercase().as_str(),
                "and" | "or" | "through" | "to" | "thru" | "nor" | "and/or"
            );
            let shorter = if is_joint { slice(cut, 0..cut.len() - word.len()) } else { cut };
            if shorter.len() == rest.len() {
                return joined && trailing_group(rest).is_some();
            }
            joined = true;
            rest = shorter;
        }
    }

    /// R6.
    fn is_exemption_number(&self) -> bool {
        let word = last_word(self.before);
        let earlier = slice(self.before, 0..self.before.len() - word.len()).trim_end();
        word.eq_ignore_ascii_case("b7")
            || (word == "7" && last_word(earlier).to_ascii_lowercase().starts_with("exemption"))
    }

    /// R7.
    fn is_reference(&self) -> bool {
        let word = last_word(self.before).trim_start_matches(['(', '[', '"', '“', '‘', '\'']);
        let lower = word.to_lowercase();
        let bare = lower.strip_suffix('.').unwrap_or(&lower);
        let singular = lower.strip_suffix('s').filter(|word| word.len() > 2).unwrap_or(&lower);
        let earlier = slice(self.before, 0..self.before.len() - word.len()).trim_end();
        let article = last_word(earlier).to_lowercase();
        if PLACES.contains(&lower.as_str()) && ARTICLES.contains(&article.as_str()) {
            return false;
        }
        REFERENCE_WORDS.contains(&lower.as_str())
            || REFERENCE_WORDS.contains(&singular)
            || (REFERENCE_ABBREVIATIONS.contains(&bare) && !is_plain_word(word, earlier))
    }

    /// R8.
    fn is_legend(&self) -> bool {
        let next = self.next();
        let is_dash = |c: char| matches!(c, '-' | '–' | '—');
        let dashed = next.starts_with(is_dash)
            && next.trim_start_matches(is_dash).trim_start().starts_with(char::is_alphanumeric);
        let verb =
            ["denotes", "means", "indicates", "stands for", "refers to", "represents", "signifies"]
                .iter()
                .any(|verb| next.starts_with(verb));
        let says = dashed || verb || next.starts_with(['=', ':']);
        says && ending(self.before, next) == Ending::Open
    }

    /// R9.
    fn is_field(&self) -> bool {
        self.is_last
            && self.own.ends_with(':')
            && self.own.matches(':').count() == 1
            && (1..=3).contains(&word_count(self.own))
    }

    /// R10.
    fn is_short_cell(&self) -> bool {
        word_count(self.own) < 3 && !ends_in_sign(self.own.trim_end_matches(['.', ' ']))
    }

    /// R14 to R17.
    fn position(&self, token: &Token) -> Option<Position> {
        let next = self.next();
        let closed = match ending(self.before, next) {
            Ending::Closed | Ending::Abbreviation => true,
            Ending::Title => self.is_last,
            Ending::Open => false,
        };
        let terminal = ['.', '!', '?', '…', ';', ':'];
        let punctuated = self.after.starts_with(terminal) && {
            let rest = self.after.trim_start_matches(terminal);
            let rest = rest.trim_start_matches(['"', '\'', '”', '’', '»', ')', ']']);
            rest.is_empty() || rest.starts_with(char::is_whitespace)
        };
        // What ends an unfinished line's sentence belongs to that sentence (R15).
        if self.is_own_line(token) && (closed || !punctuated) {
            return Some(if self.is_last { Position::AfterLast } else { Position::OwnLine });
        }
        if closed && (self.is_last || punctuated || begins_anew(next)) {
            return Some(if self.is_last { Position::AfterLast } else { Position::AfterSentence });
        }
        if closed {
            return None;
        }
        if punctuated {
            return Some(Position::Inside);
        }
        if self.is_last {
            return Some(Position::BlockEnd);
        }
        (begins_anew(next) && ends_in_sign(self.before)).then_some(Position::AfterRedaction)
    }

    fn is_own_line(&self, token: &Token) -> bool {
        let line = self.raw.rsplit('\n').next().unwrap_or_default();
        let rest = self.after.split('\n').next().unwrap_or_default();
        token.kind == TokenKind::Firm
            && self.raw.contains('\n')
            && line.trim().is_empty()
            && rest.trim_matches(['.', ' ', '\t', '\r']).is_empty()
    }
}

/// Whether a new sentence may begin with `next` (R14).
fn begins_anew(next: &str) -> bool {
    next.chars().next().is_some_and(|c| {
        c.is_uppercase()
            || c.is_numeric()
            || matches!(c, '"' | '\'' | '“' | '‘' | '«' | '(' | '[' | '*')
    }) || starts_with_sign(next)
}

/// R11.
fn is_compass(near: &Near<'_>, text: &str) -> bool {
    let tail = near.before;
    let word = last_word(tail).to_ascii_lowercase();
    let earlier = slice(tail, 0..tail.len() - last_word(tail).len()).trim_end();
    let bearing =
        |word: &str| matches!(word, "heading" | "bearing" | "course" | "azimuth" | "track");
    let is_number = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let degrees = tail.ends_with(['°', 'º', '′', '″'])
        || matches!(word.as_str(), "degrees" | "degree" | "deg" | "deg.");
    if degrees || bearing(&word) || (is_number && bearing(&last_word(earlier).to_ascii_lowercase()))
    {
        return true;
    }
    let others = ["(N)", "(S)", "(W)"].iter().any(|point| text.contains(point));
    others && ending(near.before, near.next()) == Ending::Open
}

/// R12: labels A to D run through the block, the last of them D, and text follows.
fn is_running_label(near: &Near<'_>, kind: TokenKind) -> bool {
    if near.is_last {
        return false;
    }
    let labels: [&str; 4] = if kind == TokenKind::Lower {
        ["(d)", "(c)", "(b)", "(a)"]
    } else {
        ["(D)", "(C)", "(B)", "(A)"]
    };
    let mut until = near.raw;
    for label in labels {
        let Some(at) = until.rfind(label) else { return false };
        until = slice(until, 0..at);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::super::token::{merged, tokens, view};
    use super::*;

    fn last_ruling(text: &str, around: Surroundings) -> Ruling {
        let folded = view(text);
        let tokens = merged(folded.text(), tokens(folded.text()));
        tokens.last().map_or(Ruling::Nothing, |token| rule_on(folded.text(), token, around))
    }

    #[test]
    fn every_test_of_the_table_decides_its_own_case() {
        use Position::{AfterLast, AfterRedaction, AfterSentence, BlockEnd, Inside, OwnLine};
        let cases = [
            ("R1", "(E)", Ruling::Lone),
            ("R1", "2. (E)", Ruling::Leading),
            ("R1", "(E) The unit opened.", Ruling::Leading),
            ("R2", "See 552a(E).", Ruling::Nothing),
            ("R2", "f()(E) The", Ruling::Nothing),
            ("R3", "He did. (E)ach", Ruling::Nothing),
            ("R4", "(b) (7) (E)", Ruling::Nothing),
            ("R4", "See 8 CFR 287.8(c)(2) (E).", Ruling::Nothing),
            ("R5", "Denied under 7(C), (D), and (E)", Ruling::Nothing),
            ("R5", "Items (A) through (E)", Ruling::Nothing),
            ("R6", "Withheld under Exemption 7 (E)", Ruling::Nothing),
            ("R6", "Withheld as b7 (E)", Ruling::Nothing),
            ("R7", "See paragraph (E).", Ruling::Nothing),
            ("R7", "As shown in Ex. (E)", Ruling::Nothing),
            ("R7", "marked with an (E).", Ruling::Nothing),
            ("R7", "Gate (E) is open", Ruling::Nothing),
            ("R7", "He was held in room (E).", Ruling::Nothing),
            ("R8", "Legend (E) = exempt", Ruling::Nothing),
            ("R8", "The sign (E) denotes exempt text", Ruling::Nothing),
            ("R9", "Grade: (E)", Ruling::Nothing),
            ("R11", "Turn 090° (E)", Ruling::Nothing),
            ("R11", "Heading 090 (E)", Ruling::Nothing),
            ("R12", "(A) One. (B) Two. (C) Three. (D) Four. (E) Five.", Ruling::Nothing),
            ("R14", "He left. (E)", Ruling::Mark(AfterLast)),
            ("R14", "He left. (E).", Ruling::Mark(AfterLast)),
            ("R14", "He left. (E) The van left.", Ruling::Mark(AfterSentence)),
            ("R14", "He said “go.” (E) “Why?” he said.", Ruling::Mark(AfterSentence)),
            ("R14", "He denied it.3 (E) He left.", Ruling::Mark(AfterSentence)),
            ("R14", "He denied it.(E)The van left.", Ruling::Mark(AfterSentence)),
            ("R14", "He works at Acme Inc. (E) The firm closed.", Ruling::Mark(AfterSentence)),
            ("R14", "He met Mr. (E) Doe.", Ruling::Nothing),
            ("R15", "He was paid (E).", Ruling::Mark(Inside)),
            ("R15", "He was paid (E). Then he left.", Ruling::Mark(Inside)),
            ("R16", "Methods of the unit (E)", Ruling::Mark(BlockEnd)),
            ("R15", "He was seen in the room (E).", Ruling::Mark(Inside)),
            ("R17", "It opened. [REDACTED] (E) The van left.", Ruling::Mark(AfterRedaction)),
            ("R18", "Vitamin (E) tablets", Ruling::Nothing),
            ("S6", "He left early.\n(E)\nThe van left.", Ruling::Mark(OwnLine)),
            ("S6", "He left early.\n(E).\nThe van left.", Ruling::Mark(OwnLine)),
            ("R15", "The driver was paid for\n(E).", Ruling::Mark(Inside)),
            ("R15", "The driver was paid for\n(E).\nThe van left.", Ruling::Mark(Inside)),
            ("A4", "Told by (b)(6), (b)(7)(C) (E)", Ruling::AfterCode),
            ("mention", "The letter \"(E)\".", Ruling::Nothing),
        ];
        for (row, text, expected) in cases {
            assert_eq!(last_ruling(text, Surroundings::default()), expected, "{row}: {text}");
        }
        let cell = Surroundings { is_cell: true, introduces_list: false };
        assert_eq!(last_ruling("1,250 (E)", cell), Ruling::Nothing);
        assert_eq!(last_ruling("█████ (E)", cell), Ruling::Mark(BlockEnd));
        assert_eq!(last_ruling("Source named the guard. (E)", cell), Ruling::Mark(AfterLast));
    }

    #[test]
    fn words_that_look_like_abbreviated_references_end_sentences() {
        use Position::{AfterLast, AfterSentence};
        let cases = [
            ("The caller was her ex. (E) The van left.", Ruling::Mark(AfterSentence)),
            ("They wrote with a chat app. (E)", Ruling::Mark(AfterLast)),
            ("His work was below par. (E) He left.", Ruling::Mark(AfterSentence)),
            ("He dealt in stolen art. (E) He left.", Ruling::Mark(AfterSentence)),
            ("He was seen at the pub. (E) He left.", Ruling::Mark(AfterSentence)),
            ("It came from Roe et al. (E) He left.", Ruling::Mark(AfterSentence)),
            ("The plan is in app. (E)", Ruling::Nothing),
            ("See ex. (E) The plan is old.", Ruling::Nothing),
            ("As shown in Ex. (E)", Ruling::Nothing),
        ];
        for (text, expected) in cases {
            assert_eq!(last_ruling(text, Surroundings::default()), expected, "{text}");
        }
    }
}
