//! The bytes of one file, and their digest.

use super::budget::MAX_ARTIFACT_BYTES;
use crate::model::{Notice, NoticeCode, hexadecimal};
use sha2::{Digest as _, Sha256};
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

/// Why a file was not read. Becomes a notice.
#[derive(Debug, PartialEq, Eq)]
pub struct Unread {
    code: NoticeCode,
    message: String,
}

impl Unread {
    fn new(code: NoticeCode, message: &str) -> Self {
        Self { code, message: message.to_owned() }
    }
}

impl From<Unread> for Notice {
    fn from(unread: Unread) -> Self {
        Self::blocking(unread.code, unread.message)
    }
}

/// Reads a file of at most `MAX_ARTIFACT_BYTES`. Opens nothing but regular files: a pipe would block.
pub fn load(path: &Path) -> Result<Vec<u8>, Unread> {
    let metadata = fs::metadata(path).map_err(|error| refused(&error))?;
    if !metadata.is_file() {
        return Err(Unread::new(NoticeCode::Io, "It is no longer a regular file."));
    }
    if metadata.len() > MAX_ARTIFACT_BYTES {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let size = usize::try_from(metadata.len()).unwrap_or(0);
    if bytes.try_reserve_exact(size.saturating_add(1)).is_err() {
        return Err(Unread::new(NoticeCode::OverBudget, "It is larger than the memory allowed."));
    }
    let file = File::open(path).map_err(|error| refused(&error))?;
    file.take(MAX_ARTIFACT_BYTES + 1).read_to_end(&mut bytes).map_err(|error| refused(&error))?;
    if bytes.len() as u64 > MAX_ARTIFACT_BYTES {
        return Err(too_large());
    }
    Ok(bytes)
}

/// `sha256:` and the hexadecimal digest of `bytes`.
pub fn digest(bytes: &[u8]) -> String {
    format_digest(&Sha256::digest(bytes))
}

/// The digest of a file that could not be read otherwise, without holding it in memory; empty where that fails, or
/// where it is larger than any file that is read.
pub fn digest_file(path: &Path) -> String {
    File::open(path).and_then(digest_stream).unwrap_or_default()
}

fn digest_stream(mut file: File) -> io::Result<String> {
    let (mut hasher, mut length) = (Sha256::new(), 0);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok(format_digest(&hasher.finalize()));
        }
        length += count as u64;
        if length > MAX_ARTIFACT_BYTES {
            return Ok(String::new());
        }
        hasher.update(buffer.get(..count).unwrap_or_default());
    }
}

fn format_digest(digest: &[u8]) -> String {
    format!("sha256:{}", hexadecimal(digest))
}

fn refused(error: &io::Error) -> Unread {
    Unread::new(NoticeCode::Io, &format!("It cannot be read: {}.", error.kind()))
}

fn too_large() -> Unread {
    let megabytes = MAX_ARTIFACT_BYTES >> 20;
    let message = format!("It is larger than {megabytes} MiB, the most that is read.");
    Unread::new(NoticeCode::OverBudget, &message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_of_bytes_and_files_agree() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "abc").unwrap();
        let expected = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest(&load(file.path()).unwrap()), expected);
        assert_eq!(digest_file(file.path()), expected);
    }

    #[test]
    fn a_folder_or_a_missing_file_is_a_notice() {
        for path in [Path::new("."), Path::new("no/such/file")] {
            assert_eq!(load(path).unwrap_err().code, NoticeCode::Io);
        }
    }
}
