//! The keys of each row of a block, before the rows themselves are read: unknown ones are looked up
//! for the whole block at once.

use super::part::PartReader;
use crate::identify::{KeyHash, Resolver};
use crate::import::Block;
use crate::import::RowView;
use crate::recognise::Field;
use crate::value::{self, IdProblem, KeyProblem, clean, is_none};
use perennial_model::{HashKey, IdentityKey, IdentityKind, OrderKey};
use rustc_hash::FxHashSet;

/// What became of a cell that should hold a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyCell {
    /// It is empty.
    Empty,
    /// It holds a key; its text is in the buffer.
    Key,
    /// It does not.
    NoKey(KeyProblem),
    /// A spreadsheet took its digits.
    Mangled,
}

/// The kind of key a column of this field holds.
pub(crate) const fn kind_of(field: Field) -> IdentityKind {
    match field {
        Field::Member => IdentityKind::Member,
        Field::Phone => IdentityKind::Phone,
        Field::Email => IdentityKind::Email,
        _ => IdentityKind::Platform,
    }
}

/// Reads one cell as a key into `out`.
#[inline]
pub(crate) fn read_key(kind: IdentityKind, cell: &str, source: &str, out: &mut String) -> KeyCell {
    let text = clean(cell);
    if is_none(text) {
        return KeyCell::Empty;
    }
    let id = match value::id_text(text) {
        Ok(Some(id)) => id,
        Ok(None) => return KeyCell::Empty,
        Err(IdProblem::Mangled) => return KeyCell::Mangled,
    };
    let read = match kind {
        IdentityKind::Phone => value::phone(&id, out),
        IdentityKind::Email => value::email(&id, out),
        IdentityKind::Platform | IdentityKind::Anonymous => value::platform(&id, source, out),
        IdentityKind::Openid => value::openid(&id, out),
        IdentityKind::Member | IdentityKind::Unionid | IdentityKind::ExternalUserid => value::opaque(&id, out),
    };
    read.map_or_else(KeyCell::NoKey, |()| KeyCell::Key)
}

/// Keys of all rows of a block, `width` hashes a row.
#[derive(Debug, Default)]
pub(crate) struct BlockKeys {
    hashes: Vec<KeyHash>,
    width: usize,
    /// Cells with a masked key, so far.
    pub(crate) masked: u64,
    /// Cells with something else that is no key of its kind, so far.
    pub(crate) unusable: u64,
}

impl BlockKeys {
    /// The keys of the `row`th row, strongest first.
    #[inline]
    pub(crate) fn of_row(&self, row: usize) -> &[KeyHash] {
        &self.hashes[row * self.width..(row + 1) * self.width]
    }

    fn count(&mut self, cell: KeyCell) -> KeyHash {
        match cell {
            KeyCell::NoKey(KeyProblem::Masked) => self.masked += 1,
            KeyCell::NoKey(_) | KeyCell::Mangled => self.unusable += 1,
            KeyCell::Empty | KeyCell::Key => {}
        }
        KeyHash::NONE
    }
}

/// Reads the keys of a block; returns those that the resolver does not know, once each.
pub(crate) fn scan(
    part: &PartReader,
    block: &Block,
    hash_key: &HashKey,
    resolver: &Resolver,
    keys: &mut BlockKeys,
) -> Vec<(KeyHash, IdentityKey)> {
    keys.width = part.key_columns.len();
    keys.hashes.clear();
    let mut unknown = Vec::new();
    let mut seen = FxHashSet::default();
    let mut scratch = IdentityKey { kind: IdentityKind::Member, value: String::new() };
    for row in block.rows() {
        for (kind, column) in &part.key_columns {
            scratch.kind = *kind;
            let hash = match read_key(*kind, row.cell(*column), &part.source, &mut scratch.value) {
                KeyCell::Key => KeyHash::of(hash_key, &scratch),
                other => keys.count(other),
            };
            if hash != KeyHash::NONE && !resolver.knows(hash) && seen.insert(hash) {
                unknown.push((hash, scratch.clone()));
            }
            keys.hashes.push(hash);
        }
    }
    unknown
}

/// The orders that the rows of a block name, once each where they follow each other.
pub(crate) fn scan_orders(part: &PartReader, block: &Block, hash_key: &HashKey) -> Vec<OrderKey> {
    let ids = block.rows().filter_map(|row| part.id(row, Field::Order).ok().flatten());
    let mut orders: Vec<OrderKey> = ids.map(|id| hash_key.order(&part.source, &id)).collect();
    orders.dedup();
    orders
}

/// The field of the first key whose digits a spreadsheet took.
pub(crate) fn mangled_key(part: &PartReader, row: RowView<'_>) -> Option<Field> {
    Field::KEYS.into_iter().find(|field| {
        let cell = part.columns.get(*field).map_or("", |column| row.cell(column));
        matches!(value::id_text(cell), Err(IdProblem::Mangled))
    })
}

/// The text of a row's `index`th key.
pub(crate) fn key_at(part: &PartReader, row: RowView<'_>, index: usize) -> Option<IdentityKey> {
    let (kind, column) = *part.key_columns.get(index)?;
    let mut value = String::new();
    (read_key(kind, row.cell(column), &part.source, &mut value) == KeyCell::Key).then_some(IdentityKey { kind, value })
}
