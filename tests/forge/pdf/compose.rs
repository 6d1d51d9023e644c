//! Sets a story on pages: line breaking, columns, tables, running titles and control numbers.

use super::super::story::{Block, Para, Places, Story, ledger_entry, para};
use super::font::Face;
use super::{Pdf, Storage};
use std::fmt::Write as _;

/// How the letters of a line are put on the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Showing {
    /// A whole line a string.
    #[default]
    Lines,
    /// Each word placed by itself, no spaces drawn.
    Words,
    /// Each letter placed by itself, no spaces drawn.
    Letters,
    /// `TJ` arrays: spaces as displacements, letters kerned.
    Kerned,
    /// Whole lines, drawn inside a form.
    Form,
}

/// How a page is framed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Frame {
    /// Letter, upright.
    #[default]
    Letter,
    /// Stored on its side, shown upright by `/Rotate`.
    Rotated,
    /// A media box that is larger than the crop box and begins below zero.
    Cropped,
}

/// A way of making a PDF.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// The face of the text.
    pub(crate) face: Face,
    /// How letters are placed.
    pub(crate) showing: Showing,
    /// How the file is put together.
    pub(crate) storage: Storage,
    /// How a page is framed.
    pub(crate) frame: Frame,
    /// 1 or 2.
    pub(crate) columns: u8,
    /// Whether tables have lines.
    pub(crate) ruled: bool,
    /// Of the text, in points.
    pub(crate) size: f32,
}

impl Style {
    /// Lines of a face at 11 points on letter paper.
    pub(crate) fn of(face: Face) -> Self {
        Self {
            face,
            showing: Showing::Lines,
            storage: Storage::Classic,
            frame: Frame::Letter,
            columns: 1,
            ruled: true,
            size: 11.0,
        }
    }
}

/// The page as shown, in points.
pub(crate) const PAPER: (f32, f32) = (612.0, 792.0);
const MARGIN: f32 = 72.0;
const GUTTER: f32 = 24.0;

/// A word on a page: its left edge and what it says.
struct Word {
    x: f32,
    text: String,
}

struct Line {
    y: f32,
    size: f32,
    bold: bool,
    words: Vec<Word>,
}

#[derive(Default)]
struct Page {
    lines: Vec<Line>,
    rules: Vec<[f32; 4]>,
}

/// The file, and the page of every word.
pub(crate) fn compose(story: &Story, style: Style) -> (Vec<u8>, Places) {
    let mut setter =
        Setter { style, pages: vec![Page::default()], column: 0, y: top(), places: Vec::new() };
    for block in &story.blocks {
        setter.block(block);
    }
    let mut pages = setter.pages;
    for (index, page) in pages.iter_mut().enumerate() {
        page.lines.extend(furniture(story, style, index));
    }
    (write(&pages, style), setter.places)
}

fn top() -> f32 {
    PAPER.1 - MARGIN - 20.0
}

struct Setter {
    style: Style,
    pages: Vec<Page>,
    column: u8,
    y: f32,
    places: Places,
}

impl Setter {
    fn leading(&self) -> f32 {
        self.style.size * 1.25
    }

    fn measure(&self) -> f32 {
        let columns = f32::from(self.style.columns);
        (PAPER.0 - 2.0 * MARGIN - GUTTER * (columns - 1.0)) / columns
    }

