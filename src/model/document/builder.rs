//! Writing a document: what extractors fill, passage by passage.

use super::{Anchor, BETWEEN, Document, Element, NONE, Name, Record, Run, Step, index};
use crate::model::{Block, PassageSpec, Place, Source, Target};
use std::ops::Range;

/// Makes a `Document`, passage by passage in reading order.
#[derive(Default)]
pub struct DocumentBuilder {
    document: Document,
    open: Option<PassageSpec>,
    start: usize,
}

impl DocumentBuilder {
    /// A builder for a document without a text source (PDF).
    pub fn new() -> Self {
        Self::default()
    }

    /// A builder for a document that is read from a text of so many bytes. The room is not filled with anything, so
    /// that what is not used costs nothing; growing step by step would leave gaps.
    pub fn with_room(bytes: usize) -> Self {
        let mut builder = Self::default();
        let Document { text, passages, runs, elements, .. } = &mut builder.document;
        text.reserve(bytes);
        passages.reserve(bytes / 64);
        runs.reserve(bytes / 64);
        elements.reserve(bytes / 64);
        builder
    }

    /// A builder for plain text or XML, whose anchors point into `source`.
    pub fn with_source(source: Source) -> Self {
        Self {
            document: Document { source: Some(source), ..Document::default() },
            ..Self::default()
        }
    }

    /// The decoded text being read.
    pub fn source(&self) -> Option<&Source> {
        self.document.source.as_ref()
    }

    /// Registers an element by its local name (`@name` for an attribute, `comment()`, `processing-instruction()`)
    /// and its position among its siblings of that name, from 1 (0: no position is shown).
    pub fn element(&mut self, parent: Option<u32>, name: u32, position: u32) -> u32 {
        let number = index(self.document.elements.len());
        let step = Step { name, position };
        let packed = step.packed();
        if packed.is_none() {
            self.document.far_steps.push((number, step));
        }
        let step = packed.unwrap_or(NONE);
        self.document.elements.push(Element { parent: parent.unwrap_or(NONE), step });
        number
    }

    /// Registers an element name; the caller keeps the map from names to numbers.
    pub fn name(&mut self, name: &str) -> u32 {
        self.name_in(None, name)
    }

    /// Registers an element or attribute name (`@name`) in a namespace given by `namespace`.
    pub fn name_in(&mut self, namespace: Option<u32>, name: &str) -> u32 {
        let namespace = namespace.unwrap_or(NONE);
        self.document.names.push(Name { local: name.to_owned(), namespace });
        index(self.document.names.len() - 1)
    }

    /// Registers the URI of a namespace; the caller keeps the map from URIs to numbers.
    pub fn namespace(&mut self, uri: &str) -> u32 {
        self.document.namespaces.push(uri.to_owned());
        index(self.document.namespaces.len() - 1)
    }

    /// Registers a place that whole passages stand at (a property, a header, bytes).
    pub fn place(&mut self, place: Place) -> u32 {
        self.document.places.push(place);
        index(self.document.places.len() - 1)
    }

    /// Opens a passage; one that is open is closed first.
    pub fn begin(&mut self, spec: PassageSpec) {
        self.end();
        self.start = self.document.text.len();
        self.open = Some(spec);
    }

    /// Adds text to the open passage, with where it comes from. Without an open passage it opens a body paragraph.
    pub fn push(&mut self, text: &str, target: Target) {
        let start = self.append(text);
        let end = self.document.text.len();
        if end == start {
            return;
        }
        match target {
            Target::Page { page, quad } => {
                let (start, end) = (index(start), index(end));
                self.document.anchors.push(Anchor { start, end, page, quad });
            }
            Target::Source { start: source, end: source_end } => {
                self.add_run(index(start), source, source_end, index(end - start));
            }
        }
    }

