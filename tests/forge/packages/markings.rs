//! Control markings in their plain forms, and prose that only speaks of them (marks-and-release.md B).

use super::super::Files;
use super::super::formats::times;
use super::super::marks::filler;
use super::super::story::{Block, Story, para};
use super::Packet;

/// Adds the packets.
pub(crate) fn add(files: &mut Files) {
    marked(files);
    mentioned(files);
}

fn page_of(banner: &'static str) -> Story {
    let mut blocks = vec![Block::Heading(para("MEMORANDUM FOR THE FILE"))];
    blocks.extend(filler(9).into_iter().map(Block::Para));
    Story { title: banner, control: 0, blocks }
}

fn marked(files: &mut Files) {
    let about = "A banner on each page.";
    let mut packet = Packet::new("markings", about, "");
    packet.expected.complete_for = vec!["marking", "cui", "classification"];
    for (name, banner, rule) in [
        ("fouo", "FOR OFFICIAL USE ONLY", "marking.fouo"),
        ("les", "LAW ENFORCEMENT SENSITIVE", "marking.les"),
        ("cui", "CUI//INV", "cui.banner"),
        ("secret", "SECRET//NOFORN", "classification.banner"),
    ] {
        let story = page_of(banner);
        for (file, is_pdf) in [(format!("{name}.pdf"), true), (format!("{name}.txt"), false)] {
            if is_pdf {
                packet.pdf(&file, &story, times());
            } else {
                packet.plain(&file, &story);
            }
            packet.expected.add(rule, &file, banner);
        }
    }
    packet.close(files);
}

fn mentioned(files: &mut Files) {
    let about = "Prose that speaks of markings and of confidential things, and carries none.";
    let mut packet = Packet::new("markings-mentioned", about, "clear");
    packet.expected.complete_for = vec!["marking", "cui", "classification"];
    let blocks = [
        "Records may or may not reflect a control marking (i.e., 'For Official Use Only' or 'Law Enforcement \
         Sensitive').",
        "The room is for official use only by the staff of the parcel hall, and the key is held by the Secret \
         Service liaison.",
        "The Leave and Earnings Statement (LES) of the officer was attached. The Secretary was not informed.",
        "Each employee files a Confidential Financial Disclosure Report. It would be a secret from no one that \
         the form is long.",
        "The gate is controlled by a card reader. The boxes were classified by size.",
    ];
    let story = Story::new(0, blocks.into_iter().map(|text| Block::Para(para(text))).collect());
    packet.plain("policy.txt", &story);
    packet.pdf("policy.pdf", &story, times());
    packet.close(files);
}