    fn left(&self) -> f32 {
        MARGIN + f32::from(self.column) * (self.measure() + GUTTER)
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(para) => {
                self.y -= self.leading() * 0.5;
                self.flow("", para, true);
            }
            Block::Para(para) => self.flow("", para, false),
            Block::Item(label, para) => self.flow(label, para, false),
            Block::Table(rows) => rows.iter().for_each(|row| self.row(row)),
            Block::FillPage => self.fill(),
            Block::PageBreak => self.new_page(),
        }
        self.y -= self.leading() * 0.6;
    }

    fn new_page(&mut self) {
        self.pages.push(Page::default());
        (self.column, self.y) = (0, top());
    }

    fn fill(&mut self) {
        for number in 1.. {
            if self.y - 4.0 * self.leading() < MARGIN {
                break;
            }
            self.flow("", &para(ledger_entry(number)), false);
            self.places.pop();
            self.y -= self.leading() * 0.6;
        }
    }

    fn make_room(&mut self, height: f32) {
        if self.y - height >= MARGIN {
            return;
        }
        if self.column + 1 < self.style.columns {
            self.column += 1;
            self.y = top();
        } else {
            self.new_page();
        }
    }

    fn flow(&mut self, label: &str, para: &Para, bold: bool) {
        let indent = if label.is_empty() { 0.0 } else { 22.0 };
        let lines = break_lines(&para.text, self.measure() - indent, self.style, bold);
        let mut places = Vec::new();
        for (index, line) in lines.into_iter().enumerate() {
            self.make_room(self.leading());
            let mut words: Vec<Word> = Vec::new();
            if index == 0 && !label.is_empty() {
                words.push(Word { x: self.left(), text: label.to_owned() });
            }
            for (offset, x, text) in line {
                places.push((offset, self.page_number()));
                words.push(Word { x: self.left() + indent + x, text });
            }
            self.push_line(words, bold);
            self.y -= self.leading();
        }
        self.places.push(places);
    }

    fn row(&mut self, cells: &[Para]) {
        let width = self.measure() / f32::from(u8::try_from(cells.len()).unwrap_or(1));
        let broken: Vec<_> = cells
            .iter()
            .map(|cell| break_lines(&cell.text, width - 10.0, self.style, false))
            .collect();
        let tallest = broken.iter().map(Vec::len).max().unwrap_or(1).max(1);
        let height = self.leading() * f32::from(u8::try_from(tallest).unwrap_or(1)) + 6.0;
        self.make_room(height);
        let (left, upper) = (self.left(), self.y + self.style.size);
        let mut x = left;
        for lines in broken {
            self.cell(lines, x + 5.0);
            if self.style.ruled {
                self.page().rules.push([x, upper - height + 2.0, width, height]);
            }
            x += width;
        }
        self.y -= height;
    }

    fn cell(&mut self, lines: Vec<Vec<(usize, f32, String)>>, left: f32) {
        let (start, page) = (self.y, self.page_number());
        let mut places = Vec::new();
        for line in lines {
            places.extend(line.iter().map(|&(offset, ..)| (offset, page)));
            let words = line.into_iter().map(|(_, x, text)| Word { x: left + x, text });
            let words = words.collect();
            self.push_line(words, false);
            self.y -= self.leading();
        }
        self.y = start;
        self.places.push(places);
    }

    fn push_line(&mut self, words: Vec<Word>, bold: bool) {
        let (y, size) = (self.y, self.style.size);
        self.page().lines.push(Line { y, size, bold, words });
    }

    fn page(&mut self) -> &mut Page {
        if self.pages.is_empty() {
            self.pages.push(Page::default());
        }
        let last = self.pages.len() - 1;
        &mut self.pages[last]
    }

    fn page_number(&self) -> u32 {
        u32::try_from(self.pages.len()).unwrap_or(0)
    }
}

/// Lines of words, each with its byte in the text and its left edge from the start of the line.
fn break_lines(
    text: &str,
    measure: f32,
    style: Style,
    bold: bool,
) -> Vec<Vec<(usize, f32, String)>> {
    let space = style.face.width(" ", style.size, bold);
    let mut lines = Vec::new();
    let mut start = 0;
    for forced in text.split('\n') {
        let (mut line, mut x, mut offset) = (Vec::new(), 0.0, start);
        for word in forced.split(' ') {
            let width = style.face.width(word, style.size, bold);
            if x + width > measure && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                x = 0.0;
            }
            if !word.is_empty() {
                line.push((offset, x, word.to_owned()));
            }
            x += width + space;
            offset += word.len() + 1;
        }
        lines.push(line);
        start += forced.len() + 1;
    }
    lines
}

/// The running title, the page number and the control number.
fn furniture(story: &Story, style: Style, page: usize) -> Vec<Line> {
    let line = |text: String, size: f32, y: f32, share: f32| {
        let width = style.face.width(&text, size, false);
        let x = MARGIN + (PAPER.0 - 2.0 * MARGIN - width) * share;
        Line { y, size, bold: false, words: words_of(&text, x, size, style) }
    };
    let mut lines = Vec::new();
    if !story.title.is_empty() {
        lines.push(line(story.title.to_owned(), 8.0, 756.0, 0.5));
    }
    lines.push(line(format!("- {} -", page + 1), 8.0, 40.0, 0.5));
    if let Some(number) = story.control_number(page) {
        lines.push(line(number, 8.0, 28.0, 1.0));
    }
    lines
}

fn words_of(text: &str, x: f32, size: f32, style: Style) -> Vec<Word> {
    let mut at = x;
    text.split(' ')
        .map(|word| {
            let left = at;
            at += style.face.width(&format!("{word} "), size, false);
            Word { x: left, text: word.to_owned() }
        })
        .collect()
}

