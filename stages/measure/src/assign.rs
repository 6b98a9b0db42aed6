//! Who is in which group: by a hash, so that it can be computed again anywhere and never changes.
//!
//! A customer's bucket is SipHash-2-4 (Aumasson and Bernstein 2012, key zero) of what is drawn, the
//! experiment's salt and the customer's number, modulo [`BUCKETS`]. Different salts, and different draws of
//! one salt, are independent of each other.
//!
//! What is compared later are the groups as assigned (intent to treat), not who was reached: whoever
//! can be reached differs from whoever cannot.

use perennial_model::CustomerId;
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher24;
use std::hash::Hasher as _;

/// Buckets of a draw: shares are kept to a hundredth of a percent.
pub const BUCKETS: u64 = 10_000;

/// What is drawn; one number for each, for good.
#[derive(Debug, Clone, Copy)]
enum Draw {
    GlobalControl = 1,
    Holdout = 2,
    Arm = 3,
}

fn bucket(draw: Draw, salt: &str, customer: CustomerId) -> u64 {
    let mut hasher = SipHasher24::new_with_keys(0, 0);
    hasher.write(&[draw as u8]);
    hasher.write(&(salt.len() as u64).to_le_bytes());
    hasher.write(salt.as_bytes());
    hasher.write(&customer.0.to_le_bytes());
    hasher.finish() % BUCKETS
}

/// Why a plan cannot be carried out.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AssignError {
    /// A share that is none.
    #[error("a share of {share} is none: give one from 0 to below 1")]
    Share {
        /// What was given.
        share: f64,
    },
    /// No arm has a weight.
    #[error("an experiment needs an arm: give at least one a weight above 0")]
    NoArm,
}

/// A share as so many buckets, rounded.
fn buckets_of(share: f64) -> Result<u64, AssignError> {
    if !(0.0..1.0).contains(&share) {
        return Err(AssignError::Share { share });
    }
    Ok((share * BUCKETS as f64).round() as u64)
}

/// Customers whom no programme contacts, so that all of them together can be measured (mechanism 4.11).
/// Messages that a contract or the law asks for go to them too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GlobalControl {
    salt: String,
    buckets: u64,
}

impl GlobalControl {
    /// Share of the customers unless told otherwise.
    pub const USUAL_SHARE: f64 = 0.05;

    /// A share of all customers. With the same salt a greater share holds everybody of a smaller one.
    ///
    /// # Errors
    /// The share is none.
    pub fn new(salt: &str, share: f64) -> Result<Self, AssignError> {
        Ok(Self { salt: salt.to_owned(), buckets: buckets_of(share)? })
    }

    /// Whether the customer is one of them.
    #[must_use]
    pub fn holds(&self, customer: CustomerId) -> bool {
        bucket(Draw::GlobalControl, &self.salt, customer) < self.buckets
    }
}

/// Where a customer belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// No programme contacts them.
    GlobalControl,
    /// This experiment leaves them alone.
    Holdout,
    /// The arm of this number, from 0.
    Arm(usize),
}

/// How an experiment's customers are divided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    salt: String,
    holdout: u64,
    /// Sums of the arms' weights up to each.
    upto: Vec<u64>,
}

impl Assignment {
    /// A share held out, the others divided over arms by weight. The salt is the experiment's own: its id.
    /// When the share changes, nobody but those who enter or leave the hold-out changes group.
    ///
    /// # Errors
    /// The share is none, or no arm has a weight.
    pub fn new(salt: &str, holdout: f64, weights: &[u32]) -> Result<Self, AssignError> {
        let upto: Vec<u64> = weights
            .iter()
            .scan(0, |sum, weight| {
                *sum += u64::from(*weight);
                Some(*sum)
            })
            .collect();
        if upto.last().is_none_or(|whole| *whole == 0) {
            return Err(AssignError::NoArm);
        }
        Ok(Self { salt: salt.to_owned(), holdout: buckets_of(holdout)?, upto })
    }

