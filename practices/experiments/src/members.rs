//! Who is in which group.

use crate::{ExperimentError, Frozen};
use perennial_definitions::{GLOBAL_CONTROL, HOLDOUT, Share};
use perennial_measure::{Assignment, GlobalControl};
use perennial_model::CustomerId;
use perennial_timeline::Snapshot;
use std::collections::HashMap;

/// What the global control group is drawn by: one group for all experiments of a brand.
const GLOBAL_SALT: &str = "global_control";

/// A group of an experiment.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its name: `holdout`, an arm's, or `global_control`.
    pub name: String,
    /// Its share of the cohort, as it was drawn.
    pub share: f64,
}

/// The customers of an experiment with their groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Members {
    /// The hold-out first, then the arms in their order, then the global control group if there is one.
    pub groups: Vec<Group>,
    /// Customers, ascending, each once, with the place of their group.
    pub customers: Vec<(CustomerId, u8)>,
    /// Customers of the cohort who have become one with another of it since.
    pub merged: u64,
}

impl Members {
    /// The customers of a cohort as they are now: merged ones are one customer, in the group of whoever of
    /// them came first.
    ///
    /// # Errors
    /// Shares that are none; those of a definition are some.
    pub fn of(frozen: &Frozen, cohort: &[CustomerId], snapshot: &Snapshot) -> Result<Self, ExperimentError> {
        let lot = Lot::of(frozen)?;
        let mut places: HashMap<CustomerId, u8> = HashMap::with_capacity(cohort.len());
        for profile in cohort {
            places.entry(snapshot.customer_of(*profile)).or_insert_with(|| lot.place(*profile));
        }
        let mut customers: Vec<(CustomerId, u8)> = places.into_iter().collect();
        customers.sort_unstable();
        let merged = (cohort.len() - customers.len()) as u64;
        Ok(Self { groups: lot.groups, customers, merged })
    }

    /// The place of a customer's group; none for whoever takes no part.
    #[must_use]
    pub fn place(&self, customer: CustomerId) -> Option<usize> {
        let found = self.customers.binary_search_by_key(&customer, |(member, _)| *member).ok()?;
        self.customers.get(found).map(|(_, place)| usize::from(*place))
    }

    /// How many there are in each group.
    #[must_use]
    pub fn sizes(&self) -> Vec<u64> {
        let mut sizes = vec![0; self.groups.len()];
        for (_, place) in &self.customers {
            sizes[usize::from(*place)] += 1;
        }
        sizes
    }

    /// Whether it is a group that something is done to.
    #[must_use]
    pub fn is_arm(&self, place: usize) -> bool {
        self.groups.get(place).is_some_and(|group| group.name != HOLDOUT && group.name != GLOBAL_CONTROL)
    }
}

/// How an experiment divides its customers.
struct Lot {
    assignment: Assignment,
    global: Option<GlobalControl>,
    groups: Vec<Group>,
}

impl Lot {
    fn of(frozen: &Frozen) -> Result<Self, ExperimentError> {
        let experiment = &frozen.experiment;
        let arms = experiment.arms_with_weights();
        let weights: Vec<u32> = arms.iter().map(|(_, weight)| *weight).collect();
        let held = experiment.holdout_fraction();
        let global_share = frozen.global_control.map(Share::fraction);
        let global = global_share.map(|share| GlobalControl::new(GLOBAL_SALT, share)).transpose()?;
        let left = 1.0 - global_share.unwrap_or(0.0);
        let whole = f64::from(weights.iter().sum::<u32>());
        let mut groups = vec![Group { name: HOLDOUT.to_owned(), share: left * held }];
        groups.extend(arms.iter().map(|(name, weight)| Group {
            name: (*name).to_owned(),
            share: left * (1.0 - held) * f64::from(*weight) / whole,
        }));
        groups.extend(global_share.map(|share| Group { name: GLOBAL_CONTROL.to_owned(), share }));
        Ok(Self { assignment: Assignment::new(&experiment.name, held, &weights)?, global, groups })
    }

    fn place(&self, profile: CustomerId) -> u8 {
        use perennial_measure::Group;
        let place = match self.assignment.group(self.global.as_ref(), profile) {
            Group::Holdout => 0,
            Group::Arm(arm) => arm + 1,
            Group::GlobalControl => self.groups.len() - 1,
        };
        // An experiment has far fewer arms.
        u8::try_from(place).unwrap_or(u8::MAX)
    }
}
