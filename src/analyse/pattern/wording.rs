//! What is wrong with an expression, in words for who writes rules and no programs.

use regex_syntax::ast::ErrorKind;

const GUIDE: &str =
    "see `regex` in docs/writing-rules.md; look-around and back-references do not exist here";

/// What is wrong, and what to do about it.
pub(super) fn of(kind: &ErrorKind) -> (String, &'static str) {
    let (message, help) = match kind {
        ErrorKind::GroupUnclosed => (
            "this round bracket is never closed",
            "close it with `)`; for a bracket that stands in the text write `\\(`",
        ),
        ErrorKind::GroupUnopened => (
            "this round bracket closes nothing",
            "take it out; for a bracket that stands in the text write `\\)`",
        ),
        ErrorKind::ClassUnclosed => (
            "this square bracket is never closed",
            "close it with `]`; for a bracket that stands in the text write `\\[`",
        ),
        ErrorKind::ClassRangeInvalid => {
            ("this range runs backwards", "write the lower end first, as in `[0-9]`")
        }
        ErrorKind::RepetitionMissing => (
            "there is nothing before this sign that it could repeat",
            "for the sign itself write `\\*`, `\\+` or `\\?`",
        ),
        ErrorKind::RepetitionCountInvalid => {
            ("these bounds run backwards", "write the lower number first, as in `{2,5}`")
        }
        ErrorKind::RepetitionCountUnclosed
        | ErrorKind::RepetitionCountDecimalEmpty
        | ErrorKind::DecimalEmpty => (
            "this is no number of repeats",
            "write it like `{3}` or `{2,5}`; for a brace that stands in the text write `\\{`",
        ),
        ErrorKind::EscapeUnrecognized => (
            "a backslash before this letter means nothing",
            "take the backslash out; `\\d` is a digit, `\\w` a letter or digit, `\\b` a word's edge",
        ),
        ErrorKind::EscapeUnexpectedEof => {
            ("a backslash stands at the end", "for the sign itself write `\\\\`")
        }
        ErrorKind::UnsupportedLookAround => (
            "looking ahead or behind does not exist here",
            "say what must not stand near with `against`, and what must with `require`",
        ),
        ErrorKind::UnsupportedBackreference => {
            ("a reference back to a group does not exist here", "write the alternatives out")
        }
        ErrorKind::NestLimitExceeded(_) => {
            ("brackets stand too deep in one another", "split it into several entries of `detect`")
        }
        other => return (other.to_string(), GUIDE),
    };
    (message.to_owned(), help)
}

/// For what the grammar of expressions allows, and their meaning does not.
pub(super) fn of_meaning(message: &str) -> (String, &'static str) {
    (message.to_owned(), GUIDE)
}
