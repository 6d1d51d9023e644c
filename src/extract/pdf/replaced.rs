//! Text that marked content gives in place of its glyphs (ISO 32000-2 §14.9.4): where the two differ, both are kept.

use super::content::PageContent;
use super::geometry::{EMPTY, extend};
use super::interpret::{Drawn, Replacement};
use crate::model::{Block, DocumentBuilder, Part, PassageSpec, Place, Quad, Visibility};

/// How many replacements are kept for one file.
const MAX_REPLACED: usize = 100_000;

/// The replacements that differ from what is drawn, until the passages are written.
#[derive(Default)]
pub(super) struct Replaced(Vec<(u32, Quad, String)>);

impl Replaced {
    /// Takes in the replacements of a page.
    pub(super) fn page(&mut self, drawn: &Drawn) {
        let room = MAX_REPLACED.saturating_sub(self.0.len());
        let differing = drawn.replacements.iter().filter(|one| differs(&drawn.content, one));
        self.0.extend(differing.take(room).map(|one| {
            let mut around = EMPTY;
            let glyphs = drawn.content.glyphs.get(one.first as usize..one.end as usize);
            for glyph in glyphs.unwrap_or_default() {
                let Quad([x0, y0, x1, y1]) = glyph.quad;
                extend(&mut around, [x0, y0]);
                extend(&mut around, [x1, y1]);
            }
            (drawn.content.number, around, one.text.clone())
        }));
    }

    /// Writes them as passages that are stored.
    pub(super) fn write(self, builder: &mut DocumentBuilder) {
        for (page, quad, text) in self.0 {
            let spec = PassageSpec {
                part: Part::AltText,
                visibility: Visibility::Stored,
                block: Block::Line,
                page,
                ..PassageSpec::default()
            };
            let quads = if quad == EMPTY { Vec::new() } else { vec![quad] };
            builder.property(spec, Place::Page { page, quads }, &text);
        }
    }
}

/// Whether a replacement says anything else than its glyphs; blanks and hyphens at line ends do not count.
fn differs(content: &PageContent, replacement: &Replacement) -> bool {
    let glyphs = content.glyphs.get(replacement.first as usize..replacement.end as usize);
    let drawn = glyphs.unwrap_or_default().iter().flat_map(|glyph| {
        let bytes = glyph.start as usize..glyph.start.saturating_add(u32::from(glyph.len)) as usize;
        content.text.get(bytes).unwrap_or_default().chars()
    });
    let counts = |c: &char| c.is_alphanumeric();
    let said = replacement.text.chars();
    !drawn.filter(counts).eq(said.filter(counts))
}

#[cfg(test)]
mod tests {
    use super::super::testing::draw_content;
    use super::*;

    #[test]
    fn only_text_that_differs_from_the_glyphs_is_kept() {
        let drawn = draw_content(
            "/Span <</ActualText (secret)>> BDC BT /F 10 Tf 20 50 Td (public) Tj ET EMC \
             /Span <</ActualText (same)>> BDC BT /F 10 Tf 20 30 Td (sa me) Tj ET EMC",
        );
        let mut replaced = Replaced::default();
        replaced.page(&drawn);
        let mut builder = DocumentBuilder::new();
        replaced.write(&mut builder);
        let document = builder.finish();
        let texts: Vec<_> = document.passages().map(|one| one.text()).collect();
        assert_eq!(texts, ["secret"]);
    }
}
