//! The contract of `Files`.

use perennial_ports::{Files, FilesError};
use std::path::Path;

/// Whole and in parts.
pub fn what_is_put_is_read(files: &impl Files, _root: &Path) {
    files.put("shard-03/a.parquet", b"0123456789").unwrap();
    assert_eq!(files.length("shard-03/a.parquet").unwrap(), 10);
    assert_eq!(&files.read("shard-03/a.parquet", 0..10).unwrap()[..], b"0123456789");
    assert_eq!(&files.read("shard-03/a.parquet", 3..5).unwrap()[..], b"34");
    files.put("empty", b"").unwrap();
    assert_eq!((files.length("empty").unwrap(), files.read("empty", 0..0).unwrap().len()), (0, 0));
}

/// The error says which.
pub fn a_missing_file_is_named(files: &impl Files, _root: &Path) {
    for missing in [files.length("no/such").map(drop), files.read("no/such", 0..1).map(drop)] {
        assert!(matches!(&missing, Err(FilesError::NotFound { name }) if name == "no/such"), "{missing:?}");
    }
}

/// Never fewer bytes than asked for.
pub fn ranges_past_the_end_are_refused(files: &impl Files, _root: &Path) {
    files.put("a", b"0123").unwrap();
    for range in [0..5, 4..5, 9..10, 0..u64::MAX] {
        assert!(files.read("a", range.clone()).is_err(), "{range:?}");
    }
}

/// Files of a folder, not of those below it.
pub fn names_are_listed_by_folder_and_sorted(files: &impl Files, _root: &Path) {
    for name in ["runs/b", "runs/a", "runs/deep/c", "top"] {
        files.put(name, b"x").unwrap();
    }
    assert_eq!(files.list("runs").unwrap(), ["runs/a", "runs/b"]);
    assert_eq!(files.list("runs/deep").unwrap(), ["runs/deep/c"]);
    assert_eq!(files.list("").unwrap(), ["top"]);
    assert!(files.list("none").unwrap().is_empty());
}

/// No name leaves the root.
pub fn names_that_lead_elsewhere_are_refused(files: &impl Files, _root: &Path) {
    for name in ["../a", "/a", "a/../../b", "", "a//b", "a/.", "ä", "a\\b"] {
        assert!(files.put(name, b"x").is_err(), "{name:?}");
        assert!(files.read(name, 0..0).is_err(), "{name:?}");
        assert!(files.delete(name).is_err(), "{name:?}");
    }
}

/// Gone is gone.
pub fn deleting_twice_is_fine(files: &impl Files, _root: &Path) {
    files.put("runs/a", b"x").unwrap();
    files.delete("runs/a").unwrap();
    files.delete("runs/a").unwrap();
    files.delete("never/was").unwrap();
    assert!(files.list("runs").unwrap().is_empty());
    assert!(files.length("runs/a").is_err());
}

/// The last content counts, however much longer the first one was.
pub fn putting_again_replaces(files: &impl Files, _root: &Path) {
    files.put("a", b"a long content").unwrap();
    files.put("a", b"short").unwrap();
    assert_eq!(&files.read("a", 0..5).unwrap()[..], b"short");
    assert_eq!(files.length("a").unwrap(), 5);
}
