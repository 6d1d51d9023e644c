//! What a mark covers: the rows S1 to S17 of marks-and-release.md A.5.

use super::block::{Block, next, previous};
use super::margin;
use super::ruling::{Position, Ruling, floor};
use super::token::{Token, TokenKind};
use super::wording::without_footnote_call;
use crate::analyse::text::{ends_in_sign, sentences, slice, word_count};
use crate::model::{Block as Kind, Cell, Document, ListLabel, Passage};
use std::ops::Range;

/// How many list items an introduction takes along (S7).
const MAX_ITEMS: usize = 100;
/// How many cells of a row, to either side, and how many of a column are looked at.
const MAX_ROW: usize = 256;
/// The longest sentence, in bytes: how far back its beginning is looked for.
const MAX_SENTENCE: usize = 16 << 10;

/// What a mark covers.
#[derive(Clone, Debug, Default)]
pub(super) struct Scoped {
    /// `sentence`, `paragraph`, `page` or `none`.
    pub scope: &'static str,
    /// Bytes of `Document::text`, ascending, without list labels at their beginning.
    pub pieces: Vec<Range<usize>>,
    /// Another reading of what it covers, where there is more than one.
    pub other: Option<Vec<Range<usize>>>,
    /// Something a person should think of.
    pub note: Option<&'static str>,
}

/// What the mark `token` inside `block` covers.
pub(super) fn in_block(
    document: &Document,
    block: &Block<'_>,
    token: &Token,
    position: Position,
) -> Scoped {
    let start = block
        .own_line_before(token)
        .map_or_else(|| block.own_start(), |mark| block.end_of_mark(mark));
    let before = block.mark_before(token).filter(|mark| mark.range.start >= start);
    let from = before.map_or(start, |mark| block.end_of_mark(mark));
    let is_sentence = before.is_some()
        || matches!(
            position,
            Position::AfterSentence | Position::AfterRedaction | Position::Inside
        );
    let far = floor(block.text(), token.range.start.saturating_sub(MAX_SENTENCE));
    let whole = trimmed(block, if is_sentence { from.max(far) } else { from }..token.range.start);
    let inner = sentences(slice(block.text(), whole.clone()));
    let last = inner
        .last()
        .map_or(whole.clone(), |range| whole.start + range.start..whole.start + range.end);
    let one = |scope: &'static str, range: Range<usize>| Scoped {
        scope,
        pieces: vec![block.in_document(range)],
        ..Scoped::default()
    };
    match position {
        Position::AfterSentence | Position::AfterRedaction => one("sentence", last),
        Position::Inside => one("sentence", last.start..block.end_of_mark(token)),
        Position::AfterLast | Position::BlockEnd if before.is_some() => one("sentence", last),
        Position::OwnLine => one("paragraph", whole),
        Position::AfterLast | Position::BlockEnd => {
            let narrow = (inner.len() > 1).then(|| vec![block.in_document(last)]);
            let scoped =
                Scoped { other: narrow, note: note(block.passage), ..one("paragraph", whole) };
            with_items(document, block.passage, scoped)
        }
    }
}

/// `range` of the view without white space at its ends and without a footnote call at its end.
fn trimmed(block: &Block<'_>, range: Range<usize>) -> Range<usize> {
    let text = slice(block.text(), range.clone());
    let lead = text.len() - text.trim_start().len();
    let kept = without_footnote_call(text.trim_end());
    let start = range.start + lead.min(kept.len());
    start..(range.start + kept.len()).max(start)
}

