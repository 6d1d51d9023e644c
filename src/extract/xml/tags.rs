//! Start and end tags: what an element does to the flow of text around it.

use super::attributes::{self, Attribute, tag_name};
use super::chars::is_white;
use super::flow::Origin;
use super::names::ElementName;
use super::reading::{Frame, NONE, Reading};
use super::shape::{Role, hides};
use crate::model::{Block, Part, PassageSpec, Visibility};
use crate::read::budget::MAX_NESTING;
use std::borrow::Cow;

/// How far up an end tag may look for the element it closes, where it does not close the innermost.
const MAX_REPAIR: usize = 64;

impl<'a> Reading<'a> {
    pub(super) fn start_tag(&mut self, raw: &'a str, origin: Origin, empty: bool) {
        let inner = raw.get(1..raw.len().saturating_sub(if empty { 2 } else { 1 }));
        let inner = inner.unwrap_or_default();
        let name = tag_name(inner);
        let written = self.names.intern(name);
        if !self.names.is_valid(written, name) {
            self.damaged(origin.start(), "an element's name is malformed");
            if !name.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == ':') {
                // A less-than sign in text rather than a tag.
                self.characters(raw, origin);
                return;
            }
        }
        self.count_root(origin);
        let mut attributes = std::mem::take(&mut self.attributes);
        attributes.clear();
        if name.len() < inner.len()
            && let Some(fault) = attributes::read(inner, name.len(), &mut attributes)
        {
            self.damaged(origin.skip(fault.at).start(), fault.message);
            self.characters(
                raw.get(fault.at..raw.len() - 1).unwrap_or_default(),
                origin.skip(fault.at),
            );
        }
        if self.frames.len() >= MAX_NESTING {
            self.start_deep(name, &attributes, origin, empty);
        } else {
            self.start_element(name, written, &attributes, origin, empty);
        }
        self.attributes = attributes;
    }

    fn count_root(&mut self, origin: Origin) {
        if self.frames.is_empty() {
            self.roots = self.roots.saturating_add(1);
            if self.roots == 2 {
                self.damaged(origin.start(), "it has more than one root element");
            }
        }
    }

    fn start_element(
        &mut self,
        name: &'a str,
        written: u32,
        attributes: &[Attribute<'a>],
        origin: Origin,
        empty: bool,
    ) {
        let bindings = self.names.depth();
        self.declare_namespaces(attributes, origin);
        let meant = self.names.element(written, name, &mut self.flow.builder);
        let inline = self.is_inline(meant.role);
        if self.undecided || !inline {
            self.boundary();
        }
        let position = self.count_child(meant.local);
        let mut frame = self.new_frame(name, meant, position);
        (frame.bindings, frame.inline) = (bindings, inline);
        self.frames.push(frame);
        self.apply_role(meant, attributes);
        self.write_attributes(meant, attributes, origin);
        self.open_role(meant.role, attributes, origin);
        if empty {
            self.end_frame();
        }
    }

    fn new_frame(&self, name: &'a str, meant: ElementName, position: u32) -> Frame<'a> {
        let parent = self.frames.last();
        Frame {
            name,
            builder_name: meant.name,
            position,
            element: NONE,
            bindings: 0,
            counts: self.counts.len(),
            role: meant.role,
            inline: false,
            has_text: false,
            part: parent.map_or(Part::Body, |parent| parent.part),
            visibility: parent.map_or(Visibility::Shown, |parent| parent.visibility),
            block: parent.map_or(Block::Paragraph, |parent| parent.block),
            cell: parent.and_then(|parent| parent.cell),
        }
    }

    /// Whether an element is part of the running text around it. One of unknown kind is if text stands before it.
    fn is_inline(&self, role: Role) -> bool {
        match role {
            Role::Inline | Role::Break | Role::Space | Role::Deleted | Role::Hides => true,
            Role::Unknown => {
                let parent = self.frames.last();
                !self.undecided
                    && self.flow.is_open()
                    && parent.is_some_and(|parent| parent.has_text || parent.inline)
            }
            _ => false,
        }
    }

    /// What an element's kind says of the text in it.
    fn apply_role(&mut self, meant: ElementName, attributes: &[Attribute<'a>]) {
        let depth = self.frames.len();
        let in_row =
            depth >= 2 && self.frames.get(depth - 2).is_some_and(|parent| parent.role == Role::Row);
        let is_cell = meant.role == Role::Cell || meant.role == Role::CellInRow && in_row;
        let cell = if is_cell { self.tables.cell(column_span(attributes)) } else { None };
        match meant.role {
            Role::Table => self.tables.table(depth),
            Role::Row => self.tables.row(depth),
            _ => {}
        }
        if meant.role == Role::Hides && !is_switched_off(attributes) {
            // `w:vanish` stands in `w:rPr`, which stands in the run.
            for frame in self.frames.iter_mut().rev().skip(1).take(2) {
                frame.visibility = Visibility::Invisible;
            }
        }
        let hidden = attributes.iter().any(|attribute| match attribute.name {
            "style" => hides(attribute.value),
            "hidden" => meant.html,
            _ => false,
        });
        let Some(frame) = self.frames.last_mut() else { return };
        match meant.role {
            Role::Heading => frame.block = Block::Heading,
            Role::Item => frame.block = Block::ListItem,
            Role::Footnote => (frame.part, frame.block) = (Part::Footnote, Block::Footnote),
            Role::Caption => frame.part = Part::Caption,
            Role::Script => (frame.part, frame.visibility) = (Part::Other, Visibility::Stored),
            Role::Deleted => {
                (frame.part, frame.visibility) = (Part::TrackedChange, Visibility::Stored);
            }
            _ => {}
        }
        if cell.is_some() {
            (frame.part, frame.block, frame.cell) = (Part::Table, Block::Cell, cell);
        }
        if hidden && frame.visibility == Visibility::Shown {
            frame.visibility = Visibility::Invisible;
        }
    }

    fn open_role(&mut self, role: Role, attributes: &[Attribute<'a>], origin: Origin) {
        match role {
            Role::Break => self.flow.join(true, 1),
            Role::Space => self.flow.join(false, 0),
            Role::Region
            | Role::Line
            | Role::Word
            | Role::Glyph
            | Role::Equivalent
            | Role::WordSpace
            | Role::Hyphen => self.open_region(role, attributes, origin),
            _ => {}
        }
    }

    fn declare_namespaces(&mut self, attributes: &[Attribute<'a>], origin: Origin) {
        for attribute in attributes {
            let Some(rest) = attribute.name.strip_prefix("xmlns") else { continue };
            let prefix = match rest.strip_prefix(':') {
                Some(prefix) => prefix,
                None if rest.is_empty() => "",
                None => continue,
            };
            if prefix == "xmlns" || prefix == "xml" && !attribute.value.ends_with("/namespace") {
                self.damaged(origin.skip(attribute.at).start(), "a reserved prefix is declared");
                continue;
            }
            let uri = if attribute.value.contains('&') {
                Cow::Owned(self.resolved(attribute.value, origin))
            } else {
                Cow::Borrowed(attribute.value)
            };
            self.names.bind(prefix, uri, &mut self.flow.builder);
        }
    }

    fn write_attributes(
        &mut self,
        meant: ElementName,
        attributes: &[Attribute<'a>],
        origin: Origin,
    ) {
        if attributes.is_empty() {
            return;
        }
        self.tag = self.tag.wrapping_add(1);
        let parent = self.current_element();
        for attribute in attributes {
            let at = origin.skip(attribute.at);
            let written = self.names.intern(attribute.name);
            if !self.names.is_valid(written, attribute.name) {
                self.damaged(at.start(), "an attribute's name is malformed");
            }
            let builder = &mut self.flow.builder;
            let (name, twice) = self.names.attribute(written, attribute.name, self.tag, builder);
            if twice {
                self.damaged(at.start(), "an attribute stands twice in one tag");
            }
            if memchr::memchr(b'<', attribute.value.as_bytes()).is_some() {
                self.damaged(at.start(), "a less-than sign stands in an attribute's value");
            }
            if memchr::memchr(b'&', attribute.value.as_bytes()).is_some() {
                self.check_references(attribute.value, at);
            }
            if attribute.value.is_empty() || is_word_content(meant.role, attribute.name) {
                continue;
            }
            if self.take_payload(attribute.value) {
                continue;
            }
            let element = Some(self.flow.builder.element(parent, name, 0));
            let part = match attribute.name {
                "alt" | "descr" => Part::AltText,
                "content" if meant.html => Part::Metadata,
                _ => Part::Attribute,
            };
            let spec = PassageSpec {
                part,
                visibility: Visibility::Stored,
                element,
                ..PassageSpec::default()
            };
            self.set_aside(spec, attribute.value, at, true);
        }
        self.mark_ocr_class(attributes);
    }

    /// hOCR: words and lines are spans whose class says so; white space between them may be left out.
    fn mark_ocr_class(&mut self, attributes: &[Attribute<'a>]) {
        let class = attributes.iter().find(|attribute| attribute.name == "class");
        let Some(class) = class.filter(|class| class.value.starts_with("ocr")) else { return };
        let role = match class.value.split_ascii_whitespace().next().unwrap_or_default() {
            "ocrx_word" => Role::Space,
            "ocr_line" | "ocrx_line" | "ocr_header" | "ocr_textfloat" | "ocr_caption" => {
                Role::Break
            }
            _ => return,
        };
        if let Some(frame) = self.frames.last_mut().filter(|frame| frame.inline) {
            frame.role = role;
        }
    }

    fn start_deep(
        &mut self,
        name: &'a str,
        attributes: &[Attribute<'a>],
        origin: Origin,
        empty: bool,
    ) {
        self.over_budget("Elements nest too deep; beyond that depth they are not told apart.");
        self.boundary();
        for attribute in attributes {
            let element = self.current_element();
            let spec = PassageSpec {
                part: Part::Attribute,
                visibility: Visibility::Stored,
                element,
                ..PassageSpec::default()
            };
            self.set_aside(spec, attribute.value, origin.skip(attribute.at), true);
        }
        if !empty {
            self.deep.push(name);
        }
    }

    pub(super) fn end_tag(&mut self, raw: &'a str, origin: Origin) {
        let name = raw.get(2..raw.len().saturating_sub(1)).unwrap_or_default();
        let name = if name.as_bytes().last().is_some_and(|&byte| is_white(byte)) {
            name.trim_end_matches([' ', '\t', '\r', '\n'])
        } else {
            name
        };
        if let Some(open) = self.deep.pop() {
            self.boundary();
            if open != name {
                self.damaged(origin.start(), "an end tag does not match its start tag");
            }
            return;
        }
        match self.frames.last() {
            Some(frame) if frame.name == name => {
                self.end_frame();
                return;
            }
            Some(_) => self.damaged(origin.start(), "an end tag does not match its start tag"),
            None => self.damaged(origin.start(), "an end tag closes no element"),
        }
        let depth = self.frames.iter().rev().take(MAX_REPAIR).position(|frame| frame.name == name);
        for _ in 0..depth.map_or(0, |depth| depth + 1) {
            self.end_frame();
        }
    }

    pub(super) fn end_frame(&mut self) {
        let depth = self.frames.len();
        let Some(frame) = self.frames.pop() else { return };
        match frame.role {
            Role::Region | Role::Line | Role::Word | Role::Glyph | Role::Equivalent => {
                self.close_region(frame.role, frame.element);
            }
            Role::Unknown if !frame.inline && self.flow.is_open() => self.undecided = true,
            Role::Space if frame.has_text => self.flow.join(false, 0),
            Role::Break if frame.has_text => self.flow.join(true, 0),
            _ if !frame.inline => self.boundary(),
            _ => {}
        }
        if frame.role == Role::Row && self.frames.last().is_none() {
            self.boundary();
        }
        if frame.cell.is_some() && self.frames.last().is_none_or(|parent| parent.cell != frame.cell)
        {
            self.tables.end_cell();
        }
        self.tables.end(depth);
        self.names.leave(frame.bindings);
        self.counts.truncate(frame.counts);
        if self.many.last().is_some_and(|&(last, _)| last >= depth) {
            self.many.pop();
        }
    }
}

/// Whether an attribute is the text of a word rather than something beside it.
fn is_word_content(role: Role, name: &str) -> bool {
    matches!(role, Role::Word | Role::Hyphen) && name == "CONTENT"
}

fn column_span(attributes: &[Attribute<'_>]) -> u32 {
    let span = |attribute: &&Attribute<'_>| {
        ["colspan", "cols"].contains(&attribute.name)
            || attribute.name.ends_with("number-columns-repeated")
            || attribute.name.ends_with("number-columns-spanned")
    };
    let span = attributes.iter().find(span).and_then(|span| span.value.parse::<u32>().ok());
    span.unwrap_or(1).clamp(1, 1000)
}

fn is_switched_off(attributes: &[Attribute<'_>]) -> bool {
    let off = |attribute: &Attribute<'_>| {
        attribute.name.ends_with("val") && matches!(attribute.value, "0" | "false" | "off")
    };
    attributes.iter().any(off)
}
