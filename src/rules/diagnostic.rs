//! What is wrong with a ruleset, at its exact place in the file.

use miette::{Diagnostic, LabeledSpan, NamedSource, Severity, SourceCode};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A mistake in a ruleset file. The author of the file mends it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Problem {
    span: Range<usize>,
    message: String,
    help: Option<String>,
}

impl Problem {
    /// A mistake at `span` of the file.
    pub(crate) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None }
    }

    /// What is wrong.
    pub(crate) fn text(&self) -> &str {
        &self.message
    }

    /// Its bytes in the file.
    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// What to do about it, where there is something to say.
    pub(crate) fn advice(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// What to do about it.
    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// A mistake in a ruleset, with the file it stands in.
#[derive(Debug)]
pub struct RulesetProblem {
    source: Arc<NamedSource<String>>,
    problem: Problem,
}

impl RulesetProblem {
    pub(crate) fn new(source: &Arc<NamedSource<String>>, mut problem: Problem) -> Self {
        // A mapping in block style has no extent of its own: point at its first word.
        if problem.span.is_empty() {
            let rest = source.inner().get(problem.span.start..).unwrap_or_default();
            let word = rest.find([' ', ':', '\n']).unwrap_or(rest.len());
            problem.span.end = problem.span.start + word;
        }
        Self { source: Arc::clone(source), problem }
    }

    /// The file's name.
    pub fn file(&self) -> &str {
        self.source.name()
    }

    /// Its bytes in the file.
    pub fn span(&self) -> Range<usize> {
        self.problem.span.clone()
    }
}

impl fmt::Display for RulesetProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem.message)
    }
}

impl std::error::Error for RulesetProblem {}

impl Diagnostic for RulesetProblem {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new("obstat::rules::mistake"))
    }

    fn severity(&self) -> Option<Severity> {
        Some(Severity::Error)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.problem.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.source.as_ref())
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let Range { start, end } = self.problem.span;
        let label =
            LabeledSpan::new_with_span(Some("here".to_owned()), (start, end - start.min(end)));
        Some(Box::new(std::iter::once(label)))
    }
}

/// Why the rulesets of a run cannot be used. Nothing is judged then.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum RulesetError {
    /// The rulesets are not valid; their author mends them.
    #[error("{} in the rulesets{}", mistakes(*count), first(problems.len(), *count))]
    #[diagnostic(
        code(obstat::rules::invalid),
        help("nothing was judged; mend the rulesets and run obstat again")
    )]
    Invalid {
        /// Each mistake, in the order of files and places; the first hundred of them.
        #[related]
        problems: Vec<RulesetProblem>,
        /// How many there are.
        count: usize,
    },
    /// The caller named a ruleset that does not exist.
    #[error("there is no ruleset `{name}`")]
    #[diagnostic(
        code(obstat::rules::not_found),
        help("shipped: {known}; or give the path of a file")
    )]
    NotFound {
        /// As the caller gave it.
        name: String,
        /// The shipped rulesets.
        known: String,
    },
    /// The operating system refused to read a file that the caller named.
    #[error("the ruleset `{name}` cannot be read")]
    #[diagnostic(code(obstat::rules::unreadable), help("check the path and its permissions"))]
    Unreadable {
        /// As the caller gave it.
        name: String,
        /// Why.
        source: std::io::Error,
    },
    /// A file that the caller named is larger than any ruleset may be.
    #[error("the ruleset `{name}` is larger than {limit} bytes")]
    #[diagnostic(code(obstat::rules::too_large), help("split it into several packs"))]
    TooLarge {
        /// As the caller gave it.
        name: String,
        /// In bytes.
        limit: usize,
    },
    /// The rulesets are valid one by one, but too large together.
    #[error("the rulesets are too large together: {reason}")]
    #[diagnostic(
        code(obstat::rules::too_many),
        help("use fewer rulesets, or `phrases` instead of large regular expressions")
    )]
    TooMany {
        /// What the matcher says.
        reason: String,
    },
}

fn mistakes(count: usize) -> String {
    match count {
        1 => "one mistake".to_owned(),
        many => format!("{many} mistakes"),
    }
}

fn first(told: usize, count: usize) -> String {
    if told < count { format!("; these are the first {told}") } else { String::new() }
}

/// More words than this are not listed where the one that was meant is known.
const MAX_LISTED: usize = 8;

/// "Did you mean", and the words that are allowed.
pub(crate) fn suggestion(word: &str, allowed: &[&str]) -> String {
    let all = allowed.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    match nearest(word, allowed) {
        Some(known) if allowed.len() > MAX_LISTED => format!("did you mean `{known}`?"),
        Some(known) => format!("did you mean `{known}`? Allowed here: {all}"),
        None => format!("allowed here: {all}"),
    }
}

/// "Did you mean", and what to do where nothing like it was meant.
pub(crate) fn suggestion_or(word: &str, known: &[&str], otherwise: &str) -> String {
    match nearest(word, known) {
        Some(near) => format!("did you mean `{near}`? If not, {otherwise}"),
        None => otherwise.to_owned(),
    }
}

/// The word that was meant, if one is near enough.
pub(crate) fn nearest<'a>(word: &str, allowed: &[&'a str]) -> Option<&'a str> {
    let near = allowed
        .iter()
        .map(|known| (distance(word, known), *known))
        .filter(|&(distance, known)| distance <= known.len().div_ceil(3))
        .min();
    near.map(|(_, known)| known)
}

/// The edit distance between two words, of which only the first 64 bytes count; two letters that changed places are
/// one slip.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let (a, b) = (a.get(..64).unwrap_or(a), b.get(..64).unwrap_or(b));
    let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX / 2);
    let (mut earlier, mut above): (Vec<usize>, Vec<usize>) = (Vec::new(), (0..=b.len()).collect());
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let changed = at(&above, j) + usize::from(x != y);
            let mut least = changed.min(at(&above, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = |i: usize, j: usize| a.get(i) == Some(y) && b.get(j) == Some(x);
            if let (Some(i), Some(j)) = (i.checked_sub(1), j.checked_sub(1))
                && swapped(i, j)
            {
                least = least.min(at(&earlier, j) + 1);
            }
            row.push(least);
        }
        (earlier, above) = (above, row);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_gets_the_word_that_was_meant() {
        assert!(suggestion("patern", &["zones", "pattern"]).starts_with("did you mean `pattern`?"));
        assert!(suggestion("xyzzy", &["zones", "pattern"]).starts_with("allowed here"));
        assert!(suggestion("titel", &["cite", "title"]).starts_with("did you mean `title`?"));
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("lunh", "luhn"), 1);
    }
}
