//! Keys of customers: found and added a million at a time.

use crate::bulk::Bulk;
use crate::connection::Connection;
use crate::error::other;
use crate::statement::{Answer, Statement};
use perennial_model::{CustomerId, IdentityKey, IdentityKind};
use perennial_ports::{IdentityBinding, StoreError};

/// An identity that exists keeps its profile.
const ADD: Bulk = Bulk {
    action: "add identities",
    before: "INSERT INTO identity (kind, value, profile) SELECT '{WORD}', added.column1, added.column2 FROM (VALUES ",
    after: ") AS added WHERE true ON CONFLICT (kind, value) DO NOTHING",
    word: "",
    columns: 2,
    numbered: false,
};

const ADD_BY_PROFILE: Bulk = Bulk {
    action: "add identities by profile",
    before: "INSERT INTO profile_identity (kind, value, profile)
             SELECT '{WORD}', added.column1, added.column2 FROM (VALUES ",
    after: ") AS added WHERE true ON CONFLICT (profile, kind, value) DO NOTHING",
    ..ADD
};

/// One answer row a chunk: a row of its own for each identity costs more than finding it.
/// CROSS JOIN keeps SQLite from walking the whole table instead of the list.
const FIND: Bulk = Bulk {
    action: "find identities",
    before: "WITH wanted (place, value) AS (VALUES ",
    after: ") SELECT string_agg(CAST(wanted.place AS TEXT) || ' ' || CAST(identity.profile AS TEXT), ' ')
             FROM wanted CROSS JOIN identity WHERE identity.kind = '{WORD}' AND identity.value = wanted.value",
    word: "",
    columns: 1,
    numbered: true,
};

const OF_PROFILES: Bulk = Bulk {
    action: "list identities",
    before: "WITH wanted (profile) AS (VALUES ",
    after: ") SELECT identity.kind, identity.value, identity.profile
             FROM wanted CROSS JOIN profile_identity AS identity WHERE identity.profile = wanted.profile
             ORDER BY identity.profile, identity.kind, identity.value",
    word: "",
    columns: 1,
    numbered: false,
};

/// Adds identities in the order of each table's key, so that its tree grows at one place.
pub(crate) async fn add(connection: &mut Connection, added: &[IdentityBinding]) -> Result<(), StoreError> {
    for kind in IdentityKind::ALL {
        let word = kind.as_str();
        let mut bindings: Vec<&IdentityBinding> = added.iter().filter(|binding| binding.key.kind == kind).collect();
        // Stable, so that of two bindings of one key the first in the list stays.
        bindings.sort_by(|one, two| one.key.value.cmp(&two.key.value));
        bindings.dedup_by(|later, first| later.key.value == first.key.value);
        let mut kept = Vec::with_capacity(bindings.len());
        for (range, statement) in (Bulk { word, ..ADD }).statements(bindings.len()) {
            let chunk = &bindings[range];
            let new = bind(statement, chunk).run(connection).await?;
            // Fewer when some were there already, perhaps under another profile.
            if new == chunk.len() as u64 {
                kept.extend_from_slice(chunk)
            } else {
                kept.extend(held(connection, chunk).await?)
            }
        }
        kept.sort_unstable_by_key(|binding| (binding.profile, binding.key.value.as_str()));
        for (range, statement) in (Bulk { word, ..ADD_BY_PROFILE }).statements(kept.len()) {
            bind(statement, &kept[range]).run(connection).await?;
        }
    }
    Ok(())
}

/// Takes identities away, where they lead to these profiles.
pub(crate) async fn remove(connection: &mut Connection, removed: &[IdentityBinding]) -> Result<(), StoreError> {
    const ACTION: &str = "take identities away";
    for table in ["identity", "profile_identity"] {
        let sql = format!("DELETE FROM {table} WHERE kind = $1 AND value = $2 AND profile = $3");
        for binding in removed {
            let statement = Statement::new(ACTION, sql.as_str()).bind(binding.key.kind.as_str());
            statement.bind(binding.key.value.as_str()).number(binding.profile.0).run(connection).await?;
        }
    }
    Ok(())
}

/// Adds identities; the profiles that their keys lead to now, in the order of the list.
pub(crate) async fn bind_and_find(
    connection: &mut Connection,
    bindings: &[IdentityBinding],
) -> Result<Vec<CustomerId>, StoreError> {
    add(connection, bindings).await?;
    let keys: Vec<IdentityKey> = bindings.iter().map(|binding| binding.key.clone()).collect();
    let bound: Option<Vec<CustomerId>> = find(connection, &keys).await?.into_iter().collect();
    bound.ok_or_else(|| other("bind identities", "a key that was bound is not there"))
}

fn bind(mut statement: Statement, bindings: &[&IdentityBinding]) -> Statement {
    for binding in bindings {
        statement.add(binding.key.value.as_str());
        statement.add(binding.profile.0.cast_signed());
    }
    statement
}

/// Those that the table holds as they are.
async fn held<'a>(
    connection: &mut Connection,
    bindings: &[&'a IdentityBinding],
) -> Result<Vec<&'a IdentityBinding>, StoreError> {
    let keys: Vec<IdentityKey> = bindings.iter().map(|binding| binding.key.clone()).collect();
    let found = find(connection, &keys).await?;
    let same = bindings.iter().zip(found).filter(|(binding, profile)| *profile == Some(binding.profile));
    Ok(same.map(|(binding, _)| *binding).collect())
}

