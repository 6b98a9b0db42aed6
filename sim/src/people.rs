//! When customers come, how often, and when they leave.

use crate::HORIZON_DAYS;
use rand::{Rng, RngExt as _};
use rand_distr::{Distribution as _, Exp1, Gamma, Poisson, StandardNormal};

const HORIZON: f64 = HORIZON_DAYS as f64;
/// How much denser acquisition is at the end than at the beginning, less one.
const GROWTH: f64 = 1.5;
pub(crate) const DROP_OUT_SHAPE: f64 = 0.9;
pub(crate) const DROP_OUT_DAYS: f64 = 120.0;

/// One customer's plan; times are days from the start of the horizon.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Person {
    /// Day of acquisition, and from then on of the latest session.
    pub(crate) day: f32,
    /// When life ends: by drop-out, or with the horizon.
    pub(crate) end: f32,
    /// Sessions still to come, that of acquisition included.
    pub(crate) sessions: u32,
}

/// All customers of the brand.
pub(crate) struct People {
    pub(crate) persons: Vec<Person>,
    /// Customers who left before the horizon.
    pub(crate) dropped_out: u64,
}

impl People {
    /// Draws `count` customers who have `sessions` sessions together, about.
    pub(crate) fn draw(count: usize, sessions: f64, rng: &mut impl Rng) -> Self {
        let mut persons = Vec::with_capacity(count);
        let mut weights: Vec<f32> = Vec::with_capacity(count);
        let mut weight_sum = 0.0;
        let mut dropped_out = 0;
        for _ in 0..count {
            let (acquired, life) = (acquisition_day(rng), life_days(rng));
            let alive = life.min(HORIZON - acquired);
            dropped_out += u64::from(life < HORIZON - acquired);
            let weight = (session_rate(rng) * (alive + 1.0)) as f32;
            weight_sum += f64::from(weight);
            weights.push(weight);
            persons.push(Person { day: acquired as f32, end: (acquired + alive) as f32, sessions: 1 });
        }
        let more = (sessions - count as f64).max(0.0);
        for (person, weight) in persons.iter_mut().zip(weights) {
            person.sessions += poisson(more * f64::from(weight) / weight_sum, rng);
        }
        Self { persons, dropped_out }
    }
}

impl Person {
    /// Takes one session from the plan and moves on to the next: of `n` times spread evenly over the
    /// rest of the life, the earliest. False when there is none.
    pub(crate) fn advance(&mut self, rng: &mut impl Rng) -> bool {
        self.sessions = self.sessions.saturating_sub(1);
        if self.sessions == 0 {
            return false;
        }
        let share = 1.0 - rng.random::<f32>().powf(1.0 / self.sessions as f32);
        self.day += (self.end - self.day) * share;
        true
    }

    /// The whole day of the session that is next, within the horizon.
    pub(crate) fn whole_day(&self) -> usize {
        (self.day as usize).min(HORIZON_DAYS as usize - 1)
    }
}

/// Second of the day of a session.
pub(crate) fn second_of_day(rng: &mut impl Rng) -> u32 {
    let normal: f32 = StandardNormal.sample(rng);
    ((15.0 + 4.5 * normal).clamp(0.0, 23.999) * 3600.0) as u32
}

/// By inversion of the distribution function of a density ∝ 1 + growth·t/H.
fn acquisition_day(rng: &mut impl Rng) -> f64 {
    let chance: f64 = rng.random();
    let last = (1.0 + GROWTH) * (1.0 + GROWTH) - 1.0;
    HORIZON * ((1.0 + chance * last).sqrt() - 1.0) / GROWTH
}

fn session_rate(rng: &mut impl Rng) -> f64 {
    let normal: f64 = StandardNormal.sample(rng);
    gamma(0.55, 1.0, rng) * (0.6 * normal).exp()
}

fn life_days(rng: &mut impl Rng) -> f64 {
    let exponential: f64 = Exp1.sample(rng);
    exponential / (gamma(DROP_OUT_SHAPE, 1.0 / DROP_OUT_DAYS, rng) + 1e-9)
}

fn gamma(shape: f64, scale: f64, rng: &mut impl Rng) -> f64 {
    // The parameters are constants of the model: the mean stands for the impossible error.
    Gamma::new(shape, scale).map_or(shape * scale, |gamma| gamma.sample(rng))
}

fn poisson(mean: f64, rng: &mut impl Rng) -> u32 {
    // A mean of zero is no distribution but an answer.
    Poisson::new(mean).map_or(0, |poisson| poisson.sample(rng) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng as _;
    use rand_chacha::ChaCha8Rng;

    fn people(count: usize, sessions: f64) -> People {
        People::draw(count, sessions, &mut ChaCha8Rng::seed_from_u64(7))
    }

    /// Share of customers who have left by the end, by the model's formulas alone: of those acquired
    /// τ days before the end, 1 − (120 / (120 + τ))^0.9.
    fn expected_drop_out() -> f64 {
        let steps = 10_000;
        let mut sum = (0.0, 0.0);
        for step in 0..steps {
            let day = HORIZON * (f64::from(step) + 0.5) / f64::from(steps);
            let density = 1.0 + GROWTH * day / HORIZON;
            let left = 1.0 - (DROP_OUT_DAYS / (DROP_OUT_DAYS + HORIZON - day)).powf(DROP_OUT_SHAPE);
            sum = (sum.0 + density * left, sum.1 + density);
        }
        sum.0 / sum.1
    }

    #[test]
    fn as_many_leave_as_the_model_says() {
        let people = people(50_000, 100_000.0);
        let share = people.dropped_out as f64 / 50_000.0;
        assert!((share - expected_drop_out()).abs() < 0.01, "{share} against {}", expected_drop_out());
    }

    #[test]
    fn sessions_add_up_to_what_was_asked() {
        let sessions: u64 = people(5_000, 60_000.0).persons.iter().map(|person| u64::from(person.sessions)).sum();
        assert!((57_000..63_000).contains(&sessions), "{sessions}");
    }

    #[test]
    fn the_shop_grows() {
        let persons = people(20_000, 20_000.0).persons;
        let late = persons.iter().filter(|person| f64::from(person.day) > HORIZON / 2.0).count();
        let expected = 20_000.0 * (0.5 + 0.75 * 0.75) / 1.75;
        assert!((late as f64 - expected).abs() < 400.0, "{late} against {expected}");
    }

    #[test]
    fn sessions_of_a_life_are_in_order_and_within_it() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let mut person = Person { day: 10.0, end: 90.0, sessions: 500 };
        let mut days = vec![person.day];
        while person.advance(&mut rng) {
            days.push(person.day);
        }
        assert_eq!(days.len(), 500);
        assert!(days.is_sorted() && days.iter().all(|day| (10.0..=90.0).contains(day)));
        let middle = days.iter().filter(|day| **day < 50.0).count();
        assert!((200..300).contains(&middle), "evenly spread: {middle} of 500 in the first half");
    }
}
