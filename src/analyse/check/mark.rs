//! Control markings: words count as a marking only where a marking stands (marks-and-release.md B.1).

use super::{Check, Found};
use crate::analyse::scan::Scan;
use crate::analyse::stretch::normalised;
use crate::model::{Part, Passage};
use std::ops::Range;
use std::sync::Arc;

/// Where words count as a marking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Position {
    /// A line of markings and nothing else.
    Banner,
    /// In brackets at the start of a block.
    Portion,
    /// At a line's start, before a full stop or colon.
    Lead,
    /// In a subject line's square brackets; a whole metadata value.
    Subject,
    /// Anywhere.
    Anywhere,
}

/// Words that markings are made of beside the terms of the rules, in capitals.
pub(crate) const VOCABULARY: &[&str] = &[
    "UNCLASSIFIED",
    "CONFIDENTIAL",
    "SECRET",
    "TOP SECRET",
    "CUI",
    "CONTROLLED",
    "NOFORN",
    "ORCON",
    "IMCON",
    "RELIDO",
    "PROPIN",
    "FISA",
    "NF",
    "OC",
    "FOUO",
    "LES",
    "SBU",
    "LIMDIS",
    "EXDIS",
    "NODIS",
    "FED ONLY",
    "FEDCON",
    "NOCON",
    "DL ONLY",
    "REL TO USA",
    "EYES ONLY",
    "DRAFT",
    "DELIBERATIVE",
    "PRE-DECISIONAL",
    "PREDECISIONAL",
    "PROVISIONAL",
];

/// Words of a sentence that speaks of markings instead of being one.
const MENTIONS: &[&str] = &[
    "marking",
    "markings",
    "marked",
    "stamp",
    "stamped",
    "stamps",
    "labelled",
    "labeled",
    "label",
    "term",
    "banner",
    "phrase",
    "words",
    "reflect",
    "designation",
    "caveat",
    "legend",
    "called",
    "abbreviation",
    "acronym",
];

/// Words and signs that stand beside a marking on its line.
const FURNITURE: &[&str] = &[
    "page",
    "pg",
    "of",
    "p",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
];

/// A marking.
#[derive(Debug)]
pub(crate) struct Mark {
    /// The list of its words.
    pub(crate) list: u32,
    /// Where they count.
    pub(crate) positions: Vec<Position>,
    /// The words, where the rule's message names them.
    pub(crate) terms: Vec<Arc<str>>,
}

impl Check for Mark {
    fn find(&self, scan: &Scan<'_>, found: &mut Vec<Found>) {
        for hit in scan.hits.list(self.list) {
            let range = hit.start as usize..hit.end as usize;
            let Some(passage) = scan.passage_at(range.start) else { continue };
            let place = Spot { scan, passage: &passage, range: &range };
            let marked = self.positions.iter().find_map(|&position| place.at(position));
            if let Some(range) = marked {
                let term = self.terms.get(hit.term as usize).cloned();
                found.push(Found { range, term, ..Found::default() });
            }
        }
    }
}

/// A hit and what stands around it.
struct Spot<'a> {
    scan: &'a Scan<'a>,
    passage: &'a Passage<'a>,
    range: &'a Range<usize>,
}