/// The profiles of keys, in the order of the keys; looked up in the order of the table, which is
/// three times as quick.
pub(crate) async fn find(
    connection: &mut Connection,
    keys: &[IdentityKey],
) -> Result<Vec<Option<CustomerId>>, StoreError> {
    let mut found = vec![None; keys.len()];
    for kind in IdentityKind::ALL {
        let mut places: Vec<usize> = (0..keys.len()).filter(|place| keys[*place].kind == kind).collect();
        places.sort_unstable_by_key(|place| keys[*place].value.as_str());
        for (range, mut statement) in (Bulk { word: kind.as_str(), ..FIND }).statements(places.len()) {
            let chunk = &places[range];
            for place in chunk {
                statement.add(keys[*place].value.as_str());
            }
            if let Some(pairs) = statement.one(connection).await?.get::<Option<String>>(0)? {
                fill(&mut found, chunk, &pairs, FIND.action)?;
            }
        }
    }
    Ok(found)
}

/// Writes "place profile place profile …" where it belongs.
pub(crate) fn fill(
    found: &mut [Option<CustomerId>],
    chunk: &[usize],
    pairs: &str,
    action: &'static str,
) -> Result<(), StoreError> {
    let mut numbers = pairs.split(' ').map(str::parse::<u64>);
    while let (Some(place), Some(profile)) = (numbers.next(), numbers.next()) {
        let place = place.map_err(|error| other(action, error))?;
        let profile = profile.map_err(|error| other(action, error))?;
        let slot = usize::try_from(place).ok().and_then(|place| chunk.get(place)).and_then(|at| found.get_mut(*at));
        *slot.ok_or_else(|| other(action, format!("place {place} was not asked for")))? = Some(CustomerId(profile));
    }
    Ok(())
}

/// All identities of these profiles.
pub(crate) async fn of_profiles(
    connection: &mut Connection,
    profiles: &[CustomerId],
) -> Result<Vec<IdentityBinding>, StoreError> {
    let mut identities = Vec::new();
    for (range, mut statement) in OF_PROFILES.statements(profiles.len()) {
        for profile in &profiles[range] {
            statement.add(profile.0.cast_signed());
        }
        for row in statement.all(connection).await? {
            identities.push(binding(&row)?);
        }
    }
    Ok(identities)
}

fn binding(row: &Answer) -> Result<IdentityBinding, StoreError> {
    let word: String = row.get(0)?;
    let kind = IdentityKind::parse(&word)
        .ok_or_else(|| other("list identities", format!("{word:?} is not a kind of identity")))?;
    Ok(IdentityBinding { key: IdentityKey { kind, value: row.get(1)? }, profile: CustomerId(row.unsigned(2)?) })
}
