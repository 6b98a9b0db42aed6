//! Orders over several exports: whose they are and whether they count, from end to end.

use crate::run::{perennial, report};
use std::fs;
use std::path::Path;

const HEADINGS: &str = "订单编号,手机号,付款时间,商品编码,数量,商品金额,实付金额,退款金额,订单状态\n";

fn import(folder: &Path, name: &str, rows: &str) {
    fs::write(folder.join(name), format!("{HEADINGS}{rows}")).unwrap();
    let ran = perennial(folder, &["import", name, "--quiet", "--data", "brand"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
}

/// `value` of the customer with this phone, or of all.
fn ask(folder: &Path, value: &str, phone: Option<&str>) -> String {
    let of = phone.map_or(String::new(), |phone| {
        format!(" where customer_id in (select customer_id from identities where value = '+86{phone}')")
    });
    let sql = format!("select {value} from customers{of}");
    let ran = perennial(folder, &["query", &sql, "--data", "brand", "--format", "csv"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stdout.lines().nth(1).unwrap_or_default().to_owned()
}

#[test]
fn an_order_counts_once_for_whom_the_latest_export_names_and_as_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (ann, bob) = ("13800138031", "13800138032");
    let row = |phone: &str, status: &str| {
        format!(
            "1,{phone},2024-01-05 08:03:00,A,1,100,145,10,{status}\n1,{phone},2024-01-05 08:03:00,B,2,45,145,10,{status}\n"
        )
    };
    let bobs = "2,13800138032,2024-01-06 08:03:00,C,1,20,20,0,交易成功\n";
    let figures = "coalesce(sum(orders), 0) || ' ' || coalesce(sum(revenue), 0)";
    let (all, of_ann, of_bob) =
        (|| ask(folder, figures, None), || ask(folder, figures, Some(ann)), || ask(folder, figures, Some(bob)));
    import(folder, "1.csv", &(row(ann, "交易成功") + bobs));
    let (both, one) = (all(), of_ann());
    import(folder, "2.csv", &(row("138****8031", "交易成功") + bobs));
    assert_eq!((all(), of_ann()), (both.clone(), one.clone()), "a masked phone");
    import(folder, "3.csv", &(row(bob, "交易成功") + bobs));
    let (of_nobody, moved) = (of_ann(), of_bob());
    assert_eq!((all(), moved), (both.clone(), both.clone()), "a corrected phone");
    assert!(of_nobody.starts_with("0 "), "{of_nobody}");
    import(folder, "4.csv", &(row(bob, "交易关闭") + bobs));
    assert!(all().starts_with("1 "), "closed: {}", all());
    import(folder, "5.csv", &(bobs.to_owned() + &row(bob, "交易成功")));
    assert_eq!((all(), of_bob()), (both.clone(), both), "completed after all");
    // The report over the files alone says the same.
    let figures = report(folder, &["5.csv", "4.csv", "3.csv", "2.csv", "1.csv"]);
    assert_eq!((figures["orders"].as_u64(), figures["customers"].as_u64()), (Some(2), Some(1)));
}

#[test]
fn units_of_an_order_count_once_however_its_reports_come() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let orders = "\
订单编号,买家会员名,买家支付宝账号,买家应付货款,总金额,买家实际支付金额,订单状态,联系手机,订单创建时间,订单付款时间,宝贝标题,宝贝总数量,店铺名称,退款金额\n\
=\"1001\",小柳,,192.00,192.00,192.00,交易成功,13800138011,2024-01-05 08:03:00,2024-01-05 08:03:30,衬衫,3,店,0.00\n";
    let items = "\
子订单编号,主订单编号,商品标题,商品价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码,支付单号,买家应付货款,买家实际支付金额,退款状态,退款金额,订单创建时间,订单付款时间\n\
=\"10011\",=\"1001\",衬衫,64.00,2,LS,,,,交易成功,LS,1,128.00,128.00,没有申请退款,0.00,2024-01-05 08:03:00,2024-01-05 08:03:30\n\
=\"10012\",=\"1001\",长裤,64.00,1,LT,,,,交易成功,LT,1,64.00,64.00,没有申请退款,0.00,2024-01-05 08:03:00,2024-01-05 08:03:30\n";
    fs::write(folder.join("orders.csv"), orders).unwrap();
    fs::write(folder.join("items.csv"), items).unwrap();
    let units = |files: &[&str]| {
        let ran = perennial(folder, &[&["import", "--quiet", "--data", "brand"], files].concat());
        assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
        let json = folder.join("report.json");
        let ran = perennial(folder, &["report", "--data", "brand", "--json", "report.json"]);
        assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
        let figures: serde_json::Value = serde_json::from_slice(&fs::read(json).unwrap()).unwrap();
        figures["kpis"]["units_per_order"].as_f64()
    };
    assert_eq!(units(&["orders.csv"]), Some(3.0), "the order report alone");
    assert_eq!(units(&["orders.csv", "items.csv"]), Some(3.0), "then with the report of its items");
}
