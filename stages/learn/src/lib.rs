//! Learn: what the history of a customer base says about it, as folds and figures.
//!
//! [`analyse()`] makes one pass over a snapshot of the timeline with the folds of this crate, fits
//! what depends on the whole population ([`Lifecycle`], [`RfmScores`]) and draws up the
//! [`report::Report`] with its findings.
//!
//! Definitions that hold everywhere: a *customer* is identified and has at least one kept order; an
//! *order day* is a distinct local day with a kept order; `as_of` is exclusive; windows are whole
//! local days that end with the last day begun before `as_of`; silence, age and gaps are whole
//! calendar days in the brand's zone. Thresholds are [`Thresholds`], none is buried in code.

mod analyse;
mod base;
mod calendar;
mod column_words;
mod error;
mod festival;
mod figures;
mod findings;
#[cfg(test)]
mod fixture;
mod folds;
mod format;
mod history;
mod lifecycle;
mod own;
pub mod report;
mod rfm;
mod series;
mod stats;
mod summary;
#[cfg(test)]
mod tests;
mod thresholds;

pub use analyse::{
    AnalyseOptions, Analysis, LearnHandles, analyse, days_before, default_as_of, register, relatives, stage_flow,
};
pub use calendar::midnight_after;
pub use column_words::{ColumnWords, column_words};
pub use error::LearnError;
pub use festival::HolidayCalendar;
pub use folds::{
    Activity, ActivityState, ActivitySummary, Cuts, CutsState, CutsSummary, MonthlyActivity, MonthsSummary, Rhythm,
    RhythmSummary, Totals, TotalsSummary,
};
pub use format::{Lang, MoneyFormat, grouped, percent};
pub use history::{SilenceLimit, StageStep, kept_orders, silence_limits, stage_history};
pub use lifecycle::{
    CAUSE_WORDS, Lifecycle, LifecycleParameters, StageCause, StageFacts, personal_interval, stage_of, stage_rule,
    stage_rule_zh,
};
pub use own::{LastDay, OrderColumns};
pub use rfm::{NtileCuts, RfmParameters, RfmScores, Scoring, SegmentRule, default_map, fm_score, segment, value_score};
pub use summary::summary_text;
pub use thresholds::{
    ActivityThresholds, CohortThresholds, ConcentrationThresholds, FindingThresholds, FirstDaysThresholds,
    KpiThresholds, LadderThresholds, LifecycleThresholds, RfmRules, Thresholds,
};
