//! Lists and tags, and who is in them.

use crate::accounts::audit;
use crate::bulk::{Bulk, CHUNK_ROWS};
use crate::connection::{Connection, finish};
use crate::database::{advance, counter};
use crate::error::other;
use crate::statement::{Answer, Statement};
use crate::store::SqlStore;
use async_trait::async_trait;
use perennial_model::CustomerId;
use perennial_ports::{CustomerGroup, CustomerGroups, GroupChange, GroupKind, NewAuditEntry, StoreError};
use std::collections::BTreeSet;

/// Advanced by every change of a group or of its members.
const VERSION: &str = "group_version";
const LIST: &str = "list groups";
const REMOVE: &str = "remove a group";
const CHANGE: &str = "change a group";

/// Who is in it stays, with the instant at which it was put in.
const ADD: Bulk = Bulk {
    action: CHANGE,
    before: "INSERT INTO customer_group_member (kind, name, profile, at_us) VALUES ",
    after: " ON CONFLICT (kind, name, profile) DO NOTHING",
    word: "",
    columns: 4,
    numbered: false,
};

const TAKE_OUT: Bulk = Bulk {
    action: CHANGE,
    before: "DELETE FROM customer_group_member WHERE (kind, name, profile) IN (VALUES ",
    after: ")",
    word: "",
    columns: 3,
    numbered: false,
};

const OF_PROFILES: Bulk = Bulk {
    action: LIST,
    before: "WITH wanted (profile) AS (VALUES ",
    after: ") SELECT member.kind, member.name, member.profile, member.at_us
             FROM wanted CROSS JOIN customer_group_member AS member WHERE member.profile = wanted.profile",
    word: "",
    columns: 1,
    numbered: false,
};

const ERASE: Bulk = Bulk {
    action: "erase profiles",
    before: "DELETE FROM customer_group_member WHERE profile IN (VALUES ",
    after: ")",
    word: "",
    columns: 1,
    numbered: false,
};

#[async_trait]
impl CustomerGroups for SqlStore {
    async fn groups(&self) -> Result<Vec<CustomerGroup>, StoreError> {
        let sql = "SELECT kind, name, description, at_us, (
                       SELECT COUNT(*) FROM customer_group_member AS member
                       WHERE member.kind = customer_group.kind AND member.name = customer_group.name
                   ) FROM customer_group ORDER BY kind, name";
        Statement::new(LIST, sql).all(&mut *self.database.read().await?).await?.iter().map(group).collect()
    }

    async fn save_group(
        &self,
        kind: GroupKind,
        name: &str,
        description: Option<&str>,
        at_us: i64,
        audit: &NewAuditEntry,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO customer_group (kind, name, description, at_us) VALUES ($1, $2, $3, $4)
                   ON CONFLICT (kind, name) DO UPDATE SET description = excluded.description";
        let mut transaction = self.database.write().await?;
        let statement = Statement::new("save a group", sql).bind(kind.as_str()).bind(name);
        statement.bind(description).bind(at_us).run(&mut transaction).await?;
        advance(&mut transaction, VERSION, 1).await?;
        audit::add(&mut transaction, audit).await?;
        finish(transaction).await
    }

    async fn remove_group(&self, kind: GroupKind, name: &str, audit: &NewAuditEntry) -> Result<bool, StoreError> {
        let mut transaction = self.database.write().await?;
        let sql = "DELETE FROM customer_group WHERE kind = $1 AND name = $2";
        let statement = Statement::new(REMOVE, sql).bind(kind.as_str()).bind(name);
        if statement.run(&mut transaction).await? == 0 {
            return Ok(false);
        }
        let sql = "DELETE FROM customer_group_member WHERE kind = $1 AND name = $2";
        Statement::new(REMOVE, sql).bind(kind.as_str()).bind(name).run(&mut transaction).await?;
        advance(&mut transaction, VERSION, 1).await?;
        audit::add(&mut transaction, audit).await?;
        finish(transaction).await?;
        Ok(true)
    }

    async fn change_group(&self, change: &GroupChange) -> Result<(u64, u64), StoreError> {
        let mut transaction = self.database.write().await?;
        let made = make(&mut transaction, change).await?;
        let gone: BTreeSet<CustomerId> = change.remove.iter().copied().collect();
        let come: BTreeSet<CustomerId> = change.add.iter().copied().filter(|profile| !gone.contains(profile)).collect();
        let added = put_in(&mut transaction, change, come).await?;
        let removed = take_out(&mut transaction, change, gone).await?;
        if made || added + removed > 0 {
            advance(&mut transaction, VERSION, 1).await?;
        }
        audit::add(&mut transaction, &change.audit).await?;
        finish(transaction).await?;
        Ok((added, removed))
    }

    async fn group_members(&self, kind: GroupKind, name: &str) -> Result<Vec<CustomerId>, StoreError> {
        let sql = "SELECT profile FROM customer_group_member WHERE kind = $1 AND name = $2 ORDER BY profile";
        let statement = Statement::new("list members of a group", sql).bind(kind.as_str()).bind(name);
        let rows = statement.all(&mut *self.database.read().await?).await?;
        rows.iter().map(|row| row.unsigned(0).map(CustomerId)).collect()
    }

    async fn groups_of(
        &self,
        profiles: &[CustomerId],
    ) -> Result<Vec<(GroupKind, String, CustomerId, i64)>, StoreError> {
        let mut snapshot = self.database.snapshot().await?;
        let rows = OF_PROFILES.all_of(&mut snapshot, profiles.iter().map(|profile| profile.0)).await?;
        let mut found = rows.iter().map(membership).collect::<Result<Vec<_>, _>>()?;
        // A profile may be asked for twice.
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    async fn groups_version(&self) -> Result<u64, StoreError> {
        counter(&mut *self.database.read().await?, VERSION).await
    }
}

