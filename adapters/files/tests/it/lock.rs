//! One process a data directory.

use perennial_files::{DirectoryLock, LockError};
use perennial_testkit::TestFolder;

#[test]
fn a_second_lock_is_refused_with_directory_and_process() {
    let folder = TestFolder::new();
    let data = folder.path().join("data");
    let lock = DirectoryLock::acquire(&data).unwrap();
    let refused = DirectoryLock::acquire(&data).unwrap_err();
    assert!(matches!(refused, LockError::Held { .. }));
    let message = refused.to_string();
    assert!(message.contains(&data.display().to_string()), "{message}");
    assert!(message.contains(&std::process::id().to_string()), "{message}");
    drop(lock);
    DirectoryLock::acquire(&data).unwrap();
}

#[test]
fn a_leftover_lock_file_locks_nobody_out() {
    let folder = TestFolder::new();
    std::fs::write(folder.path().join("lock"), "4194304 and more than a number").unwrap();
    let _lock = DirectoryLock::acquire(folder.path()).unwrap();
    let left = std::fs::read_to_string(folder.path().join("lock")).unwrap();
    assert_eq!(left, std::process::id().to_string());
}
