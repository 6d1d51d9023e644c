//! From the glyphs of each page to words, lines and paragraphs in reading order.

use super::content::PageContent;
use crate::model::{DocumentBuilder, PassageSpec, Target};

/// Takes the pages one after another and writes their passages at the end.
#[derive(Default)]
pub(super) struct Layout {
    words: Vec<(u32, crate::model::Quad, String)>,
}

impl Layout {
    /// Nothing laid out yet.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Takes in the glyphs of the next page, in page order; the page can be dropped or reused afterwards.
    pub(super) fn page(&mut self, page: &PageContent) {
        for glyph in &page.glyphs {
            let start = glyph.start as usize;
            if let Some(text) = page.text.get(start..start + usize::from(glyph.len)) {
                self.words.push((page.number, glyph.quad, text.to_owned()));
            }
        }
    }

    /// Writes the passages of all pages: shown text first, page by page, what is hidden after it.
    pub(super) fn finish(self, builder: &mut DocumentBuilder) {
        let mut last = 0;
        for (page, quad, text) in self.words {
            if page != last {
                builder.begin(PassageSpec { page, ..PassageSpec::default() });
                last = page;
            }
            builder.push(&text, Target::Page { page, quad });
        }
        builder.end();
    }
}
