//! Any bytes as a page's content stream: the tokeniser and the interpreter.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| obstat_fuzz::read("pdf", &obstat_fuzz::page(data)));
