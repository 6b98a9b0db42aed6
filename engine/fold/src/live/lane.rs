//! One fold's states of all customers of a shard, its type forgotten.

use super::memory::{push, room};
use crate::{CustomerView, Fold, FoldClass, Instant, OwnRow};
use perennial_timeline::{CustomerEvents, Event};
use std::any::Any;
use std::sync::Arc;

/// A state kept aside.
pub(crate) type Saved = Box<dyn Any + Send>;

pub(crate) trait Lane: Send {
    /// Whether events must be stepped in order (see [`Fold::order_matters`]).
    fn ordered(&self) -> bool;
    /// Whether single events say all that it needs (see [`Fold::properties`]).
    fn replays(&self) -> bool;
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
    states: States<F::State>,
    summary: F::Summary,
}

enum States<S> {
    /// Of each customer its own.
    Each(Vec<S>),
    /// Of a fold that reads no events it stays as it was at first.
    Fresh(S),
    /// Heavy folds keep nothing and are not finished here.
    Heavy,
}

impl<S> States<S> {
    fn get(&self, slot: usize) -> Option<&S> {
        match self {
            Self::Each(states) => states.get(slot),
            Self::Fresh(state) => Some(state),
            Self::Heavy => None,
        }
    }

    /// The state of one customer, where there is such a thing.
    fn own(&mut self, slot: usize) -> Option<&mut S> {
        match self {
            Self::Each(states) => states.get_mut(slot),
            Self::Fresh(_) | Self::Heavy => None,
        }
    }
}

impl<F: Fold> LaneOf<F> {
    pub(crate) fn new(fold: &Arc<F>) -> Self {
        let states = match (fold.class(), fold.reads()) {
            (FoldClass::Heavy, _) => States::Heavy,
            (_, None) => States::Fresh(F::State::default()),
            (_, Some(_)) => States::Each(Vec::new()),
        };
        Self { fold: Arc::clone(fold), states, summary: F::Summary::default() }
    }
}

impl<F: Fold> Lane for LaneOf<F> {
    fn ordered(&self) -> bool {
        matches!(self.states, States::Each(_)) && self.fold.order_matters()
    }

    fn replays(&self) -> bool {
        self.fold.properties().is_empty()
    }

    fn push(&mut self) {
        if let States::Each(states) = &mut self.states {
            push(states, F::State::default());
        }
    }

    fn reset(&mut self, slot: usize) {
        if let Some(state) = self.states.own(slot) {
            self.fold.reset(state);
        }
    }

    fn extend(&mut self, slot: usize, events: &CustomerEvents<'_>, instant: &Instant) {
        if let Some(state) = self.states.own(slot) {
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
        match &self.states {
            States::Each(states) => states.get(slot).map(|state| Box::new(state.clone()) as Saved),
            States::Fresh(_) | States::Heavy => None,
        }
    }

    fn restore(&mut self, slot: usize, saved: &Saved) {
        if let (Some(state), Some(saved)) = (self.states.own(slot), saved.downcast_ref::<F::State>()) {
            state.clone_from(saved);
        }
    }

    fn step(&mut self, slot: usize, event: &Event, instant: &Instant) {
        if let Some(state) = self.states.own(slot) {
            self.fold.step(state, event, instant);
        }
    }

    fn step_saved(&self, saved: &mut Saved, event: &Event, instant: &Instant) {
        if let Some(state) = saved.downcast_mut::<F::State>() {
            self.fold.step(state, event, instant);
        }
    }

    fn shrink_to_fit(&mut self) {
        if let States::Each(states) = &mut self.states {
            states.shrink_to_fit();
        }
    }

    fn room(&self) -> usize {
        match &self.states {
            States::Each(states) => room(states),
            States::Fresh(_) | States::Heavy => 0,
        }
    }
}
