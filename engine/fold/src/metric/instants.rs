//! When it happened first and last, and what number came with it.

use super::{Function, Metric, MetricState, Value, end_day};
use crate::{FoldClass, Instant};
use perennial_timeline::CustomerEvents;

/// State of days since: the last event's time.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct DaysSince(Option<i64>);

impl MetricState for DaysSince {
    const ORDERED: bool = false;

    fn class(_: &Metric) -> FoldClass {
        FoldClass::Fixed { bytes: size_of::<Self>() as u32 }
    }

    fn extend(&mut self, metric: &Metric, events: &CustomerEvents<'_>, instant: &Instant) {
        let last = metric.matching(events, instant).filter_map(|index| events.time_us.get(index).copied()).max();
        self.0 = self.0.max(last);
    }

    fn value(&self, _: &Metric, instant: &Instant) -> Value {
        Value::Int(self.0.map(|time_us| i64::from(instant.as_of_day) - i64::from(instant.zone.day(time_us))))
    }
}

/// State of first and last: the event's time and number. A window needs no days: the last event is in it
/// or none is, and the first of a window is looked for among those kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Edge(Vec<(i64, i64)>);

impl MetricState for Edge {
    const ORDERED: bool = false;

    fn class(metric: &Metric) -> FoldClass {
        match (&metric.function, metric.window_days) {
            (Function::First(_), Some(days)) => FoldClass::Window { days, bytes_per_day: 16 },
            _ => FoldClass::Fixed { bytes: size_of::<Self>() as u32 + 16 },
        }
    }

    fn extend(&mut self, metric: &Metric, events: &CustomerEvents<'_>, instant: &Instant) {
        for index in metric.matching(events, instant) {
            let Some(number) = metric.number_of(events, index, instant) else { continue };
            let Some(time_us) = events.time_us.get(index) else { continue };
            self.note(metric, (*time_us, number), instant);
        }
    }

    fn value(&self, metric: &Metric, instant: &Instant) -> Value {
        let since = metric.window_days.map(|days| end_day(instant).saturating_sub(days.cast_signed()));
        let kept = |edge: &&(i64, i64)| since.is_none_or(|since| instant.zone.day(edge.0) > since);
        let edge = match metric.function {
            Function::First(_) => self.0.iter().find(kept),
            _ => self.0.last().filter(kept),
        };
        metric.shown(edge.map(|(_, number)| *number))
    }
}

impl Edge {
    /// Keeps what may be an edge: the last one, the first one, or the first of each day of a window.
    fn note(&mut self, metric: &Metric, edge: (i64, i64), instant: &Instant) {
        let Some(days) = metric.window_days.filter(|_| matches!(metric.function, Function::First(_))) else {
            let known = self.0.first().copied().unwrap_or(edge);
            self.0.clear();
            self.0.push(match metric.function {
                Function::First(_) => known.min(edge),
                _ => known.max(edge),
            });
            return;
        };
        let zone = &instant.zone;
        let day = zone.day(edge.0);
        match self.0.binary_search_by_key(&day, |known| zone.day(known.0)) {
            Ok(place) => self.0[place] = self.0[place].min(edge),
            Err(place) => self.0.insert(place, edge),
        }
        let newest = self.0.last().map_or(day, |last| zone.day(last.0));
        let gone = self.0.partition_point(|known| zone.day(known.0) <= newest.saturating_sub(days.cast_signed()));
        self.0.drain(..gone);
    }
}
