//! A rule's examples, run for real: in many variations, through both ways of matching, with all rules loaded.

use super::compile::{self, Compiled};
use super::diagnostic::RulesetError;
use super::spec::{DetectSpec, ExampleFormat, ExampleSpec, RuleSpec, Variant};
use super::{sources, variants};
use crate::analyse::engine::{Caches, Route};
use crate::model::{
    Confidence, Document, DocumentBuilder, Hit, Mark, Part, PassageSpec, Place, Source, Target,
};
use std::ops::Range;

/// Reads the text of an example as a format: `text`, `xml` or `csv`. Extractors live in another room.
pub type ReadExample<'a> = dyn Fn(&str, &str) -> Document + 'a;

/// What came of testing rulesets.
#[derive(Clone, Debug, Default)]
pub struct TestReport {
    /// How many rules were tested.
    pub rules: usize,
    /// How many texts were run, variations included.
    pub texts: usize,
    /// What went wrong.
    pub failures: Vec<TestFailure>,
}

/// An example that does not do what it should.
#[derive(Clone, Debug)]
pub struct TestFailure {
    /// The rule's id.
    pub rule: String,
    /// The example as written.
    pub example: String,
    /// The variation that fails; `as written` where it is none.
    pub variant: String,
    /// What is wrong.
    pub reason: String,
}

/// Runs the examples of the named rulesets, or of all shipped ones; all shipped rules are loaded.
pub fn test(names: &[String], read: &ReadExample<'_>) -> Result<TestReport, RulesetError> {
    let (tested, compiled) = load(names)?;
    let mut run =
        Run { compiled: &compiled, read, caches: Caches::default(), report: TestReport::default() };
    for spec in compiled
        .specs
        .iter()
        .filter(|spec| tested.is_none_or(|from| spec_is_in(&compiled, from, spec)))
    {
        run.rule(spec);
    }
    Ok(run.report)
}

/// The rules that are to be tested are those of the last packs; `None` stands for all.
fn load(names: &[String]) -> Result<(Option<usize>, Compiled), RulesetError> {
    if names.is_empty() {
        return Ok((None, compile::compile(sources::shipped(false))?));
    }
    let mut all = sources::shipped(true);
    let mut chosen = Vec::new();
    for name in names {
        let source = sources::named_in_full(name)?;
        all.retain(|known| known.name != source.name);
        chosen.push(source);
    }
    let brief = compile::compile(all.clone())?.specs.len();
    all.extend(chosen);
    Ok((Some(brief), compile::compile(all)?))
}

fn spec_is_in(compiled: &Compiled, from: usize, spec: &RuleSpec) -> bool {
    compiled.specs.iter().skip(from).any(|other| std::ptr::eq(other, spec))
}

struct Run<'a> {
    compiled: &'a Compiled,
    read: &'a ReadExample<'a>,
    caches: Caches,
    report: TestReport,
}

