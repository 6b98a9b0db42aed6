//! What the registry refuses.

use crate::samples::{Buying, Counts, FirstOrder, RecentDays, Samples};
use crate::support::{Bench, Raw, START_US};
use perennial_fold::{
    ColumnSpec, ColumnType, CustomerView, Fold, FoldClass, FoldError, Instant, OwnRow, Registry, Revenue, run_batch,
};
use perennial_model::{CustomerId, Zone};
use perennial_timeline::Columns;

/// A fold of any name, class and column; writes its column so many times.
struct Odd {
    name: &'static str,
    class: FoldClass,
    column: &'static str,
    writes: usize,
}

impl Fold for Odd {
    type State = ();
    type Summary = ();

    fn name(&self) -> &'static str {
        self.name
    }
    fn class(&self) -> FoldClass {
        self.class
    }
    fn columns(&self) -> Vec<ColumnSpec> {
        vec![ColumnSpec { name: self.column, column_type: ColumnType::Int, description: "odd" }]
    }
    fn finish(&self, (): &(), _view: &CustomerView<'_>, row: &mut OwnRow<'_>, (): &mut ()) {
        (0..self.writes).for_each(|_| row.int(0, Some(1)));
    }
}

const FREE: FoldClass = FoldClass::Fixed { bytes: 0 };

#[test]
fn a_fold_over_the_budget_is_refused_by_name_and_leaves_no_trace() {
    let mut registry = Registry::new();
    let before = registry.live_bytes();
    let class = FoldClass::Window { days: 365, bytes_per_day: 600 };
    let error = registry.add(Odd { name: "year", class, column: "year", writes: 1 }).unwrap_err();
    assert!(matches!(error, FoldError::OverBudget { fold: "year", bytes: 2_400, .. }), "{error}");
    assert!(error.to_string().contains("year needs 2400 bytes"));
    assert_eq!((registry.live_bytes(), registry.specs().len()), (before, 0));
    registry.add(Odd { name: "year", class: FoldClass::Heavy, column: "year", writes: 1 }).unwrap();
    assert_eq!(registry.live_bytes(), before, "a heavy fold has no live state");
}

#[test]
fn names_and_columns_are_unique() {
    let mut registry = Registry::new();
    registry.add(Odd { name: "one", class: FREE, column: "a", writes: 1 }).unwrap();
    let again = registry.add(Odd { name: "one", class: FREE, column: "b", writes: 1 }).unwrap_err();
    assert!(matches!(again, FoldError::NameTaken { name: "one" }));
    let clash = registry.add(Odd { name: "two", class: FREE, column: "a", writes: 1 }).unwrap_err();
    assert!(matches!(clash, FoldError::ColumnTaken { fold: "two", column: "a" }));
    let reserved = registry.add(Odd { name: "two", class: FREE, column: "customer_id", writes: 1 }).unwrap_err();
    assert!(matches!(reserved, FoldError::ColumnTaken { .. }));
}

#[test]
fn a_fold_that_forgets_a_value_is_named() {
    let bench = Bench::with_rows(&[Raw::visit(CustomerId::new(2, 1), 1, START_US)]);
    let instant = Instant::new(START_US + 1, Zone::utc(), Revenue::Net);
    for writes in [0, 2] {
        let mut registry = Registry::new();
        registry.add(Odd { name: "odd", class: FREE, column: "a", writes }).unwrap();
        let error = run_batch(&bench.snapshot(), &mut registry, &instant, 1).unwrap_err();
        assert!(matches!(error, FoldError::UnevenColumn { fold: "odd", column: "a", shard: 2, customers: 1, .. }));
    }
}

#[test]
fn a_handle_of_another_registry_gives_an_error() {
    let bench = Bench::new();
    let instant = Instant::new(START_US, Zone::utc(), Revenue::Net);
    let mut other = Registry::new();
    let foreign = other.add(Buying).unwrap();
    let mut samples = Samples::new();
    let mut found = samples.run(&bench.snapshot(), &instant);
    assert!(matches!(found.summary(foreign), Err(FoldError::ForeignHandle { fold: "buying" })));
    assert!(found.take_summary(samples.buying).is_ok());
    assert!(found.take_summary(samples.buying).is_err(), "taken already");
}

#[test]
fn only_what_some_fold_needs_is_read() {
    let mut registry = Registry::new();
    registry.add(RecentDays).unwrap();
    assert_eq!(registry.reads(), Columns::BASE);
    registry.add(Counts::default()).unwrap();
    assert_eq!(registry.reads(), Columns::NAME);
    registry.add(FirstOrder::default()).unwrap();
    assert_eq!(registry.reads(), Columns::NAME.and(Columns::ORDERS));
}

#[test]
fn a_sweep_may_run_while_live_states_exist_but_not_over_another_timeline() {
    let (bench, other) = (Bench::new(), Bench::new());
    let instant = Instant::new(START_US, Zone::utc(), Revenue::Net);
    let mut registry = Registry::new();
    registry.add(Counts::default()).unwrap();
    registry.bind(bench.timeline.symbols()).unwrap();
    let live = registry.live_state(CustomerId::new(0, 1));
    assert!(live.is_empty());
    run_batch(&bench.snapshot(), &mut registry, &instant, 1).unwrap();
    let error = run_batch(&other.snapshot(), &mut registry, &instant, 1).unwrap_err();
    assert!(matches!(error, FoldError::InUse { fold: "counts" }));
    drop(live);
    run_batch(&other.snapshot(), &mut registry, &instant, 1).unwrap();
}
