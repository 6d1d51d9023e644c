//! The document tree: passages in reading order, properties, marks and members.
//!
//! All passages share one buffer, so that a matcher can run over the whole document at once and a hundred megabytes
//! of small records cost little more than their text.

mod builder;
mod step;

pub use builder::DocumentBuilder;

use super::{Block, Location, Passage, PassageSpec, Place, Quad, SensitiveText, Source, Span};
use std::fmt;
use std::ops::Range;
use step::Step;

/// A table cell; tables are numbered over the document, rows and columns inside the table, all from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// Which table.
    pub table: u32,
    /// Which row.
    pub row: u32,
    /// Which column.
    pub column: u32,
}

/// A named value of the document: metadata. Its value is a passage too, so that rules see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// Such as `Info/Title`, `xml-version`, `encoding`.
    pub name: String,
    /// Its value.
    pub value: SensitiveText,
}

/// Something on a page that is not text.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// What kind.
    pub kind: MarkKind,
    /// Where.
    pub place: Place,
    /// The text it bears on, as bytes of `Document::text`.
    pub range: Option<Range<usize>>,
    /// What it is in words ("a filled rectangle"). Never text of the record.
    pub description: String,
}

/// Kinds of marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    /// Opaque paint over text.
    Cover,
    /// A redaction annotation that was not applied.
    Redact,
    /// A line drawn through text.
    Strike,
    /// Opaque paint over pixels of a picture that show something.
    CoveredImage,
    /// Pixels that a picture stores and no page shows.
    ImageData,
    /// Part of a picture made coarse on purpose.
    Pixelated,
    /// A gap in a line that is as wide as what was taken out.
    Gap,
    /// Characters that a font keeps and no page shows.
    UnusedGlyphs,
    /// A bar that looks like a redaction and has no exemption code.
    Uncoded,
}

/// An artifact inside this one; the scan reads it like any other.
pub struct Member {
    /// Its name inside the container.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What was read in one artifact.
#[derive(Default)]
pub struct Document {
    text: String,
    passages: Vec<Record>,
    /// From which passage on which page holds. Ascending.
    page_starts: Vec<(u32, u32)>,
    /// Passages at named places, and which places those are. Ascending.
    placed: Vec<(u32, u32)>,
    anchors: Vec<Anchor>,
    runs: Vec<Run>,
    /// Runs that stand for more or less source text than they are long: which, and where that ends. Ascending.
    wholes: Vec<(u32, u32)>,
    cells: Vec<(u32, Cell)>,
    places: Vec<Place>,
    elements: Vec<Element>,
    /// Elements whose name or position has no room in `Element::step`. Ascending.
    far_steps: Vec<(u32, Step)>,
    names: Vec<Name>,
    namespaces: Vec<String>,
    source: Option<Source>,
    /// Named values.
    pub properties: Vec<Property>,
    /// What is on the pages beside text.
    pub marks: Vec<Mark>,
    /// Artifacts inside.
    pub members: Vec<Member>,
    /// The number of pages; 0 where there are none.
    pub pages: u32,
}

const NONE: u32 = u32::MAX;

/// Stands between two passages in `Document::text`; no passage contains the record separator.
const BETWEEN: &str = "\n\u{1e}\n";

/// A passage: up to `BETWEEN` before the next. Records have them by the million, so that every byte counts.
struct Record {
    start: u32,
    element: u32,
    part: super::Part,
    visibility: super::Visibility,
    block: Block,
}

/// Text on a page.
struct Anchor {
    start: u32,
    end: u32,
    page: u32,
    quad: Quad,
}

/// Text that comes from `source` bytes of the source on, up to the start of the next run or the end of its passage;
/// `NONE`: it stands nowhere.
struct Run {
    start: u32,
    source: u32,
}

/// A local name, with its namespace.
struct Name {
    local: String,
    namespace: u32,
}

struct Element {
    parent: u32,
    /// Its name and position; `NONE`: they are in `Document::far_steps`.
    step: u32,
}

impl Document {
    /// All passages, each followed by a separator that no passage contains. For matchers; in clear.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The passages in reading order.
    pub fn passages(&self) -> impl DoubleEndedIterator<Item = Passage<'_>> {
        (0..self.passages.len()).filter_map(|index| self.passage(index))
    }

    /// The number of passages.
    pub fn passage_count(&self) -> usize {
        self.passages.len()
    }

