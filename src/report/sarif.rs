//! `sarif`: SARIF 2.1.0 (OASIS), for code-scanning dashboards.
//!
//! No convention exists for pages: page and part are logical locations, quads and spans are properties, and a place
//! without lines gets `startLine` 1, without which some viewers show nothing. A notice that blocks stands twice: as a
//! tool notification, where the standard wants it, and as a result, where alert counters see it.

use super::{Reporter, Style, evidence, json, place_in_words};
use crate::model::{
    Finding, Level, Location, Notice, NoticeCode, PackageReport, Place, Status, Summary,
};
use crate::rules::Ruleset;
use serde_json::{Value, json};
use std::io;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Writes SARIF.
pub(super) struct Sarif {
    style: Style,
    rules: Vec<Value>,
    rulesets: Vec<Value>,
    artifacts: Vec<Value>,
    results: Vec<Value>,
    notifications: Vec<Value>,
    packages: Vec<Value>,
    complete: bool,
}

impl Sarif {
    pub(super) fn new(style: Style) -> Self {
        let [rules, rulesets, artifacts, results, notifications, packages] =
            [const { Vec::new() }; 6];
        Self { style, rules, rulesets, artifacts, results, notifications, packages, complete: true }
    }

    fn finding(&self, package: &str, finding: &Finding) -> Value {
        let uri = uri(package, &finding.artifact.to_string());
        let mut location = location_at(&uri, &finding.location);
        location["logicalLocations"] = logical(finding);
        let related = finding.related.iter().zip(1..).map(|(related, id)| {
            let mut place = location_at(&uri, &related.location);
            place["id"] = json!(id);
            place["message"] = json!({ "text": related.label });
            place
        });
        let related: Vec<_> = related.collect();
        let mut result = json!({
            "ruleId": finding.rule,
            "level": finding.level.as_str(),
            "kind": "fail",
            "message": { "text": finding.message },
            "locations": [location],
            "relatedLocations": related,
            "partialFingerprints": { "obstat/place/v1": finding.fingerprint },
            "properties": {
                "type": "finding",
                "package": package,
                "confidence": finding.confidence.as_str(),
                "citation": finding.citation,
                "part": finding.part,
                "visibility": finding.visibility,
                "evidence": evidence(&finding.evidence, &self.style),
                "data": finding.data,
            },
        });
        if let Some(suppression) = &finding.suppressed {
            result["suppressions"] = json!([{
                "kind": "external",
                "status": "accepted",
                "justification": suppression.reason,
                "properties": { "approver": suppression.approver, "expires": suppression.expires },
            }]);
        }
        result
    }

    fn notice(&mut self, package: &str, notice: &Notice) {
        let uri = uri(package, &notice.artifact.to_string());
        let place = notice.place.clone().unwrap_or(Place::Page { page: 0, quads: Vec::new() });
        let location = location_at(&uri, &Location { place, span: None });
        let level = if notice.blocking { "error" } else { "note" };
        self.notifications.push(json!({
            "descriptor": { "id": notice.code.as_str() },
            "level": level,
            "message": { "text": notice.message },
            "locations": [location],
        }));
        if notice.blocking {
            self.complete = false;
            self.results.push(json!({
                "ruleId": notice.code.as_str(),
                "level": level,
                "kind": "fail",
                "message": { "text": notice.message },
                "locations": [location],
                "properties": { "type": "notice", "package": package },
            }));
        }
    }
}

impl Reporter for Sarif {
    fn begin(&mut self, ruleset: &Ruleset, _out: &mut dyn io::Write) -> io::Result<()> {
        self.rules = ruleset
            .rules()
            .iter()
            .map(rule)
            .chain(NoticeCode::ALL.iter().copied().map(notice_rule))
            .collect();
        let identity = |identity: &crate::rules::RulesetIdentity| json!({ "name": identity.name, "version": identity.version, "digest": identity.digest });
        self.rulesets = ruleset.identities().iter().map(identity).collect();
        Ok(())
    }

    fn package(
        &mut self,
        report: &PackageReport,
        _ruleset: &Ruleset,
        _out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let package = report.package.as_str();
        for artifact in &report.artifacts {
            let mut object = json!({
                "location": { "uri": uri(package, &artifact.address.to_string()) },
                "properties": { "format": artifact.format, "status": artifact.status, "package": package },
            });
            if let Some(digest) = artifact
                .digest
                .strip_prefix("sha256:")
                .filter(|_| artifact.status != Status::Excluded)
            {
                object["hashes"] = json!({ "sha-256": digest });
            }
            self.artifacts.push(object);
        }
        for finding in &report.findings {
            let result = self.finding(package, finding);
            self.results.push(result);
        }
        report.notices.iter().for_each(|notice| self.notice(package, notice));
        self.packages.push(json!({ "package": package, "verdict": report.verdict }));
        Ok(())
    }

