//! Sizes of a segment over time, and who entered and left.

use super::list::point;
use crate::access::Access;
use crate::answers::segments::{SegmentChange, SegmentChanges, Sizes};
use crate::body::Answer;
use crate::params::{Named, Params, day, page_size};
use crate::segments::Now;
use crate::{ApiError, Route, Server};
use axum::extract::State;
use perennial_model::Permission;
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

/// Days of sizes unless told otherwise.
const DAYS: i32 = 365;

/// From when to when.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct SizesQuery {
    /// From this day (`YYYY-MM-DD`); a year ago unless given.
    from: Option<String>,
    /// To this day, included; today unless given.
    to: Option<String>,
}

/// Which changes.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct ChangesQuery {
    /// Those after this number: what `next` said. From the beginning unless given.
    after: Option<u64>,
    /// The latest first, in place of the earliest.
    newest: bool,
    /// With `newest`, those before this number: what `next` said. From the end unless given.
    before: Option<u64>,
    /// How many; 50 unless given, at most 200.
    limit: Option<u32>,
}

pub(crate) fn sizes() -> Route {
    Route::get("/api/segments/{name}/sizes", "segment_sizes", answer_sizes)
        .summary("How many customers were in a segment, day by day since it was defined")
        .access(Access::Needs(Permission::ReadFigures))
        .query::<SizesQuery>()
        .answers::<Sizes>()
}

pub(crate) fn changes() -> Route {
    Route::get("/api/segments/{name}/changes", "segment_changes", answer_changes)
        .summary("Who entered and left a segment that acts, each change once, in order or the latest first")
        .access(Access::Needs(Permission::ReadCustomers))
        .query::<ChangesQuery>()
        .answers::<SegmentChanges>()
}

async fn answer_sizes(
    State(server): State<Arc<Server>>,
    Named(name): Named,
    Params(query): Params<SizesQuery>,
) -> Result<Answer<Sizes>, ApiError> {
    let now = Now::of(&server).await?;
    now.segment(&name)?;
    let to = query.to.as_deref().map(|text| day(text, "to")).transpose()?.unwrap_or(now.instant.as_of_day);
    let from = query.from.as_deref().map(|text| day(text, "from")).transpose()?.unwrap_or(to - DAYS);
    let sizes = server.timeline.store().segment_sizes(&[&name], from, to).await?;
    Ok(Answer(Sizes { segment: name, sizes: sizes.iter().map(point).collect() }))
}

async fn answer_changes(
    State(server): State<Arc<Server>>,
    Named(name): Named,
    Params(query): Params<ChangesQuery>,
) -> Result<Answer<SegmentChanges>, ApiError> {
    if !Now::of(&server).await?.segment(&name)?.acts {
        let message = "nobody records who enters and leaves this segment: give it acts: true";
        return Err(ApiError::bad_request("does_not_act", message));
    }
    let limit = u32::try_from(page_size(query.limit)?).unwrap_or(u32::MAX);
    let store = server.timeline.store();
    let (start, found) = match (query.newest, query.after, query.before) {
        (false, after, None) => {
            let after = after.unwrap_or(0);
            (after, store.membership_changes(&name, after, limit).await?)
        }
        (true, None, before) => {
            let found = store.latest_membership_changes(&name, before.unwrap_or(u64::MAX), limit).await?;
            (before.unwrap_or(0), found)
        }
        _ => {
            let message = "after goes without newest, and before with it";
            return Err(ApiError::bad_request("bad_parameter", message).at("newest"));
        }
    };
    let next = found.last().map_or(start, |last| last.number);
    let change = |numbered: perennial_ports::NumberedChange| SegmentChange {
        number: numbered.number,
        customer_id: numbered.change.customer.0.to_string(),
        entered: numbered.change.entered,
        cause: numbered.change.cause.as_str(),
        at_us: numbered.change.at_us,
    };
    Ok(Answer(SegmentChanges { segment: name, changes: found.into_iter().map(change).collect(), next }))
}
