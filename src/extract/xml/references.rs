//! References: characters, the predefined entities, those the document declares, and what they may expand to
//! (XML 1.0, sections 4.1 and 4.4).

use super::chars::{is_name, predefined, referenced_char};
use super::dtd::Entity;
use super::flow::Origin;
use super::reading::Reading;
use crate::model::{Notice, NoticeCode};
use quick_xml::escape::resolve_html5_entity;

/// How deep entities may lie in one another.
const MAX_ENTITY_DEPTH: usize = 32;
/// How many bytes all entities may expand to, together, in a short document.
const MAX_ENTITY_BYTES: usize = 4 << 20;

/// What a reference stands for.
enum Meaning<'a> {
    /// This text and no markup.
    Text(String),
    /// The replacement text of an entity.
    Entity(&'a str, &'a str),
    /// Nothing that may be read.
    Nothing,
}

impl<'a> Reading<'a> {
    /// A reference in content.
    pub(super) fn reference_event(&mut self, raw: &'a str, origin: Origin) {
        if self.frames.is_empty() {
            self.damaged(origin.start(), "a reference stands outside the root element");
        }
        let whole = origin.whole(raw.len());
        let name = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        match self.meaning(name, origin) {
            Meaning::Text(text) => self.resolved_text(&text, whole),
            Meaning::Entity(name, text) => {
                if self.may_expand(name, text, origin) {
                    self.enter(name, text, whole);
                }
            }
            Meaning::Nothing => self.characters(raw, origin),
        }
    }

    fn resolved_text(&mut self, text: &str, whole: Origin) {
        match text {
            // Line ends written as references mean what they say: two of them part paragraphs.
            "\n" => self.flow.join(true, 1),
            "\r" => self.flow.join(true, 0),
            "\t" | " " => self.flow.join(false, 0),
            _ if self.regions.is_open() => self.regions.resolved(text, whole),
            _ => {
                self.undecided = false;
                self.prepare();
                self.flow.piece(text, whole);
            }
        }
    }

