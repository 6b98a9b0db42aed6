//! SET and SHOW. Settings are of the connection and never reach the engine, whose settings are the limits.

use datafusion_postgres::pgwire::api::results::{DataRowEncoder, FieldFormat, FieldInfo, QueryResponse};
use datafusion_postgres::pgwire::api::{ClientInfo, Type};
use datafusion_postgres::pgwire::error::PgWireResult;
use std::sync::Arc;
use std::time::Duration;

const STATEMENT_TIMEOUT: &str = "statement_timeout";
/// A setting may be so long.
const MAX_VALUE_BYTES: usize = 1000;
/// What a session begins with, where the client did not say otherwise.
const DEFAULTS: [(&str, &str); 16] = [
    ("server_version", crate::functions::SERVER_VERSION),
    ("server_version_num", "160006"),
    ("server_encoding", "UTF8"),
    ("client_encoding", "UTF8"),
    ("timezone", "UTC"),
    ("datestyle", "ISO, YMD"),
    ("intervalstyle", "postgres"),
    ("bytea_output", "hex"),
    ("extra_float_digits", "1"),
    ("search_path", "public"),
    ("standard_conforming_strings", "on"),
    ("transaction_isolation", "read committed"),
    ("transaction_read_only", "on"),
    ("default_transaction_read_only", "on"),
    (STATEMENT_TIMEOUT, "0"),
    ("lc_collate", "C"),
];
/// What may be set; the rest is taken and has no effect.
const SETTABLE: [&str; 6] =
    ["datestyle", "intervalstyle", "bytea_output", "extra_float_digits", "application_name", STATEMENT_TIMEOUT];

/// Keeps a setting for the rest of the connection.
pub(crate) fn set<C: ClientInfo>(client: &mut C, name: &str, value: &str) {
    if SETTABLE.contains(&name) && value.len() <= MAX_VALUE_BYTES {
        client.metadata_mut().insert(name.to_owned(), value.to_owned());
    }
}

/// A setting as a row.
pub(crate) fn show<C: ClientInfo>(client: &C, name: &str) -> PgWireResult<QueryResponse> {
    let default = DEFAULTS.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    let value = client.metadata().get(name).cloned().or(default).unwrap_or_default();
    let fields = Arc::new(vec![FieldInfo::new(name.to_owned(), None, None, Type::TEXT, FieldFormat::Text)]);
    let mut row = DataRowEncoder::new(Arc::clone(&fields));
    row.encode_field(&Some(value))?;
    let row = row.take_row();
    let mut response = QueryResponse::new(fields, futures::stream::once(async move { Ok(row) }));
    response.set_command_tag("SHOW");
    Ok(response)
}

/// How long a statement may take, where the client has said so.
pub(crate) fn statement_timeout<C: ClientInfo>(client: &C) -> Option<Duration> {
    parse_timeout(client.metadata().get(STATEMENT_TIMEOUT)?)
}

/// Milliseconds, or with a unit; 0 is none.
fn parse_timeout(value: &str) -> Option<Duration> {
    let value = value.trim().to_lowercase();
    let digits = value.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let count: u64 = digits.parse().ok().filter(|count| *count > 0)?;
    Some(match value[digits.len()..].trim() {
        "s" => Duration::from_secs(count),
        "min" => Duration::from_secs(count.saturating_mul(60)),
        _ => Duration::from_millis(count),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_is_in_milliseconds_unless_it_says_otherwise() {
        for (text, expected) in [
            ("250", Some(Duration::from_millis(250))),
            ("250 ms", Some(Duration::from_millis(250))),
            ("5s", Some(Duration::from_secs(5))),
            ("2min", Some(Duration::from_secs(120))),
            ("0", None),
            ("soon", None),
        ] {
            assert_eq!(parse_timeout(text), expected, "{text}");
        }
    }
}
