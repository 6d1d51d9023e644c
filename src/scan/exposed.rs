//! Whether everyone with access to the machine can read a file (6.2: records of OPR are safeguarded).

use std::path::Path;

/// Whether the rights of the file and of every folder above it let everyone read it. Where the system knows no such
/// rights nothing can be said.
#[cfg(unix)]
pub(super) fn is_exposed(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    let rights = |path: &Path| path.metadata().map_or(0, |metadata| metadata.permissions().mode());
    let Ok(path) = path.canonicalize() else { return false };
    rights(&path) & 0o004 != 0 && path.ancestors().skip(1).all(|folder| rights(folder) & 0o001 != 0)
}

#[cfg(not(unix))]
pub(super) fn is_exposed(_: &Path) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs::{Permissions, create_dir, set_permissions, write};
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_file_is_exposed_if_all_may_read_it_and_enter_the_folders_above() {
        let top = tempfile::tempdir().unwrap();
        let (folder, file) = (top.path().join("share"), top.path().join("share/a.txt"));
        create_dir(&folder).unwrap();
        write(&file, "x").unwrap();
        let mode = |path: &Path, mode| set_permissions(path, Permissions::from_mode(mode)).unwrap();
        for (above, inside, own, expected) in [
            (0o755, 0o755, 0o644, true),
            (0o755, 0o755, 0o640, false),
            (0o755, 0o750, 0o644, false),
            (0o700, 0o755, 0o644, false),
        ] {
            mode(top.path(), above);
            mode(&folder, inside);
            mode(&file, own);
            // Where the folder for temporary files is closed to others, nothing in it is exposed.
            let outside = top.path().canonicalize().unwrap();
            let open = outside
                .ancestors()
                .skip(1)
                .all(|folder| folder.metadata().unwrap().permissions().mode() & 0o001 != 0);
            assert_eq!(is_exposed(&file), expected && open, "{above:o} {inside:o} {own:o}");
        }
        assert!(!is_exposed(&folder.join("missing")));
    }
}
