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
    notices.into_iter().map(|notice| notice.at(place.clone())).collect()
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
