//! Findings about customers who have gone quiet.

use super::{Chosen, Context, Draft, Tone, Words, chosen, counted, words};
use crate::format::{grouped, percent};
use crate::report::Rate;
use perennial_model::{RfmSegment, Stage};

/// "12 of 80, 15.0%, 95 % interval 8.8–24.4%".
pub(super) fn rate_words(rate: &Rate) -> Words {
    let share = percent(rate.rate.unwrap_or(0.0));
    let (low, high) = (percent(rate.low.unwrap_or(0.0)), percent(rate.high.unwrap_or(1.0)));
    let (count, of) = (grouped(rate.count), grouped(rate.of));
    words(
        format!("{count} of {of}, {share}, 95% interval {low} to {high}"),
        format!("{of} 人中 {count} 人，{share}，95% 区间 {low} 至 {high}"),
    )
}

/// Valuable customers beyond their own rhythm. Their money is what they would spend at it, less
/// the share that was measured to come back by itself.
pub(super) fn at_risk_valuable(context: &Context<'_, '_>) -> Option<Draft> {
    let least_score = context.population.thresholds.findings.valuable_m_score;
    let found = chosen(context.rows, |rows, row| {
        let (_, m, _) = rows.scores(row)?;
        let valuable = rows.stage(row) == Some(Stage::AtRisk) && m >= least_score;
        context.value_at_rhythm(rows, row).filter(|_| valuable)
    });
    if found.ids.is_empty() {
        return None;
    }
    let returns = context.returns.of_stage(Stage::AtRisk);
    let measured = context.enough(returns.of);
    let lost = if measured { 1.0 - returns.rate.unwrap_or(0.0) } else { 1.0 };
    let (money, count, days) =
        (context.money(found.value * lost), grouped(found.ids.len() as u64), context.horizon_days());
    let who = counted(found.ids.len(), "valuable customer has", "valuable customers have");
    let silence = silence_words(&found);
    let basis = lost_words(measured.then_some(&returns), lost, days);
    Some(Draft {
        kind: "at_risk_valuable",
        tone: Tone::Bad,
        money: found.value * lost,
        text: words(
            format!(
                "{who} been silent for longer than their own rhythm ({}). Up to {} of the next {days} \
                 days' sales hangs on them.",
                silence.en, money.en
            ),
            format!(
                "{count} 位高价值客户的沉默时间已超过各自的购买节奏（{}），未来 {days} 天最多有 {} 的销售额取决于他们。",
                silence.zh, money.zh
            ),
        ),
        action: words(
            "Write to them personally this week, without a discount first: ask what was missing, and \
             remind them of what they usually buy.",
            "本周内逐一联系，先不打折：问问哪里不满意，并提醒他们常买的商品。",
        ),
        method: words(
            format!(
                "At risk now, M score {least_score} or more. Mean order value × {days} ÷ personal \
                 interval, added up, {}.",
                basis.en
            ),
            format!(
                "当前处于流失预警且 M 分不低于 {least_score} 的客户：各自的平均订单金额 × {days} ÷ 个人购买间隔，求和后{}。",
                basis.zh
            ),
        ),
        customer_ids: found.ids,
    })
}

/// For how long some customers have been silent.
fn silence_words(found: &Chosen) -> Words {
    let days = format!("{:.0}", found.silence_days);
    if found.ids.len() == 1 {
        return words(format!("for {days} days"), format!("已沉默 {days} 天"));
    }
    words(format!("half of them for {days} days or more"), format!("一半人已沉默 {days} 天以上"))
}

/// Why a share of the money counts as lost: measured, or for want of a measurement all of it.
fn lost_words(returns: Option<&Rate>, lost: f64, days: i32) -> Words {
    let Some(returns) = returns else {
        return words(
            "if none of them came back; too few were at risk earlier to measure how many do",
            "按无人自行回来计算；此前处于流失预警的客户太少，无法测算自行回来的比例",
        );
    };
    let (share, rate) = (percent(lost), rate_words(returns));
    words(
        format!(
            "times the {share} that do not come back by themselves (of the customers at risk {days} \
             days ago, {} ordered since)",
            rate.en
        ),
        format!("再乘以不会自行回来的比例 {share}（{days} 天前处于流失预警的客户中，此后又下单的：{}）", rate.zh),
    )
}

