//! Consent in messages.

use super::{NOW_US, feed, live, message, track};
use crate::consent::{Said, Weight};
use crate::message::{Arrival, Call, Feed, Message, Schemas, Verdict, read};
use perennial_model::{ConsentChannel, Purpose};
use serde_json::{Value, json};

fn only(message: Message) -> Said {
    assert_eq!(message.verdict, Verdict::Events(Vec::new()), "its event is made of what it says");
    let [said] = <[Said; 1]>::try_from(message.consents).unwrap();
    said
}

#[test]
fn an_event_gives_and_another_withdraws_with_all_its_proof() {
    let given = only(message(&track(
        "consent_given",
        &json!({"purpose": "marketing", "channel": "sms", "wording_version": 3, "source": "收银台", "evidence": "form 17",
                "ip": "203.0.113.9"}),
    )));
    assert_eq!((given.purpose.as_str(), given.channel, given.given), ("marketing", ConsentChannel::Sms, true));
    assert_eq!((given.source.as_str(), given.wording_version.as_deref()), ("收银台", Some("3")));
    assert_eq!((given.ip.as_deref(), given.evidence.as_deref()), (Some("203.0.113.9"), Some("form 17")));
    assert_eq!((given.at_us, given.weight), (NOW_US - 10_000_000, Weight::Change));
    let mut withdrawn = track("Consent Withdrawn", &json!({"purpose": "analytics"}));
    withdrawn["context"]["ip"] = json!("198.51.100.7");
    let withdrawn = only(message(&withdrawn));
    assert_eq!((withdrawn.channel, withdrawn.given), (ConsentChannel::Any, false));
    assert_eq!((withdrawn.source.as_str(), withdrawn.ip.as_deref()), ("web", Some("198.51.100.7")));
}

#[test]
fn what_cannot_be_meant_is_kept_aside_with_the_words_that_can() {
    for (properties, path, text) in [
        (json!({}), "properties.purpose", "is missing"),
        (json!({"purpose": "markting"}), "properties.purpose", "marketing, personalisation"),
        (json!({"purpose": "marketing", "channel": "fax"}), "properties.channel", "wecom"),
        (json!({"purpose": ["marketing"]}), "properties.purpose", "a list"),
    ] {
        let message = message(&track("Consent Withdrawn", &properties));
        let Verdict::Aside { problem, .. } = &message.verdict else { panic!("{properties} is understood") };
        assert!(problem.path == path && problem.message.contains(text), "{problem}");
        assert!(message.consents.is_empty());
    }
}

fn with_preferences(preferences: &Value) -> Value {
    let mut page = track("Product Viewed", &json!({"product_id": "p-1"}));
    page["context"]["consent"] = json!({"categoryPreferences": preferences});
    page
}

#[test]
fn preferences_sent_along_are_read_by_the_brands_categories_beside_the_event() {
    let read_one = |preferences: &Value| {
        let message = message(&with_preferences(preferences));
        assert!(matches!(&message.verdict, Verdict::Events(events) if events.len() == 1));
        message.consents
    };
    let said = read_one(&json!({"Analytics": true, "Advertising": true, "DataSharing": false, "Functional": "yes"}));
    let short: Vec<_> = said.iter().map(|said| (said.purpose.as_str(), said.given, said.weight)).collect();
    assert_eq!(short, [(Purpose::ANALYTICS, true, Weight::Standing), (Purpose::SHARING, false, Weight::Standing)]);
    assert_ne!(said[0].mid, said[1].mid);
    let both = read_one(&json!({"Personalization": true, "personalisation": false}));
    assert_eq!(both.iter().map(|said| said.given).collect::<Vec<_>>(), [false], "all of one purpose must say yes");
    for nothing in [json!([]), json!("all"), json!({})] {
        assert!(read_one(&nothing).is_empty());
    }
}

#[test]
fn a_brand_adds_purposes_and_says_what_its_banner_means() {
    let mut schemas = Schemas::default();
    schemas.consents.purposes.push(Purpose::new("research").unwrap());
    schemas.consents.categories.insert("advertising".to_owned(), Purpose::marketing());
    let feed = Feed { schemas, ..feed() };
    let body = track("Consent Given", &json!({"purpose": "research"})).to_string();
    let reading = read(&feed, Call::Track, body.as_bytes(), Arrival::Live(NOW_US)).unwrap();
    assert_eq!(reading.messages[0].consents[0].purpose.as_str(), "research");
    let body = with_preferences(&json!({"Advertising": true})).to_string();
    let reading = read(&feed, Call::Track, body.as_bytes(), Arrival::Live(NOW_US)).unwrap();
    assert_eq!(reading.messages[0].consents[0].purpose.as_str(), Purpose::MARKETING);
    assert!(live(Call::Track, &body).unwrap().messages[0].consents.is_empty());
}
