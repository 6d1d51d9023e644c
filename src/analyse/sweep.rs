//! The string sweep: what was found under a redaction, looked for in everything else that a package stores.
//!
//! Metadata, bookmarks and file names are noise until they repeat what somebody meant to remove; then they are the
//! leak. Terms are names, numbers and short runs; a whole sentence is no term, but the names in it are.

use crate::model::{Confidence, Document, Hit, Level, MarkKind, Part, Passage, Visibility};
use aho_corasick::{AhoCorasick, Match, MatchKind};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A covered run of at most this many words is a term as a whole.
const MAX_WORDS: usize = 6;
/// The fewest letters of a term.
const MIN_LETTERS: usize = 6;
/// The fewest digits of a number that is a term by itself.
const MIN_DIGITS: usize = 5;
/// How many terms one document may give.
const MAX_TERMS: usize = 2_000;
/// How many places of one document are reported.
const MAX_OCCURRENCES: usize = 10_000;

/// Words that stand capitalised in every record: offices, titles, months, headings. They name nobody.
const ORDINARY: &str = "act action administrative affairs agency agent agents april assistant attachment august \
    background board border branch bureau case chief clerk closing command commission committee conclusion confidential \
    counsel court customs date december department deputy details director directive district division employee \
    enforcement exhibit february federal field final findings friday government headquarters homeland immigration \
    information inspector internal interview investigation investigations january judge july june justice law management \
    march may memorandum monday national november number october office officer officers operations opinion page \
    paragraph personnel policy principal privacy procedure professional program record records redacted region report \
    responsibility saturday secretary section security senior september service services sheriff source special \
    statement states subject summary sunday supervisor supervisory synopsis the this thursday title tuesday unit united \
    warrant wednesday witness";

/// A place where a term stands.
struct Occurrence {
    range: Range<usize>,
    letters: usize,
}

/// What stands under covers and unapplied redactions, or only in an earlier version: words in lower case with single
/// spaces.
pub(crate) fn terms(document: &Document) -> Vec<String> {
    let mut terms = BTreeSet::new();
    for passage in document.passages().filter(|passage| was_removed(document, passage)) {
        collect(passage.text(), &mut terms);
    }
    for mark in document.marks.iter().filter(|mark| mark.kind == MarkKind::Redact) {
        let text = mark.range.clone().and_then(|range| document.text().get(range));
        collect(text.unwrap_or_default(), &mut terms);
    }
    terms.into_iter().take(MAX_TERMS).collect()
}

/// Whether a passage is one of those whose terms are searched for, and so not searched itself.
pub(super) fn was_removed(document: &Document, passage: &Passage<'_>) -> bool {
    let earlier =
        || document.named_place(passage.index()).is_some_and(|place| place.starts_with("revision"));
    passage.visibility() == Visibility::Covered || (passage.part() == Part::Other && earlier())
}

fn collect(text: &str, terms: &mut BTreeSet<String>) {
    let words: Vec<&str> =
        text.split(|c: char| !is_word(c)).filter(|word| !word.is_empty()).collect();
    let whole = folded(text);
    let ordinary =
        |word: &str| ORDINARY.split_whitespace().any(|known| known == word.to_lowercase());
    if words.len() <= MAX_WORDS
        && letters(&whole) >= MIN_LETTERS
        && !words.iter().all(|word| ordinary(word))
    {
        terms.insert(whole);
    }
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    for names in words.split(|word| !capital(word)) {
        let named = names.iter().filter(|name| name.chars().count() > 1 && !ordinary(name)).count();
        let name = folded(&names.join(" "));
        if names.len() >= 2
            && names.len() <= MAX_WORDS
            && named >= 2
            && letters(&name) >= MIN_LETTERS
        {
            terms.insert(name);
        }
    }
    for number in text.split(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '.' | '/' | ' ')))
    {
        if number.bytes().filter(u8::is_ascii_digit).count() >= MIN_DIGITS {
            terms.insert(folded(number));
        }
    }
}

