//! Any bytes as XML.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| obstat_fuzz::read("xml", data));
