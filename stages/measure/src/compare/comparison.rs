//! One arm against the control group, in one outcome.

use super::collect::{Collector, Group, Outcome};
use crate::{
    Baseline, Better, Difference, Evidence, Interval, Lift, Outcomes, PowerPlan, Question, Resampled, Sequential,
    Share, Stratified, Stratum, Verdict, bootstrap, difference_of_means, difference_of_shares, lift_of_means,
    lift_of_shares, post_stratified,
};
use serde::Serialize;

/// The bootstrap's draws are the same for the same file.
const SEED: u64 = 20_080_320;

/// How difference and interval were computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Of two rates, by Newcombe; p of the pooled z test.
    Newcombe,
    /// Of two means, by Welch.
    Welch,
}

/// The interval of an experiment that is looked at while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AlwaysValid {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Valid at this look; the least of all looks is valid too.
    pub p: f64,
}

/// The same difference, post-stratified.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Narrowed {
    /// The difference over strata.
    pub difference: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Two-sided probability under chance.
    pub p: f64,
    /// Strata told apart.
    pub strata: u64,
    /// Strata put together with others because they were too small.
    pub pooled: u64,
    /// By which share the interval is narrower; below zero where it is wider.
    pub narrower: f64,
}

/// One arm against the control group, in one outcome.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The arm.
    pub arm: String,
    /// The outcome.
    pub outcome: String,
    /// Customers assigned to the arm.
    pub n: u64,
    /// Customers assigned to the control group.
    pub control_n: u64,
    /// The arm's mean; of a yes or no, its rate.
    pub mean: f64,
    /// The control group's.
    pub control_mean: f64,
    /// The one less the other.
    pub difference: f64,
    /// Lower end of the difference's interval; none where no outcome differs from another.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Two-sided probability of such a difference by chance.
    pub p: Option<f64>,
    /// How these were computed.
    pub method: Method,
    /// p adjusted for all comparisons of this answer (Benjamini and Hochberg).
    pub p_adjusted: Option<f64>,
    /// The difference as a share of the control group's mean, with its interval.
    pub lift: Option<f64>,
    /// Lower end.
    pub lift_low: Option<f64>,
    /// Upper end.
    pub lift_high: Option<f64>,
    /// The least increase that so many customers show four times out of five.
    pub detectable: Option<f64>,
    /// The bootstrap's check of Welch's interval, where it can be made.
    pub bootstrap: Option<Resampled>,
    /// After post-stratification, where strata were named.
    pub stratified: Option<Narrowed>,
    /// For an experiment that runs, where the planned number was named.
    pub always_valid: Option<AlwaysValid>,
    /// The verdict's word.
    pub verdict: &'static str,
    /// Customers of both groups that it wants more.
    pub customers_wanted: Option<u64>,
    /// Days until they have come.
    pub days_wanted: Option<u64>,
    /// The verdict in English.
    pub text_en: String,
    /// The verdict in Chinese.
    pub text_zh: String,
    /// The difference that the verdict is about.
    #[serde(skip)]
    pub(super) judged: Option<Difference>,
}

impl Comparison {
    /// Of an outcome, without what depends on other comparisons.
    pub(super) fn of(collector: &Collector, arm: (&str, &Group), control: &Group, place: usize) -> Option<Self> {
        let column = collector.outcomes.get(place)?;
        let (name, group) = arm;
        let (one, other) = (group.outcomes.get(place)?, control.outcomes.get(place)?);
        let method = if column.is_share() { Method::Newcombe } else { Method::Welch };
        let figures = Figures::new(collector, method, one, other);
        let (mean, control_mean) = (one.moments.mean()?, other.moments.mean()?);
        let (difference, lift) = (figures.difference, figures.lift);
        let interval = difference.map(|found| found.interval);
        Some(Self {
            arm: name.to_owned(),
            outcome: column.name.clone(),
            n: group.customers,
            control_n: control.customers,
            mean,
            control_mean,
            difference: mean - control_mean,
            low: interval.map(|interval| interval.low),
            high: interval.map(|interval| interval.high),
            p: difference.map(|found| found.p),
            method,
            p_adjusted: None,
            lift: lift.map(|lift| lift.value),
            lift_low: lift.map(|lift| lift.interval.low),
            lift_high: lift.map(|lift| lift.interval.high),
            detectable: figures.detectable,
            bootstrap: figures.bootstrap,
            stratified: figures.stratified.zip(interval).map(|(found, plain)| narrowed(&found, &plain)),
            always_valid: figures.always_valid.map(|found| AlwaysValid {
                low: found.interval.low,
                high: found.interval.high,
                p: found.p,
            }),
            verdict: "",
            customers_wanted: None,
            days_wanted: None,
            text_en: String::new(),
            text_zh: String::new(),
            judged: if collector.request.planned.is_some() { figures.always_valid } else { difference },
        })
    }

