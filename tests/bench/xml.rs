//! How fast XML is read: two record exports of 100 MB, one as `forge records` makes it, whose records are mostly text,
//! and one of short fields, which is mostly markup, through the whole reader; `xmllint --stream` over the same files
//! beside it where that is installed.
//!
//! `cargo bench --bench xml`; `OBSTAT_BENCH_MB` sets another size.

#[path = "../forge/random.rs"]
mod random;
#[path = "../forge/records.rs"]
mod records;
#[path = "../forge/sentence.rs"]
mod sentence;

use obstat::extract::{Extractor, FORMATS};
use obstat::read::Budget;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

fn main() {
    compare("records", record_export());
    compare("fields", field_export());
    divan::main();
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn records_of_text(bencher: divan::Bencher<'_, '_>) {
    time(bencher, record_export());
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn records_of_fields(bencher: divan::Bencher<'_, '_>) {
    time(bencher, field_export());
}

fn time(bencher: divan::Bencher<'_, '_>, bytes: &[u8]) {
    let bencher = bencher.counter(divan::counter::BytesCount::new(bytes.len()));
    bencher.with_inputs(|| bytes.to_vec()).bench_values(read);
}

/// Reads the export; returns how many passages it has, so that nothing can be left out.
fn read(bytes: Vec<u8>) -> usize {
    let budget = Budget::new(Duration::from_mins(10));
    reader().map_or(0, |reader| reader.extract_owned(bytes, &budget).value.passage_count())
}

fn reader() -> Option<&'static dyn Extractor> {
    FORMATS.iter().copied().find(|format| format.name() == "xml")
}

fn megabytes() -> usize {
    std::env::var("OBSTAT_BENCH_MB").ok().and_then(|mb| mb.parse().ok()).unwrap_or(100)
}

/// What `forge records` writes.
fn record_export() -> &'static [u8] {
    static EXPORT: OnceLock<Vec<u8>> = OnceLock::new();
    EXPORT.get_or_init(|| {
        let mut xml = Vec::new();
        records::write(&mut xml, megabytes()).map_or(Vec::new(), |()| xml)
    })
}

/// Records with short fields and one narrative each, the same every time.
fn field_export() -> &'static [u8] {
    static EXPORT: OnceLock<Vec<u8>> = OnceLock::new();
    EXPORT.get_or_init(|| {
        let size = megabytes() * 1_000_000;
        let mut xml = String::with_capacity(size + 4096);
        xml.push_str(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Export xmlns=\"urn:example:records\">\n",
        );
        let mut number = 0_u32;
        while xml.len() < size {
            number += 1;
            record(&mut xml, number);
        }
        xml.push_str("</Export>\n");
        xml.into_bytes()
    })
}

fn record(xml: &mut String, number: u32) {
    const PLACES: [&str; 5] = ["Elm Depot", "North Pier", "Harbor Annex", "Mill Yard", "East Gate"];
    const DEEDS: [&str; 4] = [
        "The unit opened the inquiry after a call from the duty desk.",
        "Two agents walked the yard &amp; noted the plates of the parked vans.",
        "A clerk brought the ledger, and the pages were copied in the hall.",
        "Nothing further was seen before the gate was closed for the night.",
    ];
    let mut state = number.wrapping_mul(2_654_435_761);
    let mut pick = |count: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) % count
    };
    let place = PLACES.get(pick(5) as usize).copied().unwrap_or_default();
    let _ = write!(
        xml,
        "  <Record id=\"R{number:08}\" status=\"closed\">\n    <CaseNumber>2004-{:06}</CaseNumber>\n    \
         <Opened>2004-{:02}-{:02}</Opened>\n    <Office>{place}</Office>\n    <Phone>555-01{:02}</Phone>\n    \
         <Exhibits>{}</Exhibits>\n    <Narrative>",
        pick(900_000),
        pick(12) + 1,
        pick(28) + 1,
        pick(100),
        pick(9),
    );
    for _ in 0..=pick(3) {
        let deed = DEEDS.get(pick(4) as usize).copied().unwrap_or_default();
        let _ = write!(xml, "{deed} ");
    }
    xml.push_str("</Narrative>\n  </Record>\n");
}

/// Prints both speeds, best of three: by processor time, which a busy machine does not change, and by the clock.
fn compare(kind: &str, bytes: &[u8]) {
    let speed = |time: Duration| {
        f64::from(u32::try_from(bytes.len()).unwrap_or(u32::MAX)) / 1e6 / time.as_secs_f64()
    };
    let mut out = std::io::stdout();
    let mut print = |name: &str, times: Option<(Duration, Duration)>| {
        let _ = match times {
            Some((processor, wall)) => writeln!(
                out,
                "{kind:8} {name:18} {:5.0} MB/s of processor time, {:5.0} MB/s of wall time",
                speed(processor),
                speed(wall)
            ),
            None => writeln!(out, "{kind:8} {name:18} is not installed"),
        };
    };
    // Like the scan, the reader gets bytes to keep.
    let mut copies: Vec<_> = (0..3).map(|_| bytes.to_vec()).collect();
    print("obstat", best(own_time, &mut || copies.pop().is_some_and(|bytes| read(bytes) > 0)));
    print("xmllint --stream", xmllint(bytes));
}

fn best(
    processor_time: fn() -> Duration,
    run: &mut dyn FnMut() -> bool,
) -> Option<(Duration, Duration)> {
    let mut least: Option<(Duration, Duration)> = None;
    for _ in 0..3 {
        let (started, processor) = (Instant::now(), processor_time());
        if !run() {
            return None;
        }
        let times = (processor_time().saturating_sub(processor), started.elapsed());
        least = Some(least.map_or(times, |(a, b)| (a.min(times.0), b.min(times.1))));
    }
    least
}

/// Processor time of this thread; the clock where the system does not tell.
fn own_time() -> Duration {
    let nanoseconds = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = nanoseconds.and_then(|line| line.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(wall, Duration::from_nanos)
}

/// Processor time of all children that have ended, start-up and file reading included.
fn children_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").ok();
    let ticks = stat.and_then(|line| {
        let fields: Vec<i64> =
            line.rsplit(") ").next()?.split(' ').filter_map(|field| field.parse().ok()).collect();
        // `cutime` and `cstime` of proc(5), counted without the state, which is a letter.
        u64::try_from(fields.get(12)? + fields.get(13)?).ok()
    });
    ticks.map_or_else(wall, |ticks| Duration::from_millis(10 * ticks))
}

fn wall() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

fn xmllint(bytes: &[u8]) -> Option<(Duration, Duration)> {
    let mut file = tempfile::NamedTempFile::new().ok()?;
    file.write_all(bytes).ok()?;
    best(children_time, &mut || {
        let mut command = Command::new("xmllint");
        let command = command.args(["--stream", "--huge", "--noout"]).arg(file.path());
        command.stdout(Stdio::null()).status().is_ok_and(|status| status.success())
    })
}
