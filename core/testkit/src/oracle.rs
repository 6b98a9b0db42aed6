//! The timeline's rules in the simplest words: a list of rows, and a loop for each question.

use crate::TestRow;
use perennial_model::CustomerId;
use std::collections::{BTreeMap, BTreeSet};

/// All rows ever kept, in any order; what counts is decided when asked.
#[derive(Debug, Clone, Default)]
pub struct NaiveOracle {
    rows: Vec<TestRow>,
    aliases: BTreeMap<CustomerId, CustomerId>,
}

impl NaiveOracle {
    /// Keeps rows.
    pub fn add(&mut self, rows: &[TestRow]) {
        self.rows.extend_from_slice(rows);
    }

    /// Makes a profile part of a customer; of itself: on its own again.
    pub fn set_alias(&mut self, profile: CustomerId, customer: CustomerId) {
        self.aliases.insert(profile, customer);
    }

    /// The customer of a profile.
    #[must_use]
    pub fn customer_of(&self, profile: CustomerId) -> CustomerId {
        self.aliases.get(&profile).copied().unwrap_or(profile)
    }

    /// Makes all profiles of a customer part of another one.
    pub fn merge(&mut self, from: CustomerId, into: CustomerId) {
        let moved: BTreeSet<CustomerId> = self.rows.iter().map(TestRow::profile).chain([from]).collect();
        for profile in moved {
            if self.customer_of(profile) == from {
                self.set_alias(profile, into);
            }
        }
    }

    /// Forgets a customer with all its profiles.
    pub fn erase(&mut self, customer: CustomerId) {
        let aliases = self.aliases.clone();
        let customer_of = |profile: CustomerId| aliases.get(&profile).copied().unwrap_or(profile);
        self.rows.retain(|row| customer_of(row.profile()) != customer);
        self.aliases.retain(|profile, _| customer_of(*profile) != customer);
    }

    /// Customers that have events before an instant (exclusive), ascending.
    #[must_use]
    pub fn customers(&self, until_us: Option<i64>) -> Vec<CustomerId> {
        let all: BTreeSet<CustomerId> = self.rows.iter().map(|row| self.customer_of(row.profile())).collect();
        all.into_iter().filter(|customer| !self.events(*customer, until_us).is_empty()).collect()
    }

    /// A customer's events before an instant (exclusive), once each, by (time, mid). Which version
    /// of a message counts does not depend on the instant.
    #[must_use]
    pub fn events(&self, customer: CustomerId, until_us: Option<i64>) -> Vec<TestRow> {
        let mut counting: BTreeMap<u64, &TestRow> = BTreeMap::new();
        for row in self.rows.iter().filter(|row| self.customer_of(row.profile()) == customer) {
            let kept = counting.entry(row.mid).or_insert(row);
            if counts_before(row, kept) {
                *kept = row;
            }
        }
        let in_time = |row: &&&TestRow| until_us.is_none_or(|until_us| row.time_us < until_us);
        let mut events: Vec<TestRow> = counting.values().filter(in_time).map(|row| (*row).clone()).collect();
        events.sort_by_key(|row| (row.time_us, row.mid));
        events
    }
}

/// Whether a row counts instead of another with the same mid: the earliest received, but of order
/// headers the latest.
fn counts_before(row: &TestRow, kept: &TestRow) -> bool {
    match (row.kind().replaceable(), kept.kind().replaceable()) {
        (true, true) => row.received_us > kept.received_us,
        (false, false) => row.received_us < kept.received_us,
        (replaceable, _) => !replaceable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customer;

    #[test]
    fn the_first_heard_counts_and_the_last_version_of_an_order() {
        let who = customer(1, 4);
        let mut oracle = NaiveOracle::default();
        oracle.add(&[TestRow::new(who, 1, 10).received(20), TestRow::new(who, 1, 11).received(19)]);
        oracle.add(&[TestRow::order(who, 2, 10, 5).received(20), TestRow::order(who, 2, 10, 7).received(21)]);
        let events = oracle.events(who, None);
        assert_eq!(events.iter().map(|row| row.time_us).collect::<Vec<_>>(), [10, 11]);
        assert_eq!(events[0].value_minor, Some(7));
        assert_eq!(oracle.events(who, Some(11)).len(), 1);
    }

    #[test]
    fn merged_profiles_are_one_customer_until_erased() {
        let (one, other) = (customer(1, 4), customer(2, 4));
        let mut oracle = NaiveOracle::default();
        oracle.add(&[TestRow::new(one, 1, 10), TestRow::new(other, 2, 5)]);
        oracle.merge(one, other);
        assert_eq!(oracle.customers(None), [other]);
        assert_eq!(oracle.events(other, None).len(), 2);
        oracle.erase(other);
        assert!(oracle.customers(None).is_empty());
    }
}
