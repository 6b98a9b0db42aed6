//! What a customer did.

use serde::{Deserialize, Serialize};

/// Quantities are kept in thousandths, so that goods sold by weight stay exact.
pub const QUANTITY_SCALE: i64 = 1000;

/// Names of events that the product itself gives (the words of Segment's e-commerce specification).
pub mod names {
    /// Header of an order: one for each (source, order id).
    pub const ORDER_COMPLETED: &str = "Order Completed";
    /// One line of an order; carries the item, and the money unless the header does.
    pub const ORDER_LINE: &str = "Order Line";
    /// Money given back; names its order where the source does.
    pub const ORDER_REFUNDED: &str = "Order Refunded";
    /// The named order does not count any more.
    pub const ORDER_CANCELLED: &str = "Order Cancelled";
    /// The named order belongs to another customer by now.
    pub const ORDER_MOVED: &str = "Order Moved";
}

/// What an event means to the engine; everything else is in its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(u8)]
pub enum EventKind {
    /// Anything that is not one of the below: a visit, a view, a reply.
    Event = 0,
    /// Header of an order. Of several with one mid the latest received wins, for a refund too (a
    /// newer export replaces an older one); for every other kind the earliest received wins. Its
    /// value is the order's gross value and its quantity the number of units; without one the lines'
    /// are added up.
    Order = 1,
    /// A line of an order.
    OrderLine = 2,
    /// A refund: its value is the amount given back, positive. Without an order key it lowers
    /// the customer's revenue and no order's.
    Refund = 3,
    /// The named order was cancelled at this time: it is void unless a header dated later says that
    /// it was completed again.
    Cancellation = 4,
    /// A version of an order's header, under the header's mid, that says that the order does not
    /// count for this customer: closed by a newer export, or another customer's by now. Nothing
    /// that names the order counts then, until a version received later says otherwise.
    OrderVoid = 5,
}

impl EventKind {
    /// All kinds, in the order of their stored number.
    pub const ALL: [Self; 6] =
        [Self::Event, Self::Order, Self::OrderLine, Self::Refund, Self::Cancellation, Self::OrderVoid];

    /// The kind with this stored number.
    #[must_use]
    pub fn from_stored(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// Whether a later received row with the same mid replaces an earlier one.
    #[must_use]
    pub const fn replaceable(self) -> bool {
        matches!(self, Self::Order | Self::OrderVoid | Self::Refund)
    }
}

/// Types of a declared property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PropertyType {
    /// UTF-8 text.
    Text,
    /// 64-bit integer.
    Integer,
    /// 64-bit float.
    Number,
    /// True or false.
    Boolean,
}

/// A property that has a typed column of its own; the rest stays JSON.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PropertySpec {
    /// The key in the JSON object, and after the prefix `p_` the column's name.
    pub name: String,
    /// Its type; a value of another type is left out of the column.
    pub property_type: PropertyType,
}
