//! Opening a file: whatever state its header, cross-references and encryption are in, either there is a document
//! with pages or a notice that says why not. Never an empty document in silence.

use super::objects::Objects;
use super::pages::{self, Page};
use crate::model::{Notice, NoticeCode};
use crate::read::Budget;
use crate::read::budget::MAX_STREAM_BYTES;
use lopdf::{DecompressError, Document, Error, LoadOptions, Object};
use std::borrow::Cow;

/// The tail that gives lopdf a trailer where the file has none that is usable; its numbers are beyond those that
/// occur in practice.
const EMERGENCY_TAIL: &[u8] = b"\nendobj\n8388606 0 obj\n<</Type/Catalog/Pages 8388607 0 R>>\nendobj\n\
    8388607 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\ntrailer\n<</Root 8388606 0 R/Size 8388608>>\n";

/// A file that was opened.
pub(super) struct Opened {
    /// Its objects.
    pub(super) file: Document,
    /// What was lost on the way.
    pub(super) notices: Vec<Notice>,
}

/// Opens a file, or tells why that is impossible.
pub(super) fn open(bytes: &[u8], budget: &Budget) -> Result<Opened, Box<Notice>> {
    let bytes = with_header(bytes);
    let mut failure = None;
    for attempt in [Attempt::AsWritten, Attempt::Rebuilt, Attempt::WithoutTrailer] {
        if budget.is_over_time() {
            break;
        }
        let file = match attempt.load(&bytes) {
            Ok(file) => file,
            Err(error) => {
                failure.get_or_insert(refusal(&error));
                continue;
            }
        };
        if file.trailer.has(b"Encrypt") && file.encryption_state.is_none() {
            return Err(Box::new(encrypted()));
        }
        let (tree, loose, broken) = count_pages(&file, budget);
        if tree > 0 || (loose > 0 && matches!(attempt, Attempt::WithoutTrailer)) {
            let notices = attempt.notice(&file, tree == 0, broken).into_iter().collect();
            return Ok(Opened { file, notices });
        }
    }
    Err(Box::new(failure.unwrap_or_else(|| {
        Notice::blocking(NoticeCode::Damaged, "The file has no page that can be read.")
    })))
}

#[derive(Clone, Copy)]
enum Attempt {
    AsWritten,
    Rebuilt,
    WithoutTrailer,
}

impl Attempt {
    fn load(self, bytes: &[u8]) -> Result<Document, Error> {
        let options = LoadOptions {
            max_decompressed_size: usize::try_from(MAX_STREAM_BYTES).ok(),
            force_reconstruct: !matches!(self, Self::AsWritten),
            ..LoadOptions::default()
        };
        match self {
            Self::WithoutTrailer => {
                Document::load_mem_with_options(&[bytes, EMERGENCY_TAIL].concat(), options)
            }
            Self::AsWritten | Self::Rebuilt => Document::load_mem_with_options(bytes, options),
        }
    }

    fn notice(self, file: &Document, loose: bool, broken: bool) -> Option<Notice> {
        if loose || matches!(self, Self::WithoutTrailer) {
            return Some(Notice::blocking(
                NoticeCode::Damaged,
                "The page tree is lost; pages were read in the order in which they are stored.",
            ));
        }
        let repaired = matches!(self, Self::Rebuilt) || file.xref_recovery.is_some();
        // A page tree with a hole has a notice of its own, and it blocks.
        (repaired && !broken).then(|| {
            Notice::informing(
                NoticeCode::Damaged,
                "The cross-reference table was broken and has been rebuilt; every page was found.",
            )
        })
    }
}

/// lopdf insists on a header; other readers do not.
fn with_header(bytes: &[u8]) -> Cow<'_, [u8]> {
    let head = bytes.get(..1024).unwrap_or(bytes);
    if memchr::memmem::find(head, b"%PDF-").is_some() {
        Cow::Borrowed(bytes)
    } else {
        Cow::Owned([b"%PDF-1.4\n", bytes].concat())
    }
}

/// Pages of the page tree, pages outside it where it has none, and whether the tree has a hole.
fn count_pages(file: &Document, budget: &Budget) -> (usize, usize, bool) {
    let objects = Objects::new(file, budget);
    let tree = pages::tree(&objects);
    let loose = if tree.pages.is_empty() { pages::loose(&objects).len() } else { 0 };
    (tree.pages.len(), loose, tree.broken)
}

/// The pages of an opened file: those of its page tree, or else whatever pages it stores.
pub(super) fn pages_of<'o>(objects: &'o Objects<'o>) -> (Vec<Page<'o>>, Option<Notice>) {
    let tree = pages::tree(objects);
    if tree.pages.is_empty() {
        return (pages::loose(objects), None);
    }
    let notice = tree.broken.then(|| {
        Notice::blocking(
            NoticeCode::Damaged,
            "Part of the page tree is missing or runs in a circle.",
        )
    });
    (tree.pages, notice)
}

fn encrypted() -> Notice {
    Notice::blocking(NoticeCode::Encrypted, "The file is encrypted and needs a password.")
}

fn refusal(error: &Error) -> Notice {
    match error {
        Error::Decompress(DecompressError::MemoryLimitExceeded { .. }) => Notice::blocking(
            NoticeCode::OverBudget,
            "An object stream or cross-reference stream inflates beyond the limit.",
        ),
        Error::Decryption(_) | Error::InvalidPassword | Error::UnsupportedSecurityHandler(_) => {
            encrypted()
        }
        // An error's own words may quote the file.
        _ => Notice::blocking(NoticeCode::Damaged, "The file's structure cannot be read."),
    }
}

/// Whether an object is listed in the cross-reference table but could not be read.
pub(super) fn is_lost(file: &Document, object: &Object) -> bool {
    match object {
        Object::Reference(id) => {
            !file.objects.contains_key(id)
                && file
                    .reference_table
                    .get(id.0)
                    .is_some_and(|entry| entry.is_normal() || entry.is_compressed())
        }
        _ => false,
    }
}
