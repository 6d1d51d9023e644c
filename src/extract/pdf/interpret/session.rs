//! What is read once per file and used on every page: fonts, colour spaces, patterns, layers; and the budgets.

use super::Drawn;
use super::colour::{self, Space, Special};
use super::layers::Layers;
use super::state::NONE;
use crate::extract::pdf::content::PageContent;
use crate::extract::pdf::filters::Shortfall;
use crate::extract::pdf::font::Font;
use crate::extract::pdf::images::Pictures;
use crate::extract::pdf::objects::{Objects, as_dictionary};
use crate::extract::pdf::open::is_lost;
use crate::extract::pdf::pages::Page;
use crate::extract::pdf::tokens;
use lopdf::{Dictionary, Object, ObjectId, Stream};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// How many operators are executed in one file.
const MAX_OPERATORS: u64 = 100_000_000;
/// How many content streams one page may have.
const MAX_CONTENTS: usize = 10_000;
/// How many bytes the content streams of one page may have together, inflated.
const MAX_CONTENT_BYTES: usize = 64 << 20;

/// The reading of one file.
pub(in crate::extract::pdf) struct Session<'o> {
    pub(in crate::extract::pdf) objects: &'o Objects<'o>,
    pub(super) layers: Layers,
    fonts: Vec<Rc<Font>>,
    /// Numbers of fonts, spaces and patterns by the addresses of their objects, which stay where they are.
    font_numbers: HashMap<*const Dictionary, u32>,
    spaces: Vec<Special<'o>>,
    space_numbers: HashMap<*const Object, Space>,
    patterns: Vec<&'o Object>,
    pattern_numbers: HashMap<*const Object, u32>,
    pub(super) solid_patterns: HashMap<u32, bool>,
    pub(super) pattern_depth: usize,
    pub(super) drawing_programs: HashMap<ObjectId, bool>,
    font_dictionaries: Vec<&'o Dictionary>,
    operators: u64,
    /// Addresses of the forms that were interpreted.
    drawn: HashSet<*const Stream>,
    pub(in crate::extract::pdf) pictures: Pictures<'o>,
    /// The buffers of a page that is done with.
    spare: Drawn,
}

impl<'o> Session<'o> {
    /// Begins to read a file.
    pub(in crate::extract::pdf) fn new(objects: &'o Objects<'o>) -> Self {
        Self {
            objects,
            layers: Layers::read(objects),
            fonts: Vec::new(),
            font_numbers: HashMap::new(),
            spaces: Vec::new(),
            space_numbers: HashMap::new(),
            patterns: Vec::new(),
            pattern_numbers: HashMap::new(),
            solid_patterns: HashMap::new(),
            pattern_depth: 0,
            drawing_programs: HashMap::new(),
            font_dictionaries: Vec::new(),
            operators: 0,
            drawn: HashSet::new(),
            pictures: Pictures::default(),
            spare: Drawn::default(),
        }
    }

    /// Whether a form was interpreted.
    pub(in crate::extract::pdf) fn has_drawn(&self, form: &Stream) -> bool {
        self.drawn.contains(&std::ptr::from_ref(form))
    }

    /// Notes that a form is interpreted.
    pub(super) fn draws(&mut self, form: &Stream) {
        self.drawn.insert(std::ptr::from_ref(form));
    }

    /// Takes back a page, so that the next one need not ask for memory.
    pub(in crate::extract::pdf) fn recycle(&mut self, mut drawn: Drawn) {
        drawn.content.glyphs.clear();
        drawn.content.text.clear();
        drawn.canvas.clear();
        drawn.clips.clear();
        self.spare = Drawn {
            content: PageContent {
                glyphs: drawn.content.glyphs,
                text: drawn.content.text,
                ..PageContent::default()
            },
            canvas: drawn.canvas,
            clips: drawn.clips,
            ..Drawn::default()
        };
    }

    /// Empty buffers for a page.
    pub(super) fn fresh(&mut self) -> Drawn {
        std::mem::take(&mut self.spare)
    }

    /// Counts operators; true where a budget has run out.
    pub(super) fn is_over(&mut self, operators: u32) -> bool {
        self.operators = self.operators.saturating_add(u64::from(operators));
        self.operators > MAX_OPERATORS || self.objects.budget.is_over_time()
    }

    /// The number of a font of the resources; it is loaded when it is first asked for.
    pub(super) fn font(&mut self, resources: Option<&'o Dictionary>, name: &[u8]) -> u32 {
        let objects = self.objects;
        let found = resources
            .and_then(|resources| objects.dictionary(resources, b"Font"))
            .and_then(|fonts| objects.dictionary(fonts, &tokens::name(name)));
        self.font_of(found)
    }

