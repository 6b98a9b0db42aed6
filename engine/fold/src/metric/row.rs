//! Conditions that no comparison expresses: each event's cells go to a judge.

use super::property::Property;
use super::test::{Cell, EventColumn, NumberColumn, WordColumn};
use perennial_model::{EventKind, Zone};
use perennial_timeline::{Columns, CustomerEvents, NONE, Symbols};
use std::fmt;
use std::sync::Arc;

/// Judges the cells of an event; `None` is unknown.
pub type RowJudge = dyn Fn(&[Cell]) -> Option<bool> + Send + Sync;

/// A condition on several cells of an event.
pub struct RowTest {
    columns: Vec<EventColumn>,
    judge: Arc<RowJudge>,
    symbols: Option<Arc<Symbols>>,
}

impl fmt::Debug for RowTest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RowTest").field("columns", &self.columns).finish_non_exhaustive()
    }
}

impl RowTest {
    /// The judge gets the cells of these columns, in this order.
    #[must_use]
    pub const fn new(columns: Vec<EventColumn>, judge: Arc<RowJudge>) -> Self {
        Self { columns, judge, symbols: None }
    }

    pub(super) fn columns(&self) -> Columns {
        let of = |column: &EventColumn| match column {
            EventColumn::Kind => Columns::BASE,
            EventColumn::Word(column) => column.columns(),
            EventColumn::Number(column) => column.columns(),
        };
        self.columns.iter().map(of).fold(Columns::BASE, Columns::and)
    }

    pub(super) fn bound(&self, symbols: &Arc<Symbols>) -> Self {
        let (columns, judge) = (self.columns.clone(), Arc::clone(&self.judge));
        Self { columns, judge, symbols: Some(Arc::clone(symbols)) }
    }

    /// The same after each property was shown.
    pub(super) fn each_property(&self, see: &mut dyn FnMut(&mut Property)) -> Self {
        let mut columns = self.columns.clone();
        for column in &mut columns {
            if let EventColumn::Word(WordColumn::Property(property))
            | EventColumn::Number(NumberColumn::Property(property)) = column
            {
                see(property);
            }
        }
        Self { columns, judge: Arc::clone(&self.judge), symbols: self.symbols.clone() }
    }

    pub(super) fn of(&self, events: &CustomerEvents<'_>, index: usize, zone: &Zone) -> Option<bool> {
        let symbols = self.symbols.as_ref()?;
        let cell = |column: &EventColumn| match column {
            EventColumn::Kind => {
                let stored = events.kind.get(index).copied();
                Cell::Kind(stored.and_then(EventKind::from_stored).unwrap_or(EventKind::Event))
            }
            EventColumn::Word(column) => Cell::Word(symbols.word(column.of(events, index))),
            EventColumn::Number(column) => {
                Cell::Number(Some(column.of(events, index, zone)).filter(|number| *number != NONE))
            }
        };
        (self.judge)(&self.columns.iter().map(cell).collect::<Vec<_>>())
    }
}
