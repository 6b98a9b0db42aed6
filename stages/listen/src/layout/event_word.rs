//! Which events of a log are about orders.

/// What an event's name says about an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum EventWord {
    /// A line of an order that was placed.
    Purchase,
    /// Money given back.
    Refund,
    /// The order is void.
    Cancel,
    /// Anything else.
    Other,
}

/// Reads an event's name.
#[must_use]
pub(crate) fn event_word(name: &str) -> EventWord {
    let word: String = name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    match word.as_str() {
        "purchase" | "purchased" | "order" | "ordercompleted" | "orderplaced" | "ordercreated" | "orderpaid"
        | "placedorder" | "checkoutcompleted" | "buy" | "transaction" | "sale" | "购买" | "下单" | "支付"
        | "支付成功" | "成交" | "订单完成" => EventWord::Purchase,
        "refund" | "refunded" | "orderrefunded" | "return" | "退款" | "退款成功" | "退货" => EventWord::Refund,
        "cancel" | "cancelled" | "canceled" | "ordercancelled" | "ordercanceled" | "取消订单" | "订单取消" => {
            EventWord::Cancel
        }
        _ => EventWord::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_told_from_visits() {
        assert_eq!(event_word("purchase"), EventWord::Purchase);
        assert_eq!(event_word("Order Completed"), EventWord::Purchase);
        assert_eq!(event_word("order_refunded"), EventWord::Refund);
        assert_eq!(event_word("add_to_cart"), EventWord::Other);
    }
}
