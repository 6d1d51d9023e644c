//! Reading marked originals: the register of their exempt passages; and the list of a package's files.

use super::artifact::{Task, read_artifacts};
use super::lookouts::is_marked;
use crate::discover::{DiscoverError, Discovery, Entry, Selection};
use crate::model::{Document, Notice, SensitiveText};
use crate::register::{Builder, Key, Register};
use crate::rules::{Ruleset, Scratch};
use std::ops::Range;

/// The files of a selection that would be judged, in order, and what cannot be read or was left out.
pub fn files(selection: &Selection) -> Result<(Vec<Task>, Vec<Notice>), DiscoverError> {
    let discovery = Discovery::new(selection)?;
    let (mut files, mut unread) = (Vec::new(), Vec::new());
    for site in discovery.sites() {
        for entry in discovery.entries(site) {
            match entry {
                Entry::File { address, path } => files.push(Task::new(address, path)),
                Entry::Excluded(_) => {}
                Entry::Unread(notice) | Entry::Unlisted(notice) => unread.push(notice),
            }
        }
    }
    Ok((files, unread))
}

/// Registers the marked passages of the originals in a selection. The notices tell what could not be read in full:
/// a register that lacks a passage does not find it.
pub fn register(
    selection: &Selection,
    key: Key,
    ruleset: &Ruleset,
) -> Result<(Register, Vec<Notice>), DiscoverError> {
    let (files, mut notices) = files(selection)?;
    let (mut builder, mut scratch) = (Builder::new(key), Scratch::default());
    for task in &files {
        read_artifacts(task, |mut read| {
            notices.append(&mut read.notices);
            let mut marked = Vec::new();
            for document in &read.documents {
                marked.extend(
                    passages(document, ruleset, &mut scratch).into_iter().map(|(_, text)| text),
                );
            }
            if !marked.is_empty() {
                let texts: Vec<&str> = marked.iter().map(SensitiveText::reveal).collect();
                let digest = digest(&read.artifact.digest);
                builder.record(&read.artifact.address.to_string(), digest, &texts);
            }
        });
    }
    for task in &files {
        read_artifacts(task, |read| {
            for document in &read.documents {
                let marked = passages(document, ruleset, &mut scratch);
                let ranges: Vec<_> = marked.into_iter().map(|(range, _)| range).collect();
                builder.clear_text(document, &ranges);
            }
        });
    }
    notices.retain(|notice| notice.blocking);
    Ok((builder.finish(), notices))
}

/// The passages of a document that are marked (E), in reading order.
fn passages(
    document: &Document,
    ruleset: &Ruleset,
    scratch: &mut Scratch,
) -> Vec<(Range<usize>, SensitiveText)> {
    let hits = ruleset.check(document, scratch).hits;
    let marked = hits.into_iter().filter(is_marked);
    marked.map(|hit| (hit.range, hit.evidence.unwrap_or_default())).collect()
}

/// The passages of one document that are marked (E), in reading order.
pub fn marked_passages(
    document: &Document,
    ruleset: &Ruleset,
) -> Vec<(Range<usize>, SensitiveText)> {
    passages(document, ruleset, &mut Scratch::default())
}

/// The bytes of a digest as reports write it.
fn digest(written: &str) -> [u8; 32] {
    let digits = written.strip_prefix("sha256:").unwrap_or_default();
    std::array::from_fn(|at| {
        digits
            .get(2 * at..2 * at + 2)
            .and_then(|pair| u8::from_str_radix(pair, 16).ok())
            .unwrap_or_default()
    })
}

/// The name by which a record is known, wherever its folder.
pub(super) fn base_name(address: &str) -> &str {
    address.rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Address;

    #[test]
    fn a_digest_is_read_back_and_a_record_goes_by_its_own_name() {
        let bytes = digest(&format!("sha256:{}ff", "00".repeat(31)));
        assert_eq!((bytes[0], bytes[31]), (0, 255));
        assert_eq!(base_name(&Address::new("a/b.zip").member("roi.pdf").to_string()), "roi.pdf");
    }
}
