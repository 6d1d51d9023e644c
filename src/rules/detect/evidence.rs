//! Evidence as written becomes evidence that is looked for.

use super::One;
use super::lists::manner;
use crate::analyse::evidence::{Beside, Evidence, Reach, What};
use crate::analyse::pattern::Flavour;
use crate::rules::diagnostic::Problem;
use crate::rules::spec::{Case, EvidenceSpec, ListSpec, Side, Within};
use crate::rules::tree::At;

/// The farthest that evidence may stand, in words or characters.
const MAX_DISTANCE: u32 = 1_000;

impl One<'_, '_> {
    pub(super) fn evidence(&mut self, specs: &[At<EvidenceSpec>], against: bool) -> Vec<Evidence> {
        specs.iter().filter_map(|spec| self.one_evidence(spec, against)).collect()
    }

    fn one_evidence(&mut self, spec: &At<EvidenceSpec>, against: bool) -> Option<Evidence> {
        let given = usize::from(!spec.phrases.is_empty())
            + usize::from(spec.list.is_some())
            + usize::from(spec.regex.is_some())
            + usize::from(spec.rule.is_some())
            + usize::from(spec.series.is_some());
        if given != 1 {
            let problem = Problem::new(
                spec.span.clone(),
                "evidence is exactly one of `phrases`, `list`, `regex`, `rule`, `series`",
            );
            self.problem(problem.help("give one, and write further evidence as a further entry"));
            return None;
        }
        if let Some(series) = &spec.series {
            if !against || series.value < 2 {
                let problem = Problem::new(
                    series.span.clone(),
                    "`series` speaks `against` a rule, from two numbers on",
                );
                self.problem(problem.help("move it to `against`, as in `- series: 3`"));
            }
            return None;
        }
        let what = self.what(spec)?;
        let reach = self.reach(spec)?;
        Some(Evidence {
            what,
            reach,
            side: match spec.side {
                Side::Before => Beside::Before,
                Side::After => Beside::After,
                Side::Either => Beside::Either,
            },
            count: spec.count.as_ref().map_or(1, |count| count.value.clamp(1, 20) as usize),
            confidence: spec.confidence,
            always: spec.always,
        })
    }

    fn what(&mut self, spec: &EvidenceSpec) -> Option<What> {
        if let Some(name) = &spec.list {
            return Some(What::List(self.list(name, spec.case, None, None)?.0));
        }
        if let Some(source) = &spec.regex {
            let ignore_case = spec.case == Some(Case::Ignore);
            let flavour = Flavour { ignore_case, ..Flavour::default() };
            let pattern = self.pattern(source, flavour)?;
            return Some(What::Pattern(
                self.builder.rulebook.engine.add(source, flavour, 0, pattern),
            ));
        }
        if let Some(rule) = &spec.rule {
            // Rules that do not exist, or stand in a circle, were told of when the order was made.
            return self.builder.numbers.get(rule.as_str()).map(|&number| What::Rule(number));
        }
        let own = ListSpec { case: spec.case, ..ListSpec::default() };
        Some(What::List(self.inline(&spec.phrases, manner(&own)).0))
    }

    fn reach(&mut self, spec: &At<EvidenceSpec>) -> Option<Reach> {
        for distance in [&spec.words, &spec.chars].into_iter().flatten() {
            if distance.value > MAX_DISTANCE {
                self.problem(Problem::new(
                    distance.span.clone(),
                    format!("evidence stands at most {MAX_DISTANCE} away"),
                ));
            }
        }
        match (&spec.words, &spec.chars, &spec.within) {
            (Some(words), None, None) => Some(Reach::Words(words.value)),
            (None, Some(chars), None) => Some(Reach::Chars(chars.value)),
            (None, None, Some(within)) => Some(match within.value {
                Within::Line => Reach::Line,
                Within::Sentence => Reach::Sentence,
                Within::Paragraph => Reach::Paragraph,
                Within::Row => Reach::Row,
                Within::Heading => Reach::Heading,
                Within::Page => Reach::Page,
                Within::Document => Reach::Document,
            }),
            _ => {
                let problem = Problem::new(
                    spec.span.clone(),
                    "evidence needs one of `words`, `chars`, `within`",
                );
                self.problem(
                    problem.help("say how near it stands, as in `words: 8` or `within: sentence`"),
                );
                None
            }
        }
    }
}