fn note(passage: Passage<'_>) -> Option<&'static str> {
    (passage.block() == Kind::Heading).then_some("section-may-be-meant")
}

/// S7: an introduction that ends in a colon takes the list items after it along.
fn with_items(document: &Document, passage: Passage<'_>, mut scoped: Scoped) -> Scoped {
    let introduction = scoped.pieces.last().cloned().unwrap_or_default();
    if !slice(document.text(), introduction).trim_end().ends_with(':') {
        return scoped;
    }
    let mut at = passage;
    for _ in 0..MAX_ITEMS {
        let Some(item) = next(document, at) else { break };
        let block = Block::new(document, item);
        let passes = block.is_lone();
        // An item that is marked itself and has items of its own is an introduction again.
        let opens_again = item.text().trim_end().trim_end_matches("(E)").trim_end().ends_with(':');
        if opens_again {
            break;
        }
        if !passes && item.block() != Kind::ListItem {
            break;
        }
        if !passes {
            scoped.pieces.push(whole_block(&block));
        }
        at = item;
    }
    scoped
}

/// All of a block, without its list label and without a mark at its end.
pub(super) fn whole_block(block: &Block<'_>) -> Range<usize> {
    let end = block
        .tokens
        .last()
        .filter(|(token, ruling)| {
            token.kind == TokenKind::Firm
                && matches!(ruling, Ruling::Mark(Position::AfterLast | Position::BlockEnd))
        })
        .map_or(block.text().len(), |(token, _)| token.range.start);
    block.in_document(trimmed(block, block.own_start()..end))
}

/// What a mark alone in its block covers; nothing where the token is no mark after all.
pub(super) fn lone(document: &Document, block: &Block<'_>) -> Option<Scoped> {
    let passage = block.passage;
    if let Some(cell) = passage.cell() {
        let before = passage.index().checked_sub(1).and_then(|at| document.passage(at));
        return match before.filter(|before| before.cell() == Some(cell)) {
            // A cell of several paragraphs: the one before the mark (S6).
            Some(before) if Block::new(document, before).is_lone() => None,
            Some(before) => Some(paragraph(document, before)),
            None => row(document, passage, cell),
        };
    }
    if let Some(beside) = margin::block_beside(document, passage) {
        return Some(paragraph(document, beside));
    }
    if is_exhibit_page(document, passage) {
        return Some(Scoped { scope: "page", ..Scoped::default() });
    }
    let Some(before) = previous(document, passage) else {
        return Some(Scoped { scope: "none", ..Scoped::default() });
    };
    if Block::new(document, before).is_lone() {
        return None;
    }
    if is_placeholder(before.text()) {
        return Some(Scoped { scope: "page", ..Scoped::default() });
    }
    Some(paragraph(document, before))
}

/// Whether a block that begins with a mark goes on with a paragraph of the page before (S14): it is the first of its
/// page, and what stands before it ends in a sentence.
pub(super) fn opens_page(document: &Document, passage: Passage<'_>) -> bool {
    let page = passage.page();
    page > 1
        && previous(document, passage).is_some_and(|before| {
            before.page() + 1 == page
                && before.block() == Kind::Paragraph
                && before.text().trim_end().ends_with(['.', '!', '?', '”', '"'])
        })
}

/// The last sentence of the page before.
pub(super) fn across_page(document: &Document, passage: Passage<'_>) -> Option<Scoped> {
    let before = previous(document, passage)?;
    let whole = whole_block(&Block::new(document, before));
    let text = slice(document.text(), whole.clone());
    let last = sentences(text)
        .last()
        .map_or(whole.clone(), |range| whole.start + range.start..whole.start + range.end);
    Some(Scoped { scope: "sentence", pieces: vec![last], ..Scoped::default() })
}

fn paragraph(document: &Document, passage: Passage<'_>) -> Scoped {
    let block = Block::new(document, passage);
    let scoped = Scoped {
        scope: "paragraph",
        pieces: vec![whole_block(&block)],
        other: (passage.block() == Kind::ListItem).then(|| list(document, passage)),
        note: note(passage),
    };
    with_items(document, passage, scoped)
}

/// S8: the other reading of a mark after the last item, the whole list.
fn list(document: &Document, last: Passage<'_>) -> Vec<Range<usize>> {
    let mut pieces = vec![whole_block(&Block::new(document, last))];
    let mut at = last;
    for _ in 0..MAX_ITEMS {
        let Some(before) = previous(document, at) else { break };
        let is_item = before.block() == Kind::ListItem;
        if !is_item && !before.text().trim_end().ends_with(':') {
            break;
        }
        pieces.push(whole_block(&Block::new(document, before)));
        if !is_item {
            break;
        }
        at = before;
    }
    pieces.reverse();
    pieces
}

/// S10: the other cells of the row that hold three words or more. A column that holds other letters in brackets
/// too is a column of status letters.
fn row(document: &Document, passage: Passage<'_>, cell: Cell) -> Option<Scoped> {
    let in_row = |index: usize| {
        let other = document.passage(index)?;
        let at = other.cell()?;
        (at.table == cell.table && at.row == cell.row).then_some(other)
    };
    let own = passage.index();
    let first = own.saturating_sub(MAX_ROW);
    let mut cells: Vec<Passage<'_>> = (first..own).rev().map_while(in_row).collect();
    cells.reverse();
    cells.extend((own + 1..own + MAX_ROW).map_while(in_row));
    let pieces: Vec<Range<usize>> = cells
        .into_iter()
        .map(|other| (other, whole_block(&Block::new(document, other))))
        .filter(|(other, range)| {
            word_count(slice(document.text(), range.clone())) >= 3 || ends_in_sign(other.text())
        })
        .map(|(_, range)| range)
        .collect();
    if pieces.is_empty() || is_status_column(document, passage, cell) {
        return None;
    }
    Some(Scoped { scope: "paragraph", pieces, ..Scoped::default() })
}

/// Whether other cells near by in the column hold other letters in brackets.
fn is_status_column(document: &Document, passage: Passage<'_>, cell: Cell) -> bool {
    let first = passage.index().saturating_sub(MAX_ROW);
    (first..passage.index() + MAX_ROW).filter_map(|index| document.passage(index)).any(|other| {
        let text = other.text().trim();
        let is_other_letter = text != "(E)" && is_letter_in_brackets(text);
        is_other_letter
            && other.cell().is_some_and(|at| at.table == cell.table && at.column == cell.column)
    })
}

fn is_letter_in_brackets(text: &str) -> bool {
    matches!(text.as_bytes(), [b'(', letter, b')'] if letter.is_ascii_uppercase())
}

/// S17: nothing but a caption stands on the mark's page beside it.
fn is_exhibit_page(document: &Document, mark: Passage<'_>) -> bool {
    let page = mark.page();
    if page == 0 {
        return false;
    }
    let on_page = |passage: &Passage<'_>| passage.page() == page;
    let mut at = Some(mark);
    let mut captions = 0;
    while let Some(before) = at.and_then(|at| previous(document, at)).filter(on_page) {
        if !is_caption(before.text()) {
            return false;
        }
        captions += 1;
        at = Some(before);
    }
    let follows =
        next(document, mark).filter(on_page).is_some_and(|after| !is_caption(after.text()));
    captions > 0 && captions <= 4 && !follows
}

/// `[photograph]`, `[Image 3]`: where a converter says that a picture stood.
fn is_placeholder(text: &str) -> bool {
    let inner = text.trim().strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    inner.is_some_and(|inner| !inner.contains(']') && is_caption(inner))
}

fn is_caption(text: &str) -> bool {
    let text = text.trim();
    let first =
        text.split(|c: char| !c.is_alphabetic()).find(|word| !word.is_empty()).unwrap_or_default();
    let names = [
        "exhibit",
        "figure",
        "fig",
        "photo",
        "photograph",
        "picture",
        "image",
        "chart",
        "diagram",
        "map",
        "sketch",
        "drawing",
        "attachment",
        "enclosure",
    ];
    names.contains(&first.to_ascii_lowercase().as_str())
        && text.split_whitespace().count() <= 12
        && !text.ends_with('.')
}

/// Whether a block begins with the list label `label`, such as `(D)`, or is nothing else (R13).
pub(super) fn begins_with_label(passage: Passage<'_>, label: &str) -> bool {
    let text = passage.text().trim_start();
    let own =
        ListLabel::parse(text).filter(|_| !text.starts_with('(')).map_or(0, |label| label.len);
    text.starts_with(label) || slice(text, own..text.len()).starts_with(label)
}
