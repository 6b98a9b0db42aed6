//! Many comparisons at once: how many of the discoveries are false.

/// Benjamini and Hochberg's adjusted probabilities (1995), in the order given: whoever takes those up
/// to q for discoveries has a share of at most q false ones among them.
#[must_use]
pub fn benjamini_hochberg(probabilities: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|a, b| probabilities[*b].total_cmp(&probabilities[*a]));
    let mut adjusted = vec![1.0; probabilities.len()];
    let mut least: f64 = 1.0;
    for (above, place) in order.into_iter().enumerate() {
        let rank = probabilities.len() - above;
        least = least.min(probabilities[place] * probabilities.len() as f64 / rank as f64);
        adjusted[place] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_authors_example() {
        // Fifteen hypotheses of Benjamini and Hochberg 1995, section 4: four are rejected at 0.05.
        // The adjusted values are those of statsmodels 0.15, multipletests(…, method="fdr_bh").
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
            0.7590, 1.0,
        ];
        let expected = [
            0.0015,
            0.003,
            0.0095,
            0.035_625,
            0.0603,
            0.063_857_142_857,
            0.063_857_142_857,
            0.0645,
            0.0765,
            0.486,
            0.581_181_818_182,
            0.714_875,
            0.753_230_769_231,
            0.813_214_285_714,
            1.0,
        ];
        let adjusted = benjamini_hochberg(&p);
        assert!(adjusted.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-10), "{adjusted:?}");
        assert_eq!(adjusted.iter().filter(|value| **value <= 0.05).count(), 4);
    }

    #[test]
    fn the_order_given_is_kept() {
        let adjusted = benjamini_hochberg(&[0.9, 0.01, 0.04]);
        assert!(adjusted.iter().zip([0.9, 0.03, 0.06]).all(|(a, b)| (a - b).abs() < 1e-12), "{adjusted:?}");
        assert_eq!(benjamini_hochberg(&[0.2]), [0.2]);
        assert!(benjamini_hochberg(&[]).is_empty());
    }
}
