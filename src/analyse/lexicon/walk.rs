//! A term compared with the text at which its first word was seen.

use super::{Letters, Term};

/// Characters that may stand in a gap.
fn is_gap(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '_' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

fn folded(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{2bc}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        other => other,
    }
}

impl Term {
    /// Where the term lies whose first word begins at `start`.
    pub(super) fn at(&self, text: &str, start: usize) -> Option<(usize, usize)> {
        let begin = self.begin(text, start)?;
        let mut walk = Walk { rest: text.get(start..)?, at: start, letters: self.manner.letters };
        let mut term = self.text.get(self.first..)?.chars().peekable();
        if self.manner.letters == Letters::Initial && !walk.rest.starts_with(char::is_uppercase) {
            return None;
        }
        while let Some(c) = term.next() {
            if c == '*' && term.peek().is_none_or(|c| !c.is_alphanumeric()) {
                walk.skip_word();
            } else if c.is_alphanumeric() {
                walk.letter(c)?;
                if term.peek().is_none_or(|&c| !c.is_alphanumeric() && c != '*') {
                    walk.word_end(self.manner.plural && term.peek().is_none())?;
                }
            } else if is_gap(c) {
                while term.next_if(|&c| is_gap(c)).is_some() {}
                let after_dot = walk.at > 0 && text.get(..walk.at)?.ends_with('.');
                walk.gap(u32::from(!after_dot), self.manner.gap)?;
            } else if c == '.' {
                walk.take('.');
                if term.peek().is_some_and(|c| c.is_alphanumeric()) {
                    walk.gap(0, 2)?;
                }
            } else {
                walk.punctuation(c)?;
                if term.peek().is_some_and(|&c| !is_gap(c)) {
                    walk.gap(0, 2)?;
                }
            }
        }
        Some((begin, walk.at))
    }

    /// Where the punctuation before the first word begins.
    fn begin(&self, text: &str, start: usize) -> Option<usize> {
        let mut before = text.get(..start)?;
        let lead = self.text.get(..self.first)?;
        for c in lead.chars().rev().filter(|c| !c.is_whitespace()) {
            before = before.trim_end_matches([' ', '\t']);
            let last = before.chars().next_back().filter(|&last| folded(last) == folded(c))?;
            before = before.get(..before.len() - last.len_utf8())?;
        }
        Some(if lead.is_empty() { start } else { before.len() })
    }
}

/// The text behind a term, step by step.
struct Walk<'a> {
    rest: &'a str,
    at: usize,
    letters: Letters,
}

impl Walk<'_> {
    fn advance(&mut self, c: char) {
        self.rest = self.rest.get(c.len_utf8()..).unwrap_or_default();
        self.at += c.len_utf8();
    }

    fn letter(&mut self, wanted: char) -> Option<()> {
        // Nearly all letters are ASCII, and Unicode's tables are slow.
        if let Some(&byte) = self.rest.as_bytes().first().filter(|byte| byte.is_ascii()) {
            let c = char::from(byte);
            let fits = match self.letters {
                Letters::Exact => c == wanted,
                Letters::Upper => c.eq_ignore_ascii_case(&wanted) && !c.is_ascii_lowercase(),
                Letters::Any | Letters::Initial => c.eq_ignore_ascii_case(&wanted),
            };
            return fits.then(|| self.advance(c));
        }
        let c = self.rest.chars().next()?;
        let same = c == wanted || c.to_lowercase().eq(wanted.to_lowercase());
        let fits = match self.letters {
            Letters::Exact => c == wanted,
            Letters::Upper => same && !c.is_lowercase(),
            Letters::Any | Letters::Initial => same,
        };
        fits.then(|| self.advance(c))
    }

    fn word_end(&mut self, plural: bool) -> Option<()> {
        let ends = |rest: &str| !rest.starts_with(char::is_alphanumeric);
        if ends(self.rest) {
            return Some(());
        }
        let endings: &[&str] = if plural { &["s", "es", "S", "ES"] } else { &[] };
        let ending =
            endings.iter().find(|ending| self.rest.strip_prefix(**ending).is_some_and(ends))?;
        ending.chars().for_each(|c| self.advance(c));
        Some(())
    }

    fn skip_word(&mut self) {
        while let Some(c) = self.rest.chars().next().filter(|c| c.is_alphanumeric()) {
            self.advance(c);
        }
    }

    fn gap(&mut self, least: u32, most: u32) -> Option<()> {
        let mut count = 0;
        while let Some(c) = self.rest.chars().next().filter(|&c| is_gap(c)) {
            if count == most {
                return None;
            }
            self.advance(c);
            count += 1;
        }
        (count >= least).then_some(())
    }

    fn take(&mut self, wanted: char) -> bool {
        let is_next = self.rest.chars().next().is_some_and(|c| folded(c) == folded(wanted));
        if is_next {
            let c = self.rest.chars().next().unwrap_or(wanted);
            self.advance(c);
        }
        is_next
    }

    fn punctuation(&mut self, wanted: char) -> Option<()> {
        if self.take(wanted) {
            return Some(());
        }
        self.gap(0, 2)?;
        self.take(wanted).then_some(())
    }
}
