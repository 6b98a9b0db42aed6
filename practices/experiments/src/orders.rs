//! What customers of an experiment ordered in its days: a fold.

use crate::Members;
use perennial_fold::{ColumnSpec, ColumnType, CustomerView, Fold, FoldClass, OwnRow, Summary};
use perennial_measure::Sums;
use std::sync::Arc;

/// Columns of the fold. No metric can be called so: names have no spaces.
pub(crate) const ORDERS: &str = "experiment orders";
pub(crate) const REVENUE: &str = "experiment revenue";

/// Orders placed in the known days of an experiment, as they stand at the instant of the pass.
pub(crate) struct OrdersOfDays {
    pub(crate) members: Arc<Members>,
    /// The first day.
    pub(crate) first_day: i32,
    /// From here on (UTC µs).
    pub(crate) starts_us: i64,
    /// Before here (UTC µs).
    pub(crate) until_us: i64,
    /// How many days that are.
    pub(crate) days: usize,
}

/// What a group came to by the end of a day. Whoever ordered nothing is not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct UpToDay {
    /// Customers who ordered.
    pub(crate) converted: u64,
    /// Their money.
    pub(crate) revenue: Sums,
}

/// By group, by day.
#[derive(Debug, Default)]
pub(crate) struct ByDay(pub(crate) Vec<Vec<UpToDay>>);

impl ByDay {
    fn group(&mut self, place: usize, days: usize) -> &mut [UpToDay] {
        if self.0.len() <= place {
            self.0.resize_with(place + 1, Vec::new);
        }
        let group = &mut self.0[place];
        if group.len() < days {
            group.resize(days, UpToDay::default());
        }
        group
    }
}

impl Summary for ByDay {
    fn merge(&mut self, other: Self) {
        for (place, days) in other.0.into_iter().enumerate() {
            for (into, day) in self.group(place, days.len()).iter_mut().zip(days) {
                into.converted += day.converted;
                into.revenue.merge(day.revenue);
            }
        }
    }
}

impl Fold for OrdersOfDays {
    type State = ();
    type Summary = ByDay;

    fn name(&self) -> &'static str {
        "experiment_orders"
    }

    fn class(&self) -> FoldClass {
        FoldClass::Fixed { bytes: 0 }
    }

    fn columns(&self) -> Vec<ColumnSpec> {
        let spec = |name, column_type, description| ColumnSpec { name, column_type, description };
        vec![
            spec(ORDERS, ColumnType::Int, "orders placed in the days of an experiment (4.11)"),
            spec(REVENUE, ColumnType::Money, "what remains of their money after refunds (4.11)"),
        ]
    }

    fn finish(&self, (): &(), view: &CustomerView<'_>, row: &mut OwnRow<'_>, summary: &mut ByDay) {
        let from = view.kept.partition_point(|order| order.time_us < self.starts_us);
        let orders = view.kept.get(from..).unwrap_or_default();
        let orders = orders.get(..orders.partition_point(|order| order.time_us < self.until_us)).unwrap_or_default();
        let value = |order: &perennial_fold::Order| order.value(view.instant.revenue);
        row.int(0, i64::try_from(orders.len()).ok());
        row.int(1, Some(orders.iter().map(value).sum()));
        let (Some(first), Some(place)) = (orders.first(), self.members.place(view.customer)) else { return };
        let day_of = |day: i32| usize::try_from(day.saturating_sub(self.first_day)).unwrap_or(0);
        let mut rest = orders.iter().peekable();
        let mut spent = 0;
        for (day, upto) in summary.group(place, self.days).iter_mut().enumerate().skip(day_of(first.day)) {
            while let Some(order) = rest.next_if(|order| day_of(order.day) <= day) {
                spent += value(order);
            }
            upto.converted += 1;
            upto.revenue.add(spent);
        }
    }
}
