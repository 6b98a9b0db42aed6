//! Days, weeks or months in a row.

use super::{Function, Metric, MetricState, StreakUnit, Value, end_day};
use crate::{FoldClass, Instant};
use perennial_model::{month_of_day, week_of_day};
use perennial_timeline::CustomerEvents;

/// The units of the run that the last event belongs to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Streak(Option<(i32, i32)>);

impl StreakUnit {
    fn of_day(self, day: i32) -> i32 {
        match self {
            Self::Day => day,
            Self::Week => week_of_day(day),
            Self::Month => month_of_day(day),
        }
    }
}

fn unit(metric: &Metric, day: i32) -> i32 {
    match metric.function {
        Function::Streak(unit) => unit.of_day(day),
        _ => day,
    }
}

impl MetricState for Streak {
    const ORDERED: bool = true;

    fn class(_: &Metric) -> FoldClass {
        FoldClass::Fixed { bytes: size_of::<Self>() as u32 }
    }

    fn extend(&mut self, metric: &Metric, events: &CustomerEvents<'_>, instant: &Instant) {
        for index in metric.matching(events, instant) {
            let Some(time_us) = events.time_us.get(index) else { continue };
            let now = unit(metric, instant.zone.day(*time_us));
            self.0 = match self.0 {
                Some((first, last)) if now - last <= 1 => Some((first, now.max(last))),
                _ => Some((now, now)),
            };
        }
    }

    fn value(&self, metric: &Metric, instant: &Instant) -> Value {
        let now = unit(metric, end_day(instant));
        let running = self.0.filter(|(_, last)| now.saturating_sub(*last) <= 1);
        Value::Int(Some(running.map_or(0, |(first, last)| i64::from(last) - i64::from(first) + 1)))
    }
}
