//! Text that marked content gives in place of its glyphs (ISO 32000-2 §14.9.4): where the two differ, both are kept.

use super::bars::is_code;
use super::conclude::text_of;
use super::content::PageContent;
use super::geometry::{EMPTY, extend};
use super::interpret::{Drawn, Replacement};
use crate::model::{Block, DocumentBuilder, Part, PassageSpec, Place, Quad, Visibility};

/// How many replacements are kept for one file.
const MAX_REPLACED: usize = 100_000;

/// A longer text that holds an exemption code is a sentence about it.
const LONGEST_CODE: usize = 24;

/// The replacements that differ from what is drawn, until the passages are written.
#[derive(Default)]
pub(super) struct Replaced(Vec<(u32, Quad, Visibility, String)>);

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
            let visibility = if is_redacted(&drawn.content, one) {
                Visibility::Covered
            } else {
                Visibility::Stored
            };
            (drawn.content.number, around, visibility, one.text.clone())
        }));
    }

    /// Writes them as passages that are stored.
    pub(super) fn write(self, builder: &mut DocumentBuilder) {
        for (page, quad, visibility, text) in self.0 {
            let spec = PassageSpec {
                part: Part::AltText,
                visibility,
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

/// Whether a reader sees a redaction where the replacement stands: a cover, a row of filling characters, or a word that
/// says so.
fn is_redacted(content: &PageContent, replacement: &Replacement) -> bool {
    const WORDS: [&str; 6] = ["redacted", "redaction", "withheld", "deleted", "removed", "sealed"];
    let glyphs = content.glyphs.get(replacement.first as usize..replacement.end as usize);
    let glyphs = glyphs.unwrap_or_default();
    let drawn: String = glyphs.iter().map(|glyph| text_of(content, glyph)).collect();
    let inked = || glyphs.iter().filter(|glyph| !text_of(content, glyph).trim().is_empty());
    if inked().count() > 0 && inked().all(|glyph| glyph.visibility == Visibility::Covered) {
        return true;
    }
    let bare: String = drawn.chars().filter(|c| c.is_alphanumeric()).collect();
    let bare = bare.to_lowercase();
    let filling = |c: char| matches!(c, 'x' | 'X' | '*' | '_' | '\u{2588}' | '\u{25a0}');
    let mut marks = drawn.chars().filter(|c| !c.is_whitespace());
    let short: String = drawn.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    WORDS.contains(&bare.as_str())
        || short.len() <= LONGEST_CODE && is_code(&short)
        || drawn.trim().len() > 2 && marks.all(filling)
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

    #[test]
    fn what_stands_in_place_of_a_redaction_is_covered_text() {
        let cases = [
            ("([REDACTED])", "", Visibility::Covered),
            ("(XXXXXX)", "", Visibility::Covered),
            ("(\\(b\\)\\(6\\))", "", Visibility::Covered),
            ("(public)", "15 45 90 20 re f", Visibility::Covered),
            ("(public)", "", Visibility::Stored),
            ("()", "", Visibility::Stored),
        ];
        for (drawn, cover, expected) in cases {
            let drawn = draw_content(&format!(
                "/Span <</ActualText (secret)>> BDC BT /F 10 Tf 20 50 Td {drawn} Tj ET EMC {cover}",
            ));
            let mut replaced = Replaced::default();
            replaced.page(&drawn);
            assert_eq!(replaced.0.first().map(|one| one.2), Some(expected));
        }
    }
}
