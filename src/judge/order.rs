//! The order of reports: total, so that it never depends on which thread was first.

use crate::model::{Finding, Location, Notice, Place, Quad, Span};
use std::cmp::Ordering;

/// By artifact, place and rule; whatever else differs breaks ties.
pub(crate) fn sort_findings(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let by_text = || a.evidence.cmp(&b.evidence).then_with(|| a.message.cmp(&b.message));
        a.artifact
            .cmp(&b.artifact)
            .then_with(|| locations(&a.location, &b.location))
            .then_with(|| a.rule.cmp(&b.rule))
            .then_with(by_text)
            .then_with(|| b.confidence.cmp(&a.confidence))
    });
}

/// By artifact, place and code.
pub(crate) fn sort_notices(notices: &mut [Notice]) {
    notices.sort_by(|a, b| {
        let by_place = || match (&a.place, &b.place) {
            (Some(a), Some(b)) => places(a, b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        };
        a.artifact
            .cmp(&b.artifact)
            .then_with(by_place)
            .then_with(|| a.code.cmp(&b.code))
            .then_with(|| a.message.cmp(&b.message))
    });
}

fn locations(a: &Location, b: &Location) -> Ordering {
    places(&a.place, &b.place).then_with(|| a.span.cmp(&b.span))
}

fn places(a: &Place, b: &Place) -> Ordering {
    match (a, b) {
        (Place::Page { page: a, quads: x }, Place::Page { page: b, quads: y }) => {
            a.cmp(b).then_with(|| quad_lists(x, y))
        }
        _ => key(a).cmp(&key(b)),
    }
}

/// Everything of a place but rectangles: kind, numbers, names.
fn key(place: &Place) -> (u8, u64, u64, &str, &str) {
    match place {
        Place::Page { page, .. } => (0, u64::from(*page), 0, "", ""),
        Place::Line { line, column } => (1, u64::from(*line), u64::from(*column), "", ""),
        // Of one kind with lines: an XML document can have both.
        Place::Element { element, line, column } => {
            (1, u64::from(*line), u64::from(*column), element, "")
        }
        Place::Sheet { sheet, cell } => (3, 0, 0, sheet, cell),
        Place::Slide { slide, shape } => (4, u64::from(*slide), 0, shape, ""),
        Place::Paragraph { part, paragraph } => (5, u64::from(*paragraph), 0, part, ""),
        Place::Header { header } => (6, 0, 0, header, ""),
        Place::Property { property } => (7, 0, 0, property, ""),
        Place::Bytes { bytes: Span { start, end } } => (8, *start, *end, "", ""),
    }
}

/// Top to bottom, then left to right, as a reader meets them.
fn quad_lists(a: &[Quad], b: &[Quad]) -> Ordering {
    let sides = |quads: &[Quad]| -> Vec<f32> {
        quads.iter().flat_map(|Quad([x0, y0, x1, y1])| [*y0, *x0, *y1, *x1]).collect()
    };
    let (a, b) = (sides(a), sides(b));
    let first = a.iter().zip(&b).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne());
    first.unwrap_or_else(|| a.len().cmp(&b.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(page: u32, sides: [f32; 4]) -> Place {
        Place::Page { page, quads: vec![Quad(sides)] }
    }

    #[test]
    fn places_are_ordered_as_a_reader_meets_them_whatever_the_numbers_are() {
        let ordered = [
            page(1, [300.0, 10.0, 310.0, 20.0]),
            page(1, [50.0, 90.0, 60.0, 99.0]),
            page(2, [0.0, 5.0, 1.0, 6.0]),
            page(2, [f32::NAN, 7.0, 1.0, 6.0]),
            Place::Line { line: 2, column: 9 },
            Place::Line { line: 10, column: 1 },
            Place::Property { property: "Info/Title".to_owned() },
        ];
        for (i, a) in ordered.iter().enumerate() {
            for (j, b) in ordered.iter().enumerate() {
                assert_eq!(places(a, b), i.cmp(&j), "{i} and {j}");
            }
        }
    }
}
