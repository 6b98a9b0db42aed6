//! Experiments: begun, read, refused.

use super::world::World;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use perennial_model::DAY_US;
use perennial_ports::NewDefinitions;
use serde_json::{Value, json};

/// A shop with an experiment of January, one that is due, and one that is to come.
async fn with_experiments() -> World {
    let world = World::with_shop().await;
    let experiment = |name: &str, starts: &str| {
        json!({"name": name, "audience": "buyers", "holdout": "40%", "starts": starts, "days": 20,
               "outcomes": ["converted", "revenue", "seen"]})
    };
    let definitions = json!({
        "brand": {"global_control": "5%"},
        "metrics": [{"name": "seen", "function": "count", "events": ["Order Completed"], "where": "kind = 'order'"}],
        "segments": [{"name": "buyers", "where": "orders > 0"}],
        "experiments": [
            experiment("january", "2026-01-01"), experiment("march", "2026-03-01"), experiment("later", "2026-04-01"),
        ],
    });
    let new = NewDefinitions { json: definitions.to_string(), changes: "[]".to_owned(), ..NewDefinitions::default() };
    world.server.timeline.store().save_definitions(&new).await.unwrap();
    world
}

async fn start(world: &World, name: &str) -> (StatusCode, Value) {
    let path = format!("/api/experiments/{name}/start");
    world.send(Method::POST, &path, &Value::Null).await
}

fn states(list: &Value) -> Vec<(&str, bool)> {
    let all = list["experiments"].as_array().unwrap().iter();
    all.map(|one| (one["standing"]["state"].as_str().unwrap(), one["standing"]["due"].as_bool().unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_experiment_is_begun_and_compared_as_assigned() {
    let world = with_experiments().await;
    let list = world.ok("/api/experiments").await;
    assert_eq!(states(&list), [("planned", true), ("planned", true), ("planned", false)]);
    assert_eq!(list["terms"]["currency"], "CNY");
    let planned = world.ok("/api/experiments/january").await;
    assert_eq!((&planned["groups"], &planned["comparisons"]), (&json!([]), &json!([])));

    let (status, begun) = start(&world, "january").await;
    assert_eq!(status, StatusCode::OK, "{begun}");
    assert_eq!((&begun["standing"]["state"], &begun["standing"]["days_known"]), (&json!("ended"), &json!(20)));
    let groups = begun["groups"].as_array().unwrap();
    let names: Vec<&str> = groups.iter().map(|group| group["group"].as_str().unwrap()).collect();
    assert_eq!(names, ["holdout", "treated", "global_control"]);
    let all: u64 = groups.iter().map(|group| group["customers"].as_u64().unwrap()).sum();
    assert_eq!(Some(all), begun["standing"]["customers"].as_u64());
    let comparisons = begun["comparisons"].as_array().unwrap();
    assert_eq!(comparisons.len(), 3);
    for comparison in comparisons {
        assert_eq!(comparison["n"], groups[1]["customers"]);
        assert_eq!(comparison["control_n"], groups[0]["customers"]);
        assert!(comparison["low"].as_f64().unwrap() <= comparison["difference"].as_f64().unwrap());
        assert!(comparison["verdict"]["text"]["zh"].is_string());
    }
    let series = begun["series"].as_array().unwrap();
    assert_eq!((series.len(), series[0]["points"].as_array().unwrap().len()), (2, 20));
    assert_eq!(series[0]["points"][0]["day"], "2026-01-01");
    assert_eq!(begun["incremental"].as_array().unwrap().len(), 2);
    let again = start(&world, "january").await;
    assert_eq!(again, (StatusCode::OK, begun.clone()), "begun again it stays as it is");
    assert_eq!(world.ok("/api/experiments/january").await, begun);

    let audit = world.server.auth.accounts.audit(None, 10).await.unwrap();
    let noted: Vec<_> = audit.iter().filter(|entry| entry.entry.action == "experiment_begun").collect();
    assert_eq!(noted.len(), 1, "once, by whom");
    assert_eq!((noted[0].entry.member_id, noted[0].entry.subject.as_deref()), (Some(1), Some("experiment:january")));
    let list = world.ok("/api/experiments").await;
    assert_eq!(list["experiments"][0]["headlines"][0]["outcome"], "converted");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_defined_no_more_is_still_read() {
    let world = with_experiments().await;
    start(&world, "january").await;
    let nothing = NewDefinitions {
        expected_version: 1,
        json: json!({}).to_string(),
        changes: "[]".to_owned(),
        ..NewDefinitions::default()
    };
    world.server.timeline.store().save_definitions(&nothing).await.unwrap();
    let list = world.ok("/api/experiments").await;
    assert_eq!(states(&list), [("ended", false)]);
    let january = world.ok("/api/experiments/january").await;
    let outcomes: Vec<&str> =
        january["comparisons"].as_array().unwrap().iter().map(|one| one["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["converted", "revenue"], "the metric is gone, the others are known");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_it_runs_intervals_hold_however_often_one_looks() {
    let world = with_experiments().await;
    let (_, begun) = start(&world, "march").await;
    assert_eq!((&begun["standing"]["state"], &begun["comparisons"]), (&json!("running"), &json!([])));
    world.clock.advance(10 * DAY_US);
    world
        .import("more.csv", "order,member,time,amount\nX1,1,2026-03-03 10:00:00,10\nX2,2,2026-03-05 10:00:00,10\n")
        .await;
    let running = world.ok("/api/experiments/march").await;
    assert_eq!(running["standing"]["days_known"], 5, "up to the last event, not up to now: {running}");
    for comparison in running["comparisons"].as_array().unwrap() {
        let (low, high) = (&comparison["always_valid_low"], &comparison["always_valid_high"]);
        let Some((low, high)) = low.as_f64().zip(high.as_f64()) else { continue };
        assert!(low <= comparison["low"].as_f64().unwrap() && comparison["high"].as_f64().unwrap() <= high);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_begin_is_refused_with_what_to_do() {
    let world = with_experiments().await;
    let (status, answer) = start(&world, "later").await;
    assert_eq!((status, &answer["error"]["code"]), (StatusCode::CONFLICT, &json!("too_early")));
    let (status, answer) = start(&world, "januray").await;
    assert_eq!((status, &answer["error"]["at"]), (StatusCode::NOT_FOUND, &json!("name")));
    assert!(answer["error"]["message"].as_str().unwrap().contains("is january meant?"), "{answer}");
    let (status, _) =
        world.send_as(perennial_model::Role::Viewer, Method::GET, "/api/experiments", Body::empty()).await;
    assert_eq!(status, StatusCode::OK);
}
