//! Conditions of metrics count the events that the same words find in SQL.

use crate::support::{Shop, answer, varied};
use perennial_definitions::{Definitions, Expressions, Function as Defined, Segment, SourceFile, Surroundings, read};
use perennial_fold::{Column, Function, Instant, Metric, Registry, Revenue, Test, lasting, run_batch};
use perennial_model::{Currency, Zone};
use perennial_query::{EventConditions, QueryOptions, SqlExpressions};

/// Each in the words of SQL, and whether it has to be asked event by event.
const CONDITIONS: [(&str, bool); 47] = [
    ("true", false),
    ("false", false),
    ("null", false),
    ("1 = 1", false),
    ("name = '看商品'", false),
    ("'Order' = name", false),
    ("name <> 'Order'", false),
    ("name in ('Order', 'nothing')", false),
    ("name not in ('Order')", false),
    ("name not in ('Order', null)", false),
    ("name like '看%'", false),
    ("lower(channel) = 'app' or upper(name) = 'ORDER'", false),
    ("length(name) > 3", false),
    ("name > 'P'", false),
    ("channel is null", false),
    ("channel is not null and campaign is null", false),
    ("not (channel = 'app')", false),
    ("channel = null", false),
    ("coalesce(channel, 'none') = 'none'", false),
    ("kind = 'order'", false),
    ("kind in ('order', 'order_line')", false),
    ("kind <> 'event'", false),
    ("kind like 'order%'", false),
    ("value > 12.5", false),
    ("value >= 12.505", false),
    ("value = 12.505", false),
    ("not (value = 12.505)", false),
    ("12.51 <= value", false),
    ("value < 0.1", false),
    ("value <= -0.001", false),
    ("value = 0.10", false),
    ("value between 0.1 and 20", false),
    ("value not between 0.1 and 20", false),
    ("value is null", false),
    ("value > 1e3", false),
    ("value_minor >= 10", false),
    ("quantity = 1.5", false),
    ("quantity > 1.4995", false),
    ("quantity in (0.5, 1.5)", false),
    ("time >= '2024-01-03T00:00:00'", false),
    ("time < timestamp '2024-01-02 12:00:00'", false),
    ("day = '2024-01-03'", false),
    ("day between date '2024-01-02' and date '2024-01-04'", false),
    ("extract(hour from time) < 8", true),
    ("abs(value) > 5 and kind = 'order'", true),
    ("value * 2 > quantity", true),
    ("case when channel = 'app' then value > 1 else quantity > 1 end", true),
];

