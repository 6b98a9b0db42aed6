//! Every figure says how it is computed, and its SQL gives it.

use super::world::World;
use crate::{explanations, openapi};
use axum::http::StatusCode;
use perennial_fold::{Instant, Revenue};
use perennial_learn::{AnalyseOptions, analyse};
use perennial_model::{Currency, Role, Zone};
use perennial_query::{OutputFormat, QueryEngine, QueryOptions};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Answers that hold figures, and what their figures' names begin with.
const ANSWERS: [(&str, &str); 21] = [
    ("/api/acquisition/attribution", "attribution"),
    ("/api/acquisition/equilibrium", "equilibrium"),
    ("/api/acquisition/sources", "acquisition_sources"),
    ("/api/today", "today"),
    ("/api/today/flow", "flow"),
    ("/api/today/target", "target"),
    ("/api/customers", "customers"),
    ("/api/customers/{id}", "customer"),
    ("/api/customers/{id}/timeline", "timeline"),
    ("/api/customers/find", "find"),
    ("/api/brand", "brand"),
    ("/api/segments", "segments"),
    ("/api/segments/preview", "segment_preview"),
    ("/api/segments/overlap", "segment_overlap"),
    ("/api/segments/{name}/sizes", "segment_sizes"),
    ("/api/flows", "flows"),
    ("/api/rfm", "rfm"),
    ("/api/groups", "groups"),
    ("/api/experiments", "experiments"),
    ("/api/experiments/{name}", "experiment"),
    ("/api/experiments/{name}/start", "experiment"),
];
/// Answers whose numbers say how far the machinery is and what a request has just done; their
/// descriptions are in the schema.
const WORK: [&str; 19] = [
    "/api/aside",
    "/api/aside/replay",
    "/api/imports",
    "/api/imports/{id}",
    "/api/imports/{id}/start",
    "/api/identity/journal",
    "/api/identity/suggestions",
    "/api/watch",
    "/api/schemas",
    "/api/sources",
    "/api/sources/live",
    "/api/system",
    "/api/query",
    "/api/customers/{id}/erase",
    "/api/segments/{name}",
    "/api/segments/{name}/explain",
    "/api/segments/{name}/changes",
    "/api/groups/{kind}/{name}",
    "/api/groups/{kind}/{name}/members",
];
/// An explanation itself, whose numbers are another figure's.
const EXPLANATION: &str = "/api/explain/{figure}";
/// A correction counts what it changed.
const CORRECTION: (&str, &str) = ("/api/customers/{id}", "patch");

/// Fields within fields that are looked into.
const DEEPEST: usize = 9;

/// Numbers that are no figures: instants, numbers of things, and what money is written in.
fn is_figure(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    let is_place = matches!(last, "version" | "offset");
    let is_written = ["segment_preview.condition", "segment_preview.metrics"].iter().any(|way| name.starts_with(way));
    !is_place
        && !is_written
        && !last.ends_with("_us")
        && !last.ends_with("_id")
        && !name.ends_with("terms.currency_decimals")
}

fn is_number(schema: &Value) -> bool {
    let types = &schema["type"];
    let number = |name: &Value| name == "integer" || name == "number";
    number(types) || types.as_array().is_some_and(|types| types.iter().any(number))
}

/// All numeric fields below a schema.
fn walk(all: &Value, schema: &Value, name: &str, found: &mut BTreeSet<String>) {
    // A shape within itself, such as parts of parts, says nothing new deeper down.
    if name.split('.').count() > DEEPEST {
        return;
    }
    if let Some(reference) = schema["$ref"].as_str() {
        return walk(all, &all[reference.rsplit('/').next().unwrap()], name, found);
    }
    if is_number(schema) {
        found.insert(name.to_owned());
    }
    for one in schema["anyOf"].as_array().into_iter().flatten() {
        walk(all, one, name, found);
    }
    if schema["items"].is_object() {
        walk(all, &schema["items"], name, found);
    }
    for (field, schema) in schema["properties"].as_object().into_iter().flatten() {
        walk(all, schema, &format!("{name}.{field}"), found);
    }
}

#[test]
fn every_numeric_field_is_explained() {
    let description = openapi();
    let all = &description["components"]["schemas"];
    let (mut names, mut walked) = (BTreeSet::new(), 0);
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, route) in methods.as_object().unwrap() {
            let schema = &route["responses"]["200"]["content"]["application/json"]["schema"];
            let known = ANSWERS.iter().find(|(known, _)| known == path).map(|(_, name)| *name);
            if WORK.contains(&path.as_str()) || path == EXPLANATION || CORRECTION == (path, method) {
                continue;
            }
            let mut found = BTreeSet::new();
            walk(all, schema, known.unwrap_or(path), &mut found);
            found.retain(|name| is_figure(name));
            assert!(known.is_some() || found.is_empty(), "figures nobody explains in {method} {path}: {found:?}");
            walked += usize::from(known.is_some() && schema.is_object());
            names.extend(found);
        }
    }
    assert_eq!(walked, ANSWERS.len());
    let figures = names;
    assert!(figures.len() > 70 && figures.contains("today.active_rate.rate.low"), "{figures:?}");
    let missing: Vec<&String> = figures.iter().filter(|name| explanations::find(name).is_none()).collect();
    assert!(missing.is_empty(), "not explained: {missing:?}");
    for said in explanations::all() {
        let used =
            |name: &String| name == said.figure || (said.whole && name.starts_with(&format!("{}.", said.figure)));
        assert!(figures.iter().any(used), "{} explains nothing", said.figure);
        for (en, zh) in [said.title, said.definition] {
            assert!(!en.is_empty() && !zh.is_ascii(), "{}", said.figure);
        }
    }
}

