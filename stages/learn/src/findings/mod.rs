//! What to do: findings in plain words, ranked by money at stake. Each says how many customers, who
//! they are, what to do next and how its money was reckoned; what was not measured is not claimed.

mod activity;
mod base_health;
mod orders;
mod returns;
mod silent;
mod young;

use crate::base::{Rows, TableRows};
use crate::figures::Population;
use crate::format::{Lang, MoneyFormat, grouped};
use crate::report::{Finding, Report};
use crate::stats::median;
use returns::Returns;

/// What all findings draw from.
pub(crate) struct Context<'a, 'p> {
    pub(crate) population: &'a Population<'p>,
    pub(crate) rows: &'a TableRows<'a>,
    pub(crate) report: &'a Report,
    pub(crate) returns: Returns,
    money: MoneyFormat,
}

impl Context<'_, '_> {
    /// Money in both languages.
    pub(crate) fn money(&self, minor: f64) -> Words {
        Words { en: self.money.of(minor, Lang::En), zh: self.money.of(minor, Lang::Zh) }
    }

    /// Days over which money is reckoned.
    pub(crate) fn horizon_days(&self) -> i32 {
        self.population.thresholds.findings.horizon_days
    }

    /// Whether a rate was measured on enough customers.
    pub(crate) fn enough(&self, customers: u64) -> bool {
        customers >= self.population.thresholds.findings.min_customers
    }

    /// What a buyer spends in the horizon at their own rhythm: mean order value × days ÷ interval.
    /// Nothing for who has no rhythm yet (one order day).
    pub(crate) fn value_at_rhythm(&self, rows: &Rows<'_>, row: usize) -> Option<f64> {
        let interval = rows.interval(row).filter(|_| rows.order_days[row] >= 2)?;
        Some(rows.aov(row).max(0.0) * f64::from(self.horizon_days()) / interval.max(1.0))
    }
}

/// A piece of text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Words {
    pub(crate) en: String,
    pub(crate) zh: String,
}

/// One text in English and in Chinese.
pub(crate) fn words(en: impl Into<String>, zh: impl Into<String>) -> Words {
    Words { en: en.into(), zh: zh.into() }
}

/// How many of what, in words that agree: `1 customer has`, `1,234 customers have`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{} {many}", grouped(count as u64)) }
}

/// How good or bad the news is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Good,
    Watch,
    Bad,
}

impl Tone {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Watch => "watch",
            Self::Bad => "bad",
        }
    }
}

/// A finding before it is written down.
pub(crate) struct Draft {
    pub(crate) kind: &'static str,
    pub(crate) tone: Tone,
    pub(crate) money: f64,
    pub(crate) customer_ids: Vec<u64>,
    pub(crate) text: Words,
    pub(crate) action: Words,
    pub(crate) method: Words,
}

impl From<Draft> for Finding {
    fn from(draft: Draft) -> Self {
        Self {
            kind: draft.kind,
            tone: draft.tone.as_str(),
            money_at_stake: draft.money.max(0.0).round() as i64,
            customers: draft.customer_ids.len() as u64,
            text_en: draft.text.en,
            text_zh: draft.text.zh,
            action_en: draft.action.en,
            action_zh: draft.action.zh,
            method_en: draft.method.en,
            method_zh: draft.method.zh,
            csv: None,
            customer_ids: draft.customer_ids,
        }
    }
}

/// The findings worth saying, most money first.
pub(crate) fn findings(population: &Population<'_>, report: &Report) -> Vec<Finding> {
    let rows = TableRows::new(population.table);
    let returns = Returns::measure(population);
    let money = MoneyFormat::new(&report.currency, report.currency_decimals);
    let context = Context { population, rows: &rows, report, returns, money };
    let drafts = [
        silent::at_risk_valuable(&context),
        silent::cant_lose(&context),
        silent::lapsed_winnable(&context),
        young::second_order_gap(&context),
        activity::active_rate(&context),
        base_health::concentration(&context),
        orders::refunds_high(&context),
        orders::unidentified_orders(&context),
        base_health::loyal_core(&context),
        young::first_days(&context),
    ];
    let mut findings: Vec<Finding> = drafts.into_iter().flatten().map(Finding::from).collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.money_at_stake));
    findings.truncate(population.thresholds.findings.most);
    findings
}

/// Buyers for whom `choose` gives a value: their ids, the values' sum and their median silence.
pub(crate) fn chosen(rows: &TableRows<'_>, choose: impl Fn(&Rows<'_>, usize) -> Option<f64>) -> Chosen {
    let mut ids = Vec::new();
    let mut silences = Vec::new();
    let mut value = 0.0;
    for (shard, row) in rows.buyers() {
        let Some(worth) = choose(shard, row) else { continue };
        ids.push(shard.customers[row]);
        silences.push(shard.recency_days[row] as f64);
        value += worth;
    }
    Chosen { ids, value, silence_days: median(&mut silences).unwrap_or(0.0) }
}

/// Some customers and what they are worth together.
pub(crate) struct Chosen {
    pub(crate) ids: Vec<u64>,
    pub(crate) value: f64,
    pub(crate) silence_days: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_customer_is_no_customers() {
        let told = |count| counted(count, "customer has", "customers have");
        assert_eq!((told(1), told(2)), ("1 customer has".to_owned(), "2 customers have".to_owned()));
        assert_eq!(told(1_234), "1,234 customers have");
    }
}
