//! Customers by calendar month: activity accounting (mechanism 0.2) and retention cohorts
//! (models.md D3), from kept orders.

use crate::calendar;
use crate::series::{Months, add_counts, count_at};
use crate::thresholds::CohortThresholds;
use perennial_fold::{ColumnSpec, CustomerView, Fold, FoldClass, OwnRow, Summary};

/// The fold of the months.
#[derive(Debug, Clone, Default)]
pub struct MonthlyActivity {
    /// Brackets of the cohorts.
    pub cohorts: CohortThresholds,
}

/// Customers who began or went on in a month, and those who stopped after the month before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct MonthSums {
    pub(crate) new: u64,
    pub(crate) retained: u64,
    pub(crate) resurrected: u64,
    pub(crate) churned: u64,
}

/// Customers whose first order fell into one month.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct CohortSums {
    /// With an order in month k.
    pub(crate) active: Vec<u64>,
    /// Whose last order was in month k.
    pub(crate) last: Vec<u64>,
    /// With an order in the bracket.
    pub(crate) bracket: Vec<u64>,
}

/// What [`MonthlyActivity`] adds up.
#[derive(Debug, Default)]
pub struct MonthsSummary {
    pub(crate) growth: Months<MonthSums>,
    pub(crate) cohorts: Months<CohortSums>,
}

impl MonthsSummary {
    pub(crate) fn add(&mut self, view: &CustomerView<'_>, cohorts: &CohortThresholds) {
        let Some(first) = view.kept.first() else { return };
        let first_month = calendar::month(first.day);
        self.growth.at(first_month).new += 1;
        let cohort = self.cohorts.at(first_month);
        count_at(&mut cohort.active, 0);
        let mut previous = first_month;
        let mut brackets = 0_u32;
        for order in view.kept {
            brackets |= bracket_bit(order.day.saturating_sub(first.day), &cohorts.bracket_days);
            let month = calendar::month(order.day);
            if month == previous {
                continue;
            }
            count_at(&mut cohort.active, month.abs_diff(first_month) as usize);
            if month == previous + 1 {
                self.growth.at(month).retained += 1;
            } else {
                self.growth.at(previous + 1).churned += 1;
                self.growth.at(month).resurrected += 1;
            }
            previous = month;
        }
        self.growth.at(previous + 1).churned += 1;
        count_at(&mut cohort.last, previous.abs_diff(first_month) as usize);
        if brackets != 0 {
            (0..cohorts.bracket_days.len().min(32))
                .filter(|place| brackets & (1 << place) != 0)
                .for_each(|place| count_at(&mut cohort.bracket, place));
        }
    }
}

/// The bit of the bracket that holds a day after the first order; none for the day itself.
#[inline]
fn bracket_bit(day: i32, ends: &[i32]) -> u32 {
    if day <= 0 {
        return 0;
    }
    ends.iter().take(32).position(|end| day <= *end).map_or(0, |place| 1 << place)
}

impl Summary for MonthsSummary {
    fn merge(&mut self, other: Self) {
        self.growth.merge(other.growth, |sum, more| {
            sum.new += more.new;
            sum.retained += more.retained;
            sum.resurrected += more.resurrected;
            sum.churned += more.churned;
        });
        self.cohorts.merge(other.cohorts, |sum, more| {
            add_counts(&mut sum.active, &more.active);
            add_counts(&mut sum.last, &more.last);
            add_counts(&mut sum.bracket, &more.bracket);
        });
    }
}

impl Fold for MonthlyActivity {
    type State = ();
    type Summary = MonthsSummary;

    fn name(&self) -> &'static str {
        "months"
    }

    fn class(&self) -> FoldClass {
        FoldClass::Fixed { bytes: 0 }
    }

    fn columns(&self) -> Vec<ColumnSpec> {
        Vec::new()
    }

    fn finish(&self, (): &(), view: &CustomerView<'_>, _row: &mut OwnRow<'_>, summary: &mut MonthsSummary) {
        summary.add(view, &self.cohorts);
    }
}
