//! q2: monthly cohorts. q3: the active rate of each of the last 365 days.

use crate::parameters::Parameters;
use crate::scan::{Base, is_header};
use anyhow::Result;
use perennial_model::{DAY_US, month_of_day};
use perennial_timeline::{Columns, CustomerEvents};
use rustc_hash::FxHashMap;

const FIRST_DAY: i32 = 10_957; // 2000-01-01
const DAYS: usize = 40_000;

/// Months by day from 2000-01-01, so that no event needs the calendar.
struct Months(Vec<i32>);

impl Months {
    fn new() -> Self {
        Self((0..DAYS).map(|index| month_of_day(FIRST_DAY + index as i32)).collect())
    }

    fn of(&self, day: i32) -> i32 {
        usize::try_from(day - FIRST_DAY)
            .ok()
            .and_then(|index| self.0.get(index))
            .copied()
            .unwrap_or_else(|| month_of_day(day))
    }
}

fn days<'a>(events: &'a CustomerEvents<'_>) -> impl Iterator<Item = i32> + 'a {
    let real = events.kind.iter().zip(events.time_us).filter(|(kind, _)| !is_header(**kind));
    real.map(|(_, time)| time.div_euclid(DAY_US) as i32)
}

pub(crate) fn cohorts(base: &Base, parameters: &Parameters) -> Result<Vec<String>> {
    let months = Months::new();
    let step = |cells: &mut FxHashMap<(i32, i32), u64>, events: &CustomerEvents<'_>| {
        let (mut cohort, mut previous_day, mut previous) = (None, i32::MIN, i32::MIN);
        for day in days(events) {
            if day == previous_day {
                continue;
            }
            previous_day = day;
            let month = months.of(day);
            let first = *cohort.get_or_insert(month);
            if month != previous {
                *cells.entry((first, month - first)).or_insert(0) += 1;
                previous = month;
            }
        }
    };
    let mut all = FxHashMap::default();
    for part in base.visit(Columns::BASE, parameters.as_of_us, FxHashMap::default, step)? {
        for (cell, count) in part {
            *all.entry(cell).or_insert(0u64) += count;
        }
    }
    Ok(all.into_iter().map(|((cohort, after), count)| format!("{cohort}\t{after}\t{count}")).collect())
}

/// Changes of the number of active customers and new customers, by day since `from`.
struct Changes {
    active: Vec<i64>,
    new: Vec<i64>,
}

pub(crate) fn active_rate(base: &Base, parameters: &Parameters) -> Result<Vec<String>> {
    let (from, window) = (parameters.as_of_day - 365, parameters.window_days);
    let slot = |day: i32| (day - from).clamp(0, 366) as usize;
    let start = || Changes { active: vec![0; 367], new: vec![0; 367] };
    let step = |changes: &mut Changes, events: &CustomerEvents<'_>| {
        let mut until = i32::MIN;
        let mut previous = i32::MIN;
        for day in days(events) {
            if day == previous {
                continue;
            }
            if previous == i32::MIN {
                changes.new[slot(day)] += 1;
            }
            previous = day;
            // Active from `day` for `window` days; a gap ends the stretch before.
            if day > until {
                if until != i32::MIN {
                    changes.active[slot(until)] -= 1;
                }
                changes.active[slot(day)] += 1;
            }
            until = day + window;
        }
        if until != i32::MIN {
            changes.active[slot(until)] -= 1;
        }
    };
    let parts = base.visit(Columns::BASE, parameters.as_of_us, start, step)?;
    let (mut active, mut known, mut rows) = (0, 0, Vec::with_capacity(365));
    for index in 0..365 {
        active += parts.iter().map(|part| part.active[index]).sum::<i64>();
        known += parts.iter().map(|part| part.new[index]).sum::<i64>();
        rows.push(format!("{}\t{active}\t{known}", from + index as i32));
    }
    Ok(rows)
}
