//! Who is in which segment that acts, and how many were in all of them.

use crate::bulk::{Bulk, CHUNK_ROWS};
use crate::connection::{Connection, finish};
use crate::database::advance;
use crate::error::other;
use crate::statement::{Answer, Statement};
use crate::store::SqlStore;
use async_trait::async_trait;
use perennial_model::CustomerId;
use perennial_ports::{
    MembershipCause, MembershipChange, MembershipRecord, Memberships, NumberedChange, SegmentSize, StoreError,
    StoredMembership,
};
use std::collections::BTreeMap;

/// The last change's number.
const CHANGE: &str = "membership_change";
const READ: &str = "read memberships";
const RECORD: &str = "record memberships";
const SIZES: &str = "read sizes of segments";

const ADD_CHANGES: Bulk = Bulk {
    action: RECORD,
    before: "INSERT INTO membership_change (number, segment, shard, customer, entered, cause, at_us) VALUES ",
    after: "",
    word: "",
    columns: 7,
    numbered: false,
};

/// Of two counts of a day the later one stays, in whichever order they come.
const PUT_SIZES: Bulk = Bulk {
    action: "note sizes of segments",
    before: "INSERT INTO segment_size (segment, day, at_us, size, unknown) VALUES ",
    after: " ON CONFLICT (segment, day) DO UPDATE SET
                 at_us = excluded.at_us, size = excluded.size, unknown = excluded.unknown
             WHERE excluded.at_us >= segment_size.at_us",
    word: "",
    columns: 5,
    numbered: false,
};

const SIZES_OF: Bulk = Bulk {
    action: SIZES,
    before: "WITH wanted (segment, from_day, to_day) AS (VALUES ",
    after: ") SELECT counted.segment, day, at_us, size, unknown
             FROM wanted CROSS JOIN segment_size AS counted
             WHERE counted.segment = wanted.segment AND day >= from_day AND day <= to_day
             ORDER BY counted.segment, day",
    word: "",
    columns: 3,
    numbered: false,
};

#[async_trait]
impl Memberships for SqlStore {
    async fn memberships(&self) -> Result<Vec<StoredMembership>, StoreError> {
        let mut snapshot = self.database.snapshot().await?;
        let mut found = BTreeMap::new();
        let sql = "SELECT segment, condition FROM membership";
        for row in Statement::new(READ, sql).all(&mut snapshot).await? {
            let segment: String = row.get(0)?;
            let stored = StoredMembership { segment: segment.clone(), condition: row.get(1)?, ..Default::default() };
            found.insert(segment, stored);
        }
        let sql = "SELECT segment, shard, members FROM membership_shard ORDER BY segment, shard";
        for row in Statement::new(READ, sql).all(&mut snapshot).await? {
            if let Some(stored) = found.get_mut(&row.get::<String>(0)?) {
                stored.packed.push((row.small(1)?, row.get(2)?));
            }
        }
        let sql = "SELECT number, customer, entered, cause, at_us, changed.segment
                   FROM membership_change AS changed LEFT JOIN membership_shard AS packed
                       ON packed.segment = changed.segment AND packed.shard = changed.shard
                   WHERE number > COALESCE(packed.upto, 0) ORDER BY number";
        for row in Statement::new(READ, sql).all(&mut snapshot).await? {
            if let Some(stored) = found.get_mut(&row.get::<String>(5)?) {
                stored.since.push(numbered(&row)?);
            }
        }
        Ok(found.into_values().collect())
    }

    async fn record_memberships(&self, records: &[MembershipRecord]) -> Result<(), StoreError> {
        let records: Vec<&MembershipRecord> = records.iter().filter(|record| says_something(record)).collect();
        if records.is_empty() {
            return Ok(());
        }
        let count: usize = records.iter().map(|record| record.changes.len()).sum();
        let mut transaction = self.database.write().await?;
        let last = advance(&mut transaction, CHANGE, count as u64).await?;
        let mut number = last - count as u64;
        for record in records {
            note_segment(&mut transaction, record).await?;
            number = add_changes(&mut transaction, record, number).await?;
            pack(&mut transaction, record, number).await?;
        }
        finish(transaction).await
    }

