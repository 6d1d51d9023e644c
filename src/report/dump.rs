//! What obstat reads in one artifact: for people, for the layout's measurements, and as golden files.

use super::{Style, evidence, place_in_words, printable};
use crate::model::{Artifact, Document, Notice, Passage, Place, SensitiveText};
use serde_json::{Value, json};
use std::io;

/// How `show` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dump {
    /// For people.
    Text,
    /// One object a line.
    JsonLines,
}

/// Writes one artifact's document: passages, places, visibility, properties, marks, members, notices.
pub fn write_document(
    artifact: &Artifact,
    document: &Document,
    notices: &[Notice],
    dump: Dump,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match dump {
        Dump::Text => write_text(artifact, document, notices, style, out),
        Dump::JsonLines => write_lines(artifact, document, notices, style, out),
    }
}

fn write_text(
    artifact: &Artifact,
    document: &Document,
    notices: &[Notice],
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    write!(
        out,
        "{}: {}, {}",
        printable(&artifact.address.to_string()),
        artifact.format,
        word(&artifact.status)
    )?;
    if document.pages > 0 {
        write!(out, ", {}", super::counted(document.pages as usize, "page"))?;
    }
    writeln!(out)?;
    for property in &document.properties {
        writeln!(
            out,
            "property {}: {}",
            printable(&property.name),
            printable(&evidence(&property.value, style))
        )?;
    }
    for passage in document.passages() {
        passage_text(document, passage, style, out)?;
    }
    for mark in &document.marks {
        writeln!(
            out,
            "mark {}: {} ({})",
            printable(&place_in_words(&mark.place)),
            mark.description,
            word(&mark.kind)
        )?;
    }
    for member in &document.members {
        writeln!(out, "member {}: {} bytes", printable(&member.name), member.bytes.len())?;
    }
    for notice in notices {
        let place =
            notice.place.as_ref().map(|place| format!(" at {}", printable(&place_in_words(place))));
        let weight = if notice.blocking { "blocking" } else { "for information" };
        writeln!(
            out,
            "notice {}{}, {weight}: {}",
            notice.code.as_str(),
            place.unwrap_or_default(),
            notice.message
        )?;
    }
    Ok(())
}

fn passage_text(
    document: &Document,
    passage: Passage<'_>,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let place = document.locate(passage.range()).place;
    write!(out, "\n[{}", printable(&place_in_words(&place)))?;
    if let Place::Page { quads, .. } = &place
        && let (Some(first), Some(last)) = (quads.first(), quads.last())
    {
        let [x0, y0, ..] = first.0;
        let [.., x1, y1] = last.0;
        write!(out, " ({x0:.0}, {y0:.0}) to ({x1:.0}, {y1:.0})")?;
    }
    write!(
        out,
        "] {}, {}, {}",
        passage.part().as_str(),
        passage.visibility().as_str(),
        word(&passage.block())
    )?;
    if let Some(cell) = passage.cell() {
        write!(out, " {}.{}.{}", cell.table + 1, cell.row + 1, cell.column + 1)?;
    }
    writeln!(out)?;
    let text = evidence(&SensitiveText::new(passage.text()), style);
    text.split('\n').try_for_each(|line| writeln!(out, "    {}", printable(line)))
}

/// An enum's variant in the words of the contract: `OffPage` is `off-page`.
fn word(value: &impl std::fmt::Debug) -> String {
    let mut word = String::new();
    let name = format!("{value:?}");
    for c in name.chars() {
        if c.is_uppercase() && !word.is_empty() {
            word.push('-');
        }
        word.extend(c.to_lowercase());
    }
    word
}

