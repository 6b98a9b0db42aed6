//! Files that leave the data directory.

use crate::brand::Brand;
use crate::error::usage;
use anyhow::{Context, Result};
use std::fs::{File, OpenOptions};
use std::path::Path;

/// A new file that nobody else on this machine may read, anywhere but in the data directory.
pub(super) fn new_file(out: &Path, brand: &Brand) -> Result<File> {
    let shown = out.display();
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    let inside = folder.and_then(|folder| folder.canonicalize().ok()).zip(brand.directory.canonicalize().ok());
    if inside.is_some_and(|(folder, directory)| folder.starts_with(directory)) {
        return Err(usage(format!(
            "--out {shown} is in the data directory, where no erasure finds it: choose another place"
        )));
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let cannot = || format!("cannot write {shown}: choose a file that is not there, in a folder that is");
    options.open(out).with_context(cannot).map_err(|problem| usage(format!("{problem:#}")))
}
