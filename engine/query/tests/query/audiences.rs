//! Conditions on customers find those whom the same words find in SQL.

use crate::support::{HOUR_US, START_US, Shop, answer, bought, visit};
use perennial_definitions::Segment;
use perennial_fold::Members;
use perennial_model::{Currency, CustomerId, EventKind};
use perennial_query::{Compiled, CustomerConditions, Groups, Wanted};
use perennial_timeline::Row;
use std::sync::Arc;

const CONDITIONS: [&str; 58] = [
    "true",
    "null",
    "1 = 2",
    "orders > 1",
    "1 < orders",
    "orders = 1",
    "orders <> 1",
    "not (orders = 1)",
    "orders >= 1.5",
    "orders = 1.5",
    "orders in (0, 2)",
    "orders not in (0, 2)",
    "orders in (0, null)",
    "orders between 1 and 2",
    "orders not between 1 and 2",
    "orders is null",
    "orders % 2 = 0",
    "orders = null",
    "revenue > 12.5",
    "revenue >= 12.505",
    "revenue = 12.505",
    "revenue < 0",
    "revenue is null",
    "not (revenue > 12.5)",
    "revenue is not null and orders > 0",
    "revenue > 12.5 or size = 'small'",
    "revenue / orders > 10",
    "revenue > 10 * mean_units",
    "10 / (orders - 1) > 4",
    "coalesce(revenue, 0) < 5",
    "mean_units > 1",
    "mean_units <= 1.5",
    "mean_units = 1.5",
    "mean_units in (0.5, 1.5)",
    "mean_units is null",
    "repeats",
    "not repeats",
    "repeats = true",
    "repeats is null",
    "repeats is true",
    "repeats is not true",
    "repeats is false",
    "(orders > 1) is true",
    "(revenue > 12.5) is not true",
    "(revenue > 12.5) is unknown",
    "(revenue > 12.5 and repeats) is not false",
    "size = '大'",
    "size <> '大'",
    "size in ('大', 'small')",
    "size not in ('大')",
    "size like 'sm%'",
    "upper(size) = 'SMALL'",
    "size is null or size = 'small'",
    "first_day >= '2024-01-05'",
    "first_day > current_date - 20",
    "last_order < timestamp '2024-01-20 12:00:00'",
    "last_order >= now() - interval '30 days'",
    "customer_id in (256, 258, 513) or orders > 2",
];

const HOURS: i64 = 1_000;

/// Some sixty customers with nought to three orders of many amounts.
fn people() -> Vec<Row<'static>> {
    let mut rows = Vec::new();
    let amounts = [1_250, 1_251, -5, 10, 900_000, 0, 2_500];
    for index in 0..60_u64 {
        let customer = CustomerId::new((index % 3) as u16, 10 + index / 3);
        let own = |row: Row<'static>| Row { customer, profile: customer, ..row };
        rows.push(own(visit(customer, 5_000 + index, 1)));
        for order in 0..index % 4 {
            let number = 1_000 + index * 4 + order;
            let hours = (index.cast_signed() * 17 + order.cast_signed() * 50) % 900;
            let minor = amounts[(index + order) as usize % amounts.len()];
            rows.push(own(bought(EventKind::Order, 10_000 + number, hours, number, minor, "CNY")));
            if index.is_multiple_of(2) {
                rows.push(own(Row {
                    quantity_milli: Some([500, 1_500, 3_000][index as usize % 3]),
                    ..bought(EventKind::OrderLine, 20_000 + number, hours, number, 0, "CNY")
                }));
            }
        }
    }
    rows
}

