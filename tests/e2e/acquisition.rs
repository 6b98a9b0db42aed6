//! Where the simulated brand's customers come from, what they cost and do, beside what is true of them.

use crate::run::{ended, fine, put};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const BRAND: &str = "timezone: Asia/Shanghai
currency: CNY
acquisition_share_alert: 60%
touch: name = 'Email Opened'
complaint: name = 'Product Reviewed' and p_rating <= 2
";
const SOURCES: &str = "sources:
  # Paid by the view.
  - name: douyin_ads
    title: {zh: 抖音广告, en: Douyin ads}
    kind: advertising
    where: p_utm_source = 'douyin_ads'
  - name: livestream
    kind: livestream
    where: p_utm_source = 'livestream'
  - name: search
    kind: traffic_platform
    where: p_utm_source = 'search'
  - name: friend
    kind: referral
    where: p_utm_source = 'friend'
";
const SPEND: &str = "spend:
  - month: 2024-06
    purpose: acquisition
    source: douyin_ads
    amount: 9000.50 # invoice of July
  - month: 2024-06
    purpose: retention
    amount: 3000
  - month: 2024-07
    purpose: acquisition
    amount: 100
";
/// Months whose customers' sixty days are over.
const RANGE: [&str; 4] = ["--since", "2024-01", "--until", "2024-12"];

fn acquisition(folder: &Path, more: &[&str]) -> String {
    fine(folder, &[&["acquisition", "--data", "brand"], more].concat())
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// A brand of which it is known where everybody came from.
fn generated(folder: &Path) -> Value {
    let brand = ["generate", "--kind", "brand", "--customers", "5000", "--seed", "11", "--start", "2024-01-01"];
    let files = ["--until", "2025-06-01", "--out", "brand.jsonl", "--truth", "truth.json"];
    fine(folder, &[&brand[..], &files].concat());
    let import = ["import", "brand.jsonl", "--data", "brand", "--quiet"];
    fine(folder, &[&import[..], &["--timezone", "Asia/Shanghai", "--currency", "CNY"]].concat());
    for (name, text) in [("brand.yaml", BRAND), ("sources.yaml", SOURCES), ("spend.yaml", SPEND)] {
        put(folder, name, text);
    }
    let checked = fine(folder, &["check", "shop"]);
    assert_eq!(checked, "shop: nothing wrong; 0 metrics, 0 segments, 4 sources, 3 lines of spend\n");
    let planned = fine(folder, &["plan", "shop", "--data", "brand"]);
    for line in
        ["+ source friend\n", "+ spend 2024-06 acquisition douyin_ads\n", "declares the property utm_source: text"]
    {
        assert!(planned.contains(line), "{line}: {planned}");
    }
    fine(folder, &["apply", "shop", "--data", "brand"]);
    serde_json::from_str(&fs::read_to_string(folder.join("truth.json")).unwrap()).unwrap()
}

/// Of 2024, by source: customers, and those who ordered more than once in all their time.
fn true_sources(truth: &Value) -> BTreeMap<String, (u64, u64)> {
    // 2025-01-01 in Shanghai.
    let until_us = 1_735_660_800_000_000_i64;
    let mut found: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for customer in truth["customers"].as_array().unwrap() {
        if customer["first_order_us"].as_i64().unwrap() < until_us {
            let source = found.entry(customer["source"].as_str().unwrap_or("unknown").to_owned()).or_default();
            source.0 += 1;
            source.1 += u64::from(customer["orders"].as_u64().unwrap() > 1);
        }
    }
    found
}

/// Customers found beside those there are: an order that was given back whole is none, so that a few of a hundred
/// were won later than they first ordered, or never.
fn near(found: u64, truth: u64) -> bool {
    found.abs_diff(truth) as f64 <= 4.0 + truth as f64 * 0.03
}

#[test]
fn what_sources_of_the_simulated_brand_bring_is_what_is_true_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let expected = true_sources(&generated(path));
    let told = acquisition(path, &["--since", "2024-01", "--json"]);
    assert_eq!(serde_json::from_str::<Value>(&told).unwrap()["months"].as_array().unwrap().len(), 17);
    let told: Value = serde_json::from_str(&acquisition(path, &[&RANGE[..], &["--json"]].concat())).unwrap();
    let mut second = BTreeMap::new();
    for row in told["sources"].as_array().unwrap() {
        let source = row["source"].as_str().unwrap();
        let (customers, _) = expected[source];
        assert!(near(row["customers"].as_u64().unwrap(), customers), "{source}: {} of {customers}", row["customers"]);
        second.insert(source, row["second_orders"].clone());
        assert!(number(&row["complaints"]["per_100"]) > 0.0 && number(&row["value_minor"]) > 0.0, "{row}");
    }
    let share = |source: &str| expected[source].1 as f64 / expected[source].0 as f64;
    assert!(share("friend") > share("douyin_ads") + 0.1, "friends stay: {expected:?}");
    assert!(number(&second["friend"]["low"]) > number(&second["douyin_ads"]["high"]), "{second:?}");
    let ads = &told["sources"][0];
    let cost = &ads["cost"];
    assert_eq!((&ads["mode"], &cost["spend_minor"]), (&"explicit".into(), &900_050.into()));
    let each = 900_050.0 / number(&cost["customers"]);
    assert!((number(&cost["per_customer_minor"]) - each).abs() < 1e-6 && number(&cost["customers"]) > 5.0, "{cost}");
    assert!(told["sources"][3]["cost"].is_null(), "nobody said what friends cost");
    let months = told["months"].as_array().unwrap();
    assert_eq!((months.len(), &months[5]["month"], &months[5]["alert"]), (12, &"2024-06".into(), &true.into()));
    assert!((number(&months[5]["spend"]["share"]) - 9_000.5 / 12_000.5).abs() < 1e-9);
    assert!(months[6]["spend"]["share"].is_null() && months[6]["alert"] == false, "July's retention is unknown");
    assert!(number(&months[11]["touches"]["retention"]) > 0.0);
    in_words(path);
    credit_by_rule(path, &told);
    files_that_are_wrong(path);
}

