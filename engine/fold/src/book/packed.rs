//! A customer's orders in few bytes, as the live table keeps them between two events.
//!
//! Entry by entry: a byte that tells what there is of it, its key, then numbers of as many bytes as
//! they need; times and sums as what lies between them and a neighbour.

use super::{Entry, Header, OrderBook, sorted_orders};
use crate::Order;
use perennial_model::Zone;
use perennial_timeline::{CustomerEvents, NONE, Symbol};

const HEADER: u8 = 1;
const VOID: u8 = 2;
const LINES: u8 = 4;
const REFUNDED: u8 = 8;
const CANCELLED: u8 = 16;
/// Store or member of staff.
const PLACED: u8 = 32;

/// What the allocator adds to a small block.
const BLOCK_BYTES: usize = 16;

/// An [`OrderBook`] at rest; without orders it holds nothing.
#[derive(Debug, Default)]
pub(crate) struct PackedBook(Box<[u8]>);

/// Memory to unpack into, one for all books of a thread.
#[derive(Debug, Default)]
pub(crate) struct Unpacked {
    book: OrderBook,
    bytes: Vec<u8>,
}

impl PackedBook {
    /// Advances by some of the customer's events, in any order of arrival.
    pub(crate) fn extend(&mut self, events: &CustomerEvents<'_>, Unpacked { book, bytes }: &mut Unpacked) {
        if !OrderBook::wants(events) {
            return;
        }
        book.clear();
        let mut reader = Reader::new(&self.0);
        book.loose_refunds_minor = reader.loose_refunds_minor();
        book.entries.extend(reader);
        book.extend(events);
        bytes.clear();
        write(book, bytes);
        match bytes.len() == self.0.len() {
            true => self.0.copy_from_slice(bytes),
            false => self.0 = Box::from(bytes.as_slice()),
        }
    }

    /// See [`OrderBook::orders_into`].
    pub(crate) fn orders_into(&self, zone: &Zone, orders: &mut Vec<Order>) -> i64 {
        let mut reader = Reader::new(&self.0);
        let loose_minor = reader.loose_refunds_minor();
        sorted_orders(reader, loose_minor, zone, orders)
    }

    /// Bytes on the heap.
    pub(crate) fn heap_bytes(&self) -> usize {
        if self.0.is_empty() { 0 } else { self.0.len() + BLOCK_BYTES }
    }
}

fn write(book: &OrderBook, bytes: &mut Vec<u8>) {
    if book.entries.is_empty() && book.loose_refunds_minor == 0 {
        return;
    }
    let mut writer = Writer(bytes);
    writer.signed(book.loose_refunds_minor);
    let mut before = Neighbour::default();
    for entry in &book.entries {
        writer.entry(entry, before);
        before = Neighbour::of(entry);
    }
}

/// What the next entry's numbers are told from.
#[derive(Debug, Clone, Copy, Default)]
struct Neighbour {
    time_us: i64,
    received_us: i64,
}

impl Neighbour {
    fn of(entry: &Entry) -> Self {
        match &entry.header {
            Some(header) => Self { time_us: header.time_us, received_us: header.received_us },
            // A refund that came before its order has no time.
            None if entry.lines == 0 => Self::default(),
            None => Self { time_us: entry.first_line_us, received_us: entry.first_line_us },
        }
    }
}

struct Writer<'a>(&'a mut Vec<u8>);

