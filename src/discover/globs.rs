//! `--include` and `--exclude`.

use super::DiscoverError;
use globset::{ErrorKind, GlobBuilder, GlobSet, GlobSetBuilder};
use miette::NamedSource;

/// Compiled globs. A glob without `/` matches a name at any depth; one that matches a folder matches all below it.
pub(super) struct Globs {
    include: Option<GlobSet>,
    exclude: GlobSet,
}

impl Globs {
    pub(super) fn new(include: &[String], exclude: &[String]) -> Result<Self, DiscoverError> {
        let included = (!include.is_empty()).then(|| compile(include)).transpose()?;
        Ok(Self { include: included, exclude: compile(exclude)? })
    }

    /// Whether the file is to be judged; `path` is relative to the PATH given, `/` between folders.
    pub(super) fn selects(&self, path: &str) -> bool {
        let matched = |set: &GlobSet| {
            !set.is_empty() && prefixes(path).any(|folder_or_file| set.is_match(folder_or_file))
        };
        self.include.as_ref().is_none_or(matched) && !matched(&self.exclude)
    }
}

fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    let folders = path.match_indices('/').filter_map(move |(at, _)| path.get(..at));
    folders.chain(std::iter::once(path))
}

fn compile(globs: &[String]) -> Result<GlobSet, DiscoverError> {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        let trimmed = glob.strip_prefix("./").unwrap_or(glob).trim_end_matches('/');
        let anywhere = if trimmed.contains('/') {
            trimmed.trim_start_matches('/').to_owned()
        } else {
            format!("**/{trimmed}")
        };
        let built = GlobBuilder::new(&anywhere).literal_separator(true).build();
        set.add(built.map_err(|error| bad_glob(glob, error.kind()))?);
    }
    set.build().map_err(|error| bad_glob(error.glob().unwrap_or_default(), error.kind()))
}

fn bad_glob(glob: &str, kind: &ErrorKind) -> DiscoverError {
    let at = fault(glob, kind);
    DiscoverError::Glob {
        reason: kind.to_string(),
        glob: NamedSource::new("glob", glob.to_owned()),
        at: at.into(),
    }
}

/// Where the fault lies; globset does not say. Offset and length in bytes.
fn fault(glob: &str, kind: &ErrorKind) -> (usize, usize) {
    match kind {
        ErrorKind::UnclosedClass => (unclosed(glob, '[', ']'), 1),
        ErrorKind::UnclosedAlternates => (unclosed(glob, '{', '}'), 1),
        ErrorKind::UnopenedAlternates => (unopened(glob), 1),
        ErrorKind::InvalidRange(from, to) => {
            let range = format!("{from}-{to}");
            (glob.find(&range).unwrap_or(0), range.len())
        }
        ErrorKind::DanglingEscape => (glob.len().saturating_sub(1), 1),
        _ => (0, glob.len()),
    }
}

/// The last opening sign that no closing one follows, or else the last one.
fn unclosed(glob: &str, open: char, close: char) -> usize {
    let mut stack = Vec::new();
    for (at, sign) in glob.char_indices() {
        if sign == open {
            stack.push(at);
        } else if sign == close {
            stack.pop();
        }
    }
    stack.last().copied().or_else(|| glob.rfind(open)).unwrap_or(0)
}

fn unopened(glob: &str) -> usize {
    let mut depth = 0_usize;
    for (at, sign) in glob.char_indices() {
        match (sign, depth) {
            ('{', _) => depth += 1,
            ('}', 0) => return at,
            ('}', _) => depth -= 1,
            _ => {}
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn globs(include: &[&str], exclude: &[&str]) -> Globs {
        let owned = |globs: &[&str]| globs.iter().map(ToString::to_string).collect::<Vec<_>>();
        Globs::new(&owned(include), &owned(exclude)).unwrap()
    }

    #[test]
    fn a_glob_without_a_slash_matches_at_any_depth_and_a_folder_takes_what_is_below() {
        let cases = [
            (globs(&["*.pdf"], &[]), "a/b/c.pdf", true),
            (globs(&["*.pdf"], &[]), "a/b/c.txt", false),
            (globs(&["a/*.pdf"], &[]), "a/b/c.pdf", false),
            (globs(&["a/**"], &[]), "a/b/c.pdf", true),
            (globs(&[], &["drafts/"]), "x/drafts/old/c.pdf", false),
            (globs(&["*.pdf"], &["c.*"]), "a/c.pdf", false),
            (globs(&[], &[]), ".hidden/x", true),
        ];
        for (globs, path, selected) in cases {
            assert_eq!(globs.selects(path), selected, "{path}");
        }
    }

    #[test]
    fn a_bad_glob_is_pointed_at_where_it_is_bad() {
        let cases =
            [("a[b", 1, 1), ("a{b,{c}", 1, 1), ("ab}c", 2, 1), ("x[z-a]", 2, 3), ("ab\\", 2, 1)];
        for (glob, offset, length) in cases {
            let Err(DiscoverError::Glob { at, .. }) = Globs::new(&[], &[glob.to_owned()]) else {
                panic!("{glob} was taken");
            };
            assert_eq!((at.offset(), at.len()), (offset, length), "{glob}");
        }
    }
}
