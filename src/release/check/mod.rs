//! A package against its manifest and the procedure.

mod content;
mod marks;
mod records;
#[cfg(test)]
mod tests;

use super::procedure::Procedure;
use super::spec::RecordSpec;
use super::{FILE_NAME, Manifest, Mode, needs};
use crate::model::{
    Address, Artifact, Confidence, Excerpt, Finding, Level, Location, Notice, Part, Place,
    SensitiveText, Visibility,
};
use crate::register::Key;
use crate::rules::At;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A judged package, to which the procedure adds its findings.
pub struct PackageView<'a> {
    /// Its artifacts.
    pub artifacts: &'a [Artifact],
    /// What was found so far; approvals and modes change it.
    pub findings: &'a mut Vec<Finding>,
    /// What could not be seen; inspections by a person change it.
    pub notices: &'a mut Vec<Notice>,
    /// The key of passage digests.
    pub key: Option<&'a Key>,
}

impl Procedure {
    /// Adds what the release procedure has to say about a package.
    pub fn check(&self, manifest: Option<&Manifest>, mode: Mode, package: &mut PackageView<'_>) {
        let Some(manifest) = manifest else {
            self.no_manifest(mode, package);
            return;
        };
        let mut check = Check {
            procedure: self,
            manifest,
            by_file: manifest.spec.records.iter().map(|one| (file_of(one), one)).collect(),
            added: BTreeSet::new(),
            found: Vec::new(),
        };
        check.records(package);
        check.steps();
        check.marks(package);
        check.content(package);
        package.findings.append(&mut check.found);
    }

    fn no_manifest(&self, mode: Mode, package: &mut PackageView<'_>) {
        if mode == Mode::Sweep {
            as_swept(package.findings);
        }
        let level = match mode {
            Mode::Gate => Level::Error,
            Mode::Review => Level::Warning,
            Mode::Sweep => Level::Note,
        };
        let place = Place::Property { property: "no release manifest".to_owned() };
        let message = "There is no release manifest, so the release procedure cannot be checked.";
        package.findings.push(finding(
            "release.no-manifest",
            level,
            message,
            &self.citation("7"),
            place,
        ));
    }
}

/// On a shared drive a marked passage is where it belongs, or is not: it is for a person to see to, not a leak.
fn as_swept(findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|finding| finding.rule.starts_with("exempt.")) {
        if finding.level == Level::Error {
            finding.level = Level::Warning;
            "Marked text is stored here.".clone_into(&mut finding.message);
        }
    }
}

/// One package's check in progress.
struct Check<'a> {
    procedure: &'a Procedure,
    manifest: &'a Manifest,
    /// The records by their files.
    by_file: BTreeMap<&'a str, &'a At<RecordSpec>>,
    /// What was said already: one sentence a record is enough.
    added: BTreeSet<(String, usize, String)>,
    found: Vec<Finding>,
}

impl<'a> Check<'a> {
    /// Adds a finding at a place of the manifest.
    fn add(&mut self, rule: &str, level: Level, message: &str, section: &str, at: &Range<usize>) {
        if self.added.insert((rule.to_owned(), at.start, message.to_owned())) {
            let place = self.manifest.place(at);
            let citation = self.procedure.citation(section);
            let artifact = Address::new(self.manifest.name.as_str());
            self.found
                .push(Finding { artifact, ..finding(rule, level, message, &citation, place) });
        }
    }

    /// Adds a finding about what stands, or does not stand, in a record; the manifest's line goes along.
    fn add_about(
        &mut self,
        record: &RecordSpec,
        (rule, level, message): (&str, Level, &str),
        section: &str,
        at: &Range<usize>,
    ) {
        let before = self.found.len();
        self.add(rule, level, message, section, at);
        let Some(finding) = self.found.get_mut(before) else { return };
        finding.artifact = Address::new(record.file.value.trim_start_matches("./"));
        if let Place::Line { line, .. } = finding.location.place {
            finding.data.insert("manifest_line".to_owned(), line.into());
        }
        finding.location.place = Place::Property { property: "the record".to_owned() };
    }

    fn steps(&mut self) {
        let (recipient, purpose) = (self.manifest.recipient(), self.manifest.purpose());
        let records: &[At<RecordSpec>] = &self.manifest.spec.records;
        for record in records {
            let mut routed = false;
            for step in &self.procedure.steps {
                if !step.fits(recipient, purpose)
                    || !step.fits_record(record.kind.value)
                    || (step.route && routed)
                {
                    continue;
                }
                routed |= step.route;
                if !step.needs.iter().all(|need| needs::is_met(need, self.manifest, record)) {
                    self.add(&step.id, step.level, &step.message, &step.section, &record.id.span);
                }
            }
        }
    }

    /// The record whose file an artifact is, or is a member of.
    fn record_of(&self, artifact: &Address) -> Option<&'a At<RecordSpec>> {
        self.by_file.get(artifact.path()).copied()
    }
}

/// The file of a record, relative to the package root.
fn file_of(record: &RecordSpec) -> &str {
    record.file.value.trim_start_matches("./")
}

/// A finding about a package; at the manifest, unless it is moved.
pub(crate) fn finding(
    rule: &str,
    level: Level,
    message: &str,
    citation: &str,
    place: Place,
) -> Finding {
    Finding {
        rule: rule.to_owned(),
        level,
        confidence: Confidence::High,
        message: message.to_owned(),
        citation: citation.to_owned(),
        artifact: Address::new(FILE_NAME),
        location: Location { place, span: None },
        part: Part::Other,
        visibility: Visibility::Stored,
        evidence: SensitiveText::default(),
        excerpt: Excerpt::default(),
        fingerprint: String::new(),
        related: Vec::new(),
        data: BTreeMap::new(),
        suppressed: None,
    }
}
