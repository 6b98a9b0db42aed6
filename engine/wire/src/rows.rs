//! Rows on their way to the client, one batch after the other.

use crate::cancel::Cancelled;
use crate::errors::{cancelled, of_query};
use datafusion_postgres::arrow_pg::datatypes::{arrow_schema_to_pg_fields, encode_recordbatch};
use datafusion_postgres::pgwire::api::portal::Format;
use datafusion_postgres::pgwire::api::results::{FieldInfo, QueryResponse};
use datafusion_postgres::pgwire::error::PgWireResult;
use datafusion_postgres::pgwire::messages::data::DataRow;
use datafusion_postgres::pgwire::types::format::FormatOptions;
use futures::{Stream, StreamExt, TryStreamExt, stream};
use perennial_query::Answer;
use std::sync::Arc;

/// The answer in the protocol's words.
pub(crate) fn respond(
    answer: Answer,
    format: &Format,
    options: FormatOptions,
    requests: Cancelled,
) -> PgWireResult<QueryResponse> {
    let fields = Arc::new(arrow_schema_to_pg_fields(&answer.schema(), format, Some(Arc::new(options)))?);
    Ok(QueryResponse::new(Arc::clone(&fields), rows(answer, fields, requests)))
}

fn rows(
    answer: Answer,
    fields: Arc<Vec<FieldInfo>>,
    requests: Cancelled,
) -> impl Stream<Item = PgWireResult<DataRow>> + Send {
    let batches = stream::try_unfold((answer, requests), |(mut answer, mut requests)| async move {
        let next = requests.unless(answer.next()).await.ok_or_else(cancelled)?;
        let batch = next.map_err(|problem| of_query(&problem))?;
        PgWireResult::Ok(batch.map(|batch| (batch, (answer, requests))))
    });
    batches.map_ok(move |batch| stream::iter(encode_recordbatch(Arc::clone(&fields), batch))).try_flatten().boxed()
}
