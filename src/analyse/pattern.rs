//! Regular expressions as rules use them: linear, bounded, ASCII classes unless asked, a blank as a gap.
//!
//! Each exists twice. The strict form says what matches. The loose form, in which gaps and wide repeats have no upper
//! bound, goes into the one automaton over all rules: a bounded repeat costs it a state a step, an unbounded one a
//! single state, and it only has to report every place where a match may end.

mod loose;
mod wording;

use regex_automata::meta;
use regex_syntax::ast::{self, Ast};
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, translate};
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

/// The most bytes a match may have: the window in which a match is confirmed.
pub(crate) const MAX_MATCH: usize = 2_000;
/// The most bytes an expression may have.
pub(crate) const MAX_PATTERN: usize = 8_000;
/// How deep groups may nest.
const MAX_NESTING: u32 = 40;
/// The most memory a single compiled expression may take, in bytes.
const MAX_COMPILED: usize = 4 << 20;

const STRICT_GAP: &str = r"(?-x:[ \t]{1,3}|[ \t]{0,3}\r?\n[ \t]{0,24})";
const LOOSE_GAP: &str = r"(?-x:[ \t\r\n]+)";
/// A repeat of a character is loosened from this upper bound on, and one of a group where its bounds are this far
/// apart.
const WIDE_REPEAT: u32 = 10;
const WIDE_GROUP: u32 = 3;

/// How an expression is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Flavour {
    /// Upper and lower case alike.
    pub(crate) ignore_case: bool,
    /// Unicode classes and word boundaries.
    pub(crate) unicode: bool,
    /// The whole haystack has to match.
    pub(crate) whole: bool,
}

/// What is wrong with an expression, and where in it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PatternError {
    /// Bytes of the expression.
    pub(crate) span: Range<usize>,
    /// What is wrong.
    pub(crate) message: String,
    /// What to do.
    pub(crate) help: &'static str,
}

/// A valid expression.
pub(crate) struct Pattern {
    source: Box<str>,
    flavour: Flavour,
    strict: OnceLock<Option<Strict>>,
    groups: OnceLock<Vec<Option<String>>>,
    regex: OnceLock<Option<meta::Regex>>,
}

/// The form that says what matches.
struct Strict {
    hir: Hir,
    max_len: usize,
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pattern({})", self.source)
    }
}

impl Pattern {
    /// Reads an expression; says what is wrong with it.
    pub(crate) fn parse(source: &str, flavour: Flavour) -> Result<Self, PatternError> {
        if source.len() > MAX_PATTERN {
            return Err(PatternError {
                span: 0..source.len(),
                message: format!("the expression is longer than {MAX_PATTERN} bytes"),
                help: "use `phrases` or a list for long alternatives",
            });
        }
        let written = tree(source)?;
        let strict = strict(source, &written, flavour)?;
        let pattern = Self::trusted(source, flavour);
        // Fresh cells cannot be taken.
        let _ = pattern.strict.set(Some(strict));
        let _ = pattern.groups.set(group_names(&written));
        Ok(pattern)
    }

    /// An expression that is known to be valid: it is read when it is needed, for a run over one small file needs
    /// few of the shipped ones.
    pub(crate) fn trusted(source: &str, flavour: Flavour) -> Self {
        Self {
            source: Box::from(source),
            flavour,
            strict: OnceLock::new(),
            groups: OnceLock::new(),
            regex: OnceLock::new(),
        }
    }

    fn strict(&self) -> Option<&Strict> {
        let read = || {
            let written = tree(&self.source).ok()?;
            strict(&self.source, &written, self.flavour).ok()
        };
        self.strict.get_or_init(read).as_ref()
    }

    fn groups(&self) -> &[Option<String>] {
        self.groups
            .get_or_init(|| tree(&self.source).map(|tree| group_names(&tree)).unwrap_or_default())
    }

    /// The number of a named group.
    pub(crate) fn group(&self, name: &str) -> Option<usize> {
        self.groups().iter().position(|group| group.as_deref() == Some(name))
    }

    /// The names of the groups.
    pub(crate) fn group_names(&self) -> Vec<&str> {
        self.groups().iter().flatten().map(String::as_str).collect()
    }

    /// The most bytes a match has.
    pub(crate) fn max_len(&self) -> usize {
        self.strict().map_or(MAX_MATCH, |strict| strict.max_len)
    }

    /// Whether it needs Unicode word boundaries, which the shared automaton cannot do beyond ASCII.
    pub(crate) fn is_unicode(&self) -> bool {
        self.flavour.unicode
    }

    /// The form for the shared automaton.
    pub(crate) fn loose(&self) -> Option<Hir> {
        let written = tree(&self.source).ok()?;
        let loose = rewritten(&written, self.flavour, Bounds::Loose);
        translate(&self.source, &loose, self.flavour).ok().map(loose::with_any_digit)
    }

