//! Cuts a start tag into its name and attributes (XML 1.0, section 3.1).

use super::chars::is_white;

/// An attribute as written. Offsets count from the tag's `<`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Attribute<'a> {
    /// Its name, prefix and all.
    pub(super) name: &'a str,
    /// Its value, references unresolved.
    pub(super) value: &'a str,
    /// Where the value begins.
    pub(super) at: usize,
}

/// What is wrong with a tag, where, and what could not be read because of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Where.
    pub(super) at: usize,
    /// What.
    pub(super) message: &'static str,
}

/// The name of a tag whose text between the angle brackets is `inner`.
pub(super) fn tag_name(inner: &str) -> &str {
    let end = inner.bytes().position(is_white).unwrap_or(inner.len());
    inner.get(..end).unwrap_or_default()
}

/// Reads the attributes in `inner` from `at` on into `attributes`. At a fault it stops.
pub(super) fn read<'a>(
    inner: &'a str,
    mut at: usize,
    attributes: &mut Vec<Attribute<'a>>,
) -> Option<Fault> {
    let bytes = inner.as_bytes();
    let white = |at: usize| {
        bytes.get(at..).map_or(0, |rest| rest.iter().take_while(|&&byte| is_white(byte)).count())
    };
    let fault = |at: usize, message: &'static str| Some(Fault { at: at + 1, message });
    while at < bytes.len() {
        let space = white(at);
        at += space;
        let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
        if space == 0 {
            return fault(at, "white space is missing between two attributes");
        }
        let name_end =
            at + rest.iter().position(|&byte| byte == b'=' || is_white(byte)).unwrap_or(rest.len());
        let equals = name_end + white(name_end);
        if bytes.get(equals) != Some(&b'=') {
            return fault(at, "an attribute has no value");
        }
        let quote_at = equals + 1 + white(equals + 1);
        let Some(&quote) = bytes.get(quote_at).filter(|byte| matches!(byte, b'"' | b'\'')) else {
            return fault(quote_at, "an attribute's value is not quoted");
        };
        let start = quote_at + 1;
        let value = bytes.get(start..).unwrap_or_default();
        let Some(length) = memchr::memchr(quote, value) else {
            return fault(quote_at, "an attribute's value is not closed");
        };
        attributes.push(Attribute {
            name: inner.get(at..name_end).unwrap_or_default(),
            value: inner.get(start..start + length).unwrap_or_default(),
            at: start + 1,
        });
        at = start + length + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_cut_with_their_places() {
        let mut found = Vec::new();
        assert_eq!(read("a x='1' y = \"a'b>\"\n", 1, &mut found), None);
        let expected = [
            Attribute { name: "x", value: "1", at: 6 },
            Attribute { name: "y", value: "a'b>", at: 14 },
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn faults_are_found() {
        for inner in ["a x", "a x=1", "a x='1'y='2'", "a x='1", "a / ", "a ='1", "a x y='1'"] {
            let fault = read(inner, 1, &mut Vec::new());
            assert!(fault.is_some(), "{inner}");
        }
    }
}
