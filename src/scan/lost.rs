//! Marks that are gone: records against the register of the passages that were marked in them (7.2).

use super::originals::base_name;
use crate::model::{Address, Artifact, Facts, Finding, Level, PackageReport, Place, Status};
use crate::register::{Record, Register};
use crate::release::{Manifest, RecordType, package_finding};
use std::collections::BTreeMap;
use std::collections::BTreeSet;

const SECTION: &str = "ICE Directive 6-4.0, 7.2";

/// Records with fewer marked passages than the register has for them.
pub(super) fn lost(register: &Register, report: &PackageReport, facts: &Facts) -> Vec<Finding> {
    let read = report.artifacts.iter().filter(|artifact| is_read(artifact));
    let (index, marks) = (Index::new(register, facts), marks(facts));
    let mut lost = Vec::new();
    for artifact in read {
        let Some(record) = index.record_of(artifact) else { continue };
        let found = marks.get(&artifact.address).copied().unwrap_or_default();
        if (record.marked as usize) > found {
            let message = format!(
                "{} passages of this record are registered as marked (E), but only {found} marks were found.",
                record.marked
            );
            let mut finding = about(artifact, "exempt.lost", Level::Error, &message);
            finding.data.insert("record".to_owned(), record.name.clone().into());
            finding.data.insert("registered".to_owned(), record.marked.into());
            finding.data.insert("found".to_owned(), found.into());
            lost.push(finding);
        }
    }
    lost
}

/// From so many record types on, a text is about records instead of being one.
const MANY_TYPES: usize = 3;

/// Reports of investigation in which nothing is marked, and for which no register says that nothing was.
pub(super) fn unregistered(
    register: Option<&Register>,
    manifest: Option<&Manifest>,
    report: &PackageReport,
    facts: &Facts,
) -> Vec<Finding> {
    let mut types: BTreeMap<&Address, BTreeSet<RecordType>> = BTreeMap::new();
    for finding in &report.findings {
        if let Some(kind) = RecordType::found_by(&finding.rule) {
            types.entry(&finding.artifact).or_default().insert(kind);
        }
    }
    let is_investigation = |artifact: &Artifact| {
        let declared = manifest.and_then(|manifest| manifest.declared(artifact.address.path()));
        match declared {
            Some((_, true)) => false,
            Some((RecordType::ReportOfInvestigation, false)) => true,
            _ => {
                // A text that reads like several types at once is about records: a policy, an index.
                types.get(&artifact.address).is_some_and(|types| {
                    types.contains(&RecordType::ReportOfInvestigation) && types.len() < MANY_TYPES
                })
            }
        }
    };
    let index = register.map(|register| Index::new(register, facts));
    let known = |artifact: &Artifact| {
        index.as_ref().is_some_and(|index| index.record_of(artifact).is_some())
    };
    let marks = marks(facts);
    let read = report.artifacts.iter().filter(|artifact| is_read(artifact));
    read.filter(|artifact| !marks.contains_key(&artifact.address))
        .filter(|artifact| is_investigation(artifact) && !known(artifact))
        .map(|artifact| {
            let message = "No mark (E) was found in this report of investigation, and no register says that OPR marked none: it may not have been reviewed.";
            about(artifact, "exempt.no-register", Level::Note, message)
        })
        .collect()
}

fn is_read(artifact: &Artifact) -> bool {
    matches!(artifact.status, Status::Read | Status::Partly)
}

/// How many marks were found in each artifact that has any.
fn marks(facts: &Facts) -> BTreeMap<&Address, usize> {
    facts.marked.iter().fold(BTreeMap::new(), |mut marks, passage| {
        *marks.entry(&passage.artifact).or_default() += 1;
        marks
    })
}

fn about(artifact: &Artifact, rule: &str, level: Level, message: &str) -> Finding {
    let place = Place::Property { property: "the record".to_owned() };
    let mut finding = package_finding(rule, level, message, SECTION, place);
    finding.artifact = artifact.address.clone();
    finding
}

/// Where to look for the record that an artifact is.
struct Index<'a> {
    records: &'a [Record],
    by_digest: BTreeMap<String, &'a Record>,
    by_name: BTreeMap<&'a str, &'a Record>,
    /// Of the records whose file has that name in any folder, the one with the fewest marks.
    by_base: BTreeMap<&'a str, &'a Record>,
    /// How many passages of which record stand in an artifact.
    passages: BTreeMap<&'a Address, BTreeMap<u32, u32>>,
}

impl<'a> Index<'a> {
    fn new(register: &'a Register, facts: &'a Facts) -> Self {
        let records = register.records();
        let mut index = Self {
            records,
            by_digest: BTreeMap::new(),
            by_name: BTreeMap::new(),
            by_base: BTreeMap::new(),
            passages: BTreeMap::new(),
        };
        for record in records {
            let digest = crate::model::hexadecimal(&record.digest);
            index.by_digest.entry(digest).or_insert(record);
            index.by_name.entry(&record.name).or_insert(record);
            let fewest = index.by_base.entry(base_name(&record.name)).or_insert(record);
            if record.marked < fewest.marked {
                *fewest = record;
            }
        }
        for one in &facts.registered {
            let counts = index.passages.entry(&one.artifact).or_default();
            *counts.entry(one.record).or_default() += 1;
        }
        index
    }

    /// The same bytes, most of its passages, or its file name.
    fn record_of(&self, artifact: &Artifact) -> Option<&'a Record> {
        let digest = artifact.digest.strip_prefix("sha256:");
        let same = digest.and_then(|digest| self.by_digest.get(digest)).copied();
        let by_passages = || {
            let passages = self.passages.get(&artifact.address)?;
            let most = passages
                .iter()
                .max_by_key(|&(record, count)| (*count, std::cmp::Reverse(*record)))?;
            let record = self.records.get(*most.0 as usize)?;
            (most.1 * 2 > record.marked).then_some(record)
        };
        let by_name = || {
            let address = artifact.address.to_string();
            let exact = self.by_name.get(address.as_str());
            exact.or_else(|| self.by_base.get(base_name(&address))).copied()
        };
        same.or_else(by_passages).or_else(by_name)
    }
}
