//! An experiment from its definition to its verdict, on the simulated brand, whose true effect is known.

use crate::beside_server::Server;
use crate::run::{ended, fine, put};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const SEGMENTS: &str = "segments:
  - name: buyers
    where: orders > 0
";
const EXPERIMENTS: &str = "experiments:
  # A letter before the New Year.
  - name: letter
    title: {zh: 新年信, en: New Year letter}
    audience: buyers
    holdout: 30%
    starts: 2025-12-01
    outcomes: [orders, converted, revenue, orders_seen]
  - name: nothing_done
    audience: buyers
    holdout: 50%
    starts: 2025-12-01
    days: 20
  - name: not_yet
    audience: buyers
    starts: 2099-01-01
";
const METRICS: &str = "metrics:
  - name: orders_seen
    function: count
    events: Order Completed
    where: kind = 'order'
    window: 400d
";
/// The true effect: so many orders more for each customer who is sent the letter.
const EFFECT: f64 = 0.3;

fn generated(folder: &Path, until: &str, more: &[&str]) {
    let brand = ["generate", "--kind", "brand", "--customers", "6000", "--seed", "7", "--start", "2024-01-01"];
    fine(folder, &[&brand[..], &["--until", until, "--out", "brand.jsonl"], more].concat());
    let import = ["import", "brand.jsonl", "--data", "brand", "--quiet"];
    fine(folder, &[&import[..], &["--timezone", "Asia/Shanghai", "--currency", "CNY"]].concat());
}

fn result(folder: &Path, name: &str) -> Value {
    serde_json::from_str(&fine(folder, &["experiment", "result", name, "--data", "brand", "--json"])).unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// The comparison of an outcome of the only arm.
pub(crate) fn of<'a>(result: &'a Value, outcome: &str) -> &'a Value {
    let comparisons = result["comparisons"].as_array().unwrap();
    comparisons.iter().find(|comparison| comparison["outcome"] == outcome).unwrap_or_else(|| panic!("{result}"))
}

/// Whether the truth lies within twice the interval's width around its middle. Who is in which group differs from
/// run to run, and a right interval of 95 % misses once in twenty; its double misses once in ten thousand. That the
/// interval is right is told apart, by [`told_as_counted`].
pub(crate) fn holds(interval: &Value, truth: f64) -> bool {
    let (low, high) = (number(&interval["low"]), number(&interval["high"]));
    (truth - (low + high) / 2.0).abs() <= high - low
}

/// Orders of each member within the letter's thirty days, counted from the messages alone.
fn orders_of_members(folder: &Path) -> BTreeMap<String, u32> {
    let text = fs::read_to_string(folder.join("brand.jsonl")).unwrap();
    let mut orders: BTreeMap<String, String> = BTreeMap::new();
    for line in text.lines().filter(|line| line.contains("\"Order Completed\"")) {
        let message: Value = serde_json::from_str(line).unwrap();
        let word = |name: &str| message[name].as_str().unwrap().to_owned();
        // From one midnight in Shanghai to another.
        if ("2025-11-30T16:00:00".."2025-12-30T16:00:00").contains(&word("timestamp").as_str()) {
            orders.insert(word("messageId"), word("userId"));
        }
    }
    let mut counts = BTreeMap::new();
    orders.into_values().for_each(|member| *counts.entry(member).or_insert(0) += 1);
    counts
}

/// Number, mean and variance.
fn moments(values: &[f64]) -> [f64; 3] {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    [n, mean, values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)]
}

