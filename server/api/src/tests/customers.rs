//! The customer table.

use super::world::World;
use axum::http::StatusCode;
use perennial_model::Role;
use serde_json::{Value, json};

fn column<'a>(page: &'a Value, name: &str) -> Vec<&'a Value> {
    page["rows"].as_array().unwrap().iter().map(|row| &row["values"][name]).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_one_another() {
    let world = World::with_shop().await;
    let mut seen: Vec<(i64, String)> = Vec::new();
    for offset in (0..300).step_by(70) {
        let page = world.ok(&format!("/api/customers?sort=-revenue&limit=70&offset={offset}&columns=revenue")).await;
        assert_eq!(
            (&page["total"], &page["customers"], &page["columns"]),
            (&json!(300), &json!(300), &json!(["revenue"]))
        );
        for row in page["rows"].as_array().unwrap() {
            let id = row["customer_id"].as_str().unwrap().to_owned();
            seen.push((row["values"]["revenue"].as_i64().unwrap(), id));
        }
    }
    assert_eq!(seen.len(), 300);
    assert!(seen.is_sorted_by(|one, next| one.0 >= next.0));
    seen.sort_by(|one, next| one.1.cmp(&next.1));
    seen.dedup_by(|one, next| one.1 == next.1);
    assert_eq!(seen.len(), 300, "nobody twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_hold_and_may_be_combined() {
    let world = World::with_shop().await;
    let path = "/api/customers?stage=loyal,at_risk&range=orders:6:12,last_order_day:2025-06-01:,\
                personal_interval_days::60.5&columns=stage,orders,last_order_day,personal_interval_days&limit=200";
    let page = world.ok(path).await;
    let rows = page["rows"].as_array().unwrap();
    assert!(!rows.is_empty() && rows.len() < 300, "{}", rows.len());
    for row in rows {
        let values = &row["values"];
        assert!(["loyal", "at_risk"].contains(&values["stage"].as_str().unwrap()));
        assert!((6..=12).contains(&values["orders"].as_i64().unwrap()));
        assert!(values["last_order_day"].as_str().unwrap() >= "2025-06-01");
        assert!(values["personal_interval_days"].as_f64().unwrap() <= 60.5);
    }
    let champions = world.ok("/api/customers?segment=champions&columns=rfm_segment&limit=200").await;
    assert!(column(&champions, "rfm_segment").iter().all(|word| **word == "champions"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_leads_to_its_customers() {
    let world = World::with_shop().await;
    for finding in world.ok("/api/today").await["findings"].as_array().unwrap() {
        let kind = finding["kind"].as_str().unwrap();
        let page = world.ok(&format!("/api/customers?finding={kind}&limit=0")).await;
        assert_eq!(page["total"], finding["customers"], "{kind}");
    }
    assert_eq!(world.get("/api/customers?finding=none").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_masked_unless_revealed_to_who_may() {
    let world = World::with_shop().await;
    let page = world.ok("/api/customers?limit=200&sort=customer_id").await;
    let text = page.to_string();
    assert!(text.contains("+86138****0007") && text.contains("b***7@shop.example"));
    assert!(!text.contains("+8613800000007") && !text.contains("buyer7@"));
    let (status, answer) = world.get_as(Role::Analyst, "/api/customers?reveal=true").await;
    assert_eq!((status, &answer["error"]["at"]), (StatusCode::FORBIDDEN, &json!("reveal")));
    let revealed = world.ok("/api/customers?limit=200&sort=customer_id&reveal=true").await.to_string();
    let audit = world.server.auth.accounts.audit(None, 10).await.unwrap();
    assert_eq!(audit.iter().filter(|entry| entry.entry.action == "keys_revealed").count(), 1);
    assert!(revealed.contains("+8613800000007") && revealed.contains("buyer7@shop.example"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_meant_is_said() {
    let world = World::with_shop().await;
    for (wrong, at) in [
        ("sort=height", "sort"),
        ("columns=orders,height", "columns"),
        ("stage=asleep", "stage"),
        ("range=orders:3", "range"),
        ("range=orders:few:", "range"),
        ("range=last_order_day:2026-02-30:", "range"),
        ("range=stage:new:", "range"),
        ("limit=201", "limit"),
    ] {
        let (status, answer) = world.get(&format!("/api/customers?{wrong}")).await;
        assert_eq!((status, &answer["error"]["at"]), (StatusCode::BAD_REQUEST, &json!(at)), "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_say_what_they_mean_in_both_languages() {
    let world = World::with_shop().await;
    let answer = world.ok("/api/columns").await;
    let columns = answer["columns"].as_array().unwrap();
    assert!(columns.len() > 25);
    for column in columns {
        let chinese = |text: &Value| !text.as_str().unwrap().is_ascii();
        assert!(chinese(&column["title"]["zh"]) && chinese(&column["description"]["zh"]), "{column}");
    }
    assert_eq!(columns.iter().filter(|column| column["shown"] == true).count(), 8);
}
