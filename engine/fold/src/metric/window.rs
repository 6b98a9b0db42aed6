//! Counts, sums and extremes of the last days: what each day with an event comes to.

use super::sequence::Pairing;
use super::tally::{Total, extreme, tallied};
use super::{Function, Metric, MetricState, Value, end_day};
use crate::{FoldClass, Instant};
use perennial_timeline::CustomerEvents;

/// What the events of one day come to.
#[derive(Debug, Clone, Copy)]
struct Day {
    day: i32,
    events: u32,
    /// Of those, how many have the number.
    numbers: u32,
    /// Their sum, or the extreme of them.
    number: Total,
}

/// Days with an event, ascending; those that no window reaches any more are gone.
#[derive(Debug, Clone, Default)]
struct Days(Vec<Day>);

impl Days {
    /// The day, made where there is none yet; `None` for one that no window reaches.
    fn at(&mut self, day: i32, metric: &Metric) -> Option<&mut Day> {
        let reach = metric.window_days.unwrap_or(u32::MAX).cast_signed();
        if self.0.last().is_some_and(|last| day <= last.day.saturating_sub(reach)) {
            return None;
        }
        let place = self.0.partition_point(|known| known.day < day);
        if self.0.get(place).is_none_or(|known| known.day != day) {
            if self.0.len() == self.0.capacity() {
                self.forget(day.saturating_sub(reach));
                self.0.reserve_exact(self.0.len() / 4 + 1);
            }
            let place = self.0.partition_point(|known| known.day < day);
            self.0.insert(place, Day { day, events: 0, numbers: 0, number: Total::default() });
            return self.0.get_mut(place);
        }
        self.0.get_mut(place)
    }

    /// Drops the days up to this one, unless a later one is already known to reach back so far.
    fn forget(&mut self, day: i32) {
        let gone = self.0.partition_point(|known| known.day <= day);
        self.0.drain(..gone);
    }

    /// Those that the window of an instant reaches.
    fn within(&self, metric: &Metric, instant: &Instant) -> &[Day] {
        let reach = metric.window_days.unwrap_or(u32::MAX).cast_signed();
        let from = end_day(instant).saturating_sub(reach);
        self.0.get(self.0.partition_point(|known| known.day <= from)..).unwrap_or_default()
    }

    const fn class(metric: &Metric) -> FoldClass {
        let days = match metric.window_days {
            Some(days) => days,
            None => u32::MAX,
        };
        FoldClass::Window { days, bytes_per_day: size_of::<Day>() as u32 }
    }
}

/// State of count, sum, average, min and max over a window.
#[derive(Debug, Clone, Default)]
pub(super) struct Windowed(Days);

impl MetricState for Windowed {
    const ORDERED: bool = false;

    fn class(metric: &Metric) -> FoldClass {
        Days::class(metric)
    }

    fn extend(&mut self, metric: &Metric, events: &CustomerEvents<'_>, instant: &Instant) {
        for index in metric.matching(events, instant) {
            let Some(time_us) = events.time_us.get(index) else { continue };
            let number = metric.number_of(events, index, instant);
            let Some(day) = self.0.at(instant.zone.day(*time_us), metric) else { continue };
            day.events = day.events.saturating_add(1);
            let Some(number) = number else { continue };
            match (&metric.function, day.numbers) {
                (Function::Min(_) | Function::Max(_), 0) => day.number = Total::of(i128::from(number)),
                (Function::Min(_) | Function::Max(_), _) => {
                    day.number = Total::of(extreme(&metric.function, day.number.get(), i128::from(number)));
                }
                _ => day.number.add(number),
            }
            day.numbers = day.numbers.saturating_add(1);
        }
    }

    fn value(&self, metric: &Metric, instant: &Instant) -> Value {
        let days = self.0.within(metric, instant);
        if matches!(metric.function, Function::Min(_) | Function::Max(_)) {
            let numbers = days.iter().filter(|day| day.numbers > 0).map(|day| day.number.get());
            let found = numbers.reduce(|known, number| extreme(&metric.function, known, number));
            return metric.shown(found.and_then(|number| i64::try_from(number).ok()));
        }
        let (events, numbers) = days
            .iter()
            .fold((0, 0), |(events, numbers), day| (events + u64::from(day.events), numbers + u64::from(day.numbers)));
        tallied(metric, events, numbers, days.iter().map(|day| day.number.get()).sum())
    }
}

/// State of a sequence over a window: it counts on the day on which it was completed.
#[derive(Debug, Clone, Default)]
pub(super) struct WindowedSequence {
    pairing: Pairing,
    completed: Days,
}

impl MetricState for WindowedSequence {
    const ORDERED: bool = true;

    fn class(metric: &Metric) -> FoldClass {
        Days::class(metric)
    }

    fn extend(&mut self, metric: &Metric, events: &CustomerEvents<'_>, instant: &Instant) {
        let Self { pairing, completed } = self;
        pairing.extend(metric, events, instant, |time_us| {
            if let Some(day) = completed.at(instant.zone.day(time_us), metric) {
                day.events = day.events.saturating_add(1);
            }
        });
    }

    fn value(&self, metric: &Metric, instant: &Instant) -> Value {
        Value::Int(Some(self.completed.within(metric, instant).iter().map(|day| i64::from(day.events)).sum()))
    }
}
