//! What a dictionary is for, told from its keys, and to which part of the document its strings belong.

use crate::extract::pdf::objects::Objects;
use crate::model::Part;
use lopdf::Dictionary;

/// What a dictionary is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The document information dictionary.
    Information,
    /// A page's annotation, or part of one.
    Annotation,
    /// A form field, or a widget that is one.
    Field,
    /// An outline item.
    Bookmark,
    /// A name tree of destinations.
    Destinations,
    /// A page label.
    PageLabel,
    /// A file specification.
    File,
    /// A structure element.
    Structure,
    /// JavaScript.
    Script,
    /// A link or another action with a target outside the document.
    Link,
    /// A signature.
    Signature,
    /// Private data of an application.
    Private,
    /// An optional-content group.
    Layer,
    /// Something that nothing refers to.
    Unreachable,
    /// A page or form that nothing draws.
    Undrawn,
    /// Anything else.
    Other,
}

/// What a dictionary is for; `around` and `key` tell where it stands.
pub(super) fn of(objects: &Objects<'_>, dictionary: &Dictionary, around: Kind, key: &[u8]) -> Kind {
    let has = |key: &[u8]| dictionary.has(key);
    let name = |key: &[u8]| objects.name(dictionary, key);
    match (around, key) {
        (Kind::Unreachable | Kind::Private | Kind::Information, _) => return around,
        (_, b"PieceInfo") => return Kind::Private,
        (_, b"PageLabels") => return Kind::PageLabel,
        (_, b"Dests") => return Kind::Destinations,
        _ => {}
    }
    if has(b"JS") || name(b"S") == Some(b"JavaScript") {
        Kind::Script
    } else if has(b"URI")
        || matches!(
            name(b"S"),
            Some(b"Launch" | b"GoToR" | b"GoToE" | b"SubmitForm" | b"ImportData")
        )
    {
        Kind::Link
    } else if has(b"ByteRange") {
        Kind::Signature
    } else if has(b"FT")
        || name(b"Subtype") == Some(b"Widget")
        || has(b"T") && (has(b"Kids") || has(b"V"))
    {
        Kind::Field
    } else if has(b"Rect") && name(b"Subtype") == Some(b"Link") {
        // Its `Contents` is an alternate description (ISO 32000-2 §12.5.2).
        Kind::Structure
    } else if has(b"Rect") && has(b"Subtype") {
        Kind::Annotation
    } else if has(b"EF") || matches!(name(b"Type"), Some(b"Filespec" | b"F")) {
        Kind::File
    } else if has(b"Title") && has(b"Parent") {
        Kind::Bookmark
    } else if name(b"Type") == Some(b"StructElem") || has(b"S") && has(b"P") {
        Kind::Structure
    } else if name(b"Type") == Some(b"OCG") {
        Kind::Layer
    } else if name(b"Type") == Some(b"PageLabel") || around == Kind::PageLabel {
        Kind::PageLabel
    } else if around == Kind::Destinations || has(b"Limits") && has(b"Names") {
        Kind::Destinations
    } else {
        around_or_other(around)
    }
}

/// Dictionaries without a character of their own share that of what they stand in.
fn around_or_other(around: Kind) -> Kind {
    match around {
        Kind::Annotation | Kind::Field | Kind::Signature => around,
        _ => Kind::Other,
    }
}

/// Whether the strings at a key are XHTML.
pub(super) fn is_rich(key: &[u8]) -> bool {
    matches!(key, b"RC" | b"RV")
}

/// Whether a key tells of the program and the day only; a dictionary of these that nothing leads to any more is what
/// saving anew leaves behind.
pub(super) fn is_producers(key: &[u8]) -> bool {
    matches!(key, b"Producer" | b"Creator" | b"CreationDate" | b"ModDate")
}

