//! From the glyphs of each page to words, lines and paragraphs in reading order.
//!
//! Each page goes through `words` (glyphs to words) and `lines` (words to lines and their segments) when it comes;
//! what is kept is a few numbers a word. `finish` tells headers and footers from the body (`furniture`), orders
//! each page (`columns`, `tables`), cuts paragraphs (`paragraphs`) and writes passages joined over breaks (`flow`).

mod columns;
mod flow;
mod furniture;
mod labels;
mod lines;
mod paragraphs;
mod tables;
#[cfg(test)]
mod testing;
mod words;

use super::content::PageContent;
use crate::model::{DocumentBuilder, Part, PassageSpec, Visibility};
use columns::Filler;
use lines::Segment;
use std::collections::BTreeMap;
use std::ops::Range;
use words::{Scratch, Stratum, Word};

/// Takes the pages one after another and writes their passages at the end.
#[derive(Default)]
pub(super) struct Layout {
    pool: Pool,
    pages: Vec<Page>,
    scratch: Scratch,
    /// Bytes of shown text by font and size (in quarter points).
    fonts: BTreeMap<(u32, u32), u64>,
}

impl Layout {
    /// Nothing laid out yet.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Takes in the glyphs of the next page, in page order; the page can be dropped or reused afterwards.
    pub(super) fn page(&mut self, page: &PageContent) {
        let (word, segment) = (self.pool.words.len(), self.pool.segments.len());
        let strata = words::build(page, &mut self.pool, &mut self.scratch);
        lines::build(&mut self.pool, word);
        let segments = segment..self.pool.segments.len();
        for segment in self.pool.segments.get(segments.clone()).unwrap_or_default() {
            let shown = strata.get(usize::from(segment.stratum));
            if shown.is_some_and(|stratum| stratum.visibility == Visibility::Shown) {
                *self.fonts.entry((segment.font, quarters(segment.size))).or_default() +=
                    u64::from(segment.bytes);
            }
        }
        self.pages.push(Page {
            number: page.number,
            size: [page.width, page.height],
            segments,
            strata,
        });
    }

    /// Writes the passages of all pages: page by page shown text first, then annotations, then what is hidden.
    pub(super) fn finish(self, builder: &mut DocumentBuilder) {
        let usual = self.fonts.iter().max_by_key(|(_, bytes)| **bytes);
        let (font, size) = usual.map_or((0, 40), |(key, _)| *key);
        #[expect(clippy::cast_precision_loss, reason = "font sizes are small")]
        let usual = flow::Usual { size: size as f32 / 4.0, font };
        let furniture = furniture::find(&self.pool, &self.pages);
        let mut flow = flow::Flow::new(&self.pool, usual);
        for (page, found) in self.pages.iter().zip(&furniture) {
            flow.page(page, found);
        }
        flow.write(builder);
    }
}

/// The words and segments of all pages.
#[derive(Default)]
struct Pool {
    text: String,
    words: Vec<Word>,
    segments: Vec<Segment>,
}

impl Pool {
    fn word_text(&self, word: &Word) -> &str {
        self.text.get(word.start as usize..word.end as usize).unwrap_or_default()
    }

    fn segment_bytes(&self, segment: &Segment) -> impl Iterator<Item = u8> {
        let words = self.words.get(segment.words()).unwrap_or_default();
        words.iter().flat_map(|word| self.word_text(word).bytes())
    }

    /// Appends the text of a segment, spaces between its words.
    fn write_segment(&self, segment: &Segment, text: &mut String) {
        let mut before = None;
        for word in self.words.get(segment.words()).unwrap_or_default() {
            if before.is_some_and(|before| lines::separated(before, word)) {
                text.push(' ');
            }
            text.push_str(self.word_text(word));
            before = Some(word);
        }
    }
}

/// A page, cut into segments.
struct Page {
    number: u32,
    size: [f32; 2],
    segments: Range<usize>,
    strata: Vec<Stratum>,
}

