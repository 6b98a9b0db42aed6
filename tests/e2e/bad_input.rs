//! A table of bad input: each row says what is given, how the binary ends and what it must name.

use crate::run::{Ran, perennial, report};
use std::fs;
use std::path::Path;

const HEADER: &str = "order_id,customer_id,order_time,amount,currency\n";
const GOOD: &str = "1001,ann,2024-01-05 08:03:00,12.50,GBP\n1002,bob,2024-01-06 09:00:00,20.00,GBP\n";

/// What a file holds, the exit code, and words of which all must appear in what was said or rejected.
struct Case {
    what: &'static str,
    file: &'static str,
    bytes: Vec<u8>,
    code: i32,
    says: &'static [&'static str],
}

fn case(
    what: &'static str,
    file: &'static str,
    bytes: impl Into<Vec<u8>>,
    code: i32,
    says: &'static [&'static str],
) -> Case {
    Case { what, file, bytes: bytes.into(), code, says }
}

fn with_row(row: &str) -> Vec<u8> {
    format!("{HEADER}{GOOD}{row}\n").into_bytes()
}

fn run(case: &Case) -> (Ran, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(case.file), &case.bytes).unwrap();
    let ran = perennial(folder.path(), &["report", case.file, "--quiet", "--rejects", "rejects.csv", "--lang", "en"]);
    let rejects = fs::read_to_string(folder.path().join("rejects.csv")).unwrap_or_default();
    let said = format!("{}\n{}\n{rejects}", ran.stdout, ran.stderr);
    (ran, said)
}

