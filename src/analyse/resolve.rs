//! Who keeps which stretch of text: overlaps, series, values found again, families, groups.

mod again;

use super::rulebook::{Grouping, Rule, Series, Weighed};
use super::scan::Scan;
use super::stretch::normalised;
use crate::model::{Confidence, Confirmed};
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

/// The most values that are looked for again in one document.
const MOST_VALUES: usize = 20_000;
/// The fewest letters and digits of a value that is looked for again.
pub(super) const SHORTEST_VALUE: usize = 6;
/// What is noted on a value that is a finding because it is certain elsewhere.
pub(super) const PROPAGATED: &str = "propagated";

/// Of hits that overlap, the surest and then the longest; by place.
pub(super) fn overlaps(mut hits: Vec<Weighed>) -> Vec<Weighed> {
    hits.sort_by_key(|hit| (hit.range.start, Reverse(hit.range.end)));
    let mut kept: Vec<Weighed> = Vec::with_capacity(hits.len());
    for hit in hits {
        match kept.last_mut() {
            // What an analysis of its own found is settled already: two marks may cover one passage.
            Some(last) if hit.range.start < last.range.end && hit.hit.is_none() => {
                let rank = |hit: &Weighed| (hit.confidence, hit.range.len());
                if rank(&hit) > rank(last) {
                    *last = hit;
                }
            }
            _ => kept.push(hit),
        }
    }
    kept
}

/// Lowers hits whose numbers follow one another.
pub(super) fn series(series: Option<Series>, scan: &Scan<'_>, hits: &mut [Weighed]) {
    let Some(series) = series else { return };
    let numbers: Vec<Option<(String, u64)>> =
        hits.iter().map(|hit| split_number(scan.slice(hit.range.clone()))).collect();
    let mut start = 0;
    for at in 1..=hits.len() {
        let follows = match (numbers.get(at - 1), numbers.get(at)) {
            (Some(Some((prefix, number))), Some(Some((other, next)))) => {
                prefix == other && next > number && next - number <= 3
            }
            _ => false,
        };
        if follows {
            continue;
        }
        if at - start >= series.least {
            for hit in hits.iter_mut().skip(start).take(at - start) {
                hit.confidence = hit.confidence.min(series.confidence);
                hit.note = Some(("series", Value::Bool(true)));
            }
        }
        start = at;
    }
}

/// A value's last nine digits as a number, and what stands before them.
fn split_number(value: &str) -> Option<(String, u64)> {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let at = digits.len().saturating_sub(9);
    let number = digits.get(at..)?.parse().ok()?;
    let letters: String = value.chars().filter(|c| c.is_alphabetic()).collect();
    Some((letters + digits.get(..at)?, number))
}

/// A value that is looked for again.
struct Certain<'a> {
    written: &'a str,
    /// Whether it is certain in another document: then what speaks against it here counts.
    is_elsewhere: bool,
}

type Values<'a> = HashMap<(u32, String), Certain<'a>>;

/// Raises hits whose value is certain elsewhere in the document or in its package, and finds such values where no
/// detector did.
pub(super) fn propagate<'a>(
    rules: &[Rule],
    scan: &'a Scan<'_>,
    confirmed: &'a [Confirmed],
    hits: &mut Vec<Weighed>,
) {
    let mut values: Values<'a> = HashMap::new();
    let own = |hit: &Weighed| values_of(rules, hit);
    for hit in hits.iter().filter(|hit| own(hit) && hit.confidence >= Confidence::Medium) {
        let written = scan.slice(hit.range.clone());
        let value = compact(written);
        if value.len() >= SHORTEST_VALUE && values.len() < MOST_VALUES {
            values.entry((hit.rule, value)).or_insert(Certain { written, is_elsewhere: false });
        }
    }
    for Confirmed { rule, value } in confirmed {
        let known = rules.iter().position(|known| known.propagate && known.id == *rule);
        let number = known.and_then(|number| u32::try_from(number).ok());
        if let Some(number) = number.filter(|_| values.len() < MOST_VALUES) {
            let certain = Certain { written: value.reveal(), is_elsewhere: true };
            values.entry((number, compact(value.reveal()))).or_insert(certain);
        }
    }
    if values.is_empty() {
        return;
    }
    for hit in hits.iter_mut().filter(|hit| own(hit) && hit.confidence < Confidence::Medium) {
        let key = (hit.rule, compact(scan.slice(hit.range.clone())));
        let Some(certain) = values.get(&key) else { continue };
        let confidence = again(rules, scan, hit.rule, &hit.range, certain.is_elsewhere);
        if confidence > hit.confidence {
            hit.confidence = confidence;
            hit.note = Some((PROPAGATED, Value::Bool(true)));
        }
    }
    find_again(rules, scan, &values, hits);
}

