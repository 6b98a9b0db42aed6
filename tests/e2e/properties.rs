//! `import --property`: a column of the file becomes a typed column of `events`.

use crate::run::{Ran, perennial};
use std::fs;
use std::path::Path;

const ORDERS: &str = "order_id,customer_id,order_time,sku,amount,Shoe size,Gift\n\
    1,ann,2024-01-05 10:00:00,A,10.00,42.5,yes\n\
    1,ann,2024-01-05 10:00:00,B,5.00,38,no\n\
    2,bob,2024-01-06 10:00:00,A,10.00,large,\n\
    3,cleo,2024-01-07 10:00:00,A,10.00,,no\n";

fn import(folder: &Path, arguments: &[&str]) -> Ran {
    let mut all = vec!["import", "--data", "brand", "--quiet", "--currency", "EUR"];
    all.extend_from_slice(arguments);
    perennial(folder, &all)
}

fn ask(folder: &Path, sql: &str) -> String {
    let ran = perennial(folder, &["query", sql, "--data", "brand", "--format", "csv"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stdout
}

const LINES: &str = "select order_id, p_size, p_gift from events where kind = 'order_line' order by order_id, item";

#[test]
fn a_column_becomes_a_typed_column_of_events() {
    let folder = tempfile::tempdir().unwrap();
    let old = "order_id,customer_id,order_time,sku,amount\n0,ann,2023-12-01 10:00:00,A,9.00\n";
    fs::write(folder.path().join("old.csv"), old).unwrap();
    fs::write(folder.path().join("orders.csv"), ORDERS).unwrap();
    assert_eq!(import(folder.path(), &["old.csv"]).code, 0);
    let properties = ["orders.csv", "--property", "size=Shoe size:number", "--property", "gift=Gift"];
    let ran = import(folder.path(), &properties);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("property size ← Shoe size (number, --property)"), "{}", ran.stdout);
    assert!(ran.stdout.contains("property gift ← Gift (boolean, by its content)"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("not used"), "{}", ran.stdout);
    // A value of another type costs the property and not the row, and it is told.
    let left_out = "property size: 1 × not of type number, left empty (orders.csv, line 4, column \"Shoe size\")";
    assert!(ran.stdout.contains(left_out), "{}", ran.stdout);
    assert_eq!(ask(folder.path(), LINES), "order_id,p_size,p_gift\n0,,\n1,42.5,true\n1,38.0,false\n2,,\n3,,false\n");
    let bob = "select properties from events where kind = 'order_line' and order_id = '2'";
    assert!(ask(folder.path(), bob).contains("large"), "what does not fit is still in the JSON");
    // An order has what its first row says, and the type is one to compute with.
    let headers = "select sum(p_size), count(*) from events where kind = 'order' and p_gift";
    assert_eq!(ask(folder.path(), headers).lines().nth(1), Some("42.5,1"));
    let columns = "select column_name from columns where table_name = 'events' and column_name in ('p_size', 'p_gift')";
    let columns = ask(folder.path(), columns);
    assert!(columns.contains("p_size\n") && columns.contains("p_gift\n"), "{columns}");
    assert_eq!(import(folder.path(), &properties).code, 0);
    assert_eq!(ask(folder.path(), "select count(*) from events where kind = 'order_line'").lines().nth(1), Some("5"));
}

#[test]
fn a_declared_type_stays() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("orders.csv"), ORDERS).unwrap();
    assert_eq!(import(folder.path(), &["orders.csv", "--property", "size=Shoe size:text"]).code, 0);
    let next = "order_id,customer_id,order_time,sku,amount,尺码\n9,ann,2024-02-05 10:00:00,A,10.00,40\n";
    fs::write(folder.path().join("next.csv"), next).unwrap();
    let refused = import(folder.path(), &["next.csv", "--property", "size=尺码:integer"]);
    assert_eq!(refused.code, 2, "{}", refused.stdout);
    assert!(refused.stderr.contains("size is declared as text"), "{}", refused.stderr);
    assert_eq!(ask(folder.path(), "select count(*) from events where order_id = '9'").lines().nth(1), Some("0"));
    // Left away, the type is the declared one, though the cells are numbers.
    let kept = import(folder.path(), &["next.csv", "--property", "size=尺码"]);
    assert_eq!(kept.code, 0, "{}", kept.stderr);
    assert!(kept.stdout.contains("属性 size") || kept.stdout.contains("declared before"), "{}", kept.stdout);
    let sizes = "select distinct p_size from events where p_size is not null order by 1";
    assert_eq!(ask(folder.path(), sizes), "p_size\n38\n40\n42.5\nlarge\n");
}

#[test]
fn a_wrong_property_is_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("orders.csv"), ORDERS).unwrap();
    for (option, message) in [
        ("size=Breite", "no file has a column \"Breite\""),
        ("size=Shoe size:float", "types: text, integer, number, boolean"),
        ("Size=Shoe size", "lower-case"),
        ("size", "name=column"),
        ("store=Shoe size", "choose another name"),
    ] {
        let ran = import(folder.path(), &["orders.csv", "--property", option]);
        assert_eq!(ran.code, 2, "{option}: {}", ran.stdout);
        assert!(ran.stderr.contains("--property") && ran.stderr.contains(message), "{option}: {}", ran.stderr);
    }
    assert_eq!(import(folder.path(), &["orders.csv"]).code, 0, "nothing was imported before");
    let rows =
        perennial(folder.path(), &["query", "select count(*) from events", "--data", "brand", "--format", "csv"]);
    assert_eq!(rows.stdout.lines().nth(1), Some("7"));
}

#[test]
fn visits_and_item_reports_have_properties_too() {
    let folder = tempfile::tempdir().unwrap();
    let log = "event_id,customer_id,ts,event_type,page,seconds\n\
        1,ann,2024-01-01 08:00:00,visit,/start,12\n2,ann,2024-01-01 09:00:00,visit,/shoes,70\n";
    fs::write(folder.path().join("log.csv"), log).unwrap();
    let logged = import(folder.path(), &["log.csv", "--property", "page=page", "--property", "seconds=seconds"]);
    assert_eq!(logged.code, 0, "{}", logged.stderr);
    let long = "select p_page from events where name = 'visit' and p_seconds > 60";
    assert_eq!(ask(folder.path(), long), "p_page\n/shoes\n");
    // The column of one of two files that belong together.
    fs::write(
        folder.path().join("orders.csv"),
        "订单编号,买家会员名,订单付款时间,买家实际支付金额\n71,ann,2024-03-01 10:00:00,30.00\n",
    )
    .unwrap();
    fs::write(
        folder.path().join("items.csv"),
        "订单编号,标题,价格,购买数量,商品属性\n71,鞋,30.00,1,\"颜色:\"\"红\"\"\"\n",
    )
    .unwrap();
    let items = import(folder.path(), &["orders.csv", "items.csv", "--property", "variant=商品属性"]);
    assert_eq!(items.code, 0, "{}{}", items.stdout, items.stderr);
    assert!(items.stdout.contains("属性 variant ← 商品属性 (文本, 按内容)"), "{}", items.stdout);
    let variants = "select kind, p_variant = '颜色:\"红\"' as red from events where order_id = '71' order by kind";
    assert_eq!(ask(folder.path(), variants), "kind,red\norder,\norder_line,true\n");
}
