//! One turn of the live resolver: what it needs is fetched for all messages at once, the rules
//! decide in memory, and what they decided is written down.

use super::live::ResolverOptions;
use super::numbers::Numbers;
use super::person::Person;
use super::recent::Recent;
use super::rules::{Decided, ResolverCounts, Stitch, Work};
use super::sighting::Hashed;
use super::{KeyHash, Who};
use crate::ListenError;
use perennial_model::{CustomerId, IdentityKey};
use perennial_ports::{IdentityBinding, Store};
use perennial_timeline::{IdentityMarks, Timeline, TimelineError};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// What is remembered between turns.
pub(super) struct State {
    /// When what follows was true; none when it may be wrong.
    pub(super) marks: Option<IdentityMarks>,
    suppressed: FxHashSet<KeyHash>,
    /// Merges that a person has undone, as the journal names them.
    undone: Vec<(CustomerId, CustomerId)>,
    /// The same as customers of today, the smaller number first.
    parted: FxHashSet<(CustomerId, CustomerId)>,
    keys: Recent<KeyHash, CustomerId>,
    persons: Recent<CustomerId, Person>,
    names: Recent<KeyHash, Vec<u64>>,
    numbers: Numbers,
}

/// What the messages of a turn need to be known.
#[derive(Default)]
struct Fetched {
    profiles: FxHashMap<KeyHash, CustomerId>,
    customers: FxHashMap<CustomerId, CustomerId>,
    persons: FxHashMap<CustomerId, Person>,
    names: FxHashMap<KeyHash, Vec<u64>>,
}

impl State {
    pub(super) fn new(timeline: &Timeline, options: &ResolverOptions) -> Self {
        let meta = timeline.meta();
        Self {
            marks: None,
            suppressed: FxHashSet::default(),
            undone: Vec::new(),
            parted: FxHashSet::default(),
            keys: Recent::new(options.cached_keys),
            persons: Recent::new(options.cached_customers),
            names: Recent::new(options.cached_keys),
            numbers: Numbers::new(Some(timeline.clone()), meta.hash_key, meta.shards),
        }
    }

    /// Whose messages are, with all that follows written down.
    pub(super) async fn resolve(
        &mut self,
        timeline: &Timeline,
        options: &ResolverOptions,
        messages: &[Hashed],
        now_us: i64,
    ) -> Result<(Vec<Who>, ResolverCounts), ListenError> {
        loop {
            self.refresh(timeline).await?;
            let fetched = self.fetch(timeline, messages).await?;
            let mut work = Work {
                limits: &options.limits,
                names_per_phone: options.names_per_phone,
                hash_key: timeline.meta().hash_key,
                now_us,
                suppressed: &self.suppressed,
                parted: &self.parted,
                parted_since: FxHashSet::default(),
                numbers: &mut self.numbers,
                profiles: fetched.profiles,
                customers: fetched.customers,
                persons: fetched.persons,
                names: fetched.names,
                decided: Decided::default(),
            };
            let who: Vec<Who> = messages.iter().map(|message| work.decide(message)).collect();
            let Work { persons, names, decided, .. } = work;
            let store = timeline.store();
            if !decided.names.is_empty() {
                store.note_phone_names(&decided.names).await?;
            }
            names.into_iter().for_each(|(phone, names)| self.names.insert(phone, names));
            if !self.bind(store.as_ref(), decided.bound).await? {
                // An import bound one of the keys meanwhile: it is known now, decide again.
                self.persons.clear();
                continue;
            }
            persons.into_iter().for_each(|(customer, person)| self.persons.insert(customer, person));
            let suggestions: Vec<_> = decided.suggestions.into_values().collect();
            if !suggestions.is_empty() {
                store.note_suggestions(&suggestions).await?;
            }
            for stitch in decided.stitches {
                merge(timeline, stitch).await?;
            }
            return Ok((who, decided.counts));
        }
    }

    /// Forgets what no longer holds.
    async fn refresh(&mut self, timeline: &Timeline) -> Result<(), ListenError> {
        let (now, store) = (timeline.identity_marks(), timeline.store());
        let changed = |part: fn(IdentityMarks) -> u64| self.marks.map(part) != Some(part(now));
        let (erasures, undos) = (changed(|marks| marks.erasures), changed(|marks| marks.undos));
        let customers = changed(|marks| marks.customers) || erasures || undos;
        if erasures {
            self.suppressed = store.suppressed().await?.into_iter().map(KeyHash::from_suppression).collect();
            self.keys.clear();
            self.names.clear();
        }
        if undos || erasures {
            let journal = store.journal().await?.into_iter().filter(|entry| entry.undone_at_us.is_some());
            self.undone = journal.map(|entry| (entry.from, entry.into)).collect();
        }
        if customers {
            self.persons.clear();
            let today = |(one, other): &(CustomerId, CustomerId)| {
                let (one, other) = (timeline.customer_of(*one), timeline.customer_of(*other));
                (one.min(other), one.max(other))
            };
            self.parted = self.undone.iter().map(today).collect();
        }
        self.marks = Some(now);
        Ok(())
    }

    async fn fetch(&mut self, timeline: &Timeline, messages: &[Hashed]) -> Result<Fetched, ListenError> {
        let mut fetched = Fetched { profiles: self.profiles(timeline, messages).await?, ..Fetched::default() };
        let customer = |profile: &CustomerId| (*profile, timeline.customer_of(*profile));
        fetched.customers = fetched.profiles.values().map(customer).collect();
        fetched.persons = self.persons(timeline, unsettled(messages, &fetched)).await?;
        fetched.names = self.names(timeline.store().as_ref(), messages).await?;
        Ok(fetched)
    }

