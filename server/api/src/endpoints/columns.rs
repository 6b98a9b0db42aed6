//! `GET /api/columns`: what the customer table has.

use crate::access::Access;
use crate::answers::Text;
use crate::answers::customers::{ColumnInfo, Columns};
use crate::body::Answer;
use crate::table::{SHOWN, type_word};
use crate::{Route, Server};
use axum::extract::State;
use perennial_definitions::Metric;
use perennial_fold::{ColumnSpec, ColumnType};
use perennial_learn::column_words;
use std::sync::Arc;

pub(crate) fn route() -> Route {
    Route::get("/api/columns", "columns", answer)
        .summary("The columns of the customer table, with what they mean")
        .access(Access::SignedIn)
        .answers::<Columns>()
}

async fn answer(State(server): State<Arc<Server>>) -> Answer<Columns> {
    let live = server.live.borrow().clone();
    Answer(Columns { columns: live.columns.specs().iter().map(|spec| info(spec, &live.definitions.metrics)).collect() })
}

/// What a column is called and means: a metric as the brand says.
pub(crate) fn texts(spec: &ColumnSpec, metrics: &[Metric]) -> (Text, Text) {
    if let Some(words) = column_words(spec.name) {
        return (Text::new(words.title.0, words.title.1), Text::new(spec.description, words.meaning_zh));
    }
    let metric = metrics.iter().find(|metric| metric.name == spec.name);
    let title = metric.and_then(|metric| metric.title.as_ref());
    let meaning = metric.and_then(|metric| metric.description.as_ref()).or(title);
    (
        title.map_or_else(|| Text::new(spec.name, spec.name), |title| Text::new(title.en(), title.zh())),
        meaning.map_or_else(|| Text::new(spec.description, spec.description), |text| Text::new(text.en(), text.zh())),
    )
}

fn info(spec: &ColumnSpec, metrics: &[Metric]) -> ColumnInfo {
    let (title, description) = texts(spec, metrics);
    ColumnInfo {
        name: spec.name.to_owned(),
        column_type: type_word(spec.column_type).to_owned(),
        words: match spec.column_type {
            ColumnType::Word(words) => words.iter().map(|word| (*word).to_owned()).collect(),
            _ => Vec::new(),
        },
        title,
        description,
        shown: SHOWN.contains(&spec.name),
    }
}
