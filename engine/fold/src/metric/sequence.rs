//! One event followed by another within some time.

use super::{Function, Metric, MetricState, Value};
use crate::{FoldClass, Instant};
use perennial_timeline::CustomerEvents;

/// The beginning that waits for its end.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pairing(Option<i64>);

impl Pairing {
    /// Tells when each sequence was completed. An event that can do both ends one before it begins one.
    pub(super) fn extend(
        &mut self,
        metric: &Metric,
        events: &CustomerEvents<'_>,
        instant: &Instant,
        mut completed: impl FnMut(i64),
    ) {
        let Function::Sequence { then, within_us } = &metric.function else { return };
        for (index, time_us) in events.time_us.iter().enumerate() {
            if let Some(began_us) = self.0
                && then.of(events, index, &instant.zone) == Some(true)
                && time_us.saturating_sub(began_us) <= *within_us
            {
                self.0 = None;
                completed(*time_us);
            }
            if metric.test.of(events, index, &instant.zone) == Some(true) {
                self.0 = Some(*time_us);
            }
        }
    }
}

/// State of a sequence over all of history.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sequence {
    pairing: Pairing,
    completed: i64,
}

impl MetricState for Sequence {
    const ORDERED: bool = true;

    fn class(_: &Metric) -> FoldClass {
        FoldClass::Fixed { bytes: size_of::<Self>() as u32 }
    }

    fn extend(&mut self, metric: &Metric, events: &CustomerEvents<'_>, instant: &Instant) {
        let Self { pairing, completed } = self;
        pairing.extend(metric, events, instant, |_| *completed += 1);
    }

    fn value(&self, _: &Metric, _: &Instant) -> Value {
        Value::Int(Some(self.completed))
    }
}