fn write_lines(
    artifact: &Artifact,
    document: &Document,
    notices: &[Notice],
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let address = artifact.address.to_string();
    line(
        out,
        &json!({ "type": "artifact", "artifact": address, "format": artifact.format, "digest": artifact.digest,
        "status": artifact.status, "pages": document.pages }),
    )?;
    for property in &document.properties {
        let value = evidence(&property.value, style);
        line(
            out,
            &json!({ "type": "property", "artifact": address, "name": property.name, "value": value }),
        )?;
    }
    for passage in document.passages() {
        line(out, &passage_object(&address, document, passage, style))?;
    }
    for mark in &document.marks {
        line(
            out,
            &json!({ "type": "mark", "artifact": address, "kind": word(&mark.kind), "place": mark.place,
            "description": mark.description }),
        )?;
    }
    for member in &document.members {
        line(
            out,
            &json!({ "type": "member", "artifact": address, "name": member.name, "bytes": member.bytes.len() }),
        )?;
    }
    for notice in notices {
        line(
            out,
            &json!({ "type": "notice", "artifact": address, "code": notice.code.as_str(),
            "blocking": notice.blocking, "place": notice.place, "message": notice.message }),
        )?;
    }
    Ok(())
}

fn passage_object(
    address: &str,
    document: &Document,
    passage: Passage<'_>,
    style: &Style,
) -> Value {
    let location = document.locate(passage.range());
    let text = evidence(&SensitiveText::new(passage.text()), style);
    let words = words(document, passage, style);
    json!({ "type": "passage", "artifact": address, "text": text, "part": passage.part(),
        "visibility": passage.visibility(), "block": word(&passage.block()), "page": passage.page(),
        "place": location.place, "span": location.span, "words": words,
        "cell": passage.cell().map(|cell| [cell.table, cell.row, cell.column]) })
}

/// The words of a passage on a page, each with its box.
fn words(document: &Document, passage: Passage<'_>, style: &Style) -> Vec<Value> {
    if passage.page() == 0 {
        return Vec::new();
    }
    let base = passage.range().start;
    let mut words = Vec::new();
    let mut offset = 0;
    for piece in passage.text().split_inclusive(char::is_whitespace) {
        let text = piece.trim_end();
        let range = base + offset..base + offset + text.len();
        offset += piece.len();
        if text.is_empty() {
            continue;
        }
        for place in document.locate_pages(range) {
            if let Place::Page { page, quads } = place {
                let text = evidence(&SensitiveText::new(text), style);
                words.push(json!({ "text": text, "page": page, "quads": quads }));
            }
        }
    }
    words
}

fn line(out: &mut dyn io::Write, object: &Value) -> io::Result<()> {
    serde_json::to_writer(&mut *out, object)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Address, DocumentBuilder, PassageSpec, Quad, Status, Target};

    fn dumped(dump: Dump, show_evidence: bool) -> String {
        let mut builder = DocumentBuilder::new();
        builder.begin(PassageSpec { page: 2, ..PassageSpec::default() });
        builder.push("Jane", Target::Page { page: 2, quad: Quad([10.0, 20.0, 50.0, 30.0]) });
        builder.push_unanchored("\n");
        builder.push("Roe", Target::Page { page: 2, quad: Quad([10.0, 32.0, 40.0, 42.0]) });
        let document = builder.finish();
        let artifact = Artifact {
            address: Address::new("a.pdf"),
            format: "pdf".to_owned(),
            digest: String::new(),
            status: Status::Read,
        };
        let mut out = Vec::new();
        let style = Style { show_evidence, ..Style::default() };
        write_document(&artifact, &document, &[], dump, &style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_dump_names_place_part_and_visibility_of_each_passage() {
        let expected = "a.pdf: pdf, read\n\n[page 2 (10, 20) to (40, 42)] body, shown, paragraph\n    Jane\n    Roe\n";
        assert_eq!(dumped(Dump::Text, true), expected);
        assert!(!dumped(Dump::Text, false).contains("Jane"));
    }

    #[test]
    fn the_machine_dump_has_a_box_for_each_word() {
        let text = dumped(Dump::JsonLines, true);
        let passage: Value = serde_json::from_str(text.lines().nth(1).unwrap()).unwrap();
        assert_eq!(
            passage["words"][1],
            json!({"text": "Roe", "page": 2, "quads": [[10.0, 32.0, 40.0, 42.0]]})
        );
        assert!(!dumped(Dump::JsonLines, false).contains("Jane"));
    }
}
