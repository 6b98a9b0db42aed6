//! What is written of conditions, and what is refused.

use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

fn condition(json: &Value) -> Condition {
    Condition::from_json(json).unwrap_or_else(|problem| panic!("{json}: {problem}"))
}

fn orders(name: &str, r#where: Option<&str>) -> Metric {
    Metric {
        name: name.to_owned(),
        title: None,
        description: None,
        function: Function::Count,
        events: vec!["Order Completed".to_owned()],
        of: None,
        r#where: r#where.map(str::to_owned),
        window: Window::of_days(90),
        unit: None,
        then: None,
        within: None,
    }
}

#[test]
fn each_form_is_written_as_sql() {
    let orders = |is: &str| json!({"column": "orders", "is": is, "value": 3});
    let (a, b) = (json!({"column": "a", "is": "yes"}), json!({"column": "b", "is": "unknown"}));
    let said = [
        (orders("at_least"), "orders >= 3"),
        (orders("less"), "orders < 3"),
        (json!({"column": "revenue", "is": "between", "least": -1.5, "most": 20}), "revenue between -1.5 and 20"),
        (json!({"column": "stage", "is": "one_of", "values": ["lost", "it's"]}), "stage in ('lost', 'it''s')"),
        (json!({"column": "stage", "is": "none_of", "values": ["new"]}), "stage not in ('new')"),
        (json!({"column": "city", "is": "contains", "value": "5%_\\"}), r"city like '%5\%\_\\%'"),
        (json!({"column": "City \"x\"", "is": "begins_with", "value": "上"}), r#""City ""x""" like '上%'"#),
        (json!({"column": "last_order", "is": "equal", "value": "2026-03-01"}), "last_order = '2026-03-01'"),
        (json!({"column": "d", "is": "within_days", "value": 30}), "d between current_date - 29 and current_date"),
        (json!({"column": "d", "is": "before_days", "value": 30}), "d < current_date - 29"),
        (json!({"column": "d", "is": "within_days", "value": 1}), "d = current_date"),
        (json!({"segment": "gone"}), "in_segment('gone')"),
        (json!({"list": "vip_dinner"}), "in_list('vip_dinner')"),
        (json!({"tag": "wholesale"}), "has_tag('wholesale')"),
        (json!({"not": {"segment": "gone"}}), "not in_segment('gone')"),
        (json!({"not": {"segment": "gone"}, "unknown_too": true}), "in_segment('gone') is not true"),
        (json!({"not": orders("equal")}), "not (orders = 3)"),
        (json!({"not": orders("equal"), "unknown_too": true}), "(orders = 3) is not true"),
        (json!({"not": a}), "not a"),
        (json!({"not": {"column": "a", "is": "equal", "value": false}}), "a"),
        (json!({"not": {"not": b}}), "not (not (b is null))"),
        (json!({"all": [a, {"any": [a, b]}, {"all": [b, {"all": []}]}]}), "a and (a or b is null) and b is null"),
        (json!({"any": [{"all": [a, b]}, {"any": [b, a]}, {"all": [a]}]}), "a and b is null or b is null or a or a"),
        (json!({"all": []}), "true"),
        (json!({"any": []}), "false"),
        (json!({"all": [{"sql": " orders % 2 = 0 "}, a]}), "(orders % 2 = 0) and a"),
        (json!({"all": [{"sql": "a or b"}, a]}), "(a or b) and a"),
        (json!({"all": [{"sql": "b > 1 -- all"}, a]}), "(b > 1 -- all\n) and a"),
        (json!({"not": {"sql": "b > 1"}}), "not (b > 1)"),
    ];
    for (json, sql) in said {
        let written = condition(&json).to_sql(&[]).unwrap();
        assert_eq!((written.sql.as_str(), written.metrics.len()), (sql, 0), "{json}");
    }
}

#[test]
fn a_behaviour_is_the_metric_that_is_defined_so_or_a_new_one() {
    let text = r#"{"behaviour": {"function": "count", "events": ["Order Completed"], "of": null, "window": "90d"},
        "is": "at_least", "value": 2}"#;
    let bought: Condition = serde_json::from_str(text).unwrap();
    let titled = Metric { title: Some(crate::Text::One("Orders".to_owned())), ..orders("quarter", None) };
    let written = bought.to_sql(&[orders("app", Some("channel = 'app'")), titled.clone()]).unwrap();
    assert_eq!((written.sql.as_str(), written.metrics.len()), ("quarter >= 2", 0));

    let taken = orders("order_completed_count_90d", Some("channel = 'app'"));
    let twice =
        Condition::All { all: vec![bought.clone(), Condition::Not { not: Box::new(bought), unknown_too: false }] };
    let written = twice.to_sql(&[taken]).unwrap();
    let made = orders("order_completed_count_90d_2", None);
    assert_eq!(written.sql, format!("{0} >= 2 and not ({0} >= 2)", made.name));
    assert_eq!(written.metrics, [made]);

    // A metric that was changed in the builder is another one, and the old one stays.
    let changed = Behaviour { window: Window::of_days(30), ..Behaviour::of_metric(&titled) };
    let comparison = Comparison::Known {};
    let written = Condition::Behaviour { behaviour: changed, comparison }.to_sql(&[titled]).unwrap();
    assert_eq!((written.sql.as_str(), written.metrics.len()), ("quarter_2 is not null", 1));
}

