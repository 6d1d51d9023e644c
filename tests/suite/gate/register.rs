//! The register of exempt passages: what is found of them again, and what is not taken for them.

use super::KEY;
use crate::corpus::forge;
use crate::support::{code, folder, objects, of_type, run_in};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// Xorshift (Marsaglia 2003): the same sequence everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }
}

type Damage = fn(&str, &mut Random) -> String;

fn rewrapped(text: &str, random: &mut Random) -> String {
    let words = text.split(' ').map(|word| match random.below(4) {
        0 if word.len() > 5 && word.is_ascii() => format!("{}-\n{} ", &word[..3], &word[3..]),
        1 => format!("{word}\n"),
        _ => format!("{word} "),
    });
    words.collect::<String>().trim_end().to_owned()
}

fn noisy(text: &str, random: &mut Random) -> String {
    let wrong = |c: char, random: &mut Random| {
        if c.is_alphabetic() && random.below(100) < 3 {
            char::from(b'a' + u8::try_from(random.below(26)).unwrap())
        } else {
            c
        }
    };
    text.chars().map(|c| wrong(c, random)).collect()
}

fn two_words_changed(text: &str, random: &mut Random) -> String {
    let mut words: Vec<&str> = text.split(' ').collect();
    for _ in 0..2 {
        let at = random.below(words.len());
        words[at] = ["lantern", "ledger", "orchard", "ferry"][random.below(4)];
    }
    words.join(" ")
}

const DAMAGES: [(&str, Damage); 5] = [
    ("unchanged", |text, _| text.to_owned()),
    ("re-wrapped and hyphenated", rewrapped),
    ("3 % wrong", noisy),
    ("two words changed", two_words_changed),
    ("both", |text, random| two_words_changed(&noisy(text, random), random)),
];

/// Marked originals of the measurement; `OBSTAT_TEST_ORIGINALS` sets another number.
fn originals() -> usize {
    let set = std::env::var("OBSTAT_TEST_ORIGINALS").ok();
    set.and_then(|set| set.parse().ok()).unwrap_or(200)
}

/// Marked originals, their register and key; the passages with the names of their files.
fn registered(files: usize) -> (TempDir, Vec<(String, String)>) {
    let folder = folder(&[("key", KEY)]);
    let path = folder.path().join("originals");
    forge::bulk::originals(path.to_str().unwrap(), files).unwrap();
    let listed = fs::read_to_string(path.join("passages.jsonl")).unwrap();
    fs::remove_file(path.join("passages.jsonl")).unwrap();
    let passage = |line: &str| {
        let object: Value = serde_json::from_str(line).unwrap();
        (object["file"].as_str().unwrap().to_owned(), object["words"].as_str().unwrap().to_owned())
    };
    let passages = listed.lines().map(passage).collect();
    let args = ["register", "build", "originals", "--key", "key", "--output", "register"];
    let output = run_in(folder.path(), &args);
    assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stderr));
    (folder, passages)
}

fn check(folder: &Path, package: &str) -> Vec<Value> {
    let args = [
        "check",
        package,
        "--register",
        "register",
        "--key",
        "key",
        "--format",
        "jsonl",
        "--ruleset",
        "exempt",
    ];
    let output = run_in(folder, &args);
    assert!(code(&output) != 2, "{}", String::from_utf8_lossy(&output.stderr));
    objects(&output)
}

fn of_rule<'a>(objects: &'a [Value], rule: &str) -> Vec<&'a Value> {
    of_type(objects, "finding").into_iter().filter(|finding| finding["rule"] == rule).collect()
}

/// Asserts the recall that is asked for, by the length of the passages.
fn assert_recall(what: &str, passages: &[(String, String)], found: &BTreeSet<usize>) {
    for (words, least) in [(20..usize::MAX, 0.98), (12..20, 0.90)] {
        let numbers = passages
            .iter()
            .enumerate()
            .filter(|(_, (_, text))| words.contains(&text.split(' ').count()));
        let (mut all, mut hit) = (0, 0);
        for (number, _) in numbers {
            all += 1;
            hit += usize::from(found.contains(&number));
        }
        let recall = hit as f64 / f64::from(all.max(1));
        println!("{what}: {hit} of {all} passages from {} words", words.start);
        assert!(
            recall >= least || all == 0,
            "{what}: {hit} of {all} passages of {} words and more",
            words.start
        );
    }
}