    async fn forget_membership(&self, segment: &str) -> Result<(), StoreError> {
        let mut transaction = self.database.write().await?;
        for table in ["membership", "membership_shard", "membership_change"] {
            let sql = format!("DELETE FROM {table} WHERE segment = $1");
            Statement::new("forget a membership", sql).bind(segment).run(&mut transaction).await?;
        }
        finish(transaction).await
    }

    async fn membership_changes(
        &self,
        segment: &str,
        after: u64,
        limit: u32,
    ) -> Result<Vec<NumberedChange>, StoreError> {
        let sql = "SELECT number, customer, entered, cause, at_us FROM membership_change
                   WHERE segment = $1 AND number > $2 ORDER BY number LIMIT $3";
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let statement = Statement::new(READ, sql).bind(segment).bind(after).bind(i64::from(limit));
        statement.all(&mut *self.database.read().await?).await?.iter().map(numbered).collect()
    }

    async fn latest_membership_changes(
        &self,
        segment: &str,
        before: u64,
        limit: u32,
    ) -> Result<Vec<NumberedChange>, StoreError> {
        let sql = "SELECT number, customer, entered, cause, at_us FROM membership_change
                   WHERE segment = $1 AND number < $2 ORDER BY number DESC LIMIT $3";
        let before = i64::try_from(before).unwrap_or(i64::MAX);
        let statement = Statement::new(READ, sql).bind(segment).bind(before).bind(i64::from(limit));
        statement.all(&mut *self.database.read().await?).await?.iter().map(numbered).collect()
    }

    async fn prune_membership_changes(&self, before_us: i64) -> Result<u64, StoreError> {
        let sql = "DELETE FROM membership_change WHERE at_us < $1 AND number <= (
                       SELECT upto FROM membership_shard AS packed
                       WHERE packed.segment = membership_change.segment AND packed.shard = membership_change.shard)";
        let mut transaction = self.database.write().await?;
        let pruned = Statement::new("prune memberships", sql).bind(before_us).run(&mut transaction).await?;
        finish(transaction).await?;
        Ok(pruned)
    }

    async fn put_segment_sizes(&self, sizes: &[SegmentSize]) -> Result<(), StoreError> {
        if sizes.is_empty() {
            return Ok(());
        }
        let mut sizes: Vec<&SegmentSize> = sizes.iter().rev().collect();
        // A list may name a day once: the latest count, of two at one instant the last in the list.
        sizes.sort_by(|one, two| (&one.segment, one.day, two.at_us).cmp(&(&two.segment, two.day, one.at_us)));
        sizes.dedup_by_key(|size| (&size.segment, size.day));
        let mut transaction = self.database.write().await?;
        for (range, mut statement) in PUT_SIZES.statements(sizes.len()) {
            for size in &sizes[range] {
                statement.add(size.segment.as_str());
                statement.add(i64::from(size.day));
                statement.add(size.at_us);
                statement.add(size.size.cast_signed());
                statement.add(size.unknown.cast_signed());
            }
            statement.run(&mut transaction).await?;
        }
        finish(transaction).await
    }

    async fn segment_sizes(&self, segments: &[&str], from: i32, to: i32) -> Result<Vec<SegmentSize>, StoreError> {
        let mut snapshot = self.database.snapshot().await?;
        if segments.is_empty() {
            let sql = "SELECT segment, day, at_us, size, unknown FROM segment_size
                       WHERE day >= $1 AND day <= $2 ORDER BY segment, day";
            let statement = Statement::new(SIZES, sql).bind(i64::from(from)).bind(i64::from(to));
            return statement.all(&mut snapshot).await?.iter().map(size).collect();
        }
        let mut segments = segments.to_vec();
        segments.sort_unstable();
        segments.dedup();
        let mut found = Vec::new();
        for (range, mut statement) in SIZES_OF.statements(segments.len()) {
            for segment in &segments[range] {
                statement.add(*segment);
                statement.add(i64::from(from));
                statement.add(i64::from(to));
            }
            for row in statement.all(&mut snapshot).await? {
                found.push(size(&row)?);
            }
        }
        Ok(found)
    }
}

