//! Tails and points of the normal, Student's and the chi-square distribution.

use libm::{erfc, lgamma};
use std::f64::consts::SQRT_2;

/// Where two continued fractions and a series stop: the unit of a double's last place.
const LAST_PLACE: f64 = f64::EPSILON;
/// Steps after which they have converged for all degrees of freedom below [`NEARLY_NORMAL`].
const MOST_STEPS: usize = 10_000;
/// Steps after which a point is as near as rounding lets it; about ten are usual.
const MOST_POSITIONS: usize = 100;
/// Degrees of freedom from which Student's tail is the normal one of a transformed point; the error
/// is of the order of their inverse square.
const NEARLY_NORMAL: f64 = 1e6;
/// Keeps a continued fraction from dividing by zero.
const TINY: f64 = 1e-300;

/// P(Z > z) of the standard normal distribution; exact far out in the tail too.
pub(crate) fn normal_tail(z: f64) -> f64 {
    0.5 * erfc(z / SQRT_2)
}

/// The point that the standard normal distribution exceeds with probability `tail`.
pub(crate) fn normal_point(tail: f64) -> f64 {
    point(tail, normal_tail)
}

/// P(T > t) of Student's distribution; degrees of freedom need not be whole.
pub(crate) fn student_tail(t: f64, degrees: f64) -> f64 {
    if degrees >= NEARLY_NORMAL {
        // Abramowitz and Stegun 26.7.8.
        return normal_tail(t * (1.0 - 0.25 / degrees) / (1.0 + t * t / (2.0 * degrees)).sqrt());
    }
    let upper = 0.5 * beta(degrees / (degrees + t * t), t * t / (degrees + t * t), degrees / 2.0, 0.5);
    if t < 0.0 { 1.0 - upper } else { upper }
}

/// The point that Student's distribution exceeds with probability `tail`.
pub(crate) fn student_point(tail: f64, degrees: f64) -> f64 {
    point(tail, |t| student_tail(t, degrees))
}

/// P(X > x) of the chi-square distribution.
pub(crate) fn chi_square_tail(x: f64, degrees: f64) -> f64 {
    gamma_upper(degrees / 2.0, x / 2.0)
}

/// Where a symmetric distribution has this tail: false position on its logarithm, in Illinois's form
/// (Dowell and Jarratt 1971), which keeps the point between two bounds.
fn point(tail: f64, of: impl Fn(f64) -> f64) -> f64 {
    if !(tail > 0.0 && tail < 1.0) {
        return f64::NAN;
    }
    if tail > 0.5 {
        return -point(1.0 - tail, of);
    }
    let above = |x: f64| (of(x) / tail).max(TINY).ln();
    let (mut low, mut at_low) = (0.0, above(0.0));
    let (mut high, mut at_high) = (1.0, above(1.0));
    while at_high > 0.0 && high < f64::MAX / 4.0 {
        (low, at_low) = (high, at_high);
        high *= 2.0;
        at_high = above(high);
    }
    let mut last = high;
    for _ in 0..MOST_POSITIONS {
        let next = (low * at_high - high * at_low) / (at_high - at_low);
        let at_next = above(next);
        if at_next.abs() < LAST_PLACE || (next - last).abs() <= 2.0 * LAST_PLACE * next {
            return next;
        }
        if at_next > 0.0 {
            (low, at_low, at_high) = (next, at_next, at_high * 0.5);
        } else {
            (high, at_high, at_low) = (next, at_next, at_low * 0.5);
        }
        last = next;
    }
    last
}

/// The regularised incomplete beta function I_x(a, b), given x and 1 − x apart so that neither loses
/// places (Abramowitz and Stegun 26.5.8, by Lentz's method).
fn beta(x: f64, rest: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if rest <= 0.0 {
        return 1.0;
    }
    let front = (lgamma(a + b) - lgamma(a) - lgamma(b) + a * x.ln() + b * rest.ln()).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        front / (a * beta_fraction(x, a, b))
    } else {
        1.0 - front / (b * beta_fraction(rest, b, a))
    }
}

fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    let numerators = (1..).map(|step: u32| {
        let m = f64::from(step / 2);
        if step.is_multiple_of(2) {
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        } else {
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        }
    });
    lentz(1.0, numerators.map(|numerator| (numerator, 1.0)))
}

