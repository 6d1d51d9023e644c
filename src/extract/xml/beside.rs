//! What stands beside the text: comments, processing instructions, the XML declaration, the document type.

use super::chars::{is_name, is_white};
use super::dtd::PieceKind;
use super::flow::Origin;
use super::reading::{NONE, Reading};
use crate::model::{Notice, NoticeCode, Part, PassageSpec, Visibility};

impl<'a> Reading<'a> {
    pub(super) fn comment_event(&mut self, raw: &'a str, origin: Origin) {
        let text = raw.get(4..raw.len().saturating_sub(3)).unwrap_or_default();
        if text.ends_with('-') || memchr::memmem::find(text.as_bytes(), b"--").is_some() {
            self.damaged(origin.start(), "a comment holds a double hyphen");
        }
        self.aside("comment()", 0, Part::Comment, text, origin.skip(4));
    }

    pub(super) fn instruction_event(&mut self, raw: &'a str, origin: Origin) {
        let text = raw.get(2..raw.len().saturating_sub(2)).unwrap_or_default();
        let end = text.bytes().position(is_white).unwrap_or(text.len());
        let target = text.get(..end).unwrap_or_default();
        if !is_name(target) || target.contains(':') {
            self.damaged(origin.start(), "the target of a processing instruction is malformed");
        } else if target.eq_ignore_ascii_case("xml") {
            self.damaged(origin.start(), "a processing instruction is named xml");
        }
        self.aside("processing-instruction()", 1, Part::Other, text, origin.skip(2));
    }

    fn aside(&mut self, name: &'a str, kind: u32, part: Part, text: &'a str, origin: Origin) {
        let position = self.count_child(NONE - 1 - kind);
        let parent = self.current_element();
        let builder_name = self.aside_name(name, kind);
        let element = Some(self.flow.builder.element(parent, builder_name, position));
        let spec =
            PassageSpec { part, visibility: Visibility::Stored, element, ..PassageSpec::default() };
        self.set_aside(spec, text, origin, false);
    }

    fn aside_name(&mut self, name: &str, kind: u32) -> u32 {
        let slot = self.aside_names.get(kind as usize).copied().unwrap_or_default();
        if slot > 0 {
            return slot - 1;
        }
        let number = self.flow.builder.name(name);
        if let Some(slot) = self.aside_names.get_mut(kind as usize) {
            *slot = number + 1;
        }
        number
    }

    pub(super) fn declaration_event(&mut self, raw: &'a str, origin: Origin) {
        if origin.start() != 0 || self.inputs() > 1 {
            self.damaged(origin.start(), "an XML declaration stands inside the document");
        } else if let Some(message) = declaration_fault(raw) {
            self.damaged(0, message);
        }
    }

    pub(super) fn document_type(&mut self) {
        if self.roots > 0 {
            self.damaged(self.dtd.range.start, "a document type declaration is out of place");
        }
        if self.dtd.external {
            self.note(Notice::informing(
                NoticeCode::Unsupported,
                "The document type lies in another file, which is not read.",
            ));
        }
        let text = self.source.text();
        for (kind, range) in &self.dtd.pieces {
            let part = if *kind == PieceKind::Comment { Part::Comment } else { Part::Other };
            let spec =
                PassageSpec { part, visibility: Visibility::Stored, ..PassageSpec::default() };
            let piece = text.get(range.clone()).unwrap_or_default();
            self.stored(spec, piece, Origin::At(range.start), false);
        }
    }
}

/// What is wrong with an XML declaration (XML 1.0, section 2.8).
fn declaration_fault(raw: &str) -> Option<&'static str> {
    const FAULT: Option<&str> = Some("its XML declaration is malformed");
    let inner = raw.get(1..raw.len().saturating_sub(2)).unwrap_or_default();
    let mut attributes = Vec::new();
    if super::attributes::read(inner, 4, &mut attributes).is_some() {
        return FAULT;
    }
    let mut expected = ["version", "encoding", "standalone"].iter();
    for (number, attribute) in attributes.iter().enumerate() {
        let known = expected.by_ref().any(|name| *name == attribute.name);
        let value = attribute.value;
        let legal = match attribute.name {
            "version" => value.strip_prefix("1.").is_some_and(|minor| {
                !minor.is_empty() && minor.bytes().all(|byte| byte.is_ascii_digit())
            }),
            "encoding" => {
                value.starts_with(|c: char| c.is_ascii_alphabetic())
                    && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
            }
            _ => matches!(value, "yes" | "no"),
        };
        if !known || !legal || (number == 0) != (attribute.name == "version") {
            return FAULT;
        }
    }
    if attributes.is_empty() { FAULT } else { None }
}
