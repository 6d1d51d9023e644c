//! The sample packets under `corpus/packages`, each with its `.expected.yaml` beside it.

mod markings;
mod outcomes;
mod samples;
mod scopes;

use super::Files;
use super::expected::Expected;
use super::formats::styles;
use super::marks;
use super::pdf::compose::compose;
use super::story::{Block, Para, Story, para};
use super::text;
use super::xml::{self, Family};

/// Adds every packet.
pub(crate) fn add(files: &mut Files) {
    samples::add(files);
    marked_pdf(files);
    marked_xml(files);
    marked_text(files);
    look_alikes(files);
    directive(files);
    markings::add(files);
    outcomes::add(files);
    scopes::add(files);
}

/// A packet in the making.
pub(crate) struct Packet {
    name: &'static str,
    files: Files,
    /// What a check has to say.
    pub(crate) expected: Expected,
}

impl Packet {
    /// An empty packet whose marks of exemption are all listed.
    pub(crate) fn new(name: &'static str, about: &str, verdict: &'static str) -> Self {
        Self { name, files: Files::new(), expected: Expected::exempt(about, verdict) }
    }

    /// Adds a file.
    pub(crate) fn file(&mut self, name: &str, bytes: impl Into<Vec<u8>>) {
        self.files.insert(name.to_owned(), bytes.into());
    }

    /// Adds a story as a PDF.
    pub(crate) fn pdf(&mut self, name: &str, story: &Story, style: super::pdf::compose::Style) {
        let (bytes, places) = compose(story, style);
        self.expected.take(story, name, "page", &places);
        self.file(name, bytes);
    }

    /// Adds a story as plain text.
    pub(crate) fn plain(&mut self, name: &str, story: &Story) {
        let (text, places) = text::plain(story);
        self.expected.take(story, name, "line", &places);
        self.file(name, text);
    }

    /// Adds a story as an XML export.
    pub(crate) fn xml(&mut self, name: &str, story: &Story, family: Family) {
        let (text, places) = xml::export(story, family);
        self.expected.take(story, name, "line", &places);
        self.file(name, text);
    }

    /// Puts the packet among the corpus files.
    pub(crate) fn close(self, into: &mut Files) {
        for (name, bytes) in self.files {
            into.insert(format!("packages/{}/{name}", self.name), bytes);
        }
        let path = format!("packages/{}.expected.yaml", self.name);
        into.insert(path, self.expected.to_yaml().into_bytes());
    }
}

/// Every position of the mark, in one record.
fn casebook(control: u64) -> Story {
    let blocks = [
        marks::sentences_and_paragraphs(),
        marks::tokens(),
        marks::lists_and_tables(),
        marks::redactions(),
        marks::over_pages(),
    ];
    Story::new(control, blocks.concat())
}

/// The same for formats in which every stretch of text stands alone: no mark that has a cell or an attribute for
/// itself (A.5 S10 would ask for its neighbours), none with too few words to be read as text (E.3).
fn casebook_in_pieces() -> Story {
    let mut story = casebook(0);
    let is_lone = |block: &Block| matches!(block, Block::Para(para) if para.text == "(E)");
    let mut blocks: Vec<Block> = Vec::new();
    for block in story.blocks {
        if is_lone(&block) {
            blocks.pop();
        } else if !matches!(&block, Block::Para(para) if para.text == "[REDACTED] (E)") {
            blocks.push(block);
        }
        if matches!(blocks.last(), Some(Block::PageBreak)) {
            blocks.pop();
        }
    }
    story.blocks = blocks;
    story
}

fn marked_pdf(files: &mut Files) {
    let about = "Every position and status of the mark, set in every way of making a PDF.";
    let mut packet = Packet::new("marks-pdf", about, "obstructed");
    for (index, (name, style)) in (1u64..).zip(styles()) {
        packet.pdf(&format!("{name}.pdf"), &casebook(70_000 + index * 100), style);
    }
    packet.close(files);
}

