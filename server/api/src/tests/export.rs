//! An audience as a file.

use super::world::{World, shop_csv};
use crate::{Access, all};
use arrow::array::AsArray;
use arrow::datatypes::{Decimal128Type, UInt64Type};
use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use bytes::Bytes;
use calamine::{Data, Reader, Xlsx};
use http_body_util::BodyExt;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use perennial_definitions::{Definitions, Languages, Segment, Text};
use perennial_model::{Permission, Role};
use perennial_ports::NewDefinitions;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Cursor;

const PATH: &str = "/api/customers/export";
const MARK: &str = "\u{feff}";

async fn exported(world: &World, query: &str) -> Vec<u8> {
    world.bytes(Method::GET, &format!("{PATH}?{query}"), Body::empty()).await
}

/// Heads and lines of a CSV file.
fn lines(bytes: &[u8]) -> (Vec<String>, Vec<Vec<String>>) {
    let text = std::str::from_utf8(bytes).unwrap();
    let mut reader = csv::Reader::from_reader(text.strip_prefix(MARK).unwrap_or(text).as_bytes());
    let heads = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let line = |record: Result<csv::StringRecord, csv::Error>| record.unwrap().iter().map(str::to_owned).collect();
    (heads, reader.records().map(line).collect())
}

async fn audited(world: &World) -> Vec<(String, Option<String>, String)> {
    let entries = world.server.auth.accounts.audit(None, 50).await.unwrap();
    let told = entries.into_iter().rev();
    told.map(|one| (one.entry.action, one.entry.subject, one.entry.detail.unwrap_or_default())).collect()
}

