//! An export of many records, as a system for cases would write it: for benchmarks, which include this file.

use super::random::Random;
use super::sentence::sentence;
use std::io::{self, Write};

/// Writes one XML export of many records, about `megabytes` large, a mark in one record of a thousand.
pub(crate) fn write(out: &mut impl Write, megabytes: usize) -> io::Result<()> {
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
    out.write_all(b"</export>\n")
}
