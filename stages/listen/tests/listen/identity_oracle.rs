//! Random messages, merges, undoings, erasures and restarts, against a model that goes through
//! everything it was ever told each time.

use crate::world::{NOW_US, World};
use perennial_listen::{LiveResolver, ResolverOptions, Sighting, Who};
use perennial_model::{CustomerId, IdentityKind, IdentityLimits};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

type Key = (IdentityKind, String);

const LIMITS: IdentityLimits = IdentityLimits {
    member: 1,
    unionid: 1,
    phone: 2,
    email: 1,
    openid_per_app: 1,
    external_userid: 1,
    platform: 2,
    anonymous: 2,
};

/// Caches so small that almost everything is forgotten.
fn options() -> ResolverOptions {
    ResolverOptions { limits: LIMITS, names_per_phone: 2, cached_keys: 4, cached_customers: 2, group_messages: 5 }
}

#[derive(Debug, Clone)]
struct Message {
    /// Strongest first, each once.
    keys: Vec<Key>,
    name: Option<u8>,
}

#[derive(Debug, Clone)]
enum Step {
    /// Batches that arrive at once.
    Messages(Vec<Vec<Message>>),
    /// A person merges the customers of two keys.
    Merge(Key, Key),
    /// A person undoes a merge: which, of those that there are.
    Undo(usize),
    Erase(Key),
    Restart,
}

/// What the model says about a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Nobody,
    Suppressed,
    Profile(usize),
}

#[derive(Default)]
struct Model {
    /// Keys in the order they were bound, with their profiles.
    bound: Vec<(Key, usize)>,
    profiles: usize,
    /// From, into, whether undone.
    merges: Vec<(usize, usize, bool)>,
    names: BTreeMap<String, BTreeSet<u8>>,
    erased: BTreeSet<Key>,
    suggested: BTreeSet<BTreeSet<usize>>,
}

impl Model {
    fn profile(&self, key: &Key) -> Option<usize> {
        self.bound.iter().find(|(bound, _)| bound == key).map(|(_, profile)| *profile)
    }

    fn customer(&self, profile: usize) -> usize {
        let mut customers: Vec<usize> = (0..self.profiles).collect();
        for (from, into, _) in self.merges.iter().filter(|(.., undone)| !undone) {
            let (old, new) = (customers[*from], customers[*into]);
            customers.iter_mut().filter(|customer| **customer == old).for_each(|customer| *customer = new);
        }
        customers[profile]
    }

    fn keys_of(&self, customer: usize) -> Vec<&Key> {
        let own = self.bound.iter().filter(|(_, profile)| self.customer(*profile) == customer);
        own.map(|(key, _)| key).collect()
    }

    fn is_known(&self, customer: usize) -> bool {
        self.keys_of(customer).iter().any(|(kind, _)| kind.is_known())
    }

    /// Whether these keys, with more of their kinds, are within the limits. Kinds that a person's merge
    /// took beyond theirs do not keep others out.
    fn fits(more: &[&Key], keys: &[&Key]) -> bool {
        let counted = |(kind, value): &Key| {
            let app = if *kind == IdentityKind::Openid { value.split('@').next_back().unwrap() } else { "" };
            (*kind, app.to_owned())
        };
        keys.iter().all(|key| {
            let count = more.iter().chain(keys).filter(|other| counted(other) == counted(key)).count();
            count <= LIMITS.of(key.0) as usize
        })
    }

    fn parted(&self, one: usize, other: usize) -> bool {
        let pair = BTreeSet::from([one, other]);
        let undone = self.merges.iter().filter(|(.., undone)| *undone);
        undone.into_iter().any(|(from, into, _)| BTreeSet::from([self.customer(*from), self.customer(*into)]) == pair)
    }

    fn say(&mut self, message: &Message) -> Said {
        if message.keys.iter().any(|key| self.erased.contains(key)) {
            return Said::Suppressed;
        }
        let mut keys = message.keys.clone();
        keys.retain(|(kind, value)| {
            let names = self.names.entry(value.clone()).or_default();
            if *kind == IdentityKind::Phone && names.len() <= 2 {
                names.extend(message.name);
            }
            *kind != IdentityKind::Phone || names.len() <= 2
        });
        if keys.is_empty() {
            return Said::Nobody;
        }
        let profile = self.decide(&keys);
        for key in &keys {
            let customer = self.customer(profile);
            if self.profile(key).is_none() && Self::fits(&self.keys_of(customer), &[key]) {
                self.bound.push((key.clone(), profile));
            }
        }
        let says_who = keys.iter().any(|(kind, _)| kind.is_known());
        for key in &keys {
            let Some(other) = self.profile(key).map(|other| self.customer(other)) else { continue };
            let customer = self.customer(profile);
            if other == customer || self.parted(other, customer) {
                continue;
            }
            if self.is_known(other) {
                if key.0.is_known() {
                    self.suggested.insert(BTreeSet::from([other, customer]));
                }
            } else if says_who && Self::fits(&self.keys_of(customer), &self.keys_of(other)) {
                self.merges.push((other, customer, false));
            }
        }
        Said::Profile(profile)
    }

