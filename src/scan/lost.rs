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
    let mut lost = Vec::new();
    for artifact in read {
        let Some(record) = record_of(register, artifact, facts) else { continue };
        let found = marks(facts, &artifact.address);
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
    let is_investigation = |artifact: &Artifact| {
        let declared = manifest.and_then(|manifest| manifest.declared(artifact.address.path()));
        match declared {
            Some((_, true)) => false,
            Some((RecordType::ReportOfInvestigation, false)) => true,
            _ => {
                let own = report.findings.iter().filter(|one| one.artifact == artifact.address);
                let types: BTreeSet<_> =
                    own.filter_map(|one| RecordType::found_by(&one.rule)).collect();
                // A text that reads like several types at once is about records: a policy, an index.
                types.contains(&RecordType::ReportOfInvestigation) && types.len() < MANY_TYPES
            }
        }
    };
    let known = |artifact: &Artifact| {
        register.is_some_and(|register| record_of(register, artifact, facts).is_some())
    };
    let read = report.artifacts.iter().filter(|artifact| is_read(artifact));
    read.filter(|artifact| marks(facts, &artifact.address) == 0)
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

fn marks(facts: &Facts, artifact: &Address) -> usize {
    facts.marked.iter().filter(|passage| passage.artifact == *artifact).count()
}

fn about(artifact: &Artifact, rule: &str, level: Level, message: &str) -> Finding {
    let place = Place::Property { property: "the record".to_owned() };
    let mut finding = package_finding(rule, level, message, SECTION, place);
    finding.artifact = artifact.address.clone();
    finding
}

/// The record that an artifact is: the same bytes, most of its passages, or its file name.
fn record_of<'a>(register: &'a Register, artifact: &Artifact, facts: &Facts) -> Option<&'a Record> {
    let records = register.records();
    let same = |record: &&Record| {
        artifact.digest.strip_prefix("sha256:") == Some(&crate::model::hexadecimal(&record.digest))
    };
    let mut passages: BTreeMap<u32, u32> = BTreeMap::new();
    for one in facts.registered.iter().filter(|one| one.artifact == artifact.address) {
        *passages.entry(one.record).or_default() += 1;
    }
    let by_passages = || {
        let most =
            passages.iter().max_by_key(|&(record, count)| (*count, std::cmp::Reverse(*record)))?;
        let record = records.get(*most.0 as usize)?;
        (most.1 * 2 > record.marked).then_some(record)
    };
    let by_name = || {
        let address = artifact.address.to_string();
        let exact = records.iter().find(|record| record.name == address);
        let named = records.iter().filter(|record| base_name(&record.name) == base_name(&address));
        exact.or_else(|| named.min_by_key(|record| record.marked))
    };
    records.iter().find(same).or_else(by_passages).or_else(by_name)
}
