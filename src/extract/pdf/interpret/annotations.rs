//! Annotations in their place: their appearance, or what viewers draw where there is none (ISO 32000-2 §12.5).

use super::state::{Blend, State};
use super::{Drawn, Interpreter};
use crate::extract::pdf::content::{Glyph, PageMark};
use crate::extract::pdf::geometry::{Matrix, bounds_of};
use crate::extract::pdf::objects::{Objects, as_dictionary, as_number};
use crate::extract::pdf::pages::{Page, rectangle};
use crate::model::{MarkKind, Quad};
use lopdf::{Dictionary, Object, Stream};
use std::fmt::Write as _;

/// How many annotations one page may have.
const MAX_ANNOTATIONS: usize = 20_000;
/// Annotation flags Hidden and `NoView`.
const HIDDEN: i64 = 1 << 1 | 1 << 5;

impl<'o> Interpreter<'_, 'o> {
    /// Draws the annotations of a page over its content.
    pub(super) fn annotations(&mut self, page: &Page<'o>, start: State) {
        let objects = self.session.objects;
        self.in_annotation = true;
        for annotation in objects.array(page.dictionary, b"Annots").iter().take(MAX_ANNOTATIONS) {
            let Some(annotation) = as_dictionary(objects.resolve(annotation)) else { continue };
            self.state = start;
            self.stack.clear();
            self.annotation(annotation);
            if self.drawn.over_budget {
                return;
            }
        }
        self.in_annotation = false;
    }

    fn annotation(&mut self, annotation: &'o Dictionary) {
        let objects = self.session.objects;
        let subtype = objects.name(annotation, b"Subtype").unwrap_or_default();
        if subtype == b"Redact" {
            self.mark_redaction(annotation);
        }
        let flags = objects.integer(annotation, b"F").unwrap_or(0);
        let hidden = flags & HIDDEN != 0 || self.session.hides(annotation);
        let depth = self.marked.depth();
        if hidden {
            self.open_marked(true, Vec::new());
        }
        match appearance(objects, annotation) {
            Some(form) => self.appearance(annotation, form),
            None if annotation.has(b"AP") && subtype == b"Widget" => {}
            None => self.default_appearance(annotation, subtype),
        }
        self.close_marked_to(depth);
    }

    /// Fits an appearance into the annotation's rectangle (ISO 32000-2 §12.5.5, algorithm 8).
    fn appearance(&mut self, annotation: &Dictionary, form: &'o Stream) {
        let objects = self.session.objects;
        let Some(Quad(place)) = rectangle(objects, annotation, b"Rect") else { return };
        let bounds = rectangle(objects, &form.dict, b"BBox").map_or(place, |Quad(bounds)| bounds);
        let matrix = objects.numbers::<6>(&form.dict, b"Matrix").map_or(Matrix::IDENTITY, Matrix);
        let Quad([bx0, by0, bx1, by1]) = matrix.bounds(bounds);
        let [x0, y0, x1, y1] = place;
        let stretch = |to: f32, from: f32| if from.abs() > 1e-6 { to / from } else { 1.0 };
        let (sx, sy) = (stretch(x1 - x0, bx1 - bx0), stretch(y1 - y0, by1 - by0));
        let fit = Matrix([sx, 0.0, 0.0, sy, x0 - bx0 * sx, y0 - by0 * sy]);
        self.state.matrix = fit.then(&self.state.matrix);
        self.form(form, None);
    }

    fn default_appearance(&mut self, annotation: &'o Dictionary, subtype: &[u8]) {
        let objects = self.session.objects;
        if let Some(alpha) = objects.number(annotation, b"CA") {
            (self.state.fill.alpha, self.state.stroke.alpha) = (alpha, alpha);
        }
        if subtype == b"Highlight" {
            self.state.blend = Blend::Darkening;
        }
        let form = objects
            .dictionary(&objects.file.trailer, b"Root")
            .and_then(|catalog| objects.dictionary(catalog, b"AcroForm"));
        let content = match subtype {
            b"Widget" => {
                let text = form.and_then(|form| field_text(objects, annotation, form));
                Some([background(objects, annotation), text.unwrap_or_default()].concat())
            }
            b"FreeText" => free_text(objects, annotation),
            _ => drawing(objects, annotation, subtype),
        };
        if let Some(content) = content {
            let resources = form.and_then(|form| objects.dictionary(form, b"DR"));
            self.run(&content, resources);
            self.path.clear();
        }
    }

    fn mark_redaction(&mut self, annotation: &Dictionary) {
        let objects = self.session.objects;
        let mut quads: Vec<Quad> = quad_points(objects, annotation)
            .iter()
            .map(|corners| bounds_of(&corners.map(|[x, y]| self.state.matrix.apply(x, y))))
            .collect();
        if quads.is_empty() {
            let place = rectangle(objects, annotation, b"Rect");
            quads.extend(place.map(|Quad(place)| self.state.matrix.bounds(place)));
        }
        for quad in quads {
            mark_under(&mut self.drawn, quad);
        }
    }
}

