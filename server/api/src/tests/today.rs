//! Figures of the base.

use super::world::{World, shop_csv};
use axum::http::{Method, StatusCode};
use perennial_model::DAY_US;
use serde_json::{Value, json};

fn sum(list: &Value, field: &str) -> u64 {
    list.as_array().unwrap().iter().map(|item| item[field].as_u64().unwrap()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_add_up_and_agree_with_the_table() {
    let world = World::with_shop().await;
    let today = world.ok("/api/today").await;
    assert_eq!(today["customers"], 300);
    assert_eq!((sum(&today["stages"], "customers"), sum(&today["segments"], "customers")), (300, 300));
    assert_eq!(sum(&today["stage_flow"]["flows"], "customers"), 300);
    assert_eq!(today["terms"]["currency"], "CNY");
    let rate = &today["active_rate"]["rate"];
    let (value, low, high) =
        (rate["value"].as_f64().unwrap(), rate["low"].as_f64().unwrap(), rate["high"].as_f64().unwrap());
    assert!(low < value && value < high && rate["n"].as_u64().unwrap() > 100);
    assert_eq!(today["active_rate"]["months"].as_array().unwrap().len(), 13);
    for month in today["growth"].as_array().unwrap() {
        let part = |name: &str| month[name].as_u64().unwrap();
        assert_eq!(part("active"), part("new") + part("retained") + part("resurrected"));
    }
    let money: Vec<i64> =
        today["findings"].as_array().unwrap().iter().map(|one| one["money_minor"].as_i64().unwrap()).collect();
    assert!(money.len() > 2 && money.is_sorted_by(|one, next| one >= next));
    assert_eq!(today["headline"], today["findings"][0]["text"]);
    for language in ["en", "zh"] {
        assert!(!today["headline"][language].as_str().unwrap().is_empty());
    }
    for stage in today["stages"].as_array().unwrap() {
        let word = stage["stage"].as_str().unwrap();
        let page = world.ok(&format!("/api/customers?stage={word}&limit=0")).await;
        assert_eq!(page["total"], stage["customers"], "{word}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_kept_until_the_data_changes_or_the_day_is_over() {
    let world = World::with_shop().await;
    let first = world.ok("/api/today").await;
    world.clock.advance(60_000_000);
    let again = world.ok("/api/today").await;
    assert_eq!((&again["computed_us"], &again["stale"]), (&first["computed_us"], &json!(false)));
    world
        .import("more.csv", &shop_csv(310).replace(",M", ",N").replace(",138", ",139").replace("buyer", "other"))
        .await;
    assert_eq!(world.ok("/api/today").await["stale"], true, "the old figures at once, new ones behind");
    world.clock.advance(DAY_US);
    assert_eq!(world.ok("/api/today").await["stale"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_day_can_be_asked_for() {
    let world = World::with_shop().await;
    let then = world.ok("/api/today?as_of=2025-01-01").await;
    let now = world.ok("/api/today").await;
    assert!(then["customers"].as_u64().unwrap() < now["customers"].as_u64().unwrap());
    let (status, answer) = world.get("/api/today?as_of=yesterday").await;
    assert_eq!((status, &answer["error"]["at"]), (StatusCode::BAD_REQUEST, &json!("as_of")));
    let (status, _) = world.get("/api/today?as_off=2025-01-01").await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "a parameter that nobody knows is no wish granted");
}

#[tokio::test(flavor = "multi_thread")]
async fn flows_between_any_two_days() {
    let world = World::with_shop().await;
    let flow = world.ok("/api/today/flow?from=2025-06-01&to=2025-12-01").await;
    let then = world.ok("/api/today?as_of=2025-12-01").await;
    assert_eq!(flow["customers"], then["customers"]);
    let reached = |stage: &str| -> u64 {
        let flows = flow["flows"].as_array().unwrap().iter().filter(|one| one["to"] == stage);
        flows.map(|one| one["customers"].as_u64().unwrap()).sum()
    };
    for stage in then["stages"].as_array().unwrap() {
        assert_eq!(json!(reached(stage["stage"].as_str().unwrap())), stage["customers"]);
    }
    assert_eq!(world.ok("/api/today/flow").await, world.ok("/api/today").await["stage_flow"]);
    for wrong in ["from=2025-12-01&to=2025-06-01", "to=2027-01-01", "from=2023-02-30"] {
        assert_eq!(world.get(&format!("/api/today/flow?{wrong}")).await.0, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_is_remembered() {
    let world = World::with_shop().await;
    assert_eq!(world.ok("/api/today").await["active_rate"]["target"], Value::Null);
    let (status, _) = world.send(Method::PATCH, "/api/today/target", &json!({ "active_rate": 0.35 })).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(world.ok("/api/today").await["active_rate"]["target"], 0.35);
    let (status, _) = world.send(Method::PATCH, "/api/today/target", &json!({ "active_rate": 35 })).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    world.send(Method::PATCH, "/api/today/target", &json!({ "active_rate": null })).await;
    assert_eq!(world.ok("/api/today").await["active_rate"]["target"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_brand_without_customers_has_figures_too() {
    let world = World::new().await;
    let today = world.ok("/api/today").await;
    assert_eq!((&today["customers"], &today["headline"]), (&json!(0), &Value::Null));
    assert_eq!(today["active_rate"]["rate"]["value"], Value::Null, "unknown is not zero");
    assert_eq!(world.ok("/api/today/flow?from=2025-06-01&to=2025-12-01").await["customers"], 0);
    assert_eq!(world.ok("/api/customers").await["total"], 0);
}
