//! What a live table costs, counted from the room that its vectors hold.

use super::columns::Rows;
use super::shard::Shard;
use super::slim::Slim;
use super::{LiveColumns, LiveTable};
use crate::book::PackedBook;
use std::ops::AddAssign;

/// Bytes of a live table, by what they are for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LiveMemory {
    /// How many customers.
    pub customers: usize,
    /// States of the folds, and the times of each customer's first and last event.
    pub states: usize,
    /// Order books.
    pub orders: usize,
    /// Column vectors, and what finds a customer in them.
    pub columns: usize,
    /// Filters of messages seen.
    pub filters: usize,
    /// How many customers have a tail. Tails come and go with what arrives.
    pub tails: usize,
}

impl LiveMemory {
    /// States, order books and columns of a customer, on average.
    #[must_use]
    pub fn bytes_a_customer(&self) -> f64 {
        (self.states + self.orders + self.columns) as f64 / self.customers.max(1) as f64
    }
}

impl AddAssign for LiveMemory {
    fn add_assign(&mut self, other: Self) {
        self.customers += other.customers;
        self.states += other.states;
        self.orders += other.orders;
        self.columns += other.columns;
        self.filters += other.filters;
        self.tails += other.tails;
    }
}

/// Bytes that a vector holds.
pub(crate) const fn room<T>(values: &Vec<T>) -> usize {
    values.capacity() * std::mem::size_of::<T>()
}

/// Adds a value to a vector that grows by an eighth: one that doubles would hold room for as many again.
pub(crate) fn push<T>(values: &mut Vec<T>, value: T) {
    if values.len() == values.capacity() {
        values.reserve_exact(values.len() / 8 + 16);
    }
    values.push(value);
}

impl LiveTable {
    /// What it costs now.
    #[must_use]
    pub fn memory(&self) -> LiveMemory {
        let mut memory = self.columns.memory();
        self.shards.iter().for_each(|shard| memory += shard.memory());
        memory
    }
}

impl LiveColumns {
    /// What the columns cost now.
    #[must_use]
    pub fn memory(&self) -> LiveMemory {
        let mut memory = LiveMemory { customers: self.len(), ..LiveMemory::default() };
        for rows in (0..self.shards()).filter_map(|shard| self.read(shard)) {
            memory.columns += rows.room();
        }
        memory
    }
}

impl Rows {
    fn room(&self) -> usize {
        let columns: usize = self.columns.iter().map(Slim::room).sum();
        columns + room(&self.customers) + room(&self.slots) + room(&self.free)
    }
}

impl Shard {
    fn memory(&self) -> LiveMemory {
        let lanes: usize = self.lanes.iter().map(|lane| lane.room()).sum();
        let books = self.books.iter().map(PackedBook::heap_bytes);
        LiveMemory {
            customers: 0,
            states: lanes + room(&self.first_us) + room(&self.last_us),
            orders: room(&self.books) + books.sum::<usize>(),
            columns: 0,
            filters: self.mids.room_bytes(),
            tails: self.tails.len(),
        }
    }
}