/// Adds a mark for each run of glyphs under an unapplied redaction; one without glyphs where there are none.
fn mark_under(drawn: &mut Drawn, quad: Quad) {
    let content = &mut drawn.content;
    let mark = |first: u32, end: u32| PageMark {
        kind: MarkKind::Redact,
        description: "a redaction annotation that was not applied",
        quad,
        first,
        end,
    };
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for (index, _) in (0_u32..).zip(&content.glyphs).filter(|(_, glyph)| is_inside(glyph, quad)) {
        match runs.last_mut() {
            Some((_, end)) if *end == index => *end = index.saturating_add(1),
            _ => runs.push((index, index.saturating_add(1))),
        }
    }
    if runs.is_empty() {
        runs.push((0, 0));
    }
    content.marks.extend(runs.into_iter().map(|(first, end)| mark(first, end)));
}

fn is_inside(glyph: &Glyph, Quad([left, top, right, bottom]): Quad) -> bool {
    let Quad([x0, y0, x1, y1]) = glyph.quad;
    let (x, y) = (f32::midpoint(x0, x1), f32::midpoint(y0, y1));
    (left..=right).contains(&x) && (top..=bottom).contains(&y)
}

/// The normal appearance, in the annotation's state where it has several.
fn appearance<'o>(objects: &'o Objects<'o>, annotation: &'o Dictionary) -> Option<&'o Stream> {
    let appearances = objects.dictionary(annotation, b"AP")?;
    match objects.get(appearances, b"N")? {
        Object::Stream(form) => Some(form),
        Object::Dictionary(states) => {
            let state = objects.name(annotation, b"AS")?;
            objects.get(states, state)?.as_stream().ok()
        }
        _ => None,
    }
}

/// `QuadPoints`, each with its corners in the order around it that producers use: two above, two below.
fn quad_points(objects: &Objects<'_>, annotation: &Dictionary) -> Vec<[[f32; 2]; 4]> {
    let points = points(objects, annotation, b"QuadPoints");
    points
        .chunks_exact(4)
        .take(2000)
        .filter_map(|corners| match corners {
            &[a, b, c, d] => Some([a, b, d, c]),
            _ => None,
        })
        .collect()
}

fn points(objects: &Objects<'_>, dictionary: &Dictionary, key: &[u8]) -> Vec<[f32; 2]> {
    pairs(objects, objects.array(dictionary, key))
}

fn pairs(objects: &Objects<'_>, elements: &[Object]) -> Vec<[f32; 2]> {
    let numbers: Vec<f32> =
        elements.iter().filter_map(|one| as_number(objects.resolve(one))).take(20_000).collect();
    numbers.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).collect()
}

