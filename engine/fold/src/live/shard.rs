//! The states of one shard's customers.

use super::columns::{FREE, Rows};
use super::lane::Lane;
use super::memory::push;
use super::mids::Mids;
use super::tail::Tail;
use crate::book::{PackedBook, Unpacked};
use crate::relative::Prepared;
use crate::state::{Plan, first_of, kept};
use crate::{
    Column, ColumnSpec, CustomerTable, CustomerView, FoldError, Instant, LiveState, OwnRow, Registry, Scratch,
    TableShard,
};
use perennial_model::CustomerId;
use perennial_timeline::{CustomerEvents, ShardScan};
use rustc_hash::FxHashMap;
use std::any::Any;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Most customers of a shard with a tail; past it all tails go, and late events are read again.
const MAX_TAILS: usize = 16 << 10;
/// Slots finished at once, so that neither readers nor new events wait long for it.
pub(crate) const SWEPT_SLOTS: usize = 4 << 10;

/// What the shards of a live table share.
pub(crate) struct Shared {
    pub(crate) plan: Arc<Plan>,
    /// Own columns, then relative ones.
    pub(crate) specs: Vec<ColumnSpec>,
    pub(crate) own: usize,
    pub(crate) relatives: Prepared,
}

/// Everything of a shard but its columns, which readers share.
pub(crate) struct Shard {
    number: u16,
    pub(super) lanes: Vec<Box<dyn Lane>>,
    ordered: bool,
    /// Whether late events can be put in their places.
    replays: bool,
    orders: bool,
    pub(super) books: Vec<PackedBook>,
    pub(super) first_us: Vec<i64>,
    pub(super) last_us: Vec<i64>,
    /// Those that nobody could be found for.
    nobody: LiveState,
    pub(super) mids: Mids,
    pub(super) tails: FxHashMap<u64, Tail>,
    /// Numbers of customers to be read again.
    pub(crate) dirty: BTreeSet<u64>,
    /// Everybody is to be read again.
    pub(crate) stale: bool,
    /// Customers with an event that lies ahead, by its time.
    due: BTreeSet<(i64, u64)>,
    touched: Vec<u64>,
    scratch: Scratch,
    unpacked: Unpacked,
}

impl Shard {
    pub(crate) fn new(number: u16, registry: &Registry, messages: u64) -> Self {
        let lanes = registry.lanes();
        Self {
            number,
            ordered: lanes.iter().any(|lane| lane.ordered()),
            replays: lanes.iter().all(|lane| !lane.ordered() || lane.replays()),
            orders: registry.needs_orders(),
            lanes,
            books: Vec::new(),
            first_us: Vec::new(),
            last_us: Vec::new(),
            nobody: registry.live_state(CustomerId::unidentified(number)),
            mids: Mids::with_room(messages),
            tails: FxHashMap::default(),
            dirty: BTreeSet::new(),
            stale: false,
            due: BTreeSet::new(),
            touched: Vec::new(),
            scratch: Scratch::default(),
            unpacked: Unpacked::default(),
        }
    }

    /// Takes in all customers of a scan of the whole shard. The shard must be new.
    pub(crate) fn load(&mut self, rows: &mut Rows, scan: &mut ShardScan, instant: &Instant) -> Result<(), FoldError> {
        while let Some(events) = scan.next()? {
            self.read_again(rows, &events, instant);
        }
        self.touched = Vec::new();
        rows.shrink_to_fit();
        self.books.shrink_to_fit();
        self.first_us.shrink_to_fit();
        self.last_us.shrink_to_fit();
        self.lanes.iter_mut().for_each(|lane| lane.shrink_to_fit());
        Ok(())
    }

    /// Puts all events of a customer in place of what was known.
    pub(crate) fn read_again(&mut self, rows: &mut Rows, events: &CustomerEvents<'_>, instant: &Instant) {
        let customer = events.customer;
        self.forget(rows, customer.number());
        for mid in events.mid {
            // Of a customer who was merged into this one, they are new to the shard.
            self.mids.note(*mid);
        }
        let events = self.before(events, instant);
        if events.is_empty() {
            return;
        }
        if !customer.is_identified() {
            self.nobody.extend(&events, instant);
            return;
        }
        let slot = self.slot(rows, customer);
        self.extend(slot, &events, instant);
        self.touched.push(customer.number());
    }

    /// Forgets a customer.
    pub(crate) fn forget(&mut self, rows: &mut Rows, number: u64) {
        self.tails.remove(&number);
        self.due.retain(|(_, due)| *due != number);
        if number == 0 {
            self.nobody.reset(CustomerId::unidentified(self.number));
            return;
        }
        let Some(slot) = rows.slot(number) else { return };
        for lane in &mut self.lanes {
            lane.reset(slot);
        }
        if let Some(book) = self.books.get_mut(slot) {
            *book = PackedBook::default();
        }
        rows.free_slot(number);
    }

