//! `json` and `jsonl`: the contract's objects, written by hand-picked structs so that no field of the model reaches
//! a report by accident.

use super::{Reporter, Style, evidence};
use crate::model::{
    Artifact, Finding, LevelCounts, Notice, PackageReport, Place, Quad, Span, Summary, Suppression,
};
use crate::rules::{Ruleset, RulesetIdentity};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::io;

/// The schema that `json` names; its major number changes only with the contract.
const SCHEMA: &str = "obstat-report/1";

#[derive(Serialize)]
struct ArtifactObject<'a> {
    r#type: &'static str,
    package: &'a str,
    artifact: String,
    format: &'a str,
    digest: &'a str,
    status: crate::model::Status,
}

#[derive(Serialize)]
struct FindingObject<'a> {
    r#type: &'static str,
    rule: &'a str,
    level: &'static str,
    confidence: &'static str,
    message: &'a str,
    citation: &'a str,
    package: &'a str,
    artifact: String,
    place: PlaceObject<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<Span>,
    part: crate::model::Part,
    visibility: crate::model::Visibility,
    evidence: String,
    fingerprint: &'a str,
    related: Vec<RelatedObject<'a>>,
    data: &'a BTreeMap<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressed: Option<&'a Suppression>,
}

#[derive(Serialize)]
struct RelatedObject<'a> {
    label: &'a str,
    place: PlaceObject<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<Span>,
}

#[derive(Serialize)]
struct NoticeObject<'a> {
    r#type: &'static str,
    code: &'static str,
    blocking: bool,
    package: &'a str,
    artifact: String,
    place: Value,
    message: &'a str,
    help: &'static str,
}

#[derive(Serialize)]
struct PackageObject<'a> {
    r#type: &'static str,
    package: &'a str,
    verdict: crate::model::Verdict,
    artifacts: usize,
    findings: LevelCounts,
    candidates: u32,
    notices: crate::model::NoticeCounts,
}

#[derive(Serialize)]
struct SummaryObject<'a> {
    r#type: &'static str,
    #[serde(flatten)]
    summary: &'a Summary,
    tool: ToolObject,
    rulesets: &'a [RulesetObject],
}

#[derive(Serialize)]
struct ToolObject {
    name: &'static str,
    version: &'static str,
}

const TOOL: ToolObject =
    ToolObject { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };

#[derive(Clone, Serialize)]
struct RulesetObject {
    name: String,
    version: String,
    digest: String,
}

/// A place with its coordinates rounded to a tenth of a point: steadier than the floats, and finer than any eye.
struct PlaceObject<'a>(&'a Place);

impl Serialize for PlaceObject<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Page {
            page: u32,
            quads: Vec<[f64; 4]>,
        }
        match self.0 {
            Place::Page { page, quads } => {
                Page { page: *page, quads: quads.iter().map(|quad| rounded(*quad)).collect() }
                    .serialize(serializer)
            }
            other => other.serialize(serializer),
        }
    }
}

/// A place as the contract has it.
pub(super) fn place(place: &Place) -> Value {
    serde_json::to_value(PlaceObject(place)).unwrap_or_default()
}

fn rounded(Quad(corners): Quad) -> [f64; 4] {
    // Adding zero turns a negative zero into a plain one.
    corners.map(|value| (f64::from(value) * 10.0).round() / 10.0 + 0.0)
}

fn artifact<'a>(package: &'a str, artifact: &'a Artifact) -> ArtifactObject<'a> {
    ArtifactObject {
        r#type: "artifact",
        package,
        artifact: artifact.address.to_string(),
        format: &artifact.format,
        digest: &artifact.digest,
        status: artifact.status,
    }
}

fn finding<'a>(package: &'a str, finding: &'a Finding, style: &Style) -> FindingObject<'a> {
    let related = finding.related.iter().map(|related| RelatedObject {
        label: &related.label,
        place: PlaceObject(&related.location.place),
        span: related.location.span,
    });
    FindingObject {
        r#type: "finding",
        rule: &finding.rule,
        level: finding.level.as_str(),
        confidence: finding.confidence.as_str(),
        message: &finding.message,
        citation: &finding.citation,
        package,
        artifact: finding.artifact.to_string(),
        place: PlaceObject(&finding.location.place),
        span: finding.location.span,
        part: finding.part,
        visibility: finding.visibility,
        evidence: evidence(&finding.evidence, style),
        fingerprint: &finding.fingerprint,
        related: related.collect(),
        data: &finding.data,
        suppressed: finding.suppressed.as_ref(),
    }
}

fn notice<'a>(package: &'a str, notice: &'a Notice) -> NoticeObject<'a> {
    let place =
        notice.place.as_ref().and_then(|place| serde_json::to_value(PlaceObject(place)).ok());
    NoticeObject {
        r#type: "notice",
        code: notice.code.as_str(),
        blocking: notice.blocking,
        package,
        artifact: notice.artifact.to_string(),
        place: place.unwrap_or_else(|| Value::Object(Map::new())),
        message: &notice.message,
        help: notice.code.help(),
    }
}

fn package(report: &PackageReport) -> PackageObject<'_> {
    PackageObject {
        r#type: "package",
        package: &report.package,
        verdict: report.verdict,
        artifacts: report.artifacts.len(),
        findings: report.level_counts(),
        candidates: report.candidates,
        notices: report.notice_counts(),
    }
}

fn rulesets(ruleset: &Ruleset) -> Vec<RulesetObject> {
    let object = |RulesetIdentity { name, version, digest }: &RulesetIdentity| RulesetObject {
        name: name.clone(),
        version: version.clone(),
        digest: digest.clone(),
    };
    ruleset.identities().iter().map(object).collect()
}

