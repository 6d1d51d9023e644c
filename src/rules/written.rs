//! Mistakes in files that a person wrote for a run: manifests, suppressions.

use super::Problem;
use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};
use std::fmt;
use std::sync::Arc;

/// A mistake, with the file it stands in.
#[derive(Debug)]
pub struct WrittenProblem {
    code: &'static str,
    source: Arc<NamedSource<String>>,
    problem: Problem,
}

impl WrittenProblem {
    /// The mistakes of one file, under one code.
    pub(crate) fn all(
        code: &'static str,
        name: &str,
        text: &str,
        problems: Vec<Problem>,
    ) -> Vec<Self> {
        let source = Arc::new(NamedSource::new(name, text.to_owned()));
        let problem = |problem| Self { code, source: Arc::clone(&source), problem };
        problems.into_iter().map(problem).collect()
    }
}

impl fmt::Display for WrittenProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.problem.text())
    }
}

impl std::error::Error for WrittenProblem {}

impl Diagnostic for WrittenProblem {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.problem.advice().map(|help| Box::new(help.to_owned()) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.source.as_ref())
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = self.problem.span();
        let label = LabeledSpan::new_with_span(Some("here".to_owned()), (span.start, span.len()));
        Some(Box::new(std::iter::once(label)))
    }
}