/// Terms, ready to be searched for in any number of documents and names.
pub(crate) struct Searcher {
    /// None where there are no terms, or more than fit.
    terms: Option<AhoCorasick>,
    /// Room for a text as it is searched, and where each of its bytes comes from.
    plain: String,
    offsets: Vec<usize>,
}

impl Searcher {
    pub(crate) fn new(terms: &[String]) -> Self {
        let builder = || AhoCorasick::builder().match_kind(MatchKind::Standard).build(terms);
        let terms = if terms.is_empty() { None } else { builder().ok() };
        Self { terms, plain: String::new(), offsets: Vec::new() }
    }

    /// Every place outside a cover where a term stands, as hits: in clear on a page it was missed, stored elsewhere
    /// it is hidden content that gives the redaction away.
    pub(crate) fn occurrences(&mut self, document: &Document) -> Vec<Hit> {
        let mut hits = BTreeMap::new();
        for passage in document.passages().filter(|passage| !was_removed(document, passage)) {
            for found in self.find(passage.text()) {
                let range = passage.range().start + found.range.start
                    ..passage.range().start + found.range.end;
                let marked = document.marks.iter().any(|mark| {
                    mark.kind == MarkKind::Redact
                        && mark.range.as_ref().is_some_and(|it| it.contains(&range.start))
                });
                if !marked && hits.len() < MAX_OCCURRENCES {
                    // Of terms that begin at one place the longest says the most.
                    let slot =
                        hits.entry(range.start).or_insert((found.letters, passage, range.clone()));
                    if found.letters > slot.0 {
                        *slot = (found.letters, passage, range);
                    }
                }
            }
        }
        hits.into_values().map(|(_, passage, range)| hit(document, passage, range)).collect()
    }

    /// Whether a file name, folder name or member name repeats a term.
    pub(crate) fn is_in_name(&mut self, name: &str) -> bool {
        !self.find(name).is_empty()
    }

    fn find(&mut self, text: &str) -> Vec<Occurrence> {
        let Some(searcher) = &self.terms else { return Vec::new() };
        let (plain, offsets) = (&mut self.plain, &mut self.offsets);
        plain.clear();
        offsets.clear();
        plain.push(' ');
        offsets.push(0);
        fold_into(text, |c, at| {
            plain.push(c);
            offsets.resize(plain.len(), at);
        });
        plain.push(' ');
        offsets.push(text.len());
        let bounded = |start: usize, end: usize| {
            let bytes = plain.as_bytes();
            start.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b' ')
                && bytes.get(end) == Some(&b' ')
        };
        let all = searcher.find_overlapping_iter(plain.as_str());
        let occurrence = |one: Match| {
            let start = offsets.get(one.start()).copied().unwrap_or_default();
            let last = offsets.get(one.end().saturating_sub(1)).copied().unwrap_or(start);
            let end = last
                + text.get(last..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
            Occurrence { range: start..end, letters: one.len() }
        };
        all.filter(|one| bounded(one.start(), one.end())).map(occurrence).collect()
    }
}

fn hit(document: &Document, passage: Passage<'_>, range: Range<usize>) -> Hit {
    let place = document.named_place(passage.index()).unwrap_or_default();
    let shown = passage.visibility() == Visibility::Shown;
    let (rule, range) = if shown {
        ("release.missing-occurrence", range)
    } else {
        (rule_for(passage.part(), place), passage.range())
    };
    let message = if shown {
        "What was removed or covered elsewhere in the package stands here in clear."
    } else {
        "What is stored here repeats what was removed or covered on a page."
    };
    Hit {
        rule: rule.to_owned(),
        confidence: Confidence::High,
        level: Some(Level::Error),
        range,
        place: None,
        related: Vec::new(),
        evidence: None,
        message: Some(message.to_owned()),
        data: [("repeats".to_owned(), "redacted".into())].into(),
    }
}