#[test]
fn a_new_metric_has_a_name_that_tells_what_it_is() {
    let named = |json: Value| {
        let written = condition(&json!({"behaviour": json, "is": "known"})).to_sql(&[]).unwrap();
        let [made] = written.metrics.as_slice() else { panic!("{json}: {written:?}") };
        assert!(crate::is_name(&made.name), "{}", made.name);
        made.name.clone()
    };
    assert_eq!(
        named(json!({"function": "count", "events": "Order Completed", "window": "90d"})),
        "order_completed_count_90d"
    );
    assert_eq!(named(json!({"function": "sum", "of": "value"})), "any_event_sum_value");
    assert_eq!(named(json!({"function": "streak", "unit": "week"})), "any_event_streak_week");
    let back = json!({"function": "sequence", "events": ["Viewed"], "then": {"events": "Bought"}, "within": "7d"});
    assert_eq!(named(back), "viewed_sequence_bought_7d");
    assert_eq!(named(json!({"metric": "mine", "function": "count"})), "mine");
    let app = named(json!({"function": "count", "events": ["A"], "where": "channel = 'app'", "window": "4w"}));
    let web = named(json!({"function": "count", "events": ["A"], "where": "channel = 'web'", "window": "4w"}));
    assert!(app.starts_with("a_count_") && app.ends_with("_4w") && app.len() == "a_count_123456_4w".len(), "{app}");
    assert_ne!(app, web);
    assert_ne!(
        named(json!({"function": "count", "events": ["订单"]})),
        named(json!({"function": "count", "events": ["退款"]}))
    );
    let long =
        |last: &str| named(json!({"function": "count", "events": [format!("{}{last}", "Long Name ".repeat(9))]}));
    assert_ne!(long("a"), long("b"));
}

