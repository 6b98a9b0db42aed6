//! Conditions in the engine against conditions as JSON says them, true, false or unknown.

use super::metrics;
use crate::customers::{MONEY_PRECISION, sql_type};
use crate::local_day::current_date;
use datafusion::arrow::array::{
    ArrayRef, AsArray, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int64Array,
    RecordBatch, TimestampMicrosecondArray,
};
use datafusion::arrow::datatypes::{Field, Int32Type, Schema};
use datafusion::arrow::temporal_conversions::timestamp_us_to_datetime;
use datafusion::dataframe::DataFrame;
use datafusion::prelude::SessionContext;
use perennial_definitions::{Behaviour, Comparison, Condition, ConditionValue};
use perennial_fold::ColumnType;
use perennial_model::{Currency, DAY_US};
use proptest::prelude::*;
use serde_json::Number;
use std::cmp::Ordering;
use std::sync::Arc;

/// The brand's day; over there it is later than in UTC.
const TODAY: i32 = 20_000;
const NOW_US: i64 = 19_999 * DAY_US + DAY_US / 4 * 3;
const WORDS: [&str; 9] = ["lost", "new", "a_b", "a%b", r"a\b", r"\%", "客人", "it's", ""];

#[derive(Debug, Clone, Default)]
struct Customer {
    orders: Option<i64>,
    revenue_minor: Option<i64>,
    mean: Option<f64>,
    stage: Option<&'static str>,
    repeats: Option<bool>,
    day: Option<i32>,
    seen_us: Option<i64>,
}

fn customer() -> impl Strategy<Value = Customer> {
    let of = prop::option::of::<std::ops::Range<i64>>;
    let stage = prop::option::of(prop::sample::select(WORDS.to_vec()));
    let day = prop::option::of(TODAY - 5..TODAY + 3);
    let seen = prop_oneof![
        Just(None),
        (-9..5_i64).prop_map(|half| Some(NOW_US + half * DAY_US / 2)),
        of(NOW_US - 4 * DAY_US..NOW_US + DAY_US)
    ];
    (of(-2..5), of(-150..500), of(-3..9), stage, any::<Option<bool>>(), day, seen).prop_map(
        |(orders, revenue_minor, mean, stage, repeats, day, seen_us)| {
            let mean = mean.map(|quarters| quarters as f64 / 4.0);
            Customer { orders, revenue_minor, mean, stage, repeats, day, seen_us }
        },
    )
}

fn table(customers: &[Customer]) -> RecordBatch {
    let field = |name: &str, column_type| Field::new(name, sql_type(column_type, Currency::CNY), true);
    let schema = Schema::new(vec![
        field("orders", ColumnType::Int),
        field("revenue", ColumnType::Money),
        field("mean", ColumnType::Float),
        field("stage", ColumnType::Word(&WORDS)),
        field("repeats", ColumnType::Bool),
        field("day", ColumnType::Day),
        field("seen", ColumnType::Time),
    ]);
    let money: Decimal128Array = customers.iter().map(|one| one.revenue_minor.map(i128::from)).collect();
    let seen: TimestampMicrosecondArray = customers.iter().map(|one| one.seen_us).collect();
    let columns: Vec<ArrayRef> = vec![
        Arc::new(customers.iter().map(|one| one.orders).collect::<Int64Array>()),
        Arc::new(money.with_precision_and_scale(MONEY_PRECISION, 2).unwrap()),
        Arc::new(customers.iter().map(|one| one.mean).collect::<Float64Array>()),
        Arc::new(customers.iter().map(|one| one.stage).collect::<DictionaryArray<Int32Type>>()),
        Arc::new(customers.iter().map(|one| one.repeats).collect::<BooleanArray>()),
        Arc::new(customers.iter().map(|one| one.day).collect::<Date32Array>()),
        Arc::new(seen.with_timezone("UTC")),
    ];
    RecordBatch::try_new(Arc::new(schema), columns).unwrap()
}

/// What the engine says of each customer.
async fn asked(sql: &str, customers: &[Customer]) -> Vec<Option<bool>> {
    let context = SessionContext::new();
    context.register_udf(current_date(TODAY));
    context.register_batch("customers", table(customers)).unwrap();
    let mut state = context.state();
    state.execution_props_mut().query_execution_start_time = timestamp_us_to_datetime(NOW_US).map(|now| now.and_utc());
    let plan = state.create_logical_plan(&format!("select ({sql}) as met from customers")).await;
    let plan = plan.unwrap_or_else(|error| panic!("{sql}: {error}"));
    let batches = DataFrame::new(state, plan).collect().await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    let met = |batch: &RecordBatch| batch.column(0).as_boolean().iter().collect::<Vec<_>>();
    batches.iter().flat_map(met).collect()
}