impl Kind {
    /// To which part the string at a key belongs; `None` where it is not text.
    pub(super) fn part(self, key: &[u8]) -> Option<Part> {
        const NEVER: &[&[u8]] = &[
            b"ID",
            b"Registry",
            b"Ordering",
            b"CharSet",
            b"DA",
            b"DS",
            b"Panose",
            b"Cert",
            b"U",
            b"O",
            b"UE",
            b"OE",
            b"Perms",
            b"Lang",
            b"CheckSum",
            b"NM",
            b"FontFamily",
            b"SubFilter",
            b"IDTree",
            b"OutputConditionIdentifier",
            b"RegistryName",
            b"OutputCondition",
            b"CreationDate",
            b"M",
            b"LastModified",
            // The names of an XML form's packets.
            b"XFA",
        ];
        let is_information = matches!(self, Self::Information | Self::Private);
        if NEVER.contains(&key) && !(is_information && key != b"ID") {
            return None;
        }
        Some(match self {
            Self::Signature if key == b"Contents" => return None,
            Self::Information | Self::Signature => Part::Metadata,
            // Who wrote a comment is not what it says.
            Self::Annotation if matches!(key, b"T" | b"Subj" | b"State" | b"StateModel") => {
                Part::Other
            }
            Self::Annotation => Part::Annotation,
            // Names, captions and choices of a field are its frame; what was filled in is its value.
            Self::Field if matches!(key, b"T" | b"TM" | b"Opt" | b"CA" | b"AC" | b"RC") => {
                Part::Other
            }
            Self::Field if key == b"TU" => Part::AltText,
            Self::Field => Part::FormField,
            Self::Bookmark | Self::Destinations | Self::PageLabel => Part::Bookmark,
            Self::File => Part::Attachment,
            Self::Structure => Part::AltText,
            _ if matches!(key, b"Alt" | b"ActualText" | b"E") => Part::AltText,
            Self::Script
            | Self::Link
            | Self::Private
            | Self::Layer
            | Self::Unreachable
            | Self::Undrawn
            | Self::Other => Part::Other,
        })
    }

    /// What a person calls the place of a string.
    pub(super) fn property(self, number: u32, key: &[u8]) -> String {
        let key = String::from_utf8_lossy(key);
        match self {
            Self::Information => format!("Info/{key}"),
            Self::Signature => format!("signature/{key}"),
            Self::Bookmark => "bookmark".to_owned(),
            Self::Destinations => "named destination".to_owned(),
            Self::PageLabel => "page label".to_owned(),
            Self::File => format!("attachment/{key}"),
            Self::Structure => format!("structure/{key}"),
            Self::Script => "script".to_owned(),
            Self::Link => format!("link/{key}"),
            Self::Private => format!("PieceInfo/{key}"),
            Self::Layer => "layer name".to_owned(),
            Self::Annotation => format!("annotation/{key}"),
            Self::Field => format!("field/{key}"),
            Self::Undrawn => format!("undrawn {key} {number}"),
            Self::Unreachable => format!("unreachable object {number}"),
            Self::Other => format!("object {number}/{key}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Budget;
    use lopdf::{Document, dictionary};

    #[test]
    fn dictionaries_are_told_by_their_keys() {
        let (file, budget) = (Document::new(), Budget::default());
        let objects = Objects::new(&file, &budget);
        let cases = [
            (dictionary! {"Title" => "a", "Parent" => "b"}, Kind::Bookmark),
            (dictionary! {"S" => "JavaScript", "JS" => "a"}, Kind::Script),
            (dictionary! {"S" => "URI", "URI" => "a"}, Kind::Link),
            (dictionary! {"Subtype" => "Text", "Rect" => "a"}, Kind::Annotation),
            (dictionary! {"Subtype" => "Widget", "Rect" => "a", "T" => "n"}, Kind::Field),
            (dictionary! {"Type" => "Filespec", "F" => "a"}, Kind::File),
            (dictionary! {"S" => "P", "P" => "a", "Alt" => "b"}, Kind::Structure),
            (dictionary! {"Width" => 3}, Kind::Other),
        ];
        for (dictionary, expected) in &cases {
            assert_eq!(of(&objects, dictionary, Kind::Other, b""), *expected);
        }
    }
}
