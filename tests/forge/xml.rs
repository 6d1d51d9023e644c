//! Stories as XML exports of the families of marks-and-release.md E.3.

use super::story::{Block, Para, Places, Story};
use std::fmt::Write as _;

/// A family of XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// `report/section/para`.
    Generic,
    /// Tag values of an EDRM load file: text in attributes only.
    Edrm,
    /// Elements whose names end in `Text`.
    Niem,
    /// Words as attributes of an OCR result.
    Alto,
    /// A web page.
    Xhtml,
}

/// The export, and the line of every paragraph.
pub(crate) fn export(story: &Story, family: Family) -> (String, Places) {
    let mut writer = Writer { out: String::new(), places: Vec::new(), family };
    let (head, tail) = family.frame();
    writer.out = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{head}\n");
    for block in &story.blocks {
        writer.block(block);
    }
    writer.out += tail;
    (writer.out, writer.places)
}

impl Family {
    fn frame(self) -> (&'static str, &'static str) {
        match self {
            Self::Generic => ("<report>", "</report>\n"),
            Self::Edrm => (
                "<Root DataInterchangeType=\"Update\" MajorVersion=\"1\" MinorVersion=\"2\"><Batch><Documents>\n\
                 <Document DocID=\"DOC000001\" DocType=\"File\" MimeType=\"text/plain\"><Tags>",
                "</Tags></Document>\n</Documents></Batch></Root>\n",
            ),
            Self::Niem => (
                "<exch:IncidentReport xmlns:exch=\"urn:example:exchange:1.0\" \
                 xmlns:nc=\"http://release.niem.gov/niem/niem-core/5.0/\"><nc:Incident>",
                "</nc:Incident></exch:IncidentReport>\n",
            ),
            Self::Alto => (
                "<alto xmlns=\"http://www.loc.gov/standards/alto/ns-v4#\"><Layout><Page ID=\"P1\" \
                 WIDTH=\"2550\" HEIGHT=\"3300\"><PrintSpace>",
                "</PrintSpace></Page></Layout></alto>\n",
            ),
            Self::Xhtml => (
                "<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>Report of investigation</title></head>\n\
                 <body>",
                "</body></html>\n",
            ),
        }
    }

    /// What stands before and after a paragraph of a kind.
    fn around(self, kind: &str) -> (&'static str, &'static str) {
        match (self, kind) {
            (Self::Generic, "heading") => ("<heading>", "</heading>"),
            (Self::Generic, "item") => ("<item>", "</item>"),
            (Self::Generic, "cell") => ("<cell>", "</cell>"),
            (Self::Generic, _) => ("<para>", "</para>"),
            (Self::Edrm, _) => {
                ("<Tag TagName=\"Narrative\" TagDataType=\"Text\" TagValue=\"", "\"/>")
            }
            (Self::Niem, "heading") => ("<nc:ActivityNameText>", "</nc:ActivityNameText>"),
            (Self::Niem, "cell") => ("<nc:CommentText>", "</nc:CommentText>"),
            (Self::Niem, _) => ("<nc:ActivityDescriptionText>", "</nc:ActivityDescriptionText>"),
            (Self::Alto, _) => ("<TextBlock>", "</TextBlock>"),
            (Self::Xhtml, "heading") => ("<h2>", "</h2>"),
            (Self::Xhtml, "item") => ("<li>", "</li>"),
            (Self::Xhtml, "cell") => ("<td>", "</td>"),
            (Self::Xhtml, _) => ("<p>", "</p>"),
        }
    }

    /// What stands around a whole list, table or row, where the family has it.
    fn group(self, kind: &str) -> (&'static str, &'static str) {
        match (self, kind) {
            (Self::Generic, "row") => ("<row>", "</row>"),
            (Self::Xhtml, "row") => ("<tr>", "</tr>"),
            (Self::Generic | Self::Xhtml, "table") => ("<table>", "</table>"),
            (Self::Xhtml, "item") => ("<ol>", "</ol>"),
            _ => ("", ""),
        }
    }
}

struct Writer {
    out: String,
    places: Places,
    family: Family,
}

impl Writer {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(para) => self.para("heading", para),
            Block::Para(para) => self.para("para", para),
            Block::Item(_, para) => {
                let (open, close) = self.family.group("item");
                self.out += open;
                self.para("item", para);
                self.out += close;
            }
            Block::Table(rows) => self.table(rows),
            Block::FillPage | Block::PageBreak => {}
        }
    }

    fn table(&mut self, rows: &[Vec<Para>]) {
        let (table, row) = (self.family.group("table"), self.family.group("row"));
        self.out += table.0;
        for cells in rows {
            self.out += row.0;
            for cell in cells {
                self.para("cell", cell);
            }
            self.out += row.1;
        }
        self.out += table.1;
        self.out.push('\n');
    }

    fn para(&mut self, kind: &str, para: &Para) {
        let line = 1 + u32::try_from(self.out.matches('\n').count()).unwrap_or(0);
        self.places.push(vec![(0, line)]);
        let (open, close) = self.family.around(kind);
        self.out += open;
        match self.family {
            Family::Alto => self.words(&para.text),
            Family::Xhtml => self.out += &escaped(&para.text).replace('\n', "<br/>"),
            _ => self.out += &escaped(&para.text),
        }
        self.out += close;
        self.out.push('\n');
    }

    /// Lines of seven words, as a recogniser gives them.
    fn words(&mut self, text: &str) {
        for forced in text.split('\n') {
            let words: Vec<&str> = forced.split(' ').collect();
            for line in words.chunks(7) {
                self.out += "<TextLine>";
                for word in line {
                    let _ = write!(self.out, "<String CONTENT=\"{}\"/><SP/>", escaped(word));
                }
                self.out += "</TextLine>";
            }
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
