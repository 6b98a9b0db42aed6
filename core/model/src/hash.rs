//! Keyed hashes: event identity, order keys, and what remains of an erased customer.

use crate::{IdentityKey, Mid, OrderKey};
use siphasher::sip::SipHasher13;
use siphasher::sip128::{Hasher128, SipHasher24};
use std::hash::Hasher;

/// The brand's secret. Made once when the data directory is made and kept in the store; with
/// another key no hash can be compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct HashKey([u8; 16]);

impl std::fmt::Debug for HashKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("HashKey(…)")
    }
}

impl HashKey {
    /// From sixteen secret bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes, to store them.
    #[must_use]
    pub const fn bytes(&self) -> [u8; 16] {
        self.0
    }

    fn hash64(&self, domain: u8, parts: &[&[u8]]) -> u64 {
        let mut hasher = SipHasher13::new_with_key(&self.0);
        hasher.write_u8(domain);
        for part in parts {
            hasher.write_u64(part.len() as u64);
            hasher.write(part);
        }
        hasher.finish()
    }

    /// Identity of a message: hash of source and message id.
    #[must_use]
    pub fn mid(&self, source: &str, message_id: &str) -> Mid {
        Mid(self.hash64(1, &[source.as_bytes(), message_id.as_bytes()]))
    }

    /// Identity of the `nth` row (from 0) of a file with exactly these canonical bytes.
    #[must_use]
    pub fn row_mid(&self, source: &str, canonical_row: &[u8], nth: u32) -> Mid {
        Mid(self.hash64(2, &[source.as_bytes(), canonical_row, &nth.to_le_bytes()]))
    }

    /// Key of an order; never zero, because zero means "no order".
    #[must_use]
    pub fn order(&self, source: &str, order_id: &str) -> OrderKey {
        OrderKey(self.hash64(3, &[source.as_bytes(), order_id.as_bytes()]).max(1))
    }

    /// Mid of the header of an order: the same for every version of it, so that the latest can win.
    #[must_use]
    pub fn order_header_mid(&self, order: OrderKey) -> Mid {
        Mid(self.hash64(4, &[&order.0.to_le_bytes()]))
    }

    /// Where a new customer with this key lives: spreads customers evenly over the shards.
    #[must_use]
    pub fn placement(&self, key: &IdentityKey) -> u64 {
        self.hash64(5, &[key.kind.as_str().as_bytes(), key.value.as_bytes()])
    }

    /// A person's name seen with a phone: comparable with other names of this phone only.
    #[must_use]
    pub fn name_with_phone(&self, phone: &[u8; 16], name: &str) -> u64 {
        self.hash64(7, &[phone, name.as_bytes()])
    }

    /// A statement in the audit: the same text can be told again, and not read.
    #[must_use]
    pub fn statement(&self, sql: &str) -> u64 {
        self.hash64(9, &[sql.as_bytes()])
    }

    /// Tells one brand from another; the secret does not follow from it.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        self.hash64(8, &[])
    }

    /// What remains of an erased identity: enough to keep it away, not enough to find it.
    #[must_use]
    pub fn suppression(&self, key: &IdentityKey) -> [u8; 16] {
        let mut hasher = SipHasher24::new_with_key(&self.0);
        hasher.write_u8(6);
        hasher.write(key.kind.as_str().as_bytes());
        hasher.write_u8(0);
        hasher.write(key.value.as_bytes());
        hasher.finish128().as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::IdentityKind;

    #[test]
    fn parts_do_not_run_into_each_other() {
        let key = HashKey::new([7; 16]);
        assert_ne!(key.mid("ab", "c"), key.mid("a", "bc"));
        assert_ne!(key.row_mid("s", b"row", 0), key.row_mid("s", b"row", 1));
    }

    #[test]
    fn another_key_gives_another_hash() {
        let identity = IdentityKey { kind: IdentityKind::Email, value: "a@b.example".into() };
        let (one, two) = (HashKey::new([1; 16]), HashKey::new([2; 16]));
        assert_ne!(one.suppression(&identity), two.suppression(&identity));
        assert_eq!(one.suppression(&identity), one.suppression(&identity));
    }
}