/// Ids in the list's order.
async fn listed(world: &World, query: &str) -> Vec<String> {
    let mut ids = Vec::new();
    loop {
        let page = world.ok(&format!("/api/customers?{query}&limit=200&offset={}", ids.len())).await;
        let rows = page["rows"].as_array().unwrap();
        ids.extend(rows.iter().map(|row| row["customer_id"].as_str().unwrap().to_owned()));
        if rows.is_empty() {
            return ids;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_has_whom_the_list_has_in_its_order() {
    let world = World::with_shop().await;
    for filter in [
        "sort=-revenue",
        "stage=loyal,at_risk&sort=orders",
        "range=orders:6:12,last_order_day:2025-06-01:",
        "where=orders%20%3E%203%20--%20remark&sort=customer_id",
    ] {
        let expected = listed(&world, filter).await;
        assert!(!expected.is_empty(), "{filter}");
        let (heads, rows) = lines(&exported(&world, filter).await);
        assert_eq!(heads[..4], ["customer_id", "phone", "email", "stage"]);
        assert_eq!(heads[6], "revenue (CNY)");
        assert_eq!(rows.iter().map(|row| row[0].clone()).collect::<Vec<_>>(), expected, "{filter}");
        let (_, first) = lines(&exported(&world, &format!("{filter}&limit=7")).await);
        assert_eq!(first, rows[..7]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_format_says_the_same() {
    let world = World::with_shop().await;
    let query = "sort=customer_id&columns=customer_id,phone,orders,revenue,last_order_day,last_order_time,stage";
    let (_, rows) = lines(&exported(&world, &format!("{query}&bom=false")).await);
    assert_eq!(rows.len(), 300);

    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(exported(&world, &format!("{query}&format=xlsx")).await)).unwrap();
    let sheet = book.worksheet_range("customers").unwrap();
    for (line, row) in sheet.rows().skip(1).zip(&rows) {
        let text = |place: usize| line[place].to_string();
        assert_eq!([text(0), text(1), text(6)], [row[0].clone(), row[1].clone(), row[6].clone()]);
        let Data::Float(revenue) = line[3] else { panic!("{:?}", line[3]) };
        assert_eq!(format!("{revenue:.2}"), row[3]);
        let Data::DateTime(day) = &line[4] else { panic!("{:?}", line[4]) };
        let (year, month, date, ..) = day.to_ymd_hms_milli();
        assert_eq!(format!("{year:04}-{month:02}-{date:02}"), row[4]);
        let Data::DateTime(time) = &line[5] else { panic!("{:?}", line[5]) };
        let (.., hour, minute, second, _) = time.to_ymd_hms_milli();
        assert_eq!(format!("{hour:02}:{minute:02}:{second:02}"), row[5][11..]);
    }
    assert_eq!(sheet.rows().count(), 301);

    let bytes = Bytes::from(exported(&world, &format!("{query}&format=parquet")).await);
    let batches: Vec<_> =
        ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap().build().unwrap().map(Result::unwrap).collect();
    let mut seen = 0;
    for batch in &batches {
        let (ids, revenue) =
            (batch.column(0).as_primitive::<UInt64Type>(), batch.column(3).as_primitive::<Decimal128Type>());
        for place in 0..batch.num_rows() {
            assert_eq!(ids.value(place).to_string(), rows[seen][0]);
            assert_eq!(revenue.value_as_string(place), rows[seen][3]);
            assert_eq!(batch.column(1).as_string::<i32>().value(place), rows[seen][1]);
            seen += 1;
        }
    }
    assert_eq!(seen, 300);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_masked_for_all_and_in_full_for_who_may() {
    let world = World::with_shop().await;
    assert!(all().iter().any(|route| route.path == PATH && route.access == Access::Needs(Permission::ExportCustomers)));
    for format in ["csv", "xlsx", "parquet"] {
        let masked = exported(&world, &format!("format={format}&columns=member,phone,email")).await;
        let masked = read_text(format, masked);
        assert!(masked.contains("+86138****0007") && masked.contains("b***7@shop.example"), "{format}");
        assert!(
            !masked.contains("+8613800000007") && !masked.contains("buyer7@") && !masked.contains("M7"),
            "{format}"
        );
        let full = exported(&world, &format!("format={format}&columns=member,phone,email&unmasked=true")).await;
        let full = read_text(format, full);
        assert!(full.contains("+8613800000007") && full.contains("buyer7@shop.example"), "{format}");
    }
    let noted = audited(&world).await.len();
    let (status, answer) = world.get_as(Role::Analyst, &format!("{PATH}?unmasked=true")).await;
    assert_eq!((status, &answer["error"]["at"]), (StatusCode::FORBIDDEN, &json!("unmasked")));
    assert_eq!((noted, audited(&world).await.len()), (6, 6), "each file is noted, and nothing that was refused");
}

/// What a file says, for looking into it.
fn read_text(format: &str, bytes: Vec<u8>) -> String {
    match format {
        "csv" => String::from_utf8(bytes).unwrap(),
        "xlsx" => {
            let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
            format!("{:?}", book.worksheet_range("customers").unwrap())
        }
        _ => {
            let builder = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes)).unwrap();
            let mut out = Vec::new();
            for batch in builder.build().unwrap() {
                arrow::csv::Writer::new(&mut out).write(&batch.unwrap()).unwrap();
            }
            String::from_utf8(out).unwrap()
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_says_who_was_taken_out_and_how() {
    let world = World::with_shop().await;
    let customers = world.ok("/api/customers?stage=loyal&limit=0").await["total"].clone();
    exported(&world, "stage=loyal&where=orders%3E1&format=xlsx&columns=customer_id,orders").await;
    exported(&world, "limit=5&unmasked=true&columns=phone").await;
    let (status, _) = world.send(Method::PUT, "/api/groups/tag/朋友", &json!({})).await;
    assert_eq!(status, StatusCode::OK);
    exported(&world, "has_tag=%E6%9C%8B%E5%8F%8B&columns=phone").await;
    let told: Vec<_> = audited(&world).await.into_iter().filter(|entry| entry.0 == "customers_exported").collect();
    let loyal =
        format!("{customers} customers, xlsx, no keys, columns customer_id,orders; stage=loyal; where=orders>1");
    assert_eq!((&told[0].1, &told[0].2), (&None, &loyal));
    assert_eq!(told[1].2, "5 customers, csv, keys in full, columns phone; everybody");
    assert_eq!(told[2].1.as_deref(), Some("tag:朋友"));
    assert_eq!(told[2].2, "0 customers, csv, keys masked, columns phone; has_tag=朋友");
    let entries = world.server.auth.accounts.audit(None, 1).await.unwrap();
    assert_eq!(entries[0].entry.member_id, Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_spreadsheet_would_compute_is_text() {
    let world = World::new().await;
    let orders = "order,member,email,time,amount\n1,=HYPERLINK(\"http://x\"),-2+3@shop.example,2026-01-01 10:00:00,5\n";
    world.import("orders.csv", &orders.replace("=HYPERLINK(\"http://x\")", "\"=HYPERLINK(\"\"http://x\"\")\"")).await;
    let (_, rows) = lines(&exported(&world, "columns=member,email,revenue&unmasked=true").await);
    assert_eq!(rows, [["'=HYPERLINK(\"http://x\")", "'-2+3@shop.example", "5.00"]]);
    let sheet = exported(&world, "columns=member&unmasked=true&format=xlsx").await;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(sheet)).unwrap();
    assert!(book.worksheet_formula("customers").unwrap().is_empty());
    let cell = book.worksheet_range("customers").unwrap().get_value((1, 0)).cloned();
    assert_eq!(cell, Some(Data::String("=HYPERLINK(\"http://x\")".to_owned())));
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_titles_are_in_the_language_asked_for() {
    let world = World::with_shop().await;
    let title = Text::Both(Languages { en: "Regulars".to_owned(), zh: "常客".to_owned() });
    let regulars = Segment {
        name: "regulars".to_owned(),
        title: Some(title),
        description: None,
        r#where: "orders >= 6".to_owned(),
        acts: false,
    };
    let definitions = Definitions { segments: vec![regulars], ..Definitions::default() };
    let json = serde_json::to_string(&definitions).unwrap();
    let new = NewDefinitions { json, changes: "[]".to_owned(), ..NewDefinitions::default() };
    world.server.timeline.store().save_definitions(&new).await.unwrap();
    world.refold().await;
    let response = world
        .response(Role::Owner, Method::GET, &format!("{PATH}?in_segment=regulars&language=zh"), Body::empty())
        .await;
    let told = |name: header::HeaderName| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(told(header::CONTENT_TYPE), "text/csv; charset=utf-8");
    assert_eq!(told(header::CACHE_CONTROL), "no-store");
    assert_eq!(
        told(header::CONTENT_DISPOSITION),
        "attachment; filename=\"customers-2026-03-01.csv\"; \
         filename*=UTF-8''%E5%AE%A2%E6%88%B7-%E5%B8%B8%E5%AE%A2-2026-03-01.csv"
    );
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let (heads, rows) = lines(&bytes);
    assert!(bytes.starts_with(MARK.as_bytes()) && !rows.is_empty());
    assert_eq!(heads[..3], ["客户编号", "手机号", "邮箱"]);
    assert!(
        heads.iter().all(|head| !head.is_ascii()) && heads.iter().any(|head| head.ends_with(" (CNY)")),
        "{heads:?}"
    );
    let older = exported(&world, "in_segment=regulars&language=zh&encoding=gb18030").await;
    assert!(!older.starts_with(MARK.as_bytes()) && older.starts_with(&[0xBF, 0xCD, 0xBB, 0xA7]), "客户 in GB 18030");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_comes_in_pieces() {
    const CUSTOMERS: usize = 12_000;
    let world = World::new().await;
    let mut orders = "order,member,phone,time,amount\n".to_owned();
    for number in 0..CUSTOMERS {
        orders += &format!(
            "A{number},M{number},138{number:08},2025-{:02}-02 10:00:00,{}\n",
            1 + number % 12,
            1 + number % 97
        );
    }
    world.import("orders.csv", &orders).await;
    for format in ["csv", "xlsx"] {
        let path = format!("{PATH}?format={format}&sort=customer_id");
        let mut body = world.response(Role::Owner, Method::GET, &path, Body::empty()).await.into_body();
        let (mut pieces, mut largest, mut bytes) = (0, 0, Vec::new());
        while let Some(frame) = body.frame().await {
            let piece = frame.unwrap().into_data().unwrap();
            (pieces, largest) = (pieces + 1, largest.max(piece.len()));
            bytes.extend_from_slice(&piece);
        }
        assert!(pieces >= 3 && largest * 2 < bytes.len(), "{format}: {pieces} pieces, the largest of {largest} bytes");
        let rows = match format {
            "csv" => lines(&bytes).1.into_iter().map(|row| row[0].clone()).collect::<Vec<_>>(),
            _ => {
                let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
                book.worksheet_range("customers").unwrap().rows().skip(1).map(|row| row[0].to_string()).collect()
            }
        };
        let counted: BTreeMap<&str, usize> = rows.iter().map(|id| (id.as_str(), 1)).collect();
        assert_eq!((rows.len(), counted.len()), (CUSTOMERS, CUSTOMERS), "{format}: everybody, nobody twice");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_erased_while_a_file_is_written_is_not_in_it() {
    let world = World::new().await;
    world.import("orders.csv", &shop_csv(9_000)).await;
    let path = format!("{PATH}?sort=customer_id&columns=customer_id,phone");
    let whole = lines(&exported(&world, "sort=customer_id&columns=customer_id,phone").await).1;
    let mut body = world.response(Role::Owner, Method::GET, &path, Body::empty()).await.into_body();
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    let (last, others) = whole.split_last().unwrap();
    let erase = format!("/api/customers/{}/erase", last[0]);
    let (status, _) = world.send(Method::POST, &erase, &json!({"confirm": "erase"})).await;
    assert_eq!(status, StatusCode::OK);
    world.refold().await;
    let bytes = [first, body.collect().await.unwrap().to_bytes()].concat();
    assert_eq!(lines(&bytes).1, others);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_meant_is_said() {
    let world = World::with_shop().await;
    for (wrong, at) in [
        ("columns=phon", json!("columns")),
        ("columns=orders,orders", json!("columns")),
        ("columns=", json!("columns")),
        ("stage=asleep", json!("stage")),
        ("sort=height", json!("sort")),
        ("where=height%3E1", json!("where")),
        ("in_segment=none", json!("in_segment")),
        ("format=doc", Value::Null),
        ("reveal=true", Value::Null),
    ] {
        let (status, answer) = world.get(&format!("{PATH}?{wrong}")).await;
        assert_eq!((status, &answer["error"]["at"]), (StatusCode::BAD_REQUEST, &at), "{wrong} {answer}");
    }
    assert!(audited(&world).await.is_empty(), "nothing was handed out");
}