impl Run<'_> {
    fn rule(&mut self, spec: &RuleSpec) {
        self.report.rules += 1;
        let chosen = chosen_variants(spec);
        for example in &spec.examples {
            self.example(spec, example, "as written", &example.text);
            if example.format == ExampleFormat::Text {
                for (name, text) in variants::of(&example.text, &chosen) {
                    self.example(spec, example, &name, &text);
                }
            }
        }
        for example in &spec.counterexamples {
            self.counterexample(spec, example);
        }
    }

    fn example(&mut self, spec: &RuleSpec, example: &ExampleSpec, variant: &str, marked: &str) {
        let (text, expected) = variants::unmarked(marked);
        let Some((document, hits)) = self.hits(spec, example, variant, &text) else { return };
        let least = example.confidence.unwrap_or(Confidence::Low);
        let is_plain = variant == "as written";
        let fits = |hit: &Hit, wanted: &Range<usize>| {
            let found = span(&document, hit);
            if is_plain {
                found == *wanted
            } else {
                found.start < wanted.end && wanted.start < found.end
            }
        };
        let mut reasons = Vec::new();
        for wanted in &expected {
            let what = text.get(wanted.clone()).unwrap_or_default();
            match hits.iter().find(|hit| fits(hit, wanted)) {
                None => reasons.push(format!("`{what}` is not found")),
                Some(hit) if hit.confidence < least => reasons.push(format!(
                    "`{what}` is found with {} confidence only",
                    hit.confidence.as_str()
                )),
                Some(_) => {}
            }
        }
        for hit in hits.iter().filter(|hit| hit.confidence >= Confidence::Low) {
            if !expected.iter().any(|wanted| fits(hit, wanted)) {
                let what = text.get(span(&document, hit)).unwrap_or_default();
                reasons.push(format!("`{what}` is found and should not be"));
            }
        }
        self.fail(spec, example, variant, reasons);
    }

    fn counterexample(&mut self, spec: &RuleSpec, example: &ExampleSpec) {
        let Some((document, hits)) = self.hits(spec, example, "as written", &example.text) else {
            return;
        };
        let reasons = hits
            .iter()
            .filter(|hit| hit.confidence >= Confidence::Low)
            .map(|hit| {
                let what = example.text.get(span(&document, hit)).unwrap_or_default();
                format!("`{what}` is found and should not be")
            })
            .collect();
        self.fail(spec, example, "as written", reasons);
    }

    /// The rule's hits, after both ways of matching were seen to agree.
    fn hits(
        &mut self,
        spec: &RuleSpec,
        example: &ExampleSpec,
        variant: &str,
        text: &str,
    ) -> Option<(Document, Vec<Hit>)> {
        self.report.texts += 1;
        let document = match (example.part, example.format) {
            (Some(part), _) => in_part(text, part, example),
            (None, ExampleFormat::Text) => (self.read)("text", text),
            (None, ExampleFormat::Xml) => (self.read)("xml", text),
            (None, ExampleFormat::Csv) => (self.read)("csv", text),
        };
        let rulebook = &self.compiled.rulebook;
        let shared = rulebook.check(&document, Route::Shared, &mut self.caches);
        let alone = rulebook.check(&document, Route::OneByOne, &mut self.caches);
        if shared.hits != alone.hits {
            let reason = "the shared automaton and the single expressions disagree".to_owned();
            self.fail(spec, example, variant, vec![reason]);
            return None;
        }
        let hits = shared.hits.into_iter().filter(|hit| hit.rule == spec.id.value).collect();
        Some((document, hits))
    }

    fn fail(
        &mut self,
        spec: &RuleSpec,
        example: &ExampleSpec,
        variant: &str,
        reasons: Vec<String>,
    ) {
        self.report.failures.extend(reasons.into_iter().map(|reason| TestFailure {
            rule: spec.id.value.clone(),
            example: example.text.clone(),
            variant: variant.to_owned(),
            reason,
        }));
    }
}

/// Where a hit lies in the example.
fn span(document: &Document, hit: &Hit) -> Range<usize> {
    let byte = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
    let source = document.source_span(hit.range.clone());
    source.map_or(0..0, |span| byte(span.start)..byte(span.end))
}

/// Paragraphs of one part of a document.
fn in_part(text: &str, part: Part, example: &ExampleSpec) -> Document {
    let mut builder = DocumentBuilder::with_source(Source::utf8(text.to_owned(), 0));
    let mut start = 0;
    for paragraph in text.split_inclusive("\n\n") {
        let place =
            example.place.clone().map(|property| builder.place(Place::Property { property }));
        let visibility = example.visibility;
        builder.begin(PassageSpec { part, visibility, page: 1, place, ..PassageSpec::default() });
        let bare = paragraph.trim_end();
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        builder
            .push(bare, Target::Source { start: number(start), end: number(start + bare.len()) });
        let range = builder.end();
        if let (Some(mark), Some(range)) = (example.mark, range) {
            builder.document_mut().marks.push(Mark {
                kind: mark.kind(),
                place: Place::Page { page: 1, quads: Vec::new() },
                range: Some(range),
                description: String::new(),
            });
        }
        start += paragraph.len();
    }
    builder.finish()
}

/// The variations that a rule has to survive. What looks at lines is not wrapped anew.
fn chosen_variants(spec: &RuleSpec) -> Vec<Variant> {
    let by_line = spec.detect.iter().any(|detect| match &detect.value {
        DetectSpec::Regex(regex) => regex.pattern.contains(['^', '$']),
        DetectSpec::Phrases(_) => false,
        _ => true,
    });
    let mut chosen = vec![Variant::Nbsp, Variant::Ligatures, Variant::Hyphenation];
    if !by_line {
        chosen.push(Variant::Wrap);
    }
    let settled = spec.detect.iter().all(|detect| {
        matches!(
            detect.value,
            DetectSpec::ExemptMark(_) | DetectSpec::Structure(_) | DetectSpec::Xml(_)
        )
    });
    if settled {
        chosen.clear();
    }
    if let Some(variants) = &spec.variants {
        chosen.retain(|variant| !variants.skip.contains(variant));
        chosen.extend(variants.add.iter().copied());
    }
    chosen
}
