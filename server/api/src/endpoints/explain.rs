//! `GET /api/explain/{figure}`: how a figure is computed, from whom, and the SQL for it.

use crate::access::{Access, Caller};
use crate::answers::Text;
use crate::answers::explain::Explanation;
use crate::answers::today_of;
use crate::body::Answer;
use crate::customer_page::Known;
use crate::endpoints::columns::texts;
use crate::endpoints::today::wanted_rate;
use crate::explanations::{self, Words};
use crate::figures::AsOf;
use crate::params::{Named, Params, customer_id};
use crate::{ApiError, Route, Server};
use axum::Extension;
use axum::extract::State;
use perennial_fold::{ColumnSpec, ColumnType};
use perennial_learn::column_words;
use perennial_model::Permission;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;

/// Whose figure.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ExplainQuery {
    /// The customer, for a column of the customer table.
    pub(crate) customer: Option<String>,
}

pub(crate) fn route() -> Route {
    Route::get("/api/explain/{figure}", "explain", answer)
        .summary("What a figure means, from how many, as of when, and the SQL for it")
        .access(Access::SignedIn)
        .query::<ExplainQuery>()
        .answers::<Explanation>()
}

async fn answer(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Named(figure): Named,
    Params(query): Params<ExplainQuery>,
) -> Result<Answer<Explanation>, ApiError> {
    if let Some(column) = column_of(&figure) {
        return explain_column(&server, &caller, &figure, column, query.customer.as_deref()).map(Answer);
    }
    let said = explanations::find(&figure).ok_or_else(|| {
        ApiError::not_found("there is no such figure: it is named by the way to its field, as today.active_rate.rate")
    })?;
    let mut explained = Explanation {
        figure: figure.clone(),
        title: text(said.title),
        definition: text(said.definition),
        formula: said.formula.map(text),
        mechanism: said.mechanism.map(str::to_owned),
        as_of_us: server.clock.now_us(),
        ..Explanation::default()
    };
    if caller.may(Permission::ReadFigures) && (said.sql.is_some() || figure.starts_with("today.")) {
        let (computed, stale) = server.figures.report(&server, AsOf::Now).await?;
        explained.as_of_us = computed.instant.as_of_us;
        explained.sql = said.sql.map(|sql| sql(&computed));
        let today = today_of::today(&computed, stale, wanted_rate(&server).await?);
        let answer = serde_json::to_value(&today).map_err(|problem| ApiError::internal(&problem))?;
        fill(&mut explained, &answer, said.figure, computed.report.customers);
    }
    Ok(Answer(explained))
}

fn text((en, zh): Words) -> Text {
    Text::new(en, zh)
}

/// The figure's value in the answer, where it is not in a list.
fn fill(explained: &mut Explanation, answer: &Value, figure: &str, customers: u64) {
    let Some(way) = figure.strip_prefix("today.") else { return };
    let Some(found) = way.split('.').try_fold(answer, |part, name| part.get(name)) else { return };
    if found.is_number() {
        explained.value = found.as_f64();
        explained.n = Some(customers);
    } else if let Some(n) = found.get("n") {
        explained.n = n.as_u64();
        explained.value = found["value"].as_f64();
        explained.low = found["low"].as_f64();
        explained.high = found["high"].as_f64();
    }
}

/// The column that a figure is.
fn column_of(figure: &str) -> Option<&str> {
    ["customers.rows.values.", "customer.values."].into_iter().find_map(|way| figure.strip_prefix(way))
}

fn explain_column(
    server: &Server,
    caller: &Caller,
    figure: &str,
    name: &str,
    customer: Option<&str>,
) -> Result<Explanation, ApiError> {
    let live = server.live.borrow().clone();
    let spec = live.columns.specs().iter().find(|spec| spec.name == name);
    let spec: &ColumnSpec = spec
        .ok_or_else(|| ApiError::not_found("there is no such column: GET /api/columns lists those that there are"))?;
    let (title, definition) = texts(spec, &live.definitions.metrics);
    let mut explained = Explanation {
        figure: figure.to_owned(),
        title,
        definition,
        mechanism: column_words(name).map(|words| words.mechanism.to_owned()),
        as_of_us: server.clock.now_us(),
        ..Explanation::default()
    };
    if let Some(customer) = customer {
        if !caller.may(Permission::ReadCustomers) {
            let word = Permission::ReadCustomers.as_str();
            return Err(ApiError::forbidden(format!("this needs the permission {word}: ask an owner")).at("customer"));
        }
        let known = Known::find(server, customer_id(customer, "customer")?)?;
        // A day and a word are no numbers.
        let is_number = !matches!(spec.column_type, ColumnType::Day | ColumnType::Word(_) | ColumnType::Bool);
        explained.value = known.number(name).filter(|_| is_number);
        explained.n = Some(1);
        let value =
            if spec.column_type == ColumnType::Money { format!("{name} AS major_units") } else { name.to_owned() };
        explained.sql = Some(format!("SELECT {value} FROM customers WHERE customer_id = {}", known.customer.0));
    }
    Ok(explained)
}
