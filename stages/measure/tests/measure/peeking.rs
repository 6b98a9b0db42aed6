//! Experiments in which nothing differs, looked at a hundred times each: whoever stops at the first
//! interval without zero is wrong no more often than the level says, with sequential intervals alone.

use perennial_measure::{Difference, Moments, Sequential, Share};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Binomial, Distribution as _, LogNormal};

const EXPERIMENTS: u32 = 1_000;
const PEEKS: u64 = 100;
/// Customers of each group who come between two looks.
const STEP: u64 = 100;
const ALPHA: f64 = 0.05;
/// What an ordinary interval is made with.
const Z95: f64 = 1.96;

/// Whether one of the looks found the difference that is not there.
#[derive(Default, Clone, Copy)]
struct Found {
    sequential: bool,
    naive: bool,
}

impl Found {
    fn look(&mut self, found: Option<Difference>, truth: f64) {
        let Some(found) = found else { return };
        self.sequential |= !found.interval.contains(truth);
        self.naive |= (found.value - truth).abs() > Z95 * found.standard_error;
    }
}

/// Shares of experiments that were wrong at some look: sequential, naive.
fn wrong(what: &str, mut experiment: impl FnMut() -> Found) -> (f64, f64) {
    let found: Vec<Found> = (0..EXPERIMENTS).map(|_| experiment()).collect();
    let share = |of: fn(&Found) -> bool| found.iter().filter(|one| of(one)).count() as f64 / f64::from(EXPERIMENTS);
    let (sequential, naive) = (share(|one| one.sequential), share(|one| one.naive));
    eprintln!("{what}, {EXPERIMENTS} experiments of {PEEKS} looks: sequential {sequential:.3}, naive {naive:.3}");
    (sequential, naive)
}

/// An experiment with rates `p1` and `p0`, the control group growing by `held` a look.
fn shares(rng: &mut ChaCha8Rng, planned: u64, held: u64, (p1, p0): (f64, f64)) -> Found {
    let sequential = Sequential::planned(planned, 1.0 - ALPHA);
    let (more1, more0) = (Binomial::new(STEP, p1).unwrap(), Binomial::new(held, p0).unwrap());
    let (mut arm, mut control, mut found) = (Share::default(), Share::default(), Found::default());
    for _ in 0..PEEKS {
        arm = Share::new(arm.count + more1.sample(rng), arm.of + STEP);
        control = Share::new(control.count + more0.sample(rng), control.of + held);
        found.look(sequential.shares(arm, control), p1 - p0);
    }
    found
}

#[test]
fn a_rate_may_be_looked_at_any_time() {
    let mut rng = ChaCha8Rng::seed_from_u64(21);
    let planned = 2 * STEP * PEEKS;
    for rate in [0.5, 0.1, 0.02] {
        let (sequential, naive) = wrong(&format!("A/A at {rate}"), || shares(&mut rng, planned, STEP, (rate, rate)));
        assert!(sequential <= ALPHA, "{rate}: {sequential}");
        assert!(naive > 0.3, "who peeks with an ordinary interval is wrong often: {naive}");
    }
    // Planned for far fewer customers, it holds all the same.
    let (sequential, _) = wrong("A/A at 0.1, planned for a tenth", || shares(&mut rng, planned / 10, STEP, (0.1, 0.1)));
    assert!(sequential <= ALPHA, "{sequential}");
    let (sequential, _) = wrong("A/A at 0.1, a tenth held out", || shares(&mut rng, planned, STEP / 9, (0.1, 0.1)));
    assert!(sequential <= ALPHA, "{sequential}");
}

#[test]
fn the_true_difference_stays_inside_at_all_looks() {
    let mut rng = ChaCha8Rng::seed_from_u64(22);
    let (sequential, _) = wrong("12 % against 10 %", || shares(&mut rng, 2 * STEP * PEEKS, STEP, (0.12, 0.10)));
    assert!(sequential <= ALPHA, "{sequential}");
}

#[test]
fn skewed_revenue_may_be_looked_at_any_time() {
    let mut rng = ChaCha8Rng::seed_from_u64(23);
    let sum = LogNormal::new(4.0, 0.8).unwrap();
    let sequential = Sequential::planned(2 * STEP * PEEKS, 1.0 - ALPHA);
    let (sequential, naive) = wrong("A/A of revenue", || {
        let (mut arm, mut control, mut found) = (Moments::default(), Moments::default(), Found::default());
        for _ in 0..PEEKS {
            for group in [&mut arm, &mut control] {
                let more: Moments =
                    (0..STEP).map(|_| if rng.random::<f64>() < 0.1 { sum.sample(&mut rng) } else { 0.0 }).collect();
                group.merge(more);
            }
            found.look(sequential.means(&arm, &control), 0.0);
        }
        found
    });
    assert!(sequential <= ALPHA, "{sequential}");
    assert!(naive > 0.3, "{naive}");
}
