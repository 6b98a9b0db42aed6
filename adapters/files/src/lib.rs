//! Files on a local disk, durable by our own hand, and the lock of a data directory.

mod directory_lock;
mod local_files;
mod names;
mod os_disk;

pub use directory_lock::{DirectoryLock, LockError};
pub use local_files::LocalFiles;
pub use os_disk::OsDisk;
