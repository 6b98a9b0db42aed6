//! Counts and sums over all of history, and extremes.

use super::{Function, Metric, MetricState, Value};
use crate::{FoldClass, Instant};
use perennial_timeline::CustomerEvents;

/// A sum that no number of events takes out of its range: of 32 bits each, the lowest first.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Total([u32; 3]);

impl Total {
    pub(super) const fn of(sum: i128) -> Self {
        Self([sum as u32, (sum >> 32) as u32, (sum >> 64) as u32])
    }

    pub(super) fn get(self) -> i128 {
        let [low, middle, high] = self.0;
        i128::from(high.cast_signed()) << 64 | i128::from(middle) << 32 | i128::from(low)
    }

    pub(super) fn add(&mut self, number: i64) {
        *self = Self::of(self.get() + i128::from(number));
    }
}

/// State of count, sum and average.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    events: u32,
    /// Of those, how many have the number.
    numbers: u32,
    sum: Total,
}

impl MetricState for Tally {
    const ORDERED: bool = false;

    fn class(_: &Metric) -> FoldClass {
        FoldClass::Fixed { bytes: size_of::<Self>() as u32 }
    }

    fn extend(&mut self, metric: &Metric, events: &CustomerEvents<'_>, instant: &Instant) {
        for index in metric.matching(events, instant) {
            self.events = self.events.saturating_add(1);
            if let Some(number) = metric.number_of(events, index, instant) {
                self.numbers = self.numbers.saturating_add(1);
                self.sum.add(number);
            }
        }
    }

    fn value(&self, metric: &Metric, _: &Instant) -> Value {
        tallied(metric, u64::from(self.events), u64::from(self.numbers), self.sum.get())
    }
}

/// A count, sum or average of so many events and numbers.
pub(super) fn tallied(metric: &Metric, events: u64, numbers: u64, sum: i128) -> Value {
    match metric.function {
        Function::Sum(_) => {
            let sum = (events == 0 || numbers > 0).then_some(sum);
            match metric.parts() {
                Some(parts) => Value::Float(sum.map(|sum| sum as f64 / parts)),
                None => metric.shown(sum.map(clamped)),
            }
        }
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
pub(super) fn extreme<N: Ord>(function: &Function, known: N, number: N) -> N {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_total_is_the_same_in_any_order() {
        let numbers = [i64::MAX, i64::MAX, -7, i64::MIN + 1, i64::MIN + 1, 9];
        let sum = |numbers: &mut dyn Iterator<Item = &i64>| {
            let mut total = Total::default();
            numbers.for_each(|number| total.add(*number));
            total.get()
        };
        assert_eq!(sum(&mut numbers.iter()), 2);
        assert_eq!(sum(&mut numbers.iter().rev()), 2);
        assert_eq!(Total::of(-1).get(), -1);
    }
}
