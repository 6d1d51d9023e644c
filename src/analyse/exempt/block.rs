//! A passage as the (E) mark sees it: its view, its tokens and what they are; and its neighbours in reading order.

use super::ruling::{Position, Ruling, Surroundings, rule_on};
use super::token::{Token, TokenKind, merged, tokens, view};
use crate::analyse::text::{View, slice};
use crate::model::{Block as Kind, Document, ListLabel, Part, Passage, Visibility};
use std::ops::Range;

/// How many passages are looked through for a neighbour: attributes and furniture lie between blocks.
const REACH: usize = 2_000;
/// How many attributes are looked through for the next of the same name.
const ATTRIBUTES: usize = 64;

/// A passage with its tokens.
pub(super) struct Block<'d> {
    pub passage: Passage<'d>,
    pub view: View<'d>,
    pub tokens: Vec<(Token, Ruling)>,
    /// Which of the tokens are firm marks, and which of those stand on a line of their own.
    marks: Vec<usize>,
    own_lines: Vec<usize>,
}

impl<'d> Block<'d> {
    pub(super) fn new(document: &'d Document, passage: Passage<'d>) -> Self {
        let folded = view(passage.text());
        let found = merged(folded.text(), tokens(folded.text()));
        let around = Surroundings {
            is_cell: passage.block() == Kind::Cell || passage.part() == Part::Attribute,
            introduces_list: !found.is_empty()
                && next(document, passage).is_some_and(|next| next.block() == Kind::ListItem),
        };
        let tokens: Vec<(Token, Ruling)> = found
            .into_iter()
            .map(|token| {
                let ruling = rule_on(folded.text(), &token, around);
                (token, ruling)
            })
            .collect();
        let indices = |is_wanted: fn(&(Token, Ruling)) -> bool| {
            (0..tokens.len()).filter(|&at| tokens.get(at).is_some_and(is_wanted)).collect()
        };
        let marks = indices(|(token, ruling)| {
            matches!(ruling, Ruling::Mark(_)) && token.kind == TokenKind::Firm
        });
        let own_lines = indices(|(token, ruling)| {
            *ruling == Ruling::Mark(Position::OwnLine) && token.kind == TokenKind::Firm
        });
        Self { passage, view: folded, tokens, marks, own_lines }
    }

    pub(super) fn text(&self) -> &str {
        self.view.text()
    }

    /// Where the block's own text begins, after its list label.
    pub(super) fn own_start(&self) -> usize {
        ListLabel::parse(self.text()).map_or(0, |label| label.len)
    }

    /// Whether it is nothing but a mark.
    pub(super) fn is_lone(&self) -> bool {
        self.tokens
            .iter()
            .any(|(token, ruling)| *ruling == Ruling::Lone && token.kind == TokenKind::Firm)
    }

    /// The firm mark before `token`.
    pub(super) fn mark_before(&self, token: &Token) -> Option<&Token> {
        self.last_before(&self.marks, token)
    }

    /// The firm mark on a line of its own before `token`.
    pub(super) fn own_line_before(&self, token: &Token) -> Option<&Token> {
        self.last_before(&self.own_lines, token)
    }

    fn last_before(&self, indices: &[usize], token: &Token) -> Option<&Token> {
        let is_before = |&at: &usize| {
            self.tokens.get(at).is_some_and(|(mark, _)| mark.range.end <= token.range.start)
        };
        let at = indices.get(indices.partition_point(is_before).checked_sub(1)?)?;
        self.tokens.get(*at).map(|(mark, _)| mark)
    }

    /// One past the mark and the terminal punctuation glued to it.
    pub(super) fn end_of_mark(&self, token: &Token) -> usize {
        let rest = slice(self.text(), token.range.end..self.text().len());
        let after = rest.trim_start_matches(['.', '!', '?', ';', ':', '…']);
        let quoted = after.trim_start_matches(['"', '”', '’', '»']);
        token.range.end
            + (rest.len() - if after.len() < rest.len() { quoted.len() } else { after.len() })
    }

    /// Bytes of `Document::text` behind bytes of the view.
    pub(super) fn in_document(&self, range: Range<usize>) -> Range<usize> {
        let base = self.passage.range().start;
        let own = self.view.original(range);
        base + own.start..base + own.end
    }
}

/// What flows together: a mark of its own stands for the block before it in the same flow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Body,
    Footnotes,
    /// Comments, metadata and the like: only neighbours of the same kind and element.
    Apart(Part, Option<u32>),
    /// Attributes of one name on elements of one parent, as exports write the lines of a record.
    Attributes,
    /// Furniture belongs to no flow.
    Outside,
}

fn flow(passage: &Passage<'_>) -> Flow {
    let stored = passage.visibility() == Visibility::Stored;
    match passage.part() {
        Part::Header | Part::Footer => Flow::Outside,
        Part::Footnote => Flow::Footnotes,
        Part::Body | Part::Table | Part::Caption | Part::Ocr if !stored => Flow::Body,
        Part::Attribute => Flow::Attributes,
        part => Flow::Apart(part, passage.element()),
    }
}

/// The flow a passage asks for: a mark set in the furniture still stands for the body text before it.
fn own_flow(passage: &Passage<'_>) -> Flow {
    match flow(passage) {
        Flow::Outside => Flow::Body,
        flow => flow,
    }
}

/// The block before a passage in its flow.
pub(super) fn previous<'d>(document: &'d Document, passage: Passage<'d>) -> Option<Passage<'d>> {
    let first = passage.index().saturating_sub(REACH);
    let before = (first..passage.index()).rev().filter_map(|index| document.passage(index));
    neighbour(document, &passage, before)
}

/// The block after a passage in its flow.
pub(super) fn next<'d>(document: &'d Document, passage: Passage<'d>) -> Option<Passage<'d>> {
    let from = passage.index() + 1;
    let after = (from..from.saturating_add(REACH)).map_while(|index| document.passage(index));
    neighbour(document, &passage, after)
}

fn neighbour<'d>(
    document: &'d Document,
    own: &Passage<'d>,
    mut passages: impl Iterator<Item = Passage<'d>>,
) -> Option<Passage<'d>> {
    match own_flow(own) {
        Flow::Attributes => {
            let kind = attribute_kind(document, own)?;
            passages
                .take(ATTRIBUTES)
                .take_while(|passage| passage.part() == Part::Attribute)
                .find(|passage| attribute_kind(document, passage) == Some(kind))
        }
        wanted @ Flow::Apart(..) => passages.next().filter(|passage| flow(passage) == wanted),
        wanted => passages.find(|passage| flow(passage) == wanted),
    }
}

/// The name of an attribute, the name of its element, and the element around that.
fn attribute_kind<'d>(
    document: &'d Document,
    passage: &Passage<'d>,
) -> Option<(&'d str, &'d str, Option<u32>)> {
    let (name, owner) = document.element(passage.element()?)?;
    let (element, parent) = document.element(owner?)?;
    Some((name, element, parent))
}