    /// Takes in new events.
    pub(crate) fn apply(&mut self, rows: &mut Rows, scan: &mut ShardScan, instant: &Instant) -> Result<(), FoldError> {
        while let Some(events) = scan.next()? {
            let mut suspect = false;
            for mid in events.mid {
                suspect |= self.mids.note(*mid);
            }
            let number = events.customer.number();
            if suspect {
                self.dirty.insert(number);
            }
            if !self.stale && !self.dirty.contains(&number) {
                self.see(rows, &events, instant);
            }
        }
        if self.tails.len() > MAX_TAILS {
            self.tails.clear();
        }
        Ok(())
    }

    fn see(&mut self, rows: &mut Rows, events: &CustomerEvents<'_>, instant: &Instant) {
        let customer = events.customer;
        let events = self.before(events, instant);
        let Some(first_us) = events.time_us.first().copied() else { return };
        if !customer.is_identified() {
            if self.ordered && first_us <= self.nobody.last_event_us() {
                self.dirty.insert(0);
            } else {
                self.nobody.extend(&events, instant);
            }
            return;
        }
        let slot = self.slot(rows, customer);
        let last_us = self.last_us.get(slot).copied().unwrap_or(i64::MIN);
        if !self.ordered {
            self.extend(slot, &events, instant);
        } else if first_us > last_us {
            let (lanes, number) = (&self.lanes, customer.number());
            if self.replays {
                self.tails.entry(number).or_insert_with(|| Tail::begin(lanes, slot, last_us, instant.as_of_us));
            }
            self.extend(slot, &events, instant);
            if let Some(tail) = self.tails.get_mut(&number) {
                tail.note(&self.lanes, events.iter(), instant);
            }
        } else if !self.late(slot, &events, instant) {
            self.dirty.insert(customer.number());
            return;
        }
        self.touched.push(customer.number());
    }

    /// Events that come after later ones; whether the tail reaches back that far.
    fn late(&mut self, slot: usize, events: &CustomerEvents<'_>, instant: &Instant) -> bool {
        let Some(tail) = self.tails.get_mut(&events.customer.number()) else { return false };
        let late: Vec<_> = events.iter().collect();
        if !tail.replay(&mut self.lanes, slot, late.iter().copied(), instant) {
            return false;
        }
        for lane in self.lanes.iter_mut().filter(|lane| !lane.ordered()) {
            lane.extend(slot, events, instant);
        }
        self.note(slot, events);
        true
    }

    fn extend(&mut self, slot: usize, events: &CustomerEvents<'_>, instant: &Instant) {
        for lane in &mut self.lanes {
            lane.extend(slot, events, instant);
        }
        self.note(slot, events);
    }

    /// What does not depend on the order of events.
    fn note(&mut self, slot: usize, events: &CustomerEvents<'_>) {
        let (Some(first), Some(last)) = (events.time_us.first(), events.time_us.last()) else { return };
        if let (Some(known_first), Some(known_last)) = (self.first_us.get_mut(slot), self.last_us.get_mut(slot)) {
            *known_first = (*known_first).min(*first);
            *known_last = (*known_last).max(*last);
        }
        if self.orders
            && let Some(book) = self.books.get_mut(slot)
        {
            book.extend(events, &mut self.unpacked);
        }
    }

