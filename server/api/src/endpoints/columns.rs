//! `GET /api/columns`: what the customer table has.

use crate::access::Access;
use crate::answers::Text;
use crate::answers::customers::{ColumnInfo, Columns};
use crate::body::Answer;
use crate::table::{SHOWN, type_word};
use crate::{Route, Server};
use axum::extract::State;
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
    let live = server.live.borrow().columns.clone();
    Answer(Columns { columns: live.specs().iter().map(info).collect() })
}

fn info(spec: &ColumnSpec) -> ColumnInfo {
    let words = column_words(spec.name);
    ColumnInfo {
        name: spec.name.to_owned(),
        column_type: type_word(spec.column_type).to_owned(),
        words: match spec.column_type {
            ColumnType::Word(words) => words.iter().map(|word| (*word).to_owned()).collect(),
            _ => Vec::new(),
        },
        title: words.map_or_else(|| Text::new(spec.name, spec.name), |words| Text::new(words.title.0, words.title.1)),
        description: Text::new(spec.description, words.map_or(spec.description, |words| words.meaning_zh)),
        shown: SHOWN.contains(&spec.name),
    }
}
