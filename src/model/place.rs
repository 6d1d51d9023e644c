//! Places: what a person calls the spot (`page 3`, `line 12`), and the exact span behind it.

use serde::{Deserialize, Serialize};

/// A half-open range of bytes.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Span {
    /// First byte.
    pub start: u64,
    /// One past the last byte.
    pub end: u64,
}

/// An upright rectangle `[x0, y0, x1, y1]` in points (1/72 inch), origin at the top left of the page as shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
pub struct Quad(pub [f32; 4]);

/// A place in the terms of the artifact's own format (contract.md, `place`).
#[derive(Clone, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Place {
    /// A page of a paginated document.
    Page {
        /// From 1.
        page: u32,
        /// Rectangles that together cover the text; empty where the whole page is meant.
        quads: Vec<Quad>,
    },
    /// An element, attribute, comment or processing instruction of an XML document.
    Element {
        /// An `XPath` with positions and local names.
        element: String,
        /// From 1.
        line: u32,
        /// From 1, in characters.
        column: u32,
    },
    /// A place in plain text.
    Line {
        /// From 1.
        line: u32,
        /// From 1, in characters.
        column: u32,
    },
    /// A spreadsheet cell.
    Sheet {
        /// The sheet's name.
        sheet: String,
        /// Such as `B7`.
        cell: String,
    },
    /// A shape on a slide.
    Slide {
        /// From 1.
        slide: u32,
        /// The shape's name.
        shape: String,
    },
    /// A paragraph of a word-processing part.
    Paragraph {
        /// The part's name inside the container.
        part: String,
        /// From 1.
        paragraph: u32,
    },
    /// A mail header.
    Header {
        /// Its name.
        header: String,
    },
    /// A document property or another named value: `Info/Title`, `xmp:CreatorTool`, `bookmark 3`.
    Property {
        /// Its name.
        property: String,
    },
    /// Bytes of the artifact that belong to nothing else.
    Bytes {
        /// Where they lie.
        bytes: Span,
    },
}

impl Eq for Place {}

/// A place and the exact span behind it.
#[derive(Clone, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
pub struct Location {
    /// In the terms of the format.
    pub place: Place,
    /// For plain text and XML: bytes of the artifact as it lies on disk. For other formats: bytes of the passage text.
    pub span: Option<Span>,
}
