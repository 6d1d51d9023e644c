//! What the reader of plain text makes of text: blocks, pages, tables, and exact bytes.

use super::*;
use crate::model::{Block, Part, Place, Span};

fn read(text: &str) -> Document {
    read_bytes(text.as_bytes())
}

fn read_bytes(bytes: &[u8]) -> Document {
    let noted = Plain.extract(bytes, &Budget::default());
    assert!(noted.notices.is_empty());
    noted.value
}

fn blocks(text: &str) -> Vec<(Block, String)> {
    read(text).passages().map(|passage| (passage.block(), passage.text().to_owned())).collect()
}

fn expected(blocks: &[(Block, &str)]) -> Vec<(Block, String)> {
    blocks.iter().map(|(block, text)| (*block, (*text).to_owned())).collect()
}

#[test]
fn paragraphs_keep_their_wrapped_lines_and_lists_fall_into_items() {
    use Block::{Heading, ListItem, Paragraph};
    let cases: &[(&str, &[(Block, &str)])] = &[
        (
            "One line\nwraps here.\n\nTwo.\n",
            &[(Paragraph, "One line\nwraps here."), (Paragraph, "Two.")],
        ),
        ("a\r\nb.\r\n\r\nc.", &[(Paragraph, "a\nb."), (Paragraph, "c.")]),
        (
            "1. One.\n2. Two\n   goes on.\n3. Three.",
            &[(ListItem, "1. One."), (ListItem, "2. Two\n   goes on."), (ListItem, "3. Three.")],
        ),
        (
            "Methods:\n- a van\n- a car\n",
            &[(Paragraph, "Methods:"), (ListItem, "- a van"), (ListItem, "- a car")],
        ),
        (
            "The source saw it.\n(E) Agents followed.",
            &[(Paragraph, "The source saw it.\n(E) Agents followed.")],
        ),
        ("(D) One. (E)\n(E) Two.", &[(ListItem, "(D) One. (E)"), (ListItem, "(E) Two.")]),
        (
            "SYNOPSIS\nThe unit opened the case.",
            &[(Heading, "SYNOPSIS"), (Paragraph, "The unit opened the case.")],
        ),
        ("Name: Roe\nGrade: (E)\n", &[(Paragraph, "Name: Roe"), (Paragraph, "Grade: (E)")]),
        ("He was seen by\n2. officers there", &[(Paragraph, "He was seen by\n2. officers there")]),
    ];
    for (text, wanted) in cases {
        assert_eq!(blocks(text), expected(wanted), "{text:?}");
    }
}

#[test]
fn a_paragraph_runs_over_a_page_break_and_its_furniture() {
    let text = "It would arrive at the dock on the\n\n- 4 -\n\u{c}RELEASE OF RECORDS\nREL0000099901\nfollowing day. (E)\n\nNext.";
    let document = read(text);
    let parts: Vec<_> = document
        .passages()
        .map(|passage| (passage.part(), passage.page(), passage.text()))
        .collect();
    assert_eq!(
        parts,
        [
            (Part::Body, 1, "It would arrive at the dock on the\nfollowing day. (E)"),
            (Part::Footer, 1, "- 4 -"),
            (Part::Header, 2, "RELEASE OF RECORDS"),
            (Part::Header, 2, "REL0000099901"),
            (Part::Body, 2, "Next."),
        ]
    );
    assert_eq!(document.pages, 2);
}

#[test]
fn a_mark_at_the_end_of_a_page_ends_its_paragraph() {
    let text = "The camera was placed. (E)\n\n- 7 -\n\u{c}REL0000099903\nIt ran for nine days.";
    let body: Vec<String> = read(text)
        .passages()
        .filter(|passage| passage.part() == Part::Body)
        .map(|passage| passage.text().to_owned())
        .collect();
    assert_eq!(body, ["The camera was placed. (E)", "It ran for nine days."]);
}

fn cells(text: &str) -> Vec<(u32, u32, String)> {
    read(text)
        .passages()
        .filter_map(|passage| {
            passage.cell().map(|cell| (cell.row, cell.column, passage.text().to_owned()))
        })
        .collect()
}

#[test]
fn tab_stops_and_delimiters_make_cells() {
    let cell = |row, column, text: &str| (row, column, text.to_owned());
    assert_eq!(
        cells("Interview\tSource named him. (E)\nRecords\tNone.\n"),
        [
            cell(0, 0, "Interview"),
            cell(0, 1, "Source named him. (E)"),
            cell(1, 0, "Records"),
            cell(1, 1, "None.")
        ]
    );
    assert_eq!(
        cells("id,note\r\n1,\"He said \"\"go\"\", then left\"\r\n2,\"a\nb\n\nc\"\r\n"),
        [
            cell(0, 0, "id"),
            cell(0, 1, "note"),
            cell(1, 0, "1"),
            cell(1, 1, "He said \"go\", then left"),
            cell(2, 0, "2"),
            cell(2, 1, "a\nb"),
            cell(2, 1, "c"),
        ]
    );
    assert_eq!(
        cells("þDOCIDþ\u{14}þTEXTþ\nþA1þ\u{14}þFirst.®Second.®®Third.þ\n"),
        [
            cell(0, 0, "DOCID"),
            cell(0, 1, "TEXT"),
            cell(1, 0, "A1"),
            cell(1, 1, "First.\nSecond."),
            cell(1, 1, "Third."),
        ]
    );
    assert!(cells("Roe, Jane was there.\nDoe, John was not.\n").is_empty());
}

#[test]
fn a_cell_leads_back_to_its_bytes_through_quotes() {
    let text = "id,note\n1,\"He said \"\"go\"\" twice\"\n";
    let document = read(text);
    let last = document.passages().last().unwrap();
    let at = last.range().start + last.text().find("twice").unwrap();
    let location = document.locate(at..at + 5);
    let start = text.find("twice").unwrap() as u64;
    assert_eq!(location.span, Some(Span { start, end: start + 5 }));
    assert_eq!(location.place, Place::Line { line: 2, column: 19 });
}

#[test]
fn binary_data_is_not_text() {
    for bytes in [b"%PDF-1.7".as_slice(), b"\x00\x01\x02", b"BZh91AY", b"\x01\x02\x03\x04abc"] {
        assert!(!Plain.recognises(bytes));
    }
    for bytes in [b"plain".as_slice(), b"\xff\xfea\0", b"caf\xe9", b"a\0b\0c\0d\0"] {
        assert!(Plain.recognises(bytes), "{bytes:?}");
    }
}

#[test]
fn one_endless_line_is_cut_into_bounded_passages_and_loses_nothing() {
    let text = "word ".repeat(1 << 19);
    let document = read(&text);
    assert!(document.passage_count() > 1);
    assert!(document.passages().all(|passage| passage.text().len() <= 1 << 20));
    let words: usize =
        document.passages().map(|passage| passage.text().split_whitespace().count()).sum();
    assert_eq!(words, 1 << 19);
}

#[test]
fn a_budget_that_ran_out_is_said() {
    let noted = Plain.extract(b"One.\n\nTwo.\n", &Budget::new(std::time::Duration::ZERO));
    assert!(noted.notices.iter().any(|notice| notice.blocking));
}
