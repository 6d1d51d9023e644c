//! Walking folders: hidden files are files, no ignore file is obeyed, links are followed only inside the PATH.

use super::{DiscoverError, Discovery, Entry, Extent, PackageSite, Root};
use crate::model::{Address, Notice, NoticeCode, hexadecimal};
use crate::read::budget::MAX_LINKED_FOLDERS;
use std::ffi::{OsStr, OsString};
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// A name in a folder, however the folder is reached. A link to the file and another name of its bytes are other names:
/// what goes out under them has to be judged.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// Without links.
    folder: PathBuf,
    name: OsString,
}

impl Named {
    pub(super) fn of(path: &Path) -> Option<Self> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = fs::canonicalize(folder.unwrap_or(Path::new("."))).ok()?;
        Some(Self { folder, name: path.file_name()?.to_owned() })
    }

    /// Whether a path leads to it. Most names are others, which needs no look at the disk.
    fn is(&self, path: &Path) -> bool {
        path.file_name() == Some(self.name.as_os_str()) && Self::of(path).as_ref() == Some(self)
    }
}

/// Lists the packages of a root. A linked folder at or above the package depth is one package.
pub(super) fn sites(
    root: &Root,
    index: usize,
    depth: usize,
    sites: &mut Vec<PackageSite>,
) -> Result<(), DiscoverError> {
    let unreadable = |reason| DiscoverError::Root { path: root.path.display().to_string(), reason };
    let metadata = fs::metadata(&root.path).map_err(unreadable)?;
    let name = root.path.to_string_lossy().into_owned();
    let site = |name: String, folder: &Path, below: String, extent| PackageSite {
        name,
        root: index,
        folder: folder.to_owned(),
        below,
        extent,
    };
    if !metadata.is_dir() {
        sites.push(site(name, &root.path, String::new(), Extent::File));
        return Ok(());
    }
    let extent = if depth == 0 { Extent::Deep } else { Extent::Shallow };
    sites.push(site(name.clone(), &root.path, String::new(), extent));
    if depth == 0 {
        return Ok(());
    }
    let stem = name.trim_end_matches('/');
    let folders = WalkDir::new(&root.path).min_depth(1).max_depth(depth);
    for entry in folders.into_iter().filter_map(Result::ok) {
        let linked = entry.file_type().is_symlink() && is_folder_inside(root, entry.path());
        if !(entry.file_type().is_dir() || linked) {
            continue;
        }
        let below = relative(&root.path, entry.path());
        let extent = if entry.depth() == depth || linked { Extent::Deep } else { Extent::Shallow };
        sites.push(site(format!("{stem}/{below}"), entry.path(), below, extent));
    }
    Ok(())
}

fn is_folder_inside(root: &Root, path: &Path) -> bool {
    let loops = |real: &Path| {
        path.parent().and_then(|p| fs::canonicalize(p).ok()).is_some_and(|p| p.starts_with(real))
    };
    fs::canonicalize(path)
        .is_ok_and(|real| real.is_dir() && real.starts_with(&root.real) && !loops(&real))
}

/// One walk over one package.
pub(super) struct Walk<'a> {
    discovery: &'a Discovery,
    root: &'a Root,
    site: &'a PackageSite,
    entries: Vec<Entry>,
    folders: Vec<Folder>,
    linked: usize,
}

/// A folder still to be walked.
#[derive(Default)]
struct Folder {
    path: PathBuf,
    /// Its path below the package's root.
    below: String,
    /// The folders, without links, that hold the links that led here.
    trail: Vec<PathBuf>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(discovery: &'a Discovery, root: &'a Root, site: &'a PackageSite) -> Self {
        Self { discovery, root, site, entries: Vec::new(), folders: Vec::new(), linked: 0 }
    }

    /// Everything in the package, in no particular order.
    pub(super) fn entries(mut self) -> Vec<Entry> {
        if self.site.extent == Extent::File {
            let name = self.site.folder.file_name().unwrap_or(self.site.folder.as_os_str());
            let address = readable(name);
            match fs::metadata(&self.site.folder) {
                Ok(metadata) => self.take(&self.site.folder, address, metadata.file_type()),
                Err(error) => self.unread(&address, &error),
            }
            return self.entries;
        }
        self.folders.push(Folder { path: self.site.folder.clone(), ..Folder::default() });
        while let Some(folder) = self.folders.pop() {
            self.walk(&folder);
        }
        self.entries
    }

