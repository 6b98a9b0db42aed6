//! The operator's figures (mechanism 0.11) by store, channel, category and member of staff.
//!
//! Channel, store and staff are those of an order's header. Categories are those of its lines: an
//! order counts in each of them, and its revenue is shared among them in proportion to the amounts
//! of its lines (equally by line where none has an amount), so that the shares add up to it.

use super::periods::{PeriodSums, Sale};
use crate::own::LastDay;
use crate::thresholds::KpiThresholds;
use perennial_fold::{ColumnSpec, CustomerView, Fold, FoldClass, Instant, Order, OwnRow, Summary};
use perennial_model::{CustomerId, EventKind, OrderKey};
use perennial_timeline::{Columns, CustomerEvents, Event, NONE, Symbol};
use rustc_hash::FxHashMap;

/// The fold of the cuts.
#[derive(Debug, Clone, Default)]
pub struct Cuts {
    /// Windows of rates and compared periods.
    pub kpis: KpiThresholds,
    /// Which of store, staff and category there are; what there is not costs nothing.
    pub declared: Columns,
}

/// What a line says of its order's categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Line {
    order: u64,
    category: Symbol,
    /// Minor units, not below zero.
    value_minor: i64,
    units_milli: i64,
}

/// One customer's lines.
#[derive(Debug, Clone, Default)]
pub struct CutsState {
    lines: Vec<Line>,
}

/// What became of the customers whose first kept order was in a group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct FirstOrders {
    /// For each window of the repurchase rate: who bought again, of those followed that long.
    pub(crate) repurchase: [(u64, u64); 3],
    /// Days from the first to the second order of those who made one.
    pub(crate) days_to_second: Vec<u32>,
}

/// Sums of one group: a store, a channel, a category, a member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Group {
    pub(crate) all: PeriodSums,
    /// Now, before, a year ago.
    pub(crate) periods: [PeriodSums; 3],
    pub(crate) first: FirstOrders,
    /// The customer counted last, ever and in each period, so that each counts once.
    counted: [u64; 4],
}

pub(crate) type Groups = FxHashMap<u32, Group>;

/// How a customer began, the same for every cut.
struct Beginning {
    followed: i32,
    to_second: Option<i32>,
    period: Option<usize>,
}

/// What [`Cuts`] adds up.
#[derive(Debug, Default)]
pub struct CutsSummary {
    last_day: LastDay,
    pub(crate) channel: Groups,
    pub(crate) store: Groups,
    pub(crate) staff: Groups,
    pub(crate) category: Groups,
    /// Used again for each customer.
    lines: Vec<Line>,
    parts: Vec<(Symbol, Sale)>,
}

impl FirstOrders {
    fn add(&mut self, beginning: &Beginning, kpis: &KpiThresholds) {
        for (sums, days) in self.repurchase.iter_mut().zip(kpis.repurchase_days) {
            if beginning.followed >= days {
                sums.0 += u64::from(beginning.to_second.is_some_and(|to_second| to_second <= days));
                sums.1 += 1;
            }
        }
        self.days_to_second.extend(beginning.to_second.map(i32::unsigned_abs));
    }
}

impl Group {
    #[inline]
    fn add(&mut self, sale: Sale, period: Option<usize>, customer: CustomerId) {
        let mut first_time = |place: usize| std::mem::replace(&mut self.counted[place], customer.0) != customer.0;
        let first_ever = first_time(3);
        self.all.add(sale, first_ever);
        if let Some(period) = period {
            let first_in_period = first_time(period);
            self.periods[period].add(sale, first_in_period);
        }
    }

    fn begin(&mut self, beginning: &Beginning, kpis: &KpiThresholds) {
        self.all.new_buyers += 1;
        if let Some(period) = beginning.period {
            self.periods[period].new_buyers += 1;
        }
        self.first.add(beginning, kpis);
    }

