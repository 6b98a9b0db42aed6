//! What an experiment says: its groups compared as assigned.

use crate::audience::compiled;
use crate::orders::{ByDay, ORDERS, OrdersOfDays, REVENUE};
use crate::series::{planned, series};
use crate::{ExperimentError, Frozen, Ground, Members, Series, Standing, State};
use perennial_definitions::{HOLDOUT, OUTCOME_CONVERTED, OUTCOME_ORDERS, OUTCOME_REVENUE, OUTCOMES, Window};
use perennial_fold::{
    BatchResult, Column, ColumnType, CustomerTable, FoldHandle, Instant, NONE_INT, Registry, Revenue, run_batches,
};
use perennial_measure::{Answer, Collector, CompareRequest, Comparison, Interval, Moments, difference_of_means};
use perennial_model::CustomerId;
use perennial_timeline::Snapshot;
use serde::Serialize;
use std::sync::Arc;

/// Level of all intervals.
pub const LEVEL: f64 = 0.95;

/// A begun experiment and the customers in its cohort.
#[derive(Debug, Clone)]
pub struct Running {
    /// How it began.
    pub frozen: Frozen,
    /// Where it stands.
    pub standing: Standing,
    /// What is compared, the main outcome first.
    pub outcomes: Vec<String>,
    /// Who takes part.
    pub cohort: Vec<CustomerId>,
}

/// How many customers a group has.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SizeOfGroup {
    /// The group: `holdout`, an arm, `global_control`.
    pub group: String,
    /// Its customers.
    pub customers: u64,
    /// How many it should have by its share.
    pub expected: f64,
}

/// What an arm brought in all, beyond what its customers would have done anyway.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Incremental {
    /// The arm.
    pub arm: String,
    /// Orders or revenue, in units of the brand's currency.
    pub of: &'static str,
    /// The difference of a customer, times the arm's customers.
    pub value: f64,
    /// Lower end of its interval; none where nobody of both groups did anything.
    pub low: Option<f64>,
    /// Its upper end.
    pub high: Option<f64>,
}

/// What an experiment says up to the end of its last known day.
#[derive(Debug, Clone, Serialize)]
pub struct Reading {
    /// Its name.
    pub name: String,
    /// Whether it runs or has ended.
    pub state: State,
    /// Customers who took part when it began.
    pub began_with: u64,
    /// Of those, erased since.
    pub erased: u64,
    /// Of those, one with another of them since.
    pub merged: u64,
    /// The groups, as they are now.
    pub groups: Vec<SizeOfGroup>,
    /// Arms against the hold-out; none as long as no day is over, or where a group has fewer than two.
    pub answer: Option<Answer>,
    /// Orders and revenue that each arm brought.
    pub incremental: Vec<Incremental>,
    /// The difference day by day.
    pub series: Vec<Series>,
}

impl Reading {
    /// The main outcome, arm by arm.
    pub fn main(&self) -> impl Iterator<Item = &Comparison> {
        let comparisons = self.answer.as_ref().map_or(&[][..], |answer| &answer.comparisons);
        let main = comparisons.first().map_or("", |first| first.outcome.as_str());
        comparisons.iter().filter(move |comparison| comparison.outcome == main)
    }
}

/// What each of several experiments says, in one pass over the timeline.
///
/// # Errors
/// A metric that cannot be used any more, or a failing pass.
pub async fn readings(
    snapshot: &Snapshot,
    ground: &Ground,
    experiments: Vec<Running>,
) -> Result<Vec<Reading>, ExperimentError> {
    let (snapshot, ground) = (snapshot.clone(), ground.clone());
    let read = tokio::task::spawn_blocking(move || read(&snapshot, &ground, &experiments)).await;
    read.map_err(|_| ExperimentError::Cut)?
}

fn read(snapshot: &Snapshot, ground: &Ground, experiments: &[Running]) -> Result<Vec<Reading>, ExperimentError> {
    let mut passes = Vec::with_capacity(experiments.len());
    for running in experiments {
        passes.push(Pass::of(snapshot, ground, running)?);
    }
    let mut wanted: Vec<(&mut Registry, &Instant)> =
        passes.iter_mut().map(|pass| (&mut pass.registry, &pass.instant)).collect();
    let results = if wanted.is_empty() { Vec::new() } else { run_batches(snapshot, &mut wanted, ground.threads)? };
    passes.iter().zip(results).map(|(pass, result)| pass.reading(result, ground)).collect()
}

/// One experiment's part of the pass.
struct Pass<'a> {
    running: &'a Running,
    members: Arc<Members>,
    registry: Registry,
    instant: Instant,
    orders: FoldHandle<OrdersOfDays>,
}