    fn decide(&mut self, keys: &[Key]) -> usize {
        let mut stronger: Vec<&Key> = Vec::new();
        for key in keys {
            let Some(profile) = self.profile(key) else {
                if Self::fits(&stronger, &[key]) {
                    stronger.push(key);
                }
                continue;
            };
            let customer = self.customer(profile);
            let says_who = stronger.iter().any(|(kind, _)| kind.is_known());
            let device_of_another = !key.0.is_known() && says_who && self.is_known(customer);
            let fits = Self::fits(&self.keys_of(customer), &stronger);
            if stronger.is_empty() || (fits && !device_of_another) {
                return profile;
            }
        }
        self.profiles += 1;
        self.profiles - 1
    }

    fn erase(&mut self, customer: usize) {
        let gone: Vec<usize> = (0..self.profiles).filter(|profile| self.customer(*profile) == customer).collect();
        for (key, _) in self.bound.extract_if(.., |(_, profile)| gone.contains(profile)) {
            self.names.remove(&key.1);
            self.erased.insert(key);
        }
        self.merges.retain(|(from, into, _)| !gone.contains(from) && !gone.contains(into));
        self.suggested.retain(|pair| !pair.iter().any(|one| gone.contains(one)));
    }
}

/// The real thing, and which profile of it is which of the model's.
struct Real {
    world: World,
    resolver: LiveResolver,
    ids: BTreeMap<usize, CustomerId>,
}

impl Real {
    async fn tell(&mut self, batches: &[Vec<Message>], model: &mut Model) {
        let sighting = |message: &Message| {
            let name = message.name.map(|name| format!("name {name}"));
            Sighting::new(message.keys.iter().map(|(kind, value)| (*kind, value.as_str())), name.as_deref())
        };
        let ask = |batch: &[Message]| self.resolver.resolve(batch.iter().map(sighting).collect(), NOW_US);
        let rest = batches.get(1).map_or(&[][..], Vec::as_slice);
        let (first, second) = tokio::join!(ask(&batches[0]), ask(rest));
        let answers = first.unwrap().who.into_iter().chain(second.unwrap().who);
        for (message, who) in batches[0].iter().chain(rest).zip(answers) {
            match (model.say(message), who) {
                (Said::Nobody, Who::Nobody) | (Said::Suppressed, Who::Suppressed) => {}
                (Said::Profile(said), Who::Somebody(profile)) => {
                    let known = self.ids.insert(said, profile);
                    assert!(
                        known.is_none_or(|known| known == profile),
                        "{message:?}: {said} is {known:?}, not {who:?}"
                    );
                }
                (said, who) => panic!("{message:?}: {said:?}, not {who:?}"),
            }
        }
    }

    async fn carry_out(&mut self, step: &Step, model: &mut Model) {
        let timeline = &self.world.timeline;
        match step {
            Step::Messages(batches) => self.tell(batches, model).await,
            Step::Merge(one, other) => {
                let (Some(one), Some(other)) = (model.profile(one), model.profile(other)) else { return };
                let merged = timeline.merge_profiles(self.ids[&one], self.ids[&other], "the same, she says").await;
                assert_eq!(merged.is_ok(), model.customer(one) != model.customer(other));
                if merged.is_ok() {
                    model.merges.push((one, other, false));
                }
            }
            Step::Undo(which) => {
                let journal = timeline.store().journal().await.unwrap();
                let open: Vec<usize> = (0..model.merges.len()).filter(|merge| !model.merges[*merge].2).collect();
                let Some(merge) = open.get(which % open.len().max(1)) else { return };
                timeline.undo(journal[*merge].entry_id).await.unwrap();
                model.merges[*merge].2 = true;
            }
            Step::Erase(key) => {
                let Some(profile) = model.profile(key) else { return };
                timeline.erase(self.ids[&profile]).await.unwrap();
                model.erase(model.customer(profile));
            }
            Step::Restart => {
                self.world.reopen().await;
                self.resolver = LiveResolver::new(&self.world.timeline, options());
            }
        }
    }

