//! Folds of each shape: counting, orders only, a window, a word.

use crate::support::CHANNELS;
use perennial_fold::{
    BatchResult, ColumnSpec, ColumnType, CustomerView, Fold, FoldClass, FoldHandle, Instant, OwnRow, Registry, Summary,
    run_batch,
};
use perennial_timeline::{Columns, Event, Snapshot, Symbol, Symbols};
use std::collections::BTreeSet;
use std::sync::Arc;

const fn spec(name: &'static str, column_type: ColumnType) -> ColumnSpec {
    ColumnSpec { name, column_type, description: "of a test" }
}

/// Events, and how many of them are visits.
#[derive(Default)]
pub(crate) struct Counts {
    visit: Option<Symbol>,
}

impl Fold for Counts {
    type State = (i64, i64);
    type Summary = Sum;

    fn name(&self) -> &'static str {
        "counts"
    }
    fn class(&self) -> FoldClass {
        FoldClass::Fixed { bytes: 16 }
    }
    fn reads(&self) -> Option<Columns> {
        Some(Columns::NAME)
    }
    fn needs_orders(&self) -> bool {
        false
    }
    fn columns(&self) -> Vec<ColumnSpec> {
        vec![spec("events", ColumnType::Int), spec("visits", ColumnType::Int), spec("first_event", ColumnType::Time)]
    }
    fn bind(&mut self, symbols: &Arc<Symbols>) {
        self.visit = Some(symbols.intern("visit"));
    }
    fn step(&self, state: &mut Self::State, event: &Event, _instant: &Instant) {
        state.0 += 1;
        state.1 += i64::from(Some(event.name) == self.visit);
    }
    fn finish(&self, state: &Self::State, view: &CustomerView<'_>, row: &mut OwnRow<'_>, summary: &mut Sum) {
        row.int(0, Some(state.0));
        row.int(1, Some(state.1));
        row.int(2, Some(view.first_event_us));
        summary.0 += state.0;
    }
}

#[derive(Default, Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sum(pub i64);

impl Summary for Sum {
    fn merge(&mut self, other: Self) {
        self.0 += other.0;
    }
}

/// What RFM is made of; nobody's orders too, in the summary.
#[derive(Default)]
pub(crate) struct Buying;

#[derive(Default, Debug, Clone, PartialEq, Eq)]
pub(crate) struct Totals {
    pub buyers: i64,
    pub orders: i64,
    pub revenue_minor: i64,
    pub nobodys_orders: i64,
    pub nobodys_revenue_minor: i64,
}

impl Summary for Totals {
    fn merge(&mut self, other: Self) {
        self.buyers += other.buyers;
        self.orders += other.orders;
        self.revenue_minor += other.revenue_minor;
        self.nobodys_orders += other.nobodys_orders;
        self.nobodys_revenue_minor += other.nobodys_revenue_minor;
    }
}

impl Fold for Buying {
    type State = ();
    type Summary = Totals;

    fn name(&self) -> &'static str {
        "buying"
    }
    fn class(&self) -> FoldClass {
        FoldClass::Fixed { bytes: 0 }
    }
    fn columns(&self) -> Vec<ColumnSpec> {
        vec![
            spec("first_order_day", ColumnType::Day),
            spec("last_order", ColumnType::Time),
            spec("orders", ColumnType::Int),
            spec("revenue", ColumnType::Money),
            spec("units", ColumnType::Int),
            spec("lines", ColumnType::Int),
        ]
    }
    fn unidentified(&self) -> bool {
        true
    }
    fn finish(&self, (): &(), view: &CustomerView<'_>, row: &mut OwnRow<'_>, summary: &mut Totals) {
        let kept = view.kept;
        let orders = kept.len() as i64;
        let money: i64 = kept.iter().map(|order| order.value(view.instant.revenue)).sum();
        let revenue = money - view.loose_refunds_minor;
        row.int(0, kept.first().map(|order| i64::from(order.day)));
        row.int(1, kept.last().map(|order| order.time_us));
        row.int(2, Some(orders));
        row.int(3, Some(revenue));
        row.int(4, Some(kept.iter().map(|order| order.units_milli).sum()));
        row.int(5, Some(view.orders.iter().map(|order| i64::from(order.lines)).sum()));
        if view.customer.is_identified() {
            summary.buyers += i64::from(orders > 0);
            summary.orders += orders;
            summary.revenue_minor += revenue;
        } else {
            summary.nobodys_orders += orders;
            summary.nobodys_revenue_minor += revenue;
        }
    }
}

