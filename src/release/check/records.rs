//! Records against files: digests, files that nobody declared, types that the content contradicts.

use super::marks::MARKED;
use super::{Check, PackageView, file_of};
use crate::model::{Artifact, Level, Status};
use crate::release::vocabulary::{RecordType, TYPE_RULES};
use std::collections::BTreeMap;

impl Check<'_> {
    pub(super) fn records(&mut self, package: &PackageView<'_>) {
        self.digests(package);
        self.unlisted(package);
        self.types(package);
        self.marked_but_not_ours(package);
    }

    fn digests(&mut self, package: &PackageView<'_>) {
        let manifest = self.manifest;
        // Names that are no text can be written alike, and all of them have to be the record.
        let mut files: BTreeMap<&str, Vec<&Artifact>> = BTreeMap::new();
        for artifact in package.artifacts.iter().filter(|one| one.address.depth() == 0) {
            files.entry(artifact.address.path()).or_default().push(artifact);
        }
        for record in &manifest.spec.records {
            let path = file_of(record);
            let artifacts = files.get(path).map(Vec::as_slice).unwrap_or_default();
            match (artifacts.first(), &record.sha256) {
                (None, _) => {
                    let message = format!(
                        "The manifest lists a file that is not in the package: {}.",
                        path.escape_debug()
                    );
                    self.add("release.digest", Level::Error, &message, "7", &record.file.span);
                }
                (Some(_), Some(digest)) => {
                    let same = |artifact: &&Artifact| {
                        artifact
                            .digest
                            .strip_prefix("sha256:")
                            .is_some_and(|it| it.eq_ignore_ascii_case(digest))
                    };
                    if !artifacts.iter().all(same) {
                        let message = format!(
                            "{} is not the file that the manifest was made for: its digest differs.",
                            path.escape_debug()
                        );
                        self.add("release.digest", Level::Error, &message, "7", &digest.span);
                    }
                }
                (Some(_), None) => {
                    let message = format!(
                        "The manifest does not bind the record to its file {}: `sha256` is missing.",
                        path.escape_debug()
                    );
                    self.add("release.digest", Level::Warning, &message, "7", &record.id.span);
                }
            }
        }
    }

    fn unlisted(&mut self, package: &PackageView<'_>) {
        let files = package.artifacts.iter().filter(|artifact| artifact.address.depth() == 0);
        let counted = files.filter(|artifact| artifact.status != Status::Excluded);
        let unlisted: Vec<_> = counted
            .filter(|artifact| self.record_of(&artifact.address).is_none())
            .map(|artifact| artifact.address.clone())
            .collect();
        let at = self.manifest.spec.release.span.clone();
        for address in unlisted {
            let mut listed = super::finding(
                "release.unlisted-file",
                Level::Error,
                "The package holds a file that the manifest does not list.",
                &self.procedure.citation("7"),
                self.manifest.place(&at),
            );
            listed.artifact = address;
            listed.location.place =
                crate::model::Place::Property { property: "not in the manifest".to_owned() };
            self.found.push(listed);
        }
    }

    fn types(&mut self, package: &PackageView<'_>) {
        for (rule, found) in TYPE_RULES {
            let records = package.findings.iter().filter(|finding| finding.rule == *rule);
            let differing: Vec<_> = records
                .filter_map(|finding| self.record_of(&finding.artifact))
                .filter(|record| record.kind.value != *found)
                .map(|record| (record.kind.value, record.kind.span.clone()))
                .collect();
            for (declared, span) in differing {
                // Declared away from the directive altogether: then no step of it would apply.
                let level =
                    if declared == RecordType::NonOpr { Level::Error } else { Level::Warning };
                let message = format!(
                    "Declared as {}, but it reads like {}.",
                    declared.as_str(),
                    found.as_str()
                );
                self.add("release.record-type", level, &message, "4", &span);
            }
        }
    }

    /// A mark (E) is OPR's: a record that bears one cannot be declared away from the directive.
    fn marked_but_not_ours(&mut self, package: &PackageView<'_>) {
        let marked = package.findings.iter().filter(|one| MARKED.contains(&one.rule.as_str()));
        let spans: Vec<_> = marked
            .filter_map(|finding| self.record_of(&finding.artifact))
            .filter(|record| record.kind.value == RecordType::NonOpr)
            .map(|record| record.kind.span.clone())
            .collect();
        for span in spans {
            let message = "Declared as non-opr, but passages of it bear the mark (E) of OPR.";
            self.add("release.record-type", Level::Error, message, "4", &span);
        }
    }
}
