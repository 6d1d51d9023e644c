//! The document type declaration: which entities there are, and whether it is well formed (XML 1.0, sections 2.8,
//! 3.2, 3.3 and 4.2).

use super::chars::{is_name, is_white};
use super::dtd_lexing::entity_value;
use std::collections::HashMap;
use std::ops::Range;

/// How deep parameter entities may lie in one another, and groups in a content model.
const MAX_DEPTH: usize = 32;
/// How many bytes all parameter entities may expand to, together.
const MAX_EXPANDED: usize = 1 << 20;

/// A general entity.
#[derive(Debug)]
pub(super) enum Entity {
    /// With a replacement text, character references resolved.
    Internal(String),
    /// In another file.
    External,
    /// In another file, and not XML.
    Unparsed,
}

/// What a literal or comment in the declaration is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PieceKind {
    /// An entity's value, a default value, an identifier.
    Literal,
    /// A comment.
    Comment,
    /// A processing instruction.
    Instruction,
}

/// A document type declaration.
#[derive(Debug, Default)]
pub(super) struct Dtd {
    /// Where it lies.
    pub(super) range: Range<usize>,
    /// General entities by name; the first declaration counts.
    pub(super) entities: HashMap<String, Entity>,
    /// Whether parts of it lie in another file.
    pub(super) external: bool,
    /// Text in it.
    pub(super) pieces: Vec<(PieceKind, Range<usize>)>,
    /// What is wrong with it, and where.
    pub(super) fault: Option<(usize, &'static str)>,
    /// Whether a limit was met.
    pub(super) over_budget: bool,
}

/// Finds the declaration in the prolog and reads it.
pub(super) fn read(text: &str) -> Option<Dtd> {
    let start = find(text)?;
    let mut dtd = Dtd::default();
    let mut parser = Parser {
        text,
        at: start + "<!DOCTYPE".len(),
        dtd: &mut dtd,
        parameters: HashMap::new(),
        inside: 0,
        expanded: 0,
        base: None,
    };
    let result = parser.declaration();
    let end = parser.at;
    if let Err(message) = result {
        dtd.fault = Some((end.min(text.len()), message));
        // What is left of it is read as ordinary markup.
        let close = text.get(end..).and_then(|rest| rest.find("]>").map(|at| end + at + 2));
        dtd.range = start..close.unwrap_or(end).max(start + 1);
    } else {
        dtd.range = start..end;
    }
    Some(dtd)
}

fn find(text: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        at += rest.bytes().take_while(|&byte| is_white(byte)).count();
        let rest = text.get(at..)?;
        let end = if rest.starts_with("<?") {
            rest.find("?>")? + 2
        } else if let Some(comment) = rest.strip_prefix("<!--") {
            comment.find("-->")? + 7
        } else {
            return rest.starts_with("<!DOCTYPE").then_some(at);
        };
        at += end;
    }
}

pub(super) type Step<T = ()> = Result<T, &'static str>;

pub(super) struct Parser<'t, 'd> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    pub(super) dtd: &'d mut Dtd,
    parameters: HashMap<String, Option<String>>,
    inside: usize,
    expanded: usize,
    /// Where the parameter entity being read is referred to; `at` counts in its text then.
    pub(super) base: Option<usize>,
}

impl Parser<'_, '_> {
    fn declaration(&mut self) -> Step {
        self.space()?;
        self.name()?;
        let spaced = self.skip_white();
        if self.looking_at("SYSTEM") || self.looking_at("PUBLIC") {
            if !spaced {
                return Err("white space is missing before an external identifier");
            }
            self.external_id(false)?;
            self.dtd.external = true;
            self.skip_white();
        }
        if self.take("[") {
            self.subset()?;
            self.expect("]", "the internal subset is not closed")?;
            self.skip_white();
        }
        self.expect(">", "the document type declaration is not closed")
    }

    fn subset(&mut self) -> Step {
        loop {
            self.skip_white();
            if self.looking_at("]") || self.rest().is_empty() {
                return Ok(());
            }
            if self.take("%") {
                self.parameter_reference()?;
            } else if self.take("<!--") {
                self.comment()?;
            } else if self.take("<?") {
                self.instruction()?;
            } else if self.take("<!ENTITY") {
                self.entity()?;
            } else if self.take("<!ELEMENT") {
                self.element()?;
            } else if self.take("<!ATTLIST") {
                self.attribute_list()?;
            } else if self.take("<!NOTATION") {
                self.notation()?;
            } else {
                return Err("there is something else than a declaration in the document type");
            }
        }
    }

