//! Before launch: how many customers an experiment needs, and what it can detect.

use crate::difference::two_sided;
use crate::distribution::normal_point;
use crate::{Moments, Share};
use serde::{Deserialize, Serialize};

/// Probability of seeing an effect that is there, unless told otherwise.
pub const USUAL_POWER: f64 = 0.8;

/// What the outcome is like without the treatment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Baseline {
    /// A share of the customers do it.
    Share(f64),
    /// A sum, with this standard deviation from customer to customer.
    Deviation(f64),
}

impl Baseline {
    /// As in a group without the treatment; none of nobody.
    #[must_use]
    pub fn of_share(control: Share) -> Option<Self> {
        control.rate().map(Self::Share)
    }

    /// As in a group without the treatment; none of fewer than two.
    #[must_use]
    pub fn of_mean(control: &Moments) -> Option<Self> {
        control.variance().map(|variance| Self::Deviation(variance.sqrt()))
    }
}

/// A plan of an experiment with one arm and one control group.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PowerPlan {
    /// What happens anyway.
    pub baseline: Baseline,
    /// Level of the interval, such as 0.95.
    pub level: f64,
    /// Probability of seeing the effect if it is there.
    pub power: f64,
    /// Share of the customers who are held out.
    pub holdout: f64,
}

impl PowerPlan {
    /// With the usual level and power, half of the customers held out.
    #[must_use]
    pub const fn new(baseline: Baseline) -> Self {
        Self { baseline, level: 0.95, power: USUAL_POWER, holdout: 0.5 }
    }

    /// Customers of both groups together that an absolute difference needs (models.md D6; with unequal
    /// groups Fleiss, Levin and Paik 2003, section 4.3, without correction for continuity). None for no
    /// difference, or where the baseline and it are no share.
    #[must_use]
    pub fn customers(&self, difference: f64) -> Option<u64> {
        let customers = self.exact_customers(difference)?;
        (customers < u64::MAX as f64).then(|| customers.ceil() as u64)
    }

    fn exact_customers(&self, difference: f64) -> Option<f64> {
        let held = (self.holdout > 0.0 && self.holdout < 1.0).then_some(self.holdout)?;
        let (sure, seen) = (two_sided(self.level), normal_point(1.0 - self.power));
        let root = match self.baseline {
            Baseline::Deviation(deviation) => (sure + seen) * deviation * (1.0 / held + 1.0 / (1.0 - held)).sqrt(),
            Baseline::Share(p0) => {
                let p1 = p0 + difference;
                let whole = |share: f64| (0.0..=1.0).contains(&share);
                if !whole(p0) || !whole(p1) {
                    return None;
                }
                let pooled = held * p0 + (1.0 - held) * p1;
                let together = pooled * (1.0 - pooled) * (1.0 / held + 1.0 / (1.0 - held));
                let apart = p1 * (1.0 - p1) / (1.0 - held) + p0 * (1.0 - p0) / held;
                sure * together.sqrt() + seen * apart.sqrt()
            }
        };
        let customers = (root / difference).powi(2);
        (customers.is_finite() && customers > 0.0).then_some(customers)
    }

    /// The least increase that so many customers show. None where there is none.
    #[must_use]
    pub fn detectable(&self, customers: u64) -> Option<f64> {
        let most = match self.baseline {
            Baseline::Share(p0) => 1.0 - p0,
            Baseline::Deviation(deviation) => deviation * 1e6,
        };
        let enough = |difference: f64| self.exact_customers(difference).is_some_and(|need| need <= customers as f64);
        let (mut low, mut high) = (0.0, most);
        if !enough(high) {
            return None;
        }
        for _ in 0..80 {
            let middle = 0.5 * (low + high);
            if enough(middle) { high = middle } else { low = middle }
        }
        Some(high)
    }
}

/// Whole days in which so many customers come; none where none come.
#[must_use]
pub fn days_for(customers: u64, customers_per_day: f64) -> Option<u64> {
    let days = (customers as f64 / customers_per_day).ceil();
    (customers_per_day > 0.0 && days < 1e9).then_some(days as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_sizes() {
        // R's manual, power.prop.test(p1 = .50, p2 = .75, power = .90): n = 76.7 per group.
        let plan = PowerPlan { power: 0.9, ..PowerPlan::new(Baseline::Share(0.5)) };
        assert!((plan.exact_customers(0.25).unwrap() / 2.0 - 76.65).abs() < 0.06);
        // Cohen 1988: half a standard deviation at power 0.8 needs 63 per group (64 by Student's t).
        let plan = PowerPlan::new(Baseline::Deviation(1.0));
        assert_eq!(plan.customers(0.5), Some(126));
    }

    #[test]
    fn a_smaller_holdout_needs_more_customers() {
        let plan = |holdout| PowerPlan { holdout, ..PowerPlan::new(Baseline::Share(0.05)) };
        let (half, tenth) = (plan(0.5).customers(0.01).unwrap(), plan(0.1).customers(0.01).unwrap());
        assert!(tenth > 2 * half && tenth < 4 * half, "{half} {tenth}");
    }

    #[test]
    fn what_can_be_detected_is_what_needs_so_many() {
        for baseline in [Baseline::Share(0.0057), Baseline::Deviation(12.0)] {
            let plan = PowerPlan { holdout: 0.3, ..PowerPlan::new(baseline) };
            let difference = plan.detectable(10_000).unwrap();
            let need = plan.customers(difference).unwrap();
            assert!((9_999..=10_001).contains(&need), "{need}");
        }
    }

    #[test]
    fn what_makes_no_sense_has_no_size() {
        let plan = PowerPlan::new(Baseline::Share(0.9));
        assert_eq!((plan.customers(0.2), plan.customers(0.0)), (None, None));
        assert_eq!(PowerPlan { holdout: 0.0, ..plan }.customers(0.05), None);
        assert_eq!(plan.detectable(2), None);
        assert_eq!((days_for(2_300, 270.0), days_for(1, 0.0)), (Some(9), None));
    }
}
