//! Rows of the manifest: runs.

use crate::bulk::Bulk;
use crate::connection::Connection;
use crate::error::other;
use crate::statement::{Answer, Statement};
use perennial_ports::{RunRecord, RunState, StoreError};

const LIVE: i64 = 0;
const QUARANTINED: i64 = 1;
const RETIRED: i64 = 2;

/// Which runs to list.
#[derive(Clone, Copy)]
pub(crate) enum Which {
    /// Live and quarantined.
    Current,
    /// Retired.
    Retired,
}

/// Adds runs.
pub(crate) async fn add(connection: &mut Connection, runs: &[RunRecord]) -> Result<(), StoreError> {
    let sql = "INSERT INTO run (run_id, shard, epoch, file, format_version, row_count, bytes, checksum,
                                min_time_us, max_time_us, rehomed, state, retired_at_us)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    for run in runs {
        let (state, retired_at_us) = stored(run.state);
        Statement::new("add a run", sql)
            .number(run.run_id)
            .bind(i64::from(run.shard))
            .number(run.epoch)
            .bind(run.file.as_str())
            .bind(i64::from(run.format_version))
            .number(run.rows)
            .number(run.bytes)
            .bind(i64::from(run.checksum))
            .bind(run.min_time_us)
            .bind(run.max_time_us)
            .bind(i64::from(run.rehomed))
            .bind(state)
            .bind(retired_at_us)
            .run(connection)
            .await?;
    }
    Ok(())
}

/// Retires runs; one that is retired already keeps its instant.
pub(crate) async fn retire(connection: &mut Connection, runs: &[u64], at_us: i64) -> Result<(), StoreError> {
    let sql = "UPDATE run SET state = $1, retired_at_us = $2 WHERE run_id = $3 AND state <> $1";
    for run_id in runs {
        let statement = Statement::new("retire a run", sql).bind(RETIRED).bind(at_us).number(*run_id);
        statement.run(connection).await?;
    }
    Ok(())
}

/// Quarantines live runs.
pub(crate) async fn quarantine(connection: &mut Connection, runs: &[u64]) -> Result<(), StoreError> {
    let sql = "UPDATE run SET state = $1 WHERE run_id = $2 AND state = $3";
    for run_id in runs {
        let statement = Statement::new("quarantine a run", sql).bind(QUARANTINED).number(*run_id).bind(LIVE);
        statement.run(connection).await?;
    }
    Ok(())
}

/// Forgets retired runs.
pub(crate) async fn forget(connection: &mut Connection, runs: &[u64]) -> Result<(), StoreError> {
    const FORGET: Bulk = Bulk {
        action: "forget runs",
        before: "DELETE FROM run WHERE state = 2 AND run_id IN (VALUES ",
        after: ")",
        word: "",
        columns: 1,
        numbered: false,
    };
    FORGET.run_over(connection, runs.iter().copied()).await.map(drop)
}

/// Runs in the order of their number.
pub(crate) async fn list(connection: &mut Connection, which: Which) -> Result<Vec<RunRecord>, StoreError> {
    let sql = "SELECT run_id, shard, epoch, file, format_version, row_count, bytes, checksum, min_time_us,
                      max_time_us, rehomed, state, retired_at_us
               FROM run WHERE state BETWEEN $1 AND $2 ORDER BY run_id";
    let (from, to) = match which {
        Which::Current => (LIVE, QUARANTINED),
        Which::Retired => (RETIRED, RETIRED),
    };
    let rows = Statement::new("list runs", sql).bind(from).bind(to).all(connection).await?;
    rows.iter().map(record).collect()
}

fn record(row: &Answer) -> Result<RunRecord, StoreError> {
    Ok(RunRecord {
        run_id: row.unsigned(0)?,
        shard: row.small(1)?,
        epoch: row.unsigned(2)?,
        file: row.get(3)?,
        format_version: row.small(4)?,
        rows: row.unsigned(5)?,
        bytes: row.unsigned(6)?,
        checksum: row.small(7)?,
        min_time_us: row.get(8)?,
        max_time_us: row.get(9)?,
        rehomed: row.get::<i64>(10)? != 0,
        state: restored(row.get(11)?, row.get(12)?)?,
    })
}

const fn stored(state: RunState) -> (i64, Option<i64>) {
    match state {
        RunState::Live => (LIVE, None),
        RunState::Quarantined => (QUARANTINED, None),
        RunState::Retired { at_us } => (RETIRED, Some(at_us)),
    }
}

fn restored(state: i64, retired_at_us: Option<i64>) -> Result<RunState, StoreError> {
    match (state, retired_at_us) {
        (LIVE, None) => Ok(RunState::Live),
        (QUARANTINED, None) => Ok(RunState::Quarantined),
        (RETIRED, Some(at_us)) => Ok(RunState::Retired { at_us }),
        _ => Err(other("list runs", format!("state {state} with instant {retired_at_us:?} has no meaning"))),
    }
}
