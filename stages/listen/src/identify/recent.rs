//! What was used lately, in bounded memory.

use rustc_hash::FxHashMap;
use std::hash::Hash;

/// Two generations: what is used moves to the young one; when that is full it becomes the old one,
/// and the old one is forgotten. Holds between `capacity` / 2 and `capacity` entries once filled.
pub(super) struct Recent<K, V> {
    young: FxHashMap<K, V>,
    old: FxHashMap<K, V>,
    half: usize,
}

impl<K: Eq + Hash + Copy, V> Recent<K, V> {
    pub(super) fn new(capacity: usize) -> Self {
        Self { young: FxHashMap::default(), old: FxHashMap::default(), half: (capacity / 2).max(1) }
    }

    pub(super) fn get(&mut self, key: K) -> Option<&V> {
        if !self.young.contains_key(&key) {
            let value = self.old.remove(&key)?;
            self.insert(key, value);
        }
        self.young.get(&key).or_else(|| self.old.get(&key))
    }

    /// As [`Self::get`], of what is copied.
    pub(super) fn copied(&mut self, key: K) -> Option<V>
    where
        V: Copy,
    {
        if let Some(value) = self.young.get(&key) {
            return Some(*value);
        }
        let value = self.old.remove(&key)?;
        self.insert(key, value);
        Some(value)
    }

    pub(super) fn insert(&mut self, key: K, value: V) {
        self.old.remove(&key);
        self.young.insert(key, value);
        if self.young.len() >= self.half {
            self.old = std::mem::take(&mut self.young);
        }
    }

    pub(super) fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_the_rest_is_forgotten() {
        let mut recent = Recent::new(100);
        recent.insert(0, 0);
        for number in 1..10_000 {
            recent.insert(number, number * 7);
            assert_eq!(recent.get(0), Some(&0), "used all the time");
            assert_eq!(recent.get(number), Some(&(number * 7)));
            assert!(recent.young.len() + recent.old.len() <= 100);
        }
        assert_eq!(recent.get(5000), None);
        recent.insert(0, 3);
        assert_eq!(recent.get(0), Some(&3), "the newest value");
        recent.clear();
        assert_eq!(recent.get(0), None);
    }
}
