//! What can be wrong with a manifest in itself, without a look at the package.

use super::cover::{Cover, CoverPart};
use super::procedure::PROFILES;
use super::spec::{CoordinationSpec, ManifestSpec, RecordSpec};
use super::vocabulary::{CoordinationKind, Decision};
use crate::rules::{At, Problem};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// The schema that this version reads.
const SCHEMA: &str = "obstat-release/1";

/// Every mistake of the manifest.
pub(super) fn validate(spec: &ManifestSpec, today: &str, problems: &mut Vec<Problem>) {
    if spec.schema.value != SCHEMA {
        problems.push(
            at(&spec.schema, "this version of obstat does not know the schema")
                .help(format!("write `{SCHEMA}`")),
        );
    }
    if !PROFILES.iter().any(|(name, _)| *name == spec.policy_profile.value) {
        let known: Vec<_> = PROFILES.iter().map(|(name, _)| format!("`{name}`")).collect();
        let help = format!("known profiles: {}", known.join(", "));
        problems.push(at(&spec.policy_profile, "unknown policy profile").help(help));
    }
    dates(spec, today, problems);
    records(&spec.records, problems);
    covers(spec, problems);
    for entry in &spec.coordination {
        not_necessary(entry, problems);
    }
}

/// What the scaffold left for a person to decide: a `TODO` in words is no need-to-know and no name.
pub(super) fn undecided(source: &str, problems: &mut Vec<Problem>) {
    let mut start = 0;
    for line in source.split_inclusive('\n') {
        let value = line.find(": TODO").filter(|_| !line.trim_start().starts_with('#'));
        if let Some(at) = value {
            let from = start + at + 2;
            problems.push(
                Problem::new(from..from + 4, "this is still to be decided")
                    .help("write what is so in its place"),
            );
        }
        start += line.len();
    }
}

fn at<T>(value: &At<T>, message: &str) -> Problem {
    Problem::new(value.span.clone(), message)
}

fn dates(spec: &ManifestSpec, today: &str, problems: &mut Vec<Problem>) {
    let today: Option<Date> = today.parse().ok();
    let mut all = vec![&spec.release.date];
    all.extend(spec.release.action.iter().filter_map(|action| action.date.as_ref()));
    all.extend(spec.release.request.iter().filter_map(|request| request.received.as_ref()));
    all.extend(spec.records.iter().filter_map(|record| record.changed.as_ref()));
    all.extend(spec.coordination.iter().filter_map(|entry| entry.date.as_ref()));
    all.extend(spec.inspections.iter().map(|entry| &entry.date));
    for date in all {
        // Other ways to write a date sort otherwise, and dates are compared as they are written.
        let day = date.value.parse::<Date>().ok().filter(|day| day.to_string() == date.value);
        match day {
            None => problems.push(
                at(date, "this is not a date of the calendar").help("write it as YYYY-MM-DD"),
            ),
            Some(day) if today.is_some_and(|today| day > today) => {
                problems.push(
                    at(date, "this date lies in the future")
                        .help("what has not happened yet cannot be relied on"),
                );
            }
            Some(_) => {}
        }
    }
}

fn records(records: &[At<RecordSpec>], problems: &mut Vec<Problem>) {
    let (mut ids, mut files) = (BTreeSet::new(), BTreeSet::new());
    for record in records {
        if !ids.insert(record.id.value.as_str()) {
            problems.push(
                at(&record.id, "two records have this id")
                    .help("give each record an id of its own"),
            );
        }
        let file = record.file.value.trim_start_matches("./");
        if !files.insert(file) {
            problems
                .push(at(&record.file, "two records have this file").help("list each file once"));
        }
        if file.is_empty() || file.starts_with('/') || file.split('/').any(|step| step == "..") {
            let help = "name a file of the package, relative to its root";
            problems.push(at(&record.file, "this file cannot lie in the package").help(help));
        }
        if let Some(digest) = record.sha256.as_ref().filter(|digest| !is_hex(&digest.value)) {
            problems.push(
                at(digest, "this is not a SHA-256")
                    .help("64 hexadecimal digits, as `sha256sum FILE` prints them"),
            );
        }
        let marked = record.marked_passages.iter();
        for digest in marked.flat_map(|marked| &marked.digests) {
            if !digest.value.strip_prefix("hmac-sha256:").is_some_and(is_hex) {
                let help = "`hmac-sha256:` and 64 hexadecimal digits, as `obstat register build` prints them";
                problems.push(at(digest, "this is not the digest of a passage").help(help));
            }
        }
    }
}