    fn finish(&mut self, _summary: &Summary, out: &mut dyn io::Write) -> io::Result<()> {
        let driver =
            json!({ "name": "obstat", "version": env!("CARGO_PKG_VERSION"), "rules": self.rules });
        let run = json!({
            "tool": { "driver": driver },
            "columnKind": "unicodeCodePoints",
            "artifacts": self.artifacts,
            "results": self.results,
            "invocations": [{
                "executionSuccessful": self.complete,
                "toolExecutionNotifications": self.notifications,
            }],
            "properties": { "rulesets": self.rulesets, "packages": self.packages },
        });
        serde_json::to_writer_pretty(
            &mut *out,
            &json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] }),
        )?;
        writeln!(out)
    }
}

fn rule(rule: &crate::rules::RuleInfo) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.why },
        "help": { "text": rule.help },
        "defaultConfiguration": { "level": rule.level.as_str() },
        "properties": { "citation": rule.citation },
    })
}

fn notice_rule(code: NoticeCode) -> Value {
    json!({
        "id": code.as_str(),
        "shortDescription": { "text": "An artifact was not fully read" },
        "help": { "text": code.help() },
        "defaultConfiguration": { "level": Level::Error.as_str() },
    })
}

fn location_at(uri: &str, location: &Location) -> Value {
    let region = match &location.place {
        Place::Line { line, column } | Place::Element { line, column, .. } => {
            json!({ "startLine": (*line).max(1), "startColumn": (*column).max(1) })
        }
        _ => json!({ "startLine": 1 }),
    };
    json!({
        "physicalLocation": { "artifactLocation": { "uri": uri }, "region": region },
        "properties": { "place": json::place(&location.place), "span": location.span },
    })
}

fn logical(finding: &Finding) -> Value {
    let mut logical = Vec::new();
    if let Place::Page { page, .. } = &finding.location.place {
        logical.push(json!({ "kind": "page", "name": page.to_string(), "fullyQualifiedName": format!("page {page}") }));
    } else {
        let words = place_in_words(&finding.location.place);
        logical.push(json!({ "kind": "place", "fullyQualifiedName": words }));
    }
    logical.push(json!({ "kind": "part", "name": finding.part.as_str() }));
    Value::Array(logical)
}

/// A URI reference (RFC 3986) for an artifact: everything but unreserved characters and separators is encoded.
fn uri(package: &str, artifact: &str) -> String {
    let path = format!("{}/{artifact}", package.trim_end_matches('/'));
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b'!' => {
                uri.push(char::from(byte));
            }
            _ => uri.extend(format!("%{byte:02X}").chars()),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::super::tests::{sample_package, style};
    use super::*;

    #[test]
    fn a_page_is_a_logical_location_and_a_blocking_notice_stands_twice() {
        let (mut sarif, mut out) = (Sarif::new(style(false)), Vec::new());
        let ruleset = Ruleset::shipped();
        sarif.begin(&ruleset, &mut out).unwrap();
        sarif.package(&sample_package(), &ruleset, &mut out).unwrap();
        sarif.finish(&Summary::default(), &mut out).unwrap();
        let log: Value = serde_json::from_slice(&out).unwrap();
        let run = &log["runs"][0];
        let [finding, notice] = run["results"].as_array().unwrap().as_slice() else {
            panic!("two results")
        };
        assert_eq!(finding["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "page 3");
        assert_eq!(finding["locations"][0]["physicalLocation"]["region"]["startLine"], 1);
        assert_eq!(notice["ruleId"], "unread.encrypted");
        assert_eq!(run["invocations"][0]["executionSuccessful"], false);
        assert_eq!(
            run["invocations"][0]["toolExecutionNotifications"][0]["descriptor"]["id"],
            "unread.encrypted"
        );
    }

    #[test]
    fn uris_are_valid_whatever_the_name() {
        assert_eq!(uri("out", "a b.zip!/ü:1.pdf"), "out/a%20b.zip!/%C3%BC%3A1.pdf");
    }
}
