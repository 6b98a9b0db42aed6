//! Who was active on which day: active rate (mechanism 0.1) in both series, and stickiness (3.1).
//! An activity is a kept order or one of the named value events; only buyers count, from the day
//! of their first kept order on.

use crate::calendar::{self, last_day_of_month};
use crate::thresholds::ActivityThresholds;
use perennial_fold::{ColumnSpec, ColumnType, CustomerView, Fold, FoldClass, Instant, Order, OwnRow, Summary};
use perennial_model::EventKind;
use perennial_timeline::{Columns, CustomerEvents, Event, Symbol, Symbols};
use std::sync::Arc;

pub(crate) const LAST_ACTIVE_DAY: &str = "last_active_day";
/// Only where more than one active day is asked for.
pub(crate) const KTH_ACTIVE_DAY: &str = "kth_active_day";

/// Words of the bitmap of active days.
const WORDS: usize = 8;
/// Days a bitmap reaches back: enough for the series of a year with their windows.
pub(crate) const KEPT_DAYS: i32 = 64 * WORDS as i32;
/// The same window a year ago: whole weeks.
pub(crate) const YEAR_DAYS: i32 = 364;

/// The fold of the activity.
#[derive(Debug, Clone, Default)]
pub struct Activity {
    rules: ActivityThresholds,
    value_names: Vec<Symbol>,
}

impl Activity {
    /// With these windows and value events.
    #[must_use]
    pub const fn new(rules: ActivityThresholds) -> Self {
        Self { rules, value_names: Vec::new() }
    }
}

/// Days with a value event: bit i stands for the day i days before the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ActivityState {
    last_day: i32,
    bits: [u64; WORDS],
}

impl ActivityState {
    /// Notes a day; the order of days does not matter.
    #[inline]
    fn note(&mut self, day: i32) {
        let days = if self.is_empty() { 0 } else { day.saturating_sub(self.last_day) };
        if days < 0 {
            self.note_earlier(days.unsigned_abs());
        } else if days > 0 || self.is_empty() {
            self.shift(days.unsigned_abs());
            self.bits[0] |= 1;
            self.last_day = day;
        }
    }

    /// Notes a day so many days before the last one, unless that is out of reach.
    #[cold]
    fn note_earlier(&mut self, days: u32) {
        if let Some(word) = self.bits.get_mut((days / 64) as usize) {
            *word |= 1 << (days % 64);
        }
    }

    const fn is_empty(&self) -> bool {
        self.bits[0] & 1 == 0
    }

    fn shift(&mut self, days: u32) {
        let (words, bits) = ((days / 64) as usize, days % 64);
        for place in (0..WORDS).rev() {
            let low = place.checked_sub(words).map_or(0, |from| self.bits[from] << bits);
            let carried = place.checked_sub(words + 1).map_or(0, |from| self.bits[from].unbounded_shr(64 - bits));
            self.bits[place] = low | carried;
        }
    }
}

/// Distinct active days, latest first, not before `floor`.
#[derive(Clone)]
struct ActiveDays<'a> {
    orders: &'a [Order],
    state: ActivityState,
    word: usize,
    floor: i32,
}

impl ActiveDays<'_> {
    fn value_day(&mut self) -> Option<i32> {
        while self.word < WORDS && self.state.bits[self.word] == 0 {
            self.word += 1;
        }
        let bit = self.state.bits.get(self.word)?.trailing_zeros();
        Some(self.state.last_day - (64 * self.word as i32 + bit as i32))
    }
}

impl Iterator for ActiveDays<'_> {
    type Item = i32;

    #[inline]
    fn next(&mut self) -> Option<i32> {
        let order_day = self.orders.last().map(|order| order.day);
        let value_day = self.value_day();
        let day = order_day.max(value_day).filter(|day| *day >= self.floor)?;
        while let [rest @ .., order] = self.orders
            && order.day == day
        {
            self.orders = rest;
        }
        if value_day == Some(day) {
            let word = &mut self.state.bits[self.word];
            *word &= *word - 1;
            self.word += usize::from(*word == 0);
        }
        Some(day)
    }
}

