//! `obstat keygen`: keys, in files that nobody else can read.

use crate::exit::Exit;
use clap::{Args, ValueEnum};
use miette::Diagnostic;
use obstat::clearance::SigningKey;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Arguments of `keygen`.
#[derive(Debug, Args)]
pub(crate) struct KeygenArgs {
    /// What the key is for
    #[arg(long, value_enum, default_value_t = Kind::Signing)]
    kind: Kind,
    /// The file to make; it must not be there yet
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Signs clearances: FILE is private, FILE.pub is for those who verify
    Signing,
    /// Keys fingerprints, registers and watch lists
    Hmac,
}

/// The key was not made. The caller's to mend, or the system's.
#[derive(Debug, Error, Diagnostic)]
enum KeygenError {
    #[error("cannot make {path}: {reason}")]
    #[diagnostic(
        code(obstat::keygen::write),
        help(
            "A key never replaces a file: choose a name that is free, in a folder that can be written."
        )
    )]
    Write { path: String, reason: io::Error },
    #[error("the system gives no random bytes")]
    #[diagnostic(code(obstat::keygen::random), help("Try again later, or on another machine."))]
    Random,
}

/// Runs the command.
pub(crate) fn run(args: &KeygenArgs) -> miette::Result<Exit> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|_unavailable| KeygenError::Random)?;
    match args.kind {
        Kind::Hmac => {
            let digits = secret.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
            write(&args.output, &(digits + "\n"), true)?;
        }
        Kind::Signing => {
            let key = SigningKey::from_secret(&secret);
            let mut public = args.output.clone().into_os_string();
            public.push(".pub");
            write(&args.output, &key.private_pem()?, true)?;
            write(Path::new(&public), &key.public_key().pem()?, false)?;
        }
    }
    Ok(Exit::Clear)
}

fn write(path: &Path, text: &str, private: bool) -> Result<(), KeygenError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(if private { 0o600 } else { 0o644 });
    }
    let written = options.open(path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|reason| KeygenError::Write { path: path.display().to_string(), reason })
}
