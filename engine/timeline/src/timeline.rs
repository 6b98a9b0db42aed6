//! The timeline itself: what writers and readers hold on to.

use crate::aliases::Members;
use crate::append::Queue;
use crate::feed::{Posted, meaning};
use crate::hot::{HotBatch, decode};
use crate::identities::IdentityMarks;
use crate::run::{DamageList, FOLDER};
use crate::view::{RunSource, State, View};
use crate::{Snapshot, Symbols, TimelineError, TimelineOptions};
use perennial_model::{Clock, CustomerId, PropertySpec};
use perennial_ports::{BrandMeta, Files, HotLog, ManifestChange, Store, StoreError};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Rows of the hot log read at once when a timeline opens.
const HOT_PAGE: u32 = 256;

/// All events of one brand. Cheap to clone; one for each data directory and process.
#[derive(Clone)]
pub struct Timeline {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) hot: Arc<dyn HotLog>,
    pub(crate) source: RunSource,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) options: TimelineOptions,
    pub(crate) meta: BrandMeta,
    pub(crate) symbols: Arc<Symbols>,
    pub(crate) queue: Queue,
    state: Mutex<State>,
    writer: tokio::sync::Mutex<Writer>,
    /// Changed by the one writer only.
    members: Mutex<Members>,
    /// Held while keys are resolved; an erasure waits for it, and it for the erasure.
    pub(crate) resolving: Arc<tokio::sync::RwLock<()>>,
    marks: Mutex<IdentityMarks>,
}

/// What only the one writer of the manifest has.
#[derive(Default)]
pub(crate) struct Writer {
    /// A commit began and its outcome is not in memory yet: read the manifest again.
    stale: bool,
}

/// Runs CPU or file work where it does not hold up the async runtime.
pub(crate) async fn blocking<T, F>(work: F) -> Result<T, TimelineError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, TimelineError> + Send + 'static,
{
    tokio::task::spawn_blocking(work).await.map_err(TimelineError::codec("finish work in the background"))?
}

impl Timeline {
    /// Reads the manifest, and sweeps files that no manifest names (left by an interrupted write).
    ///
    /// # Errors
    /// When store, hot log or files cannot be read.
    pub async fn open(
        store: Arc<dyn Store>,
        hot: Arc<dyn HotLog>,
        files: Arc<dyn Files>,
        clock: Arc<dyn Clock>,
        options: TimelineOptions,
    ) -> Result<Self, TimelineError> {
        let meta = store.meta().await?;
        let manifest = store.manifest().await?;
        let source = RunSource { files, damage: Arc::new(DamageList::default()) };
        let view = View::new(&manifest, meta.shards.get(), &source);
        sweep(&store, &source, &view).await?;
        let batches = read_hot(hot.as_ref(), view.flushed_through).await?;
        let members = Mutex::new(Members::new(&view.aliases));
        let inner = Inner {
            store,
            hot,
            source,
            clock,
            options,
            meta,
            symbols: Arc::default(),
            queue: Queue::default(),
            state: Mutex::new(State::new(view, batches)),
            writer: tokio::sync::Mutex::default(),
            members,
            resolving: Arc::default(),
            marks: Mutex::default(),
        };
        inner.delete_retired(inner.clock.now_us().saturating_sub(options.retire_grace_us)).await?;
        Ok(Self { inner: Arc::new(inner) })
    }

    /// What was fixed when the data directory was made.
    #[must_use]
    pub fn meta(&self) -> BrandMeta {
        self.inner.meta
    }

    /// Words of this process.
    #[must_use]
    pub fn symbols(&self) -> &Arc<Symbols> {
        &self.inner.symbols
    }

    /// The store of the manifest.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.inner.store
    }

    /// Declared properties.
    #[must_use]
    pub fn properties(&self) -> Vec<PropertySpec> {
        self.inner.view().properties.clone()
    }

    /// The customer to whom a profile belongs now.
    #[must_use]
    pub fn customer_of(&self, profile: CustomerId) -> CustomerId {
        self.inner.view().aliases.of(profile)
    }

    /// All profiles of the customer of a profile, sorted.
    #[must_use]
    pub fn profiles_of(&self, profile: CustomerId) -> Vec<CustomerId> {
        self.inner.members().of(self.customer_of(profile))
    }

    /// What is visible now: runs, unflushed hot rows and aliases of one instant. Cheap.
    ///
    /// # Errors
    /// When a newly found damaged run cannot be written into the manifest.
    pub async fn snapshot(&self) -> Result<Snapshot, TimelineError> {
        self.quarantine_found().await?;
        Ok(Snapshot::of(&self.inner, &mut self.inner.state()))
    }

    /// Takes out runs that a reader found damaged.
    pub(crate) async fn quarantine_found(&self) -> Result<(), TimelineError> {
        if !self.inner.newly_damaged().is_empty() {
            // Taking the writer's place quarantines what was found.
            drop(self.inner.writer().await?);
        }
        Ok(())
    }
}

impl Inner {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn members(&self) -> MutexGuard<'_, Members> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn marks(&self) -> MutexGuard<'_, IdentityMarks> {
        self.marks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn mark(&self, change: impl FnOnce(&mut IdentityMarks)) {
        change(&mut self.marks());
    }

