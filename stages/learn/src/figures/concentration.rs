//! Concentration of revenue (mechanisms 0.9, 2.8; models.md D5).

use crate::base::TableRows;
use crate::report::Concentration;
use crate::thresholds::ConcentrationThresholds;

/// Points of the Lorenz curve besides the origin.
const LORENZ_STEPS: usize = 100;

pub(crate) fn concentration(rows: &TableRows<'_>, rules: &ConcentrationThresholds) -> Concentration {
    let mut revenue: Vec<i64> = rows.buyers().map(|(rows, row)| rows.revenue[row].max(0)).collect();
    of_revenue(&mut revenue, rules)
}

/// Of revenue a customer, none negative. Unknown where there is no revenue at all.
pub(crate) fn of_revenue(revenue: &mut [i64], rules: &ConcentrationThresholds) -> Concentration {
    revenue.sort_unstable();
    let total: i128 = revenue.iter().map(|value| i128::from(*value)).sum();
    if total == 0 {
        return Concentration::default();
    }
    let (count, all) = (revenue.len() as f64, total as f64);
    let weighted: i128 = (1..).zip(revenue.iter()).map(|(rank, value)| rank * i128::from(*value)).sum();
    let gini = 2.0 * weighted as f64 / (count * all) - (count + 1.0) / count;
    let hhi: f64 = revenue.iter().map(|value| (*value as f64 / all).powi(2)).sum();
    let top_customer_share = top_share(revenue, total, 1);
    Concentration {
        top25_share: Some(top_percent(revenue, total, 25)),
        top1_percent_share: Some(top_percent(revenue, total, 1)),
        top5_percent_share: Some(top_percent(revenue, total, 5)),
        top_customer_share: Some(top_customer_share),
        gini: Some(gini.max(0.0)),
        hhi: Some(hhi),
        customers_for_75_percent: customers_for(revenue, total, 75),
        lorenz: lorenz(revenue, all),
        dependence_alert: hhi > rules.hhi_alert || top_customer_share > rules.top_customer_alert,
    }
}

/// How many the top `percent` of customers are (rounded up).
pub(crate) const fn top_count(customers: usize, percent: usize) -> usize {
    (customers * percent).div_ceil(100)
}

fn top_percent(ascending: &[i64], total: i128, percent: usize) -> f64 {
    top_share(ascending, total, top_count(ascending.len(), percent))
}

fn top_share(ascending: &[i64], total: i128, customers: usize) -> f64 {
    let top: i128 = ascending.iter().rev().take(customers).map(|value| i128::from(*value)).sum();
    top as f64 / total as f64
}

/// Fewest customers that make at least `percent` of the total.
fn customers_for(ascending: &[i64], total: i128, percent: i128) -> u64 {
    let mut sum = 0;
    let enough = ascending.iter().rev().position(|value| {
        sum += i128::from(*value);
        sum * 100 >= total * percent
    });
    enough.map_or(0, |place| place as u64 + 1)
}

/// Share of the poorest 0 %, 1 % … 100 %; between two customers the curve is straight.
fn lorenz(ascending: &[i64], total: f64) -> Vec<f64> {
    let mut points = Vec::with_capacity(LORENZ_STEPS + 1);
    let (mut counted, mut sum) = (0, 0.0);
    for step in 0..=LORENZ_STEPS {
        let scaled = step * ascending.len();
        let (whole, part) = (scaled / LORENZ_STEPS, scaled % LORENZ_STEPS);
        while counted < whole {
            sum += ascending[counted] as f64;
            counted += 1;
        }
        let next = ascending.get(whole).map_or(0.0, |value| *value as f64);
        points.push(((sum + next * part as f64 / LORENZ_STEPS as f64) / total).min(1.0));
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(revenue: &[i64]) -> Concentration {
        of_revenue(&mut revenue.to_vec(), &ConcentrationThresholds::default())
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn five_customers_by_hand() {
        let found = of(&[10, 0, 40, 20, 30]);
        assert!(close(found.top25_share.unwrap(), 0.7));
        assert!(close(found.gini.unwrap(), 0.4));
        assert!(close(found.hhi.unwrap(), 0.30));
        assert_eq!(found.customers_for_75_percent, 3);
        assert!(found.dependence_alert);
        assert!(close(found.lorenz[40], 0.1) && close(found.lorenz[50], 0.2) && close(found.lorenz[60], 0.3));
    }

    #[test]
    fn nothing_is_unknown_not_zero() {
        assert_eq!(of(&[]).gini, None);
        assert_eq!(of(&[0, 0]).top25_share, None);
    }

    proptest! {
        #[test]
        fn equal_customers_are_not_concentrated(count in 1usize..400, value in 1i64..1_000_000) {
            let found = of(&vec![value; count]);
            prop_assert!(found.gini.unwrap().abs() < 1e-9);
            prop_assert!(close(found.hhi.unwrap(), 1.0 / count as f64));
        }

        #[test]
        fn duplicates_keep_the_gini_and_the_lorenz_curve_rises(
            revenue in prop::collection::vec(0i64..10_000_000, 1..120), copies in 2usize..5,
        ) {
            prop_assume!(revenue.iter().any(|value| *value > 0));
            let once = of(&revenue);
            let more = of(&revenue.iter().copied().cycle().take(revenue.len() * copies).collect::<Vec<_>>());
            prop_assert!(close(once.gini.unwrap(), more.gini.unwrap()));
            prop_assert_eq!(once.lorenz.len(), 101);
            prop_assert!(close(once.lorenz[0], 0.0) && close(once.lorenz[100], 1.0));
            prop_assert!(once.lorenz.windows(2).all(|pair| pair[0] <= pair[1] + 1e-12));
            prop_assert!(once.top25_share.unwrap() >= 0.25 - 1e-12);
        }
    }
}
