//! What all endpoints share.

use crate::auth::Auth;
use crate::{Definer, Figures, LiveKeeper, Metrics, Sources, Uploads, WatchedFolder};
use perennial_definitions::Definitions;
use perennial_fold::{FittedParameters, LiveColumns};
use perennial_listen::message::Intake;
use perennial_model::{Clock, Zone};
use perennial_query::{Groups, SqlService};
use perennial_timeline::Timeline;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant;
use tokio::sync::{Mutex, watch};

/// The live table as readers see it.
#[derive(Debug, Clone)]
pub struct LiveView {
    /// Its columns, which go on changing.
    pub columns: Arc<LiveColumns>,
    /// The brand's zone, by which they were computed.
    pub zone: Zone,
    /// Parameters of its relative columns.
    pub fitted: Arc<[FittedParameters]>,
    /// What the brand defines.
    pub definitions: Arc<Definitions>,
    /// Its version; 0 where nothing was defined.
    pub version: u64,
    /// Its lists and tags.
    pub groups: Arc<Groups>,
    /// How long it took last to look for whom the passing of time moved in or out of the segments that act (µs).
    pub segments_swept_us: Arc<AtomicU64>,
}

/// What does not change while a server runs.
#[derive(Debug, Clone, Copy)]
pub struct About {
    pub(crate) store: &'static str,
    pub(crate) started: Instant,
}

impl About {
    /// A server that starts now, on a kind of store: `sqlite` or `postgres`.
    #[must_use]
    pub fn new(store: &'static str) -> Self {
        Self { store, started: Instant::now() }
    }
}

/// One brand, served. Made once, shared by all requests.
pub struct Server {
    /// The customers' history.
    pub timeline: Timeline,
    /// The only clock that endpoints read.
    pub clock: Arc<dyn Clock>,
    /// The live table; another one after it was folded anew.
    pub live: watch::Receiver<LiveView>,
    /// Whoever keeps it.
    pub keeper: Arc<dyn LiveKeeper>,
    /// Whoever keeps definitions and computes tables anew.
    pub definer: Arc<dyn Definer>,
    /// Imports and erasures, one at a time: two imports of one new customer would make two of them.
    pub writing: Mutex<()>,
    /// Watched folders as they were polled last.
    pub watched: watch::Receiver<Vec<WatchedFolder>>,
    /// Who may call.
    pub auth: Auth,
    /// Answers SQL.
    pub sql: Arc<SqlService>,
    /// Takes messages.
    pub intake: Intake,
    /// Who sends them.
    pub sources: Arc<Sources>,
    /// Figures of the whole base.
    pub figures: Figures,
    /// What is counted.
    pub metrics: Metrics,
    /// What does not change while it runs.
    pub about: About,
    /// Uploaded files on their way in.
    pub uploads: Uploads,
}
