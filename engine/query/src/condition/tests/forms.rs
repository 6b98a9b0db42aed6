//! SQL into conditions and back.

use super::trees::is_as_the_parser_has_it;
use super::{metric, metrics, named};
use crate::SqlExpressions;
use crate::condition_of;
use datafusion::sql::sqlparser::keywords::ALL_KEYWORDS;
use perennial_definitions::{
    Behaviour, Comparison, Condition, ConditionValue, Expressions, Function, MAX_CONDITION_DEPTH, Metric,
};
use perennial_fold::{ColumnSpec, ColumnType};
use perennial_model::Currency;
use proptest::prelude::*;
use serde_json::{Number, Value, json};

fn json_of(sql: &str) -> Value {
    serde_json::to_value(condition_of(sql, &metrics()).unwrap_or_else(|error| panic!("{sql}: {error:?}"))).unwrap()
}

fn written(condition: &Condition, metrics: &[Metric]) -> String {
    condition.to_sql(metrics).unwrap().sql
}

#[test]
fn each_comparison_has_its_form() {
    let column = |is: &str, rest: Value| {
        let mut json = json!({"column": "a", "is": is});
        json.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        json
    };
    let said = [
        ("a >= 3", column("at_least", json!({"value": 3}))),
        ("3 >= a", column("at_most", json!({"value": 3}))),
        ("A != -1.50", column("not_equal", json!({"value": -1.5}))),
        ("\"a\" = 'it''s'", column("equal", json!({"value": "it's"}))),
        ("a < DATE '2026-03-01'", column("less", json!({"value": "2026-03-01"}))),
        ("a", column("yes", json!({}))),
        ("a = true", column("yes", json!({}))),
        ("not a", column("no", json!({}))),
        ("((a)) is not true", json!({"not": column("yes", json!({})), "unknown_too": true})),
        ("a is not true", json!({"not": column("yes", json!({})), "unknown_too": true})),
        (
            "(a > 1 or a < 0) is not true",
            json!({"not": {"any": [column("more", json!({"value": 1})), column("less", json!({"value": 0}))]}, "unknown_too": true}),
        ),
        (
            "not (a is null) and a is not null",
            json!({"all": [{"not": column("unknown", json!({}))}, column("known", json!({}))]}),
        ),
        ("not a is null", json!({"not": column("unknown", json!({}))})),
        ("a in ('x')", column("one_of", json!({"values": ["x"]}))),
        ("a not in (1, 2)", column("none_of", json!({"values": [1, 2]}))),
        ("a not between 1 and 2", json!({"not": column("between", json!({"least": 1, "most": 2}))})),
        (r"a like '%5\%\\%'", column("contains", json!({"value": "5%\\"}))),
        ("a like 'x%'", column("begins_with", json!({"value": "x"}))),
        ("a not like 'x%'", json!({"not": column("begins_with", json!({"value": "x"}))})),
        ("a between current_date - 6 and current_date", column("within_days", json!({"value": 7}))),
        ("a < current_date", column("before_days", json!({"value": 1}))),
        (
            "In_Segment('x') AND in_list('y') and has_tag('批发')",
            json!({"all": [{"segment": "x"}, {"list": "y"}, {"tag": "批发"}]}),
        ),
        ("true", json!({"all": []})),
        (
            "a in ('x') or b or (c or not d)",
            json!({"any": [column("one_of", json!({"values": ["x"]})),
            {"column": "b", "is": "yes"}, {"column": "c", "is": "yes"}, {"column": "d", "is": "no"}]}),
        ),
        ("a > 1 and a + 1 > b", json!({"all": [column("more", json!({"value": 1})), {"sql": "a + 1 > b"}]})),
    ];
    for (sql, json) in said {
        assert_eq!(json_of(sql), json, "{sql}");
        let once = written(&condition_of(sql, &metrics()).unwrap(), &metrics());
        assert_eq!(written(&condition_of(&once, &metrics()).unwrap(), &metrics()), once, "{sql}");
    }
}