impl<'a> Pass<'a> {
    fn of(snapshot: &Snapshot, ground: &Ground, running: &'a Running) -> Result<Self, ExperimentError> {
        let Standing { starts_us, until_us, days_known, .. } = running.standing;
        let members = Arc::new(Members::of(&running.frozen, &running.cohort, snapshot)?);
        // Nothing of it is kept live: no budget.
        let mut registry = Registry::with_budget(u64::MAX);
        let first_day = running.frozen.experiment.starts.number();
        let days = usize::from(days_known);
        let orders = OrdersOfDays { members: Arc::clone(&members), first_day, starts_us, until_us, days };
        let orders = registry.add(orders)?;
        let expressions = ground.expressions()?;
        for outcome in running.metrics() {
            let metric = ground.definitions.metrics.iter().find(|metric| metric.name == *outcome);
            let metric = metric.ok_or_else(|| ExperimentError::Sql {
                what: format!("outcome {outcome} of {}", running.frozen.experiment.name),
                message: "nobody defines this metric any more".to_owned(),
                fix: "define it again, or name another outcome".to_owned(),
            })?;
            let exactly =
                perennial_definitions::Metric { window: Window::of_days(days_known.max(1)), ..metric.clone() };
            compiled(&exactly, &expressions)?.register(&mut registry)?;
        }
        let instant = Instant::new(until_us, ground.zone.clone(), Revenue::Net);
        Ok(Self { running, members, registry, instant, orders })
    }

    fn reading(&self, mut result: BatchResult, ground: &Ground) -> Result<Reading, ExperimentError> {
        let Running { frozen, standing, cohort, .. } = self.running;
        let sizes = self.members.sizes();
        let customers = self.members.customers.len() as f64;
        let scale = 10_f64.powi(i32::try_from(ground.currency.decimals()).unwrap_or(2));
        let by_day: ByDay = result.take_summary(self.orders)?;
        let mut reading = Reading {
            name: frozen.experiment.name.clone(),
            state: standing.state,
            began_with: frozen.customers,
            erased: frozen.customers.saturating_sub(cohort.len() as u64),
            merged: self.members.merged,
            groups: self
                .members
                .groups
                .iter()
                .zip(&sizes)
                .map(|(group, size)| SizeOfGroup {
                    group: group.name.clone(),
                    customers: *size,
                    expected: group.share * customers,
                })
                .collect(),
            answer: None,
            incremental: Vec::new(),
            series: Vec::new(),
        };
        let compared = (0..sizes.len()).filter(|place| *place == 0 || self.members.is_arm(*place));
        if standing.days_known == 0 || compared.clone().any(|place| sizes[place] < 2) {
            return Ok(reading);
        }
        let outcomes = Outcomes::of(&self.running.outcomes, scale);
        let mut collector = Collector::new(self.request(&sizes), &reading.name, &self.header())?;
        let mut totals = vec![[Moments::default(); 2]; sizes.len()];
        self.collect(&result.table, &outcomes, &mut collector, &mut totals)?;
        reading.answer = Some(collector.answer()?);
        reading.incremental = self.incremental(&totals);
        let first_day = frozen.experiment.starts.number();
        reading.series = series(&self.members, &by_day, first_day, standing.days, standing.days_known, scale, LEVEL);
        Ok(reading)
    }

    /// The columns of a row: the group, then the outcomes.
    fn header(&self) -> Vec<String> {
        [GROUP.to_owned()].into_iter().chain(self.running.outcomes.iter().cloned()).collect()
    }

    fn request(&self, sizes: &[u64]) -> CompareRequest {
        let Standing { state, days, days_known, .. } = self.running.standing;
        let groups = self.members.groups.iter().enumerate();
        let compared = groups.filter(|(place, _)| *place == 0 || self.members.is_arm(*place));
        let assigned: u64 = compared.clone().map(|(place, _)| sizes[place]).sum();
        let outcomes: Vec<&str> = self.running.outcomes.iter().map(String::as_str).collect();
        let running = state == State::Running;
        CompareRequest {
            expected: compared.map(|(_, group)| (group.name.clone(), group.share)).collect(),
            level: LEVEL,
            planned: running.then(|| planned(assigned, days, days_known)),
            // Nobody comes any more, but each day tells as much of everybody as so many would.
            customers_per_day: running.then(|| assigned as f64 / f64::from(days_known.max(1))),
            ..CompareRequest::new(GROUP, HOLDOUT, &outcomes)
        }
    }

