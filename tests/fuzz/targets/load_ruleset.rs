//! Any bytes as a ruleset: loaded, or refused with diagnostics whose spans lie inside the file.
#![no_main]

use obstat::rules::{Ruleset, RulesetError};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let path = std::env::temp_dir().join(format!("obstat-fuzz-{}.yaml", std::process::id()));
    if std::fs::write(&path, data).is_err() {
        return;
    }
    if let Err(RulesetError::Invalid { problems, .. }) = Ruleset::load(&[path.display().to_string()]) {
        for problem in problems {
            let span = problem.span();
            assert!(span.start <= span.end && span.end <= data.len(), "a span leaves the file");
        }
    }
});
