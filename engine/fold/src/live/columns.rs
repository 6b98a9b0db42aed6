//! The customer table that readers see while it changes.

use super::memory::push;
use super::slim::Slim;
use crate::{Column, ColumnSpec, CustomerTable, TableShard};
use perennial_model::CustomerId;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// No slot.
const NONE: u32 = u32::MAX;

/// Column vectors of each shard, one value a slot. A reader copies what it wants under a short lock
/// and sees each shard as of one moment.
#[derive(Debug)]
pub struct LiveColumns {
    specs: Vec<ColumnSpec>,
    shards: Vec<RwLock<Rows>>,
}

/// One shard.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// The customer of each slot; [`FREE`] where there is none.
    pub(crate) customers: Vec<u64>,
    pub(crate) columns: Vec<Slim>,
    /// By number within the shard.
    pub(super) slots: Vec<u32>,
    pub(super) free: Vec<u32>,
}

/// In place of a customer where a slot is free.
pub(crate) const FREE: u64 = u64::MAX;

impl LiveColumns {
    pub(crate) fn new(specs: Vec<ColumnSpec>, shards: u16) -> Self {
        Self { specs, shards: (0..shards).map(|_| RwLock::default()).collect() }
    }

    /// What the columns are: own ones, then relative ones.
    #[must_use]
    pub fn specs(&self) -> &[ColumnSpec] {
        &self.specs
    }

    /// Number of shards.
    #[must_use]
    pub fn shards(&self) -> usize {
        self.shards.len()
    }

    /// A shard's customers with the columns at these places, as they are now, in no order.
    #[must_use]
    pub fn shard(&self, shard: usize, columns: &[usize]) -> TableShard {
        let Some(rows) = self.read(shard) else { return TableShard::default() };
        // Where no slot is free, columns are copied whole.
        let taken = (!rows.free.is_empty()).then(|| rows.taken());
        let copy = |column: &Slim| taken.as_ref().map_or_else(|| column.whole(), |slots| column.at(slots));
        let columns = columns.iter().filter_map(|place| rows.columns.get(*place).map(copy)).collect();
        TableShard { customers: rows.taken_customers(), columns }
    }

    /// Some customers of a shard, by their numbers, with the columns at these places; who has no row is left out.
    pub(crate) fn some(&self, shard: usize, numbers: &[u64], columns: &[usize]) -> Option<TableShard> {
        let rows = self.read(shard)?;
        let slots: Vec<usize> = numbers.iter().filter_map(|number| rows.slot(*number)).collect();
        let columns = columns.iter().filter_map(|place| rows.columns.get(*place).map(|column| column.at(&slots)));
        let columns = columns.collect();
        Some(TableShard { customers: slots.iter().map(|slot| rows.customers[*slot]).collect(), columns })
    }

    /// The whole table as it is now, each shard by customer.
    #[must_use]
    pub fn table(&self) -> CustomerTable {
        let all: Vec<usize> = (0..self.specs.len()).collect();
        let shards = (0..self.shards.len()).map(|shard| sorted(self.shard(shard, &all))).collect();
        CustomerTable { specs: self.specs.clone(), shards }
    }

    /// One customer's values, in the order of [`Self::specs`]; `None` without events.
    #[must_use]
    pub fn customer(&self, customer: CustomerId) -> Option<Vec<Column>> {
        let rows = self.read(usize::from(customer.shard()))?;
        let slot = rows.slot(customer.number())?;
        Some(rows.columns.iter().map(|column| column.at(&[slot])).collect())
    }

    /// How many customers.
    #[must_use]
    pub fn len(&self) -> usize {
        (0..self.shards.len()).filter_map(|shard| Some(self.read(shard)?.len())).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn read(&self, shard: usize) -> Option<RwLockReadGuard<'_, Rows>> {
        Some(self.shards.get(shard)?.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn write(&self, shard: usize) -> Option<RwLockWriteGuard<'_, Rows>> {
        Some(self.shards.get(shard)?.write().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Rows {
    pub(crate) fn new(specs: &[ColumnSpec]) -> Self {
        Self { columns: specs.iter().map(Slim::new).collect(), ..Self::default() }
    }

    pub(crate) const fn len(&self) -> usize {
        self.customers.len() - self.free.len()
    }

    #[inline]
    pub(crate) fn slot(&self, number: u64) -> Option<usize> {
        let slot = *self.slots.get(usize::try_from(number).ok()?)?;
        (slot != NONE).then_some(slot as usize)
    }

    /// A slot for a customer without one; whether it lies past the others.
    pub(crate) fn take_slot(&mut self, customer: CustomerId) -> (usize, bool) {
        let (slot, new) = match self.free.pop() {
            Some(slot) => (slot as usize, false),
            None => (self.customers.len(), true),
        };
        if new {
            push(&mut self.customers, customer.0);
            self.columns.iter_mut().for_each(Slim::push_unknown);
        } else if let Some(place) = self.customers.get_mut(slot) {
            *place = customer.0;
        }
        let number = usize::try_from(customer.number()).unwrap_or(usize::MAX);
        while self.slots.len() <= number {
            push(&mut self.slots, NONE);
        }
        self.slots[number] = u32::try_from(slot).unwrap_or(NONE);
        (slot, new)
    }

    pub(crate) fn free_slot(&mut self, number: u64) {
        let Some(slot) = self.slot(number) else { return };
        if let Some(place) = self.customers.get_mut(slot) {
            *place = FREE;
        }
        for column in &mut self.columns {
            column.forget(slot);
        }
        if let Some(place) = usize::try_from(number).ok().and_then(|number| self.slots.get_mut(number)) {
            *place = NONE;
        }
        self.free.push(u32::try_from(slot).unwrap_or(NONE));
    }

    /// Gives back memory beyond the values.
    pub(crate) fn shrink_to_fit(&mut self) {
        self.customers.shrink_to_fit();
        self.slots.shrink_to_fit();
        self.columns.iter_mut().for_each(Slim::shrink_to_fit);
    }

    /// Sets the values of these slots.
    pub(crate) fn put(&mut self, slots: &[usize], values: &TableShard) {
        for (column, values) in self.columns.iter_mut().zip(&values.columns) {
            column.put(slots, values);
        }
    }

    fn taken_customers(&self) -> Vec<u64> {
        self.customers.iter().copied().filter(|customer| *customer != FREE).collect()
    }

    /// Slots that have a customer.
    fn taken(&self) -> Vec<usize> {
        self.customers.iter().enumerate().filter(|(_, customer)| **customer != FREE).map(|(slot, _)| slot).collect()
    }
}

fn sorted(shard: TableShard) -> TableShard {
    if shard.customers.is_sorted() {
        return shard;
    }
    let mut order: Vec<usize> = (0..shard.customers.len()).collect();
    order.sort_unstable_by_key(|place| shard.customers[*place]);
    let customers = order.iter().map(|place| shard.customers[*place]).collect();
    let columns = shard.columns.iter().map(|column| column.at(&order)).collect();
    TableShard { customers, columns }
}