fn write(pages: &[Page], style: Style) -> Vec<u8> {
    let mut pdf = Pdf::default();
    let root = pdf.reserve();
    let tree = pdf.reserve();
    let plain = style.face.write(&mut pdf, false);
    let bold = style.face.write(&mut pdf, true);
    let fonts = format!("/Font << /F1 {plain} 0 R /F2 {bold} 0 R >>");
    let mut kids = String::new();
    for page in pages {
        let content = content(page, style);
        let (drawn, resources) = if style.showing == Showing::Form {
            let form = pdf.packed(
                &format!(
                    "/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << {fonts} >>"
                ),
                &content,
            );
            (b"q /Body Do Q\n".to_vec(), format!("/XObject << /Body {form} 0 R >>"))
        } else {
            (content, fonts.clone())
        };
        let (boxes, matrix) = match style.frame {
            Frame::Letter => ("/MediaBox [0 0 612 792]", ""),
            Frame::Rotated => ("/MediaBox [0 0 792 612] /Rotate 90", "0 1 -1 0 792 0 cm\n"),
            Frame::Cropped => ("/MediaBox [-40 -40 700 840] /CropBox [0 0 612 792]", ""),
        };
        let stream = pdf.packed("", &[matrix.as_bytes(), &drawn].concat());
        let number = pdf.add(format!(
            "<< /Type /Page /Parent {tree} 0 R {boxes} /Resources << {resources} >> /Contents {stream} 0 R >>"
        ));
        let _ = write!(kids, "{number} 0 R ");
    }
    pdf.set(tree, format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len()));
    pdf.set(root, format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
    pdf.finish(root, style.storage)
}

fn content(page: &Page, style: Style) -> Vec<u8> {
    let mut out = b"0.6 w\n".to_vec();
    for [x, y, width, height] in &page.rules {
        out.extend(format!("{x:.2} {y:.2} {width:.2} {height:.2} re S\n").bytes());
    }
    for line in &page.lines {
        let face = if line.bold { "F2" } else { "F1" };
        out.extend(format!("BT /{face} {} Tf\n", line.size).bytes());
        match style.showing {
            Showing::Lines | Showing::Form => show_line(&mut out, line, style),
            Showing::Words => {
                for word in &line.words {
                    show_at(&mut out, word.x, line.y, &word.text, style.face);
                }
            }
            Showing::Letters => show_letters(&mut out, line, style),
            Showing::Kerned => show_kerned(&mut out, line, style),
        }
        out.extend(b"ET\n");
    }
    out
}

fn show_at(out: &mut Vec<u8>, x: f32, y: f32, text: &str, face: Face) {
    out.extend(format!("1 0 0 1 {x:.2} {y:.2} Tm ").bytes());
    out.extend(face.show(text));
    out.extend(b" Tj\n");
}

/// Words that follow one another at a space's distance make one string; a label and its text do not.
fn show_line(out: &mut Vec<u8>, line: &Line, style: Style) {
    let mut words = line.words.iter().peekable();
    while let Some(first) = words.next() {
        let mut text = first.text.clone();
        while let Some(next) = words.peek() {
            let end = first.x + style.face.width(&format!("{text} "), line.size, line.bold);
            if (next.x - end).abs() > 0.5 {
                break;
            }
            text = format!("{text} {}", next.text);
            words.next();
        }
        show_at(out, first.x, line.y, &text, style.face);
    }
}

fn show_letters(out: &mut Vec<u8>, line: &Line, style: Style) {
    for word in &line.words {
        let mut x = word.x;
        for letter in word.text.chars() {
            let text = letter.to_string();
            show_at(out, x, line.y, &text, style.face);
            x += style.face.width(&text, line.size, line.bold);
        }
    }
}

fn show_kerned(out: &mut Vec<u8>, line: &Line, style: Style) {
    let Some(first) = line.words.first() else { return };
    out.extend(format!("1 0 0 1 {:.2} {:.2} Tm [", first.x, line.y).bytes());
    let mut pen = first.x;
    for word in &line.words {
        let gap = (pen - word.x) * 1000.0 / line.size;
        if gap.abs() > 0.5 {
            out.extend(format!(" {gap:.1} ").bytes());
        }
        let letters: Vec<char> = word.text.chars().collect();
        for (index, pair) in letters.chunks(2).enumerate() {
            if index > 0 {
                // Kern in and out by turns, so that a word keeps its width but for one step.
                out.extend(if index % 2 == 1 { b" 18 ".iter() } else { b" -18 ".iter() });
            }
            out.extend(style.face.show(&pair.iter().collect::<String>()));
        }
        let kerned = if letters.len().div_ceil(2).is_multiple_of(2) { -18.0 } else { 0.0 };
        pen = word.x
            + style.face.width(&word.text, line.size, line.bold)
            + kerned * line.size / 1000.0;
    }
    out.extend(b"] TJ\n");
}