fn in_words(path: &Path) {
    let english = acquisition(path, &[&RANGE[..], &["--lang", "en"]].concat());
    let line = |text: &str, part: &str| text.lines().find(|line| line.contains(part)).unwrap_or_default().to_owned();
    let june = line(&english, "2024-06");
    assert!(["9000.50", "3000.00", "75.0%", "> 60%"].iter().all(|part| june.contains(part)), "{english}");
    assert!(line(&english, "2024-08").contains("unknown"), "{english}");
    assert!(line(&english, "Douyin ads").starts_with("explicit"), "{english}");
    let chinese = acquisition(path, &[&RANGE[..], &["--lang", "zh"]].concat());
    assert!(
        line(&chinese, "抖音广告").starts_with("显性") && line(&chinese, "friend").starts_with("隐性"),
        "{chinese}"
    );
    for (more, said) in [
        (["--since", "2024-13"], "\"2024-13\" is no month: write it as YYYY-MM"),
        (["--since", "2031-01"], "nothing is known of 2031-01 yet: the latest event is of 202"),
    ] {
        let ran = ended(path, &[&["acquisition", "--data", "brand"], &more[..]].concat(), 2);
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
}

fn credit_by_rule(path: &Path, by_source: &Value) {
    let told = acquisition(path, &[&RANGE[..], &["--attribution", "--json"]].concat());
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&told["customers"], &told["half_life_days"]), (&by_source["all"]["customers"], &7.0.into()));
    assert_eq!(
        told["months"],
        by_source["months"].as_array().unwrap().iter().map(|row| row["month"].clone()).collect::<Value>()
    );
    for (row, other) in told["sources"].as_array().unwrap().iter().zip(by_source["sources"].as_array().unwrap()) {
        assert_eq!(
            (&row["source"], number(&row["credits"][0]["customers"])),
            (&other["source"], number(&other["customers"]))
        );
    }
    for (lang, label, rule, title) in [
        ("en", "attributed by rule, not caused", "time decay, half-life 7 days", "Douyin ads"),
        ("zh", "按规则归因，并非因果", "时间衰减（半衰期 7 天）", "抖音广告"),
    ] {
        let text = acquisition(path, &[&RANGE[..], &["--attribution", "--lang", lang]].concat());
        assert!([label, rule, title].iter().all(|part| text.contains(part)), "{text}");
    }
}

fn files_that_are_wrong(path: &Path) {
    fine(path, &["export", "out", "--data", "brand"]);
    for (name, text) in [("brand.yaml", BRAND), ("sources.yaml", SOURCES), ("spend.yaml", SPEND)] {
        assert_eq!(fs::read_to_string(path.join("out").join(name)).unwrap(), text, "comments are kept");
    }
    let changed = SPEND.replace("source: douyin_ads", "source: douyin_add").replace("amount: 3000", "amount: -3000");
    put(path, "spend.yaml", &changed);
    let told = ended(path, &["check", "shop"], 1).stdout;
    for line in [
        "shop/spend.yaml:4:13: there is no source douyin_add\n    is douyin_ads meant?\n",
        "shop/spend.yaml:8:13: amount: -3000 is less than nothing\n    write what was spent, for example 3000\n",
        "2 problems",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    put(path, "spend.yaml", &SPEND.replace("amount: 100", "amount: 250.25"));
    let planned = fine(path, &["plan", "shop", "--data", "brand"]);
    assert!(planned.contains("~ spend 2024-07 acquisition: amount\n    amount: 100 → 250.25\n"), "{planned}");
}
