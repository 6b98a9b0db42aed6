//! The finding about the active rate (mechanism 0.1).

use super::silent::rate_words;
use super::{Context, Draft, Tone, Words, chosen, words};
use crate::folds::{Point, YEAR_DAYS};
use crate::format::percent;
use crate::report::Rate;
use crate::stats::newcombe;
use perennial_model::Stage;

/// The active rate now and earlier, and what their difference is worth.
struct Change {
    now: Rate,
    earlier: Rate,
    /// 95 % interval of now − earlier (Newcombe). The two bases share customers, so it is wider
    /// than it need be.
    interval: (f64, f64),
    /// When `earlier` was.
    when: Words,
    window: i32,
    /// Active: on at least so many days.
    k: i32,
    days: i32,
    /// Days over which spending was measured, and how many of them make `days`.
    period: i32,
    windows: f64,
}

/// The active rate against a year ago, or where the base is too young against the window before:
/// said only where the interval of the difference excludes zero.
pub(super) fn active_rate(context: &Context<'_, '_>) -> Option<Draft> {
    let change = Change::measure(context)?;
    let (low, high) = change.interval;
    if low <= 0.0 && high >= 0.0 {
        return None;
    }
    let falling = high < 0.0;
    let money = if falling { change.money(context)? } else { 0.0 };
    let last_quiet_day = i64::from(context.population.end_day() - change.window);
    let found = chosen(context.rows, |rows, row| {
        let quiet = rows.active_day(row).is_none_or(|day| day <= last_quiet_day);
        let reachable = matches!(rows.stage(row), Some(Stage::AtRisk | Stage::Lapsed));
        (falling && quiet && reachable).then_some(0.0)
    });
    let action = if falling {
        words(
            "Look at who went quiet, by cohort and channel, before adding new customers: begin \
             with those at risk.",
            "先别急着拉新：按同期群和渠道看看是谁沉默了，从流失预警的客户做起。",
        )
    } else {
        words("Find out what changed, and keep doing it.", "找出是什么带来了变化，并坚持下去。")
    };
    Some(Draft {
        kind: if falling { "active_rate_falling" } else { "active_rate_rising" },
        tone: if falling { Tone::Bad } else { Tone::Good },
        money,
        customer_ids: found.ids,
        text: if falling { change.falling(&context.money(money))? } else { change.rising()? },
        action,
        method: change.method(),
    })
}

impl Change {
    fn measure(context: &Context<'_, '_>) -> Option<Self> {
        let window = context.population.thresholds.activity.window_days;
        let end_day = context.population.end_day();
        let points = context.population.activity.fixed();
        let at = |day: i32| points.iter().find(|point| point.day == day && context.enough(point.base));
        let now = at(end_day)?;
        let year_ago = at(end_day - YEAR_DAYS);
        let earlier = year_ago.or_else(|| at(end_day - window))?;
        let rate = |point: &Point| Rate::new(point.active, point.base);
        let when = if year_ago.is_some() {
            words("a year ago", "一年前同期")
        } else {
            words(format!("in the {window} days before"), format!("前 {window} 天"))
        };
        let days = context.horizon_days();
        let period = context.population.thresholds.kpis.compared_days;
        Some(Self {
            now: rate(now),
            earlier: rate(earlier),
            interval: newcombe((now.active, now.base), (earlier.active, earlier.base))?,
            when,
            window,
            k: context.population.thresholds.activity.min_active_days,
            days,
            period,
            windows: f64::from(days) / f64::from(period),
        })
    }

    /// Customers fewer than at the earlier rate × what an active one of them spends. New buyers are
    /// not of the base, so their share of the period's buyers is left out of its revenue.
    fn money(&self, context: &Context<'_, '_>) -> Option<f64> {
        let period = &context.population.totals.periods[0];
        let returning = (period.buyers - period.new_buyers.min(period.buyers)) as f64 / period.buyers.max(1) as f64;
        let per_active = period.revenue_minor() as f64 * returning / self.now.count.max(1) as f64;
        let fewer = (self.earlier.rate? - self.now.rate?) * self.now.of as f64;
        Some((fewer * per_active * self.windows).max(0.0))
    }

    fn falling(&self, money: &Words) -> Option<Words> {
        let Self { window, days, when, .. } = self;
        let (share, before, active) = (percent(self.now.rate?), percent(self.earlier.rate?), self.active());
        Some(words(
            format!(
                "The active rate of the base fell: {share} of earlier buyers were {} in the last \
                 {window} days, against {before} {}. If it stays so, it costs up to {} in {days} days.",
                active.en, when.en, money.en
            ),
            format!(
                "存量客户活跃率下降：近 {window} 天{}的占 {share}，{}为 {before}。若持续下去，\
                 {days} 天内最多损失 {}。",
                active.zh, when.zh, money.zh
            ),
        ))
    }

    fn rising(&self) -> Option<Words> {
        let Self { window, when, .. } = self;
        let (share, before, active) = (percent(self.now.rate?), percent(self.earlier.rate?), self.active());
        Some(words(
            format!(
                "The active rate of the base rose: {share} of earlier buyers were {} in the last \
                 {window} days, against {before} {}.",
                active.en, when.en
            ),
            format!("存量客户活跃率上升：近 {window} 天{}的占 {share}，{}为 {before}。", active.zh, when.zh),
        ))
    }

    /// What active means, where it is more than once.
    fn active(&self) -> Words {
        match self.k {
            1 => words("active", "活跃"),
            k => words(format!("active on at least {k} days"), format!("活跃至少 {k} 天")),
        }
    }

    fn method(&self) -> Words {
        let Self { period, windows, when, interval: (low, high), .. } = self;
        let (now, earlier) = (rate_words(&self.now), rate_words(&self.earlier));
        let (low, high) = (percent(*low), percent(*high));
        words(
            format!(
                "Now: {}; {}: {}. The 95% interval of the change is {low} to {high}. Money: change × \
                 base × revenue of returning buyers per active customer in {period} days × {windows:.1}.",
                now.en, when.en, earlier.en
            ),
            format!(
                "当前：{}；{}：{}。变化的 95% 区间为 {low} 至 {high}。金额：变化 × 存量客户数 × \
                 每位活跃客户 {period} 天的老客销售额 × {windows:.1}。",
                now.zh, when.zh, earlier.zh
            ),
        )
    }
}
