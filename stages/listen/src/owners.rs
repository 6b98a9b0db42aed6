//! Whose each order is, as the exports before said: a later one may name another customer, or none.

use crate::ListenError;
use perennial_model::{CustomerId, OrderKey};
use perennial_timeline::Timeline;
use rustc_hash::FxHashMap;

/// Orders asked of the store at once.
const LOOKUP_ORDERS: usize = 16_384;

/// Owners of the orders of one import, or of messages lately: 17 bytes an order (times two while the table grows).
#[derive(Default)]
pub(crate) struct OrderOwners {
    timeline: Option<Timeline>,
    known: FxHashMap<OrderKey, CustomerId>,
    /// Whether the store may know orders that we do not.
    look_up: bool,
}

impl OrderOwners {
    /// For an import into this timeline.
    pub(crate) async fn open(timeline: &Timeline) -> Result<Self, ListenError> {
        let look_up = timeline.store().has_order_owners().await?;
        Ok(Self { timeline: Some(timeline.clone()), known: FxHashMap::default(), look_up })
    }

    /// For messages of this timeline, which may come before any import.
    pub(crate) fn live(timeline: &Timeline) -> Self {
        Self { timeline: Some(timeline.clone()), known: FxHashMap::default(), look_up: true }
    }

    /// Forgets what it has looked up, where that may be wrong or is more than `most` orders.
    pub(crate) fn keep_at_most(&mut self, most: usize) {
        if self.known.len() > most {
            self.known.clear();
        }
    }

    /// Whether [`Self::prepare`] has to be told of orders.
    pub(crate) const fn needs_orders(&self) -> bool {
        self.look_up
    }

    /// Looks up orders in the store, each of which may come several times.
    pub(crate) async fn prepare(&mut self, mut orders: Vec<OrderKey>) -> Result<(), ListenError> {
        let Some(timeline) = self.timeline.clone().filter(|_| self.look_up) else {
            return Ok(());
        };
        orders.retain(|order| !self.known.contains_key(order));
        orders.sort_unstable();
        orders.dedup();
        for orders in orders.chunks(LOOKUP_ORDERS) {
            let owners = timeline.store().find_order_owners(orders).await?;
            self.known.extend(orders.iter().zip(owners).filter_map(|(order, owner)| Some((*order, owner?))));
        }
        Ok(())
    }

    /// The profile of an order, if an export before named it.
    #[inline]
    pub(crate) fn of(&self, order: OrderKey) -> Option<CustomerId> {
        self.known.get(&order).copied()
    }

    pub(crate) fn set(&mut self, order: OrderKey, owner: CustomerId) {
        self.known.insert(order, owner);
    }

    /// Whether two profiles are one customer now.
    #[inline]
    pub(crate) fn same(&self, one: CustomerId, other: CustomerId) -> bool {
        let customer = |timeline: &Timeline, profile| timeline.customer_of(profile);
        one == other || self.timeline.as_ref().is_some_and(|to| customer(to, one) == customer(to, other))
    }
}
