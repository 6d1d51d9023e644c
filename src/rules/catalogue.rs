//! Rules for people: explained, scaffolded, described to editors, measured.

use super::compile::{self, Compiled};
use super::diagnostic::RulesetError;
use super::spec::FileSpec;
use super::{RuleInfo, sources};
use crate::analyse::check::KINDS;
use crate::analyse::engine::Caches;
use crate::analyse::rulebook::Timing;
use crate::analyse::validate::VALIDATORS;
use crate::model::Document;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// A rule with its examples.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The rule.
    pub rule: RuleInfo,
    /// What it finds, the finding between `⟦` and `⟧`.
    pub examples: Vec<String>,
    /// What it leaves alone.
    pub counterexamples: Vec<String>,
}

/// A rule of the named rulesets, or of the shipped ones, with its examples.
pub fn explain(id: &str, names: &[String]) -> Result<Option<Explanation>, RulesetError> {
    let Compiled { infos, specs, .. } = compile::compile(full(names)?)?;
    let Some(rule) = infos.into_iter().find(|rule| rule.id == id) else { return Ok(None) };
    let spec = specs.into_iter().find(|spec| spec.id.value == id);
    let (examples, counterexamples) =
        spec.map(|spec| (spec.examples, spec.counterexamples)).unwrap_or_default();
    let texts = |examples: Vec<super::At<super::spec::ExampleSpec>>| {
        examples.into_iter().map(|example| example.value.text).collect()
    };
    Ok(Some(Explanation {
        rule,
        examples: texts(examples),
        counterexamples: texts(counterexamples),
    }))
}

fn full(names: &[String]) -> Result<Vec<sources::Source>, RulesetError> {
    if names.is_empty() {
        return Ok(sources::shipped(false));
    }
    let chosen = names.iter().map(|name| sources::named_in_full(name)).collect::<Result<_, _>>()?;
    Ok(sources::with_extended(chosen))
}

/// The JSON Schema of ruleset files, for editors.
pub fn schema() -> String {
    let schema = schemars::schema_for!(FileSpec);
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}

/// A ruleset with one rule to start from. It is valid as it stands.
pub fn scaffold(id: &str) -> String {
    let kinds: Vec<String> =
        KINDS.iter().map(|kind| format!("      #   {}: {}\n", kind.name, kind.about)).collect();
    let kinds = kinds.concat();
    let validators: Vec<String> = VALIDATORS
        .iter()
        .map(|validator| format!("    #   {}: {}\n", validator.name, validator.about))
        .collect();
    let validators = validators.concat();
    format!(
        "# docs/writing-rules.md explains every key; `obstat rules test FILE` runs the examples.
schema: obstat.ruleset/1
pack:
  id: example.office
  version: 0.1.0
  title: Rules of our office
  authorities:
    handbook: {{ title: Office Handbook, edition: \"2026-01-01\" }}

rules:
  - id: {id}
    title: A locker number
    level: warning
    confidence: medium
    cite: [{{ doc: handbook, section: \"3.1\" }}]
    message: A locker number is readable.
    why: With the number anyone can ask for the contents of the locker.
    help: Redact the number.
    detect:
      # one of:
{kinds}      - regex: {{ pattern: '\\b(?P<number>L[0-9]{{5}})\\b', capture: number }}
    # arithmetic, any of:
{validators}    validate: [mixed]
    support:
      - {{ phrases: [locker], words: 3, side: before, confidence: high }}
    against:
      - {{ phrases: [part, model], words: 2, side: before }}
    examples:
      - \"It was put in locker ⟦L20417⟧ at noon.\"
    counterexamples:
      - \"Part L20417 was ordered.\"
"
    )
}

/// What a rule costs.
#[derive(Clone, Debug)]
pub struct Cost {
    /// Its id.
    pub rule: String,
    /// Seconds that its expressions take over the documents, each run by itself.
    pub seconds: f64,
    /// Its hits, candidates included.
    pub hits: usize,
}

/// What running rules over documents costs.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// By rule, dearest first.
    pub rules: Vec<Cost>,
    /// Seconds for all rules together, the second time over the documents.
    pub together: f64,
    /// Bytes of text.
    pub bytes: usize,
    /// How often the automaton ran out of memory and began anew; more than a few times and the rules are too many
    /// or too wide for one automaton.
    pub restarts: usize,
}

/// Measures the rules over documents.
pub fn profile(names: &[String], documents: &[Document]) -> Result<Profile, RulesetError> {
    let compiled =
        compile::compile(if names.is_empty() { sources::shipped(true) } else { full(names)? })?;
    let mut caches = Caches::default();
    let mut profile = Profile::default();
    let mut costs: Vec<Cost> = compiled
        .rulebook
        .rules
        .iter()
        .map(|rule| Cost { rule: rule.id.clone(), seconds: 0.0, hits: 0 })
        .collect();
    for document in documents {
        profile.bytes += document.text().len();
        let Timing { together, alone, hits, restarts } =
            compiled.rulebook.measure(document, &mut caches, processor_time);
        profile.together += together;
        profile.restarts = restarts;
        for (cost, (seconds, hits)) in costs.iter_mut().zip(alone.into_iter().zip(hits)) {
            cost.seconds += seconds;
            cost.hits += hits;
        }
    }
    costs.sort_by(|a, b| b.seconds.total_cmp(&a.seconds).then_with(|| a.rule.cmp(&b.rule)));
    profile.rules = costs;
    Ok(profile)
}

/// Seconds that this thread has had a processor; wall time where the system does not tell.
fn processor_time() -> f64 {
    static START: OnceLock<Instant> = OnceLock::new();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse::<u64>().ok());
    match nanoseconds {
        Some(nanoseconds) => Duration::from_nanos(nanoseconds).as_secs_f64(),
        None => START.get_or_init(Instant::now).elapsed().as_secs_f64(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_scaffolded_is_valid_as_it_stands() {
        let source = sources::Source {
            name: "new.yaml".to_owned(),
            text: scaffold("office.locker"),
            folder: None,
            is_trusted: false,
        };
        let compiled = compile::compile(vec![source]).unwrap();
        assert_eq!(compiled.infos[0].id, "office.locker");
    }

    #[test]
    fn the_guide_names_every_validator_and_every_kind() {
        let guide = include_str!("../../docs/writing-rules.md");
        for name in
            VALIDATORS.iter().map(|known| known.name).chain(KINDS.iter().map(|kind| kind.name))
        {
            assert!(guide.contains(&format!("`{name}`")), "the guide does not name `{name}`");
        }
    }
}
