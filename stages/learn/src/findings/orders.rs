//! Findings about the orders themselves: refunds, and orders of nobody.

use super::silent::rate_words;
use super::young::{RepurchaseGap, repurchase_gap};
use super::{Context, Draft, Tone, Words, chosen, counted, words};
use crate::figures::ratio;
use crate::format::{grouped, percent};

/// Refunds above the threshold. Its money is what is refunded beyond it in the horizon.
pub(super) fn refunds_high(context: &Context<'_, '_>) -> Option<Draft> {
    let totals = context.population.totals;
    let limit = context.population.thresholds.findings.refund_share;
    let share = ratio(totals.refunds as f64, totals.gross as f64)?;
    if share <= limit || !context.enough(totals.refunded_customers) {
        return None;
    }
    let found = chosen(context.rows, |rows, row| (rows.refunds[row] > 0).then_some(0.0));
    let days = context.horizon_days();
    let value = (share - limit) * totals.recent_gross as f64;
    let (money, refunds, count) =
        (context.money(value), context.money(totals.refunds as f64), grouped(found.ids.len() as u64));
    let (share, limit) = (percent(share), percent(limit));
    Some(Draft {
        kind: "refunds_high",
        tone: Tone::Watch,
        money: value,
        text: words(
            format!(
                "{share} of gross revenue was given back ({}), to {}. At {limit} up to {} more would stay \
                 in {days} days.",
                refunds.en,
                counted(found.ids.len(), "customer", "customers"),
                money.en
            ),
            format!(
                "退款占总销售额的 {share}（{}），涉及 {count} 位客户。若降到 {limit}，{days} 天内最多可多留住 {}。",
                refunds.zh, money.zh
            ),
        ),
        action: words(
            "List the refunds by item and reason; fix the two most frequent ones first.",
            "按商品和原因列出退款，先解决最常见的两个原因。",
        ),
        method: words(
            format!(
                "All refunds ÷ gross value of orders that were not cancelled; (share − {limit}) × \
                 gross value of the last {days} days' orders."
            ),
            format!("全部退款 ÷ 未取消订单的原价总额；（占比 − {limit}）× 近 {days} 天订单的原价总额。"),
        ),
        customer_ids: found.ids,
    })
}

/// Orders without a customer. Being known does not by itself make anybody buy; its money is what
/// raising such buyers from the average repurchase rate to the best month's would bring.
pub(super) fn unidentified_orders(context: &Context<'_, '_>) -> Option<Draft> {
    let totals = context.population.totals;
    let orders = totals.unidentified_orders;
    let share = ratio(orders as f64, (orders + totals.orders) as f64)?;
    if share <= context.population.thresholds.findings.unidentified_share || !context.enough(orders) {
        return None;
    }
    let days = context.horizon_days();
    let gap = repurchase_gap(context);
    let value = totals.unidentified_recent.1.max(0) as f64 * gap.as_ref().map_or(0.0, |gap| gap.gap);
    let (revenue, money) = (context.money(totals.unidentified_revenue as f64), context.money(value));
    let (count, recent, share) = (grouped(orders), grouped(totals.unidentified_recent.0), percent(share));
    let stake = gap.as_ref().map(|_| asked_back(&money, days)).unwrap_or_default();
    let rates = gap_words(gap.as_ref());
    Some(Draft {
        kind: "unidentified_orders",
        tone: Tone::Watch,
        money: value,
        text: words(
            format!(
                "{count} orders ({share}, {}) name no customer: these buyers can be neither thanked \
                 nor asked back.{}",
                revenue.en, stake.en
            ),
            format!("{count} 笔订单（{share}，{}）没有客户信息，无法感谢，也无法邀请再来。{}", revenue.zh, stake.zh),
        ),
        action: words(
            "Ask for a phone number or e-mail at the till and at guest checkout, and say what the \
             customer gets for it.",
            "在收银台和游客结算时请客户留下手机号或邮箱，并说明能得到什么。",
        ),
        method: words(
            format!(
                "Value of the {recent} such orders of the last {days} days × (best month's repurchase rate \
                 − average: {}). Some of these buyers may be known customers already.",
                rates.en
            ),
            format!(
                "近 {days} 天此类订单（{recent} 笔）金额 ×（最好月份复购率 − 平均：{}）。其中一部分可能本来就是已知客户。",
                rates.zh
            ),
        ),
        customer_ids: Vec::new(),
    })
}

fn asked_back(money: &Words, days: i32) -> Words {
    words(
        format!(" Asking such buyers back as well as in the best month would bring up to {} in {days} days.", money.en),
        format!("若能像最好的月份那样邀请他们再来，{days} 天内最多可带来 {}。", money.zh),
    )
}

fn gap_words(gap: Option<&RepurchaseGap>) -> Words {
    gap.map_or_else(
        || words("not measured yet", "尚无法测算"),
        |gap| {
            let (best, overall) = (rate_words(&gap.best), rate_words(&gap.overall));
            words(format!("{} − {}", best.en, overall.en), format!("{} − {}", best.zh, overall.zh))
        },
    )
}
