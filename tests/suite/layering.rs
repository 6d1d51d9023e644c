//! The rooms and who may enter whom: the table of the design as a test.

use std::collections::BTreeSet;
use std::path::Path;

/// Each room and the rooms it may import. `discover` and `extract` import `read` for the limits and the budget;
/// `report` shows what `rules` knows of a rule; `rules` has each rule compiled by its kind.
const ROOMS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("discover", &["model", "read"]),
    ("read", &["model"]),
    ("extract", &["model", "read"]),
    ("analyse", &["model"]),
    ("rules", &["model", "analyse"]),
    ("judge", &["model"]),
    ("register", &["model"]),
    ("release", &["model", "register", "rules"]),
    ("clearance", &["model"]),
    ("compare", &["model"]),
    ("report", &["model", "rules"]),
    ("suppress", &["model", "rules"]),
    ("watch", &["model", "register"]),
    (
        "scan",
        &[
            "model", "discover", "read", "extract", "analyse", "register", "release", "rules",
            "judge", "suppress", "watch",
        ],
    ),
];

#[test]
fn every_room_imports_only_the_rooms_below_it() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut faults = Vec::new();
    for entry in walkdir::WalkDir::new(&source) {
        let entry = entry.unwrap();
        let path = entry.path().strip_prefix(&source).unwrap();
        let room = path.iter().next().unwrap_or_default().to_string_lossy();
        let room = room.trim_end_matches(".rs");
        if !entry.file_type().is_file() || room == "bin" || path == Path::new("lib.rs") {
            continue;
        }
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
            faults.push(format!("{room}: a room that the table does not know"));
            continue;
        };
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let (code, _tests) = text.split_once("#[cfg(test)]\nmod tests {").unwrap_or((&text, ""));
        let imports: BTreeSet<_> = code.split("crate::").skip(1).map(first_word).collect();
        let known = |import: &&&str| ROOMS.iter().any(|(name, _)| name == *import);
        for import in imports.iter().filter(known).filter(|import| **import != room) {
            if !allowed.contains(import) {
                faults.push(format!("{}: {room} must not import {import}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn first_word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}
