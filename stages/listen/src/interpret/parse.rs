//! One row into what it says.

use super::line::{Group, Line, Span};
use super::part::{Fault, PartReader};
use super::properties::{RowProperties, properties};
use crate::identify::Who;
use crate::import::{RejectReason, RowView, SkipReason};
use crate::layout::event_word::EventWord;
use crate::layout::status::OrderStatus;
use crate::recognise::Field;
use crate::value::{Decimal, clean, is_none};
use std::borrow::Cow;

/// What a row says, borrowed from it.
pub(crate) struct Parsed<'a> {
    pub(crate) event: Option<(&'a str, EventWord)>,
    pub(crate) order_id: Option<Cow<'a, str>>,
    pub(crate) sub_order: Option<Cow<'a, str>>,
    pub(crate) message: Option<Cow<'a, str>>,
    pub(crate) time_us: Option<i64>,
    pub(crate) item: Option<Cow<'a, str>>,
    pub(crate) item_name: Option<&'a str>,
    pub(crate) quantity_milli: Option<i64>,
    pub(crate) price: Option<Decimal>,
    pub(crate) value: Option<i64>,
    pub(crate) order_amount: Option<i64>,
    pub(crate) refund: Option<i64>,
    pub(crate) status: Option<OrderStatus>,
    pub(crate) refunded: bool,
    pub(crate) channel: Option<&'a str>,
    pub(crate) campaign: Option<&'a str>,
    pub(crate) store: Option<&'a str>,
    pub(crate) staff: Option<&'a str>,
    pub(crate) category: Option<&'a str>,
    pub(crate) properties: RowProperties<'a>,
}

/// Why a row is no event.
pub(crate) enum NoEvent {
    Skip(SkipReason),
    Fault(Fault),
}

impl From<Fault> for NoEvent {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// What the words of a row mean.
pub(crate) struct Words {
    pub(crate) event: super::memo::Memo<EventWord>,
    pub(crate) status: super::memo::Memo<OrderStatus>,
    pub(crate) refunded: super::memo::Memo<bool>,
}

/// Reads all fields of a row.
pub(crate) fn parse<'a>(part: &mut PartReader, words: &mut Words, row: RowView<'a>) -> Result<Parsed<'a>, NoEvent> {
    let time_us = part.time(row)?;
    if time_us.is_none()
        && let Some(reason) = no_data(row)
    {
        return Err(NoEvent::Skip(reason));
    }
    let order_id = part.id(row, Field::Order)?;
    check_currency(part, row)?;
    let quantity = part.number(row, Field::Quantity)?;
    let price = part.number(row, Field::UnitPrice)?;
    Ok(Parsed {
        event: part.text(row, Field::Event).map(|event| (event, words.event.of(event))),
        order_id,
        sub_order: part.id(row, Field::SubOrder)?,
        message: part.id(row, Field::Message)?,
        time_us,
        // A mangled item still has its name and its money.
        item: part.id(row, Field::Item).unwrap_or_default(),
        item_name: part.text(row, Field::ItemName),
        quantity_milli: quantity.map(milli).transpose()?,
        price,
        value: line_value(part, row, price, quantity)?,
        order_amount: part.money(row, Field::OrderAmount)?,
        refund: part.money(row, Field::RefundAmount)?.map(i64::abs).filter(|refund| *refund > 0),
        status: status(part, words, row),
        refunded: part.text(row, Field::RefundStatus).is_some_and(|status| words.refunded.of(status)),
        channel: part.text(row, Field::Channel),
        campaign: part.text(row, Field::Campaign),
        store: part.text(row, Field::Store),
        staff: part.text(row, Field::Staff),
        category: part.text(row, Field::Category),
        properties: properties(&mut part.properties, row, &part.file),
    })
}

/// Whether a row without a time is no data at all: blank, or a row of totals.
fn no_data(row: RowView<'_>) -> Option<SkipReason> {
    const TOTALS: [&str; 11] =
        ["合计", "总计", "小计", "共计", "汇总", "本页合计", "total", "totals", "grand total", "sum", "subtotal"];
    let Some(first) = row.cells().map(clean).find(|cell| !is_none(cell)) else {
        return Some(SkipReason::Blank);
    };
    let word = first.trim_end_matches([':', '：']).to_lowercase();
    TOTALS.contains(&word.as_str()).then_some(SkipReason::Total)
}

