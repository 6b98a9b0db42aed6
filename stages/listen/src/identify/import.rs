//! Whom the rows of an import are about.
//!
//! All keys of an import are held as 128-bit keyed hashes (24 bytes a key, so some 50 MB for a
//! million customers). Two keys with one hash would make one customer of two people: with a
//! billion keys the odds are 1 in 10^20, and nobody without the brand's secret can bring it about.

use super::numbers::Numbers;
use super::{KeyHash, Who};
use crate::ListenError;
use crate::owners::OrderOwners;
use perennial_model::{CustomerId, HashKey, IdentityKey, ShardCount};
use perennial_ports::IdentityBinding;
use perennial_timeline::Timeline;
use rustc_hash::{FxHashMap, FxHashSet};

/// Keys asked of the store at once.
const LOOKUP_KEYS: usize = 16_384;

/// Finds and makes profiles for one import.
pub struct Resolver {
    numbers: Numbers,
    known: FxHashMap<KeyHash, CustomerId>,
    suppressed: FxHashSet<KeyHash>,
    /// Whether the store may know keys that we do not.
    look_up: bool,
    new_identities: Vec<IdentityBinding>,
    /// Whose orders are; a unit takes them while it is read.
    pub(crate) owners: OrderOwners,
    /// Customers made.
    pub new_customers: u64,
    /// Rows whose keys belong to several customers.
    pub conflicts: u64,
}

