//! What saving anew leaves behind and what gives nothing away: the program's name and the day, and copies of strings
//! that the document still leads to.

use super::{Found, Sweep, kind};
use crate::extract::pdf::objects::Objects;
use lopdf::ObjectId;
use std::collections::HashSet;

/// The strings that stand alone and tell of the program and the day only.
pub(super) fn producers(objects: &Objects<'_>) -> HashSet<ObjectId> {
    let dictionaries = objects.file.objects.values().filter_map(|one| one.as_dict().ok());
    let entries = dictionaries.flat_map(|one| one.iter());
    let named = entries.filter(|(key, _)| kind::is_producers(key));
    named.filter_map(|(_, value)| value.as_reference().ok()).collect()
}

impl Sweep<'_> {
    /// Leaves out strings of unreachable objects that stand word for word in reachable ones: those are judged there.
    pub(super) fn forget_copies(&mut self) {
        if !self.found.iter().any(|one| one.is_lost) {
            return;
        }
        let kept: HashSet<String> = self
            .found
            .iter()
            .filter(|one| !one.is_lost && one.text.len() <= MAX_COPY)
            .map(|one| one.text.trim().to_owned())
            .collect();
        self.found.retain(|one: &Found| !(one.is_lost && kept.contains(one.text.trim())));
    }
}

/// The longest string that is compared, in bytes.
const MAX_COPY: usize = 4096;

#[cfg(test)]
mod tests {
    use crate::extract::pdf::objects::Objects;
    use crate::extract::pdf::stored::{Session, read};
    use crate::extract::pdf::testing::file;
    use crate::model::{DocumentBuilder, Part};
    use crate::read::Budget;
    use lopdf::{Dictionary, Object, dictionary};

    #[test]
    fn an_orphan_is_told_where_it_says_more_than_the_document_does() {
        let text = Object::string_literal;
        let info =
            dictionary! {"Producer" => Object::Reference((91, 0)), "Note" => text("Ostrove")};
        let mut file = file("", &Dictionary::new(), &Dictionary::new(), Vec::new());
        let root = file.trailer.get(b"Root").unwrap().as_reference().unwrap();
        let catalog = file.objects.get_mut(&root).unwrap().as_dict_mut().unwrap();
        catalog.set("Legal", dictionary! {"Attestation" => text("Quenby")});
        file.objects.insert((90, 0), Object::Dictionary(info));
        file.objects.insert((91, 0), text("Forge 1.0"));
        file.objects.insert((92, 0), Object::Dictionary(dictionary! {"T" => text("Quenby")}));
        let budget = Budget::default();
        let objects = Objects::new(&file, &budget);
        let (pages, _) = crate::extract::pdf::open::pages_of(&objects);
        let mut builder = DocumentBuilder::new();
        read(b"", &pages, &mut Session::new(&objects), &mut builder);
        let document = builder.finish();
        let texts: Vec<_> = document.passages().map(|one| one.text().to_owned()).collect();
        // The producer is read, as a property and not as something that was left behind.
        assert_eq!(texts, ["Quenby", "Ostrove", "Forge 1.0"]);
        let producer = document.passages().find(|one| one.text() == "Forge 1.0").unwrap();
        assert_eq!(producer.part(), Part::Metadata);
    }
}
