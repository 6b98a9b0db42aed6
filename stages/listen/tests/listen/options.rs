//! What the user says, and what is answered when it does not fit.

use crate::world::{World, plan, plan_of, plan_with};
use perennial_listen::{Language, ListenError, RecogniseOptions};

fn message(problem: Result<perennial_listen::ImportPlan, ListenError>) -> String {
    problem.map(|_| ()).unwrap_err().to_string()
}

#[test]
fn what_was_recognised_is_shown_in_both_languages() {
    let taobao = plan(&["taobao_orders.csv", "taobao_items.csv"], &[]).unwrap();
    let (english, chinese) = (taobao.lines(Language::En).join("\n"), taobao.lines(Language::Zh).join("\n"));
    assert!(english.contains("time zone Asia/Shanghai (the headers are Chinese), currency CNY"), "{english}");
    assert!(chinese.contains("淘宝/天猫订单报表") && chinese.contains("订单金额 ← 买家实际支付金额"), "{chinese}");
    assert!(chinese.contains("按订单号与订单报表合并"), "{chinese}");
    assert!(english.contains("not used: "), "{english}");
    let lines = plan(&["generic_lines.csv"], &[]).unwrap().lines(Language::En).join("\n");
    assert!(lines.contains("time zone UTC (default), currency XXX (default)"), "{lines}");
}

#[test]
fn zone_and_currency_can_be_said() {
    let options =
        RecogniseOptions { timezone: Some("Europe/London".into()), currency: Some("gbp".into()), ..Default::default() };
    let plan = plan_with(&["generic_lines.csv"], &options).unwrap();
    assert_eq!((plan.zone().name(), plan.currency().as_str()), ("Europe/London", "GBP"));
    let wrong = |options: RecogniseOptions| plan_with(&["generic_lines.csv"], &options).map(|_| ()).unwrap_err();
    let zone = wrong(RecogniseOptions { timezone: Some("Asia/Hangzhou".into()), ..Default::default() });
    assert!(zone.is_usage() && zone.to_string().starts_with("--timezone: "), "{zone}");
    let currency = wrong(RecogniseOptions { currency: Some("yuan".into()), ..Default::default() });
    assert!(currency.is_usage() && currency.to_string().starts_with("--currency: "), "{currency}");
}

#[tokio::test]
async fn a_missing_column_is_named_with_those_that_exist() {
    let world = World::new().await;
    let no_time = message(plan_of(&world, "a.csv", "order_id,customer_id,amount\n1,2,x\n", &[]));
    assert!(
        no_time.contains("a.csv: no column holds the time of the order") && no_time.contains("--map time=COLUMN"),
        "{no_time}"
    );
    assert!(no_time.contains("1 order_id, 2 customer_id, 3 amount"), "{no_time}");
    let nobody = message(plan_of(&world, "b.csv", "order_id,date,amount\n1,2024-01-05,x\n", &[]));
    assert!(nobody.contains("--map member=COLUMN"), "{nobody}");
    let no_money = message(plan_of(&world, "c.csv", "order_id,customer_id,date\n1,2,2024-01-05\n", &[]));
    assert!(no_money.contains("--map amount=COLUMN"), "{no_money}");
    let no_dates =
        message(plan_of(&world, "d.csv", "order_id,customer_id,date,amount\n1,2,soon,5\n2,2,later,5\n", &[]));
    assert!(no_dates.contains("column \"date\"") && no_dates.contains("\"soon\""), "{no_dates}");
}

#[test]
fn a_wrong_map_is_answered() {
    let unknown = plan(&["generic_lines.csv"], &["colour=3"]).map(|_| ()).unwrap_err();
    assert!(unknown.is_usage() && unknown.to_string().contains("order_amount"), "{unknown}");
    let nowhere = message(plan(&["generic_lines.csv"], &["time=When"]));
    assert!(nowhere.contains("no file has a column \"When\"") && nowhere.contains("5 InvoiceDate"), "{nowhere}");
    assert!(message(plan(&["generic_lines.csv"], &["time"])).contains("field=column"));
    assert!(message(plan(&[], &[])).contains("no file"));
}

#[tokio::test]
async fn names_in_another_language_are_mapped() {
    let world = World::new().await;
    let file = "Bestellung;Kunde;Datum;Betrag\n1;k1;05.01.2024;10,50\n2;k2;25.01.2024;20,00\n";
    let plan =
        plan_of(&world, "b.csv", file, &["order=Bestellung", "member=Kunde", "time=3", "order_amount=Betrag"]).unwrap();
    world.import_plan(plan, 1_000_000).await.unwrap();
    let tally = world.tally().await;
    assert_eq!((tally.customers, tally.orders, tally.revenue), (2, 2, 3_050));
}
