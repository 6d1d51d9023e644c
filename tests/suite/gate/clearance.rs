//! Clearances, and the recipe of docs/gate.md.

use super::KEY;
use super::manifest::{manifest, record};
use crate::support::{code, folder, run_in};
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

const CLEAN: &str = "Lunch was served at noon.\n";
const MARKED: &str =
    "Lunch was served at noon. The source met the agent at the pier. (E) He left.\n";

/// A package with a manifest that has nothing against it but what `content` says, and the keys of the gate.
fn package(content: &str) -> TempDir {
    let text = manifest(&record("a.txt", content.as_bytes()), "");
    let folder = folder(&[("p/a.txt", content), ("p/release.yaml", &text), ("site.key", KEY)]);
    let made = run_in(folder.path(), &["keygen", "--output", "gate.key"]);
    assert_eq!(code(&made), 0, "{}", String::from_utf8_lossy(&made.stderr));
    folder
}

const CHECK: [&str; 8] =
    ["check", "p", "--mode", "gate", "--clearance", "c", "--sign-key", "gate.key"];

fn verify(folder: &Path) -> i32 {
    code(&run_in(folder, &["verify", "c", "p", "--key", "gate.key.pub"]))
}

#[test]
fn a_clear_package_is_cleared_and_every_change_afterwards_is_caught() {
    let folder = package(CLEAN);
    let path = |name: &str| folder.path().join(name);
    let checked = run_in(folder.path(), &CHECK);
    assert_eq!(code(&checked), 0, "{}", String::from_utf8_lossy(&checked.stdout));
    assert_eq!(verify(folder.path()), 0);

    fs::write(path("p/b.txt"), "x").unwrap();
    assert_eq!(verify(folder.path()), 1, "added");
    fs::remove_file(path("p/b.txt")).unwrap();
    fs::hard_link(path("p/release.yaml"), path("p/b.txt")).unwrap();
    assert_eq!(verify(folder.path()), 1, "added under another name of the manifest");
    fs::remove_file(path("p/b.txt")).unwrap();
    fs::rename(path("p/a.txt"), path("p/c.txt")).unwrap();
    assert_eq!(verify(folder.path()), 1, "renamed");
    fs::rename(path("p/c.txt"), path("p/a.txt")).unwrap();
    fs::write(path("p/a.txt"), CLEAN.replace("noon", "Noon")).unwrap();
    assert_eq!(verify(folder.path()), 1, "changed");
    fs::write(path("p/a.txt"), CLEAN).unwrap();
    let manifest = fs::read_to_string(path("p/release.yaml")).unwrap();
    fs::write(path("p/release.yaml"), manifest.clone() + "# x\n").unwrap();
    assert_eq!(verify(folder.path()), 1, "another manifest");
    fs::write(path("p/release.yaml"), manifest).unwrap();
    assert_eq!(verify(folder.path()), 0, "as it was");
    fs::remove_file(path("p/a.txt")).unwrap();
    fs::write(path("p/z"), "x").unwrap();
    assert_eq!(verify(folder.path()), 1, "removed");

    let clearance = fs::read(path("c")).unwrap();
    fs::write(path("c"), &clearance[..clearance.len() / 2]).unwrap();
    assert_eq!(verify(folder.path()), 2, "cut");
}

#[test]
fn an_old_clearance_does_not_outlive_a_check_that_finds_something() {
    let folder = package(CLEAN);
    let path = |name: &str| folder.path().join(name);
    fs::rename(path("p/release.yaml"), path("p.yaml")).unwrap();
    let check = [&CHECK[..], &["--release", "p.yaml"]].concat();
    assert_eq!((code(&run_in(folder.path(), &check)), verify(folder.path())), (0, 0));
    let manifest = fs::read_to_string(path("p.yaml")).unwrap();
    fs::write(path("p.yaml"), manifest.replace("need_to_know: decides", "need_to_know: \"\""))
        .unwrap();
    assert_eq!(code(&run_in(folder.path(), &check)), 1);
    assert!(!path("c").exists());
    fs::write(path("c"), "something else").unwrap();
    assert_eq!(code(&run_in(folder.path(), &check)), 1);
    assert!(path("c").exists(), "only a clearance is removed");
}