    /// The matcher, compiled on first use; none where it would be too large.
    pub(crate) fn regex(&self) -> Option<&meta::Regex> {
        self.regex
            .get_or_init(|| {
                let config = meta::Config::new()
                    .utf8_empty(true)
                    .dfa(false)
                    .onepass(false)
                    .nfa_size_limit(Some(MAX_COMPILED));
                let strict = self.strict()?;
                meta::Builder::new().configure(config).build_from_hir(&strict.hir).ok()
            })
            .as_ref()
    }

    /// Whether a text matches; for expressions over whole values.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text))
    }
}

fn tree(source: &str) -> Result<Ast, PatternError> {
    ast::parse::ParserBuilder::new()
        .nest_limit(MAX_NESTING)
        .build()
        .parse(source)
        .map_err(|error| syntax_error(error.span(), wording::of(error.kind())))
}

/// The strict form, if it is bounded and matches something.
fn strict(source: &str, written: &Ast, flavour: Flavour) -> Result<Strict, PatternError> {
    let hir = translate(source, &rewritten(written, flavour, Bounds::Strict), flavour)?;
    let Some(max_len) = hir.properties().maximum_len() else {
        return Err(PatternError {
            span: unbounded(written).unwrap_or(0..source.len()),
            message: "this may repeat without end".to_owned(),
            help: "say how often at most: `{0,40}` instead of `*`, `{1,40}` instead of `+`",
        });
    };
    if hir.properties().minimum_len() == Some(0) && !flavour.whole {
        return Err(PatternError {
            span: 0..source.len(),
            message: "the expression matches nothing at all, everywhere".to_owned(),
            help: "make at least one character of it necessary",
        });
    }
    if max_len > MAX_MATCH {
        return Err(PatternError {
            span: 0..source.len(),
            message: format!("a match could have {max_len} bytes; {MAX_MATCH} is the most"),
            help: "lower the upper bounds of the repeats",
        });
    }
    Ok(Strict { hir, max_len })
}

fn syntax_error(span: &ast::Span, (message, help): (String, &'static str)) -> PatternError {
    PatternError { span: span.start.offset..span.end.offset, message, help }
}

fn translate(source: &str, tree: &Ast, flavour: Flavour) -> Result<Hir, PatternError> {
    let mut translator = translate::TranslatorBuilder::new()
        .case_insensitive(flavour.ignore_case)
        .multi_line(!flavour.whole)
        .crlf(true)
        .utf8(true)
        .build();
    let hir = translator.translate(source, tree).map_err(|error| {
        syntax_error(error.span(), wording::of_meaning(&error.kind().to_string()))
    })?;
    let hir = without_stray_folds(hir);
    Ok(if flavour.whole {
        Hir::concat(vec![
            Hir::look(regex_syntax::hir::Look::Start),
            hir,
            Hir::look(regex_syntax::hir::Look::End),
        ])
    } else {
        hir
    })
}

/// Case folding adds KELVIN SIGN to `k` and LONG S to `s`. Nobody means them, they swell the automaton, and the
/// normalised view has them as plain letters anyway.
fn without_stray_folds(hir: Hir) -> Hir {
    match hir.into_kind() {
        HirKind::Class(Class::Unicode(class)) => {
            let keep = |range: &&ClassUnicodeRange| {
                let stray = |c| range.start() == c && range.end() == c;
                class.ranges().len() > 3 || !(stray('\u{212a}') || stray('\u{17f}'))
            };
            let kept: Vec<_> = class.ranges().iter().filter(keep).copied().collect();
            Hir::class(Class::Unicode(ClassUnicode::new(kept)))
        }
        HirKind::Repetition(mut repetition) => {
            repetition.sub = Box::new(without_stray_folds(*repetition.sub));
            Hir::repetition(repetition)
        }
        HirKind::Capture(mut capture) => {
            capture.sub = Box::new(without_stray_folds(*capture.sub));
            Hir::capture(capture)
        }
        HirKind::Concat(parts) => Hir::concat(parts.into_iter().map(without_stray_folds).collect()),
        HirKind::Alternation(parts) => {
            Hir::alternation(parts.into_iter().map(without_stray_folds).collect())
        }
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) => Hir::literal(literal.0),
        HirKind::Class(class) => Hir::class(class),
        HirKind::Look(look) => Hir::look(look),
    }
}

/// Whether upper bounds hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bounds {
    Strict,
    Loose,
}