#[test]
fn times_look_back_in_hours_and_days_in_days() {
    let latest = Metric { function: Function::Last, of: Some("time".to_owned()), ..orders("last_visit", None) };
    for column in [
        json!({"column": "last_visit"}),
        json!({"behaviour": {"function": "last", "of": "time", "events": ["Order Completed"], "window": "90d"}}),
    ] {
        let within = |is: &str| {
            let mut json = column.clone();
            json["is"] = json!(is);
            json["value"] = json!(7);
            condition(&json).to_sql(std::slice::from_ref(&latest)).unwrap().sql
        };
        assert_eq!(within("within_days"), "last_visit between now() - interval '7 days' and now()");
        assert_eq!(within("before_days"), "last_visit < now() - interval '7 days'");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_path() {
    let yes = json!({"column": "a", "is": "yes"});
    let deep = (0..MAX_CONDITION_DEPTH).fold(yes.clone(), |inner, _| json!({"not": inner}));
    let said = [
        (
            json!({"all": [yes, yes, {"any": [{"column": "a", "is": "less", "value": [1]}]}]}),
            "all[2].any[0].value: it is no value",
        ),
        (
            json!({"all": [{"column": "a", "is": "less", "value": true}]}),
            "all[0].value: it is a boolean: ask for yes or no",
        ),
        (
            json!({"not": {"column": "a", "is": "under", "value": 1}}),
            "not.is: nothing is \"under\": take one of equal, ",
        ),
        (json!({"any": [{"column": "a", "is": "yes", "value": 1}]}), "any[0].value: value does not belong to it"),
        (json!({"column": "a", "is": "equal"}), "it has no value: add value"),
        (json!({"column": "a", "is": "equal", "value": null}), "value: it is null: ask for known or unknown"),
        (json!({"column": "a", "is": "one_of", "values": []}), "values: it is empty"),
        (json!({"column": "a", "is": "one_of", "values": [1, "2"]}), "values[1]: it is of another type"),
        (json!({"column": "a", "is": "between", "least": "x", "most": 2}), "most: it is of another type"),
        (json!({"column": "a", "is": "contains", "value": ""}), "value: it is empty"),
        (json!({"column": "a", "is": "within_days", "value": 0}), "value: 0 days are out of bounds: take 1 to 36500"),
        (json!({"column": "a", "is": "within_days", "value": 1.5}), "value: it is no number of days"),
        (json!({"column": "", "is": "yes"}), "column: it is empty"),
        (json!({"all": [{}]}), "all[0]: it says nothing: give it one of all, any, not"),
        (json!({"all": [], "any": []}), "it has all and any"),
        (json!({"all": {}}), "all: it is no list"),
        (json!([]), "[] is no condition"),
        (json!({"not": yes, "unknown_too": 1}), "unknown_too: it is no boolean"),
        (json!({"segment": "x", "title": "y"}), "title: title does not belong to it"),
        (json!({"sql": "a) or (b"}), "sql: this ) has no counterpart"),
        (json!({"sql": " "}), "sql: it is empty"),
        (json!({"behaviour": {"function": "sum"}, "is": "yes"}), "behaviour: sum needs of"),
        (
            json!({"behaviour": {"function": "count", "of": "value"}, "is": "yes"}),
            "behaviour.of: count does not take it",
        ),
        (
            json!({"behaviour": {"function": "count", "title": "x"}, "is": "yes"}),
            "behaviour.title: title does not belong to it",
        ),
        (
            json!({"behaviour": {"function": "count", "window": "3m"}, "is": "yes"}),
            "behaviour: \"3m\" is no span of days",
        ),
        (json!({"behaviour": {"function": "count", "events": 3}, "is": "yes"}), "behaviour: "),
        (json!({"behaviour": {"function": "count", "metric": "X"}, "is": "yes"}), "behaviour.metric: \"X\" is no name"),
        (json!({"all": vec![yes; MAX_CONDITION_PARTS]}), "the condition has more than 500 parts"),
        (deep, "conditions lie more than 20 deep"),
    ];
    for (json, part) in said {
        let text = Condition::from_json(&json).unwrap_err().to_string();
        assert!(text.contains(part), "{json}: {text}");
        let read = serde_json::from_value::<Condition>(json).unwrap_err();
        assert_eq!(read.to_string(), text);
    }
}

#[test]
fn the_schema_describes_every_key_and_every_way_to_compare() {
    fn check(schema: &Value, at: &str) {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let is_tag = property.get("const").is_some();
            assert!(is_tag || property["description"].as_str().is_some_and(|text| text.len() > 8), "{at}.{name}");
        }
        for inner in ["anyOf", "oneOf"].into_iter().flat_map(|key| schema[key].as_array().into_iter().flatten()) {
            check(inner, at);
        }
        for (name, inner) in schema["$defs"].as_object().into_iter().flatten() {
            check(inner, name);
        }
    }
    let schema = schemars::schema_for!(Condition).to_value();
    check(&schema, "Condition");
    let text = schema.to_string();
    for word in ["at_least", "none_of", "begins_with", "within_days", "unknown_too", "window", "least"] {
        assert!(text.contains(&format!("\"{word}\"")), "{word}: {text}");
    }
}

fn value() -> impl Strategy<Value = ConditionValue> {
    prop_oneof![
        any::<i64>().prop_map(|number| ConditionValue::Number(number.into())),
        (-1e6..1e6).prop_map(|number| ConditionValue::Number(Number::from_f64(number).unwrap())),
        "[a-z'%_\\\\ 客]{0,4}".prop_map(ConditionValue::Text),
    ]
}

fn comparison() -> impl Strategy<Value = Comparison> {
    prop_oneof![
        any::<bool>().prop_map(|value| Comparison::Equal { value: ConditionValue::Boolean(value) }),
        value().prop_map(|value| Comparison::NotEqual { value }),
        value().prop_map(|value| Comparison::AtLeast { value }),
        value().prop_map(|value| Comparison::OneOf { values: vec![value.clone(), value] }),
        value().prop_map(|value| Comparison::Between { least: value.clone(), most: value }),
        "[a-z%]{1,3}".prop_map(|value| Comparison::Contains { value }),
        Just(Comparison::Unknown {}),
        Just(Comparison::No {}),
        (1..100_u32).prop_map(|value| Comparison::WithinDays { value }),
    ]
}

fn any_condition() -> impl Strategy<Value = Condition> {
    let leaf = prop_oneof![
        ("[a-zA-Z\"]{1,4}", comparison()).prop_map(|(column, comparison)| Condition::Column { column, comparison }),
        comparison().prop_map(|comparison| Condition::Behaviour {
            behaviour: Behaviour::of_metric(&orders("made", Some("value > 1"))),
            comparison
        }),
        "[a-z]{1,3}".prop_map(|segment| Condition::Segment { segment }),
        Just(Condition::Sql { sql: "a + 1 > 2 or b".to_owned() }),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|all| Condition::All { all }),
            prop::collection::vec(inner.clone(), 0..4).prop_map(|any| Condition::Any { any }),
            (inner, any::<bool>()).prop_map(|(not, unknown_too)| Condition::Not { not: Box::new(not), unknown_too }),
        ]
    })
}

proptest! {
    #[test]
    fn json_is_read_as_it_was_written(condition in any_condition()) {
        let json = serde_json::to_value(&condition).unwrap();
        prop_assert_eq!(Condition::from_json(&json).unwrap(), condition);
    }

    #[test]
    fn the_normal_form_is_one_and_is_written_alike(condition in any_condition()) {
        let normal = condition.clone().normal();
        prop_assert_eq!(normal.clone().normal(), normal.clone());
        prop_assert_eq!(normal.to_sql(&[]).unwrap(), condition.to_sql(&[]).unwrap());
    }
}
