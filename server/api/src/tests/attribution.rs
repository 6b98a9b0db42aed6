//! Credit of first orders, asked of the server.

use super::acquisition::with_sources;
use super::world::World;
use axum::http::StatusCode;
use perennial_measure::NOT_CAUSAL;
use perennial_model::Role;
use serde_json::{Value, json};

const PATH: &str = "/api/acquisition/attribution";

#[tokio::test(flavor = "multi_thread")]
async fn every_rule_credits_whom_the_sources_brought() {
    let world = with_sources().await;
    for months in ["since=2024-01", "since=2025-01&until=2025-02"] {
        let told = world.ok(&format!("{PATH}?{months}")).await;
        let by_source = world.ok(&format!("/api/acquisition/sources?{months}")).await;
        assert_eq!(told["note"], json!({"en": NOT_CAUSAL.0, "zh": NOT_CAUSAL.1}));
        assert_eq!((&told["half_life_days"], &told["terms"]), (&json!(7.0), &by_source["terms"]));
        for same in ["as_of_us", "since", "until"] {
            assert_eq!(told[same], by_source[same], "{same}");
        }
        assert_eq!(told["customers"], by_source["all"]["customers"]);
        assert!(told["customers"].as_u64().unwrap() > 0);
        let rows = told["sources"].as_array().unwrap();
        let models = told["models"].as_array().unwrap();
        let names: Vec<&str> = models.iter().map(|model| model["model"].as_str().unwrap()).collect();
        assert_eq!(names, ["first", "last", "linear", "position", "time_decay"]);
        for (place, model) in models.iter().enumerate() {
            let sum =
                |field: &str| -> f64 { rows.iter().map(|row| row["credits"][place][field].as_f64().unwrap()).sum() };
            assert_eq!(model["customers"].as_f64(), told["customers"].as_f64());
            assert!((sum("customers") - model["customers"].as_f64().unwrap()).abs() < 1e-6, "{model}");
            assert_eq!((&model["revenue_minor"], sum("revenue_minor")), (&told["revenue_minor"], money(&told)));
        }
        for (row, other) in rows.iter().zip(by_source["sources"].as_array().unwrap()) {
            for same in ["source", "title", "kind", "mode"] {
                assert_eq!(row[same], other[same], "{same}");
            }
            assert_eq!(row["credits"][0]["customers"].as_f64(), other["figures"]["customers"].as_f64(), "{row}");
        }
    }
}

fn money(told: &Value) -> f64 {
    told["revenue_minor"].as_f64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn months_and_people_are_asked_as_elsewhere() {
    let world = with_sources().await;
    for (query, code) in
        [("until=March", "bad_month"), ("since=2027-01", "bad_months"), ("model=first", "bad_parameter")]
    {
        let (status, answer) = world.get(&format!("{PATH}?{query}")).await;
        assert_eq!((status, &answer["error"]["code"]), (StatusCode::BAD_REQUEST, &json!(code)), "{query}: {answer}");
    }
    assert_eq!(world.get_as(Role::Staff, PATH).await.0, world.get_as(Role::Staff, "/api/acquisition/sources").await.0);
    let (status, nobody) = World::new().await.get_as(Role::Viewer, PATH).await;
    assert_eq!((status, &nobody["since"], &nobody["customers"]), (StatusCode::OK, &Value::Null, &json!(0)));
    assert_eq!(nobody["sources"][0]["source"], "unknown");
    let explained = world.ok("/api/explain/attribution.sources.credits.customers").await;
    assert!(explained["definition"]["en"].as_str().unwrap().contains("not what would not have happened without it"));
}