    fn walk(&mut self, folder: &Folder) {
        let depth = if self.site.extent == Extent::Shallow { 1 } else { usize::MAX };
        for entry in WalkDir::new(&folder.path).min_depth(1).max_depth(depth) {
            match entry {
                Ok(entry) => {
                    let (path, kind) = (entry.path(), entry.file_type());
                    let address = join(&folder.below, &relative(&folder.path, path));
                    if kind.is_symlink() {
                        self.follow(folder, path, address);
                    } else if !kind.is_dir() {
                        self.take(path, address, kind);
                    }
                }
                Err(error) => {
                    let at = error.path().map(|path| relative(&folder.path, path));
                    self.unlisted(&join(&folder.below, &at.unwrap_or_default()), error.io_error());
                }
            }
        }
    }

    fn follow(&mut self, folder: &Folder, path: &Path, address: String) {
        let real = match fs::canonicalize(path) {
            Ok(real) => real,
            Err(error) => return self.unread(&address, &error),
        };
        if !real.starts_with(&self.root.real) {
            return self.refuse(
                &address,
                "The link leads out of the folder being checked; it was not followed.",
            );
        }
        match fs::metadata(&real) {
            Ok(metadata) if metadata.is_dir() => self.follow_folder(folder, path, &real, address),
            Ok(metadata) => self.take(path, address, metadata.file_type()),
            Err(error) => self.unread(&address, &error),
        }
    }

    fn follow_folder(&mut self, folder: &Folder, path: &Path, real: &Path, address: String) {
        let mut trail = folder.trail.clone();
        trail.extend(path.parent().and_then(|parent| fs::canonicalize(parent).ok()));
        if trail.iter().any(|holder| holder.starts_with(real)) {
            return self.refuse(
                &address,
                "The link leads back to a folder around it; it was not followed.",
            );
        }
        // Such a folder is a package of its own.
        if self.site.extent == Extent::Shallow {
            return;
        }
        self.linked += 1;
        if self.linked > MAX_LINKED_FOLDERS {
            return self.refuse(
                &address,
                "There are too many links to folders; this one was not followed.",
            );
        }
        // The last slash makes walkdir enter the target instead of stopping at the link.
        self.folders.push(Folder { path: path.join(""), below: address, trail });
    }

    fn take(&mut self, path: &Path, address: String, kind: FileType) {
        if self.discovery.own.iter().any(|own| own.is(path)) {
            return;
        }
        let below_root = join(&self.site.below, &address);
        let listed = self.discovery.listed.as_ref().is_none_or(|listed| listed.names(path));
        if !listed || !self.discovery.globs.selects(&below_root) {
            self.entries.push(Entry::Excluded(Address::new(address)));
        } else if kind.is_file() {
            self.entries
                .push(Entry::File { address: Address::new(address), path: path.to_owned() });
        } else {
            self.refuse(
                &address,
                "This is not a regular file but a pipe, socket or device; it was not opened.",
            );
        }
    }

    fn unread(&mut self, address: &str, error: &io::Error) {
        self.refuse(address, &format!("It cannot be read: {}.", error.kind()));
    }

    fn unlisted(&mut self, address: &str, error: Option<&io::Error>) {
        let reason =
            error.map_or_else(|| "unknown error".to_owned(), |error| error.kind().to_string());
        let message = format!("The folder cannot be listed: {reason}.");
        self.entries.push(Entry::Unlisted(notice(address, &message)));
    }

    fn refuse(&mut self, address: &str, message: &str) {
        self.entries.push(Entry::Unread(notice(address, message)));
    }
}

fn notice(address: &str, message: &str) -> Notice {
    Notice { artifact: Address::new(address), ..Notice::blocking(NoticeCode::Io, message) }
}

fn join(folder: &str, name: &str) -> String {
    match (folder.is_empty(), name.is_empty()) {
        (true, _) => name.to_owned(),
        (false, true) => folder.to_owned(),
        (false, false) => format!("{folder}/{name}"),
    }
}

/// `path` below `folder`, `/` between names.
fn relative(folder: &Path, path: &Path) -> String {
    let below = path.strip_prefix(folder).unwrap_or(path);
    below.iter().map(readable).fold(String::new(), |path, name| join(&path, &name))
}

/// A file name as text; bytes that are no UTF-8 are written `\xNN`, so that two names never become one.
fn readable(name: &OsStr) -> String {
    name.as_encoded_bytes().utf8_chunks().fold(String::new(), |mut text, chunk| {
        text.push_str(chunk.valid());
        text.extend(
            chunk.invalid().iter().flat_map(|byte| ["\\x".to_owned(), hexadecimal(&[*byte])]),
        );
        text
    })
}
