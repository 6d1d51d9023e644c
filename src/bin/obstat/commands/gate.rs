//! What a run is told beside its files: manifests, keys, registers. Whatever is wrong with one of them ends the run
//! before anything is judged.

use crate::args::{CheckArgs, Mode};
use miette::{Diagnostic, NamedSource};
use obstat::register::{Key, Register};
use obstat::release::{self, Manifest, PROFILES};
use obstat::rules::Ruleset;
use obstat::scan::{self, Judging, Lookouts, PackageRules, Selection};
use obstat::suppress::Suppressions;
use obstat::watch::WatchList;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The most bytes that a manifest, a key or a suppressions file may have.
const MAX_BYTES: u64 = 8 << 20;

/// The run cannot begin. The caller's to mend.
#[derive(Debug, Error, Diagnostic)]
pub(crate) enum GateError {
    #[error("there is no policy profile `{name}`")]
    #[diagnostic(code(obstat::release::profile), help("The profiles are {known}."))]
    Profile { name: String, known: String },
    #[error("cannot read {path}: {reason}")]
    #[diagnostic(code(obstat::check::read), help("Check the path and its permissions."))]
    Read { path: String, reason: io::Error },
    #[error("{path} is not a text in UTF-8")]
    #[diagnostic(code(obstat::check::encoding), help("Save it as UTF-8."))]
    Encoding {
        path: String,
        #[source_code]
        file: NamedSource<String>,
        #[label("here")]
        at: miette::SourceSpan,
    },
    #[error("the register and the watch list need the key that they were made with")]
    #[diagnostic(code(obstat::check::no_key), help("Give it with `--key FILE`."))]
    NoKey,
    #[error("the key is shorter than 16 bytes")]
    #[diagnostic(
        code(obstat::check::key),
        help("A key is made with `obstat keygen --kind hmac --output FILE`.")
    )]
    ShortKey,
    #[error("one manifest cannot speak for {packages} packages")]
    #[diagnostic(
        code(obstat::release::many),
        help(
            "Put a `release.yaml` at the root of each package and leave `--release` out, or check one package."
        )
    )]
    ManyPackages { packages: usize },
}

/// Today, or the day that the caller says it is, as `YYYY-MM-DD`.
pub(crate) fn today(given: Option<jiff::civil::Date>) -> String {
    let utc = jiff::tz::TimeZone::UTC;
    let now = || utc.to_datetime(jiff::Timestamp::now()).date();
    given.unwrap_or_else(now).to_string()
}

/// The rules over packages, and the files they came from.
pub(crate) fn load(
    args: &CheckArgs,
    selection: &Selection,
    judging: &Judging,
) -> miette::Result<(PackageRules, Vec<PathBuf>)> {
    let asked = args.judging.profile.clone();
    if let Some(name) = asked.as_ref().filter(|name| PROFILES.iter().all(|(one, _)| one != name)) {
        let known: Vec<_> = PROFILES.iter().map(|(name, _)| *name).collect();
        return Err(GateError::Profile { name: name.clone(), known: known.join(", ") }.into());
    }
    let mut rules = PackageRules::new(mode(args.judging.mode), asked);
    rules.judging = judging.clone();
    rules.key = judging.key.as_deref().and_then(Key::new);
    let (day, mut own) = (today(args.judging.today), Vec::new());
    let packages = scan::packages(selection)?;
    if let (Some(_), true) = (&args.judging.release, packages.len() > 1) {
        return Err(GateError::ManyPackages { packages: packages.len() }.into());
    }
    rules.alone = packages.len() == 1;
    rules.register =
        lookouts(args.judging.register.as_deref(), None, judging.key.as_deref())?.register;
    lookouts(None, args.judging.watchlist.as_deref(), judging.key.as_deref())?;
    rules.suppressions =
        args.judging.suppressions.as_deref().map(|path| suppressions(path, &day)).transpose()?;
    for package in packages {
        let given = args.judging.release.clone();
        let Some(path) = given.or_else(|| scan::manifest_path(&package)) else { continue };
        rules.manifests.insert(package.name, manifest(&path, &day)?);
        own.push(path);
    }
    Ok((rules, own))
}

/// The register and the watch list, with the key that they were made with.
pub(crate) fn lookouts(
    register: Option<&Path>,
    watchlist: Option<&Path>,
    key: Option<&[u8]>,
) -> miette::Result<Lookouts> {
    let key = || -> Result<Key, GateError> {
        key.ok_or(GateError::NoKey).and_then(|key| Key::new(key).ok_or(GateError::ShortKey))
    };
    let read = |path: &Path| std::fs::read(path).map_err(|reason| unreadable(path, reason));
    let mut lookouts = Lookouts::default();
    if let Some(path) = register {
        lookouts.register = Some(Register::from_bytes(&read(path)?, &key()?)?);
    }
    if let Some(path) = watchlist {
        lookouts.watchlist = Some(WatchList::from_bytes(&read(path)?, key()?)?);
    }
    Ok(lookouts)
}

/// Opens the watch lists that rules name, with the key that they were made with.
pub(crate) fn unseal(ruleset: &Ruleset, key: Option<&[u8]>) -> miette::Result<()> {
    for file in ruleset.watch_lists() {
        if let Some(list) = lookouts(None, Some(file), key)?.watchlist {
            scan::unseal(ruleset, file, list);
        }
    }
    Ok(())
}

fn suppressions(path: &Path, today: &str) -> miette::Result<Suppressions> {
    Ok(Suppressions::parse(&path.display().to_string(), &text(path)?, today)?)
}

pub(crate) fn unreadable(path: &Path, reason: io::Error) -> GateError {
    GateError::Read { path: path.display().to_string(), reason }
}

/// The key in a file, for what holds keyed digests.
pub(crate) fn key(path: &Path) -> miette::Result<Key> {
    Ok(Key::new(&super::check::load_key(path)?).ok_or(GateError::ShortKey)?)
}

/// Reads a manifest and refuses it at its first sight of a mistake.
pub(crate) fn manifest(path: &Path, today: &str) -> miette::Result<Manifest> {
    let text = text(path)?;
    Ok(Manifest::parse(&path.display().to_string(), &text, today)?)
}

/// The text of a file that the caller wrote.
pub(crate) fn text(path: &Path) -> Result<String, GateError> {
    String::from_utf8(bytes(path)?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let path = path.display().to_string();
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        GateError::Encoding { file: NamedSource::new(&path, text), path, at: (at, 1).into() }
    })
}

/// The bytes of a file that belongs to the run.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, GateError> {
    let fail = |reason| unreadable(path, reason);
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(fail)?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(fail)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(fail(io::Error::from(io::ErrorKind::FileTooLarge)));
    }
    Ok(bytes)
}

fn mode(mode: Mode) -> release::Mode {
    match mode {
        Mode::Gate => release::Mode::Gate,
        Mode::Review => release::Mode::Review,
        Mode::Sweep => release::Mode::Sweep,
    }
}
