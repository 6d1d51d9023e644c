//! What an element means for the flow of text, by its name: the families of marks-and-release.md, E.3.

/// What an element is to its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing is known: a paragraph of its own, unless it stands in running text.
    Unknown,
    /// A paragraph, or something that holds paragraphs.
    Block,
    /// Part of the running text around it.
    Inline,
    /// The end of a line.
    Break,
    /// A tabulator or spaces.
    Space,
    /// A heading or title.
    Heading,
    /// An item of a list.
    Item,
    /// A footnote or note.
    Footnote,
    /// A caption.
    Caption,
    /// A table.
    Table,
    /// A row of a table.
    Row,
    /// A cell of a table.
    Cell,
    /// A cell, if it stands in a row.
    CellInRow,
    /// Script or style sheet: never shown.
    Script,
    /// Text that was deleted under change tracking.
    Deleted,
    /// The property that hides the run it stands in (`w:vanish`).
    Hides,
    /// Encoded bytes.
    Payload,
    /// A block of lines of words: ALTO `TextBlock`, PAGE `TextRegion`.
    Region,
    /// A line of words: `TextLine`.
    Line,
    /// A word: ALTO `String`, PAGE `Word`.
    Word,
    /// A part of a word: PAGE `Glyph`.
    Glyph,
    /// ALTO `SP`.
    WordSpace,
    /// ALTO `HYP`.
    Hyphen,
    /// PAGE `TextEquiv`, which repeats what the element around it says.
    Equivalent,
}

/// The vocabulary of the whole document, by its root.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Family {
    /// None of those below.
    #[default]
    Generic,
    /// XHTML, hOCR among it.
    Html,
    /// ALTO: words in attributes.
    Alto,
    /// PAGE: words in elements, text repeated at every level.
    Page,
}

impl Family {
    /// The family that a root element tells.
    pub(super) fn of_root(namespace: &str, local: &str) -> Self {
        match local {
            "html" => Self::Html,
            "alto" => Self::Alto,
            "PcGts" => Self::Page,
            _ if namespace == XHTML => Self::Html,
            _ => Self::Generic,
        }
    }
}

const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// What an element of this name is.
pub(super) fn role(family: Family, namespace: &str, local: &str) -> Role {
    if namespace.contains("wordprocessingml") {
        return word_processing(local);
    }
    if namespace.starts_with("urn:oasis:names:tc:opendocument") {
        return open_document(local);
    }
    match family {
        Family::Alto => alto(local).unwrap_or_else(|| generic(local)),
        Family::Page => page(local).unwrap_or_else(|| generic(local)),
        Family::Html => html(local).unwrap_or_else(|| generic(local)),
        Family::Generic if namespace == XHTML => html(local).unwrap_or_else(|| generic(local)),
        Family::Generic => generic(local),
    }
}

fn generic(local: &str) -> Role {
    let mut room = [0; 16];
    let Some(lower) = room.get_mut(..local.len()) else { return long(local) };
    lower.copy_from_slice(local.as_bytes());
    lower.make_ascii_lowercase();
    match std::str::from_utf8(lower).unwrap_or_default() {
        "b" | "i" | "u" | "s" | "em" | "strong" | "span" | "a" | "sub" | "sup" | "small"
        | "big" | "tt" | "font" | "strike" | "mark" | "bold" | "italic" | "underline" | "emph"
        | "hi" | "emphasis" | "superscript" | "subscript" | "abbr" | "acronym" | "ph" | "xref"
        | "smallcaps" | "inline" | "wbr" => Role::Inline,
        "br" | "lb" | "linebreak" | "line-break" => Role::Break,
        "title" | "head" | "heading" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "subtitle" => {
            Role::Heading
        }
        "li" | "item" | "listitem" | "list-item" => Role::Item,
        "footnote" | "fn" | "endnote" => Role::Footnote,
        "caption" | "figcaption" => Role::Caption,
        "table" | "informaltable" => Role::Table,
        "tr" | "row" | "tablerow" => Role::Row,
        "td" | "th" | "tablecell" => Role::Cell,
        "cell" | "entry" => Role::CellInRow,
        "p" | "para" | "paragraph" | "note" | "div" | "section" | "ul" | "ol" | "dl" | "list"
        | "body" | "chapter" | "simplesect" | "simpara" | "blockquote" | "figure" | "address"
        | "pre" | "sect1" | "sect2" | "sect3" | "itemizedlist" | "orderedlist" | "tbody"
        | "thead" | "tfoot" | "tgroup" | "html" | "dt" | "dd" => Role::Block,
        "bindata" | "inlinecontent" | "base64binary" | "base64" | "fcontent" | "binaryobject" => {
            Role::Payload
        }
        _ => Role::Unknown,
    }
}

fn long(local: &str) -> Role {
    if local.contains("Base64") || local.contains("base64") || local.contains("BinaryObject") {
        Role::Payload
    } else {
        Role::Unknown
    }
}