#[test]
fn copies_are_found_whatever_was_done_to_them() {
    let (folder, passages) = registered(originals());
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for (name, damage) in DAMAGES {
        // One paragraph a passage; the line tells which one was found.
        let (mut text, mut lines) = (String::new(), Vec::new());
        for (_, passage) in &passages {
            lines.push(text.matches('\n').count() + 1);
            text +=
                &format!("The office noted it. {} That was all.\n\n", damage(passage, &mut random));
        }
        let attributes = passages.iter().map(|(_, passage)| {
            let value = damage(passage, &mut random)
                .replace('\n', " ")
                .replace('&', "&amp;")
                .replace('"', "&quot;");
            format!("<note text=\"{value}\"/>\n")
        });
        let xml = format!("<notes>\n{}</notes>\n", attributes.collect::<String>());
        let package = folder.path().join("packet");
        fs::create_dir_all(&package).unwrap();
        fs::write(package.join("copy.txt"), text).unwrap();
        fs::write(package.join("copy.xml"), xml).unwrap();
        let objects = check(folder.path(), "packet");
        let copied = of_rule(&objects, "exempt.copied");
        let line =
            |finding: &Value| usize::try_from(finding["place"]["line"].as_u64().unwrap()).unwrap();
        let (mut in_text, mut in_xml) = (BTreeSet::new(), BTreeSet::new());
        for finding in copied {
            assert_eq!(finding["level"], "error");
            if finding["artifact"] == "copy.txt" {
                in_text.insert(lines.partition_point(|start| *start <= line(finding)) - 1);
            } else {
                assert_eq!(finding["part"], "attribute");
                in_xml.insert(line(finding) - 2);
            }
        }
        assert_recall(&format!("{name}, text"), &passages, &in_text);
        assert_recall(&format!("{name}, attribute"), &passages, &in_xml);
    }
}

