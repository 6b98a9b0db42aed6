//! Which sources were there until a customer's first order, and how each rule divides its credit among them.

use crate::fold::Place;
use crate::ground::test;
use crate::{AcquisitionError, Ground, Months};
use perennial_definitions::{Month, SourceKind, SourceMode, Text, UNKNOWN_SOURCE};
use perennial_fold::{
    ColumnSpec, CustomerView, Fold, FoldClass, Instant, OwnRow, Registry, Revenue, Summary, Test, run_batch,
};
use perennial_measure::{Attribution, NOT_CAUSAL, USUAL_HALF_LIFE_DAYS, Words};
use perennial_model::{PropertySpec, month_of_day};
use perennial_timeline::{Columns, CustomerEvents, Event, Snapshot, Symbols};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

const RULES: [Attribution; 5] = Attribution::ALL;
/// Whole parts of a customer, so that shares add up exactly and in any order.
const PARTS: i64 = 1_000_000_000_000;

/// Credit for the customers acquired in some months.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Attributed {
    /// Of events before this instant (UTC µs).
    pub as_of_us: i64,
    /// The months, the earliest first.
    pub months: Vec<Month>,
    /// What has to stand beside every figure.
    pub note: Words,
    /// Half-life of a touch under time decay, days.
    pub half_life_days: f64,
    /// Acquired: their first kept order fell into these months.
    pub customers: u64,
    /// What remains of those first orders after refunds, minor units.
    pub revenue_minor: i64,
    /// What all sources have under each rule.
    pub models: Vec<ModelCredit>,
    /// Of each source, in the order of the file, then of customers without any touch.
    pub sources: Vec<AttributedSource>,
}

/// All credit under a rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModelCredit {
    /// What people call the rule.
    pub title: Words,
    /// Its credit.
    #[serde(flatten)]
    pub credit: Credit,
}

/// Credit under a rule.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Credit {
    /// The rule: `first`, `last`, `linear`, `position` or `time_decay`.
    pub model: &'static str,
    /// Customers, in parts of one where several sources share one.
    pub customers: f64,
    /// Revenue of first orders, minor units.
    pub revenue_minor: i64,
}

/// A source's credit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AttributedSource {
    /// Its name; `unknown` for customers without any touch.
    pub source: String,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// Of which kind it is.
    pub kind: Option<SourceKind>,
    /// Explicit or implicit.
    pub mode: Option<SourceMode>,
    /// Under each rule.
    pub credits: Vec<Credit>,
}

/// How each rule divides the credit of the first orders of these months; the months are those of
/// [`figures`](crate::figures). It computes on the thread that calls it.
///
/// # Errors
/// Months that are none, SQL that cannot be used any more, or a failing pass.
pub fn attribution(
    snapshot: &Snapshot,
    ground: &Ground,
    months: Months,
    now_us: i64,
) -> Result<Attributed, AcquisitionError> {
    let as_of_us = months.as_of_us(&ground.zone, now_us, snapshot.latest_time_us())?;
    // Nothing of it is kept live: no budget.
    let mut registry = Registry::with_budget(u64::MAX);
    let touchpoints = registry.add(Touchpoints::of(ground)?)?;
    let instant = Instant::new(as_of_us, ground.zone.clone(), Revenue::Net);
    let mut result = run_batch(snapshot, &mut registry, &instant, ground.threads)?;
    let sums = result.take_summary(touchpoints)?;
    let months = months.within(&ground.zone, as_of_us, sums.first_us)?;
    Ok(sums.drawn(ground, months, as_of_us))
}

/// A fold: the events of a customer that tell a source.
struct Touchpoints {
    sources: Vec<Test>,
}

/// What is divided.
#[derive(Debug, Clone, Copy, Default)]
struct Amount {
    /// Of [`PARTS`] a customer.
    parts: i128,
    minor: i128,
}

impl Amount {
    fn add(&mut self, other: Self) {
        self.parts += other.parts;
        self.minor += other.minor;
    }

    fn revenue_minor(self) -> i64 {
        i64::try_from(self.minor).unwrap_or(i64::MAX)
    }

    fn credit(self, rule: &Attribution) -> Credit {
        Credit {
            model: rule.as_str(),
            customers: self.parts as f64 / PARTS as f64,
            revenue_minor: self.revenue_minor(),
        }
    }
}

/// What [`Touchpoints`] adds up, by number of month.
#[derive(Debug, Default)]
struct Sums {
    /// The first event of all.
    first_us: Option<i64>,
    /// First orders: as many as customers, and their revenue.
    acquired: BTreeMap<i32, (u64, i128)>,
    /// Under each rule.
    credits: BTreeMap<(i32, Place), [Amount; RULES.len()]>,
}

impl Summary for Sums {
    fn merge(&mut self, other: Self) {
        self.first_us = self.first_us.into_iter().chain(other.first_us).min();
        for (month, (customers, minor)) in other.acquired {
            let acquired = self.acquired.entry(month).or_default();
            acquired.0 += customers;
            acquired.1 += minor;
        }
        for (key, more) in other.credits {
            let credits = self.credits.entry(key).or_default();
            credits.iter_mut().zip(more).for_each(|(credit, more)| credit.add(more));
        }
    }
}

