//! The simulated brand, imported: figures against an independent calculation from its messages, and
//! stages against what is true of its customers.

use crate::run::{fine, perennial, read_json, report};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const UNTIL: &str = "2026-01-01";

/// Local day of an instant of ISO 8601 in universal time: eight hours ahead, counted in days.
fn day(text: &str) -> i64 {
    let number = |from: usize, to: usize| text[from..to].parse::<u32>().unwrap();
    let civil = perennial_model::day_from_civil(text[..4].parse().unwrap(), number(5, 7), number(8, 10)).unwrap();
    i64::from(civil) + i64::from(number(11, 13) >= 16)
}

fn minor(value: &Value) -> i64 {
    (value.as_f64().unwrap_or(0.0) * 100.0).round() as i64
}

#[derive(Default)]
struct Order {
    member: String,
    day: i64,
    left_minor: i64,
    cancelled: bool,
}

impl Order {
    fn hear(&mut self, event: &str, said: &Value, member: &str, today: i64) {
        match event {
            "Order Completed" => {
                (self.member, self.day) = (member.to_owned(), today);
                self.left_minor += minor(&said["total"]);
            }
            "Order Refunded" => self.left_minor -= minor(&said["total"]),
            "Order Cancelled" => self.cancelled = true,
            _ => {}
        }
    }
}

/// What the messages come to, by the definitions of the guide and by nothing of the product.
#[derive(Default)]
struct Counted {
    /// Days with orders that count, ascending and each as often as there are orders.
    orders: BTreeMap<String, Vec<i64>>,
    active_days: BTreeMap<String, BTreeSet<i64>>,
    revenue_minor: i64,
}

impl Counted {
    fn of(path: &Path) -> Self {
        let (mut orders, mut counted): (BTreeMap<String, Order>, _) = (BTreeMap::new(), Self::default());
        for line in fs::read_to_string(path).unwrap().lines() {
            let message: Value = serde_json::from_str(line).unwrap();
            let (said, member) = (&message["properties"], message["userId"].as_str().unwrap_or_default().to_owned());
            let today = day(message["timestamp"].as_str().unwrap());
            let event = message["event"].as_str().unwrap_or_default();
            if event.starts_with("Order ") {
                let order = orders.entry(said["order_id"].as_str().unwrap().to_owned()).or_default();
                order.hear(event, said, &member, today);
            } else if message["type"] == "page"
                || message["type"] == "screen"
                || ["Product Reviewed", "reply"].contains(&event)
            {
                counted.active_days.entry(member).or_default().insert(today);
            }
        }
        for order in orders.into_values().filter(|order| !order.cancelled && order.left_minor > 0) {
            counted.revenue_minor += order.left_minor;
            counted.active_days.entry(order.member.clone()).or_default().insert(order.day);
            counted.orders.entry(order.member).or_default().push(order.day);
        }
        counted.orders.values_mut().for_each(|days| days.sort_unstable());
        counted
    }

    /// Who came back within so many days of the first order, of those whose days are over.
    fn repurchase(&self, end_day: i64, days: i64) -> (u64, u64) {
        let followed = || self.orders.values().filter(|orders| end_day - orders[0] >= days);
        let back = |orders: &&Vec<i64>| orders.get(1).is_some_and(|second| second - orders[0] <= days);
        (followed().filter(back).count() as u64, followed().count() as u64)
    }

    fn active(&self, end_day: i64, window: i64) -> (u64, u64) {
        let base = || self.orders.iter().filter(|(_, orders)| orders[0] <= end_day - window);
        let is_active = |member: &str| self.active_days[member].range(end_day - window + 1..=end_day).next().is_some();
        (base().filter(|(member, _)| is_active(member)).count() as u64, base().count() as u64)
    }

    /// Stage of each customer by mechanisms 0.3 and 5.1.
    fn stages(&self, as_of_day: i64) -> BTreeMap<String, &'static str> {
        let distinct =
            |orders: &[i64]| orders.iter().copied().collect::<BTreeSet<i64>>().into_iter().collect::<Vec<_>>();
        let mean_gap = |days: &[i64]| (days[days.len() - 1] - days[0]) as f64 / (days.len() - 1) as f64;
        let days: Vec<Vec<i64>> = self.orders.values().map(|orders| distinct(orders)).collect();
        let mut means: Vec<f64> = days.iter().filter(|days| days.len() > 1).map(|days| mean_gap(days)).collect();
        means.sort_by(f64::total_cmp);
        let median = (means[(means.len() - 1) / 2] + means[means.len() / 2]) / 2.0;
        let interval = |days: &[i64]| {
            let gaps = days.len() as f64 - 1.0;
            (if gaps > 0.0 { gaps * mean_gap(days) } else { 0.0 } + 3.0 * median) / (gaps + 3.0)
        };
        let stage = |days: &[i64], orders: usize| {
            let (silence, typical) = ((as_of_day - days[days.len() - 1]) as f64, interval(days));
            let lapsed_before = |place: &usize| {
                let gap = (days[*place] - days[*place - 1]) as f64;
                as_of_day - days[*place] <= 60 && gap > (3.0 * interval(&days[..*place])).max(45.0)
            };
            match () {
                () if silence > (6.0 * typical).max(90.0) => "lost",
                () if silence > (3.0 * typical).max(45.0) => "lapsed",
                () if silence > (1.5 * typical).max(14.0) => "at_risk",
                () if (1..days.len()).any(|place| lapsed_before(&place)) => "won_back",
                () if as_of_day - days[0] < 60 && orders < 5 => "new",
                () if days.len() >= 5 => "loyal",
                () => "active",
            }
        };
        let all = self.orders.iter().zip(&days);
        all.map(|((member, orders), days)| (member.clone(), stage(days, orders.len()))).collect()
    }
}

