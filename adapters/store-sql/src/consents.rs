//! Changes of consent.

use crate::bulk::Bulk;
use crate::connection::{Connection, finish};
use crate::error::other;
use crate::statement::{Answer, Statement};
use crate::store::SqlStore;
use async_trait::async_trait;
use perennial_model::{ConsentChannel, ConsentRecord, CustomerId, Mid, Purpose};
use perennial_ports::{Consents, StoreError};

const LIST: &str = "list changes of consent";

const ADD: Bulk = Bulk {
    action: "add changes of consent",
    before: "INSERT INTO consent (profile, mid, purpose, channel, given, at_us, recorded_us, source,
                                  wording_version, ip, evidence) VALUES ",
    after: " ON CONFLICT (profile, mid) DO NOTHING",
    word: "",
    columns: 11,
    numbered: false,
};

const OF_PROFILES: Bulk = Bulk {
    action: LIST,
    before: "WITH wanted (profile) AS (VALUES ",
    after: ") SELECT consent.profile, mid, purpose, channel, given, at_us, recorded_us, source,
                     wording_version, ip, evidence
             FROM wanted CROSS JOIN consent WHERE consent.profile = wanted.profile",
    word: "",
    columns: 1,
    numbered: false,
};

#[async_trait]
impl Consents for SqlStore {
    async fn add_consents(&self, records: &[ConsentRecord]) -> Result<(), StoreError> {
        if records.is_empty() {
            return Ok(());
        }
        let mut transaction = self.database.write().await?;
        add(&mut transaction, records).await?;
        finish(transaction).await
    }

    async fn consents_of(&self, profiles: &[CustomerId]) -> Result<Vec<ConsentRecord>, StoreError> {
        let mut snapshot = self.database.snapshot().await?;
        let mut records = Vec::new();
        for (range, mut statement) in OF_PROFILES.statements(profiles.len()) {
            for profile in &profiles[range] {
                statement.add(profile.0.cast_signed());
            }
            for row in statement.all(&mut snapshot).await? {
                records.push(record(&row)?);
            }
        }
        records.sort_by_key(|record| (record.at_us, record.profile, record.mid));
        Ok(records)
    }

    async fn has_consents(&self) -> Result<bool, StoreError> {
        let mut connection = self.database.read().await?;
        let statement = Statement::new("look for changes of consent", "SELECT profile FROM consent LIMIT 1");
        Ok(statement.optional(&mut connection).await?.is_some())
    }
}

/// Adds changes in the order of the table's key, so that its tree grows at one place.
pub(crate) async fn add(connection: &mut Connection, records: &[ConsentRecord]) -> Result<(), StoreError> {
    let mut records: Vec<&ConsentRecord> = records.iter().collect();
    // Stable, so that of two with one mid the first in the list stays.
    records.sort_by_key(|record| (record.profile, record.mid.0.cast_signed()));
    records.dedup_by_key(|record| (record.profile, record.mid));
    for (range, mut statement) in ADD.statements(records.len()) {
        for record in &records[range] {
            statement.add(record.profile.0.cast_signed());
            statement.add(record.mid.0.cast_signed());
            statement.add(record.purpose.as_str());
            statement.add(record.channel.as_str());
            statement.add(i64::from(record.given));
            statement.add(record.at_us);
            statement.add(record.recorded_us);
            statement.add(record.source.as_str());
            statement.add(record.wording_version.as_deref());
            statement.add(record.ip.as_deref());
            statement.add(record.evidence.as_deref());
        }
        statement.run(connection).await?;
    }
    Ok(())
}

fn record(row: &Answer) -> Result<ConsentRecord, StoreError> {
    let (purpose, channel): (String, String) = (row.get(2)?, row.get(3)?);
    Ok(ConsentRecord {
        profile: CustomerId(row.unsigned(0)?),
        mid: Mid(row.unsigned(1)?),
        purpose: Purpose::new(&purpose).ok_or_else(|| other(LIST, format!("{purpose:?} is no purpose")))?,
        channel: ConsentChannel::parse(&channel).ok_or_else(|| other(LIST, format!("{channel:?} is no channel")))?,
        given: row.get::<i64>(4)? == 1,
        at_us: row.get(5)?,
        recorded_us: row.get(6)?,
        source: row.get(7)?,
        wording_version: row.get(8)?,
        ip: row.get(9)?,
        evidence: row.get(10)?,
    })
}

/// Consents are bound eleven arguments a row: within SQLite's 32,766.
const _: () = assert!(ADD.columns * crate::bulk::CHUNK_ROWS < 32_766);
