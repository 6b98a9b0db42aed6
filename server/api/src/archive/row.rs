//! A row of the customer table as JSON with the meaning of each column.

use super::{CustomerRow, instant};
use perennial_fold::{Column, ColumnSpec, ColumnType, NONE_INT};
use perennial_learn::column_words;
use perennial_model::civil_from_day;
use serde_json::{Value, json};

/// The columns with name, type, value and meaning in both languages.
#[must_use]
pub fn row_values(row: &CustomerRow) -> Vec<Value> {
    let one = |(spec, column): (&ColumnSpec, &Column)| {
        let words = column_words(spec.name);
        json!({
            "name": spec.name,
            "type": type_word(spec.column_type),
            "value": value(spec.column_type, column),
            "title_en": words.map(|words| words.title.0),
            "title_zh": words.map(|words| words.title.1),
            "description_en": spec.description,
            "description_zh": words.map(|words| words.meaning_zh),
        })
    };
    row.specs.iter().zip(&row.values).map(one).collect()
}

const fn type_word(column_type: ColumnType) -> &'static str {
    match column_type {
        ColumnType::Int => "integer",
        ColumnType::Money => "money_minor",
        ColumnType::Day => "day",
        ColumnType::Time => "instant",
        ColumnType::Float => "number",
        ColumnType::Bool => "boolean",
        ColumnType::Word(_) => "word",
    }
}

fn value(column_type: ColumnType, column: &Column) -> Value {
    match column {
        Column::Int(values) => match (values.first().copied().filter(|value| *value != NONE_INT), column_type) {
            (None, _) => Value::Null,
            (Some(day), ColumnType::Day) => json!(i32::try_from(day).ok().map(date)),
            (Some(at_us), ColumnType::Time) => json!(instant(at_us)),
            (Some(number), _) => json!(number),
        },
        Column::Float(values) => json!(values.first().filter(|value| !value.is_nan())),
        Column::Code(codes) => match (codes.first().copied().filter(|code| *code != u8::MAX), column_type) {
            (None, _) => Value::Null,
            (Some(code), ColumnType::Word(words)) => json!(words.get(usize::from(code))),
            (Some(code), _) => json!(code != 0),
        },
    }
}

fn date(day: i32) -> String {
    let (year, month, day) = civil_from_day(day);
    format!("{year:04}-{month:02}-{day:02}")
}