#[test]
fn nothing_else_is_cleared() {
    let folder = package(MARKED);
    for extra in [&[][..], &["--fail-on", "never"]] {
        let output = run_in(folder.path(), &[&CHECK[..], extra].concat());
        assert_ne!(code(&output), 2);
        assert!(!folder.path().join("c").exists(), "{extra:?}");
    }
    let cases: [&[&str]; 5] = [
        &["--mode", "review", "--clearance", "c", "--sign-key", "gate.key"],
        &["--mode", "gate", "--clearance", "c"],
        &["--mode", "gate", "--sign-key", "gate.key"],
        &["--mode", "gate", "--clearance", "c", "--sign-key", "gate.key", "--exclude", "a.txt"],
        &["--mode", "gate", "--clearance", "c", "--sign-key", "gate.key.pub"],
    ];
    for extra in cases {
        let output = run_in(folder.path(), &[&["check", "p"], extra].concat());
        assert_eq!(code(&output), 2, "{extra:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_private_key_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = package(CLEAN);
    fs::set_permissions(folder.path().join("gate.key"), fs::Permissions::from_mode(0o640)).unwrap();
    let output = run_in(folder.path(), &CHECK);
    assert_eq!(code(&output), 2);
    assert!(String::from_utf8_lossy(&output.stderr).contains("readable_key"));
}

/// The same with the manifest beside it, where the guide keeps it.
fn guided(content: &str) -> TempDir {
    let folder = package(content);
    let path = |name: &str| folder.path().join(name);
    fs::rename(path("p/release.yaml"), path("p.yaml")).unwrap();
    folder
}

/// The recipe as the guide has it.
fn recipe() -> String {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/gate.md");
    let text = fs::read_to_string(guide).unwrap();
    let from = text.find("#!/bin/sh").unwrap();
    text[from..from + text[from..].find("```").unwrap()].to_owned()
}

/// The command of the CI step as the guide has it.
fn ci_step() -> String {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/gate.md");
    let text = fs::read_to_string(guide).unwrap();
    let (_, step) = text.split_once("run: >\n").unwrap();
    let (command, _) = step.split_once("```").unwrap();
    command.split_whitespace().collect::<Vec<_>>().join(" ").replace(" packet", " p")
}

#[cfg(unix)]
#[test]
fn the_ci_step_of_the_guide_fails_unless_the_packet_is_clear() {
    let program = Path::new(env!("CARGO_BIN_EXE_obstat")).parent().unwrap().to_owned();
    let search = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    for (content, passes) in [(CLEAN, true), (MARKED, false)] {
        let folder = guided(content);
        fs::create_dir_all(folder.path().join("originals")).unwrap();
        fs::write(folder.path().join("originals/roi.txt"), MARKED).unwrap();
        let make = ["register", "build", "originals", "--key", "site.key", "--output"];
        let built = run_in(folder.path(), &[&make[..], &["passages.register"]].concat());
        assert_eq!(code(&built), 0);
        let run = Command::new("sh")
            .args(["-c", &ci_step()])
            .current_dir(folder.path())
            .env("PATH", &search)
            .output()
            .unwrap();
        assert_eq!(run.status.success(), passes, "{}", String::from_utf8_lossy(&run.stdout));
    }
}

#[cfg(unix)]
#[test]
fn the_recipe_of_the_guide_sends_what_is_clear_and_nothing_else() {
    let bin = Path::new(env!("CARGO_BIN_EXE_obstat")).parent().unwrap().to_owned();
    let paths = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let originals = [("originals/roi.txt", MARKED)];
    for (content, late, sent) in
        [(CLEAN, false, true), (MARKED, false, false), (CLEAN, true, false)]
    {
        let folder = guided(content);
        for (name, text) in originals {
            fs::create_dir_all(folder.path().join("originals")).unwrap();
            fs::write(folder.path().join(name), text).unwrap();
        }
        let args = [
            "register",
            "build",
            "originals",
            "--key",
            "site.key",
            "--output",
            "passages.register",
        ];
        assert_eq!(code(&run_in(folder.path(), &args)), 0);
        // Somebody changes a file between the check and the sending.
        let tamper = if late { "echo x >> p/a.txt\nobstat verify" } else { "obstat verify" };
        fs::write(folder.path().join("gate.sh"), recipe().replace("obstat verify", tamper))
            .unwrap();
        let run = Command::new("sh")
            .args(["gate.sh", "p", "echo", "sent"])
            .current_dir(folder.path())
            .env("PATH", &paths)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stdout).into_owned();
        assert_eq!((run.status.success(), said.contains("sent p")), (sent, sent), "{said}");
    }
}