/// A colour array as an operator for filling or stroking; `None` where there is no colour.
fn colour(
    objects: &Objects<'_>,
    annotation: &Dictionary,
    key: &[u8],
    fill: bool,
) -> Option<String> {
    let values: Vec<String> = objects
        .array(annotation, key)
        .iter()
        .filter_map(|one| as_number(objects.resolve(one)))
        .map(|value| value.to_string())
        .collect();
    let operator = match (values.len(), fill) {
        (1, true) => "g",
        (1, false) => "G",
        (3, true) => "rg",
        (3, false) => "RG",
        (4, true) => "k",
        (4, false) => "K",
        _ => return None,
    };
    Some(format!("{} {operator}\n", values.join(" ")))
}

fn line_width(objects: &Objects<'_>, annotation: &Dictionary) -> f32 {
    let style = objects.dictionary(annotation, b"BS");
    let width = style.and_then(|style| objects.number(style, b"W"));
    let border = objects.array(annotation, b"Border").get(2);
    width.or_else(|| as_number(objects.resolve(border?))).unwrap_or(1.0)
}

/// Shapes and text markup without an appearance, in page space.
fn drawing(objects: &Objects<'_>, annotation: &Dictionary, subtype: &[u8]) -> Option<Vec<u8>> {
    let fill = colour(objects, annotation, b"IC", true);
    let stroke = colour(objects, annotation, b"C", false);
    let mut path = String::new();
    let paint = match subtype {
        b"Square" | b"Circle" => {
            let Quad([x0, y0, x1, y1]) = rectangle(objects, annotation, b"Rect")?;
            let _ = writeln!(path, "{x0} {y0} {} {} re", x1 - x0, y1 - y0);
            paint_operator(fill.is_some(), stroke.is_some())
        }
        b"Polygon" => {
            trace(&mut path, &points(objects, annotation, b"Vertices"));
            paint_operator(fill.is_some(), stroke.is_some())
        }
        b"PolyLine" => {
            trace(&mut path, &points(objects, annotation, b"Vertices"));
            "S"
        }
        b"Line" => {
            trace(&mut path, &points(objects, annotation, b"L"));
            "S"
        }
        b"Ink" => {
            for one in objects.array(annotation, b"InkList").iter().take(1000) {
                if let Object::Array(elements) = objects.resolve(one) {
                    trace(&mut path, &pairs(objects, elements));
                }
            }
            "S"
        }
        b"Highlight" => {
            let fill = colour(objects, annotation, b"C", true)?;
            for corners in quad_points(objects, annotation) {
                trace(&mut path, &corners);
            }
            return Some(format!("{fill}{path}f").into_bytes());
        }
        b"StrikeOut" => {
            for [a, b, c, d] in quad_points(objects, annotation) {
                trace(&mut path, &[middle(a, d), middle(b, c)]);
            }
            "S"
        }
        _ => return None,
    };
    let width = line_width(objects, annotation);
    let (fill, stroke) = (fill.unwrap_or_default(), stroke.unwrap_or_default());
    Some(format!("{fill}{stroke}{width} w\n{path}{paint}").into_bytes())
}

fn paint_operator(fill: bool, stroke: bool) -> &'static str {
    match (fill, stroke) {
        (true, true) => "B",
        (true, false) => "f",
        (false, true) => "S",
        (false, false) => "n",
    }
}

fn middle([ax, ay]: [f32; 2], [bx, by]: [f32; 2]) -> [f32; 2] {
    [f32::midpoint(ax, bx), f32::midpoint(ay, by)]
}

fn trace(path: &mut String, points: &[[f32; 2]]) {
    for (index, [x, y]) in points.iter().enumerate() {
        let _ = writeln!(path, "{x} {y} {}", if index == 0 { "m" } else { "l" });
    }
}

/// The value of a text or choice field that has no appearance, in its default style.
fn field_text(objects: &Objects<'_>, widget: &Dictionary, form: &Dictionary) -> Option<Vec<u8>> {
    let mut field = widget;
    let (mut value, mut style, mut kind) = (None, None, None);
    // A widget inherits from its fields, which may be deep but not endless.
    for _ in 0..16 {
        value = value.or_else(|| objects.get(field, b"V"));
        style = style.or_else(|| objects.get(field, b"DA"));
        kind = kind.or_else(|| objects.name(field, b"FT"));
        match objects.dictionary(field, b"Parent") {
            Some(parent) => field = parent,
            None => break,
        }
    }
    let Some(Object::String(value, _)) = value.filter(|_| matches!(kind, Some(b"Tx" | b"Ch")))
    else {
        return None;
    };
    let style = style.or_else(|| objects.get(form, b"DA")).and_then(|style| style.as_str().ok());
    text_at(objects, widget, value, style.unwrap_or_default())
}

