//! A file is whole or not there, wherever the power goes.

use perennial_files::LocalFiles;
use perennial_ports::{Disk, Files, FilesError};
use perennial_testkit::{Power, SimulatedDisk, Survival, TestFolder};
use std::path::Path;

const ROOT: &str = "/data/brand/files";
const CONTENT: &[u8] = b"all of it";

fn put(disk: &SimulatedDisk) -> Result<(), FilesError> {
    LocalFiles::on_disk(Path::new(ROOT), disk.clone())?.put("shard-00/run", CONTENT)
}

#[test]
fn a_cut_at_any_step_leaves_the_whole_file_or_none() {
    let mut survived = 0;
    for steps in 0.. {
        let disk = SimulatedDisk::default();
        disk.power_off_after(steps);
        let acknowledged = put(&disk).is_ok();
        for survival in [Survival::Least, Survival::Names] {
            let after = disk.power_on_with(survival, &Power::default());
            let files = LocalFiles::on_disk(Path::new(ROOT), after.clone()).unwrap();
            let names = files.list("shard-00").unwrap();
            assert!(!acknowledged || names == ["shard-00/run"], "lost after step {steps}");
            for name in &names {
                assert_eq!(&files.read(name, 0..CONTENT.len() as u64).unwrap()[..], CONTENT, "torn after {steps}");
            }
            survived += names.len();
            assert_eq!(after.files().len(), names.len(), "a temporary file stayed after step {steps}");
            files.put("shard-00/run", CONTENT).unwrap();
        }
        if acknowledged {
            assert!(steps > 6, "write, sync, rename and syncs of directories are steps");
            break;
        }
    }
    assert!(survived >= 2);
}

#[test]
fn a_deleted_file_does_not_come_back() {
    let disk = SimulatedDisk::default();
    put(&disk).unwrap();
    let files = LocalFiles::on_disk(Path::new(ROOT), disk.clone()).unwrap();
    files.delete("shard-00/run").unwrap();
    let files = LocalFiles::on_disk(Path::new(ROOT), disk.power_on()).unwrap();
    assert!(files.list("shard-00").unwrap().is_empty());
}

#[test]
fn a_full_disk_keeps_nothing_of_the_file() {
    let disk = SimulatedDisk::with_capacity(100);
    let files = LocalFiles::on_disk(Path::new(ROOT), disk.clone()).unwrap();
    files.put("a", &[1; 60]).unwrap();
    let refused = files.put("b", &[2; 60]);
    assert!(matches!(&refused, Err(FilesError::Full { name }) if name == "b"), "{refused:?}");
    assert_eq!(disk.files(), [Path::new(ROOT).join("a")]);
    files.put("c", &[3; 40]).unwrap();
}

#[test]
fn leftovers_are_removed_but_not_what_is_being_written() {
    let folder = TestFolder::new();
    let files = LocalFiles::open(folder.path()).unwrap();
    std::fs::write(folder.path().join("run.1.tmp"), b"half").unwrap();
    assert!(files.list("").unwrap().is_empty());
    assert!(folder.files().is_empty());
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| (0..200).try_for_each(|number| files.put(&format!("f{number}"), b"x")));
        while !writer.is_finished() {
            files.list("").unwrap();
        }
        writer.join().unwrap().unwrap();
    });
    assert_eq!(files.list("").unwrap().len(), 200);
}

#[test]
fn a_disk_without_power_says_so() {
    let disk = SimulatedDisk::default();
    let files = LocalFiles::on_disk(Path::new(ROOT), disk.clone()).unwrap();
    disk.power_off_after(0);
    assert!(disk.sync_dir(Path::new("/")).is_err());
    assert!(files.put("a", b"x").is_err() && files.list("").is_err());
}
