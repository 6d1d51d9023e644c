//! What is looked for in every document beside the rules: registered passages and watched names.

use crate::analyse::check::Lookup;
use crate::model::{Confidence, Document, Hit, Level, RegisteredPassage, SensitiveText};
use crate::register::{Copied, Register};
use crate::rules::{Checked, Ruleset};
use crate::watch::WatchList;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// The rule of a registered passage without its mark.
const COPIED: &str = "exempt.copied";
/// The rule of a watched name.
const WATCHED: &str = "watch.name";

/// What is looked for, ready to be used by one process.
#[derive(Debug, Default)]
pub struct Lookouts {
    /// Passages that OPR marked.
    pub register: Option<Register>,
    /// Protected names and numbers.
    pub watchlist: Option<WatchList>,
}

/// A watch list that a rule names.
#[derive(Debug)]
struct Opened(Arc<WatchList>);

impl Lookup for Opened {
    fn find(&self, document: &Document) -> Vec<Range<usize>> {
        self.0.find(document)
    }
}

/// Puts a list, once it is opened, into the rules that name its file.
pub fn unseal(ruleset: &Ruleset, file: &Path, list: WatchList) {
    let list = Arc::new(list);
    for sealed in ruleset.sealed().iter().filter(|sealed| sealed.file == file) {
        // One that is there already was opened with the same key.
        let _ = sealed.list.set(Box::new(Opened(Arc::clone(&list))));
    }
}

impl Lookouts {
    /// Adds what stands in the document to what the rules found.
    pub(super) fn look(&self, document: &Document, checked: &mut Checked) {
        let mut found = Vec::new();
        if let Some(register) = &self.register {
            let copies = register.copies(document);
            checked.facts.registered = registered(register, &copies);
            let marked: Vec<Range<usize>> = checked
                .hits
                .iter()
                .filter(|hit| is_marked(hit))
                .map(|hit| hit.range.clone())
                .collect();
            let unmarked = copies.into_iter().filter(|copy| !overlaps(&copy.range, &marked));
            found.extend(
                distinct(unmarked.collect())
                    .iter()
                    .map(|(copy, also)| copied(register, document, copy, *also)),
            );
        }
        if let Some(list) = &self.watchlist {
            found.extend(list.find(document).into_iter().map(|range| watched(document, range)));
        }
        if !found.is_empty() {
            checked.hits.append(&mut found);
            checked.hits.sort_by(|a, b| (a.range.start, &a.rule).cmp(&(b.range.start, &b.rule)));
        }
    }
}

/// Whether a hit stands for a firm mark. Candidates stand for none.
pub(super) fn is_marked(hit: &Hit) -> bool {
    matches!(
        hit.rule.as_str(),
        "exempt.open" | "exempt.partial" | "exempt.redacted" | "exempt.covered"
    ) && hit.confidence > Confidence::Candidate
}

fn registered(register: &Register, copies: &[Copied]) -> Vec<RegisteredPassage> {
    let mut all: Vec<_> = copies
        .iter()
        .filter_map(|copy| register.passages().get(copy.passage as usize))
        .map(|passage| RegisteredPassage {
            artifact: crate::model::Address::default(),
            record: passage.record,
            number: passage.number,
        })
        .collect();
    all.sort_by_key(|one| (one.record, one.number));
    all.dedup();
    all
}

/// A copy most of which stands in passages marked here has its mark.
fn overlaps(copy: &Range<usize>, marked: &[Range<usize>]) -> bool {
    let shared =
        |range: &Range<usize>| range.end.min(copy.end).saturating_sub(range.start.max(copy.start));
    marked.iter().map(shared).sum::<usize>() * 2 >= copy.len()
}

/// Of the registered passages that stand at one place the one that fits best, and how many others fit.
fn distinct(mut copies: Vec<Copied>) -> Vec<(Copied, usize)> {
    copies.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.passage.cmp(&b.passage)));
    let longest = copies.iter().map(|copy| copy.range.len()).max().unwrap_or_default();
    let mut kept: BTreeMap<(usize, u32), (Copied, usize)> = BTreeMap::new();
    for copy in copies {
        let reach = (copy.range.start.saturating_sub(longest), 0)..(copy.range.end, 0);
        let near = kept.range_mut(reach).map(|(_, one)| one).find(|(other, _)| {
            let (start, end) =
                (other.range.start.max(copy.range.start), other.range.end.min(copy.range.end));
            end.saturating_sub(start) * 2 > copy.range.len().min(other.range.len())
        });
        match near {
            Some((_, also)) => *also += 1,
            None => {
                kept.insert((copy.range.start, copy.passage), (copy, 0));
            }
        }
    }
    kept.into_values().collect()
}

fn copied(register: &Register, document: &Document, copy: &Copied, also: usize) -> Hit {
    let passage = register.passages().get(copy.passage as usize);
    let record = passage.and_then(|passage| register.records().get(passage.record as usize));
    let (number, name) =
        (passage.map_or(0, |passage| passage.number), record.map_or("", |record| &record.name));
    let share = (f64::from(copy.share.min(1.0)) * 100.0).round() / 100.0;
    let text = document.text().get(copy.range.clone()).unwrap_or_default();
    let mut data: BTreeMap<String, Value> = BTreeMap::new();
    data.insert("record".to_owned(), name.into());
    data.insert("passage".to_owned(), number.into());
    data.insert("share".to_owned(), json!(share));
    if also > 0 {
        data.insert("also".to_owned(), also.into());
    }
    Hit {
        rule: COPIED.to_owned(),
        confidence: if share >= 0.5 { Confidence::High } else { Confidence::Medium },
        level: Some(Level::Error),
        range: copy.range.clone(),
        place: None,
        related: Vec::new(),
        evidence: Some(SensitiveText::new(text.split_whitespace().collect::<Vec<_>>().join(" "))),
        message: Some(format!(
            "Text of a passage that is marked (E) in its record stands here without the mark: passage {number} of {name}."
        )),
        data,
    }
}

fn watched(document: &Document, range: Range<usize>) -> Hit {
    // What parts the passages over which a name is spread is not for reports.
    let text = document.text().get(range.clone()).unwrap_or_default();
    let cells: Vec<&str> = text.split('\u{1e}').map(str::trim).collect();
    let evidence = (cells.len() > 1).then(|| SensitiveText::new(cells.join(" ")));
    Hit {
        rule: WATCHED.to_owned(),
        confidence: Confidence::High,
        level: Some(Level::Error),
        range,
        place: None,
        related: Vec::new(),
        evidence,
        message: Some("A name or number of the watch list stands here.".to_owned()),
        data: BTreeMap::new(),
    }
}
