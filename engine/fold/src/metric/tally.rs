//! Counts and sums over all of history, and extremes.

use super::{Function, Metric, MetricState, Value};
use crate::{FoldClass, Instant};
use perennial_timeline::CustomerEvents;

/// State of count, sum and average.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    events: u64,
    /// Of those, how many have the number.
    numbers: u64,
    sum: i64,
}

impl MetricState for Tally {
    const ORDERED: bool = false;

    fn class(_: &Metric) -> FoldClass {
        FoldClass::Fixed { bytes: size_of::<Self>() as u32 }
    }

    fn extend(&mut self, metric: &Metric, events: &CustomerEvents<'_>, instant: &Instant) {
        for index in metric.matching(events, instant) {
            self.events += 1;
            if let Some(number) = metric.number_of(events, index, instant) {
                self.numbers += 1;
                self.sum = self.sum.saturating_add(number);
            }
        }
    }

    fn value(&self, metric: &Metric, _: &Instant) -> Value {
        tallied(metric, self.events, self.numbers, i128::from(self.sum))
    }
}

/// A count, sum or average of so many events and numbers.
pub(super) fn tallied(metric: &Metric, events: u64, numbers: u64, sum: i128) -> Value {
    match metric.function {
        Function::Sum(_) => metric.shown((events == 0 || numbers > 0).then(|| clamped(sum))),
        Function::Average(_) => metric.mean(sum, numbers),
        _ => Value::Int(i64::try_from(events).ok()),
    }
}

fn clamped(sum: i128) -> i64 {
    i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN + 1 } else { i64::MAX })
}

/// State of min and max.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Extreme(Option<i64>);

impl Extreme {
    fn note(&mut self, function: &Function, number: i64) {
        self.0 = Some(self.0.map_or(number, |known| extreme(function, known, number)));
    }
}

/// The least or the greatest of two.
pub(super) fn extreme(function: &Function, known: i64, number: i64) -> i64 {
    match function {
        Function::Min(_) => known.min(number),
        _ => known.max(number),
    }
}

impl MetricState for Extreme {
    const ORDERED: bool = false;

    fn class(_: &Metric) -> FoldClass {
        FoldClass::Fixed { bytes: size_of::<Self>() as u32 }
    }

    fn extend(&mut self, metric: &Metric, events: &CustomerEvents<'_>, instant: &Instant) {
        for index in metric.matching(events, instant) {
            if let Some(number) = metric.number_of(events, index, instant) {
                self.note(&metric.function, number);
            }
        }
    }

    fn value(&self, metric: &Metric, _: &Instant) -> Value {
        metric.shown(self.0)
    }
}
