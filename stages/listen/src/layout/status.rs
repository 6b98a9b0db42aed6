//! What the words for an order's state mean.

/// What a status makes of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum OrderStatus {
    /// It counts.
    Kept,
    /// Nobody paid (yet): not an order.
    Unpaid,
    /// It was one and is void.
    Cancelled,
    /// All of its money was given back.
    Refunded,
}

/// Reads an order's status (cleaned).
#[must_use]
pub(crate) fn order_status(text: &str) -> OrderStatus {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if text.is_ascii() {
        return english(text);
    }
    // 退款 comes before 关闭: 退款关闭 says that no refund was made.
    if has(&["部分退款", "退款中", "退款关闭", "售后关闭", "取消退款", "未取消", "未关闭"]) {
        OrderStatus::Kept
    } else if is_refunded(text) {
        OrderStatus::Refunded
    } else if has(&["关闭", "取消", "作废", "已撤销", "删除"]) {
        OrderStatus::Cancelled
    } else if has(&[
        "等待买家付款",
        "待付款",
        "待支付",
        "未付款",
        "未支付",
        "等待付款",
        "等待支付",
        "付款中",
        "支付中",
        "支付失败",
    ]) {
        OrderStatus::Unpaid
    } else {
        OrderStatus::Kept
    }
}

fn english(text: &str) -> OrderStatus {
    // WooCommerce keeps its statuses with a prefix.
    let text = text.strip_prefix("wc-").unwrap_or(text);
    let is = |words: &[&str]| words.iter().any(|word| same_word(text, word));
    if is(&["cancelled", "canceled", "voided", "void", "order cancelled", "order canceled", "deleted"]) {
        OrderStatus::Cancelled
    } else if is(&[
        "pending",
        "unpaid",
        "pending payment",
        "payment pending",
        "awaiting payment",
        "draft",
        "failed",
        "expired",
        "abandoned",
        "payment failed",
        "not paid",
        "on hold",
        "checkout draft",
        "authorization expired",
    ]) {
        OrderStatus::Unpaid
    } else if is(&["refunded", "fully refunded", "full refund"]) {
        OrderStatus::Refunded
    } else {
        OrderStatus::Kept
    }
}

/// Equal but for case, and `_` or `-` for a space.
fn same_word(text: &str, word: &str) -> bool {
    let fold = |byte: u8| if matches!(byte, b'_' | b'-') { b' ' } else { byte.to_ascii_lowercase() };
    text.len() == word.len() && text.bytes().zip(word.bytes()).all(|(one, other)| fold(one) == other)
}

/// Whether a refund's status says that the money was given back.
#[must_use]
pub(crate) fn is_refunded(text: &str) -> bool {
    if text.is_ascii() {
        return ["refunded", "fully refunded", "full refund", "refund completed", "refund complete", "refund success"]
            .iter()
            .any(|word| same_word(text, word));
    }
    ["退款成功", "退款完成", "售后完成", "售后成功", "已退款", "全额退款", "退货完成", "退款已完成", "已全额退"]
        .iter()
        .any(|word| text.contains(word))
        && !text.contains("部分退款")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_of_the_shop_systems() {
        for (text, status) in [
            ("交易成功", OrderStatus::Kept),
            ("买家已付款，等待卖家发货", OrderStatus::Kept),
            ("卖家已发货，等待买家确认", OrderStatus::Kept),
            ("交易关闭", OrderStatus::Cancelled),
            ("已关闭", OrderStatus::Cancelled),
            ("已取消", OrderStatus::Cancelled),
            ("(删除)锁定", OrderStatus::Cancelled),
            ("等待买家付款", OrderStatus::Unpaid),
            ("待付款", OrderStatus::Unpaid),
            ("退款成功", OrderStatus::Refunded),
            ("已全额退款", OrderStatus::Refunded),
            ("部分退款", OrderStatus::Kept),
            ("退款关闭", OrderStatus::Kept),
            ("paid", OrderStatus::Kept),
            ("Partially_Refunded", OrderStatus::Kept),
            ("voided", OrderStatus::Cancelled),
            ("Pending", OrderStatus::Unpaid),
            ("refunded", OrderStatus::Refunded),
            ("pending_payment", OrderStatus::Unpaid),
            ("完成", OrderStatus::Kept),
            ("wc-completed", OrderStatus::Kept),
            ("wc-cancelled", OrderStatus::Cancelled),
            ("wc-pending", OrderStatus::Unpaid),
            ("wc-refunded", OrderStatus::Refunded),
        ] {
            assert_eq!(order_status(text), status, "{text}");
        }
    }

    #[test]
    fn a_refund_counts_when_it_succeeded() {
        assert!(is_refunded("退款成功") && is_refunded("售后完成") && is_refunded("refunded"));
        assert!(
            !is_refunded("退款中") && !is_refunded("售后关闭") && !is_refunded("-") && !is_refunded("没有申请退款")
        );
    }
}
