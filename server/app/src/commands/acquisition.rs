//! `perennial acquisition`: what is spent to win and to keep customers, and what those of each source come to.

use super::listing::Listing;
use crate::analysis::threads;
use crate::brand::Brand;
use crate::cli::{AcquisitionArgs, Format, Language};
use crate::clock::SystemClock;
use crate::error::usage;
use crate::host::Host;
use anyhow::Result;
use perennial_acquisition::{Acquisition, AcquisitionError, Figures, Ground, HORIZON_DAYS, Months, figures};
use perennial_definitions::{Month, SourceMode, UNKNOWN_SOURCE};
use perennial_model::{Clock, Currency};
use serde_json::{Value, json};

pub(crate) async fn run(arguments: &AcquisitionArgs, host: &Host) -> Result<u8> {
    let months = Months { since: month(arguments.since.as_deref())?, until: month(arguments.until.as_deref())? };
    let brand = host.open(&arguments.data.data).await?;
    let outcome = told(arguments, months, &brand).await;
    brand.close().await;
    outcome
}

fn month(text: Option<&str>) -> Result<Option<Month>> {
    text.map(str::parse)
        .transpose()
        .map_err(|problem: perennial_definitions::ParseMonthError| usage(problem.to_string()))
}

async fn told(arguments: &AcquisitionArgs, months: Months, brand: &Brand) -> Result<u8> {
    let ground = Ground::load(&brand.timeline, threads()).await?;
    if arguments.attribution {
        return super::attribution::told(arguments, months, ground, brand).await;
    }
    let snapshot = brand.timeline.snapshot().await?;
    let found = figures(&snapshot, &ground, months, SystemClock.now_us()).await.map_err(told_apart)?;
    if arguments.json {
        let mut answer = serde_json::to_value(&found)?;
        answer["currency"] = json!(ground.currency);
        answer["timezone"] = json!(ground.zone.name());
        answer["horizon_days"] = json!(HORIZON_DAYS);
        say!("{}", serde_json::to_string_pretty(&answer)?);
        return Ok(0);
    }
    let words = Words::of_arguments(arguments, ground.currency);
    if found.months.is_empty() {
        say!("{}", words.nothing_yet());
        return Ok(0);
    }
    words.months(&found)?;
    say!("");
    words.sources(&found)?;
    Ok(0)
}

/// Months that cannot be told are an error of usage.
pub(super) fn told_apart(problem: AcquisitionError) -> anyhow::Error {
    match problem {
        AcquisitionError::Backwards { .. } | AcquisitionError::TooMany { .. } | AcquisitionError::TooLate { .. } => {
            usage(problem.to_string())
        }
        problem => anyhow::Error::new(problem),
    }
}

/// How figures are said.
pub(super) struct Words {
    pub(super) zh: bool,
    currency: Currency,
}

impl Words {
    pub(super) fn of_arguments(arguments: &AcquisitionArgs, currency: Currency) -> Self {
        let zh = arguments.lang.unwrap_or_else(super::report::terminal_language) == Language::Zh;
        Self { zh, currency }
    }

    pub(super) const fn of(&self, en: &'static str, zh: &'static str) -> &'static str {
        if self.zh { zh } else { en }
    }

    pub(super) const fn nothing_yet(&self) -> &'static str {
        self.of("nothing has happened yet", "还没有任何事件")
    }

    /// What is not known is said to be so.
    fn known(&self, text: Option<String>) -> Value {
        Value::from(text.unwrap_or_else(|| self.of("unknown", "未知").to_owned()))
    }

    pub(super) fn money(&self, minor: Option<f64>) -> Value {
        let decimals = self.currency.decimals();
        let scale = 10_f64.powi(i32::try_from(decimals).unwrap_or(2));
        self.known(minor.map(|minor| format!("{:.*}", decimals as usize, minor / scale)))
    }

    fn share(&self, share: Option<f64>) -> Value {
        self.known(share.map(|share| format!("{:.1}%", share * 100.0)))
    }

    fn mode(&self, mode: Option<SourceMode>) -> &'static str {
        match mode {
            Some(SourceMode::Explicit) => self.of("explicit", "显性"),
            Some(SourceMode::Implicit) => self.of("implicit", "隐性"),
            None => self.of("unknown", "未知"),
        }
    }

    fn months(&self, found: &Acquisition) -> Result<()> {
        let limit = format!("{:.2}", found.alert_above * 100.0);
        let limit = limit.trim_end_matches('0').trim_end_matches('.');
        let rows = found.months.iter().map(|month| {
            let count = |count: Option<u64>| self.known(count.map(|count| count.to_string()));
            let alert = if month.alert { format!("> {limit}%") } else { String::new() };
            let running = if month.over { "" } else { "…" };
            [
                Value::from(format!("{}{running}", month.month)),
                self.money(month.spend.acquisition.map(|minor| minor as f64)),
                self.money(month.spend.retention.map(|minor| minor as f64)),
                self.share(month.spend.share),
                Value::from(alert),
                count(month.touches.map(|touches| touches.acquisition)),
                count(month.touches.map(|touches| touches.retention)),
            ]
        });
        let headings = if self.zh {
            ["月份", "拉新支出", "留存支出", "拉新占比", "警示", "拉新触达", "留存触达"]
        } else {
            ["month", "acquisition", "retention", "share", "alert", "touches to win", "touches to keep"]
        };
        Listing { headings, rows: rows.collect() }.say(Format::Table)
    }

    fn sources(&self, found: &Acquisition) -> Result<()> {
        let mut rows = vec![self.row(self.of("all", "全部"), "", &found.all)];
        rows.extend(found.modes.iter().map(|row| self.row(self.mode(row.mode), "", &row.figures)));
        rows.extend(found.sources.iter().map(|row| {
            let title = row.title.as_ref().map(|title| if self.zh { title.zh() } else { title.en() });
            let name = if row.source == UNKNOWN_SOURCE { self.mode(None) } else { &row.source };
            self.row(self.mode(row.mode), title.unwrap_or(name), &row.figures)
        }));
        let headings = if self.zh {
            ["方式", "来源", "客户", "获客成本", "60天复购", "区间", "客户数", "每百人投诉", "60天价值"]
        } else {
            ["mode", "source", "customers", "cost each", "second order", "interval", "of", "complaints/100", "value"]
        };
        Listing { headings, rows }.say(Format::Table)?;
        let note = self.of(
            "second order, complaints and value: of the 60 days after the first order, of customers whose 60 days are over",
            "复购、投诉和价值：首单后 60 天内，只算 60 天已过完的客户",
        );
        say!("{note}");
        Ok(())
    }

    fn row(&self, mode: &str, source: &str, figures: &Figures) -> [Value; 9] {
        let again = figures.second_orders;
        let interval = again.low.zip(again.high);
        [
            Value::from(mode),
            Value::from(source),
            Value::from(figures.customers),
            self.money(figures.cost.and_then(|cost| cost.per_customer_minor)),
            self.share(again.share),
            self.known(interval.map(|(low, high)| format!("{:.1}–{:.1}%", low * 100.0, high * 100.0))),
            Value::from(again.n),
            self.known(figures.complaints.and_then(|found| found.per_100).map(|per_100| format!("{per_100:.1}"))),
            self.money(figures.value_minor),
        ]
    }
}
