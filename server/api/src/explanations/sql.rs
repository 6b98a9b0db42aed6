//! SQL for figures, on the table of customers.

use crate::figures::Computed;
use crate::params::day_text;

/// What makes major units minor ones.
fn scale(computed: &Computed) -> u64 {
    10_u64.pow(computed.currency.decimals())
}

/// Last day of the windows.
fn end_day(computed: &Computed) -> i32 {
    computed.instant.zone.day(computed.instant.as_of_us.saturating_sub(1))
}

/// The day before the window begins.
fn before_window(computed: &Computed) -> String {
    day_text(end_day(computed).saturating_sub(computed.thresholds.activity.window_days))
}

pub(super) fn customers(_: &Computed) -> String {
    "SELECT count(*) AS value FROM customers WHERE orders > 0".to_owned()
}

pub(super) fn people(_: &Computed) -> String {
    "SELECT count(*) AS value FROM customers".to_owned()
}

pub(super) fn orders(_: &Computed) -> String {
    "SELECT sum(orders) AS value FROM customers".to_owned()
}

pub(super) fn revenue(computed: &Computed) -> String {
    format!("SELECT CAST(sum(revenue) * {} AS BIGINT) AS value FROM customers", scale(computed))
}

pub(super) fn active(computed: &Computed) -> String {
    let day = before_window(computed);
    format!(
        "SELECT count(*) AS value FROM customers \
         WHERE first_order_day <= DATE '{day}' AND last_active_day > DATE '{day}'"
    )
}

pub(super) fn active_rate(computed: &Computed) -> String {
    let day = before_window(computed);
    format!(
        "SELECT CAST(count(*) FILTER (WHERE last_active_day > DATE '{day}') AS DOUBLE) / nullif(count(*), 0) AS value \
         FROM customers WHERE first_order_day <= DATE '{day}'"
    )
}

pub(super) fn adaptive_rate(computed: &Computed) -> String {
    let (rules, day) = (&computed.thresholds.activity, end_day(computed));
    let (intervals, least, most) = (rules.adaptive_intervals, rules.adaptive_days_min, rules.adaptive_days_max);
    let window = format!("least(greatest({intervals:?} * personal_interval_days, {least:?}), {most:?})");
    format!(
        "SELECT CAST(count(*) FILTER (WHERE {day} - CAST(last_active_day AS INT) < {window}) AS DOUBLE) \
         / nullif(count(*), 0) AS value \
         FROM customers WHERE orders > 0 AND {day} - CAST(first_order_day AS INT) >= {window}"
    )
}

pub(super) fn new_by_month(_: &Computed) -> String {
    "SELECT substr(CAST(first_order_day AS VARCHAR), 1, 7) AS key, count(*) AS value FROM customers \
     WHERE orders > 0 GROUP BY 1 ORDER BY 1"
        .to_owned()
}

fn by(column: &str, value: &str) -> String {
    format!("SELECT {column} AS key, {value} AS value FROM customers WHERE orders > 0 GROUP BY {column} ORDER BY key")
}

fn money(column: &str, computed: &Computed) -> String {
    format!("CAST(sum({column}) * {} AS BIGINT)", scale(computed))
}

const SILENCE: &str = "median(CAST(recency_days AS DOUBLE))";

pub(super) fn stage_customers(_: &Computed) -> String {
    by("stage", "count(*)")
}

pub(super) fn stage_share(_: &Computed) -> String {
    by("stage", "CAST(count(*) AS DOUBLE) / (SELECT count(*) FROM customers WHERE orders > 0)")
}

pub(super) fn stage_revenue(computed: &Computed) -> String {
    by("stage", &money("revenue", computed))
}

pub(super) fn stage_revenue_365d(computed: &Computed) -> String {
    by("stage", &money("revenue_365d", computed))
}

pub(super) fn stage_silence(_: &Computed) -> String {
    by("stage", SILENCE)
}

pub(super) fn segment_customers(_: &Computed) -> String {
    by("rfm_segment", "count(*)")
}

pub(super) fn segment_revenue(computed: &Computed) -> String {
    by("rfm_segment", &money("revenue", computed))
}

pub(super) fn segment_recency(_: &Computed) -> String {
    by("rfm_segment", SILENCE)
}

pub(super) fn aov(computed: &Computed) -> String {
    format!(
        "SELECT CAST(sum(revenue) * {} AS DOUBLE) / nullif(sum(orders), 0) AS value FROM customers",
        scale(computed)
    )
}

pub(super) fn second_order(_: &Computed) -> String {
    "SELECT CAST(count(*) FILTER (WHERE orders >= 2) AS DOUBLE) / nullif(count(*), 0) AS value \
     FROM customers WHERE orders > 0"
        .to_owned()
}
