//! What a reader asks for and what it gets.

use crate::{Properties, Symbol};
use perennial_model::{CustomerId, EventKind, OrderKey};

/// Stands for "none" in the number columns.
pub const NONE: i64 = i64::MIN;

/// A set of columns. Customer, time and kind always come; store, staff and category do where they are declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Columns(u16);

impl Columns {
    /// Nothing beyond customer, time and kind.
    pub const BASE: Self = Self(0);
    /// [`CustomerEvents::mid`].
    pub const MID: Self = Self(1);
    /// [`CustomerEvents::name`].
    pub const NAME: Self = Self(1 << 1);
    /// [`CustomerEvents::order`].
    pub const ORDER: Self = Self(1 << 2);
    /// [`CustomerEvents::item`].
    pub const ITEM: Self = Self(1 << 3);
    /// [`CustomerEvents::quantity_milli`].
    pub const QUANTITY: Self = Self(1 << 4);
    /// [`CustomerEvents::value_minor`].
    pub const VALUE: Self = Self(1 << 5);
    /// [`CustomerEvents::channel`].
    pub const CHANNEL: Self = Self(1 << 6);
    /// [`CustomerEvents::source`].
    pub const SOURCE: Self = Self(1 << 7);
    /// [`CustomerEvents::campaign`].
    pub const CAMPAIGN: Self = Self(1 << 8);
    /// [`CustomerEvents::received_us`].
    pub const RECEIVED: Self = Self(1 << 9);
    /// [`CustomerEvents::store`]; empty slices while the property `store` is not declared.
    pub const STORE: Self = Self(1 << 10);
    /// [`CustomerEvents::staff`], as [`Self::STORE`].
    pub const STAFF: Self = Self(1 << 11);
    /// [`CustomerEvents::category`], as [`Self::STORE`].
    pub const CATEGORY: Self = Self(1 << 12);
    /// Those that a declared property of text holds.
    pub(crate) const PROPERTIES: Self = Self(Self::STORE.0 | Self::STAFF.0 | Self::CATEGORY.0);
    /// What the order book needs.
    pub const ORDERS: Self =
        Self(Self::ORDER.0 | Self::QUANTITY.0 | Self::VALUE.0 | Self::CHANNEL.0 | Self::STORE.0 | Self::STAFF.0);

    /// Both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is not in `other`.
    pub(crate) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether all of `other` is in it.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// All visible events of one customer before the as-of instant, once each, sorted by (time, mid).
/// A column that was not asked for is an empty slice.
#[derive(Debug, Clone, Copy)]
pub struct CustomerEvents<'a> {
    /// Whose; may be unidentified (see [`CustomerId::is_identified`]).
    pub customer: CustomerId,
    /// UTC µs.
    pub time_us: &'a [i64],
    /// [`EventKind`] as stored.
    pub kind: &'a [u8],
    /// Message identity.
    pub mid: &'a [u64],
    /// Name of the event.
    pub name: &'a [Symbol],
    /// Order key, 0 is none.
    pub order: &'a [u64],
    /// Item.
    pub item: &'a [Symbol],
    /// Thousandths, [`NONE`] is none.
    pub quantity_milli: &'a [i64],
    /// Minor units, [`NONE`] is none.
    pub value_minor: &'a [i64],
    /// Channel.
    pub channel: &'a [Symbol],
    /// Source.
    pub source: &'a [Symbol],
    /// Campaign.
    pub campaign: &'a [Symbol],
    /// UTC µs.
    pub received_us: &'a [i64],
    /// Property `store`.
    pub store: &'a [Symbol],
    /// Property `staff`.
    pub staff: &'a [Symbol],
    /// Property `category`.
    pub category: &'a [Symbol],
    /// Declared properties that were asked for ([`crate::Reads::properties`]).
    pub properties: Properties<'a>,
}

/// One event, by value, without its properties. A column that was not asked for holds its "none".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// UTC µs.
    pub time_us: i64,
    /// What it means to the engine.
    pub kind: EventKind,
    /// Message identity, 0 where not asked for.
    pub mid: u64,
    /// Name.
    pub name: Symbol,
    /// Order.
    pub order: OrderKey,
    /// Item.
    pub item: Symbol,
    /// Thousandths, [`NONE`] is none.
    pub quantity_milli: i64,
    /// Minor units, [`NONE`] is none.
    pub value_minor: i64,
    /// Channel.
    pub channel: Symbol,
    /// Source.
    pub source: Symbol,
    /// Campaign.
    pub campaign: Symbol,
    /// UTC µs; of several versions of a header the latest received wins.
    pub received_us: i64,
    /// Store of an order's header.
    pub store: Symbol,
    /// Member of staff of an order's header.
    pub staff: Symbol,
    /// Category of an order's line.
    pub category: Symbol,
}

impl Event {
    /// Looked at as all events of somebody.
    #[inline]
    pub fn alone<R>(&self, look: impl FnOnce(&CustomerEvents<'_>) -> R) -> R {
        use std::slice::from_ref;
        look(&CustomerEvents {
            customer: CustomerId(0),
            time_us: from_ref(&self.time_us),
            kind: &[self.kind as u8],
            mid: from_ref(&self.mid),
            name: from_ref(&self.name),
            order: from_ref(&self.order.0),
            item: from_ref(&self.item),
            quantity_milli: from_ref(&self.quantity_milli),
            value_minor: from_ref(&self.value_minor),
            channel: from_ref(&self.channel),
            source: from_ref(&self.source),
            campaign: from_ref(&self.campaign),
            received_us: from_ref(&self.received_us),
            store: from_ref(&self.store),
            staff: from_ref(&self.staff),
            category: from_ref(&self.category),
            properties: Properties::default(),
        })
    }
}

impl CustomerEvents<'_> {
    /// How many events.
    #[must_use]
    pub fn len(&self) -> usize {
        self.time_us.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.time_us.is_empty()
    }

    /// The `index`th event; `None` past the end.
    #[must_use]
    #[inline]
    pub fn get(&self, index: usize) -> Option<Event> {
        Some(Event {
            time_us: *self.time_us.get(index)?,
            kind: self.kind.get(index).copied().and_then(EventKind::from_stored)?,
            mid: self.mid.get(index).copied().unwrap_or(0),
            name: self.name.get(index).copied().unwrap_or(Symbol::NONE),
            order: OrderKey(self.order.get(index).copied().unwrap_or(0)),
            item: self.item.get(index).copied().unwrap_or(Symbol::NONE),
            quantity_milli: self.quantity_milli.get(index).copied().unwrap_or(NONE),
            value_minor: self.value_minor.get(index).copied().unwrap_or(NONE),
            channel: self.channel.get(index).copied().unwrap_or(Symbol::NONE),
            source: self.source.get(index).copied().unwrap_or(Symbol::NONE),
            campaign: self.campaign.get(index).copied().unwrap_or(Symbol::NONE),
            received_us: self.received_us.get(index).copied().unwrap_or(NONE),
            store: self.store.get(index).copied().unwrap_or(Symbol::NONE),
            staff: self.staff.get(index).copied().unwrap_or(Symbol::NONE),
            category: self.category.get(index).copied().unwrap_or(Symbol::NONE),
        })
    }

    /// All events, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = Event> + '_ {
        (0..self.len()).filter_map(|index| self.get(index))
    }
}
