//! How a customer came, was touched and went on: a fold.

use crate::ground::test;
use crate::{AcquisitionError, Ground};
use perennial_fold::{ColumnSpec, CustomerView, Fold, FoldClass, Instant, OwnRow, Revenue, Summary, Test};
use perennial_model::{PropertySpec, month_of_day};
use perennial_timeline::{Columns, CustomerEvents, Event, Symbols};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Days after the day of the first order over which customers of all sources are compared (mechanism 2.14).
pub const HORIZON_DAYS: i32 = 60;

/// The place of a source; customers of none come last.
pub(crate) type Place = Option<usize>;

/// See the module.
pub(crate) struct Journey {
    sources: Vec<Test>,
    touch: Option<Test>,
    complaint: Option<Test>,
}

/// What is known of a customer on the way.
#[derive(Debug, Clone, Default)]
pub(crate) struct Way {
    /// When the earliest event met a source's condition, and the first such source.
    came: Option<(i64, usize)>,
    touches: Vec<i64>,
    complaints: Vec<i64>,
}

/// Customers whose first order fell into a month, by their source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Cohort {
    /// All of them.
    pub(crate) customers: u64,
    /// Of whom the days after the first order are over; all below is of those and of these days.
    pub(crate) followed: u64,
    /// Who ordered again.
    pub(crate) second: u64,
    /// Complaints, from the first order on.
    pub(crate) complaints: u64,
    /// What remains of their money, minor units.
    pub(crate) value_minor: i128,
}

/// Touches of a month: before the customer's first order, and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Touches {
    pub(crate) acquisition: u64,
    pub(crate) retention: u64,
}

/// What [`Journey`] adds up, by number of month.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    /// The first event of all.
    pub(crate) first_us: Option<i64>,
    pub(crate) touches: BTreeMap<i32, Touches>,
    pub(crate) cohorts: BTreeMap<(i32, Place), Cohort>,
}

impl Cohort {
    pub(crate) fn add(&mut self, other: Self) {
        self.customers += other.customers;
        self.followed += other.followed;
        self.second += other.second;
        self.complaints += other.complaints;
        self.value_minor += other.value_minor;
    }
}

impl Summary for Sums {
    fn merge(&mut self, other: Self) {
        self.first_us = self.first_us.into_iter().chain(other.first_us).min();
        for (month, more) in other.touches {
            let touches = self.touches.entry(month).or_default();
            touches.acquisition += more.acquisition;
            touches.retention += more.retention;
        }
        for (key, more) in other.cohorts {
            self.cohorts.entry(key).or_default().add(more);
        }
    }
}

impl Journey {
    pub(crate) fn of(ground: &Ground) -> Result<Self, AcquisitionError> {
        let expressions = ground.expressions()?;
        let sources = ground.definitions.sources.iter();
        let sources = sources.map(|source| test(&expressions, &format!("source {}", source.name), &source.r#where));
        let of_brand = |what: &str, sql: &Option<String>| sql.as_ref().map(|sql| test(&expressions, what, sql));
        let brand = &ground.definitions.brand;
        Ok(Self {
            sources: sources.collect::<Result<_, _>>()?,
            touch: of_brand("touch of the brand", &brand.touch).transpose()?,
            complaint: of_brand("complaint of the brand", &brand.complaint).transpose()?,
        })
    }

    fn tests(&self) -> impl Iterator<Item = &Test> {
        self.sources.iter().chain(&self.touch).chain(&self.complaint)
    }

    fn tests_mut(&mut self) -> impl Iterator<Item = &mut Test> {
        self.sources.iter_mut().chain(&mut self.touch).chain(&mut self.complaint)
    }

    fn cohort(way: &Way, view: &CustomerView<'_>) -> Option<((i32, Place), Cohort)> {
        let first = view.kept.first()?;
        let source = way.came.filter(|(came_us, _)| *came_us <= first.time_us).map(|(_, place)| place);
        let last_day = first.day.saturating_add(HORIZON_DAYS);
        let mut cohort = Cohort { customers: 1, ..Cohort::default() };
        if last_day < view.instant.as_of_day {
            let until = view.kept.partition_point(|order| order.day <= last_day);
            let orders = view.kept.get(..until).unwrap_or_default();
            let in_time = |time_us: i64| time_us >= first.time_us && view.instant.zone.day(time_us) <= last_day;
            cohort.followed = 1;
            cohort.second = u64::from(orders.len() > 1);
            cohort.complaints = way.complaints.iter().filter(|time_us| in_time(**time_us)).count() as u64;
            cohort.value_minor = orders.iter().map(|order| i128::from(order.value(Revenue::Net))).sum();
        }
        Some(((month_of_day(first.day), source), cohort))
    }
}

impl Fold for Journey {
    type State = Way;
    type Summary = Sums;

    fn name(&self) -> &'static str {
        "acquisition"
    }

    fn class(&self) -> FoldClass {
        FoldClass::Heavy
    }

    fn reads(&self) -> Option<Columns> {
        Some(self.tests().fold(Columns::BASE, |columns, test| columns.and(test.columns())))
    }

    fn properties(&self) -> Vec<PropertySpec> {
        let mut found: Vec<PropertySpec> = Vec::new();
        for property in self.tests().flat_map(Test::properties) {
            if !found.contains(&property) {
                found.push(property);
            }
        }
        found
    }

    fn columns(&self) -> Vec<ColumnSpec> {
        Vec::new()
    }

    fn bind(&mut self, symbols: &Arc<Symbols>) {
        self.tests_mut().for_each(|test| test.bind(symbols));
    }

    fn place(&mut self, properties: &[PropertySpec]) {
        self.tests_mut().for_each(|test| test.place(properties));
    }

    fn reset(&self, way: &mut Way) {
        way.came = None;
        way.touches.clear();
        way.complaints.clear();
    }

    fn step(&self, way: &mut Way, event: &Event, instant: &Instant) {
        event.alone(|events| self.extend(way, events, instant));
    }

    fn extend(&self, way: &mut Way, events: &CustomerEvents<'_>, instant: &Instant) {
        let zone = &instant.zone;
        for (index, time_us) in events.time_us.iter().copied().enumerate() {
            let meets = |test: &Test| test.of(events, index, zone) == Some(true);
            // Of an event later than the first that told a source nothing is asked.
            let before = match way.came {
                None => self.sources.len(),
                Some((came_us, place)) if came_us == time_us => place,
                Some(_) => 0,
            };
            if let Some(place) = self.sources.iter().take(before).position(meets) {
                way.came = Some((time_us, place));
            }
            if self.touch.as_ref().is_some_and(meets) {
                way.touches.push(time_us);
            }
            if self.complaint.as_ref().is_some_and(meets) {
                way.complaints.push(time_us);
            }
        }
    }

    fn finish(&self, way: &Way, view: &CustomerView<'_>, _: &mut OwnRow<'_>, sums: &mut Sums) {
        sums.first_us = Some(sums.first_us.map_or(view.first_event_us, |first| first.min(view.first_event_us)));
        let first_us = view.kept.first().map_or(i64::MAX, |first| first.time_us);
        for time_us in &way.touches {
            let touches = sums.touches.entry(month_of_day(view.instant.zone.day(*time_us))).or_default();
            let side = if *time_us < first_us { &mut touches.acquisition } else { &mut touches.retention };
            *side += 1;
        }
        if let Some((key, cohort)) = Self::cohort(way, view) {
            sums.cohorts.entry(key).or_default().add(cohort);
        }
    }
}
