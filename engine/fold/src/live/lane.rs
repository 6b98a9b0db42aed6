//! One fold's states of all customers of a shard, its type forgotten.

use crate::{CustomerView, Fold, FoldClass, Instant, OwnRow};
use perennial_timeline::{CustomerEvents, Event};
use std::any::Any;
use std::sync::Arc;

/// A state kept aside.
pub(crate) type Saved = Box<dyn Any + Send>;

pub(crate) trait Lane: Send {
    /// Whether events must be stepped in order (see [`Fold::order_matters`]).
    fn ordered(&self) -> bool;
    /// Room for a further customer, before the first event.
    fn push(&mut self);
    fn reset(&mut self, slot: usize);
    fn extend(&mut self, slot: usize, events: &CustomerEvents<'_>, instant: &Instant);
    /// Writes one row and adds to the summary.
    fn finish(&mut self, slot: usize, view: &CustomerView<'_>, row: &mut OwnRow<'_>);
    /// The `F::Summary` of all customers finished since it was taken last.
    fn take_summary(&mut self) -> Box<dyn Any + Send>;
    fn save(&self, slot: usize) -> Option<Saved>;
    fn restore(&mut self, slot: usize, saved: &Saved);
    fn step(&mut self, slot: usize, event: &Event, instant: &Instant);
    /// Advances a state kept aside.
    fn step_saved(&self, saved: &mut Saved, event: &Event, instant: &Instant);
    /// Gives back memory beyond the states.
    fn shrink_to_fit(&mut self);
    /// Bytes that the states take, without what they hold elsewhere.
    fn room(&self) -> usize;
}

pub(crate) struct LaneOf<F: Fold> {
    fold: Arc<F>,
    /// Heavy folds keep nothing: their lane has no states.
    heavy: bool,
    states: Vec<F::State>,
    summary: F::Summary,
}

impl<F: Fold> LaneOf<F> {
    pub(crate) fn new(fold: &Arc<F>) -> Self {
        let heavy = fold.class() == FoldClass::Heavy;
        Self { fold: Arc::clone(fold), heavy, states: Vec::new(), summary: F::Summary::default() }
    }
}

impl<F: Fold> Lane for LaneOf<F> {
    fn ordered(&self) -> bool {
        !self.heavy && self.fold.reads().is_some() && self.fold.order_matters()
    }

    fn push(&mut self) {
        if !self.heavy {
            self.states.push(F::State::default());
        }
    }

    fn reset(&mut self, slot: usize) {
        if let Some(state) = self.states.get_mut(slot) {
            self.fold.reset(state);
        }
    }

    fn extend(&mut self, slot: usize, events: &CustomerEvents<'_>, instant: &Instant) {
        if let Some(state) = self.states.get_mut(slot) {
            self.fold.extend(state, events, instant);
        }
    }

    fn finish(&mut self, slot: usize, view: &CustomerView<'_>, row: &mut OwnRow<'_>) {
        if let Some(state) = self.states.get(slot) {
            self.fold.finish(state, view, row, &mut self.summary);
        }
    }

    fn take_summary(&mut self) -> Box<dyn Any + Send> {
        Box::new(std::mem::take(&mut self.summary))
    }

    fn save(&self, slot: usize) -> Option<Saved> {
        self.states.get(slot).map(|state| Box::new(state.clone()) as Saved)
    }

    fn restore(&mut self, slot: usize, saved: &Saved) {
        if let (Some(state), Some(saved)) = (self.states.get_mut(slot), saved.downcast_ref::<F::State>()) {
            state.clone_from(saved);
        }
    }

    fn step(&mut self, slot: usize, event: &Event, instant: &Instant) {
        if let Some(state) = self.states.get_mut(slot) {
            self.fold.step(state, event, instant);
        }
    }

    fn step_saved(&self, saved: &mut Saved, event: &Event, instant: &Instant) {
        if let Some(state) = saved.downcast_mut::<F::State>() {
            self.fold.step(state, event, instant);
        }
    }

    fn shrink_to_fit(&mut self) {
        self.states.shrink_to_fit();
    }

    fn room(&self) -> usize {
        super::memory::room(&self.states)
    }
}
