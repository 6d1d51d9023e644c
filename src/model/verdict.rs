//! Verdicts: what came of judging an artifact, a package and a whole run.

use super::{Address, Finding, Level, Notice, SensitiveText, Shared};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How far an artifact was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// In full.
    Read,
    /// Some of it: at least one blocking notice, and at least one passage.
    Partly,
    /// Nothing of it.
    Unread,
    /// Left out by the caller's globs.
    Excluded,
}

/// A file, or a member of a container.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Artifact {
    /// Where it lies.
    pub address: Address,
    /// The format it was read as: `pdf`, `xml`, `text`; the recognised name where there is no reader; else `unknown`.
    pub format: String,
    /// `sha256:` and the hexadecimal SHA-256 of its bytes; empty where they could not be read.
    pub digest: String,
    /// How far it was read.
    pub status: Status,
}

/// A passage marked (E), as the package-wide checks need to know it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MarkedPassage {
    /// In which artifact.
    pub artifact: Address,
    /// `open`, `partial`, `redacted` or `covered`.
    pub status: String,
    /// The passage.
    #[serde(with = "super::sensitive::in_clear")]
    pub text: SensitiveText,
}

/// A passage of the register that stands in an artifact, marked or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisteredPassage {
    /// In which artifact.
    pub artifact: Address,
    /// Index of its record in the register.
    pub record: u32,
    /// Its number in that record.
    pub number: u32,
}

/// What checks over a whole package need to know of one artifact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Passages marked (E), in reading order.
    pub marked: Vec<MarkedPassage>,
    /// Record types found (`record.*`).
    pub record_types: Vec<String>,
    /// Page control numbers, in page order: page and number.
    pub control_numbers: Vec<(u32, String)>,
    /// Names, numbers and short runs that stand under a redaction or only in an earlier version.
    #[serde(with = "super::sensitive::all_in_clear")]
    pub removed: Vec<SensitiveText>,
    /// Passages of the register.
    pub registered: Vec<RegisteredPassage>,
    /// Files that everyone with access to the machine can read and that hold a record of a type.
    pub exposed: Vec<Address>,
    /// For each document what it has to do with the others.
    pub shared: Vec<Shared>,
    /// Which words can stand in the file, its members and their names; empty where that is not known.
    pub imprint: Vec<u64>,
}

/// What one file came to, its members included.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ArtifactReport {
    /// The file and every member read from it.
    pub artifacts: Vec<Artifact>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// What could not be seen.
    pub notices: Vec<Notice>,
    /// Hits below low confidence, by rule.
    pub candidates: BTreeMap<String, u32>,
    /// For the checks over the whole package.
    pub facts: Facts,
}

/// The answer to "may this go out?".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing stands in the way.
    Clear,
    /// Something could not be read.
    Undetermined,
    /// At least one finding at error.
    Obstructed,
}

impl Verdict {
    /// The verdict as it stands in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Undetermined => "undetermined",
            Self::Obstructed => "obstructed",
        }
    }
}

/// Findings by level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelCounts {
    /// At error.
    pub error: u32,
    /// At warning.
    pub warning: u32,
    /// At note.
    pub note: u32,
}

impl LevelCounts {
    /// Counts one finding.
    pub fn add(&mut self, level: Level) {
        match level {
            Level::Error => self.error += 1,
            Level::Warning => self.warning += 1,
            Level::Note => self.note += 1,
        }
    }
}

/// Notices by what they mean for the verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeCounts {
    /// That make the package undetermined.
    pub blocking: u32,
    /// That do not.
    pub other: u32,
}

/// A package, judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PackageReport {
    /// The PATH as given, with the folders below it under `--package-depth`.
    pub package: String,
    /// The verdict.
    pub verdict: Verdict,
    /// In address order.
    pub artifacts: Vec<Artifact>,
    /// In order of artifact, place and rule.
    pub findings: Vec<Finding>,
    /// In order of artifact and place.
    pub notices: Vec<Notice>,
    /// Hits below low confidence.
    pub candidates: u32,
}

impl PackageReport {
    /// Findings by level; those below low confidence and suppressed ones do not count.
    pub fn level_counts(&self) -> LevelCounts {
        let mut counts = LevelCounts::default();
        let counted = self.findings.iter().filter(|finding| finding.counts());
        counted.for_each(|finding| counts.add(finding.level));
        counts
    }

    /// Notices by what they mean for the verdict.
    pub fn notice_counts(&self) -> NoticeCounts {
        let all = self.notices.len();
        let blocking = self.notices.iter().filter(|notice| notice.blocking).count();
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        NoticeCounts { blocking: number(blocking), other: number(all - blocking) }
    }

    /// How many artifacts a blocking notice speaks of.
    pub fn unread_count(&self) -> usize {
        let blocking = self.notices.iter().filter(|notice| notice.blocking);
        blocking.map(|notice| &notice.artifact).collect::<BTreeSet<_>>().len()
    }
}

/// Packages by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerdictCounts {
    /// Clear.
    pub clear: u32,
    /// Obstructed.
    pub obstructed: u32,
    /// Undetermined.
    pub undetermined: u32,
}

/// Artifacts by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArtifactCounts {
    /// Read in full.
    pub read: u32,
    /// Read in part.
    pub partly: u32,
    /// Not read.
    pub unread: u32,
    /// Excluded by the caller.
    pub excluded: u32,
}

/// A whole run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Packages by verdict.
    pub packages: VerdictCounts,
    /// Artifacts by status.
    pub artifacts: ArtifactCounts,
    /// Findings by level.
    pub findings: LevelCounts,
}
