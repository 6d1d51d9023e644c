//! From hits to findings: fingerprints, thresholds, order, the verdict.

mod excerpt;
mod fingerprint;
mod order;

use crate::model::{
    Address, Artifact, Confidence, Document, Finding, Hit, Level, Location, PackageReport, Part,
    Place, Quad, Related, SensitiveText, Status, Summary, Verdict, Visibility,
};
pub(crate) use order::{sort_findings, sort_notices};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;

/// The rule that needs no look into a document.
pub(crate) const TYPE_MISMATCH: &str = "release.type-mismatch";

/// How hits become findings.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Judging {
    /// Hits below low confidence become findings too.
    pub show_candidates: bool,
    /// Findings carry the lines around them.
    pub excerpts: bool,
    /// Keys the fingerprints. Never printed.
    pub key: Option<Vec<u8>>,
}

/// What the rule says of each of its findings.
pub(crate) struct Terms<'a> {
    /// The level, unless the hit has its own.
    pub level: Level,
    /// The message, unless the hit has its own.
    pub message: &'a str,
    /// The section offended against.
    pub citation: &'a str,
}

/// The artifact a hit was found in.
pub(crate) struct Site<'a> {
    /// Where it lies.
    pub address: &'a Address,
    /// Of its bytes.
    pub digest: &'a str,
    /// What was read in it.
    pub document: &'a Document,
}

/// Makes a finding of a hit.
pub(crate) fn finding(hit: Hit, terms: &Terms<'_>, site: &Site<'_>, judging: &Judging) -> Finding {
    let document = site.document;
    let placed = hit.place.is_some();
    let passage = document.passage_at(hit.range.start).filter(|_| !placed);
    let evidence = hit.evidence.unwrap_or_else(|| {
        SensitiveText::new(document.text().get(hit.range.clone()).unwrap_or_default())
    });
    let excerpt = if judging.excerpts {
        excerpt::around(document, &hit.range, &hit.related)
    } else {
        excerpt::Excerpt::default()
    };
    let mut finding = Finding {
        level: hit.level.unwrap_or(terms.level),
        confidence: hit.confidence,
        message: hit.message.unwrap_or_else(|| terms.message.to_owned()),
        citation: terms.citation.to_owned(),
        artifact: site.address.clone(),
        location: match hit.place {
            Some(place) => finite(Location { place, span: None }),
            None => located(document, hit.range.clone()),
        },
        part: match passage {
            Some(passage) => passage.part(),
            None if placed => Part::Other,
            None => Part::default(),
        },
        visibility: passage.map(|passage| passage.visibility()).unwrap_or_default(),
        evidence,
        excerpt,
        fingerprint: String::new(),
        related: related(document, &hit.range, hit.related),
        data: hit.data,
        suppressed: None,
        rule: hit.rule,
    };
    finding.fingerprint = fingerprint::of(&finding, site.digest, judging.key.as_deref());
    finding
}

/// The fingerprint of a finding in an artifact of that digest.
pub(crate) fn fingerprint(finding: &Finding, digest: &str, judging: &Judging) -> String {
    fingerprint::of(finding, digest, judging.key.as_deref())
}

/// The rule on what was removed in one place and stands in another.
pub(crate) const MISSING_OCCURRENCE: &str = "release.missing-occurrence";

/// The finding on an artifact whose name repeats what was removed on a page.
pub(crate) fn repeating_name(artifact: &Artifact, terms: &Terms<'_>, judging: &Judging) -> Finding {
    let message = "The file's name repeats what was removed or covered on a page.";
    Finding {
        message: message.to_owned(),
        ..about_name(artifact, MISSING_OCCURRENCE, terms, judging)
    }
}

/// The finding on an artifact whose name promises something else than its content is.
pub(crate) fn mismatch(artifact: &Artifact, terms: &Terms<'_>, judging: &Judging) -> Finding {
    let own =
        format!("The file's name promises another format; its content is {}.", artifact.format);
    let message = if terms.message.is_empty() { own } else { terms.message.to_owned() };
    let data = [("format".to_owned(), artifact.format.clone().into())].into();
    Finding { message, data, ..about_name(artifact, TYPE_MISMATCH, terms, judging) }
}

fn about_name(artifact: &Artifact, rule: &str, terms: &Terms<'_>, judging: &Judging) -> Finding {
    let place = Place::Property { property: "file name".to_owned() };
    let mut finding = Finding {
        rule: rule.to_owned(),
        level: terms.level,
        confidence: Confidence::High,
        message: String::new(),
        citation: terms.citation.to_owned(),
        artifact: artifact.address.clone(),
        location: Location { place, span: None },
        part: Part::FileName,
        visibility: Visibility::Shown,
        evidence: SensitiveText::new(artifact.address.name()),
        excerpt: excerpt::Excerpt::default(),
        fingerprint: String::new(),
        related: Vec::new(),
        data: BTreeMap::new(),
        suppressed: None,
    };
    finding.fingerprint = fingerprint::of(&finding, &artifact.digest, judging.key.as_deref());
    finding
}

