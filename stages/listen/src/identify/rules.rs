//! The rules by which a message finds its customer. Everything they need is in memory; what they
//! decide is written down by the caller.
//!
//! 1. A message with an erased key is dropped.
//! 2. A phone seen with more names than allowed is a family's or a shop's: it is left aside.
//! 3. Keys are taken strongest first. The first one known decides, if the customer has room for the
//!    stronger ones that are not known yet; a device of a known customer decides only where no key
//!    says who somebody is. If none decides, the message makes a new customer.
//! 4. Keys not known yet are bound to that customer within its limits.
//! 5. Other customers of the message's keys: one that is only a device becomes part of this customer
//!    (stitched) when the message says who somebody is; one that is known never does, it is suggested
//!    to a person to merge them; a device of another known customer says nothing.

use super::numbers::Numbers;
use super::person::Person;
use super::sighting::Hashed;
use super::{KeyHash, Who};
use perennial_model::{CustomerId, HashKey, IdentityKey, IdentityKind, IdentityLimits};
use perennial_ports::{IdentityBinding, PhoneName, SuggestionSeen};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// What became of messages and their keys, for people who watch the intake.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResolverCounts {
    /// Customers made.
    pub new_customers: u64,
    /// Messages with an erased key.
    pub suppressed: u64,
    /// Values that are no keys (0, null, anonymous, masked …).
    pub blocked: u64,
    /// Keys not bound because the customer has as many of the kind as it may.
    pub over_limit: BTreeMap<IdentityKind, u64>,
    /// Times that a phone with too many names was left aside.
    pub shared_phones: u64,
    /// Messages of one known customer from the device of another.
    pub shared_devices: u64,
    /// Anonymous profiles that became part of a known customer.
    pub stitched: u64,
    /// Messages whose keys lead to two known customers.
    pub conflicts: u64,
}

impl ResolverCounts {
    pub(super) fn add(&mut self, other: Self) {
        self.new_customers += other.new_customers;
        self.suppressed += other.suppressed;
        self.blocked += other.blocked;
        for (kind, count) in other.over_limit {
            *self.over_limit.entry(kind).or_default() += count;
        }
        self.shared_phones += other.shared_phones;
        self.shared_devices += other.shared_devices;
        self.stitched += other.stitched;
        self.conflicts += other.conflicts;
    }
}

/// An anonymous customer that becomes part of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stitch {
    pub(super) from: CustomerId,
    pub(super) into: CustomerId,
    /// The key that says who it is.
    pub(super) known_by: IdentityKind,
}

/// What is known about the messages of a group, and what was decided.
pub(super) struct Work<'a> {
    pub(super) limits: &'a IdentityLimits,
    pub(super) names_per_phone: usize,
    pub(super) hash_key: HashKey,
    pub(super) now_us: i64,
    pub(super) suppressed: &'a FxHashSet<KeyHash>,
    /// Pairs that a person has parted, the smaller number first.
    pub(super) parted: &'a FxHashSet<(CustomerId, CustomerId)>,
    /// The same by what was stitched in this turn.
    pub(super) parted_since: FxHashSet<(CustomerId, CustomerId)>,
    pub(super) numbers: &'a mut Numbers,
    /// Profiles of the group's keys.
    pub(super) profiles: FxHashMap<KeyHash, CustomerId>,
    /// Customers of those profiles.
    pub(super) customers: FxHashMap<CustomerId, CustomerId>,
    pub(super) persons: FxHashMap<CustomerId, Person>,
    /// Names of the group's phones.
    pub(super) names: FxHashMap<KeyHash, Vec<u64>>,
    pub(super) decided: Decided,
}

/// What is to be written down.
#[derive(Debug, Default)]
pub(super) struct Decided {
    pub(super) bound: Vec<(KeyHash, IdentityBinding)>,
    pub(super) names: Vec<PhoneName>,
    pub(super) stitches: Vec<Stitch>,
    pub(super) suggestions: BTreeMap<(CustomerId, CustomerId), SuggestionSeen>,
    pub(super) counts: ResolverCounts,
}

type Keys<'a> = Vec<&'a (KeyHash, IdentityKey)>;

