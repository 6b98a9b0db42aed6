//! Quarantined runs whose files were restored answer again.

use crate::arrange::arrange;
use crate::hot::{join, without};
use crate::maintain::check;
use crate::run::{GroupChoice, LogicalColumns, RunBatches, RunHandle, to_logical};
use crate::timeline::{Inner, Writer, blocking};
use crate::{Timeline, TimelineError};
use arrow::array::RecordBatch;
use perennial_model::CustomerId;
use perennial_ports::{ManifestChange, RunRecord, StoreError};
use std::sync::Arc;

/// Row groups' worth of a restored run written at once.
const GROUPS_AT_ONCE: usize = 16;
/// Setting with the profiles erased while a run was in quarantine, which may still hold their rows.
const ERASED: &str = "erased_while_damaged";

impl Timeline {
    /// Reads quarantined runs again and takes back those that are whole: their rows are written
    /// anew under today's customers and without whoever was erased meanwhile. Returns their files;
    /// the others stay where they are. Safe to repeat after a failure.
    ///
    /// # Errors
    /// When files or store fail.
    pub async fn recover(&self) -> Result<Vec<String>, TimelineError> {
        let inner = &self.inner;
        let mut writer = inner.writer().await?;
        let mut recovered = Vec::new();
        let erased = inner.erased_while_damaged().await?;
        for record in inner.view().quarantined.clone() {
            let Some(run) = inner.restored(&record).await? else { continue };
            inner.take_back(&mut writer, run, &erased).await?;
            recovered.push(record.file);
        }
        if !recovered.is_empty() {
            inner.delete_retired(inner.clock.now_us().saturating_sub(inner.options.retire_grace_us)).await?;
        }
        if inner.view().quarantined.is_empty() && !erased.is_empty() {
            inner.store.set_setting(ERASED, "").await?;
        }
        Ok(recovered)
    }

    /// Gives up a quarantined run, named by its file: it leaves the manifest, what is left of the
    /// file is deleted, and its rows are lost. Returns how many; `None` where no such run is in
    /// quarantine.
    ///
    /// # Errors
    /// When files or store fail.
    pub async fn forget(&self, file: &str) -> Result<Option<u64>, TimelineError> {
        let inner = &self.inner;
        let mut writer = inner.writer().await?;
        let Some(record) = inner.view().quarantined.iter().find(|run| run.file == file).cloned() else {
            return Ok(None);
        };
        let change = ManifestChange { retire_runs: vec![record.run_id], ..inner.change() };
        inner.commit(&mut writer, change).await?;
        // Nobody reads it, so nobody is waited for.
        let (files, rows) = (Arc::clone(&inner.source.files), record.rows);
        blocking(move || Ok(files.delete(&record.file)?)).await?;
        inner.store.forget_runs(&[record.run_id]).await?;
        Ok(Some(rows))
    }
}

impl Inner {
    /// The run of a quarantined record, where its file is again what was written.
    async fn restored(&self, record: &RunRecord) -> Result<Option<Arc<RunHandle>>, TimelineError> {
        // Found damage stays on the list of this process; this is a new look.
        let run = RunHandle::new(record.clone(), Arc::clone(&self.source.files), Arc::default());
        let batch_rows = self.options.batch_rows;
        blocking(move || match check(&run, batch_rows) {
            Ok(problem) => Ok(problem.is_none().then_some(run)),
            Err(TimelineError::Files(error)) => Err(error.into()),
            Err(_) => Ok(None),
        })
        .await
    }

    /// Writes a run's rows anew; the old one leaves with the last of them, so that after an
    /// interruption all are written again, and the doubles count once.
    async fn take_back(
        &self,
        writer: &mut Writer,
        run: Arc<RunHandle>,
        erased: &[CustomerId],
    ) -> Result<(), TimelineError> {
        let open = run.open()?;
        let wanted = LogicalColumns::all(&[]);
        let (footer, columns) = (open.footer, wanted.physical(open.metadata.schema()));
        let old = run.record.run_id;
        let most = self.options.row_group_rows.saturating_mul(GROUPS_AT_ONCE);
        let mut batches = RunBatches::new(run, open, &columns, GroupChoice::All, self.options.batch_rows)?;
        loop {
            let (aliases, erased, wanted) = (self.view().aliases.clone(), erased.to_vec(), wanted.clone());
            let work = move || {
                let (mut rows, mut count, mut ended) = (Vec::<RecordBatch>::new(), 0, false);
                while count < most && !ended {
                    match batches.next()? {
                        Some(stored) => {
                            let batch = to_logical(&stored, &footer, &wanted)?;
                            count += batch.num_rows();
                            rows.push(without(&batch, &erased)?.unwrap_or(batch));
                        }
                        None => ended = true,
                    }
                }
                let arranged = join(&rows)?.map_or_else(|| Ok(Vec::new()), |all| arrange(&all, &aliases))?;
                Ok((batches, arranged, ended))
            };
            let (rest, arranged, ended) = blocking(work).await?;
            let retire_runs = if ended { vec![old] } else { Vec::new() };
            self.keep(writer, arranged, ManifestChange { retire_runs, ..Default::default() }).await?;
            if ended {
                return Ok(());
            }
            batches = rest;
        }
    }

    /// Remembers whom no restored run may bring back.
    pub(crate) async fn remember_erased(&self, profiles: &[CustomerId]) -> Result<(), TimelineError> {
        let mut all = self.erased_while_damaged().await?;
        all.extend_from_slice(profiles);
        all.sort_unstable();
        all.dedup();
        let text: Vec<String> = all.iter().map(|profile| profile.0.to_string()).collect();
        Ok(self.store.set_setting(ERASED, &text.join(",")).await?)
    }

    /// Sorted.
    async fn erased_while_damaged(&self) -> Result<Vec<CustomerId>, TimelineError> {
        let text = self.store.setting(ERASED).await?.unwrap_or_default();
        let numbers = text.split(',').filter(|number| !number.is_empty()).map(|number| number.parse().map(CustomerId));
        let broken = |source: std::num::ParseIntError| StoreError::Other {
            action: "read whom a restored run may not bring back",
            source: source.into(),
        };
        Ok(numbers.collect::<Result<_, _>>().map_err(broken)?)
    }
}
