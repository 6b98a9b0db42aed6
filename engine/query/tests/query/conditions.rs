//! Conditions of metrics count the events that the same words find in SQL.

use crate::support::{Shop, answer, varied};
use perennial_definitions::{Definitions, Expressions, Function as Defined, Segment, SourceFile, Surroundings, read};
use perennial_fold::{Column, Function, Instant, Metric, Registry, Revenue, Test, lasting, run_batch};
use perennial_model::{Currency, PropertySpec, PropertyType, Zone};
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
    EventConditions::new(Currency::CNY, &[]).unwrap()
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

/// As [`CONDITIONS`], over declared properties.
const OF_PROPERTIES: [(&str, bool); 38] = [
    ("p_page = 'home'", false),
    ("p_page <> 'home'", false),
    ("p_page = ''", false),
    ("p_page is null", false),
    ("p_page in ('home', '家')", false),
    ("p_page like '%o%'", false),
    ("coalesce(p_page, 'none') = 'none'", false),
    ("length(p_page) > 1", false),
    ("p_page > 'h' and name = 'Order'", false),
    ("p_seat = 3", false),
    ("p_seat > 2.5", false),
    ("p_seat <> 0", false),
    ("p_seat between -7 and 0", false),
    ("p_seat not in (3, -7)", false),
    ("p_seat is null", false),
    ("p_seat = 9007199254740993", false),
    ("p_score = 0.1", false),
    ("p_score > 0.1", false),
    ("p_score <= 0.1", false),
    ("p_score > 0.1000000001", false),
    ("p_score >= 0", false),
    ("p_score = 0", false),
    ("p_score <> 7", false),
    ("p_score < -1e3", false),
    ("p_score in (7, 0.2)", false),
    ("p_score is not null", false),
    ("p_vip", false),
    ("not p_vip", false),
    ("p_vip = true", false),
    ("p_vip <> true", false),
    ("p_vip is true", false),
    ("p_vip is not true", false),
    ("p_vip is not false", false),
    ("p_vip is null or p_score > 1", false),
    ("case when p_vip then p_seat = 3 else p_page = '' end", true),
    ("p_seat < p_score", true),
    ("p_score * 2 > 1 or coalesce(p_vip, false)", true),
    ("p_color = '红'", false),
];
const PROPERTIES: [Option<&str>; 8] = [
    None,
    Some(r#"{"page":"home","seat":3,"score":0.1,"vip":true}"#),
    Some(r#"{"page":"","seat":-7,"score":-2.5,"vip":false}"#),
    Some(r#"{"page":5,"seat":"3","score":"x","vip":1}"#),
    Some(r#"{"seat":2.5,"score":7,"page":null,"vip":"true"}"#),
    Some(r#"{"page":"家","seat":9007199254740993,"score":0.2,"vip":true,"color":"红"}"#),
    Some(r#"{"page":"home","score":-1e300,"vip":false}"#),
    Some(r#"{"seat":0,"score":-0.0}"#),
];

fn four() -> Vec<PropertySpec> {
    let kinds = [PropertyType::Text, PropertyType::Integer, PropertyType::Number, PropertyType::Boolean];
    let names = ["page", "seat", "score", "vip"].into_iter().zip(kinds);
    names.map(|(name, property_type)| PropertySpec { name: name.to_owned(), property_type }).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_condition_on_properties_counts_what_sql_finds() {
    let shop = Shop::new().await;
    let mut rows = varied();
    rows.iter_mut().enumerate().for_each(|(place, row)| row.properties = PROPERTIES[place % PROPERTIES.len()]);
    let (old, new) = rows.split_at(50);
    shop.append(old).await;
    shop.timeline.flush().await.unwrap();
    for spec in four() {
        shop.timeline.declare_property(spec).await.unwrap();
    }
    shop.append(&new[..30]).await;
    shop.timeline.flush().await.unwrap();
    shop.append(&new[30..]).await;
    let (engine, _) = shop.engine(1_000, QueryOptions::default()).await;
    let instant = Instant::new(
        crate::support::START_US + 1_000 * crate::support::HOUR_US,
        Zone::named("Asia/Shanghai").unwrap(),
        Revenue::Net,
    );
    let snapshot = shop.timeline.snapshot().await.unwrap();
    let read = EventConditions::new(Currency::CNY, &shop.timeline.properties()).unwrap();
    let mut different = std::collections::BTreeSet::new();
    for (sql, slow) in OF_PROPERTIES {
        let test = read.read(sql).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        assert_eq!(test.is_slow(), slow, "{sql}: {test:?}");
        let counted =
            answer(&engine, &format!("select count(*) from events where customer_id >= 256 and ({sql})")).await;
        assert_eq!(count(&snapshot, test, &instant).to_string(), counted, "{sql}");
        different.insert(counted);
    }
    assert!(different.len() > 8, "they tell events apart: {different:?}");
}

#[test]
fn a_property_that_nobody_declared_is_typed_by_its_use() {
    let typed = |sql: &str| {
        let found = conditions()
            .undeclared(sql)
            .map_err(|error| format!("{}: {}: {}", error.offset, error.message, error.fix))?;
        Ok::<_, String>(
            found.into_iter().map(|spec| format!("{} {:?}", spec.name, spec.property_type)).collect::<Vec<_>>(),
        )
    };
    for (sql, found) in [
        ("name = 'x'", vec![]),
        ("p_a = 'x' and p_b > 3", vec!["a Text", "b Integer"]),
        ("2.5 < p_a or p_a = 3", vec!["a Number"]),
        ("p_a in (1, 2) and p_b between 0.5 and 1", vec!["a Integer", "b Number"]),
        ("p_a like 'x%' and not p_b and p_c is not false", vec!["a Text", "b Boolean", "c Boolean"]),
        ("p_a = true or p_b", vec!["a Boolean", "b Boolean"]),
        ("p_a = name and p_b > value", vec!["a Text", "b Number"]),
        ("\"p_orderId\" = '3'", vec!["orderId Text"]),
        ("p_a = -5", vec!["a Integer"]),
        ("p_store = 'x' or p_category is null", vec!["category Text", "store Text"]),
    ] {
        assert_eq!(typed(sql).unwrap(), found, "{sql}");
    }
    for (sql, said) in [
        (
            "name = 'x' and p_a is null",
            "15: nobody has declared the property a, and nothing tells its type: compare p_a",
        ),
        ("p_a = 3 and p_a = 'x'", "0: the property a is taken for whole number and for text"),
        ("p_staff = 3", "0: the property staff is taken for text and for whole number"),
        ("p_1a = 3", "there is no column p_1a: the name of a property is letters, digits and _"),
        (
            "value > 3 and p_orderId = '3'",
            "14: p_orderId is read as p_orderid: letters are small outside quotes: write \"p_orderId\"",
        ),
        ("colour = 'red' and p_a = 3", "0: there is no column colour: the columns of an event are name"),
        ("colour = 'red'", "that of a property colour is p_colour"),
        ("p_a = 3 and and true", "not understood"),
    ] {
        let told = typed(sql).unwrap_err();
        assert!(told.contains(said), "{sql}: {told}");
    }
    let expressions = judge();
    let checked = expressions.check_event("p_a = 3 and name = 'x'").unwrap();
    assert_eq!(checked.columns, ["name", "p_a"]);
    assert_eq!(checked.undeclared, [PropertySpec { name: "a".into(), property_type: PropertyType::Integer }]);
    assert!(expressions.check_event("p_a = 3 and sum(value) > 3").is_err());
}

#[test]
fn a_value_of_another_type_than_the_property_is_told_with_its_place() {
    let read = EventConditions::new(Currency::CNY, &four()).unwrap();
    for (sql, offset, said) in [
        ("p_seat = 'x'", 10, "'x' is not a number: compare p_seat with a number, like p_seat >= 50"),
        ("p_score in (1, 'x')", 16, "'x' is not a number"),
        ("p_vip = 'yes'", 9, "'yes' is not true or false: compare p_vip with true or false, like p_vip = true"),
        ("p_page = 3", 9, "3 is no text: write it in quotes: '3'"),
        ("p_vip and p_page > 3", 19, "3 is no text"),
        ("p_page between 1 and 'x'", 15, "1 is no text"),
        ("p_seat", 0, "not to true or false"),
    ] {
        let error = read.read(sql).unwrap_err();
        let told = format!("{}: {}", error.message, error.fix);
        assert!(told.contains(said) && error.offset == offset, "{sql}: {} {told}", error.offset);
    }
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
        ("name = 'x' and value > 'many'", 24, "'many' is not a number: compare value with a number, like value >= 50"),
        ("time > now()", 7, "now() depends on when it is asked: give the metric a window"),
        ("sum(value) > 3", 0, "a condition looks at one event and cannot add up several"),
        ("kind = 'sale'", 8, "there is no kind sale: the kinds are event, order, order_line, refund"),
        ("value + 1", 0, "not to true or false"),
        ("name = 'a' and and value > 3", 19, "the condition is not understood"),
        ("value >", 7, "the condition is not understood"),
        ("", 0, "the condition is not understood"),
        ("day > 'someday'", 7, "'someday' is not a date: compare day with a date, like day >= '2026-01-31'"),
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
    SqlExpressions::new(Currency::CNY, &[], customers).unwrap()
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
        acts: false,
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
        ("stage = ", 7, "not understood"),
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
    let spent = judge.check_value("p_spent", Defined::Sum).unwrap();
    assert_eq!(spent.undeclared, [PropertySpec { name: "spent".into(), property_type: PropertyType::Number }]);
    let unknown = judge.check_value("p_spent", Defined::Distinct).unwrap_err();
    assert!(unknown.message.contains("nothing tells its type"), "{unknown:?}");
    let typed = SqlExpressions::new(Currency::CNY, &four(), Vec::new()).unwrap();
    assert_eq!(typed.check_value("p_page", Defined::Distinct).unwrap().undeclared, []);
    assert!(judge.check_value("p_store", Defined::Sum).unwrap_err().message.contains("p_store is no number"));
    assert!(typed.check_value("p_page", Defined::Sum).unwrap_err().message.contains("p_page is no number"));
    assert!(typed.check_value("p_vip", Defined::Max).unwrap_err().fix.contains("where: p_vip = true"));
    for (of, function) in [("channel", Defined::Distinct), ("value", Defined::Average), ("day", Defined::Max)] {
        judge.check_value(of, function).unwrap();
    }
}