impl Page {
    /// The stratum of the page's own content with the most glyphs, among those shown or those hidden.
    fn main(&self, hidden: bool) -> Option<u16> {
        let fits = |stratum: &Stratum| {
            !stratum.in_annotation && (stratum.visibility != Visibility::Shown) == hidden
        };
        let fitting = self.strata.iter().enumerate().filter(|(_, stratum)| fits(stratum));
        let main = fitting.max_by_key(|(at, stratum)| (stratum.glyphs, usize::MAX - at));
        main.and_then(|(at, _)| u16::try_from(at).ok())
    }

    /// The segments of a stratum, by line and then along it.
    fn segments_of(&self, pool: &Pool, stratum: u16) -> Vec<u32> {
        let all = pool.segments.get(self.segments.clone()).unwrap_or_default().iter();
        let own = all.enumerate().filter(|(_, segment)| segment.stratum == stratum);
        own.map(|(at, _)| index(self.segments.start + at)).collect()
    }

    /// Top and bottom of the page across the lines of a stratum.
    fn extent(&self, stratum: u16) -> [f32; 2] {
        let [width, height] = self.size;
        let Some(stratum) = self.strata.get(usize::from(stratum)) else { return [0.0, height] };
        let corners = [[0.0, 0.0], [width, 0.0], [0.0, height], [width, height]];
        corners.iter().fold([f32::MAX, f32::MIN], |[top, bottom], &corner| {
            let [_, across] = stratum.frame(corner);
            [top.min(across), bottom.max(across)]
        })
    }

    /// In which order strata are written.
    fn rank(&self, stratum: u16, main: Option<u16>) -> u8 {
        let Some(own) = self.strata.get(usize::from(stratum)) else { return u8::MAX };
        let hidden = if own.visibility == Visibility::Shown { 0 } else { 4 };
        hidden + if own.in_annotation { 2 } else { u8::from(main != Some(stratum)) }
    }

    fn spec(&self, stratum: u16) -> PassageSpec {
        let own = self.strata.get(usize::from(stratum));
        let part = match own {
            Some(stratum) if stratum.in_text_layer => Part::Ocr,
            Some(stratum) if stratum.in_annotation => Part::Annotation,
            _ => Part::Body,
        };
        PassageSpec {
            part,
            visibility: own.map(|stratum| stratum.visibility).unwrap_or_default(),
            page: self.number,
            ..PassageSpec::default()
        }
    }

    /// Hidden text in the direction of a stratum, by its top.
    fn fillers(&self, pool: &Pool, stratum: u16) -> Vec<Filler> {
        let Some(own) = self.strata.get(usize::from(stratum)) else { return Vec::new() };
        let fills = |segment: &&Segment| {
            self.strata.get(usize::from(segment.stratum)).is_some_and(|other| {
                let [[a, b], [c, d]] = [own.direction, other.direction];
                other.visibility != Visibility::Shown && a * c + b * d > 0.999
            })
        };
        let all = pool.segments.get(self.segments.clone()).unwrap_or_default().iter();
        let hidden = all.filter(fills);
        let mut fillers: Vec<Filler> =
            hidden.map(|segment| Filler { along: segment.along, across: segment.across }).collect();
        fillers.sort_unstable_by(|a, b| a.across[0].total_cmp(&b.across[0]));
        fillers
    }
}

/// Documents hold far fewer words than 2^32; an index beyond that saturates instead of wrapping.
fn index(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "font sizes are small and positive; others saturate"
)]
fn quarters(size: f32) -> u32 {
    (size * 4.0).round() as u32
}

#[cfg(test)]
mod tests {
    use super::testing::{Sketch, laid_out, texts};
    use crate::model::{Block, Part, Place, Visibility};

    #[test]
    fn gaps_become_spaces_and_glyphs_drawn_twice_count_once() {
        let mut page = Sketch::new(1);
        page.text(72.0, 100.0, "Nothing left only.(E) The");
        page.text(72.3, 100.0, "Nothing left only.(E) The");
        page.text(72.0, 130.0, "S E C R E T");
        assert_eq!(texts(&laid_out(&[page])), ["Nothing left only.(E) The", "S E C R E T"]);
    }