/// What [`Activity`] adds up.
#[derive(Debug, Default)]
pub struct ActivitySummary {
    frame: Option<Frame>,
    /// Customers active in the window that ends at each point, among those who bought before it.
    active: Vec<u64>,
    /// Customers whose first order lets them into the base from this point on.
    base_from: Vec<u64>,
    /// Changes of the running series from one day to the next.
    running: Vec<i64>,
    /// Customers by first day of the running series on which they are in the base.
    running_base: Vec<u64>,
    /// Customers by active days of the stickiness window; place 0 is 1 day.
    pub(crate) days_active: Vec<u64>,
    /// Whether any value event was seen.
    pub(crate) value_events: bool,
}

/// The days of the series as of one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Frame {
    as_of_us: i64,
    end_day: i32,
    /// Last days of the windows of the fixed series, ascending.
    points: Vec<i32>,
    /// First point on or after a day, counted from the day the first window begins.
    first_point: Vec<u8>,
    /// Nothing before this day matters.
    floor: i32,
    running_start: i32,
}

impl Frame {
    fn new(instant: &Instant, rules: &ActivityThresholds) -> Self {
        let end_day = calendar::end_day(instant);
        let month = calendar::month(end_day);
        let mut points: Vec<i32> = (0..=rules.fixed_months).map(|back| last_day_of_month(month - back)).collect();
        points.retain(|day| *day < end_day);
        points.reverse();
        points.extend([end_day, end_day - rules.window_days, end_day - YEAR_DAYS]);
        points.sort_unstable();
        points.dedup();
        let start = points.first().map_or(end_day, |first| first - rules.window_days + 1);
        let next = |day: i32| u8::try_from(points.partition_point(|point| *point < day)).unwrap_or(u8::MAX);
        let first_point = (start..=end_day).map(next).collect();
        let running_start = end_day - rules.running_days + 1;
        let floor = start.min(running_start - rules.window_days + 1).min(end_day - rules.stickiness_days + 1);
        Self { as_of_us: instant.as_of_us, end_day, points, first_point, floor, running_start }
    }

    /// First day that `first_point` knows.
    fn points_start(&self) -> i32 {
        self.end_day + 1 - self.first_point.len() as i32
    }
}

/// A point of a series: the window's last day, customers active in it, and the base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) day: i32,
    pub(crate) active: u64,
    pub(crate) base: u64,
}

impl ActivitySummary {
    pub(crate) fn add(
        &mut self,
        state: &ActivityState,
        view: &CustomerView<'_>,
        rules: &ActivityThresholds,
    ) -> Option<Latest> {
        let (first, last) = (view.kept.first()?, view.kept.last()?);
        self.value_events |= !state.is_empty();
        let frame = self.take_frame(view.instant, rules);
        self.add_base(first.day, &frame, rules.window_days);
        let floor = frame.floor.max(first.day);
        let mut reach = Reach { running_below: i32::MAX, point_below: frame.points.len(), sticky_days: 0 };
        let word = if state.is_empty() { WORDS } else { 0 };
        let days = ActiveDays { orders: view.kept, state: *state, word, floor };
        let mut kth = None;
        if rules.min_active_days == 1 {
            days.for_each(|day| self.add_day(day, day, first.day, &frame, rules, &mut reach));
        } else {
            // A window holds k active days from the last of them on, as long as it reaches the first.
            let skipped = rules.min_active_days.unsigned_abs() as usize - 1;
            for (last, first_of_k) in days.clone().zip(days.clone().skip(skipped)) {
                kth = kth.or(Some(first_of_k));
                self.add_day(last, first_of_k, first.day, &frame, rules, &mut reach);
            }
            reach.sticky_days = days.filter(|day| *day > frame.end_day - rules.stickiness_days).count();
        }
        if reach.sticky_days > 0
            && let Some(count) = self.days_active.get_mut(reach.sticky_days - 1)
        {
            *count += 1;
        }
        self.frame = Some(frame);
        let value_day = if state.is_empty() { i32::MIN } else { state.last_day };
        Some(Latest { day: last.day.max(value_day), kth })
    }

