//! Why a customer is in a segment, and which segments, lists and tags a customer has.

use crate::access::Access;
use crate::answers::segments::{CustomerGroups, Explained, ExplainedPart, SeenEvent, SeenValue};
use crate::body::Answer;
use crate::endpoints::columns::texts;
use crate::params::{Named, Params, customer_id};
use crate::segments::Now;
use crate::table::{type_word, value};
use crate::{ApiError, Route, Server};
use axum::extract::State;
use perennial_definitions::Segment;
use perennial_fold::{Column, ColumnSpec};
use perennial_model::Permission;
use perennial_query::{Compiled, ConditionTree, SourceEvents, Wanted, leaves};
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

/// Segments within one another that are spelled out.
const DEEPEST: usize = 32;

/// Whose membership.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct MembershipQuery {
    /// The customer.
    customer: String,
}

pub(crate) fn route() -> Route {
    Route::get("/api/segments/{name}/explain", "explain_segment", answer)
        .summary("Why a customer is in a segment or is not: each condition, the value it saw, the event it came from")
        .access(Access::Needs(Permission::ReadCustomers))
        .query::<MembershipQuery>()
        .answers::<Explained>()
}

pub(crate) fn of_customer() -> Route {
    Route::get("/api/customers/{id}/groups", "customer_groups", answer_groups)
        .summary("The segments, lists and tags of a customer")
        .access(Access::Needs(Permission::ReadCustomers))
        .answers::<CustomerGroups>()
}

async fn answer(
    State(server): State<Arc<Server>>,
    Named(name): Named,
    Params(query): Params<MembershipQuery>,
) -> Result<Answer<Explained>, ApiError> {
    let now = Now::of(&server).await?;
    let segment = now.segment(&name)?;
    let customer = server.timeline.customer_of(customer_id(&query.customer, "customer")?);
    let row = now.live.columns.customer(customer);
    let row = row.ok_or_else(|| ApiError::not_found("there is no customer with this number").at("customer"))?;
    let mut parts = Vec::new();
    let root = grow(&now, segment, DEEPEST, &mut parts)?;
    let wanted: Vec<Wanted<'_>> = parts.iter().map(|sql| Wanted::Condition(sql)).collect();
    let Compiled { audience, places } = now.compile(&wanted)?;
    let said = audience.of_customer(&now.live.columns, customer).unwrap_or_default();
    let outcomes = places.into_iter().map(|place| said.get(place.ok()?).copied().flatten()).collect();
    let snapshot = server.timeline.snapshot().await?;
    let (instant, currency) = (now.instant.clone(), now.currency);
    let source = SourceEvents::read(snapshot, customer, instant, currency).await;
    let source = source.map_err(|problem| ApiError::internal(&problem))?;
    let teller = Teller { now: &now, row: &row, outcomes, source: &source };
    let condition = teller.part(root).await?;
    Ok(Answer(Explained {
        customer_id: customer.0.to_string(),
        segment: name,
        as_of_us: now.instant.as_of_us,
        member: condition.outcome,
        condition,
    }))
}

async fn answer_groups(
    State(server): State<Arc<Server>>,
    Named(id): Named,
) -> Result<Answer<CustomerGroups>, ApiError> {
    let now = Now::of(&server).await?;
    let customer = server.timeline.customer_of(customer_id(&id, "id")?);
    if now.live.columns.customer(customer).is_none() {
        return Err(ApiError::not_found("there is no customer with this number"));
    }
    let segments = &now.definitions().segments;
    let wanted: Vec<Wanted<'_>> = segments.iter().map(|segment| Wanted::Segment(&segment.name)).collect();
    let Compiled { audience, places } = now.compile(&wanted)?;
    let said = audience.of_customer(&now.live.columns, customer).unwrap_or_default();
    let is_in = |place: &Result<usize, _>| place.as_ref().is_ok_and(|place| said.get(*place) == Some(&Some(true)));
    let found = segments.iter().zip(&places).filter(|(_, place)| is_in(place));
    let having = |groups: &std::collections::BTreeMap<String, Arc<perennial_fold::Members>>| {
        groups.iter().filter(|(_, members)| members.contains(customer)).map(|(name, _)| name.clone()).collect()
    };
    Ok(Answer(CustomerGroups {
        segments: found.map(|(segment, _)| segment.name.clone()).collect(),
        lists: having(&now.live.groups.lists),
        tags: having(&now.live.groups.tags),
    }))
}

/// A part of a condition, and the place of its own outcome.
struct Part {
    kind: &'static str,
    sql: String,
    place: usize,
    columns: Vec<String>,
    parts: Vec<Self>,
}

