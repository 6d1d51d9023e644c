//! What several rule kinds need to know of running text: sentences, redaction signs, normalised views.

mod redaction;
mod sentence;
mod view;

pub(crate) use redaction::{Assessment, assess, ends_in_sign, starts_with_sign};
pub(crate) use sentence::{Ending, ending, sentences, strip_closers};
pub(crate) use view::{Fold, View};

/// `text[range]`, or nothing where the range does not fit.
pub(crate) fn slice(text: &str, range: std::ops::Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

/// The words of `text`, white space collapsed to single spaces.
pub(crate) fn collapsed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The number of words: runs without white space that hold a letter or digit.
pub(crate) fn word_count(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
}
