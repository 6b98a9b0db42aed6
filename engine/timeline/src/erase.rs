//! Erasure: a customer's rows leave every run and the hot log, and no dictionary keeps a word.

use crate::feed::Posted;
use crate::hot::{HotBatch, encode, without};
use crate::run::{
    EncodedRun, GroupChoice, LogicalColumns, RunBatches, RunHandle, RunShape, RunWriter, check_all, column, to_logical,
};
use crate::timeline::{Inner, blocking, read_hot};
use crate::{Erasure, Timeline, TimelineError};
use arrow::array::{BooleanArray, RecordBatch, UInt64Array};
use arrow::compute::filter_record_batch;
use perennial_model::{CustomerId, PropertySpec};
use perennial_ports::{HotRow, ManifestChange};
use rayon::prelude::*;
use std::sync::Arc;

impl Timeline {
    /// Erases a customer with all its profiles: rows, identities, aliases; at once and for good. A
    /// scan that began before may fail for a file that is gone. Safe to repeat after a failure.
    ///
    /// # Errors
    /// [`TimelineError::Unidentified`], or a failing store or file.
    pub async fn erase(&self, customer: CustomerId) -> Result<Erasure, TimelineError> {
        if !customer.is_identified() {
            return Err(TimelineError::Unidentified(customer));
        }
        let inner = &self.inner;
        let resolving = inner.resolving.write().await;
        let mut writer = inner.writer().await?;
        let gate = inner.queue.gate.lock().await;
        let profiles = inner.members().of(inner.view().aliases.of(customer));
        let hot_rows = inner.erase_hot(&profiles).await?;
        let holders = inner.holders(&mut writer, &profiles).await?;
        let add_runs = inner.rewrite(&holders, &profiles).await?;
        let before: u64 = holders.iter().map(|run| run.record.rows).sum();
        let after: u64 = add_runs.iter().map(|run| run.rows).sum();
        if !inner.view().quarantined.is_empty() {
            inner.remember_erased(&profiles).await?;
        }
        let identities = inner.store.identities_of(&profiles).await?;
        let suppress = identities.iter().map(|identity| inner.meta.hash_key.suppression(&identity.key)).collect();
        let change = ManifestChange {
            add_runs,
            retire_runs: holders.iter().map(|run| run.record.run_id).collect(),
            erase_profiles: profiles.clone(),
            suppress,
            // No grace: should the power go before the files are deleted, the next start does it.
            at_us: inner.clock.now_us().saturating_sub(inner.options.retire_grace_us),
            ..inner.change()
        };
        inner.commit(&mut writer, change).await?;
        drop((gate, resolving));
        inner.delete_retired(i64::MAX).await?;
        let unreadable = inner.view().quarantined.iter().map(|run| run.file.clone()).collect();
        Ok(Erasure {
            profiles,
            rows: hot_rows + before - after,
            identities: identities.len(),
            rewritten_runs: holders.len(),
            unreadable,
        })
    }
}

impl Inner {
    /// Rewrites the hot log without the profiles; returns how many rows left it.
    async fn erase_hot(&self, profiles: &[CustomerId]) -> Result<u64, TimelineError> {
        let flushed_through = self.view().flushed_through;
        self.hot.remove_through(flushed_through).await?;
        // The log itself, not what is in memory: it may hold a row whose commit looked like a failure.
        let batches = read_hot(self.hot.as_ref(), flushed_through).await?;
        let profiles = profiles.to_vec();
        let work = move || {
            let (mut kept, mut replacements, mut dropped) = (Vec::new(), Vec::new(), 0);
            for hot in batches {
                let Some(rest) = without(&hot.batch, &profiles)? else {
                    kept.push(hot);
                    continue;
                };
                dropped += (hot.batch.num_rows() - rest.num_rows()) as u64;
                replacements.push(HotRow { sequence: hot.sequence, batch: encode(&rest)? });
                kept.push(Arc::new(HotBatch { sequence: hot.sequence, batch: rest }));
            }
            Ok((kept, replacements, dropped))
        };
        let (kept, replacements, dropped) = blocking(work).await?;
        self.hot.rewrite(&replacements).await?;
        let mut state = self.state();
        if kept.len() != state.hot_batches() {
            // A row came to light that no follower has heard of.
            state.followers.post(&Posted::Shards((0..self.meta.shards.get()).collect()));
        }
        state.replace_hot(kept);
        drop(state);
        Ok(dropped)
    }

