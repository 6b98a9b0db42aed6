//! `GET /api/segments/overlap`: how much segments have in common.

use crate::access::Access;
use crate::answers::segments::Overlap;
use crate::body::Answer;
use crate::params::{Params, listed};
use crate::segments::{Now, blocking};
use crate::{ApiError, Route, Server};
use axum::extract::State;
use perennial_fold::Members;
use perennial_model::Permission;
use perennial_query::Wanted;
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

/// Segments at once.
const MOST: usize = 12;

/// Which segments.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct OverlapQuery {
    /// Their names, separated by commas; two at least, twelve at most.
    names: String,
}

pub(crate) fn route() -> Route {
    Route::get("/api/segments/overlap", "segment_overlap", answer)
        .summary("How many customers segments have in common")
        .access(Access::Needs(Permission::ReadFigures))
        .query::<OverlapQuery>()
        .answers::<Overlap>()
}

async fn answer(
    State(server): State<Arc<Server>>,
    Params(query): Params<OverlapQuery>,
) -> Result<Answer<Overlap>, ApiError> {
    let names: Vec<&str> = listed(Some(&query.names)).collect();
    if !(2..=MOST).contains(&names.len()) {
        return Err(ApiError::bad_request("bad_parameter", format!("name 2 to {MOST} segments")).at("names"));
    }
    let now = Now::of(&server).await?;
    let wanted: Vec<Wanted<'_>> = names.iter().map(|name| Wanted::Segment(name)).collect();
    let compiled = now.compile(&wanted)?;
    let mut places = Vec::with_capacity(names.len());
    for place in compiled.places {
        places.push(place.map_err(|problem| ApiError::bad_request("bad_condition", problem.message).at("names"))?);
    }
    let members = now.members(compiled.audience).await?;
    let (sizes, both, any) = blocking(move || {
        let of: Vec<&Members> = places.iter().filter_map(|place| members.get(*place)).collect();
        let both = of.iter().map(|own| of.iter().map(|other| own.shared(other)).collect()).collect();
        let any = of.iter().fold(Members::default(), |union, members| union.union(members)).len();
        (of.iter().map(|members| members.len()).collect(), both, any)
    })
    .await?;
    Ok(Answer(Overlap {
        as_of_us: now.instant.as_of_us,
        customers: now.live.columns.len() as u64,
        names: names.into_iter().map(str::to_owned).collect(),
        sizes,
        both,
        any,
    }))
}
