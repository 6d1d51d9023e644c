//! Stories as plain text with form feeds, as a CSV table and as a Concordance load file (marks-and-release.md E.2).

use super::story::{Block, Para, Places, Story, ledger_entry};
use std::fmt::Write as _;

const WIDTH: usize = 78;
const LINES: usize = 50;

/// Plain text, wrapped, with running titles and control numbers, and the line of every word.
pub(crate) fn plain(story: &Story) -> (String, Places) {
    let mut setter =
        Setter { out: String::new(), line: 1, on_page: 0, page: 0, places: Vec::new(), story };
    setter.header();
    for block in &story.blocks {
        match block {
            Block::Heading(para) | Block::Para(para) => setter.flow("", para),
            Block::Item(label, para) => setter.flow(label, para),
            Block::Table(rows) => setter.table(rows),
            Block::FillPage => setter.fill(),
            Block::PageBreak => setter.turn(),
        }
    }
    (setter.out, setter.places)
}

struct Setter<'a> {
    out: String,
    line: u32,
    on_page: usize,
    page: usize,
    places: Places,
    story: &'a Story,
}

impl Setter<'_> {
    fn end_line(&mut self) {
        self.out.push('\n');
        self.line += 1;
        self.on_page += 1;
    }

    fn write_line(&mut self, text: &str) {
        self.out += text;
        self.end_line();
    }

    fn header(&mut self) {
        let (title, number) = (self.story.title, self.story.control_number(self.page));
        if title.is_empty() {
            return;
        }
        self.write_line(title);
        if let Some(number) = number {
            self.write_line(&number);
        }
        self.end_line();
    }

    fn turn(&mut self) {
        let number = format!("- {} -", self.page + 1);
        self.end_line();
        self.write_line(&number);
        self.out.push('\u{C}');
        self.page += 1;
        self.on_page = 0;
        self.header();
    }

    fn fill(&mut self) {
        for number in 1.. {
            if self.on_page + 4 >= LINES {
                break;
            }
            self.write_line(&ledger_entry(number));
            self.end_line();
        }
    }

    fn flow(&mut self, label: &str, para: &Para) {
        let mut places = Vec::new();
        let mut column = label.len();
        self.out += label;
        let mut offset = 0;
        for (index, forced) in para.text.split('\n').enumerate() {
            if index > 0 {
                self.end_line();
                column = 0;
            }
            for word in forced.split(' ') {
                let length = word.chars().count();
                if column + 1 + length > WIDTH && column > 0 {
                    self.end_line();
                    column = 0;
                    if self.on_page >= LINES {
                        self.turn();
                    }
                }
                if column > 0 {
                    self.out.push(' ');
                    column += 1;
                }
                places.push((offset, self.line));
                self.out += word;
                column += length;
                offset += word.len() + 1;
            }
        }
        self.places.push(places);
        self.end_line();
        self.end_line();
    }

    /// Cells of a table, apart by tabs.
    fn table(&mut self, rows: &[Vec<Para>]) {
        for row in rows {
            let cells: Vec<&str> = row.iter().map(|cell| cell.text.as_str()).collect();
            self.places.extend(row.iter().map(|_| vec![(0, self.line)]));
            self.write_line(&cells.join("\t"));
        }
        self.end_line();
    }
}

/// A table with a row a paragraph, and the line of every paragraph.
pub(crate) fn csv(story: &Story) -> (String, Places) {
    let mut out = String::from("record,kind,text\r\n");
    let mut places = Vec::new();
    let mut line = 2;
    let mut push = |kind: &str, para: &Para, out: &mut String| {
        let (number, text) = (places.len() + 1, para.text.replace('"', "\"\""));
        let _ = write!(out, "{number},{kind},\"{text}\"\r\n");
        places.push(vec![(0, line)]);
        line += 1 + u32::try_from(para.text.matches('\n').count()).unwrap_or(0);
    };
    for block in &story.blocks {
        match block {
            Block::Heading(para) => push("heading", para, &mut out),
            Block::Para(para) => push("paragraph", para, &mut out),
            Block::Item(_, para) => push("item", para, &mut out),
            Block::Table(rows) => {
                rows.iter().flatten().for_each(|cell| push("cell", cell, &mut out));
            }
            Block::FillPage | Block::PageBreak => {}
        }
    }
    (out, places)
}

/// A Concordance load file in Windows-1252: one document a row, paragraphs apart by `®`.
pub(crate) fn concordance(stories: &[&Story]) -> (Vec<u8>, Places) {
    let row = |fields: &[String]| -> Vec<u8> {
        let mut out = Vec::new();
        for (index, field) in fields.iter().enumerate() {
            if index > 0 {
                out.push(0x14);
            }
            out.push(0xFE);
            out.extend(field.chars().map(|character| match character {
                '\n' => 0xAE,
                '\u{201C}' => 0x93,
                '\u{201D}' => 0x94,
                _ => u8::try_from(character as u32).unwrap_or(b'?'),
            }));
            out.push(0xFE);
        }
        out.extend(b"\r\n");
        out
    };
    let names = ["DOCID", "BEGDOC", "CUSTODIAN", "OCRTEXT"].map(str::to_owned);
    let mut out = row(&names);
    let mut places = Places::new();
    for (line, (index, story)) in (2u32..).zip(stories.iter().enumerate()) {
        let texts: Vec<&str> = story.paras().into_iter().map(|para| para.text.as_str()).collect();
        places.extend(texts.iter().map(|_| vec![(0, line)]));
        out.extend(row(&[
            format!("DOC{:06}", index + 1),
            story.control_number(0).unwrap_or_default(),
            "Fictitious Field Office".to_owned(),
            texts.join("\n\n"),
        ]));
    }
    (out, places)
}
