//! The object layer over lopdf: references resolved with a bound, streams inflated with a cap.

use super::filters::{self, Shortfall};
use crate::read::Budget;
use lopdf::{Dictionary, Document, Object, Stream};
use std::borrow::Cow;

/// How many references may point at one another before an object is given up.
const MAX_REFERENCES: usize = 32;
/// How many filters one stream may have.
const MAX_FILTERS: usize = 8;

/// The objects of one file.
pub(super) struct Objects<'a> {
    pub(super) file: &'a Document,
    pub(super) budget: &'a Budget,
}

/// The data of a stream, its filters undone.
pub(super) struct Decoded<'o> {
    /// As much as was readable and allowed.
    pub(super) data: Cow<'o, [u8]>,
    /// Why that is not all.
    pub(super) shortfall: Option<Shortfall>,
    /// The filter that was left alone, for pictures.
    pub(super) left: Option<&'o [u8]>,
}

impl<'a> Objects<'a> {
    /// The objects of `file`.
    pub(super) fn new(file: &'a Document, budget: &'a Budget) -> Self {
        Self { file, budget }
    }

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

    /// The dictionary at a key; a stream's own dictionary where a stream stands there.
    pub(super) fn dictionary<'o>(
        &'o self,
        dictionary: &'o Dictionary,
        key: &[u8],
    ) -> Option<&'o Dictionary> {
        self.get(dictionary, key).and_then(as_dictionary)
    }

    /// The elements of the array at a key; empty where there is none.
    pub(super) fn array<'o>(&'o self, dictionary: &'o Dictionary, key: &[u8]) -> &'o [Object] {
        match self.get(dictionary, key) {
            Some(Object::Array(elements)) => elements,
            _ => &[],
        }
    }

    /// The name at a key.
    pub(super) fn name<'o>(&'o self, dictionary: &'o Dictionary, key: &[u8]) -> Option<&'o [u8]> {
        self.get(dictionary, key).and_then(|object| object.as_name().ok())
    }

    /// The number at a key.
    pub(super) fn number(&self, dictionary: &Dictionary, key: &[u8]) -> Option<f32> {
        self.get(dictionary, key).and_then(as_number)
    }

    /// The integer at a key.
    pub(super) fn integer(&self, dictionary: &Dictionary, key: &[u8]) -> Option<i64> {
        match self.get(dictionary, key)? {
            Object::Integer(value) => Some(*value),
            #[expect(clippy::cast_possible_truncation, reason = "saturates")]
            Object::Real(value) => Some(*value as i64),
            _ => None,
        }
    }

    /// Whether `true` stands at a key.
    pub(super) fn flag(&self, dictionary: &Dictionary, key: &[u8]) -> bool {
        matches!(self.get(dictionary, key), Some(Object::Boolean(true)))
    }

    /// Exactly `N` numbers from the array at a key; more are cut off, fewer are none.
    pub(super) fn numbers<const N: usize>(
        &self,
        dictionary: &Dictionary,
        key: &[u8],
    ) -> Option<[f32; N]> {
        let mut numbers = [0.0; N];
        let elements = self.array(dictionary, key);
        if elements.len() < N {
            return None;
        }
        for (number, element) in numbers.iter_mut().zip(elements) {
            *number = as_number(self.resolve(element))?;
        }
        Some(numbers)
    }

    /// A text string at a key, as Unicode (ISO 32000-2 §7.9.2).
    pub(super) fn text(&self, dictionary: &Dictionary, key: &[u8]) -> Option<String> {
        match self.get(dictionary, key)? {
            Object::String(bytes, _) => Some(text_string(bytes)),
            Object::Stream(stream) => Some(text_string(&self.decoded(stream).data)),
            _ => None,
        }
    }

    /// The data of a stream with all its filters undone, as far as the budget allows; what came out before an
    /// error counts. The second value is false where the data is not complete.
    pub(super) fn data<'o>(&'o self, stream: &'o Stream) -> (Cow<'o, [u8]>, bool) {
        let decoded = self.decoded(stream);
        (decoded.data, decoded.shortfall.is_none())
    }

    /// The data of a stream and why it may not be complete.
    pub(super) fn decoded<'o>(&'o self, stream: &'o Stream) -> Decoded<'o> {
        self.decode(&stream.dict, &stream.content)
    }

    /// The same for the dictionary and data of an inline image.
    pub(super) fn decode<'o>(&'o self, dictionary: &'o Dictionary, raw: &'o [u8]) -> Decoded<'o> {
        let mut decoded = Decoded { data: Cow::Borrowed(raw), shortfall: None, left: None };
        let chain = filters::chain(dictionary, |object| self.resolve(object));
        if chain.len() > MAX_FILTERS {
            decoded.shortfall = Some(Shortfall::Damaged);
            return decoded;
        }
        for (filter, parameters) in chain {
            let limit = usize::try_from(self.budget.stream_allowance()).unwrap_or(usize::MAX);
            let undone = filters::undo(filter, parameters, &decoded.data, limit);
            let kept = self.budget.take_inflated(undone.data.len() as u64);
            decoded.data = Cow::Owned(undone.data);
            decoded.shortfall = decoded.shortfall.or(undone.shortfall);
            if !kept {
                decoded.shortfall = Some(Shortfall::OverBudget);
            }
            if matches!(undone.shortfall, Some(Shortfall::Picture | Shortfall::Unsupported)) {
                decoded.left = Some(filter);
                break;
            }
        }
        decoded
    }
}

