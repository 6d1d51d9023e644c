//! Earlier revisions: a file that was saved incrementally still holds everything it held before
//! (ISO 32000-2 §7.5.6).

use super::interpret::{self, Session};
use super::objects::Objects;
use super::stored::{self, plain_text};
use super::{open, pages};
use crate::model::{
    Block, DocumentBuilder, Notice, NoticeCode, Part, PassageSpec, Place, Visibility,
};
use crate::read::Budget;
use std::collections::HashSet;

/// How many earlier revisions are read, latest first.
const MAX_REVISIONS: usize = 8;

/// What the last revision says, to compare earlier ones with.
#[derive(Default)]
pub(super) struct Latest {
    ends: Vec<usize>,
    lines: HashSet<String>,
}

impl Latest {
    /// Looks for the ends of earlier revisions.
    pub(super) fn new(bytes: &[u8], linearized: bool) -> Self {
        let mut ends: Vec<usize> = memchr::memmem::find_iter(bytes, b"%%EOF")
            .map(|at| at.saturating_add(5))
            .filter(|&end| {
                let before = bytes.get(end.saturating_sub(64)..end).unwrap_or_default();
                memchr::memmem::find(before, b"startxref").is_some()
            })
            .collect();
        // The last end is that of the file as it is; a linearized file has one more, behind its first page.
        ends.pop();
        if linearized && !ends.is_empty() {
            ends.remove(0);
        }
        Self { ends, lines: HashSet::new() }
    }

    /// Whether there is anything to compare.
    pub(super) fn has_earlier(&self) -> bool {
        !self.ends.is_empty()
    }

    /// Takes in text of the last revision.
    pub(super) fn add(&mut self, text: &str) {
        self.lines.extend(text.lines().map(normal));
    }

    /// Writes what earlier revisions say and the last does not.
    pub(super) fn write_earlier(
        mut self,
        bytes: &[u8],
        budget: &Budget,
        builder: &mut DocumentBuilder,
    ) -> Vec<Notice> {
        let mut notices = Vec::new();
        let count = self.ends.len();
        if count > MAX_REVISIONS {
            notices.push(Notice::blocking(
                NoticeCode::OverBudget,
                "The file has more earlier revisions than the budget allows.",
            ));
        }
        let ends = std::mem::take(&mut self.ends);
        for (index, &end) in ends.iter().enumerate().rev().take(MAX_REVISIONS) {
            if budget.is_over_time() {
                notices.push(Notice::blocking(
                    NoticeCode::OverBudget,
                    "Time ran out before the earlier revisions were read.",
                ));
                break;
            }
            let revision = bytes.get(..end).unwrap_or_default();
            // A slice that cannot be opened by itself is no revision: its objects are swept with the file.
            if let Ok(opened) = open::open(revision, budget) {
                self.revision(index.saturating_add(1), &opened, budget, builder);
            }
        }
        notices
    }

    fn revision(
        &mut self,
        number: usize,
        opened: &open::Opened,
        budget: &Budget,
        builder: &mut DocumentBuilder,
    ) {
        let objects = Objects::new(&opened.file, budget);
        let pages: Vec<pages::Page<'_>> = open::pages_of(&objects).0;
        let mut session = Session::new(&objects);
        for (page, one) in (1..).zip(&pages) {
            if budget.is_over_time() {
                return;
            }
            let drawn = interpret::page(&mut session, one, page);
            let text = self.only_here(&plain_text(&drawn.content));
            write(builder, Part::Other, format!("revision {number} page {page}"), &text);
            session.recycle(drawn);
        }
        for (part, name, text) in stored::strings(&objects, &pages) {
            let text = self.only_here(&text);
            write(builder, part, format!("revision {number} {name}"), &text);
        }
    }

    /// The lines that the last revision does not have; each is told once.
    fn only_here(&mut self, text: &str) -> String {
        let new = |line: &&str| !line.trim().is_empty() && self.lines.insert(normal(line));
        text.lines().filter(new).collect::<Vec<_>>().join("\n")
    }
}

fn write(builder: &mut DocumentBuilder, part: Part, property: String, text: &str) {
    let spec = PassageSpec {
        part,
        visibility: Visibility::Stored,
        block: Block::Line,
        ..PassageSpec::default()
    };
    builder.property(spec, Place::Property { property }, text);
}

/// A line without what tells nothing: the blanks that differ from one drawing to the next, and its capitals.
fn normal(line: &str) -> String {
    line.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Extractor as _;
    use crate::extract::pdf::Pdf;
    use crate::extract::pdf::testing::file;
    use lopdf::{Dictionary, Object, Stream};

    #[test]
    fn text_that_an_update_removed_is_still_read() {
        let before = "BT /F 10 Tf 20 50 Td (kept) Tj 0 -20 Td (removed name) Tj ET";
        let mut first = file(before, &Dictionary::new(), &Dictionary::new(), Vec::new());
        let mut bytes = Vec::new();
        first.save_to(&mut bytes).unwrap();
        let mut update = lopdf::IncrementalDocument::create_from(
            bytes.clone(),
            lopdf::Document::load_mem(&bytes).unwrap(),
        );
        let after = b"BT /F 10 Tf 20 50 Td (kept) Tj ET".to_vec();
        update
            .new_document
            .objects
            .insert((4, 0), Object::Stream(Stream::new(Dictionary::new(), after)));
        let mut updated = Vec::new();
        update.save_to(&mut updated).unwrap();
        let read = |bytes: &[u8]| {
            let document = Pdf.extract(bytes, &Budget::default()).value;
            let earlier = document.passages().filter(|one| one.visibility() == Visibility::Stored);
            earlier.map(|one| one.text().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(read(&bytes), Vec::<String>::new());
        assert_eq!(read(&updated), ["removed name"]);
    }
}
