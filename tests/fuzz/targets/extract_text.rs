//! Any bytes as plain text, CSV or a load file.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| obstat_fuzz::read("text", data));