    /// A passage by its number.
    pub fn passage(&self, index: usize) -> Option<Passage<'_>> {
        let record = self.passages.get(index)?;
        let start = record.start as usize;
        let next = self.passages.get(index + 1).map_or(self.text.len(), |next| next.start as usize);
        let text = self.text.get(start..next.checked_sub(BETWEEN.len())?)?;
        let cell = (record.block == Block::Cell).then(|| self.cell(index)).flatten();
        let spec = PassageSpec {
            part: record.part,
            visibility: record.visibility,
            block: record.block,
            page: self.page_of(index),
            cell,
            element: (record.element != NONE).then_some(record.element),
            place: self.place_of(index),
        };
        Some(Passage { text, start, index, spec })
    }

    /// The passage that holds byte `offset` of `text`, or the one before it where the offset lies between two.
    pub fn passage_at(&self, offset: usize) -> Option<Passage<'_>> {
        let after = self.passages.partition_point(|record| record.start as usize <= offset);
        self.passage(after.checked_sub(1)?)
    }

    /// The same, for one who expects passage `hint` or one of the next.
    pub fn passage_near(&self, hint: usize, offset: usize) -> Option<Passage<'_>> {
        let begins = |index: usize| self.passages.get(index).map(|record| record.start as usize);
        let holds = |&index: &usize| {
            begins(index).is_some_and(|start| start <= offset)
                && begins(index + 1).is_none_or(|start| start > offset)
        };
        match (hint..hint.saturating_add(4)).find(holds) {
            Some(index) => self.passage(index),
            None => self.passage_at(offset),
        }
    }

    /// The name of the place that a whole passage stands at: a property, a bookmark, a link.
    pub fn named_place(&self, passage: usize) -> Option<&str> {
        let place = self.passage(passage)?.spec.place?;
        match self.places.get(place as usize)? {
            Place::Property { property } => Some(property),
            Place::Bytes { .. } => Some("bytes"),
            _ => None,
        }
    }

    /// The decoded text of the artifact, for text and XML.
    pub fn source(&self) -> Option<&Source> {
        self.source.as_ref()
    }

    /// Whether nothing was found that a rule could look at.
    pub fn is_empty(&self) -> bool {
        self.passages.is_empty() && self.members.is_empty()
    }

    /// The local name of an element and its parent.
    pub fn element(&self, index: u32) -> Option<(&str, Option<u32>)> {
        let element = self.elements.get(index as usize)?;
        let name = self.names.get(self.step(index)?.name as usize)?;
        Some((&name.local, (element.parent != NONE).then_some(element.parent)))
    }

    /// The URI of the namespace that an element's or attribute's name is in; none where it is in none.
    pub fn namespace(&self, index: u32) -> Option<&str> {
        let name = self.names.get(self.step(index)?.name as usize)?;
        self.namespaces.get(name.namespace as usize).map(String::as_str)
    }

    /// The `XPath` of an element, with positions: `/record[1]/p[3]/@title`.
    pub fn element_path(&self, index: u32) -> String {
        let mut steps = Vec::new();
        let mut at = index;
        while let (Some(element), Some(step)) = (self.elements.get(at as usize), self.step(at)) {
            let name = self.names.get(step.name as usize).map_or("", |name| name.local.as_str());
            steps.push(match step.position {
                0 => name.to_owned(),
                position => format!("{name}[{position}]"),
            });
            at = element.parent;
        }
        steps.iter().rev().fold(String::new(), |path, step| path + "/" + step)
    }

    /// Where `range` of `text` lies. A range over several pages gets its place on the first of them; see
    /// `locate_pages`.
    pub fn locate(&self, range: Range<usize>) -> Location {
        let passage = self.passage_at(range.start);
        let spec = passage.map(|passage| passage.spec).unwrap_or_default();
        let base = passage.map_or(0, |passage| passage.start);
        let own = Span {
            start: range.start.saturating_sub(base) as u64,
            end: range.end.saturating_sub(base) as u64,
        };
        if let Some(place) = spec.place.and_then(|place| self.places.get(place as usize)) {
            return Location { place: place.clone(), span: Some(own) };
        }
        if let Some(source) = &self.source {
            return self.locate_in_source(source, spec.element, range);
        }
        let place = self
            .locate_pages(range)
            .into_iter()
            .next()
            .unwrap_or(Place::Page { page: spec.page, quads: Vec::new() });
        Location { place, span: Some(own) }
    }

    /// The places of `range` on each page that it touches.
    pub fn locate_pages(&self, range: Range<usize>) -> Vec<Place> {
        let mut pages: Vec<(u32, Vec<Quad>)> = Vec::new();
        for anchor in self.anchors_in(&range) {
            let share = self.share_of(anchor, &range, anchor.quad);
            match pages.last_mut() {
                Some((last, quads)) if *last == anchor.page => push_quad(quads, share),
                _ => pages.push((anchor.page, vec![share])),
            }
        }
        pages.into_iter().map(|(page, quads)| Place::Page { page, quads }).collect()
    }

    /// The pieces of text whose middle lies inside `quad` on a page, as bytes of `text`, in reading order.
    pub fn text_at(&self, page: u32, quad: Quad) -> impl Iterator<Item = Range<usize>> {
        let Quad([left, top, right, bottom]) = quad;
        self.anchors.iter().filter_map(move |anchor| {
            let Quad([x0, y0, x1, y1]) = anchor.quad;
            let (x, y) = (f32::midpoint(x0, x1), f32::midpoint(y0, y1));
            let inside =
                anchor.page == page && (left..=right).contains(&x) && (top..=bottom).contains(&y);
            inside.then_some(anchor.start as usize..anchor.end as usize)
        })
    }

    fn locate_in_source(
        &self,
        source: &Source,
        element: Option<u32>,
        range: Range<usize>,
    ) -> Location {
        let bounds = self.source_bounds(range);
        let (start, end) = bounds.unwrap_or_default();
        let (line, column) = source.line_column(start);
        let place = match element {
            Some(element) => Place::Element { element: self.element_path(element), line, column },
            None => Place::Line { line, column },
        };
        Location { place, span: bounds.map(|_| source.disk_span(start, end)) }
    }

    /// The bytes of the artifact behind `range` of `text`, for text and XML.
    pub fn source_span(&self, range: Range<usize>) -> Option<Span> {
        let (start, end) = self.source_bounds(range)?;
        self.source.as_ref().map(|source| source.disk_span(start, end))
    }

    fn source_bounds(&self, range: Range<usize>) -> Option<(usize, usize)> {
        let mut bounds: Option<(usize, usize)> = None;
        let first = self.runs.partition_point(|run| run.start as usize <= range.start);
        for index in first.saturating_sub(1)..self.runs.len() {
            let Some(run) = self.runs.get(index) else { break };
            if run.start as usize >= range.end.max(range.start + 1) {
                break;
            }
            let Some((low, high)) = self.source_share(index, run, &range) else { continue };
            bounds = Some(bounds.map_or((low, high), |(from, to)| (from.min(low), to.max(high))));
        }
        bounds
    }

    fn source_share(&self, at: usize, run: &Run, range: &Range<usize>) -> Option<(usize, usize)> {
        if run.source == NONE {
            return None;
        }
        let (start, source) = (run.start as usize, run.source as usize);
        if let Ok(whole) = self.wholes.binary_search_by_key(&at, |&(run, _)| run as usize) {
            return self.wholes.get(whole).map(|&(_, end)| (source, end as usize));
        }
        let end = self.runs.get(at + 1).map_or(self.text.len(), |next| next.start as usize);
        let clamp = |offset: usize| source + offset.clamp(start, end) - start;
        Some((clamp(range.start), clamp(range.end)))
    }

    fn anchors_in(&self, range: &Range<usize>) -> impl Iterator<Item = &Anchor> {
        let first = self.anchors.partition_point(|anchor| anchor.end as usize <= range.start);
        let end = range.end.max(range.start + 1);
        self.anchors.iter().skip(first).take_while(move |anchor| (anchor.start as usize) < end)
    }

    fn share_of(&self, anchor: &Anchor, range: &Range<usize>, quad: Quad) -> Quad {
        let (start, end) = (anchor.start as usize, anchor.end as usize);
        let count =
            |from: usize, to: usize| self.text.get(from..to).map_or(0, |text| text.chars().count());
        let (before, all) = (count(start, range.start.clamp(start, end)), count(start, end).max(1));
        let until = count(start, range.end.clamp(start, end)).max(before);
        let Quad([x0, y0, x1, y1]) = quad;
        #[expect(clippy::cast_precision_loss, reason = "a word has fewer than 2^23 characters")]
        let at = |n: usize| x0 + (x1 - x0) * (n as f32 / all as f32);
        Quad([at(before), y0, at(until), y1])
    }

    fn step(&self, element: u32) -> Option<Step> {
        let packed = self.elements.get(element as usize)?.step;
        if packed != NONE {
            return Some(Step::unpacked(packed));
        }
        let at = self.far_steps.binary_search_by_key(&element, |&(element, _)| element).ok()?;
        self.far_steps.get(at).map(|&(_, step)| step)
    }

    fn page_of(&self, passage: usize) -> u32 {
        let after = self.page_starts.partition_point(|&(start, _)| start as usize <= passage);
        let last = after.checked_sub(1).and_then(|last| self.page_starts.get(last));
        last.map_or(0, |&(_, page)| page)
    }

    fn place_of(&self, passage: usize) -> Option<u32> {
        let at = self.placed.binary_search_by_key(&passage, |&(placed, _)| placed as usize).ok()?;
        self.placed.get(at).map(|&(_, place)| place)
    }

    fn cell(&self, index: usize) -> Option<Cell> {
        let cell =
            |at: usize| self.cells.get(at).filter(|&&(passage, _)| passage as usize == index);
        // In a table all passages are cells: it is as far from the first cell as the passage is.
        let guess = self.cells.first().and_then(|&(first, _)| index.checked_sub(first as usize));
        let found = guess.and_then(cell).or_else(|| {
            let passage = |&(passage, _): &(u32, Cell)| passage as usize;
            cell(self.cells.binary_search_by_key(&index, passage).ok()?)
        });
        found.map(|&(_, cell)| cell)
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("bytes", &self.text.len())
            .field("passages", &self.passages.len())
            .field("pages", &self.pages)
            .field("members", &self.members.len())
            .finish_non_exhaustive()
    }
}

