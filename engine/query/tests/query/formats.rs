//! How answers are written.

use crate::support::{ANN, engine};
use perennial_query::{OutputFormat, QueryError};

const SQL: &str = "SELECT customer_id, revenue, first_day, last_order, repeats, size FROM customers ORDER BY 1";

async fn written(sql: &str, format: &str) -> (usize, String) {
    let mut out = Vec::new();
    let rows = engine().await.write(sql, format.parse().unwrap(), &mut out).await.unwrap();
    (rows, String::from_utf8(out).unwrap())
}

#[tokio::test]
async fn json_is_one_array_of_objects() {
    let (rows, text) = written(SQL, "json").await;
    assert_eq!(rows, 2);
    let expected = format!(
        "[{{\"customer_id\":{},\"revenue\":0.30,\"first_day\":\"2024-01-01\",\
         \"last_order\":\"2024-01-03T02:00:00Z\",\"repeats\":true,\"size\":\"small\"}},\
         {{\"customer_id\":257,\"revenue\":null,\"first_day\":null,\"last_order\":null,\"repeats\":null,\"size\":null}}]\n",
        ANN.0
    );
    assert_eq!(text, expected);
    assert_eq!(written("SELECT 1 AS one FROM customers WHERE false", "json").await, (0, "[]\n".to_owned()));
}

#[tokio::test]
async fn csv_has_a_header_even_without_rows() {
    let (rows, text) = written("SELECT customer_id, revenue FROM customers ORDER BY 1", "csv").await;
    assert_eq!((rows, text.as_str()), (2, "customer_id,revenue\n256,0.30\n257,\n"));
    assert_eq!(written("SELECT 1 AS one FROM customers WHERE false", "csv").await, (0, "one\n".to_owned()));
}

#[tokio::test]
async fn a_table_shows_names_and_values() {
    let (_, text) = written("SELECT DISTINCT name AS 名称 FROM events WHERE name = '看商品'", "table").await;
    assert!(text.contains("名称") && text.contains("看商品"), "{text}");
    let (rows, text) = written("SELECT size FROM customers WHERE false", "table").await;
    assert!(rows == 0 && text.contains("size"), "{text}");
}

#[test]
fn an_unknown_format_is_named() {
    let error = "xml".parse::<OutputFormat>().unwrap_err();
    assert!(matches!(&error, QueryError::UnknownFormat(word) if word == "xml"));
}