    fn add_run(&mut self, start: u32, source: u32, source_end: u32, length: u32) {
        let Document { runs, wholes, .. } = &mut self.document;
        let number = runs.len();
        let identity = source_end.saturating_sub(source) == length;
        let goes_on = runs.last().is_some_and(|last| {
            last.source != NONE
                && wholes.last().is_none_or(|&(whole, _)| whole as usize + 1 != number)
                && last.source.saturating_add(start - last.start) == source
        });
        if identity && goes_on {
            return;
        }
        runs.push(Run { start, source });
        if !identity {
            wholes.push((index(number), source_end));
        }
    }

    /// Adds text that stands nowhere in the artifact: a space or line break between two pieces.
    pub fn push_unanchored(&mut self, text: &str) {
        let start = index(self.append(text));
        if self.document.runs.last().is_some_and(|last| last.source != NONE) {
            self.document.runs.push(Run { start, source: NONE });
        }
    }

    /// Bytes of `Document::text` written so far: where the next piece will begin.
    pub fn offset(&self) -> usize {
        self.document.text.len()
    }

    /// The text of the open passage so far.
    pub fn open_text(&self) -> &str {
        self.open.map_or("", |_| self.document.text.get(self.start..).unwrap_or_default())
    }

    /// Closes the open passage; one with nothing but white space is dropped. Returns its bytes in `Document::text`.
    pub fn end(&mut self) -> Option<Range<usize>> {
        let spec = self.open.take()?;
        let text = self.document.text.get(self.start..).unwrap_or_default();
        let begins = text.as_bytes().first().is_some_and(u8::is_ascii_graphic);
        if !begins && text.trim().is_empty() {
            self.document.text.truncate(self.start);
            while self
                .document
                .anchors
                .last()
                .is_some_and(|anchor| anchor.end as usize > self.start)
            {
                self.document.anchors.pop();
            }
            let Document { runs, wholes, .. } = &mut self.document;
            runs.truncate(runs.partition_point(|run| (run.start as usize) < self.start));
            wholes.truncate(wholes.partition_point(|&(run, _)| (run as usize) < runs.len()));
            return None;
        }
        let range = self.start..self.document.text.len();
        let number = index(self.document.passages.len());
        if let Some(cell) = spec.cell {
            self.document.cells.push((number, cell));
        }
        if let Some(place) = spec.place {
            self.document.placed.push((number, place));
        }
        if self.document.page_starts.last().map_or(0, |&(_, page)| page) != spec.page {
            self.document.page_starts.push((number, spec.page));
        }
        self.document.passages.push(Record {
            start: index(range.start),
            element: spec.element.unwrap_or(NONE),
            part: spec.part,
            visibility: spec.visibility,
            block: if spec.cell.is_some() { Block::Cell } else { spec.block },
        });
        self.document.text.push_str(BETWEEN);
        Some(range)
    }

    /// Adds a whole passage that stands at a named place: metadata, a bookmark, a comment.
    pub fn property(
        &mut self,
        spec: PassageSpec,
        place: Place,
        text: &str,
    ) -> Option<Range<usize>> {
        let place = Some(self.place(place));
        self.begin(PassageSpec { place, ..spec });
        self.push_unanchored(text);
        self.end()
    }

    /// The rest of the document: properties, marks, members, pages.
    pub fn document_mut(&mut self) -> &mut Document {
        &mut self.document
    }

    /// Closes the last passage and returns the document, whose anchors point into `source`. For readers that
    /// borrow the text while they build.
    pub fn finish_with(mut self, mut source: Source) -> Document {
        source.let_go();
        self.document.source = Some(source);
        self.finish()
    }

    /// Closes the last passage and returns the document.
    pub fn finish(mut self) -> Document {
        self.end();
        self.document
    }

    fn append(&mut self, text: &str) -> usize {
        if self.open.is_none() {
            self.begin(PassageSpec::default());
        }
        let start = self.document.text.len();
        if memchr::memchr(0x1e, text.as_bytes()).is_some() {
            self.document.text.extend(text.chars().map(|c| if c == '\u{1e}' { ' ' } else { c }));
        } else {
            self.document.text.push_str(text);
        }
        start
    }
}
