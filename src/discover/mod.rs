//! From the command line's PATHs to packages and the addresses of their artifacts.
//!
//! The folders that form packages are listed first; the files of a package only when it is its turn, so that a run
//! over millions of files holds one listing at a time.

mod globs;
mod listed;
mod walk;

use crate::model::{Address, Notice};
use globs::Globs;
use listed::Listed;
use miette::{Diagnostic, SourceSpan};
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Which files are to be judged, and how they form packages.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Files and folders, as given.
    pub roots: Vec<PathBuf>,
    /// How many levels below a root its packages lie; 0: the root is the package.
    pub package_depth: usize,
    /// Only files that match one of these; all where there are none.
    pub include: Vec<String>,
    /// Not the files that match one of these, whatever `include` says.
    pub exclude: Vec<String>,
    /// A list of files, one a line (or separated by NUL).
    pub listed: Option<FileList>,
    /// Files that belong to the run itself (reports, rulesets, manifests): never artifacts, wherever they lie.
    pub own_files: Vec<PathBuf>,
}

/// The content of `--files-from`.
#[derive(Clone, Debug)]
pub struct FileList {
    /// What to call it in a diagnostic.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A package, before its files are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PackageSite {
    /// The root as given, with the folders below it.
    pub name: String,
    /// Which root it belongs to.
    pub root: usize,
    /// Where it lies.
    pub folder: PathBuf,
    /// Below the root, `/` between folders; empty for the root itself.
    below: String,
    extent: Extent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    /// The root is a file, and the package that file.
    File,
    /// The files of the folder, but none of the folders in it.
    Shallow,
    /// Everything below the folder.
    Deep,
}

/// One file of a package.
#[derive(Debug)]
pub(crate) enum Entry {
    /// To be judged.
    File {
        /// Below the package's root.
        address: Address,
        /// Where the file lies.
        path: PathBuf,
    },
    /// Left out by the caller.
    Excluded(Address),
    /// A file that cannot be read, and why; the notice carries its address.
    Unread(Notice),
    /// A folder that cannot be read, and why.
    Unlisted(Notice),
}

/// Where packages and their files come from.
pub(crate) struct Discovery {
    roots: Vec<Root>,
    sites: Vec<PackageSite>,
    globs: Globs,
    listed: Option<Listed>,
    own: Vec<walk::Named>,
}

/// A PATH.
#[derive(Debug)]
struct Root {
    path: PathBuf,
    /// Without links; a link must not lead out of it.
    real: PathBuf,
}

/// Why nothing could be judged. The caller's to mend.
#[derive(Debug, Error, Diagnostic)]
pub enum DiscoverError {
    /// No PATH at all.
    #[error("there is nothing to check: neither a PATH nor --files-from names a file")]
    #[diagnostic(
        code(obstat::discover::no_path),
        help("Name the folder or file that is to go out: `obstat check PATH`.")
    )]
    NoPath,
    /// A PATH that is not there, or must not be read.
    #[error("cannot read {path}: {reason}")]
    #[diagnostic(
        code(obstat::discover::no_root),
        help("Check the spelling and the permissions of the path; nothing was judged.")
    )]
    Root {
        /// As given.
        path: String,
        /// What the system says.
        reason: io::Error,
    },
    /// A glob that means nothing.
    #[error("bad glob: {reason}")]
    #[diagnostic(
        code(obstat::discover::bad_glob),
        help(
            "`*` and `?` stay inside a folder name, `**` passes through folders, `[a-z]` and `{{a,b}}` choose; put a backslash before a sign that stands for itself."
        )
    )]
    Glob {
        /// What is wrong with it.
        reason: String,
        /// The glob.
        #[source_code]
        glob: miette::NamedSource<String>,
        /// Where in it.
        #[label("{reason}")]
        at: SourceSpan,
    },
    /// A line of `--files-from` that names no file of any PATH.
    #[error("line {line} of {list} names no file inside the PATHs given: {path}")]
    #[diagnostic(
        code(obstat::discover::bad_list),
        help(
            "Every line names a file, relative to the current folder or to a PATH; correct the list or the PATHs."
        )
    )]
    Listed {
        /// What the list is called.
        list: String,
        /// From 1.
        line: usize,
        /// What stands there.
        path: String,
    },
    /// A PATH without a file to judge.
    #[error("nothing to judge in {path}: {reason}")]
    #[diagnostic(
        code(obstat::discover::nothing),
        help("An empty answer is not a clear one: check the PATH and the globs.")
    )]
    Nothing {
        /// As given.
        path: String,
        /// Empty, or everything excluded.
        reason: &'static str,
    },
}

impl Discovery {
    /// Lists the packages. Reads folders only down to the package depth.
    pub(crate) fn new(selection: &Selection) -> Result<Self, DiscoverError> {
        let globs = Globs::new(&selection.include, &selection.exclude)?;
        let mut paths = selection.roots.clone();
        let mut listed = None;
        if let Some(list) = &selection.listed {
            if paths.is_empty() {
                paths = listed::paths(&list.bytes);
            } else {
                listed = Some(Listed::new(list, &paths)?);
            }
        }
        if paths.is_empty() {
            return Err(DiscoverError::NoPath);
        }
        paths.sort_by(|a, b| a.as_os_str().cmp(b.as_os_str()));
        paths.dedup();
        let mut sites = Vec::new();
        let mut roots = Vec::with_capacity(paths.len());
        for path in paths {
            let root = Root::new(path)?;
            walk::sites(&root, roots.len(), selection.package_depth, &mut sites)?;
            roots.push(root);
        }
        sites.sort_by(|a, b| (&a.name, a.root).cmp(&(&b.name, b.root)));
        let own = selection.own_files.iter().filter_map(|path| walk::Named::of(path)).collect();
        Ok(Self { roots, sites, globs, listed, own })
    }

    /// The packages, in path order.
    pub(crate) fn sites(&self) -> &[PackageSite] {
        &self.sites
    }

    /// The files of a package, in address order.
    pub(crate) fn entries(&self, site: &PackageSite) -> Vec<Entry> {
        let Some(root) = self.roots.get(site.root) else { return Vec::new() };
        let mut entries = walk::Walk::new(self, root, site).entries();
        entries.sort_by(|a, b| a.address().cmp(b.address()));
        entries
    }

    /// The error for a root in which nothing was judged.
    pub(crate) fn nothing(&self, root: usize, any_excluded: bool) -> DiscoverError {
        let path = self.roots.get(root).map(|root| root.path.to_string_lossy().into_owned());
        DiscoverError::Nothing {
            path: path.unwrap_or_default(),
            reason: if any_excluded { "every file is excluded" } else { "there is no file in it" },
        }
    }
}

impl PackageSite {
    /// Whether it is a folder above the package depth: without files of its own it is no package.
    pub(crate) fn is_above(&self) -> bool {
        self.extent == Extent::Shallow
    }
}

impl Root {
    fn new(path: PathBuf) -> Result<Self, DiscoverError> {
        let real = match std::fs::canonicalize(&path) {
            Ok(real) => real,
            Err(reason) => {
                return Err(DiscoverError::Root { path: path.display().to_string(), reason });
            }
        };
        Ok(Self { path, real })
    }
}

impl Entry {
    /// Where it lies below the package's root.
    pub(crate) fn address(&self) -> &Address {
        match self {
            Self::File { address, .. } | Self::Excluded(address) => address,
            Self::Unread(notice) | Self::Unlisted(notice) => &notice.artifact,
        }
    }
}

#[cfg(test)]
mod tests;