/// The best customers of the past, now lost. At risk and lapsed ones are in the other findings.
pub(super) fn cant_lose(context: &Context<'_, '_>) -> Option<Draft> {
    let found = chosen(context.rows, |rows, row| {
        let lost = rows.segment(row) == Some(RfmSegment::CantLose) && rows.stage(row) == Some(Stage::Lost);
        context.value_at_rhythm(rows, row).filter(|_| lost)
    });
    let (who, action) = (
        [
            "once among your best is counted as lost",
            "once among your best are counted as lost",
            "曾是最好的客户，如今已流失",
        ],
        words(
            "Call the most valuable ones: why did they stop? Offer something that answers the reason, \
             not a general voucher.",
            "给其中价值最高的打电话：为什么不再购买？针对原因给出方案，而不是群发优惠券。",
        ),
    );
    winnable(context, "cant_lose", Stage::Lost, found, who, action)
}

/// Lapsed customers with a rhythm.
pub(super) fn lapsed_winnable(context: &Context<'_, '_>) -> Option<Draft> {
    let found = chosen(context.rows, |rows, row| {
        context.value_at_rhythm(rows, row).filter(|_| rows.stage(row) == Some(Stage::Lapsed))
    });
    let (who, action) = (
        [
            "who used to buy again and again has lapsed",
            "who used to buy again and again have lapsed",
            "曾多次购买，如今已沉睡",
        ],
        words(
            "Start a win-back in several steps: first something useful or an apology, then what is \
             new, an offer last; keep 10% aside to see what it brings.",
            "启动多步召回：先给有用的内容或致歉，再介绍新品，最后才给优惠；留出 10% 作对照组，以便看清效果。",
        ),
    );
    winnable(context, "lapsed_winnable", Stage::Lapsed, found, who, action)
}

/// Money of a win-back: bringing back as many again as come back by themselves. What is said of them is
/// given for one, for many, and in Chinese.
fn winnable(
    context: &Context<'_, '_>,
    kind: &'static str,
    stage: Stage,
    found: Chosen,
    [one, many, zh]: [&str; 3],
    action: Words,
) -> Option<Draft> {
    let returns = context.returns.of_stage(stage);
    let share = returns.rate.filter(|_| context.enough(returns.of) && !found.ids.is_empty())?;
    // Nobody came back, or all did: there is nothing to win.
    let share = Some(share.min(1.0 - share)).filter(|share| *share > 0.0)?;
    let (money, count, days) =
        (context.money(found.value * share), grouped(found.ids.len() as u64), context.horizon_days());
    let rate = rate_words(&returns);
    let who = counted(found.ids.len(), &format!("customer {one}"), &format!("customers {many}"));
    Some(Draft {
        kind,
        tone: Tone::Watch,
        money: found.value * share,
        text: words(
            format!(
                "{who}. Winning back as many again as return by themselves ({}) would bring up to {} in \
                 {days} days.",
                percent(share),
                money.en
            ),
            format!(
                "{count} 位客户{zh}。若能再召回与自行回来同样多的客户（{}），{days} 天内最多可带来 {}。",
                percent(share),
                money.zh
            ),
        ),
        action,
        method: words(
            format!(
                "Customers with orders on two days or more. Mean order value × {days} ÷ personal \
                 interval, added up, times the share of such customers of {days} days ago that has \
                 ordered since ({}). It assumes that who comes back takes up the old rhythm.",
                rate.en
            ),
            format!(
                "有两个以上购买日的客户：平均订单金额 × {days} ÷ 个人购买间隔，求和后乘以 {days} 天前同类客户此后又下单的比例（{}）。假定回来的客户恢复原有节奏。",
                rate.zh
            ),
        ),
        customer_ids: found.ids,
    })
}
