//! One customer.

use super::world::World;
use axum::http::{Method, StatusCode};
use perennial_model::{CustomerId, Role};
use serde_json::{Value, json};

/// Ann bought three times, got one order back, and came back after a year; Bob bought once, the others
/// buy every month.
const ORDERS: &str = "order,member,phone,email,time,item,quantity,amount,refund_amount\n\
    A1,M1,13800000001,ann@shop.example,2025-01-10 09:00:00,TEA,2,120.00,\n\
    A1,M1,13800000001,ann@shop.example,2025-01-10 09:00:00,CUP,1,30.50,\n\
    A2,M1,13800000001,ann@shop.example,2025-02-10 09:00:00,TEA,1,60.00,60.00\n\
    A3,M1,13800000001,ann@shop.example,2025-03-10 09:00:00,TEA,1,60.00,\n\
    A4,M1,13800000001,ann@shop.example,2026-02-20 09:00:00,TEA,1,60.00,\n\
    B1,M2,13800000002,bob@shop.example,2026-02-21 09:00:00,TEA,1,60.00,\n\
    C1,M3,13800000003,cy@shop.example,2025-12-21 09:00:00,TEA,1,60.00,\n\
    C2,M3,13800000003,cy@shop.example,2026-01-20 09:00:00,TEA,1,60.00,\n\
    D1,M4,13800000004,dee@shop.example,2025-12-21 09:00:00,TEA,1,60.00,\n\
    D2,M4,13800000004,dee@shop.example,2026-01-20 09:00:00,TEA,1,60.00,\n";

async fn shop() -> (World, String, String) {
    let world = World::new().await;
    world.import("orders.csv", ORDERS).await;
    let ann = find(&world, "ann@shop.example").await["matches"][0]["customer_id"].as_str().unwrap().to_owned();
    let bob = find(&world, "bob@shop.example").await["matches"][0]["customer_id"].as_str().unwrap().to_owned();
    (world, ann, bob)
}

