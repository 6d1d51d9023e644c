//! One file that does its worst costs a notice, and every other file is judged.
//!
//! The reader that misbehaves on request exists only in debug builds.
#![cfg(debug_assertions)]

use crate::support::{code, folder, objects, obstat, of_type};
use std::time::{Duration, Instant};

#[test]
fn a_file_that_loops_or_recurses_or_allocates_or_dies_is_a_notice_and_the_rest_is_judged() {
    let folder = folder(&[
        ("p/a.txt", "Nothing of note."),
        ("p/abort.txt", "test: abort"),
        ("p/allocate.txt", "test: allocate"),
        ("p/b.txt", "Nothing of note."),
        ("p/loop.txt", "test: loop"),
        ("p/recurse.txt", "test: recurse"),
        ("p/z.txt", "Nothing of note."),
    ]);
    let start = Instant::now();
    let output = obstat(["check", "p", "--format", "jsonl", "--threads", "2"])
        .env("OBSTAT_TEST_MISBEHAVIOUR", "1")
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(start.elapsed() < Duration::from_secs(40), "{:?}", start.elapsed());
    assert_eq!(code(&output), 3);
    let objects = objects(&output);
    let notices: Vec<_> = of_type(&objects, "notice")
        .iter()
        .map(|n| {
            (n["artifact"].as_str().unwrap(), n["code"].as_str().unwrap(), n["blocking"].as_bool())
        })
        .collect();
    let expected = [
        ("abort.txt", "unread.crashed", Some(true)),
        ("allocate.txt", "unread.over-budget", Some(true)),
        ("loop.txt", "unread.over-budget", Some(true)),
        ("recurse.txt", "unread.crashed", Some(true)),
    ];
    assert_eq!(notices, expected);
    for artifact in of_type(&objects, "artifact") {
        let failed = notices.iter().any(|(name, ..)| artifact["artifact"] == *name);
        assert_eq!(artifact["status"], if failed { "unread" } else { "read" }, "{artifact}");
        assert!(artifact["digest"].as_str().unwrap().starts_with("sha256:"), "{artifact}");
    }
    assert_eq!(of_type(&objects, "artifact").len(), 7);
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}