/// The background of a widget (ISO 32000-2 §12.5.6.19).
fn background(objects: &Objects<'_>, widget: &Dictionary) -> Vec<u8> {
    let style = objects.dictionary(widget, b"MK");
    boxed(objects, widget, style.and_then(|style| colour(objects, style, b"BG", true)))
}

/// An annotation's rectangle, filled.
fn boxed(objects: &Objects<'_>, annotation: &Dictionary, fill: Option<String>) -> Vec<u8> {
    match (fill, rectangle(objects, annotation, b"Rect")) {
        (Some(fill), Some(Quad([x0, y0, x1, y1]))) => {
            format!("q {fill}{x0} {y0} {} {} re f Q\n", x1 - x0, y1 - y0).into_bytes()
        }
        _ => Vec::new(),
    }
}

fn free_text(objects: &Objects<'_>, annotation: &Dictionary) -> Option<Vec<u8>> {
    let Some(Object::String(text, _)) = objects.get(annotation, b"Contents") else { return None };
    let style = objects.get(annotation, b"DA").and_then(|style| style.as_str().ok());
    let mut content = boxed(objects, annotation, colour(objects, annotation, b"C", true));
    content.extend(text_at(objects, annotation, text, style.unwrap_or_default())?);
    Some(content)
}

/// Lines of text from the top of an annotation's rectangle, as a content stream.
fn text_at(
    objects: &Objects<'_>,
    annotation: &Dictionary,
    text: &[u8],
    style: &[u8],
) -> Option<Vec<u8>> {
    let Quad([x0, y0, _, y1]) = rectangle(objects, annotation, b"Rect")?;
    let size = style_size(style).unwrap_or_else(|| (y1 - y0 - 4.0).clamp(4.0, 12.0));
    let text = crate::extract::pdf::objects::text_string(text);
    let mut content = format!("BT /Helv {size} Tf ").into_bytes();
    content.extend_from_slice(style);
    let first =
        if y1 - y0 < size * 2.0 { f32::midpoint(y0, y1) - size * 0.35 } else { y1 - size - 2.0 };
    // An automatic size is written as 0 in the style, which would draw nothing.
    if style_size(style).is_none() {
        content.extend_from_slice(format!(" /Helv {size} Tf").as_bytes());
    }
    content.extend(format!(" {size} TL {} {first} Td\n", x0 + 2.0).into_bytes());
    for line in text.split(['\r', '\n']) {
        let hex = line.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'));
        content.push(b'<');
        content.extend(hex.flat_map(|byte| format!("{byte:02x}").into_bytes()));
        content.extend_from_slice(b"> Tj T*\n");
    }
    content.extend_from_slice(b"ET");
    Some(content)
}

