//! Rarer scopes of the mark: lists after a colon, marks with a cell for themselves, footnotes, margins, nothing before
//! (marks-and-release.md A.5, S7, S10, S11, S15, S16); and deletions with and without their exemption code.

use super::super::Files;
use super::super::formats::styles;
use super::super::pdf::Storage;
use super::super::pdf::font::Face;
use super::super::pdf::sheet::Sheet;
use super::super::story::{Block, Story, para};
use super::Packet;

/// Adds the packets.
pub(crate) fn add(files: &mut Files) {
    rare(files);
    margin(files);
    nothing_before(files);
    deletions(
        files,
        "foia-uncoded",
        "A bar without an exemption code, on its way to a requester.",
        "",
    );
    deletions(files, "foia-coded", "The same with the code on the bar.", "(b)(6)");
}

fn rare(files: &mut Files) {
    let about = "Marks on lists, in cells of their own and behind calls of footnotes.";
    let mut packet = Packet::new("marks-scopes", about, "obstructed");
    let introduced = "The source described two ways in: leaving the side gate open taking the badge of the night guard";
    let blocks = vec![
        Block::Heading(para("STATEMENTS")),
        Block::Para(para("The source described two ways in: (E)").whole(introduced)),
        Block::Item("-", para("leaving the side gate open")),
        Block::Item("-", para("taking the badge of the night guard")),
        Block::Para(para(
            "Neither way was tried before the end of the month, as far as anybody knows.",
        )),
        Block::Para(
            para("The officer denied the claim.4 (E) He then asked for counsel.")
                .sentence("The officer denied the claim."),
        ),
        Block::Table(vec![
            vec![para("Person"), para("What was said"), para("Mark")],
            vec![
                para("Kiosk"),
                para("He pointed out the buyer twice.").whole("He pointed out the buyer twice."),
                para("(E)"),
            ],
            vec![para("Clerk"), para("She had seen nobody at the gate."), para("none")],
        ]),
        Block::Para(para("The statements were read back and signed.")),
    ];
    let story = Story::new(84_000, blocks);
    packet.plain("statements.txt", &story);
    for (name, style) in
        styles().into_iter().filter(|(name, _)| ["helvetica", "cid", "open-table"].contains(name))
    {
        packet.pdf(&format!("{name}.pdf"), &story, style);
    }
    packet.close(files);
}

/// A mark beside the text, at the height of the paragraph that it means.
fn margin(files: &mut Files) {
    let face = Face::Times;
    let mut sheet = Sheet::new();
    let font = face.write(&mut sheet.pdf, false);
    sheet.resources = format!("/Font << /F1 {font} 0 R >>");
    let paragraphs = [
        [
            "The kiosk owner was heard on the ninth of May in the mail room, and a clerk",
            "took the minutes of what he said about the van.",
        ],
        [
            "He had seen the officer hand over the keys of the side door on the last Friday",
            "of the month, and he would know the man in the grey coat again.",
        ],
        [
            "The minutes were read back to him, and he signed each page of them before",
            "he went back to work in the afternoon.",
        ],
    ];
    let mut y = 700.0;
    for lines in paragraphs {
        for line in lines {
            let shown = face.show(line);
            sheet.draw([format!("BT /F1 11 Tf 72 {y} Td ").as_bytes(), &shown, b" Tj ET"].concat());
            y -= 13.0;
        }
        y -= 13.0;
    }
    sheet.draw([b"BT /F1 11 Tf 540 655 Td ".as_slice(), &face.show("(E)"), b" Tj ET"].concat());
    let mut packet = Packet::new("marks-margin", "A mark in the margin.", "obstructed");
    packet.file("minutes.pdf", sheet.finish(Storage::Classic));
    packet.expected.add("exempt.open", "minutes.pdf", &paragraphs[1].join(" "));
    packet.close(files);
}

fn nothing_before(files: &mut Files) {
    let mut packet = Packet::new("marks-orphan", "A mark with nothing before it.", "clear");
    packet.file("page.txt", "(E)\n");
    packet.expected.add("exempt.orphan", "page.txt", "");
    packet.expected.findings.iter_mut().for_each(|found| found.or.push("exempt.redacted"));
    packet.close(files);
}

/// A page with a bar over nothing, in a packet that goes out under the Freedom of Information Act.
fn deletions(files: &mut Files, name: &'static str, about: &str, code: &str) {
    let face = Face::Helvetica;
    let mut sheet = Sheet::new();
    let font = face.write(&mut sheet.pdf, false);
    sheet.resources = format!("/Font << /F1 {font} 0 R >>");
    let mut say = |x: f32, y: f32, text: &str, colour: &str| {
        let shown = face.show(text);
        sheet.draw(
            [format!("{colour} BT /F1 11 Tf {x} {y} Td ").as_bytes(), &shown, b" Tj ET"].concat(),
        );
    };
    say(72.0, 704.0, "The shift ledger was compared with the badge reader at the gate.", "0 g");
    say(72.0, 680.0, "The guard named", "0 g");
    say(250.0, 680.0, "as the buyer.", "0 g 158 677 86 13 re f");
    if !code.is_empty() {
        say(186.0, 680.0, code, "1 g");
    }
    let mut packet = Packet::new(name, about, "");
    packet.expected.complete_for = vec!["redaction"];
    packet.expected.least = "warning";
    packet.file("page.pdf", sheet.finish(Storage::Classic));
    if code.is_empty() {
        packet.expected.add("redaction.uncoded", "page.pdf", "");
    }
    packet.file(
        "release.yaml",
        "schema: obstat-release/1
policy_profile: ice-6-4.0-2005
release:
  id: R-2026-0002
  date: 2026-05-04
  purpose: foia
  request: { tracking_number: 2026-ICFO-00000, received: 2026-03-02 }
recipient: { kind: foia-requester, name: J. Roe, need_to_know: requester }
processed_by: { name: C. Doe, role: foia-initial }
released_by: { name: C. Doe, role: foia-initial }
records:
  - { id: rec-1, file: page.pdf, type: other-opr, originator: opr, case_status: closed }
redactions: { method: applied, exemption_codes: true, verified_by: D. Foe }
",
    );
    packet.close(files);
}