    fn meaning(&mut self, name: &'a str, origin: Origin) -> Meaning<'a> {
        if name.starts_with('#') {
            if let Some(c) = referenced_char(name) {
                return Meaning::Text(c.to_string());
            }
            self.damaged(origin.start(), "a character reference stands for no character");
            return Meaning::Nothing;
        }
        if let Some(text) = predefined(name) {
            return Meaning::Text(text.to_owned());
        }
        let dtd = self.dtd;
        match dtd.entities.get_key_value(name) {
            Some((name, Entity::Internal(text))) => return Meaning::Entity(name, text),
            Some((_, Entity::External)) => {
                self.note(Notice::blocking(
                    NoticeCode::Unsupported,
                    "The document refers to text in another file, which is not read.",
                ));
                return Meaning::Nothing;
            }
            Some((_, Entity::Unparsed)) => {
                self.damaged(origin.start(), "a reference names an unparsed entity");
                return Meaning::Nothing;
            }
            None => {}
        }
        if !is_name(name) {
            self.damaged(origin.start(), "a reference is malformed");
            return Meaning::Nothing;
        }
        let known = resolve_html5_entity(name);
        if !dtd.external {
            self.damaged(origin.start(), "an entity is not declared");
        } else if known.is_none() {
            self.note(Notice::blocking(
                NoticeCode::Unsupported,
                "The document refers to an entity that is declared in another file.",
            ));
        }
        known.map_or(Meaning::Nothing, |text| Meaning::Text(text.to_owned()))
    }

    /// Whether an entity's text may be read here: no cycle, and within the budget.
    fn may_expand(&mut self, name: &str, text: &str, origin: Origin) -> bool {
        if self.is_inside(name) {
            self.damaged(origin.start(), "an entity refers to itself");
            return false;
        }
        self.expand(text.len(), self.inputs())
    }

    fn expand(&mut self, bytes: usize, depth: usize) -> bool {
        let most = MAX_ENTITY_BYTES.max(self.source.text().len());
        // A reference to an empty entity is work as well.
        self.expanded = self.expanded.saturating_add(bytes.max(16));
        if depth <= MAX_ENTITY_DEPTH && self.expanded <= most {
            return true;
        }
        self.over_budget("Entities expand to more than is read; what lies in them was left out.");
        false
    }

    /// Checks the references in an attribute's value without writing anything.
    pub(super) fn check_references(&mut self, value: &'a str, origin: Origin) {
        let mut at = 0;
        while let Some(found) = value.get(at..).and_then(|rest| rest.find('&')) {
            at += found;
            let rest = value.get(at + 1..).unwrap_or_default();
            match rest.find(';').and_then(|end| rest.get(..end)) {
                Some(name) if name.starts_with('#') || is_name(name) => {}
                _ => self.damaged(origin.skip(at).start(), "an ampersand begins no reference"),
            }
            at += 1;
        }
    }

    /// Writes an attribute's value, references resolved.
    pub(super) fn value_with_references(&mut self, value: &'a str, origin: Origin) {
        let mut names = Vec::new();
        self.expand_value(value, origin, &mut names, &mut |reading, text, origin| {
            let white = !text.is_empty() && text.bytes().all(super::chars::is_white);
            match text {
                Piece::Source(text) => reading.flow.text(text, origin),
                Piece::Resolved(text) if white => reading.resolved_text(text, origin),
                Piece::Resolved(text) => reading.flow.piece(text, origin),
            }
        });
    }

    /// An attribute's value with references resolved.
    pub(super) fn resolved(&mut self, value: &'a str, origin: Origin) -> String {
        let mut resolved = String::new();
        let mut names = Vec::new();
        self.expand_value(value, origin, &mut names, &mut |_, text, _| {
            resolved.push_str(&text);
        });
        resolved
    }

    fn expand_value(
        &mut self,
        value: &'a str,
        origin: Origin,
        names: &mut Vec<&'a str>,
        write: &mut dyn FnMut(&mut Self, Piece<'a, '_>, Origin),
    ) {
        let mut at = 0;
        while let Some(rest) = value.get(at..).filter(|rest| !rest.is_empty()) {
            let plain = memchr::memchr(b'&', rest.as_bytes()).unwrap_or(rest.len());
            write(self, Piece::Source(rest.get(..plain).unwrap_or_default()), origin.skip(at));
            at += plain;
            let Some(body) = rest.get(plain + 1..) else { return };
            let Some(name) = body.find(';').and_then(|end| body.get(..end)) else {
                write(self, Piece::Source(rest.get(plain..).unwrap_or_default()), origin.skip(at));
                return;
            };
            let whole = origin.skip(at).whole(name.len() + 2);
            match self.meaning(name, origin.skip(at)) {
                Meaning::Text(text) => write(self, Piece::Resolved(&text), whole),
                Meaning::Entity(name, text) => {
                    if names.contains(&name) {
                        self.damaged(whole.start(), "an entity refers to itself");
                    } else if self.expand(text.len(), names.len()) {
                        if text.contains('<') {
                            self.damaged(whole.start(), "an attribute's value holds markup");
                        }
                        names.push(name);
                        self.expand_value(text, whole, names, write);
                        names.pop();
                    }
                }
                Meaning::Nothing => {
                    let raw = rest.get(plain..plain + name.len() + 2).unwrap_or_default();
                    write(self, Piece::Source(raw), origin.skip(at));
                }
            }
            at += name.len() + 2;
        }
    }
}

/// A piece of an attribute's value.
enum Piece<'a, 's> {
    /// As it stands in the source or in an entity.
    Source(&'a str),
    /// What a reference stands for.
    Resolved(&'s str),
}

impl std::ops::Deref for Piece<'_, '_> {
    type Target = str;

    #[expect(clippy::match_same_arms, reason = "the two have different lifetimes")]
    fn deref(&self) -> &str {
        match self {
            Self::Source(text) => text,
            Self::Resolved(text) => text,
        }
    }
}
