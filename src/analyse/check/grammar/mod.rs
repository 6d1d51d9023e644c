//! Marking grammars: banner lines and portion marks taken apart, tested for good form, and compared over a page.

mod categories;
mod classification;
mod cui;
mod ism;
mod niem;
mod rollup;

use super::mark::{is_furniture, is_inside_prose};
use super::{Check, Found};
use crate::analyse::scan::Scan;
use crate::analyse::stretch::normalised;
use crate::model::{Block, Passage};
use std::ops::Range;
use std::rc::Rc;

/// A grammar: what it is called, the words that call for it, and what it makes of a document.
pub(crate) struct Grammar {
    /// Its name in rules.
    pub(crate) name: &'static str,
    /// What it can come to.
    pub(crate) outcomes: &'static [&'static str],
    /// Words at which a marking may begin, in capitals; none where it does not begin with words.
    pub(crate) triggers: &'static [&'static str],
    find: fn(&Scan<'_>, u32) -> Vec<Outcome>,
}

impl std::fmt::Debug for Grammar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// All grammars.
pub(crate) const GRAMMARS: &[Grammar] =
    &[cui::GRAMMAR, classification::GRAMMAR, ism::GRAMMAR, niem::GRAMMAR];

/// Something that a grammar found.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    name: &'static str,
    found: Found,
}

impl Outcome {
    fn at(name: &'static str, range: Range<usize>) -> Self {
        Self { name, found: Found { range, ..Found::default() } }
    }
}

/// One outcome of a grammar.
#[derive(Debug)]
pub(crate) struct GrammarCheck {
    /// Which grammar.
    pub(crate) grammar: &'static Grammar,
    /// Which outcome.
    pub(crate) outcome: String,
    /// The list of its triggers.
    pub(crate) list: u32,
}

impl Check for GrammarCheck {
    fn find(&self, scan: &Scan<'_>, found: &mut Vec<Found>) {
        if !self.grammar.triggers.is_empty() && scan.hits.list(self.list).is_empty() {
            return;
        }
        let mut known = scan.outcomes.borrow_mut();
        let outcomes = known
            .entry(self.grammar.name)
            .or_insert_with(|| Rc::new((self.grammar.find)(scan, self.list)));
        let own = outcomes.iter().filter(|outcome| outcome.name == self.outcome);
        found.extend(own.map(|outcome| outcome.found.clone()));
    }
}

/// A line that holds a marking and nothing else but furniture, or a portion mark at the start of a block.
struct Marking {
    /// Bytes of the document.
    range: Range<usize>,
    /// Normalised, without brackets.
    text: String,
    is_portion: bool,
    page: u32,
}

/// The longest marking, in bytes.
const LONGEST: usize = 300;

/// The markings that begin at a trigger; each once.
fn markings(scan: &Scan<'_>, list: u32) -> Vec<Marking> {
    let mut all: Vec<Marking> = Vec::new();
    for hit in scan.hits.list(list) {
        let trigger = hit.start as usize..hit.end as usize;
        if all.last().is_some_and(|last| trigger.start < last.range.end) {
            continue;
        }
        let Some(passage) = scan.passage_at(trigger.start) else { continue };
        let found = portion(scan, &passage, &trigger).or_else(|| banner(scan, &passage, &trigger));
        all.extend(found);
    }
    all
}

fn banner(scan: &Scan<'_>, passage: &Passage<'_>, trigger: &Range<usize>) -> Option<Marking> {
    let line = scan.line_within(passage, trigger, 2 * LONGEST);
    if line.len() > LONGEST || is_inside_prose(scan, passage, &line) {
        return None;
    }
    let before = scan.slice(line.start..trigger.start);
    let lead = before.len() - before.trim_end_matches(['/', ' ']).len();
    let lead = if before.trim_end().ends_with("//") { lead } else { 0 };
    let start = trigger.start - lead + before.get(before.len() - lead..)?.find('/').unwrap_or(lead);
    let rest = scan.slice(start..line.end);
    let end = start + reach(rest, trigger.end.checked_sub(start)?);
    let outside = format!("{} {}", scan.slice(line.start..start), scan.slice(end..line.end));
    let mut words = outside.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_alone = words.all(is_furniture);
    let quoted = |c: char| matches!(c, '"' | '\'' | '\u{2018}'..='\u{201f}' | '`');
    let is_quoted = scan.slice(line.start..start).trim_end().ends_with(quoted)
        || scan.slice(end..line.end).trim_start().starts_with(quoted);
    let labelled = scan.slice(line.start..start).trim_end().ends_with(':');
    if !is_alone || is_quoted || labelled {
        return None;
    }
    let text = normalised(scan.slice(start..end)).into_owned();
    Some(Marking { range: start..end, text, is_portion: false, page: passage.page() })
}

