//! The folds whose summaries make the report; own columns of orders are in [`crate::own`].

mod activity;
mod months;
mod rhythm;
mod totals;

pub use activity::{Activity, ActivityState, ActivitySummary};
pub use months::{MonthlyActivity, MonthsSummary};
pub use rhythm::{Rhythm, RhythmSummary};
pub use totals::{Totals, TotalsSummary};

pub(crate) use activity::{KEPT_DAYS, LAST_ACTIVE_DAY, Point, YEAR_DAYS};
pub(crate) use months::CohortSums;
pub(crate) use totals::PeriodSums;
