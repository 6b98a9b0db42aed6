//! Who the findings are about, and erasure from end to end.

use crate::run::{perennial, report};
use std::fs;
use std::path::Path;

fn orders(folder: &Path) {
    let mut text = String::from("order_id,email,order_time,sku,quantity,amount\n");
    for customer in 0..200 {
        for order in 0..=(customer % 7) {
            let day = 1 + (customer * 3 + order * 19) % 28;
            let month = 1 + (order + customer) % 12;
            text.push_str(&format!(
                "o{customer}-{order},customer{customer}@example.com,2024-{month:02}-{day:02} 10:00:00,sku{},2,{}.50\n",
                customer % 9,
                10 + customer % 40
            ));
        }
    }
    fs::write(folder.join("orders.csv"), text).unwrap();
}

#[test]
fn the_customers_of_a_finding_are_listed_beside_the_page() {
    let folder = tempfile::tempdir().unwrap();
    orders(folder.path());
    let figures = report(folder.path(), &["orders.csv", "--customers"]);
    let findings = figures["findings"].as_array().unwrap();
    assert!(!findings.is_empty());
    let mut listed = 0;
    for finding in findings {
        let Some(name) = finding["csv"].as_str() else { continue };
        let rows = csv::Reader::from_path(folder.path().join(name)).unwrap().records().count();
        assert_eq!(rows as u64, finding["customers"].as_u64().unwrap(), "{name}");
        listed += 1;
    }
    assert!(listed > 0, "{findings:?}");
    let page = fs::read_to_string(folder.path().join("report.html")).unwrap();
    assert!(!page.contains("customer1@example.com"), "the page itself holds no identifier");
}

fn contains(folder: &Path, needle: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return contains(&path, needle);
        }
        fs::read(&path).unwrap().windows(needle.len()).any(|window| window == needle)
    })
}

#[test]
fn an_erased_customer_stays_away() {
    let folder = tempfile::tempdir().unwrap();
    orders(folder.path());
    let import = ["import", "orders.csv", "--quiet", "--data", "brand"];
    assert_eq!(perennial(folder.path(), &import).code, 0);
    let count = |sql: &str| {
        let ran = perennial(folder.path(), &["query", sql, "--data", "brand", "--format", "csv"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout.lines().nth(1).unwrap_or_default().to_owned()
    };
    assert_eq!(count("select count(*) from customers"), "200");
    let erased = perennial(folder.path(), &["erase", "email=Customer6@Example.com", "--data", "brand", "--yes"]);
    assert_eq!(erased.code, 0, "{}", erased.stderr);
    assert!(!contains(&folder.path().join("brand"), b"customer6@example.com"));
    assert!(!contains(&folder.path().join("brand"), b"o6-3"));
    assert_eq!(count("select count(*) from customers"), "199");
    let mut more = fs::read_to_string(folder.path().join("orders.csv")).unwrap();
    more.push_str("new-1,customer6@example.com,2024-12-30 10:00:00,sku1,1,9.00\n");
    fs::write(folder.path().join("orders.csv"), more).unwrap();
    assert_eq!(perennial(folder.path(), &import).code, 0);
    assert_eq!(count("select count(*) from customers"), "199");
    assert!(!contains(&folder.path().join("brand"), b"customer6@example.com"));
    let again = perennial(folder.path(), &["erase", "email=customer6@example.com", "--data", "brand", "--yes"]);
    assert_eq!(again.code, 1, "{}", again.stdout);
}

#[test]
fn a_report_told_to_stop_leaves_no_copy_of_the_customers() {
    let folder = tempfile::tempdir().unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let mut text = String::from("order_id,email,order_time,amount\n");
    for row in 0..400_000 {
        text.push_str(&format!("{row},c{}@example.com,2024-{:02}-01,5.00\n", row % 50_000, row % 12 + 1));
    }
    fs::write(folder.path().join("orders.csv"), text).unwrap();
    let mut command = crate::run::command(folder.path(), &["report", "orders.csv", "--quiet"]);
    let mut child = command.env("TMPDIR", scratch.path()).spawn().unwrap();
    while fs::read_dir(scratch.path()).unwrap().count() == 0 && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    let told = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(told.success());
    let _ = child.wait();
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 0);
}
