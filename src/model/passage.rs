//! Passages: the stretches of text that rules are run over.

use super::{Cell, Quad};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;

/// In what part of a document a passage stands (contract.md, `part`).
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The running text.
    #[default]
    Body,
    /// A running header, control numbers at the top of a page among them.
    Header,
    /// A running footer, page numbers and control numbers at the foot among them.
    Footer,
    /// A footnote.
    Footnote,
    /// A table cell.
    Table,
    /// A caption.
    Caption,
    /// A comment (XML comment, reviewer's comment).
    Comment,
    /// A PDF annotation's text.
    Annotation,
    /// A form field's name or value.
    FormField,
    /// Document metadata.
    Metadata,
    /// A bookmark (outline item, named destination, page label).
    Bookmark,
    /// The name or description of an attachment.
    Attachment,
    /// Alternate or replacement text.
    AltText,
    /// The file's own name.
    FileName,
    /// An XML attribute.
    Attribute,
    /// Speaker notes.
    SpeakerNotes,
    /// Tracked insertions and deletions.
    TrackedChange,
    /// Text recognised in a picture.
    Ocr,
    /// Anything else a recipient can extract: scripts, links, unreachable objects, processing instructions.
    Other,
}

impl Part {
    /// The word that stands for it in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Header => "header",
            Self::Footer => "footer",
            Self::Footnote => "footnote",
            Self::Table => "table",
            Self::Caption => "caption",
            Self::Comment => "comment",
            Self::Annotation => "annotation",
            Self::FormField => "form-field",
            Self::Metadata => "metadata",
            Self::Bookmark => "bookmark",
            Self::Attachment => "attachment",
            Self::AltText => "alt-text",
            Self::FileName => "file-name",
            Self::Attribute => "attribute",
            Self::SpeakerNotes => "speaker-notes",
            Self::TrackedChange => "tracked-change",
            Self::Ocr => "ocr",
            Self::Other => "other",
        }
    }
}

/// Whether a reader sees the passage (contract.md, `visibility`).
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Visibility {
    /// Seen.
    #[default]
    Shown,
    /// Under something opaque.
    Covered,
    /// Drawn, but not to be seen: render mode 3, no alpha, the colour of what lies under it.
    Invisible,
    /// Outside the clip.
    Clipped,
    /// Outside the page.
    OffPage,
    /// On a layer that is switched off.
    HiddenLayer,
    /// Too small to be seen.
    Micro,
    /// Never drawn: metadata, attributes, earlier revisions.
    Stored,
}

impl Visibility {
    /// The word that stands for it in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Covered => "covered",
            Self::Invisible => "invisible",
            Self::Clipped => "clipped",
            Self::OffPage => "off-page",
            Self::HiddenLayer => "hidden-layer",
            Self::Micro => "micro",
            Self::Stored => "stored",
        }
    }
}

/// What kind of block a passage is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Block {
    /// A paragraph; also what nothing better is known of.
    #[default]
    Paragraph,
    /// A heading or title.
    Heading,
    /// A list item, its label included.
    ListItem,
    /// A table cell; `Passage::cell` tells which.
    Cell,
    /// A footnote.
    Footnote,
    /// A line of its own: running header, control number, property.
    Line,
}

/// How a passage is to be opened in a `DocumentBuilder`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PassageSpec {
    /// In what part of the document.
    pub part: Part,
    /// Whether a reader sees it.
    pub visibility: Visibility,
    /// What kind of block.
    pub block: Block,
    /// The page it begins on, from 1; 0 where there are no pages.
    pub page: u32,
    /// Which table cell it is.
    pub cell: Option<Cell>,
    /// The element it stands in: an index given by `DocumentBuilder::element`.
    pub element: Option<u32>,
    /// The named place it stands at: an index given by `DocumentBuilder::place`.
    pub place: Option<u32>,
}

/// Where a piece of passage text comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// Bytes of `Source::text`. Of the same length as the piece: byte for byte; else the piece stands for the whole
    /// (a character reference, an entity).
    Source {
        /// First byte.
        start: u32,
        /// One past the last byte.
        end: u32,
    },
    /// A rectangle on a page; a part of the piece gets its share of the width, by characters.
    Page {
        /// From 1.
        page: u32,
        /// Around the glyphs.
        quad: Quad,
    },
}

/// A passage of a document.
#[derive(Clone, Copy)]
pub struct Passage<'a> {
    pub(super) text: &'a str,
    pub(super) start: usize,
    pub(super) index: usize,
    pub(super) spec: PassageSpec,
}

impl<'a> Passage<'a> {
    /// The text in clear; lines inside a paragraph are separated by `\n`.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Its bytes in `Document::text`.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// Its number in reading order, from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    /// In what part of the document it stands.
    pub fn part(&self) -> Part {
        self.spec.part
    }

    /// Whether a reader sees it.
    pub fn visibility(&self) -> Visibility {
        self.spec.visibility
    }

    /// What kind of block it is.
    pub fn block(&self) -> Block {
        self.spec.block
    }

    /// The page it begins on, from 1; 0 where there are no pages.
    pub fn page(&self) -> u32 {
        self.spec.page
    }

    /// Which table cell it is.
    pub fn cell(&self) -> Option<Cell> {
        self.spec.cell
    }

    /// Whether it stands at a named place: a property, a header, bytes.
    pub fn has_place(&self) -> bool {
        self.spec.place.is_some()
    }

    /// The element it stands in, an index into the document's elements.
    pub fn element(&self) -> Option<u32> {
        self.spec.element
    }
}

impl fmt::Debug for Passage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passage")
            .field("index", &self.index)
            .field("bytes", &self.text.len())
            .field("spec", &self.spec)
            .finish_non_exhaustive()
    }
}
