//! Whose an order is: as its latest export says, so that it counts once.

use super::emit::{Emitter, Order};
use perennial_model::{CustomerId, EventKind, names};

/// Whether an order's rows can make it another customer's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Moves {
    /// They say what there is to say about the order.
    Yes,
    /// They only add to it.
    No,
}

impl<'g> Emitter<'_> {
    /// The order at its owner. Rows without a key (138****1234) leave it with whom an export before
    /// named; a key of another customer makes it theirs. Rows of two customers in one file stay with
    /// each: there a number that was used again is likelier than an order of two people. Orders
    /// without an id of their own are named by their customer and cannot move.
    pub(super) fn settled(&mut self, order: Order<'g>, moves: Moves) -> Order<'g> {
        if order.group.id().is_none() {
            return order;
        }
        let left = self.owners.of(order.key);
        if let Some(owner) = left {
            // Of one customer's profiles the first stays: an undone merge must not leave it at both.
            if !order.profile.is_identified() || self.owners.same(owner, order.profile) {
                return Order { profile: owner, ..order };
            }
            if self.seen.has_header(order.key) {
                return order;
            }
            if moves == Moves::No {
                return Order { profile: owner, ..order };
            }
        }
        self.owners.set(order.key, order.profile);
        self.sink.own(order.key, order.profile);
        Order { left, ..order }
    }

    /// Takes the order from the customer whom it has left.
    pub(super) fn leave(&mut self, order: &Order<'_>) {
        let Some(left) = order.left else {
            return;
        };
        let mid = self.hash_key.order_header_mid(order.key);
        let mut event = order.event(EventKind::OrderVoid, names::ORDER_MOVED, mid);
        // The id is of another customer's order now.
        (event.profile, event.order_id) = (left, None);
        self.sink.push_uncounted(&self.part.source, &event);
    }

    /// Voids the order of an owner: a newer export says that it does not count.
    pub(super) fn void(&mut self, order: &Order<'_>) {
        let mid = self.hash_key.order_header_mid(order.key);
        self.sink.push(&self.part.source, &order.event(EventKind::OrderVoid, names::ORDER_CANCELLED, mid));
    }

    /// An order that is not paid is none; but where an export before said that it was, that is over.
    pub(super) fn unpaid(&mut self, order: &Order<'_>) {
        let owner: Option<CustomerId> = order.group.id().and_then(|_| self.owners.of(order.key));
        if let Some(profile) = owner.filter(|_| !self.seen.has_header(order.key)) {
            let mid = self.hash_key.order_header_mid(order.key);
            let order = Order { profile, ..*order };
            let event = order.event(EventKind::OrderVoid, names::ORDER_CANCELLED, mid);
            self.sink.push_uncounted(&self.part.source, &event);
        }
    }
}
