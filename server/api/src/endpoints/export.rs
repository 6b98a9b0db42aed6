//! `GET /api/customers/export`: an audience as a file, sent while it is written.

use super::customers::{CustomersQuery, selected};
use crate::access::{Access, Caller};
use crate::export::{Writing, named, titles};
use crate::figures::Brand;
use crate::params::{Params, listed};
use crate::segments::blocking;
use crate::{ApiError, Route, Server};
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use perennial_model::Permission;
use perennial_query::{ExportError, ExportFile, ExportPlan, FileFormat, Keys, TextEncoding, USUAL_COLUMNS};
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

/// Which customers, and what kind of file.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ExportQuery {
    /// As in `GET /api/customers`.
    stage: Option<String>,
    /// As in `GET /api/customers`.
    segment: Option<String>,
    /// As in `GET /api/customers`.
    range: Option<String>,
    /// As in `GET /api/customers`.
    in_segment: Option<String>,
    /// As in `GET /api/customers`.
    in_list: Option<String>,
    /// As in `GET /api/customers`.
    has_tag: Option<String>,
    /// As in `GET /api/customers`.
    r#where: Option<String>,
    /// As in `GET /api/customers`.
    finding: Option<String>,
    /// As in `GET /api/customers`.
    sort: Option<String>,
    /// The first so many of that order; all unless given.
    limit: Option<u64>,
    /// What kind of file; `csv` unless given. A sheet of `xlsx` has room for 1,048,575 customers.
    format: Format,
    /// Columns, separated by commas: `customer_id`, keys (`phone`, `email`, `member`, `unionid`, `openid`,
    /// `external_userid`, `platform`, `anonymous`) and those of `GET /api/columns`. Unless given: the number,
    /// phone, e-mail and what the list shows.
    columns: Option<String>,
    /// Titles of columns in this language in CSV and XLSX; names as in SQL unless given.
    language: Option<TitleLanguage>,
    /// How text of CSV is written; `utf-8` unless given.
    encoding: Encoding,
    /// Whether CSV in UTF-8 begins with a byte order mark, by which Excel knows it; true unless given.
    bom: Option<bool>,
    /// Keys in full. Needs the permission `reveal_keys`; the audit tells it.
    unmasked: bool,
}

/// A kind of file.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Format {
    /// Comma-separated values: money in major units, times by the brand's clock.
    #[default]
    Csv,
    /// A sheet of Excel, with real numbers, days and times by the brand's clock.
    Xlsx,
    /// Typed columns: exact decimals, times in UTC.
    Parquet,
}

/// An encoding of text.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
enum Encoding {
    /// What all but old programs read.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// For programs that read nothing else.
    #[serde(rename = "gb18030")]
    Gb18030,
}

/// A language of titles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TitleLanguage {
    /// English.
    En,
    /// 简体中文.
    Zh,
}

pub(crate) fn route() -> Route {
    Route::get("/api/customers/export", "export_customers", answer)
        .summary("Customers as a CSV, XLSX or Parquet file, filtered and sorted as the list, keys masked; audited")
        .access(Access::Needs(Permission::ExportCustomers))
        .query::<ExportQuery>()
}

