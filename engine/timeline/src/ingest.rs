//! From batches to runs: flush of the hot log, and chunks of imports.

use crate::arrange::{Arranged, arrange};
use crate::consents::{events_of, with_consents};
use crate::hot::join;
use crate::run::{EncodedRun, FORMAT_VERSION, RunWriter, file_name};
use crate::timeline::{Inner, Writer, blocking};
use crate::{ChunkCommit, EventBatch, Timeline, TimelineError};
use perennial_ports::{Files, ManifestChange, RunRecord, RunState};
use rayon::prelude::*;
use std::sync::Arc;

impl Timeline {
    /// Moves the hot log into runs, in one manifest transaction.
    ///
    /// # Errors
    /// When files or store fail; the hot log keeps what it had.
    pub async fn flush(&self) -> Result<(), TimelineError> {
        let mut writer = self.inner.writer().await?;
        self.inner.flush(&mut writer).await
    }

    pub(crate) async fn flush_if_full(&self) -> Result<(), TimelineError> {
        let mut writer = self.inner.writer().await?;
        if self.inner.hot_fill() == 0 { Ok(()) } else { self.inner.flush(&mut writer).await }
    }

    /// Keeps a large batch as at most one run a shard, with the identities and the progress mark
    /// that belong to it, in one manifest transaction. The customer of each row is taken from its
    /// profile; changes of consent are rows beside the batch. Merges first where a shard would exceed
    /// [`crate::TimelineOptions::max_runs_per_shard`].
    ///
    /// # Errors
    /// [`TimelineError::PropertyConflict`] where a column is of no declared property; when files or
    /// store fail. Then nothing of the chunk is kept, unless the failure hid a commit:
    /// ask the store for the mark before trying again.
    pub async fn import_chunk(&self, batch: EventBatch, commit: ChunkCommit) -> Result<(), TimelineError> {
        let mut writer = self.inner.writer().await?;
        let (view, declared) = (self.inner.view(), commit.declared);
        let changes = events_of(&commit.consents)?;
        let arranged = blocking(move || {
            let rows = declared.beside(&batch, &view.properties)?;
            arrange(&with_consents(rows, &changes)?, &view.aliases)
        });
        let arranged = arranged.await?;
        let change = ManifestChange {
            new_identities: commit.new_identities,
            order_owners: commit.order_owners,
            consents: commit.consents,
            import_mark: commit.mark,
            ..Default::default()
        };
        self.inner.keep(&mut writer, arranged, change).await
    }
}

impl Inner {
    pub(crate) async fn flush(&self, writer: &mut Writer) -> Result<(), TimelineError> {
        let (tail, aliases) = {
            let mut state = self.state();
            (state.tail(), state.view.aliases.clone())
        };
        let Some(last) = tail.batches.last().map(|batch| batch.sequence) else { return Ok(()) };
        let arranged = blocking(move || match join(tail.batches.iter().map(|hot| &hot.batch))? {
            Some(all) => arrange(&all, &aliases),
            None => Ok(Vec::new()),
        });
        let arranged = arranged.await?;
        let change = ManifestChange { flushed_through: Some(last), ..Default::default() };
        self.keep(writer, arranged, change).await?;
        // Rows that stay are ignored from now on and removed by the next flush.
        drop(self.hot.remove_through(last).await);
        Ok(())
    }

    /// Writes sorted rows as runs, one a shard, and commits them with a change.
    pub(crate) async fn keep(
        &self,
        writer: &mut Writer,
        arranged: Vec<Arranged>,
        change: ManifestChange,
    ) -> Result<(), TimelineError> {
        let shards: Vec<u16> = arranged.iter().map(|rows| rows.shard).collect();
        self.make_room(writer, &shards).await?;
        let (properties, row_group_rows) = (self.view().properties.clone(), self.options.row_group_rows);
        let work = move |rows: Arranged| {
            let mut run = RunWriter::new(rows.shape(&properties, row_group_rows)?)?;
            run.write(&rows.batch)?;
            run.finish()
        };
        let add_runs = self.publish(arranged, work).await?;
        let now = self.change();
        self.commit(writer, ManifestChange { add_runs, at_us: now.at_us, expected_epoch: now.expected_epoch, ..change })
            .await
    }

    /// Makes at most one run of each item, in parallel, and its file durable.
    pub(crate) async fn publish<T, F>(&self, items: Vec<T>, work: F) -> Result<Vec<RunRecord>, TimelineError>
    where
        T: Send + 'static,
        F: Fn(T) -> Result<Option<EncodedRun>, TimelineError> + Send + Sync + 'static,
    {
        if items.is_empty() {
            return Ok(Vec::new());
        }
        let first = self.store.allocate_runs(items.len() as u64).await?;
        let (epoch, files) = (self.view().epoch, Arc::clone(&self.source.files));
        blocking(move || {
            let numbered: Vec<(u64, T)> = (first..).zip(items).collect();
            let outcomes: Vec<Result<Option<RunRecord>, TimelineError>> = numbered
                .into_par_iter()
                .map(|(run_id, item)| work(item)?.map(|run| put(files.as_ref(), run, run_id, epoch)).transpose())
                .collect();
            settle(files.as_ref(), outcomes)
        })
        .await
    }
}

/// All runs, or none: files of the others are removed where one failed.
fn settle(
    files: &dyn Files,
    outcomes: Vec<Result<Option<RunRecord>, TimelineError>>,
) -> Result<Vec<RunRecord>, TimelineError> {
    let (mut runs, mut failure) = (Vec::new(), None);
    for outcome in outcomes {
        match outcome {
            Ok(run) => runs.extend(run),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    let Some(failure) = failure else { return Ok(runs) };
    // What cannot be removed now is swept at the next start.
    runs.iter().for_each(|run| drop(files.delete(&run.file)));
    Err(failure)
}

fn put(files: &dyn Files, run: EncodedRun, run_id: u64, epoch: u64) -> Result<RunRecord, TimelineError> {
    let file = file_name(run.shard, epoch, run_id);
    files.put(&file, &run.bytes)?;
    Ok(RunRecord {
        run_id,
        shard: run.shard,
        epoch,
        file,
        format_version: FORMAT_VERSION,
        rows: run.rows,
        bytes: run.bytes.len() as u64,
        checksum: run.checksum,
        min_time_us: run.min_time_us,
        max_time_us: run.max_time_us,
        rehomed: run.rehomed,
        state: RunState::Live,
    })
}
