//! Rows as text.

use crate::basket::{Line, Order, Session};
use crate::brand::{Brand, Product};
use crate::generate::Summary;
use perennial_model::civil_from_day;
use std::io::Write;

/// Order numbers start here, so that they all have the same length for a long while.
const FIRST_ORDER: u64 = 100_000_001;
/// Seconds between two events of a session.
const PACE_S: u32 = 37;

/// Writes sessions as rows and counts what it writes.
pub(crate) struct File<'a> {
    pub(crate) brand: &'a Brand,
    pub(crate) out: &'a mut dyn Write,
    pub(crate) orders_only: bool,
    pub(crate) summary: Summary,
    /// Rows of one session, written at once.
    pub(crate) buffer: Vec<u8>,
}

/// Who and when: what all rows of a session share.
pub(crate) struct Visit {
    pub(crate) customer: u64,
    /// Days since 1970-01-01.
    pub(crate) day: i32,
    pub(crate) second: u32,
}

impl File<'_> {
    /// The line of headings.
    pub(crate) fn headings(&mut self) -> std::io::Result<()> {
        let words = self.brand.words;
        writeln!(self.out, "{}", if self.orders_only { words.order_headings } else { words.event_headings })
    }

    /// All rows of a session.
    pub(crate) fn session(&mut self, visit: &Visit, session: &Session) -> std::io::Result<()> {
        self.buffer.clear();
        if !self.orders_only {
            self.behaviour(visit, session)?;
        }
        if let Some(order) = &session.order {
            self.order(visit, session, order)?;
        }
        self.out.write_all(&self.buffer)
    }

    fn behaviour(&mut self, visit: &Visit, session: &Session) -> std::io::Result<()> {
        let views = session.views.iter().map(|product| ("product_view", Some(*product)));
        let cart = session.cart.iter().map(|product| ("add_to_cart", Some(*product)));
        for (position, (name, product)) in std::iter::once(("visit", None)).chain(views).chain(cart).enumerate() {
            let second = (visit.second + position as u32 * PACE_S).min(86_399);
            self.start_row(name, &Visit { second, ..*visit })?;
            self.buffer.push(b',');
            match product {
                Some(product) => self.item(session.category, self.brand.product(session.category, product))?,
                None => self.buffer.extend_from_slice(b",,,"),
            }
            writeln!(self.buffer, ",,,,,{},", session.channel)?;
        }
        Ok(())
    }

    fn order(&mut self, visit: &Visit, session: &Session, order: &Order) -> std::io::Result<()> {
        let number = FIRST_ORDER + self.summary.orders;
        // The order comes after what led to it.
        let before = if self.orders_only { 0 } else { session.views.len() as u32 + 2 };
        let second = (visit.second + before * PACE_S).min(86_399);
        for (position, line) in (1_u32..).zip(&order.lines) {
            if self.orders_only {
                write!(self.buffer, "{number},{number}-{position:02},")?;
                self.person(&Visit { second, ..*visit })?;
            } else {
                self.start_row("purchase", &Visit { second, ..*visit })?;
                write!(self.buffer, ",{number}")?;
            }
            self.line(session, order, line)?;
        }
        self.summary.orders += 1;
        self.summary.cancelled_orders += u64::from(order.cancelled);
        Ok(())
    }

    fn start_row(&mut self, name: &str, visit: &Visit) -> std::io::Result<()> {
        self.summary.rows += 1;
        write!(self.buffer, "{},{name},", self.summary.rows)?;
        self.person(visit)
    }

    fn person(&mut self, visit: &Visit) -> std::io::Result<()> {
        let (year, month, day) = civil_from_day(visit.day);
        let (hour, minute, second) = (visit.second / 3600, visit.second / 60 % 60, visit.second % 60);
        write!(
            self.buffer,
            "C{0:07},c{0:07}@example.com,{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}",
            visit.customer,
        )
    }

    fn item(&mut self, category: usize, product: &Product) -> std::io::Result<()> {
        write!(self.buffer, ",{},{},{}", product.sku, product.name, self.brand.categories[category])
    }

    fn line(&mut self, session: &Session, order: &Order, line: &Line) -> std::io::Result<()> {
        let (product, words) = (self.brand.product(session.category, line.product), self.brand.words);
        self.item(session.category, product)?;
        write!(self.buffer, ",{},{},{}", line.quantity, Decimal(product.price_minor), Decimal(line.amount_minor))?;
        let status = if order.cancelled { words.cancelled } else { words.completed };
        write!(self.buffer, ",{status},{},", session.channel)?;
        if line.refund_minor > 0 {
            write!(self.buffer, "{}", Decimal(line.refund_minor))?;
        }
        self.buffer.push(b'\n');
        let summary = &mut self.summary;
        // Behaviour counts its rows where it numbers them, and so do the lines of an event file.
        summary.rows += u64::from(self.orders_only);
        summary.lines += 1;
        summary.refunded_lines += u64::from(line.refund_minor > 0);
        if !order.cancelled {
            summary.gross_minor += line.amount_minor;
            summary.refunds_minor += line.refund_minor;
        }
        Ok(())
    }
}

/// Minor units shown with two digits after the point.
struct Decimal(i64);

impl std::fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}
