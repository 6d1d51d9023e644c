//! Clearances: written by `obstat check --mode gate --clearance`, verified by `obstat verify`.

use super::gate;
use crate::args::{CheckArgs, Mode};
use crate::exit::Exit;
use crate::output::Output;
use clap::Args;
use miette::Diagnostic;
use obstat::clearance::{Clearance, Difference, Judged, PublicKey, SigningKey, Subject};
use obstat::model::{PackageReport, Status, Verdict};
use obstat::read;
use obstat::release::{FILE_NAME, PROFILES};
use obstat::rules::Ruleset;
use obstat::scan::{self, PackageRules, ScanError, Selection};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The clearance
    #[arg(value_name = "CLEARANCE")]
    clearance: PathBuf,
    /// The package that is about to go out
    #[arg(value_name = "PACKAGE")]
    package: PathBuf,
    /// The public key of whoever signed
    #[arg(long, value_name = "FILE.pub")]
    key: PathBuf,
}

/// No clearance can be written. The caller's to mend.
#[derive(Debug, Error, Diagnostic)]
enum ClearError {
    #[error("a clearance needs `--mode gate`, `--clearance FILE` and `--sign-key FILE` together")]
    #[diagnostic(
        code(obstat::clearance::options),
        help("Nothing but a judgement at the gate is signed.")
    )]
    Options,
    #[error("a clearance is about all files of one package")]
    #[diagnostic(
        code(obstat::clearance::selection),
        help("Check one package at a time, without `--include`, `--exclude` and `--files-from`.")
    )]
    Selection,
    #[error("others can read the private key {path}")]
    #[diagnostic(
        code(obstat::clearance::readable_key),
        help(
            "Anyone who can read it can clear what they like: make a new key, and keep it at mode 0600."
        )
    )]
    ReadableKey { path: String },
    #[error("cannot remove the old clearance {path}: {reason}")]
    #[diagnostic(
        code(obstat::clearance::old),
        help("Remove it, so that nobody takes it for the answer to this check.")
    )]
    Old { path: String, reason: io::Error },
}

/// A clearance that will be written if the verdict is clear.
pub(crate) struct Pending {
    path: PathBuf,
    key: SigningKey,
    judged: Judged,
    cleared: Option<Clearance>,
}

impl Pending {
    /// What the command line asks for; refused here if it can never be.
    pub(crate) fn new(
        args: &CheckArgs,
        packages: &PackageRules,
        ruleset: &Ruleset,
    ) -> miette::Result<Option<Self>> {
        let judging = &args.judging;
        let (path, key) = match (&judging.clearance, &judging.sign_key) {
            (None, None) => return Ok(None),
            (Some(path), Some(key)) if judging.mode == Mode::Gate => (path.clone(), key),
            _ => return Err(ClearError::Options.into()),
        };
        let files = &args.selection;
        let narrowed = !(files.include.is_empty() && files.exclude.is_empty());
        if narrowed || files.files_from.is_some() || !packages.alone {
            return Err(ClearError::Selection.into());
        }
        let key = private_key(key)?;
        withdraw(&path, &key)?;
        let mut inputs = BTreeMap::new();
        let given = [
            ("register", &judging.register),
            ("watchlist", &judging.watchlist),
            ("suppressions", &judging.suppressions),
        ];
        for (name, path) in given {
            if let Some(path) = path {
                inputs.insert(name.to_owned(), read::digest_file(path));
            }
        }
        let manifest = packages.manifests.values().next();
        inputs.extend(manifest.map(|manifest| ("manifest".to_owned(), manifest.digest())));
        let identity = |one: &obstat::rules::RulesetIdentity| {
            (format!("{} {}", one.name, one.version), one.digest.clone())
        };
        let profile = packages.procedure(manifest).map(|one| one.profile.clone());
        let judged = Judged {
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            mode: "gate".to_owned(),
            profile: profile.unwrap_or_default(),
            verdict: String::new(),
            findings: obstat::model::LevelCounts::default(),
            notices: obstat::model::NoticeCounts::default(),
            artifacts: 0,
            rulesets: ruleset.identities().iter().map(identity).chain(procedures()).collect(),
            manifest_in_package: judging.release.is_none() && manifest.is_some(),
            inputs,
        };
        Ok(Some(Self { path, key, judged, cleared: None }))
    }

