//! Which readers an artifact gets: by its content first, by its name second.

use crate::extract::{Extractor, FORMATS};
use crate::model::{Notice, NoticeCode};
use crate::read::sniff::{self, Known, Nature};
use memchr::memmem;

/// The name of the reader for plain text, which takes whatever is text and nothing else.
const TEXT: &str = "text";

/// What an artifact is, and how it is to be read.
pub(super) struct Choice {
    /// The format's name in reports.
    pub format: String,
    /// The readers; several for an artifact that is several things at once.
    pub readers: Vec<&'static dyn Extractor>,
    /// The reader that the name speaks for, should those of the content fail: a note that begins with `<` is no XML.
    pub fallback: Option<&'static dyn Extractor>,
    /// Whether its content is not what its name says.
    pub mismatch: bool,
    /// What no reader will see.
    pub notices: Vec<Notice>,
}

/// Chooses the readers for an artifact.
pub(super) fn choose(name: &str, bytes: &[u8]) -> Choice {
    let extension = sniff::extension(name);
    let promised = FORMATS.iter().find(|format| format.extensions().contains(&extension.as_str()));
    let promised = promised.map(|format| format.name());
    if bytes.is_empty() {
        return Choice::new(promised.unwrap_or(TEXT), Vec::new(), Vec::new());
    }
    let textual = FORMATS.iter().any(|format| format.name() == TEXT && format.recognises(bytes))
        && !(sniff::has_controls(bytes) && sniff::binary(bytes).is_some());
    let markup = if textual { sniff::textual(bytes, &extension) } else { None };
    let mut readers = matching(bytes, markup.as_ref());
    // Bytes before the header or a header that is gone: the name and the innards speak for PDF all the same.
    if readers.is_empty() && extension == "pdf" && memmem::find(bytes, b"startxref").is_some() {
        readers = reader("pdf");
    }
    let read_by_content = !readers.is_empty();
    let mut choice = if read_by_content {
        Choice::read_by(readers)
    } else if let Some(markup) = markup {
        Choice::as_text(&markup)
    } else if textual {
        Choice::read_by(reader(TEXT))
    } else {
        Choice::binary(bytes, promised)
    };
    if read_by_content && sniff::ends_as_zip(bytes) {
        choice.notices.push(unsupported(
            "It is a ZIP archive as well, and there is no reader for that part.",
        ));
    }
    if textual && promised == Some(TEXT) && choice.format == "xml" {
        choice.fallback = reader(TEXT).first().copied();
    }
    choice.mismatch = choice.breaks_promise(&extension, promised, textual);
    choice
}

impl Choice {
    fn new(format: &str, readers: Vec<&'static dyn Extractor>, notices: Vec<Notice>) -> Self {
        Self { format: format.to_owned(), readers, fallback: None, mismatch: false, notices }
    }

    fn read_by(readers: Vec<&'static dyn Extractor>) -> Self {
        Self::new(readers.first().map_or(TEXT, |reader| reader.name()), readers, Vec::new())
    }

    /// Markup without a reader of its own: a look at the text is better than none, but it is no reading.
    fn as_text(markup: &Known) -> Self {
        let message = format!(
            "There is no reader for {}; it was read as plain text, codes and all.",
            markup.title
        );
        Self::new(&markup.name, reader(TEXT), vec![unsupported(&message)])
    }

    fn binary(bytes: &[u8], promised: Option<&'static str>) -> Self {
        let unread = |format: &str, notice| Self::new(format, Vec::new(), vec![notice]);
        match (sniff::binary(bytes), promised) {
            (Some(known), _) if known.nature == Nature::Picture => {
                let message = format!("It is a picture ({}); its text was not read.", known.title);
                unread(&known.name, Notice::blocking(NoticeCode::ImageOnly, message))
            }
            (Some(known), _) => {
                let message = format!("There is no reader for {}.", known.title);
                unread(&known.name, unsupported(&message))
            }
            // Nothing but the name tells what it is; the reader will say what is wrong with it.
            (None, Some(promised)) if promised != TEXT => Self::read_by(reader(promised)),
            (None, _) => unread("unknown", unsupported("Its format is not recognised.")),
        }
    }

    fn breaks_promise(&self, extension: &str, promised: Option<&str>, textual: bool) -> bool {
        match promised {
            // Markup under a name for text hides nothing: whoever opens it sees all of it.
            Some(TEXT) => !(textual && self.format != "pdf") && self.format != TEXT,
            Some(promised) => self.format != promised,
            None => sniff::breaks_promise(extension, &self.format),
        }
    }
}

/// Every reader but that for plain text that recognises the content. HTML that is no XHTML looks like XML but is not.
fn matching(bytes: &[u8], markup: Option<&Known>) -> Vec<&'static dyn Extractor> {
    let html = markup.is_some_and(|known| known.name == "html");
    FORMATS
        .iter()
        .copied()
        .filter(|format| format.name() != TEXT && !(html && format.name() == "xml"))
        .filter(|format| format.recognises(bytes))
        .collect()
}

fn reader(name: &str) -> Vec<&'static dyn Extractor> {
    FORMATS.iter().filter(|format| format.name() == name).copied().collect()
}

fn unsupported(message: &str) -> Notice {
    Notice::blocking(NoticeCode::Unsupported, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Format, number of readers, mismatch, number of notices.
    type Expected = (&'static str, usize, bool, usize);

    #[test]
    fn content_decides_before_the_name_and_nothing_is_passed_over() {
        let png = b"\x89PNG\r\n\x1a\n".as_slice();
        let junk = [0_u8, 159, 146, 150].as_slice();
        let cases: [(&str, &[u8], Expected); 10] = [
            ("a.txt", b"Plain.", ("text", 1, false, 0)),
            ("a", b"Plain.", ("text", 1, false, 0)),
            ("a.pdf", b"Plain.", ("text", 1, true, 0)),
            ("a.txt", b"%PDF-1.7 \0", ("pdf", 1, true, 0)),
            ("a.txt", b"<a>x</a>", ("xml", 1, false, 0)),
            ("a.html", b"<html><br></html>", ("html", 1, false, 1)),
            ("a.pdf", png, ("png", 0, true, 1)),
            ("a.bin", junk, ("unknown", 0, false, 1)),
            ("a.pdf", junk, ("pdf", 1, false, 0)),
            ("a.txt", b"", ("text", 0, false, 0)),
        ];
        for (name, bytes, expected) in cases {
            let choice = choose(name, bytes);
            let found = (
                choice.format.as_str(),
                choice.readers.len(),
                choice.mismatch,
                choice.notices.len(),
            );
            assert_eq!(found, expected, "{name}");
        }
    }
}
