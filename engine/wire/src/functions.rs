//! Functions that tools call before they show anything, and that the catalogue does not bring.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::execution::context::SessionContext;
use datafusion::logical_expr::{ColumnarValue, ScalarUDF, Volatility, create_udf};
use std::sync::Arc;

/// The PostgreSQL whose dialect and catalogue are spoken.
pub(crate) const SERVER_VERSION: &str = "16.6";

/// Functions that give the same whatever they are asked: name, types of arguments, answer.
type Constant = (&'static str, Vec<DataType>, ScalarValue);

fn constants() -> Vec<Constant> {
    let text = |value: &str| ScalarValue::Utf8(Some(value.to_owned()));
    let (name, number) = (DataType::Utf8, DataType::Int64);
    let version = format!("PostgreSQL {SERVER_VERSION} (Perennial {})", env!("CARGO_PKG_VERSION"));
    vec![
        ("version", vec![], text(&version)),
        ("pg_is_in_recovery", vec![], ScalarValue::Boolean(Some(false))),
        ("pg_postmaster_start_time", vec![], ScalarValue::TimestampMicrosecond(None, Some("UTC".into()))),
        ("txid_current", vec![], ScalarValue::Int64(Some(1))),
        ("obj_description", vec![number.clone(), name.clone()], ScalarValue::Utf8(None)),
        ("shobj_description", vec![number.clone(), name.clone()], ScalarValue::Utf8(None)),
        ("col_description", vec![number.clone(), number.clone()], ScalarValue::Utf8(None)),
        ("pg_function_is_visible", vec![number.clone()], ScalarValue::Boolean(Some(true))),
        ("pg_type_is_visible", vec![number.clone()], ScalarValue::Boolean(Some(true))),
        ("pg_get_function_result", vec![number.clone()], ScalarValue::Utf8(None)),
        ("pg_get_function_arguments", vec![number.clone()], ScalarValue::Utf8(None)),
        ("pg_get_function_identity_arguments", vec![number.clone()], ScalarValue::Utf8(None)),
        ("pg_get_functiondef", vec![number.clone()], ScalarValue::Utf8(None)),
        ("pg_get_viewdef", vec![number.clone()], ScalarValue::Utf8(None)),
        ("pg_get_indexdef", vec![number.clone()], ScalarValue::Utf8(None)),
        ("pg_get_ruledef", vec![number.clone()], ScalarValue::Utf8(None)),
        ("pg_tablespace_location", vec![number], ScalarValue::Utf8(None)),
        ("inet_server_addr", vec![], ScalarValue::Utf8(None)),
        ("inet_server_port", vec![], ScalarValue::Int32(None)),
        ("pg_client_encoding", vec![], text("UTF8")),
    ]
}

/// Adds them to a session.
pub(crate) fn register(context: &SessionContext) {
    for (name, arguments, value) in constants() {
        context.register_udf(constant(name, arguments, value));
    }
}

fn constant(name: &str, arguments: Vec<DataType>, value: ScalarValue) -> ScalarUDF {
    let answer = value.data_type();
    let give = move |_: &[ColumnarValue]| Ok(ColumnarValue::Scalar(value.clone()));
    create_udf(name, arguments, answer, Volatility::Stable, Arc::new(give))
}