/// The font size of a default appearance string; `None` where it is automatic.
fn style_size(style: &[u8]) -> Option<f32> {
    use crate::extract::pdf::tokens::{Operator, Token, Tokens};
    let mut last = None;
    for token in Tokens::new(style) {
        match token {
            Token::Number(value) => last = Some(value),
            Token::Operator(operator) if operator == Operator::new(b"Tf") => {
                return last.filter(|&size| size > 0.0);
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::extract::pdf::testing::{draw, file, id, numbers, seen};
    use crate::model::MarkKind;
    use lopdf::{Dictionary, Object, Stream, dictionary};

    const TEXT: &str = "BT /F 10 Tf 20 50 Td (secret name) Tj ET ";

    fn with(annotation: Dictionary, objects: Vec<(u32, Object)>) -> super::Drawn {
        let mut annotation = annotation;
        annotation.set("Rect", numbers(&[15.0, 45.0, 95.0, 65.0]));
        let extra = dictionary! {"Annots" => vec![Object::Dictionary(annotation)]};
        draw(&file(TEXT, &Dictionary::new(), &extra, objects))
    }

    #[test]
    fn annotations_cover_what_they_are_drawn_over() {
        let corners = numbers(&[15.0, 65.0, 95.0, 65.0, 15.0, 45.0, 95.0, 45.0]);
        let black = || numbers(&[0.0, 0.0, 0.0]);
        let yellow = || numbers(&[1.0, 1.0, 0.0]);
        let ink = Object::Array(vec![numbers(&[15.0, 53.0, 95.0, 53.0])]);
        let cases = [
            (dictionary! {"Subtype" => "Square", "IC" => black()}, "covered:secret name"),
            (dictionary! {"Subtype" => "Square", "C" => black()}, "shown:secret name"),
            (
                dictionary! {"Subtype" => "Square", "IC" => black(), "CA" => 0.4},
                "shown:secret name",
            ),
            (
                dictionary! {"Subtype" => "Highlight", "C" => black(), "QuadPoints" => corners.clone()},
                "covered:secret name",
            ),
            (
                dictionary! {"Subtype" => "Highlight", "C" => yellow(), "QuadPoints" => corners.clone()},
                "shown:secret name",
            ),
            (
                dictionary! {"Subtype" => "Ink", "C" => black(), "InkList" => ink,
                "BS" => dictionary! {"W" => 12}},
                "covered:secret name",
            ),
            (dictionary! {"Subtype" => "Square", "IC" => black(), "F" => 2}, "shown:secret name"),
            (
                dictionary! {"Subtype" => "Widget", "MK" => dictionary! {"BG" => black()}},
                "covered:secret name",
            ),
        ];
        for (annotation, expected) in cases {
            assert_eq!(seen(&with(annotation.clone(), Vec::new())), expected, "{annotation:?}");
        }
    }

    #[test]
    fn an_appearance_is_fitted_into_its_rectangle() {
        let form = dictionary! {"Subtype" => "Form", "BBox" => numbers(&[0.0, 0.0, 1.0, 1.0])};
        let form = Stream::new(form, b"0 g 0 0 1 1 re f".to_vec());
        let annotation = dictionary! {"Subtype" => "Stamp", "AP" => dictionary! {"N" => id(10)}};
        let drawn = with(annotation, vec![(10, form.into())]);
        assert_eq!(seen(&drawn), "covered:secret name");
        assert_eq!(drawn.content.marks[0].description, "an annotation");
    }

    #[test]
    fn an_unapplied_redaction_is_marked_with_the_text_under_it() {
        let drawn = with(dictionary! {"Subtype" => "Redact"}, Vec::new());
        let [mark] = drawn.content.marks.as_slice() else { panic!("one mark") };
        assert_eq!((mark.kind, mark.first, mark.end), (MarkKind::Redact, 0, 11));
    }

    #[test]
    fn a_field_without_an_appearance_shows_its_value() {
        let widget = dictionary! {"Subtype" => "Widget", "FT" => "Tx",
        "DA" => Object::string_literal("/F 9 Tf 0 g"), "V" => Object::string_literal("value")};
        let mut annotation = widget;
        annotation.set("Rect", numbers(&[15.0, 5.0, 95.0, 20.0]));
        let extra = dictionary! {"Annots" => vec![Object::Dictionary(annotation)]};
        let mut file = file("", &Dictionary::new(), &extra, Vec::new());
        let resources = dictionary! {"Font" => dictionary! {"F" => id(5)}};
        file.objects.insert((20, 0), dictionary! {"DR" => resources}.into());
        if let Some(Object::Dictionary(catalog)) = file.objects.get_mut(&(1, 0)) {
            catalog.set("AcroForm", id(20));
        }
        let drawn = draw(&file);
        assert_eq!(seen(&drawn), "shown:value");
        assert!(drawn.content.glyphs.iter().all(|glyph| glyph.in_annotation));
    }
}