impl Sums {
    /// A first order of this month, with the touches before it, in order of time.
    fn add(&mut self, month: i32, minor: i64, touches: &[(i64, usize)]) {
        let acquired = self.acquired.entry(month).or_default();
        acquired.0 += 1;
        acquired.1 += i128::from(minor);
        if touches.is_empty() {
            let whole = Amount { parts: i128::from(PARTS), minor: i128::from(minor) };
            self.credits.entry((month, None)).or_default().iter_mut().for_each(|credit| credit.add(whole));
            return;
        }
        let times: Vec<i64> = touches.iter().map(|(time_us, _)| *time_us).collect();
        for (number, rule) in RULES.iter().enumerate() {
            let divided = rule.credits(PARTS, &times).into_iter().zip(rule.credits(minor, &times));
            for ((parts, minor), (_, place)) in divided.zip(touches) {
                let credits = self.credits.entry((month, Some(*place))).or_default();
                credits[number].add(Amount { parts: i128::from(parts), minor: i128::from(minor) });
            }
        }
    }

    fn drawn(&self, ground: &Ground, months: Vec<Month>, as_of_us: i64) -> Attributed {
        let told = |number: i32| months.contains(&Month::of_number(number));
        let credits = |of: &dyn Fn(Place) -> bool| {
            let mut sums = [Amount::default(); RULES.len()];
            for (_, own) in self.credits.iter().filter(|((number, place), _)| told(*number) && of(*place)) {
                sums.iter_mut().zip(own).for_each(|(sum, more)| sum.add(*more));
            }
            RULES.iter().zip(sums).map(|(rule, sum)| sum.credit(rule)).collect::<Vec<_>>()
        };
        let sources = &ground.definitions.sources;
        let of_source = |place: Place| {
            let source = place.and_then(|place| sources.get(place));
            AttributedSource {
                source: source.map_or_else(|| UNKNOWN_SOURCE.to_owned(), |source| source.name.clone()),
                title: source.and_then(|source| source.title.clone()),
                kind: source.map(|source| source.kind),
                mode: source.map(|source| source.kind.mode()),
                credits: credits(&|other| other == place),
            }
        };
        let acquired = || self.acquired.iter().filter(|(number, _)| told(**number)).map(|(_, acquired)| *acquired);
        let minor = acquired().map(|(_, minor)| minor).sum();
        let of_all = credits(&|_| true).into_iter().zip(&RULES);
        Attributed {
            as_of_us,
            note: Words::new(NOT_CAUSAL.0, NOT_CAUSAL.1),
            half_life_days: USUAL_HALF_LIFE_DAYS,
            customers: acquired().map(|(customers, _)| customers).sum(),
            revenue_minor: Amount { parts: 0, minor }.revenue_minor(),
            models: of_all.map(|(credit, rule)| ModelCredit { title: rule.words(), credit }).collect(),
            sources: (0..sources.len()).map(Some).chain([None]).map(of_source).collect(),
            months,
        }
    }
}

impl Touchpoints {
    fn of(ground: &Ground) -> Result<Self, AcquisitionError> {
        let expressions = ground.expressions()?;
        let sources = ground.definitions.sources.iter();
        let sources = sources.map(|source| test(&expressions, &format!("source {}", source.name), &source.r#where));
        Ok(Self { sources: sources.collect::<Result<_, _>>()? })
    }
}

impl Fold for Touchpoints {
    /// When, and of which source.
    type State = Vec<(i64, usize)>;
    type Summary = Sums;

    fn name(&self) -> &'static str {
        "attribution"
    }

    fn class(&self) -> FoldClass {
        FoldClass::Heavy
    }

    fn reads(&self) -> Option<Columns> {
        Some(self.sources.iter().fold(Columns::BASE, |columns, test| columns.and(test.columns())))
    }

    fn properties(&self) -> Vec<PropertySpec> {
        let mut found: Vec<PropertySpec> = Vec::new();
        for property in self.sources.iter().flat_map(Test::properties) {
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
        self.sources.iter_mut().for_each(|test| test.bind(symbols));
    }

    fn place(&mut self, properties: &[PropertySpec]) {
        self.sources.iter_mut().for_each(|test| test.place(properties));
    }

    fn reset(&self, touches: &mut Self::State) {
        touches.clear();
    }

    fn step(&self, touches: &mut Self::State, event: &Event, instant: &Instant) {
        event.alone(|events| self.extend(touches, events, instant));
    }

    fn extend(&self, touches: &mut Self::State, events: &CustomerEvents<'_>, instant: &Instant) {
        for (index, time_us) in events.time_us.iter().copied().enumerate() {
            let meets = |test: &Test| test.of(events, index, &instant.zone) == Some(true);
            touches.extend(self.sources.iter().position(meets).map(|place| (time_us, place)));
        }
    }

    fn finish(&self, touches: &Self::State, view: &CustomerView<'_>, _: &mut OwnRow<'_>, sums: &mut Sums) {
        sums.first_us = Some(sums.first_us.map_or(view.first_event_us, |first| first.min(view.first_event_us)));
        let Some(first) = view.kept.first() else { return };
        let until = touches.iter().copied().filter(|(time_us, _)| *time_us <= first.time_us);
        let mut until: Vec<(i64, usize)> = until.collect();
        // Of several at one instant that of the first source of the file came first, as a customer's source has it.
        until.sort_unstable();
        sums.add(month_of_day(first.day), first.value(Revenue::Net), &until);
    }
}