/// How sure a value is that is certain in another place.
fn again(
    rules: &[Rule],
    scan: &Scan<'_>,
    rule: u32,
    range: &std::ops::Range<usize>,
    is_elsewhere: bool,
) -> Confidence {
    let weighed = || {
        let passage = scan.passage_at(range.start)?;
        let rule = rules.get(rule as usize)?;
        Some(rule.confidence(scan, &passage, range, Confidence::Medium).min(Confidence::Medium))
    };
    let weighed = if is_elsewhere { weighed() } else { None };
    weighed.unwrap_or(Confidence::Medium)
}

/// Looks for the values as they were written, and without what stands between their letters and digits.
fn find_again(rules: &[Rule], scan: &Scan<'_>, values: &Values<'_>, hits: &mut Vec<Weighed>) {
    // Where two rules found the same value, the one that comes first finds it again.
    let mut sorted: Vec<_> = values.iter().collect();
    sorted.sort_unstable_by(|a, b| a.0.cmp(b.0));
    // The number of a needle is that of its value.
    let mut needles: Vec<(u32, &str)> = Vec::new();
    for (number, ((_, value), certain)) in (0..).zip(&sorted) {
        needles.push((number, certain.written));
        if value != certain.written {
            needles.push((number, value));
        }
    }
    let mut taken: BTreeMap<u32, Vec<(usize, usize)>> = BTreeMap::new();
    for hit in hits.iter().filter(|hit| values_of(rules, hit)) {
        taken.entry(hit.rule).or_default().push((hit.range.start, hit.range.end));
    }
    for ranges in taken.values_mut() {
        ranges.sort_unstable();
    }
    again::find(scan.text, &needles, &mut |number, range| {
        let Some(((rule, _), certain)) = sorted.get(number as usize) else { return };
        let overlaps = taken.get(rule).is_some_and(|taken| {
            let before = taken.partition_point(|&(start, _)| start < range.end);
            before
                .checked_sub(1)
                .and_then(|at| taken.get(at))
                .is_some_and(|last| last.1 > range.start)
        });
        if overlaps || !is_alone(scan.text, &range) {
            return;
        }
        let admitted = scan.passage_at(range.start).is_some_and(|passage| {
            rules.get(*rule as usize).is_some_and(|rule| rule.admits(&passage))
        });
        if admitted {
            hits.push(Weighed {
                rule: *rule,
                confidence: again(rules, scan, *rule, &range, certain.is_elsewhere),
                range,
                term: None,
                hit: None,
                note: Some((PROPAGATED, Value::Bool(true))),
            });
        }
    });
}

fn values_of(rules: &[Rule], hit: &Weighed) -> bool {
    rules.get(hit.rule as usize).is_some_and(|rule| rule.propagate)
}

/// Whether a value is not a piece of a longer one: `219-45-9998-77`, `05-C-219459998`.
fn is_alone(text: &str, range: &std::ops::Range<usize>) -> bool {
    let mut before = text.get(..range.start).unwrap_or_default().chars().rev();
    let mut after = text.get(range.end..).unwrap_or_default().chars();
    let goes_on = |near: Option<char>, next: Option<char>| {
        near.is_some_and(|c| match c {
            '-' => next.is_some_and(char::is_alphanumeric),
            '.' | '/' => next.is_some_and(|next| next.is_ascii_digit()),
            _ => c.is_alphanumeric() || c == '_',
        })
    };
    !goes_on(before.next(), before.next()) && !goes_on(after.next(), after.next())
}