/// Adds a quad, merging it with the last where both stand on one line.
fn push_quad(quads: &mut Vec<Quad>, Quad([x0, y0, x1, y1]): Quad) {
    if let Some(Quad([a0, b0, a1, b1])) = quads.last_mut() {
        let overlap = y1.min(*b1) - y0.max(*b0);
        let same_line = overlap > 0.5 * (y1 - y0).min(*b1 - *b0);
        let close = x0 >= *a0 && x0 - *a1 < 2.0 * (y1 - y0).max(1.0);
        if same_line && close {
            (*a1, *b0, *b1) = (a1.max(x1), b0.min(y0), b1.max(y1));
            return;
        }
    }
    quads.push(Quad([x0, y0, x1, y1]));
}

/// Artifacts are far smaller than 4 GiB (`read::budget`); an index beyond that saturates instead of wrapping.
fn index(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Target;

    #[test]
    fn a_match_in_text_leads_back_to_its_bytes_and_line() {
        let mut builder =
            DocumentBuilder::with_source(Source::utf8("x &amp; yy\nzz".to_owned(), 0));
        builder.push("x ", Target::Source { start: 0, end: 2 });
        builder.push("&", Target::Source { start: 2, end: 7 });
        builder.push(" yy\nzz", Target::Source { start: 7, end: 13 });
        let document = builder.finish();
        assert_eq!(document.passage(0).unwrap().text(), "x & yy\nzz");
        let location = document.locate(2..6);
        assert_eq!(location.span, Some(Span { start: 2, end: 10 }));
        assert_eq!(document.locate(7..9).place, Place::Line { line: 2, column: 1 });
    }

    #[test]
    fn a_part_of_a_word_gets_its_share_of_the_quad_and_words_of_a_line_are_merged() {
        let mut builder = DocumentBuilder::new();
        builder.push("abcd", Target::Page { page: 2, quad: Quad([0.0, 0.0, 40.0, 10.0]) });
        builder.push_unanchored(" ");
        builder.push("ef", Target::Page { page: 2, quad: Quad([45.0, 0.0, 65.0, 10.0]) });
        let document = builder.finish();
        let location = document.locate(2..6);
        assert_eq!(
            location.place,
            Place::Page { page: 2, quads: vec![Quad([20.0, 0.0, 55.0, 10.0])] }
        );
    }

    #[test]
    fn blank_passages_are_dropped_and_paths_have_positions() {
        let mut builder = DocumentBuilder::with_source(Source::utf8(" a".to_owned(), 0));
        let (record, p) = (builder.name("record"), builder.name("p"));
        let root = builder.element(None, record, 1);
        let child = builder.element(Some(root), p, 2);
        builder.begin(PassageSpec { element: Some(child), ..PassageSpec::default() });
        builder.push(" ", Target::Source { start: 0, end: 1 });
        builder.begin(PassageSpec { element: Some(child), ..PassageSpec::default() });
        builder.push("a", Target::Source { start: 1, end: 2 });
        let document = builder.finish();
        assert_eq!(document.passage_count(), 1);
        let expected = Place::Element { element: "/record[1]/p[2]".to_owned(), line: 1, column: 2 };
        assert_eq!(document.locate(0..1).place, expected);
    }
}
