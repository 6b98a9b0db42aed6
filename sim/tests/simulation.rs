//! The simulated brand held against its own truth, counted from its messages alone.
#![cfg(test)]

use perennial_model::{DAY_US, day_from_civil};
use perennial_sim::{Campaign, Cause, Language, Simulation, SimulationOptions, Truth};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

fn options(customers: u64, seed: u64) -> SimulationOptions {
    let first_day = day_from_civil(2024, 1, 1).unwrap();
    SimulationOptions { seed, customers, first_day, language: Language::English }
}

const fn until(options: &SimulationOptions, days: i32) -> i64 {
    (options.first_day + days) as i64 * DAY_US
}

fn made(options: &SimulationOptions, days: i32) -> (String, Truth) {
    let mut simulation = Simulation::new(options.clone()).unwrap();
    let mut bytes = Vec::new();
    let messages = simulation.write_until(until(options, days), &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(text.lines().count() as u64, messages);
    (text, simulation.truth(until(options, days)))
}

fn parsed(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn text_of<'a>(message: &'a Value, name: &str) -> &'a str {
    message[name].as_str().unwrap_or_default()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_gives_others() {
    let brand = options(200, 1);
    let (text, truth) = made(&brand, 300);
    let (again, truth_again) = made(&brand, 300);
    assert_eq!(text, again);
    assert_eq!(serde_json::to_string(&truth).unwrap(), serde_json::to_string(&truth_again).unwrap());
    assert_ne!(text, made(&options(200, 2), 300).0);
}

#[test]
fn a_longer_history_begins_with_the_shorter_one_however_it_is_asked_for() {
    let brand = options(200, 3);
    let (longer, _) = made(&brand, 400);
    let (shorter, _) = made(&brand, 250);
    assert!(longer.starts_with(&shorter) && longer.len() > shorter.len());
    let mut simulation = Simulation::new(brand.clone()).unwrap();
    let mut bytes = Vec::new();
    for day in (0..=400).step_by(7).chain([400]) {
        simulation.write_until(until(&brand, day), &mut bytes).unwrap();
    }
    assert_eq!(String::from_utf8(bytes).unwrap(), longer);
}

#[test]
fn messages_are_in_order_distinct_and_whole() {
    let brand = options(1_000, 4);
    let (text, _) = made(&brand, 731);
    let messages = parsed(&text);
    assert!(messages.is_sorted_by_key(|message| text_of(message, "timestamp")));
    let ids: BTreeSet<&str> = messages.iter().map(|message| text_of(message, "messageId")).collect();
    assert_eq!(ids.len(), messages.len());
    for message in &messages {
        let sender = [text_of(message, "userId"), text_of(message, "anonymousId")];
        assert!(sender.iter().any(|id| !id.is_empty()), "{message}");
    }
    let named = |name: &str| messages.iter().filter(|message| text_of(message, "event") == name).count();
    for name in [
        "Order Completed",
        "Order Shipped",
        "Order Delivered",
        "Order Refunded",
        "Order Cancelled",
        "Product Viewed",
        "Product Added",
        "Product Reviewed",
        "Consent Given",
        "Consent Withdrawn",
        "Email Opened",
        "reply",
    ] {
        assert!(named(name) > 20, "{name}: {}", named(name));
    }
}

#[test]
fn people_cannot_be_mistaken_for_anybody() {
    let (text, _) = made(&options(300, 5), 731);
    for message in parsed(&text).iter().filter(|message| text_of(message, "type") == "identify") {
        let traits = &message["traits"];
        assert!(text_of(traits, "phone").starts_with("+8612") && text_of(traits, "phone").len() == 14, "{traits}");
        assert!(traits["email"].as_str().is_none_or(|email| email.ends_with("@example.com")), "{traits}");
        assert!(text_of(traits, "name").ends_with("Simulated"), "{traits}");
    }
}

/// A sum of independent terms lies within four standard errors of what is expected: by chance it
/// would not once in 16,000 seeds.
fn agrees(what: &str, found: f64, expected: f64, variance: f64) {
    let error = variance.sqrt();
    assert!((found - expected).abs() < 4.0 * error, "{what}: {found} instead of {expected} ± {error}");
}

#[test]
fn orders_and_losses_have_the_rates_of_the_truth() {
    let brand = options(8_000, 6);
    let (text, truth) = made(&brand, 731);
    let mut orders: BTreeMap<String, u32> = BTreeMap::new();
    for message in parsed(&text) {
        let id = text_of(&message["properties"], "order_id");
        if text_of(&message, "event") == "Order Completed" && !id.ends_with("-2") {
            *orders.entry(text_of(&message, "userId").to_owned()).or_default() += 1;
        }
    }
    assert_eq!(orders.len(), truth.customers.len());
    assert!((7_600..8_400).contains(&truth.customers.len()), "{}", truth.customers.len());
    let (mut repeats, mut expected_repeats, mut left, mut expected_left, mut left_variance) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for customer in &truth.customers {
        assert_eq!(orders[&customer.member], customer.orders, "{}", customer.member);
        let count = f64::from(customer.orders);
        repeats += count - 1.0;
        expected_repeats += customer.rate * customer.exposure_days;
        left += f64::from(u8::from(customer.cause == Some(Cause::Natural)));
        expected_left += customer.drop_out * count;
        left_variance += customer.drop_out * (1.0 - customer.drop_out) * count;
    }
    // Both differences are sums of martingale increments: orders less rate × time, losses less chance.
    agrees("repeat orders", repeats, expected_repeats, expected_repeats);
    agrees("customers who left", left, expected_left, left_variance);
    let count = truth.customers.len() as f64;
    let mean_rate = truth.customers.iter().map(|customer| customer.rate).sum::<f64>() / count;
    let (shape, days) = (truth.rate_shape, truth.rate_days);
    agrees("mean rate", mean_rate, shape / days, shape / (days * days) / count);
    let [a, b] = truth.drop_out;
    let mean_drop_out = truth.customers.iter().map(|customer| customer.drop_out).sum::<f64>() / count;
    agrees("mean drop-out", mean_drop_out, a / (a + b), a * b / ((a + b).powi(2) * (a + b + 1.0)) / count);
    assert_eq!(truth.cohorts.values().sum::<u64>(), truth.customers.len() as u64);
}

#[test]
fn one_failing_is_repaired_after_a_year_and_the_other_is_not() {
    let brand = options(10_000, 7);
    let (text, truth) = made(&brand, 731);
    let [late, broken] = truth.failings.as_slice() else { panic!("two failings") };
    let repaired_us = late.repaired_us.unwrap();
    assert_eq!((repaired_us - until(&brand, 365)).abs(), 8 * 3_600_000_000, "midnight at the brand");
    let repaired_day = "2024-12-31";
    // Counted by the promised day: [before, after] × [late, all].
    let (mut store, mut others) = ([[0_u32; 2]; 2], [[0_u32; 2]; 2]);
    let (mut sold, mut returned, mut others_sold, mut others_returned) = (0_u32, 0_u32, 0_u32, 0_u32);
    for message in parsed(&text) {
        let said = &message["properties"];
        match text_of(&message, "event") {
            "Order Delivered" if said["store"].is_string() => {
                let counts = if text_of(said, "store") == late.of { &mut store } else { &mut others };
                let half = usize::from(text_of(said, "promised_at") > repaired_day);
                counts[half][0] += u32::from(text_of(said, "delivered_at") > text_of(said, "promised_at"));
                counts[half][1] += 1;
            }
            "Order Completed" => {
                let has =
                    said["products"].as_array().unwrap().iter().any(|line| text_of(line, "product_id") == broken.of);
                *(if has { &mut sold } else { &mut others_sold }) += 1;
            }
            "Order Refunded" => match text_of(said, "reason") {
                "defective" => returned += 1,
                _ => others_returned += 1,
            },
            _ => {}
        }
    }
    let share = |[late, all]: [u32; 2]| f64::from(late) / f64::from(all);
    assert!(share(store[0]) > 0.4 && store[0][1] > 100, "{store:?}");
    assert!([store[1], others[0], others[1]].into_iter().all(|counts| share(counts) < 0.1), "{store:?} {others:?}");
    let returned_share = f64::from(returned) / f64::from(sold);
    assert!((0.27..0.37).contains(&returned_share), "{returned} of {sold}");
    assert!(f64::from(others_returned) / f64::from(others_sold) < 0.05);
    let left = |cause| truth.customers.iter().filter(|customer| customer.cause == Some(cause)).count();
    let driven_away = [left(Cause::LateDelivery), left(Cause::DefectiveProduct)];
    assert!(driven_away.iter().all(|count| *count > 50), "{driven_away:?}");
    let causeless = truth.customers.iter().filter(|customer| !customer.harmed && customer.cause.is_some());
    assert!(
        causeless.clone().count() > 1_000 && causeless.clone().all(|customer| customer.cause == Some(Cause::Natural))
    );
}

#[test]
fn sales_days_are_busy_and_spring_festival_is_quiet() {
    let (text, _) = made(&options(4_000, 8), 731);
    let mut orders: BTreeMap<String, u32> = BTreeMap::new();
    for message in parsed(&text).iter().filter(|message| text_of(message, "event") == "Order Completed") {
        *orders.entry(text_of(message, "timestamp")[..10].to_owned()).or_default() += 1;
    }
    let of = |day: &str| f64::from(orders[day]);
    let october = (10..25).map(|day| of(&format!("2025-10-{day}"))).sum::<f64>() / 15.0;
    assert!(of("2025-11-11") > 1.8 * october, "{} {october}", of("2025-11-11"));
    let festival: f64 = ["2025-01-29", "2025-01-30", "2025-01-31"].map(of).iter().sum::<f64>() / 3.0;
    let march = (3..18).map(|day| of(&format!("2025-03-{day:02}"))).sum::<f64>() / 15.0;
    assert!(festival < 0.7 * march, "{festival} {march}");
}

#[test]
fn contradictions_are_refused() {
    assert!(Simulation::new(options(0, 1)).is_err());
    let early = SimulationOptions { first_day: i32::MIN, ..options(10, 1) };
    assert!(Simulation::new(early).is_err());
}

fn with_campaign(brand: &SimulationOptions, campaign: &Campaign, days: i32) -> String {
    let mut simulation = Simulation::new(brand.clone()).unwrap().with_campaign(campaign).unwrap();
    let mut bytes = Vec::new();
    simulation.write_until(until(brand, days), &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_campaign_adds_orders_as_often_as_said_and_changes_nothing_else() {
    let brand = options(3_000, 5);
    let (without, truth) = made(&brand, 400);
    let members: Vec<String> = truth.customers.iter().step_by(2).map(|customer| customer.member.clone()).collect();
    let day = brand.first_day + 350;
    let campaign = Campaign { day, days: 20, effect: 0.3, members };
    let with = with_campaign(&brand, &campaign, 400);
    let known: BTreeSet<&str> = without.lines().collect();
    let added: Vec<Value> =
        with.lines().filter(|line| !known.contains(line)).map(|line| serde_json::from_str(line).unwrap()).collect();
    let kept: String = with.lines().filter(|line| known.contains(line)).map(|line| format!("{line}\n")).collect();
    assert!(kept == without, "everything else is the same, in the same order");
    let (reached, ordered) = (campaign.members.len() as f64, added.len() as f64);
    agrees("additional orders", ordered / reached, 0.3, 0.21 / reached);
    let (mut orders, mut who) = (BTreeSet::new(), BTreeSet::new());
    for message in &added {
        assert_eq!((text_of(message, "type"), text_of(message, "event")), ("track", "Order Completed"));
        let member = text_of(message, "userId").to_owned();
        assert!(campaign.members.contains(&member) && who.insert(member), "each once, and nobody else");
        assert!(orders.insert(text_of(&message["properties"], "order_id").to_owned()));
        let date = &text_of(message, "timestamp")[..10];
        assert!(("2024-12-15".."2025-01-06").contains(&date), "{date}");
    }
    assert!(
        without.lines().all(|line| !orders.iter().any(|order| line.contains(order.as_str()))),
        "orders of their own"
    );
    assert_eq!(with_campaign(&brand, &campaign, 400), with);
    assert_eq!(with_campaign(&brand, &Campaign { effect: 0.0, ..campaign }, 400), without);
}

#[test]
fn a_campaign_that_cannot_be_is_refused() {
    let brand = options(10, 1);
    let of = |effect: f64, member: &str| Campaign { day: 0, days: 1, effect, members: vec![member.to_owned()] };
    for (campaign, said) in [(of(1.5, "M00000001"), "an effect of 1.5"), (of(0.5, "ann"), "ann is no customer")] {
        let refused = Simulation::new(brand.clone()).unwrap().with_campaign(&campaign).unwrap_err().to_string();
        assert!(refused.contains(said), "{refused}");
    }
}

/// Mean and squared standard error of the chance to leave, of who came from a source.
fn drop_out_of(truth: &Truth, source: Option<&str>) -> (f64, f64) {
    let own: Vec<f64> = truth.customers.iter().filter(|one| one.source == source).map(|one| one.drop_out).collect();
    assert!(own.len() > 300, "{source:?}: {}", own.len());
    let (n, mean) = (own.len() as f64, own.iter().sum::<f64>() / own.len() as f64);
    (mean, own.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / n / n)
}

#[test]
fn the_first_event_tells_the_source_and_friends_stay_longer() {
    let brand = options(6_000, 9);
    let (text, truth) = made(&brand, 731);
    let mut told: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    // Who visits before they are known is a device until they become a member.
    let number = |message: &Value| {
        let ids = [text_of(message, "userId"), text_of(message, "anonymousId")];
        let ids = ids.map(|id| id.trim_start_matches("device-").trim_start_matches('M').parse::<u64>().ok());
        ids.into_iter().flatten().next()
    };
    for message in parsed(&text) {
        if let Some(source) = message["properties"]["utm_source"].as_str() {
            told.entry(number(&message).unwrap()).or_default().push(source.to_owned());
        }
    }
    for customer in &truth.customers {
        let found = told.get(&customer.member.trim_start_matches('M').parse::<u64>().unwrap());
        let expected: Vec<&str> = customer.source.into_iter().collect();
        assert_eq!(found.map_or(&[][..], Vec::as_slice), expected, "{}", customer.member);
    }
    let (friends, friends_error) = drop_out_of(&truth, Some("friend"));
    let (ads, ads_error) = drop_out_of(&truth, Some("douyin_ads"));
    assert!(ads - friends > 6.0 * (friends_error + ads_error).sqrt(), "{friends} beside {ads}");
    drop_out_of(&truth, None);
}
