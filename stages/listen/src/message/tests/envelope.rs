//! Who, when and where: what messages of every kind have in common.

use super::{NOW_US, SECOND, batch, events, feed, live, message, refusal, track};
use crate::message::{Arrival, Call, EventSchema, Feed, Limits, Verdict, read, read_again};
use perennial_model::{EventKind, IdentityKind};
use serde_json::{Value, json};

fn keys(value: &Value) -> Vec<(IdentityKind, String)> {
    message(value).keys.into_iter().map(|(_, key)| (key.kind, key.value)).collect()
}

#[test]
fn ids_and_traits_are_keys() {
    let identify = json!({
        "type": "identify", "userId": "U-1001", "anonymousId": "a-7", "messageId": "m",
        "traits": {"email": "Ann@Shop.Example", "phone": "138 0013 8000", "plan": "pro"},
        "context": {"externalIds": [
            {"id": "8821", "type": "Shopify", "collection": "users", "encoding": "none"},
            {"id": "oU1", "type": "unionid"}, {"id": "oA1@wx1", "type": "openid"},
            {"id": "wm1", "type": "external_userid"}, {"id": "oA2", "type": "openid"}
        ]}
    });
    let expected = [
        (IdentityKind::Member, "U-1001"),
        (IdentityKind::Unionid, "oU1"),
        (IdentityKind::Phone, "+8613800138000"),
        (IdentityKind::Email, "ann@shop.example"),
        // An openid without its app says nothing.
        (IdentityKind::Openid, "oA1@wx1"),
        (IdentityKind::ExternalUserid, "wm1"),
        (IdentityKind::Platform, "shopify:8821"),
        (IdentityKind::Anonymous, "a-7"),
    ];
    assert_eq!(keys(&identify), expected.map(|(kind, value)| (kind, value.to_owned())));
    let event = events(&identify).remove(0);
    assert_eq!((event.name.as_ref(), event.kind), ("Identify", EventKind::Event));
    assert!(event.properties.is_some_and(|text| text.contains(r#""plan":"pro""#)));
}

#[test]
fn traits_of_a_group_are_no_keys_and_an_alias_names_both() {
    let group = json!({
        "type": "group", "anonymousId": "a-7", "groupId": "G", "traits": {"email": "all@firm.example", "name": "Firm"},
        "context": {"traits": {"email": "ann@shop.example"}}
    });
    let ann = (IdentityKind::Email, "ann@shop.example".to_owned());
    assert_eq!(keys(&group), [ann, (IdentityKind::Anonymous, "a-7".to_owned())]);
    assert!(events(&group)[0].properties.as_deref().is_some_and(|text| text.contains(r#""group_id":"G""#)));
    let alias = json!({"type": "alias", "previousId": "a-7", "userId": 1001});
    let member = (IdentityKind::Member, "1001".to_owned());
    assert_eq!(keys(&alias), [member, (IdentityKind::Anonymous, "a-7".to_owned())]);
    assert_eq!(events(&alias)[0].name, "Alias");
    assert_eq!(keys(&json!({"type": "page", "userId": "anonymous", "anonymousId": "a"})).len(), 1, "nobody's word");
}

#[test]
fn the_senders_clock_is_corrected_by_ours() {
    let time = |change: Value, sent: Option<&str>| {
        let mut value = track("X", &json!({}));
        for (name, field) in change.as_object().unwrap() {
            value[name] = field.clone();
        }
        let mut body = json!({"batch": [value]});
        if let Some(sent) = sent {
            body["sentAt"] = json!(sent);
        }
        live(Call::Batch, &body.to_string()).unwrap().messages[0].time_us
    };
    // The sender's clock is an hour behind: ten seconds before the sending is ten seconds ago.
    assert_eq!(time(json!({"timestamp": "2024-03-01T10:59:50Z"}), Some("2024-03-01T11:00:00Z")), NOW_US - 10 * SECOND);
    // And here an hour ahead, in another zone.
    let ahead = json!({"timestamp": "2024-03-01T20:59:50+08:00"});
    assert_eq!(time(ahead, Some("2024-03-01T13:00:00.000Z")), NOW_US - 10 * SECOND);
    let original = json!({"originalTimestamp": "2024-03-01T10:59:50Z", "timestamp": "2023-01-01T00:00:00Z"});
    assert_eq!(time(original, Some("2024-03-01T11:00:00Z")), NOW_US - 10 * SECOND);
    assert_eq!(
        time(json!({"timestamp": "2024-03-01T10:59:50"}), None),
        NOW_US - 3610 * SECOND,
        "no sentAt, no correction"
    );
    assert_eq!(
        time(json!({"timestamp": "2024-03-01"}), None),
        NOW_US - 12 * 3600 * SECOND,
        "without a zone: universal"
    );
    assert_eq!(time(json!({"timestamp": null}), Some("2020-01-01T00:00:00Z")), NOW_US, "no time: now");
    assert_eq!(time(json!({"timestamp": "2024-03-01T23:00:00Z"}), None), NOW_US, "a little ahead: now");
    assert_eq!(time(json!({"timestamp": "1999-12-31T00:00:00Z"}), None), 946_598_400_000_000, "history is welcome");
    // A message's own sentAt goes before the batch's.
    let own = json!({"timestamp": "2024-03-01T10:59:50Z", "sentAt": "2024-03-01T11:00:00Z"});
    assert_eq!(time(own, Some("2024-03-01T12:00:00Z")), NOW_US - 10 * SECOND);
}

#[test]
fn times_that_cannot_be_are_refused() {
    for (time, code) in [
        ("2024-03-03T00:00:00Z", "time_in_future"),
        ("9999-12-31T23:59:59Z", "time_in_future"),
        ("1970-01-01T00:00:00Z", "time_too_early"),
        ("yesterday", "not_a_time"),
        ("1/2/2024", "not_a_time"),
        ("2024-02-30T00:00:00Z", "not_a_time"),
    ] {
        let mut value = track("X", &json!({}));
        value["timestamp"] = json!(time);
        assert_eq!(refusal(&value), ("timestamp".to_owned(), code.to_owned()), "{time}");
        value["timestamp"] = json!(1_709_294_400);
        assert_eq!(refusal(&value), ("timestamp".to_owned(), "wrong_type".to_owned()));
    }
}

#[test]
fn an_archive_says_itself_when_it_heard() {
    let archive = |line: Value| {
        let feed = Feed { limits: Limits::ARCHIVE, ..feed() };
        let reading = read(&feed, Call::Batch, line.to_string().as_bytes(), Arrival::Archive(NOW_US)).unwrap();
        let message = reading.messages.into_iter().next().unwrap();
        (NOW_US - message.time_us, NOW_US - message.received_us)
    };
    let year = 366 * 86_400 * SECOND;
    let mut line = track("X", &json!({}));
    line["receivedAt"] = json!("2023-03-01T12:00:00Z");
    line["sentAt"] = json!("2023-03-01T11:00:00Z");
    line["timestamp"] = json!("2023-03-01T11:59:50Z");
    assert_eq!(archive(line.clone()), (year + 10 * SECOND, year), "the collector has corrected it");
    line["originalTimestamp"] = json!("2023-03-01T10:59:50Z");
    assert_eq!(archive(line.clone()), (year + 10 * SECOND, year));
    line["receivedAt"] = Value::Null;
    line["originalTimestamp"] = Value::Null;
    assert_eq!(archive(line), (year + 10 * SECOND, 0), "no correction by the day on which it is read");
}

#[test]
fn where_and_by_which_campaign() {
    let channel = |change: Value| {
        let mut value = track("X", &json!({}));
        for (name, field) in change.as_object().unwrap() {
            value[name] = field.clone();
        }
        events(&value).remove(0).channel
    };
    for (change, expected) in [
        (json!({}), None),
        (json!({"context": {"page": {"url": "https://shop.example"}}}), Some("web")),
        (json!({"context": {"os": {"name": "iOS"}}}), Some("app")),
        (json!({"context": {"app": {"name": "Shop"}}}), Some("app")),
        (json!({"channel": "browser"}), Some("web")),
        (json!({"type": "screen", "name": "Home"}), Some("app")),
        (json!({"type": "page"}), Some("web")),
        (json!({"channel": "browser", "properties": {"channel": "mini programme"}}), Some("mini programme")),
    ] {
        assert_eq!(channel(change.clone()).as_deref(), expected, "{change}");
    }
    let mut value = track("X", &json!({}));
    value["context"] = json!({"campaign": {"name": "spring", "source": "wechat"}});
    assert_eq!(events(&value)[0].campaign.as_deref(), Some("spring"));
}

#[test]
fn a_message_without_an_id_is_known_again() {
    let body = |sent: &str| json!({"userId": "U", "event": "X", "properties": {"a": 1, "b": 2}, "timestamp": "2024-03-01T11:00:00Z", "sentAt": sent});
    let id = |value: &Value| live(Call::Track, &value.to_string()).unwrap().messages[0].mid;
    let first = id(&body("2024-03-01T12:00:00Z"));
    assert_eq!(id(&body("2024-03-01T12:00:05Z")), first, "a retry is sent at another time");
    let turned =
        json!({"timestamp": "2024-03-01T11:00:00Z", "properties": {"b": 2, "a": 1}, "event": "X", "userId": "U"});
    assert_eq!(id(&turned), first, "the order of members says nothing");
    let mut other = body("2024-03-01T12:00:00Z");
    other["properties"]["a"] = json!(3);
    assert_ne!(id(&other), first);
    assert_eq!(id(&json!({"userId": "U", "event": "X", "messageId": "m-1"})), feed().hash_key.mid("web", "m-1"));
}

#[test]
fn of_two_versions_in_one_batch_the_later_is_heard_later() {
    let order = |total: u32| track("Order Updated", &json!({"order_id": "9", "total": total}));
    let reading = live(Call::Batch, &batch(&[order(1), order(2)])).unwrap();
    assert!(reading.messages[0].received_us < reading.messages[1].received_us);
}

#[test]
fn what_does_not_fit_its_schema_waits_and_fits_later() {
    let schema = |kind: &str| {
        let text = json!({"event": "sized", "properties": {"size": {"type": kind, "required": true}}}).to_string();
        EventSchema::parse(&text).unwrap().into_iter().collect()
    };
    let strict = Feed { schemas: schema("integer"), ..feed() };
    let body =
        json!({"userId": "U", "event": "sized", "properties": {"size": "XL"}, "timestamp": "2024-03-01T11:00:00Z"});
    let read_with =
        |feed: &Feed, body: &Value| read(feed, Call::Track, body.to_string().as_bytes(), Arrival::Live(NOW_US));
    let aside = read_with(&strict, &body).unwrap().messages.remove(0);
    let Verdict::Aside { problem, text } = aside.verdict.clone() else { panic!("{aside:?}") };
    assert_eq!(problem.path, "properties.size");
    let mended = Feed { schemas: schema("text"), ..feed() };
    let again = read_again(&mended, &text, aside.time_us, aside.received_us).unwrap();
    let mut at_once = read_with(&mended, &body).unwrap().messages.remove(0);
    assert!(matches!(&at_once.verdict, Verdict::Events(events) if events.len() == 1));
    at_once.index = again.index;
    assert_eq!(again, at_once, "as if the schema had been right from the beginning");
    let without = json!({"userId": "U", "event": "sized"});
    let missing = read_with(&strict, &without).unwrap().messages.remove(0);
    assert!(matches!(missing.verdict, Verdict::Aside { problem, .. } if problem.path == "properties.size"));
}

#[test]
fn types_of_a_schema() {
    for (kind, fits, not) in [
        ("text", vec![json!("a")], vec![json!(1), json!(true), json!([])]),
        ("integer", vec![json!(3), json!("3"), json!(-3)], vec![json!(3.5), json!("three"), json!(true)]),
        ("number", vec![json!(3.5), json!("12.50"), json!(1e9)], vec![json!("high"), json!({})]),
        ("boolean", vec![json!(true), json!("false")], vec![json!(1), json!("yes")]),
        ("time", vec![json!("2024-03-01"), json!("2024-03-01T10:00:00+08:00")], vec![json!("soon"), json!(5)]),
    ] {
        let text = json!([{"event": "E", "properties": {"p": {"type": kind}}}]).to_string();
        let feed = Feed { schemas: EventSchema::parse(&text).unwrap().into_iter().collect(), ..feed() };
        for (values, expected) in [(fits, true), (not, false)] {
            for value in values {
                let body = json!({"userId": "U", "event": "E", "properties": {"p": value}}).to_string();
                let message =
                    read(&feed, Call::Track, body.as_bytes(), Arrival::Live(NOW_US)).unwrap().messages.remove(0);
                assert_eq!(matches!(message.verdict, Verdict::Events(_)), expected, "{kind}: {value}");
            }
        }
    }
    for wrong in ["{", "{}", r#"{"event":"E","properties":{"p":{"type":"date"}}}"#, r#"{"event":" ","properties":{}}"#]
    {
        assert!(EventSchema::parse(wrong).is_err(), "{wrong}");
    }
}
