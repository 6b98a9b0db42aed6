//! Any bytes as the body of a call of the tracking API: each message is understood or refused with its
//! place, and a body of which nothing is refused is JSON to another parser too.
#![no_main]

use libfuzzer_sys::fuzz_target;
use perennial_listen::message::{Arrival, Call, Feed, Limits, Schemas, Verdict, read};
use perennial_model::{Currency, HashKey};
use serde::de::IgnoredAny;

const CALLS: [Call; 7] = [Call::Batch, Call::Track, Call::Identify, Call::Page, Call::Screen, Call::Group, Call::Alias];
const NOW_US: i64 = 1_709_294_400_000_000;

fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, body)) = bytes.split_first() else { return };
    let feed = Feed {
        hash_key: HashKey::new([5; 16]),
        source: "web".into(),
        currency: Currency::CNY,
        limits: Limits::API,
        schemas: Schemas::default(),
    };
    let call = CALLS[usize::from(choice) % CALLS.len()];
    let arrival = if choice > 127 { Arrival::Archive(NOW_US) } else { Arrival::Live(NOW_US) };
    let reading = match read(&feed, call, body, arrival) {
        Ok(reading) => reading,
        Err(problem) => return assert!(!problem.message.is_empty()),
    };
    let places: Vec<usize> = reading.refused.iter().map(|refused| refused.index).collect();
    assert!(places.is_sorted_by(|one, next| one < next), "a message is refused once");
    if places.is_empty() {
        serde_json::from_slice::<IgnoredAny>(body).expect("a body that is understood is JSON");
    }
    for message in &reading.messages {
        let Verdict::Events(events) = &message.verdict else { continue };
        let mut mids: Vec<_> = events.iter().map(|event| event.mid).collect();
        mids.sort_unstable();
        mids.dedup();
        assert_eq!(mids.len(), events.len(), "two events of one message are one event");
        assert!(message.keys.iter().all(|(_, key)| !key.value.contains('\0')), "{:?}", message.keys);
        for event in events {
            assert!(!event.name.contains('\0'), "{event:?}");
            let properties = event.properties.as_deref().unwrap_or("{}");
            serde_json::from_str::<serde_json::Map<_, _>>(properties).expect("properties are an object");
        }
    }
});
