//! Archives of messages of the tracking API, told from tables of orders.

use super::{Columns, Field, Recognition};
use crate::layout::Layout;
use crate::message::Call;
use crate::read::{Format, Source};
use crate::value::NumberStyle;

/// Whether most lines are messages: a `type` that there is beside an id, or a batch of them.
pub(super) fn is_archive(source: &Source, sample: &[Vec<String>]) -> bool {
    let column = |name: &str| source.header().iter().position(|other| other == name);
    let ids = ["messageId", "anonymousId", "userId"].map(column);
    if source.format() != Format::JsonLines || (column("batch").is_none() && ids.iter().all(Option::is_none)) {
        return false;
    }
    let (kind, batch) = (column("type"), column("batch"));
    let cell = |row: &'_ [String], at: Option<usize>| at.and_then(|at| row.get(at)).cloned().unwrap_or_default();
    let is_message = |row: &&Vec<String>| {
        Call::of_type(&cell(row, kind)).is_some() || cell(row, batch).trim_start().starts_with("[{")
    };
    let messages = sample.iter().filter(is_message).count();
    messages > 0 && messages * 10 >= sample.len() * 9
}

/// What an archive's columns mean; only what the brand's settings are found by.
pub(super) fn recognise_archive(source: &Source) -> Recognition {
    let mut columns = Columns::default();
    columns.set(Field::Currency, source.header().iter().position(|name| name == "properties.currency"));
    Recognition {
        file: source.name().to_owned(),
        layout: Layout::Messages,
        source: Layout::Messages.source_name().to_owned(),
        recognised: Vec::new(),
        properties: Vec::new(),
        left: Vec::new(),
        columns,
        time_format: None,
        paid_format: None,
        number_style: NumberStyle::Point,
        amount_decided: None,
        cancel_prefix: false,
    }
}
