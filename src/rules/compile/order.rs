//! What rules have to do with one another: overrides, and which need the hits of which.

use super::{Pack, Problems};
use crate::rules::diagnostic::{Problem, suggestion_or};
use crate::rules::spec::{EvidenceSpec, OverrideSpec, RuleSpec};
use crate::rules::tree::At;
use std::collections::BTreeMap;

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
    let layers = layers(&needs);
    let mut sorted: Vec<(usize, usize)> =
        layers.iter().enumerate().filter_map(|(at, layer)| Some(((*layer)?, at))).collect();
    sorted.sort_unstable();
    let order = sorted.iter().filter_map(|&(_, at)| all.get(at));
    let order = order.map(|&(pack, rule, _)| (pack, rule)).collect();
    for (at, (pack, _, spec)) in all.iter().enumerate() {
        if layers.get(at).is_some_and(Option::is_none) {
            let problem = Problem::new(
                spec.id.span.clone(),
                "rules need one another in a circle as evidence",
            );
            problems.push(*pack, problem.help("take `rule:` out of the evidence of one of them"));
        }
    }
    order
}

/// How many others each has to come after, one after the other; none for those that need one another in a circle.
fn layers(needs: &[Vec<usize>]) -> Vec<Option<usize>> {
    let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); needs.len()];
    for (at, needs) in needs.iter().enumerate() {
        for &need in needs {
            if let Some(others) = needed_by.get_mut(need) {
                others.push(at);
            }
        }
    }
    let mut missing: Vec<usize> = needs.iter().map(Vec::len).collect();
    let mut layers = vec![None; needs.len()];
    let mut ready: Vec<usize> =
        missing.iter().enumerate().filter(|(_, count)| **count == 0).map(|(at, _)| at).collect();
    for layer in 0.. {
        let mut next = Vec::new();
        for at in ready {
            if let Some(own) = layers.get_mut(at) {
                *own = Some(layer);
            }
            for &other in needed_by.get(at).into_iter().flatten() {
                let Some(count) = missing.get_mut(other) else { continue };
                *count = count.saturating_sub(1);
                if *count == 0 {
                    next.push(other);
                }
            }
        }
        if next.is_empty() {
            break;
        }
        ready = next;
    }
    layers
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
