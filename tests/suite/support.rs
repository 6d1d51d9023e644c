//! Running the program over folders made for the purpose.

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A command line that begins with `obstat` and knows nothing of the caller's environment.
pub(crate) fn obstat<'a>(args: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_obstat"));
    command.args(args).env_remove("OBSTAT_TEST_MISBEHAVIOUR").stdin(Stdio::null());
    command
}

/// A folder with these files.
pub(crate) fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    folder
}

/// Runs in a folder, to the end.
pub(crate) fn run_in(folder: &Path, args: &[&str]) -> Output {
    obstat(args.iter().copied()).current_dir(folder).output().unwrap()
}

/// The exit code of a run that was not killed.
pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// The objects of a `jsonl` report.
pub(crate) fn objects(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The objects of one type.
pub(crate) fn of_type<'a>(objects: &'a [Value], kind: &str) -> Vec<&'a Value> {
    objects.iter().filter(|object| object["type"] == kind).collect()
}
