//! All about one customer as one ZIP file (mechanism 4.12): to read, to check, to take elsewhere.
//!
//! It is made in memory and handed over; nothing of it stays on the server's disk.

mod index;
mod readme;
mod row;

use index::{File, Index};
use perennial_fold::{Column, ColumnSpec, Instant, Revenue};
use perennial_model::{ConsentRecord, CustomerId, consents_named, deciding};
use perennial_ports::{AsideMessage, BrandSettings, IdentityBinding, JournalEntry, MergeSuggestion, StoreError};
use perennial_query::{CustomerEvents, QueryError};
use perennial_timeline::{Snapshot, Timeline, TimelineError};
use serde_json::{Value, json};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipWriter, result::ZipError};

pub use row::row_values;

/// A customer's row of the customer table: what the columns are, and their values.
#[derive(Debug, Clone)]
pub struct CustomerRow {
    /// What each column is.
    pub specs: Vec<ColumnSpec>,
    /// Its value, one of each.
    pub values: Vec<Column>,
}

/// Why there is no archive.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// Erased meanwhile, or never there.
    #[error("there is no customer {0}")]
    NoSuchCustomer(u64),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The timeline failed.
    #[error(transparent)]
    Timeline(#[from] TimelineError),
    /// Events could not be written.
    #[error(transparent)]
    Events(#[from] QueryError),
    /// The archive could not be written.
    #[error("the archive cannot be written: {0}")]
    Zip(#[from] ZipError),
    /// The same, below.
    #[error("the archive cannot be written: {0}")]
    Write(#[from] std::io::Error),
    /// The task ended without a result.
    #[error("the archive was not finished: try again")]
    Stopped,
}

/// What goes into it beside the events.
struct Gathered {
    customer: CustomerId,
    profiles: Vec<CustomerId>,
    keys: Vec<IdentityBinding>,
    journal: Vec<JournalEntry>,
    suggestions: Vec<MergeSuggestion>,
    consents: Vec<ConsentRecord>,
    aside: Vec<AsideMessage>,
    row: Option<CustomerRow>,
    settings: BrandSettings,
    now_us: i64,
}

/// The archive of the customer of a profile, as the bytes of a ZIP file.
///
/// # Errors
/// [`ArchiveError`].
pub async fn archive(
    timeline: &Timeline,
    profile: CustomerId,
    row: Option<CustomerRow>,
    settings: BrandSettings,
    now_us: i64,
) -> Result<Vec<u8>, ArchiveError> {
    // Nothing is archived of somebody who is erased meanwhile.
    let _hold = timeline.hold_off_erasure().await;
    let gathered = gather(timeline, profile, row, settings, now_us).await?;
    let snapshot = timeline.snapshot().await?;
    let written = tokio::task::spawn_blocking(move || write(&gathered, snapshot)).await;
    written.map_err(|_| ArchiveError::Stopped)?
}

async fn gather(
    timeline: &Timeline,
    profile: CustomerId,
    row: Option<CustomerRow>,
    settings: BrandSettings,
    now_us: i64,
) -> Result<Gathered, ArchiveError> {
    let (store, customer) = (timeline.store(), timeline.customer_of(profile));
    let profiles = timeline.profiles_of(customer);
    let keys = store.identities_of(&profiles).await?;
    if keys.is_empty() || !customer.is_identified() {
        return Err(ArchiveError::NoSuchCustomer(profile.0));
    }
    let hashes: Vec<[u8; 16]> = keys.iter().map(|held| timeline.meta().hash_key.suppression(&held.key)).collect();
    Ok(Gathered {
        customer,
        journal: store.journal_of(&profiles).await?,
        suggestions: store.suggestions_of(&profiles).await?,
        consents: store.consents_of(&profiles).await?,
        aside: store.aside_of(&hashes).await?,
        profiles,
        keys,
        row,
        settings,
        now_us,
    })
}

/// Writes files one after the other and remembers what they are.
struct Writer {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    index: Index,
}

impl Writer {
    fn begin(&mut self, name: &str) -> Result<(), ArchiveError> {
        let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        Ok(self.zip.start_file(name, options)?)
    }

    /// A file of JSON.
    fn json(&mut self, file: File, value: &Value) -> Result<(), ArchiveError> {
        self.begin(&file.name)?;
        serde_json::to_writer_pretty(&mut self.zip, value).map_err(std::io::Error::from)?;
        self.zip.write_all(b"\n")?;
        self.index.files.push(file);
        Ok(())
    }
}

fn write(gathered: &Gathered, snapshot: Snapshot) -> Result<Vec<u8>, ArchiveError> {
    let mut writer = Writer { zip: ZipWriter::new(Cursor::new(Vec::new())), index: Index::new(gathered) };
    identities(&mut writer, gathered)?;
    consents(&mut writer, gathered)?;
    columns(&mut writer, gathered)?;
    events(&mut writer, gathered, snapshot)?;
    aside(&mut writer, gathered)?;
    let index = serde_json::to_value(&writer.index).map_err(std::io::Error::from)?;
    writer.begin("index.json")?;
    serde_json::to_writer_pretty(&mut writer.zip, &index).map_err(std::io::Error::from)?;
    for (name, text) in readme::of(gathered, &writer.index) {
        writer.begin(name)?;
        writer.zip.write_all(text.as_bytes())?;
    }
    Ok(writer.zip.finish()?.into_inner())
}

fn identities(writer: &mut Writer, gathered: &Gathered) -> Result<(), ArchiveError> {
    let key = |held: &IdentityBinding| json!({ "kind": held.key.kind.as_str(), "value": held.key.value });
    let profile = |profile: &CustomerId| {
        let keys: Vec<Value> = gathered.keys.iter().filter(|held| held.profile == *profile).map(key).collect();
        json!({ "profile_id": profile.0.to_string(), "keys": keys })
    };
    let profiles: Vec<Value> = gathered.profiles.iter().map(profile).collect();
    writer.json(index::identities(gathered.keys.len()), &json!({ "profiles": profiles }))?;
    let entry = |entry: &JournalEntry| {
        json!({
            "entry_id": entry.entry_id, "at": instant(entry.at_us), "from_profile_id": entry.from.0.to_string(),
            "into_profile_id": entry.into.0.to_string(), "reason": entry.reason,
            "undone_at": entry.undone_at_us.map(instant),
        })
    };
    // Of others only the number is told: what else is known of them is theirs.
    let told = |told: &MergeSuggestion| {
        json!({
            "suggestion_id": told.suggestion_id, "one": told.one.0.to_string(), "other": told.other.0.to_string(),
            "reason": told.reason.as_str(), "first_at": instant(told.first_at_us), "last_at": instant(told.last_at_us),
            "times_seen": told.times_seen,
        })
    };
    let merges: Vec<Value> = gathered.journal.iter().map(entry).collect();
    let suggestions: Vec<Value> = gathered.suggestions.iter().map(told).collect();
    let rows = merges.len() + suggestions.len();
    writer.json(index::merges(rows), &json!({ "merges": merges, "suggestions": suggestions }))
}

fn consents(writer: &mut Writer, gathered: &Gathered) -> Result<(), ArchiveError> {
    let standing = consents_named(&gathered.consents).into_iter().filter_map(|(purpose, channel)| {
        let last = deciding(&gathered.consents, &purpose, channel, i64::MAX)?;
        let (purpose, channel, state) = (purpose.as_str(), channel.as_str(), last.state().as_str());
        Some(json!({ "purpose": purpose, "channel": channel, "state": state, "since": instant(last.at_us) }))
    });
    let change = |record: &ConsentRecord| {
        json!({
            "at": instant(record.at_us), "recorded_at": instant(record.recorded_us),
            "purpose": record.purpose.as_str(), "channel": record.channel.as_str(), "state": record.state().as_str(),
            "source": record.source, "wording_version": record.wording_version, "ip": record.ip,
            "evidence": record.evidence,
        })
    };
    let standing: Vec<Value> = standing.collect();
    let history: Vec<Value> = gathered.consents.iter().map(change).collect();
    writer.json(index::consents(history.len()), &json!({ "standing": standing, "history": history }))
}

fn columns(writer: &mut Writer, gathered: &Gathered) -> Result<(), ArchiveError> {
    let values = gathered.row.as_ref().map(row_values).unwrap_or_default();
    writer.json(index::customer(values.len()), &Value::Array(values))
}

fn events(writer: &mut Writer, gathered: &Gathered, snapshot: Snapshot) -> Result<(), ArchiveError> {
    // Also what clients date ahead.
    let instant = Instant::new(i64::MAX, gathered.settings.zone.clone(), Revenue::Net);
    let events = CustomerEvents::new(snapshot, gathered.customer, &instant, gathered.settings.currency);
    writer.begin("events.jsonl")?;
    let rows = events.write_json_lines(&mut writer.zip)?;
    writer.begin("events.csv")?;
    events.write_csv(&mut writer.zip)?;
    writer.index.files.extend(index::events(rows, events.columns()));
    Ok(())
}

fn aside(writer: &mut Writer, gathered: &Gathered) -> Result<(), ArchiveError> {
    writer.begin("messages_kept_aside.jsonl")?;
    for message in &gathered.aside {
        let text: Value = serde_json::from_str(&message.text).unwrap_or_else(|_| json!(message.text));
        let line = json!({
            "event": message.event, "source": message.source, "time": instant(message.time_us),
            "received": instant(message.received_us), "reason": message.reason, "message": text,
        });
        writer.zip.write_all(format!("{line}\n").as_bytes())?;
    }
    writer.index.files.push(index::aside(gathered.aside.len()));
    Ok(())
}

/// RFC 3339 in UTC.
fn instant(at_us: i64) -> String {
    let at = chrono::DateTime::from_timestamp_micros(at_us);
    at.map_or_else(String::new, |at| at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true))
}
