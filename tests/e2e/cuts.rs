//! Operator's figures by store, category and staff, against figures computed independently, and the
//! options that change what is compared.

use crate::public_data::compare;
use crate::run::{perennial, report};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

fn shop() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/shop.csv")
}

fn shop_report(folder: &Path, arguments: &[&str]) -> Value {
    let file = shop();
    report(folder, &[&[file.to_str().unwrap()], arguments].concat())
}

#[test]
fn by_store_category_and_staff() {
    let folder = tempfile::tempdir().unwrap();
    let report = shop_report(folder.path(), &[]);
    compare(&report, "shop.json");
    let cuts: Vec<&str> =
        report["kpis"]["cuts"].as_array().unwrap().iter().map(|cut| cut["by"].as_str().unwrap()).collect();
    assert_eq!(cuts, ["store", "category", "staff"], "no channel is named");
    for cut in report["kpis"]["cuts"].as_array().unwrap() {
        let listed: i64 =
            cut["groups"].as_array().unwrap().iter().map(|group| group["revenue"].as_i64().unwrap()).sum();
        let rest = cut["other"]["revenue"].as_i64().unwrap_or(0);
        // Shares of categories are rounded one by one.
        assert!((listed + rest - report["revenue"].as_i64().unwrap()).abs() <= 3, "{}", cut["by"]);
    }
}

#[test]
fn a_data_directory_gives_the_same_cuts_and_has_them_in_sql() {
    let folder = tempfile::tempdir().unwrap();
    let from_file = shop_report(folder.path(), &[]);
    let file = shop();
    let imported = perennial(folder.path(), &["import", file.to_str().unwrap(), "--data", "brand", "--quiet"]);
    assert_eq!(imported.code, 0, "{}", imported.stderr);
    let from_directory = report(folder.path(), &["--data", "brand"]);
    assert_eq!(from_directory["kpis"], from_file["kpis"]);
    let sql = "select p_store, count(*) as n from events where kind = 'order' and p_store is not null \
               group by p_store order by n desc, p_store";
    let answer = perennial(folder.path(), &["query", sql, "--data", "brand", "--format", "csv"]);
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    assert!(answer.stdout.contains("静安店"), "{}", answer.stdout);
}

#[test]
fn last_year_is_aligned_by_spring_festival_unless_told_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let periods = |arguments: &[&str]| shop_report(folder.path(), arguments)["kpis"]["periods"].clone();
    let aligned = periods(&[]);
    assert_eq!(aligned["last_year"], json!(["2024-01-23", "2024-02-21"]));
    assert_eq!(aligned["festivals"], json!(["2025-01-29", "2024-02-10"]));
    // Chinese headers, wherever the shop is.
    assert_eq!(periods(&["--timezone", "Europe/London"])["alignment"], "spring_festival");
    let weeks = periods(&["--calendar", "none"]);
    assert_eq!((&weeks["alignment"], &weeks["year_days"]), (&json!("weeks"), &json!(364)));
    assert_eq!(weeks["festivals"], Value::Null);
    let summer = periods(&["--as-of", "2024-08-01"]);
    assert_eq!((&summer["calendar"], &summer["alignment"]), (&json!("cn"), &json!("weeks")));
}

#[test]
fn window_and_days_of_the_active_rate_are_as_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let rate = |arguments: &[&str]| shop_report(folder.path(), arguments)["active_rate"].clone();
    let (usual, longer, often) =
        (rate(&[]), rate(&["--active-window", "60"]), rate(&["--active-window", "60", "--active-k", "2"]));
    assert_eq!((&usual["window_days"], &usual["min_active_days"]), (&json!(30), &json!(1)));
    assert_eq!((&often["window_days"], &often["min_active_days"]), (&json!(60), &json!(2)));
    let count = |rate: &Value, name: &str| rate[name].as_u64().unwrap();
    assert!(count(&longer, "base") <= count(&usual, "base"));
    assert_eq!(count(&longer, "base"), count(&often, "base"));
    assert!(0 < count(&often, "active") && count(&often, "active") < count(&longer, "active"));
    assert_eq!(rate(&["--active-window", "140"])["window_days"], json!(140), "the longest");
    let file = shop();
    let refused = perennial(folder.path(), &["report", file.to_str().unwrap(), "--active-k", "31"]);
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    assert!(refused.stderr.contains("--active-k 31"), "{}", refused.stderr);
}

#[test]
fn reasons_of_rejected_rows_are_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "order_id,customer_id,date,amount\n1,a,2024-01-05,5.00\n2,b,not a day,6.00\n,,,\n3,c,2024-02-05,7.00\n";
    std::fs::write(folder.path().join("orders.csv"), rows).unwrap();
    let report = report(folder.path(), &["orders.csv"]);
    let rejects = report["rejects"].as_array().unwrap();
    assert!(!rejects.is_empty());
    for reject in rejects {
        let (en, zh) = (reject["reason_en"].as_str().unwrap(), reject["reason_zh"].as_str().unwrap());
        assert!(en.is_ascii() && zh.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter)), "{reject}");
    }
    assert_eq!(report["kpis"]["cuts"], json!([]), "nothing to cut by");
}

#[test]
fn the_report_says_how_many_rows_each_file_had() {
    let folder = tempfile::tempdir().unwrap();
    let heading = "order_id,customer_id,date,amount\n";
    let (one, two) = ("1,a,2024-01-05,5.00\n", "2,b,2024-02-05,6.00\n3,c,2024-02-06,7.00\n");
    std::fs::write(folder.path().join("one.csv"), format!("{heading}{one}")).unwrap();
    std::fs::write(folder.path().join("two.csv"), format!("{heading}{two}")).unwrap();
    let report = report(folder.path(), &["two.csv", "one.csv"]);
    let inputs = report["inputs"].as_array().unwrap();
    let rows: Vec<_> = inputs.iter().map(|input| (input["name"].as_str().unwrap(), &input["rows"])).collect();
    assert_eq!(rows, [("one.csv", &json!(1)), ("two.csv", &json!(2))]);
}