async fn answer(
    State(server): State<Arc<Server>>,
    Extension(caller): Extension<Caller>,
    Params(query): Params<ExportQuery>,
) -> Result<Response, ApiError> {
    if query.unmasked && !caller.may(Permission::RevealKeys) {
        let word = Permission::RevealKeys.as_str();
        return Err(ApiError::forbidden(format!("this needs the permission {word}: ask an owner")).at("unmasked"));
    }
    let live = server.live.borrow().clone();
    let brand = Brand::of(&server).await?;
    let columns = query.columns.as_deref().map_or(USUAL_COLUMNS.to_vec(), |names| listed(Some(names)).collect());
    let keys = if query.unmasked { Keys::InFull } else { Keys::Masked };
    let plan = ExportPlan::new(columns, live.columns.specs(), brand.currency, live.zone.clone(), keys);
    let mut plan = plan.map_err(|problem| ApiError::bad_request("bad_columns", problem.to_string()).at("columns"))?;
    if let Some(language) = query.language {
        plan = plan.titled(titles(&live, language));
    }
    let mut wanted = selected(&server, &query.as_listed(), &live.columns).await?;
    wanted.columns.clear();
    wanted.limit = query.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    let table = Arc::clone(&live.columns);
    let customers = blocking(move || table.page(&wanted).rows.customers).await?;
    let format = query.file_format();
    format.fits(customers.len()).map_err(|problem| refused(&problem))?;
    // Before the first byte: nobody gets a file unseen.
    let detail = plan.told(customers.len(), format, &query.filters());
    server.note(&caller, "customers_exported", query.subject(), Some(detail)).await?;
    let headers = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, query.disposition(&server, &live, format)),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    let writing = Writing::begin(&server, live, customers, |out| ExportFile::begin(plan, format, out));
    let writing = writing.map_err(|problem| refused(&problem))?;
    Ok((headers, Body::from_stream(writing.pieces())).into_response())
}

fn refused(problem: &ExportError) -> ApiError {
    match problem {
        ExportError::TooManyRows { .. } => ApiError::bad_request("too_many_rows", problem.to_string()).at("format"),
        other => ApiError::internal(other),
    }
}

impl ExportQuery {
    /// The same customers as the list tells.
    fn as_listed(&self) -> CustomersQuery {
        let query = self.clone();
        CustomersQuery {
            stage: query.stage,
            segment: query.segment,
            range: query.range,
            in_segment: query.in_segment,
            in_list: query.in_list,
            has_tag: query.has_tag,
            r#where: query.r#where,
            finding: query.finding,
            sort: query.sort,
            ..CustomersQuery::default()
        }
    }

    const fn file_format(&self) -> FileFormat {
        match (self.format, self.encoding, self.bom) {
            (Format::Xlsx, ..) => FileFormat::Xlsx,
            (Format::Parquet, ..) => FileFormat::Parquet,
            (Format::Csv, Encoding::Gb18030, _) => FileFormat::Csv(TextEncoding::Gb18030),
            (Format::Csv, Encoding::Utf8, Some(false)) => FileFormat::Csv(TextEncoding::Utf8),
            (Format::Csv, Encoding::Utf8, _) => FileFormat::Csv(TextEncoding::Utf8Marked),
        }
    }

    /// Filters by name, as they were asked for.
    fn filters(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("stage", &self.stage),
            ("segment", &self.segment),
            ("range", &self.range),
            ("in_segment", &self.in_segment),
            ("in_list", &self.in_list),
            ("has_tag", &self.has_tag),
            ("where", &self.r#where),
            ("finding", &self.finding),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?))).collect()
    }

    /// Whom the file is about, where that has one name.
    fn subject(&self) -> Option<String> {
        let mut named = [("segment", &self.in_segment), ("list", &self.in_list), ("tag", &self.has_tag)]
            .into_iter()
            .filter_map(|(kind, name)| Some(format!("{kind}:{}", name.as_deref()?)));
        named.next()
    }

    /// The file's name: what it is of, and of which day.
    fn disposition(&self, server: &Server, live: &crate::LiveView, format: FileFormat) -> String {
        let of = match (&self.in_segment, &self.in_list, &self.has_tag) {
            (Some(name), None, None) => {
                let segment = live.definitions.segments.iter().find(|segment| segment.name == *name);
                let title = segment.and_then(|segment| segment.title.as_ref());
                let title = title.zip(self.language).map(|(title, language)| match language {
                    TitleLanguage::En => title.en(),
                    TitleLanguage::Zh => title.zh(),
                });
                Some(title.unwrap_or(name).to_owned())
            }
            (None, Some(name), None) | (None, None, Some(name)) => Some(name.clone()),
            _ => None,
        };
        let day = crate::params::day_text(live.zone.day(server.clock.now_us()));
        named(of.as_deref(), self.language == Some(TitleLanguage::Zh), &day, format.extension())
    }
}