    /// The customer's group; the global control group goes first.
    #[must_use]
    pub fn group(&self, global: Option<&GlobalControl>, customer: CustomerId) -> Group {
        if global.is_some_and(|global| global.holds(customer)) {
            return Group::GlobalControl;
        }
        if bucket(Draw::Holdout, &self.salt, customer) < self.holdout {
            return Group::Holdout;
        }
        let drawn = bucket(Draw::Arm, &self.salt, customer);
        let whole = self.upto.last().copied().unwrap_or(1);
        Group::Arm(self.upto.partition_point(|upto| upto * BUCKETS <= drawn * whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::chi_square_tail;
    use crate::sample_ratio;
    use proptest::prelude::*;

    fn customers(count: u64) -> impl Iterator<Item = CustomerId> {
        (1..=count).map(|number| CustomerId::new((number % 16) as u16, number))
    }

    #[test]
    fn buckets_are_those_of_another_program() {
        // SipHash-2-4 in plain Python over the same bytes, itself checked with the authors' vector.
        let found = |draw, salt| [256, 257, 512, 0x0123_4567].map(|id| bucket(draw, salt, CustomerId(id)));
        assert_eq!(found(Draw::GlobalControl, "spring-mail"), [679, 1847, 2351, 1986]);
        assert_eq!(found(Draw::Holdout, "spring-mail"), [8704, 9434, 5103, 4662]);
        assert_eq!(found(Draw::Arm, "spring-mail"), [5229, 9986, 9103, 3885]);
        assert_eq!(bucket(Draw::Arm, "常青", CustomerId(256)), 8686);
    }

    #[test]
    fn buckets_are_uniform() {
        let mut counts = vec![0; BUCKETS as usize];
        customers(400_000).for_each(|customer| counts[bucket(Draw::Holdout, "s", customer) as usize] += 1);
        let ratio = sample_ratio(&counts, &vec![1.0; counts.len()]).unwrap();
        assert!(ratio.p > 0.001 && ratio.p < 0.999, "{}", ratio.p);
    }

    #[test]
    fn salts_and_draws_are_independent() {
        let tenth = |draw, salt, customer| (bucket(draw, salt, customer) / 1_000) as usize;
        for (one, other) in [
            ((Draw::Holdout, "exp-1"), (Draw::Holdout, "exp-2")),
            ((Draw::Holdout, "exp-1"), (Draw::Arm, "exp-1")),
            ((Draw::GlobalControl, "exp-1"), (Draw::Holdout, "exp-1")),
        ] {
            let mut cells = [0_u64; 100];
            customers(100_000).for_each(|id| cells[tenth(one.0, one.1, id) * 10 + tenth(other.0, other.1, id)] += 1);
            let chi_square: f64 = cells.iter().map(|cell| (*cell as f64 - 1_000.0).powi(2) / 1_000.0).sum();
            let p = chi_square_tail(chi_square, 99.0);
            assert!(p > 0.001 && p < 0.999, "{one:?} {other:?}: {p}");
        }
    }

    #[test]
    fn groups_are_as_large_as_meant() {
        let global = GlobalControl::new("gcg", GlobalControl::USUAL_SHARE).unwrap();
        let assignment = Assignment::new("spring-mail", 0.1, &[2, 0, 1]).unwrap();
        let mut counts = [0_u64; 5];
        for customer in customers(100_000) {
            counts[match assignment.group(Some(&global), customer) {
                Group::GlobalControl => 0,
                Group::Holdout => 1,
                Group::Arm(arm) => 2 + arm,
            }] += 1;
        }
        assert_eq!(counts[3], 0, "an arm without a weight");
        let ratio = sample_ratio(&[counts[0], counts[1], counts[2], counts[4]], &[5.0, 9.5, 57.0, 28.5]).unwrap();
        assert!(ratio.p > 0.001, "{counts:?}");
    }

    #[test]
    fn what_cannot_be_divided_is_refused() {
        assert_eq!(Assignment::new("s", 0.1, &[0]), Err(AssignError::NoArm));
        assert_eq!(Assignment::new("s", 1.0, &[1]), Err(AssignError::Share { share: 1.0 }));
        assert!(GlobalControl::new("s", f64::NAN).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_greater_holdout_moves_nobody_between_arms(id in any::<u64>(), less in 0.0f64..0.5, more in 0.0f64..0.49) {
            let group = |share| Assignment::new("s", share, &[3, 1, 1]).unwrap().group(None, CustomerId(id));
            let (before, after) = (group(less), group(less + more));
            prop_assert!(after == before || (after == Group::Holdout && matches!(before, Group::Arm(_))));
        }
    }
}
