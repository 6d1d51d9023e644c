//! Roll-up of IC-ISM attributes: the resource's marking may not stand below that of any portion (ISM-ID-00056 to 00059).

use super::{Grammar, Outcome};
use crate::analyse::scan::Scan;
use crate::model::Part;
use std::collections::BTreeMap;
use std::ops::Range;

pub(super) const GRAMMAR: Grammar =
    Grammar { name: "ism", outcomes: &["rollup"], triggers: &[], find };

/// Both forms of the name space.
const NAMESPACES: &[&str] = &["urn:us:gov:ic:ism", "urn:us:gov:ic:ism:v2"];

/// The ISM attributes of one element.
#[derive(Default)]
struct Marked<'a> {
    classification: Option<(&'a str, Range<usize>)>,
    is_resource: bool,
    is_excluded: bool,
}

fn find(scan: &Scan<'_>, _: u32) -> Vec<Outcome> {
    let mut elements: BTreeMap<u32, Marked<'_>> = BTreeMap::new();
    for passage in scan.document.passages().filter(|passage| passage.part() == Part::Attribute) {
        let Some(element) = passage.element() else { continue };
        if !scan.document.namespace(element).is_some_and(|uri| NAMESPACES.contains(&uri)) {
            continue;
        }
        let Some((name, Some(owner))) = scan.document.element(element) else { continue };
        let marked = elements.entry(owner).or_default();
        let value = passage.text().trim();
        match name {
            "@classification" => marked.classification = Some((value, passage.range())),
            "@resourceElement" => marked.is_resource = value == "true",
            "@excludeFromRollup" => marked.is_excluded = value == "true",
            _ => {}
        }
    }
    let portions = elements.values().filter(|marked| !marked.is_resource && !marked.is_excluded);
    let highest = portions
        .filter_map(|marked| rank(marked.classification.as_ref()?.0))
        .max()
        .unwrap_or_default();
    elements
        .values()
        .filter(|marked| marked.is_resource)
        .filter_map(|marked| marked.classification.as_ref())
        .filter(|(level, _)| rank(level).is_some_and(|rank| rank < highest))
        .map(|(_, range)| Outcome::at("rollup", range.clone()))
        .collect()
}

fn rank(level: &str) -> Option<usize> {
    ["U", "R", "C", "S", "TS"].iter().position(|known| *known == level)
}
