//! The eleven outcomes of marks-and-release.md A.7, one packet each. Where an outcome hangs on the manifest, the packet
//! has a `release.yaml` with the fields of D.3.

use super::super::Files;
use super::super::formats::times;
use super::super::pdf::Storage;
use super::super::pdf::font::Face;
use super::super::pdf::sheet::Sheet;
use super::super::story::{Block, Para, Story, para};
use super::{Packet, head};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

const PASSAGE: &str =
    "The cleaner told agents that the officer hides the second key behind the lamp.";
const BEFORE: &str = "The cleaner was heard on 9 May in the mail room.";

/// Adds the packets.
pub(crate) fn add(files: &mut Files) {
    by_text(files);
    covered(files);
    by_manifest(files);
    unregistered(files);
}

fn record(marked: Para) -> Story {
    let blocks = vec![
        Block::Heading(para("INTERVIEWS")),
        Block::Para(para(BEFORE)),
        Block::Para(marked),
        Block::Para(para("The interview ended at four.")),
    ];
    Story::new(0, blocks)
}

fn by_text(files: &mut Files) {
    let partial = "The cleaner told agents that [REDACTED] hides the second key behind the lamp.";
    let both = "The officer hides the second key behind the lamp. [REDACTED]";
    let cases = [
        (
            "outcome-open",
            "A marked passage that anybody can read.",
            "obstructed",
            para(format!("{PASSAGE} (E)")).whole(PASSAGE),
        ),
        (
            "outcome-partial",
            "A marked passage with one name taken out.",
            "obstructed",
            para(format!("{partial} (E)")).partial("paragraph", partial),
        ),
        (
            "outcome-redacted",
            "A marked passage that is gone; its mark is not.",
            "clear",
            para("[REDACTED] (E)").redacted("paragraph", "[REDACTED]"),
        ),
        (
            "outcome-suspect",
            "What may be a mark, in lower case.",
            "clear",
            para(format!("{PASSAGE} (e)")).expecting("exempt.suspect", None, None, PASSAGE),
        ),
        (
            "outcome-ambiguous",
            "A mark that may mean the redacted sentence or the whole paragraph.",
            "obstructed",
            para(format!("{both} (E)")).partial("paragraph", both).expecting(
                "exempt.ambiguous",
                None,
                None,
                "",
            ),
        ),
    ];
    for (name, about, verdict, marked) in cases {
        let mut packet = Packet::new(name, about, verdict);
        packet.plain("record.txt", &record(marked));
        packet.close(files);
    }
}

/// The passage under a black bar, its letters still in the file.
fn covered(files: &mut Files) {
    let mut sheet = Sheet::new();
    let font = Face::Times.write(&mut sheet.pdf, false);
    sheet.resources = format!("/Font << /F1 {font} 0 R >>");
    let width = Face::Times.width(PASSAGE, 11.0, false);
    let line = |y: u32, text: &str| {
        let shown = Face::Times.show(text);
        [format!("BT /F1 11 Tf 72 {y} Td ").as_bytes(), &shown, b" Tj ET"].concat()
    };
    sheet.draw(line(700, BEFORE));
    sheet.draw(line(676, &format!("{PASSAGE} (E)")));
    sheet.draw(line(652, "The interview ended at four."));
    sheet.draw(format!("0 g 71 673 {:.1} 12 re f", width + 2.0));
    let mut packet = Packet::new(
        "outcome-covered",
        "A marked passage under a bar, its text still there.",
        "obstructed",
    );
    packet.file("record.pdf", sheet.finish(Storage::Classic));
    packet.expected.add("exempt.covered", "record.pdf", PASSAGE);
    packet.close(files);
}

/// What a manifest says beside its head.
#[derive(Default)]
struct Manifest<'a> {
    relied_on: bool,
    registered: Option<usize>,
    tail: &'a str,
}