impl Spot<'_> {
    fn at(&self, position: Position) -> Option<Range<usize>> {
        match position {
            Position::Banner => self.banner(),
            Position::Portion => self.portion(),
            Position::Lead => self.lead(),
            Position::Subject => self.subject(),
            Position::Anywhere => (!self.is_quoted()).then(|| self.range.clone()),
        }
    }

    fn banner(&self) -> Option<Range<usize>> {
        if !self.is_capital() || self.is_quoted() {
            return None;
        }
        let line = self.scan.line(self.passage, self.range);
        if !self.is_marking_line(&line) || is_inside_prose(self.scan, self.passage, &line) {
            return None;
        }
        let marking = self.with_level(&line);
        // `CUI//FOUO` is a fault of a CUI marking, not a legacy one.
        (!self.scan.slice(marking.clone()).starts_with("CUI/")).then_some(marking)
    }

    fn is_capital(&self) -> bool {
        let text = self.scan.slice(self.range.clone());
        let in_margin = matches!(self.passage.part(), Part::Header | Part::Footer);
        let has_lower = text.chars().any(char::is_lowercase);
        !has_lower || (in_margin && is_title_case(text))
    }

    /// Whether a quotation mark stands directly before or after.
    fn is_quoted(&self) -> bool {
        let all = self.passage.range();
        let quote = |c: char| matches!(c, '"' | '\'' | '\u{2018}'..='\u{201f}' | '`');
        let before = self.scan.slice(all.start..self.range.start);
        let after = self.scan.slice(self.range.end..all.end);
        before.ends_with(quote) || after.starts_with(quote)
    }

    /// Whether the line holds markings, separators and furniture, and nothing else.
    fn is_marking_line(&self, line: &Range<usize>) -> bool {
        const LONGEST: usize = 400;
        if line.len() > LONGEST {
            return false;
        }
        let words = self.scan.hits.list(self.scan.vocabulary);
        let first = words.partition_point(|hit| (hit.start as usize) < line.start);
        let mut at = line.start;
        let mut rest = String::new();
        for hit in words.iter().skip(first).take_while(|hit| (hit.end as usize) <= line.end) {
            rest.push_str(self.scan.slice(at..(hit.start as usize).max(at)));
            rest.push(' ');
            at = at.max(hit.end as usize);
        }
        rest.push_str(self.scan.slice(at..line.end));
        let rest = normalised(&rest);
        let mut left = rest.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        left.by_ref().take(8).all(is_furniture) && left.next().is_none()
    }

    /// The marking with the level that is joined to it by slashes.
    fn with_level(&self, line: &Range<usize>) -> Range<usize> {
        let before = self.scan.slice(line.start..self.range.start);
        let joined = before.trim_end_matches('/');
        if joined.len() == before.len() {
            return self.range.clone();
        }
        let start = joined
            .char_indices()
            .rev()
            .take_while(|&(_, c)| c.is_uppercase() || matches!(c, '/' | '-' | ' '))
            .last()
            .map_or(joined.len(), |(at, _)| at);
        let level = joined.get(start..).unwrap_or_default();
        let lead = level.len() - level.trim_start().len();
        line.start + start + lead..self.range.end
    }

    fn portion(&self) -> Option<Range<usize>> {
        let line = self.scan.line(self.passage, self.range);
        let before = self.scan.slice(line.start..self.range.start);
        let own = self.scan.slice(self.range.clone());
        let open = if own.starts_with('(') { before.len() } else { before.rfind('(')? };
        let lead = before.get(..open)?.trim();
        let inside = before.get(open..)?.trim_start_matches('(');
        let is_level = inside
            .split('/')
            .all(|part| part.len() <= 3 && part.chars().all(|c| c.is_ascii_uppercase()));
        let starts_block = lead.is_empty()
            || (lead.len() <= 6
                && lead.ends_with(['.', ')', '-', '•', '*'])
                && lead.chars().filter(|c| c.is_alphanumeric()).count() <= 3);
        let after_line = self.scan.slice(self.range.end..line.end);
        let close = if own.ends_with(')') { 0 } else { after_line.find(')')? + 1 };
        let tail = after_line.get(..close)?;
        let is_tail = tail
            .trim_end_matches(')')
            .chars()
            .all(|c| c.is_ascii_uppercase() || matches!(c, '/' | '-' | ',' | ' '));
        let all = self.passage.range();
        let previous = self.scan.slice(all.start..line.start).trim_end();
        let is_fresh = previous.is_empty()
            || previous.ends_with(['.', '!', '?', ':', ';', ')'])
            || !previous.rsplit('\n').next().unwrap_or_default().contains(char::is_lowercase);
        let glued =
            after_line.get(close..).is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
        (is_level
            && starts_block
            && is_tail
            && is_fresh
            && !glued
            && own.chars().all(|c| !c.is_lowercase()))
        .then(|| line.start + open..self.range.end + close)
    }

    fn lead(&self) -> Option<Range<usize>> {
        if !self.is_capital() || self.is_quoted() {
            return None;
        }
        let line = self.scan.line(self.passage, self.range);
        let before = self.scan.slice(line.start..self.range.start).trim();
        let after = self.scan.slice(self.range.end..line.end).trim_start();
        let ends = after.is_empty() || after.starts_with(['.', ':', ';', '-', '–', '—', ')']);
        (before.chars().all(|c| !c.is_alphanumeric()) && ends).then(|| self.range.clone())
    }

    fn subject(&self) -> Option<Range<usize>> {
        let all = self.passage.range();
        let before = self.scan.slice(all.start..self.range.start).trim_end();
        let after = self.scan.slice(self.range.end..all.end).trim_start();
        let is_capital = self.is_capital();
        let bracketed = before.ends_with('[') && after.starts_with(']') && is_capital;
        let whole = matches!(
            self.passage.part(),
            Part::Metadata | Part::Attribute | Part::Bookmark | Part::FormField
        ) && before.is_empty()
            && after.is_empty();
        let named = self.passage.part() == Part::FileName && is_capital;
        (bracketed || whole || named).then(|| self.range.clone())
    }
}

/// A wrapped line of a sentence that happens to hold nothing but the words.
pub(super) fn is_inside_prose(scan: &Scan<'_>, passage: &Passage<'_>, line: &Range<usize>) -> bool {
    let all = passage.range();
    let before = scan.slice(all.start..line.start).trim_end();
    let after = scan.slice(line.end..all.end).trim_start();
    let last = before.rsplit('\n').next().unwrap_or_default();
    let next = after.split('\n').next().unwrap_or_default();
    let goes_on = next.starts_with(char::is_lowercase);
    let was_begun = last.contains(char::is_lowercase) && !last.ends_with(['.', '!', '?', ':', ';']);
    (was_begun && (goes_on || speaks_of_markings(last))) || (goes_on && speaks_of_markings(next))
}

fn is_title_case(text: &str) -> bool {
    let small = ["and", "or", "of", "the", "to", "for", "in", "by", "but", "not"];
    text.split_whitespace()
        .all(|word| small.contains(&word) || !word.starts_with(char::is_lowercase))
}

fn speaks_of_markings(line: &str) -> bool {
    line.split(|c: char| !c.is_alphanumeric())
        .any(|word| MENTIONS.contains(&word.to_ascii_lowercase().as_str()))
}

/// Page numbers, dates and control numbers.
pub(super) fn is_furniture(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    letters == 0
        || (digits >= 4 && letters <= 10)
        || FURNITURE.contains(&word.to_ascii_lowercase().as_str())
}
