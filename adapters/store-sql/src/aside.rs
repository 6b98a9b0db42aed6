//! Schemas of events, and messages that do not fit theirs.

use crate::bulk::Bulk;
use crate::connection::Connection;
use crate::statement::{Answer, Statement};
use perennial_model::Mid;
use perennial_ports::{AsideMessage, AsideReason, StoreError, StoredSchema};

pub(crate) async fn save_schema(
    connection: &mut Connection,
    event: &str,
    at_us: i64,
    json: &str,
) -> Result<u64, StoreError> {
    let sql = "INSERT INTO event_schema (event, version, at_us, json)
               SELECT $1, COALESCE(MAX(version), 0) + 1, $2, $3 FROM event_schema WHERE event = $1
               RETURNING version";
    let statement = Statement::new("save a schema", sql).bind(event).bind(at_us).bind(json);
    statement.one(connection).await?.unsigned(0)
}

pub(crate) async fn schemas(connection: &mut Connection) -> Result<Vec<StoredSchema>, StoreError> {
    let sql = "SELECT event, version, at_us, json FROM event_schema AS one
               WHERE version = (SELECT MAX(version) FROM event_schema AS other WHERE other.event = one.event)
               ORDER BY event";
    let schema = |row: &Answer| {
        Ok(StoredSchema { event: row.get(0)?, version: row.unsigned(1)?, at_us: row.get(2)?, json: row.get(3)? })
    };
    Statement::new("list schemas", sql).all(connection).await?.iter().map(schema).collect()
}

/// The caller's transaction ends without a trace where there are too many.
pub(crate) async fn set(connection: &mut Connection, messages: &[AsideMessage], most: u64) -> Result<(), StoreError> {
    let sql = "INSERT INTO aside_message (mid, event, source, reason, message, time_us, received_us)
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (mid) DO NOTHING";
    let key_sql = "INSERT INTO aside_key (hash, mid) VALUES ($1, $2) ON CONFLICT (hash, mid) DO NOTHING";
    for message in messages {
        let statement = Statement::new("keep a message aside", sql).number(message.mid.0);
        let statement = statement.bind(message.event.as_str()).bind(message.source.as_str());
        let statement = statement.bind(message.reason.as_str()).bind(message.text.as_str());
        if statement.bind(message.time_us).bind(message.received_us).run(connection).await? == 0 {
            continue;
        }
        for key in &message.keys {
            let statement = Statement::new("keep a message aside", key_sql).bind(key.to_vec());
            statement.number(message.mid.0).run(connection).await?;
        }
    }
    if count(connection).await? > most {
        return Err(StoreError::AsideFull { limit: most });
    }
    Ok(())
}

pub(crate) async fn after(
    connection: &mut Connection,
    after: Option<Mid>,
    limit: u32,
) -> Result<Vec<AsideMessage>, StoreError> {
    let sql = "SELECT mid, event, source, reason, message, time_us, received_us FROM aside_message
               WHERE mid > $1 OR $2 = 1 ORDER BY mid LIMIT $3";
    let statement = Statement::new("list messages kept aside", sql);
    let statement = statement.number(after.map_or(0, |mid| mid.0)).bind(i64::from(after.is_none()));
    statement.bind(i64::from(limit)).all(connection).await?.iter().map(message).collect()
}

fn message(row: &Answer) -> Result<AsideMessage, StoreError> {
    Ok(AsideMessage {
        mid: Mid(row.unsigned(0)?),
        event: row.get(1)?,
        source: row.get(2)?,
        reason: row.get(3)?,
        text: row.get(4)?,
        time_us: row.get(5)?,
        received_us: row.get(6)?,
        keys: Vec::new(),
    })
}

/// Those that hold one of the keys, by mid.
pub(crate) async fn of_keys(connection: &mut Connection, keys: &[[u8; 16]]) -> Result<Vec<AsideMessage>, StoreError> {
    const OF_KEYS: Bulk = Bulk {
        action: "list messages kept aside",
        before: "SELECT mid, event, source, reason, message, time_us, received_us FROM aside_message
                 WHERE mid IN (SELECT mid FROM aside_key WHERE hash IN (VALUES ",
        after: "))",
        word: "",
        columns: 1,
        numbered: false,
    };
    let mut found = Vec::new();
    for (range, mut statement) in OF_KEYS.statements(keys.len()) {
        for key in &keys[range] {
            statement.add(key.to_vec());
        }
        for row in statement.all(connection).await? {
            found.push(message(&row)?);
        }
    }
    found.sort_by_key(|message| message.mid);
    found.dedup_by_key(|message| message.mid);
    Ok(found)
}

pub(crate) async fn count(connection: &mut Connection) -> Result<u64, StoreError> {
    Statement::new("count messages kept aside", "SELECT COUNT(*) FROM aside_message").one(connection).await?.unsigned(0)
}

pub(crate) async fn reasons(connection: &mut Connection, most: u32) -> Result<Vec<AsideReason>, StoreError> {
    let sql = "SELECT event, reason, COUNT(*), MIN(received_us), MAX(received_us) FROM aside_message
               GROUP BY event, reason ORDER BY COUNT(*) DESC, event, reason LIMIT $1";
    let reason = |row: &Answer| {
        Ok(AsideReason {
            event: row.get(0)?,
            reason: row.get(1)?,
            messages: row.unsigned(2)?,
            first_us: row.get(3)?,
            last_us: row.get(4)?,
        })
    };
    let statement = Statement::new("count reasons of messages kept aside", sql).bind(i64::from(most));
    statement.all(connection).await?.iter().map(reason).collect()
}

pub(crate) async fn remove(connection: &mut Connection, mids: &[Mid]) -> Result<(), StoreError> {
    for before in ["DELETE FROM aside_message WHERE mid IN (VALUES ", "DELETE FROM aside_key WHERE mid IN (VALUES "] {
        let action = "let go of messages kept aside";
        let bulk = Bulk { action, before, after: ")", word: "", columns: 1, numbered: false };
        bulk.run_over(connection, mids.iter().map(|mid| mid.0)).await?;
    }
    Ok(())
}

/// Messages with one of these keys go; the file is wiped by the erasure that asks for it.
pub(crate) async fn erase(connection: &mut Connection, keys: &[[u8; 16]]) -> Result<(), StoreError> {
    const MESSAGES: Bulk = Bulk {
        action: "erase messages kept aside",
        before: "DELETE FROM aside_message WHERE mid IN (SELECT mid FROM aside_key WHERE hash IN (VALUES ",
        after: "))",
        word: "",
        columns: 1,
        numbered: false,
    };
    if keys.is_empty() {
        return Ok(());
    }
    for (range, mut statement) in MESSAGES.statements(keys.len()) {
        for key in &keys[range] {
            statement.add(key.to_vec());
        }
        statement.run(connection).await?;
    }
    let sql = "DELETE FROM aside_key WHERE mid NOT IN (SELECT mid FROM aside_message)";
    Statement::new("erase messages kept aside", sql).run(connection).await.map(drop)
}