fn imported(folder: &Path) {
    let generate = ["generate", "--kind", "brand", "--customers", "3000", "--seed", "11", "--start", "2024-01-01"];
    let files = ["--until", UNTIL, "--out", "brand.jsonl", "--truth", "truth.json"];
    fine(folder, &[&generate[..], &files[..]].concat());
    let zone = ["--timezone", "Asia/Shanghai", "--currency", "CNY"];
    let import = ["import", "brand.jsonl", "--data", "brand", "--quiet"];
    let said = fine(folder, &[&import[..], &zone[..]].concat());
    assert!(!said.contains("rejected"), "{said}");
}

#[test]
fn figures_of_the_simulated_brand_are_those_of_its_messages_and_stages_agree_with_the_truth() {
    let folder = tempfile::tempdir().unwrap();
    imported(folder.path());
    let figures = report(folder.path(), &["--data", "brand", "--as-of", UNTIL]);
    let counted = Counted::of(&folder.path().join("brand.jsonl"));
    assert_eq!(figures["customers"], counted.orders.len());
    assert_eq!(figures["orders"], counted.orders.values().map(Vec::len).sum::<usize>());
    assert_eq!(figures["revenue"], counted.revenue_minor);
    assert_eq!(figures["unidentified"]["orders"], 0);
    let as_of_day = day("2026-01-01T00:00:00Z");
    let active = &figures["active_rate"];
    let count_of = |rate: &Value, count: &str, of: &str| (rate[count].as_u64().unwrap(), rate[of].as_u64().unwrap());
    assert_eq!(count_of(active, "active", "base"), counted.active(as_of_day - 1, 30));
    for (rate, days) in figures["kpis"]["repurchase_rate"]["details"].as_array().unwrap().iter().zip([30, 90, 365]) {
        assert_eq!(count_of(rate, "count", "of"), counted.repurchase(as_of_day - 1, days), "{days} days");
    }
    let stages = counted.stages(as_of_day);
    for stage in figures["stages"].as_array().unwrap() {
        let expected = stages.values().filter(|name| stage["stage"] == **name).count();
        assert_eq!(stage["customers"], expected, "{stage}");
        assert!(expected > 20, "{stage}");
    }
    let sql = "select i.value, c.stage from customers c join identities i on i.customer_id = c.customer_id \
               where i.kind = 'member' and c.stage is not null";
    let table = fine(folder.path(), &["query", sql, "--data", "brand", "--as-of", UNTIL, "--format", "csv"]);
    let told: BTreeMap<&str, &str> = table.lines().skip(1).filter_map(|line| line.split_once(',')).collect();
    assert!(stages.iter().all(|(member, stage)| told.get(member.as_str()) == Some(stage)));
    agrees_with_truth(&told, &read_json(&folder.path().join("truth.json")));
}

/// The chance that a customer is still there, by the model with its own rate and drop-out chance.
fn alive_chance(customer: &Value) -> f64 {
    let number = |name: &str| customer[name].as_f64().unwrap();
    let silent_if_alive = (1.0 - number("drop_out")) * (-number("rate") * number("silent_days")).exp();
    silent_if_alive / (silent_if_alive + number("drop_out"))
}

/// Nobody is truly lost or alive because a stage says so, but in each stage as many are alive as the
/// model expects of customers with that history.
fn agrees_with_truth(told: &BTreeMap<&str, &str>, truth: &Value) {
    let mut by_stage: BTreeMap<&str, (f64, f64, f64, f64)> = BTreeMap::new();
    // Whom a failing has met may have left for that as well.
    let unharmed = truth["customers"].as_array().unwrap().iter().filter(|customer| customer["harmed"] == false);
    for customer in unharmed {
        let Some(stage) = told.get(customer["member"].as_str().unwrap()) else { continue };
        let (customers, alive, expected, variance) = by_stage.entry(stage).or_default();
        let chance = alive_chance(customer);
        *customers += 1.0;
        *alive += f64::from(u8::from(customer["lost_us"].is_null()));
        *expected += chance;
        *variance += chance * (1.0 - chance);
    }
    for (stage, (_, alive, expected, variance)) in &by_stage {
        let error = variance.sqrt().max(1.0);
        assert!((alive - expected).abs() < 4.0 * error, "{stage}: {alive} alive instead of {expected} ± {error}");
    }
    let alive = |stage: &str| by_stage[stage].1 / by_stage[stage].0;
    let shares = ["lost", "lapsed", "at_risk", "active", "loyal"].map(alive);
    assert!(shares.is_sorted() && shares[0] < 0.35 && shares[4] > 0.75, "{shares:?}");
}

#[test]
fn an_option_of_the_other_kind_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let of_orders = perennial(folder.path(), &["generate", "--kind", "brand", "--events", "5", "--out", "a.jsonl"]);
    assert!(of_orders.code == 2 && of_orders.stderr.contains("--events"), "{}", of_orders.stderr);
    let of_brand = perennial(folder.path(), &["generate", "--truth", "truth.json", "--out", "a.csv"]);
    assert!(of_brand.code == 2 && of_brand.stderr.contains("--kind brand"), "{}", of_brand.stderr);
    let no_day = perennial(folder.path(), &["generate", "--kind", "brand", "--until", "soon", "--out", "a.jsonl"]);
    assert!(no_day.code == 2 && no_day.stderr.contains("--until soon"), "{}", no_day.stderr);
}