fn segment(name: &str, sql: &str) -> Segment {
    Segment { name: name.to_owned(), title: None, description: None, r#where: sql.to_owned(), acts: false }
}

fn found(members: &Members) -> String {
    let mut customers: Vec<u64> = members.customers().map(|customer| customer.0).collect();
    customers.sort_unstable();
    customers.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn place(compiled: &Compiled, index: usize) -> usize {
    compiled.places[index].clone().unwrap_or_else(|problem| panic!("{index}: {problem:?}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_condition_on_customers_finds_whom_sql_finds() {
    let shop = Shop::new().await;
    shop.append(&people()).await;
    let live = shop.live(HOURS).await;
    let specs = live.table.columns().specs().to_vec();
    let conditions = CustomerConditions::new(specs, Currency::CNY, &live.instant).unwrap();
    let wanted: Vec<Wanted<'_>> = CONDITIONS.iter().map(|sql| Wanted::Condition(sql)).collect();
    let compiled = conditions.compile(&wanted, &[], &Groups::default());
    let columns = Arc::clone(live.table.columns());
    let (members, counts) = (compiled.audience.members(&columns, 2), compiled.audience.count(&columns, 2));
    let whole = answer(&live.engine, "select count(*) from customers").await;
    let mut sizes = std::collections::BTreeSet::new();
    for (index, sql) in CONDITIONS.iter().enumerate() {
        let place = place(&compiled, index);
        // A division by zero is nobody else's: SQL would say nothing at all.
        let asked = if sql.contains("/ (orders - 1)") { "orders <> 1 and 10 / nullif(orders - 1, 0) > 4" } else { sql };
        let expected = format!("select customer_id from customers where {asked} order by customer_id");
        assert_eq!(found(&members[place]), answer(&live.engine, &expected).await, "{sql}");
        let unknown = format!("select count(*) from customers where ({asked}) is null");
        if asked == *sql {
            assert_eq!(counts[place].unknown.to_string(), answer(&live.engine, &unknown).await, "unknown: {sql}");
        }
        assert_eq!(counts[place].yes, members[place].len(), "{sql}");
        sizes.insert(counts[place].yes);
    }
    assert!(
        sizes.len() > 12 && sizes.contains(&whole.parse().unwrap()),
        "conditions that tell nobody apart: {sizes:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn segments_lie_within_segments_and_beside_lists_and_tags() {
    let shop = Shop::new().await;
    shop.append(&people()).await;
    let live = shop.live(HOURS).await;
    let columns = Arc::clone(live.table.columns());
    let conditions = CustomerConditions::new(columns.specs().to_vec(), Currency::CNY, &live.instant).unwrap();
    let segments = [
        segment("outer", "in_segment('inner') and not in_list('staff')"),
        segment("inner", "revenue > 10 or has_tag('vip')"),
        segment("no", "not in_segment('inner')"),
        segment("one", "in_segment('two')"),
        segment("two", "orders > 1 and in_segment('one')"),
        segment("broken", "nonsense > 1"),
        segment("around_broken", "in_segment('broken') or orders > 1"),
        segment("unlisted", "in_list('stuff')"),
    ];
    let members = |sql: String| {
        let engine = &live.engine;
        async move {
            let ids = answer(engine, &sql).await;
            ids.lines().map(|id| CustomerId(id.parse().unwrap())).collect::<Members>()
        }
    };
    let staff = Arc::new(members("select customer_id from customers where customer_id % 5 = 0".into()).await);
    let vip = Arc::new(members("select customer_id from customers where customer_id % 7 = 0".into()).await);
    let groups = Groups { lists: [("staff".into(), staff)].into(), tags: [("vip".into(), vip)].into() };
    let wanted: Vec<Wanted<'_>> = segments.iter().map(|segment| Wanted::Segment(&segment.name)).collect();
    let compiled = conditions.compile(&wanted, &segments, &groups);
    let found_now = compiled.audience.members(&columns, 1);
    for (index, sql) in [
        (0, "(revenue > 10 or customer_id % 7 = 0) and customer_id % 5 <> 0"),
        (1, "revenue > 10 or customer_id % 7 = 0"),
        // What is unknown of the inner one stays unknown.
        (2, "not (revenue > 10 or customer_id % 7 = 0)"),
    ] {
        let expected = members(format!("select customer_id from customers where {sql}")).await;
        assert_eq!(found(&found_now[place(&compiled, index)]), found(&expected), "{sql}");
        assert!(!expected.is_empty());
    }
    let problem = |index: usize| compiled.places[index].clone().unwrap_err();
    assert!(problem(3).message.contains("one → two → one"), "{:?}", problem(3));
    assert!(problem(4).message.contains("defined by each other"), "{:?}", problem(4));
    assert!(problem(5).message.contains("no column nonsense"), "{:?}", problem(5));
    assert!(problem(6).message.contains("segment broken"), "{:?}", problem(6));
    assert_eq!(problem(7).fix, "is staff meant?");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_a_condition_is_told_with_its_place() {
    let shop = Shop::new().await;
    let live = shop.live(HOURS).await;
    let specs = live.table.columns().specs().to_vec();
    let conditions = CustomerConditions::new(specs, Currency::CNY, &live.instant).unwrap();
    for (sql, offset, said, fix) in [
        ("orders > 1 and sise = 'small'", 15, "no column sise", "size is meant"),
        ("size = 'smal'", 7, "size is never smal", "is small meant?"),
        ("size in ('small', 'huge')", 18, "size is never huge", "its words are small, 大"),
        ("orders > 'many'", 0, "many is not a number", "orders >= 50"),
        ("first_day > 'soon'", 0, "soon is not a date", "first_day >= '2026-01-31'"),
        ("orders + 1", 0, "not to true or false", ""),
        ("count(*) > 1", 0, "cannot add up several", "metric"),
        ("orders > $1", 0, "no parameters", "write the value"),
        ("random() > 0.5", 0, "differs each time", "leave it out"),
        ("in_segment(size)", 0, "takes a segment's name", "in_segment('name')"),
        ("coalesce(in_list('a'), true)", 9, "must stand by itself", "and, or and not"),
        ("orders >", 8, "not understood", ""),
    ] {
        let problem = conditions.check(sql).unwrap_err();
        assert!(problem.message.contains(said) && problem.fix.contains(fix), "{sql}: {problem:?}");
        assert!(offset == 0 || problem.offset == offset, "{sql}: {problem:?}");
    }
    let named = conditions.check("orders > 1 and not in_segment('x') and has_tag('y')").unwrap();
    assert_eq!((named.columns, named.segments.len()), (vec!["orders".to_owned()], 1));
    assert!(START_US < live.instant.as_of_us - HOUR_US);
}