    #[test]
    fn a_paragraph_keeps_its_line_ends_and_hyphens() {
        let mut page = Sketch::new(1);
        let lines = [
            "The agent met the source at the ware-",
            "house and left soon after that. The",
            "rest is not known.",
        ];
        let next = page.lines(72.0, 100.0, &lines);
        page.lines(72.0, next + 10.0, &["A second paragraph stands below it."]);
        let document = laid_out(&[page]);
        assert_eq!(
            texts(&document),
            [lines.join("\n"), "A second paragraph stands below it.".to_owned()]
        );
    }

    #[test]
    fn columns_are_read_one_after_another_between_headings_that_run_across() {
        let mut page = Sketch::new(1);
        page.size = 14.0;
        page.text(150.0, 80.0, "A heading over both of the columns");
        page.size = 10.0;
        let left = [
            "The left column holds a text that is",
            "broken into several lines of prose and",
            "goes on here until the column ends with",
            "a sentence that is not over yet when",
            "the next column begins to carry the",
        ];
        let right = [
            "rest of it. The right column then holds",
            "more text of the same kind so that it",
            "is taken for prose and not for a table",
            "and this goes on until the very end of",
            "the right column on this page.",
        ];
        page.lines(72.0, 120.0, &left);
        page.lines(320.0, 120.0, &right);
        let text = texts(&laid_out(&[page]));
        assert_eq!(
            text,
            ["A heading over both of the columns".to_owned(), [left, right].concat().join("\n")]
        );
    }

    #[test]
    fn table_cells_do_not_run_together() {
        let mut page = Sketch::new(1);
        for (row, [a, b, c]) in
            [["Item", "Date", "Amount"], ["Cash", "3 May", "1,250 (E)"], ["Phone", "4 May", "one"]]
                .iter()
                .enumerate()
        {
            let y = 100.0 + 14.0 * f32::from(u8::try_from(row).unwrap());
            page.text(72.0, y, a);
            page.text(200.0, y, b);
            page.text(300.0, y, c);
        }
        let document = laid_out(&[page]);
        let cells: Vec<_> = document
            .passages()
            .map(|passage| passage.cell().map(|cell| (cell.row, cell.column)))
            .collect();
        assert_eq!(cells.len(), 9);
        assert_eq!(cells.get(5), Some(&Some((1, 2))));
        assert!(
            document
                .passages()
                .all(|passage| passage.block() == Block::Cell && passage.part() == Part::Table)
        );
    }

    #[test]
    fn running_headers_and_control_numbers_stay_out_of_a_paragraph_that_runs_over_the_page() {
        let pages: Vec<Sketch> = [
            (
                1,
                "REL0000025240",
                [
                    "The agent went to the place named in the report",
                    "and met there with the person who had been",
                ],
                "Page 1 of 2",
            ),
            (
                2,
                "REL0000025241",
                [
                    "named as the source of all that is said in it.",
                    "Nothing else was found on the premises then.",
                ],
                "Page 2 of 2",
            ),
        ]
        .into_iter()
        .map(|(number, control, lines, foot)| {
            let mut page = Sketch::new(number);
            page.text(72.0, 40.0, "Report of Investigation");
            page.text(450.0, 40.0, control);
            page.lines(72.0, 100.0, &lines);
            page.text(280.0, 760.0, foot);
            page
        })
        .collect();
        let document = laid_out(&pages);
        let body: Vec<_> =
            document.passages().filter(|passage| passage.part() == Part::Body).collect();
        assert_eq!(body.len(), 1);
        let range = body[0].range();
        assert!(body[0].text().contains("had been\nnamed as"));
        let pages: Vec<_> = document
            .locate_pages(range)
            .iter()
            .map(|place| matches!(place, Place::Page { page, .. } if *page > 0))
            .collect();
        assert_eq!(pages, [true, true]);
        let count = |part| document.passages().filter(|passage| passage.part() == part).count();
        assert_eq!((count(Part::Header), count(Part::Footer)), (4, 2));
    }