/// Of a group that one part decides with this outcome, and that is unknown when none does and some are unknown.
fn decided_by(outcome: bool, parts: Vec<Option<bool>>) -> Option<bool> {
    match parts.contains(&Some(outcome)) {
        true => Some(outcome),
        false => (!parts.contains(&None)).then_some(!outcome),
    }
}

fn said(condition: &Condition, one: &Customer) -> Option<bool> {
    match condition {
        Condition::All { all } => decided_by(false, all.iter().map(|part| said(part, one)).collect()),
        Condition::Any { any } => decided_by(true, any.iter().map(|part| said(part, one)).collect()),
        Condition::Not { not, unknown_too: false } => said(not, one).map(|met| !met),
        Condition::Not { not, unknown_too: true } => Some(said(not, one) != Some(true)),
        Condition::Column { column, comparison } => compared(column, comparison, one),
        Condition::Behaviour { behaviour, comparison } => {
            compared(if behaviour.is_time() { "seen" } else { "orders" }, comparison, one)
        }
        other => panic!("{other:?} is not in these tests"),
    }
}

/// A value, or a boundary that a value is compared with.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
enum Cell {
    Number(f64),
    Text(String),
    Boolean(bool),
    Day(i32),
    Time(i64),
}

fn cell(column: &str, one: &Customer) -> Option<Cell> {
    match column {
        "orders" => one.orders.map(|orders| Cell::Number(orders as f64)),
        "revenue" => one.revenue_minor.map(|minor| Cell::Number(minor as f64 / 100.0)),
        "mean" => one.mean.map(Cell::Number),
        "stage" => one.stage.map(|stage| Cell::Text(stage.to_owned())),
        "repeats" => one.repeats.map(Cell::Boolean),
        "day" => one.day.map(Cell::Day),
        _ => one.seen_us.map(Cell::Time),
    }
}

/// A boundary in the type of the cell.
fn boundary(value: &ConditionValue, cell: &Cell) -> Cell {
    let day = |text: &str| TODAY + text.rsplit('-').next().unwrap().parse::<i32>().unwrap() - 4;
    match (value, cell) {
        (ConditionValue::Number(number), _) => Cell::Number(number.as_f64().unwrap()),
        (ConditionValue::Boolean(value), _) => Cell::Boolean(*value),
        (ConditionValue::Text(text), Cell::Day(_)) => Cell::Day(day(text)),
        (ConditionValue::Text(text), Cell::Time(_)) => Cell::Time(i64::from(day(text)) * DAY_US),
        (ConditionValue::Text(text), _) => Cell::Text(text.clone()),
    }
}

fn compared(column: &str, comparison: &Comparison, one: &Customer) -> Option<bool> {
    let cell = cell(column, one);
    match comparison {
        Comparison::Known {} => return Some(cell.is_some()),
        Comparison::Unknown {} => return Some(cell.is_none()),
        _ => {}
    }
    let cell = cell?;
    let order = |value: &ConditionValue| cell.partial_cmp(&boundary(value, &cell)).unwrap();
    let text = if let Cell::Text(text) = &cell { text.as_str() } else { "" };
    Some(match comparison {
        Comparison::Equal { value } => order(value) == Ordering::Equal,
        Comparison::NotEqual { value } => order(value) != Ordering::Equal,
        Comparison::Less { value } => order(value) == Ordering::Less,
        Comparison::AtMost { value } => order(value) != Ordering::Greater,
        Comparison::More { value } => order(value) == Ordering::Greater,
        Comparison::AtLeast { value } => order(value) != Ordering::Less,
        Comparison::OneOf { values } => values.iter().any(|value| order(value) == Ordering::Equal),
        Comparison::NoneOf { values } => values.iter().all(|value| order(value) != Ordering::Equal),
        Comparison::Between { least, most } => order(least) != Ordering::Less && order(most) != Ordering::Greater,
        Comparison::Contains { value } => text.contains(value),
        Comparison::BeginsWith { value } => text.starts_with(value),
        Comparison::Yes {} => cell == Cell::Boolean(true),
        Comparison::No {} => cell == Cell::Boolean(false),
        Comparison::WithinDays { value } => match cell {
            Cell::Time(at_us) => at_us <= NOW_US && at_us >= NOW_US - i64::from(*value) * DAY_US,
            Cell::Day(day) => (0..*value as i32).contains(&(TODAY - day)),
            _ => false,
        },
        Comparison::BeforeDays { value } => match cell {
            Cell::Time(at_us) => at_us < NOW_US - i64::from(*value) * DAY_US,
            Cell::Day(day) => TODAY - day >= *value as i32,
            _ => false,
        },
        Comparison::Known {} | Comparison::Unknown {} => unreachable!("answered above"),
    })
}

