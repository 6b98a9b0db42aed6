//! `GET /api/customers`: the customer table, a page at a time.

use crate::access::{Access, Caller};
use crate::answers::Terms;
use crate::answers::customers::{CustomerPage, CustomerRow};
use crate::body::Answer;
use crate::figures::{AsOf, Brand};
use crate::params::{Params, day, listed, page_size};
use crate::reveal::revealed;
use crate::segments::Now;
use crate::table::{SHOWN, keys_of, values};
use crate::{ApiError, Route, Server};
use axum::Extension;
use axum::extract::State;
use perennial_fold::{ColumnSpec, ColumnType, LiveColumns, Page, PageFilter, PageQuery, PageSort};
use perennial_model::{CustomerId, Permission};
use perennial_query::Wanted;
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

/// Which customers, in which order, with which columns.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CustomersQuery {
    /// In one of these lifecycle stages, separated by commas.
    pub(crate) stage: Option<String>,
    /// In one of these RFM segments, separated by commas.
    pub(crate) segment: Option<String>,
    /// Within these ranges, each `column:least:most` (both included, either may be empty), separated by
    /// commas: `orders:3:,last_order_day:2026-01-01:2026-03-31`. Money is in minor units.
    pub(crate) range: Option<String>,
    /// In all of these segments of the brand, by name, separated by commas.
    pub(crate) in_segment: Option<String>,
    /// In this list.
    pub(crate) in_list: Option<String>,
    /// With this tag.
    pub(crate) has_tag: Option<String>,
    /// Those who meet this condition in SQL over the customer table.
    pub(crate) r#where: Option<String>,
    /// Those whom the finding of this kind of `GET /api/today` concerns.
    pub(crate) finding: Option<String>,
    /// A column, `-` before it for the greatest first; unknown values come last. `-last_order_time`
    /// unless given.
    pub(crate) sort: Option<String>,
    /// How many; 50 unless given, at most 200.
    pub(crate) limit: Option<u32>,
    /// After so many.
    pub(crate) offset: Option<u64>,
    /// Columns, separated by commas; those shown by default unless given (`GET /api/columns`).
    pub(crate) columns: Option<String>,
    /// Keys in full. Needs the permission `reveal_keys`, and is audited.
    pub(crate) reveal: bool,
}

pub(crate) fn route() -> Route {
    Route::get("/api/customers", "customers", answer)
        .summary("The customer table, filtered and sorted, a page at a time")
        .access(Access::Needs(Permission::ReadCustomers))
        .query::<CustomersQuery>()
        .answers::<CustomerPage>()
}

async fn answer(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Params(query): Params<CustomersQuery>,
) -> Result<Answer<CustomerPage>, ApiError> {
    let reveal = revealed(&server, &caller, query.reveal, "customers").await?;
    let live = server.live.borrow().columns.clone();
    let wanted = selected(&server, &query, &live).await?;
    let places = wanted.columns.clone();
    let table = Arc::clone(&live);
    let page = tokio::task::spawn_blocking(move || (table.page(&wanted), table.len())).await;
    let (page, customers) = page.map_err(|problem| ApiError::internal(&problem))?;
    let specs: Vec<&ColumnSpec> = places.iter().filter_map(|place| live.specs().get(*place)).collect();
    let brand = Brand::of(&server).await?;
    Ok(Answer(CustomerPage {
        as_of_us: server.clock.now_us(),
        terms: Terms::of(&brand.zone, brand.currency),
        total: page.total as u64,
        customers: customers as u64,
        columns: specs.iter().map(|spec| spec.name.to_owned()).collect(),
        rows: rows(&server, &page, &specs, reveal).await?,
    }))
}

/// Whom a query means, in its order and with its columns.
pub(super) async fn selected(
    server: &Arc<Server>,
    query: &CustomersQuery,
    live: &LiveColumns,
) -> Result<PageQuery, ApiError> {
    let mut wanted = page_query(query, live.specs())?;
    if let Some(kind) = &query.finding {
        wanted.filters.push(of_finding(server, kind).await?);
    }
    wanted.filters.extend(of_condition(server, query).await?);
    Ok(wanted)
}

async fn rows(server: &Server, page: &Page, specs: &[&ColumnSpec], reveal: bool) -> Result<Vec<CustomerRow>, ApiError> {
    let customers: Vec<CustomerId> = page.rows.customers.iter().copied().map(CustomerId).collect();
    let mut keys = keys_of(server, &customers, reveal).await?;
    let row = |(row, customer): (usize, &CustomerId)| CustomerRow {
        customer_id: customer.0.to_string(),
        keys: keys.remove(&customer.0).unwrap_or_default(),
        values: values(specs.iter().copied().zip(&page.rows.columns), row),
    };
    Ok(customers.iter().enumerate().map(row).collect())
}

