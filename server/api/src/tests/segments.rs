//! Segments, lists and tags.

use super::world::World;
use axum::http::{Method, StatusCode};
use perennial_definitions::{Definitions, Segment, Text};
use perennial_ports::{DefinitionsSaved, NewDefinitions, SegmentSize};
use serde_json::{Value, json};

fn segment(name: &str, condition: &str, acts: bool) -> Segment {
    let title = Some(Text::One(format!("title of {name}")));
    Segment { name: name.to_owned(), title, description: None, r#where: condition.to_owned(), acts }
}

async fn with_segments() -> World {
    let world = World::with_shop().await;
    let segments = vec![
        segment("regulars", "orders >= 6", true),
        segment("lost_regulars", "in_segment('regulars') and stage = 'lost'", false),
        segment("guests", "in_list('dinner') or has_tag('朋友')", false),
        segment("broken", "orders > nothing", false),
    ];
    let definitions = Definitions { segments, ..Definitions::default() };
    let json = serde_json::to_string(&definitions).unwrap();
    let new = NewDefinitions { json, changes: "[]".to_owned(), ..NewDefinitions::default() };
    let store = world.server.timeline.store();
    assert_eq!(store.save_definitions(&new).await.unwrap(), DefinitionsSaved::Done(1));
    let (status, _) = world.send(Method::PUT, "/api/groups/list/dinner", &json!({"description": "spring"})).await;
    assert_eq!(status, StatusCode::OK);
    world
}

async fn total(world: &World, query: &str) -> u64 {
    world.ok(&format!("/api/customers?{query}&limit=0")).await["total"].as_u64().unwrap()
}

fn row<'a>(list: &'a Value, name: &str) -> &'a Value {
    list["segments"].as_array().unwrap().iter().find(|row| row["name"] == name).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn segments_are_listed_with_their_sizes() {
    let world = with_segments().await;
    let day = world.server.live.borrow().zone.day(super::world::NOW_US);
    let size = SegmentSize { segment: "regulars".to_owned(), day: day - 1, at_us: 5, size: 7, unknown: 1 };
    world.server.timeline.store().put_segment_sizes(&[size]).await.unwrap();
    let list = world.ok("/api/segments").await;
    assert_eq!((&list["version"], &list["customers"]), (&json!(1), &json!(300)));
    let regulars = row(&list, "regulars");
    assert_eq!(regulars["size"].as_u64().unwrap(), total(&world, "range=orders:6:").await);
    assert_eq!(regulars["title"]["zh"], "title of regulars");
    assert_eq!(regulars["sizes"][0]["size"], 7);
    assert_eq!(regulars["named_by"], json!(["lost_regulars"]));
    let lost = row(&list, "lost_regulars");
    assert_eq!(lost["size"].as_u64().unwrap(), total(&world, "range=orders:6:&stage=lost").await);
    assert_eq!(lost["names"], json!(["regulars"]));
    assert_eq!(row(&list, "guests")["size"], 0);
    let broken = row(&list, "broken");
    assert!(broken["size"].is_null() && broken["problem"]["offset"] == 9, "{broken}");
    let sizes = world.ok("/api/segments/regulars/sizes").await;
    assert_eq!(sizes["sizes"].as_array().unwrap().len(), 1);
    assert_eq!(world.get("/api/segments/nobody/sizes").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_condition_is_counted_while_it_is_written() {
    let world = with_segments().await;
    let preview = async |body: Value| world.send(Method::POST, "/api/segments/preview", &body).await;
    let (status, answer) = preview(json!({"where": "orders >= 6 and not in_segment('guests')"})).await;
    assert_eq!((status, &answer["computed"]), (StatusCode::OK, &json!("live")), "{answer}");
    assert_eq!(answer["count"].as_u64().unwrap(), total(&world, "range=orders:6:").await);
    // The other form says the same.
    let (_, again) = preview(json!({"condition": answer["condition"]})).await;
    assert_eq!((&again["where"], &again["count"]), (&answer["where"], &answer["count"]));
    let (_, wrong) = preview(json!({"where": "orders > 1 and stage = 'lots'"})).await;
    assert!(wrong["count"].is_null() && wrong["problem"]["fix"] == "is lost meant?", "{wrong}");
    assert_eq!(wrong["problem"]["offset"], 23);
    let (status, refused) = preview(json!({"condition": {"all": [{"column": "orders", "is": "nearly"}]}})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(refused["error"]["at"].as_str().unwrap().starts_with("condition.all[0]"), "{refused}");
    let (_, form) = preview(json!({"where": "orders > 1", "count": false})).await;
    assert!(form["count"].is_null() && form["condition"].is_object());
    assert_eq!(preview(json!({})).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_and_tags_are_filled_and_found() {
    let world = with_segments().await;
    let page = world.ok("/api/customers?sort=-revenue&limit=3").await;
    let ids: Vec<&str> =
        page["rows"].as_array().unwrap().iter().map(|row| row["customer_id"].as_str().unwrap()).collect();
    let keyed = json!({"kind": "email", "value": "buyer7@shop.example"});
    let body = json!({"add": [ids[0], ids[1]], "add_keys": [keyed, {"kind": "email", "value": "nobody@shop.example"}]});
    let (status, done) = world.send(Method::POST, "/api/groups/list/dinner/members", &body).await;
    assert_eq!(status, StatusCode::OK, "{done}");
    assert_eq!(done["not_found"].as_array().unwrap().len(), 1, "{done}");
    let (_, tagged) = world.send(Method::POST, "/api/groups/tag/朋友/members", &json!({"add": [ids[2]]})).await;
    assert_eq!(tagged["added"], 1);
    let listed = done["added"].as_u64().unwrap();
    assert_eq!(total(&world, "in_list=dinner").await, listed);
    assert_eq!(total(&world, "in_segment=guests").await, listed + 1);
    assert_eq!(total(&world, "has_tag=%E6%9C%8B%E5%8F%8B&where=orders%20%3E%200").await, 1);
    let groups = world.ok("/api/groups").await;
    assert_eq!(groups["groups"][0]["customers"].as_u64().unwrap(), listed);
    let own = world.ok(&format!("/api/customers/{}/groups", ids[0])).await;
    assert_eq!(own["lists"], json!(["dinner"]));
    assert!(own["segments"].as_array().unwrap().contains(&json!("guests")));
    let (_, gone) = world.send(Method::POST, "/api/groups/list/dinner/members", &json!({"remove": [ids[0]]})).await;
    assert_eq!((&gone["added"], &gone["removed"]), (&json!(0), &json!(1)));
    let (status, refused) = world.send(Method::DELETE, "/api/groups/list/dinner", &json!({})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(refused["error"]["message"].as_str().unwrap().contains("guests"), "{refused}");
    let (status, _) = world.send(Method::POST, "/api/groups/tag/%20/members", &json!({"add": []})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let (status, _) =
        world.send(Method::POST, "/api/groups/list/dinner/members", &json!({"add": ["99999999744"]})).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_membership_is_explained_down_to_the_event() {
    let world = with_segments().await;
    let page = world.ok("/api/customers?in_segment=lost_regulars&limit=1&columns=orders,last_order_time").await;
    let customer = page["rows"][0]["customer_id"].as_str().unwrap();
    let told = world.ok(&format!("/api/segments/lost_regulars/explain?customer={customer}")).await;
    assert_eq!((&told["member"], &told["condition"]["kind"]), (&json!(true), &json!("all")), "{told}");
    let [within, stage] = &told["condition"]["parts"].as_array().unwrap()[..] else { panic!("{told}") };
    assert_eq!((&within["kind"], &within["outcome"]), (&json!("segment"), &json!(true)));
    let seen = &within["parts"][0]["seen"][0];
    assert_eq!((&seen["column"], &seen["value"]), (&json!("orders"), &page["rows"][0]["values"]["orders"]));
    assert_eq!(seen["event"]["time_us"], page["rows"][0]["values"]["last_order_time"], "{told}");
    assert_eq!((&stage["seen"][0]["value"], &stage["outcome"]), (&json!("lost"), &json!(true)));
    let other = world.ok("/api/customers?where=orders%20%3C%206&limit=1").await;
    let other = other["rows"][0]["customer_id"].as_str().unwrap();
    let told = world.ok(&format!("/api/segments/lost_regulars/explain?customer={other}")).await;
    assert_eq!(told["member"], false);
    assert_eq!(told["condition"]["parts"][0]["outcome"], false);
    assert_eq!(world.get("/api/segments/regulars/explain?customer=99999999744").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn segments_overlap() {
    let world = with_segments().await;
    let overlap = world.ok("/api/segments/overlap?names=regulars,lost_regulars").await;
    let lost = total(&world, "in_segment=lost_regulars").await;
    let regulars = total(&world, "in_segment=regulars").await;
    assert_eq!(overlap["sizes"], json!([regulars, lost]));
    assert_eq!(overlap["both"], json!([[regulars, lost], [lost, lost]]));
    assert_eq!(overlap["any"], json!(regulars));
    assert_eq!(world.get("/api/segments/overlap?names=regulars").await.0, StatusCode::BAD_REQUEST);
    let (status, answer) = world.get("/api/segments/overlap?names=regulars,regulas").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(answer["error"]["message"].as_str().unwrap().contains("no segment regulas"), "{answer}");
    assert_eq!(world.get("/api/segments/guests/changes").await.0, StatusCode::BAD_REQUEST, "it does not act");
    let changes = world.ok("/api/segments/regulars/changes?after=3").await;
    assert_eq!((&changes["changes"], &changes["next"]), (&json!([]), &json!(3)));
    let changes = world.ok("/api/segments/regulars/changes?newest=true&before=3").await;
    assert_eq!((&changes["changes"], &changes["next"]), (&json!([]), &json!(3)));
    for mixed in ["newest=true&after=3", "before=3"] {
        let (status, _) = world.get(&format!("/api/segments/regulars/changes?{mixed}")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{mixed}");
    }
    assert_eq!(world.get("/api/customers?where=orders%20%3E").await.0, StatusCode::BAD_REQUEST);
}