/// The difference of two means and its interval of 95 % by Welch, with Cornish and Fisher's expansion of
/// Student's quantile, which is good to 1e-10 for thousands of customers.
fn welch(treated: &[f64], control: &[f64]) -> [f64; 3] {
    let ([n, mean, variance], [control_n, control_mean, control_variance]) = (moments(treated), moments(control));
    let (of_one, of_other) = (variance / n, control_variance / control_n);
    let freedom = (of_one + of_other).powi(2) / (of_one.powi(2) / (n - 1.0) + of_other.powi(2) / (control_n - 1.0));
    let z = 1.959_963_984_540_054_f64;
    let quantile = z
        + (z.powi(3) + z) / (4.0 * freedom)
        + (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / (96.0 * freedom.powi(2));
    let half = quantile * (of_one + of_other).sqrt();
    let difference = mean - control_mean;
    [difference, difference - half, difference + half]
}

/// What the product says of orders is what the messages and the assignments say.
fn told_as_counted(path: &Path, assigned: &[(String, String)], told: &Value) {
    let counts = orders_of_members(path);
    let of_group = |wanted: &str| -> Vec<f64> {
        let members = assigned.iter().filter(|(group, _)| group == wanted);
        members.map(|(_, member)| f64::from(counts.get(member).copied().unwrap_or(0))).collect()
    };
    let counted = welch(&of_group("treated"), &of_group("holdout"));
    for (name, counted) in ["difference", "low", "high"].into_iter().zip(counted) {
        assert!((number(&told[name]) - counted).abs() < 1e-9, "{name}: {} and not {counted}", told[name]);
    }
}

fn sizes(result: &Value) -> BTreeMap<String, u64> {
    let groups = result["groups"].as_array().unwrap().iter();
    groups.map(|group| (group["group"].as_str().unwrap().to_owned(), group["customers"].as_u64().unwrap())).collect()
}

/// From an empty data directory to two experiments of which one did something.
fn begun(folder: &Path) -> Vec<(String, String)> {
    generated(folder, "2025-12-01", &[]);
    put(folder, "brand.yaml", "global_control: 5%\n");
    put(folder, "metrics.yaml", METRICS);
    put(folder, "segments.yaml", SEGMENTS);
    put(folder, "experiments.yaml", EXPERIMENTS);
    assert_eq!(fine(folder, &["check", "shop"]), "shop: nothing wrong; 1 metric, 1 segment, 3 experiments\n");
    let planned = fine(folder, &["plan", "shop", "--data", "brand"]);
    for line in [
        "+ experiment letter\n",
        "customers take part as of 2025-11-30T16:00:00Z: about ",
        "30 days earlier ",
        " ordered since",
        "is seen four times out of five",
        "to see a tenth more of them takes ",
    ] {
        assert!(planned.contains(line), "{line}: {planned}");
    }
    fine(folder, &["apply", "shop", "--data", "brand"]);
    let early = ended(folder, &["experiment", "start", "not_yet", "--data", "brand"], 2);
    assert!(early.stderr.contains("not_yet starts on 2099-01-01"), "{}", early.stderr);
    let unknown = ended(folder, &["experiment", "start", "leter", "--data", "brand"], 2);
    assert!(unknown.stderr.contains("there is no experiment leter: is letter meant?"), "{}", unknown.stderr);
    let none = ended(folder, &["experiment", "result", "letter", "--data", "brand"], 2);
    assert!(none.stderr.contains("letter has not begun"), "{}", none.stderr);
    let started = fine(folder, &["experiment", "start", "letter", "--data", "brand"]);
    assert!(started.starts_with("letter has begun with "), "{started}");
    let again = fine(folder, &["experiment", "start", "letter", "--data", "brand"]);
    assert!(again.starts_with("letter has begun before, with "), "{again}");
    fine(folder, &["experiment", "start", "nothing_done", "--data", "brand"]);
    let early = result(folder, "letter");
    assert_eq!((&early["standing"]["state"], &early["comparisons"]), (&"running".into(), &Value::Array(Vec::new())));
    let out = ["experiment", "assignments", "letter", "--data", "brand", "--key", "user_id", "--out", "letter.csv"];
    fine(folder, &out);
    let text = fs::read_to_string(folder.join("letter.csv")).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("customer_id,group,user_id"));
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    lines.map(cells).map(|cells| (cells[1].clone(), cells[2].clone())).collect()
}

#[test]
fn a_true_effect_is_measured_and_none_is_claimed_where_there_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let assigned = begun(path);
    let treated = assigned.iter().filter(|(group, _)| group == "treated").count() as f64;
    let share = treated / assigned.len() as f64;
    assert!((share - 0.95 * 0.7).abs() < 0.02, "{share}");
    assert!(assigned.iter().all(|(_, member)| member.starts_with('M')), "everybody who bought is known");

    let campaign = ["--campaign", "letter.csv", "--campaign-day", "2025-12-01", "--campaign-effect", "0.3"];
    generated(path, "2026-01-01", &campaign);
    let letter = result(path, "letter");
    assert_eq!(letter["standing"]["state"], "ended", "{letter}");
    assert_eq!(letter["sample_ratio"]["alarm"], false);
    let orders = of(&letter, "orders");
    assert!(holds(orders, EFFECT) && orders["verdict"] == "works", "{orders}");
    assert_eq!(number(&orders["n"]) as usize, treated as usize, "everybody assigned counts, whatever they did");
    let seen = of(&letter, "orders_seen");
    told_as_counted(path, &assigned, seen);
    assert!(holds(seen, EFFECT) && number(&seen["control_mean"]) < 1.0, "the days alone count: {seen}");
    assert!(number(&of(&letter, "converted")["difference"]) > 0.1);
    // What the brand really did more: the campaign's orders have numbers of their own.
    let brought = fs::read_to_string(path.join("brand.jsonl")).unwrap();
    let brought =
        brought.lines().filter(|line| line.contains("-92") && line.contains("Order Completed")).count() as f64;
    assert!((brought / treated - EFFECT).abs() < 0.03, "{brought} of {treated}");
    let incremental = letter["incremental"].as_array().unwrap();
    let incremental = incremental.iter().find(|found| found["of"] == "orders").unwrap();
    assert!(holds(incremental, brought), "{incremental}: {brought}");
    let days = letter["series"].as_array().unwrap().iter().find(|series| series["outcome"] == "converted").unwrap();
    let days = days["points"].as_array().unwrap();
    assert_eq!(days.len(), 30);
    let last = number(&days[29]["difference"]) - number(&of(&letter, "converted")["difference"]);
    assert!(last.abs() < 1e-9, "the series ends where the comparison is");

    let nothing = result(path, "nothing_done");
    let main = of(&nothing, "converted");
    let claims_nothing = number(&main["low"]) <= 0.0 && 0.0 <= number(&main["high"]);
    assert!(holds(main, 0.0), "{main}");
    assert_eq!(main["verdict"] == "not_yet_known", claims_nothing, "{main}");
    let listed = fine(path, &["experiment", "list", "--data", "brand", "--lang", "en"]);
    let line = |name: &str| listed.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{listed}"));
    assert!(line("letter").ends_with("works"), "{listed}");
    // Of several experiments a chance finding is held to more.
    assert!(!claims_nothing || line("nothing_done").contains("not yet known"), "{listed}");
    assert!(line("not_yet").contains("planned"), "{listed}");
    said_in_words(path);
    what_has_begun_stays(path);
    customers_who_go_and_merge(path, &assigned, &letter);
}