    fn parameter_reference(&mut self) -> Step {
        let name = self.name()?.to_owned();
        self.expect(";", "a parameter entity reference is not closed")?;
        match self.parameters.get(&name).cloned() {
            Some(Some(value)) => {
                self.expanded += value.len();
                if self.inside >= MAX_DEPTH || self.expanded > MAX_EXPANDED {
                    self.dtd.over_budget = true;
                    return Ok(());
                }
                let mut inner = Parser {
                    text: &value,
                    at: 0,
                    dtd: &mut *self.dtd,
                    parameters: std::mem::take(&mut self.parameters),
                    inside: self.inside + 1,
                    expanded: self.expanded,
                    base: Some(self.base.unwrap_or(self.at)),
                };
                let result = inner.subset();
                let rest = !inner.rest().is_empty();
                (self.parameters, self.expanded) =
                    (std::mem::take(&mut inner.parameters), inner.expanded);
                result?;
                if rest {
                    return Err("a parameter entity ends in the middle of the declaration");
                }
                Ok(())
            }
            Some(None) => {
                self.dtd.external = true;
                Ok(())
            }
            None if self.dtd.external => Ok(()),
            None => Err("a parameter entity is not declared"),
        }
    }

    fn comment(&mut self) -> Step {
        let rest = self.rest();
        let end = rest.find("--").ok_or("a comment is not closed")?;
        self.piece(PieceKind::Comment, self.at, self.at + end);
        self.at += end + 2;
        self.expect(">", "a comment holds a double hyphen")
    }

    fn instruction(&mut self) -> Step {
        let start = self.at;
        let target = self.name()?;
        if target.eq_ignore_ascii_case("xml") {
            return Err("an XML declaration stands inside the document");
        }
        let end = self.rest().find("?>").ok_or("a processing instruction is not closed")?;
        if end > 0 && !self.rest().starts_with(|c: char| c.is_ascii_whitespace()) {
            return Err("the target of a processing instruction is malformed");
        }
        self.at += end;
        self.piece(PieceKind::Instruction, start, self.at);
        self.at += 2;
        Ok(())
    }

    fn entity(&mut self) -> Step {
        self.space()?;
        let parameter = self.take("%");
        if parameter {
            self.space()?;
        }
        let name = self.name()?.to_owned();
        self.space()?;
        if self.looking_at("\"") || self.looking_at("'") {
            let literal = self.literal()?.to_owned();
            let value = entity_value(&literal)?;
            if parameter {
                self.parameters.entry(name).or_insert(Some(value));
            } else {
                self.dtd.entities.entry(name).or_insert(Entity::Internal(value));
            }
        } else {
            self.external_id(false)?;
            let spaced = self.skip_white();
            let unparsed = self.take("NDATA");
            if unparsed {
                if parameter || !spaced {
                    return Err("an entity declaration is malformed");
                }
                self.space()?;
                self.name()?;
            }
            if parameter {
                self.parameters.entry(name).or_insert(None);
            } else {
                let entity = if unparsed { Entity::Unparsed } else { Entity::External };
                self.dtd.entities.entry(name).or_insert(entity);
            }
        }
        self.skip_white();
        self.expect(">", "an entity declaration is not closed")
    }

    fn element(&mut self) -> Step {
        self.space()?;
        self.name()?;
        self.space()?;
        if !self.take("EMPTY") && !self.take("ANY") {
            self.expect("(", "a content model is malformed")?;
            self.skip_white();
            if self.take("#PCDATA") {
                self.mixed()?;
            } else {
                self.group(0)?;
                self.occurrence();
            }
        }
        self.skip_white();
        self.expect(">", "an element declaration is not closed")
    }

    fn mixed(&mut self) -> Step {
        let mut names = false;
        loop {
            self.skip_white();
            if self.take(")") {
                break;
            }
            self.expect("|", "a content model is malformed")?;
            self.skip_white();
            self.name()?;
            names = true;
        }
        if !self.take("*") && names {
            return Err("mixed content has no asterisk");
        }
        Ok(())
    }

    /// The rest of a group after its opening parenthesis.
    fn group(&mut self, depth: usize) -> Step {
        if depth > MAX_DEPTH {
            return Err("a content model nests too deep");
        }
        let mut separator = None;
        loop {
            self.skip_white();
            if self.take("(") {
                self.group(depth + 1)?;
            } else {
                self.name()?;
            }
            self.occurrence();
            self.skip_white();
            if self.take(")") {
                return Ok(());
            }
            let next = self.rest().chars().next().filter(|c| matches!(c, '|' | ','));
            if next.is_none() || separator.is_some_and(|before| Some(before) != next) {
                return Err("a content model is malformed");
            }
            separator = next;
            self.at += 1;
        }
    }