/// `jsonl`: one object a line, written as packages are done; the summary last.
pub(super) struct JsonLines {
    style: Style,
    rulesets: Vec<RulesetObject>,
}

impl JsonLines {
    pub(super) fn new(style: Style) -> Self {
        Self { style, rulesets: Vec::new() }
    }
}

impl Reporter for JsonLines {
    fn begin(&mut self, ruleset: &Ruleset, _out: &mut dyn io::Write) -> io::Result<()> {
        self.rulesets = rulesets(ruleset);
        Ok(())
    }

    fn package(
        &mut self,
        report: &PackageReport,
        _ruleset: &Ruleset,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let name = report.package.as_str();
        for item in &report.artifacts {
            line(out, &artifact(name, item))?;
        }
        for item in &report.findings {
            line(out, &finding(name, item, &self.style))?;
        }
        for item in &report.notices {
            line(out, &notice(name, item))?;
        }
        line(out, &package(report))
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn io::Write) -> io::Result<()> {
        line(
            out,
            &SummaryObject { r#type: "summary", summary, tool: TOOL, rulesets: &self.rulesets },
        )
    }
}

fn line(out: &mut dyn io::Write, object: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, object)?;
    out.write_all(b"\n")
}

/// `json`: one object with all of them; held back until the end, since its arrays are by kind.
pub(super) struct Json {
    style: Style,
    rulesets: Vec<RulesetObject>,
    packages: Array,
    artifacts: Array,
    findings: Array,
    notices: Array,
}

impl Json {
    pub(super) fn new(style: Style) -> Self {
        let [packages, artifacts, findings, notices] = [(); 4].map(|()| Array::default());
        Self { style, rulesets: Vec::new(), packages, artifacts, findings, notices }
    }
}

/// The objects of one array, as text: far smaller than the objects themselves.
#[derive(Default)]
struct Array(Vec<u8>);

impl Array {
    fn push(&mut self, object: &impl Serialize) -> io::Result<()> {
        self.0.extend_from_slice(if self.0.is_empty() { b"\n    " } else { b",\n    " });
        serde_json::to_writer(&mut self.0, object)?;
        Ok(())
    }

    fn write(&self, name: &str, out: &mut dyn io::Write) -> io::Result<()> {
        write!(out, "  \"{name}\": [")?;
        out.write_all(&self.0)?;
        out.write_all(if self.0.is_empty() { b"],\n" } else { b"\n  ],\n" })
    }
}

impl Reporter for Json {
    fn begin(&mut self, ruleset: &Ruleset, _out: &mut dyn io::Write) -> io::Result<()> {
        self.rulesets = rulesets(ruleset);
        Ok(())
    }

    fn package(
        &mut self,
        report: &PackageReport,
        _ruleset: &Ruleset,
        _out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let name = report.package.as_str();
        self.packages.push(&package(report))?;
        report.artifacts.iter().try_for_each(|item| self.artifacts.push(&artifact(name, item)))?;
        report
            .findings
            .iter()
            .try_for_each(|item| self.findings.push(&finding(name, item, &self.style)))?;
        report.notices.iter().try_for_each(|item| self.notices.push(&notice(name, item)))
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn io::Write) -> io::Result<()> {
        writeln!(out, "{{\n  \"schema\": \"{SCHEMA}\",")?;
        writeln!(out, "  \"tool\": {},", serde_json::to_string(&TOOL)?)?;
        writeln!(out, "  \"rulesets\": {},", serde_json::to_string(&self.rulesets)?)?;
        self.packages.write("packages", out)?;
        self.artifacts.write("artifacts", out)?;
        self.findings.write("findings", out)?;
        self.notices.write("notices", out)?;
        let summary = SummaryObject { r#type: "summary", summary, tool: TOOL, rulesets: &[] };
        let mut object = serde_json::to_value(&summary)?;
        if let Some(fields) = object.as_object_mut() {
            fields.remove("tool");
            fields.remove("rulesets");
        }
        writeln!(out, "  \"summary\": {object}\n}}")
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{sample_package, style};
    use super::*;

    fn written(reporter: &mut dyn Reporter) -> String {
        let mut out = Vec::new();
        let ruleset = Ruleset::shipped();
        reporter.begin(&ruleset, &mut out).unwrap();
        reporter.package(&sample_package(), &ruleset, &mut out).unwrap();
        reporter.finish(&Summary::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn json_and_jsonl_carry_the_same_objects() {
        let whole: Value = serde_json::from_str(&written(&mut Json::new(style(false)))).unwrap();
        let lines = written(&mut JsonLines::new(style(false)));
        for line in lines.lines() {
            let object: Value = serde_json::from_str(line).unwrap();
            match object["type"].as_str().unwrap() {
                "summary" => assert_eq!(object["findings"], whole["summary"]["findings"]),
                kind => assert!(
                    whole[format!("{kind}s")].as_array().unwrap().contains(&object),
                    "{kind} differs"
                ),
            }
        }
        assert_eq!(whole["schema"], SCHEMA);
    }

    #[test]
    fn evidence_is_masked_unless_asked_for_and_quads_have_one_decimal() {
        let masked = written(&mut JsonLines::new(style(false)));
        assert!(masked.contains("███ ██████ ███ ████.") && !masked.contains("source"), "{masked}");
        assert!(
            masked.contains(r#""place":{"page":3,"quads":[[72.0,540.1,310.4,552.3]]}"#),
            "{masked}"
        );
        assert!(written(&mut JsonLines::new(style(true))).contains("The source met Jane."));
    }
}
