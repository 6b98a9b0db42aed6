//! The folds whose summaries make the report; own columns of orders are in [`crate::own`].

mod activity;
mod cuts;
mod months;
mod periods;
mod rhythm;
mod totals;

pub use activity::{Activity, ActivityState, ActivitySummary};
pub use cuts::{Cuts, CutsState, CutsSummary};
pub use months::{MonthlyActivity, MonthsSummary};
pub use rhythm::{Rhythm, RhythmSummary};
pub use totals::{Totals, TotalsSummary};

pub(crate) use activity::{KEPT_DAYS, KTH_ACTIVE_DAY, LAST_ACTIVE_DAY, Point, YEAR_DAYS};
pub(crate) use cuts::{Group, Groups};
pub(crate) use months::CohortSums;
pub(crate) use periods::PeriodSums;