impl Writer<'_> {
    fn entry(&mut self, entry: &Entry, before: Neighbour) {
        let header = entry.header.as_ref();
        let flag = |flag: u8, is: bool| if is { flag } else { 0 };
        let placed = header.is_some_and(|header| (header.store, header.staff) != (Symbol::NONE, Symbol::NONE));
        self.0.push(
            flag(HEADER, header.is_some())
                | flag(VOID, header.is_some_and(|header| header.void))
                | flag(LINES, entry.lines > 0)
                | flag(REFUNDED, entry.refunded_minor != 0)
                | flag(CANCELLED, entry.cancelled_us != i64::MIN)
                | flag(PLACED, placed),
        );
        self.0.extend(entry.key.to_le_bytes());
        if let Some(header) = header {
            self.signed(header.time_us.wrapping_sub(before.time_us));
            self.signed(header.received_us.wrapping_sub(before.received_us));
            self.known(header.value_minor);
            self.known(header.units_milli);
            self.symbol(header.channel);
            if placed {
                self.symbol(header.store);
                self.symbol(header.staff);
            }
        }
        let time_us = header.map_or(before.time_us, |header| header.time_us);
        if entry.lines > 0 {
            self.number(u64::from(entry.lines));
            self.signed(entry.first_line_us.wrapping_sub(time_us));
            self.0.extend(entry.first_line_mid.to_le_bytes());
            self.signed(entry.lines_minor.wrapping_sub(stated(header)));
            self.signed(entry.units_milli);
            self.symbol(entry.first_line_channel);
        }
        if entry.refunded_minor != 0 {
            self.signed(entry.refunded_minor);
        }
        if entry.cancelled_us != i64::MIN {
            self.signed(entry.cancelled_us.wrapping_sub(time_us));
        }
    }

    /// Seven bits a byte, the lowest first.
    fn number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value.to_le_bytes()[0] | 0x80);
            value >>= 7;
        }
        self.0.push(value.to_le_bytes()[0]);
    }

    fn signed(&mut self, value: i64) {
        self.number(folded(value));
    }

    /// A number that may be [`NONE`], which would be the longest of all.
    fn known(&mut self, value: i64) {
        self.number(if value == NONE { 0 } else { folded(value).wrapping_add(1) });
    }

    fn symbol(&mut self, symbol: Symbol) {
        self.number(u64::from(symbol.0.wrapping_add(1)));
    }
}

/// Lines come to what the header says, mostly.
fn stated(header: Option<&Header>) -> i64 {
    header.map(|header| header.value_minor).filter(|value| *value != NONE).unwrap_or(0)
}

/// Near 0 on either side is small: 0, −1, 1, −2, 2, …
const fn folded(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

const fn unfolded(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -((value & 1).cast_signed())
}

/// Reads what [`write`] wrote.
struct Reader<'a> {
    rest: &'a [u8],
    before: Neighbour,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, before: Neighbour::default() }
    }

    /// The first of all, once.
    fn loose_refunds_minor(&mut self) -> i64 {
        self.signed()
    }

    fn take<const N: usize>(&mut self) -> [u8; N] {
        let Some((taken, rest)) = self.rest.split_first_chunk() else { return [0; N] };
        self.rest = rest;
        *taken
    }

    #[inline]
    fn number(&mut self) -> u64 {
        let (mut value, mut shift) = (0_u64, 0);
        while let [byte, rest @ ..] = self.rest {
            self.rest = rest;
            value |= u64::from(byte & 0x7f).unbounded_shl(shift);
            shift += 7;
            if *byte < 0x80 {
                break;
            }
        }
        value
    }

    fn signed(&mut self) -> i64 {
        unfolded(self.number())
    }

    fn known(&mut self) -> i64 {
        match self.number() {
            0 => NONE,
            value => unfolded(value.wrapping_sub(1)),
        }
    }

    fn symbol(&mut self) -> Symbol {
        Symbol((self.number() as u32).wrapping_sub(1))
    }

    fn header(&mut self, flags: u8) -> Header {
        let time_us = self.before.time_us.wrapping_add(self.signed());
        let received_us = self.before.received_us.wrapping_add(self.signed());
        let (value_minor, units_milli, channel) = (self.known(), self.known(), self.symbol());
        let placed = flags & PLACED != 0;
        let (store, staff) = if placed { (self.symbol(), self.symbol()) } else { (Symbol::NONE, Symbol::NONE) };
        Header { received_us, void: flags & VOID != 0, time_us, value_minor, units_milli, channel, store, staff }
    }
}

