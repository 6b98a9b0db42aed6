//! What a person should decide about customers, and the names seen with phones.

use crate::bulk::Bulk;
use crate::connection::Connection;
use crate::database::advance;
use crate::error::other;
use crate::statement::{Answer, Statement};
use perennial_model::{CustomerId, IdentityKind};
use perennial_ports::{Decision, MergeSuggestion, PhoneName, StoreError, SuggestionSeen};

/// The last suggestion's number.
const SUGGESTION: &str = "suggestion";
const LIST: &str = "list suggestions of merges";

const NOTE_NAMES: Bulk = Bulk {
    action: "note names of phones",
    before: "INSERT INTO phone_name (phone, name) SELECT added.column1, added.column2 FROM (VALUES ",
    after: ") AS added WHERE true ON CONFLICT (phone, name) DO NOTHING",
    word: "",
    columns: 2,
    numbered: false,
};

const FIND_NAMES: Bulk = Bulk {
    action: "find names of phones",
    before: "WITH wanted (phone) AS (VALUES ",
    after: ") SELECT phone_name.phone, phone_name.name
             FROM wanted CROSS JOIN phone_name WHERE phone_name.phone = wanted.phone",
    word: "",
    columns: 1,
    numbered: false,
};

const FORGET_NAMES: Bulk = Bulk {
    action: "erase names of phones",
    before: "DELETE FROM phone_name WHERE phone IN (VALUES ",
    after: ")",
    word: "",
    columns: 1,
    numbered: false,
};

const OF_PROFILES: Bulk = Bulk {
    action: LIST,
    before: "WITH wanted (profile) AS (VALUES ",
    after: ") SELECT suggestion_id, one, other, reason, first_at_us, last_at_us, times_seen, decision, decided_at_us
             FROM wanted CROSS JOIN merge_suggestion WHERE one = wanted.profile
             UNION SELECT suggestion_id, one, other, reason, first_at_us, last_at_us, times_seen, decision, decided_at_us
             FROM wanted CROSS JOIN merge_suggestion WHERE other = wanted.profile",
    word: "",
    columns: 1,
    numbered: false,
};

/// Notes names, in the order of the table's key.
pub(crate) async fn note_names(connection: &mut Connection, names: &[PhoneName]) -> Result<(), StoreError> {
    let mut names = names.to_vec();
    names.sort_unstable();
    names.dedup();
    for (range, mut statement) in NOTE_NAMES.statements(names.len()) {
        for name in &names[range] {
            statement.add(name.phone.to_vec());
            statement.add(name.name.cast_signed());
        }
        statement.run(connection).await?;
    }
    Ok(())
}

/// All names of these phones.
pub(crate) async fn names(connection: &mut Connection, phones: &[[u8; 16]]) -> Result<Vec<PhoneName>, StoreError> {
    let mut found = Vec::new();
    for (range, mut statement) in FIND_NAMES.statements(phones.len()) {
        for phone in &phones[range] {
            statement.add(phone.to_vec());
        }
        for row in statement.all(connection).await? {
            let phone: Vec<u8> = row.get(0)?;
            let phone = phone.try_into().map_err(|_| other(FIND_NAMES.action, "a hash has not 16 bytes"))?;
            found.push(PhoneName { phone, name: row.unsigned(1)? });
        }
    }
    Ok(found)
}

/// Forgets all names of these phones.
pub(crate) async fn forget_names(connection: &mut Connection, phones: &[[u8; 16]]) -> Result<(), StoreError> {
    for (range, mut statement) in FORGET_NAMES.statements(phones.len()) {
        for phone in &phones[range] {
            statement.add(phone.to_vec());
        }
        statement.run(connection).await?;
    }
    Ok(())
}

/// Notes signs that customers may be one.
pub(crate) async fn note(connection: &mut Connection, seen: &[SuggestionSeen]) -> Result<(), StoreError> {
    let sql = "INSERT INTO merge_suggestion (one, other, suggestion_id, reason, first_at_us, last_at_us, times_seen)
               VALUES ($1, $2, $3, $4, $5, $5, $6)
               ON CONFLICT (one, other) DO UPDATE SET
                   last_at_us = excluded.last_at_us, times_seen = merge_suggestion.times_seen + excluded.times_seen";
    for sign in seen {
        let number = advance(connection, SUGGESTION, 1).await?;
        Statement::new("note a suggestion of a merge", sql)
            .number(sign.one.min(sign.other).0)
            .number(sign.one.max(sign.other).0)
            .number(number)
            .bind(sign.reason.as_str())
            .bind(sign.at_us)
            .number(sign.times)
            .run(connection)
            .await?;
    }
    Ok(())
}

/// All suggestions, oldest first.
pub(crate) async fn list(connection: &mut Connection) -> Result<Vec<MergeSuggestion>, StoreError> {
    let sql = "SELECT suggestion_id, one, other, reason, first_at_us, last_at_us, times_seen, decision, decided_at_us
               FROM merge_suggestion ORDER BY suggestion_id";
    Statement::new(LIST, sql).all(connection).await?.iter().map(suggestion).collect()
}

/// Suggestions that name one of these profiles, oldest first.
pub(crate) async fn of_profiles(
    connection: &mut Connection,
    profiles: &[CustomerId],
) -> Result<Vec<MergeSuggestion>, StoreError> {
    let rows = OF_PROFILES.all_of(connection, profiles.iter().map(|profile| profile.0)).await?;
    let mut found = rows.iter().map(suggestion).collect::<Result<Vec<_>, _>>()?;
    // Both of one may be asked for in different statements.
    found.sort_unstable_by_key(|told| told.suggestion_id);
    found.dedup_by_key(|told| told.suggestion_id);
    Ok(found)
}

fn suggestion(row: &Answer) -> Result<MergeSuggestion, StoreError> {
    let word: String = row.get(3)?;
    let reason =
        IdentityKind::parse(&word).ok_or_else(|| other(LIST, format!("{word:?} is not a kind of identity")))?;
    let decision = match row.get::<Option<i64>>(7)? {
        None => None,
        Some(1) => Some(Decision::Merged),
        Some(2) => Some(Decision::Rejected),
        Some(number) => return Err(other(LIST, format!("{number} is no decision"))),
    };
    Ok(MergeSuggestion {
        suggestion_id: row.unsigned(0)?,
        one: CustomerId(row.unsigned(1)?),
        other: CustomerId(row.unsigned(2)?),
        reason,
        first_at_us: row.get(4)?,
        last_at_us: row.get(5)?,
        times_seen: row.unsigned(6)?,
        decided: decision.zip(row.get::<Option<i64>>(8)?),
    })
}

/// Closes a suggestion; whether it was open.
pub(crate) async fn decide(
    connection: &mut Connection,
    suggestion_id: u64,
    decision: Decision,
    at_us: i64,
) -> Result<bool, StoreError> {
    let sql = "UPDATE merge_suggestion SET decision = $1, decided_at_us = $2
               WHERE suggestion_id = $3 AND decision IS NULL";
    let number: i64 = match decision {
        Decision::Merged => 1,
        Decision::Rejected => 2,
    };
    let statement = Statement::new("decide a suggestion of a merge", sql);
    Ok(statement.bind(number).bind(at_us).number(suggestion_id).run(connection).await? == 1)
}
