//! Findings about customers who have bought once.

use super::silent::rate_words;
use super::{Context, Draft, Tone, Words, chosen, counted, words};
use crate::calendar::month_text;
use crate::format::{grouped, percent};
use crate::report::Rate;

/// The repurchase rate of the middle window (90 days), and that of the best month of first orders.
pub(super) struct RepurchaseGap {
    pub(super) overall: Rate,
    pub(super) best: Rate,
    month: i32,
    pub(super) gap: f64,
}

/// How much better the best month is than the average: what is known to be within reach. The best
/// month is the one with the highest lower bound, so that a small one does not win by luck.
pub(super) fn repurchase_gap(context: &Context<'_, '_>) -> Option<RepurchaseGap> {
    let totals = context.population.totals;
    let overall = Rate::new(totals.repurchase[1].0, totals.repurchase[1].1);
    let months = totals.repurchase_by_month.iter().filter(|(_, rate)| context.enough(rate.1));
    let rated = months.map(|(month, rate)| (month, Rate::new(rate.0, rate.1)));
    let (month, best) =
        rated.max_by(|(_, a), (_, b)| a.low.partial_cmp(&b.low).unwrap_or(std::cmp::Ordering::Equal))?;
    let gap = best.rate? - overall.rate?;
    (gap > 0.0).then_some(RepurchaseGap { overall, best, month, gap })
}

/// One-time buyers who may still buy a second time soon, against the best month's rate.
pub(super) fn second_order_gap(context: &Context<'_, '_>) -> Option<Draft> {
    let RepurchaseGap { overall, best, month, gap } = repurchase_gap(context)?;
    let window = context.population.thresholds.kpis.repurchase_days[1];
    let aov = context.report.kpis.aov?;
    let remaining = Remaining::new(&context.population.totals.days_to_second, window);
    let found = chosen(context.rows, |rows, row| {
        let age = i32::try_from(rows.age_days[row]).unwrap_or(i32::MAX);
        (rows.orders[row] == 1 && age < window).then(|| remaining.after(age))
    });
    if found.ids.is_empty() {
        return None;
    }
    let value = found.value * gap * aov;
    let (money, count) = (context.money(value), grouped(found.ids.len() as u64));
    let who = counted(found.ids.len(), "customer has", "customers have");
    let (best_rate, rate, month) = (percent(best.rate?), percent(overall.rate?), month_text(month));
    Some(Draft {
        kind: "second_order_gap",
        tone: Tone::Watch,
        money: value,
        text: words(
            format!(
                "{who} bought for the first time in the last {window} days and not come back yet. \
                 {rate} come back within {window} days; of those who began in {month} \
                 it was {best_rate}. Reaching that would bring up to {}.",
                money.en
            ),
            format!(
                "近 {window} 天有 {count} 位首购客户尚未复购。首购后 {window} 天内复购的平均为 {rate}，\
                 而 {month} 的首购客户达到 {best_rate}。若能达到这一水平，最多可多带来 {}。",
                money.zh
            ),
        ),
        action: words(
            "Give each a reason for the second order before their window closes: help with the first \
             purchase, then what goes with it. Look at what was different in the best month.",
            "在窗口关闭前给每位客户一个再次下单的理由：先帮他们用好第一件，再推荐搭配；同时看看最好的那个月做对了什么。",
        ),
        method: gap_method(&best, &overall, &context.money(aov)),
        customer_ids: found.ids,
    })
}

fn gap_method(best: &Rate, overall: &Rate, aov: &Words) -> Words {
    let (best, overall) = (rate_words(best), rate_words(overall));
    words(
        format!(
            "(Best month's rate {} − average {}) × average order value {} × for each customer the \
             share of second orders that come later than their days so far. The best month is the \
             one with the highest lower bound of its interval.",
            best.en, overall.en, aov.en
        ),
        format!(
            "（最好月份 {} − 平均 {}）× 客单价 {} × 每位客户剩余窗口内复购所占的比例。\
             最好月份取 95% 区间下限最高者。",
            best.zh, overall.zh, aov.zh
        ),
    )
}

/// Of the second orders within the window, the share that comes after a day.
struct Remaining(Vec<f64>);

impl Remaining {
    fn new(days_to_second: &[u64], window: i32) -> Self {
        let days = window.unsigned_abs() as usize + 1;
        let within: u64 = days_to_second.iter().take(days).sum();
        let mut left = within;
        let shares = (0..days).map(|day| {
            left -= days_to_second.get(day).copied().unwrap_or(0);
            left as f64 / within.max(1) as f64
        });
        Self(shares.collect())
    }

    fn after(&self, day: i32) -> f64 {
        usize::try_from(day).ok().and_then(|day| self.0.get(day)).copied().unwrap_or(0.0)
    }
}

/// Retention after the first 60 days by repeats within them: an association, so no money is claimed.
pub(super) fn first_days(context: &Context<'_, '_>) -> Option<Draft> {
    let rates = &context.report.first_60_days.retained_by_repeats;
    let days = context.population.thresholds.first_days.days;
    let none = rates.first()?;
    let some =
        Rate::new(rates.iter().skip(1).map(|rate| rate.count).sum(), rates.iter().skip(1).map(|rate| rate.of).sum());
    if !context.enough(none.of) || !context.enough(some.of) || some.low? <= none.high? {
        return None;
    }
    let found = chosen(context.rows, |rows, row| {
        (rows.order_days[row] == 1 && rows.age_days[row] <= i64::from(days)).then_some(0.0)
    });
    let (with, without) = (percent(some.rate?), percent(none.rate?));
    let (with_words, without_words) = (rate_words(&some), rate_words(none));
    let count = grouped(found.ids.len() as u64);
    let who = counted(found.ids.len(), "customer is", "customers are");
    Some(Draft {
        kind: "first_60_days",
        tone: Tone::Watch,
        money: 0.0,
        text: words(
            format!(
                "Who buys again in the first {days} days stays: {with} of them order in the {days} \
                 days after, {without} of the others. {who} inside their first {days} days \
                 without a second order."
            ),
            format!(
                "首购后 {days} 天内再次购买的客户更容易留下：其后 {days} 天仍下单的占 {with}，其余客户为 {without}。目前有 {count} 位客户处于首购 {days} 天内且尚未复购。"
            ),
        ),
        action: words(
            "Put the welcome programme on the first two months, and measure it against a hold-out group.",
            "把新客户欢迎计划的重点放在头两个月，并设对照组衡量效果。",
        ),
        method: words(
            format!(
                "Retained after repeating: {}; without: {}. The two groups differ in more than the \
                 repeat, so this is an association, not a proof, and no money is claimed.",
                with_words.en, without_words.en
            ),
            format!(
                "复购者的留存：{}；未复购者：{}。两组的差别不止于复购，这是相关而非因果，因此不计金额。",
                with_words.zh, without_words.zh
            ),
        ),
        customer_ids: found.ids,
    })
}