    fn occurrence(&mut self) {
        let _ = self.take("?") || self.take("*") || self.take("+");
    }

    fn attribute_list(&mut self) -> Step {
        self.space()?;
        self.name()?;
        loop {
            let spaced = self.skip_white();
            if self.take(">") {
                return Ok(());
            }
            if !spaced {
                return Err("an attribute list is malformed");
            }
            self.name()?;
            self.space()?;
            self.attribute_type()?;
            self.space()?;
            self.default_value()?;
        }
    }

    fn attribute_type(&mut self) -> Step {
        const TYPES: [&str; 8] =
            ["CDATA", "IDREFS", "IDREF", "ID", "ENTITIES", "ENTITY", "NMTOKENS", "NMTOKEN"];
        let notation = self.take("NOTATION");
        if notation {
            self.space()?;
        } else if TYPES.iter().any(|name| self.take(name)) {
            return Ok(());
        }
        self.expect("(", "an attribute type is unknown")?;
        loop {
            self.skip_white();
            let token = self.token()?;
            if notation && !is_name(token) {
                return Err("a notation name is malformed");
            }
            self.skip_white();
            if self.take(")") {
                return Ok(());
            }
            self.expect("|", "an enumeration is malformed")?;
        }
    }

    fn default_value(&mut self) -> Step {
        if self.take("#REQUIRED") || self.take("#IMPLIED") {
            return Ok(());
        }
        if self.take("#FIXED") {
            self.space()?;
        }
        if self.literal()?.contains('<') {
            return Err("a default value holds a less-than sign");
        }
        Ok(())
    }

    fn notation(&mut self) -> Step {
        self.space()?;
        self.name()?;
        self.space()?;
        self.external_id(true)?;
        self.skip_white();
        self.expect(">", "a notation declaration is not closed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(subset: &str) -> Option<&'static str> {
        read(&format!("<!DOCTYPE r [{subset}]><r/>")).unwrap().fault.map(|(_, message)| message)
    }

    #[test]
    fn well_formed_declarations_pass() {
        for subset in [
            "",
            "<!ENTITY a 'x > ]] &#38; &b;'>",
            "<!ENTITY % p '<!ELEMENT q EMPTY>'> %p; <!ELEMENT r (a|(b,c?)*)+>",
            "<!ELEMENT r (#PCDATA|b)*><!ELEMENT b ANY><!ATTLIST b x CDATA #FIXED 'v' y (k|l) 'k'>",
            "<!NOTATION n PUBLIC 'id'><!ENTITY e SYSTEM 'e.gif' NDATA n><!-- ]> --><?pi ]> ?>",
        ] {
            assert_eq!(fault(subset), None, "{subset}");
        }
    }

    #[test]
    fn faults_are_found() {
        for subset in [
            "<!ENTITY a x>",
            "<!ENTITY a '&#0;'>",
            "<!ENTITY a '&b'>",
            "<!ENTITY a '%p;'>",
            "<!ENTITYa 'x'>",
            "<!ELEMENT r (a|b,c)>",
            "<!ELEMENT r (#PCDATA|b)>",
            "<!ELEMENT r ()>",
            "<!ATTLIST r x CDATA>",
            "<!ATTLIST r x cdata #IMPLIED>",
            "<!-- a -- b -->",
            "<?xml version='1.0'?>",
            "%unknown;",
            "text",
            "<!ENTITY a SYSTEM>",
            "<!ENTITY a PUBLIC 'id'>",
        ] {
            assert!(fault(subset).is_some(), "{subset}");
        }
    }

    #[test]
    fn entities_are_collected_once_and_external_ones_told_apart() {
        let dtd = read(
            "<?xml version='1.0'?><!-- c --><!DOCTYPE r [<!ENTITY a '&#60;'><!ENTITY a 'late'>\
             <!ENTITY x SYSTEM 'x.xml'>]><r/>",
        )
        .unwrap();
        assert!(matches!(&dtd.entities["a"], Entity::Internal(value) if value == "<"));
        assert!(matches!(&dtd.entities["x"], Entity::External));
        assert!(!dtd.external);
    }

    #[test]
    fn parameter_entities_that_multiply_are_stopped() {
        let thrice = |n: usize| {
            let before = n - 1;
            format!("<!ENTITY % p{n} '&#37;p{before};&#37;p{before};&#37;p{before};'>")
        };
        let subset: String = std::iter::once("<!ENTITY % p0 '<!-- x -->'>".to_owned())
            .chain((1..20).map(thrice))
            .collect();
        let dtd = read(&format!("<!DOCTYPE r [{subset} %p19;]><r/>")).unwrap();
        assert!(dtd.over_budget);
        assert!(dtd.fault.is_none());
    }
}
