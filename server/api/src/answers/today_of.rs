//! From the report to the answer.

use super::today::{
    ActivePoint, ActiveRate, Compared, Finding, Flow, GrowthMonth, Operator, Periods, SegmentCount, StageCount,
    StageFlow, Today,
};
use super::{Figure, Terms, Text};
use crate::figures::Computed;
use crate::params::day_text;
use perennial_learn::report::{self, Rate, Report, SeriesPoint};
use perennial_learn::{Thresholds, days_before, stage_rule_zh};
use perennial_model::Stage;

impl From<&Rate> for Figure {
    fn from(rate: &Rate) -> Self {
        Self { value: rate.rate, n: rate.of, low: rate.low, high: rate.high }
    }
}

/// The answer.
pub(crate) fn today(computed: &Computed, stale: bool, target: Option<f64>) -> Today {
    let report = &computed.report;
    let findings: Vec<Finding> = report.findings.iter().map(finding).collect();
    let then = days_before(&computed.instant, computed.thresholds.lifecycle.flow_days);
    Today {
        as_of_us: computed.instant.as_of_us,
        computed_us: computed.computed_us,
        stale,
        terms: Terms::of(&computed.instant.zone, computed.currency),
        revenue_basis: report.revenue_basis.to_owned(),
        latest_event_us: computed.latest_event_us,
        customers: report.customers,
        orders: report.orders,
        revenue_minor: report.revenue,
        unidentified_orders: report.unidentified.orders,
        headline: findings.first().map(|first| first.text.clone()),
        findings,
        active_rate: active_rate(&report.active_rate, target),
        growth: report.growth.iter().map(growth).collect(),
        stages: report.stages.iter().map(|count| stage(count, report.customers, &computed.thresholds)).collect(),
        segments: report.rfm.segments.iter().map(segment).collect(),
        stage_flow: flow(&report.stage_flow, [then.as_of_day, computed.instant.as_of_day]),
        operator: operator(report),
        damaged: computed.damaged.clone(),
    }
}

fn finding(found: &report::Finding) -> Finding {
    Finding {
        kind: found.kind.to_owned(),
        tone: found.tone.to_owned(),
        money_minor: found.money_at_stake,
        customers: found.customers,
        text: Text::new(&found.text_en, &found.text_zh),
        action: Text::new(&found.action_en, &found.action_zh),
        method: Text::new(&found.method_en, &found.method_zh),
    }
}

fn active_rate(rate: &report::ActiveRate, target: Option<f64>) -> ActiveRate {
    ActiveRate {
        window_days: rate.window_days,
        min_active_days: rate.min_active_days,
        rate: Figure { value: rate.rate, n: rate.base, low: rate.low, high: rate.high },
        active: rate.active,
        target,
        adaptive: Figure::from(&rate.adaptive),
        months: rate.fixed_series.iter().map(point).collect(),
        days: rate.running_series.iter().map(point).collect(),
    }
}

fn point(point: &SeriesPoint) -> ActivePoint {
    let rate = Rate::new(point.active, point.base);
    ActivePoint {
        day: point.day.clone(),
        active: point.active,
        base: point.base,
        rate: rate.rate,
        low: rate.low,
        high: rate.high,
    }
}

fn growth(month: &report::GrowthMonth) -> GrowthMonth {
    GrowthMonth {
        month: month.month.clone(),
        active: month.active,
        new: month.new,
        retained: month.retained,
        resurrected: month.resurrected,
        churned: month.churned,
        quick_ratio: month.quick_ratio,
        complete: month.complete,
    }
}

fn stage(count: &report::StageCount, customers: u64, thresholds: &Thresholds) -> StageCount {
    let known = Stage::ALL.into_iter().find(|stage| stage.as_str() == count.stage);
    let rule_zh = known.map(|stage| stage_rule_zh(stage, &thresholds.lifecycle)).unwrap_or_default();
    StageCount {
        stage: count.stage.to_owned(),
        customers: count.customers,
        share: Rate::new(count.customers, customers).rate,
        revenue_minor: count.revenue,
        revenue_365d_minor: count.revenue_365d,
        median_silence_days: count.median_silence_days,
        rule: Text::new(&count.rule, rule_zh),
    }
}

fn segment(count: &report::SegmentCount) -> SegmentCount {
    SegmentCount {
        segment: count.segment.to_owned(),
        customers: count.customers,
        revenue_minor: count.revenue,
        median_recency_days: count.median_recency_days,
    }
}

/// A flow between two days.
pub(crate) fn flow(flows: &[report::StageFlow], [from_day, to_day]: [i32; 2]) -> StageFlow {
    StageFlow {
        from_day: day_text(from_day),
        to_day: day_text(to_day),
        customers: flows.iter().map(|flow| flow.customers).sum(),
        flows: flows
            .iter()
            .map(|flow| Flow { from: flow.from.to_owned(), to: flow.to.to_owned(), customers: flow.customers })
            .collect(),
    }
}

fn operator(report: &Report) -> Operator {
    let kpis = &report.kpis;
    let repurchase = |place: usize| kpis.repurchase_rate.details.get(place).map(Figure::from).unwrap_or_default();
    let buyers = kpis.compared.iter().find(|compared| compared.figure == "buyers");
    let buyers = buyers.and_then(|buyers| buyers.current).map(|buyers| buyers as u64);
    // The report has the share alone: how many they are follows from it.
    let second = kpis.second_order_rate.map_or(0.0, |rate| (rate * report.customers as f64).round());
    Operator {
        compared: kpis.compared.iter().map(|figure| compared(figure, buyers)).collect(),
        periods: Periods {
            current: kpis.periods.current.clone(),
            previous: kpis.periods.previous.clone(),
            last_year: kpis.periods.last_year.clone(),
            alignment: kpis.periods.alignment.to_owned(),
        },
        aov_minor: kpis.aov,
        repurchase_30d: repurchase(0),
        repurchase_90d: repurchase(1),
        repurchase_365d: repurchase(2),
        second_order: Figure::from(&Rate::new(second as u64, report.customers)),
        median_days_to_second: kpis.median_days_to_second,
    }
}

fn compared(figure: &report::Compared, buyers: Option<u64>) -> Compared {
    let change = |before: Option<f64>| {
        let (now, before) = (figure.current?, before.filter(|before| *before > 0.0)?);
        Some(now / before - 1.0)
    };
    let unit = match figure.figure {
        "revenue" | "aov" => "money_minor",
        "units_per_order" => "ratio",
        _ => "count",
    };
    Compared {
        figure: figure.figure.to_owned(),
        unit: unit.to_owned(),
        current: figure.current,
        previous: figure.previous,
        last_year: figure.last_year,
        change_previous: change(figure.previous),
        change_last_year: change(figure.last_year),
        n: buyers,
    }
}
