//! A customer's orders as they stand at an instant.

use perennial_timeline::Symbol;

/// Which money counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Revenue {
    /// What remains after refunds; an order refunded in full does not count.
    #[default]
    Net,
    /// What was paid at first; only cancelled orders do not count.
    Gross,
}

/// One order: its header's newest version, its lines, refunds and cancellation together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// Keyed hash of source and order id.
    pub key: u64,
    /// The header's time (without one, the first line's), UTC µs.
    pub time_us: i64,
    /// Local day of that time.
    pub day: i32,
    /// The header's value, or without one the sum of the lines; minor units.
    pub gross_minor: i64,
    /// Refunds that name the order; minor units, positive.
    pub refunded_minor: i64,
    /// Sum of the lines' quantities, thousandths; 0 where no line has one.
    pub units_milli: i64,
    /// Number of lines.
    pub lines: u32,
    /// Whether a cancellation names it that is not older than its header.
    pub cancelled: bool,
    /// Channel of the header, or of the first line.
    pub channel: Symbol,
    /// Store of the header.
    pub store: Symbol,
    /// Member of staff of the header.
    pub staff: Symbol,
}

impl Order {
    /// Money of the order, minor units.
    #[must_use]
    pub const fn value(&self, revenue: Revenue) -> i64 {
        match revenue {
            Revenue::Net => self.gross_minor - self.refunded_minor,
            Revenue::Gross => self.gross_minor,
        }
    }

    /// Whether the order counts: not cancelled, and worth more than nothing.
    #[must_use]
    pub const fn kept(&self, revenue: Revenue) -> bool {
        !self.cancelled && self.gross_minor > 0 && self.value(revenue) > 0
    }
}