    /// Says what it comes to, once all are compared. `assigned` are the customers of all groups.
    pub(super) fn judge(&mut self, collector: &Collector, p_adjusted: Option<f64>, ratio_alarm: bool, assigned: u64) {
        let request = &collector.request;
        let customers = self.n + self.control_n;
        let better = if request.lower_is_better.contains(&self.outcome) { Better::Lower } else { Better::Higher };
        let question = Question {
            worthwhile: request.worthwhile.iter().find(|(name, _)| *name == self.outcome).map(|(_, least)| *least),
            customers_per_day: request.customers_per_day.map(|rate| rate * customers as f64 / assigned as f64),
            better,
            ..Question::new(request.level)
        };
        let verdict = Verdict::of(&question, &Evidence { difference: self.judged, p_adjusted, customers, ratio_alarm });
        if let Verdict::NotYetKnown { customers, days } = verdict {
            (self.customers_wanted, self.days_wanted) = (customers, days);
        }
        let words = verdict.words();
        self.verdict = verdict.code();
        (self.text_en, self.text_zh) = (words.en, words.zh);
    }
}

impl Outcome {
    fn drawn_from(&self) -> Outcomes<'_> {
        Outcomes { values: &self.others, customers: self.moments.count() }
    }
}

/// All figures of one outcome.
struct Figures {
    difference: Option<Difference>,
    lift: Option<Lift>,
    detectable: Option<f64>,
    bootstrap: Option<Resampled>,
    stratified: Option<Stratified>,
    always_valid: Option<Difference>,
}

impl Figures {
    fn new(collector: &Collector, method: Method, arm: &Outcome, control: &Outcome) -> Self {
        let level = collector.request.level;
        let sequential = collector.request.planned.map(|planned| Sequential::planned(planned, level));
        let (one, other) = (&arm.moments, &control.moments);
        let (one_share, other_share) = (Share::of(one), Share::of(other));
        let (difference, lift, baseline, always_valid) = match method {
            Method::Newcombe => (
                difference_of_shares(one_share, other_share, level),
                lift_of_shares(one_share, other_share, level),
                Baseline::of_share(other_share),
                sequential.and_then(|sequential| sequential.shares(one_share, other_share)),
            ),
            Method::Welch => (
                difference_of_means(one, other, level),
                lift_of_means(one, other, level),
                Baseline::of_mean(other),
                sequential.and_then(|sequential| sequential.means(one, other)),
            ),
        };
        let customers = one.count() + other.count();
        let holdout = other.count() as f64 / customers as f64;
        let plan = baseline.map(|baseline| PowerPlan { level, holdout, ..PowerPlan::new(baseline) });
        Self {
            difference,
            lift,
            detectable: plan.and_then(|plan| plan.detectable(customers)),
            bootstrap: difference
                .filter(|_| method == Method::Welch)
                .and_then(|welch| bootstrap(arm.drawn_from(), control.drawn_from(), &welch, level, SEED)),
            stratified: stratified(collector, arm, control),
            always_valid,
        }
    }
}

fn stratified(collector: &Collector, arm: &Outcome, control: &Outcome) -> Option<Stratified> {
    collector.request.strata.as_ref()?;
    let at = |outcome: &Outcome, place: usize| outcome.strata.get(place).copied().unwrap_or_default();
    let strata: Vec<Stratum> = (0..collector.stratum_count())
        .map(|place| Stratum { arm: at(arm, place), control: at(control, place) })
        .collect();
    post_stratified(&strata, collector.request.level)
}

fn narrowed(found: &Stratified, plain: &Interval) -> Narrowed {
    let Stratified { difference, strata, pooled } = *found;
    Narrowed {
        difference: difference.value,
        low: difference.interval.low,
        high: difference.interval.high,
        p: difference.p,
        strata,
        pooled,
        narrower: 1.0 - difference.interval.width() / plain.width(),
    }
}
