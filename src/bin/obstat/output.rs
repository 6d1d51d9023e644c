//! Where a report goes: standard output, a device or pipe, or a file that appears only when it is complete.

use miette::Diagnostic;
use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;
use thiserror::Error;

/// A report being written.
pub(crate) struct Output {
    kind: Kind,
}

enum Kind {
    Stdout(BufWriter<io::Stdout>),
    /// A device or a pipe.
    Stream(BufWriter<File>, PathBuf),
    /// Complete, it replaces the file of that name.
    Replace(BufWriter<NamedTempFile>, PathBuf),
}

/// The report has no place to go. The caller's to mend, or the disk's.
#[derive(Debug, Error, Diagnostic)]
#[error("cannot write the report to {path}: {reason}")]
#[diagnostic(
    code(obstat::output),
    help("Check the folder, its permissions and the room on the disk; no report was left behind.")
)]
pub(crate) struct OutputError {
    path: String,
    reason: io::Error,
}

impl Output {
    /// Opens what `--output` names; standard output where it names nothing or `-`.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, OutputError> {
        let kind = match path {
            None => Kind::stdout(),
            Some(path) if path.as_os_str() == "-" => Kind::stdout(),
            Some(path) => Kind::file(path).map_err(|reason| failed(path, reason))?,
        };
        Ok(Self { kind })
    }

    /// Whether a person reads it as it is written.
    pub(crate) fn is_terminal(&self) -> bool {
        match &self.kind {
            Kind::Stdout(_) => io::stdout().is_terminal(),
            Kind::Stream(stream, _) => stream.get_ref().is_terminal(),
            Kind::Replace(..) => false,
        }
    }

    /// Writes out what is left and gives the file its name. Without this a new file never appears.
    pub(crate) fn finish(self) -> Result<(), miette::Report> {
        match self.kind {
            Kind::Stdout(mut out) => Ok(out.flush().map_err(obstat::scan::ScanError::Report)?),
            Kind::Stream(mut out, path) => Ok(out.flush().map_err(|error| failed(&path, error))?),
            Kind::Replace(out, path) => {
                Ok(replace(out, &path).map_err(|error| failed(&path, error))?)
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.kind {
            Kind::Stdout(out) => out.write(bytes),
            Kind::Stream(out, _) => out.write(bytes),
            Kind::Replace(out, _) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.kind {
            Kind::Stdout(out) => out.flush(),
            Kind::Stream(out, _) => out.flush(),
            // Nobody sees it before it has its name.
            Kind::Replace(..) => Ok(()),
        }
    }
}

impl Kind {
    fn stdout() -> Self {
        Self::Stdout(BufWriter::new(io::stdout()))
    }

    fn file(path: &Path) -> io::Result<Self> {
        let existing = fs::metadata(path).ok();
        if existing.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(io::Error::from(io::ErrorKind::IsADirectory));
        }
        if existing.as_ref().is_some_and(|metadata| !metadata.is_file()) {
            let stream = File::options().write(true).open(path)?;
            return Ok(Self::Stream(BufWriter::new(stream), path.to_owned()));
        }
        // Behind a link the file is replaced, not the link.
        let target = if existing.is_some() { fs::canonicalize(path)? } else { path.to_owned() };
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
        let file = tempfile::Builder::new()
            .prefix(".obstat-")
            .tempfile_in(folder.unwrap_or(Path::new(".")))?;
        if let Some(metadata) = existing {
            file.as_file().set_permissions(metadata.permissions())?;
        }
        Ok(Self::Replace(BufWriter::new(file), target))
    }
}

fn replace(out: BufWriter<NamedTempFile>, path: &Path) -> io::Result<()> {
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

fn failed(path: &Path, reason: io::Error) -> OutputError {
    OutputError { path: path.display().to_string(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_appears_only_when_it_is_complete_and_replaces_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        let mut unfinished = Output::open(Some(&path)).unwrap();
        unfinished.write_all(b"half").unwrap();
        drop(unfinished);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        for text in ["one", "two"] {
            let mut output = Output::open(Some(&path)).unwrap();
            output.write_all(text.as_bytes()).unwrap();
            output.finish().unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_and_a_full_one_is_an_error() {
        for (device, good) in [("/dev/null", true), ("/dev/full", false)] {
            let mut output = Output::open(Some(Path::new(device))).unwrap();
            output.write_all(b"x").unwrap();
            assert_eq!(output.finish().is_ok(), good, "{device}");
        }
    }
}
