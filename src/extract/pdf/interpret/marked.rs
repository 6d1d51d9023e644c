//! Marked content: layers and replacement text (ISO 32000-2 §14.6).

use super::{Interpreter, Replacement};
use crate::extract::pdf::objects::{as_dictionary, text_string};
use crate::extract::pdf::tokens::{self, Operator, Token};
use lopdf::{Dictionary, Object};

/// How deep marked content may nest; what is deeper belongs to its parent.
const MAX_DEPTH: usize = 256;
/// The keys whose text replaces or explains glyphs.
const REPLACING: [&str; 3] = ["ActualText", "Alt", "E"];

/// The marked content that is open.
#[derive(Default)]
pub(super) struct Marked {
    open: Vec<Sequence>,
    /// Sequences opened beyond the limit.
    beyond: usize,
}

struct Sequence {
    hidden: bool,
    /// Its replacements, still without an end: how many there were before.
    replacements: Vec<Replacement>,
}

impl Marked {
    /// Whether a layer that is switched off is open.
    pub(super) fn is_hidden(&self) -> bool {
        self.open.last().is_some_and(|last| last.hidden)
    }

    /// How many sequences are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len().saturating_add(self.beyond)
    }
}

impl<'o> Interpreter<'_, 'o> {
    /// Executes a marked-content operator; false where it is none.
    pub(super) fn marked_operator(
        &mut self,
        operator: Operator,
        operands: &[Token<'_>],
        resources: Option<&'o Dictionary>,
    ) -> bool {
        const BMC: Operator = Operator::new(b"BMC");
        const BDC: Operator = Operator::new(b"BDC");
        const EMC: Operator = Operator::new(b"EMC");
        const MP: Operator = Operator::new(b"MP");
        const DP: Operator = Operator::new(b"DP");
        match operator {
            BMC => self.open_marked(false, Vec::new()),
            BDC => self.open_with_properties(operands, resources),
            EMC => self.close_marked(),
            MP | DP => {}
            _ => return false,
        }
        true
    }

    /// Opens a sequence that may be hidden.
    pub(super) fn open_marked(&mut self, hidden: bool, replacements: Vec<Replacement>) {
        if self.marked.open.len() >= MAX_DEPTH {
            self.marked.beyond = self.marked.beyond.saturating_add(1);
            return;
        }
        let hidden = hidden || self.marked.is_hidden();
        self.marked.open.push(Sequence { hidden, replacements });
    }

    /// Closes the innermost sequence.
    pub(super) fn close_marked(&mut self) {
        if self.marked.beyond > 0 {
            self.marked.beyond = self.marked.beyond.saturating_sub(1);
            return;
        }
        let Some(closed) = self.marked.open.pop() else { return };
        let end = self.glyph_count();
        let ended = closed.replacements.into_iter().map(|one| Replacement { end, ..one });
        self.drawn.replacements.extend(ended);
    }

    /// Closes what a content stream left open.
    pub(super) fn close_marked_to(&mut self, depth: usize) {
        while self.marked.depth() > depth {
            self.close_marked();
        }
    }

    /// How many glyphs there are so far.
    pub(super) fn glyph_count(&self) -> u32 {
        u32::try_from(self.drawn.content.glyphs.len()).unwrap_or(u32::MAX)
    }

    fn open_with_properties(&mut self, operands: &[Token<'_>], resources: Option<&'o Dictionary>) {
        if let [tag, Token::Name(name)] = operands {
            let objects = self.session.objects;
            let properties = resources
                .and_then(|resources| objects.dictionary(resources, b"Properties"))
                .and_then(|properties| properties.get(&tokens::name(name)).ok());
            let hidden = *tag == Token::Name(b"OC")
                && properties.is_some_and(|one| self.session.layers.hides(objects, one));
            let named = properties.and_then(|one| as_dictionary(objects.resolve(one)));
            let replacements = named.map_or_else(Vec::new, |named| self.replacements_of(named));
            self.open_marked(hidden, replacements);
            return;
        }
        let replacements = self.inline_properties(operands);
        self.open_marked(false, replacements);
    }

    fn replacements_of(&self, properties: &Dictionary) -> Vec<Replacement> {
        let first = self.glyph_count();
        REPLACING
            .iter()
            .filter_map(|key| match self.session.objects.get(properties, key.as_bytes()) {
                Some(Object::String(bytes, _)) => {
                    Some(Replacement { text: text_string(bytes), first, end: first })
                }
                _ => None,
            })
            .collect()
    }

    fn inline_properties(&self, operands: &[Token<'_>]) -> Vec<Replacement> {
        let first = self.glyph_count();
        let (mut replacements, mut scratch) = (Vec::new(), Vec::new());
        for pair in operands.windows(2) {
            let [Token::Name(key), value] = pair else { continue };
            if !REPLACING.iter().any(|one| one.as_bytes() == *key) {
                continue;
            }
            if let Some(bytes) = tokens::string(value, &mut scratch) {
                replacements.push(Replacement { text: text_string(bytes), first, end: first });
            }
        }
        replacements
    }
}