impl Resolver {
    /// For an import into this timeline.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn open(timeline: &Timeline) -> Result<Self, ListenError> {
        let meta = timeline.meta();
        let numbers = Numbers::new(Some(timeline.clone()), meta.hash_key, meta.shards);
        let mut resolver = Self { numbers, ..Self::offline(meta.hash_key, meta.shards) };
        let store = timeline.store();
        resolver.look_up = store.has_identities().await?;
        resolver.suppressed = store.suppressed().await?.into_iter().map(KeyHash::from_suppression).collect();
        resolver.owners = OrderOwners::open(timeline).await?;
        Ok(resolver)
    }

    /// Without a store: nobody is known yet, numbers start at 1.
    #[must_use]
    pub fn offline(hash_key: HashKey, shards: ShardCount) -> Self {
        Self {
            numbers: Numbers::new(None, hash_key, shards),
            known: FxHashMap::default(),
            suppressed: FxHashSet::default(),
            look_up: false,
            new_identities: Vec::new(),
            owners: OrderOwners::default(),
            new_customers: 0,
            conflicts: 0,
        }
    }

    /// Whether a key's profile is held already.
    #[must_use]
    #[inline]
    pub fn knows(&self, hash: KeyHash) -> bool {
        self.known.contains_key(&hash)
    }

    /// Whether a key was erased: what carries it must not be kept.
    #[must_use]
    pub fn is_suppressed(&self, hash: KeyHash) -> bool {
        self.suppressed.contains(&hash)
    }

    /// Gets ready for rows with these keys, none of which is [known](Self::knows): looks them up in
    /// the store, and reserves numbers for those that it does not know.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn prepare(&mut self, keys: Vec<(KeyHash, IdentityKey)>) -> Result<(), ListenError> {
        let (hashes, keys): (Vec<KeyHash>, Vec<IdentityKey>) = keys.into_iter().unzip();
        if let Some(timeline) = self.numbers.timeline().filter(|_| self.look_up) {
            for (hashes, keys) in hashes.chunks(LOOKUP_KEYS).zip(keys.chunks(LOOKUP_KEYS)) {
                let profiles = timeline.store().find_identities(keys).await?;
                self.known.extend(hashes.iter().zip(profiles).filter_map(|(hash, profile)| Some((*hash, profile?))));
            }
        }
        // For every key, though some rows have several: an upper bound.
        let unknown = hashes.iter().zip(&keys).filter(|(hash, _)| !self.known.contains_key(hash));
        self.numbers.reserve(unknown.map(|(_, key)| key)).await
    }

    /// Whose a row with these keys is (strongest first, [`KeyHash::NONE`] for a kind it has not).
    /// The strongest known key decides and the unknown ones are bound to its profile; keys of
    /// several customers are never merged here, only counted. `key_at` gives the text of a key; it
    /// is asked only for keys seen for the first time.
    #[inline]
    pub fn resolve(&mut self, hashes: &[KeyHash], key_at: impl Fn(usize) -> Option<IdentityKey>) -> Who {
        if let [hash] = hashes
            && let Some(profile) = self.known.get(hash)
        {
            return Who::Somebody(*profile);
        }
        self.resolve_several(hashes, &key_at)
    }

    fn resolve_several(&mut self, hashes: &[KeyHash], key_at: &dyn Fn(usize) -> Option<IdentityKey>) -> Who {
        let present = || hashes.iter().enumerate().filter(|(_, hash)| **hash != KeyHash::NONE);
        if !self.suppressed.is_empty() && present().any(|(_, hash)| self.suppressed.contains(hash)) {
            return Who::Suppressed;
        }
        let decided = present().find_map(|(_, hash)| self.known.get(hash).copied());
        let Some(profile) =
            decided.or_else(|| present().find_map(|(index, _)| key_at(index)).and_then(|key| self.new_profile(&key)))
        else {
            return Who::Nobody;
        };
        let mut conflict = false;
        for (index, hash) in present() {
            match self.known.get(hash) {
                Some(other) => conflict |= *other != profile && self.customer_of(*other) != self.customer_of(profile),
                None => self.bind(*hash, key_at(index), profile),
            }
        }
        self.conflicts += u64::from(conflict);
        Who::Somebody(profile)
    }

    fn bind(&mut self, hash: KeyHash, key: Option<IdentityKey>, profile: CustomerId) {
        if let Some(key) = key {
            self.known.insert(hash, profile);
            self.new_identities.push(IdentityBinding { key, profile });
        }
    }

    fn new_profile(&mut self, key: &IdentityKey) -> Option<CustomerId> {
        let profile = self.numbers.take(key);
        self.new_customers += u64::from(profile.is_some());
        profile
    }

    fn customer_of(&self, profile: CustomerId) -> CustomerId {
        self.numbers.timeline().map_or(profile, |timeline| timeline.customer_of(profile))
    }

    /// Identities made since the last call: they belong into the transaction of the next chunk.
    pub fn take_new_identities(&mut self) -> Vec<IdentityBinding> {
        std::mem::take(&mut self.new_identities)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use perennial_model::IdentityKind;

    const HASH_KEY: HashKey = HashKey::new([3; 16]);

    fn key(kind: IdentityKind, value: &str) -> IdentityKey {
        IdentityKey { kind, value: value.into() }
    }

    async fn resolve(resolver: &mut Resolver, keys: &[IdentityKey]) -> Who {
        let hashes: Vec<KeyHash> = keys.iter().map(|key| KeyHash::of(&HASH_KEY, key)).collect();
        let unknown =
            hashes.iter().copied().zip(keys.iter().cloned()).filter(|(hash, _)| !resolver.knows(*hash)).collect();
        resolver.prepare(unknown).await.unwrap();
        resolver.resolve(&hashes, |index| keys.get(index).cloned())
    }

    #[tokio::test]
    async fn the_strongest_known_key_decides_and_binds_the_others() {
        let mut resolver = Resolver::offline(HASH_KEY, ShardCount::EMBEDDED);
        let (phone, email) = (key(IdentityKind::Phone, "+8613800138000"), key(IdentityKind::Email, "a@b.example"));
        let first = resolve(&mut resolver, std::slice::from_ref(&phone)).await;
        assert_eq!(resolve(&mut resolver, &[phone.clone(), email.clone()]).await, first);
        assert_eq!(resolve(&mut resolver, std::slice::from_ref(&email)).await, first);
        assert_eq!((resolver.new_customers, resolver.conflicts), (1, 0));
        let bound = resolver.take_new_identities();
        assert_eq!(bound.iter().map(|binding| &binding.key).collect::<Vec<_>>(), [&phone, &email]);
    }

    #[tokio::test]
    async fn two_customers_are_never_merged_silently() {
        let mut resolver = Resolver::offline(HASH_KEY, ShardCount::EMBEDDED);
        let (phone, email) = (key(IdentityKind::Phone, "+8613800138000"), key(IdentityKind::Email, "a@b.example"));
        let first = resolve(&mut resolver, std::slice::from_ref(&phone)).await;
        let second = resolve(&mut resolver, std::slice::from_ref(&email)).await;
        assert_ne!(first, second);
        assert_eq!(resolve(&mut resolver, &[phone, email]).await, first);
        assert_eq!(resolver.conflicts, 1);
    }

    #[tokio::test]
    async fn an_erased_key_stays_away() {
        let mut resolver = Resolver::offline(HASH_KEY, ShardCount::EMBEDDED);
        let (phone, email) = (key(IdentityKind::Phone, "+8613800138000"), key(IdentityKind::Email, "a@b.example"));
        resolver.suppressed.insert(KeyHash::of(&HASH_KEY, &email));
        assert_eq!(resolve(&mut resolver, &[phone, email]).await, Who::Suppressed);
        assert_eq!(resolver.new_customers, 0);
        assert_eq!(resolve(&mut resolver, &[]).await, Who::Nobody);
    }
}