    /// The number of a font by its dictionary. A missing font is one without any encoding.
    pub(super) fn font_of(&mut self, dictionary: Option<&'o Dictionary>) -> u32 {
        static MISSING: std::sync::LazyLock<Dictionary> = std::sync::LazyLock::new(Dictionary::new);
        let dictionary = dictionary.unwrap_or(&MISSING);
        let key = std::ptr::from_ref(dictionary);
        if let Some(&number) = self.font_numbers.get(&key) {
            return number;
        }
        let number = u32::try_from(self.fonts.len()).unwrap_or(NONE);
        self.fonts.push(Rc::new(Font::load(self.objects, dictionary)));
        self.font_dictionaries.push(dictionary);
        self.font_numbers.insert(key, number);
        number
    }

    /// The dictionary of a font.
    pub(in crate::extract::pdf) fn font_dictionary(&self, number: u32) -> Option<&'o Dictionary> {
        self.font_dictionaries.get(number as usize).copied()
    }

    /// A font by its number.
    pub(in crate::extract::pdf) fn loaded(&mut self, number: u32) -> Option<Rc<Font>> {
        let number = if number == NONE { self.font_of(None) } else { number };
        self.fonts.get(number as usize).map(Rc::clone)
    }

    /// A colour space that needs data.
    pub(super) fn space(&self, index: u32) -> Option<&Special<'o>> {
        self.spaces.get(index as usize)
    }

    /// Keeps a colour space that needs data.
    pub(super) fn add_space(&mut self, special: Special<'o>) -> Space {
        self.spaces.push(special);
        Space::Special(u32::try_from(self.spaces.len().saturating_sub(1)).unwrap_or(NONE))
    }

    /// The colour space of an object, read once.
    pub(super) fn remembered_space(
        &mut self,
        object: &'o Object,
        resources: Option<&'o Dictionary>,
        depth: usize,
    ) -> Space {
        let key = std::ptr::from_ref(object);
        if let Some(&space) = self.space_numbers.get(&key) {
            return space;
        }
        let space = colour::parse(self, object, resources, depth);
        self.space_numbers.insert(key, space);
        space
    }

    /// The number of a pattern of the resources.
    pub(super) fn pattern(&mut self, resources: Option<&'o Dictionary>, name: &[u8]) -> u32 {
        let objects = self.objects;
        let found = resources
            .and_then(|resources| objects.dictionary(resources, b"Pattern"))
            .and_then(|patterns| objects.get(patterns, name));
        let Some(pattern) = found else { return NONE };
        let next = u32::try_from(self.patterns.len()).unwrap_or(NONE);
        let number = *self.pattern_numbers.entry(std::ptr::from_ref(pattern)).or_insert(next);
        if number == next {
            self.patterns.push(pattern);
        }
        number
    }

    /// A pattern by its number.
    pub(super) fn pattern_object(&self, number: u32) -> Option<&'o Object> {
        self.patterns.get(number as usize).copied()
    }

    /// The content of a page: its streams, joined by a blank so that no word runs over a border.
    pub(super) fn page_content(&self, page: &Page<'o>, drawn: &mut Drawn) -> Cow<'o, [u8]> {
        let objects = self.objects;
        let contents = page.dictionary.get(b"Contents").ok();
        let mut streams = Vec::new();
        match contents.map(|contents| (contents, objects.resolve(contents))) {
            Some((_, Object::Array(parts))) => streams.extend(parts.iter().take(MAX_CONTENTS)),
            Some((contents, _)) => streams.push(contents),
            None => {}
        }
        let mut whole = Cow::Borrowed(&[][..]);
        for stream in streams {
            drawn.damaged |= is_lost(objects.file, stream);
            let Object::Stream(stream) = objects.resolve(stream) else { continue };
            let decoded = objects.decoded(stream);
            note(drawn, decoded.shortfall);
            if whole.len().saturating_add(decoded.data.len()) > MAX_CONTENT_BYTES {
                drawn.over_budget_stream = true;
                break;
            }
            if whole.is_empty() {
                whole = decoded.data;
            } else {
                let joined = whole.to_mut();
                joined.push(b'\n');
                joined.extend_from_slice(&decoded.data);
            }
        }
        whole
    }

    /// The layer that hides an object, if one does.
    pub(super) fn hides(&self, dictionary: &Dictionary) -> bool {
        dictionary.get(b"OC").is_ok_and(|membership| self.layers.hides(self.objects, membership))
    }

    /// A resource of a category by its name.
    pub(super) fn resource(
        &self,
        resources: Option<&'o Dictionary>,
        category: &[u8],
        name: &[u8],
    ) -> Option<&'o Object> {
        let category = self.objects.dictionary(resources?, category)?;
        self.objects.get(category, &tokens::name(name))
    }

    /// The same, where it is a dictionary.
    pub(super) fn resource_dictionary(
        &self,
        resources: Option<&'o Dictionary>,
        category: &[u8],
        name: &[u8],
    ) -> Option<&'o Dictionary> {
        self.resource(resources, category, name).and_then(as_dictionary)
    }
}

/// Notes on a page why one of its content streams is not complete.
pub(super) fn note(drawn: &mut Drawn, shortfall: Option<Shortfall>) {
    match shortfall {
        Some(Shortfall::OverBudget) => drawn.over_budget_stream = true,
        Some(_) => drawn.damaged = true,
        None => {}
    }
}