/// Files that are not what their name says, or hold nothing to report on.
fn file_cases() -> Vec<Case> {
    let wide = (0..100_000).map(|index| format!("c{index}")).collect::<Vec<_>>().join(",");
    let utf16_lone = [
        &[0xff, 0xfe][..],
        &"order_id,customer_id\n".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(),
        &[0x00, 0xd8, 0x0a, 0x00],
    ]
    .concat();
    vec![
        case("an empty file", "empty.csv", "", 1, &["empty.csv", "empty"]),
        case("only a header", "header.csv", HEADER, 1, &["header.csv", "no row"]),
        case("only blank lines", "blank.csv", "\n\n\n", 1, &["blank.csv"]),
        case(
            "binary rubbish",
            "rubbish.csv",
            (0..4096u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect::<Vec<_>>(),
            1,
            &["rubbish.csv"],
        ),
        case("a picture named csv", "picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), 1, &["picture.csv"]),
        case("a PDF", "file.pdf", b"%PDF-1.7\n%\xe2\xe3".to_vec(), 1, &["file.pdf"]),
        case("a hundred thousand columns", "wide.csv", format!("{wide}\n{wide}\n"), 1, &["wide.csv", "columns"]),
        case(
            "no customer and no order column",
            "things.csv",
            "colour,size\nred,4\nblue,5\n",
            1,
            &["things.csv", "--map"],
        ),
        case(
            "no money column",
            "nomoney.csv",
            "order_id,customer_id,order_time\n1,a,2024-01-01\n2,b,2024-01-02\n",
            1,
            &["nomoney.csv", "amount"],
        ),
        case(
            "no time column",
            "notime.csv",
            "order_id,customer_id,amount\n1,a,3.00\n2,b,4.00\n",
            1,
            &["notime.csv", "time"],
        ),
        case("a damaged gzip", "cut.csv.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03abc".to_vec(), 1, &["cut.csv.gz"]),
        case("a damaged zip", "cut.zip", b"PK\x03\x04rubbish".to_vec(), 1, &["cut.zip"]),
        case("a damaged workbook", "cut.xlsx", b"PK\x03\x04\0\0\0\0".to_vec(), 1, &["cut.xlsx"]),
        case("a damaged parquet", "cut.parquet", b"PAR1\0\0\0\0PAR1".to_vec(), 1, &["cut.parquet"]),
        case("an old workbook", "old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1AAAA".to_vec(), 1, &["old.xls", ".xlsx"]),
        case("a web page", "page.xls", "<html><table><tr><td>1</td></tr></table></html>", 1, &["page.xls", "web page"]),
        case("a column twice", "twice.csv", "order_id,order_id\n1,1\n2,2\n", 1, &["twice.csv", "--map"]),
        case(
            "nothing but negative money",
            "negative.csv",
            format!("{HEADER}1,a,2024-01-01,-5,GBP\n"),
            1,
            &["negative.csv"],
        ),
        case("a damaged UTF-16 text", "lone.csv", utf16_lone, 1, &["lone.csv"]),
    ]
}

/// Files with one bad row among good ones.
fn row_cases() -> Vec<Case> {
    let mixed = with_row("1003,cat,2024-01-07 10:00:00,30.00,EUR");
    vec![
        case(
            "nothing but masked phones",
            "masked.csv",
            "order_id,phone,order_time,amount\n1,138****1234,2024-01-01,5\n2,138****1234,2024-01-02,5\n",
            0,
            &["2 orders", "no customer"],
        ),
        case(
            "a null byte in a row",
            "null.csv",
            with_row("10\x0003,cat,2024-01-07 10:00:00,30.00,GBP"),
            0,
            &["null.csv", "4"],
        ),
        case(
            "a day that does not exist",
            "day.csv",
            with_row("1003,cat,2024-02-30 10:00:00,30.00,GBP"),
            0,
            &["day.csv", "4", "order_time", "2024-02-30"],
        ),
        case(
            "a date in words",
            "words.csv",
            with_row("1003,cat,yesterday,30.00,GBP"),
            0,
            &["words.csv", "4", "order_time", "yesterday"],
        ),
        case(
            "the year 2999",
            "future.csv",
            with_row("1003,cat,2999-01-01 10:00:00,30.00,GBP"),
            0,
            &["future.csv", "4", "order_time", "2999"],
        ),
        case(
            "the year 1970",
            "epoch.csv",
            with_row("1003,cat,1970-01-01 00:00:00,30.00,GBP"),
            0,
            &["epoch.csv", "4", "order_time", "1970"],
        ),
        case(
            "money in words",
            "money.csv",
            with_row("1003,cat,2024-01-07 10:00:00,a lot,GBP"),
            0,
            &["money.csv", "4", "amount", "a lot"],
        ),
        case(
            "money too large",
            "huge.csv",
            with_row("1003,cat,2024-01-07 10:00:00,99999999999999999999999,GBP"),
            0,
            &["huge.csv", "4", "amount"],
        ),
        case("another currency", "mixed.csv", mixed, 0, &["mixed.csv", "4", "EUR"]),
        case(
            "a mangled id",
            "mangled.csv",
            with_row("1.23E+18,cat,2024-01-07 10:00:00,30.00,GBP"),
            0,
            &["mangled.csv", "4", "order_id", "1.23E+18"],
        ),
        case("a cell too few", "few.csv", with_row("1003,cat"), 0, &["few.csv", "4"]),
        case("ten cells too many", "many.csv", with_row("1003,cat,2024-01-07,3,GBP,,,,,,,,,,x"), 0, &["many.csv", "4"]),
        case(
            "an unclosed quote",
            "quote.csv",
            with_row("1003,\"cat,2024-01-07 10:00:00,30.00,GBP\n1004,dan,2024-01-08 10:00:00,30.00,GBP"),
            0,
            &["quote.csv", "4"],
        ),
        case(
            "JSON that is not",
            "broken.jsonl",
            "{\"order_id\":\"1\",\"customer_id\":\"a\",\"order_time\":\"2024-01-01\",\"amount\":\"3\"}\n{\"order_id\":\n{\"order_id\":\"2\",\"customer_id\":\"b\",\"order_time\":\"2024-01-02\",\"amount\":\"4\"}\n",
            0,
            &["broken.jsonl", "2"],
        ),
        case(
            "a lone surrogate in JSON",
            "surrogate.jsonl",
            "{\"order_id\":\"1\",\"customer_id\":\"a\",\"order_time\":\"2024-01-01\",\"amount\":\"3\"}\n{\"order_id\":\"\\ud800\",\"customer_id\":\"b\",\"order_time\":\"2024-01-02\",\"amount\":\"4\"}\n",
            0,
            &["surrogate.jsonl", "2"],
        ),
    ]
}

#[test]
fn every_bad_file_ends_as_it_should_and_is_named() {
    let mut wrong = Vec::new();
    for case in file_cases().into_iter().chain(row_cases()) {
        let (ran, said) = run(&case);
        if ran.code != case.code {
            wrong.push(format!("{}: ended with {}, expected {}\n{said}", case.what, ran.code, case.code));
        }
        for word in case.says {
            if !said.contains(word) {
                wrong.push(format!("{}: does not say {word:?}\n{said}", case.what));
            }
        }
        if said.contains("panicked") {
            wrong.push(format!("{}: panicked\n{said}", case.what));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n----\n"));
}

#[test]
fn an_unclosed_quote_in_a_million_lines_costs_one_record() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from(HEADER);
    for line in 2..=1_000_001u32 {
        let quote = if line == 500_000 { "\"" } else { "" };
        text.push_str(&format!("{line},{quote}c{},2024-01-{:02} 10:00:00,3.00,GBP\n", line % 5000, line % 28 + 1));
    }
    fs::write(folder.path().join("million.csv"), text).unwrap();
    let figures = report(folder.path(), &["million.csv", "--rejects", "rejects.csv"]);
    let orders = figures["orders"].as_u64().unwrap();
    assert!(orders >= 980_000, "{orders} orders survived, {} rejected", figures["rejected_rows"]);
    assert!(figures["rejected_rows"].as_u64().unwrap() >= 1);
    assert!(fs::read_to_string(folder.path().join("rejects.csv")).unwrap().contains("500000"));
}

#[test]
fn negative_money_lowers_revenue() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("negative.csv"), with_row("1003,ann,2024-01-07 10:00:00,-2.50,GBP")).unwrap();
    let figures = report(folder.path(), &["negative.csv"]);
    assert_eq!(figures["orders"], 2);
    assert_eq!(figures["revenue"], 3000);
}

fn usage(arguments: &[&str], says: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("orders.csv"), format!("{HEADER}{GOOD}")).unwrap();
    let ran = perennial(folder.path(), arguments);
    assert_eq!(ran.code, 2, "{arguments:?}: {}{}", ran.stdout, ran.stderr);
    for word in says {
        assert!(ran.stderr.contains(word), "{arguments:?} does not say {word:?}: {}", ran.stderr);
    }
}

