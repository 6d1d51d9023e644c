//! The pass over a document: events in, passages out, and what was wrong on the way.

use super::attributes::Attribute;
use super::chars::{first_illegal, is_blank, is_white};
use super::cutting::{Kind, closes, cut};
use super::dtd::Dtd;
use super::flow::{Flow, Origin};
use super::names::Names;
use super::regions::Regions;
use super::shape::Role;
use super::tables::Tables;
use crate::model::{
    Block, Cell, DocumentBuilder, Notice, NoticeCode, Part, PassageSpec, Place, Source, Visibility,
};
use crate::read::Budget;
use std::borrow::Cow;
use std::collections::HashMap;

/// After how many events the clock is looked at.
const STEPS: u32 = 4096;
/// How often reading is taken up again behind a piece that is no markup; the rest is then read as text.
const MAX_RESTARTS: u32 = 1000;
/// How many attributes and comments may wait for the paragraph around them to end.
const MAX_WAITING: usize = 50_000;

/// How many kinds of children are counted in a list.
pub(super) const FEW: usize = 24;

pub(super) const NONE: u32 = u32::MAX;

/// An element that is open.
pub(super) struct Frame<'a> {
    /// Its name as written.
    pub(super) name: &'a str,
    /// The name's number in the builder.
    pub(super) builder_name: u32,
    /// Its position among its siblings of that name.
    pub(super) position: u32,
    /// Its number in the builder, once something had to be placed in it.
    pub(super) element: u32,
    /// Namespace declarations in scope outside it.
    pub(super) bindings: u32,
    /// Where the counts of its children begin.
    pub(super) counts: usize,
    /// What it is.
    pub(super) role: Role,
    /// Whether it is part of the running text around it.
    pub(super) inline: bool,
    /// Whether text stands directly in it.
    pub(super) has_text: bool,
    /// How text in it is to be seen.
    pub(super) part: Part,
    /// The same.
    pub(super) visibility: Visibility,
    /// The same.
    pub(super) block: Block,
    /// The table cell it stands in.
    pub(super) cell: Option<Cell>,
}

/// Text that waits for the open paragraph to end: an inline element's attribute, a comment.
struct Waiting<'a> {
    spec: PassageSpec,
    text: &'a str,
    origin: Origin,
    /// Whether references in it are to be resolved.
    resolve: bool,
}

/// A text being cut into events: the document, or an entity's replacement.
struct Input<'a> {
    text: &'a str,
    origin: Origin,
    /// Where in `text` the next event begins.
    at: usize,
    entity: Option<&'a str>,
    depth: usize,
}

