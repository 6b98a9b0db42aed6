//! Housekeeping: merges, deletion of replaced files, new property columns, and the check of all.

use crate::run::{GroupChoice, LogicalColumns, RunBatches, RunHandle, column, property_column_name, to_logical};
use crate::timeline::{Inner, blocking};
use crate::{Maintenance, Timeline, TimelineError};
use arrow::array::{Int64Array, UInt64Array};
use perennial_model::PropertySpec;
use perennial_ports::{ManifestChange, RunState};
use rayon::prelude::*;
use std::sync::Arc;

impl Timeline {
    /// Merges where a shard has too many runs or has grown much, and deletes retired files past
    /// their grace period. A scan of one run neither compares messages nor sorts: half the work.
    ///
    /// # Errors
    /// When files or store fail; what was done stays done.
    pub async fn maintain(&self) -> Result<Maintenance, TimelineError> {
        let inner = &self.inner;
        let mut writer = inner.writer().await?;
        let shards: Vec<u16> = (0..inner.meta.shards.get()).collect();
        let merged_runs =
            inner.settle_growth(&mut writer, &shards).await? + inner.make_room(&mut writer, &shards).await?;
        let cutoff = inner.clock.now_us().saturating_sub(inner.options.retire_grace_us);
        let deleted_files = inner.delete_retired(cutoff).await?;
        inner.hot.remove_through(inner.view().flushed_through).await?;
        Ok(Maintenance { merged_runs, deleted_files })
    }

    /// Writes the runs of one shard anew that lack the column of a declared property, which until then they
    /// give from their JSON; returns how many it replaced, none when all have all. One shard at a time,
    /// because writers wait meanwhile.
    ///
    /// # Errors
    /// When files or store fail; the runs stay as they were.
    pub async fn settle_properties(&self) -> Result<usize, TimelineError> {
        let inner = &self.inner;
        let mut writer = inner.writer().await?;
        let (view, damage) = (inner.view(), Arc::clone(&inner.source.damage));
        let lacking = move || {
            let sound = |run: &Arc<RunHandle>| damage.of(run.record.run_id).is_none();
            let lacks = |run: &Arc<RunHandle>| sound(run) && lacks_column(run, &view.properties);
            let found = (0_u16..).zip(&view.shards).find(|(_, runs)| runs.iter().any(lacks));
            Ok(found.map(|(shard, _)| shard))
        };
        match blocking(lacking).await? {
            Some(shard) => inner.merge_all(&mut writer, shard).await,
            None => Ok(0),
        }
    }

    /// Gives a property a typed column, in all runs written from now on; runs without the column
    /// give it from their JSON until they are written anew.
    ///
    /// # Errors
    /// [`TimelineError::PropertyConflict`], or a failing store.
    pub async fn declare_property(&self, spec: PropertySpec) -> Result<(), TimelineError> {
        let mut writer = self.inner.writer().await?;
        let view = self.inner.view();
        if let Some(known) = view.properties.iter().find(|known| known.name == spec.name) {
            let same = known.property_type == spec.property_type;
            return if same { Ok(()) } else { Err(TimelineError::PropertyConflict { name: spec.name }) };
        }
        let change = ManifestChange { declare_property: Some(spec), ..self.inner.change() };
        self.inner.commit(&mut writer, change).await
    }

    /// Reads everything and says in plain words what does not fit; damaged runs are quarantined.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn verify(&self) -> Result<Vec<String>, TimelineError> {
        let inner = &self.inner;
        let mut writer = inner.writer().await?;
        let view = inner.view();
        let (runs, batch_rows) = (view.live().cloned().collect::<Vec<_>>(), inner.options.batch_rows);
        let found = blocking(move || {
            let checks =
                runs.par_iter().map(|run| check(run, batch_rows).unwrap_or_else(|error| Some(error.to_string())));
            Ok(checks.flatten().collect::<Vec<String>>())
        });
        let mut problems = found.await?;
        let known = view.quarantined.iter().map(|run| {
            let (file, rows) = (&run.file, run.rows);
            format!(
                "run {file} is quarantined with its {rows} rows: {ADVICE}; \
                 where it is lost for good, `perennial verify --forget {file}` goes on without them"
            )
        });
        problems.extend(known);
        inner.quarantine(&mut writer).await?;
        Ok(problems)
    }
}

/// Whether a run that answers has no column for one of the properties.
fn lacks_column(run: &RunHandle, properties: &[PropertySpec]) -> bool {
    run.open().is_ok_and(|run| {
        let schema = run.metadata.schema();
        properties.iter().any(|spec| schema.column_with_name(&property_column_name(spec)).is_none())
    })
}

/// What to do about a run that does not answer.
pub(crate) const ADVICE: &str =
    "restore it from a backup and run `perennial verify`, or import its source again into a new data directory";

impl Inner {
    /// Deletes the files of runs retired at or before an instant; returns how many.
    pub(crate) async fn delete_retired(&self, cutoff_us: i64) -> Result<usize, TimelineError> {
        let mut retired = self.store.retired_runs().await?;
        retired.retain(|run| matches!(run.state, RunState::Retired { at_us } if at_us <= cutoff_us));
        if retired.is_empty() {
            return Ok(0);
        }
        let ids: Vec<u64> = retired.iter().map(|run| run.run_id).collect();
        let files = Arc::clone(&self.source.files);
        blocking(move || Ok(retired.iter().try_for_each(|run| files.delete(&run.file))?)).await?;
        self.store.forget_runs(&ids).await?;
        Ok(ids.len())
    }
}

/// What does not fit in a run: its bytes, its order, or its record in the manifest.
pub(crate) fn check(run: &Arc<RunHandle>, batch_rows: usize) -> Result<Option<String>, TimelineError> {
    run.recheck()?;
    let open = run.open()?;
    // Customer, mid and time (see the schema of an event).
    let wanted = LogicalColumns::new(&[], &[0, 2, 4])?;
    let (footer, columns) = (open.footer, wanted.physical(open.metadata.schema()));
    let mut batches = RunBatches::new(Arc::clone(run), open, &columns, GroupChoice::All, batch_rows)?;
    let (mut rows, mut times, mut last) = (0_u64, (i64::MAX, i64::MIN), None);
    while let Some(stored) = batches.next()? {
        let batch = to_logical(&stored, &footer, &wanted)?;
        let customers = column::<UInt64Array>(&batch, "customer")?.values().iter();
        let instants = column::<Int64Array>(&batch, "time")?.values().iter();
        let mids = column::<UInt64Array>(&batch, "mid")?.values().iter();
        for ((customer, time), mid) in customers.zip(instants).zip(mids) {
            let key = Some((*customer, *time, *mid));
            if last > key {
                return Ok(Some(format!("run {} is not sorted: {ADVICE}", run.record.file)));
            }
            last = key;
            times = (times.0.min(*time), times.1.max(*time));
            rows += 1;
        }
    }
    let fits = rows == run.record.rows && times == (run.record.min_time_us, run.record.max_time_us);
    Ok((!fits).then(|| format!("run {} has other rows than the manifest says: {ADVICE}", run.record.file)))
}
