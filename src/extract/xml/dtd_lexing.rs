//! The small pieces of a document type declaration: names, literals, identifiers, white space.

use super::chars::{is_name, is_name_char, is_white, referenced_char};
use super::dtd::{Parser, PieceKind, Step};

impl Parser<'_, '_> {
    pub(super) fn external_id(&mut self, system_optional: bool) -> Step {
        let public = self.take("PUBLIC");
        if !public {
            self.expect("SYSTEM", "an external identifier is malformed")?;
        }
        self.space()?;
        let first = self.literal()?;
        if !public {
            return Ok(());
        }
        let legal = |c: char| c.is_ascii_alphanumeric() || " \r\n-'()+,./:=?;!*#@$_%".contains(c);
        if !first.chars().all(legal) {
            return Err("a public identifier holds an illegal character");
        }
        let spaced = self.skip_white();
        if self.looking_at("\"") || self.looking_at("'") {
            if !spaced {
                return Err("white space is missing between two identifiers");
            }
            self.literal()?;
        } else if !system_optional {
            return Err("a system identifier is missing");
        }
        Ok(())
    }

    pub(super) fn literal(&mut self) -> Step<&str> {
        let quote = self.rest().chars().next().filter(|c| matches!(c, '"' | '\''));
        let quote = quote.ok_or("a quoted value is missing")?;
        let start = self.at + 1;
        let length = self.text.get(start..).and_then(|rest| rest.find(quote));
        let end = start + length.ok_or("a quoted value is not closed")?;
        self.at = end + 1;
        self.piece(PieceKind::Literal, start, end);
        Ok(self.text.get(start..end).unwrap_or_default())
    }

    pub(super) fn piece(&mut self, kind: PieceKind, start: usize, end: usize) {
        if self.base.is_none() {
            self.dtd.pieces.push((kind, start..end));
        }
    }

    pub(super) fn name(&mut self) -> Step<&str> {
        let token = self.token()?;
        if is_name(token) { Ok(token) } else { Err("a name is malformed") }
    }

    pub(super) fn token(&mut self) -> Step<&str> {
        let start = self.at;
        let rest = self.rest();
        let length = rest.find(|c| !is_name_char(c)).unwrap_or(rest.len());
        if length == 0 {
            return Err("a name is missing");
        }
        self.at += length;
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }

    pub(super) fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn looking_at(&self, what: &str) -> bool {
        self.rest().starts_with(what)
    }

    pub(super) fn take(&mut self, what: &str) -> bool {
        let found = self.looking_at(what);
        self.at += if found { what.len() } else { 0 };
        found
    }

    pub(super) fn expect(&mut self, what: &str, otherwise: &'static str) -> Step {
        if self.take(what) { Ok(()) } else { Err(otherwise) }
    }

    pub(super) fn skip_white(&mut self) -> bool {
        let count = self.rest().bytes().take_while(|&byte| is_white(byte)).count();
        self.at += count;
        count > 0
    }

    pub(super) fn space(&mut self) -> Step {
        if self.skip_white() { Ok(()) } else { Err("white space is missing in a declaration") }
    }
}

/// The replacement text of an entity: character references resolved, others left alone.
pub(super) fn entity_value(literal: &str) -> Step<String> {
    const FAULT: &str = "a reference in an entity's value is malformed";
    let mut value = String::with_capacity(literal.len());
    let mut rest = literal;
    while let Some(at) = rest.find(['&', '%']) {
        let (before, reference) = rest.split_at(at);
        value.push_str(before);
        let Some(body) = reference.strip_prefix('&') else {
            return Err("a parameter entity reference stands inside a declaration");
        };
        let end = body.find(';').ok_or(FAULT)?;
        let (name, after) = body.split_at(end);
        if name.starts_with('#') {
            value.push(referenced_char(name).ok_or(FAULT)?);
        } else if is_name(name) {
            value.push('&');
            value.push_str(name);
            value.push(';');
        } else {
            return Err(FAULT);
        }
        rest = after.strip_prefix(';').unwrap_or_default();
    }
    value.push_str(rest);
    Ok(value)
}
