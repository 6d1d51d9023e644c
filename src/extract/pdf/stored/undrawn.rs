//! Pages and forms that a file keeps but never draws: removed pages, templates, appearances of other states.

use super::{Context, Sweep};
use crate::extract::pdf::content::PageContent;
use crate::extract::pdf::interpret::{self, Session};
use crate::extract::pdf::pages::{self, Page};
use crate::model::Part;
use lopdf::{Dictionary, Object};
use std::collections::HashSet;

/// How many pages and forms that are not drawn are read.
const MAX_UNDRAWN: usize = 2_000;

impl<'o> Sweep<'o> {
    /// Reads the text of pages outside the page tree and of forms that nothing drew.
    pub(super) fn undrawn(&mut self, session: &mut Session<'o>, drawn: &[Page<'o>]) {
        let known: HashSet<*const Dictionary> =
            drawn.iter().map(|page| std::ptr::from_ref(page.dictionary)).collect();
        let loose = pages::loose(self.objects);
        let lost =
            loose.iter().filter(|page| !known.contains(&std::ptr::from_ref(page.dictionary)));
        for page in lost.take(MAX_UNDRAWN) {
            if self.objects.budget.is_over_time() {
                return;
            }
            let text = plain_text(&interpret::page(session, page, 0).content);
            self.found_undrawn(self.number_of(page.dictionary), b"page", text);
        }
        self.undrawn_forms(session);
    }

    fn undrawn_forms(&mut self, session: &mut Session<'o>) {
        let objects = self.objects;
        let forms = objects.file.objects.iter().filter_map(|(id, object)| match object {
            Object::Stream(form) if objects.name(&form.dict, b"Subtype") == Some(b"Form") => {
                Some((id.0, form))
            }
            _ => None,
        });
        for (number, form) in forms.take(MAX_UNDRAWN) {
            if session.has_drawn(form) {
                continue;
            }
            if objects.budget.is_over_time() {
                return;
            }
            let text = plain_text(&interpret::form(session, form).content);
            self.found_undrawn(number, b"form", text);
        }
    }

    fn number_of(&self, dictionary: &Dictionary) -> u32 {
        let found = self.objects.file.objects.iter().find(|(_, object)| {
            matches!(object, Object::Dictionary(one) if std::ptr::eq(one, dictionary))
        });
        found.map_or(0, |(id, _)| id.0)
    }

    fn found_undrawn(&mut self, number: u32, what: &[u8], text: String) {
        if super::is_legible(&text) {
            let context = Context {
                id: (number, 0),
                kind: super::Kind::Undrawn,
                key: what,
                spot: None,
                choices: &[],
                depth: 0,
            };
            self.push(Part::Other, context, text);
        }
    }
}

/// The text of a page in the order in which it is drawn: a line for each base line, a blank between strings that
/// stand apart. Good enough to be searched and compared.
pub(in crate::extract::pdf) fn plain_text(content: &PageContent) -> String {
    let mut text = String::with_capacity(content.text.len().saturating_mul(5) / 4);
    let mut end: Option<([f32; 2], f32)> = None;
    for glyph in &content.glyphs {
        let [x, y] = glyph.origin;
        let [dx, dy] = glyph.direction;
        if let Some(([ex, ey], size)) = end {
            let (along, across) = ((x - ex) * dx + (y - ey) * dy, (y - ey) * dx - (x - ex) * dy);
            if across.abs() > 0.5 * size {
                text.push('\n');
            } else if along > 0.2 * size || along < -0.5 * size {
                text.push(' ');
            }
        }
        let bytes = glyph.start as usize..glyph.start.saturating_add(u32::from(glyph.len)) as usize;
        text.push_str(content.text.get(bytes).unwrap_or_default());
        end = Some(([x + dx * glyph.advance, y + dy * glyph.advance], glyph.size));
    }
    text
}