/// A value's letters, as capitals, and digits.
pub(super) fn compact(value: &str) -> String {
    if value.is_ascii() {
        let bytes = value.bytes().filter(u8::is_ascii_alphanumeric);
        return bytes.map(|byte| char::from(byte.to_ascii_uppercase())).collect();
    }
    normalised(value).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// Lets one rule of a family keep a stretch of text; the others' hits there become candidates.
pub(super) fn families(rules: &[Rule], hits: &mut [Weighed]) {
    let family = |hit: &Weighed| rules.get(hit.rule as usize).and_then(|rule| rule.family);
    let mut order: Vec<(Option<u32>, usize, usize)> = hits
        .iter()
        .enumerate()
        .filter_map(|(at, hit)| Some((Some(family(hit)?), hit.range.start, at)))
        .collect();
    order.sort_unstable();
    // Hits that overlap, one with the next, are settled together; most stand alone.
    let mut from = 0;
    let mut reach = None;
    for at in 0..=order.len() {
        let next = order.get(at).and_then(|&(own, start, hit)| Some((own, start, hits.get(hit)?)));
        let goes_on = next.as_ref().is_some_and(|(own, start, _)| {
            reach.is_some_and(|(known, end)| known == *own && *start < end)
        });
        if !goes_on {
            if at > from + 1 {
                let together = order.get(from..at).unwrap_or_default();
                settle(rules, together.iter().map(|&(_, _, hit)| hit).collect(), hits);
            }
            (from, reach) = (at, None);
        }
        if let Some(&(own, _, hit)) = order.get(at)
            && let Some(hit) = hits.get(hit)
        {
            let end = reach.map_or(0, |(_, end)| end).max(hit.range.end);
            reach = Some((own, end));
        }
    }
}

/// The same for hits of one family.
fn settle(rules: &[Rule], mut order: Vec<usize>, hits: &mut [Weighed]) {
    let rank = |hit: &Weighed| {
        let priority = rules.get(hit.rule as usize).map_or(0, |rule| rule.priority);
        (hit.confidence, priority, hit.range.len(), Reverse(hit.rule))
    };
    order.sort_by_key(|&at| hits.get(at).map(|hit| (Reverse(rank(hit)), hit.range.start, at)));
    let mut kept: BTreeMap<usize, usize> = BTreeMap::new();
    for at in order {
        let Some(hit) = hits.get_mut(at) else { continue };
        let last = kept.range(..hit.range.end).next_back();
        if last.is_some_and(|(_, &end)| end > hit.range.start) {
            if hit.confidence > Confidence::Candidate {
                hit.note = Some(("outranked", Value::Bool(true)));
            }
            hit.confidence = Confidence::Candidate;
        } else {
            kept.insert(hit.range.start, hit.range.end);
        }
    }
}

/// Leaves the surest hit of each group a finding; the others become candidates.
pub(super) fn groups(rules: &[Rule], scan: &Scan<'_>, hits: &mut [Weighed]) {
    let mut best: BTreeMap<(u32, u64), usize> = BTreeMap::new();
    let key = |hit: &Weighed| {
        let group = rules.get(hit.rule as usize)?.group;
        if group == Grouping::Match {
            return None;
        }
        let passage = scan.passage_at(hit.range.start);
        let place = match group {
            Grouping::Match => return None,
            Grouping::Passage => passage.map_or(0, |passage| passage.index() as u64),
            Grouping::Page => passage.map_or(0, |passage| u64::from(passage.page())),
            Grouping::Document => 0,
        };
        Some((hit.rule, place))
    };
    for at in 0..hits.len() {
        let Some(hit) = hits.get(at) else { continue };
        let Some(key) = key(hit) else { continue };
        let rank = |hit: &Weighed| (hit.confidence, Reverse(hit.range.start));
        let loser = match best.get(&key).and_then(|&other| Some((other, hits.get(other)?))) {
            Some((_, other)) if rank(other) >= rank(hit) => Some(at),
            other => {
                let loser = other.map(|(other, _)| other);
                best.insert(key, at);
                loser
            }
        };
        if let Some(hit) = loser.and_then(|loser| hits.get_mut(loser)) {
            hit.confidence = Confidence::Candidate;
            hit.note = Some(("grouped", Value::Bool(true)));
        }
    }
}