/// The parts of a segment's condition, those of segments within it too; the SQL of each is noted, to be asked.
fn grow(now: &Now, segment: &Segment, left: usize, asked: &mut Vec<String>) -> Result<Part, ApiError> {
    let refused =
        |problem: perennial_definitions::ExpressionProblem| ApiError::bad_request("bad_condition", problem.message);
    let tree = leaves(&segment.r#where).map_err(refused)?;
    Ok(branch(now, &tree, left, asked))
}

fn branch(now: &Now, tree: &ConditionTree, left: usize, asked: &mut Vec<String>) -> Part {
    let each = |trees: &[ConditionTree], asked: &mut Vec<String>| {
        trees.iter().map(|tree| branch(now, tree, left, asked)).collect::<Vec<Part>>()
    };
    let joined = |parts: &[Part], word: &str| {
        let texts: Vec<String> = parts.iter().map(|part| format!("({})", part.sql)).collect();
        texts.join(word)
    };
    let (kind, sql, columns, parts) = match tree {
        ConditionTree::All(trees) => {
            let parts = each(trees, asked);
            ("all", joined(&parts, " and "), Vec::new(), parts)
        }
        ConditionTree::Any(trees) => {
            let parts = each(trees, asked);
            ("any", joined(&parts, " or "), Vec::new(), parts)
        }
        ConditionTree::Not { part, unknown_too } => {
            let parts = each(std::slice::from_ref(part.as_ref()), asked);
            let sql = joined(&parts, "");
            let sql = if *unknown_too { format!("{sql} is not true") } else { format!("not {sql}") };
            ("not", sql, Vec::new(), parts)
        }
        ConditionTree::Leaf { sql, columns, segment, list, tag } => {
            let kind = match (segment, list, tag) {
                (Some(_), ..) => "segment",
                (_, Some(_), _) => "list",
                (.., Some(_)) => "tag",
                _ => "condition",
            };
            let inner = segment.as_ref().and_then(|name| now.segment(name).ok()).filter(|_| left > 0);
            let within = inner.and_then(|segment| grow(now, segment, left - 1, asked).ok());
            (kind, sql.clone(), columns.clone(), within.into_iter().collect())
        }
    };
    asked.push(sql.clone());
    Part { kind, sql, place: asked.len() - 1, columns, parts }
}

/// Puts what was seen beside each part.
struct Teller<'a> {
    now: &'a Now,
    row: &'a [Column],
    outcomes: Vec<Option<bool>>,
    source: &'a SourceEvents,
}

impl Teller<'_> {
    async fn part(&self, part: Part) -> Result<ExplainedPart, ApiError> {
        let mut seen = Vec::with_capacity(part.columns.len());
        for column in &part.columns {
            seen.extend(self.seen(column).await?);
        }
        let mut parts = Vec::with_capacity(part.parts.len());
        for inner in part.parts {
            parts.push(Box::pin(self.part(inner)).await?);
        }
        let outcome = self.outcomes.get(part.place).copied().flatten();
        Ok(ExplainedPart { kind: part.kind, sql: part.sql, outcome, seen, parts })
    }

    async fn seen(&self, name: &str) -> Result<Option<SeenValue>, ApiError> {
        let specs = self.now.live.columns.specs().iter().zip(self.row);
        let Some((spec, column)) = specs.into_iter().find(|(spec, _)| spec.name == name) else { return Ok(None) };
        let event = self.event(spec).await?;
        Ok(Some(SeenValue {
            column: name.to_owned(),
            title: texts(spec, &self.now.definitions().metrics).0,
            r#type: type_word(spec.column_type).to_owned(),
            value: value(spec, column, 0),
            event,
        }))
    }

    /// The latest event that a column counts: of a metric by its own words, of a built-in one an order or
    /// whatever happened last.
    async fn event(&self, spec: &ColumnSpec) -> Result<Option<SeenEvent>, ApiError> {
        let metric = self.now.definitions().metrics.iter().find(|metric| metric.name == spec.name);
        let found = match metric {
            Some(metric) => self.source.latest_of_metric(metric).await,
            None if is_of_any_event(spec.name) => self.source.latest(None).await,
            None => self.source.latest(Some("kind = 'order'")).await,
        };
        let found = found.map_err(|problem| ApiError::internal(&problem))?;
        Ok(found.map(|(time_us, name, source)| SeenEvent { time_us, name, source }))
    }
}

/// Columns that do not come from orders alone.
fn is_of_any_event(name: &str) -> bool {
    name.contains("event") || name.contains("active") || name.contains("visit")
}