/// One pass over one document.
pub(super) struct Reading<'a> {
    pub(super) source: &'a Source,
    pub(super) dtd: &'a Dtd,
    pub(super) budget: &'a Budget,
    pub(super) flow: Flow<'a>,
    pub(super) names: Names<'a>,
    pub(super) frames: Vec<Frame<'a>>,
    /// Names of elements that lie deeper than elements are told apart.
    pub(super) deep: Vec<&'a str>,
    pub(super) counts: Vec<(u32, u32)>,
    /// Counts of further kinds of children, by the depth of their parent.
    pub(super) many: Vec<(usize, HashMap<u32, u32>)>,
    pub(super) tables: Tables,
    pub(super) regions: Regions<'a>,
    pub(super) attributes: Vec<Attribute<'a>>,
    pub(super) tag: u32,
    /// An element of unknown kind has just ended whose text may turn out to be the beginning of a paragraph.
    pub(super) undecided: bool,
    pub(super) roots: u32,
    pub(super) expanded: usize,
    inputs: Vec<Input<'a>>,
    waiting: Vec<Waiting<'a>>,
    /// One more than the numbers of `comment()` and `processing-instruction()` in the builder.
    pub(super) aside_names: [u32; 2],
    restarts: u32,
    pub(super) members: u32,
    has_cdata_end: bool,
    fault: Option<(usize, Cow<'static, str>)>,
    faults: u32,
    notices: Vec<Notice>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(source: &'a Source, dtd: &'a Dtd, budget: &'a Budget) -> Self {
        let mut flow = Flow::new(source.text().len());
        let mut names = Names::new();
        let xml = Cow::Borrowed("http://www.w3.org/XML/1998/namespace");
        names.bind("xml", xml, &mut flow.builder);
        Self {
            source,
            dtd,
            budget,
            flow,
            names,
            frames: Vec::new(),
            deep: Vec::new(),
            counts: Vec::new(),
            many: Vec::new(),
            tables: Tables::default(),
            regions: Regions::default(),
            attributes: Vec::new(),
            tag: 0,
            undecided: false,
            roots: 0,
            expanded: 0,
            inputs: Vec::new(),
            waiting: Vec::new(),
            aside_names: [0; 2],
            restarts: 0,
            members: 0,
            has_cdata_end: memchr::memmem::find(source.text().as_bytes(), b"]]>").is_some(),
            fault: None,
            faults: 0,
            notices: Vec::new(),
        }
    }

    /// Reads the document to its end, or to the end of the budget.
    pub(super) fn run(&mut self) {
        let text = self.source.text();
        self.check_whole(text);
        self.inputs.push(Input { text, origin: Origin::At(0), at: 0, entity: None, depth: 0 });
        let mut steps = 0_u32;
        while let Some(input) = self.inputs.last_mut() {
            steps = steps.wrapping_add(1);
            if steps.is_multiple_of(STEPS) && self.budget.is_over_time() {
                self.over_budget(
                    "The document takes too long to read; the rest of it was not read.",
                );
                break;
            }
            let from = input.at;
            if from == self.dtd.range.start && self.dtd.range.end > 0 && input.entity.is_none() {
                input.at = self.dtd.range.end;
                self.document_type();
                continue;
            }
            if let Some(frame) = self.frames.last().filter(|_| self.deep.is_empty())
                && let Some(length) = closes(input.text, from, frame.name)
            {
                input.at += length;
                self.end_frame();
                continue;
            }
            let (kind, end) = cut(input.text, from);
            input.at = end;
            let raw = input.text.get(from..end).unwrap_or_default();
            let origin = input.origin.skip(from);
            self.event(kind, raw, origin, from);
        }
        self.boundary();
        self.check_end();
    }

    /// The builder with all passages, and what could not be read.
    pub(super) fn finish(mut self) -> (DocumentBuilder, Vec<Notice>) {
        if let Some((at, message)) = self.fault.take() {
            let (line, column) = self.source.line_column(at);
            let more = match self.faults {
                0 | 1 => String::new(),
                faults => format!(" (and {} more faults)", faults - 1),
            };
            let message = format!("The XML is not well formed: {message}{more}.");
            let notice = Notice::blocking(NoticeCode::Damaged, message);
            self.notices.insert(0, notice.at(Place::Line { line, column }));
        }
        if self.names.over_budget {
            self.over_budget(
                "The document uses too many names or namespaces to tell them all apart.",
            );
        }
        (self.flow.builder, self.notices)
    }

    fn event(&mut self, kind: Kind, raw: &'a str, origin: Origin, from: usize) {
        match kind {
            Kind::Start => self.start_tag(raw, origin, false),
            Kind::Empty => self.start_tag(raw, origin, true),
            Kind::End => self.end_tag(raw, origin),
            Kind::Text => self.text_event(raw, origin),
            Kind::Reference => self.reference_event(raw, origin),
            Kind::CData => self.cdata_event(raw, origin),
            Kind::Comment => self.comment_event(raw, origin),
            Kind::Instruction => self.instruction_event(raw, origin),
            Kind::Declaration => self.declaration_event(raw, origin),
            Kind::DocType => {
                self.damaged(origin.start(), "a document type declaration is out of place");
                self.characters(raw, origin);
            }
            Kind::Nothing => self.end_input(),
            Kind::Broken => self.salvage(origin, from),
        }
    }

    /// Notes that the document is not well formed. Only the first fault is told in words.
    pub(super) fn damaged(&mut self, at: usize, message: impl Into<Cow<'static, str>>) {
        self.faults = self.faults.saturating_add(1);
        if self.fault.as_ref().is_none_or(|&(first, _)| at < first) {
            self.fault = Some((at, message.into()));
        }
    }

    /// Notes, once, that a limit was met.
    pub(super) fn over_budget(&mut self, message: &'static str) {
        self.note(Notice::blocking(NoticeCode::OverBudget, message));
    }

    /// Adds a notice, unless the same has been given before.
    pub(super) fn note(&mut self, notice: Notice) {
        let known = |other: &Notice| other.code == notice.code && other.message == notice.message;
        if !self.notices.iter().any(known) {
            self.notices.push(notice);
        }
    }

    fn check_whole(&mut self, text: &str) {
        if let Some(at) = first_illegal(text) {
            self.damaged(at, "it holds a character that XML does not allow");
        }
        let damage = self.source.damage();
        if damage.count > 0 {
            self.damaged(damage.first, format!("bytes that are no {}", self.source.encoding()));
        } else if self.source.is_guessed() {
            self.damaged(0, "its encoding is neither UTF-8 nor declared");
        }
        if let Some((at, message)) = self.dtd.fault {
            self.damaged(at, message);
        }
        if self.dtd.over_budget {
            self.over_budget("Entities in the document type expand beyond what is read.");
        }
    }

    fn check_end(&mut self) {
        let end = self.source.text().len();
        if self.roots == 0 {
            self.damaged(end, "it has no root element");
        }
    }

    /// One more text to be read before the current one goes on.
    pub(super) fn enter(&mut self, entity: &'a str, text: &'a str, origin: Origin) {
        let depth = self.frames.len() + self.deep.len();
        self.inputs.push(Input { text, origin, at: 0, entity: Some(entity), depth });
    }

    /// Whether an entity's text is being read, and how many of them.
    pub(super) fn is_inside(&self, entity: &str) -> bool {
        self.inputs.iter().any(|input| input.entity == Some(entity))
    }

    /// How many texts lie in one another.
    pub(super) fn inputs(&self) -> usize {
        self.inputs.len()
    }

    fn end_input(&mut self) {
        let Some(input) = self.inputs.pop() else { return };
        let depth = self.frames.len() + self.deep.len();
        if depth == input.depth {
            return;
        }
        let end = input.origin.skip(input.text.len()).start();
        let message = if input.entity.is_some() {
            "an entity does not hold whole elements"
        } else {
            "an element is not closed"
        };
        self.damaged(end, message);
    }

    /// Reads on behind something that is no markup.
    fn salvage(&mut self, origin: Origin, from: usize) {
        self.damaged(origin.start(), "a piece of markup is malformed or not closed");
        let Some(input) = self.inputs.last_mut() else { return };
        self.restarts += 1;
        let text = input.text;
        let end = if self.restarts > MAX_RESTARTS { text.len() } else { from + 1 };
        input.at = end;
        self.characters(text.get(from..end).unwrap_or_default(), origin);
    }

    fn text_event(&mut self, raw: &'a str, origin: Origin) {
        if self.frames.is_empty() && !is_blank(raw) {
            self.damaged(origin.start(), "there is text outside the root element");
        }
        if self.has_cdata_end
            && let Some(at) = memchr::memmem::find(raw.as_bytes(), b"]]>")
        {
            self.damaged(origin.skip(at).start(), "the end of a CDATA section stands in text");
        }
        // Text is cut before every ampersand.
        if raw.starts_with('&') {
            self.damaged(origin.start(), "an ampersand begins no reference");
        }
        self.characters(raw, origin);
    }

    fn cdata_event(&mut self, raw: &'a str, origin: Origin) {
        if self.frames.is_empty() {
            self.damaged(origin.start(), "a CDATA section stands outside the root element");
        }
        self.characters(
            raw.get(9..raw.len().saturating_sub(3)).unwrap_or_default(),
            origin.skip(9),
        );
    }

    /// Character data, references resolved or none in it.
    pub(super) fn characters(&mut self, text: &'a str, origin: Origin) {
        if self.undecided
            && text
                .bytes()
                .take_while(|&byte| is_white(byte))
                .any(|byte| byte == b'\n' || byte == b'\r')
        {
            self.boundary();
        }
        if is_blank(text) {
            self.flow.white(text, origin);
            return;
        }
        self.undecided = false;
        if self.regions.is_open() {
            self.regions.text(text, origin);
            return;
        }
        if self.take_payload(text) {
            return;
        }
        self.prepare();
        self.flow.text(text, origin);
    }

    /// Makes the flow ready for text that stands in the current element.
    pub(super) fn prepare(&mut self) {
        let element = self.current_element();
        let Some(frame) = self.frames.last_mut() else {
            self.flow.spec = PassageSpec::default();
            return;
        };
        frame.has_text = true;
        let spec = PassageSpec {
            part: frame.part,
            visibility: frame.visibility,
            block: frame.block,
            page: 0,
            cell: frame.cell,
            element,
            place: None,
        };
        let before = self.flow.spec;
        self.flow.spec = spec;
        if self.flow.is_open() && (before.part, before.visibility) != (spec.part, spec.visibility) {
            self.flow.end();
        }
    }

    /// Ends the open paragraph, and lets what waited for that follow it.
    pub(super) fn boundary(&mut self) {
        self.undecided = false;
        self.flow.end();
        if self.waiting.is_empty() {
            return;
        }
        for waiting in std::mem::take(&mut self.waiting) {
            self.stored(waiting.spec, waiting.text, waiting.origin, waiting.resolve);
        }
        self.flow.end();
    }

    /// Writes passages of their own that no reader sees: an attribute, a comment. `resolve`: it may hold references.
    pub(super) fn set_aside(
        &mut self,
        spec: PassageSpec,
        text: &'a str,
        origin: Origin,
        resolve: bool,
    ) {
        if !self.flow.is_open() {
            self.stored(spec, text, origin, resolve);
            return;
        }
        self.waiting.push(Waiting { spec, text, origin, resolve });
        if self.waiting.len() >= MAX_WAITING {
            self.boundary();
        }
    }

    pub(super) fn stored(
        &mut self,
        spec: PassageSpec,
        text: &'a str,
        origin: Origin,
        resolve: bool,
    ) {
        self.flow.end();
        self.flow.spec = spec;
        if resolve && text.contains('&') {
            self.value_with_references(text, origin);
        } else {
            self.flow.text(text, origin);
        }
        self.flow.end();
    }
}
