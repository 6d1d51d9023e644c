//! What the shared automaton need not tell apart. Its matches are places to look at, so it may find more than the
//! expression does, never less; what it does not tell apart costs it no states.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind};

/// A class of more ranges than this is no class of digits with some signs.
const MAX_RANGES: usize = 10;

/// Takes any digit for any other. Which digits a number begins with is left to the expression: automata of many
/// numbers, each with other digits in it, have several times as many states.
pub(super) fn with_any_digit(hir: Hir) -> Hir {
    let all = |parts: Vec<Hir>| parts.into_iter().map(with_any_digit).collect();
    match hir.into_kind() {
        HirKind::Class(Class::Unicode(mut class)) => {
            let ranges = class.ranges();
            let is_near = |range: &ClassUnicodeRange| range.start() <= '9' && range.end() >= '0';
            if ranges.len() <= MAX_RANGES && ranges.iter().any(is_near) {
                class.push(digits());
            }
            Hir::class(Class::Unicode(class))
        }
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok();
            match text.filter(|text| text.bytes().any(|byte| byte.is_ascii_digit())) {
                Some(text) => Hir::concat(text.chars().map(digit_or_itself).collect()),
                None => Hir::literal(literal.0),
            }
        }
        HirKind::Repetition(mut repetition) => {
            repetition.sub = Box::new(with_any_digit(*repetition.sub));
            Hir::repetition(repetition)
        }
        HirKind::Capture(mut capture) => {
            capture.sub = Box::new(with_any_digit(*capture.sub));
            Hir::capture(capture)
        }
        HirKind::Concat(parts) => Hir::concat(all(parts)),
        HirKind::Alternation(parts) => Hir::alternation(all(parts)),
        HirKind::Empty => Hir::empty(),
        HirKind::Class(class) => Hir::class(class),
        HirKind::Look(look) => Hir::look(look),
    }
}

fn digits() -> ClassUnicodeRange {
    ClassUnicodeRange::new('0', '9')
}

fn digit_or_itself(c: char) -> Hir {
    if c.is_ascii_digit() {
        Hir::class(Class::Unicode(ClassUnicode::new([digits()])))
    } else {
        Hir::literal(c.to_string().into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex_automata::meta::Regex;

    #[test]
    fn any_digit_will_do_and_nothing_else_changes() {
        let loose = |source| {
            let hir = with_any_digit(regex_syntax::parse(source).unwrap());
            Regex::builder().build_from_hir(&hir).unwrap()
        };
        for (source, fits, does_not) in [
            ("18 U[.]S[.]C", "44 U.S.C", "18 USC"),
            ("(?:19|20)[0-9]{2}", "8844", "19a4"),
            ("[1-9A-F]x", "0x", "Gx"),
            ("[a-c]7", "b8", "d7"),
            ("[^0-9]z", "-z", "zy"),
        ] {
            let regex = loose(source);
            assert!(regex.is_match(fits), "{source} on {fits}");
            assert!(!regex.is_match(does_not), "{source} on {does_not}");
        }
    }
}
