//! The manifest in memory: which runs answer, and under which aliases.

use crate::aliases::Aliases;
use crate::feed::{Followers, Posted};
use crate::hot::{HotBatch, HotTail};
use crate::run::{DamageList, RunHandle};
use perennial_model::PropertySpec;
use perennial_ports::{Files, Manifest, ManifestChange, RunRecord, RunState};
use std::sync::Arc;

/// One committed state. Never changes; a commit makes another.
#[derive(Clone, Default)]
pub(crate) struct View {
    pub(crate) epoch: u64,
    /// Live runs of each shard, oldest first.
    pub(crate) shards: Vec<Vec<Arc<RunHandle>>>,
    pub(crate) quarantined: Vec<RunRecord>,
    pub(crate) aliases: Aliases,
    pub(crate) properties: Vec<PropertySpec>,
    pub(crate) flushed_through: u64,
}

/// What a handle needs beside its record.
#[derive(Clone)]
pub(crate) struct RunSource {
    pub(crate) files: Arc<dyn Files>,
    pub(crate) damage: Arc<DamageList>,
}

impl View {
    pub(crate) fn new(manifest: &Manifest, shards: u16, source: &RunSource) -> Self {
        let mut view = Self {
            epoch: manifest.epoch,
            shards: vec![Vec::new(); usize::from(shards)],
            quarantined: Vec::new(),
            aliases: Aliases::new(&manifest.aliases),
            properties: manifest.properties.clone(),
            flushed_through: manifest.flushed_through,
        };
        let (live, other): (Vec<RunRecord>, _) =
            manifest.runs.iter().cloned().partition(|run| run.state == RunState::Live);
        view.quarantined = other.into_iter().filter(|run| run.state == RunState::Quarantined).collect();
        view.add(&live, source);
        view
    }

    fn add(&mut self, runs: &[RunRecord], source: &RunSource) {
        for record in runs {
            let handle = RunHandle::new(record.clone(), Arc::clone(&source.files), Arc::clone(&source.damage));
            match self.shards.get_mut(usize::from(record.shard)) {
                Some(shard) => shard.push(handle),
                None => self.quarantined.push(record.clone()),
            }
        }
        self.shards.iter_mut().for_each(|shard| shard.sort_by_key(|run| run.record.run_id));
    }

    /// The state after a change that was committed.
    pub(crate) fn after(&self, change: &ManifestChange, epoch: u64, source: &RunSource) -> Self {
        let mut view = self.clone();
        view.epoch = epoch;
        for shard in &mut view.shards {
            let leaving = |run: &Arc<RunHandle>, ids: &[u64]| ids.contains(&run.record.run_id);
            let damaged = shard.iter().filter(|run| leaving(run, &change.quarantine_runs));
            view.quarantined
                .extend(damaged.map(|run| RunRecord { state: RunState::Quarantined, ..run.record.clone() }));
            shard.retain(|run| !leaving(run, &change.quarantine_runs) && !leaving(run, &change.retire_runs));
        }
        view.quarantined.retain(|run| !change.retire_runs.contains(&run.run_id));
        view.add(&change.add_runs, source);
        view.aliases.set(&change.set_aliases);
        let erased: Vec<_> = change.erase_profiles.iter().map(|profile| (*profile, *profile)).collect();
        view.aliases.set(&erased);
        view.properties.extend(change.declare_property.clone());
        view.flushed_through = change.flushed_through.unwrap_or(self.flushed_through);
        view
    }

    pub(crate) fn live(&self) -> impl Iterator<Item = &Arc<RunHandle>> {
        self.shards.iter().flatten()
    }

    pub(crate) fn shard(&self, shard: u16) -> &[Arc<RunHandle>] {
        self.shards.get(usize::from(shard)).map_or(&[], Vec::as_slice)
    }
}

/// What readers take: runs and hot rows of one instant.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) view: Arc<View>,
    hot: Vec<Arc<HotBatch>>,
    hot_rows: usize,
    /// Made for the first snapshot after a change.
    tail: Option<Arc<HotTail>>,
    pub(crate) followers: Followers,
}

impl State {
    pub(crate) fn new(view: View, hot: Vec<Arc<HotBatch>>) -> Self {
        let mut state = Self { view: Arc::new(view), ..Self::default() };
        hot.into_iter().for_each(|batch| state.push_hot(batch));
        state
    }

    pub(crate) fn push_hot(&mut self, batch: Arc<HotBatch>) {
        self.hot_rows += batch.batch.num_rows();
        self.followers.post(&Posted::Appended(Arc::clone(&batch), self.view.aliases.clone()));
        self.hot.push(batch);
        self.tail = None;
    }

    /// Another state of the manifest; hot rows that it has in runs leave.
    pub(crate) fn set_view(&mut self, view: View) {
        self.hot.retain(|batch| batch.sequence > view.flushed_through);
        self.replace_hot(self.hot.clone());
        self.view = Arc::new(view);
    }

    pub(crate) fn replace_hot(&mut self, hot: Vec<Arc<HotBatch>>) {
        self.hot_rows = hot.iter().map(|batch| batch.batch.num_rows()).sum();
        self.hot = hot;
        self.tail = None;
    }

    pub(crate) fn hot_rows(&self) -> usize {
        self.hot_rows
    }

    pub(crate) fn hot_batches(&self) -> usize {
        self.hot.len()
    }

    pub(crate) fn tail(&mut self) -> Arc<HotTail> {
        let hot = &self.hot;
        Arc::clone(self.tail.get_or_insert_with(|| Arc::new(HotTail::new(hot.clone()))))
    }
}
