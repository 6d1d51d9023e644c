//! Tokens that may be marks (marks-and-release.md A.4). They never block a release by themselves.

use super::block::{Block, next, previous};
use super::ruling::floor;
use super::scope::begins_with_label;
use crate::analyse::text::slice;
use crate::model::{Document, Part, Passage};

/// How many blocks before an item `(E)` its `(D)` is looked for in.
const REACH: usize = 200;
/// How much of the end of each is looked at, in bytes.
const TAIL: usize = 2048;
/// How many passages after an attribute its element's own text is looked for in.
const NEAR: usize = 64;

/// What a token at the beginning of a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leading {
    /// The label of a list item.
    Label,
    /// Perhaps a mark on the wrong side.
    Misplaced,
    /// The same, and other blocks begin with it too.
    Repeated,
}

/// Whether a block that begins with `(E)` is an item of a list A, B, C, D.
pub(super) fn leading(document: &Document, passage: Passage<'_>) -> Leading {
    if next(document, passage)
        .is_some_and(|next| begins_with_label(next, "(F)") || begins_with_label(next, "(1)"))
    {
        return Leading::Label;
    }
    let mut at = passage;
    let mut repeated = false;
    for _ in 0..REACH {
        let Some(before) = previous(document, at) else { break };
        let text = before.text();
        let tail = slice(text, floor(text, text.len().saturating_sub(TAIL))..text.len());
        if begins_with_label(before, "(D)") || holds_label(tail, "(D)") {
            return Leading::Label;
        }
        // Nothing between two blocks that begin so is an item D: neither is an item E.
        if is_led(before) {
            repeated = !previous(document, before)
                .is_some_and(|earlier| begins_with_label(earlier, "(D)"));
            break;
        }
        at = before;
    }
    let again = std::iter::successors(Some(passage), |&at| next(document, at))
        .skip(1)
        .take(REACH)
        .find_map(|after| {
            if begins_with_label(after, "(F)") {
                Some(Leading::Label)
            } else {
                is_led(after).then_some(Leading::Repeated)
            }
        });
    match again {
        Some(Leading::Label) => Leading::Label,
        Some(_) => Leading::Repeated,
        None if repeated => Leading::Repeated,
        None => Leading::Misplaced,
    }
}

/// Whether a block begins with `(E)` and goes on; what is nothing else is a mark of its own.
fn is_led(passage: Passage<'_>) -> bool {
    begins_with_label(passage, "(E)") && passage.text().chars().any(char::is_lowercase)
}

/// Whether a label stands by itself in a text; `(b)(7)(D)` is a code.
fn holds_label(text: &str, label: &str) -> bool {
    let stands_alone = |at: usize| {
        let before = slice(text, 0..at);
        before.is_empty() || before.ends_with(char::is_whitespace)
    };
    text.match_indices(label).any(|(at, _)| stands_alone(at))
}

/// Whether a lone token is more likely what is left of an item E (R13).
pub(super) fn is_emptied_item(document: &Document, block: &Block<'_>) -> bool {
    let is_item = |passage: Option<Passage<'_>>, labels: [&str; 2]| {
        passage.is_some_and(|passage| labels.iter().any(|label| begins_with_label(passage, label)))
    };
    is_item(previous(document, block.passage), ["(D)", "(d)"])
        || is_item(next(document, block.passage), ["(F)", "(f)"])
}

/// Attributes that say that their element is exempt, with the passage they speak of where there is one.
pub(super) fn attributes(document: &Document) -> Vec<(Passage<'_>, Option<Passage<'_>>)> {
    document
        .passages()
        .filter(|passage| passage.part() == Part::Attribute && passage.text().len() <= 8)
        .filter(|passage| is_exempt_value(passage.text()))
        .filter_map(|passage| {
            let (name, parent) = document.element(passage.element()?)?;
            let name = name.to_ascii_lowercase();
            let says = ["exempt", "mark", "withhold"].iter().any(|word| name.contains(word));
            says.then(|| (passage, parent.and_then(|parent| text_of(document, passage, parent))))
        })
        .collect()
}

fn is_exempt_value(text: &str) -> bool {
    matches!(text.trim(), "E" | "(E)" | "true" | "True" | "TRUE")
}

/// The first passage after `attribute` that is text of `element` or of something inside it.
fn text_of<'d>(
    document: &'d Document,
    attribute: Passage<'d>,
    element: u32,
) -> Option<Passage<'d>> {
    let from = attribute.index() + 1;
    (from..from + NEAR).map_while(|index| document.passage(index)).find(|passage| {
        passage.part() != Part::Attribute && is_inside(document, passage.element(), element)
    })
}

fn is_inside(document: &Document, element: Option<u32>, outer: u32) -> bool {
    std::iter::successors(element, |&at| document.element(at).and_then(|(_, parent)| parent))
        .take(crate::analyse::exempt::MAX_ANCESTORS)
        .any(|at| at == outer)
}
