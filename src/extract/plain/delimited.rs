//! CSV and its kin, and Concordance DAT load files (marks-and-release.md E.2): every field a table cell.

use super::writer::{Writer, index};
use crate::model::Cell;
use std::ops::Range;

/// How much of a text is looked at to find its dialect, in bytes and in records.
const SNIFFED_BYTES: usize = 64 << 10;
const SNIFFED_RECORDS: usize = 40;

/// How fields and records are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    delimiter: char,
    quote: char,
    /// The character that stands for a line break inside a field.
    line_break: Option<char>,
}

/// Concordance: 0x14 between fields, þ around them, ® for a line break inside one.
const CONCORDANCE: Dialect = Dialect { delimiter: '\u{14}', quote: 'þ', line_break: Some('®') };

/// The dialect of `text`, where it is a table at all.
pub(super) fn sniff(text: &str) -> Option<Dialect> {
    let first = text.lines().next().unwrap_or_default();
    if first.len() <= SNIFFED_BYTES && first.contains('\u{14}') && first.contains('þ') {
        return Some(CONCORDANCE);
    }
    let mut end = text.len().min(SNIFFED_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = text.get(..end)?;
    if !head.contains('\n') && !head.contains('\r') {
        return None;
    }
    [',', ';', '|', '\t']
        .into_iter()
        .map(|delimiter| Dialect { delimiter, quote: '"', line_break: None })
        .find(|dialect| is_table(head, *dialect, end < text.len()))
}

/// Whether the records of `head` all have the same number of fields, and their delimiters are not those of prose.
fn is_table(head: &str, dialect: Dialect, is_cut: bool) -> bool {
    let mut counts: Vec<usize> = Vec::new();
    let (mut at, mut spaced, mut delimiters, mut quoted) = (0, 0_usize, 0_usize, false);
    while at < head.len() && counts.len() < SNIFFED_RECORDS {
        let Some(record) = record(head, at, dialect) else { return false };
        let is_blank = head.get(at..record.end).is_some_and(|line| line.trim().is_empty());
        let is_broken_off = is_cut && record.next >= head.len();
        if !(is_blank || is_broken_off) {
            counts.push(record.fields.len());
            delimiters += record.fields.len() - 1;
            for field in record.fields.iter().skip(1) {
                spaced += usize::from(
                    !field.is_quoted
                        && head.get(field.whole.clone()).is_some_and(|text| text.starts_with(' ')),
                );
            }
            quoted |= record.fields.iter().any(|field| field.is_quoted);
        }
        at = record.next.max(at + 1);
    }
    let Some(&columns) = counts.first() else { return false };
    let even = counts.iter().filter(|&&count| count == columns).count();
    let is_even = columns >= 2 && counts.len() >= 2 && even * 10 >= counts.len() * 9;
    let is_prose = dialect.delimiter == ',' && spaced * 10 > delimiters * 3;
    // Rows of plain tab stops are told from text line by line (`block`).
    let is_known = dialect.delimiter != '\t' || quoted;
    let is_enough = matches!(dialect.delimiter, ',' | '\t') || counts.len() >= 3;
    is_even && !is_prose && is_known && is_enough
}

/// Reads the whole text as one table. Row 0 is the header row, where there is one.
pub(super) fn read(writer: &mut Writer<'_>, dialect: Dialect) {
    let table = writer.new_table();
    let (mut at, mut row) = (0, 0_u32);
    while let Some(record) = record(writer.text, at, dialect) {
        let mut was_filled = false;
        for (column, field) in record.fields.iter().enumerate() {
            was_filled |= !field.content.is_empty();
            let cell = Cell { table, row, column: index(column) };
            let gaps = gaps(writer.text, field, dialect);
            writer.cell(field.content.clone(), cell, 0, &gaps);
            if writer.is_over_time() {
                return;
            }
        }
        row = row.saturating_add(u32::from(was_filled));
        at = record.next;
    }
}

/// A record: its fields, where it ends, and where the next one begins.
struct Record {
    fields: Vec<Field>,
    end: usize,
    next: usize,
}

struct Field {
    /// With its quotes.
    whole: Range<usize>,
    /// Without them.
    content: Range<usize>,
    is_quoted: bool,
}

/// The record that begins at `at`; nothing at the end of the text.
fn record(text: &str, at: usize, dialect: Dialect) -> Option<Record> {
    if at >= text.len() {
        return None;
    }
    let mut fields = Vec::new();
    let mut from = at;
    loop {
        let field = field(text, from, dialect);
        let end = field.whole.end;
        fields.push(field);
        let rest = text.get(end..).unwrap_or_default();
        if rest.starts_with(dialect.delimiter) {
            from = end + dialect.delimiter.len_utf8();
            continue;
        }
        let next = if rest.starts_with("\r\n") { end + 2 } else { (end + 1).min(text.len()) };
        return Some(Record { fields, end, next });
    }
}

fn field(text: &str, at: usize, dialect: Dialect) -> Field {
    let rest = text.get(at..).unwrap_or_default();
    let stops = [dialect.delimiter, '\n', '\r'];
    if let Some(inner) = rest.strip_prefix(dialect.quote) {
        let start = at + dialect.quote.len_utf8();
        if let Some(len) = closing_quote(inner, dialect.quote) {
            let after = start + len + dialect.quote.len_utf8();
            // What stands between the closing quote and the delimiter belongs to no field; it is kept with this one.
            let tail = text.get(after..).unwrap_or_default();
            let extra = tail.find(stops).unwrap_or(tail.len());
            let content_end = if tail.get(..extra).is_some_and(|extra| extra.trim().is_empty()) {
                start + len
            } else {
                after + extra
            };
            return Field {
                whole: at..after + extra,
                content: start..content_end,
                is_quoted: true,
            };
        }
    }
    let end = at + rest.find(stops).unwrap_or(rest.len());
    Field { whole: at..end, content: at..end, is_quoted: false }
}

/// Where the quote that closes a field stands in `inner`; doubled quotes are passed over.
fn closing_quote(inner: &str, quote: char) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + inner.get(from..)?.find(quote)?;
        let after = at + quote.len_utf8();
        if !inner.get(after..)?.starts_with(quote) {
            return Some(at);
        }
        from = after + quote.len_utf8();
    }
}

/// What inside a field stands for something else: the second of two quotes for nothing, line breaks for one.
fn gaps(text: &str, field: &Field, dialect: Dialect) -> Vec<(Range<usize>, bool)> {
    let content = text.get(field.content.clone()).unwrap_or_default();
    let base = field.content.start;
    let mut gaps = Vec::new();
    let mut from = 0;
    let is_special = |c: char| {
        (field.is_quoted && c == dialect.quote)
            || matches!(c, '\n' | '\r')
            || Some(c) == dialect.line_break
    };
    while let Some((at, found)) = content.get(from..).and_then(|rest| {
        let at = rest.find(is_special)?;
        rest.get(at..)?.chars().next().map(|found| (from + at, found))
    }) {
        let after = at + found.len_utf8();
        let rest = content.get(after..).unwrap_or_default();
        from = if found == dialect.quote {
            if rest.starts_with(dialect.quote) {
                gaps.push((base + after..base + after + found.len_utf8(), false));
                after + found.len_utf8()
            } else {
                after
            }
        } else {
            let end = after + usize::from(found == '\r' && rest.starts_with('\n'));
            gaps.push((base + at..base + end, true));
            end
        };
    }
    gaps
}
