//! Any bytes as a PDF: objects, cross-references, pages and all that hangs on them.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| obstat_fuzz::read("pdf", data));