    /// Takes the judgement of the package.
    pub(crate) fn take(&mut self, report: &PackageReport) {
        if report.verdict != Verdict::Clear {
            return;
        }
        let files = report.artifacts.iter().filter(|one| one.address.depth() == 0);
        let files = files.filter(|one| one.status != Status::Excluded);
        self.cleared = Some(Clearance {
            files: files.map(|one| Subject::new(one.address.to_string(), &one.digest)).collect(),
            judged: Judged {
                verdict: report.verdict.as_str().to_owned(),
                findings: report.level_counts(),
                notices: report.notice_counts(),
                artifacts: report.artifacts.len() as u64,
                ..self.judged.clone()
            },
        });
    }

    /// Writes the clearance, or says that there is none.
    pub(crate) fn finish(self) -> miette::Result<()> {
        let Some(clearance) = self.cleared else {
            let _ = writeln!(
                io::stderr(),
                "obstat: no clearance was written: the package is not clear"
            );
            return Ok(());
        };
        let mut out = Output::open(Some(&self.path))?;
        out.write_all(&clearance.sign(&self.key)?).map_err(ScanError::Report)?;
        out.finish()
    }
}

/// What was cleared before is judged anew: were it found wanting, the old clearance must not be taken for its answer.
fn withdraw(path: &Path, key: &SigningKey) -> miette::Result<()> {
    let old = path.is_file().then(|| std::fs::read(path)).transpose();
    let old = old.map_err(|reason| gate::unreadable(path, reason))?;
    // Only a clearance by this key is ours to remove.
    if old.is_some_and(|bytes| Clearance::verify(&bytes, &key.public_key()).is_ok()) {
        std::fs::remove_file(path)
            .map_err(|reason| ClearError::Old { path: path.display().to_string(), reason })?;
    }
    Ok(())
}

/// The shipped procedures decide as the rulesets do.
fn procedures() -> impl Iterator<Item = (String, String)> {
    let digest = |text: &str| {
        Sha256::digest(text).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
    };
    PROFILES
        .iter()
        .map(move |(name, text)| (format!("procedure {name}"), format!("sha256:{}", digest(text))))
}

fn private_key(path: &Path) -> miette::Result<SigningKey> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let open = std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0);
        if open {
            return Err(ClearError::ReadableKey { path: path.display().to_string() }.into());
        }
    }
    Ok(SigningKey::from_pem(&gate::text(path)?)?)
}

/// Runs `verify`. Exit 0 only if the package is, byte for byte and name for name, the one that was cleared.
pub(crate) fn verify(args: &VerifyArgs) -> miette::Result<Exit> {
    let key = PublicKey::from_pem(&gate::text(&args.key)?)?;
    let clearance = Clearance::verify(&read_all(&args.clearance)?, &key)?;
    let manifest = args.package.join(FILE_NAME);
    let mut own_files = vec![args.clearance.clone()];
    let mut differences = Vec::new();
    if clearance.judged.manifest_in_package {
        if clearance.judged.inputs.get("manifest") != Some(&read::digest_file(&manifest)) {
            differences.push(Difference::Changed(FILE_NAME.to_owned()));
        }
        own_files.push(manifest);
    }
    let roots = vec![args.package.clone()];
    let (files, unread) = scan::files(&Selection { roots, own_files, ..Selection::default() })?;
    let found: Vec<Subject> = files
        .iter()
        .map(|file| Subject::new(file.address.to_string(), &read::digest_file(&file.path)))
        .collect();
    differences.extend(clearance.differences(&found));
    differences.extend(unread.iter().map(|notice| Difference::Added(notice.artifact.to_string())));
    tell(&differences, &clearance)?;
    Ok(if differences.is_empty() { Exit::Clear } else { Exit::Findings })
}

fn read_all(path: &Path) -> miette::Result<Vec<u8>> {
    // A clearance of a million files is larger than any file that a person writes.
    let read = std::fs::read(path);
    Ok(read.map_err(|reason| gate::unreadable(path, reason))?)
}

fn tell(differences: &[Difference], clearance: &Clearance) -> miette::Result<()> {
    let mut text = String::new();
    for difference in differences {
        let (name, what) = match difference {
            Difference::Added(name) => (name, "was not cleared"),
            Difference::Removed(name) => (name, "was cleared and is gone"),
            Difference::Changed(name) => (name, "is not the one that was cleared"),
        };
        text += &format!("{}: {what}\n", name.escape_debug());
    }
    text += &if differences.is_empty() {
        format!("cleared: {} files, as they were judged\n", clearance.files.len())
    } else {
        "not cleared: do not send\n".to_owned()
    };
    let mut out = Output::open(None)?;
    out.write_all(text.as_bytes()).map_err(ScanError::Report)?;
    out.finish()
}