/// The tree with every blank replaced by a gap, and with ASCII classes unless Unicode is asked for.
fn rewritten(tree: &Ast, flavour: Flavour, bounds: Bounds) -> Ast {
    let gap = if bounds == Bounds::Strict { STRICT_GAP } else { LOOSE_GAP };
    let gap = ast::parse::Parser::new().parse(gap).unwrap_or_else(|_| tree.clone());
    Rewrite { gap, ascii: !flavour.unicode, bounds }.tree(tree, false)
}

struct Rewrite {
    gap: Ast,
    ascii: bool,
    bounds: Bounds,
}

impl Rewrite {
    fn tree(&self, tree: &Ast, repeated: bool) -> Ast {
        match tree {
            Ast::Literal(literal)
                if literal.c == ' ' && literal.kind == ast::LiteralKind::Verbatim && !repeated =>
            {
                self.gap.clone()
            }
            Ast::Concat(concat) => {
                let asts = concat.asts.iter().map(|tree| self.tree(tree, false)).collect();
                Ast::concat(ast::Concat { span: concat.span, asts })
            }
            Ast::Alternation(alternation) => {
                let asts = alternation.asts.iter().map(|tree| self.tree(tree, false)).collect();
                Ast::alternation(ast::Alternation { span: alternation.span, asts })
            }
            Ast::Group(group) => {
                let tree = Box::new(self.tree(&group.ast, false));
                Ast::group(ast::Group { span: group.span, kind: group.kind.clone(), ast: tree })
            }
            Ast::Repetition(repetition) => {
                let is_optional = repetition.op.kind == ast::RepetitionKind::ZeroOrOne;
                let mut op = repetition.op.clone();
                if self.bounds == Bounds::Loose {
                    loosen(&mut op, &repetition.ast);
                }
                Ast::repetition(ast::Repetition {
                    span: repetition.span,
                    op,
                    greedy: repetition.greedy,
                    ast: Box::new(self.tree(&repetition.ast, !is_optional)),
                })
            }
            other if self.ascii => ascii(other),
            other => other.clone(),
        }
    }
}

/// Takes the upper bound off a wide repeat.
fn loosen(op: &mut ast::RepetitionOp, repeated: &Ast) {
    let ast::RepetitionKind::Range(ast::RepetitionRange::Bounded(least, most)) = op.kind else {
        return;
    };
    let is_wide = match repeated {
        Ast::Group(_) => most - least >= WIDE_GROUP,
        _ => most > least && most >= WIDE_REPEAT,
    };
    if is_wide {
        op.kind = ast::RepetitionKind::Range(ast::RepetitionRange::AtLeast(least));
    }
}

fn ascii(tree: &Ast) -> Ast {
    match tree {
        Ast::ClassPerl(class) => Ast::class_bracketed(ast::ClassBracketed {
            span: class.span,
            negated: false,
            kind: ast::ClassSet::Item(ascii_item(&ast::ClassSetItem::Perl((**class).clone()))),
        }),
        Ast::ClassBracketed(class) => {
            let mut class = (**class).clone();
            class.kind = ascii_set(&class.kind, 0);
            Ast::class_bracketed(class)
        }
        Ast::Assertion(assertion) => match assertion.kind {
            ast::AssertionKind::WordBoundary
            | ast::AssertionKind::NotWordBoundary
            | ast::AssertionKind::WordBoundaryStart
            | ast::AssertionKind::WordBoundaryEnd
            | ast::AssertionKind::WordBoundaryStartAngle
            | ast::AssertionKind::WordBoundaryEndAngle => not_unicode(tree, assertion.span),
            _ => tree.clone(),
        },
        other => other.clone(),
    }
}

/// `(?-u:tree)`
fn not_unicode(tree: &Ast, span: ast::Span) -> Ast {
    let off = ast::FlagsItem { span, kind: ast::FlagsItemKind::Negation };
    let unicode = ast::FlagsItem { span, kind: ast::FlagsItemKind::Flag(ast::Flag::Unicode) };
    let flags = ast::Flags { span, items: vec![off, unicode] };
    let kind = ast::GroupKind::NonCapturing(flags);
    Ast::group(ast::Group { span, kind, ast: Box::new(tree.clone()) })
}

fn ascii_set(set: &ast::ClassSet, depth: u32) -> ast::ClassSet {
    if depth > MAX_NESTING {
        return set.clone();
    }
    match set {
        ast::ClassSet::Item(item) => ast::ClassSet::Item(ascii_item_in(item, depth)),
        ast::ClassSet::BinaryOp(op) => {
            let mut op = op.clone();
            op.lhs = Box::new(ascii_set(&op.lhs, depth + 1));
            op.rhs = Box::new(ascii_set(&op.rhs, depth + 1));
            ast::ClassSet::BinaryOp(op)
        }
    }
}

