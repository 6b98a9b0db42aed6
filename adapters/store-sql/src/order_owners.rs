//! Whose each order is: set and found tens of thousands at a time.

use crate::bulk::Bulk;
use crate::connection::Connection;
use crate::identities::fill;
use crate::statement::Statement;
use perennial_model::{CustomerId, OrderKey};
use perennial_ports::StoreError;
use std::collections::BTreeMap;

const SET: Bulk = Bulk {
    action: "note whose orders are",
    before: "INSERT INTO order_owner (order_key, profile) SELECT added.column1, added.column2 FROM (VALUES ",
    after: ") AS added WHERE true ON CONFLICT (order_key) DO UPDATE SET profile = excluded.profile",
    word: "",
    columns: 2,
    numbered: false,
};

/// One answer row a chunk and CROSS JOIN, as for identities.
const FIND: Bulk = Bulk {
    action: "find whose orders are",
    before: "WITH wanted (place, order_key) AS (VALUES ",
    after: ") SELECT string_agg(CAST(wanted.place AS TEXT) || ' ' || CAST(order_owner.profile AS TEXT), ' ')
             FROM wanted CROSS JOIN order_owner WHERE order_owner.order_key = wanted.order_key",
    word: "",
    columns: 1,
    numbered: true,
};

/// Sets owners in the order of the table's key, so that each of its pages is written once.
pub(crate) async fn set(connection: &mut Connection, owners: &[(OrderKey, CustomerId)]) -> Result<(), StoreError> {
    let last: BTreeMap<i64, CustomerId> = owners.iter().map(|(order, owner)| (order.0.cast_signed(), *owner)).collect();
    let last: Vec<(i64, CustomerId)> = last.into_iter().collect();
    for (range, mut statement) in SET.statements(last.len()) {
        for (order, owner) in &last[range] {
            statement.add(*order);
            statement.add(owner.0.cast_signed());
        }
        statement.run(connection).await?;
    }
    Ok(())
}

/// The owners of orders, in the order asked.
pub(crate) async fn find(
    connection: &mut Connection,
    orders: &[OrderKey],
) -> Result<Vec<Option<CustomerId>>, StoreError> {
    let mut found = vec![None; orders.len()];
    let mut places: Vec<usize> = (0..orders.len()).collect();
    places.sort_unstable_by_key(|place| orders[*place].0.cast_signed());
    for (range, mut statement) in FIND.statements(places.len()) {
        let chunk = &places[range];
        for place in chunk {
            statement.add(orders[*place].0.cast_signed());
        }
        if let Some(pairs) = statement.one(connection).await?.get::<Option<String>>(0)? {
            fill(&mut found, chunk, &pairs, FIND.action)?;
        }
    }
    Ok(found)
}

/// Whether any owner is known.
pub(crate) async fn has_any(connection: &mut Connection) -> Result<bool, StoreError> {
    let statement = Statement::new("look for orders", "SELECT 1 FROM order_owner LIMIT 1");
    Ok(statement.optional(connection).await?.is_some())
}