/// On how many of the last seven local days something was seen.
#[derive(Default)]
pub(crate) struct RecentDays;

impl Fold for RecentDays {
    type State = BTreeSet<i32>;
    type Summary = ();

    fn name(&self) -> &'static str {
        "recent_days"
    }
    fn class(&self) -> FoldClass {
        FoldClass::Window { days: 7, bytes_per_day: 4 }
    }
    fn reads(&self) -> Option<Columns> {
        Some(Columns::BASE)
    }
    fn needs_orders(&self) -> bool {
        false
    }
    fn columns(&self) -> Vec<ColumnSpec> {
        vec![spec("recent_days", ColumnType::Int), spec("seen_recently", ColumnType::Bool)]
    }
    fn reset(&self, days: &mut BTreeSet<i32>) {
        days.clear();
    }
    fn step(&self, days: &mut BTreeSet<i32>, event: &Event, instant: &Instant) {
        days.insert(instant.zone.day(event.time_us));
        while days.len() > 7 {
            days.pop_first();
        }
    }
    fn finish(&self, days: &BTreeSet<i32>, view: &CustomerView<'_>, row: &mut OwnRow<'_>, (): &mut ()) {
        let today = view.instant.as_of_day;
        let recent = days.range(today - 7..today).count();
        row.int(0, Some(recent as i64));
        row.code(1, Some(u8::from(recent > 0)));
    }
}

/// Channel of the first order and its value as a share of all orders' value.
#[derive(Default)]
pub(crate) struct FirstOrder {
    channels: Vec<Symbol>,
}

impl Fold for FirstOrder {
    type State = ();
    type Summary = ();

    fn name(&self) -> &'static str {
        "first_order"
    }
    fn class(&self) -> FoldClass {
        FoldClass::PerOrder { bytes: 8 }
    }
    fn columns(&self) -> Vec<ColumnSpec> {
        vec![spec("first_channel", ColumnType::Word(&CHANNELS)), spec("first_share", ColumnType::Float)]
    }
    fn bind(&mut self, symbols: &Arc<Symbols>) {
        self.channels = CHANNELS.iter().map(|channel| symbols.intern(channel)).collect();
    }
    fn finish(&self, (): &(), view: &CustomerView<'_>, row: &mut OwnRow<'_>, (): &mut ()) {
        let channel = view.kept.first().map(|order| order.channel);
        let code = channel.and_then(|channel| self.channels.iter().position(|known| *known == channel));
        row.code(0, code.map(|code| code as u8));
        let total: i64 = view.kept.iter().map(|order| order.gross_minor).sum();
        row.float(1, view.kept.first().map(|order| order.gross_minor as f64 / total as f64));
    }
}

/// All of the above.
pub(crate) struct Samples {
    pub registry: Registry,
    pub counts: FoldHandle<Counts>,
    pub buying: FoldHandle<Buying>,
}

impl Samples {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::new();
        let counts = registry.add(Counts::default()).unwrap();
        let buying = registry.add(Buying).unwrap();
        registry.add(RecentDays).unwrap();
        registry.add(FirstOrder::default()).unwrap();
        Self { registry, counts, buying }
    }

    pub(crate) fn run(&mut self, snapshot: &Snapshot, instant: &Instant) -> BatchResult {
        run_batch(snapshot, &mut self.registry, instant, 2).unwrap()
    }
}
