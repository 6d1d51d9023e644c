//! A reader for tests that does its worst. Only in debug builds, and only where the environment asks for it.

use obstat::scan::Task;
use std::collections::VecDeque;
use std::hint::black_box;

/// Does what the file's first line says, if it says so.
pub(super) fn perhaps(task: &Task) {
    if std::env::var_os("OBSTAT_TEST_MISBEHAVIOUR").is_none() {
        return;
    }
    match std::fs::read_to_string(&task.path).unwrap_or_default().lines().next() {
        Some("test: loop") => loop {
            std::thread::yield_now();
        },
        Some("test: recurse") => {
            black_box(recurse(1));
        }
        Some("test: allocate") => {
            let blocks: VecDeque<Vec<u8>> = (0..10).map(|_| vec![1; 1 << 30]).collect();
            black_box(blocks);
        }
        Some("test: abort") => std::process::abort(),
        _ => {}
    }
}

#[expect(unconditional_recursion, reason = "that is what it is for")]
fn recurse(depth: u64) -> u64 {
    black_box(recurse(black_box(depth + 1)) + 1)
}
