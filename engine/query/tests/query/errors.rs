//! What is refused, and in which words.

use crate::support::{ask, engine};
use perennial_query::QueryError;

#[tokio::test]
async fn nothing_can_be_changed() {
    let engine = engine().await;
    let out = tempfile::tempdir().unwrap().path().join("out.csv");
    for sql in [
        "CREATE TABLE t (a INT)",
        "CREATE VIEW v AS SELECT 1",
        "CREATE EXTERNAL TABLE t STORED AS CSV LOCATION '/etc/passwd'",
        "DROP TABLE events",
        "INSERT INTO customers (customer_id) VALUES (1)",
        "UPDATE customers SET orders = 1",
        "DELETE FROM events",
        "TRUNCATE TABLE events",
        "SELECT * INTO t FROM events",
        "SET datafusion.execution.batch_size = 1",
        "RESET datafusion.execution.batch_size",
        "PREPARE p AS SELECT 1",
        "BEGIN",
        "EXPLAIN INSERT INTO customers (customer_id) VALUES (1)",
        "EXPLAIN ANALYZE DELETE FROM events",
        &format!("COPY (SELECT * FROM events) TO '{}'", out.display()),
    ] {
        let error = ask(&engine, sql).await.unwrap_err();
        let word = sql.split(' ').next().unwrap();
        assert!(matches!(&error, QueryError::ReadOnly { statement } if statement == word), "{sql}: {error:?}");
    }
    assert!(!out.exists());
}

#[tokio::test]
async fn errors_name_what_is_wrong_and_what_there_is() {
    let engine = engine().await;
    for (sql, expected) in [
        ("SELECT * FROM event", "there is no table event: the tables are customers, events, identities, columns"),
        (
            "SELECT * FROM '/etc/passwd'",
            "there is no table /etc/passwd: the tables are customers, events, identities, columns",
        ),
        (
            "SELECT * FROM other.events",
            "there is no table events: the tables are customers, events, identities, columns",
        ),
        (
            "SELECT 客户 FROM columns",
            "there is no column 客户: the columns here are table_name, column_name, data_type, description",
        ),
        ("SELECT 1; SELECT 2", "found 2 statements: ask one at a time"),
        ("  -- nothing", "found 0 statements: ask one at a time"),
        ("SELECT 1 +", "the query is not understood: "),
        ("SELEC 1", "the query is not understood: expected: "),
        ("SELECT nosuch(1)", "the query cannot be planned: invalid function 'nosuch'"),
        (
            "SELECT e.customer_id, customer_id FROM events e JOIN customers c ON true",
            "the query cannot be planned: column customer_id is in more than one table",
        ),
        ("SELECT 1 / (orders - orders) FROM customers", "the query failed: divide by zero"),
    ] {
        let message = ask(&engine, sql).await.unwrap_err().to_string();
        assert!(message.to_lowercase().starts_with(&expected.to_lowercase()), "{sql}\n  {message}\n  {expected}");
    }
}
