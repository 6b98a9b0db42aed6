//! Measure: whether what was done to customers made a difference, and how sure that is.
//!
//! Before: [`Assignment`] divides customers by a hash, [`PowerPlan`] says how many are needed. After:
//! [`sample_ratio`] tells whether the groups are as meant, [`difference_of_shares`] and
//! [`difference_of_means`] how far an arm is from the control group, [`Verdict`] what that means.
//! [`Sequential`] is for whoever looks while it runs, [`benjamini_hochberg`] for many experiments.
//! [`Collector`] does all of it for the rows of a file.
//!
//! Groups are compared as assigned (intent to treat). [`Attribution`] divides credit and proves nothing.

mod assign;
mod attribution;
mod bootstrap;
mod compare;
mod difference;
mod distribution;
mod lift;
mod many;
mod moments;
mod power;
mod ratio;
mod sequential;
mod strata;
mod verdict;
mod words;

pub use assign::{AssignError, Assignment, BUCKETS, GlobalControl, Group};
pub use attribution::{Attribution, NOT_CAUSAL, USUAL_HALF_LIFE_DAYS};
pub use bootstrap::{MOST_RESAMPLED, Outcomes, Resampled, bootstrap};
pub use compare::{
    AlwaysValid, Answer, ArmSize, Collector, CompareError, CompareRequest, Comparison, MOST_ARMS, MOST_STRATA, Method,
    Narrowed, RatioAnswer,
};
pub use difference::{Difference, Interval, difference_of_means, difference_of_shares, interval_of_share};
pub use lift::{Lift, lift_of_means, lift_of_shares};
pub use many::benjamini_hochberg;
pub use moments::{Moments, Share, Sums};
pub use power::{Baseline, PowerPlan, USUAL_POWER, days_for};
pub use ratio::{SAMPLE_RATIO_ALARM, SampleRatio, sample_ratio};
pub use sequential::{LEAST_SEQUENTIAL, Sequential};
pub use strata::{Stratified, Stratum, post_stratified};
pub use verdict::{Better, Evidence, Question, Verdict};
pub use words::{Lang, Words};
