//! A fold with its state, its type forgotten, so that many of them run in one pass.

use crate::{CustomerView, Fold, Instant, OwnRow, Summary};
use perennial_timeline::{CustomerEvents, Event};
use std::any::Any;
use std::sync::Arc;

/// One fold at work: its state of one customer and what it has added up so far.
pub(crate) trait Cell: Send {
    /// Ready for another customer; the summary stays.
    fn reset(&mut self);
    fn step(&mut self, event: &Event, instant: &Instant);
    fn extend(&mut self, events: &CustomerEvents<'_>, instant: &Instant);
    fn finish(&mut self, view: &CustomerView<'_>, row: &mut OwnRow<'_>);
    /// A copy of fold and state with an empty summary.
    fn fork(&self) -> Box<dyn Cell>;
    /// The `F::Summary` so far.
    fn into_summary(self: Box<Self>) -> Box<dyn Any + Send>;
}

pub(crate) struct CellOf<F: Fold> {
    fold: Arc<F>,
    state: F::State,
    summary: F::Summary,
}

impl<F: Fold> CellOf<F> {
    pub(crate) fn new(fold: &Arc<F>) -> Self {
        Self { fold: Arc::clone(fold), state: F::State::default(), summary: F::Summary::default() }
    }
}

impl<F: Fold> Cell for CellOf<F> {
    fn reset(&mut self) {
        self.fold.reset(&mut self.state);
    }

    fn step(&mut self, event: &Event, instant: &Instant) {
        self.fold.step(&mut self.state, event, instant);
    }

    fn extend(&mut self, events: &CustomerEvents<'_>, instant: &Instant) {
        self.fold.extend(&mut self.state, events, instant);
    }

    fn finish(&mut self, view: &CustomerView<'_>, row: &mut OwnRow<'_>) {
        self.fold.finish(&self.state, view, row, &mut self.summary);
    }

    fn fork(&self) -> Box<dyn Cell> {
        Box::new(Self { fold: Arc::clone(&self.fold), state: self.state.clone(), summary: F::Summary::default() })
    }

    fn into_summary(self: Box<Self>) -> Box<dyn Any + Send> {
        Box::new(self.summary)
    }
}

/// Adds `part` to `total`; both must be an `S`, otherwise `part` comes back.
pub(crate) fn merge_summaries<S: Summary>(
    total: &mut (dyn Any + Send),
    part: Box<dyn Any + Send>,
) -> Result<(), Box<dyn Any + Send>> {
    match total.downcast_mut::<S>() {
        Some(sum) => {
            sum.merge(*part.downcast::<S>()?);
            Ok(())
        }
        None => Err(part),
    }
}