    /// The frame of the instant, made and the sums sized when it is new.
    fn take_frame(&mut self, instant: &Instant, rules: &ActivityThresholds) -> Frame {
        match self.frame.take() {
            Some(frame) if frame.as_of_us == instant.as_of_us => frame,
            _ => {
                let frame = Frame::new(instant, rules);
                let running = rules.running_days.unsigned_abs() as usize;
                self.active.resize(frame.points.len(), 0);
                self.base_from.resize(frame.points.len(), 0);
                self.running.resize(running + 1, 0);
                self.running_base.resize(running, 0);
                self.days_active.resize(rules.stickiness_days.unsigned_abs() as usize, 0);
                frame
            }
        }
    }

    fn add_base(&mut self, first_day: i32, frame: &Frame, window: i32) {
        let point = frame.points.partition_point(|point| point - window < first_day);
        if let Some(count) = self.base_from.get_mut(point) {
            *count += 1;
        }
        let running = first_day.max(frame.running_start) - frame.running_start;
        if let Some(count) = self.running_base.get_mut(running as usize) {
            *count += 1;
        }
    }

    /// Adds the windows that end on `from_day` or later and reach back to `day`: with k = 1 these
    /// are one. Days come latest first.
    #[inline]
    fn add_day(
        &mut self,
        from_day: i32,
        day: i32,
        first_day: i32,
        frame: &Frame,
        rules: &ActivityThresholds,
        reach: &mut Reach,
    ) {
        reach.sticky_days += usize::from(from_day > frame.end_day - rules.stickiness_days);
        let from = from_day.max(frame.running_start);
        let to = (day + rules.window_days).min(reach.running_below).min(frame.end_day + 1);
        if from < to {
            self.running[(from - frame.running_start) as usize] += 1;
            self.running[(to - frame.running_start) as usize] -= 1;
            reach.running_below = from;
        }
        let Some(first_point) = frame.first_point.get((from_day - frame.points_start()).max(0) as usize) else {
            return;
        };
        let first_point = usize::from(*first_point);
        for place in first_point..reach.point_below {
            let point = frame.points[place];
            if point >= day + rules.window_days {
                break;
            }
            self.active[place] += u64::from(first_day <= point - rules.window_days);
        }
        reach.point_below = reach.point_below.min(first_point);
    }

    /// The fixed series: windows at month ends, at the last day, and before and a year before it.
    pub(crate) fn fixed(&self) -> Vec<Point> {
        let points = self.frame.as_ref().map_or(&[][..], |frame| &frame.points);
        let mut base = 0;
        let sums = points.iter().zip(self.active.iter().zip(&self.base_from));
        sums.map(|(day, (active, more))| {
            base += more;
            Point { day: *day, active: *active, base }
        })
        .collect()
    }

    /// The running series, one point a day.
    pub(crate) fn running(&self) -> Vec<Point> {
        let start = self.frame.as_ref().map_or(0, |frame| frame.running_start);
        let (mut active, mut base) = (0, 0);
        let sums = self.running.iter().zip(&self.running_base);
        (start..)
            .zip(sums)
            .map(|(day, (change, more))| {
                active += change;
                base += more;
                Point { day, active: u64::try_from(active).unwrap_or(0), base }
            })
            .collect()
    }
}

/// A customer's latest active day, and the k-th latest as far as the series reach back.
pub(crate) struct Latest {
    day: i32,
    kth: Option<i32>,
}

/// How far the days of one customer seen so far reach back.
struct Reach {
    running_below: i32,
    point_below: usize,
    sticky_days: usize,
}

impl Summary for ActivitySummary {
    fn merge(&mut self, other: Self) {
        if self.frame.is_none() {
            *self = Self { value_events: self.value_events | other.value_events, ..other };
            return;
        }
        let add = |sums: &mut Vec<u64>, more: &[u64]| sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        add(&mut self.active, &other.active);
        add(&mut self.base_from, &other.base_from);
        add(&mut self.running_base, &other.running_base);
        add(&mut self.days_active, &other.days_active);
        self.running.iter_mut().zip(&other.running).for_each(|(sum, more)| *sum += more);
        self.value_events |= other.value_events;
    }
}

impl Fold for Activity {
    type State = ActivityState;
    type Summary = ActivitySummary;

