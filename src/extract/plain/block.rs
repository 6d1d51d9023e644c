//! From a group of lines without a blank line between them to blocks: paragraphs, list items, headings, table rows,
//! fields.

use super::furniture::is_capitals;
use super::writer::{Line, Writer, index};
use crate::model::{Block, Cell, ListLabel, Part};

/// Lines of a group that wraps are at least this long.
const WRAP_WIDTH: usize = 50;

/// Splits groups into blocks. Remembers the last list label: a list may have blank lines between its items.
#[derive(Default)]
pub(super) struct Splitter {
    last_label: Option<ListLabel>,
    table: Option<(u32, u32)>,
}

impl Splitter {
    /// Writes the blocks of a group.
    pub(super) fn write(&mut self, writer: &mut Writer<'_>, group: &[Line]) {
        let width = group.iter().map(|line| line.range().len()).max().unwrap_or(0);
        let fields = group.iter().filter(|line| is_field(writer.line(**line))).count();
        let has_fields = fields >= 2 && fields * 2 >= group.len();
        let mut open = Open::default();
        self.table = None;
        for &line in group {
            let text = writer.line(line);
            if is_row(text) {
                open.close(writer);
                self.row(writer, line);
                continue;
            }
            self.table = None;
            let label = ListLabel::parse(text).filter(|label| label.len < text.trim_end().len());
            let previous = open.lines.last().map(|last| writer.line(*last));
            let starts = match (label, previous) {
                (Some(_), None) => true,
                (Some(label), Some(previous)) => self.is_next_item(label, previous, &open),
                _ => false,
            };
            if starts {
                open.close(writer);
                open.block = Block::ListItem;
                self.last_label = label;
            } else if let Some(previous) = previous {
                let breaks = is_next_note(open.lines.first().map(|line| writer.line(*line)), text)
                    || open.ends_before(previous, text, width)
                    || (has_fields && is_field(text));
                if breaks {
                    open.close(writer);
                }
            }
            open.lines.push(line);
        }
        open.close(writer);
    }

    /// Whether a label at the beginning of a wrapped line is one: it goes on with the list, or opens one where a
    /// sentence or an introduction ends.
    fn is_next_item(&self, label: ListLabel, previous: &str, open: &Open) -> bool {
        if self.last_label.is_some_and(|last| label.follows(&last)) {
            return open.block == Block::ListItem || is_closed(previous) || !label.is_bullet();
        }
        label.is_first() && is_closed(previous)
    }

    fn row(&mut self, writer: &mut Writer<'_>, line: Line) {
        let (table, row) = self.table.unwrap_or_else(|| (writer.new_table(), 0));
        self.table = Some((table, row.saturating_add(1)));
        let text = writer.line(line);
        let mut start = line.start as usize;
        for (column, cell) in text.split('\t').enumerate() {
            let end = start + cell.trim_end().len();
            let place = Cell { table, row, column: index(column) };
            writer.cell(start..end, place, line.page, &[]);
            start += cell.len() + 1;
        }
    }
}

/// The block being gathered.
#[derive(Default)]
struct Open {
    lines: Vec<Line>,
    block: Block,
}

impl Open {
    fn close(&mut self, writer: &mut Writer<'_>) {
        let lines = std::mem::take(&mut self.lines);
        let block = match lines.as_slice() {
            [line] if self.block == Block::Paragraph && is_heading(writer.line(*line)) => {
                Block::Heading
            }
            _ => self.block,
        };
        writer.lines(&lines, Part::Body, block);
        self.block = Block::Paragraph;
    }

    /// Whether `text` is no continuation of the block whose last line is `previous`.
    fn ends_before(&self, previous: &str, text: &str, width: usize) -> bool {
        let is_capital = text.starts_with(|c: char| c.is_uppercase() || c == '"' || c == '“');
        if self.lines.len() == 1 && self.block == Block::Paragraph && is_capitals(previous) {
            return !is_capitals(text) && is_capital && text.chars().any(char::is_lowercase);
        }
        if self.block != Block::ListItem || !is_capital {
            return false;
        }
        let word = text.split_whitespace().next().map_or(0, str::len);
        let had_room = previous.trim_end().len() + 1 + word < width;
        is_closed(previous) && (width < WRAP_WIDTH || had_room)
    }
}

/// Whether a line ends a sentence: terminal punctuation, closing signs and a mark in brackets after it passed over.
pub(super) fn is_closed(line: &str) -> bool {
    let mut rest = line.trim_end();
    let mut had_group = false;
    loop {
        if rest.ends_with(['.', '!', '?', ':', ';', '…']) {
            return true;
        }
        let shorter = rest.trim_end_matches(['"', '\'', '”', '’', '»', ']']).trim_end();
        if shorter.len() < rest.len() {
            rest = shorter;
            continue;
        }
        let Some(open) = rest.strip_suffix(')') else { return had_group && rest.is_empty() };
        let start = open.rfind('(').unwrap_or(open.len());
        let group = open.get(start..).unwrap_or_default();
        // "(E)" passes; so does a bracket that closes a whole sentence.
        rest =
            if group.len() <= 6 { open.get(..start).unwrap_or_default().trim_end() } else { open };
        had_group = true;
    }
}

/// Whether a line begins with a list label and has text after it.
pub(super) fn is_item(line: &str) -> bool {
    ListLabel::parse(line).is_some_and(|label| label.len < line.trim_end().len())
        && !line.trim_start().starts_with("(E)")
}

/// Whether a line is a table row: tab stops between texts. A tab after a list label is none.
pub(super) fn is_row(line: &str) -> bool {
    if !line.contains('\t') {
        return false;
    }
    let label = ListLabel::parse(line).map_or(0, |label| label.len);
    line.get(label..).unwrap_or_default().trim().contains('\t')
}

/// Whether `line` is the next of a run of footnotes: `3 The source ...` is followed by `4 See ...`.
fn is_next_note(first: Option<&str>, line: &str) -> bool {
    let number = |text: &str| {
        let (digits, rest) = text.trim_start().split_once(' ')?;
        let sound = digits.len() <= 3 && rest.starts_with(|c: char| c.is_uppercase());
        digits.parse::<u32>().ok().filter(|_| sound)
    };
    first.and_then(number).zip(number(line)).is_some_and(|(first, next)| next == first + 1)
}

/// `Name: value`, the name in at most five words.
fn is_field(line: &str) -> bool {
    let Some((name, value)) = line.split_once(':') else { return false };
    let sound = name.len() <= 40
        && name.starts_with(|c: char| c.is_uppercase())
        && name.chars().all(|c| {
            c.is_alphanumeric() || matches!(c, ' ' | '/' | '-' | '.' | '#' | '&' | '(' | ')' | '\'')
        })
        && name.split_whitespace().count() <= 5;
    sound && (value.is_empty() || value.starts_with([' ', '\t']))
}

/// A line of its own that is short, begins with a capital and does not end a sentence.
fn is_heading(line: &str) -> bool {
    let line = line.trim();
    let bare = line.strip_suffix("(E)").unwrap_or(line).trim_end();
    let is_marked_up = bare.starts_with('#');
    let is_short = bare.len() <= 80 && bare.split_whitespace().count() <= 10;
    let reads_on = bare.ends_with(['.', '!', '?', ':', ';', ',', '…', '"', '”']);
    let begins = bare.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || c == '§');
    let has_word = bare.chars().filter(|c| c.is_alphabetic()).count() >= 3;
    is_marked_up || (!is_field(line) && is_short && begins && has_word && !reads_on)
}
