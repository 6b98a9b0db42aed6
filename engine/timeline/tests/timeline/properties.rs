//! Declared properties have typed columns, whenever they were declared.

use crate::world::{World, batch, small};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use perennial_model::{CustomerId, PropertySpec, PropertyType};
use perennial_testkit::{TestRow, customer};
use perennial_timeline::{
    Change, ChunkCommit, Columns, DeclaredColumnsBuilder, NO_BOOLEAN, NONE, PropertyValue, Reads, ShardScan, Symbols,
    TimelineError,
};

fn spec(name: &str, property_type: PropertyType) -> PropertySpec {
    PropertySpec { name: name.to_owned(), property_type }
}

async fn columns<const N: usize>(world: &World, names: [&str; N]) -> RecordBatch {
    let snapshot = world.timeline.snapshot().await.unwrap();
    let schema = snapshot.event_schema();
    let projection = names.map(|name| schema.index_of(name).unwrap());
    let batches: Vec<RecordBatch> = snapshot.event_batches(0, &projection, None).unwrap().map(Result::unwrap).collect();
    arrow::compute::concat_batches(&batches[0].schema(), &batches).unwrap()
}

#[tokio::test]
async fn a_column_answers_from_json_until_its_run_is_written_anew() {
    let mut world = World::new(small()).await;
    let who = customer(0, 4);
    let row = |mid, json: &str| TestRow::new(who, mid, mid as i64).with_properties(json);
    world.import(&[row(1, r#"{"page":"home","stars":5,"score":0.5,"vip":true}"#), row(2, r#"{"stars":"five"}"#)]).await;
    for (name, kind) in [
        ("page", PropertyType::Text),
        ("stars", PropertyType::Integer),
        ("score", PropertyType::Number),
        ("vip", PropertyType::Boolean),
    ] {
        world.timeline.declare_property(spec(name, kind)).await.unwrap();
    }
    world.import(&[TestRow::new(who, 3, 3)]).await;
    world.append(&[row(4, r#"{"page":"cart","stars":4,"score":2,"vip":false}"#)]).await;
    let names = ["p_page", "p_stars", "p_score", "p_vip"];
    let before = columns(&world, names).await;
    assert_eq!(before.schema().field(1).data_type(), &DataType::Int64);
    let pages: Vec<_> = before.column(0).as_string::<i32>().iter().collect();
    assert_eq!(pages, [Some("home"), None, None, Some("cart")]);
    let stars: Vec<_> = before.column(1).as_primitive::<Int64Type>().iter().collect();
    assert_eq!(stars, [Some(5), None, None, Some(4)]);
    assert_eq!(before.column(2).as_primitive::<Float64Type>().value(3), 2.0);
    assert!(before.column(3).is_null(1) && before.column(3).as_boolean().value(0));
    world.timeline.flush().await.unwrap();
    world.timeline.merge(0).await.unwrap();
    world.reopen().await;
    assert_eq!(columns(&world, names).await, before);
    world.check(None).await;
}

#[tokio::test]
async fn runs_from_before_a_declaration_are_written_anew_shard_by_shard_and_once() {
    let mut world = World::new(small()).await;
    let row = |shard, mid| TestRow::new(customer(shard, 4), mid, mid as i64).with_properties(r#"{"stars":5}"#);
    world.import(&[row(0, 1), row(1, 2)]).await;
    world.import(&[row(0, 3)]).await;
    assert_eq!(world.timeline.settle_properties().await.unwrap(), 0, "nothing is declared");
    world.timeline.declare_property(spec("stars", PropertyType::Integer)).await.unwrap();
    world.import(&[row(0, 5)]).await;
    let before = columns(&world, ["p_stars"]).await;
    assert_eq!(before.column(0).as_primitive::<Int64Type>().values(), &[5, 5, 5]);
    let (files, mut replaced) = (world.files(), Vec::new());
    for _ in 0..4 {
        replaced.push(world.timeline.settle_properties().await.unwrap());
    }
    assert_eq!(replaced, [3, 1, 0, 0]);
    assert_eq!(world.files().len(), files.len() + 2);
    world.reopen().await;
    assert_eq!(world.timeline.settle_properties().await.unwrap(), 0);
    assert_eq!(columns(&world, ["p_stars"]).await, before);
    world.check(None).await;
}

#[tokio::test]
async fn a_value_handed_in_typed_answers_as_one_in_json_does() {
    let mut world = World::new(small()).await;
    let who = customer(0, 4);
    let specs = [
        spec("page", PropertyType::Text),
        spec("stars", PropertyType::Integer),
        spec("score", PropertyType::Number),
        spec("vip", PropertyType::Boolean),
    ];
    for spec in &specs {
        world.timeline.declare_property(spec.clone()).await.unwrap();
    }
    let with = |mid, json: &str| TestRow::new(who, mid, mid as i64).with_properties(json);
    let rows = [TestRow::new(who, 1, 1), with(2, r#"{"page":"cart","stars":"five"}"#), with(3, r#"{"other":1}"#)];
    let mut builder = DeclaredColumnsBuilder::new(&specs);
    let all = [
        Some(PropertyValue::Text("home")),
        Some(PropertyValue::Integer(5)),
        Some(PropertyValue::Number(0.5)),
        Some(PropertyValue::Boolean(true)),
    ];
    builder.push(&all);
    // What is not handed in is looked for in the JSON; what is of another type is none.
    builder.push(&[None, None, Some(PropertyValue::Integer(1))]);
    builder.push(&[]);
    let commit = |declared| ChunkCommit { declared, ..ChunkCommit::default() };
    let (full, short) = (commit(builder.finish()), commit(builder.finish()));
    let wrong = world.timeline.import_chunk(batch(&rows), short).await;
    assert!(wrong.is_err(), "a column of another length than the events");
    world.timeline.import_chunk(batch(&rows), full).await.unwrap();
    world.append(&[with(4, r#"{"page":"end","stars":4}"#)]).await;
    let names = ["p_page", "p_stars", "p_score", "p_vip"];
    let before = columns(&world, names).await;
    let pages: Vec<_> = before.column(0).as_string::<i32>().iter().collect();
    assert_eq!(pages, [Some("home"), Some("cart"), None, Some("end")]);
    let stars: Vec<_> = before.column(1).as_primitive::<Int64Type>().iter().collect();
    assert_eq!(stars, [Some(5), None, None, Some(4)]);
    let scores: Vec<_> = before.column(2).as_primitive::<Float64Type>().iter().collect();
    assert_eq!(scores, [Some(0.5), None, None, None]);
    assert!(before.column(3).as_boolean().value(0) && before.column(3).is_null(1));
    let json = columns(&world, ["properties", "p_page", "p_stars", "p_vip"]).await;
    let json: Vec<_> = json.column(0).as_string::<i32>().iter().map(|text| text.is_some()).collect();
    assert_eq!(json, [false, true, true, true], "what is not declared stays JSON");
    world.timeline.flush().await.unwrap();
    world.timeline.merge(0).await.unwrap();
    world.reopen().await;
    assert_eq!(columns(&world, names).await, before);
    let undeclared = DeclaredColumnsBuilder::new(&[spec("stars", PropertyType::Text)]).finish();
    let refused = world.timeline.import_chunk(batch(&[]), commit(undeclared)).await;
    assert!(matches!(refused, Err(TimelineError::PropertyConflict { .. })));
}

/// Stores and categories of shard 0 as a scan gives them.
async fn words(world: &World) -> Vec<(String, String)> {
    let snapshot = world.timeline.snapshot().await.unwrap();
    let mut scan = snapshot.scan(0, Columns::STORE.and(Columns::CATEGORY), None).unwrap();
    let mut found = Vec::new();
    while let Some(events) = scan.next().unwrap() {
        let word = |symbol| snapshot.symbols().word(symbol).map_or_else(String::new, |word| word.to_string());
        found.extend(events.iter().map(|event| (word(event.store), word(event.category))));
        assert!(events.staff.is_empty());
    }
    found
}

#[tokio::test]
async fn a_scan_gives_declared_properties_as_words_wherever_they_are_kept() {
    let mut world = World::new(small()).await;
    let row = |who, mid, json: &str| TestRow::new(CustomerId::new(0, who), mid, mid as i64).with_properties(json);
    world.import(&[row(4, 1, r#"{"store":"North \"1\"","category":"Tea"}"#), row(5, 2, r#"{"store":7}"#)]).await;
    let none = (String::new(), String::new());
    assert_eq!(words(&world).await, [none.clone(), none.clone()], "nothing is declared yet");
    for name in ["store", "category", "staff"] {
        let property_type = if name == "staff" { PropertyType::Integer } else { PropertyType::Text };
        world.timeline.declare_property(spec(name, property_type)).await.unwrap();
    }
    world.import(&[row(4, 3, r#"{"store":"South"}"#), TestRow::new(CustomerId::new(0, 6), 4, 4)]).await;
    world.append(&[row(6, 5, r#"{"category":"Cups"}"#)]).await;
    let pair = |store: &str, category: &str| (store.to_owned(), category.to_owned());
    let expected = [pair("North \"1\"", "Tea"), pair("South", ""), none.clone(), none, pair("", "Cups")];
    assert_eq!(words(&world).await, expected);
    world.timeline.flush().await.unwrap();
    world.timeline.merge(0).await.unwrap();
    world.reopen().await;
    assert_eq!(words(&world).await, expected);
}

#[tokio::test]
async fn a_property_keeps_its_type() {
    let world = World::new(small()).await;
    world.timeline.declare_property(spec("stars", PropertyType::Integer)).await.unwrap();
    world.timeline.declare_property(spec("stars", PropertyType::Integer)).await.unwrap();
    let other = world.timeline.declare_property(spec("stars", PropertyType::Text)).await;
    assert!(matches!(other, Err(TimelineError::PropertyConflict { name }) if name == "stars"));
}

/// Four properties, one of each type.
fn four() -> Reads {
    let kinds = [PropertyType::Text, PropertyType::Integer, PropertyType::Number, PropertyType::Boolean];
    let properties = ["page", "seat", "score", "vip"].into_iter().zip(kinds).map(|(name, kind)| spec(name, kind));
    Reads { columns: Columns::MID, properties: properties.collect() }
}

/// Mids of shard 0's events with the four properties, as a scan gives them.
fn values(mut scan: ShardScan, symbols: &Symbols) -> Vec<(u64, String)> {
    let mut found = Vec::new();
    while let Some(events) = scan.next().unwrap() {
        let (words, seats) = (events.properties.words(0), events.properties.integers(1));
        let (scores, vips) = (events.properties.numbers(2), events.properties.booleans(3));
        assert!(events.properties.integers(0).is_empty() && events.properties.words(4).is_empty());
        for (index, mid) in events.mid.iter().enumerate() {
            let word = symbols.word(words[index]).map(|word| format!("{word:?}"));
            let seat = Some(seats[index]).filter(|seat| *seat != NONE).map(|seat| seat.to_string());
            let score = Some(scores[index]).filter(|score| !score.is_nan()).map(|score| score.to_string());
            let vip = Some(vips[index]).filter(|vip| *vip != NO_BOOLEAN).map(|vip| vip.to_string());
            let shown = [word, seat, score, vip].map(|value| value.unwrap_or_else(|| "-".to_owned()));
            found.push((*mid, shown.join(" ")));
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn a_scan_gives_properties_of_all_types_wherever_they_are_kept() {
    let mut world = World::new(small()).await;
    let row = |who, mid, json: &str| TestRow::new(customer(0, who), mid, mid as i64).with_properties(json);
    let old = [
        row(4, 1, r#"{"page":"home","seat":11,"score":1,"vip":true}"#),
        row(5, 2, r#"{"page":7,"seat":"12","score":"x","vip":1}"#),
        row(6, 3, r#"{"page":"","seat":1.5,"score":-0.5,"vip":false}"#),
    ];
    world.import(&old).await;
    let scan = async |world: &World| {
        let snapshot = world.timeline.snapshot().await.unwrap();
        values(snapshot.scan(0, four(), None).unwrap(), snapshot.symbols())
    };
    let shown = |mid: u64, text: &str| (mid, text.to_owned());
    let mut expected = vec![shown(1, "\"home\" 11 1 1"), shown(2, "- - - -"), shown(3, "\"\" - -0.5 0")];
    assert_eq!(scan(&world).await, expected, "from JSON alone, before anybody declared them");
    for declared in four().properties.iter() {
        world.timeline.declare_property(declared.clone()).await.unwrap();
    }
    world.import(&[row(4, 4, r#"{"page":"cart","seat":13,"score":2.5,"vip":false}"#), row(5, 5, "{}")]).await;
    let (_, feed) = world.timeline.follow(1_000).await.unwrap();
    world.append(&[row(6, 6, r#"{"page":"end","seat":15,"score":1e3,"vip":true}"#), row(7, 7, r#"{"seat":16}"#)]).await;
    let hot = [shown(6, "\"end\" 15 1000 1"), shown(7, "- 16 - -")];
    let changes = feed.take();
    let [Change::Appended(appended)] = changes.as_slice() else { panic!("they were appended") };
    let fed = values(appended.scan(0, &four()).unwrap().unwrap(), world.timeline.symbols());
    assert_eq!(fed, hot);
    expected.extend([shown(4, "\"cart\" 13 2.5 0"), shown(5, "- - - -")]);
    expected.extend(hot);
    assert_eq!(scan(&world).await, expected);
    let snapshot = world.timeline.snapshot().await.unwrap();
    let some = values(snapshot.scan_customers(0, &[7], four()).unwrap(), snapshot.symbols());
    assert!(some.contains(&expected[6]), "{some:?}");
    world.timeline.flush().await.unwrap();
    assert_eq!(scan(&world).await, expected);
    world.timeline.merge(0).await.unwrap();
    world.reopen().await;
    assert_eq!(scan(&world).await, expected);
}

#[tokio::test]
async fn one_customers_events_come_in_full_whatever_holds_their_properties() {
    let mut world = World::new(small()).await;
    let (who, other) = (customer(0, 4), customer(4, 4));
    let row = |mid, json: &str| TestRow::new(who, mid, mid as i64).with_properties(json);
    world.import(&[row(1, r#"{"page":"home","tags":[1,2]}"#), TestRow::new(other, 9, 2)]).await;
    world.timeline.declare_property(spec("page", PropertyType::Text)).await.unwrap();
    world.timeline.merge(0).await.unwrap();
    world.append(&[TestRow::order(who, 7, 3, 1_250), TestRow::new(other, 10, 4), row(5, r#"{"page":"cart"}"#)]).await;
    let snapshot = world.timeline.snapshot().await.unwrap();
    let events = snapshot.customer_events(who, Some(6)).unwrap();
    let told: Vec<_> = events.iter().map(|event| (event.mid, event.time_us)).collect();
    assert_eq!(told, [(1, 1), (7, 3), (5, 5)]);
    assert_eq!(
        serde_json::Value::from(events[0].properties.clone()),
        serde_json::json!({"page": "home", "tags": [1, 2]})
    );
    assert_eq!((events[1].order_id.as_deref(), events[1].value_minor), (Some("order-7"), Some(1_250)));
    assert_eq!(events[2].properties["page"], "cart");
    assert_eq!(snapshot.customer_events(who, Some(3)).unwrap().len(), 1);
    assert_eq!(snapshot.customer_events(customer(2, 4), None).unwrap(), []);
}
