//! The contracts on a real disk and on one that loses its power.

use perennial_files::{LocalFiles, OsDisk};
use perennial_testkit::SimulatedDisk;
use std::path::Path;

mod lock;
mod power;

mod os_disk {
    perennial_testkit::disk_contract!(|_folder: &super::Path| super::OsDisk);
}

mod on_the_system {
    perennial_testkit::files_contract!(|folder: &super::Path| super::LocalFiles::open(&folder.join("files")).unwrap());
}

mod simulated {
    use super::{LocalFiles, SimulatedDisk};
    perennial_testkit::files_contract!(|folder: &super::Path| {
        LocalFiles::on_disk(&folder.join("files"), SimulatedDisk::default()).unwrap()
    });
}