    /// Runs that hold a row of the profiles, visible or not.
    async fn holders(
        &self,
        writer: &mut crate::timeline::Writer,
        profiles: &[CustomerId],
    ) -> Result<Vec<Arc<RunHandle>>, TimelineError> {
        let live: Vec<Arc<RunHandle>> = self.view().live().cloned().collect();
        let (profiles, batch_rows) = (profiles.to_vec(), self.options.batch_rows);
        let found = blocking(move || {
            let holding = live.into_par_iter().map(|run| Ok((holds(&run, &profiles, batch_rows)?, run)));
            let holding: Vec<(bool, Arc<RunHandle>)> = holding.collect::<Result<_, TimelineError>>()?;
            Ok(holding.into_iter().filter(|(holds, _)| *holds).map(|(_, run)| run).collect())
        });
        let found = found.await?;
        self.quarantine(writer).await?;
        Ok(found)
    }

    async fn rewrite(
        &self,
        holders: &[Arc<RunHandle>],
        profiles: &[CustomerId],
    ) -> Result<Vec<perennial_ports::RunRecord>, TimelineError> {
        let (profiles, properties) = (profiles.to_vec(), self.view().properties.clone());
        let options = self.options;
        let work = move |run: Arc<RunHandle>| {
            rewritten(&run, &profiles, &properties, options.row_group_rows, options.batch_rows)
        };
        self.publish(holders.to_vec(), work).await
    }
}

/// Rows of the batch that belong to none of the profiles (sorted), neither as customer nor as profile.
fn keeps(batch: &RecordBatch, profiles: &[CustomerId]) -> Result<Vec<bool>, TimelineError> {
    let customers = column::<UInt64Array>(batch, "customer")?.values();
    let owners = column::<UInt64Array>(batch, "profile")?.values();
    let hit = |id: &u64| profiles.binary_search(&CustomerId(*id)).is_ok();
    Ok(customers.iter().zip(owners).map(|(customer, owner)| !hit(customer) && !hit(owner)).collect())
}

fn holds(run: &Arc<RunHandle>, profiles: &[CustomerId], batch_rows: usize) -> Result<bool, TimelineError> {
    let here = profiles.iter().any(|profile| profile.shard() == run.record.shard);
    if !here && !run.record.rehomed {
        return Ok(false);
    }
    let Some(open) = run.open_if_sound()? else { return Ok(false) };
    // Customer and profile are the first two columns of an event.
    let wanted = LogicalColumns::new(&[], &[0, 1])?;
    let (footer, columns) = (open.footer, wanted.physical(open.metadata.schema()));
    let sound = |error: TimelineError| if error.leaves_out_a_run() { Ok(false) } else { Err(error) };
    let mut batches = match RunBatches::new(Arc::clone(run), open, &columns, GroupChoice::All, batch_rows) {
        Ok(batches) => batches,
        Err(error) => return sound(error),
    };
    while let Some(stored) = batches.next()? {
        if keeps(&to_logical(&stored, &footer, &wanted)?, profiles)?.contains(&false) {
            // All of it is written anew, and what is damaged cannot be.
            return check_all(run).map_or_else(sound, |()| Ok(true));
        }
    }
    Ok(false)
}

fn rewritten(
    run: &Arc<RunHandle>,
    profiles: &[CustomerId],
    properties: &[PropertySpec],
    row_group_rows: usize,
    batch_rows: usize,
) -> Result<Option<EncodedRun>, TimelineError> {
    let open = run.open()?;
    let wanted = LogicalColumns::all(properties);
    let (footer, columns) = (open.footer, wanted.physical(open.metadata.schema()));
    let mut writer = RunWriter::new(RunShape {
        shard: run.record.shard,
        rehomed: run.record.rehomed,
        time_unit: footer.time_unit,
        received_unit: footer.received_unit,
        properties: properties.to_vec(),
        row_group_rows,
    })?;
    let mut batches = RunBatches::new(Arc::clone(run), open, &columns, GroupChoice::All, batch_rows)?;
    while let Some(stored) = batches.next()? {
        let rows = to_logical(&stored, &footer, &wanted)?;
        let kept = BooleanArray::from(keeps(&rows, profiles)?);
        writer.write(&filter_record_batch(&rows, &kept).map_err(TimelineError::codec("erase from a run"))?)?;
    }
    writer.finish()
}
