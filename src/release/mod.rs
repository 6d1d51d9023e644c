//! The release manifest, and the procedure that it has to bear out (ICE Directive 6-4.0, 5 and 7.1 to 7.7).
//!
//! [`Manifest::parse`] turns `release.yaml` into something that cannot be wrong in itself; [`Procedure`] holds the
//! table of what has to be done before a release, as data; together they judge a package.

mod catalogue;
mod check;
mod cover;
mod needs;
mod procedure;
mod scaffold;
mod spec;
mod validate;
mod vocabulary;

pub use catalogue::rules;
pub use check::PackageView;
pub(crate) use check::finding as package_finding;
pub use procedure::{PROFILES, Procedure, StepInfo};
pub use scaffold::{ScaffoldRecord, scaffold};
pub use vocabulary::{
    CaseStatus, Category, CategoryDecision, CoordinationKind, Custody, Decision, DisputeStatus,
    MarkingAction, Purpose, RecipientKind, RecordType, RedactionMethod, Role,
};

use crate::model::{Place, SensitiveText};
use crate::rules::Problem;
pub use crate::rules::WrittenProblem as ManifestProblem;
use miette::Diagnostic;
use spec::ManifestSpec;
use std::fmt;
use std::ops::Range;

/// The name that a manifest has at the root of its package.
pub const FILE_NAME: &str = "release.yaml";

/// The profile that applies where nobody names one.
pub const DEFAULT_PROFILE: &str = "ice-6-4.0-2005";

/// How a package is judged (contract.md, `--mode`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Mode {
    /// Before sending: without a manifest nothing may go out.
    Gate,
    /// A second look: a missing manifest is a warning.
    #[default]
    Review,
    /// Over shared drives: no manifest is expected.
    Sweep,
}

/// A release manifest without mistakes in itself.
pub struct Manifest {
    spec: ManifestSpec,
    source: SensitiveText,
    /// Its file's name, without its folder.
    name: String,
}

impl fmt::Debug for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Manifest")
            .field("records", &self.spec.records.len())
            .finish_non_exhaustive()
    }
}

impl Manifest {
    /// Reads a manifest; `today` as `YYYY-MM-DD`, after which no date may lie.
    ///
    /// # Errors
    /// Every mistake of the file at once, each at its place.
    pub fn parse(name: &str, source: &str, today: &str) -> Result<Self, ManifestError> {
        let fail = |problems: Vec<Problem>| ManifestError {
            problems: ManifestProblem::all("obstat::release::mistake", name, source, problems),
        };
        let mut problems = Vec::new();
        let node = crate::rules::parse_yaml(source).map_err(|problem| fail(vec![problem]))?;
        let spec: Option<ManifestSpec> = node.read(&mut problems);
        if let Some(spec) = &spec {
            validate::validate(spec, today, &mut problems);
        }
        if problems.is_empty() {
            validate::undecided(source, &mut problems);
        }
        match spec {
            Some(spec) if problems.is_empty() => {
                let name = name.rsplit('/').next().unwrap_or(FILE_NAME).to_owned();
                Ok(Self { spec, source: SensitiveText::new(source), name })
            }
            _ => Err(fail(problems)),
        }
    }

    /// The JSON Schema of the manifest, for editors.
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(ManifestSpec).to_value()
    }

    /// The policy profile that the manifest names.
    pub fn profile(&self) -> &str {
        &self.spec.policy_profile
    }

    /// `sha256:` and the digest of the manifest's bytes.
    pub fn digest(&self) -> String {
        use sha2::Digest as _;
        let digest = sha2::Sha256::digest(self.source.reveal().as_bytes());
        format!("sha256:{}", crate::model::hexadecimal(&digest))
    }

    /// The type of the record that a file is declared to be, and whether OPR's marks are counted for it.
    pub fn declared(&self, path: &str) -> Option<(RecordType, bool)> {
        let mut records = self.spec.records.iter();
        let record = records.find(|one| one.file.value.trim_start_matches("./") == path)?;
        Some((record.kind.value, record.marked_passages.is_some()))
    }

    /// Who receives the packet.
    pub fn recipient(&self) -> RecipientKind {
        *self.spec.recipient.kind
    }

    /// What the release is for.
    pub fn purpose(&self) -> Purpose {
        *self.spec.release.purpose
    }

    /// Line and column of a byte of the manifest.
    fn place(&self, span: &Range<usize>) -> Place {
        let before = self.source.reveal().get(..span.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Place::Line { line: number(line), column: number(column) }
    }
}

/// Everything that is wrong with a manifest.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("the release manifest has {}", if problems.len() == 1 { "a mistake".to_owned() } else { format!("{} mistakes", problems.len()) })]
#[diagnostic(
    code(obstat::release::invalid),
    help("nothing was judged; mend the manifest and run obstat again")
)]
pub struct ManifestError {
    /// Each mistake, in the order of their places.
    #[related]
    pub problems: Vec<ManifestProblem>,
}
