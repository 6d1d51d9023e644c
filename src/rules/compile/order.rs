//! What rules have to do with one another: overrides, and which need the hits of which.

use super::{Pack, Problems};
use crate::rules::diagnostic::{Problem, suggestion_or};
use crate::rules::spec::{EvidenceSpec, OverrideSpec, RuleSpec};
use crate::rules::tree::At;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn apply_overrides(packs: &mut [Pack], problems: &mut Problems) {
    let all: Vec<(usize, OverrideSpec)> = packs
        .iter()
        .enumerate()
        .flat_map(|(number, pack)| {
            pack.file.overrides.iter().map(move |change| (number, change.value.clone()))
        })
        .collect();
    for (number, change) in all {
        if change.reason.trim().is_empty() {
            let problem = Problem::new(change.reason.span.clone(), "an override needs a reason");
            problems.push(number, problem.help("say why; the reason stands in every report"));
        }
        let mut known = false;
        for pack in packs.iter_mut() {
            known |= pack.file.rules.iter().any(|rule| rule.id.value == change.rule.value);
            if change.disable {
                pack.file.rules.retain(|rule| rule.id.value != change.rule.value);
            }
            for rule in pack.file.rules.iter_mut().filter(|rule| rule.id.value == change.rule.value)
            {
                let rule = &mut rule.value;
                rule.level = change.level.unwrap_or(rule.level);
                rule.confidence = change.confidence.unwrap_or(rule.confidence);
                rule.place = change.place.clone().or(rule.place.take());
            }
        }
        if !known {
            let problem = Problem::new(
                change.rule.span.clone(),
                format!("there is no rule `{}`", change.rule.value),
            );
            problems.push(number, problem.help("name a rule of a pack in `extends`, or of this file; `obstat rules list` shows all"));
        }
    }
}

/// Rules in an order in which none needs the hits of a later one.
pub(super) fn order(packs: &[Pack], problems: &mut Problems) -> Vec<(usize, usize)> {
    let all: Vec<(usize, usize, &RuleSpec)> = packs
        .iter()
        .enumerate()
        .flat_map(|(pack, file)| {
            file.file.rules.iter().enumerate().map(move |(rule, spec)| (pack, rule, &spec.value))
        })
        .collect();
    let by_id: BTreeMap<&str, usize> =
        all.iter().enumerate().map(|(at, (_, _, spec))| (spec.id.as_str(), at)).collect();
    let needs: Vec<Vec<usize>> = all
        .iter()
        .map(|(pack, _, spec)| {
            let mut needed = Vec::new();
            for evidence in evidence(spec) {
                let Some(rule) = &evidence.rule else { continue };
                match by_id.get(rule.as_str()) {
                    Some(&at) => needed.push(at),
                    None => problems.push(*pack, unknown_rule(rule, by_id.keys())),
                }
            }
            needed
        })
        .collect();
    let mut placed: BTreeSet<usize> = BTreeSet::new();
    let mut order = Vec::new();
    loop {
        let ready = |at: &usize| {
            !placed.contains(at)
                && needs.get(*at).is_none_or(|needs| needs.iter().all(|need| placed.contains(need)))
        };
        let next: Vec<usize> = (0..all.len()).filter(ready).collect();
        if next.is_empty() {
            break;
        }
        placed.extend(next.iter().copied());
        order
            .extend(next.iter().filter_map(|&at| all.get(at)).map(|&(pack, rule, _)| (pack, rule)));
    }
    for (at, (pack, _, spec)) in all.iter().enumerate() {
        if !placed.contains(&at) {
            let problem = Problem::new(
                spec.id.span.clone(),
                "rules need one another in a circle as evidence",
            );
            problems.push(*pack, problem.help("take `rule:` out of the evidence of one of them"));
        }
    }
    order
}

fn unknown_rule<'a>(rule: &At<String>, known: impl Iterator<Item = &'a &'a str>) -> Problem {
    let known: Vec<&str> = known.copied().collect();
    let problem = Problem::new(rule.span.clone(), format!("there is no rule `{}`", rule.value));
    problem.help(suggestion_or(&rule.value, &known, "look it up: `obstat rules list` shows all"))
}

/// All evidence of a rule, its detectors' included.
fn evidence(spec: &RuleSpec) -> impl Iterator<Item = &At<EvidenceSpec>> {
    let own = spec.require.iter().chain(&spec.support).chain(&spec.against);
    own.chain(spec.detect.iter().flat_map(|detect| detect.value.require()))
}
