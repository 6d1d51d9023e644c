//! Any bytes as a font program, a ToUnicode map or an encoding map.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| obstat_fuzz::read("pdf", &obstat_fuzz::font(data)));
