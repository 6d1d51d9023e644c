//! Embedded files (ISO 32000-2 §7.11.4): name trees, associated files and file-attachment annotations all lead to
//! file specifications, so it is those that are looked for.

use super::Sweep;
use crate::extract::pdf::objects::{Objects, as_dictionary};
use crate::model::{Member, Notice, NoticeCode};
use lopdf::{Dictionary, Object};
use std::collections::HashSet;

impl Sweep<'_> {
    /// Takes out every embedded file once.
    pub(super) fn members(&mut self) {
        let objects = self.objects;
        let mut seen = HashSet::new();
        for object in objects.file.objects.values() {
            visit(object, 0, &mut |dictionary| {
                self.embedded(objects, dictionary, &mut seen);
            });
        }
    }

    fn embedded(
        &mut self,
        objects: &Objects<'_>,
        specification: &Dictionary,
        seen: &mut HashSet<*const Object>,
    ) {
        let Some(files) = objects.dictionary(specification, b"EF") else { return };
        let name = [b"UF".as_slice(), b"F"]
            .iter()
            .find_map(|key| objects.text(specification, key))
            .unwrap_or_default();
        for key in [b"UF".as_slice(), b"F", b"DOS", b"Mac", b"Unix"] {
            let Some(object @ Object::Stream(stream)) = objects.get(files, key) else { continue };
            if !seen.insert(std::ptr::from_ref(object)) {
                continue;
            }
            if !objects.budget.take_member() {
                self.notices.push(Notice::blocking(
                    NoticeCode::OverBudget,
                    "The file has more attachments than the budget allows.",
                ));
                return;
            }
            let (data, complete) = objects.data(stream);
            if !complete {
                self.notices.push(Notice::blocking(
                    NoticeCode::Damaged,
                    "An attachment cannot be read in full.",
                ));
            }
            let number = self.members.len().saturating_add(1);
            let name = safe_name(&name).unwrap_or_else(|| format!("attachment-{number}"));
            self.members.push(Member { name, bytes: data.into_owned() });
        }
    }
}

/// The last component of a file name, fit for an address.
fn safe_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\', ':']).next().unwrap_or_default().trim();
    let clean: String = last.chars().filter(|c| !c.is_control()).collect();
    (!clean.is_empty()).then_some(clean)
}

/// Calls `each` for every dictionary in an object.
fn visit<'o>(object: &'o Object, depth: usize, each: &mut dyn FnMut(&'o Dictionary)) {
    if depth > super::MAX_DEPTH {
        return;
    }
    let deeper = depth.saturating_add(1);
    if let Object::Array(elements) = object {
        for element in elements {
            visit(element, deeper, each);
        }
    } else if let Some(dictionary) = as_dictionary(object) {
        each(dictionary);
        for (_, value) in dictionary {
            visit(value, deeper, each);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_attachments_lose_their_folders() {
        assert_eq!(safe_name(r"C:\records\annex.xml").as_deref(), Some("annex.xml"));
        assert_eq!(safe_name("a/b/").as_deref(), None);
    }
}
