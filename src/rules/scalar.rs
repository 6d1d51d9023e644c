//! From a place inside a YAML value to its place in the file, whatever style the value is written in.

use std::ops::Range;

/// The bytes of `source` behind `inner` of a value that stands at `span`; all of the value where that is not certain.
pub(crate) fn locate(
    source: &str,
    span: &Range<usize>,
    value: &str,
    inner: &Range<usize>,
) -> Range<usize> {
    exact(source, span, value, inner).unwrap_or_else(|| span.clone())
}

fn exact(
    source: &str,
    span: &Range<usize>,
    value: &str,
    inner: &Range<usize>,
) -> Option<Range<usize>> {
    let rest = source.get(span.start..)?;
    let style = Style::of(rest, span.start.checked_sub(1).and_then(|at| source.get(at..at + 1)));
    let mut at = span.start + usize::from(matches!(style, Style::Single | Style::Double));
    let mut start = None;
    for (offset, c) in value.char_indices() {
        at = style.skip(source, at, c);
        if offset == inner.start {
            start = Some(at);
        }
        if offset >= inner.end {
            return Some(start?..at);
        }
        at += style.width(source, at, c)?;
    }
    Some(start.unwrap_or(at)..at)
}

#[derive(Clone, Copy, PartialEq)]
enum Style {
    Plain,
    Single,
    Double,
}

impl Style {
    fn of(rest: &str, before: Option<&str>) -> Self {
        match (rest.chars().next(), before) {
            (Some('\''), _) => Self::Single,
            (Some('"'), _) => Self::Double,
            _ => Self::Plain,
        }
    }

    /// Where `c` stands: a block scalar's lines are indented in the file.
    fn skip(self, source: &str, mut at: usize, c: char) -> usize {
        if self == Self::Plain && at > 0 && source.get(at - 1..at) == Some("\n") {
            while c != ' ' && source.get(at..at + 1) == Some(" ") {
                at += 1;
            }
        }
        at
    }

    /// How many bytes of the file `c` takes up; none where the file has something else there.
    fn width(self, source: &str, at: usize, c: char) -> Option<usize> {
        let rest = source.get(at..)?;
        match self {
            Self::Single if c == '\'' => rest.starts_with("''").then_some(2),
            Self::Double if rest.starts_with('\\') => {
                let escape = rest.chars().nth(1)?;
                let simple = match escape {
                    'n' => '\n',
                    't' => '\t',
                    '\\' | '"' | '/' => escape,
                    _ => return None,
                };
                (simple == c).then_some(2)
            }
            _ => rest.starts_with(c).then_some(c.len_utf8()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_value_is_found_in_every_style() {
        for (source, span, value, inner, expected) in [
            ("a: x(y", 3..6, "x(y", 1..2, "("),
            ("a: 'it''s (b'", 3..13, "it's (b", 5..6, "("),
            ("a: \"x\\\\d(b\"", 3..11, "x\\d(b", 3..4, "("),
            ("a: |-\n  one\n  t(o\n", 8..18, "one\nt(o", 5..6, "("),
            ("a: \"x\\u0041(b\"", 3..14, "xA(b", 2..3, "\"x\\u0041(b\""),
        ] {
            let found = locate(source, &span, value, &inner);
            assert_eq!(source.get(found).unwrap(), expected, "{source:?}");
        }
    }
}
