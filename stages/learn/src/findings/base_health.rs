//! Findings about the base as a whole: its dependence on few, its loyal core.

use super::silent::rate_words;
use super::{Context, Draft, Tone, Words, chosen, counted, words};
use crate::format::{grouped, percent};
use crate::report::{Concentration, Rate};
use perennial_model::Stage;

/// How much hangs on the top 1 %. Its money is what they bring in the horizon times the share of
/// the best customers that was measured to fall silent for as long.
pub(super) fn concentration(context: &Context<'_, '_>) -> Option<Draft> {
    let figures = &context.report.concentration;
    let customers = usize::try_from(context.report.customers).ok().filter(|count| context.enough(*count as u64))?;
    let mut revenue: Vec<i64> = context.rows.buyers().map(|(rows, row)| rows.revenue[row]).collect();
    let top = crate::figures::top_count(customers, 1);
    let (_, least, _) = revenue.select_nth_unstable_by(top - 1, |a, b| b.cmp(a));
    let least = *least;
    let found = chosen(context.rows, |rows, row| (rows.revenue[row] >= least).then(|| rows.revenue_365d[row] as f64));
    let stay = context.returns.of_best();
    let silent = stay.rate.filter(|_| context.enough(stay.of)).map_or(0.0, |rate| 1.0 - rate);
    let days = context.horizon_days();
    let brings = found.value * f64::from(days) / 365.0;
    let (share1, share25) = (percent(figures.top1_percent_share?), percent(figures.top25_share?));
    let (count, brings_words, money) =
        (grouped(found.ids.len() as u64), context.money(brings), context.money(brings * silent));
    let make = if found.ids.len() == 1 { "makes" } else { "make" };
    let tone = if figures.dependence_alert { Tone::Bad } else { Tone::Watch };
    let stake = if silent > 0.0 {
        words(
            format!(" Best customers do fall silent; at the usual share up to {} of it would go.", money.en),
            format!("好客户也会沉默，按以往比例其中最多有 {} 会流走。", money.zh),
        )
    } else {
        words("", "")
    };
    Some(Draft {
        kind: "concentration",
        tone,
        money: brings * silent,
        text: words(
            format!(
                "{}, the top 1%, {make} {share1} of revenue; the top 25% make {share25}. The top 1% \
                 bring about {} in {days} days.{}",
                counted(found.ids.len(), "customer", "customers"),
                brings_words.en,
                stake.en
            ),
            format!(
                "销售额前 1% 的 {count} 位客户贡献了 {share1}，前 25% 贡献了 {share25}。这 {count} 位客户 {days} 天约带来 {}。{}",
                brings_words.zh, stake.zh
            ),
        ),
        action: words(
            "Give each of them a person who knows them, and a plan; then build the next tier so that \
             less hangs on so few.",
            "为他们每一位指定熟悉的负责人和跟进计划，同时培养下一梯队，降低对少数客户的依赖。",
        ),
        method: concentration_method(figures, &stay, days)?,
        customer_ids: found.ids,
    })
}

fn concentration_method(figures: &Concentration, stay: &Rate, days: i32) -> Option<Words> {
    let (hhi, gini, stay) = (figures.hhi?, figures.gini?, rate_words(stay));
    Some(words(
        format!(
            "Their revenue of the last 365 days × {days} ÷ 365 × the share of champions and loyal \
             customers of {days} days ago without an order since (ordered: {}). HHI {hhi:.4}, Gini \
             {gini:.2}; negative revenue counts as 0.",
            stay.en
        ),
        format!(
            "这些客户近 365 天销售额 × {days} ÷ 365 × {days} 天前的冠军与忠诚客户中此后未再下单的比例\
             （又下单的：{}）。HHI {hhi:.4}，基尼系数 {gini:.2}；负销售额按 0 计。",
            stay.zh
        ),
    ))
}

/// Good news: who is loyal, and how much they bring. Nothing of it is at stake.
pub(super) fn loyal_core(context: &Context<'_, '_>) -> Option<Draft> {
    let found = chosen(context.rows, |rows, row| {
        (rows.stage(row) == Some(Stage::Loyal)).then(|| rows.revenue_365d[row] as f64)
    });
    let all: i64 = context.report.stages.iter().map(|stage| stage.revenue_365d).sum();
    if found.ids.is_empty() || all <= 0 {
        return None;
    }
    let (count, share, money) =
        (grouped(found.ids.len() as u64), percent(found.value / all as f64), context.money(found.value));
    let people = percent(found.ids.len() as f64 / context.report.customers.max(1) as f64);
    let orders = context.population.thresholds.lifecycle.loyal_orders;
    let are = if found.ids.len() == 1 { "is" } else { "are" };
    Some(Draft {
        kind: "loyal_core",
        tone: Tone::Good,
        money: 0.0,
        text: words(
            format!(
                "{} ({people} of all) {are} buying in their rhythm and made {share} of the last 365 days' \
                 revenue, {}.",
                counted(found.ids.len(), "loyal customer", "loyal customers"),
                money.en
            ),
            format!(
                "{count} 位忠诚客户（占 {people}）正按节奏购买，贡献了近 365 天销售额的 {share}，即 {}。",
                money.zh
            ),
        ),
        action: words(
            "Thank them with something they do not expect, and ask them what they would change; they \
             are the ones to ask for a review or a referral.",
            "用一份意料之外的小礼物感谢他们，问问他们想改进什么；评价和转介绍也应先找他们。",
        ),
        method: words(
            format!(
                "Stage loyal: kept orders on {orders} distinct days or more, and not silent beyond \
                 their rhythm. Nothing is at stake while they are served well."
            ),
            format!(
                "忠诚阶段：在 {orders} 个以上不同日期有有效订单，且沉默未超出自己的节奏。维护好就没有损失，故不计金额。"
            ),
        ),
        customer_ids: found.ids,
    })
}