async fn find(world: &World, text: &str) -> Value {
    let (status, answer) = world.send(Method::POST, "/api/customers/find", &json!({ "text": text })).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_says_how_the_stage_came() {
    let (world, ann, _) = shop().await;
    let page = world.ok(&format!("/api/customers/{ann}")).await;
    assert_eq!((&page["values"]["orders"], &page["values"]["revenue"]), (&json!(3), &json!(27_050)));
    let stage = &page["stage"];
    assert_eq!((&stage["stage"], &stage["cause"]), (&json!("won_back"), &json!("returned_after_lapse")));
    assert_eq!((&stage["since_day"], &stage["silence_days"]), (&json!("2026-02-20"), &json!(9)));
    let history: Vec<&str> =
        stage["history"].as_array().unwrap().iter().map(|step| step["stage"].as_str().unwrap()).collect();
    assert_eq!(history.last(), Some(&"won_back"));
    assert!(history.contains(&"lapsed") && history[0] == "new", "{history:?}");
    assert_eq!(stage["history"][1]["from"], "new");
    let rhythm = &page["rhythm"];
    let (n, own, median) = (
        rhythm["gaps"].as_f64().unwrap(),
        rhythm["mean_gap_days"].as_f64().unwrap(),
        rhythm["median_days"].as_f64().unwrap(),
    );
    let shrinkage = rhythm["shrinkage"].as_f64().unwrap();
    let interval = (n * own + shrinkage * median) / (n + shrinkage);
    assert!((rhythm["personal_interval_days"].as_f64().unwrap() - interval).abs() < 1e-9);
    let at_risk = &stage["limits"][0];
    assert_eq!(at_risk["stage"], "at_risk");
    assert!((at_risk["silence_days"].as_f64().unwrap() - (1.5 * interval).max(14.0)).abs() < 1e-9);
}

#[tokio::test(flavor = "multi_thread")]
async fn scores_follow_from_their_edges() {
    let world = World::with_shop().await;
    let page = world.ok("/api/customers?limit=40").await;
    for row in page["rows"].as_array().unwrap() {
        let customer = world.ok(&format!("/api/customers/{}", row["customer_id"].as_str().unwrap())).await;
        let below = |part: &str| {
            let score = &customer["rfm"][part];
            let edges = score["edges"].as_array().unwrap();
            let below = edges.iter().filter(|edge| edge.as_f64().unwrap() < score["value"].as_f64().unwrap()).count();
            (score["score"].as_u64().unwrap(), below as u64)
        };
        let ((r, days), (f, orders), (m, money)) = (below("recency"), below("frequency"), below("monetary"));
        assert_eq!((r, f, m), (5 - days, 1 + orders, 1 + money));
        assert_eq!(customer["rfm"]["fm_score"].as_u64().unwrap(), (f + m).div_ceil(2));
        let last = customer["stage"]["history"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(last["stage"], customer["stage"]["stage"], "history ends where the table is");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timeline_has_lines_in_their_order_and_goes_on() {
    let (world, ann, _) = shop().await;
    let timeline = world.ok(&format!("/api/customers/{ann}/timeline")).await;
    let entries = timeline["entries"].as_array().unwrap();
    let kinds: Vec<(&str, &str)> = entries
        .iter()
        .map(|entry| (entry["kind"].as_str().unwrap(), entry["order_id"].as_str().unwrap_or_default()))
        .collect();
    assert_eq!(kinds.iter().filter(|(kind, _)| *kind == "order").count(), 4);
    assert!(kinds.contains(&("refund", "A2")), "{kinds:?}");
    let order = |id: &str| {
        let found = entries.iter().find(|entry| entry["kind"] == "order" && entry["order_id"] == id);
        found.unwrap()["order"].clone()
    };
    let lines = order("A1")["lines"].clone();
    assert_eq!((lines.as_array().unwrap().len(), &order("A1")["gross_minor"]), (2, &json!(15_050)));
    assert_eq!((&order("A2")["refunded_minor"], &order("A2")["kept"]), (&json!(6_000), &json!(false)));
    assert_eq!(order("A3")["kept"], true);
    let (mut before, mut seen) = (String::new(), Vec::new());
    loop {
        let page = world.ok(&format!("/api/customers/{ann}/timeline?limit=1{before}")).await;
        seen.extend(page["entries"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next_before_us"].as_i64() else { break };
        before = format!("&before_us={next}");
    }
    assert_eq!(&seen, entries, "page after page is the whole");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_is_found_by_a_key_in_full_only() {
    let (world, ann, bob) = shop().await;
    for text in ["138 0000 0001", "+8613800000001", "ANN@shop.example", "M1", ann.as_str()] {
        let found = find(&world, text).await;
        assert_eq!(found["matches"].as_array().unwrap().len(), 1, "{text}");
        assert_eq!(found["matches"][0]["customer"]["customer_id"], ann, "{text}");
        assert_eq!(found["matches"][0]["timeline"]["customer_id"], ann, "{text}");
        assert!(!found.to_string().contains("+8613800000001"), "masked");
    }
    for text in ["1380000000", "ann@", "nobody@shop.example", "", "%"] {
        assert_eq!(find(&world, text).await["matches"], json!([]), "{text}");
    }
    let staff = |body: Value| {
        let text = body.to_string();
        world.send_as(Role::Staff, Method::POST, "/api/customers/find", axum::body::Body::from(text))
    };
    assert_eq!(staff(json!({ "text": "M2" })).await.1["matches"][0]["customer_id"], bob);
    assert_eq!(staff(json!({ "text": bob })).await.1["matches"], json!([]), "a number is no key");
    let (status, _) = staff(json!({ "text": "M2", "kind": "surname" })).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_is_found_by_an_orders_number() {
    let (world, ann, bob) = shop().await;
    for (text, who) in [("A1", &ann), (" #A3 ", &ann), ("B1", &bob)] {
        let found = find(&world, text).await;
        assert_eq!(found["matches"].as_array().unwrap().len(), 1, "{text}: {found}");
        assert_eq!((&found["matches"][0]["customer_id"], &found["matches"][0]["by"]), (&json!(who), &Value::Null));
        let number = text.trim().trim_start_matches('#');
        assert_eq!(found["matches"][0]["order"], json!({"source": "file", "order_id": number}));
    }
    let of_kind = async |kind: &str, text: &str| {
        let body = json!({ "text": text, "kind": kind });
        world.send(Method::POST, "/api/customers/find", &body).await.1["matches"].as_array().unwrap().len()
    };
    assert_eq!((of_kind("order", "A1").await, of_kind("member", "A1").await, of_kind("order", "M1").await), (1, 0, 0));
    let text = axum::body::Body::from(json!({ "text": "A1" }).to_string());
    let (status, answer) = world.send_as(Role::Staff, Method::POST, "/api/customers/find", text).await;
    assert_eq!((status, &answer["matches"]), (StatusCode::OK, &json!([])), "numbers of orders are counted up: no key");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_unknown_or_erased_is_not_found() {
    let (world, ann, _) = shop().await;
    assert_eq!(world.get("/api/customers/99999999").await.0, StatusCode::NOT_FOUND);
    assert_eq!(world.get("/api/customers/99999999/timeline").await.0, StatusCode::NOT_FOUND);
    assert_eq!(world.get("/api/customers/ann").await.0, StatusCode::BAD_REQUEST);
    world.server.timeline.erase(CustomerId(ann.parse().unwrap())).await.unwrap();
    world.refold().await;
    assert_eq!(world.get(&format!("/api/customers/{ann}")).await.0, StatusCode::NOT_FOUND);
    assert_eq!(find(&world, "ann@shop.example").await["matches"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_is_seen_on_both_numbers_and_undone() {
    let (world, ann, bob) = shop().await;
    let merge = |from: &str, into: &str, reason: &str| json!({ "from_id": from, "into_id": into, "reason": reason });
    let post = |path: String, body: Value| {
        let world = &world;
        async move { world.send(Method::POST, &path, &body).await }
    };
    let merges = || "/api/identity/merges".to_owned();
    assert_eq!(post(merges(), merge(&bob, &ann, " ")).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(post(merges(), merge(&bob, "77777", "why not")).await.0, StatusCode::NOT_FOUND);
    let (status, merged) = post(merges(), merge(&bob, &ann, "same household")).await;
    assert_eq!((status, &merged["customer_id"]), (StatusCode::OK, &json!(ann)));
    world.refold().await;
    assert_eq!(post(merges(), merge(&bob, &ann, "again")).await.0, StatusCode::CONFLICT);
    let page = world.ok(&format!("/api/customers/{bob}")).await;
    assert_eq!((&page["customer_id"], &page["merged_from"]), (&json!(ann), &json!(bob)));
    assert_eq!(page["values"]["orders"], 4);
    assert_eq!(page["identity"]["profiles"].as_array().unwrap().len(), 2);
    assert_eq!(page["identity"]["journal"][0]["reason"], "same household");
    let entry = merged["entry_id"].as_u64().unwrap();
    assert_eq!(post(format!("/api/identity/merges/{entry}/undo"), json!({})).await.0, StatusCode::OK);
    assert_eq!(post(format!("/api/identity/merges/{entry}/undo"), json!({})).await.0, StatusCode::NOT_FOUND);
    world.refold().await;
    assert_eq!(world.ok(&format!("/api/customers/{bob}")).await["values"]["orders"], 1);
    let journal = world.ok("/api/identity/journal").await;
    assert_eq!((&journal["total"], journal["entries"][0]["undone_at_us"].is_i64()), (&json!(1), true));
}

#[tokio::test(flavor = "multi_thread")]
async fn suggestions_are_decided_once() {
    let (world, ann, bob) = shop().await;
    let id = |text: &str| CustomerId(text.parse().unwrap());
    let seen = perennial_ports::SuggestionSeen {
        one: id(&ann),
        other: id(&bob),
        reason: perennial_model::IdentityKind::Phone,
        at_us: 5,
        times: 2,
    };
    world.server.timeline.store().note_suggestions(&[seen]).await.unwrap();
    let page = world.ok(&format!("/api/customers/{ann}")).await;
    assert_eq!(page["identity"]["suggestions"][0]["customer_id"], bob);
    let open = world.ok("/api/identity/suggestions").await;
    assert_eq!((&open["total"], &open["suggestions"][0]["times_seen"]), (&json!(1), &json!(2)));
    assert!(open["suggestions"][0]["one"]["keys"].as_array().unwrap().len() > 1);
    let path = format!("/api/identity/suggestions/{}", open["suggestions"][0]["suggestion_id"]);
    let (status, decided) = world.send(Method::POST, &path, &json!({ "decision": "merge" })).await;
    assert_eq!(status, StatusCode::OK);
    assert!(decided["entry_id"].is_u64());
    assert_eq!(world.send(Method::POST, &path, &json!({ "decision": "reject" })).await.0, StatusCode::NOT_FOUND);
    assert_eq!(world.ok("/api/identity/suggestions").await["total"], 0);
}
