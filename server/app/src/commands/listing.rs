//! Short lists, written as a table, CSV or JSON.

use super::report_customers::cell;
use crate::cli::Format;
use anyhow::Result;
use serde_json::{Map, Value};

/// A list under these headings; each row has as many values.
pub(super) struct Listing<const WIDTH: usize> {
    pub(super) headings: [&'static str; WIDTH],
    pub(super) rows: Vec<[Value; WIDTH]>,
}

impl<const WIDTH: usize> Listing<WIDTH> {
    /// As the lines of the answer.
    pub(super) fn say(self, format: Format) -> Result<()> {
        match format {
            Format::Table => self.table().iter().for_each(|line| say!("{line}")),
            Format::Csv => {
                say!("{}", self.headings.join(","));
                for row in &self.rows {
                    say!("{}", row.each_ref().map(|value| cell(&text(value))).join(","));
                }
            }
            Format::Json => {
                let object = |row: [Value; WIDTH]| {
                    let named = self.headings.iter().zip(row).map(|(name, value)| ((*name).to_owned(), value));
                    Value::Object(named.collect::<Map<_, _>>())
                };
                let objects: Vec<Value> = self.rows.into_iter().map(object).collect();
                say!("{}", serde_json::to_string(&objects)?);
            }
        }
        Ok(())
    }

    fn table(&self) -> Vec<String> {
        let mut rows = vec![self.headings.map(str::to_owned)];
        rows.extend(self.rows.iter().map(|row| row.each_ref().map(text)));
        let widest = |column: usize| rows.iter().map(|row| columns(&row[column])).max().unwrap_or(0);
        let widths: Vec<usize> = (0..WIDTH).map(widest).collect();
        let line = |row: &[String; WIDTH]| {
            let padded = |(text, width): (&String, &usize)| text.clone() + &" ".repeat(width - columns(text));
            let cells = row.iter().zip(&widths).map(padded);
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        rows.iter().map(line).collect()
    }
}

/// Columns of a terminal that a text takes: Chinese letters take two.
fn columns(text: &str) -> usize {
    text.chars().map(|letter| if letter >= '\u{2e80}' { 2 } else { 1 }).sum()
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// An instant as RFC 3339 in UTC.
pub(super) fn instant(at_us: i64) -> String {
    let at = chrono::DateTime::from_timestamp_micros(at_us);
    at.map_or_else(String::new, |at| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other_whatever_is_written_in_them() {
        let row = |name: &str, count: u64| [Value::from(name), Value::from(count)];
        let listing = Listing { headings: ["来源", "n"], rows: vec![row("抖音广告", 7), row("search", 12)] };
        assert_eq!(listing.table(), ["来源      n", "抖音广告  7", "search    12"]);
    }
}
