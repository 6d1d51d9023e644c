//! `--files-from`: a list of files instead of a walk's whole harvest.

use super::{DiscoverError, FileList};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The files named by the list, without links.
pub(super) struct Listed(BTreeSet<PathBuf>);

impl Listed {
    /// Every line must name a file below one of the roots.
    pub(super) fn new(list: &FileList, roots: &[PathBuf]) -> Result<Self, DiscoverError> {
        let mut real_roots = Vec::new();
        for root in roots {
            real_roots.extend(std::fs::canonicalize(root));
        }
        let mut files = BTreeSet::new();
        for (index, path) in paths(&list.bytes).into_iter().enumerate() {
            let found = resolve(&path, roots)
                .filter(|real| real_roots.iter().any(|root| real.starts_with(root)))
                // A folder would select none of the files in it, and they would pass for judged.
                .filter(|real| !real.is_dir());
            let Some(real) = found else {
                let (line, path) = (index + 1, path.display().to_string());
                return Err(DiscoverError::Listed { list: list.name.clone(), line, path });
            };
            files.insert(real);
        }
        Ok(Self(files))
    }

    /// Whether the list names the file.
    pub(super) fn names(&self, path: &Path) -> bool {
        std::fs::canonicalize(path).is_ok_and(|real| self.0.contains(&real))
    }
}

/// Relative to the current folder, or else to a root.
fn resolve(path: &Path, roots: &[PathBuf]) -> Option<PathBuf> {
    let candidates = std::iter::once(path.to_owned()).chain(roots.iter().map(|r| r.join(path)));
    candidates.into_iter().find_map(|candidate| std::fs::canonicalize(candidate).ok())
}

/// The paths in a list: one a line, or separated by NUL where there is one.
pub(super) fn paths(bytes: &[u8]) -> Vec<PathBuf> {
    let separator = if bytes.contains(&0) { 0 } else { b'\n' };
    let lines = bytes.split(|&byte| byte == separator);
    let lines = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines.filter(|line| !line.is_empty()).map(path_of).collect()
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_by_lines_or_by_nul() {
        let expected = [PathBuf::from("a b"), PathBuf::from("c")];
        assert_eq!(paths(b"a b\r\nc\n\n"), expected);
        assert_eq!(paths(b"a b\0c\0"), expected);
    }
}