    async fn check(&self, model: &Model) {
        let timeline = &self.world.timeline;
        let distinct: BTreeSet<CustomerId> = self.ids.values().copied().collect();
        assert_eq!(distinct.len(), self.ids.len(), "two profiles of the model are one");
        for (said, profile) in &self.ids {
            assert_eq!(timeline.customer_of(*profile), self.ids[&model.customer(*said)], "profile {said}");
        }
        let store = timeline.store();
        let journal = store.journal().await.unwrap();
        let entry = |(from, into, undone): &(usize, usize, bool)| (self.ids[from], self.ids[into], *undone);
        let told: Vec<_> = journal.iter().map(|entry| (entry.from, entry.into, entry.undone_at_us.is_some())).collect();
        assert_eq!(told, model.merges.iter().map(entry).collect::<Vec<_>>());
        let pair = |one: CustomerId, other: CustomerId| (one.min(other), one.max(other));
        let suggested = store.suggestions().await.unwrap();
        let told: BTreeSet<_> = suggested.iter().map(|told| pair(told.one, told.other)).collect();
        let ids = |said: &BTreeSet<usize>| {
            let ids: Vec<CustomerId> = said.iter().map(|profile| self.ids[profile]).collect();
            pair(ids[0], ids[1])
        };
        assert_eq!(told, model.suggested.iter().map(ids).collect::<BTreeSet<_>>());
    }
}

fn key() -> impl Strategy<Value = Key> {
    use IdentityKind::{Anonymous, Email, Member, Openid, Phone};
    prop_oneof![
        2 => (0..3_u8).prop_map(|number| (Member, format!("m{number}"))),
        3 => (0..4_u8).prop_map(|number| (Phone, format!("+861380013800{number}"))),
        2 => (0..4_u8).prop_map(|number| (Email, format!("e{number}@shop.example"))),
        2 => (0..3_u8, 0..2_u8).prop_map(|(number, app)| (Openid, format!("o{number}@wx{app}"))),
        5 => (0..6_u8).prop_map(|number| (Anonymous, format!("d{number}"))),
    ]
}

fn message() -> impl Strategy<Value = Message> {
    (prop::collection::vec(key(), 0..4), prop::option::weighted(0.3, 0..4_u8)).prop_map(|(mut keys, name)| {
        let mut seen = BTreeSet::new();
        keys.retain(|key| seen.insert(key.clone()));
        keys.sort_by_key(|(kind, _)| *kind);
        Message { keys, name }
    })
}

fn step() -> impl Strategy<Value = Step> {
    let batches = prop::collection::vec(prop::collection::vec(message(), 0..6), 1..3);
    prop_oneof![
        10 => batches.prop_map(Step::Messages),
        1 => (key(), key()).prop_map(|(one, other)| Step::Merge(one, other)),
        2 => (0..100_usize).prop_map(Step::Undo),
        1 => key().prop_map(Step::Erase),
        1 => Just(Step::Restart),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn messages_have_the_customers_of_the_model(steps in prop::collection::vec(step(), 1..25)) {
        go(&steps);
    }
}

fn go(steps: &[Step]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let world = World::new().await;
        let resolver = LiveResolver::new(&world.timeline, options());
        let (mut real, mut model) = (Real { world, resolver, ids: BTreeMap::new() }, Model::default());
        for step in steps {
            real.carry_out(step, &mut model).await;
            real.check(&model).await;
        }
    });
}

#[test]
fn who_was_parted_stays_apart_from_whom_the_device_is_stitched_to_in_the_same_turn() {
    use IdentityKind::{Anonymous, Email, Openid, Phone};
    let (phone, email) = ((Phone, "+8613800138002"), (Email, "e1@shop.example"));
    let (openid, device) = ((Openid, "o1@wx1"), (Anonymous, "d3"));
    let batch = |messages: &[&[(IdentityKind, &str)]]| {
        let message = |keys: &&[(IdentityKind, &str)]| Message {
            keys: keys.iter().map(|(kind, value)| (*kind, (*value).to_owned())).collect(),
            name: None,
        };
        Step::Messages(vec![messages.iter().map(message).collect()])
    };
    go(&[
        batch(&[&[phone], &[email], &[device]]),
        // The device becomes part of the e-mail's customer, and a person takes them apart again.
        batch(&[&[email, openid, device]]),
        Step::Undo(0),
        batch(&[&[phone, device], &[phone, openid]]),
    ]);
}
