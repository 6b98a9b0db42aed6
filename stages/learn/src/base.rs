//! The customer table as slices, found by name once a shard.

use crate::lifecycle::{INTERVAL, STAGE};
use crate::own;
use crate::rfm;
use perennial_fold::{CustomerTable, NONE_INT};
use perennial_model::{RfmSegment, Stage};

/// One shard's columns that Learn reads. A column that is not there yet is empty; read it through
/// a method then.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) customers: &'a [u64],
    pub(crate) orders: &'a [i64],
    pub(crate) order_days: &'a [i64],
    pub(crate) revenue: &'a [i64],
    pub(crate) refunds: &'a [i64],
    pub(crate) revenue_365d: &'a [i64],
    pub(crate) recency_days: &'a [i64],
    pub(crate) age_days: &'a [i64],
    pub(crate) first_day: &'a [i64],
    pub(crate) last_day: &'a [i64],
    last_active_day: &'a [i64],
    kth_active_day: &'a [i64],
    pub(crate) mean_gap_days: &'a [f64],
    pub(crate) won_back_bound_days: &'a [f64],
    interval: &'a [f64],
    stage: &'a [u8],
    r: &'a [i64],
    m: &'a [i64],
    fm: &'a [i64],
    segment: &'a [u8],
}

impl<'a> Rows<'a> {
    pub(crate) fn of(table: &'a CustomerTable, shard: usize) -> Self {
        let int = |name| table.ints(shard, name);
        Self {
            customers: table.shards.get(shard).map_or(&[], |rows| &rows.customers),
            orders: int(own::ORDERS),
            order_days: int(own::ORDER_DAYS),
            revenue: int(own::REVENUE),
            refunds: int(own::REFUNDS),
            revenue_365d: int(own::REVENUE_365D),
            recency_days: int(own::RECENCY_DAYS),
            age_days: int(own::AGE_DAYS),
            first_day: int(own::FIRST_ORDER_DAY),
            last_day: int(own::LAST_ORDER_DAY),
            last_active_day: int(crate::folds::LAST_ACTIVE_DAY),
            kth_active_day: int(crate::folds::KTH_ACTIVE_DAY),
            mean_gap_days: table.floats(shard, own::MEAN_GAP_DAYS),
            won_back_bound_days: table.floats(shard, own::WON_BACK_BOUND_DAYS),
            interval: table.floats(shard, INTERVAL),
            stage: table.codes(shard, STAGE),
            r: int(rfm::R_SCORE),
            m: int(rfm::M_SCORE),
            fm: int(rfm::FM_SCORE),
            segment: table.codes(shard, rfm::SEGMENT),
        }
    }

    /// Rows: none where own columns are missing.
    pub(crate) const fn len(&self) -> usize {
        self.orders.len()
    }

    /// Whether there is at least one kept order.
    #[inline]
    pub(crate) fn is_buyer(&self, row: usize) -> bool {
        self.orders.get(row).is_some_and(|orders| *orders > 0)
    }

    pub(crate) fn stage(&self, row: usize) -> Option<Stage> {
        Stage::ALL.get(usize::from(*self.stage.get(row)?)).copied()
    }

    pub(crate) fn segment(&self, row: usize) -> Option<RfmSegment> {
        RfmSegment::ALL.get(usize::from(*self.segment.get(row)?)).copied()
    }

    pub(crate) fn interval(&self, row: usize) -> Option<f64> {
        self.interval.get(row).copied().filter(|days| days.is_finite())
    }

    /// A window is active while it reaches back to this day: the latest active one, or the k-th
    /// latest where k is asked for.
    pub(crate) fn active_day(&self, row: usize) -> Option<i64> {
        let known = [self.kth_active_day, self.last_active_day, self.last_day];
        known.iter().find_map(|days| days.get(row)).copied().filter(|day| *day != NONE_INT)
    }

    /// R, M and FM scores.
    pub(crate) fn scores(&self, row: usize) -> Option<(i64, i64, i64)> {
        let score = |column: &[i64]| column.get(row).copied().filter(|score| *score != NONE_INT);
        Some((score(self.r)?, score(self.m)?, score(self.fm)?))
    }

    /// Mean order value of a buyer, minor units.
    pub(crate) fn aov(&self, row: usize) -> f64 {
        self.revenue[row] as f64 / self.orders[row].max(1) as f64
    }
}

/// All shards of a table.
#[derive(Debug, Clone)]
pub(crate) struct TableRows<'a> {
    pub(crate) shards: Vec<Rows<'a>>,
}

impl<'a> TableRows<'a> {
    pub(crate) fn new(table: &'a CustomerTable) -> Self {
        Self { shards: (0..table.shards.len()).map(|shard| Rows::of(table, shard)).collect() }
    }

    /// Customers with at least one kept order: their shard's columns and their row in them.
    pub(crate) fn buyers(&self) -> impl Iterator<Item = (&Rows<'a>, usize)> {
        self.shards
            .iter()
            .flat_map(|rows| (0..rows.len()).filter(|row| rows.is_buyer(*row)).map(move |row| (rows, row)))
    }
}
