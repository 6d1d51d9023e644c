//! The corpus: made by the forge, byte for byte, and judged as `<case>.expected.yaml` beside each packet says.

#[path = "../forge/mod.rs"]
pub(crate) mod forge;

use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[expect(dead_code, reason = "for people who read the file")]
    about: String,
    #[serde(default)]
    verdict: Option<String>,
    complete_for: Vec<String>,
    #[serde(default)]
    least: Option<String>,
    findings: Vec<Found>,
    notices: Vec<Notice>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Found {
    rule: String,
    #[serde(default)]
    or: Vec<String>,
    artifact: String,
    #[serde(default)]
    page: Option<u64>,
    #[serde(default)]
    line: Option<u64>,
    #[serde(default)]
    scope: Option<String>,
    #[serde(default)]
    status: Option<String>,
    words: String,
    #[serde(skip)]
    level: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Notice {
    artifact: String,
    code: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hostile {
    artifact: String,
    codes: Vec<String>,
    blocking: bool,
}

/// What the name of a file of expectations adds to that of its packet.
const EXPECTED: &str = ".expected.yaml";

/// What is expected of a packet.
fn expectations(packet: &Path) -> String {
    let name = packet.file_name().unwrap().to_string_lossy() + EXPECTED;
    fs::read_to_string(packet.with_file_name(name.as_ref())).unwrap()
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// Everything that a check of `folder` says, as JSON objects.
fn check(folder: &Path) -> Vec<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_obstat"))
        .args(["check", "--format", "jsonl", "--show-evidence"])
        .arg(folder)
        .output()
        .unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn of_type<'a>(report: &'a [Value], kind: &str) -> impl Iterator<Item = &'a Value> {
    report.iter().filter(move |object| object["type"] == kind)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A finding of a report, in the terms of `<case>.expected.yaml`.
fn found(finding: &Value) -> Found {
    let place = &finding["place"];
    Found {
        rule: text(&finding["rule"]),
        or: Vec::new(),
        artifact: text(&finding["artifact"]),
        page: place["page"].as_u64(),
        line: place["line"].as_u64(),
        scope: finding["data"]["scope"].as_str().map(str::to_owned),
        status: finding["data"]["status"].as_str().map(str::to_owned),
        words: text(&finding["evidence"]),
        level: text(&finding["level"]),
    }
}

/// Letters, digits and redaction signs, in lower case: how white space and line breaks come out is no matter here.
fn bare(words: &str) -> String {
    words
        .chars()
        .filter(|c| c.is_alphanumeric() || "█_*[]".contains(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

impl Found {
    fn is_exempt(&self) -> bool {
        self.rule.starts_with("exempt.")
    }

    /// Whether a report's finding speaks of the same words in the same file.
    fn touches(&self, actual: &Self) -> bool {
        let (wanted, given) = (bare(&self.words), bare(&actual.words));
        self.is_told_by(&actual.rule)
            && self.artifact == actual.artifact
            && (given.contains(&wanted) || wanted.contains(&given))
    }

    fn is_told_by(&self, rule: &str) -> bool {
        self.rule == rule || self.or.iter().any(|other| other == rule)
    }

    /// Whether a report's finding is this one. A mark's passage has to be exact; elsewhere the evidence may be wider.
    fn is(&self, actual: &Self) -> bool {
        let agrees = |wanted: Option<u64>, given: Option<u64>| wanted.is_none() || wanted == given;
        let (wanted, given) = (bare(&self.words), bare(&actual.words));
        self.is_told_by(&actual.rule)
            && self.artifact == actual.artifact
            && agrees(self.page, actual.page)
            && agrees(self.line, actual.line)
            && (self.scope.is_none() || self.scope == actual.scope)
            && (self.status.is_none() || self.status == actual.status)
            && if self.is_exempt() && !wanted.is_empty() {
                wanted == given
            } else {
                given.contains(&wanted)
            }
    }
}

/// Hits, misses and false alarms of one rule.
#[derive(Default)]
struct Score {
    hits: u32,
    misses: u32,
    false_alarms: u32,
}

fn rank(level: &str) -> usize {
    ["note", "warning", "error"].iter().position(|name| *name == level).unwrap_or(0)
}

/// Compares one packet; every difference is a line of `complaints`.
fn judge(
    name: &str,
    expected: &Expected,
    report: &[Value],
    scores: &mut BTreeMap<String, Score>,
    complaints: &mut Vec<String>,
) {
    let least = rank(expected.least.as_deref().unwrap_or_default());
    let in_scope = |rule: &str| {
        let theme = rule.split('.').next().unwrap_or_default();
        expected.complete_for.iter().any(|scope| scope == theme || scope == rule)
    };
    let mut open: Vec<Found> = of_type(report, "finding").map(found).collect();
    let mut matched = Vec::new();
    for wanted in &expected.findings {
        let score = scores.entry(wanted.rule.clone()).or_default();
        if let Some(at) = open.iter().position(|actual| wanted.is(actual)) {
            matched.push(open.remove(at));
            score.hits += 1;
        } else if !wanted.is_exempt() && matched.iter().any(|actual| wanted.is(actual)) {
            score.hits += 1;
        } else {
            score.misses += 1;
            complaints.push(format!("{name}: missed {wanted:?}"));
        }
    }
    for actual in open {
        let repeats =
            expected.findings.iter().any(|wanted| !wanted.is_exempt() && wanted.touches(&actual));
        if in_scope(&actual.rule) && !repeats && rank(&actual.level) >= least {
            scores.entry(actual.rule.clone()).or_default().false_alarms += 1;
            complaints.push(format!("{name}: false alarm {actual:?}"));
        }
    }
    judge_notices(name, expected, report, complaints);
}

fn judge_notices(name: &str, expected: &Expected, report: &[Value], complaints: &mut Vec<String>) {
    let wanted: BTreeSet<(String, String)> = expected
        .notices
        .iter()
        .map(|notice| (notice.artifact.clone(), notice.code.clone()))
        .collect();
    let given: BTreeSet<(String, String)> = of_type(report, "notice")
        .filter(|notice| notice["blocking"] == true)
        .map(|notice| (text(&notice["artifact"]), text(&notice["code"])))
        .collect();
    for notice in wanted.symmetric_difference(&given) {
        complaints.push(format!("{name}: blocking notice on one side only: {notice:?}"));
    }
    let verdict = of_type(report, "package").map(|package| text(&package["verdict"])).next();
    if expected.verdict.is_some() && expected.verdict != verdict {
        complaints.push(format!("{name}: verdict {verdict:?}, not {:?}", expected.verdict));
    }
}

fn print_scores(scores: &BTreeMap<String, Score>) {
    let mut out = io::stdout().lock();
    let share = |part: u32, whole: u32| f64::from(part) / f64::from(whole.max(1));
    let _ = writeln!(
        out,
        "{:<30} {:>5} {:>6} {:>6}   precision recall",
        "rule", "hits", "missed", "false"
    );
    for (rule, Score { hits, misses, false_alarms }) in scores {
        let (precision, recall) = (share(*hits, hits + false_alarms), share(*hits, hits + misses));
        let _ = writeln!(
            out,
            "{rule:<30} {hits:>5} {misses:>6} {false_alarms:>6}   {precision:>9.3} {recall:>6.3}"
        );
    }
}

/// Every `<case>.expected.yaml` below a folder, without that ending: the packets.
fn packets(folder: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if let Some(case) = name.strip_suffix(EXPECTED) {
            into.push(folder.join(case));
        } else if path.is_dir() && !into.contains(&path) {
            packets(&path, into);
        }
    }
}

#[test]
fn every_packet_is_judged_as_expected() {
    let (mut scores, mut complaints, mut folders) = (BTreeMap::new(), Vec::new(), Vec::new());
    packets(&corpus().join("packages"), &mut folders);
    for folder in folders {
        let name = folder.strip_prefix(corpus()).unwrap().display().to_string();
        let written = expectations(&folder);
        let expected: Expected = serde_yaml::from_str(&written).unwrap();
        judge(&name, &expected, &check(&folder), &mut scores, &mut complaints);
    }
    print_scores(&scores);
    compare_with_known("packages", &complaints);
}

/// What obstat is known not to find yet, or to find wrongly, is listed in `tests/suite/known-gaps/`. A new difference
/// fails, and so does a mended one that is still listed. `SNAPSHOTS=overwrite` writes the list anew.
fn compare_with_known(list: &str, complaints: &[String]) {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/suite/known-gaps/{list}.txt"));
    let found: BTreeSet<String> = complaints.iter().map(|one| one.replace('\n', " ")).collect();
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        let lines: String = found.iter().map(|line| format!("{line}\n")).collect();
        fs::write(&path, lines).unwrap();
        return;
    }
    let known: BTreeSet<String> =
        fs::read_to_string(&path).unwrap_or_default().lines().map(str::to_owned).collect();
    let new: Vec<&str> = found.difference(&known).map(String::as_str).collect();
    let mended: Vec<&str> = known.difference(&found).map(String::as_str).collect();
    let (new_count, mended_count) = (new.len(), mended.len());
    assert!(
        new.is_empty() && mended.is_empty(),
        "{new_count} new differences:\n{}\n{mended_count} mended, take them off {}:\n{}",
        new.join("\n"),
        path.display(),
        mended.join("\n")
    );
}

#[test]
fn every_hostile_file_ends_with_a_notice() {
    let folder = corpus().join("hostile");
    let written = expectations(&folder);
    let expected: Vec<Hostile> = serde_yaml::from_str(&written).unwrap();
    let report = check(&folder);
    let mut complaints = Vec::new();
    for case in &expected {
        let own = |object: &&Value| object["artifact"].as_str() == Some(case.artifact.as_str());
        let given: Vec<(String, bool)> = of_type(&report, "notice")
            .filter(own)
            .map(|notice| (text(&notice["code"]), notice["blocking"] == true))
            .collect();
        let fits = |(code, blocking): &(String, bool)| {
            case.codes.contains(code) && (*blocking || !case.blocking)
        };
        if of_type(&report, "artifact").filter(own).count() == 0 {
            complaints.push(format!("{}: not in the report", case.artifact));
        } else if !case.codes.is_empty() && !given.iter().any(fits) {
            complaints.push(format!(
                "{}: one of {:?} wanted, {given:?} given",
                case.artifact, case.codes
            ));
        }
    }
    compare_with_known("hostile", &complaints);
    assert_eq!(of_type(&report, "summary").count(), 1);
}

#[test]
fn the_forge_makes_the_committed_corpus_byte_for_byte() {
    let mut made = forge::corpus();
    for (path, bytes) in &made {
        let committed = fs::read(corpus().join(path)).unwrap_or_default();
        assert!(committed == *bytes, "{path} differs: run `cargo run --example forge -- corpus`");
    }
    // The forge cannot make the dumps; everything else in the folder has to come from it.
    let mut stray = Vec::new();
    files_below(&corpus(), &mut stray);
    stray.retain(|path| {
        let relative = path.strip_prefix(corpus()).unwrap().to_string_lossy().replace('\\', "/");
        made.remove(&relative).is_none()
            && path.extension().is_none_or(|extension| extension != "out")
    });
    assert!(stray.is_empty(), "not made by the forge: {stray:?}");
}

fn files_below(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files_below(&path, into) } else { into.push(path) }
    }
}

#[test]
fn every_format_has_a_sample() {
    for format in obstat::extract::FORMATS {
        let folder = corpus().join("formats").join(format.name());
        assert!(
            fs::read_dir(&folder).is_ok_and(|mut files| files.next().is_some()),
            "{}",
            format.name()
        );
    }
}

#[test]
fn every_sample_is_read_as_its_dump_shows() {
    let mut samples = Vec::new();
    files_below(&corpus().join("formats"), &mut samples);
    samples.retain(|path| path.extension().is_none_or(|extension| extension != "out"));
    samples.sort();
    // `SNAPSHOTS=overwrite` writes the dumps anew.
    let compare = snapbox::Assert::new().action_env("SNAPSHOTS");
    for path in samples {
        let output = Command::new(env!("CARGO_BIN_EXE_obstat"))
            .args(["show", "--show-evidence"])
            .arg(&path)
            .output()
            .unwrap();
        let dump = PathBuf::from(format!("{}.out", path.display()));
        let golden = snapbox::Data::read_from(&dump, Some(snapbox::data::DataFormat::Text)).raw();
        compare.eq(String::from_utf8(output.stdout).unwrap(), golden);
    }
}

#[test]
fn the_bulk_commands_write_what_they_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    forge::bulk::records(&path("records.xml"), 1).unwrap();
    forge::bulk::folders(&path("folders"), 3, 2).unwrap();
    forge::bulk::packet(&path("packet"), 8).unwrap();
    forge::bulk::originals(&path("originals"), 2).unwrap();
    forge::write(&forge::Files::new(), &path("nothing")).unwrap();
    let mut files = Vec::new();
    files_below(folder.path(), &mut files);
    assert_eq!(files.len(), 1 + 6 + 8 + 3);
    assert!(fs::metadata(path("records.xml")).unwrap().len() > 1_000_000);
    let listed = fs::read_to_string(path("originals/passages.jsonl")).unwrap();
    assert_eq!(listed.lines().count(), 8);
}
