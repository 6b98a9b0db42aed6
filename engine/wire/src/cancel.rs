//! Requests to end a statement that runs on another connection.

use async_trait::async_trait;
use datafusion_postgres::pgwire::api::cancel::CancelHandler;
use datafusion_postgres::pgwire::messages::cancel::CancelRequest;
use datafusion_postgres::pgwire::messages::startup::SecretKey;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

type Key = (i32, Vec<u8>);

/// The connections that may be told to stop.
#[derive(Debug, Default)]
pub(crate) struct Cancels(Mutex<HashMap<Key, watch::Sender<u64>>>);

impl Cancels {
    fn all(&self) -> MutexGuard<'_, HashMap<Key, watch::Sender<u64>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on requests with this key reach the connection, until the guard is dropped.
    pub(crate) fn register(self: &Arc<Self>, pid: i32, secret: &SecretKey) -> Cancellable {
        let (sender, requests) = watch::channel(0);
        let key = (pid, secret.to_bytes().to_vec());
        self.all().insert(key.clone(), sender);
        Cancellable { key, requests, all: Arc::clone(self) }
    }
}

#[async_trait]
impl CancelHandler for Cancels {
    async fn on_cancel_request(&self, request: CancelRequest) {
        let key = (request.pid, request.secret_key.to_bytes().to_vec());
        if let Some(connection) = self.all().get(&key) {
            connection.send_modify(|count| *count += 1);
        }
    }
}

/// One connection's place among them.
#[derive(Debug)]
pub(crate) struct Cancellable {
    key: Key,
    requests: watch::Receiver<u64>,
    all: Arc<Cancels>,
}

impl Cancellable {
    /// Requests from now on.
    pub(crate) fn listen(&self) -> Cancelled {
        let mut requests = self.requests.clone();
        requests.mark_unchanged();
        Cancelled(requests)
    }
}

impl Drop for Cancellable {
    fn drop(&mut self) {
        self.all.all().remove(&self.key);
    }
}

/// Requests that come while one statement is answered.
#[derive(Debug, Clone)]
pub(crate) struct Cancelled(watch::Receiver<u64>);

impl Cancelled {
    /// What comes of the work, unless a request comes first.
    pub(crate) async fn unless<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            done = work => Some(done),
            Ok(()) = self.0.changed() => None,
        }
    }
}
