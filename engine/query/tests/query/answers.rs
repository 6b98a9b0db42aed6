//! What is answered.

use crate::support::{ANN, Live, Shop, WEI, answer, engine, foreign, of_wei};
use perennial_model::{IdentityKey, IdentityKind};
use perennial_ports::IdentityBinding;
use perennial_query::{Keys, QueryError, QueryOptions};

#[tokio::test]
async fn both_tables_join_and_types_are_those_of_sql() {
    let engine = engine().await;
    let sql = "SELECT c.customer_id, c.orders, c.revenue, c.first_day, c.last_order, c.mean_units, c.repeats, c.size, \
               count(e.customer_id) FROM customers c JOIN events e USING (customer_id) \
               GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1";
    let expected = format!("{},2,0.30,2024-01-01,2024-01-03T02:00:00Z,1.0,true,small,5\n{},0,,,,,,,1", ANN.0, WEI.0);
    assert_eq!(answer(&engine, sql).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_table_answers_as_the_batch_does_and_shows_what_came_since() {
    let shop = Shop::new().await;
    let (engine, _) = shop.engine(1_000, QueryOptions::default()).await;
    let Live { engine: live, mut table, feed, instant } = shop.live(1_000).await;
    let all = "SELECT * FROM customers ORDER BY customer_id";
    assert_eq!(answer(&live, all).await, answer(&engine, all).await);
    let some = "SELECT size, revenue, customer_id, first_day FROM customers WHERE orders > 0";
    assert_eq!(answer(&live, some).await, answer(&engine, some).await);
    shop.append(&[of_wei()]).await;
    let applied = tokio::task::spawn_blocking(move || table.apply(&feed, &instant).unwrap().customers);
    assert_eq!(applied.await.unwrap(), 1);
    let wei = format!("SELECT orders, revenue FROM customers WHERE customer_id = {}", WEI.0);
    assert_eq!(answer(&live, &wei).await, "1,9.00");
    assert_eq!(answer(&live, "SELECT count(*) FROM customers").await, "2");
}

#[tokio::test]
async fn aggregates_equal_what_the_folds_say() {
    let shop = Shop::new().await;
    let (engine, stats) = shop.engine(1_000, QueryOptions::default()).await;
    assert_eq!(answer(&engine, "SELECT count(*) FROM events").await, stats.events.to_string());
    assert_eq!(answer(&engine, "SELECT count(*) FROM customers").await, stats.customers.to_string());
    let both = "SELECT (SELECT sum(revenue) FROM customers), (SELECT sum(value) FROM events WHERE kind = 'order')";
    assert_eq!(answer(&engine, both).await, "0.30,0.30");
    let nobody = "SELECT count(*) FROM events WHERE customer_id < 256";
    assert_eq!(answer(&engine, nobody).await, stats.unidentified_events.to_string());
}

#[tokio::test]
async fn everything_is_as_of_the_instant() {
    let shop = Shop::new().await;
    let (engine, _) = shop.engine(40, QueryOptions::default()).await;
    assert_eq!(answer(&engine, "SELECT count(*), sum(value) FROM events").await, "5,0.10");
    assert_eq!(answer(&engine, "SELECT orders, revenue FROM customers WHERE orders > 0").await, "1,0.10");
    let now = "SELECT now() = TIMESTAMP '2024-01-02T16:00:00Z', current_date, today() = current_date";
    assert_eq!(answer(&engine, now).await, "true,2024-01-03,true", "midnight in Shanghai begins the third");
    let recent = "SELECT count(*) FROM events WHERE time >= now() - INTERVAL '24 hours'";
    assert_eq!(answer(&engine, recent).await, "1");
    let days = "SELECT day, count(*) FROM events GROUP BY day ORDER BY day";
    assert_eq!(answer(&engine, days).await, "2024-01-01,4\n2024-01-02,1");
}

#[tokio::test]
async fn filters_that_spare_the_scan_change_no_answer() {
    let engine = engine().await;
    let at = "TIMESTAMP '2024-01-01T01:00:00Z'";
    for (filter, expected) in [
        (format!("time < {at}"), 1),
        (format!("time <= {at}"), 3),
        (format!("{at} > time"), 1),
        (format!("time = {at}"), 2),
        (format!("time > {at}"), 4),
        (format!("time BETWEEN {at} AND {at}"), 2),
        (format!("time < {at} OR name = 'Order'"), 5),
        ("time < '2024-01-01T01:00:00Z'".to_owned(), 1),
        (format!("customer_id = {}", ANN.0), 5),
        (format!("{} = customer_id AND time < {at}", ANN.0), 1),
        (format!("customer_id = {} AND customer_id = {}", ANN.0, WEI.0), 0),
    ] {
        let sql = format!("SELECT count(*) FROM events WHERE {filter}");
        assert_eq!(answer(&engine, &sql).await, expected.to_string(), "{filter}");
    }
}

#[tokio::test]
async fn unknown_is_null() {
    let engine = engine().await;
    let nulls = "SELECT count(*) - count(revenue), count(*) - count(first_day), count(*) - count(last_order), \
                 count(*) - count(mean_units), count(*) - count(repeats), count(*) - count(size) FROM customers";
    assert_eq!(answer(&engine, nulls).await, "1,1,1,1,1,1");
    assert_eq!(answer(&engine, "SELECT count(value), count(quantity), count(order_id) FROM events").await, "2,2,4");
}

#[tokio::test]
async fn chinese_words_and_declared_properties_can_be_asked_for() {
    let engine = engine().await;
    let visits = "SELECT name, channel, p_color, count(*) FROM events WHERE p_color = '红' GROUP BY 1, 2, 3";
    assert_eq!(answer(&engine, visits).await, "看商品,小程序,红,3");
    let item = "SELECT DISTINCT item, order_id, kind FROM events WHERE order_id = '订单一' AND kind = 'order'";
    assert_eq!(answer(&engine, item).await, "\"SKU'1\"\"\",订单一,order");
}

#[tokio::test]
async fn decimals_are_exact_and_other_currencies_too_or_refused() {
    let shop = Shop::new().await;
    shop.append(&foreign()[..1]).await;
    let (engine, _) = shop.engine(1_000, QueryOptions::default()).await;
    let sum = "SELECT sum(value) = 0.3, sum(value) FROM events WHERE currency = 'CNY'";
    assert_eq!(answer(&engine, sum).await, "true,0.30");
    assert_eq!(answer(&engine, "SELECT sum(quantity), max(quantity) FROM events").await, "2.000,1.500");
    assert_eq!(answer(&engine, "SELECT value FROM events WHERE currency = 'JPY'").await, "500.00");

    shop.append(&foreign()[1..]).await;
    let (engine, _) = shop.engine(1_000, QueryOptions::default()).await;
    let error = engine.query("SELECT sum(value) FROM events").await.unwrap_err();
    assert!(error.to_string().contains("select value_minor and currency"), "{error}");
    let minor = "SELECT value_minor FROM events WHERE currency = 'KWD'";
    assert_eq!(answer(&engine, minor).await, "500");
}

#[tokio::test]
async fn rows_come_as_a_stream_that_stops_at_the_limit() {
    let engine = engine().await;
    let mut stream = engine.stream("SELECT * FROM events LIMIT 3").await.unwrap();
    let mut rows = 0;
    while let Some(batch) = stream.next().await.unwrap() {
        assert_eq!(batch.num_columns(), 17, "sixteen and one declared");
        rows += batch.num_rows();
    }
    assert_eq!(rows, 3);
    assert_eq!(engine.query("SELECT 1 FROM customers LIMIT 1").await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_there_is_is_described() {
    let engine = engine().await;
    let money = "SELECT data_type, description FROM columns WHERE table_name = 'customers' AND column_name = 'revenue'";
    assert_eq!(answer(&engine, money).await, "\"decimal(19,2)\",\"kept orders, see 0.11\"");
    let undescribed = "SELECT count(*) FROM columns WHERE description = ''";
    assert_eq!(answer(&engine, undescribed).await, "0");
    let missing = "SELECT i.column_name FROM information_schema.columns i LEFT JOIN columns c \
                   ON c.table_name = i.table_name AND c.column_name = i.column_name \
                   WHERE i.table_name IN ('events', 'customers') AND c.column_name IS NULL";
    assert_eq!(answer(&engine, missing).await, "");
    assert!(answer(&engine, "DESCRIBE customers").await.contains("first_day"));
    assert!(answer(&engine, "SHOW TABLES").await.contains("events"));
    assert!(answer(&engine, "EXPLAIN SELECT count(*) FROM events").await.contains("StreamingTableExec"));
    assert_eq!(answer(&engine, "WITH a AS (SELECT 1 AS b) SELECT b FROM a").await, "1");
}

#[tokio::test]
async fn keys_of_customers_are_read_when_they_are_asked_for_and_masked_for_who_may_not_see_them() {
    let shop = Shop::new().await;
    let (engine, _) = shop.engine(1_000, QueryOptions::default()).await;
    assert_eq!(answer(&engine, "SELECT count(*) FROM identities").await, "0");
    let engine = engine.with_identities(shop.timeline.clone(), Keys::InFull).unwrap();
    let key = |kind, value: &str| IdentityKey { kind, value: value.to_owned() };
    let bindings = [
        IdentityBinding { key: key(IdentityKind::Phone, "+8613800138000"), profile: WEI },
        IdentityBinding { key: key(IdentityKind::Email, "ann@shop.example"), profile: ANN },
    ];
    shop.timeline.store().bind_identities(&bindings).await.unwrap();
    let joined = "SELECT kind, value, orders FROM identities JOIN customers USING (customer_id) ORDER BY kind";
    assert_eq!(answer(&engine, joined).await, "email,ann@shop.example,2\nphone,+8613800138000,0");
    let one = format!("SELECT value FROM identities WHERE customer_id = {}", WEI.0);
    assert_eq!(answer(&engine, &one).await, "+8613800138000");
    assert_eq!(answer(&engine, "SELECT count(*) FROM identities").await, "2");
    let engine = engine.with_identities(shop.timeline.clone(), Keys::Masked).unwrap();
    assert_eq!(answer(&engine, joined).await, "email,a***@shop.example,2\nphone,+86138****8000,0");
    assert_eq!(answer(&engine, "SELECT count(*) FROM identities WHERE value = '+8613800138000'").await, "0");
}

#[tokio::test]
async fn memory_is_bounded() {
    let shop = Shop::new().await;
    let (engine, _) = shop.engine(1_000, QueryOptions { memory_bytes: 20_000, threads: 1 }).await;
    let error = engine.query("SELECT name, count(DISTINCT time) FROM events GROUP BY name ORDER BY 1").await;
    assert!(matches!(error, Err(QueryError::Memory { limit_bytes: 20_000 })), "{error:?}");
}
