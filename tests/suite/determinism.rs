//! The same bytes, however many threads there are and however often it is asked.

use crate::support::{folder, run_in};

#[test]
fn reports_are_the_same_bytes_for_any_number_of_threads() {
    let files: Vec<_> = (0..120)
        .map(|n| {
            let name = format!("p/{}/{n}.{}", n % 5, ["txt", "xml", "html", "bin"][n % 4]);
            let content = match n % 4 {
                0 => format!("The source met agent {n}. (E)\n\nOFFICIAL USE ONLY\n"),
                1 => format!("<r><p>The source met agent {n}. (E)</p></r>"),
                2 => format!("<html><br>{n}</html>"),
                _ => format!("\0\u{1}{n}"),
            };
            (name, content)
        })
        .collect();
    let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let folder = folder(&files);
    for format in ["json", "jsonl", "plain"] {
        let report = |threads: &str| {
            let args =
                ["check", "p", "--package-depth", "1", "--format", format, "--threads", threads];
            run_in(folder.path(), &args).stdout
        };
        let one = report("1");
        assert!(!one.is_empty());
        for threads in ["1", "8", "8"] {
            assert!(report(threads) == one, "{format} differs with {threads} threads");
        }
    }
}
