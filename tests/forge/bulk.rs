//! Files that are too large, or too many, to commit: for benchmarks and for the register.

use super::marks;
use super::pdf::compose::compose;
use super::random::Random;
use super::story::{Block, Story, para};
use super::{formats, text, xml};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

const WHO: [&str; 10] = [
    "The clerk",
    "The supervisor",
    "A driver",
    "The night guard",
    "The cashier",
    "A cleaner",
    "The mechanic",
    "The dispatcher",
    "A neighbour",
    "The store keeper",
];
const DID: [&str; 10] = [
    "saw",
    "counted",
    "moved",
    "signed for",
    "photographed",
    "weighed",
    "returned",
    "listed",
    "sealed",
    "opened",
];
const WHAT: [&str; 10] = [
    "three crates",
    "the grey van",
    "the trip book",
    "a ring of keys",
    "the duty roster",
    "two parcels",
    "the fuel receipts",
    "a folded newspaper",
    "the lamp",
    "the badge reader",
];
const WHERE: [&str; 10] = [
    "at the north gate",
    "behind the bakery",
    "in the parcel hall",
    "on the ramp",
    "near the kiosk",
    "in the wash room",
    "by the loading door",
    "under the stairs",
    "in the mail room",
    "at the pier",
];
const WHEN: [&str; 10] = [
    "on the first Monday of March",
    "shortly before noon",
    "after the late shift",
    "in the second week of May",
    "on the day of the fire drill",
    "at about eleven",
    "before the gate was closed",
    "during the stock count",
    "while the reader was out of order",
    "on the last Friday of the month",
];

/// A sentence of 11 to 37 words that no other seed is likely to give.
pub(crate) fn sentence(random: &mut Random) -> String {
    let clause = |random: &mut Random| {
        format!(
            "{} {} {} {}",
            random.pick(&DID),
            random.pick(&WHAT),
            random.pick(&WHERE),
            random.pick(&WHEN)
        )
    };
    let first = clause(random);
    let number = 10 + random.below(90);
    match random.below(4) {
        3 => format!("{} {first}.", random.pick(&WHO)),
        0 => format!("{} {first} and kept note {number} of it.", random.pick(&WHO)),
        1 => format!("{} {first}, and then {} as well.", random.pick(&WHO), clause(random)),
        _ => format!("{} {first}, as entry {number} of the log has it.", random.pick(&WHO)),
    }
}

/// Unmarked paragraphs of a few sentences.
fn story(random: &mut Random, paragraphs: usize) -> Story {
    let mut blocks = vec![Block::Heading(para("DETAILS OF INVESTIGATION"))];
    for _ in 0..paragraphs {
        let sentences: Vec<String> = (0..3).map(|_| sentence(random)).collect();
        blocks.push(Block::Para(para(sentences.join(" "))));
    }
    Story::new(1 + random.bits() % 9_000_000, blocks)
}

/// One XML export of many records, about `megabytes` large, a mark in one record of a thousand.
pub(crate) fn records(file: &str, megabytes: usize) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(file)?);
    let mut random = Random::new(7);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<export system=\"fictitious\">")?;
    let (mut written, mut number) = (0, 0u64);
    while written < megabytes * 1_000_000 {
        number += 1;
        let texts: Vec<String> = (0..3).map(|_| sentence(&mut random)).collect();
        let mark = if number % 1000 == 0 { " (E)" } else { "" };
        let record = format!(
            "<record id=\"R{number:08}\"><case>OPR-{:05}</case><opened>2005-{:02}-{:02}</opened>\n\
             <narrative><para>{} {}</para><para>{}{mark}</para></narrative></record>\n",
            number % 99_991,
            number % 12 + 1,
            number % 28 + 1,
            texts[0],
            texts[1],
            texts[2]
        );
        written += record.len();
        out.write_all(record.as_bytes())?;
    }
    out.write_all(b"</export>\n")?;
    out.flush()
}

/// `folders` folders of `files` small text files each.
pub(crate) fn folders(folder: &str, folders: usize, files: usize) -> io::Result<()> {
    let mut random = Random::new(11);
    for outer in 0..folders {
        let path = Path::new(folder).join(format!("packet-{outer:05}"));
        fs::create_dir_all(&path)?;
        for inner in 0..files {
            let mark = if random.below(200) == 0 { " (E)" } else { "" };
            let text = format!("{} {}{mark}\n", sentence(&mut random), sentence(&mut random));
            fs::write(path.join(format!("note-{inner:05}.txt")), text)?;
        }
    }
    Ok(())
}

/// One folder of PDF, XML and text files by turns.
pub(crate) fn packet(folder: &str, files: usize) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let styles = formats::styles();
    for index in 0..files {
        let story = story(&mut Random::new(1000 + index as u64), 24);
        let (name, bytes) = match index % 4 {
            0 => (format!("{index:05}.txt"), text::plain(&story).0.into_bytes()),
            1 => (
                format!("{index:05}.xml"),
                xml::export(&story, xml::Family::Generic).0.into_bytes(),
            ),
            _ => (format!("{index:05}.pdf"), compose(&story, styles[index % styles.len()].1).0),
        };
        fs::write(Path::new(folder).join(name), bytes)?;
    }
    Ok(())
}

/// Marked originals, text and PDF by turns, with `passages.jsonl`: one object a passage, of the file and its words.
pub(crate) fn originals(folder: &str, files: usize) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut list = BufWriter::new(File::create(Path::new(folder).join("passages.jsonl"))?);
    for index in 0..files {
        let mut random = Random::new(50_000 + index as u64);
        let mut story = story(&mut random, 3);
        for _ in 0..4 {
            let (before, marked) = (sentence(&mut random), sentence(&mut random));
            let block = if random.below(2) == 0 {
                para(format!("{before} {marked} (E) {}", sentence(&mut random))).sentence(&marked)
            } else {
                para(format!("{marked} (E)")).whole(&marked)
            };
            story.blocks.push(Block::Para(block));
        }
        story.blocks.extend(marks::filler(1).into_iter().map(Block::Para));
        let (name, bytes) = if index % 2 == 0 {
            (format!("roi-{index:05}.txt"), text::plain(&story).0.into_bytes())
        } else {
            (format!("roi-{index:05}.pdf"), compose(&story, formats::times()).0)
        };
        for expect in story.paras().into_iter().flat_map(|para| &para.expects) {
            let line = serde_json::json!({ "file": name, "words": expect.words });
            writeln!(list, "{line}")?;
        }
        fs::write(Path::new(folder).join(name), bytes)?;
    }
    list.flush()
}