    /// The events before the instant; whose time has not come is looked at again when it has.
    fn before<'a>(&mut self, events: &CustomerEvents<'a>, instant: &Instant) -> CustomerEvents<'a> {
        let count = events.time_us.partition_point(|time_us| *time_us < instant.as_of_us);
        if let Some(ahead_us) = events.time_us.get(count) {
            self.due.insert((*ahead_us, events.customer.number()));
        }
        first_of(events, count)
    }

    fn slot(&mut self, rows: &mut Rows, customer: CustomerId) -> usize {
        if let Some(slot) = rows.slot(customer.number()) {
            return slot;
        }
        let (slot, new) = rows.take_slot(customer);
        if new {
            self.lanes.iter_mut().for_each(|lane| lane.push());
            push(&mut self.books, PackedBook::default());
            push(&mut self.first_us, i64::MAX);
            push(&mut self.last_us, i64::MIN);
        } else if let (Some(first), Some(last)) = (self.first_us.get_mut(slot), self.last_us.get_mut(slot)) {
            (*first, *last) = (i64::MAX, i64::MIN);
        }
        slot
    }

    /// Marks customers whose event's time has come.
    pub(crate) fn come_due(&mut self, instant: &Instant) {
        while let Some((ahead_us, number)) = self.due.first().copied()
            && ahead_us < instant.as_of_us
        {
            self.due.pop_first();
            self.dirty.insert(number);
        }
    }

    /// Drops tails that nothing came to for so long.
    pub(crate) fn drop_tails(&mut self, before_us: i64) {
        self.tails.retain(|_, tail| tail.touched_us >= before_us);
    }

    /// Finishes the customers touched since, for readers: their numbers.
    pub(crate) fn show(&mut self, rows: &mut Rows, shared: &Shared, instant: &Instant) -> Vec<u64> {
        let mut touched = std::mem::take(&mut self.touched);
        touched.sort_unstable();
        touched.dedup();
        touched.retain(|number| rows.slot(*number).is_some());
        let slots: Vec<usize> = touched.iter().filter_map(|number| rows.slot(*number)).collect();
        if !slots.is_empty() {
            let finished = self.finish(rows, &slots, shared, instant);
            rows.put(&slots, &finished);
            // What these add to the summaries is theirs for the second time.
            drop(self.take_summaries());
        }
        touched
    }

    /// Whether anybody waits to be shown.
    pub(crate) const fn is_touched(&self) -> bool {
        !self.touched.is_empty()
    }

    /// Finishes everybody, for readers.
    pub(crate) fn show_all(&mut self, rows: &mut Rows, shared: &Shared, instant: &Instant) {
        let mut next = 0;
        while let Some((slots, finished)) = self.sweep(rows, next, shared, instant) {
            rows.put(&slots, &finished);
            next += SWEPT_SLOTS;
        }
        drop(self.take_summaries());
    }

    /// Finishes those in the next slots from `first` on: their slots and new columns; none past the
    /// last slot.
    pub(crate) fn sweep(
        &mut self,
        rows: &Rows,
        first: usize,
        shared: &Shared,
        instant: &Instant,
    ) -> Option<(Vec<usize>, TableShard)> {
        if first >= rows.customers.len() {
            return None;
        }
        let end = rows.customers.len().min(first + SWEPT_SLOTS);
        let slots: Vec<usize> = (first..end).filter(|slot| rows.customers[*slot] != FREE).collect();
        let finished = self.finish(rows, &slots, shared, instant);
        Some((slots, finished))
    }

    /// What the folds have added up since this was asked last.
    pub(crate) fn take_summaries(&mut self) -> Vec<Box<dyn Any + Send>> {
        self.lanes.iter_mut().map(|lane| lane.take_summary()).collect()
    }

    /// What those nobody could be found for add up to; `None` without events.
    pub(crate) fn nobodys(&mut self, instant: &Instant) -> Option<Vec<Box<dyn Any + Send>>> {
        if self.nobody.is_empty() {
            return None;
        }
        let mut state = self.nobody.clone();
        state.finish(&mut self.scratch, instant, &mut []);
        Some(state.into_summaries())
    }

    fn finish(&mut self, rows: &Rows, slots: &[usize], shared: &Shared, instant: &Instant) -> TableShard {
        let mut finished = TableShard {
            customers: slots.iter().map(|slot| rows.customers[*slot]).collect(),
            columns: shared.specs[..shared.own].iter().map(ColumnSpec::empty_column).collect(),
        };
        for (slot, customer) in slots.iter().zip(&finished.customers) {
            self.finish_one(*slot, CustomerId(*customer), shared, instant, &mut finished.columns);
        }
        let mut table = CustomerTable { specs: shared.specs.clone(), shards: vec![finished] };
        shared.relatives.append(&mut table, instant);
        table.shards.pop().unwrap_or_default()
    }

    fn finish_one(
        &mut self,
        slot: usize,
        customer: CustomerId,
        shared: &Shared,
        instant: &Instant,
        columns: &mut [Column],
    ) {
        let Scratch { orders, kept: copies } = &mut self.scratch;
        let loose_refunds_minor = match self.books.get(slot) {
            Some(book) => book.orders_into(&instant.zone, orders),
            None => {
                orders.clear();
                0
            }
        };
        let view = CustomerView {
            customer,
            kept: kept(orders, copies, instant),
            orders,
            loose_refunds_minor,
            first_event_us: self.first_us.get(slot).copied().unwrap_or(i64::MAX),
            last_event_us: self.last_us.get(slot).copied().unwrap_or(i64::MIN),
            instant,
        };
        for (lane, place) in self.lanes.iter_mut().zip(&shared.plan.slots) {
            let own = columns.get_mut(place.columns.clone()).unwrap_or_default();
            lane.finish(slot, &view, &mut OwnRow { columns: own });
        }
    }
}