/// Comparisons that any ordered value has.
fn ordered(value: impl Strategy<Value = ConditionValue> + Clone + 'static) -> BoxedStrategy<Comparison> {
    prop_oneof![
        value.clone().prop_map(|value| Comparison::Equal { value }),
        value.clone().prop_map(|value| Comparison::NotEqual { value }),
        value.clone().prop_map(|value| Comparison::Less { value }),
        value.clone().prop_map(|value| Comparison::AtMost { value }),
        value.clone().prop_map(|value| Comparison::More { value }),
        value.clone().prop_map(|value| Comparison::AtLeast { value }),
        prop::collection::vec(value.clone(), 1..4).prop_map(|values| Comparison::OneOf { values }),
        prop::collection::vec(value.clone(), 1..4).prop_map(|values| Comparison::NoneOf { values }),
        (value.clone(), value).prop_map(|(least, most)| Comparison::Between { least, most }),
        Just(Comparison::Known {}),
        Just(Comparison::Unknown {}),
    ]
    .boxed()
}

fn leaf() -> impl Strategy<Value = Condition> {
    let whole = (-3..6_i64).prop_map(|number| ConditionValue::Number(number.into()));
    let part =
        (-8..20_i64).prop_map(|quarters| ConditionValue::Number(Number::from_f64(quarters as f64 / 4.0).unwrap()));
    // 2024-10-04 is the day.
    let day = (1..8_u32).prop_map(|day| ConditionValue::Text(format!("2024-10-{day:02}")));
    let word = prop::sample::select(WORDS.to_vec()).prop_map(|word| ConditionValue::Text(word.to_owned()));
    let letters =
        || prop::sample::select(vec!["a", "_", "%", r"\", "客", "'", "a_", r"\%", "lost"]).prop_map(str::to_owned);
    let spans = || {
        prop_oneof![
            (1..6_u32).prop_map(|value| Comparison::WithinDays { value }),
            (1..6_u32).prop_map(|value| Comparison::BeforeDays { value }),
        ]
    };
    let boolean = prop_oneof![
        Just(Comparison::Yes {}),
        Just(Comparison::No {}),
        Just(Comparison::Unknown {}),
        any::<bool>().prop_map(|value| Comparison::Equal { value: ConditionValue::Boolean(value) }),
        any::<bool>().prop_map(|value| Comparison::NotEqual { value: ConditionValue::Boolean(value) }),
    ];
    let texts = prop_oneof![
        2 => ordered(word),
        1 => letters().prop_map(|value| Comparison::Contains { value }),
        1 => letters().prop_map(|value| Comparison::BeginsWith { value }),
    ];
    let column = |name: &'static str, comparison: BoxedStrategy<Comparison>| {
        comparison.prop_map(move |comparison| Condition::Column { column: name.to_owned(), comparison })
    };
    let bought = Behaviour { metric: None, ..Behaviour::of_metric(&metrics()[0]) };
    prop_oneof![
        ordered(whole.clone())
            .prop_map(move |comparison| Condition::Behaviour { behaviour: bought.clone(), comparison }),
        column("orders", ordered(part.clone())),
        column("revenue", prop_oneof![ordered(whole), ordered(part.clone())].boxed()),
        column("mean", ordered(part)),
        column("stage", texts.boxed()),
        column("repeats", boolean.boxed()),
        column("day", prop_oneof![ordered(day.clone()), spans()].boxed()),
        column("seen", prop_oneof![ordered(day), spans()].boxed()),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    leaf().prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|all| Condition::All { all }),
            prop::collection::vec(inner.clone(), 0..4).prop_map(|any| Condition::Any { any }),
            (inner, any::<bool>()).prop_map(|(not, unknown_too)| Condition::Not { not: Box::new(not), unknown_too }),
        ]
    })
}

proptest! {
    #[test]
    fn the_engine_says_of_each_customer_what_the_condition_says(
        condition in condition(),
        mut customers in prop::collection::vec(customer(), 1..12),
    ) {
        // Nothing is known of the last.
        customers.push(Customer::default());
        let sql = condition.to_sql(&metrics()).unwrap().sql;
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let found = runtime.block_on(asked(&sql, &customers));
        let expected: Vec<Option<bool>> = customers.iter().map(|one| said(&condition, one)).collect();
        prop_assert_eq!(&found, &expected, "{}", sql);
        // Taken apart and written again it says the same.
        let again = crate::condition_of(&sql, &metrics()).unwrap().to_sql(&metrics()).unwrap().sql;
        prop_assert_eq!(runtime.block_on(asked(&again, &customers)), found, "{}", again);
    }
}
