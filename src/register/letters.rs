//! What two copies of a passage share whatever was done to their layout: its letters and digits, lower case, without
//! accents. Spaces, line breaks, hyphens and punctuation do not count.

use unicode_normalization::UnicodeNormalization as _;

/// Calls `each` with every letter and digit of `text`, folded, and the byte where its character begins.
pub(crate) fn each_letter(text: &str, mut each: impl FnMut(char, usize)) {
    for (at, c) in text.char_indices() {
        if c.is_ascii() {
            if c.is_ascii_alphanumeric() {
                each(c.to_ascii_lowercase(), at);
            }
        } else {
            let folded = std::iter::once(c).nfkd().flat_map(char::to_lowercase);
            folded.filter(|c| c.is_alphanumeric()).for_each(|c| each(plain(c), at));
        }
    }
}

/// Cyrillic and Greek letters that look like Latin ones: a copy typed on another layout is a copy all the same.
fn plain(c: char) -> char {
    match c {
        'а' | 'α' => 'a',
        'в' => 'b',
        'с' => 'c',
        'е' | 'ε' => 'e',
        'н' => 'h',
        'і' | 'ι' => 'i',
        'к' | 'κ' => 'k',
        'м' => 'm',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'т' | 'τ' => 't',
        'х' | 'χ' => 'x',
        'у' => 'y',
        other => other,
    }
}

/// The folded letters of `text` as one string.
pub(super) fn letters(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    each_letter(text, |c, _| folded.push(c));
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_case_accents_and_look_alikes_do_not_count() {
        assert_eq!(letters("The infor-\nmant,  José №2, Ｅ"), letters("the informant jose No2 е"));
    }
}
