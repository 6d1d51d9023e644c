//! Whole runs in this process.

use super::*;
use crate::model::{Notice, NoticeCode, Status, Verdict};
use std::fs;
use std::path::Path;

#[derive(Default)]
struct Kept {
    packages: Vec<PackageReport>,
    room: Option<usize>,
}

impl Sink for Kept {
    fn package(&mut self, report: PackageReport) -> io::Result<()> {
        if self.room == Some(self.packages.len()) {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        self.packages.push(report);
        Ok(())
    }
}

fn run(root: &Path, depth: usize, threads: usize, sink: &mut Kept) -> Result<Summary, ScanError> {
    let selection = Selection {
        roots: vec![root.to_owned()],
        package_depth: depth,
        exclude: vec!["*.skip".to_owned()],
        ..Selection::default()
    };
    let ruleset = Ruleset::shipped();
    let judge =
        InProcess { ruleset: &ruleset, judging: Judging::default(), lookouts: Lookouts::default() };
    scan(&selection, threads, &judge, sink)
}

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

#[test]
fn packages_leave_in_order_and_every_file_is_accounted_for() {
    let folder = folder(&[
        ("b/plain.txt", b"Nothing of note."),
        ("a/photo.png", b"\x89PNG\r\n\x1a\n"),
        ("a/x.skip", b"x"),
        ("a/page.html", b"<html><p>Words.<br></html>"),
        ("c/only.skip", b"x"),
    ]);
    let mut kept = Kept::default();
    let summary = run(folder.path(), 1, 3, &mut kept).unwrap();
    let verdicts: Vec<_> = kept.packages.iter().map(|package| package.verdict).collect();
    assert_eq!(verdicts, [Verdict::Undetermined, Verdict::Clear, Verdict::Undetermined]);
    let statuses: Vec<_> =
        kept.packages[0].artifacts.iter().map(|a| (a.address.path(), a.status)).collect();
    let expected = [
        ("page.html", Status::Partly),
        ("photo.png", Status::Unread),
        ("x.skip", Status::Excluded),
    ];
    assert_eq!(statuses, expected);
    assert_eq!((summary.artifacts.read, summary.artifacts.excluded), (1, 2));
}

#[test]
fn a_run_that_judges_nothing_is_an_error() {
    let folder = folder(&[("a/x.skip", b"x")]);
    let error = run(folder.path(), 0, 1, &mut Kept::default()).unwrap_err();
    assert!(error.to_string().contains("every file is excluded"), "{error}");
}

#[test]
fn a_report_that_cannot_be_written_ends_the_run() {
    let files: Vec<_> = (0..300).map(|n| format!("{n:03}/x.txt")).collect();
    let files: Vec<_> = files.iter().map(|name| (name.as_str(), b"x".as_slice())).collect();
    let folder = folder(&files);
    let mut kept = Kept { room: Some(3), ..Kept::default() };
    let result = run(folder.path(), 1, 2, &mut kept);
    assert!(matches!(result, Err(ScanError::Report(_))));
    assert_eq!(kept.packages.len(), 3);
}

#[test]
fn reports_are_the_same_for_any_number_of_threads() {
    let files: Vec<_> = (0..60).map(|n| format!("{}/{n}.txt", n % 7)).collect();
    let files: Vec<_> = files.iter().map(|name| (name.as_str(), name.as_bytes())).collect();
    let folder = folder(&files);
    let mut one = Kept::default();
    run(folder.path(), 1, 1, &mut one).unwrap();
    for threads in [2, 8] {
        let mut many = Kept::default();
        run(folder.path(), 1, threads, &mut many).unwrap();
        assert_eq!(one.packages, many.packages);
    }
}

#[test]
fn a_false_name_is_a_warning_and_blocks_only_what_was_not_read() {
    let folder = folder(&[
        ("a.pdf", b"Plain words."),
        ("b.pdf", b"\x89PNG\r\n\x1a\n\0"),
        ("note.txt", b"<name withheld> left early.\n"),
    ]);
    let mut kept = Kept::default();
    run(folder.path(), 0, 1, &mut kept).unwrap();
    let package = &kept.packages[0];
    let found: Vec<_> =
        package.findings.iter().map(|f| (f.artifact.path(), f.rule.as_str())).collect();
    assert_eq!(found, [("a.pdf", "release.type-mismatch")]);
    let statuses: Vec<_> =
        package.artifacts.iter().map(|a| (a.format.as_str(), a.status)).collect();
    let expected = [("text", Status::Read), ("png", Status::Unread), ("text", Status::Read)];
    assert_eq!(statuses, expected);
    let blocking: Vec<_> = package
        .notices
        .iter()
        .filter(|notice| notice.blocking)
        .map(|notice| notice.artifact.path())
        .collect();
    assert_eq!(blocking, ["b.pdf", "b.pdf"]);
}

#[test]
fn a_check_over_the_package_sees_all_of_it_before_the_verdict() {
    struct Strict<'a>(InProcess<'a>);
    impl Judge for Strict<'_> {
        fn seat(&self) -> Box<dyn Seat + '_> {
            self.0.seat()
        }
        fn package(&self, report: &mut PackageReport, facts: &Facts) {
            let order: Vec<_> = facts.marked.iter().map(|m| m.artifact.path()).collect();
            let message = format!("{} files, marks in {order:?}", report.artifacts.len());
            report.notices.push(Notice::blocking(NoticeCode::RuleNotRun, message));
        }
    }
    let folder = folder(&[
        ("a.txt", b"The source met him at the pier. (E)\n"),
        ("b.txt", b"Lunch was at noon.\n"),
        ("c.txt", b"The source called again. (E)\n"),
    ]);
    let ruleset = Ruleset::shipped();
    let judge = Strict(InProcess {
        ruleset: &ruleset,
        judging: Judging::default(),
        lookouts: Lookouts::default(),
    });
    let selection = Selection { roots: vec![folder.path().to_owned()], ..Selection::default() };
    let mut kept = Kept::default();
    scan(&selection, 3, &judge, &mut kept).unwrap();
    let message = &kept.packages[0].notices[0].message;
    assert_eq!(message, "3 files, marks in [\"a.txt\", \"c.txt\"]");
    assert_eq!(packages(&selection).unwrap().len(), 1);
}
