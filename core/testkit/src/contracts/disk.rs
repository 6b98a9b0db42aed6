//! The contract of `Disk`, but for what a loss of power leaves.

use perennial_ports::Disk;
use std::io::ErrorKind;
use std::path::Path;

fn prepared(disk: &impl Disk, root: &Path) {
    disk.create_dir_all(root).unwrap();
}

/// Whole and in parts, before and after a sync.
pub fn written_bytes_are_read(disk: &impl Disk, root: &Path) {
    prepared(disk, root);
    let path = root.join("a");
    disk.write(&path, b"0123456789").unwrap();
    assert_eq!(&disk.read(&path, 2..4).unwrap()[..], b"23");
    disk.sync(&path).unwrap();
    disk.sync_dir(root).unwrap();
    assert_eq!(&disk.read(&path, 0..10).unwrap()[..], b"0123456789");
    for range in [0..11, 10..11, 0..u64::MAX] {
        assert!(disk.read(&path, range.clone()).is_err(), "{range:?}");
    }
}

/// Nothing of a longer content stays.
pub fn writing_again_replaces(disk: &impl Disk, root: &Path) {
    prepared(disk, root);
    let path = root.join("a");
    disk.write(&path, b"a long content").unwrap();
    disk.write(&path, b"short").unwrap();
    assert_eq!(disk.length(&path).unwrap(), 5);
}

/// The target's old content is gone, and so is the old name.
pub fn a_rename_replaces(disk: &impl Disk, root: &Path) {
    prepared(disk, root);
    let (from, to) = (root.join("a"), root.join("b"));
    disk.write(&from, b"new").unwrap();
    disk.write(&to, b"older").unwrap();
    disk.rename(&from, &to).unwrap();
    assert_eq!(disk.length(&to).unwrap(), 3);
    assert_eq!(disk.length(&from).unwrap_err().kind(), ErrorKind::NotFound);
}

/// Of the kind that says so.
pub fn a_missing_file_is_an_error(disk: &impl Disk, root: &Path) {
    prepared(disk, root);
    let path = root.join("missing");
    let errors = [
        disk.length(&path).unwrap_err(),
        disk.read(&path, 0..0).unwrap_err(),
        disk.sync(&path).unwrap_err(),
        disk.remove(&path).unwrap_err(),
        disk.rename(&path, &root.join("b")).unwrap_err(),
        disk.list(&path).unwrap_err(),
        disk.write(&path.join("a"), b"x").unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }
}

/// No folders, and nothing of what is in them.
pub fn only_files_directly_inside_are_listed(disk: &impl Disk, root: &Path) {
    prepared(disk, root);
    disk.create_dir_all(&root.join("deep")).unwrap();
    for name in ["b", "a", "deep/c"] {
        disk.write(&root.join(name), b"x").unwrap();
    }
    let mut listed = disk.list(root).unwrap();
    listed.sort();
    assert_eq!(listed, [root.join("a"), root.join("b")]);
    disk.remove(&root.join("a")).unwrap();
    assert_eq!(disk.list(root).unwrap(), [root.join("b")]);
}

/// And making them again is fine.
pub fn folders_are_made_with_their_parents(disk: &impl Disk, root: &Path) {
    let deep = root.join("x").join("y");
    disk.create_dir_all(&deep).unwrap();
    disk.create_dir_all(&deep).unwrap();
    assert!(disk.list(&deep).unwrap().is_empty());
    assert!(disk.list(&root.join("x")).unwrap().is_empty());
}
