//! Tiny files for tests: one page of 200 by 100 points with Helvetica as `F`.

use super::interpret::{self, Drawn, Session};
use super::objects::Objects;
use super::{open, visibility};
use crate::read::Budget;
use lopdf::{Dictionary, Document, Object, Stream, dictionary};

/// A reference.
pub(super) fn id(number: u32) -> Object {
    Object::Reference((number, 0))
}

/// Numbers as an array.
pub(super) fn numbers(list: &[f32]) -> Object {
    Object::Array(list.iter().map(|&value| Object::Real(value)).collect())
}

/// A file with one page; `resources` are added to the font, `objects` to the file (from number 10 on), `extra` to
/// the page.
pub(super) fn file(
    content: &str,
    resources: &Dictionary,
    extra: &Dictionary,
    objects: Vec<(u32, Object)>,
) -> Document {
    let mut file = Document::new();
    let font = dictionary! {"Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
    "Encoding" => "WinAnsiEncoding"};
    let mut all = dictionary! {"Font" => dictionary! {"F" => id(5)}};
    all.extend(resources);
    let mut page = dictionary! {"Type" => "Page", "Parent" => id(2), "Contents" => id(4),
    "Resources" => all, "MediaBox" => numbers(&[0.0, 0.0, 200.0, 100.0])};
    page.extend(extra);
    let fixed: [(u32, Object); 5] = [
        (1, dictionary! {"Type" => "Catalog", "Pages" => id(2)}.into()),
        (2, dictionary! {"Type" => "Pages", "Kids" => vec![id(3)], "Count" => 1}.into()),
        (3, page.into()),
        (4, Stream::new(Dictionary::new(), content.as_bytes().to_vec()).into()),
        (5, font.into()),
    ];
    for (number, object) in fixed.into_iter().chain(objects) {
        file.objects.insert((number, 0), object);
    }
    file.trailer.set("Root", id(1));
    file.max_id = 100;
    file
}

/// The first page of a file, interpreted and judged.
pub(super) fn draw(file: &Document) -> Drawn {
    let budget = Budget::default();
    let objects = Objects::new(file, &budget);
    let (pages, _) = open::pages_of(&objects);
    let mut session = Session::new(&objects);
    let mut drawn = interpret::page(&mut session, &pages[0], 1);
    visibility::judge(&mut drawn, &budget);
    drawn
}

/// The same for a content stream without further resources.
pub(super) fn draw_content(content: &str) -> Drawn {
    draw(&file(content, &Dictionary::new(), &Dictionary::new(), Vec::new()))
}

/// The text of a page, visibility by visibility: `covered:secret shown:rest`.
pub(super) fn seen(drawn: &Drawn) -> String {
    let mut out = String::new();
    let mut last = None;
    for glyph in &drawn.content.glyphs {
        let end = glyph.start as usize + usize::from(glyph.len);
        let text = drawn.content.text.get(glyph.start as usize..end).unwrap();
        if last != Some(glyph.visibility) {
            let name = serde_json::to_value(glyph.visibility).unwrap();
            let gap = if out.is_empty() { "" } else { " " };
            out.extend([gap, name.as_str().unwrap(), ":"]);
            last = Some(glyph.visibility);
        }
        out += text;
    }
    out
}