    /// Adds another part of the population, or another group.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.all.merge(&other.all);
        self.periods.iter_mut().zip(&other.periods).for_each(|(sum, more)| sum.merge(more));
        for (sum, more) in self.first.repurchase.iter_mut().zip(other.first.repurchase) {
            sum.0 += more.0;
            sum.1 += more.1;
        }
        self.first.days_to_second.extend_from_slice(&other.first.days_to_second);
    }
}

impl CutsSummary {
    pub(crate) fn add(&mut self, state: &CutsState, view: &CustomerView<'_>, fold: &Cuts) {
        let Some(first) = view.kept.first() else { return };
        let end_day = self.last_day.of(view.instant);
        let days_ago = |day: i32| end_day.saturating_sub(day);
        let beginning = Beginning {
            followed: days_ago(first.day),
            to_second: view.kept.get(1).map(|second| second.day.saturating_sub(first.day).max(0)),
            period: fold.kpis.period(days_ago(first.day)),
        };
        add_orders(&mut self.channel, view, end_day, &beginning, &fold.kpis, |order| order.channel);
        if fold.declared.has(Columns::STORE) {
            add_orders(&mut self.store, view, end_day, &beginning, &fold.kpis, |order| order.store);
        }
        if fold.declared.has(Columns::STAFF) {
            add_orders(&mut self.staff, view, end_day, &beginning, &fold.kpis, |order| order.staff);
        }
        if fold.declared.has(Columns::CATEGORY) {
            self.add_categories(state, view, end_day, &beginning, &fold.kpis);
        }
    }

    fn add_categories(
        &mut self,
        state: &CutsState,
        view: &CustomerView<'_>,
        end_day: i32,
        beginning: &Beginning,
        kpis: &KpiThresholds,
    ) {
        self.lines.clone_from(&state.lines);
        self.lines.sort_unstable_by_key(|line| (line.order, line.category));
        for (place, order) in view.kept.iter().enumerate() {
            let from = self.lines.partition_point(|line| line.order < order.key);
            let own = self.lines.get(from..).unwrap_or_default();
            let own = own.get(..own.partition_point(|line| line.order == order.key)).unwrap_or_default();
            self.parts.clear();
            share_out(Sale::of(order, view.instant.revenue), own, &mut self.parts);
            let period = kpis.period(end_day.saturating_sub(order.day));
            for (category, sale) in &self.parts {
                let group = self.category.entry(category.0).or_default();
                group.add(*sale, period, view.customer);
                if place == 0 {
                    group.begin(beginning, kpis);
                }
            }
        }
    }
}

/// One look-up for each change of the group; customers mostly stay with one.
fn add_orders(
    groups: &mut Groups,
    view: &CustomerView<'_>,
    end_day: i32,
    beginning: &Beginning,
    kpis: &KpiThresholds,
    of: impl Fn(&Order) -> Symbol,
) {
    let mut beginning = Some(beginning);
    for run in view.kept.chunk_by(|a, b| of(a) == of(b)) {
        let Some(head) = run.first() else { continue };
        let group = groups.entry(of(head).0).or_default();
        if let Some(beginning) = beginning.take() {
            group.begin(beginning, kpis);
        }
        for order in run {
            let period = kpis.period(end_day.saturating_sub(order.day));
            group.add(Sale::of(order, view.instant.revenue), period, view.customer);
        }
    }
}

/// An order's sale by category. `lines` are its lines, those of one category together.
fn share_out(sale: Sale, lines: &[Line], parts: &mut Vec<(Symbol, Sale)>) {
    let amounts: i128 = lines.iter().map(|line| i128::from(line.value_minor)).sum();
    let weight = |line: &Line| if amounts > 0 { i128::from(line.value_minor) } else { 1 };
    let whole: i128 = lines.iter().map(weight).sum();
    for of_category in lines.chunk_by(|a, b| a.category == b.category) {
        let Some(line) = of_category.first() else { continue };
        let share: i128 = of_category.iter().map(weight).sum();
        let revenue = sale.revenue.saturating_mul(share) / whole;
        let units_milli = of_category.iter().fold(0_i64, |sum, line| sum.saturating_add(line.units_milli));
        parts.push((line.category, Sale { revenue, units_milli }));
    }
    if lines.is_empty() {
        parts.push((Symbol::NONE, sale));
    }
}

