//! How many different words or numbers.

use super::{Function, Metric, MetricState, Value, count, end_day};
use crate::{FoldClass, Instant};
use perennial_timeline::{CustomerEvents, Symbol};

/// What was seen with the last day it was seen on, sorted.
#[derive(Debug, Clone, Default)]
pub(super) struct Distinct(Vec<(i64, i32)>);

impl Distinct {
    fn note(&mut self, seen: i64, day: i32) {
        match self.0.binary_search_by_key(&seen, |(known, _)| *known) {
            Ok(place) => self.0[place].1 = self.0[place].1.max(day),
            Err(place) => {
                if self.0.len() == self.0.capacity() {
                    self.0.reserve_exact(self.0.len() / 4 + 1);
                }
                self.0.insert(place, (seen, day));
            }
        }
    }
}

impl MetricState for Distinct {
    const ORDERED: bool = false;

    fn class(_: &Metric) -> FoldClass {
        FoldClass::PerOrder { bytes: size_of::<(i64, i32)>() as u32 }
    }

    fn extend(&mut self, metric: &Metric, events: &CustomerEvents<'_>, instant: &Instant) {
        for index in metric.matching(events, instant) {
            let seen = match metric.function {
                Function::DistinctWords(column) => match column.of(events, index) {
                    Symbol::NONE => None,
                    word => Some(i64::from(word.0)),
                },
                _ => metric.number_of(events, index, instant),
            };
            let Some(seen) = seen else { continue };
            let time_us = events.time_us.get(index).copied().unwrap_or_default();
            // All of history asks for no days.
            self.note(seen, metric.window_days.map_or(0, |_| instant.zone.day(time_us)));
        }
    }

    fn value(&self, metric: &Metric, instant: &Instant) -> Value {
        let Some(days) = metric.window_days else { return count(self.0.len()) };
        let from = end_day(instant).saturating_sub(days.cast_signed());
        count(self.0.iter().filter(|(_, day)| *day > from).count())
    }
}
