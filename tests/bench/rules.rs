//! How fast rules are run: a mix of prose, records and tables, judged on one core by all shipped rules, by ten times
//! the rules, and by one expression after the other, the reference.
//!
//! `cargo bench --bench rules`; `OBSTAT_BENCH_MB` sets another size than 100 MB. Speeds are bytes of the files over
//! processor time of the rules; reading the files is not part of it, making the caches is.

#[path = "../forge/mix.rs"]
mod mix;
#[path = "../forge/random.rs"]
mod random;

use obstat::extract::{Extractor, FORMATS};
use obstat::model::Document;
use obstat::read::Budget;
use obstat::rules::{Checked, Ruleset, Scratch};
use serde_json::{Map, Value};
use std::error::Error;
use std::io::Write as _;
use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use std::{env, fmt, fs};

/// The size of one document, in bytes.
const DOCUMENT: usize = 256_000;
/// The reference is slow: it gets one document in so many.
const SAMPLE: usize = 20;

/// How the rules are run.
type Check = fn(&Ruleset, &Document, &mut Scratch) -> Checked;

fn main() -> Result<(), Box<dyn Error>> {
    let megabytes = env::var("OBSTAT_BENCH_MB").ok().and_then(|size| size.parse().ok());
    let documents = (megabytes.unwrap_or(100_usize) * 1_000_000 / DOCUMENT).max(3);
    let shipped = Ruleset::shipped();
    measure("all shipped rules", &shipped, Ruleset::check, 0..documents)?;
    let many = tenfold()?;
    measure("ten times the rules", &many, Ruleset::check, 0..documents)?;
    let sample = (documents / SAMPLE).max(3);
    measure("one at a time", &shipped, Ruleset::check_one_by_one, 0..sample)
}

/// Judges the documents of these numbers and prints the speed, over all and by kind; the last, which is dense with
/// particulars, is no part of the mix.
fn measure(
    name: &str,
    ruleset: &Ruleset,
    check: Check,
    documents: std::ops::Range<usize>,
) -> Result<(), Box<dyn Error>> {
    let mut scratch = Scratch::default();
    let mut kinds: Vec<Speed> = mix::KINDS.iter().map(|_| Speed::default()).collect();
    let mut all = Speed::default();
    for number in documents.clone() {
        let at = number % mix::KINDS.len();
        let speed = judge(mix::KINDS[at].1, number, ruleset, check, &mut scratch)?;
        all.add(&speed);
        kinds[at].add(&speed);
    }
    let mut dense = Speed::default();
    for number in documents.step_by(20) {
        dense.add(&judge(mix::Kind::Dense, number, ruleset, check, &mut scratch)?);
    }
    let mut out = std::io::stdout();
    writeln!(out, "{name}, {} rules: {all}", ruleset.rules().len())?;
    for ((kind, _), speed) in mix::KINDS.iter().zip(&kinds) {
        writeln!(out, "    {kind:8} {speed}")?;
    }
    writeln!(out, "    {:8} {dense}, apart from the mix", "dense")?;
    Ok(())
}

/// Judges one document.
fn judge(
    kind: mix::Kind,
    number: usize,
    ruleset: &Ruleset,
    check: Check,
    scratch: &mut Scratch,
) -> Result<Speed, Box<dyn Error>> {
    let text = mix::sample(kind, number, DOCUMENT);
    let bytes = f64::from(u32::try_from(text.len())?);
    let document = read(text).ok_or("there is no such reader")?;
    let started = own_time();
    let checked = check(ruleset, &document, scratch);
    Ok(Speed { bytes, time: own_time().saturating_sub(started), hits: checked.hits.len() })
}

#[derive(Default)]
struct Speed {
    bytes: f64,
    time: Duration,
    hits: usize,
}

impl Speed {
    fn add(&mut self, more: &Self) {
        self.bytes += more.bytes;
        self.time += more.time;
        self.hits += more.hits;
    }