/// Makes the group where there is none; whether there was none.
async fn make(connection: &mut Connection, change: &GroupChange) -> Result<bool, StoreError> {
    let sql = "INSERT INTO customer_group (kind, name, at_us) VALUES ($1, $2, $3)
               ON CONFLICT (kind, name) DO NOTHING";
    let statement = Statement::new(CHANGE, sql).bind(change.kind.as_str()).bind(change.name.as_str());
    Ok(statement.bind(change.at_us).run(connection).await? == 1)
}

/// In the order of the table's key, so that its tree grows at one place; how many were not in it.
async fn put_in(
    connection: &mut Connection,
    change: &GroupChange,
    profiles: BTreeSet<CustomerId>,
) -> Result<u64, StoreError> {
    let (profiles, mut added): (Vec<CustomerId>, u64) = (profiles.into_iter().collect(), 0);
    for (range, mut statement) in ADD.statements(profiles.len()) {
        for profile in &profiles[range] {
            statement.add(change.kind.as_str());
            statement.add(change.name.as_str());
            statement.add(profile.0.cast_signed());
            statement.add(change.at_us);
        }
        added += statement.run(connection).await?;
    }
    Ok(added)
}

/// How many were in it.
async fn take_out(
    connection: &mut Connection,
    change: &GroupChange,
    profiles: BTreeSet<CustomerId>,
) -> Result<u64, StoreError> {
    let (profiles, mut removed): (Vec<CustomerId>, u64) = (profiles.into_iter().collect(), 0);
    for (range, mut statement) in TAKE_OUT.statements(profiles.len()) {
        for profile in &profiles[range] {
            statement.add(change.kind.as_str());
            statement.add(change.name.as_str());
            statement.add(profile.0.cast_signed());
        }
        removed += statement.run(connection).await?;
    }
    Ok(removed)
}

/// Takes profiles out of all groups, within the transaction that erases them.
pub(crate) async fn erase(
    connection: &mut Connection,
    profiles: impl ExactSizeIterator<Item = u64> + Send,
) -> Result<(), StoreError> {
    if ERASE.run_over(connection, profiles).await? > 0 {
        advance(connection, VERSION, 1).await?;
    }
    Ok(())
}

fn group(row: &Answer) -> Result<CustomerGroup, StoreError> {
    Ok(CustomerGroup {
        kind: kind(row.get(0)?)?,
        name: row.get(1)?,
        description: row.get(2)?,
        at_us: row.get(3)?,
        profiles: row.unsigned(4)?,
    })
}

fn membership(row: &Answer) -> Result<(GroupKind, String, CustomerId, i64), StoreError> {
    Ok((kind(row.get(0)?)?, row.get(1)?, CustomerId(row.unsigned(2)?), row.get(3)?))
}

fn kind(word: String) -> Result<GroupKind, StoreError> {
    let kind = GroupKind::ALL.into_iter().find(|kind| kind.as_str() == word);
    kind.ok_or_else(|| other(LIST, format!("{word:?} is no kind of group")))
}

/// Members are bound four arguments a row: within SQLite's 32,766.
const _: () = assert!(ADD.columns * CHUNK_ROWS < 32_766);