    pub(crate) fn view(&self) -> Arc<View> {
        Arc::clone(&self.state().view)
    }

    /// Live runs that a reader found damaged.
    pub(crate) fn newly_damaged(&self) -> Vec<u64> {
        let found = self.source.damage.broken();
        if found.is_empty() {
            return found;
        }
        let view = self.view();
        let live: BTreeSet<u64> = view.live().map(|run| run.record.run_id).collect();
        found.into_iter().filter(|run| live.contains(run)).collect()
    }

    /// The one writer's place, with the manifest in memory as it is in the store, and without
    /// damaged runs in it.
    pub(crate) async fn writer(&self) -> Result<tokio::sync::MutexGuard<'_, Writer>, TimelineError> {
        let mut writer = self.writer.lock().await;
        if writer.stale {
            self.reload(&mut writer).await?;
        }
        self.quarantine(&mut writer).await?;
        Ok(writer)
    }

    async fn reload(&self, writer: &mut Writer) -> Result<(), TimelineError> {
        let manifest = self.store.manifest().await?;
        let view = View::new(&manifest, self.meta.shards.get(), &self.source);
        *self.members() = Members::new(&view.aliases);
        self.mark(IdentityMarks::all_changed);
        let mut state = self.state();
        state.set_view(view);
        // What the lost commit changed is not known.
        state.followers.post(&Posted::Shards((0..self.meta.shards.get()).collect()));
        drop(state);
        writer.stale = false;
        Ok(())
    }

    /// Takes damaged runs out of the live ones; whether there were any.
    pub(crate) async fn quarantine(&self, writer: &mut Writer) -> Result<bool, TimelineError> {
        let damaged = self.newly_damaged();
        if damaged.is_empty() {
            return Ok(false);
        }
        let change = ManifestChange { quarantine_runs: damaged, ..self.change() };
        self.commit(writer, change).await.map(|()| true)
    }

    /// A change of nothing, computed from the manifest in memory.
    pub(crate) fn change(&self) -> ManifestChange {
        ManifestChange { expected_epoch: self.view().epoch, at_us: self.clock.now_us(), ..ManifestChange::default() }
    }

    /// Commits a change, then lets readers see it.
    pub(crate) async fn commit(&self, writer: &mut Writer, change: ManifestChange) -> Result<(), TimelineError> {
        writer.stale = true;
        let epoch = self.store.commit(&change).await?;
        let before = self.view();
        let view = before.after(&change, epoch, &self.source);
        let moved = change.set_aliases.iter().copied();
        for (profile, new) in moved.chain(change.erase_profiles.iter().map(|profile| (*profile, *profile))) {
            self.members().rehome(profile, before.aliases.of(profile), new);
        }
        let mut state = self.state();
        state.set_view(view);
        self.mark(|marks| marks.after(&change));
        if let Some(meaning) = meaning(&change, &before) {
            state.followers.post(&meaning);
        }
        drop(state);
        writer.stale = false;
        Ok(())
    }
}

/// Deletes files that neither the manifest nor the list of retired runs names, and notes runs
/// whose file is missing.
async fn sweep(store: &Arc<dyn Store>, source: &RunSource, view: &View) -> Result<(), TimelineError> {
    let retired = store.retired_runs().await?;
    let known = view.live().map(|run| &run.record).chain(&view.quarantined).chain(&retired);
    let known: BTreeSet<String> = known.map(|run| run.file.clone()).collect();
    let live: Vec<_> = view.live().cloned().collect();
    let files = Arc::clone(&source.files);
    blocking(move || {
        let found: BTreeSet<String> = files.list(FOLDER)?.into_iter().map(qualified).collect();
        for orphan in found.difference(&known) {
            files.delete(orphan)?;
        }
        let missing = live.iter().filter(|run| !found.contains(&run.record.file));
        missing.for_each(|run| drop(run.broken("the file is missing".to_owned())));
        Ok(())
    })
    .await
}

/// A name with its folder, whether or not the list gave it.
fn qualified(name: String) -> String {
    if name.starts_with(FOLDER) { name } else { format!("{FOLDER}/{name}") }
}

pub(crate) async fn read_hot(hot: &dyn HotLog, flushed_through: u64) -> Result<Vec<Arc<HotBatch>>, TimelineError> {
    let mut batches = Vec::new();
    let mut after = flushed_through;
    loop {
        let page = hot.read_after(after, HOT_PAGE).await?;
        let Some(last) = page.last() else { return Ok(batches) };
        after = last.sequence;
        let decoded = blocking(move || {
            let rows =
                page.iter().map(|row| Ok(Arc::new(HotBatch { sequence: row.sequence, batch: decode(&row.batch)? })));
            rows.collect::<Result<Vec<_>, TimelineError>>()
        });
        batches.extend(decoded.await?);
    }
}

/// A store that failed for all who waited for it.
pub(crate) fn gone() -> StoreError {
    StoreError::Other { action: "append events", source: "the runtime is shutting down".into() }
}
