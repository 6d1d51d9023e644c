//! The checks over a whole package: its manifest and the release procedure.

use super::lost;
use crate::judge::{self, Judging};
use crate::model::{Address, Facts, Level, PackageReport, Place, Release};
use crate::register::{Key, Register};
use crate::release::{FILE_NAME, Manifest, Mode, PackageView, Procedure, package_finding};
use crate::suppress::Suppressions;
use std::collections::BTreeMap;

/// What a package is judged by, beside the rules over its documents.
#[derive(Default)]
pub struct PackageRules {
    /// What a missing manifest means.
    pub mode: Mode,
    /// The procedures by the name of their profile.
    procedures: BTreeMap<String, Procedure>,
    /// The profile that was asked for; it goes before the one that a manifest names.
    pub profile: Option<String>,
    /// The manifests, by the name of their package.
    pub manifests: BTreeMap<String, Manifest>,
    /// The key of passage digests.
    pub key: Option<Key>,
    /// Passages that OPR marked.
    pub register: Option<Register>,
    /// Findings that somebody answers for.
    pub suppressions: Option<Suppressions>,
    /// Whether there is but one package: then it says which suppressions fit nothing.
    pub alone: bool,
    /// How findings get their fingerprints.
    pub judging: Judging,
}

impl PackageRules {
    /// The shipped procedures, and nothing else yet.
    pub fn new(mode: Mode, profile: Option<String>) -> Self {
        let shipped = crate::release::PROFILES.iter().map(|(name, _)| *name);
        let procedures =
            shipped.filter_map(|name| Some((name.to_owned(), Procedure::shipped(name)?))).collect();
        Self { mode, procedures, profile, ..Self::default() }
    }

    /// The procedure that a package is held to.
    pub fn procedure(&self, manifest: Option<&Manifest>) -> Option<&Procedure> {
        let named = self.profile.as_deref().or_else(|| manifest.map(Manifest::profile));
        self.procedures.get(named.unwrap_or(crate::release::DEFAULT_PROFILE))
    }

    /// For whom and for what a package goes out, where its manifest says so.
    pub fn release(&self, package: &str) -> Option<Release> {
        let manifest = self.manifests.get(package)?;
        let word = |value: Result<serde_json::Value, _>| value.ok()?.as_str().map(str::to_owned);
        Some(Release {
            recipient: word(serde_json::to_value(manifest.recipient()))?,
            purpose: word(serde_json::to_value(manifest.purpose()))?,
        })
    }

    /// Judges a package whose files are all judged.
    pub fn apply(&self, report: &mut PackageReport, facts: &Facts) {
        let manifest = self.manifests.get(&report.package);
        let lost = self.register.as_ref().map(|register| lost::lost(register, report, facts));
        report.findings.extend(lost.unwrap_or_default());
        let unregistered = lost::unregistered(self.register.as_ref(), manifest, report, facts);
        report.findings.extend(unregistered);
        if let Some(procedure) = self.procedure(manifest) {
            let mut view = PackageView {
                artifacts: &report.artifacts,
                findings: &mut report.findings,
                notices: &mut report.notices,
                key: self.key.as_ref(),
            };
            procedure.check(manifest, self.mode, &mut view);
        }
        self.safeguarding(report, facts);
        self.fingerprint(report);
        if let Some(suppressions) = &self.suppressions {
            self.suppress(suppressions, report);
        }
    }

    /// Records in the open are for a sweep over shared drives to tell (6.2).
    fn safeguarding(&self, report: &mut PackageReport, facts: &Facts) {
        if self.mode != Mode::Sweep {
            return;
        }
        let cited = self.procedure(None).map(|procedure| procedure.citation("6.2"));
        for address in &facts.exposed {
            let place = Place::Property { property: "file rights".to_owned() };
            let message =
                "A record of OPR lies where everyone with access to the machine can read it.";
            let citation = cited.as_deref().unwrap_or_default();
            let mut finding =
                package_finding("release.safeguarding", Level::Warning, message, citation, place);
            finding.artifact.clone_from(address);
            report.findings.push(finding);
        }
    }

    fn suppress(&self, suppressions: &Suppressions, report: &mut PackageReport) {
        let mut complaints = suppressions.apply(&mut report.findings);
        if self.alone {
            complaints.extend(suppressions.unused());
        }
        let cited = self.procedure(None).map(|procedure| procedure.citation("7"));
        for complaint in complaints {
            let words = format!("suppressions, line {}", complaint.line);
            let place = Place::Property { property: words };
            let citation = cited.as_deref().unwrap_or_default();
            report.findings.push(package_finding(
                complaint.rule,
                Level::Warning,
                &complaint.message,
                citation,
                place,
            ));
        }
        self.fingerprint(report);
    }

    /// What was found over the package as a whole has no fingerprint yet; what it is bound to is the record it is
    /// about, or else the manifest.
    fn fingerprint(&self, report: &mut PackageReport) {
        let manifest =
            self.manifests.get(&report.package).map(Manifest::digest).unwrap_or_default();
        let digests: BTreeMap<&Address, &str> =
            report.artifacts.iter().map(|one| (&one.address, one.digest.as_str())).collect();
        for finding in report.findings.iter_mut().filter(|one| one.fingerprint.is_empty()) {
            let digest = digests.get(&finding.artifact).copied().unwrap_or(&manifest);
            finding.fingerprint = judge::fingerprint(finding, digest, &self.judging);
        }
    }
}

/// Where the manifest of a package lies that has none on the command line.
pub fn manifest_path(package: &super::PackagePlace) -> Option<std::path::PathBuf> {
    let path = package.path.join(FILE_NAME);
    path.is_file().then_some(path)
}
