//! `GET /api/flows`: how customers moved between states from one day to another.

use crate::access::Access;
use crate::answers::Terms;
use crate::answers::segments::StateFlow;
use crate::body::Answer;
use crate::definer::FoldedTable;
use crate::params::{Params, day, day_text};
use crate::segments::{Now, blocking};
use crate::{ApiError, Route, Server};
use axum::extract::State;
use perennial_definitions::Segment;
use perennial_fold::{Column, ColumnType};
use perennial_model::{Currency, Permission};
use perennial_query::{Compiled, CustomerConditions, Groups, Wanted};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

/// What moves, and between which days.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct FlowsQuery {
    /// A column of words such as `stage` or `rfm_segment`, or `segment:NAME`.
    of: String,
    /// From the beginning of this day (`YYYY-MM-DD`).
    from: String,
    /// To the beginning of this day (`YYYY-MM-DD`); today unless given.
    to: Option<String>,
}

pub(crate) fn route() -> Route {
    Route::get("/api/flows", "flows", answer)
        .summary("How customers moved between stages, RFM segments or in and out of a segment, between any two days")
        .access(Access::Needs(Permission::ReadFigures))
        .query::<FlowsQuery>()
        .answers::<StateFlow>()
}

async fn answer(
    State(server): State<Arc<Server>>,
    Params(query): Params<FlowsQuery>,
) -> Result<Answer<StateFlow>, ApiError> {
    let now = Now::of(&server).await?;
    let segment = query.of.strip_prefix("segment:").map(|name| now.segment(name)).transpose()?.cloned();
    let today = now.instant.as_of_day;
    let from = day(&query.from, "from")?;
    let to = query.to.as_deref().map(|text| day(text, "to")).transpose()?.unwrap_or(today);
    if from >= to || to > today {
        let message = "a flow goes from one day to a later one, today at the latest";
        return Err(ApiError::bad_request("bad_parameter", message).at("from"));
    }
    let turn = server.figures.turn().await?;
    let (of, own) = (query.of.clone(), now.clone());
    // The turn goes with the work, which goes on where the caller leaves.
    let work = tokio::spawn(async move {
        let _turn = turn;
        both(&server, &own, [from, to], &of, segment).await
    });
    let [before, after] = work.await.map_err(|problem| ApiError::internal(&problem))??;
    Ok(Answer(StateFlow {
        of: query.of,
        terms: Terms::of(&now.live.zone, now.currency),
        from: day_text(from),
        to: day_text(to),
        flows: crossed(&before, &after),
        states: before.names,
    }))
}

/// Everybody's state on each of two days.
async fn both(
    server: &Server,
    now: &Now,
    days: [i32; 2],
    of: &str,
    segment: Option<Segment>,
) -> Result<[States; 2], ApiError> {
    let on = async |day: i32| {
        let as_of_us = now.live.zone.day_start(day);
        let folded = server.definer.table(Some(as_of_us), Vec::new()).await;
        let folded = folded.map_err(|problem| ApiError::internal(&*problem))?;
        let (of, segment, now) = (of.to_owned(), segment.clone(), now.clone());
        let found = blocking(move || match segment {
            Some(segment) => in_or_out(&folded, &segment, &now.definitions().segments, &now.live.groups, now.currency),
            None => words(&folded, &of),
        });
        found.await?
    };
    Ok([on(days[0]).await?, on(days[1]).await?])
}

/// The state of each customer on a day.
struct States {
    /// The names; the last is that of no state.
    names: Vec<String>,
    of: HashMap<u64, usize>,
}

fn words(folded: &FoldedTable, column: &str) -> Result<States, ApiError> {
    let refused = || {
        let message = "this is no column of words: use stage, rfm_segment or segment:NAME";
        ApiError::bad_request("bad_parameter", message).at("of")
    };
    let place = folded.table.specs.iter().position(|spec| spec.name == column).ok_or_else(refused)?;
    let ColumnType::Word(words) = folded.table.specs[place].column_type else { return Err(refused()) };
    let mut of = HashMap::new();
    for shard in &folded.table.shards {
        let Some(Column::Code(codes)) = shard.columns.get(place) else { continue };
        of.extend(shard.customers.iter().copied().zip(codes.iter().map(|code| usize::from(*code).min(words.len()))));
    }
    let names = words.iter().copied().chain(["none"]).map(str::to_owned).collect();
    Ok(States { names, of })
}

fn in_or_out(
    folded: &FoldedTable,
    segment: &Segment,
    segments: &[Segment],
    groups: &Groups,
    currency: Currency,
) -> Result<States, ApiError> {
    let refused =
        |problem: perennial_definitions::ExpressionProblem| ApiError::bad_request("bad_condition", problem.message);
    let conditions = CustomerConditions::new(folded.table.specs.clone(), currency, &folded.instant).map_err(refused)?;
    let Compiled { audience, places } = conditions.compile(&[Wanted::Segment(&segment.name)], segments, groups);
    let place = places.into_iter().next().unwrap_or(Ok(0)).map_err(refused)?;
    let members = audience.members_of_table(&folded.table, 2);
    let mut of = HashMap::new();
    for customer in folded.table.shards.iter().flat_map(|shard| &shard.customers) {
        let is_in = members.get(place).is_some_and(|members| members.contains(perennial_model::CustomerId(*customer)));
        of.insert(*customer, usize::from(!is_in));
    }
    Ok(States { names: ["in", "out", "none"].map(str::to_owned).to_vec(), of })
}

/// How many went from which state to which.
fn crossed(before: &States, after: &States) -> Vec<Vec<u64>> {
    let none = before.names.len() - 1;
    let mut flows = vec![vec![0; before.names.len()]; before.names.len()];
    for (customer, to) in &after.of {
        let from = before.of.get(customer).copied().unwrap_or(none);
        flows[from][*to] += 1;
    }
    // Who was there and is no more: erased, or merged into another one.
    for (customer, from) in &before.of {
        if !after.of.contains_key(customer) {
            flows[*from][none] += 1;
        }
    }
    flows
}
