//! Sample ratio: whether the groups are as large as they were meant to be.

use crate::distribution::chi_square_tail;
use serde::{Deserialize, Serialize};

/// Below this probability the assignment, not chance, is taken to be at fault (mechanism 4.11).
pub const SAMPLE_RATIO_ALARM: f64 = 0.001;

/// Sizes of the groups against those meant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SampleRatio {
    /// Customers each group should have.
    pub expected: Vec<f64>,
    /// Pearson's chi-square.
    pub chi_square: f64,
    /// Groups less one.
    pub degrees_of_freedom: u64,
    /// Probability of sizes at least as far off by chance alone.
    pub p: f64,
    /// Whether it is below [`SAMPLE_RATIO_ALARM`]: then no figure of the experiment is to be trusted.
    pub alarm: bool,
}

/// Compares the groups' sizes with weights that need not sum to one. None with fewer than two groups,
/// nobody in them, or a weight that is not above zero.
#[must_use]
pub fn sample_ratio(counts: &[u64], weights: &[f64]) -> Option<SampleRatio> {
    let customers: u64 = counts.iter().sum();
    let whole: f64 = weights.iter().sum();
    let fine = weights.iter().all(|weight| *weight > 0.0) && whole.is_finite();
    if counts.len() < 2 || counts.len() != weights.len() || customers == 0 || !fine {
        return None;
    }
    let expected: Vec<f64> = weights.iter().map(|weight| customers as f64 * weight / whole).collect();
    let chi_square = counts.iter().zip(&expected).map(|(count, meant)| (*count as f64 - meant).powi(2) / meant).sum();
    let degrees_of_freedom = counts.len() as u64 - 1;
    let p = chi_square_tail(chi_square, degrees_of_freedom as f64);
    Some(SampleRatio { expected, chi_square, degrees_of_freedom, p, alarm: p < SAMPLE_RATIO_ALARM })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_as_meant_are_quiet_and_others_are_not() {
        // Kohavi, Tang and Xu 2020, chapter 21: p is 1.8e-6.
        let skewed = sample_ratio(&[821_588, 815_482], &[1.0, 1.0]).unwrap();
        assert!(skewed.alarm && (skewed.p - 1.8e-6).abs() < 5e-8, "{skewed:?}");
        let fine = sample_ratio(&[9_480, 520], &[95.0, 5.0]).unwrap();
        assert!(!fine.alarm && (fine.expected[1] - 500.0).abs() < 1e-9, "{fine:?}");
    }

    #[test]
    fn without_two_groups_there_is_no_ratio() {
        assert_eq!(sample_ratio(&[5], &[1.0]), None);
        assert_eq!(sample_ratio(&[0, 0], &[1.0, 1.0]), None);
        assert_eq!(sample_ratio(&[5, 5], &[1.0, 0.0]), None);
        assert_eq!(sample_ratio(&[5, 5], &[1.0]), None);
    }
}