/// The regularised upper incomplete gamma function Q(a, x): a series below a + 1 (Abramowitz and
/// Stegun 6.5.29), a continued fraction above (6.5.31).
fn gamma_upper(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    let front = (a * x.ln() - x - lgamma(a)).exp();
    if x >= a + 1.0 {
        let steps = (1..).map(|step: u32| {
            let n = f64::from(step);
            (n * (a - n), x + 2.0 * n + 1.0 - a)
        });
        return front / lentz(x + 1.0 - a, steps);
    }
    let (mut term, mut sum) = (1.0 / a, 1.0 / a);
    for step in 1..MOST_STEPS {
        term *= x / (a + step as f64);
        sum += term;
        if term < sum * LAST_PLACE {
            break;
        }
    }
    1.0 - front * sum
}

/// The value of first + n₁/(d₁ + n₂/(d₂ + …)), of pairs (n, d).
fn lentz(first: f64, steps: impl Iterator<Item = (f64, f64)>) -> f64 {
    let apart = |value: f64| if value.abs() < TINY { TINY } else { value };
    let (mut value, mut above, mut below) = (apart(first), apart(first), 0.0);
    for (numerator, denominator) in steps.take(MOST_STEPS) {
        below = 1.0 / apart(denominator + numerator * below);
        above = apart(denominator + numerator / above);
        value *= above * below;
        if (above * below - 1.0).abs() < LAST_PLACE {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values are SciPy 1.17's: norm, t and chi2, `sf` and `isf`.
    fn close(found: f64, expected: f64, relative: f64) {
        assert!((found - expected).abs() <= relative * expected.abs(), "{found:e}, expected {expected:e}");
    }

    #[test]
    fn normal_tails_and_points() {
        for (z, tail) in [
            (1.96, 0.024_997_895_148_220_435),
            (-1.0, 0.841_344_746_068_542_9),
            (8.0, 6.220_960_574_271_74e-16),
            (22.486_040_827_192_82, 2.842_582_741_401_158_4e-112),
        ] {
            close(normal_tail(z), tail, 1e-12);
        }
        for (tail, z) in
            [(0.025, 1.959_963_984_540_054_5), (0.2, 0.841_621_233_572_914_2), (1e-10, 6.361_340_902_404_056)]
        {
            close(normal_point(tail), z, 1e-13);
            close(normal_point(1.0 - tail), -z, 1e-6);
        }
        assert!(normal_point(0.5).abs() < 1e-15 && normal_point(0.0).is_nan() && normal_point(1.0).is_nan());
    }

    #[test]
    fn students_tails_and_points() {
        for (t, degrees, tail) in [
            (2.0, 10.0, 0.036_694_017_385_370_18),
            (0.5, 3.7, 0.322_667_816_659_965_9),
            (5.3, 36_671.158, 5.823_546_687_159_855e-8),
            (1.96, 1e9, 0.024_997_895_286_864_812),
            (2.2, 2.5e6, 0.013_903_493_091_274_853),
            (40.0, 5.0, 9.205_981_085_886_477e-8),
            (0.0, 4.0, 0.5),
        ] {
            close(student_tail(t, degrees), tail, 1e-9);
            close(student_tail(-t, degrees), 1.0 - tail, 1e-9);
        }
        for (tail, degrees, t) in [
            (0.025, 10.0, 2.228_138_851_986_275_3),
            (0.025, 1.0, 12.706_204_736_174_705),
            (0.005, 3.7, 4.869_252_253_227_829),
            (0.025, 36_671.157_977_360_51, 1.960_028_677_021_308),
            (0.05, 2e8, 1.644_853_634_570_318_4),
        ] {
            close(student_point(tail, degrees), t, 1e-10);
        }
    }

    #[test]
    fn chi_square_tails() {
        for (x, degrees, tail) in [
            (0.202_531_25, 2.0, 0.903_692_957_560_419_6),
            (10.83, 1.0, 0.000_998_686_379_180_259_2),
            (100.0, 3.0, 1.554_159_431_389_602_6e-21),
            (0.01, 5.0, 0.999_999_469_972_995_7),
            (45.0, 50.0, 0.673_793_112_753_008_7),
            (0.0, 2.0, 1.0),
        ] {
            close(chi_square_tail(x, degrees), tail, 1e-12);
        }
    }
}
