//! The generated files as their reader sees them.
#![cfg(test)]

use perennial_sim::{GenerateOptions, Language, SimError, Summary, generate};
use std::collections::{HashMap, HashSet};

fn made(options: &GenerateOptions) -> (String, Summary) {
    let mut bytes = Vec::new();
    let summary = generate(options, &mut bytes).unwrap();
    (String::from_utf8(bytes).unwrap(), summary)
}

/// Rows as fields by heading.
fn rows(text: &str) -> Vec<HashMap<&str, &str>> {
    let mut lines = text.lines();
    let headings: Vec<_> = lines.next().unwrap().split(',').collect();
    lines
        .map(|line| {
            let fields: Vec<_> = line.split(',').collect();
            assert_eq!(fields.len(), headings.len(), "{line}");
            headings.iter().copied().zip(fields).collect()
        })
        .collect()
}

fn minor(field: &str) -> i64 {
    if field.is_empty() { 0 } else { field.replace('.', "").parse().unwrap() }
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_gives_others() {
    let options = GenerateOptions::new(300, 3_000);
    let other = GenerateOptions { seed: 2, ..options.clone() };
    assert_eq!(made(&options), made(&options));
    assert_ne!(made(&options).0, made(&other).0);
}

#[test]
fn rows_customers_and_money_are_what_the_summary_says() {
    let (text, summary) = made(&GenerateOptions::new(2_000, 20_000));
    let rows = rows(&text);
    assert_eq!(rows.len() as u64, summary.rows);
    assert!((19_000..21_000).contains(&rows.len()), "{} rows of 20000", rows.len());
    let distinct = |column: &str| rows.iter().map(|row| row[column]).collect::<HashSet<_>>().len() as u64;
    assert_eq!(distinct("customer_id"), 2_000);
    assert_eq!(distinct("email"), 2_000);
    assert_eq!(distinct("order_id"), summary.orders);
    let kept: Vec<_> = rows.iter().filter(|row| row["status"] == "completed").collect();
    assert_eq!(kept.iter().map(|row| minor(row["line_amount"])).sum::<i64>(), summary.gross_minor);
    assert_eq!(rows.iter().map(|row| minor(row["refund_amount"])).sum::<i64>(), summary.refunds_minor);
    for row in &rows {
        let quantity: i64 = row["quantity"].parse().unwrap();
        assert_eq!(minor(row["unit_price"]) * quantity, minor(row["line_amount"]));
        assert!(minor(row["refund_amount"]) <= minor(row["line_amount"]));
    }
}

#[test]
fn about_one_order_in_a_hundred_is_cancelled_and_three_lines_are_refunded() {
    let (_, summary) = made(&GenerateOptions::new(5_000, 100_000));
    let cancelled = summary.cancelled_orders as f64 / summary.orders as f64;
    let refunded = summary.refunded_lines as f64 / summary.lines as f64;
    assert!((0.008..0.012).contains(&cancelled), "{cancelled}");
    assert!((0.027..0.032).contains(&refunded), "{refunded}");
}

#[test]
fn rows_are_sorted_by_time_and_span_two_years() {
    let (text, _) = made(&GenerateOptions::new(2_000, 20_000));
    let rows = rows(&text);
    assert!(rows.is_sorted_by_key(|row| row["order_time"]));
    assert!(rows[0]["order_time"].starts_with("2024-01"));
    assert!(rows[rows.len() - 1]["order_time"].starts_with("2025-12"));
}

#[test]
fn those_who_left_are_missed_at_the_end() {
    let (text, summary) = made(&GenerateOptions::new(4_000, 200_000));
    let rows = rows(&text);
    let mut last: HashMap<&str, &str> = HashMap::new();
    let mut orders: HashMap<&str, u32> = HashMap::new();
    for row in &rows {
        last.insert(row["customer_id"], row["order_time"]);
        *orders.entry(row["customer_id"]).or_default() += 1;
    }
    // Frequent buyers show most clearly whether they are still there.
    let frequent: Vec<_> = last.iter().filter(|(customer, _)| orders[*customer] >= 60).collect();
    let silent = frequent.iter().filter(|(_, time)| ***time < *"2025-10").count() as f64 / frequent.len() as f64;
    let dropped = summary.dropped_out as f64 / summary.customers as f64;
    assert!(frequent.len() > 300, "{}", frequent.len());
    assert!((0.2..0.8).contains(&silent) && (0.5..0.7).contains(&dropped), "silent {silent}, dropped out {dropped}");
}

#[test]
fn a_chinese_file_has_chinese_headings_and_statuses() {
    let options = GenerateOptions { language: Language::Chinese, ..GenerateOptions::new(500, 5_000) };
    let (text, summary) = made(&options);
    let rows = rows(&text);
    let orders: HashSet<_> = rows.iter().map(|row| row["订单编号"]).collect();
    assert_eq!(orders.len() as u64, summary.orders);
    assert!(rows.iter().any(|row| row["订单状态"] == "交易成功"));
    assert!(rows.iter().any(|row| row["渠道"] == "小程序"));
}

#[test]
fn an_event_file_tells_what_led_to_the_orders() {
    let options = GenerateOptions { orders_only: false, ..GenerateOptions::new(2_000, 40_000) };
    let (text, summary) = made(&options);
    let rows = rows(&text);
    assert!((38_000..42_000).contains(&rows.len()), "{}", rows.len());
    assert_eq!(rows.len() as u64, summary.rows);
    let count = |name: &str| rows.iter().filter(|row| row["event_type"] == name).count() as u64;
    assert_eq!(count("purchase"), summary.lines);
    assert!(count("product_view") > count("visit") && count("visit") > count("add_to_cart"));
    assert!(rows.iter().all(|row| row["order_id"].is_empty() == (row["event_type"] != "purchase")));
    let ids: HashSet<_> = rows.iter().map(|row| row["event_id"]).collect();
    assert_eq!(ids.len(), rows.len());
}

#[test]
fn contradictions_are_refused() {
    let refused = |options: GenerateOptions| generate(&options, &mut Vec::new()).unwrap_err();
    assert!(matches!(refused(GenerateOptions::new(0, 10)), SimError::Customers { .. }));
    assert!(matches!(refused(GenerateOptions::new(1_000, 100)), SimError::TooFewEvents { .. }));
    assert!(matches!(refused(GenerateOptions::new(10, u64::MAX)), SimError::TooManyEvents { .. }));
    let early = GenerateOptions { start_day: i32::MIN, ..GenerateOptions::new(10, 100) };
    assert!(matches!(refused(early), SimError::StartDay));
}

#[test]
fn a_full_disk_is_reported() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let error = generate(&GenerateOptions::new(10, 100), &mut Full).unwrap_err();
    assert!(error.to_string().starts_with("cannot write the generated file"));
}
