//! What was spent and what it brought, asked of the server.

use super::world::{NOW_US, World};
use axum::http::StatusCode;
use perennial_model::Role;
use perennial_ports::NewDefinitions;
use serde_json::{Value, json};
use std::time::Duration;

/// A shop whose items tell where customers came from, as of 2026-03-01.
pub(super) async fn with_sources() -> World {
    let world = World::with_shop().await;
    let spent = |month: &str, purpose: &str, amount: f64| json!({"month": month, "purpose": purpose, "amount": amount});
    let mut on_ads = spent("2025-01", "acquisition", 800.5);
    on_ads["source"] = json!("ads");
    let definitions = json!({
        "brand": {"touch": "name = 'Email Sent'", "acquisition_share_alert": "60%"},
        "sources": [
            {"name": "ads", "title": {"zh": "广告", "en": "Ads"}, "kind": "advertising", "where": "item in ('SKU1', 'SKU2', 'SKU3')"},
            {"name": "friends", "kind": "referral", "where": "item in ('SKU4', 'SKU5')"},
        ],
        "spend": [on_ads, spent("2025-01", "acquisition", 200.0), spent("2025-01", "retention", 500.0),
                  spent("2025-02", "retention", 1.0)],
    });
    let new = NewDefinitions { json: definitions.to_string(), changes: "[]".to_owned(), ..NewDefinitions::default() };
    world.server.timeline.store().save_definitions(&new).await.unwrap();
    world
}

