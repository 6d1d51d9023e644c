//! Files under `corpus/hostile` that must end within the budget, with a notice; `hostile.expected.yaml` beside the folder says which.

mod pdf;
mod text;

use super::Files;
use std::fmt::Write as _;

/// A file, the notice codes of which it must bring at least one, and whether that has to block.
pub(crate) struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    codes: &'static [&'static str],
    blocks: bool,
}

/// A case that must leave its package undetermined.
fn case(name: &'static str, bytes: impl Into<Vec<u8>>, codes: &'static [&'static str]) -> Case {
    Case { name, bytes: bytes.into(), codes, blocks: true }
}

const DAMAGED: &[&str] = &["unread.damaged"];
const OVER: &[&str] = &["unread.over-budget"];
const OVER_OR_DAMAGED: &[&str] = &["unread.over-budget", "unread.damaged"];

/// Adds the files.
pub(crate) fn add(files: &mut Files) {
    let mut expected =
        String::from("# Every file ends within the budget and brings one of its codes.\n");
    for case in pdf::cases().into_iter().chain(text::cases()) {
        let codes = case.codes.join(", ");
        let _ = writeln!(
            expected,
            "- artifact: {}\n  codes: [{codes}]\n  blocking: {}",
            case.name, case.blocks
        );
        files.insert(format!("hostile/{}", case.name), case.bytes);
    }
    files.insert("hostile.expected.yaml".to_owned(), expected.into_bytes());
}
