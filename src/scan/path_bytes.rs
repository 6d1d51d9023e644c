//! Paths in JSON byte for byte: a path need not be UTF-8, and the wrong file must not be opened.

use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};
use std::path::{Path, PathBuf};

pub(super) fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    match path.to_str() {
        Some(text) => Ok::<&str, &[u8]>(text),
        None => Err(path.as_os_str().as_encoded_bytes()),
    }
    .serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
    Ok(match Result::<String, Vec<u8>>::deserialize(deserializer)? {
        Ok(text) => PathBuf::from(text),
        Err(bytes) => from_bytes(bytes),
    })
}

#[cfg(unix)]
fn from_bytes(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt as _;
    PathBuf::from(std::ffi::OsString::from_vec(bytes))
}

#[cfg(not(unix))]
fn from_bytes(bytes: Vec<u8>) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(&bytes).into_owned())
}
