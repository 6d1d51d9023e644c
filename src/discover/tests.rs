//! Walks over folders made for the purpose.

use super::*;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn folder(files: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file).unwrap();
    }
    folder
}

fn selection(root: &Path, package_depth: usize) -> Selection {
    Selection { roots: vec![root.to_owned()], package_depth, ..Selection::default() }
}

/// Each package below the root, with what is in it: `=` judged, `-` excluded, `!` unread, `?` unlisted.
fn listing(selection: &Selection) -> Vec<String> {
    let discovery = Discovery::new(selection).unwrap();
    let root = selection.roots[0].to_str().unwrap().to_owned();
    let mut lines = Vec::new();
    for site in discovery.sites() {
        let name = site.name.strip_prefix(&root).unwrap_or(&site.name).to_owned();
        for entry in discovery.entries(site) {
            let sign = match &entry {
                Entry::File { .. } => '=',
                Entry::Excluded(_) => '-',
                Entry::Unread(_) => '!',
                Entry::Unlisted(_) => '?',
            };
            lines.push(format!("{name}:{sign}{}", entry.address()));
        }
    }
    lines
}

#[test]
fn packages_lie_at_their_depth_and_files_above_form_the_package_of_their_folder() {
    let folder =
        folder(&["top.txt", "a/x.txt", "a/b/y.txt", "a/b/c/z.txt", "a-b/.hidden", "a/.gitignore"]);
    let cases: [(usize, &[&str]); 3] = [
        (
            0,
            &[
                ":=a-b/.hidden",
                ":=a/.gitignore",
                ":=a/b/c/z.txt",
                ":=a/b/y.txt",
                ":=a/x.txt",
                ":=top.txt",
            ],
        ),
        (
            1,
            &[
                ":=top.txt",
                "/a:=.gitignore",
                "/a:=b/c/z.txt",
                "/a:=b/y.txt",
                "/a:=x.txt",
                "/a-b:=.hidden",
            ],
        ),
        (
            2,
            &[
                ":=top.txt",
                "/a:=.gitignore",
                "/a:=x.txt",
                "/a-b:=.hidden",
                "/a/b:=c/z.txt",
                "/a/b:=y.txt",
            ],
        ),
    ];
    for (depth, expected) in cases {
        assert_eq!(listing(&selection(folder.path(), depth)), expected, "depth {depth}");
    }
}

#[test]
fn excluded_files_are_listed_and_files_of_the_run_are_not() {
    let folder = folder(&["a/x.txt", "a/x.pdf", "report.json"]);
    let selection = Selection {
        exclude: vec!["*.txt".to_owned()],
        own_files: vec![folder.path().join("a/../report.json")],
        ..selection(folder.path(), 0)
    };
    assert_eq!(listing(&selection), [":=a/x.pdf", ":-a/x.txt"]);
}

#[cfg(unix)]
#[test]
fn another_name_of_a_file_of_the_run_is_judged() {
    let folder = folder(&["p/a.txt", "p/release.yaml"]);
    let path = |name: &str| folder.path().join("p").join(name);
    fs::hard_link(path("release.yaml"), path("hard.txt")).unwrap();
    std::os::unix::fs::symlink("release.yaml", path("soft.txt")).unwrap();
    let own_files = vec![path("release.yaml")];
    let selection = Selection { own_files, ..selection(&folder.path().join("p"), 0) };
    assert_eq!(listing(&selection), [":=a.txt", ":=hard.txt", ":=soft.txt"]);
}

#[test]
fn a_list_selects_files_and_a_wrong_line_is_named() {
    let folder = folder(&["a/x.txt", "y.txt"]);
    let list = |bytes: &[u8]| Some(FileList { name: "list".to_owned(), bytes: bytes.to_vec() });
    let given = Selection { listed: list(b"a/x.txt\n"), ..selection(folder.path(), 0) };
    assert_eq!(listing(&given), [":=a/x.txt", ":-y.txt"]);
    let wrong = Selection { listed: list(b"y.txt\nnone.txt\n"), ..selection(folder.path(), 0) };
    assert!(matches!(Discovery::new(&wrong), Err(DiscoverError::Listed { line: 2, .. })));
    let of_a_folder = Selection { listed: list(b"y.txt\na\n"), ..selection(folder.path(), 0) };
    assert!(matches!(Discovery::new(&of_a_folder), Err(DiscoverError::Listed { line: 2, .. })));
}

#[test]
fn a_missing_root_is_an_error() {
    let missing = selection(Path::new("no/such/folder"), 0);
    assert!(matches!(Discovery::new(&missing), Err(DiscoverError::Root { .. })));
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_root_only_and_loops_and_pipes_are_noticed() {
    use std::os::unix::fs::symlink;
    let outside = folder(&["secret.txt"]);
    let folder = folder(&["real/x.txt"]);
    let root = folder.path();
    symlink("real", root.join("inside")).unwrap();
    symlink("real/x.txt", root.join("x")).unwrap();
    symlink(outside.path(), root.join("out")).unwrap();
    symlink(outside.path().join("secret.txt"), root.join("out.txt")).unwrap();
    symlink("..", root.join("real/loop")).unwrap();
    symlink("nowhere", root.join("broken")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(root.join("socket")).unwrap();
    let expected = [
        ":!broken",
        ":!inside/loop",
        ":=inside/x.txt",
        ":!out",
        ":!out.txt",
        ":!real/loop",
        ":=real/x.txt",
        ":!socket",
        ":=x",
    ];
    assert_eq!(listing(&selection(root, 0)), expected);
    let above = listing(&selection(&root.join("real"), 1));
    assert_eq!(above, [":!loop", ":=x.txt"], "a loop above the package depth");
}

#[cfg(unix)]
#[test]
fn links_that_cross_each_other_end() {
    use std::os::unix::fs::symlink;
    let folder = folder(&["a/x", "b/y", "c/z"]);
    for (from, to) in [("a", "b"), ("b", "a"), ("a", "c"), ("c", "a"), ("b", "c"), ("c", "b")] {
        symlink(folder.path().join(to), folder.path().join(from).join(to)).unwrap();
    }
    let lines = listing(&selection(folder.path(), 0));
    assert!(lines.iter().any(|line| line.contains(":!")), "{} lines", lines.len());
}

#[cfg(unix)]
#[test]
fn names_that_are_no_utf8_stay_apart() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = tempfile::tempdir().unwrap();
    for name in [b"a\xff", b"a\xfe"] {
        fs::write(folder.path().join(std::ffi::OsStr::from_bytes(name)), "x").unwrap();
    }
    assert_eq!(listing(&selection(folder.path(), 0)), [":=a\\xfe", ":=a\\xff"]);
}
