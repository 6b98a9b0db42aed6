//! In which process a command is carried out: one that opens the data directory for itself, or the
//! server that holds it.

use crate::brand::Brand;
use crate::live::Keeper;
use anyhow::Result;
use perennial_api::{Server, Sources, Uploads};
use perennial_store_sql::SqlStore;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::MutexGuard;

/// See the module.
pub(crate) enum Host {
    /// A process of its own.
    Alone,
    /// The server of one data directory.
    Server(Box<Served>),
}

/// What a server shares with the commands it is asked.
pub(crate) struct Served {
    /// What requests share with commands.
    pub(crate) server: Arc<Server>,
    pub(crate) directory: PathBuf,
    pub(crate) store: Arc<SqlStore>,
    pub(crate) keeper: Keeper,
    /// Where it listens: `http://127.0.0.1:7070`.
    pub(crate) address: Option<String>,
}

impl Host {
    /// Opens a data directory that is there.
    pub(crate) async fn open(&self, directory: &Path) -> Result<Brand> {
        match self {
            Self::Alone => Brand::open(directory).await,
            Self::Server(served) => Ok(Brand::served(served)),
        }
    }

    /// Opens a data directory, making it when it is not there.
    pub(crate) async fn create(&self, directory: &Path) -> Result<Brand> {
        match self {
            Self::Alone => Brand::create(directory).await,
            Self::Server(served) => Ok(Brand::served(served)),
        }
    }

    /// The turn of a command that writes.
    pub(crate) async fn write_turn(&self) -> Option<MutexGuard<'_, ()>> {
        let Self::Server(served) = self else { return None };
        if let Ok(turn) = served.server.writing.try_lock() {
            return Some(turn);
        }
        aside!("waiting for another command that writes to end");
        Some(served.server.writing.lock().await)
    }

    /// Where the dashboard is; where nobody listens, where it will be.
    pub(crate) fn address(&self) -> &str {
        const USUAL: &str = "http://127.0.0.1:7070";
        match self {
            Self::Alone => USUAL,
            Self::Server(served) => served.address.as_deref().unwrap_or(USUAL),
        }
    }

    /// The write keys of a brand.
    pub(crate) async fn sources(&self, brand: &Brand) -> Result<Arc<Sources>> {
        match self {
            Self::Alone => Ok(Arc::new(Sources::open(Arc::<SqlStore>::clone(&brand.store)).await?)),
            Self::Server(served) => Ok(Arc::clone(&served.server.sources)),
        }
    }

    /// Removes uploaded files that wait to be imported: they may hold a customer who is erased. With the
    /// turn of a command that writes.
    pub(crate) fn forget_uploads(&self, directory: &Path) -> Result<()> {
        match self {
            Self::Alone => Uploads::remove_all(directory)?,
            Self::Server(served) => served.server.uploads.forget_files()?,
        }
        Ok(())
    }

    /// Where a server's data is.
    pub(crate) fn directory(&self) -> &Path {
        match self {
            Self::Alone => Path::new("."),
            Self::Server(served) => &served.directory,
        }
    }
}
