//! One row, read; and the rows of one order, held until the next order begins.

use super::properties::Declared;
use crate::identify::Who;
use crate::layout::status::OrderStatus;
use perennial_model::{Mid, OrderKey};

/// A text in the group's buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// No text.
    pub(crate) const NONE: Self = Self { start: u32::MAX, end: u32::MAX };

    pub(crate) const fn is_none(self) -> bool {
        self.start == u32::MAX
    }
}

/// A row of an order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    /// Where it stands in the file.
    pub(crate) line: u64,
    pub(crate) who: Who,
    pub(crate) time_us: Option<i64>,
    pub(crate) mid: Mid,
    pub(crate) status: Option<OrderStatus>,
    /// Whether a status says that its money was given back.
    pub(crate) refunded: bool,
    pub(crate) quantity_milli: Option<i64>,
    /// Money of the line.
    pub(crate) value: Option<i64>,
    /// Money of the order, where the row has it.
    pub(crate) order_amount: Option<i64>,
    /// Money given back, positive.
    pub(crate) refund: Option<i64>,
    pub(crate) sub_order: Span,
    pub(crate) item: Span,
    pub(crate) item_name: Span,
    pub(crate) channel: Span,
    pub(crate) campaign: Span,
    pub(crate) store: Span,
    pub(crate) staff: Span,
    pub(crate) category: Span,
    /// Members of the row's own JSON object.
    pub(crate) properties: Span,
    /// Where its values of declared properties begin and end.
    pub(crate) values: (usize, usize),
    /// The whole row, kept only where it may have to be rejected with its order.
    pub(crate) raw: Span,
}

impl Line {
    /// Goods that came back: both quantity and money below zero.
    pub(crate) fn is_return(&self) -> bool {
        self.value.or(self.order_amount).is_some_and(|value| value < 0)
            && self.quantity_milli.is_none_or(|quantity| quantity < 0)
    }

    /// Whether it says more than its order's header.
    pub(crate) fn has_line(&self) -> bool {
        self.value.is_some() || self.quantity_milli.is_some() || !self.item.is_none() || !self.item_name.is_none()
    }
}

/// Consecutive rows of one order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Group {
    pub(crate) order: Option<OrderKey>,
    /// Whether its id names a cancelled invoice.
    pub(crate) is_cancelled_invoice: bool,
    pub(crate) order_id: Option<Span>,
    pub(crate) lines: Vec<Line>,
    texts: String,
    values: Vec<Declared<Span>>,
}

impl Group {
    pub(crate) fn keep(&mut self, text: Option<&str>) -> Span {
        let Some(text) = text else {
            return Span::NONE;
        };
        let start = self.texts.len();
        self.texts.push_str(text);
        match (u32::try_from(start), u32::try_from(self.texts.len())) {
            (Ok(start), Ok(end)) => Span { start, end },
            _ => Span::NONE,
        }
    }

    pub(crate) fn text(&self, span: Span) -> Option<&str> {
        self.texts.get(span.start as usize..span.end as usize)
    }

    pub(crate) fn keep_values(&mut self, values: &[Declared<&str>]) -> (usize, usize) {
        let start = self.values.len();
        for value in values {
            let kept = value.map(|value| value.map(|text| self.keep(Some(text))));
            self.values.push(kept);
        }
        (start, self.values.len())
    }

    /// The values of a line.
    pub(crate) fn values(&self, line: &Line) -> Vec<Declared<&str>> {
        let kept = self.values.get(line.values.0..line.values.1).unwrap_or_default();
        kept.iter().map(|value| value.map(|value| value.map(|span| self.text(span).unwrap_or_default()))).collect()
    }

    pub(crate) fn id(&self) -> Option<&str> {
        self.order_id.and_then(|span| self.text(span))
    }

    pub(crate) fn clear(&mut self) {
        self.order = None;
        self.order_id = None;
        self.is_cancelled_invoice = false;
        self.lines.clear();
        self.texts.clear();
        self.values.clear();
    }
}
