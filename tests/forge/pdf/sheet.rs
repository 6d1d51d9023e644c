//! One page, put together by hand: for files that do one thing that ordinary ones do not.

use super::{Pdf, Storage, packed};
use std::fmt::Write as _;

/// A document of one page; more objects and pages can be added to `pdf`.
#[derive(Default)]
pub(crate) struct Sheet {
    /// The objects beside the page itself.
    pub(crate) pdf: Pdf,
    root: usize,
    tree: usize,
    page: usize,
    /// Entries of the resource dictionary.
    pub(crate) resources: String,
    /// More entries of the page.
    pub(crate) page_entries: String,
    /// More entries of the catalogue.
    pub(crate) root_entries: String,
    /// Numbers of annotations.
    pub(crate) annotations: Vec<usize>,
    /// Numbers of further pages.
    pub(crate) more_pages: Vec<usize>,
    /// What the page draws.
    pub(crate) content: Vec<u8>,
    /// `/MediaBox` and its kin.
    pub(crate) boxes: &'static str,
}

impl Sheet {
    /// An empty letter page.
    pub(crate) fn new() -> Self {
        let mut pdf = Pdf::default();
        let (root, tree, page) = (pdf.reserve(), pdf.reserve(), pdf.reserve());
        Self { pdf, root, tree, page, boxes: "/MediaBox [0 0 612 792]", ..Self::default() }
    }

    /// The number of the page's object.
    pub(crate) fn page(&self) -> usize {
        self.page
    }

    /// The number of the page tree's root.
    pub(crate) fn tree(&self) -> usize {
        self.tree
    }

    /// Adds operators to the page.
    pub(crate) fn draw(&mut self, operators: impl AsRef<[u8]>) {
        self.content.extend_from_slice(operators.as_ref());
        self.content.push(b'\n');
    }

    /// The file.
    pub(crate) fn finish(mut self, storage: Storage) -> Vec<u8> {
        let content = self.pdf.add(packed("", &self.content));
        self.finish_with(content, storage)
    }

    /// The file, with object `content` as the page's content.
    pub(crate) fn finish_with(mut self, content: usize, storage: Storage) -> Vec<u8> {
        let annotations = references(&self.annotations);
        let annots =
            if annotations.is_empty() { String::new() } else { format!("/Annots [{annotations}]") };
        self.pdf.set(
            self.page,
            format!(
                "<< /Type /Page /Parent {} 0 R {} /Resources << {} >> /Contents {content} 0 R {annots} {} >>",
                self.tree, self.boxes, self.resources, self.page_entries
            ),
        );
        let kids = references(&[&[self.page][..], &self.more_pages].concat());
        let count = 1 + self.more_pages.len();
        self.pdf.set(self.tree, format!("<< /Type /Pages /Kids [{kids}] /Count {count} >>"));
        self.pdf.set(
            self.root,
            format!("<< /Type /Catalog /Pages {} 0 R {} >>", self.tree, self.root_entries),
        );
        self.pdf.finish(self.root, storage)
    }
}

/// Indirect references, for arrays.
pub(crate) fn references(numbers: &[usize]) -> String {
    numbers.iter().fold(String::new(), |mut out, number| {
        let _ = write!(out, "{number} 0 R ");
        out
    })
}