    fn megabytes_a_second(&self) -> f64 {
        self.bytes / 1e6 / self.time.as_secs_f64().max(1e-9)
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hits = f64::from(u32::try_from(self.hits.max(1)).unwrap_or(u32::MAX));
        write!(f, "{:6.1} MB/s, a hit in {:.0} bytes", self.megabytes_a_second(), self.bytes / hits)
    }
}

fn read(text: String) -> Option<Document> {
    let reader: &dyn Extractor = FORMATS.iter().copied().find(|reader| reader.name() == "text")?;
    let budget = Budget::new(Duration::from_mins(10));
    Some(reader.extract_owned(text.into_bytes(), &budget).value)
}

/// The shipped rules and nine copies of them that look for other words and numbers.
fn tenfold() -> Result<Ruleset, Box<dyn Error>> {
    let folder = env::temp_dir().join(format!("obstat-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let mut names = Vec::new();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("rulesets");
    let mut files: Vec<_> = fs::read_dir(shipped)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_, std::io::Error>>()?;
    files.sort();
    for file in &files {
        let theme = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        // Procedures run over packages.
        if theme.starts_with("procedure") {
            continue;
        }
        names.push(theme.to_owned());
        for copy in 1..10 {
            let mut ruleset: Value = serde_yaml::from_str(&fs::read_to_string(file)?)?;
            only_texts(&mut ruleset);
            alter(&mut ruleset, copy);
            // JSON is YAML as well.
            let path = folder.join(format!("{theme}-{copy}.yaml"));
            fs::write(&path, serde_json::to_string(&ruleset)?)?;
            names.push(path.display().to_string());
        }
    }
    let ruleset = Ruleset::load(&names);
    fs::remove_dir_all(&folder)?;
    Ok(ruleset?)
}

/// Takes out the rules that are found over a whole package.
fn only_texts(ruleset: &mut Value) {
    if let Some(rules) = ruleset.get_mut("rules").and_then(Value::as_array_mut) {
        rules.retain(|rule| {
            let detectors = rule.get("detect").and_then(Value::as_array);
            !detectors.into_iter().flatten().any(|detector| detector.get("manifest").is_some())
        });
    }
}

/// Gives everything that has a name another one, and everything that is looked for another word.
fn alter(value: &mut Value, copy: usize) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| alter(value, copy)),
        Value::Object(members) => alter_members(members, copy),
        _ => {}
    }
}

fn alter_members(members: &mut Map<String, Value>, copy: usize) {
    for (key, value) in members {
        let change: Option<fn(&str, usize) -> String> = match key.as_str() {
            "id" | "rule" | "family" | "extends" => Some(|name, copy| format!("copy{copy}.{name}")),
            "terms" | "phrases" => Some(other_words),
            "pattern" => Some(other_pattern),
            _ => None,
        };
        match (change, value) {
            (Some(change), Value::String(text)) => *text = change(text, copy),
            (Some(change), Value::Array(texts)) => {
                for text in texts {
                    if let Value::String(text) = text {
                        *text = change(text, copy);
                    }
                }
            }
            (_, value) => alter(value, copy),
        }
    }
}

/// The words of a phrase, each of three letters or more with other letters in its midst.
fn other_words(text: &str, copy: usize) -> String {
    let mut words = String::new();
    for word in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        words.push_str(first);
        if rest.len() >= 2 && word.starts_with(|c: char| c.is_ascii_alphabetic()) {
            words.push_str(["uo", "ae", "yi", "oa", "eu", "iy", "aw", "ow", "uy"][copy - 1]);
        }
        words.push_str(rest);
    }
    words
}

/// The expression behind a tag, so that it finds nothing that the original finds.
fn other_pattern(pattern: &str, copy: usize) -> String {
    let tag = ["QA", "KB", "ZC", "VD", "JE", "WF", "XG", "YH", "UJ"][copy - 1];
    format!("{tag}-?(?:{pattern})")
}

/// Processor time of this thread; the clock where the system does not tell.
fn own_time() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    let nanoseconds = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = nanoseconds.and_then(|line| line.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| START.get_or_init(Instant::now).elapsed(), Duration::from_nanos)
}
