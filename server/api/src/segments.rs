//! Asking who is in which segment now.

use crate::answers::segments::ConditionProblem;
use crate::figures::Brand;
use crate::{ApiError, LiveView, Server};
use perennial_definitions::{Definitions, Segment};
use perennial_fold::{Audience, Counted, CustomerTable, Instant, Members, Revenue};
use perennial_model::Currency;
use perennial_query::{Compiled, CustomerConditions, Groups, Wanted};
use std::sync::Arc;

/// Threads that one question uses.
const THREADS: usize = 2;

/// What conditions are asked about, and by which words.
#[derive(Clone)]
pub(crate) struct Now {
    pub(crate) live: LiveView,
    pub(crate) instant: Instant,
    pub(crate) currency: Currency,
}

impl Now {
    pub(crate) async fn of(server: &Server) -> Result<Self, ApiError> {
        let live = server.live.borrow().clone();
        let instant = Instant::new(server.clock.now_us(), live.zone.clone(), Revenue::Net);
        Ok(Self { live, instant, currency: Brand::of(server).await?.currency })
    }

    pub(crate) fn definitions(&self) -> &Definitions {
        &self.live.definitions
    }

    /// The segment of a name in a path.
    pub(crate) fn segment(&self, name: &str) -> Result<&Segment, ApiError> {
        let known = self.definitions().segments.iter().find(|segment| segment.name == name);
        known.ok_or_else(|| {
            ApiError::not_found("there is no such segment: GET /api/segments lists those that there are")
        })
    }

    /// The tests of what is wanted.
    pub(crate) fn compile(&self, wanted: &[Wanted<'_>]) -> Result<Compiled, ApiError> {
        let specs = self.live.columns.specs().to_vec();
        let conditions = CustomerConditions::new(specs, self.currency, &self.instant);
        let conditions = conditions.map_err(|problem| ApiError::bad_request("bad_condition", problem.message))?;
        Ok(conditions.compile(wanted, &self.definitions().segments, &self.live.groups))
    }

    /// How many customers each test is true of.
    pub(crate) async fn count(&self, audience: Audience) -> Result<Vec<Counted>, ApiError> {
        let columns = Arc::clone(&self.live.columns);
        blocking(move || audience.count(&columns, THREADS)).await
    }

    /// Whom each test is true of.
    pub(crate) async fn members(&self, audience: Audience) -> Result<Vec<Members>, ApiError> {
        let columns = Arc::clone(&self.live.columns);
        blocking(move || audience.members(&columns, THREADS)).await
    }

    /// Whom one condition is true of.
    pub(crate) async fn meeting(&self, wanted: Wanted<'_>, at: &str) -> Result<Members, ApiError> {
        let Compiled { audience, places } = self.compile(&[wanted])?;
        let place = match places.into_iter().next() {
            Some(Ok(place)) => place,
            Some(Err(problem)) => {
                let said = ConditionProblem::of(problem, if let Wanted::Condition(sql) = wanted { sql } else { "" });
                let message = format!("{} (at letter {}): {}", said.message, said.offset + 1, said.fix);
                return Err(ApiError::bad_request("bad_condition", message).at(at));
            }
            None => return Ok(Members::default()),
        };
        let mut members = self.members(audience).await?;
        Ok(if place < members.len() { members.swap_remove(place) } else { Members::default() })
    }
}

/// How many of a table that a pass made meet a condition.
pub(crate) fn counted_in(
    table: &CustomerTable,
    instant: &Instant,
    currency: Currency,
    wanted: Wanted<'_>,
    segments: &[Segment],
    groups: &Groups,
) -> Result<Counted, perennial_definitions::ExpressionProblem> {
    let conditions = CustomerConditions::new(table.specs.clone(), currency, instant)?;
    let Compiled { audience, places } = conditions.compile(&[wanted], segments, groups);
    let place = places.into_iter().next().unwrap_or(Ok(0))?;
    Ok(audience.count_table(table, THREADS).get(place).copied().unwrap_or_default())
}

/// Runs what takes milliseconds beside the other requests.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work).await.map_err(|problem| ApiError::internal(&problem))
}
