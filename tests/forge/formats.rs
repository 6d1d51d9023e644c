//! A sample for every format under `corpus/formats`, whose golden dumps show what obstat reads.

use super::Files;
use super::marks;
use super::pdf::Storage;
use super::pdf::compose::{Frame, Showing, Style, compose};
use super::pdf::font::Face;
use super::story::{Block, Story, para};
use super::text;
use super::xml::{self, Family};

/// The house style: Times, justified by nobody.
pub(crate) fn times() -> Style {
    Style::of(Face::Times)
}

/// Every way of making a PDF that a reader can read in full.
pub(crate) fn styles() -> Vec<(&'static str, Style)> {
    let of = Style::of;
    vec![
        ("helvetica", of(Face::Helvetica)),
        ("times-words", Style { showing: Showing::Words, ..of(Face::Times) }),
        ("helvetica-letters", Style { showing: Showing::Letters, ..of(Face::Helvetica) }),
        ("times-kerned", Style { showing: Showing::Kerned, ..of(Face::Times) }),
        ("differences", of(Face::Differences)),
        ("differences-mapped", Style { showing: Showing::Kerned, ..of(Face::DifferencesMapped) }),
        ("truetype", Style { size: 9.0, ..of(Face::TrueType) }),
        (
            "truetype-mapped",
            Style { size: 9.0, showing: Showing::Words, ..of(Face::TrueTypeMapped) },
        ),
        ("cid", Style { size: 9.0, ..of(Face::Cid) }),
        ("cid-letters", Style { size: 9.0, showing: Showing::Letters, ..of(Face::Cid) }),
        ("cid-bare", Style { size: 9.0, ..of(Face::CidBare) }),
        ("type3", Style { size: 9.0, ..of(Face::Type3) }),
        ("type3-mapped", Style { size: 9.0, ..of(Face::Type3Mapped) }),
        ("form", Style { showing: Showing::Form, ..of(Face::Helvetica) }),
        ("object-streams", Style { storage: Storage::Streams, ..of(Face::Times) }),
        ("encrypted", Style { storage: Storage::Encrypted, ..of(Face::Times) }),
        ("rotated", Style { frame: Frame::Rotated, ..of(Face::Times) }),
        ("cropped", Style { frame: Frame::Cropped, ..of(Face::Times) }),
        ("two-columns", Style { columns: 2, size: 9.0, ..of(Face::Times) }),
        (
            "two-columns-words",
            Style { columns: 2, size: 9.0, showing: Showing::Words, ..of(Face::Helvetica) },
        ),
        ("open-table", Style { ruled: false, ..of(Face::Times) }),
    ]
}

/// Adds the samples.
pub(crate) fn add(files: &mut Files) {
    let story = specimen();
    for (name, style) in styles() {
        files.insert(format!("formats/pdf/{name}.pdf"), compose(&story, style).0);
    }
    let mute = Style { size: 9.0, ..Style::of(Face::CidMute) };
    files.insert("formats/pdf/cid-mute.pdf".to_owned(), compose(&story, mute).0);
    for (name, family) in [
        ("generic.xml", Family::Generic),
        ("edrm.xml", Family::Edrm),
        ("niem.xml", Family::Niem),
        ("alto.xml", Family::Alto),
        ("page.xhtml", Family::Xhtml),
    ] {
        files.insert(format!("formats/xml/{name}"), xml::export(&story, family).0.into_bytes());
    }
    let (generic, _) = xml::export(&story, Family::Generic);
    files.insert("formats/xml/utf16.xml".to_owned(), utf16(&generic.replace("UTF-8", "UTF-16")));
    files.insert("formats/text/report.txt".to_owned(), text::plain(&story).0.into_bytes());
    files.insert("formats/text/narrative.csv".to_owned(), text::csv(&story).0.into_bytes());
    files.insert("formats/text/load.dat".to_owned(), text::concordance(&[&story, &story]).0);
    let plain = text::plain(&story).0;
    files.insert("formats/text/utf16.txt".to_owned(), utf16(&plain));
}

/// Two pages with a heading, paragraphs, a list and a table.
fn specimen() -> Story {
    let mut blocks = vec![Block::Heading(para("DETAILS OF INVESTIGATION"))];
    blocks.extend(marks::filler(3).into_iter().map(Block::Para));
    blocks.extend(marks::lists_and_tables());
    blocks.extend(marks::over_pages());
    Story::new(60_001, blocks)
}

/// Little-endian, with a byte order mark.
fn utf16(text: &str) -> Vec<u8> {
    std::iter::once('\u{FEFF}')
        .chain(text.chars())
        .flat_map(|character| character.encode_utf16(&mut [0; 2]).to_vec())
        .flat_map(u16::to_le_bytes)
        .collect()
}