#[test]
fn a_mark_deleted_in_place_is_lost_and_its_passage_a_copy_of_itself() {
    let (folder, passages) = registered(originals());
    let package = folder.path().join("packet");
    fs::create_dir_all(&package).unwrap();
    let names: BTreeSet<&String> =
        passages.iter().map(|(file, _)| file).filter(|file| file.ends_with(".txt")).collect();
    for name in &names {
        let text = fs::read_to_string(folder.path().join("originals").join(name)).unwrap();
        fs::write(package.join(name), text.replace(" (E)", "")).unwrap();
    }
    let objects = check(folder.path(), "packet");
    let lost: BTreeSet<_> = of_rule(&objects, "exempt.lost")
        .iter()
        .map(|one| one["artifact"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(lost.len(), names.len());
    let copied: BTreeSet<(String, u64)> = of_rule(&objects, "exempt.copied")
        .iter()
        .map(|one| {
            (
                one["data"]["record"].as_str().unwrap().to_owned(),
                one["data"]["passage"].as_u64().unwrap(),
            )
        })
        .collect();
    let expected: BTreeSet<(String, u64)> = names
        .iter()
        .flat_map(|name| {
            let count = passages.iter().filter(|(file, _)| file == *name).count() as u64;
            (1..=count).map(|number| ((*name).clone(), number))
        })
        .collect();
    let copied: BTreeSet<_> = copied.intersection(&expected).collect();
    let expected = expected.len();
    println!("mark deleted in place: {} of {} records lost", lost.len(), names.len());
    println!("mark deleted in place: {} of {expected} passages copied", copied.len());
    assert!(copied.len() as f64 >= 0.98 * expected as f64, "{} of {expected}", copied.len());

    let objects = check(folder.path(), "originals");
    assert!(of_rule(&objects, "exempt.lost").is_empty(), "no mark is lost in the originals");
}

/// A PDF of one empty page, with a subject in its properties.
fn pdf(subject: &str) -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>".to_owned(),
        format!("<< /Subject ({}) >>", subject.replace(['(', ')', '\\'], " ")),
    ];
    let (mut out, mut places) = ("%PDF-1.4\n".to_owned(), Vec::new());
    for (number, object) in (1..).zip(&objects) {
        places.push(out.len());
        out += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let start = out.len();
    out += "xref\n0 5\n0000000000 65535 f \n";
    for place in places {
        out += &format!("{place:010} 00000 n \n");
    }
    out += &format!("trailer\n<< /Size 5 /Root 1 0 R /Info 4 0 R >>\nstartxref\n{start}\n%%EOF\n");
    out.into_bytes()
}

#[test]
fn copies_in_the_properties_of_a_pdf_are_found_with_both_ends() {
    let (folder, passages) = registered(originals());
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for (name, damage) in DAMAGES {
        let package = folder.path().join("packet");
        fs::create_dir_all(&package).unwrap();
        for (number, (_, passage)) in passages.iter().enumerate() {
            let subject = damage(passage, &mut random).replace('\n', " ");
            fs::write(package.join(format!("{number:04}.pdf")), pdf(&subject)).unwrap();
        }
        let objects = check(folder.path(), "packet");
        let mut found = BTreeSet::new();
        for finding in of_rule(&objects, "exempt.copied") {
            assert_eq!(finding["part"], "metadata", "{finding}");
            let number: usize =
                finding["artifact"].as_str().unwrap().trim_end_matches(".pdf").parse().unwrap();
            // Both ends: what is found here is the passage of the record that it was copied from.
            let record = finding["data"]["record"].as_str().unwrap();
            let is_it = record == passages[number].0 || finding["data"]["also"].is_u64();
            found.extend(is_it.then_some(number));
        }
        assert_recall(&format!("{name}, PDF metadata"), &passages, &found);
    }
}

/// What stands beside the checkout, where it is there.
fn beside(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(name)
}

#[test]
fn other_text_is_no_copy() {
    let mut text =
        "The witness left the office at noon and was not heard again that day.\n\n".repeat(50);
    for line in fs::read_to_string(beside("cases/prose.jsonl")).unwrap_or_default().lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        text += case["text"].as_str().unwrap();
        text += "\n\n";
    }
    let (folder, _) = registered(originals());
    fs::create_dir_all(folder.path().join("packet")).unwrap();
    fs::write(folder.path().join("packet/prose.txt"), text).unwrap();
    let mut packages = vec!["packet".to_owned()];
    packages.extend(
        ["pdf", "mixed", "long"]
            .iter()
            .map(|name| beside("data").join(name))
            .filter(|path| path.is_dir())
            .map(|path| path.to_str().unwrap().to_owned()),
    );
    for package in packages {
        let objects = check(folder.path(), &package);
        assert_eq!(of_rule(&objects, "exempt.copied"), Vec::<&Value>::new(), "{package}");
    }
}

#[test]
fn a_register_without_its_key_ends_the_run() {
    let (folder, _) = registered(2);
    fs::write(folder.path().join("other"), "another key of many bytes").unwrap();
    fs::write(folder.path().join("short"), "short").unwrap();
    let register = fs::read(folder.path().join("register")).unwrap();
    fs::write(folder.path().join("cut"), &register[..register.len() / 2]).unwrap();
    let cases: [(&[&str], &str); 5] = [
        (&["--register", "register", "--key", "other"], "obstat::register::other_key"),
        (&["--register", "register"], "obstat::check::no_key"),
        (&["--register", "register", "--key", "short"], "obstat::check::key"),
        (&["--register", "cut", "--key", "key"], "obstat::register::damaged"),
        (&["--register", "key", "--key", "key"], "obstat::register::not_a_register"),
    ];
    for (extra, words) in cases {
        let output = run_in(folder.path(), &[&["check", "originals"], extra].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(code(&output), 2, "{extra:?}");
        assert!(said.contains(words) && output.stdout.is_empty(), "{extra:?}: {said}");
    }
}