#[test]
fn what_has_no_form_stays_as_it_is() {
    for sql in [
        "a + 1 > 2",
        "a > b",
        "a is true",
        "(a or b) is true",
        "a = null",
        "a like '%x%y'",
        "a like '%'",
        "a like 'x'",
        "a like 'x%' escape '!'",
        "a ilike 'x%'",
        "a in (1, 'x')",
        "a in (b)",
        "customers.a = 1",
        "in_segment(a)",
        "in_segment('x') = true",
        "a >= current_date - 6",
        "a between now() - interval '7 days' and now()",
        "seen < current_date",
        "a < true",
        "case when a or b then c else d end",
        "a < now()",
        "lower(a) = 'x'",
        "(a) = (b)",
        "a between b and c",
        "exists_in(a, 'b) or (c')",
    ] {
        assert_eq!(json_of(sql), json!({"sql": sql}), "{sql}");
        let both = format!("({sql})\n OR\t(not ( {sql} ))");
        assert_eq!(json_of(&both), json!({"any": [{"sql": sql}, {"not": {"sql": sql}}]}), "{both}");
    }
}

/// To the parser all that follows belongs to it.
#[test]
fn what_takes_all_that_follows_is_kept_apart() {
    let greedy = Condition::Sql { sql: "a is distinct from b".to_owned() };
    let segment = Condition::Segment { segment: "x".to_owned() };
    let either = Condition::Any { any: vec![greedy, segment] };
    assert_eq!(condition_of(&written(&either, &[]), &[]).unwrap(), either);
    let whole = "a is distinct from b or in_segment('x')";
    assert_eq!(json_of(whole), json!({"sql": whole}));
}

#[test]
fn comments_are_kept_with_the_whole() {
    let sql = "  a > 1 -- the good ones\n and b /* or not */ ";
    assert_eq!(json_of(sql), json!({"sql": sql.trim()}));
    assert_eq!(json_of("a = '-- no comment /* either'")["is"], "equal");
}

#[test]
fn what_is_no_sql_is_told_with_its_place() {
    let said = [
        ("客 = 'x' and", 13, "not understood"),
        ("客 = 'x' and and b", 18, "expected the end, found b"),
        ("客 = 'x' b", 10, "expected the end, found b"),
        ("(a > 1", 6, "not understood"),
        ("a > 1)", 5, "expected the end, found )"),
        ("", 0, "not understood"),
        ("a = 'x", 4, "not understood (Unterminated string literal)"),
    ];
    for (sql, offset, part) in said {
        let problem = condition_of(sql, &[]).unwrap_err();
        assert!(problem.message.contains(part), "{sql}: {problem:?}");
        assert_eq!(problem.offset, offset, "{sql}: {problem:?}");
    }
    let deep = format!("{}a{}", "(".repeat(60), ")".repeat(60));
    assert!(condition_of(&deep, &[]).unwrap_err().message.contains("too deep"));
    assert!(condition_of(&"a or ".repeat(2_000), &[]).unwrap_err().message.contains("operators"));
}

#[test]
fn segments_of_the_guide_keep_their_meaning() {
    let app = metric("app_orders_90d", Function::Count, None);
    let sql = "app_orders_90d > 3\nand not in_segment('gone')\n";
    let condition = condition_of(sql, std::slice::from_ref(&app)).unwrap();
    let json = json!({"all": [
        {"behaviour": {"metric": "app_orders_90d", "function": "count", "events": ["Order Completed"], "window": "90d"},
            "is": "more", "value": 3},
        {"not": {"segment": "gone"}},
    ]});
    assert_eq!(serde_json::to_value(&condition).unwrap(), json);
    assert_eq!(written(&condition, &[app]), "app_orders_90d > 3 and not in_segment('gone')");
    assert_eq!(written(&condition_of("stage = 'lost'", &[]).unwrap(), &[]), "stage = 'lost'");
}