/// Those in segments, lists and tags, and who meet a condition.
async fn of_condition(server: &Server, query: &CustomersQuery) -> Result<Option<PageFilter>, ApiError> {
    let quoted = |name: &str| format!("'{}'", name.replace('\'', "''"));
    let mut parts: Vec<String> =
        listed(query.in_segment.as_deref()).map(|name| format!("in_segment({})", quoted(name))).collect();
    parts.extend(query.in_list.as_deref().map(|name| format!("in_list({})", quoted(name))));
    parts.extend(query.has_tag.as_deref().map(|name| format!("has_tag({})", quoted(name))));
    let (sql, at) = match (&query.r#where, parts.is_empty()) {
        (None, true) => return Ok(None),
        (Some(sql), true) => (sql.clone(), "where"),
        // Behind a line of its own: a condition may end with a remark.
        (Some(sql), false) => (format!("({sql}\n) and {}", parts.join(" and ")), "where"),
        (None, false) => (parts.join(" and "), "in_segment"),
    };
    let members = Now::of(server).await?.meeting(Wanted::Condition(&sql), at).await?;
    Ok(Some(PageFilter::Members(Arc::new(members))))
}

/// Whom a finding of the figures now concerns.
async fn of_finding(server: &Arc<Server>, kind: &str) -> Result<PageFilter, ApiError> {
    let (computed, _) = server.figures.report(server, AsOf::Now).await?;
    let found = computed.report.findings.iter().find(|finding| finding.kind == kind);
    let found = found.ok_or_else(|| {
        ApiError::not_found("there is no such finding now: GET /api/today lists those that there are").at("finding")
    })?;
    Ok(PageFilter::Customers(found.customer_ids.clone()))
}

fn page_query(query: &CustomersQuery, specs: &[ColumnSpec]) -> Result<PageQuery, ApiError> {
    let mut filters = Vec::new();
    for (name, at, words) in [("stage", "stage", &query.stage), ("rfm_segment", "segment", &query.segment)] {
        if words.is_some() {
            filters.push(words_filter(specs, name, at, words.as_deref())?);
        }
    }
    for range in listed(query.range.as_deref()) {
        filters.push(range_filter(specs, range)?);
    }
    let sort = query.sort.as_deref().unwrap_or("-last_order_time");
    let (name, descending) = sort.strip_prefix('-').map_or((sort, false), |name| (name, true));
    let column = match name {
        "customer_id" => None,
        name => Some(place(specs, name, "sort")?.0),
    };
    let columns = match &query.columns {
        None => SHOWN.iter().filter_map(|name| specs.iter().position(|spec| spec.name == *name)).collect(),
        Some(names) => listed(Some(names))
            .map(|name| place(specs, name, "columns").map(|(place, _)| place))
            .collect::<Result<Vec<usize>, ApiError>>()?,
    };
    let offset = usize::try_from(query.offset.unwrap_or(0)).unwrap_or(usize::MAX);
    Ok(PageQuery { filters, sort: PageSort { column, descending }, offset, limit: page_size(query.limit)?, columns })
}

fn place<'a>(specs: &'a [ColumnSpec], name: &str, at: &str) -> Result<(usize, &'a ColumnSpec), ApiError> {
    specs.iter().enumerate().find(|(_, spec)| spec.name == name).ok_or_else(|| {
        let message = "there is no such column: GET /api/columns lists those that there are";
        ApiError::bad_request("unknown_column", message).at(at)
    })
}

fn words_filter(specs: &[ColumnSpec], name: &str, at: &str, words: Option<&str>) -> Result<PageFilter, ApiError> {
    let (column, spec) = place(specs, name, at)?;
    let ColumnType::Word(known) = spec.column_type else {
        return Err(ApiError::bad_request("bad_parameter", "this column has no words").at(at));
    };
    let mut codes = Vec::new();
    for word in listed(words) {
        let code = known.iter().position(|other| *other == word).and_then(|code| u8::try_from(code).ok());
        codes.push(code.ok_or_else(|| {
            ApiError::bad_request("bad_parameter", format!("use words of {}", known.join(", "))).at(at)
        })?);
    }
    Ok(PageFilter::Codes { column, codes })
}

fn range_filter(specs: &[ColumnSpec], range: &str) -> Result<PageFilter, ApiError> {
    let form = || ApiError::bad_request("bad_parameter", "write a range as column:least:most").at("range");
    let [name, least, most] = range.split(':').collect::<Vec<_>>()[..] else { return Err(form()) };
    let (column, spec) = place(specs, name, "range")?;
    match spec.column_type {
        ColumnType::Float => {
            let bound =
                |text: &str, open: f64| if text.is_empty() { Ok(open) } else { text.parse().map_err(|_| form()) };
            Ok(PageFilter::Floats {
                column,
                least: bound(least, f64::NEG_INFINITY)?,
                most: bound(most, f64::INFINITY)?,
            })
        }
        ColumnType::Bool | ColumnType::Word(_) => Err(form()),
        ColumnType::Int | ColumnType::Money | ColumnType::Day | ColumnType::Time => {
            let is_day = spec.column_type == ColumnType::Day;
            let bound = |text: &str, open: i64| match text {
                "" => Ok(open),
                text if is_day => day(text, "range").map(i64::from),
                text => text.parse().map_err(|_| form()),
            };
            Ok(PageFilter::Ints { column, least: bound(least, i64::MIN)?, most: bound(most, i64::MAX)? })
        }
    }
}