impl Work<'_> {
    /// Whose a message is.
    pub(super) fn decide(&mut self, message: &Hashed) -> Who {
        self.decided.counts.blocked += u64::from(message.blocked);
        if message.keys.iter().any(|(hash, _)| self.suppressed.contains(hash)) {
            self.decided.counts.suppressed += 1;
            return Who::Suppressed;
        }
        if let [(hash, key)] = &message.keys[..]
            && key.kind != IdentityKind::Phone
            && let Some(profile) = self.profiles.get(hash)
        {
            return Who::Somebody(*profile);
        }
        let keys = self.deciding(message);
        if let [(hash, _)] = keys[..]
            && let Some(profile) = self.profiles.get(hash)
        {
            return Who::Somebody(*profile);
        }
        let Some(profile) = self.person_of(&keys) else { return Who::Nobody };
        self.bind(&keys, profile);
        self.link(&keys, profile);
        Who::Somebody(profile)
    }

    /// The message's keys but for phones of many people; notes the name seen with each phone.
    fn deciding<'m>(&mut self, message: &'m Hashed) -> Keys<'m> {
        let mut keys: Keys<'m> = message.keys.iter().collect();
        keys.retain(|(hash, key)| {
            let shared = key.kind == IdentityKind::Phone && self.is_shared(*hash, message.name.as_deref());
            self.decided.counts.shared_phones += u64::from(shared);
            !shared
        });
        keys
    }

    fn is_shared(&mut self, phone: KeyHash, name: Option<&str>) -> bool {
        let names = self.names.entry(phone).or_default();
        if let Some(name) = name.filter(|_| names.len() <= self.names_per_phone) {
            let bytes = phone.bytes();
            let name = self.hash_key.name_with_phone(&bytes, name);
            if !names.contains(&name) {
                names.push(name);
                self.decided.names.push(PhoneName { phone: bytes, name });
            }
        }
        names.len() > self.names_per_phone
    }

    /// The profile that the keys lead to, or a new one.
    fn person_of(&mut self, keys: &Keys<'_>) -> Option<CustomerId> {
        let mut stronger = Person::default();
        for (hash, key) in keys {
            let Some(profile) = self.profiles.get(hash).copied() else {
                if stronger.has_room_for(key, self.limits) {
                    stronger.add(key);
                }
                continue;
            };
            if !stronger.has_keys() || self.may_have(profile, key, &stronger) {
                return Some(profile);
            }
        }
        let (_, first) = keys.iter().find(|(_, key)| stronger.has_keys() && self.limits.of(key.kind) > 0)?;
        let profile = self.numbers.take(first)?;
        self.decided.counts.new_customers += 1;
        Some(profile)
    }

    /// Whether the customer of a known key can have the stronger keys, which are not known yet.
    fn may_have(&self, profile: CustomerId, key: &IdentityKey, stronger: &Person) -> bool {
        let Some(person) = self.persons.get(&self.customer_of(profile)) else { return true };
        let others_device = !key.kind.is_known() && stronger.is_known() && person.is_known();
        !others_device && person.has_room_for_all(stronger, self.limits)
    }

    fn customer_of(&self, profile: CustomerId) -> CustomerId {
        self.customers.get(&profile).copied().unwrap_or(profile)
    }

    /// Binds what is not known yet, within the customer's limits.
    fn bind(&mut self, keys: &Keys<'_>, profile: CustomerId) {
        if keys.iter().all(|(hash, _)| self.profiles.contains_key(hash)) {
            return;
        }
        let person = self.persons.entry(self.customer_of(profile)).or_default();
        for (hash, key) in keys {
            if self.profiles.contains_key(hash) {
                continue;
            }
            if !person.has_room_for(key, self.limits) {
                *self.decided.counts.over_limit.entry(key.kind).or_default() += 1;
                continue;
            }
            person.add(key);
            self.profiles.insert(*hash, profile);
            self.decided.bound.push((*hash, IdentityBinding { key: key.clone(), profile }));
        }
    }

    /// What the message says about other customers to whom its keys lead.
    fn link(&mut self, keys: &Keys<'_>, profile: CustomerId) {
        let into = self.customer_of(profile);
        let known_by = keys.iter().map(|(_, key)| key.kind).find(|kind| kind.is_known());
        let (mut conflict, mut others_device) = (false, false);
        for (hash, key) in keys {
            let Some(from) = self.profiles.get(hash).map(|other| self.customer_of(*other)).filter(|from| *from != into)
            else {
                continue;
            };
            let is_known = self.persons.get(&from).is_some_and(Person::is_known);
            match (is_known, known_by) {
                (true, _) if key.kind.is_known() => {
                    conflict = true;
                    self.suggest(into, from, key.kind);
                }
                (true, _) => others_device = true,
                (false, Some(known_by)) => self.stitch(Stitch { from, into, known_by }),
                (false, None) => {}
            }
        }
        self.decided.counts.conflicts += u64::from(conflict);
        self.decided.counts.shared_devices += u64::from(others_device);
    }

    fn is_parted(&self, one: CustomerId, other: CustomerId) -> bool {
        let pair = (one.min(other), one.max(other));
        self.parted.contains(&pair) || self.parted_since.contains(&pair)
    }

    /// From whom one part was parted, from them the whole stays apart.
    fn part_from(&mut self, stitch: Stitch) {
        let Stitch { from, into, .. } = stitch;
        let other_of = |(one, other): &(CustomerId, CustomerId)| {
            if *one == from { Some(*other) } else { (*other == from).then_some(*one) }
        };
        let others = self.parted.iter().chain(&self.parted_since).filter_map(other_of);
        let pairs: Vec<_> = others.map(|other| (other.min(into), other.max(into))).collect();
        self.parted_since.extend(pairs);
    }

    fn suggest(&mut self, one: CustomerId, other: CustomerId, reason: IdentityKind) {
        if self.is_parted(one, other) {
            return;
        }
        let seen = SuggestionSeen { one, other, reason, at_us: self.now_us, times: 0 };
        self.decided.suggestions.entry((one.min(other), one.max(other))).or_insert(seen).times += 1;
    }

    /// Unless a person has parted the two, or one would have more keys than it may.
    fn stitch(&mut self, stitch: Stitch) {
        let Stitch { from, into, .. } = stitch;
        if self.is_parted(from, into) {
            return;
        }
        let moving = self.persons.get(&from).cloned().unwrap_or_default();
        let person = self.persons.entry(into).or_default();
        if !person.has_room_for_all(&moving, self.limits) {
            *self.decided.counts.over_limit.entry(IdentityKind::Anonymous).or_default() += 1;
            return;
        }
        person.add_all(&moving);
        self.persons.remove(&from);
        let of_from = self.customers.iter().filter(|(_, customer)| **customer == from).map(|(profile, _)| *profile);
        let moved: Vec<CustomerId> = of_from.chain([from]).collect();
        self.customers.extend(moved.into_iter().map(|profile| (profile, into)));
        self.part_from(stitch);
        self.decided.counts.stitched += 1;
        self.decided.stitches.push(stitch);
    }
}