fn manifest(record: &[u8], choices: &Manifest<'_>) -> String {
    let digest = Sha256::digest(record).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let registered = choices
        .registered
        .map_or_else(String::new, |count| format!("\n    marked_passages: {{ count: {count} }}"));
    let (relied_on, tail) = (choices.relied_on, choices.tail);
    format!(
        "schema: obstat-release/1
policy_profile: ice-6-4.0-2005
release:
  id: R-2026-0001
  date: 2026-05-04
  purpose: administrative-action
  action: {{ proposed: true, reference: PROP-0000, date: 2026-04-20 }}
  articulated_need: Reply to the proposal
recipient:
  kind: employee-representative
  name: J. Roe
  organization: Roe & Poe
  need_to_know: represents the employee
custodian: {{ office: Fictitious Field Office, custody: temporary }}
prepared_by: {{ name: A. Poe, role: elmr }}
released_by: {{ name: A. Poe, role: elmr }}
records:
  - id: rec-1
    file: record.txt
    sha256: {digest}
    type: report-of-investigation
    originator: opr
    case_status: closed
    basis_for_action: true
    relied_on: {relied_on}{registered}
coordination:
  - {{ kind: consultation, role: opr-local, name: B. Loe, date: 2026-04-28, covers: [rec-1], decision: no-objection }}
{tail}"
    )
}

const APPROVAL: &str = "  - { kind: approval, role: opr-local, name: B. Loe, date: 2026-04-29, covers: [\"rec-1#E1\"], \
                        decision: granted, reference: mail 0001 }\n";

fn by_manifest(files: &mut Files) {
    let open = || para(format!("{PASSAGE} (E)"));
    let disputed = format!(
        "{APPROVAL}disputes:\n  - {{ passage: \"rec-1#E1\", raised_by: elmr, status: open, referred_to: opr-director }}\n"
    );
    let cases = [
        (
            "outcome-approved",
            "A marked passage whose release the local OPR office granted.",
            open().expecting("exempt.approved", Some("paragraph"), Some("open"), PASSAGE),
            Manifest { tail: APPROVAL, ..Manifest::default() },
        ),
        (
            "outcome-disputed",
            "A marked passage under dispute, which no approval cures.",
            open().expecting("exempt.disputed", None, None, PASSAGE),
            Manifest { tail: &disputed, ..Manifest::default() },
        ),
        (
            "outcome-lost",
            "A record with fewer marked passages than the manifest has for it.",
            para("[REDACTED] (E)").redacted("paragraph", "[REDACTED]").expecting(
                "exempt.lost",
                None,
                None,
                "",
            ),
            Manifest { registered: Some(2), ..Manifest::default() },
        ),
        (
            "outcome-relied-on",
            "A record that the action relies on, with a marked passage taken out.",
            para("[REDACTED] (E)").redacted("paragraph", "[REDACTED]").expecting(
                "release.relied-on",
                None,
                None,
                "",
            ),
            Manifest { relied_on: true, ..Manifest::default() },
        ),
    ];
    for (name, about, marked, choices) in cases {
        let stands = matches!(name, "outcome-disputed" | "outcome-lost");
        let mut packet = Packet::new(name, about, if stands { "obstructed" } else { "clear" });
        let mut story = record(marked);
        // The heads of an OPR report, so that the declared type of the record is the one found.
        story.blocks.splice(0..0, head("OPR-000-118", "Harrow, parcel hall officer"));
        if name == "outcome-disputed" {
            packet.expected.complete_for.clear();
        }
        packet.plain("record.txt", &story);
        for found in &mut packet.expected.findings {
            // Findings about a whole record stand at no line of their own.
            if found.words.is_empty() {
                found.place = None;
            }
        }
        let text =
            manifest(packet.files.get("record.txt").map_or(&[][..], Vec::as_slice), &choices);
        packet.file("release.yaml", text);
        packet.close(files);
    }
}

/// A report of investigation without a mark: nobody knows whether OPR has looked at it.
fn unregistered(files: &mut Files) {
    let mut packet = Packet::new(
        "outcome-no-register",
        "A report of investigation with no mark and no register.",
        "clear",
    );
    let mut blocks = head("OPR-000-119", "Harrow, parcel hall officer");
    blocks.push(Block::Para(para(BEFORE)));
    packet.pdf("record.pdf", &Story::new(99_931, blocks), times());
    packet.expected.add("exempt.no-register", "record.pdf", "");
    packet.close(files);
}
