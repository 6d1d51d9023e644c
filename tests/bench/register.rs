//! How fast text is searched for registered passages: a hundred thousand of them, on one core.
//!
//! `cargo bench --bench register`; `OBSTAT_BENCH_PASSAGES` and `OBSTAT_BENCH_MB` set other sizes. Three texts: words
//! drawn as freely as in ordinary prose; the generator's sentences, whose turns of phrase stand in thousands of
//! passages each; and the passages themselves, of which every one is found.

#[path = "../forge/random.rs"]
mod random;
#[path = "../forge/sentence.rs"]
mod sentence;

use obstat::model::{Document, DocumentBuilder, PassageSpec};
use obstat::register::{Builder, Key, Register};
use random::Random;
use sentence::sentence;
use std::io::Write as _;
use std::time::Instant;

/// Makes a sentence.
type Wording = fn(&mut Random) -> String;

fn main() {
    let passages = size("OBSTAT_BENCH_PASSAGES", 100_000);
    let bytes = size("OBSTAT_BENCH_MB", 5) * 1_000_000;
    let cases: [(&str, Wording); 2] =
        [("free wording", free), ("the generator's wording", sentence)];
    for (name, make) in cases {
        let mut random = Random::new(1);
        let registered: Vec<String> = (0..passages).map(|_| make(&mut random)).collect();
        let register = built(&registered);
        let file = register.to_bytes();
        drop(register);
        let start = processor_seconds();
        let Ok(register) = Register::from_bytes(&file, &key()) else { return };
        let loading = processor_seconds() - start;
        say(&format!(
            "{name}: {passages} passages, {} bytes of register, loaded in {loading:.2} s, {} MB resident",
            file.len(),
            resident()
        ));
        let mut other = Random::new(2);
        measure(&register, "text of other passages", &text(bytes, || make(&mut other)));
        let mut at = 0;
        let copies = text(bytes.min(5_000_000), || {
            at += 1;
            registered.get((at * 7919) % registered.len()).cloned().unwrap_or_default()
        });
        measure(&register, "text of nothing but copies", &copies);
        let mut noise = Random::new(5);
        for (name, wrong) in [("copies", 0), ("copies with 3 % of the letters wrong", 3)] {
            say(&format!("  {name}: {}", recall(&register, &registered, wrong, &mut noise)));
        }
    }
    let mut random = Random::new(1);
    let registered: Vec<String> = (0..passages).map(|_| free(&mut random)).collect();
    let register = built(&registered);
    let mut other = Random::new(3);
    measure(
        &register,
        "the generator's wording in a register of free wording",
        &text(bytes, || sentence(&mut other)),
    );
}

fn size(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|set| set.parse().ok()).unwrap_or(otherwise)
}

/// A sentence of 12 to 40 words of one to three syllables each, the commoner the shorter.
fn free(random: &mut Random) -> String {
    const SYLLABLES: [&str; 40] = [
        "an", "ber", "con", "de", "er", "fa", "gan", "hol", "in", "jor", "ka", "le", "mar", "ner",
        "ol", "per", "qui", "ra", "sen", "ti", "um", "ver", "wes", "yar", "zo", "bri", "cla",
        "dro", "fen", "gri", "plo", "ster", "tra", "sho", "chi", "mo", "lin", "ped", "ru", "sal",
    ];
    const SMALL: [&str; 16] = [
        "the", "of", "to", "and", "in", "that", "he", "was", "his", "with", "at", "had", "by",
        "for", "from", "not",
    ];
    let mut words = Vec::new();
    for _ in 0..12 + random.below(29) {
        if random.below(5) < 2 {
            words.push((*random.pick(&SMALL)).to_owned());
        } else {
            words.push((0..=1 + random.below(2)).map(|_| random.pick(&SYLLABLES)).collect());
        }
    }
    words.join(" ") + "."
}

fn built(passages: &[String]) -> Register {
    let mut builder = Builder::new(key());
    for (number, marked) in passages.chunks(4).enumerate() {
        let texts: Vec<&str> = marked.iter().map(String::as_str).collect();
        builder.record(&format!("roi-{number:06}.txt"), [0; 32], &texts);
    }
    builder.finish()
}

/// How many of a thousand copies are found as what they are.
fn recall(register: &Register, registered: &[String], wrong: usize, random: &mut Random) -> String {
    let (mut own, mut any) = (0, 0);
    for number in (0..1000).map(|at| (at * 7919) % registered.len()) {
        let original = registered.get(number).map_or("", String::as_str);
        let spoil = |c: char, random: &mut Random| {
            if c.is_alphabetic() && random.below(100) < wrong { 'x' } else { c }
        };
        let mut copy: String = original.chars().map(|c| spoil(c, random)).collect();
        let found = register.copies(&text(1, || std::mem::take(&mut copy)));
        own += usize::from(found.iter().any(|copied| copied.passage as usize == number));
        any += usize::from(!found.is_empty());
    }
    format!("{any} of 1000 found, {own} with the passage that they are of")
}

fn key() -> Key {
    Key::new(b"a key for nothing but this bench").unwrap_or_else(|| unreachable!())
}

fn text(bytes: usize, mut sentence: impl FnMut() -> String) -> Document {
    let (mut builder, mut written) = (DocumentBuilder::new(), 0);
    while written < bytes {
        builder.begin(PassageSpec::default());
        for _ in 0..5 {
            let sentence = sentence() + " ";
            written += sentence.len();
            builder.push_unanchored(&sentence);
        }
    }
    builder.finish()
}

fn measure(register: &Register, name: &str, document: &Document) {
    #[expect(clippy::cast_precision_loss, reason = "texts have far fewer than 2^52 bytes")]
    let megabytes = document.text().len() as f64 / 1e6;
    let times: Vec<(f64, usize)> = (0..3)
        .map(|_| {
            let start = processor_seconds();
            let found = register.copies(document).len();
            (processor_seconds() - start, found)
        })
        .collect();
    let best = times.iter().map(|(time, _)| *time).fold(f64::INFINITY, f64::min);
    let found = times.first().map_or(0, |(_, found)| *found);
    say(&format!("  {name}: {:.1} MB/s ({megabytes:.0} MB, {found} copies)", megabytes / best));
}

/// Seconds that this process has spent on a processor, whatever runs beside it; where that is not told, what the clock
/// says.
fn processor_seconds() -> f64 {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds = told.split_whitespace().next().and_then(|told| told.parse::<f64>().ok());
    nanoseconds.map_or_else(|| START.elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

/// Megabytes that the process holds; 0 where that is not told.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
