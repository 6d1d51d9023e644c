//! The normalised copy of those stretches of a text that normalising changes, and the way back to the text itself.
//!
//! Spaces and hyphens of all kinds become plain ones, ligatures and full-width forms letters, invisible characters
//! vanish, words broken at a line's end and letter-spaced capitals are joined, look-alike capitals of other alphabets
//! become Latin. Clean text, which is nearly all text, costs one quick look.

use std::borrow::Cow;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization as _;

/// How far a stretch reaches to both sides of what changes, in bytes.
const MARGIN: usize = 400;
/// Between two stretches; see `model::Document::text`.
const BETWEEN: &str = "\n\u{1e}\n";

/// All stretches of a text, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Stretches {
    text: String,
    pieces: Vec<Piece>,
    bounds: Vec<Range<usize>>,
}

/// A piece of the copy and what it stands for.
#[derive(Clone, Copy, Debug)]
struct Piece {
    copy: usize,
    start: usize,
    end: usize,
    /// Byte for byte.
    exact: bool,
}

impl Stretches {
    /// The stretches of `text`; `bounds` gives the passage around an offset, which no stretch leaves.
    pub(crate) fn new(text: &str, bounds: impl Fn(usize) -> Range<usize>) -> Self {
        let mut all = Self::default();
        let mut open: Option<Range<usize>> = None;
        for spot in spots(text) {
            let passage = bounds(spot);
            let start = floor(text, spot.saturating_sub(MARGIN)).max(passage.start);
            let end = floor(text, spot.saturating_add(MARGIN).min(text.len())).min(passage.end);
            match &mut open {
                Some(stretch)
                    if start <= stretch.end
                        && start >= passage.start
                        && stretch.start >= passage.start =>
                {
                    stretch.end = end.max(stretch.end);
                }
                _ => {
                    all.push(text, open.take());
                    open = Some(start..end.max(start));
                }
            }
        }
        all.push(text, open);
        all
    }

    /// The copy.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The stretch around an offset of the copy.
    pub(crate) fn bounds(&self, at: usize) -> Range<usize> {
        let after = self.bounds.partition_point(|bounds| bounds.start <= at);
        after.checked_sub(1).and_then(|last| self.bounds.get(last)).cloned().unwrap_or(at..at)
    }

    /// The bytes of the text behind a range of the copy; none where nothing changed inside it, for then the text
    /// itself tells as much.
    pub(crate) fn original(&self, range: Range<usize>) -> Option<Range<usize>> {
        let (first, from) = self.piece(range.start)?;
        let (last, _) = self.piece(range.end.checked_sub(1)?)?;
        if first == last && from.exact { None } else { self.place(range) }
    }

    /// The bytes of the text behind a range of the copy.
    pub(crate) fn place(&self, range: Range<usize>) -> Option<Range<usize>> {
        let (_, from) = self.piece(range.start)?;
        let (_, to) = self.piece(range.end.checked_sub(1)?)?;
        let start = if from.exact { from.start + (range.start - from.copy) } else { from.start };
        let end = if to.exact { to.start + (range.end - to.copy) } else { to.end };
        (start < end).then_some(start..end)
    }

    fn piece(&self, at: usize) -> Option<(usize, Piece)> {
        let after = self.pieces.partition_point(|piece| piece.copy <= at);
        after.checked_sub(1).and_then(|index| Some((index, *self.pieces.get(index)?)))
    }

    fn push(&mut self, text: &str, stretch: Option<Range<usize>>) {
        let Some(stretch) = stretch else { return };
        let Some(original) = text.get(stretch.clone()) else { return };
        let start = self.text.len();
        let mut maker = Maker { all: self, base: stretch.start, original, run: None };
        maker.run();
        self.bounds.push(start..self.text.len());
        self.text.push_str(BETWEEN);
    }
}

/// The normalised form of a short text: a value, a line.
pub(crate) fn normalised(text: &str) -> Cow<'_, str> {
    if is_normal(text) {
        return Cow::Borrowed(text);
    }
    let mut all = Stretches::default();
    all.push(text, Some(0..text.len()));
    all.text.truncate(all.text.len() - BETWEEN.len());
    Cow::Owned(all.text)
}