    #[test]
    fn a_mark_in_the_margin_comes_right_after_its_block() {
        let mut page = Sketch::new(1);
        let next = page.lines(
            72.0,
            100.0,
            &[
                "The first paragraph holds two lines and it",
                "is the one that the mark stands beside.",
            ],
        );
        page.lines(72.0, next + 12.0, &["The second paragraph is open to everyone."]);
        page.text(540.0, 106.0, "(E)");
        let texts = texts(&laid_out(&[page]));
        assert_eq!(texts.get(1).map(String::as_str), Some("(E)"));
        assert_eq!(texts.len(), 3);
    }

    #[test]
    fn a_hidden_word_leaves_the_line_around_it_whole() {
        let mut page = Sketch::new(1);
        for (y, name) in [(100.0, "somebody"), (112.0, "someone"), (124.0, "some person")] {
            let x = page.text(72.0, y, "A line in which the name of");
            page.visibility = Visibility::Covered;
            let x = page.text(x + 5.0, y, name);
            page.visibility = Visibility::Shown;
            page.text(x + 5.0, y, "is covered by a box");
        }
        let document = laid_out(&[page]);
        let shown: Vec<_> = document
            .passages()
            .filter(|passage| passage.visibility() == Visibility::Shown)
            .collect();
        assert_eq!(shown.len(), 1);
        assert!(
            shown[0].text().starts_with("A line in which the name of is covered by a box\nA line")
        );
        let covered =
            document.passages().filter(|passage| passage.visibility() == Visibility::Covered);
        assert!(covered.map(|passage| passage.text()).any(|text| text.contains("some person")));
    }

    #[test]
    fn text_written_upwards_is_read_upwards() {
        let mut page = Sketch::new(1);
        for (at, c) in "DRAFT".chars().enumerate() {
            let y = 400.0 - 5.0 * f32::from(u8::try_from(at).unwrap());
            page.glyph([30.0, y], [0.0, -1.0], &c.to_string());
        }
        page.text(72.0, 100.0, "Upright");
        assert_eq!(texts(&laid_out(&[page])), ["Upright", "DRAFT"]);
    }

    #[test]
    fn text_from_right_to_left_comes_in_logical_order() {
        for (drawn, blanks, expected) in [
            ("םולש בוט", false, "טוב שלום"),
            ("םולש בוט", true, "טוב שלום"),
            // What has no blank beside it stays glued, whichever way its neighbours run.
            ("11:דבוע בוט", true, "טוב עובד11:"),
        ] {
            let mut page = Sketch::new(1);
            for (at, c) in drawn.chars().enumerate() {
                let x = 300.0 + 5.0 * f32::from(u8::try_from(at).unwrap());
                if c != ' ' || blanks {
                    page.glyph([x, 100.0], [1.0, 0.0], &c.to_string());
                }
            }
            assert_eq!(texts(&laid_out(&[page])), [expected]);
        }
    }

    proptest::proptest! {
        #[test]
        fn every_glyph_ends_in_exactly_one_passage(
            glyphs in proptest::collection::vec((0_u8..60, 0_u8..70, 0_u8..8, 0_u8..4, 0_u8..4), 0..300)
        ) {
            let mut page = Sketch::new(1);
            for (at, (x, y, size, turn, kind)) in glyphs.iter().enumerate() {
                page.size = 4.0 + f32::from(*size);
                page.visibility = [Visibility::Shown, Visibility::Shown, Visibility::Covered, Visibility::Invisible][usize::from(*kind)];
                let direction = [[1.0, 0.0], [0.0, 1.0], [0.0, -1.0], [0.8, 0.6]][usize::from(*turn)];
                let c = char::from_u32(0x4E00 + u32::try_from(at).unwrap()).unwrap();
                page.glyph([f32::from(*x) * 10.0, f32::from(*y) * 11.0], direction, &c.to_string());
            }
            let document = laid_out(&[page]);
            let mut found: Vec<char> = texts(&document).concat().chars().filter(|c| !c.is_whitespace()).collect();
            found.sort_unstable();
            let expected: Vec<char> = (0..glyphs.len()).map(|at| char::from_u32(0x4E00 + u32::try_from(at).unwrap()).unwrap()).collect();
            proptest::prop_assert_eq!(found, expected);
        }
    }
}