impl Summary for CutsSummary {
    fn merge(&mut self, other: Self) {
        self.last_day.merge(other.last_day);
        let pairs = [
            (&mut self.channel, other.channel),
            (&mut self.store, other.store),
            (&mut self.staff, other.staff),
            (&mut self.category, other.category),
        ];
        for (groups, others) in pairs {
            for (symbol, more) in others {
                groups.entry(symbol).or_default().merge(&more);
            }
        }
    }
}

impl Fold for Cuts {
    type State = CutsState;
    type Summary = CutsSummary;

    fn name(&self) -> &'static str {
        "cuts"
    }

    fn class(&self) -> FoldClass {
        FoldClass::Heavy
    }

    fn reads(&self) -> Option<Columns> {
        let of_lines = Columns::ORDER.and(Columns::VALUE).and(Columns::QUANTITY).and(Columns::CATEGORY);
        self.declared.has(Columns::CATEGORY).then_some(of_lines)
    }

    fn columns(&self) -> Vec<ColumnSpec> {
        Vec::new()
    }

    fn reset(&self, state: &mut CutsState) {
        state.lines.clear();
    }

    #[inline]
    fn step(&self, state: &mut CutsState, event: &Event, _instant: &Instant) {
        if event.kind == EventKind::OrderLine && event.order != OrderKey::NONE {
            let known = |value: i64| if value == NONE { 0 } else { value };
            state.lines.push(Line {
                order: event.order.0,
                category: event.category,
                value_minor: known(event.value_minor).max(0),
                units_milli: known(event.quantity_milli),
            });
        }
    }

    fn extend(&self, state: &mut CutsState, events: &CustomerEvents<'_>, instant: &Instant) {
        let lines = events.kind.iter().enumerate().filter(|(_, kind)| **kind == EventKind::OrderLine as u8);
        lines.filter_map(|(index, _)| events.get(index)).for_each(|event| self.step(state, &event, instant));
    }

    fn finish(&self, state: &CutsState, view: &CustomerView<'_>, _row: &mut OwnRow<'_>, summary: &mut CutsSummary) {
        summary.add(state, view, self);
    }
}

#[cfg(test)]
mod tests {
    use super::super::periods::SHARES;
    use super::*;

    fn line(category: u32, value_minor: i64) -> Line {
        Line { order: 1, category: Symbol(category), value_minor, units_milli: 1_000 }
    }

    fn shares(value_minor: i128, lines: &[Line]) -> Vec<(u32, i128)> {
        let mut parts = Vec::new();
        share_out(Sale { revenue: value_minor * SHARES, units_milli: 0 }, lines, &mut parts);
        parts.into_iter().map(|(category, sale)| (category.0, sale.revenue)).collect()
    }

    #[test]
    fn an_orders_revenue_is_shared_by_the_amounts_of_its_lines() {
        // 30 of 120 were refunded or taken off: each category bears its part.
        assert_eq!(shares(90, &[line(1, 20), line(1, 60), line(2, 40)]), [(1, 60 * SHARES), (2, 30 * SHARES)]);
        assert_eq!(shares(90, &[line(1, 0), line(1, 0), line(2, 0)]), [(1, 60 * SHARES), (2, 30 * SHARES)]);
        assert_eq!(shares(90, &[]), [(Symbol::NONE.0, 90 * SHARES)]);
    }

    #[test]
    fn thirds_of_a_cent_do_not_get_lost() {
        let total: i128 = shares(100, &[line(1, 1), line(2, 1), line(3, 1)]).iter().map(|(_, share)| share).sum();
        assert!(100 * SHARES - total < 3);
    }
}