/// Whether it is plain to see that normalising changes nothing.
fn is_normal(text: &str) -> bool {
    let bytes = text.as_bytes();
    let upper = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_uppercase);
    bytes.iter().enumerate().all(|(at, byte)| match byte {
        b'-' => !matches!(bytes.get(at + 1), Some(b'\n' | b'\r')),
        b' ' => {
            let before = at.checked_sub(1).and_then(|before| bytes.get(before));
            let after = bytes.iter().skip(at).find(|byte| **byte != b' ');
            !(upper(before) && upper(after))
        }
        byte => byte.is_ascii(),
    })
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Offsets at which normalising changes something, ascending.
fn spots(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut spots = Vec::new();
    if !text.is_ascii() {
        let changing = text.char_indices().filter(|&(_, c)| c >= '\u{a0}' && is_changing(c));
        spots.extend(changing.map(|(at, _)| at));
    }
    for at in memchr::memchr_iter(b'-', bytes) {
        if matches!(bytes.get(at + 1), Some(b'\n' | b'\r')) {
            spots.push(at);
        }
    }
    spots.extend(spaced_letters(bytes));
    spots.sort_unstable();
    spots
}

/// Offsets of the blanks in `A B C`. A quick look at many bytes at once comes first, for blanks are everywhere.
fn spaced_letters(bytes: &[u8]) -> Vec<usize> {
    const CHUNK: usize = 256;
    let upper = |byte: u8| byte.wrapping_sub(b'A') < 26;
    let is_spaced = |five: &[u8]| match five {
        [a, b' ', b, b' ', c] => upper(*a) && upper(*b) && upper(*c),
        _ => false,
    };
    let mut found = Vec::new();
    for from in (0..bytes.len()).step_by(CHUNK) {
        let chunk = bytes.get(from..bytes.len().min(from + CHUNK + 4)).unwrap_or_default();
        let ahead = |by: usize| chunk.get(by..(by + CHUNK).min(chunk.len())).unwrap_or_default();
        let three = ahead(0).iter().zip(ahead(1)).zip(ahead(3));
        let some = three.fold(0, |some, ((a, b), c)| {
            some | u8::from(upper(*a)) & u8::from(*b == b' ') & u8::from(*c == b' ')
        });
        if some != 0 {
            let at = chunk.windows(5).enumerate().filter(|(_, five)| is_spaced(five));
            found.extend(at.map(|(at, _)| from + at + 1));
        }
    }
    found
}

fn is_changing(c: char) -> bool {
    matches!(c,
        '\u{a0}' | '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{1680}' | '\u{180e}' | '\u{2000}'..='\u{2015}'
        | '\u{2018}'..='\u{201f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}' | '\u{2212}'
        | '\u{212a}' | '\u{3000}' | '\u{fb00}'..='\u{fb06}' | '\u{fe50}'..='\u{fe6b}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ff01}'..='\u{ff5e}' | '\u{17f}'
        | '\u{1d400}'..='\u{1d7ff}')
        || look_alike(c).is_some()
}

/// The Latin capital that a capital of another alphabet looks like.
fn look_alike(c: char) -> Option<char> {
    const PAIRS: &[(&str, &str)] =
        &[("АВЕЅІЈКМНОРСТУХҮԚԜ", "ABESIJKMHOPCTYXYQW"), ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX")];
    if !('\u{391}'..='\u{51c}').contains(&c) {
        return None;
    }
    PAIRS
        .iter()
        .find_map(|(from, to)| from.chars().position(|x| x == c).and_then(|at| to.chars().nth(at)))
}

/// Whether a blank and then, a few blanks on, a capital follow.
fn is_spaced_letter(near: Option<char>, more: impl Iterator<Item = char>) -> bool {
    let mut more = more.take(4).skip_while(|&c| is_blank(c));
    near.is_some_and(is_blank) && more.next().is_some_and(|c| c.is_ascii_uppercase())
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}')
}

