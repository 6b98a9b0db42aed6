//! Few runs a shard: several become one, without what can never be visible again.

use crate::aliases::Aliases;
use crate::rows::{Policy, RowQuery};
use crate::run::{EncodedRun, GroupChoice, LogicalColumns, RunHandle, RunShape, RunWriter};
use crate::timeline::{Inner, Writer};
use crate::{Timeline, TimelineError};
use perennial_model::PropertySpec;
use perennial_ports::ManifestChange;
use std::sync::Arc;

/// Rows that a merge holds in memory at once, at least.
const MERGE_ROWS: usize = 64 << 10;

/// Runs that become one.
pub(crate) struct Job {
    shard: u16,
    runs: Vec<Arc<RunHandle>>,
}

impl Timeline {
    /// Merges all live runs of a shard into one; returns how many it replaced.
    ///
    /// # Errors
    /// When files or store fail; the runs stay as they were.
    pub async fn merge(&self, shard: u16) -> Result<usize, TimelineError> {
        let mut writer = self.inner.writer().await?;
        self.inner.merge_all(&mut writer, shard).await
    }
}

impl Inner {
    /// Merges all live runs of a shard into one.
    pub(crate) async fn merge_all(&self, writer: &mut Writer, shard: u16) -> Result<usize, TimelineError> {
        self.merge_runs(writer, &[shard], all).await
    }

    /// Merges in those of the shards that could not take one more run.
    pub(crate) async fn make_room(&self, writer: &mut Writer, shards: &[u16]) -> Result<usize, TimelineError> {
        let view = self.view();
        let most = self.options.max_runs_per_shard.max(1);
        let full: Vec<u16> = shards.iter().copied().filter(|shard| view.shard(*shard).len() >= most).collect();
        let choose = if most == 1 { all } else { small };
        self.merge_runs(writer, &full, choose).await
    }

    /// Merges those of the shards into one run each that grew by an eighth or more since they were
    /// one: a row is written again a number of times that grows with the logarithm of the shard.
    pub(crate) async fn settle_growth(&self, writer: &mut Writer, shards: &[u16]) -> Result<usize, TimelineError> {
        self.merge_runs(writer, shards, grown).await
    }

    async fn merge_runs(
        &self,
        writer: &mut Writer,
        shards: &[u16],
        choose: fn(&[Arc<RunHandle>]) -> Vec<Arc<RunHandle>>,
    ) -> Result<usize, TimelineError> {
        loop {
            let (view, known) = (self.view(), self.source.damage.len());
            let sound = |run: &&Arc<RunHandle>| self.source.damage.of(run.record.run_id).is_none();
            let sound = |shard: u16| view.shard(shard).iter().filter(sound).cloned().collect::<Vec<_>>();
            let jobs = shards.iter().map(|shard| Job { shard: *shard, runs: choose(&sound(*shard)) });
            let jobs: Vec<Job> = jobs.filter(|job| !job.runs.is_empty()).collect();
            match self.try_merge(writer, jobs).await {
                // Without the runs that are now known to be damaged it can go on.
                Err(error) if error.leaves_out_a_run() => {
                    self.quarantine(writer).await?;
                    if self.source.damage.len() == known {
                        return Err(error);
                    }
                }
                outcome => return outcome,
            }
        }
    }

    async fn try_merge(&self, writer: &mut Writer, jobs: Vec<Job>) -> Result<usize, TimelineError> {
        if jobs.is_empty() {
            return Ok(0);
        }
        let view = self.view();
        let retire_runs: Vec<u64> = jobs.iter().flat_map(|job| &job.runs).map(|run| run.record.run_id).collect();
        let replaced = retire_runs.len();
        let (rows, batch_rows) = (self.options.row_group_rows, self.options.batch_rows);
        let work = move |job: Job| job.run(&view.aliases, &view.properties, rows, batch_rows);
        let add_runs = self.publish(jobs, work).await?;
        self.commit(writer, ManifestChange { add_runs, retire_runs, ..self.change() }).await?;
        Ok(replaced)
    }
}

fn all(runs: &[Arc<RunHandle>]) -> Vec<Arc<RunHandle>> {
    runs.to_vec()
}

/// All runs, if those beside the largest have an eighth of its rows or more.
fn grown(runs: &[Arc<RunHandle>]) -> Vec<Arc<RunHandle>> {
    let largest = runs.iter().map(|run| run.record.rows).max().unwrap_or(0);
    let others = runs.iter().map(|run| run.record.rows).sum::<u64>() - largest;
    if runs.len() > 1 && others * 8 >= largest { runs.to_vec() } else { Vec::new() }
}

/// The smallest runs, as long as the next is not larger than those before it together: a row is
/// then written again a number of times that grows with the logarithm of the shard.
fn small(runs: &[Arc<RunHandle>]) -> Vec<Arc<RunHandle>> {
    let mut ascending = runs.to_vec();
    ascending.sort_by_key(|run| (run.record.rows, run.record.run_id));
    let (mut chosen, mut rows): (Vec<Arc<RunHandle>>, u64) = (Vec::new(), 0);
    for run in ascending {
        if chosen.len() >= 2 && run.record.rows > rows {
            break;
        }
        rows += run.record.rows;
        chosen.push(run);
    }
    chosen
}

impl Job {
    fn run(
        self,
        aliases: &Aliases,
        properties: &[PropertySpec],
        row_group_rows: usize,
        batch_rows: usize,
    ) -> Result<Option<EncodedRun>, TimelineError> {
        let mut writer = RunWriter::new(self.shape(properties, row_group_rows)?)?;
        let query = RowQuery {
            runs: &self.runs,
            hot: None,
            properties,
            projection: (0..LogicalColumns::all(properties).schema.fields().len()).collect(),
            aliases: aliases.clone(),
            policy: Policy::Survivors,
            choice: GroupChoice::All,
            batch_rows,
        };
        let mut rows = query.open()?;
        while let Some(batch) = rows.next_rows(MERGE_ROWS)? {
            writer.write(&batch)?;
        }
        writer.finish()
    }

    fn shape(&self, properties: &[PropertySpec], row_group_rows: usize) -> Result<RunShape, TimelineError> {
        let (mut time_unit, mut received_unit) = (i64::MAX, i64::MAX);
        for run in &self.runs {
            let footer = run.open()?.footer;
            time_unit = time_unit.min(footer.time_unit);
            received_unit = received_unit.min(footer.received_unit);
        }
        Ok(RunShape {
            shard: self.shard,
            rehomed: self.runs.iter().any(|run| run.record.rehomed),
            time_unit,
            received_unit,
            properties: properties.to_vec(),
            row_group_rows,
        })
    }
}
