//! Intervals hold the truth as often as they say: 95 ± 2 %.

use perennial_measure::{
    Baseline, Interval, Moments, PowerPlan, Share, Stratum, difference_of_means, difference_of_shares, lift_of_means,
    lift_of_shares, post_stratified, sample_ratio,
};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Binomial, Distribution as _, LogNormal};

const LEVEL: f64 = 0.95;

/// Share of the experiments for which `experiment` is true.
fn share_of(experiments: u32, mut experiment: impl FnMut() -> bool) -> f64 {
    let hits = (0..experiments).filter(|_| experiment()).count();
    hits as f64 / f64::from(experiments)
}

/// Whether it is 95 ± 2 %, said aloud for whoever wants to know (`--nocapture`).
fn within(what: &str, share: f64) {
    eprintln!("{what}: {share:.4}");
    assert!((0.93..=0.97).contains(&share), "{what}: {share}");
}

fn drawn(rng: &mut ChaCha8Rng, of: u64, rate: f64) -> Share {
    Share::new(Binomial::new(of, rate).unwrap().sample(rng), of)
}

/// What a shop's customers spend: most nothing, the others a log-normal sum of mean 80.
struct Spending {
    buyers: f64,
    sum: LogNormal<f64>,
    mean: f64,
}

impl Spending {
    fn new(buyers: f64) -> Self {
        let (location, spread) = (4.0_f64, 0.8_f64);
        let sum = LogNormal::new(location, spread).unwrap();
        Self { buyers, sum, mean: buyers * (location + spread * spread / 2.0).exp() }
    }

    fn draw(&self, rng: &mut ChaCha8Rng) -> f64 {
        if rng.random::<f64>() < self.buyers { self.sum.sample(rng) } else { 0.0 }
    }

    fn group(&self, rng: &mut ChaCha8Rng, customers: usize) -> Moments {
        (0..customers).map(|_| self.draw(rng)).collect()
    }
}

#[test]
fn newcombes_interval_covers() {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    for (n1, p1, n0, p0) in
        [(500, 0.10, 500, 0.08), (2_000, 0.012, 200, 0.010), (50, 0.5, 50, 0.5), (9_500, 0.03, 500, 0.03)]
    {
        let covered = share_of(4_000, || {
            let (arm, control) = (drawn(&mut rng, n1, p1), drawn(&mut rng, n0, p0));
            difference_of_shares(arm, control, LEVEL).unwrap().interval.contains(p1 - p0)
        });
        within(&format!("Newcombe, {n1} at {p1} against {n0} at {p0}"), covered);
    }
}

#[test]
fn welchs_interval_covers_skewed_revenue() {
    let mut rng = ChaCha8Rng::seed_from_u64(12);
    for (n1, buyers1, n0, buyers0) in [(1_000, 0.10, 1_000, 0.10), (1_500, 0.12, 500, 0.08), (2_000, 0.02, 2_000, 0.02)]
    {
        let (arm, control) = (Spending::new(buyers1), Spending::new(buyers0));
        let covered = share_of(2_000, || {
            let (one, other) = (arm.group(&mut rng, n1), control.group(&mut rng, n0));
            difference_of_means(&one, &other, LEVEL).unwrap().interval.contains(arm.mean - control.mean)
        });
        within(&format!("Welch, {n1} with {buyers1} buyers against {n0} with {buyers0}"), covered);
    }
}

#[test]
fn intervals_of_lifts_cover() {
    let mut rng = ChaCha8Rng::seed_from_u64(13);
    let covered = share_of(4_000, || {
        let (arm, control) = (drawn(&mut rng, 3_000, 0.06), drawn(&mut rng, 1_000, 0.05));
        lift_of_shares(arm, control, LEVEL).unwrap().interval.contains(0.2)
    });
    within("lift of a rate", covered);
    let (arm, control) = (Spending::new(0.12), Spending::new(0.10));
    let covered = share_of(2_000, || {
        let (one, other) = (arm.group(&mut rng, 1_000), control.group(&mut rng, 1_000));
        lift_of_means(&one, &other, LEVEL).unwrap().interval.contains(0.2)
    });
    within("lift of revenue", covered);
}

#[test]
fn post_stratified_intervals_cover_and_are_narrower_where_strata_differ() {
    let mut rng = ChaCha8Rng::seed_from_u64(14);
    let (small, great) = (Spending::new(0.3), Spending::new(0.9));
    let mut widths = (0.0, 0.0);
    let covered = share_of(2_000, || {
        let (mut strata, mut whole) = ([Stratum::default(); 2], Stratum::default());
        for number in 0..600 {
            let stratum = usize::from(rng.random::<f64>() < 0.3);
            let spent = if stratum == 1 { 200.0 + great.draw(&mut rng) } else { small.draw(&mut rng) };
            for place in [&mut strata[stratum], &mut whole] {
                if number % 2 == 0 { place.arm.add(spent + 5.0) } else { place.control.add(spent) }
            }
        }
        let found = post_stratified(&strata, LEVEL).unwrap().difference.interval;
        widths.0 += found.width();
        widths.1 += difference_of_means(&whole.arm, &whole.control, LEVEL).unwrap().interval.width();
        found.contains(5.0)
    });
    within("post-stratified revenue", covered);
    assert!(widths.0 < 0.7 * widths.1, "{widths:?}");
}

#[test]
fn the_planned_number_of_customers_shows_the_effect_as_often_as_planned() {
    let mut rng = ChaCha8Rng::seed_from_u64(15);
    let plan = PowerPlan { holdout: 0.2, ..PowerPlan::new(Baseline::Share(0.05)) };
    let customers = plan.customers(0.015).unwrap();
    let held = customers / 5;
    let seen = share_of(4_000, || {
        let (arm, control) = (drawn(&mut rng, customers - held, 0.065), drawn(&mut rng, held, 0.05));
        difference_of_shares(arm, control, LEVEL).unwrap().p < 0.05
    });
    eprintln!("power, planned 0.80: {seen:.4}");
    assert!((0.78..=0.82).contains(&seen), "{seen}");
}

#[test]
fn the_ratio_alarm_is_rarely_false_and_finds_a_loss_of_five_percent() {
    let mut rng = ChaCha8Rng::seed_from_u64(16);
    let mut alarms = |kept: f64| {
        share_of(20_000, || {
            let arm = drawn(&mut rng, 40_000, 0.5).count;
            let arrived = if kept < 1.0 { drawn(&mut rng, arm, kept).count } else { arm };
            sample_ratio(&[arrived, 40_000 - arm], &[1.0, 1.0]).unwrap().alarm
        })
    };
    let (falsely, rightly) = (alarms(1.0), alarms(0.95));
    eprintln!("ratio alarm: falsely {falsely:.5}, of a loss of 5 % {rightly:.4}");
    assert!(falsely < 0.002 && rightly > 0.9, "{falsely} {rightly}");
}

#[test]
fn a_wider_level_gives_a_wider_interval() {
    let (arm, control) = (Share::new(60, 500), Share::new(40, 500));
    let at = |level| difference_of_shares(arm, control, level).unwrap().interval;
    let (narrow, wide): (Interval, Interval) = (at(0.9), at(0.99));
    assert!(wide.low < narrow.low && narrow.high < wide.high);
}