#[test]
fn a_condition_beyond_a_builders_bounds_stays_text() {
    let many = vec!["a > 1"; 510].join(" or b and ");
    assert!(condition_of(&many, &[]).is_err(), "too many operators");
    let many = vec!["a"; 510].join(" or ");
    assert_eq!(condition_of(&many, &[]).unwrap(), Condition::Sql { sql: many });
    let deep = (0..22).fold("a".to_owned(), |inner, _| format!("not (b or {inner})"));
    let condition = condition_of(&deep, &[]).unwrap();
    condition.check().unwrap();
    let text = written(&condition, &[]);
    assert_eq!(text, deep);
}

/// The deepest that is let in is not too deep for the engine, whatever it is nested in.
#[test]
fn the_engine_reads_the_deepest_condition() {
    let spec = |name, column_type| ColumnSpec { name, column_type, description: "of a test" };
    let columns = vec![spec("day", ColumnType::Day), spec("yes", ColumnType::Bool)];
    let judge = SqlExpressions::new(Currency::CNY, &[], columns).unwrap();
    let yes = Condition::Column { column: "yes".to_owned(), comparison: Comparison::Yes {} };
    let last = Condition::Column { column: "day".to_owned(), comparison: Comparison::WithinDays { value: 9 } };
    let nests: [fn(usize, Condition, Condition) -> Condition; 4] = [
        |_, _, inner| Condition::Not { not: Box::new(inner), unknown_too: false },
        |_, _, inner| Condition::Not { not: Box::new(inner), unknown_too: true },
        |_, yes, inner| Condition::Not { not: Box::new(Condition::All { all: vec![yes, inner] }), unknown_too: false },
        |level, yes, inner| match level % 2 {
            0 => Condition::All { all: vec![yes, inner] },
            _ => Condition::Any { any: vec![yes, inner] },
        },
    ];
    for (place, nest) in nests.into_iter().enumerate() {
        let levels = if place == 2 { (MAX_CONDITION_DEPTH - 1) / 2 } else { MAX_CONDITION_DEPTH - 1 };
        let condition = (0..levels).fold(last.clone(), |inner, level| nest(level, yes.clone(), inner));
        let sql = condition.to_sql(&[]).unwrap().sql;
        judge.check_customer(&sql, &[]).unwrap_or_else(|problem| panic!("{sql}: {problem:?}"));
        assert_eq!(condition_of(&sql, &[]).unwrap(), condition.normal(), "{sql}");
    }
}