    fn name(&self) -> &'static str {
        "activity"
    }

    fn class(&self) -> FoldClass {
        FoldClass::Fixed { bytes: std::mem::size_of::<ActivityState>() as u32 }
    }

    fn reads(&self) -> Option<Columns> {
        (!self.rules.value_events.is_empty()).then_some(Columns::NAME)
    }

    fn order_matters(&self) -> bool {
        false
    }

    fn columns(&self) -> Vec<ColumnSpec> {
        let day = |name, description| ColumnSpec { name, column_type: ColumnType::Day, description };
        let mut columns =
            vec![day(LAST_ACTIVE_DAY, "local day of the last kept order or value event of a buyer (0.1)")];
        if self.rules.min_active_days > 1 {
            columns
                .push(day(KTH_ACTIVE_DAY, "k-th latest local day with a kept order or value event of a buyer (0.1)"));
        }
        columns
    }

    fn bind(&mut self, symbols: &Arc<Symbols>) {
        self.value_names = self.rules.value_events.iter().map(|name| symbols.intern(name)).collect();
    }

    #[inline]
    fn step(&self, state: &mut ActivityState, event: &Event, instant: &Instant) {
        if event.kind == EventKind::Event && self.value_names.contains(&event.name) {
            state.note(instant.zone.day(event.time_us));
        }
    }

    fn extend(&self, state: &mut ActivityState, events: &CustomerEvents<'_>, instant: &Instant) {
        let plain = EventKind::Event as u8;
        for ((kind, name), time_us) in events.kind.iter().zip(events.name).zip(events.time_us) {
            if *kind == plain && self.value_names.contains(name) {
                state.note(instant.zone.day(*time_us));
            }
        }
    }

    fn finish(
        &self,
        state: &ActivityState,
        view: &CustomerView<'_>,
        row: &mut OwnRow<'_>,
        summary: &mut ActivitySummary,
    ) {
        let latest = summary.add(state, view, &self.rules);
        row.int(0, latest.as_ref().map(|latest| i64::from(latest.day)));
        if self.rules.min_active_days > 1 {
            row.int(1, latest.and_then(|latest| latest.kth).map(i64::from));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::instant;
    use perennial_model::{CustomerId, Zone};
    use perennial_timeline::Properties;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn extending_is_stepping(
            mut times in prop::collection::vec(0i64..2_000_000_000_000_000, 1..60),
            kinds in prop::collection::vec(0usize..5, 60), names in prop::collection::vec(0usize..4, 60),
            zone in prop::sample::select(vec!["UTC", "Asia/Shanghai", "America/New_York"]),
        ) {
            times.sort_unstable();
            let symbols = Arc::new(Symbols::default());
            let rules = ActivityThresholds::default();
            let mut words = vec![symbols.intern("Email Opened"), symbols.intern("else")];
            words.extend(rules.value_events.iter().map(|name| symbols.intern(name)));
            let mut fold = Activity::new(rules);
            fold.bind(&symbols);
            let kinds: Vec<u8> = kinds[..times.len()].iter().map(|kind| EventKind::ALL[*kind] as u8).collect();
            let names: Vec<Symbol> = names[..times.len()].iter().map(|name| words[name % words.len()]).collect();
            let events = CustomerEvents {
                customer: CustomerId::new(0, 1),
                time_us: &times, kind: &kinds, name: &names,
                mid: &[], order: &[], item: &[], quantity_milli: &[], value_minor: &[],
                channel: &[], source: &[], campaign: &[], received_us: &[], properties: Properties::default(),
                store: &[], staff: &[], category: &[],
            };
            let instant = Instant { zone: Zone::named(zone).unwrap(), ..instant(30_000) };
            let (mut stepped, mut extended) = (ActivityState::default(), ActivityState::default());
            events.iter().for_each(|event| fold.step(&mut stepped, &event, &instant));
            fold.extend(&mut extended, &events, &instant);
            prop_assert_eq!(stepped, extended);
            let (mut late, half) = (ActivityState::default(), times.len() / 2);
            let second_half_first = events.iter().skip(half).chain(events.iter().take(half));
            second_half_first.for_each(|event| fold.step(&mut late, &event, &instant));
            prop_assert_eq!(stepped, late);
        }
    }
}
