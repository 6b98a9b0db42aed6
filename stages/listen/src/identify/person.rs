//! What has to be known of a customer to decide whether a key may join.

use perennial_model::{IdentityKey, IdentityKind, IdentityLimits};
use perennial_ports::IdentityBinding;

/// How many keys of each kind a customer has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Person {
    /// By kind and scope; a handful.
    counts: Vec<(IdentityKind, Box<str>, u32)>,
}

impl Person {
    /// Of all bindings of a customer's profiles.
    pub(super) fn of(bindings: &[IdentityBinding]) -> Self {
        let mut person = Self::default();
        bindings.iter().for_each(|binding| person.add(&binding.key));
        person
    }

    /// Whether somebody is known behind it, not only a device.
    pub(super) fn is_known(&self) -> bool {
        self.counts.iter().any(|(kind, ..)| kind.is_known())
    }

    pub(super) fn has_keys(&self) -> bool {
        !self.counts.is_empty()
    }

    fn count(&self, kind: IdentityKind, scope: &str) -> u32 {
        let found = self.counts.iter().find(|(known, within, _)| *known == kind && **within == *scope);
        found.map_or(0, |(_, _, count)| *count)
    }

    /// Whether one more key is within the limits.
    pub(super) fn has_room_for(&self, key: &IdentityKey, limits: &IdentityLimits) -> bool {
        self.count(key.kind, key.scope()) < limits.of(key.kind)
    }

    /// Whether the keys of both are within the limits of one.
    pub(super) fn has_room_for_all(&self, other: &Self, limits: &IdentityLimits) -> bool {
        let mut sums = other.counts.iter().map(|(kind, scope, count)| (*kind, self.count(*kind, scope) + count));
        sums.all(|(kind, sum)| sum <= limits.of(kind))
    }

    pub(super) fn add(&mut self, key: &IdentityKey) {
        self.add_count(key.kind, key.scope(), 1);
    }

    pub(super) fn add_all(&mut self, other: &Self) {
        other.counts.iter().for_each(|(kind, scope, count)| self.add_count(*kind, scope, *count));
    }

    fn add_count(&mut self, kind: IdentityKind, scope: &str, more: u32) {
        match self.counts.iter_mut().find(|(known, within, _)| *known == kind && **within == *scope) {
            Some((_, _, count)) => *count += more,
            None => self.counts.push((kind, scope.into(), more)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openids_of_two_apps_do_not_count_together() {
        let openid = |value: &str| IdentityKey { kind: IdentityKind::Openid, value: value.to_owned() };
        let limits = IdentityLimits::default();
        let mut one = Person::default();
        one.add(&openid("a@shop"));
        assert!(one.has_room_for(&openid("b@club"), &limits) && !one.has_room_for(&openid("b@shop"), &limits));
        let mut other = Person::default();
        other.add(&openid("b@club"));
        assert!(one.has_room_for_all(&other, &limits));
        other.add(&openid("b@shop"));
        assert!(!one.has_room_for_all(&other, &limits));
    }
}
