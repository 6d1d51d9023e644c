//! NIEM portion marks: an element names the metadata that marks it, which stands elsewhere in the message.

use super::{Grammar, Outcome};
use crate::analyse::scan::Scan;
use crate::model::{Confidence, Hit, Passage};
use std::collections::BTreeMap;
use std::ops::Range;

pub(super) const GRAMMAR: Grammar =
    Grammar { name: "niem", outcomes: &["portion"], triggers: &[], find };

/// The name space of CUI metadata begins and goes on so, whatever the version.
const CUI_SPACE: &str = "/auxiliary/cui/";
/// The attribute that names metadata, and the one that gives them their name.
const REFERENCE: &str = "@portionMarkingMetadataRef";
const NAME: &str = "@id";
/// How deep codes stand in the metadata.
const MAX_DEPTH: usize = 4;

fn find(scan: &Scan<'_>, _: u32) -> Vec<Outcome> {
    let references = passages(scan, REFERENCE).filter(|passage| {
        let space = passage.element().and_then(|element| scan.document.namespace(element));
        space.is_some_and(|uri| uri.contains("niem") && uri.contains(CUI_SPACE))
    });
    let mut references = references.peekable();
    if references.peek().is_none() {
        return Vec::new();
    }
    let named: BTreeMap<&str, u32> = passages(scan, NAME)
        .filter_map(|passage| Some((passage.text().trim(), owner(scan, &passage)?)))
        .collect();
    let codes = codes(scan);
    references
        .map(|reference| {
            let metadata = reference.text().split_whitespace().filter_map(|name| named.get(name));
            let marks = metadata.filter_map(|element| codes.get(element)).flatten();
            outcome(reference.range(), marks.cloned().collect())
        })
        .collect()
}

fn passages<'a>(scan: &'a Scan<'_>, name: &str) -> impl Iterator<Item = Passage<'a>> {
    let own = scan.outline.of_element(name).iter();
    own.filter_map(|index| scan.document.passage(*index as usize))
}

/// The element that an attribute belongs to.
fn owner(scan: &Scan<'_>, attribute: &Passage<'_>) -> Option<u32> {
    scan.document.element(attribute.element()?)?.1
}

/// Where codes of the vocabulary stand, by the elements around them.
fn codes(scan: &Scan<'_>) -> BTreeMap<u32, Vec<Range<usize>>> {
    let mut codes: BTreeMap<u32, Vec<Range<usize>>> = BTreeMap::new();
    for passage in scan.document.passages() {
        let Some(element) = passage.element() else { continue };
        let space = scan.document.namespace(element);
        if !space.is_some_and(|uri| uri.contains(CUI_SPACE)) {
            continue;
        }
        let Some((name, mut above)) = scan.document.element(element) else { continue };
        if name.starts_with('@') {
            continue;
        }
        for _ in 0..MAX_DEPTH {
            let Some(element) = above else { break };
            codes.entry(element).or_default().push(passage.range());
            above = scan.document.element(element).and_then(|(_, parent)| parent);
        }
    }
    codes
}

/// The marked element; what it names is beside it, where it is there at all.
fn outcome(range: Range<usize>, marks: Vec<Range<usize>>) -> Outcome {
    let message = if marks.is_empty() {
        "The element names portion marking metadata that the file does not hold."
    } else {
        "The element is marked as a portion; the metadata that it names are beside."
    };
    let mut outcome = Outcome::at("portion", range.clone());
    outcome.found.hit = Some(Box::new(Hit {
        rule: String::new(),
        confidence: Confidence::High,
        level: None,
        range,
        place: None,
        related: marks.into_iter().map(|mark| ("its marking".to_owned(), mark)).collect(),
        evidence: None,
        message: Some(message.to_owned()),
        data: BTreeMap::new(),
    }));
    outcome
}