/// The figure in an answer: a number, or those of a list by their key.
fn figures_of(today: &Value, figure: &str) -> BTreeMap<String, f64> {
    let way: Vec<&str> = figure.split('.').skip(1).collect();
    let (last, lists) = way.split_last().unwrap();
    let holder = lists.iter().fold(today, |part, name| &part[*name]);
    let number = |value: &Value| value.as_f64().or_else(|| value["value"].as_f64());
    match holder.as_array() {
        None => number(&holder[*last]).map(|value| (String::new(), value)).into_iter().collect(),
        Some(items) => {
            let key = |item: &Value| {
                let named = ["stage", "segment", "month"].iter().find_map(|name| item[*name].as_str());
                named.unwrap().to_owned()
            };
            items.iter().filter_map(|item| Some((key(item), number(&item[*last])?))).collect()
        }
    }
}

async fn answer(engine: &QueryEngine, sql: &str) -> BTreeMap<String, f64> {
    let mut bytes = Vec::new();
    engine.write(sql, OutputFormat::Json, &mut bytes).await.unwrap_or_else(|problem| panic!("{sql}: {problem}"));
    let rows: Vec<Value> = serde_json::from_slice(&bytes).unwrap();
    rows.iter()
        .map(|row| (row["key"].as_str().unwrap_or_default().to_owned(), row["value"].as_f64().unwrap()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sql_gives_the_same_numbers() {
    let world = World::with_shop().await;
    let today = world.ok("/api/today").await;
    let zone = Zone::named("Asia/Shanghai").unwrap();
    let as_of_us = today["as_of_us"].as_i64().unwrap();
    let snapshot = world.server.timeline.snapshot().await.unwrap();
    let table = analyse(&snapshot, &AnalyseOptions::new(as_of_us, zone.clone(), 1)).unwrap().table;
    let instant = Instant::new(as_of_us, zone, Revenue::Net);
    let engine = QueryEngine::new(snapshot, Arc::new(table), &instant, Currency::CNY, QueryOptions::default()).unwrap();
    let mut compared = 0;
    for said in explanations::all().filter(|said| said.sql.is_some() && said.figure.starts_with("today.")) {
        let explained = world.ok(&format!("/api/explain/{}", said.figure)).await;
        let sql = explained["sql"].as_str().unwrap();
        let (mut told, found) = (figures_of(&today, said.figure), answer(&engine, sql).await);
        // A group of nobody has no row.
        told.retain(|key, value| found.contains_key(key) || *value != 0.0);
        assert_eq!(told.keys().collect::<Vec<_>>(), found.keys().collect::<Vec<_>>(), "{}", said.figure);
        for (key, value) in &told {
            assert!((value - found[key]).abs() < 1e-9 * value.abs().max(1.0), "{} {key}: {value} {sql}", said.figure);
        }
        compared += 1;
    }
    assert!(compared >= 15, "{compared}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_explanation_has_value_interval_and_instant() {
    let world = World::with_shop().await;
    let today = world.ok("/api/today").await;
    let explained = world.ok("/api/explain/today.active_rate.rate").await;
    let rate = &today["active_rate"]["rate"];
    for field in ["value", "n", "low", "high"] {
        assert_eq!(explained[field], rate[field], "{field}");
    }
    assert_eq!((&explained["as_of_us"], &explained["mechanism"]), (&today["as_of_us"], &json!("0.1")));
    assert_eq!(world.ok("/api/explain/today.active_rate.rate.low").await["title"]["zh"], "活跃率");
    assert_eq!(world.ok("/api/explain/today.revenue_minor").await["value"], today["revenue_minor"].as_f64().unwrap());
    assert_eq!(world.get("/api/explain/today").await.0, StatusCode::NOT_FOUND);
    assert_eq!(world.get("/api/explain/today.nonsense").await.0, StatusCode::NOT_FOUND);
    let (status, blind) = world.get_as(Role::Staff, "/api/explain/today.revenue_minor").await;
    assert_eq!((status, &blind["value"]), (StatusCode::OK, &Value::Null), "what it means, not what it is");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_is_explained_for_one_customer() {
    let world = World::with_shop().await;
    let page = world.ok("/api/customers?limit=1&columns=orders,revenue,stage").await;
    let row = &page["rows"][0];
    let path = format!("?customer={}", row["customer_id"].as_str().unwrap());
    let explained = world.ok(&format!("/api/explain/customer.values.orders{path}")).await;
    assert_eq!(explained["value"], row["values"]["orders"].as_f64().unwrap());
    assert!(explained["sql"].as_str().unwrap().contains("SELECT orders FROM customers WHERE customer_id ="));
    assert_eq!(world.ok("/api/explain/customers.rows.values.stage").await["title"]["zh"], "生命周期阶段");
    let (status, _) = world.get_as(Role::Viewer, &format!("/api/explain/customer.values.orders{path}")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(world.get("/api/explain/customer.values.height").await.0, StatusCode::NOT_FOUND);
}