/// Writes the copy of one stretch.
struct Maker<'a, 'b> {
    all: &'b mut Stretches,
    base: usize,
    original: &'a str,
    /// Where the exact piece that is being copied began.
    run: Option<usize>,
}

impl Maker<'_, '_> {
    fn run(&mut self) {
        let mut at = 0;
        while let Some(c) = self.original.get(at..).and_then(|rest| rest.chars().next()) {
            let len = c.len_utf8();
            let joined = match c {
                '-' | '\u{ad}' | '\u{2010}' => self.broken_word(at, len),
                ' ' | '\u{a0}' => self.spaced_gap(at),
                _ => None,
            };
            at = match joined {
                Some((end, with)) => {
                    self.replace(at..end, with);
                    end
                }
                _ if c.is_ascii() || !is_changing(c) => self.copy(at, len),
                _ => self.fold(at, c),
            };
        }
        self.close(at);
    }

    fn copy(&mut self, at: usize, len: usize) -> usize {
        self.run.get_or_insert(at);
        at + len
    }

    fn close(&mut self, at: usize) {
        if let Some(start) = self.run.take() {
            let (copy, base) = (self.all.text.len(), self.base);
            self.all.text.push_str(self.original.get(start..at).unwrap_or_default());
            self.all.pieces.push(Piece { copy, start: base + start, end: base + at, exact: true });
        }
    }

    fn replace(&mut self, range: Range<usize>, with: &str) {
        self.close(range.start);
        let copy = self.all.text.len();
        self.all.text.push_str(with);
        if !with.is_empty() {
            let (start, end) = (self.base + range.start, self.base + range.end);
            self.all.pieces.push(Piece { copy, start, end, exact: false });
        }
    }

    fn fold(&mut self, at: usize, c: char) -> usize {
        let end = at + c.len_utf8();
        match c {
            '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{180e}'
            | '\u{fe00}'..='\u{fe0f}' => self.replace(at..end, ""),
            '\u{2028}' | '\u{2029}' => self.replace(at..end, "\n"),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => self.replace(at..end, "-"),
            '\u{2018}'..='\u{201b}' => self.replace(at..end, "'"),
            '\u{201c}'..='\u{201f}' => self.replace(at..end, "\""),
            '\u{300}'..='\u{36f}' => {
                self.combine(at, c);
            }
            _ if c.is_whitespace() => self.replace(at..end, " "),
            _ if look_alike(c).is_some() => {
                let latin = look_alike(c).filter(|_| self.is_among_capitals(at, end)).unwrap_or(c);
                self.replace(at..end, latin.encode_utf8(&mut [0; 4]));
            }
            _ => {
                let plain: String = std::iter::once(c).nfkc().collect();
                self.replace(at..end, &plain);
            }
        }
        end
    }

    /// A combining mark: composed with the letter before it.
    fn combine(&mut self, at: usize, mark: char) {
        let end = at + mark.len_utf8();
        let Some(letter) = self.original.get(..at).and_then(|before| before.chars().next_back())
        else {
            return self.replace(at..end, "");
        };
        let start = at - letter.len_utf8();
        let composed: String = [letter, mark].into_iter().nfc().collect();
        if self.run.is_none_or(|run| run > start) || composed.chars().count() > 1 {
            return self.replace(at..end, "");
        }
        if self.run == Some(start) {
            self.run = None;
        } else {
            self.close(start);
        }
        self.replace(start..end, &composed);
    }

    /// A hyphen at a line's end: where the next line's word begins, and what stays of the break.
    fn broken_word(&self, at: usize, len: usize) -> Option<(usize, &'static str)> {
        let before = self.original.get(..at)?.chars().next_back()?;
        let rest = self.original.get(at + len..)?;
        let line = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'))?;
        let word = line.trim_start_matches([' ', '\t']);
        let next = word.chars().next()?;
        let end = self.original.len() - word.len();
        if before.is_ascii_digit() && next.is_ascii_digit() {
            return Some((end, "-"));
        }
        (before.is_alphabetic() && next.is_alphabetic()).then_some((end, ""))
    }

