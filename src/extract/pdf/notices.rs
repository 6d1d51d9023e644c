//! What could not be seen on the pages of a file, as notices.

use super::canvas::Tool;
use super::interpret::Drawn;
use crate::model::{Notice, NoticeCode, Place, Quad};

/// Fewer glyphs than this over a picture are no text layer: a stamp or a page number.
const FEW_GLYPHS: usize = 16;

/// One notice for the pictures on all pages that have text as well.
pub(super) fn of_pictures(pages: &[u32]) -> Option<Notice> {
    let place = Place::Page { page: *pages.first()?, quads: Vec::new() };
    let message = match pages.len() {
        1 => "The page has pictures; what is written in them was not read.".to_owned(),
        count => format!("{count} pages have pictures; what is written in them was not read."),
    };
    Some(Notice::informing(NoticeCode::ImageOnly, message).at(place))
}

/// One notice for all pages whose text layer could not be compared with its picture. It does not block: the layer
/// itself is read and judged.
pub(super) fn of_layers(pages: &[u32]) -> Option<Notice> {
    let place = Place::Page { page: *pages.first()?, quads: Vec::new() };
    let message = format!(
        "On {} of the pages a text layer lies over a picture that could not be decoded; whether boxes in the picture \
         hide words of the layer is not known.",
        pages.len()
    );
    Some(Notice::informing(NoticeCode::Unsupported, message).at(place))
}

/// Time ran out before a page.
pub(super) fn out_of_time(page: u32) -> Notice {
    Notice::blocking(NoticeCode::OverBudget, "Time ran out before the last page was read.")
        .at(Place::Page { page, quads: Vec::new() })
}

/// What could not be seen on a page.
pub(super) fn of_page(drawn: &Drawn) -> Vec<Notice> {
    let content = &drawn.content;
    let mut notices = Vec::new();
    if drawn.over_budget || drawn.over_budget_stream {
        notices.push(Notice::blocking(
            NoticeCode::OverBudget,
            "The page was not read to its end: it has more content than the budget allows.",
        ));
    }
    if drawn.damaged {
        notices
            .push(Notice::blocking(NoticeCode::Damaged, "Part of the page's content is damaged."));
    }
    if is_image_only(drawn) {
        notices.push(Notice::blocking(
            NoticeCode::ImageOnly,
            "A picture covers more than half of the page, and no text lies over it.",
        ));
    }
    notices.extend(undecodable(drawn));
    let place = Place::Page { page: content.number, quads: Vec::new() };
    let notices = notices.into_iter().map(|notice| notice.at(place.clone()));
    notices.chain(under_covers(drawn)).chain(under_masks(drawn)).collect()
}

/// Boxes over a picture that could not be decoded look like redactions, and nobody knows what is under them.
fn under_covers(drawn: &Drawn) -> Option<Notice> {
    let unseen = &drawn.unseen;
    let message = match unseen.covers.len() {
        0 => return None,
        1 => "A box lies over a picture that could not be decoded; whether the picture still shows something under \
              it is not known."
            .to_owned(),
        count => format!(
            "{count} boxes lie over pictures that could not be decoded; whether these still show something under \
             them is not known."
        ),
    };
    Some(unseen_at(drawn, &unseen.covers, message))
}

/// Pictures that hide part of what lies under them, over words.
fn under_masks(drawn: &Drawn) -> Option<Notice> {
    let masks = &drawn.unseen.masks;
    let message = "A picture that is transparent in part lies over words, and its mask could not be decoded; whether it \
                   hides them is not known.";
    (!masks.is_empty()).then(|| unseen_at(drawn, masks, message.to_owned()))
}

fn unseen_at(drawn: &Drawn, quads: &[Quad], message: String) -> Notice {
    let over_budget = drawn.unseen.over_budget;
    let code = if over_budget { NoticeCode::OverBudget } else { NoticeCode::Unsupported };
    let place = Place::Page { page: drawn.content.number, quads: quads.to_vec() };
    Notice::blocking(code, message).at(place)
}

/// Whether a picture covers more than half of the page and no text layer lies over it: what is written in it was
/// not read.
fn is_image_only(drawn: &Drawn) -> bool {
    let content = &drawn.content;
    if content.picture_share <= 0.5 {
        return false;
    }
    let pictures = drawn.canvas.paints.iter().filter(|paint| paint.tool == Tool::Picture);
    let boxes: Vec<_> = pictures.map(|paint| paint.bounds).collect();
    let over = content.glyphs.iter().filter(|glyph| {
        let Quad([x0, y0, x1, y1]) = glyph.quad;
        let (x, y) = (f32::midpoint(x0, x1), f32::midpoint(y0, y1));
        glyph.len > 0
            && boxes.iter().any(|&Quad([left, top, right, bottom])| {
                (left..right).contains(&x) && (top..bottom).contains(&y)
            })
    });
    over.take(FEW_GLYPHS).count() < FEW_GLYPHS
}

fn undecodable(drawn: &Drawn) -> Option<Notice> {
    let count = drawn.undecodable.glyphs;
    if count == 0 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "a share for people")]
    let share = 100.0 * f64::from(count) / drawn.content.glyphs.len().max(1) as f64;
    let message = format!("{count} glyphs ({share:.1} % of the page) have no known character.");
    Some(if drawn.undecodable.longest_run < 3 {
        Notice::informing(NoticeCode::TextUndecodable, message)
    } else {
        Notice::blocking(NoticeCode::TextUndecodable, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Extractor as _;
    use crate::extract::pdf::Pdf;
    use crate::extract::pdf::testing::file;
    use crate::read::Budget;
    use lopdf::{Dictionary, Object, Stream, dictionary};

    #[test]
    fn a_box_over_a_picture_that_cannot_be_decoded_is_never_passed_over() {
        let words = "BT /F 10 Tf 20 20 Td (enough words that the page has a text layer) Tj ET";
        let scan = "q 200 0 0 100 0 0 cm /P Do Q";
        let cases = [
            (format!("{scan} 20 50 40 12 re f {words}"), Some(true)),
            (format!("20 50 40 12 re f {scan} {words}"), None),
            (format!("{scan} 3 Tr {words}"), Some(false)),
        ];
        for (content, expected) in cases {
            let picture = dictionary! {"Subtype" => "Image", "Width" => 90, "Height" => 90,
            "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8, "Filter" => "JPXDecode"};
            let picture = Stream::new(picture, b"no picture".to_vec());
            let resources =
                dictionary! {"XObject" => dictionary! {"P" => Object::Reference((90, 0))}};
            let objects = vec![(90, Object::Stream(picture))];
            let mut bytes = Vec::new();
            file(&content, &resources, &Dictionary::new(), objects).save_to(&mut bytes).unwrap();
            let notices = Pdf.extract(&bytes, &Budget::default()).notices;
            let told = notices.iter().find(|one| one.code == NoticeCode::Unsupported);
            assert_eq!(told.map(|one| one.blocking), expected, "{content}");
        }
    }
}