    /// The profiles of all keys that have one, and numbers enough for those that have not.
    async fn profiles(
        &mut self,
        timeline: &Timeline,
        messages: &[Hashed],
    ) -> Result<FxHashMap<KeyHash, CustomerId>, ListenError> {
        let mut profiles: FxHashMap<KeyHash, CustomerId> = FxHashMap::default();
        let mut asked: FxHashMap<KeyHash, &IdentityKey> = FxHashMap::default();
        for (hash, key) in messages.iter().flat_map(|message| &message.keys) {
            match self.keys.copied(*hash) {
                Some(profile) => drop(profiles.insert(*hash, profile)),
                None => drop(asked.insert(*hash, key)),
            }
        }
        if asked.is_empty() {
            return Ok(profiles);
        }
        let (hashes, keys): (Vec<KeyHash>, Vec<IdentityKey>) =
            asked.into_iter().map(|(hash, key)| (hash, key.clone())).unzip();
        let found = timeline.store().find_identities(&keys).await?;
        for (hash, profile) in hashes.iter().zip(&found).filter_map(|(hash, profile)| Some((*hash, (*profile)?))) {
            self.keys.insert(hash, profile);
            profiles.insert(hash, profile);
        }
        let unknown = keys.iter().zip(&found).filter(|(_, profile)| profile.is_none());
        self.numbers.reserve(unknown.map(|(key, _)| key)).await?;
        Ok(profiles)
    }

    /// What has to be known of these customers.
    async fn persons(
        &mut self,
        timeline: &Timeline,
        customers: FxHashSet<CustomerId>,
    ) -> Result<FxHashMap<CustomerId, Person>, ListenError> {
        let (mut persons, mut profiles) = (FxHashMap::default(), BTreeMap::new());
        for customer in customers {
            match self.persons.get(customer) {
                Some(person) => drop(persons.insert(customer, person.clone())),
                None => profiles.extend(timeline.profiles_of(customer).into_iter().map(|profile| (profile, customer))),
            }
        }
        if profiles.is_empty() {
            return Ok(persons);
        }
        let asked: Vec<CustomerId> = profiles.keys().copied().collect();
        let mut bindings: FxHashMap<CustomerId, Vec<IdentityBinding>> = FxHashMap::default();
        for binding in timeline.store().identities_of(&asked).await? {
            let customer = profiles.get(&binding.profile).copied().unwrap_or(binding.profile);
            bindings.entry(customer).or_default().push(binding);
        }
        persons.extend(bindings.iter().map(|(customer, bindings)| (*customer, Person::of(bindings))));
        Ok(persons)
    }

    /// The names of all phones of the messages.
    async fn names(
        &mut self,
        store: &dyn Store,
        messages: &[Hashed],
    ) -> Result<FxHashMap<KeyHash, Vec<u64>>, ListenError> {
        let (mut names, mut asked) = (FxHashMap::default(), FxHashSet::default());
        for phone in messages.iter().flat_map(Hashed::phones) {
            match self.names.get(phone) {
                Some(known) => drop(names.insert(phone, known.clone())),
                None => drop(asked.insert(phone)),
            }
        }
        if asked.is_empty() {
            return Ok(names);
        }
        let phones: Vec<[u8; 16]> = asked.into_iter().map(KeyHash::bytes).collect();
        for phone in &phones {
            names.entry(KeyHash::from_suppression(*phone)).or_default();
        }
        for found in store.phone_names(&phones).await? {
            names.entry(KeyHash::from_suppression(found.phone)).or_default().push(found.name);
        }
        Ok(names)
    }

    /// Binds keys; whether all of them lead to where they were bound.
    async fn bind(&mut self, store: &dyn Store, bound: Vec<(KeyHash, IdentityBinding)>) -> Result<bool, ListenError> {
        if bound.is_empty() {
            return Ok(true);
        }
        let (hashes, bindings): (Vec<KeyHash>, Vec<IdentityBinding>) = bound.into_iter().unzip();
        let holders = store.bind_identities(&bindings).await?;
        hashes.into_iter().zip(&holders).for_each(|(hash, profile)| self.keys.insert(hash, *profile));
        Ok(bindings.iter().zip(&holders).all(|(binding, profile)| binding.profile == *profile))
    }
}

/// Customers of messages that one look at their keys does not settle.
fn unsettled(messages: &[Hashed], fetched: &Fetched) -> FxHashSet<CustomerId> {
    let mut customers = FxHashSet::default();
    for message in messages.iter().filter(|message| message.keys.len() > 1) {
        let customer_of = |(hash, _): &(KeyHash, IdentityKey)| {
            let profile = fetched.profiles.get(hash)?;
            fetched.customers.get(profile).copied()
        };
        let found: Vec<Option<CustomerId>> = message.keys.iter().map(customer_of).collect();
        if found.windows(2).any(|pair| pair[0] != pair[1]) {
            customers.extend(found.into_iter().flatten());
        }
    }
    customers
}

/// One that is merged already was merged by somebody else meanwhile.
async fn merge(timeline: &Timeline, stitch: Stitch) -> Result<(), ListenError> {
    let reason = format!("anonymous seen with {}", stitch.known_by.as_str());
    match timeline.merge_profiles(stitch.from, stitch.into, &reason).await {
        Ok(_) | Err(TimelineError::SameCustomer { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
