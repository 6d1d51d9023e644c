//! Makes the sample files: `cargo run --example forge -- corpus` writes the committed corpus anew; the other commands
//! make files that are too large to commit.

#[path = "mod.rs"]
mod forge;

use std::io::{self, Write as _};
use std::process::ExitCode;

const USAGE: &str = "\
usage: forge corpus [DIR]              the committed corpus (DIR: corpus)
       forge records FILE [MEGABYTES]  one XML export of many records (100)
       forge folders DIR FOLDERS FILES small text files, FILES in each of FOLDERS
       forge packet DIR FILES          one folder of PDF, XML and text files
       forge originals DIR FILES       marked originals for a register
       forge pairs DIR PAIRS           originals and what was released of them
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            let _ = io::stderr().write_all(USAGE.as_bytes());
            ExitCode::from(2)
        }
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

/// False where the words make no command.
fn run(words: &[&str]) -> io::Result<bool> {
    let number = |text: &str| text.parse::<usize>().ok();
    match *words {
        ["corpus"] => forge::write(&forge::corpus(), "corpus")?,
        ["corpus", folder] => forge::write(&forge::corpus(), folder)?,
        ["records", file] => forge::bulk::records(file, 100)?,
        ["records", file, size] => match number(size) {
            Some(size) => forge::bulk::records(file, size)?,
            None => return Ok(false),
        },
        [kind, folder, files] => match (kind, number(files)) {
            ("packet", Some(files)) => forge::bulk::packet(folder, files)?,
            ("originals", Some(files)) => forge::bulk::originals(folder, files)?,
            ("pairs", Some(files)) => {
                let mut out = io::stdout().lock();
                for (original, released, became) in forge::bulk::pairs(folder, files)? {
                    writeln!(out, "{original} {released}")?;
                    for one in became {
                        let mark = if one.marked { " (E)" } else { "" };
                        writeln!(out, "  {}{mark}: {}", one.fate, one.words)?;
                    }
                }
            }
            _ => return Ok(false),
        },
        ["folders", folder, folders, files] => match (number(folders), number(files)) {
            (Some(folders), Some(files)) => forge::bulk::folders(folder, folders, files)?,
            _ => return Ok(false),
        },
        _ => return Ok(false),
    }
    Ok(true)
}