    /// Everybody assigned, those who did nothing too.
    fn collect(
        &self,
        table: &CustomerTable,
        outcomes: &Outcomes<'_>,
        collector: &mut Collector,
        totals: &mut [[Moments; 2]],
    ) -> Result<(), ExperimentError> {
        let mut left = self.members.sizes();
        let mut take = |place: usize, values: &[f64], [orders, revenue]: [f64; 2]| {
            totals[place][0].add(orders);
            totals[place][1].add(revenue);
            let counts = place == 0 || self.members.is_arm(place);
            if counts { collector.add_numbers(&self.members.groups[place].name, values) } else { Ok(()) }
        };
        let mut values = Vec::new();
        for shard in 0..table.shards.len() {
            let columns = outcomes.columns(table, shard);
            for (row, customer) in table.shards[shard].customers.iter().enumerate() {
                let Some(place) = self.members.place(CustomerId(*customer)) else { continue };
                left[place] -= 1;
                values.clear();
                values.extend(columns.iter().map(|column| column.at(row)));
                take(place, values.split_off(2).as_slice(), [values[0], values[1]])?;
            }
        }
        // Who has no event any more, after an order that left for somebody else.
        let nothing = vec![0.0; self.running.outcomes.len()];
        for (place, count) in left.into_iter().enumerate() {
            (0..count).try_for_each(|_| take(place, &nothing, [0.0; 2]))?;
        }
        Ok(())
    }

    fn incremental(&self, totals: &[[Moments; 2]]) -> Vec<Incremental> {
        let arms = (0..totals.len()).filter(|place| self.members.is_arm(*place));
        let mut found = Vec::new();
        for arm in arms {
            for (kind, of) in [OUTCOME_ORDERS, OUTCOME_REVENUE].into_iter().enumerate() {
                let (treated, control) = (&totals[arm][kind], &totals[0][kind]);
                let customers = treated.count() as f64;
                let apart = treated.mean().zip(control.mean()).map_or(0.0, |(one, other)| one - other);
                let interval: Option<Interval> =
                    difference_of_means(treated, control, LEVEL).map(|found| found.interval);
                found.push(Incremental {
                    arm: self.members.groups[arm].name.clone(),
                    of,
                    value: apart * customers,
                    low: interval.map(|interval| interval.low * customers),
                    high: interval.map(|interval| interval.high * customers),
                });
            }
        }
        found
    }
}

/// The column of groups: outcomes have no such name.
const GROUP: &str = "group of the experiment";

impl Running {
    /// Outcomes that are metrics, each once.
    fn metrics(&self) -> impl Iterator<Item = &String> {
        self.outcomes.iter().filter(|outcome| !OUTCOMES.contains(&outcome.as_str()))
    }
}

/// How the values of a customer are read: orders and revenue, then the outcomes.
struct Outcomes<'a> {
    names: &'a [String],
    scale: f64,
}

/// One of them, in a shard.
struct Values<'t> {
    column: Option<&'t Column>,
    scale: f64,
    yes_or_no: bool,
}

impl<'a> Outcomes<'a> {
    const fn of(names: &'a [String], scale: f64) -> Self {
        Self { names, scale }
    }

    fn columns<'t>(&self, table: &'t CustomerTable, shard: usize) -> Vec<Values<'t>> {
        let values = |name: &str, yes_or_no: bool| {
            let money = table.position(name).and_then(|place| table.specs.get(place));
            let money = money.is_some_and(|spec| spec.column_type == ColumnType::Money);
            Values { column: table.column(shard, name), scale: if money { self.scale } else { 1.0 }, yes_or_no }
        };
        let outcome = |name: &String| match name.as_str() {
            OUTCOME_CONVERTED => values(ORDERS, true),
            OUTCOME_ORDERS => values(ORDERS, false),
            OUTCOME_REVENUE => values(REVENUE, false),
            metric => values(metric, false),
        };
        [values(ORDERS, false), values(REVENUE, false)].into_iter().chain(self.names.iter().map(outcome)).collect()
    }
}

impl Values<'_> {
    /// Of a customer; where nothing is known of a sum, nothing was added to it.
    fn at(&self, row: usize) -> f64 {
        let value = match self.column {
            Some(Column::Int(values)) => match values.get(row) {
                Some(value) if *value != NONE_INT => *value as f64 / self.scale,
                _ => 0.0,
            },
            Some(Column::Float(values)) => values.get(row).copied().filter(|value| !value.is_nan()).unwrap_or(0.0),
            _ => 0.0,
        };
        if self.yes_or_no { f64::from(u8::from(value > 0.0)) } else { value }
    }
}
