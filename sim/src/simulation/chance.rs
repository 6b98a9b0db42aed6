//! Chance as a function: what is drawn depends on the seed and on who draws for what, never on the
//! order in which others have drawn.

use rand::{Rng, RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Distribution as _, Exp1, Gamma, Poisson};

/// A generator for the `turn`th draw of one drawer.
pub(super) fn generator(seed: u64, drawer: u64, turn: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(mixed(mixed(mixed(seed) ^ drawer) ^ turn))
}

/// A bijection that spreads neighbouring numbers over all 64 bits (the finaliser of SplitMix64).
fn mixed(number: u64) -> u64 {
    let mut bits = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

pub(super) fn gamma(shape: f64, rate: f64, rng: &mut impl Rng) -> f64 {
    // The parameters are constants of the model: the mean stands for the impossible error.
    Gamma::new(shape, 1.0 / rate).map_or(shape / rate, |gamma| gamma.sample(rng))
}

pub(super) fn beta(left: f64, right: f64, rng: &mut impl Rng) -> f64 {
    Beta::new(left, right).map_or(left / (left + right), |beta| beta.sample(rng))
}

pub(super) fn exponential(mean: f64, rng: &mut impl Rng) -> f64 {
    let draw: f64 = Exp1.sample(rng);
    draw * mean
}

pub(super) fn poisson(mean: f64, rng: &mut impl Rng) -> u32 {
    // A mean of zero is no distribution but an answer.
    Poisson::new(mean).map_or(0, |poisson| poisson.sample(rng) as u32)
}

/// Trials up to the first success, at most `most`.
pub(super) fn geometric(success: f64, most: u32, rng: &mut impl Rng) -> u32 {
    (1..most).find(|_| rng.random_bool(success)).unwrap_or(most)
}

/// A place of the list, in proportion to the weights.
pub(super) fn pick(weights: &[f64], rng: &mut impl Rng) -> usize {
    let mut left = rng.random::<f64>() * weights.iter().sum::<f64>();
    let found = weights.iter().position(|weight| {
        left -= weight;
        left < 0.0
    });
    found.unwrap_or(weights.len().saturating_sub(1))
}

/// One of a list that is not empty.
pub(super) fn one_of<'a, T>(list: &'a [T], rng: &mut impl Rng) -> &'a T {
    &list[rng.random_range(0..list.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_draw_independently() {
        let first = |drawer, turn| generator(1, drawer, turn).random::<f64>();
        let count = 20_000_u32;
        let draws: Vec<f64> = (0..count).map(|drawer| first(u64::from(drawer), 3)).collect();
        let mean = draws.iter().sum::<f64>() / f64::from(count);
        let together = draws.windows(2).map(|pair| (pair[0] - 0.5) * (pair[1] - 0.5)).sum::<f64>() / f64::from(count);
        assert!((mean - 0.5).abs() < 0.01 && together.abs() < 0.003, "{mean} {together}");
        assert_eq!(first(7, 3).to_bits(), first(7, 3).to_bits());
        assert!((first(7, 3) - first(7, 4)).abs() > 0.0 && (first(7, 3) - first(8, 3)).abs() > 0.0);
    }

    #[test]
    fn weights_decide_how_often() {
        let mut rng = generator(1, 2, 3);
        let hits = (0..30_000).filter(|_| pick(&[1.0, 2.0, 0.0], &mut rng) == 1).count();
        assert!((19_500..20_500).contains(&hits), "{hits}");
    }
}
