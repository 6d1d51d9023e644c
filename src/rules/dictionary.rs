//! Lists that lie in a file of their own, bound to the ruleset by their digest.

use super::diagnostic::Problem;
use super::tree::At;
use crate::model::hexadecimal;
use sha2::{Digest as _, Sha256};
use std::path::Path;

/// The largest dictionary, in bytes.
const MAX_BYTES: u64 = 64 << 20;

/// The terms of a file beside a ruleset: one a line, blank lines and comments left out.
pub(super) fn read(
    folder: Option<&Path>,
    file: &At<String>,
    sha256: Option<&At<String>>,
) -> Result<Vec<String>, Problem> {
    let problem = |text: String| Problem::new(file.span.clone(), text);
    let Some(folder) = folder else {
        return Err(problem("a shipped ruleset has no files beside it".to_owned()));
    };
    let Some(expected) = sha256 else {
        return Err(problem("a list in a file needs `sha256`".to_owned())
            .help("add the digest of the file, so that the ruleset means the same tomorrow"));
    };
    let path = folder.join(&file.value);
    let unreadable = |error: std::io::Error| {
        problem(format!("the list cannot be read: {error}"))
            .help("the path is relative to the folder of the ruleset")
    };
    if std::fs::metadata(&path).map_err(unreadable)?.len() > MAX_BYTES {
        return Err(problem(format!("the list is larger than {MAX_BYTES} bytes")));
    }
    let bytes = std::fs::read(&path).map_err(unreadable)?;
    let digest: String = hexadecimal(&Sha256::digest(&bytes));
    if !expected.value.eq_ignore_ascii_case(&digest) {
        return Err(Problem::new(expected.span.clone(), "the list is not the one that was meant")
            .help(format!("its digest is {digest}; check who changed it, then write that here")));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        problem(format!("the list is not UTF-8: {error}")).help("save it as UTF-8")
    })?;
    let lines = text.lines().map(str::trim);
    Ok(lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect())
}
