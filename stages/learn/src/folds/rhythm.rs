//! Gaps between order days: the repurchase ladder (mechanism 2.6), the histogram of gaps (0.3) and
//! the first 60 days (2.7).

use crate::own::LastDay;
use crate::series::{add_counts, count_at};
use crate::thresholds::{FirstDaysThresholds, LadderThresholds};
use perennial_fold::{ColumnSpec, CustomerView, Fold, FoldClass, OwnRow, Summary};

/// The fold of the gaps.
#[derive(Debug, Clone, Default)]
pub struct Rhythm {
    /// Rungs and horizon.
    pub ladder: LadderThresholds,
    /// The first days.
    pub first_days: FirstDaysThresholds,
}

/// Gaps are counted by day up to here (a century); longer ones count as this long.
const MOST_DAYS: i64 = 36_525;

/// One rung: customers with orders on at least k distinct days.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Rung {
    pub(crate) reached: u64,
    /// Next order day so many days after the k-th.
    pub(crate) next: Vec<u64>,
    /// No next order day, followed for so many days.
    pub(crate) censored: Vec<u64>,
}

/// What [`Rhythm`] adds up.
#[derive(Debug, Default)]
pub struct RhythmSummary {
    last_day: LastDay,
    pub(crate) rungs: Vec<Rung>,
    /// All gaps by days.
    pub(crate) gaps: Vec<u64>,
    /// By further order days in the window (0, 1, 2 or more): retained, of.
    pub(crate) by_repeats: [(u64, u64); 3],
    /// Customers followed through the window.
    pub(crate) followed: u64,
    /// Of those, by the day of their second order within it.
    pub(crate) second_by_day: Vec<u64>,
}

impl RhythmSummary {
    pub(crate) fn add(&mut self, view: &CustomerView<'_>, fold: &Rhythm) {
        let Some(first) = view.kept.first() else { return };
        let end_day = self.last_day.of(view.instant);
        let mut rung = 0;
        let mut previous = first.day;
        for order in view.kept {
            if order.day > previous {
                self.next(rung, days_between(previous, order.day), &fold.ladder);
                rung += 1;
                previous = order.day;
            }
        }
        if rung < fold.ladder.rungs {
            let rung = self.rung(rung);
            rung.reached += 1;
            count_at(&mut rung.censored, days_between(previous, end_day));
        }
        self.add_first_days(view, end_day, &fold.first_days);
    }

    #[inline]
    fn next(&mut self, rung: usize, gap: usize, ladder: &LadderThresholds) {
        count_at(&mut self.gaps, gap);
        if rung < ladder.rungs {
            let rung = self.rung(rung);
            rung.reached += 1;
            count_at(&mut rung.next, gap);
        }
    }

    #[inline]
    fn rung(&mut self, rung: usize) -> &mut Rung {
        if rung >= self.rungs.len() {
            self.rungs.resize_with(rung + 1, Rung::default);
        }
        &mut self.rungs[rung]
    }

    fn add_first_days(&mut self, view: &CustomerView<'_>, end_day: i32, rules: &FirstDaysThresholds) {
        let Some(first) = view.kept.first() else { return };
        let followed = end_day.saturating_sub(first.day);
        if followed < rules.days {
            return;
        }
        self.followed += 1;
        let second = view.kept.get(1).map(|order| order.day.saturating_sub(first.day).max(0));
        if let Some(day) = second.filter(|day| *day <= rules.days) {
            count_at(&mut self.second_by_day, day as usize);
        }
        if followed < rules.follow_days {
            return;
        }
        let (mut repeats, mut retained, mut previous) = (0, false, first.day);
        for order in view.kept {
            let day = order.day.saturating_sub(first.day);
            if day > rules.follow_days {
                break;
            }
            retained |= day > rules.days;
            if order.day > previous && day <= rules.days {
                repeats += 1;
                previous = order.day;
            }
        }
        let group = &mut self.by_repeats[std::cmp::min(repeats, 2)];
        group.0 += u64::from(retained);
        group.1 += 1;
    }
}

#[inline]
fn days_between(from: i32, to: i32) -> usize {
    (i64::from(to) - i64::from(from)).clamp(0, MOST_DAYS) as usize
}

impl Summary for RhythmSummary {
    fn merge(&mut self, other: Self) {
        self.last_day.merge(other.last_day);
        for (place, more) in other.rungs.into_iter().enumerate() {
            let rung = self.rung(place);
            rung.reached += more.reached;
            add_counts(&mut rung.next, &more.next);
            add_counts(&mut rung.censored, &more.censored);
        }
        add_counts(&mut self.gaps, &other.gaps);
        for (group, more) in self.by_repeats.iter_mut().zip(other.by_repeats) {
            group.0 += more.0;
            group.1 += more.1;
        }
        self.followed += other.followed;
        add_counts(&mut self.second_by_day, &other.second_by_day);
    }
}

impl Fold for Rhythm {
    type State = ();
    type Summary = RhythmSummary;

    fn name(&self) -> &'static str {
        "rhythm"
    }

    fn class(&self) -> FoldClass {
        FoldClass::Fixed { bytes: 0 }
    }

    fn columns(&self) -> Vec<ColumnSpec> {
        Vec::new()
    }

    fn finish(&self, (): &(), view: &CustomerView<'_>, _row: &mut OwnRow<'_>, summary: &mut RhythmSummary) {
        summary.add(view, self);
    }
}