/// The other places of a hit: those of its own passage on later pages, then those the rule named.
fn related(
    document: &Document,
    range: &Range<usize>,
    named: Vec<(String, Range<usize>)>,
) -> Vec<Related> {
    let further = document.locate_pages(range.clone()).into_iter().skip(1).map(|place| Related {
        label: "continued here".to_owned(),
        location: finite(Location { place, span: None }),
    });
    let named = named
        .into_iter()
        .map(|(label, range)| Related { label, location: located(document, range) });
    further.chain(named).collect()
}

fn located(document: &Document, range: Range<usize>) -> Location {
    finite(document.locate(range))
}

/// A hostile document can draw at infinity; reports and the pipe between processes know numbers only.
fn finite(mut location: Location) -> Location {
    if let Place::Page { quads, .. } = &mut location.place {
        for Quad(sides) in quads {
            sides.iter_mut().filter(|side| !side.is_finite()).for_each(|side| *side = 0.0);
        }
    }
    location
}

/// The verdict at `error`, and whether a blocking notice stands beside it.
pub(crate) fn verdict(package: &PackageReport) -> Verdict {
    if package.level_counts().error > 0 {
        Verdict::Obstructed
    } else if package.notices.iter().any(|notice| notice.blocking) {
        Verdict::Undetermined
    } else {
        Verdict::Clear
    }
}

/// Counts a package.
pub(crate) fn count(package: &PackageReport, summary: &mut Summary) {
    match package.verdict {
        Verdict::Clear => summary.packages.clear += 1,
        Verdict::Undetermined => summary.packages.undetermined += 1,
        Verdict::Obstructed => summary.packages.obstructed += 1,
    }
    for artifact in &package.artifacts {
        match artifact.status {
            Status::Read => summary.artifacts.read += 1,
            Status::Partly => summary.artifacts.partly += 1,
            Status::Unread => summary.artifacts.unread += 1,
            Status::Excluded => summary.artifacts.excluded += 1,
        }
    }
    for finding in package.findings.iter().filter(|finding| finding.counts()) {
        summary.findings.add(finding.level);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DocumentBuilder, Notice, NoticeCode, PassageSpec, Target};

    fn hit(range: Range<usize>, related: Vec<(String, Range<usize>)>) -> Hit {
        Hit {
            rule: "exempt.open".to_owned(),
            confidence: Confidence::High,
            level: None,
            range,
            place: None,
            related,
            evidence: None,
            message: None,
            data: BTreeMap::new(),
        }
    }

    fn judged(document: &Document, hit: Hit) -> Finding {
        let terms = Terms { level: Level::Error, message: "m", citation: "c" };
        let address = Address::new("a.pdf");
        let site = Site { address: &address, digest: "sha256:0", document };
        finding(hit, &terms, &site, &Judging { excerpts: true, ..Judging::default() })
    }

    #[test]
    fn a_passage_over_two_pages_names_the_second_too_and_its_mark() {
        let mut builder = DocumentBuilder::new();
        builder.begin(PassageSpec { page: 1, ..PassageSpec::default() });
        let quad = Quad([0.0, 0.0, f32::INFINITY, 10.0]);
        builder.push("met him", Target::Page { page: 1, quad });
        builder.push_unanchored(" ");
        builder.push("there. (E)", Target::Page { page: 2, quad: Quad([0.0, 0.0, 90.0, 10.0]) });
        let document = builder.finish();
        let finding = judged(&document, hit(0..14, vec![("the mark".to_owned(), 15..18)]));
        let pages: Vec<_> = finding
            .related
            .iter()
            .map(|related| (related.label.as_str(), page(&related.location)))
            .collect();
        assert_eq!(page(&finding.location), 1);
        assert_eq!(pages, [("continued here", 2), ("the mark", 2)]);
        assert_eq!(finding.evidence.reveal(), "met him there.");
        assert!(serde_json::to_string(&finding).is_ok_and(|json| !json.contains("null,")));
    }

    fn page(location: &Location) -> u32 {
        match location.place {
            Place::Page { page, .. } => page,
            _ => 0,
        }
    }

    #[test]
    fn an_error_obstructs_a_blocking_notice_leaves_undetermined_and_candidates_count_for_nothing() {
        let mut builder = DocumentBuilder::new();
        builder.push_unanchored("He left.");
        let document = builder.finish();
        let sure = judged(&document, hit(0..2, Vec::new()));
        let candidate = Finding { confidence: Confidence::Candidate, ..sure.clone() };
        let blocking = Notice::blocking(NoticeCode::Io, "x");
        let informing = Notice::informing(NoticeCode::Io, "x");
        let cases = [
            (vec![sure], vec![blocking.clone()], Verdict::Obstructed),
            (vec![candidate], vec![blocking], Verdict::Undetermined),
            (vec![], vec![informing], Verdict::Clear),
        ];
        for (findings, notices, expected) in cases {
            let package = PackageReport {
                package: "p".to_owned(),
                verdict: Verdict::Clear,
                artifacts: Vec::new(),
                findings,
                notices,
                candidates: 0,
            };
            assert_eq!(verdict(&package), expected);
        }
    }
}
