//! Who sends messages: write keys, what came with each, and the messages that came last.

mod counts;
mod live;

pub use counts::Counts;
pub use live::{Last, LiveMessage};

use crate::auth;
use perennial_ports::{StoreError, WriteKey, WriteKeys};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Before every write key, so that one is known for what it is wherever it turns up.
const PREFIX: &str = "wk_";
/// Letters of a name.
const MAX_NAME_CHARS: usize = 100;

/// Why a key was not made.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A name that is none.
    #[error("a write key needs a name of 1 to {MAX_NAME_CHARS} characters without line breaks: say who sends with it")]
    Name,
    /// The system gives no random bytes.
    #[error("cannot draw a key: the system gives no random bytes")]
    Chance,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One write key and what came with it since the server started.
#[derive(Debug)]
pub struct Source {
    /// As the store keeps it.
    pub key: WriteKey,
    /// What came with it.
    pub counts: Counts,
}

/// All write keys of a brand, in memory: looked up for each request.
pub struct Sources {
    store: Arc<dyn WriteKeys>,
    known: RwLock<Known>,
    /// Held while keys change.
    changing: tokio::sync::Mutex<()>,
    /// Messages that came last.
    pub last: Last,
}

#[derive(Default)]
struct Known {
    all: Vec<Arc<Source>>,
    /// Keys that were sent and work. One that does not is hashed each time.
    working: HashMap<String, Arc<Source>>,
}

impl Sources {
    /// Of this store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn open(store: Arc<dyn WriteKeys>) -> Result<Self, StoreError> {
        let sources =
            Self { store, known: RwLock::default(), changing: tokio::sync::Mutex::default(), last: Last::default() };
        sources.reload().await?;
        Ok(sources)
    }

    async fn reload(&self) -> Result<(), StoreError> {
        let keys = self.store.write_keys().await?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let source = |key: WriteKey| {
            let before = known.all.iter().find(|source| source.key.key_id == key.key_id);
            let counts = before.map(|source| source.counts.clone()).unwrap_or_default();
            Arc::new(Source { key, counts })
        };
        let all = keys.into_iter().map(source).collect();
        *known = Known { all, working: HashMap::new() };
        Ok(())
    }

    /// Makes a key, which works at once; returns its number and the key itself, which nobody can be
    /// shown again.
    ///
    /// # Errors
    /// [`SourceError`].
    pub async fn create(&self, name: &str, now_us: i64) -> Result<(u64, String), SourceError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || name.contains(char::is_control) {
            return Err(SourceError::Name);
        }
        let key = auth::fresh(PREFIX).map_err(|_| SourceError::Chance)?;
        let _turn = self.changing.lock().await;
        let key_id = self.store.add_write_key(name, &auth::hash(&key), now_us).await?;
        self.reload().await?;
        Ok((key_id, key))
    }

    /// Ends a key at once; whether it worked until now.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn revoke(&self, key_id: u64, now_us: i64) -> Result<bool, StoreError> {
        let _turn = self.changing.lock().await;
        let revoked = self.store.revoke_write_key(key_id, now_us).await;
        // Also after a failure: it may have hidden a commit.
        self.reload().await?;
        revoked
    }

    /// All of them, oldest first.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<Source>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).all.clone()
    }

    /// Whose key this is, if it works.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<Arc<Source>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(source) = known.working.get(key) {
            return Some(Arc::clone(source));
        }
        let hash = auth::hash(key);
        let works = |source: &Arc<Source>| source.key.hash == hash && source.key.revoked_at_us.is_none();
        known.all.iter().find(|source| works(source))?;
        drop(known);
        // Looked for again: it may have been revoked meanwhile.
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let source = known.all.iter().find(|source| works(source)).map(Arc::clone)?;
        known.working.insert(key.to_owned(), Arc::clone(&source));
        Some(source)
    }
}