fn conditions() -> EventConditions {
    EventConditions::new(Currency::CNY).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_condition_counts_what_sql_finds() {
    let shop = Shop::new().await;
    shop.append(&varied()).await;
    let (engine, _) = shop.engine(1_000, QueryOptions::default()).await;
    let instant = Instant::new(
        crate::support::START_US + 1_000 * crate::support::HOUR_US,
        Zone::named("Asia/Shanghai").unwrap(),
        Revenue::Net,
    );
    let snapshot = shop.timeline.snapshot().await.unwrap();
    let read = conditions();
    let mut found = Vec::new();
    for (sql, slow) in CONDITIONS {
        let test = read.read(sql).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        assert_eq!(test.is_slow(), slow, "{sql}: {test:?}");
        let counted =
            answer(&engine, &format!("select count(*) from events where customer_id >= 256 and ({sql})")).await;
        found.push((sql, count(&snapshot, test, &instant).to_string(), counted));
    }
    for (sql, fold, counted) in &found {
        assert_eq!(fold, counted, "{sql}");
    }
    let different: std::collections::BTreeSet<&str> = found.iter().map(|(_, _, counted)| counted.as_str()).collect();
    assert!(different.len() > 8, "they tell events apart: {different:?}");
}

fn count(snapshot: &perennial_timeline::Snapshot, test: Test, instant: &Instant) -> i64 {
    let mut registry = Registry::new();
    let (name, function) = (lasting("counted"), Function::Count);
    Metric { name, description: "of a test", test, function, window_days: None }.register(&mut registry).unwrap();
    let table = run_batch(snapshot, &mut registry, instant, 1).unwrap().table;
    let columns = table.shards.iter().filter_map(|shard| shard.columns.first());
    columns.map(|column| if let Column::Int(values) = column { values.iter().sum() } else { 0 }).sum()
}

#[test]
fn what_cannot_be_used_is_told_with_its_place_and_what_to_do() {
    let told = |sql: &str| {
        let error = conditions().read(sql).unwrap_err();
        (error.offset, format!("{}: {}", error.message, error.fix))
    };
    let said = [
        ("kind = 'order' and colour = 'red'", 19, "there is no column colour: the columns of an event are name, kind"),
        ("name = 'x' and value > 'many'", 24, "many is no number: compare value with a number, like value >= 50"),
        ("time > now()", 7, "now() depends on when it is asked: give the metric a window"),
        ("sum(value) > 3", 0, "a condition looks at one event and cannot add up several"),
        ("kind = 'sale'", 8, "there is no kind sale: the kinds are event, order, order_line, refund"),
        ("value + 1", 0, "not to true or false"),
        ("name = 'a' and and value > 3", 19, "the condition is not understood"),
        ("value >", 0, "the condition is not understood"),
        ("", 0, "the condition is not understood"),
        ("day > 'someday'", 7, "someday is no date: compare day with a date, like day >= '2026-01-31'"),
        ("name = 3", 7, "3 is no text: write it in quotes: '3'"),
        ("value > (select max(value) from events)", 0, "understood"),
        ("value > $1", 0, "a condition has no parameters"),
    ];
    for (sql, offset, part) in said {
        let (at, message) = told(sql);
        assert!(message.contains(part), "{sql}: {message}");
        assert_eq!(at, offset, "{sql}: {message}");
    }
}

fn judge() -> SqlExpressions {
    let spec = |name, column_type| perennial_fold::ColumnSpec { name, column_type, description: "of a test" };
    let customers = vec![
        spec("stage", perennial_fold::ColumnType::Word(&["new", "lost"])),
        spec("revenue", perennial_fold::ColumnType::Money),
        spec("last_order_day", perennial_fold::ColumnType::Day),
    ];
    SqlExpressions::new(Currency::CNY, customers).unwrap()
}

fn defined(metrics: &str) -> Vec<perennial_definitions::Metric> {
    let files = [SourceFile { name: "metrics.yaml".to_owned(), text: metrics.to_owned() }];
    let judge = judge();
    let surroundings = Surroundings { columns: &[], timezone: None, currency: None, begun: &[], expressions: &judge };
    read(&files, &surroundings).unwrap().definitions.metrics
}

#[test]
fn a_condition_over_customers_names_columns_metrics_and_segments() {
    let metrics = defined(
        "metrics:\n- name: tea_orders\n  function: count\n  events: Order Completed\n  where: category = 'tea' and value >= 50\n  \
         window: 90d\n- name: last_visit\n  function: last\n  of: time\n",
    );
    let judge = judge();
    let sql = "tea_orders >= 3 and stage = 'lost' and not in_segment('staff') and last_visit < '2026-01-01'";
    let found = judge.check_customer(sql, &metrics).unwrap();
    assert_eq!(found.segments.len(), 1);
    assert_eq!((found.segments[0].name.as_str(), found.segments[0].offset), ("staff", sql.find("'staff'").unwrap()));
    for column in ["tea_orders", "stage", "last_visit"] {
        assert!(found.columns.iter().any(|name| name == column), "{column} in {:?}", found.columns);
    }
    let folded = judge.metric(&metrics[0]).unwrap();
    assert_eq!((folded.name, folded.window_days), ("tea_orders", Some(90)));
    assert_eq!(judge.metric(&metrics[1]).unwrap().column_type(), perennial_fold::ColumnType::Time);
}

#[test]
fn segments_within_segments_are_spelled_out() {
    let segment = |name: &str, sql: &str| Segment {
        name: name.to_owned(),
        title: None,
        description: None,
        r#where: sql.to_owned(),
    };
    let segments = vec![
        segment("vip", "revenue > 100 or revenue < 0"),
        segment("quiet", "stage = 'vip' and IN_SEGMENT ( 'vip' ) and not in_segment('lost')"),
        segment("lost", "stage = 'lost'"),
        segment("all", "in_segment('quiet') or in_segment('lost')"),
        segment("ring", "in_segment('ring')"),
    ];
    let definitions = Definitions { segments, ..Definitions::default() };
    let spelled = |place: usize| judge().spelled_out(&definitions.segments[place], &definitions);
    assert_eq!(
        spelled(3).unwrap(),
        "(stage = 'vip' and (revenue > 100 or revenue < 0) and not (stage = 'lost')) or (stage = 'lost')"
    );
    assert!(spelled(4).unwrap_err().message.contains("too deep"));
}

#[test]
fn what_is_wrong_with_a_condition_over_customers_is_told() {
    let said = [
        ("stage = 'new' and revenu > 3", 18, "customers have no column revenu: revenue is meant?"),
        ("revenue", 0, "not to true or false"),
        ("sum(revenue) > 3", 0, "make a metric of it"),
        ("revenue > 1 and in_segment(stage)", 16, "write in_segment('name')"),
        ("revenue > (select 1)", 0, "cannot ask tables"),
        ("random() > 0.5", 0, "differs each time"),
        ("stage = ", 0, "not understood"),
    ];
    for (sql, offset, part) in said {
        let problem = judge().check_customer(sql, &[]).unwrap_err();
        let text = format!("{}: {}", problem.message, problem.fix);
        assert!(text.contains(part), "{sql}: {text}");
        assert_eq!(problem.offset, offset, "{sql}: {text}");
    }
}

#[test]
fn a_metric_takes_only_what_its_function_can_use() {
    let judge = judge();
    let refused = [
        ("channel", Defined::Sum, "channel is no number"),
        ("time", Defined::Sum, "time cannot be added up"),
        ("colour", Defined::Max, "events have no column colour"),
        ("kind", Defined::Distinct, "kinds are not counted"),
    ];
    for (of, function, part) in refused {
        let problem = judge.check_value(of, function).unwrap_err();
        assert!(problem.message.contains(part), "{of}: {problem:?}");
    }
    for (of, function) in [("channel", Defined::Distinct), ("value", Defined::Average), ("day", Defined::Max)] {
        judge.check_value(of, function).unwrap();
    }
}