fn says_something(record: &MembershipRecord) -> bool {
    !record.changes.is_empty() || !record.packed.is_empty() || record.condition.is_some()
}

/// A segment recorded without ever a condition has an empty one, which is no other segment's: what was
/// recorded is read again, and found to be of another condition.
async fn note_segment(connection: &mut Connection, record: &MembershipRecord) -> Result<(), StoreError> {
    let sql = match record.condition {
        Some(_) => {
            "INSERT INTO membership (segment, condition) VALUES ($1, $2)
             ON CONFLICT (segment) DO UPDATE SET condition = excluded.condition"
        }
        None => "INSERT INTO membership (segment, condition) VALUES ($1, $2) ON CONFLICT (segment) DO NOTHING",
    };
    let statement = Statement::new(RECORD, sql).bind(record.segment.as_str());
    statement.bind(record.condition.as_deref().unwrap_or_default()).run(connection).await.map(drop)
}

/// Adds changes with the numbers after this one; returns the last of them.
async fn add_changes(connection: &mut Connection, record: &MembershipRecord, after: u64) -> Result<u64, StoreError> {
    let mut number = after;
    for (range, mut statement) in ADD_CHANGES.statements(record.changes.len()) {
        for change in &record.changes[range] {
            number += 1;
            statement.add(number.cast_signed());
            statement.add(record.segment.as_str());
            statement.add(i64::from(change.customer.shard()));
            statement.add(change.customer.0.cast_signed());
            statement.add(i64::from(change.entered));
            statement.add(change.cause.as_str());
            statement.add(change.at_us);
        }
        statement.run(connection).await?;
    }
    Ok(number)
}

/// One statement a shard: its members may be large.
async fn pack(connection: &mut Connection, record: &MembershipRecord, upto: u64) -> Result<(), StoreError> {
    let sql = "INSERT INTO membership_shard (segment, shard, upto, members) VALUES ($1, $2, $3, $4)
               ON CONFLICT (segment, shard) DO UPDATE SET upto = excluded.upto, members = excluded.members";
    for (shard, members) in &record.packed {
        let statement = Statement::new(RECORD, sql).bind(record.segment.as_str()).bind(i64::from(*shard));
        statement.number(upto).bind(members.clone()).run(connection).await?;
    }
    Ok(())
}

fn numbered(row: &Answer) -> Result<NumberedChange, StoreError> {
    let word: String = row.get(3)?;
    let cause = MembershipCause::ALL.into_iter().find(|cause| cause.as_str() == word);
    let change = MembershipChange {
        customer: CustomerId(row.unsigned(1)?),
        entered: row.get::<i64>(2)? == 1,
        cause: cause.ok_or_else(|| other(READ, format!("{word:?} is no cause of a change")))?,
        at_us: row.get(4)?,
    };
    Ok(NumberedChange { number: row.unsigned(0)?, change })
}

fn size(row: &Answer) -> Result<SegmentSize, StoreError> {
    Ok(SegmentSize {
        segment: row.get(0)?,
        day: row.small(1)?,
        at_us: row.get(2)?,
        size: row.unsigned(3)?,
        unknown: row.unsigned(4)?,
    })
}

/// Changes are bound seven arguments a row: within SQLite's 32,766.
const _: () = assert!(ADD_CHANGES.columns * CHUNK_ROWS < 32_766);
