//! The deterministic maker of sample files. Everything is fictitious; the same bytes come out on every machine.

pub(crate) mod bulk;
mod expected;
mod formats;
mod hostile;
mod leaks;
mod marks;
mod packages;
mod pdf;
mod random;
mod records;
mod sentence;
mod story;
mod text;
mod xml;

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

/// Files by their path below the folder that they are written to, `/` between folders.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// The committed corpus, without the golden dumps.
pub(crate) fn corpus() -> Files {
    let mut files = Files::new();
    packages::add(&mut files);
    formats::add(&mut files);
    hostile::add(&mut files);
    leaks::add(&mut files);
    files
}

/// Writes files below a folder.
pub(crate) fn write(files: &Files, folder: &str) -> io::Result<()> {
    for (path, bytes) in files {
        let path = Path::new(folder).join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, bytes)?;
    }
    Ok(())
}