fn sum(rows: &Value, way: &[&str]) -> u64 {
    let value = |row: &Value| way.iter().fold(row.clone(), |value, part| value[part].clone()).as_u64().unwrap();
    rows.as_array().unwrap().iter().map(value).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn spend_stands_month_by_month_and_what_nobody_said_is_unknown() {
    let world = with_sources().await;
    let told = world.ok("/api/acquisition/equilibrium?since=2025-01&until=2025-03").await;
    assert_eq!((&told["terms"]["currency"], &told["alert_above"]), (&json!("CNY"), &json!(0.6)));
    let touches = |month: &str, acquisition: Value, retention: Value, share: Value, alert: bool| {
        json!({"month": month, "over": true, "acquisition_minor": acquisition, "retention_minor": retention,
               "share": share, "alert": alert, "acquisition_touches": 0, "retention_touches": 0, "touch_share": null})
    };
    let share = 100_050.0 / 150_050.0;
    assert_eq!(
        told["months"],
        json!([
            touches("2025-01", json!(100_050), json!(50_000), json!(share), true),
            touches("2025-02", Value::Null, json!(100), Value::Null, false),
            touches("2025-03", Value::Null, Value::Null, Value::Null, false),
        ])
    );
    let usual = world.ok("/api/acquisition/equilibrium").await;
    let months = usual["months"].as_array().unwrap();
    assert_eq!(months.len(), 12);
    assert!(usual["as_of_us"].as_i64().unwrap() <= NOW_US && months[11]["month"].as_str().unwrap() <= "2026-03");
}

#[tokio::test(flavor = "multi_thread")]
async fn sources_add_up_to_all_customers() {
    let world = with_sources().await;
    let told = world.ok("/api/acquisition/sources?since=2024-01").await;
    let names: Vec<&str> =
        told["sources"].as_array().unwrap().iter().map(|row| row["source"].as_str().unwrap()).collect();
    assert_eq!(names, ["ads", "friends", "unknown"]);
    assert_eq!((&told["sources"][0]["mode"], &told["sources"][0]["title"]["zh"]), (&json!("explicit"), &json!("广告")));
    assert_eq!((&told["sources"][1]["kind"], &told["sources"][2]["kind"]), (&json!("referral"), &Value::Null));
    let modes: Vec<&str> = told["modes"].as_array().unwrap().iter().map(|row| row["mode"].as_str().unwrap()).collect();
    assert_eq!(modes, ["explicit", "implicit", "unknown"]);
    let today = world.ok("/api/today").await;
    for rows in ["sources", "modes"] {
        assert_eq!(sum(&told[rows], &["figures", "customers"]), told["all"]["customers"].as_u64().unwrap(), "{rows}");
        let n = told["all"]["second_order"]["n"].as_u64().unwrap();
        assert_eq!(sum(&told[rows], &["figures", "second_order", "n"]), n, "{rows}");
    }
    assert_eq!(told["all"]["customers"], today["customers"], "everybody who bought came somehow");
    let cost = &told["sources"][0]["figures"]["cost"];
    assert_eq!(cost["spend_minor"], 80_050);
    let january = world.ok("/api/acquisition/sources?since=2025-01&until=2025-01").await;
    let ads = &january["sources"][0]["figures"];
    assert_eq!(cost["customers"], ads["customers"], "January's customers, whatever else is asked for");
    let each = 80_050.0 / ads["customers"].as_f64().unwrap();
    assert_eq!(cost["per_customer_minor"], each.round() as i64);
    assert_eq!((&told["sources"][1]["figures"]["cost"], &told["all"]["complaints"]), (&Value::Null, &Value::Null));
    assert_eq!(january["all"]["cost"]["spend_minor"], 100_050);
    // The sixty days of customers of January are not over at the end of January.
    assert_eq!((&ads["second_order"]["n"], &ads["second_order"]["value"]), (&json!(0), &Value::Null));
    assert_eq!(january["as_of_us"], 1_738_339_200_000_000_i64, "2025-02-01 in Shanghai");
}

#[tokio::test(flavor = "multi_thread")]
async fn months_that_are_none_are_refused() {
    let world = with_sources().await;
    for (query, code, at) in [
        ("since=2025-13", "bad_month", "since"),
        ("until=March", "bad_month", "until"),
        ("since=2025-03&until=2025-01", "bad_months", "since"),
        ("since=2027-01", "bad_months", "since"),
        ("since=1990-01", "bad_months", "since"),
        ("from=2025-01", "bad_parameter", ""),
    ] {
        for path in ["equilibrium", "sources"] {
            let (status, answer) = world.get(&format!("/api/acquisition/{path}?{query}")).await;
            assert_eq!(
                (status, &answer["error"]["code"]),
                (StatusCode::BAD_REQUEST, &json!(code)),
                "{query}: {answer}"
            );
            assert_eq!(answer["error"]["at"].as_str().unwrap_or_default(), at, "{query}");
        }
    }
    let (_, nobody) = World::new().await.get_as(Role::Viewer, "/api/acquisition/sources").await;
    assert_eq!((&nobody["since"], &nobody["all"]["customers"]), (&Value::Null, &json!(0)));
}

/// Whether a pass has the only turn.
async fn is_taken(world: &World) -> bool {
    tokio::time::timeout(Duration::ZERO, world.server.figures.turn()).await.is_err()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_pass_serves_both_until_data_or_definitions_change() {
    let world = with_sources().await;
    let (balance, sources) = ("/api/acquisition/equilibrium?since=2024-01", "/api/acquisition/sources?since=2024-01");
    world.ok(balance).await;
    // Whoever has to compute now finds no turn.
    let turn = world.server.figures.turn().await.unwrap();
    let told = world.ok(sources).await;
    drop(turn);
    let new = NewDefinitions {
        expected_version: 1,
        json: "{}".to_owned(),
        changes: "[]".to_owned(),
        ..NewDefinitions::default()
    };
    world.server.timeline.store().save_definitions(&new).await.unwrap();
    let (before, after) = (told["sources"].as_array().unwrap().len(), world.ok(sources).await);
    assert_eq!((before, after["sources"].as_array().unwrap().len()), (3, 1), "by the newest definitions");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pass_whose_caller_left_keeps_its_turn_and_its_result() {
    let world = with_sources().await;
    let path = "/api/acquisition/sources?since=2024-01";
    let mut request = Box::pin(world.get(path));
    loop {
        tokio::select! {
            biased;
            _ = &mut request => break,
            () = tokio::task::yield_now() => {}
        }
        if is_taken(&world).await {
            break;
        }
    }
    drop(request);
    // The next turn is free when the pass is over, and what it found is there.
    let _turn = world.server.figures.turn().await.unwrap();
    world.ok(path).await;
}