fn check_currency(part: &PartReader, row: RowView<'_>) -> Result<(), Fault> {
    match part.text(row, Field::Currency) {
        Some(text) if !part.is_own_currency(text) => Err(Fault::of(RejectReason::OtherCurrency, Field::Currency)),
        _ => Ok(()),
    }
}

fn milli(quantity: Decimal) -> Result<i64, Fault> {
    crate::value::quantity_milli(quantity).map_err(|_| Fault::of(RejectReason::HugeAmount, Field::Quantity))
}

/// The line's amount, else price times quantity, exactly.
fn line_value(
    part: &PartReader,
    row: RowView<'_>,
    price: Option<Decimal>,
    quantity: Option<Decimal>,
) -> Result<Option<i64>, Fault> {
    if let Some(amount) = part.money(row, Field::LineAmount)? {
        return Ok(Some(amount));
    }
    let Some(price) = price else {
        return Ok(None);
    };
    let product = match quantity {
        Some(quantity) => price.times(quantity).ok_or(Fault::of(RejectReason::HugeAmount, Field::UnitPrice))?,
        None => price,
    };
    part.minor(product, Field::UnitPrice).map(Some)
}

fn status(part: &PartReader, words: &mut Words, row: RowView<'_>) -> Option<OrderStatus> {
    if part.text(row, Field::CancelledTime).is_some() {
        return Some(OrderStatus::Cancelled);
    }
    part.text(row, Field::Status).map(|status| words.status.of(status))
}

impl Parsed<'_> {
    /// Whether it belongs to an order: all rows do but those of a log that say something else.
    pub(crate) fn is_order_row(&self) -> bool {
        match self.event {
            None => true,
            Some((_, word)) => word == EventWord::Purchase && (self.order_id.is_some() || self.money().is_some()),
        }
    }

    pub(crate) fn money(&self) -> Option<i64> {
        self.value.or(self.order_amount)
    }

    /// The row's own bytes, alike however the file writes them: what is the same in both of two
    /// overlapping exports. What changes during an order's life (status, refund, time of payment) is
    /// left out; the caller adds order, or customer and time, in front.
    pub(crate) fn canonical(&self, out: &mut Vec<u8>) {
        let mut text = |text: &str| {
            out.extend_from_slice(text.as_bytes());
            out.push(0x1f);
        };
        text(self.event.map_or("", |(event, _)| event));
        text(self.sub_order.as_deref().unwrap_or_default());
        text(self.item.as_deref().unwrap_or_default());
        text(self.item_name.unwrap_or_default());
        for number in [self.quantity_milli, self.value, if self.value.is_none() { self.order_amount } else { None }] {
            out.extend_from_slice(&number.unwrap_or(i64::MIN).to_le_bytes());
        }
        let price = self.price.map(simplest);
        out.extend_from_slice(&price.map_or(i128::MIN, |price| price.mantissa).to_le_bytes());
        out.extend_from_slice(&price.map_or(0, |price| price.scale).to_le_bytes());
    }

    /// Copies what the order's group has to keep.
    pub(crate) fn into_line(self, group: &mut Group, row: RowView<'_>, who: Who, mid: perennial_model::Mid) -> Line {
        let suspicious = self.time_us.is_none() || self.money().is_none();
        Line {
            line: row.line(),
            who,
            time_us: self.time_us,
            mid,
            status: self.status,
            refunded: self.refunded || self.status == Some(OrderStatus::Refunded),
            quantity_milli: self.quantity_milli,
            value: self.value,
            order_amount: self.order_amount,
            refund: self.refund,
            sub_order: group.keep(self.sub_order.as_deref()),
            item: group.keep(self.item.as_deref()),
            item_name: group.keep(self.item_name),
            channel: group.keep(self.channel),
            campaign: group.keep(self.campaign),
            store: group.keep(self.store),
            staff: group.keep(self.staff),
            category: group.keep(self.category),
            properties: group.keep(Some(self.properties.others.as_str()).filter(|members| !members.is_empty())),
            values: group.keep_values(&self.properties.values),
            raw: if suspicious { group.keep(Some(&row.joined())) } else { Span::NONE },
        }
    }
}

/// 2.50 and 2.5 are one price.
fn simplest(mut number: Decimal) -> Decimal {
    while number.scale > 0 && number.mantissa % 10 == 0 {
        number = Decimal { mantissa: number.mantissa / 10, scale: number.scale - 1 };
    }
    number
}