fn said_in_words(path: &Path) {
    let said = fine(path, &["experiment", "result", "letter", "--data", "brand", "--lang", "en"]);
    for part in [
        "letter: ended, 30 of 30 days from 2025-12-01 known",
        "holdout: ",
        "treated brought ",
        " more orders (between ",
        "works",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let chinese = fine(path, &["experiment", "result", "letter", "--data", "brand", "--lang", "zh"]);
    assert!(chinese.contains("已结束") && chinese.contains("有效") && chinese.contains("带来的增量"), "{chinese}");
    let shown = fine(path, &["experiment", "show", "letter", "--data", "brand"]);
    assert!(shown.starts_with("letter (新年信 / New Year letter)\naudience: buyers\nhold-out: 30%\n"), "{shown}");
}

fn what_has_begun_stays(path: &Path) {
    put(path, "experiments.yaml", &EXPERIMENTS.replace("30%", "20%"));
    let refused = ended(path, &["apply", "shop", "--data", "brand"], 1);
    let place = "experiments.yaml:6:5: letter has begun, with holdout 30%: its customers are divided and stay so";
    assert!(refused.stderr.contains(place), "{}", refused.stderr);
    put(path, "experiments.yaml", EXPERIMENTS);
    fine(path, &["export", "out", "--data", "brand"]);
    assert_eq!(fs::read_to_string(path.join("out/experiments.yaml")).unwrap(), EXPERIMENTS, "comments are kept");
    // The global control group of what has begun is drawn, whatever is said now.
    let before = sizes(&result(path, "letter"));
    put(path, "brand.yaml", "global_control: 20%\n");
    fine(path, &["apply", "shop", "--data", "brand"]);
    assert_eq!(sizes(&result(path, "letter")), before);
}

/// Beside a server, which the commands ask.
fn customers_who_go_and_merge(path: &Path, assigned: &[(String, String)], before: &Value) {
    let of_group = |wanted: &str, place: usize| {
        let mut members = assigned.iter().filter(|(group, _)| group == wanted);
        format!("member={}", members.nth(place).unwrap().1)
    };
    let server = Server::start(path);
    fine(path, &["erase", &of_group("holdout", 3), "--data", "brand", "--yes"]);
    let (one, other) = (of_group("treated", 1), of_group("treated", 2));
    fine(path, &["identity", "merge", &one, &other, "--data", "brand", "--reason", "one person"]);
    let after = result(path, "letter");
    let (was, is) = (sizes(before), sizes(&after));
    assert_eq!((is["holdout"], is["treated"]), (was["holdout"] - 1, was["treated"] - 1), "{is:?}");
    let counts = &after["customers"];
    assert_eq!((counts["erased"].as_u64(), counts["merged"].as_u64()), (Some(1), Some(1)));
    assert!(holds(of(&after, "orders"), EFFECT));
    let assigned_now = fine(path, &["experiment", "assignments", "letter", "--data", "brand"]);
    assert_eq!(assigned_now.lines().count(), assigned.len() + 1 - 2);
    let again = fine(path, &["experiment", "start", "letter", "--data", "brand"]);
    assert!(again.starts_with("letter has begun before"), "{again}");
    assert_eq!(server.stop(), Some(0));
}
