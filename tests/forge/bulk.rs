//! Files that are too large, or too many, to commit: for benchmarks and for the register.

use super::marks;
use super::pdf::compose::compose;
use super::random::Random;
use super::sentence::sentence;
use super::story::{Block, Story, para};
use super::{formats, text, xml};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

/// Unmarked paragraphs of a few sentences.
fn story(random: &mut Random, paragraphs: usize) -> Story {
    let mut blocks = vec![Block::Heading(para("DETAILS OF INVESTIGATION"))];
    for _ in 0..paragraphs {
        let sentences: Vec<String> = (0..3).map(|_| sentence(random)).collect();
        blocks.push(Block::Para(para(sentences.join(" "))));
    }
    Story::new(1 + random.bits() % 9_000_000, blocks)
}

/// One XML export of many records, about `megabytes` large.
pub(crate) fn records(file: &str, megabytes: usize) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(file)?);
    super::records::write(&mut out, megabytes)?;
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

/// What became of a passage of a pair that [`pairs`] made.
#[derive(Debug)]
pub(crate) struct Became {
    /// `removed`, `changed`, `added` or `stayed`, as `obstat compare` says it.
    pub(crate) fate: &'static str,
    /// Whether it is marked in the original.
    pub(crate) marked: bool,
    /// Its words: in the original, or in the released file where it is new.
    pub(crate) words: String,
}

/// Pairs of an original and what was released of it, in text, XML and PDF by turns: the names of the two files and
/// every passage that is not the same in both, or that is marked and still there.
pub(crate) fn pairs(folder: &str, count: usize) -> io::Result<Vec<(String, String, Vec<Became>)>> {
    fs::create_dir_all(folder)?;
    let mut made = Vec::new();
    for index in 0..count {
        let (original, released, became) = pair(index);
        let extension = ["txt", "xml", "pdf"][index % 3];
        let written = |story: &Story| match index % 3 {
            0 => text::plain(story).0.into_bytes(),
            1 => xml::export(story, xml::Family::Generic).0.into_bytes(),
            _ => compose(story, formats::times()).0,
        };
        let names = [("original", &original), ("released", &released)];
        let [a, b] = names.map(|(name, _)| format!("{index:02}-{name}.{extension}"));
        fs::write(Path::new(folder).join(&a), written(names[0].1))?;
        fs::write(Path::new(folder).join(&b), written(names[1].1))?;
        made.push((a, b, became));
    }
    Ok(made)
}

fn pair(index: usize) -> (Story, Story, Vec<Became>) {
    let mut random = Random::new(90_000 + index as u64);
    let (mut before, mut after, mut all) = (Vec::new(), Vec::new(), Vec::new());
    let mut became =
        |fate, marked, words: &str| all.push(Became { fate, marked, words: words.to_owned() });
    for number in 0..12 {
        let own = sentence(&mut random);
        let marked = format!("{own} (E)");
        let block = |text: &str| Block::Para(para(text));
        match (number + index) % 6 {
            0 => {
                before.push(block(&own));
                became("removed", false, &own);
            }
            1 => {
                before.push(block(&marked));
                became("removed", true, &marked);
            }
            2 => {
                before.push(block(&marked));
                after.push(block(&marked));
                became("stayed", true, &own);
            }
            3 => {
                let other = own.replacen(' ', " lately ", 1);
                before.push(block(&own));
                after.push(block(&other));
                became("changed", false, &own);
            }
            4 => {
                // Worded like nothing else: a new sentence that resembles an old one is that one, changed.
                let own = format!(
                    "Appendix {number}{index}: corrected exhibits follow by registered post."
                );
                after.push(block(&own));
                became("added", false, &own);
            }
            _ => {
                before.push(block(&own));
                after.push(block(&own));
            }
        }
    }
    // One control number for both, so that the pages differ in nothing else.
    (Story::new(77, before), Story::new(77, after), all)
}
