//! Roll-up of IC-ISM attributes: the resource's marking may not stand below that of any portion (ISM-ID-00056 to 00059).

use super::{Grammar, Outcome};
use crate::analyse::scan::Scan;
use crate::model::Part;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

pub(super) const GRAMMAR: Grammar =
    Grammar { name: "ism", outcomes: &["rollup"], triggers: &[], find };

/// Both forms of the name space.
const NAMESPACES: &[&str] = &["urn:us:gov:ic:ism", "urn:us:gov:ic:ism:v2"];

/// Attributes whose tokens have to stand on the resource too, if they stand on a portion (ISM-ID-00060 to 00081).
const ROLLED_UP: &[&str] = &[
    "@SCIcontrols",
    "@SARIdentifier",
    "@atomicEnergyMarkings",
    "@FGIsourceProtected",
    "@cuiSpecified",
];
/// Of the dissemination controls only these: others are for a portion alone, or give way to one another.
const ROLLED_UP_CONTROLS: &[&str] = &["OC", "NF", "IMC", "FISA", "DSEN"];

/// The ISM attributes of one element.
#[derive(Default)]
struct Marked<'a> {
    classification: Option<(&'a str, Range<usize>)>,
    controls: BTreeSet<(&'a str, &'a str)>,
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
        let range = passage.range();
        let text = scan.text.get(range.clone()).unwrap_or_default().trim();
        match name {
            "@classification" => marked.classification = Some((text, range)),
            "@resourceElement" => marked.is_resource = text == "true",
            "@excludeFromRollup" => marked.is_excluded = text == "true",
            _ => marked.controls.extend(controls(name, text)),
        }
    }
    let is_portion = |marked: &&Marked<'_>| !marked.is_resource && !marked.is_excluded;
    let portions = || elements.values().filter(is_portion);
    let highest = portions()
        .filter_map(|marked| rank(marked.classification.as_ref()?.0))
        .max()
        .unwrap_or_default();
    let held: BTreeSet<_> = portions().flat_map(|marked| marked.controls.iter().copied()).collect();
    elements
        .values()
        .filter(|marked| marked.is_resource)
        .filter_map(|marked| Some((marked, marked.classification.as_ref()?)))
        .filter(|(marked, (level, _))| {
            rank(level).is_some_and(|rank| rank < highest) || !held.is_subset(&marked.controls)
        })
        .map(|(_, (_, range))| Outcome::at("rollup", range.clone()))
        .collect()
}

/// The tokens of an attribute that have to stand on the resource too.
fn controls<'a>(name: &'a str, text: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let rolls_up = move |token: &&str| {
        ROLLED_UP.contains(&name)
            || (name == "@disseminationControls" && ROLLED_UP_CONTROLS.contains(token))
    };
    text.split_whitespace().filter(rolls_up).map(move |token| (name, token))
}

fn rank(level: &str) -> Option<usize> {
    ["U", "R", "C", "S", "TS"].iter().position(|known| *known == level)
}