fn html(local: &str) -> Option<Role> {
    Some(match local {
        "code" | "q" | "cite" | "dfn" | "kbd" | "samp" | "var" | "time" | "data" | "label"
        | "bdi" | "bdo" | "ruby" | "rb" | "rt" | "rp" | "del" | "ins" | "img" | "button"
        | "input" | "select" | "option" | "object" | "map" | "area" | "svg" | "math" => {
            Role::Inline
        }
        "script" | "style" | "template" => Role::Script,
        // The parts of a page, and what lays it out; `head` is a heading elsewhere.
        "head" | "header" | "footer" | "main" | "article" | "aside" | "nav" | "form" | "hr"
        | "meta" | "link" | "base" | "fieldset" | "legend" | "textarea" => Role::Block,
        _ => return None,
    })
}

fn word_processing(local: &str) -> Role {
    match local {
        "p" => Role::Block,
        "tbl" => Role::Table,
        "tr" => Role::Row,
        "tc" => Role::Cell,
        "br" | "cr" => Role::Break,
        "tab" | "ptab" => Role::Space,
        "del" | "moveFrom" => Role::Deleted,
        "vanish" | "webHidden" => Role::Hides,
        "instrText" | "delInstrText" => Role::Script,
        "footnote" | "endnote" => Role::Footnote,
        "r"
        | "t"
        | "delText"
        | "ins"
        | "moveTo"
        | "hyperlink"
        | "smartTag"
        | "sdt"
        | "sdtContent"
        | "fldSimple"
        | "rPr"
        | "bookmarkStart"
        | "bookmarkEnd"
        | "proofErr"
        | "lastRenderedPageBreak"
        | "noBreakHyphen"
        | "softHyphen"
        | "b"
        | "i"
        | "u"
        | "color"
        | "sz"
        | "szCs"
        | "rFonts"
        | "lang"
        | "highlight"
        | "rStyle"
        | "vertAlign"
        | "shd"
        | "strike"
        | "caps"
        | "smallCaps"
        | "bCs"
        | "iCs"
        | "noProof"
        | "footnoteReference" => Role::Inline,
        _ => Role::Unknown,
    }
}

fn open_document(local: &str) -> Role {
    match local {
        "p" => Role::Block,
        "h" => Role::Heading,
        "table" => Role::Table,
        "table-row" => Role::Row,
        "table-cell" | "covered-table-cell" => Role::Cell,
        "line-break" => Role::Break,
        "s" | "tab" => Role::Space,
        "note-body" => Role::Footnote,
        "span" | "a" | "soft-page-break" | "bookmark" | "bookmark-start" | "bookmark-end"
        | "note-ref" | "reference-mark" | "ruby" | "ruby-base" => Role::Inline,
        "list-item" => Role::Item,
        "binary-data" => Role::Payload,
        "deletion" => Role::Deleted,
        _ => Role::Unknown,
    }
}

fn alto(local: &str) -> Option<Role> {
    Some(match local {
        "TextBlock" => Role::Region,
        "TextLine" => Role::Line,
        "String" => Role::Word,
        "SP" => Role::WordSpace,
        "HYP" => Role::Hyphen,
        _ => return None,
    })
}

fn page(local: &str) -> Option<Role> {
    Some(match local {
        "TextRegion" => Role::Region,
        "TextLine" => Role::Line,
        "Word" => Role::Word,
        "Glyph" => Role::Glyph,
        "TextEquiv" => Role::Equivalent,
        _ => return None,
    })
}

/// Whether a CSS declaration block hides its element.
pub(super) fn hides(style: &str) -> bool {
    let plain: String =
        style.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect();
    plain.split(';').any(|declaration| {
        matches!(
            declaration.trim_end_matches("!important"),
            "display:none"
                | "visibility:hidden"
                | "visibility:collapse"
                | "opacity:0"
                | "font-size:0"
                | "font-size:0px"
                | "font-size:0pt"
                | "color:transparent"
                | "color:white"
                | "color:#fff"
                | "color:#ffffff"
                | "color:rgb(255,255,255)"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_mean_what_their_vocabulary_says() {
        let cases = [
            (Family::Generic, "", "Paragraph", Role::Block),
            (Family::Generic, "", "NarrativeText", Role::Unknown),
            (Family::Generic, "", "code", Role::Unknown),
            (Family::Html, "", "code", Role::Inline),
            (Family::Html, XHTML, "head", Role::Block),
            (Family::Generic, "http://www.tei-c.org/ns/1.0", "head", Role::Heading),
            (Family::Generic, XHTML, "script", Role::Script),
            (Family::Alto, "", "String", Role::Word),
            (Family::Generic, "", "String", Role::Unknown),
            (Family::Page, "", "TextEquiv", Role::Equivalent),
            (Family::Generic, "", "BinaryBase64Object", Role::Payload),
            (
                Family::Generic,
                "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                "t",
                Role::Inline,
            ),
        ];
        for (family, namespace, local, expected) in cases {
            assert_eq!(role(family, namespace, local), expected, "{local}");
        }
    }

    #[test]
    fn styles_that_hide_are_told_from_those_that_do_not() {
        for style in ["display: none", "color:red; DISPLAY:none !important", "color : #FFF"] {
            assert!(hides(style), "{style}");
        }
        for style in ["display:block", "color:#fff000", "background-color:white"] {
            assert!(!hides(style), "{style}");
        }
    }
}
