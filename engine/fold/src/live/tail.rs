//! The last events of a customer, so that one that comes a little late is put in its place.

use super::lane::{Lane, Saved};
use crate::Instant;
use perennial_timeline::Event;

/// Events a tail holds; when there are more, the older half goes into the checkpoint.
pub(crate) const TAIL_EVENTS: usize = 8;

/// States before the last events, and those events in order.
pub(crate) struct Tail {
    /// One for each ordered lane, in order.
    checkpoint: Vec<Saved>,
    /// All events of the checkpoint are at or before this.
    after: (i64, u64),
    events: Vec<Event>,
    pub(crate) touched_us: i64,
}

impl Tail {
    /// Before the next events of a customer whose events so far end at `last_us`.
    pub(crate) fn begin(lanes: &[Box<dyn Lane>], slot: usize, last_us: i64, now_us: i64) -> Self {
        let checkpoint = ordered(lanes).filter_map(|lane| lane.save(slot)).collect();
        Self { checkpoint, after: (last_us, u64::MAX), events: Vec::new(), touched_us: now_us }
    }

    /// Notes events that the lanes have seen already, in order.
    pub(crate) fn note(&mut self, lanes: &[Box<dyn Lane>], events: impl Iterator<Item = Event>, instant: &Instant) {
        self.touched_us = instant.as_of_us;
        for event in events {
            self.events.push(event);
            if self.events.len() > TAIL_EVENTS {
                self.settle(lanes, TAIL_EVENTS / 2, instant);
            }
        }
    }

    /// Puts late events in their places and plays the ordered lanes again from the checkpoint;
    /// whether that could be done.
    pub(crate) fn replay(
        &mut self,
        lanes: &mut [Box<dyn Lane>],
        slot: usize,
        late: impl Iterator<Item = Event> + Clone,
        instant: &Instant,
    ) -> bool {
        if late.clone().any(|event| (event.time_us, event.mid) <= self.after) {
            return false;
        }
        self.touched_us = instant.as_of_us;
        self.events.extend(late);
        self.events.sort_unstable_by_key(|event| (event.time_us, event.mid));
        let lanes_of_checkpoint = lanes.iter_mut().filter(|lane| lane.ordered());
        for (lane, saved) in lanes_of_checkpoint.zip(&self.checkpoint) {
            lane.restore(slot, saved);
            self.events.iter().for_each(|event| lane.step(slot, event, instant));
        }
        if self.events.len() > TAIL_EVENTS {
            self.settle(lanes, self.events.len() - TAIL_EVENTS / 2, instant);
        }
        true
    }

    /// Moves the oldest events into the checkpoint.
    fn settle(&mut self, lanes: &[Box<dyn Lane>], count: usize, instant: &Instant) {
        for event in self.events.drain(..count) {
            self.after = (event.time_us, event.mid);
            for (lane, saved) in ordered(lanes).zip(&mut self.checkpoint) {
                lane.step_saved(saved, &event, instant);
            }
        }
    }
}

fn ordered(lanes: &[Box<dyn Lane>]) -> impl Iterator<Item = &Box<dyn Lane>> {
    lanes.iter().filter(|lane| lane.ordered())
}
