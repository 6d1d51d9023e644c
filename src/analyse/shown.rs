//! What a reader of the pages sees, to tell a stored text that repeats it from one that gives something away.

use crate::model::{Document, Part, Passage, Visibility};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// How many lines are looked for one by one before all lines are gathered.
const FEW: u32 = 16;

/// The shown text of a document: letters and digits only, lower case. Most documents store little that is not shown,
/// so that a page is read when something on it is asked for.
pub(crate) struct Shown {
    /// The shown passages of each page.
    passages: HashMap<u32, Vec<u32>>,
    pages: RefCell<HashMap<u32, Rc<String>>>,
    asked: Cell<u32>,
    lines: OnceCell<HashSet<String>>,
    /// The values of fields that are shown where the field stands.
    values: OnceCell<HashSet<String>>,
}

impl Shown {
    pub(crate) fn new(document: &Document) -> Self {
        let mut passages: HashMap<u32, Vec<u32>> = HashMap::new();
        for passage in document.passages().filter(|passage| {
            passage.visibility() == Visibility::Shown || passage.part() == Part::Ocr
        }) {
            let index = u32::try_from(passage.index()).unwrap_or(u32::MAX);
            passages.entry(passage.page()).or_default().push(index);
        }
        let (pages, asked) = (RefCell::default(), Cell::new(0));
        Self { passages, pages, asked, lines: OnceCell::new(), values: OnceCell::new() }
    }

    /// Whether a reader sees the text of a passage anyway: on its own page, or, where it belongs to none, as a whole
    /// line or paragraph of any page, or as the value of a field.
    pub(crate) fn repeats(&self, document: &Document, passage: &Passage<'_>) -> bool {
        let text = letters(passage.text());
        let page = Some(passage.page()).filter(|page| *page > 0);
        match page.and_then(|page| self.page(document, page)) {
            Some(page) => page.contains(&text),
            None => self.is_line(document, &text) || self.is_value(document, &text),
        }
    }

    /// Whether it is the value of a field that is shown there, though not as a line of its own: spread over a comb, or
    /// beside others (a form may store its values a second time, as data of no page).
    fn is_value(&self, document: &Document, wanted: &str) -> bool {
        let values = self.values.get_or_init(|| {
            let fields = document.passages().filter(|passage| {
                passage.part() == Part::FormField && passage.visibility() == Visibility::Stored
            });
            let fields = fields.filter(|passage| passage.page() > 0);
            let values = fields.map(|passage| (passage.page(), letters(passage.text())));
            let is_shown = |page: u32, value: &str| {
                self.page(document, page).is_some_and(|page| page.contains(value))
            };
            values.filter(|(page, value)| is_shown(*page, value)).map(|(_, value)| value).collect()
        });
        values.contains(wanted)
    }

    /// The letters of a page; none where nothing is shown on it.
    fn page(&self, document: &Document, page: u32) -> Option<Rc<String>> {
        let own = self.passages.get(&page)?;
        let mut known = self.pages.borrow_mut();
        let read = || Rc::new(texts(document, own).map(letters).collect());
        Some(Rc::clone(known.entry(page).or_insert_with(read)))
    }

    fn is_line(&self, document: &Document, wanted: &str) -> bool {
        self.asked.set(self.asked.get().saturating_add(1));
        let all = || self.passages.values().flat_map(|own| texts(document, own));
        if self.asked.get() <= FEW {
            let is_wanted = |text: &str| is_same(text, wanted);
            return all().any(|text| is_wanted(text) || text.lines().any(is_wanted));
        }
        let lines = self.lines.get_or_init(|| {
            let mut lines: HashSet<String> = HashSet::new();
            for text in all() {
                lines.extend(text.lines().map(letters));
                lines.insert(letters(text));
            }
            lines
        });
        lines.contains(wanted)
    }
}

fn texts<'d>(document: &'d Document, passages: &'d [u32]) -> impl Iterator<Item = &'d str> {
    let passages = passages.iter().filter_map(|&index| document.passage(index as usize));
    passages.map(|passage| passage.text())
}

fn letters(text: &str) -> String {
    if text.is_ascii() {
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
        return letters.map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    }
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a text has these letters; told from the first that differs.
fn is_same(text: &str, wanted: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    letters.eq(wanted.chars())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DocumentBuilder, PassageSpec};

    #[test]
    fn a_value_that_its_page_shows_is_no_secret_and_a_heading_is_known_everywhere() {
        let mut builder = DocumentBuilder::new();
        for (page, text, visibility) in [
            (1, "Name: Petra Quenby, clerk", Visibility::Shown),
            (2, "3. Findings\nof fact", Visibility::Shown),
            (1, "petra quenby", Visibility::Stored),
            (2, "Petra Quenby", Visibility::Stored),
            (0, "3 Findings", Visibility::Stored),
            (0, "Petra Quenby", Visibility::Stored),
        ] {
            builder.begin(PassageSpec { visibility, page, ..PassageSpec::default() });
            builder.push_unanchored(text);
        }
        let document = builder.finish();
        let shown = Shown::new(&document);
        let repeats: Vec<_> =
            document.passages().skip(2).map(|passage| shown.repeats(&document, &passage)).collect();
        assert_eq!(repeats, [true, false, true, false]);
        let last = document.passages().next_back().unwrap();
        assert!((0..2 * FEW).all(|_| !shown.repeats(&document, &last)));
        let heading = document.passage(4).unwrap();
        assert!(shown.repeats(&document, &heading));
    }

    #[test]
    fn data_of_a_form_is_no_secret_where_its_field_shows_it() {
        let mut builder = DocumentBuilder::new();
        for (page, text, part, visibility) in [
            (1, "Q u e n", Part::Annotation, Visibility::Shown),
            (1, "b y", Part::Annotation, Visibility::Shown),
            (1, "Quenby", Part::FormField, Visibility::Stored),
            (1, "Ostrove", Part::FormField, Visibility::Stored),
            (0, "Quenby", Part::FormField, Visibility::Stored),
            (0, "Ostrove", Part::FormField, Visibility::Stored),
        ] {
            builder.begin(PassageSpec { part, visibility, page, ..PassageSpec::default() });
            builder.push_unanchored(text);
        }
        let document = builder.finish();
        let shown = Shown::new(&document);
        let repeats = document.passages().skip(2).map(|one| shown.repeats(&document, &one));
        assert_eq!(repeats.collect::<Vec<_>>(), [true, false, true, false]);
    }
}