#[test]
fn a_column_may_be_called_like_a_word_of_sql() {
    let lost: Vec<&str> = ALL_KEYWORDS.iter().copied().filter(|word| !comes_back(&word.to_lowercase())).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

fn comes_back(column: &str) -> bool {
    let text = |text: &str| ConditionValue::Text(text.to_owned());
    let comparisons = [
        Comparison::Equal { value: text("x") },
        Comparison::Between { least: text("x"), most: text("y") },
        Comparison::OneOf { values: vec![text("x")] },
        Comparison::NoneOf { values: vec![text("x")] },
        Comparison::Contains { value: "x".to_owned() },
        Comparison::AtLeast { value: ConditionValue::Number(Number::from(-3)) },
        Comparison::Known {},
        Comparison::Yes {},
        Comparison::No {},
        Comparison::WithinDays { value: 3 },
    ];
    let all = comparisons.map(|comparison| Condition::Column { column: column.to_owned(), comparison });
    all.iter().all(|condition| {
        let not = Condition::Not { not: Box::new(condition.clone()), unknown_too: true };
        let both = Condition::All { all: vec![condition.clone(), not.clone(), condition.clone()] };
        [condition, &not, &both].into_iter().all(|one| {
            let sql = written(one, &[]);
            condition_of(&sql, &[]).as_ref() == Ok(one) && is_as_the_parser_has_it(&sql)
        })
    })
}

fn value() -> impl Strategy<Value = ConditionValue> {
    prop_oneof![
        any::<i64>().prop_map(|number| ConditionValue::Number(number.into())),
        any::<u64>().prop_map(|number| ConditionValue::Number(number.into())),
        any::<f64>().prop_filter_map("finite", |number| Number::from_f64(number).map(ConditionValue::Number)),
        "[a-z'%_\\\\ \"客\n(-]{0,4}".prop_map(ConditionValue::Text),
    ]
}

fn comparison() -> impl Strategy<Value = Comparison> {
    prop_oneof![
        any::<bool>().prop_map(|value| Comparison::NotEqual { value: ConditionValue::Boolean(value) }),
        any::<bool>().prop_map(|value| Comparison::Equal { value: ConditionValue::Boolean(value) }),
        value().prop_map(|value| Comparison::Equal { value }),
        value().prop_map(|value| Comparison::NotEqual { value }),
        value().prop_map(|value| Comparison::Less { value }),
        value().prop_map(|value| Comparison::AtMost { value }),
        value().prop_map(|value| Comparison::More { value }),
        value().prop_map(|value| Comparison::AtLeast { value }),
        value().prop_map(|value| Comparison::OneOf { values: vec![value.clone(), value] }),
        value().prop_map(|value| Comparison::NoneOf { values: vec![value] }),
        value().prop_map(|value| Comparison::Between { least: value.clone(), most: value }),
        "[a-z%_\\\\']{1,3}".prop_map(|value| Comparison::Contains { value }),
        "[a-z%_\\\\']{1,3}".prop_map(|value| Comparison::BeginsWith { value }),
        Just(Comparison::Known {}),
        Just(Comparison::Unknown {}),
        Just(Comparison::Yes {}),
        Just(Comparison::No {}),
        (1..40_000_u32).prop_map(|value| Comparison::WithinDays { value: value.min(36_500) }),
        (1..9_u32).prop_map(|value| Comparison::BeforeDays { value }),
    ]
}

fn behaviour() -> impl Strategy<Value = Behaviour> {
    let made = [metric("x", Function::Max, Some("received")), metric("x", Function::Sum, Some("value"))];
    prop::sample::select([metrics(), made.to_vec()].concat())
        .prop_map(|metric| Behaviour { metric: None, ..Behaviour::of_metric(&metric) })
}

/// Conditions of every form. What is SQL in them has no other form.
pub(super) fn condition() -> impl Strategy<Value = Condition> {
    let columns = prop_oneof![
        "[a-zA-Z\"' ]{1,4}",
        prop::sample::select(vec!["orders", "seen", "current_date", "客"]).prop_map(str::to_owned)
    ];
    let leaf = prop_oneof![
        4 => (columns, comparison()).prop_map(|(column, comparison)| Condition::Column { column, comparison }),
        2 => (behaviour(), comparison()).prop_map(|(behaviour, comparison)| Condition::Behaviour { behaviour, comparison }),
        1 => "[a-z'-]{1,3}".prop_map(|segment| Condition::Segment { segment }),
        1 => "[a-z]{1,3}".prop_map(|list| Condition::List { list }),
        1 => "[a-z客]{1,3}".prop_map(|tag| Condition::Tag { tag }),
        1 => prop::sample::select(vec!["a + 1 > 2", "case when a and b then c else not d end", "f(a, 'or')", "(a or b) = c"])
            .prop_map(|sql| Condition::Sql { sql: sql.to_owned() }),
    ];
    leaf.prop_recursive(6, 60, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|all| Condition::All { all }),
            prop::collection::vec(inner.clone(), 0..4).prop_map(|any| Condition::Any { any }),
            (inner, any::<bool>()).prop_map(|(not, unknown_too)| Condition::Not { not: Box::new(not), unknown_too }),
        ]
    })
}

proptest! {
    #[test]
    fn a_condition_comes_back_from_sql(condition in condition()) {
        let written = condition.to_sql(&metrics()).unwrap();
        let all = [metrics(), written.metrics].concat();
        let back = condition_of(&written.sql, &all).unwrap();
        prop_assert_eq!(&back, &named(condition.normal(), &all), "{}", written.sql);
        let again = back.to_sql(&all).unwrap();
        prop_assert_eq!((again.sql, again.metrics.len()), (written.sql, 0));
    }
}
