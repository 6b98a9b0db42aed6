//! What was recognised, column by column, for a page.

use super::{Field, ImportPlan, Part, Recognition};
use crate::ListenError;
use crate::read::Source;
use perennial_model::{IdentityKey, IdentityKind};

/// Rows shown of each column.
const SHOWN_ROWS: usize = 3;
/// Letters shown of a cell.
const SHOWN_LETTERS: usize = 40;

/// In English and in Chinese.
pub type Words = (String, String);

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribedFile {
    /// Its name.
    pub name: String,
    /// Format, encoding, line of headings.
    pub description: String,
    /// The shop system whose export it is; none where nothing was recognised.
    pub layout: Option<Words>,
    /// All columns, in order.
    pub columns: Vec<DescribedColumn>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribedColumn {
    /// Heading.
    pub name: String,
    /// Its meaning.
    pub field: Option<Field>,
    /// The property it is kept as.
    pub property: Option<String>,
    /// Why, and how it is written.
    pub notes: Vec<Words>,
    /// First cells; of columns that may name somebody, little of them.
    pub samples: Vec<String>,
}

impl ImportPlan {
    /// Each file, column by column. Reads some rows again.
    ///
    /// # Errors
    /// As [`Source::sample`].
    pub fn described(&self) -> Result<Vec<DescribedFile>, ListenError> {
        self.units.iter().flat_map(|unit| &unit.parts).map(part).collect()
    }

    /// Why zone and currency are what they are.
    #[must_use]
    pub fn reasons_of_settings(&self) -> [Words; 2] {
        [self.zone_origin, self.currency_origin].map(|origin| {
            let (en, zh) = super::display::origin(origin, "");
            if en.is_empty() {
                ("as chosen".to_owned(), "已指定".to_owned())
            } else {
                (en.to_owned(), zh.to_owned())
            }
        })
    }
}

fn part(part: &Part) -> Result<DescribedFile, ListenError> {
    described(&part.source, Some(&part.recognition))
}

/// A file of which nothing could be made, column by column.
///
/// # Errors
/// As [`Source::sample`].
pub fn described_only(source: &Source) -> Result<DescribedFile, ListenError> {
    described(source, None)
}

fn described(source: &Source, recognition: Option<&Recognition>) -> Result<DescribedFile, ListenError> {
    let rows = source.sample(SHOWN_ROWS)?;
    let column = |(place, name): (usize, &String)| {
        let entry = recognition.and_then(|known| known.recognised.iter().find(|entry| entry.column == place));
        let property = recognition.and_then(|known| known.properties.iter().find(|entry| entry.column == place));
        let field = entry.map(|entry| entry.field);
        let notes = recognition.zip(entry).map_or(Vec::new(), |(known, entry)| known.notes_for_a_page(entry));
        let shown = |row: &Vec<String>| row.get(place).map(|cell| shown(cell, field)).unwrap_or_default();
        DescribedColumn {
            name: name.clone(),
            field,
            property: property.map(|property| property.spec.name.clone()),
            notes: notes.into_iter().map(|(en, zh)| (en.to_owned(), zh.to_owned())).collect(),
            samples: rows.iter().map(shown).collect(),
        }
    };
    let title = recognition.map(|known| known.layout.title());
    Ok(DescribedFile {
        name: source.name().to_owned(),
        description: source.describe(),
        layout: title.map(|(en, zh)| (en.to_owned(), zh.to_owned())),
        columns: source.header().iter().enumerate().map(column).collect(),
    })
}

/// A cell that names nobody as it is; of any other the first letter.
fn shown(cell: &str, field: Option<Field>) -> String {
    let cell = cell.trim();
    let plain = field.is_some_and(|field| {
        matches!(
            field,
            Field::PaidTime
                | Field::Time
                | Field::CancelledTime
                | Field::Item
                | Field::ItemName
                | Field::Category
                | Field::Quantity
                | Field::UnitPrice
                | Field::LineAmount
                | Field::OrderAmount
                | Field::Amount
                | Field::RefundAmount
                | Field::Status
                | Field::RefundStatus
                | Field::Currency
                | Field::Channel
                | Field::Store
                | Field::Campaign
                | Field::Event
        )
    });
    let text: String = cell.chars().take(SHOWN_LETTERS).collect();
    if plain || text.is_empty() { text } else { IdentityKey { kind: IdentityKind::Member, value: text }.masked() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_may_name_somebody_is_hidden() {
        assert_eq!(shown("12.50", Some(Field::LineAmount)), "12.50");
        assert_eq!(shown("13800138000", Some(Field::Phone)), "1***0");
        assert_eq!(shown("张三", None), "张***");
        assert_eq!(shown("A-1001", Some(Field::Order)), "A***1");
        assert_eq!(shown(" ", None), "");
    }
}