#[test]
fn usage_is_told_apart() {
    usage(&["report", "absent.csv"], &["absent.csv"]);
    usage(&["report", "."], &["folder"]);
    usage(&["report", "orders.csv", "--as-of", "tomorrow"], &["tomorrow", "YYYY-MM-DD"]);
    usage(&["report", "orders.csv", "--timezone", "Asia/Hangzhou"], &["Asia/Hangzhou"]);
    usage(&["report", "orders.csv", "--currency", "pounds"], &["pounds"]);
    usage(&["report", "orders.csv", "--map", "amount=prise"], &["prise", "amount"]);
    usage(&["report", "orders.csv", "--map", "prise=amount"], &["prise"]);
    usage(&["report", "orders.csv", "--map", "amount"], &["field=column"]);
    usage(&["report", "orders.csv", "--revenue", "profit"], &["profit"]);
    usage(&["query", "select 1", "--data", "absent"], &["absent"]);
    usage(&["erase", "ann", "--data", "absent"], &["KIND=VALUE"]);
    usage(&["frobnicate"], &["frobnicate"]);
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("orders.csv"), format!("{HEADER}{GOOD}")).unwrap();
    let ran = perennial(folder.path(), &["report", "orders.csv", "--quiet", "--out", "absent/report.html"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("absent/report.html"), "{}", ran.stderr);
    fs::write(folder.path().join("taken"), "a file").unwrap();
    let ran = perennial(folder.path(), &["import", "orders.csv", "--quiet", "--data", "taken"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("taken"), "{}", ran.stderr);
}

#[test]
fn without_a_file_the_report_says_where_to_get_one() {
    let ran = perennial(Path::new("."), &["report", "--lang", "zh"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    for word in ["淘宝", "京东", "抖店", "有赞", "微信小店", "Shopify"] {
        assert!(ran.stdout.contains(word) || ran.stderr.contains(word), "does not name {word}");
    }
}
