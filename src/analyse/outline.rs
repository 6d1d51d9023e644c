//! Where in a document passages of a kind are, so that no rule has to walk over all of them, and what heads or names
//! a value.

use super::hash::NumberMap;
use super::lexicon::Lexicon;
use super::scan::words_of;
use crate::model::{Document, Part, Passage, Place, Visibility};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// Where the document keeps the name of an element and that of the one around it: shorter than the names.
type ElementNames = (usize, usize);

/// Passages by what they are.
pub(crate) struct Outline<'a> {
    document: &'a Document,
    kinds: Vec<((Part, Visibility), Vec<u32>)>,
    /// The passages that head columns, by table and column.
    headings: NumberMap<(u32, u32), u32>,
    /// The passage whose heading was asked for last, and the heading.
    last_heading: Cell<(usize, Option<usize>)>,
    /// The passages of elements, by their names.
    elements: HashMap<&'a str, Vec<u32>>,
    /// Whether any passage has a name of its own.
    has_names: bool,
    /// Whether any heading is one joined word.
    has_joined: bool,
    named: RefCell<NumberMap<ElementNames, Rc<Words>>>,
    joined: RefCell<NumberMap<usize, Rc<Words>>>,
}

/// Words that stand for a value, and what was found in them.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// The words.
    pub(crate) text: String,
    /// The phrases in them, by number.
    pub(crate) terms: Vec<u32>,
}

impl Words {
    fn new(text: String, lexicon: &Lexicon) -> Rc<Self> {
        let mut hits = Vec::new();
        lexicon.find(&text, &mut hits);
        Rc::new(Self { text, terms: hits.into_iter().map(|hit| hit.term).collect() })
    }

    /// Whether there is a phrase of a list among them.
    pub(crate) fn hold(&self, list: u32, lexicon: &Lexicon) -> bool {
        let mut postings = self.terms.iter().flat_map(|&term| lexicon.postings(term));
        postings.any(|&(own, _)| own == list)
    }
}

impl<'a> Outline<'a> {
    /// Walks over a document once.
    pub(crate) fn new(document: &'a Document) -> Self {
        let mut outline = Self {
            document,
            kinds: Vec::new(),
            headings: NumberMap::default(),
            last_heading: Cell::new((usize::MAX, None)),
            elements: HashMap::new(),
            has_names: false,
            has_joined: false,
            named: RefCell::default(),
            joined: RefCell::default(),
        };
        let mut last = 0;
        for passage in document.passages() {
            let index = u32::try_from(passage.index()).unwrap_or(u32::MAX);
            let kind = (passage.part(), passage.visibility());
            if outline.kinds.get(last).is_none_or(|(known, _)| *known != kind) {
                let known = outline.kinds.iter().position(|(known, _)| *known == kind);
                last = known.unwrap_or_else(|| {
                    outline.kinds.push((kind, Vec::new()));
                    outline.kinds.len() - 1
                });
            }
            outline.kinds.get_mut(last).into_iter().for_each(|(_, kind)| kind.push(index));
            if let Some(cell) = passage.cell().filter(|cell| cell.row == 0) {
                outline.has_joined |= is_joined(passage.text());
                outline.headings.insert((cell.table, cell.column), index);
            }
            outline.has_names |= passage.element().is_some() || passage.has_place();
            if let Some((name, _)) = passage.element().and_then(|at| document.element(at)) {
                outline.elements.entry(name).or_default().push(index);
            }
        }
        outline
    }

    /// The passages that a filter of parts and visibilities lets through, in reading order; empty lists let all
    /// through.
    pub(crate) fn of_kind(&self, parts: &[Part], visibility: &[Visibility]) -> Vec<u32> {
        let fits = |(part, seen): &(Part, Visibility)| {
            (parts.is_empty() || parts.contains(part))
                && (visibility.is_empty() || visibility.contains(seen))
        };
        let mut found: Vec<u32> = Vec::new();
        for (_, kind) in self.kinds.iter().filter(|(kind, _)| fits(kind)) {
            found.extend(kind);
        }
        found.sort_unstable();
        found
    }

    /// The passages of elements and attributes of that name, in reading order.
    pub(crate) fn of_element(&self, name: &str) -> &[u32] {
        self.elements.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The passage that heads the column of a cell; none for the heading itself.
    pub(crate) fn column_heading(&self, passage: &Passage<'_>) -> Option<usize> {
        let (last, heading) = self.last_heading.get();
        if last == passage.index() {
            return heading;
        }
        let heading = passage.cell().and_then(|cell| {
            let index = *self.headings.get(&(cell.table, cell.column))? as usize;
            (index != passage.index()).then_some(index)
        });
        self.last_heading.set((passage.index(), heading));
        heading
    }

    /// Whether any passage has a name of its own.
    pub(crate) fn has_names(&self) -> bool {
        self.has_names
    }

    /// Whether what heads or names values says nothing that the text does not say.
    pub(crate) fn is_nameless(&self) -> bool {
        !self.has_names && !self.has_joined
    }

    /// The passages that head columns.
    pub(crate) fn headings(&self) -> impl Iterator<Item = usize> {
        self.headings.values().map(|&heading| heading as usize)
    }

    /// A heading that is one joined word, in words.
    pub(crate) fn joined_heading(&self, heading: usize, lexicon: &Lexicon) -> Option<Rc<Words>> {
        let passage = self.document.passage(heading)?;
        if !is_joined(passage.text()) {
            return None;
        }
        let mut known = self.joined.borrow_mut();
        let words =
            known.entry(heading).or_insert_with(|| Words::new(words_of(passage.text()), lexicon));
        Some(Rc::clone(words))
    }

    /// The names that a value carries: XML element and attribute, form field, property, header; in words.
    pub(crate) fn names(&self, passage: &Passage<'_>, lexicon: &Lexicon) -> Option<Rc<Words>> {
        if let Some((name, parent)) = passage.element().and_then(|at| self.document.element(at)) {
            let parent = parent.and_then(|at| self.document.element(at)).map(|(name, _)| name);
            let write = || {
                let names = words_of(name) + &parent.map(words_of).unwrap_or_default();
                Words::new(names, lexicon)
            };
            let address = |name: &str| name.as_ptr().addr();
            let mut known = self.named.borrow_mut();
            let known = known.entry((address(name), parent.map_or(0, address)));
            return Some(Rc::clone(known.or_insert_with(write)));
        }
        if !passage.has_place() {
            return None;
        }
        match self.document.locate(passage.range()).place {
            Place::Property { property: name } | Place::Header { header: name } => {
                Some(Words::new(words_of(&name), lexicon))
            }
            _ => None,
        }
    }
}

/// Whether a heading may be several words in one: `HomePhone`.
fn is_joined(heading: &str) -> bool {
    let mut letters = heading.chars();
    letters.any(char::is_lowercase) && letters.any(char::is_uppercase)
}
