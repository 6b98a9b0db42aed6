//! The folds of the live table's tests: some to which order matters, some to which it does not.

use crate::samples::{Buying, Counts, FirstOrder, RecentDays, Sum};
use perennial_fold::{
    Column, ColumnSpec, ColumnType, CustomerTable, CustomerView, Fold, FoldClass, FoldHandle, Instant, OwnRow,
    Registry, Relative, RelativeSet,
};
use perennial_timeline::{Columns, Event};

/// A number that any other order of the same events would change.
struct Sequence;

impl Fold for Sequence {
    type State = i64;
    type Summary = ();

    fn name(&self) -> &'static str {
        "sequence"
    }
    fn class(&self) -> FoldClass {
        FoldClass::Fixed { bytes: 8 }
    }
    fn reads(&self) -> Option<Columns> {
        Some(Columns::MID)
    }
    fn needs_orders(&self) -> bool {
        false
    }
    fn columns(&self) -> Vec<ColumnSpec> {
        vec![ColumnSpec { name: "sequence", column_type: ColumnType::Int, description: "of a test" }]
    }
    fn step(&self, state: &mut i64, event: &Event, _instant: &Instant) {
        *state = state.wrapping_mul(31).wrapping_add(event.mid.cast_signed());
    }
    fn finish(&self, state: &i64, _view: &CustomerView<'_>, row: &mut OwnRow<'_>, (): &mut ()) {
        row.int(0, Some(*state));
    }
}

/// Steps in any order.
pub(crate) struct Messages;

impl Fold for Messages {
    type State = i64;
    type Summary = Sum;

    fn name(&self) -> &'static str {
        "messages"
    }
    fn class(&self) -> FoldClass {
        FoldClass::Fixed { bytes: 8 }
    }
    fn reads(&self) -> Option<Columns> {
        Some(Columns::BASE)
    }
    fn needs_orders(&self) -> bool {
        false
    }
    fn order_matters(&self) -> bool {
        false
    }
    fn columns(&self) -> Vec<ColumnSpec> {
        vec![ColumnSpec { name: "messages", column_type: ColumnType::Int, description: "of a test" }]
    }
    fn step(&self, state: &mut i64, _event: &Event, _instant: &Instant) {
        *state += 1;
    }
    fn finish(&self, state: &i64, _view: &CustomerView<'_>, row: &mut OwnRow<'_>, summary: &mut Sum) {
        row.int(0, Some(*state));
        summary.0 += state;
    }
}

/// Adds up without a live state.
pub(crate) struct Heavy;

impl Fold for Heavy {
    type State = i64;
    type Summary = Sum;

    fn name(&self) -> &'static str {
        "heavy"
    }
    fn class(&self) -> FoldClass {
        FoldClass::Heavy
    }
    fn reads(&self) -> Option<Columns> {
        Some(Columns::BASE)
    }
    fn columns(&self) -> Vec<ColumnSpec> {
        Vec::new()
    }
    fn step(&self, state: &mut i64, _event: &Event, _instant: &Instant) {
        *state += 1;
    }
    fn finish(&self, state: &i64, _view: &CustomerView<'_>, _row: &mut OwnRow<'_>, summary: &mut Sum) {
        summary.0 += state;
    }
}

/// Revenue as a share of the greatest.
struct OfGreatest;

impl Relative for OfGreatest {
    type Parameters = i64;

    fn name(&self) -> &'static str {
        "of_greatest"
    }
    fn columns(&self) -> Vec<ColumnSpec> {
        vec![ColumnSpec { name: "of_greatest", column_type: ColumnType::Float, description: "of a test" }]
    }
    fn fit(&self, table: &CustomerTable, _instant: &Instant) -> i64 {
        let all = (0..table.shards.len()).flat_map(|shard| table.ints(shard, "revenue").to_vec());
        all.max().unwrap_or(1).max(1)
    }
    fn compute(&self, greatest: &i64, table: &CustomerTable, shard: usize, _instant: &Instant) -> Vec<Column> {
        let revenue = table.ints(shard, "revenue").iter();
        vec![Column::Float(revenue.map(|revenue| *revenue as f64 / *greatest as f64).collect())]
    }
}

pub(crate) fn relatives() -> RelativeSet {
    let mut set = RelativeSet::new();
    set.add(OfGreatest).unwrap();
    set
}

pub(crate) struct Folds {
    pub registry: Registry,
    pub buying: FoldHandle<Buying>,
    pub counted: Option<FoldHandle<Counts>>,
    pub messages: FoldHandle<Messages>,
    pub heavy: FoldHandle<Heavy>,
}

/// With folds to which order matters, or without.
pub(crate) fn folds(ordered: bool) -> Folds {
    let mut registry = Registry::with_budget(u64::MAX);
    let buying = registry.add(Buying).unwrap();
    let messages = registry.add(Messages).unwrap();
    registry.add(FirstOrder::default()).unwrap();
    let heavy = registry.add(Heavy).unwrap();
    let counted = ordered.then(|| {
        registry.add(RecentDays).unwrap();
        registry.add(Sequence).unwrap();
        registry.add(Counts::default()).unwrap()
    });
    Folds { registry, buying, counted, messages, heavy }
}
