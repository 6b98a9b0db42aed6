//! Which profiles belong to another customer.

use perennial_model::CustomerId;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Changes kept apart from the shared base, so that one merge of profiles does not copy all aliases.
const DELTA_ENTRIES: usize = 1024;

/// Aliases of one instant; flat, so one step leads to the customer. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Aliases {
    base: Arc<FxHashMap<u64, u64>>,
    /// Later than the base; a profile leading to itself has lost its alias.
    delta: Arc<FxHashMap<u64, u64>>,
}

impl Aliases {
    pub(crate) fn new(pairs: &[(CustomerId, CustomerId)]) -> Self {
        let base = pairs.iter().filter(|(profile, customer)| profile != customer);
        Self {
            base: Arc::new(base.map(|(profile, customer)| (profile.0, customer.0)).collect()),
            delta: Arc::default(),
        }
    }

    /// The customer of a profile.
    #[inline]
    pub(crate) fn of(&self, profile: CustomerId) -> CustomerId {
        let found = self.delta.get(&profile.0).or_else(|| self.base.get(&profile.0));
        CustomerId(found.copied().unwrap_or(profile.0))
    }

    /// Whether every profile is its own customer.
    pub(crate) fn is_empty(&self) -> bool {
        self.base.is_empty() && self.delta.is_empty()
    }

    pub(crate) fn set(&mut self, pairs: &[(CustomerId, CustomerId)]) {
        if pairs.is_empty() {
            return;
        }
        let delta = Arc::make_mut(&mut self.delta);
        delta.extend(pairs.iter().map(|(profile, customer)| (profile.0, customer.0)));
        if delta.len() > DELTA_ENTRIES {
            let base = Arc::make_mut(&mut self.base);
            for (profile, customer) in delta.drain() {
                if profile == customer {
                    base.remove(&profile);
                } else {
                    base.insert(profile, customer);
                }
            }
        }
    }

    /// All profiles that belong to another customer, with that customer.
    pub(crate) fn pairs(&self) -> FxHashMap<u64, u64> {
        let mut all = (*self.base).clone();
        all.extend(self.delta.iter());
        all.retain(|profile, customer| profile != customer);
        all
    }
}

/// The way back: the profiles of each customer beside its own. For the writer only.
#[derive(Debug, Default)]
pub(crate) struct Members(FxHashMap<u64, Vec<CustomerId>>);

impl Members {
    pub(crate) fn new(aliases: &Aliases) -> Self {
        let mut members = Self::default();
        for (profile, customer) in aliases.pairs() {
            members.0.entry(customer).or_default().push(CustomerId(profile));
        }
        members
    }

    /// A customer's own profile and all others that belong to it, sorted.
    pub(crate) fn of(&self, customer: CustomerId) -> Vec<CustomerId> {
        let mut all = self.0.get(&customer.0).cloned().unwrap_or_default();
        all.push(customer);
        all.sort_unstable();
        all
    }

    /// Moves profiles from one customer to another.
    pub(crate) fn rehome(&mut self, profile: CustomerId, old: CustomerId, new: CustomerId) {
        if let Some(members) = self.0.get_mut(&old.0) {
            members.retain(|member| *member != profile);
            if members.is_empty() {
                self.0.remove(&old.0);
            }
        }
        if profile != new {
            self.0.entry(new.0).or_default().push(profile);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_delta_joins_the_base_and_a_profile_can_lose_its_alias() {
        let id = |number| CustomerId::new(3, number);
        let mut aliases = Aliases::new(&[(id(1), id(2))]);
        let kept = aliases.clone();
        let pairs: Vec<_> = (10..2000).map(|number| (id(number), id(2))).collect();
        aliases.set(&pairs);
        aliases.set(&[(id(1), id(1)), (id(11), id(11))]);
        assert_eq!((aliases.of(id(1)), aliases.of(id(11)), aliases.of(id(12))), (id(1), id(11), id(2)));
        assert_eq!((kept.of(id(1)), kept.of(id(12))), (id(2), id(12)));
        assert_eq!(aliases.pairs().len(), 1989);
        assert_eq!(Members::new(&aliases).of(id(2)).len(), 1990);
    }
}
