//! What a reader of the pages sees, to tell a stored text that repeats it from one that gives something away.

use crate::model::{Document, Part, Passage, Visibility};
use std::collections::{BTreeMap, HashSet};

/// The shown text of a document: letters and digits only, lower case.
pub(crate) struct Shown {
    pages: BTreeMap<u32, String>,
    lines: HashSet<String>,
}

impl Shown {
    pub(crate) fn new(document: &Document) -> Self {
        let mut shown = Self { pages: BTreeMap::new(), lines: HashSet::new() };
        for passage in document.passages().filter(|passage| {
            passage.visibility() == Visibility::Shown || passage.part() == Part::Ocr
        }) {
            shown.pages.entry(passage.page()).or_default().push_str(&letters(passage.text()));
            shown.lines.extend(passage.text().lines().map(letters));
            shown.lines.insert(letters(passage.text()));
        }
        shown
    }

    /// Whether a reader sees the text of a passage anyway: on its own page, or, where it belongs to none, as a whole
    /// line or paragraph of any page.
    pub(crate) fn repeats(&self, passage: &Passage<'_>) -> bool {
        let text = letters(passage.text());
        match self.pages.get(&passage.page()).filter(|_| passage.page() > 0) {
            Some(page) => page.contains(&text),
            None => self.lines.contains(&text),
        }
    }
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
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
            document.passages().skip(2).map(|passage| shown.repeats(&passage)).collect();
        assert_eq!(repeats, [true, false, true, false]);
    }
}