fn is_hex(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn covers(spec: &ManifestSpec, problems: &mut Vec<Problem>) {
    let coordination = spec
        .coordination
        .iter()
        .map(|entry| (&entry.covers, needs_cover(entry).then_some(&entry.kind)));
    for (covers, owner) in coordination {
        if let Some(owner) = owner.filter(|_| covers.is_empty()) {
            let help = "name the records or marked passages: `covers: [rec-1, rec-1#E2]`";
            problems.push(at(owner, "this covers nothing").help(help));
        }
        for cover in covers {
            known_cover(spec, cover, problems);
        }
    }
    let determined = spec.determinations.iter().flat_map(|entry| &entry.covers);
    let inspected = spec.inspections.iter().flat_map(|entry| &entry.covers);
    determined.chain(inspected).for_each(|cover| known_cover(spec, cover, problems));
    for dispute in &spec.disputes {
        known_cover(spec, &dispute.passage, problems);
        if matches!(
            Cover::parse(&dispute.passage.value),
            Some(Cover { part: CoverPart::Page(_), .. })
        ) {
            problems.push(
                at(&dispute.passage, "a dispute is about a marked passage")
                    .help("as in `rec-1#E3`"),
            );
        }
    }
}

/// An approval, authorisation or dispute resolution is about something in particular.
fn needs_cover(entry: &CoordinationSpec) -> bool {
    use CoordinationKind::{Approval, Authorization, DisputeResolution};
    matches!(entry.kind.value, Approval | Authorization | DisputeResolution)
}

fn known_cover(spec: &ManifestSpec, cover: &At<String>, problems: &mut Vec<Problem>) {
    let Some(parsed) = Cover::parse(&cover.value) else {
        let help = "write a record (`rec-1`), a marked passage (`rec-1#E2`) or a page (`rec-1#p4`)";
        problems.push(at(cover, "this names nothing that can be covered").help(help));
        return;
    };
    let Some(record) = spec.records.iter().find(|record| record.id.value == parsed.record) else {
        let ids: Vec<_> =
            spec.records.iter().map(|record| format!("`{}`", record.id.value)).collect();
        problems.push(
            at(cover, "no record has this id")
                .help(format!("records of this manifest: {}", ids.join(", "))),
        );
        return;
    };
    if let (CoverPart::Mark(number), Some(marked)) = (parsed.part, &record.marked_passages)
        && number > marked.count
    {
        let help = format!("`{}` has {} marked passages", parsed.record, marked.count);
        problems.push(at(cover, "the record has no such marked passage").help(help));
    }
}

/// "As necessary" (7.1) is a judgement, and somebody has to have made it.
fn not_necessary(entry: &At<CoordinationSpec>, problems: &mut Vec<Problem>) {
    let unsaid =
        |value: &Option<String>| value.as_ref().is_none_or(|value| value.trim().is_empty());
    if entry.kind.value == CoordinationKind::Consultation
        && entry.decision.value == Decision::NotNecessary
        && (unsaid(&entry.name) || unsaid(&entry.office) || unsaid(&entry.reason))
    {
        let help = "say who judged so, in which office, and why: `name`, `office`, `reason`";
        problems.push(at(&entry.decision, "nobody answers for `not-necessary`").help(help));
    }
}
