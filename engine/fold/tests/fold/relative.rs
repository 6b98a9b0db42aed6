//! Relative columns: fitted once, kept as a version, computed from that version.

use crate::samples::Samples;
use crate::support::{Bench, DAY_US, Raw, START_US};
use perennial_fold::{
    Column, ColumnSpec, ColumnType, CustomerTable, FoldError, Instant, Relative, RelativeSet, Revenue,
};
use perennial_model::{CustomerId, EventKind, Zone};

/// Revenue as a share of the mean; the mean is fitted.
struct AboveMean;

impl Relative for AboveMean {
    type Parameters = f64;

    fn name(&self) -> &'static str {
        "above_mean"
    }
    fn columns(&self) -> Vec<ColumnSpec> {
        vec![ColumnSpec { name: "of_mean", column_type: ColumnType::Float, description: "of the mean" }]
    }
    fn fit(&self, table: &CustomerTable, _instant: &Instant) -> f64 {
        let all: Vec<i64> = (0..table.shards.len()).flat_map(|shard| table.ints(shard, "revenue").to_vec()).collect();
        all.iter().sum::<i64>() as f64 / all.len() as f64
    }
    fn compute(&self, mean: &f64, table: &CustomerTable, shard: usize, _instant: &Instant) -> Vec<Column> {
        vec![Column::Float(table.ints(shard, "revenue").iter().map(|revenue| *revenue as f64 / mean).collect())]
    }
}

/// Uses the column of the one above; nothing to fit.
struct Rich(usize);

impl Relative for Rich {
    type Parameters = ();

    fn name(&self) -> &'static str {
        "rich"
    }
    fn columns(&self) -> Vec<ColumnSpec> {
        vec![ColumnSpec { name: "rich", column_type: ColumnType::Bool, description: "twice the mean" }]
    }
    fn fit(&self, _table: &CustomerTable, _instant: &Instant) {}
    fn compute(&self, (): &(), table: &CustomerTable, shard: usize, _instant: &Instant) -> Vec<Column> {
        let rich = table.floats(shard, "of_mean").iter().map(|share| u8::from(*share >= 2.0));
        vec![Column::Code(rich.skip(self.0).collect())]
    }
}

fn relatives() -> RelativeSet {
    let mut set = RelativeSet::new();
    set.add(AboveMean).unwrap();
    set.add(Rich(0)).unwrap();
    set
}

/// Customers 1 to 7 who spent a tenth of their number each, the last one a fortune.
fn table() -> (Bench, CustomerTable, Instant) {
    let spent = |number: u64| if number == 7 { 100_000 } else { number as i64 * 10 };
    let rows: Vec<Raw> = (1..=7_u64)
        .map(|number| {
            let customer = CustomerId::new((number % 3) as u16, number);
            Raw::of_order(customer, number, EventKind::Order, number, START_US, spent(number))
        })
        .collect();
    let bench = Bench::with_rows(&rows);
    let instant = Instant::new(START_US + DAY_US, Zone::utc(), Revenue::Net);
    let table = Samples::new().run(&bench.snapshot(), &instant).table;
    (bench, table, instant)
}

#[test]
fn columns_come_back_the_same_from_the_saved_version() {
    let (bench, own, instant) = table();
    let set = relatives();
    let mut fitted_table = own.clone();
    let mut fitted = set.fit(&mut fitted_table, &instant).unwrap();
    assert_eq!(fitted_table.codes(1, "rich"), [0, 0, 1], "customers 1, 4 and 7");
    bench.runtime.block_on(set.save(bench.store.as_ref(), &mut fitted)).unwrap();
    assert!(fitted.iter().all(|parameters| parameters.version.is_some()));

    let loaded = bench.runtime.block_on(set.load(bench.store.as_ref())).unwrap();
    assert_eq!(loaded, fitted);
    let mut computed_table = own.clone();
    set.compute(&loaded, &mut computed_table, &instant).unwrap();
    assert_eq!(computed_table.floats(1, "of_mean"), fitted_table.floats(1, "of_mean"));
    assert_eq!(computed_table.specs, fitted_table.specs);

    let mut again = set.fit(&mut own.clone(), &instant).unwrap();
    bench.runtime.block_on(set.save(bench.store.as_ref(), &mut again)).unwrap();
    assert!(again[0].version > fitted[0].version, "a new version, the old one stays what it was");
}

#[test]
fn what_does_not_fit_is_named_and_leaves_the_table() {
    let (bench, own, instant) = table();
    let missing = bench.runtime.block_on(relatives().load(bench.store.as_ref())).unwrap_err();
    assert!(matches!(missing, FoldError::NotFitted { relative: "above_mean" }));
    let mut table = own.clone();
    assert!(matches!(relatives().compute(&[], &mut table, &instant), Err(FoldError::NotFitted { .. })));

    let mut uneven = RelativeSet::new();
    uneven.add(AboveMean).unwrap();
    assert!(matches!(uneven.add(AboveMean), Err(FoldError::NameTaken { .. })));
    uneven.add(Rich(1)).unwrap();
    let error = uneven.fit(&mut table, &instant).unwrap_err();
    assert!(matches!(error, FoldError::UnevenColumn { fold: "rich", column: "rich", .. }), "{error}");
    assert_eq!(table.specs.len(), own.specs.len() + 1, "the column before stays, the uneven one is not there");

    let error = uneven.fit(&mut table, &instant).unwrap_err();
    assert!(matches!(error, FoldError::ColumnTaken { column: "of_mean", .. }));

    let mut fitted = relatives().fit(&mut own.clone(), &instant).unwrap();
    fitted[0].json = "\"three\"".into();
    let error = relatives().compute(&fitted, &mut own.clone(), &instant).unwrap_err();
    assert!(matches!(error, FoldError::Parameters { relative: "above_mean", .. }));
}