fn ascii_item_in(item: &ast::ClassSetItem, depth: u32) -> ast::ClassSetItem {
    match item {
        ast::ClassSetItem::Bracketed(class) => {
            let mut class = class.clone();
            class.kind = ascii_set(&class.kind, depth + 1);
            ast::ClassSetItem::Bracketed(class)
        }
        ast::ClassSetItem::Union(union) => {
            let mut union = union.clone();
            union.items = union.items.iter().map(|item| ascii_item_in(item, depth + 1)).collect();
            ast::ClassSetItem::Union(union)
        }
        other => ascii_item(other),
    }
}

fn ascii_item(item: &ast::ClassSetItem) -> ast::ClassSetItem {
    match item {
        ast::ClassSetItem::Perl(class) => ast::ClassSetItem::Ascii(ast::ClassAscii {
            span: class.span,
            kind: match class.kind {
                ast::ClassPerlKind::Digit => ast::ClassAsciiKind::Digit,
                ast::ClassPerlKind::Space => ast::ClassAsciiKind::Space,
                ast::ClassPerlKind::Word => ast::ClassAsciiKind::Word,
            },
            negated: class.negated,
        }),
        other => other.clone(),
    }
}

/// The first repeat without an upper bound.
fn unbounded(tree: &Ast) -> Option<Range<usize>> {
    match tree {
        Ast::Repetition(repetition) => match repetition.op.kind {
            ast::RepetitionKind::ZeroOrMore
            | ast::RepetitionKind::OneOrMore
            | ast::RepetitionKind::Range(ast::RepetitionRange::AtLeast(_)) => {
                Some(repetition.span.start.offset..repetition.span.end.offset)
            }
            _ => unbounded(&repetition.ast),
        },
        Ast::Group(group) => unbounded(&group.ast),
        Ast::Concat(concat) => concat.asts.iter().find_map(unbounded),
        Ast::Alternation(alternation) => alternation.asts.iter().find_map(unbounded),
        _ => None,
    }
}

/// The names of the groups by number; the whole match is number 0 and has none.
fn group_names(tree: &Ast) -> Vec<Option<String>> {
    fn collect(tree: &Ast, names: &mut Vec<Option<String>>) {
        match tree {
            Ast::Group(group) => {
                match &group.kind {
                    ast::GroupKind::CaptureIndex(_) => names.push(None),
                    ast::GroupKind::CaptureName { name, .. } => names.push(Some(name.name.clone())),
                    ast::GroupKind::NonCapturing(_) => {}
                }
                collect(&group.ast, names);
            }
            Ast::Repetition(repetition) => collect(&repetition.ast, names),
            Ast::Concat(concat) => concat.asts.iter().for_each(|tree| collect(tree, names)),
            Ast::Alternation(alternation) => {
                alternation.asts.iter().for_each(|tree| collect(tree, names));
            }
            _ => {}
        }
    }
    let mut names = vec![None];
    collect(tree, &mut names);
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(source: &str, text: &str) -> Option<String> {
        let pattern = Pattern::parse(source, Flavour::default()).unwrap();
        let found = pattern.regex().unwrap().find(text)?;
        text.get(found.range()).map(str::to_owned)
    }

    #[test]
    fn a_blank_is_a_gap_and_classes_are_ascii() {
        for (source, text, expected) in [
            ("case no", "case  no", Some("case  no")),
            ("case no", "case\n    no", Some("case\n    no")),
            ("case no", "case\n\n\n\nno", None),
            ("case[ ]no", "case\nno", None),
            (r"\d{3}", "١٢٣ 456", Some("456")),
            (r"[\d§]{2}", "§5", Some("§5")),
            (r"\bab\b", "éab", Some("ab")),
        ] {
            assert_eq!(find(source, text).as_deref(), expected, "{source}");
        }
    }

    #[test]
    fn an_unbounded_or_broken_expression_is_refused_at_its_place() {
        for (source, span, message) in [
            (r"ab\s+cd", 2..5, "this may repeat without end"),
            (r"a(b{3,}){1,2}", 2..7, "this may repeat without end"),
            (r"ab(c", 2..3, "this round bracket is never closed"),
            (r"a{0,1900}b{0,1900}c", 0..19, "a match could have 3801 bytes; 2000 is the most"),
            ("(?:a{0,3}|b?)", 0..13, "the expression matches nothing at all, everywhere"),
        ] {
            let error = Pattern::parse(source, Flavour::default()).unwrap_err();
            assert_eq!((error.span, error.message.as_str()), (span, message), "{source}");
        }
        assert!(Pattern::parse("(?:(?:a{1000}){1000}){1000}", Flavour::default()).is_err());
        assert!(Pattern::parse(&"(".repeat(5000), Flavour::default()).is_err());
    }
}
