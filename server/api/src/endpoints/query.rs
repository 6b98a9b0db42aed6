//! `POST /api/query`: SQL that reads.

use crate::access::{Access, Caller};
use crate::body::{Answer, Body};
use crate::sql::{keys_for, noted};
use crate::{ApiError, Route, Server};
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use perennial_model::Permission;
use perennial_query::{Keys, Parameter, QueryError, Rows, json_rows, type_name};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use std::time::Instant;

/// A question.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Question {
    /// One statement that reads: SELECT, WITH, EXPLAIN, DESCRIBE or SHOW TABLES, over the tables customers,
    /// events, identities and columns. The last one describes the others.
    sql: String,
    /// Values of `$1`, `$2` and so on: text, numbers, true, false or null.
    #[serde(default)]
    parameters: Vec<Value>,
    /// So many rows at most; never more than the server's limit, which is 10,000 unless configured otherwise.
    limit: Option<u32>,
}

/// What was found.
#[derive(Serialize, JsonSchema)]
struct QueryAnswer {
    /// In the order of the values of a row.
    columns: Vec<FoundColumn>,
    /// Integers are numbers up to 2⁵³ − 1 and text beyond. Ids of customers and decimals are text always,
    /// so that no program rounds them; so is a float that is no number. Days are `2026-01-31`, instants
    /// RFC 3339 in UTC, NULL is null.
    rows: Vec<Vec<Value>>,
    /// Whether there are more rows than these.
    truncated: bool,
    /// How long it took.
    elapsed_ms: u64,
    /// Events before this instant were seen (UTC µs).
    as_of_us: i64,
}

/// A column.
#[derive(Serialize, JsonSchema)]
struct FoundColumn {
    /// Its name.
    name: String,
    /// Its type as SQL writes it, for example `bigint` or `decimal(19,2)`.
    #[serde(rename = "type")]
    sql_type: String,
}

pub(crate) fn route() -> Route {
    Route::post("/api/query", "query", ask)
        .summary("SQL that reads, over what there is now; with `Accept: text/csv` the answer is CSV")
        .access(Access::Needs(Permission::Query))
        .takes::<Question>()
        .answers::<QueryAnswer>()
}

async fn ask(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Body(question): Body<Question>,
) -> Result<Response, ApiError> {
    let parameters = parameters(&question.parameters)?;
    let (began, keys) = (Instant::now(), keys_for(&caller));
    let found = find(&server, &question, parameters, keys).await;
    let detail = noted(&server, &question.sql, keys, found.is_ok(), began.elapsed());
    server.note(&caller, "sql", None, Some(detail)).await?;
    let (rows, truncated, as_of_us) = found.map_err(|problem| refused(&problem))?;
    if wants_csv(&headers) {
        let csv = rows.to_csv().map_err(|problem| refused(&problem))?;
        let headers = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::HeaderName::from_static("x-truncated"), truncated.to_string()),
            (header::HeaderName::from_static("x-as-of-us"), as_of_us.to_string()),
        ];
        return Ok((headers, csv).into_response());
    }
    let columns = rows.schema.fields().iter();
    let columns = columns
        .map(|field| FoundColumn { name: field.name().clone(), sql_type: type_name(field.data_type()) })
        .collect();
    let mut values = Vec::with_capacity(rows.len());
    for batch in &rows.batches {
        values.extend(json_rows(batch).map_err(|problem| refused(&problem))?);
    }
    let elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(Answer(QueryAnswer { columns, rows: values, truncated, elapsed_ms, as_of_us }).into_response())
}

async fn find(
    server: &Server,
    question: &Question,
    parameters: Vec<Parameter>,
    keys: Keys,
) -> Result<(Rows, bool, i64), QueryError> {
    let most = server.sql.limits().rows;
    let most = question.limit.map_or(most, |limit| most.min(limit as usize));
    let answer = server.sql.ask(question.sql.clone(), parameters, keys).await?;
    let as_of_us = answer.as_of_us();
    let (rows, truncated) = answer.take(most).await?;
    Ok((rows, truncated, as_of_us))
}

fn parameters(values: &[Value]) -> Result<Vec<Parameter>, ApiError> {
    let parameter = |(index, value): (usize, &Value)| {
        Ok(match value {
            Value::Null => Parameter::Null,
            Value::Bool(value) => Parameter::Bool(*value),
            Value::String(text) => Parameter::Text(text.clone()),
            Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(value), _) => Parameter::Int(value),
                (None, Some(value)) => Parameter::Float(value),
                (None, None) => Parameter::Text(number.to_string()),
            },
            Value::Array(_) | Value::Object(_) => {
                let message = "a parameter is text, a number, true, false or null: lists go into the statement";
                return Err(ApiError::bad_request("bad_parameter", message).at(format!("parameters[{index}]")));
            }
        })
    };
    values.iter().enumerate().map(parameter).collect()
}

fn wants_csv(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|kind| kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("text/csv"))
}

fn refused(problem: &QueryError) -> ApiError {
    let code = match problem {
        QueryError::ReadOnly { .. } => "read_only",
        QueryError::OneStatement { .. } => "one_statement",
        QueryError::Syntax { .. } => "sql_syntax",
        QueryError::UnknownTable { .. } => "unknown_table",
        QueryError::UnknownColumn { .. } => "unknown_column",
        QueryError::Plan { .. } | QueryError::UnknownFormat(_) => "sql_plan",
        QueryError::Execution { .. } => "sql_failed",
        QueryError::Memory { .. } => "too_much_memory",
        QueryError::Time { .. } | QueryError::Abandoned { .. } => "too_slow",
        QueryError::TooLarge { .. } => "too_large",
        QueryError::Busy { .. } => return ApiError::unavailable(problem.to_string()),
        QueryError::Fault | QueryError::Timeline { .. } | QueryError::Write(_) => return ApiError::internal(problem),
    };
    let status = if code == "too_slow" { StatusCode::REQUEST_TIMEOUT } else { StatusCode::BAD_REQUEST };
    ApiError::new(status, code, problem.to_string()).at("sql")
}