fn rule_for(part: Part, place: &str) -> &'static str {
    match part {
        Part::Metadata => "hidden.metadata",
        Part::Bookmark => "hidden.bookmark",
        Part::AltText => "hidden.alt-text",
        Part::Attachment => "hidden.attachment",
        Part::FormField => "hidden.form-value",
        Part::Annotation => "hidden.comment",
        Part::Comment => "hidden.xml-comment",
        _ if place.starts_with("script") => "hidden.script",
        _ if place.starts_with("bytes") => "hidden.trailing-bytes",
        _ if place.starts_with("PieceInfo") => "hidden.private-data",
        _ if place.starts_with("undrawn") || place.starts_with("unreachable") => {
            "hidden.orphan-object"
        }
        Part::Other => "hidden.link",
        _ => "release.missing-occurrence",
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\'' | '’')
}

/// Calls `each` with the letters and digits of the text in lower case, runs of anything else as one space.
pub(super) fn fold_into(text: &str, mut each: impl FnMut(char, usize)) {
    let mut gap = false;
    let mut begun = false;
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() {
            if gap && begun {
                each(' ', at);
            }
            (gap, begun) = (false, true);
            if c.is_ascii() {
                each(c.to_ascii_lowercase(), at);
            } else {
                c.to_lowercase().for_each(|c| each(c, at));
            }
        } else if !matches!(c, '\u{ad}' | '\'' | '’') {
            gap = true;
        }
    }
}

fn folded(text: &str) -> String {
    let mut folded = String::new();
    fold_into(text, |c, _| folded.push(c));
    folded
}

fn letters(folded: &str) -> usize {
    folded.chars().filter(|c| *c != ' ').count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DocumentBuilder, PassageSpec, Place};

    fn document(passages: &[(&str, Part, Visibility)]) -> Document {
        let mut builder = DocumentBuilder::new();
        for (text, part, visibility) in passages {
            let place = (*part == Part::Bookmark)
                .then(|| builder.place(Place::Property { property: "bookmark".to_owned() }));
            builder.begin(PassageSpec {
                part: *part,
                visibility: *visibility,
                place,
                ..PassageSpec::default()
            });
            builder.push_unanchored(text);
        }
        builder.finish()
    }

    #[test]
    fn names_numbers_and_short_runs_are_terms_and_ordinary_wording_is_not() {
        let covered = |text| terms(&document(&[(text, Part::Body, Visibility::Covered)]));
        assert_eq!(covered("Casper Dunmarrow"), ["casper dunmarrow"]);
        assert_eq!(
            covered("The clerk told Special Agent Casper T. Dunmarrow of case 0417-22 on that day"),
            ["0417 22", "special agent casper t dunmarrow"]
        );
        assert_eq!(
            covered("the van was seen behind the depot by two of the guards"),
            [] as [&str; 0]
        );
        assert_eq!(covered("Field Office"), [] as [&str; 0]);
        assert_eq!(
            terms(&document(&[("Casper Dunmarrow", Part::Body, Visibility::Shown)])),
            [] as [&str; 0]
        );
    }

    #[test]
    fn a_removed_name_is_found_in_clear_and_in_what_the_file_stores() {
        let package = document(&[
            ("Casper\nDunmarrow", Part::Body, Visibility::Covered),
            ("Later CASPER DUNMARROW left.", Part::Body, Visibility::Shown),
            ("Statement of Casper Dunmarrow", Part::Bookmark, Visibility::Stored),
            ("Casper Dunmarrows", Part::Body, Visibility::Shown),
        ]);
        let mut searcher = Searcher::new(&terms(&package));
        let hits = searcher.occurrences(&package);
        let found: Vec<_> = hits
            .iter()
            .map(|hit| (hit.rule.as_str(), package.text().get(hit.range.clone()).unwrap()))
            .collect();
        let expected = [
            ("release.missing-occurrence", "CASPER DUNMARROW"),
            ("hidden.bookmark", "Statement of Casper Dunmarrow"),
        ];
        assert_eq!(found, expected);
        assert!(searcher.is_in_name("statement-casper_dunmarrow.pdf"));
    }
}