/// How far capitals, slashes and what else markings are made of go on, at least to `least`. Two blanks in a row,
/// and a word that is no capital word, end a marking that is not letter-spaced.
fn reach(text: &str, least: usize) -> usize {
    let mut end = least;
    let tail = text.get(least..).unwrap_or_default();
    let mut at = least;
    for piece in tail.split_inclusive(['/', ' ', '\u{a0}', ',']) {
        let word = piece.trim_end_matches(['/', ' ', '\u{a0}', ',']);
        let is_mark_word = word.is_empty()
            || word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-')
            || word.starts_with("Attorney-");
        let is_number = !word.is_empty() && word.chars().all(|c| c.is_ascii_digit() || c == '-');
        if !is_mark_word
            || (is_number
                && !text.get(..at).is_some_and(|before| before.trim_end().ends_with("SIGMA")))
        {
            break;
        }
        at += piece.len();
        if !word.is_empty() {
            end = at - (piece.len() - word.len());
        }
    }
    end
}

fn portion(scan: &Scan<'_>, passage: &Passage<'_>, trigger: &Range<usize>) -> Option<Marking> {
    let line = scan.line_within(passage, trigger, 2 * LONGEST);
    let before = scan.slice(line.start..trigger.start);
    let own = scan.slice(trigger.clone());
    let open = if own.starts_with('(') {
        before.len()
    } else {
        before.trim_end_matches([' ', '/']).strip_suffix('(')?.len()
    };
    let start = line.start + open;
    let rest = scan.slice(start..line.end);
    let close = rest.get(..LONGEST.min(rest.len())).unwrap_or(rest).find(')')?;
    let inside = rest.get(1..close)?;
    let is_mark = inside.chars().all(|c| {
        c.is_ascii_uppercase()
            || c.is_ascii_digit()
            || matches!(c, '/' | '-' | ',' | ' ' | '\u{a0}')
    });
    let after = rest.get(close + 1..).unwrap_or_default();
    // "(CUI) is information that ..." goes on with a definition.
    let goes_on = !inside.contains('/') && after.trim_start().starts_with(char::is_lowercase);
    let glued = after.starts_with(char::is_alphanumeric) || goes_on;
    let is_fresh = starts_block(scan, passage, line.start, before.get(..open)?);
    (is_mark && !glued && is_fresh).then(|| Marking {
        range: start..start + close + 1,
        text: normalised(inside).trim().to_owned(),
        is_portion: true,
        page: passage.page(),
    })
}

/// Whether a line that begins with `lead` begins a block: nothing but a list label before it, and no sentence that
/// runs on from the line before.
fn starts_block(scan: &Scan<'_>, passage: &Passage<'_>, line: usize, lead: &str) -> bool {
    let lead = lead.trim();
    let is_label = lead.len() <= 6
        && lead.ends_with(['.', ')', '-', '*'])
        && lead.chars().filter(|c| c.is_alphanumeric()).count() <= 3;
    let previous = scan.slice(passage.range().start..line).trim_end();
    let last = previous.rsplit('\n').next().unwrap_or_default();
    let is_fresh = previous.is_empty()
        || previous.ends_with(['.', '!', '?', ':', ';', ')'])
        || !last.contains(char::is_lowercase);
    (lead.is_empty() || is_label || lead == "•") && is_fresh && passage.block() != Block::Cell
}

/// Whether a list of countries is in order: USA first, then the others by the alphabet.
fn is_country_list(list: &str) -> bool {
    let codes: Vec<&str> = list.split(',').map(str::trim).filter(|code| !code.is_empty()).collect();
    let rest = codes.get(1..).unwrap_or_default();
    let (three, four): (Vec<&str>, Vec<&str>) =
        rest.iter().copied().partition(|code| code.len() == 3);
    codes.first() == Some(&"USA")
        && !rest.is_empty()
        && three.is_sorted()
        && four.is_sorted()
        && rest.iter().all(|code| {
            code.chars().all(|c| c.is_ascii_uppercase()) && (3..=4).contains(&code.len())
        })
}
