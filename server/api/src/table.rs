//! Values of the customer table in JSON, and keys of customers.

use crate::answers::customers::Key;
use crate::params::day_text;
use crate::{ApiError, Server};
use perennial_fold::{Column, ColumnSpec, ColumnType, NONE_INT};
use perennial_model::{CustomerId, IdentityKey};
use perennial_query::USUAL_COLUMNS;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// The columns that a list shows unless told otherwise: those of a file without the customer's number and keys.
pub(crate) const SHOWN: &[&str] = USUAL_COLUMNS.split_at(3).1;

/// One value; null is unknown.
pub(crate) fn value(spec: &ColumnSpec, column: &Column, row: usize) -> Value {
    match column {
        Column::Int(values) => match values.get(row).copied().filter(|value| *value != NONE_INT) {
            None => Value::Null,
            Some(day) if spec.column_type == ColumnType::Day => {
                i32::try_from(day).map_or(Value::Null, |day| Value::from(day_text(day)))
            }
            Some(number) => Value::from(number),
        },
        // What is not finite has no number in JSON and becomes null.
        Column::Float(values) => values.get(row).map_or(Value::Null, |value| Value::from(*value)),
        Column::Code(values) => {
            let code = values.get(row).copied().filter(|code| *code != u8::MAX);
            code.map_or(Value::Null, |code| match spec.column_type {
                ColumnType::Word(words) => words.get(usize::from(code)).map_or(Value::Null, |word| Value::from(*word)),
                _ => Value::from(code == 1),
            })
        }
    }
}

/// Some columns of one row, by name.
pub(crate) fn values<'a>(
    columns: impl Iterator<Item = (&'a ColumnSpec, &'a Column)>,
    row: usize,
) -> BTreeMap<String, Value> {
    columns.map(|(spec, column)| (spec.name.to_owned(), value(spec, column, row))).collect()
}

/// The name of a column's type.
pub(crate) const fn type_word(column_type: ColumnType) -> &'static str {
    match column_type {
        ColumnType::Int => "int",
        ColumnType::Money => "money",
        ColumnType::Day => "day",
        ColumnType::Time => "time",
        ColumnType::Float => "float",
        ColumnType::Bool => "bool",
        ColumnType::Word(_) => "word",
    }
}

/// A key for people.
pub(crate) fn key(key: &IdentityKey, reveal: bool) -> Key {
    Key {
        kind: key.kind.as_str().to_owned(),
        value: if reveal { key.value.clone() } else { key.masked() },
        masked: !reveal,
    }
}

/// Keys of some customers, those of all their profiles, strongest first.
pub(crate) async fn keys_of(
    server: &Server,
    customers: &[CustomerId],
    reveal: bool,
) -> Result<HashMap<u64, Vec<Key>>, ApiError> {
    let profiles: Vec<CustomerId> =
        customers.iter().flat_map(|customer| server.timeline.profiles_of(*customer)).collect();
    let mut bindings = server.timeline.store().identities_of(&profiles).await?;
    bindings.sort_by_key(|binding| binding.key.kind);
    let mut keys: HashMap<u64, Vec<Key>> = HashMap::new();
    for binding in bindings {
        let customer = server.timeline.customer_of(binding.profile);
        keys.entry(customer.0).or_default().push(key(&binding.key, reveal));
    }
    Ok(keys)
}