fn marked_xml(files: &mut Files) {
    let about = "Every position and status of the mark, in every family of XML.";
    let mut packet = Packet::new("marks-xml", about, "obstructed");
    packet.xml("generic.xml", &casebook(0), Family::Generic);
    packet.xml("niem.xml", &casebook(0), Family::Niem);
    packet.xml("alto.xml", &casebook(0), Family::Alto);
    packet.xml("page.xhtml", &casebook(0), Family::Xhtml);
    packet.xml("edrm.xml", &casebook_in_pieces(), Family::Edrm);
    packet.close(files);
}

fn marked_text(files: &mut Files) {
    let about = "Every position and status of the mark, in text, in a table and in a load file.";
    let mut packet = Packet::new("marks-text", about, "obstructed");
    packet.plain("report.txt", &casebook(81_000));
    let pieces = casebook_in_pieces();
    let (csv, places) = text::csv(&pieces);
    packet.expected.take(&pieces, "narrative.csv", "line", &places);
    packet.file("narrative.csv", csv);
    let story = casebook(82_000);
    let (dat, places) = text::concordance(&[&story]);
    packet.expected.take(&story, "load.dat", "line", &places);
    packet.file("load.dat", dat);
    packet.close(files);
}

fn look_alikes(files: &mut Files) {
    let about = "What looks like the mark and is not: citations, lists, exhibits, legends, forms, compass points.";
    let mut packet = Packet::new("look-alikes", about, "clear");
    let whole = Story::new(83_000, marks::look_alikes());
    for (name, style) in styles() {
        packet.pdf(&format!("{name}.pdf"), &whole, style);
    }
    packet.plain("log.txt", &whole);
    packet.xml("log.xml", &whole, Family::Generic);
    packet.xml("log.xhtml", &whole, Family::Xhtml);
    let mut pieces = whole.clone();
    pieces.blocks.retain(|block| !matches!(block, Block::Table(_)));
    packet.xml("niem.xml", &pieces, Family::Niem);
    packet.xml("edrm.xml", &pieces, Family::Edrm);
    packet.xml("alto.xml", &pieces, Family::Alto);
    packet.file("log.csv", text::csv(&whole).0);
    packet.file("load.dat", text::concordance(&[&pieces]).0);
    packet.close(files);
}

/// The directive's own text: it speaks of the mark and carries none.
fn directive(files: &mut Files) {
    let blocks = include_str!("directive.txt").lines().map(|line| match line {
        "<page>" => Block::PageBreak,
        _ => Block::Para(para(line.replace('\t', " "))),
    });
    let story = Story::new(25_240, blocks.collect());
    let about = "The directive that the mark comes from, as text, PDF and XML.";
    let mut packet = Packet::new("directive", about, "clear");
    packet.plain("directive.txt", &story);
    packet.xml("directive.xml", &story, Family::Generic);
    packet.pdf("directive.pdf", &story, super::formats::times());
    packet.close(files);
}

/// The head of a report of investigation.
pub(crate) fn head(case: &str, subject: &str) -> Vec<Block> {
    let line = |text: String| Block::Para(para(text));
    vec![
        Block::Heading(para("REPORT OF INVESTIGATION")),
        line(format!("CASE NUMBER: {case}")),
        line(format!("CASE TITLE: {subject}")),
        line("TYPE OF REPORT: Final".to_owned()),
        line("REPORTED BY: A. Poe, Fictitious Field Office".to_owned()),
        Block::Heading(para("SYNOPSIS")),
    ]
}

/// Numbered paragraphs.
pub(crate) fn numbered(paras: Vec<Para>) -> Vec<Block> {
    const LABELS: [&str; 12] =
        ["1.", "2.", "3.", "4.", "5.", "6.", "7.", "8.", "9.", "10.", "11.", "12."];
    LABELS.into_iter().zip(paras).map(|(label, para)| Block::Item(label, para)).collect()
}
