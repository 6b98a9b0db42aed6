//! How many came back by themselves, measured on this very base: customers as they stood 90 days
//! ago, and whether they have ordered since.

use crate::figures::{Population, joined};
use crate::report::Rate;
use perennial_model::{RfmSegment, Stage};

/// Shares that ordered again within the last 90 days.
#[derive(Debug, Clone, Default)]
pub(crate) struct Returns {
    by_stage: [(u64, u64); 7],
    /// Champions and loyal customers (RFM) of 90 days ago.
    best: (u64, u64),
}

impl Returns {
    pub(crate) fn measure(population: &Population<'_>) -> Self {
        let then = population.quarter_ago;
        let since = i64::from(then.instant.as_of_day);
        let mut returns = Self::default();
        joined(population.table, &then.table, |(rows, row), earlier| {
            let Some((then_rows, before)) = earlier else { return };
            let came_back = u64::from(rows.last_day[row] >= since);
            let count = |group: &mut (u64, u64)| {
                group.0 += came_back;
                group.1 += 1;
            };
            if let Some(stage) = then_rows.stage(before) {
                count(&mut returns.by_stage[stage as usize]);
            }
            if matches!(then_rows.segment(before), Some(RfmSegment::Champions | RfmSegment::Loyal)) {
                count(&mut returns.best);
            }
        });
        returns
    }

    /// Of those in a stage then.
    pub(crate) fn of_stage(&self, stage: Stage) -> Rate {
        let (count, of) = self.by_stage[stage as usize];
        Rate::new(count, of)
    }

    /// Of the best customers then.
    pub(crate) fn of_best(&self) -> Rate {
        Rate::new(self.best.0, self.best.1)
    }
}