    /// Blanks inside letter-spaced capitals: nothing between letters, one blank between words.
    fn spaced_gap(&self, at: usize) -> Option<(usize, &'static str)> {
        let rest = self.original.get(at..)?;
        let next = rest.trim_start_matches(is_blank);
        let blanks = rest.chars().take_while(|&c| is_blank(c)).count();
        let mut before = self.original.get(..at)?.chars().rev();
        let mut after = next.chars();
        let (last, first) = (before.next()?, after.next()?);
        let (other_before, other_after) = (before.next(), after.next());
        let alone = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        let is_pair = last.is_ascii_uppercase() && first.is_ascii_uppercase();
        if !is_pair || !alone(other_before) || !alone(other_after) || blanks > 4 {
            return None;
        }
        // A single "A B" is no spaced word: a further letter has to stand alone as well.
        let runs_on =
            is_spaced_letter(other_before, before) || is_spaced_letter(other_after, after);
        let end = self.original.len() - next.len();
        runs_on.then_some((end, if blanks > 1 { " " } else { "" }))
    }

    /// Whether all letters of the word around are capitals that look Latin, or Latin capitals.
    fn is_among_capitals(&self, at: usize, end: usize) -> bool {
        let fits = |c: char| c.is_ascii_uppercase() || look_alike(c).is_some();
        let before = self.original.get(..at).unwrap_or_default().chars().rev();
        let after = self.original.get(end..).unwrap_or_default().chars();
        let near = |c: &char| c.is_alphabetic();
        before.take_while(near).take(30).all(fits) && after.take_while(near).take(30).all(fits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_the_same_becomes_the_same() {
        for (text, expected) in [
            ("a\u{a0}b\u{ad}c\u{200b}d", "a bcd"),
            ("o\u{fb03}ce \u{ff25}\u{ff23}", "office EC"),
            ("219\u{2013}45\u{2011}9998", "219-45-9998"),
            ("confi-\n  dential", "confidential"),
            ("219-45-\n9998", "219-45-9998"),
            ("F O R   O F F I C I A L   U S E", "FOR OFFICIAL USE"),
            ("S E C R E T", "SECRET"),
            ("Plan A B costs", "Plan A B costs"),
            ("e\u{301}t", "\u{e9}t"),
            ("\u{421}UI", "CUI"),
            ("\u{421}\u{43e}", "\u{421}\u{43e}"),
            ("\u{201c}it\u{2019}s\u{201d}", "\"it's\""),
        ] {
            assert_eq!(normalised(text), expected, "{text:?}");
        }
    }

    #[test]
    fn ranges_of_the_copy_lead_back_and_unchanged_ones_are_left_to_the_text() {
        let text = "plain words. then con\u{ad}fi-\ndential o\u{fb03}ce end";
        let stretches = Stretches::new(text, |_| 0..text.len());
        let back = |needle: &str| {
            let at = stretches.text().find(needle).unwrap();
            stretches.original(at..at + needle.len()).map(|range| text.get(range).unwrap())
        };
        assert_eq!(back("confidential"), Some("con\u{ad}fi-\ndential"));
        assert_eq!(back("office"), Some("o\u{fb03}ce"));
        assert_eq!(back("plain words"), None);
        assert!(Stretches::new("clean text, all of it", |_| 0..21).text().is_empty());
    }

    #[test]
    fn no_stretch_leaves_its_passage() {
        let text = "a\u{a0}b\n\u{1e}\nc\u{a0}d\n\u{1e}\n";
        let first = text.find('\u{1e}').unwrap();
        let bounds = |at: usize| if at < first { 0..4 } else { first + 2..first + 6 };
        let stretches = Stretches::new(text, bounds);
        assert_eq!(stretches.text(), "a b\n\u{1e}\nc d\n\u{1e}\n");
        assert_eq!(stretches.bounds(6), 6..9);
    }
}