impl Iterator for Reader<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        if self.rest.is_empty() {
            return None;
        }
        let [flags] = self.take();
        let mut entry = Entry::new(u64::from_le_bytes(self.take()));
        entry.header = (flags & HEADER != 0).then(|| self.header(flags));
        let time_us = entry.header.map_or(self.before.time_us, |header| header.time_us);
        if flags & LINES != 0 {
            entry.lines = self.number() as u32;
            entry.first_line_us = time_us.wrapping_add(self.signed());
            entry.first_line_mid = u64::from_le_bytes(self.take());
            entry.lines_minor = stated(entry.header.as_ref()).wrapping_add(self.signed());
            entry.units_milli = self.signed();
            entry.first_line_channel = self.symbol();
        }
        if flags & REFUNDED != 0 {
            entry.refunded_minor = self.signed();
        }
        if flags & CANCELLED != 0 {
            entry.cancelled_us = time_us.wrapping_add(self.signed());
        }
        self.before = Neighbour::of(&entry);
        Some(entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Usual numbers, and the outermost.
    fn number() -> impl Strategy<Value = i64> {
        prop_oneof![
            4 => -1_000_000_i64..1_000_000,
            1 => prop::sample::select(vec![NONE, i64::MIN + 1, i64::MAX, 0, -1]),
            1 => any::<i64>(),
        ]
    }

    fn symbol() -> impl Strategy<Value = Symbol> {
        prop::sample::select(vec![Symbol::NONE, Symbol(0), Symbol(1), Symbol(300), Symbol(u32::MAX - 1)])
    }

    fn header() -> impl Strategy<Value = Header> {
        ([number(), number(), number(), number()], any::<bool>(), [symbol(), symbol(), symbol()]).prop_map(
            |([received_us, time_us, value_minor, units_milli], void, [channel, store, staff])| Header {
                received_us,
                void,
                time_us,
                value_minor,
                units_milli,
                channel,
                store,
                staff,
            },
        )
    }

    fn entry() -> impl Strategy<Value = Entry> {
        let lines = (1..=u32::MAX, any::<u64>(), [number(), number(), number()], symbol());
        (any::<u64>(), prop::option::of(header()), prop::option::of(lines), number(), number()).prop_map(
            |(key, header, lines, refunded_minor, cancelled_us)| {
                let mut entry = Entry { header, refunded_minor, cancelled_us, ..Entry::new(key) };
                if let Some((lines, mid, [first_us, minor, units], channel)) = lines {
                    (entry.lines, entry.first_line_mid, entry.first_line_us) = (lines, mid, first_us);
                    (entry.lines_minor, entry.units_milli, entry.first_line_channel) = (minor, units, channel);
                }
                entry
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_packed_comes_back(entries in prop::collection::vec(entry(), 0..50), loose in number()) {
            let book = OrderBook { entries, loose_refunds_minor: loose, ..OrderBook::default() };
            let mut bytes = Vec::new();
            write(&book, &mut bytes);
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.loose_refunds_minor(), loose);
            prop_assert_eq!(reader.collect::<Vec<_>>(), book.entries);
        }
    }

    #[test]
    fn an_order_takes_a_third_of_its_room() {
        let header = |number: i64| Header {
            received_us: 1_760_000_000_000_000,
            void: false,
            time_us: 1_750_000_000_000_000 + number * 5_000_000_000_000,
            value_minor: 25_900,
            units_milli: NONE,
            channel: Symbol(3),
            store: Symbol::NONE,
            staff: Symbol::NONE,
        };
        let entries = (0..4).map(|number| Entry { header: Some(header(number)), ..Entry::new(u64::MAX) }).collect();
        let mut bytes = Vec::new();
        write(&OrderBook { entries, ..OrderBook::default() }, &mut bytes);
        assert!(bytes.len() <= 4 * 32, "{} bytes", bytes.len());
    }
}
