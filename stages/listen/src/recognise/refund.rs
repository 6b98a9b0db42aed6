//! Whether a column of refunds is the line's or the whole order's, by its name.

use super::names::normalise;
use crate::layout::Layout;

/// Of what a row's refund is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum RefundLevel {
    Line,
    Order,
    /// The name does not tell: the rows do.
    Unknown,
}

impl RefundLevel {
    pub(crate) fn of(layout: Layout, column: &str) -> Self {
        let name = normalise(column);
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        if layout == Layout::Shopify {
            Self::Order
        } else if has(&["商品", "子订单", "明细", "line", "item"]) {
            Self::Line
        } else if has(&["订单", "order"]) {
            Self::Order
        } else {
            Self::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_level() {
        for (name, level) in [
            ("商品已退款金额(元)", RefundLevel::Line),
            ("子订单退款金额", RefundLevel::Line),
            ("订单退款金额", RefundLevel::Order),
            ("refund_amount", RefundLevel::Unknown),
        ] {
            assert_eq!(RefundLevel::of(Layout::Table, name), level, "{name}");
        }
        assert_eq!(RefundLevel::of(Layout::Shopify, "Refunded Amount"), RefundLevel::Order);
    }
}