/// A dictionary, or the dictionary of a stream.
pub(super) fn as_dictionary(object: &Object) -> Option<&Dictionary> {
    match object {
        Object::Dictionary(dictionary) => Some(dictionary),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    }
}

/// The value of a number.
pub(super) fn as_number(object: &Object) -> Option<f32> {
    match object {
        #[expect(clippy::cast_precision_loss, reason = "the imaging model works in f32")]
        Object::Integer(value) => Some(*value as f32),
        Object::Real(value) if value.is_finite() => Some(*value),
        _ => None,
    }
}

/// A text string as Unicode: UTF-16 or UTF-8 with a byte order mark, else `PDFDocEncoding`.
pub(super) fn text_string(bytes: &[u8]) -> String {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).filter_map(|pair| Some(unit(pair.try_into().ok()?)));
        without_language(
            &char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect::<String>(),
        )
    };
    match bytes {
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|&byte| document_encoding(byte)).collect(),
    }
}

/// Drops language escapes: ESC, a language code, ESC (ISO 32000-2 §7.9.2.2).
fn without_language(text: &str) -> String {
    text.split('\u{1b}').step_by(2).collect()
}

/// `PDFDocEncoding` (ISO 32000-2 Annex D.2) where it differs from Latin-1.
fn document_encoding(byte: u8) -> char {
    const LOW: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
    const HIGH: [char; 33] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚',
        '™', 'ﬁ', 'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{fffd}', '€',
    ];
    let low = byte.checked_sub(0x18).and_then(|index| LOW.get(usize::from(index)));
    let high = byte.checked_sub(0x80).and_then(|index| HIGH.get(usize::from(index)));
    low.or(high).copied().unwrap_or(char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_strings_come_in_four_encodings() {
        let cases: &[(&[u8], &str)] = &[
            (b"\xfe\xff\x00A\x20\xac", "A€"),
            (b"\xff\xfeA\x00", "A"),
            (b"\xef\xbb\xbf\xc3\xa9", "é"),
            (b"caf\xe9 \x84 \xa0", "café — €"),
            (b"\xfe\xff\x00\x1b\x00e\x00n\x00\x1b\x00A", "A"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(text_string(bytes), *expected);
        }
    }

    #[test]
    fn references_in_a_circle_come_to_nothing() {
        let mut file = Document::new();
        file.objects.insert((1, 0), Object::Reference((2, 0)));
        file.objects.insert((2, 0), Object::Reference((1, 0)));
        let budget = Budget::default();
        let objects = Objects::new(&file, &budget);
        assert!(objects.resolve(&Object::Reference((1, 0))).is_null());
    }

    #[test]
    fn a_stream_with_two_filters_is_decoded_through_both() {
        let mut dictionary = Dictionary::new();
        let names = [b"AHx".to_vec(), b"A85".to_vec()].map(Object::Name);
        dictionary.set("Filter", Object::Array(names.to_vec()));
        let stream = Stream::new(dictionary, b"38376355 52445D69 2C224562 6F38307E 3E>".to_vec());
        let (file, budget) = (Document::new(), Budget::default());
        let objects = Objects::new(&file, &budget);
        let (data, complete) = objects.data(&stream);
        assert_eq!((data.as_ref(), complete), (b"Hello World!".as_slice(), true));
    }
}
