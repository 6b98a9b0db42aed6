//! `perennial acquisition --attribution`: how rules divide the credit of first orders among the sources.

use super::acquisition::{Words, told_apart};
use super::listing::Listing;
use crate::brand::Brand;
use crate::cli::{AcquisitionArgs, Format};
use crate::clock::SystemClock;
use anyhow::Result;
use perennial_acquisition::{AcquisitionError, Attributed, Credit, Ground, Months, attribution};
use perennial_definitions::UNKNOWN_SOURCE;
use perennial_model::Clock;
use serde_json::{Value, json};

pub(super) async fn told(arguments: &AcquisitionArgs, months: Months, ground: Ground, brand: &Brand) -> Result<u8> {
    let (snapshot, now_us) = (brand.timeline.snapshot().await?, SystemClock.now_us());
    let (currency, timezone) = (ground.currency, ground.zone.name().to_owned());
    let pass = tokio::task::spawn_blocking(move || attribution(&snapshot, &ground, months, now_us));
    let found = pass.await.map_err(|_| AcquisitionError::Cut)?.map_err(told_apart)?;
    if arguments.json {
        let mut answer = serde_json::to_value(&found)?;
        answer["currency"] = json!(currency);
        answer["timezone"] = json!(timezone);
        say!("{}", serde_json::to_string_pretty(&answer)?);
        return Ok(0);
    }
    let words = Words::of_arguments(arguments, currency);
    if found.months.is_empty() {
        say!("{}", words.nothing_yet());
        return Ok(0);
    }
    say!("{}", words.of("customers by the rule:", "按规则归因的客户："));
    table(&words, &found, &|credit| Value::from(format!("{:.1}", credit.customers)))?;
    say!("");
    say!("{}", words.of("revenue of their first orders by the rule:", "按规则归因的首单金额："));
    table(&words, &found, &|credit| words.money(Some(credit.revenue_minor as f64)))?;
    let rules = found.models.iter().map(|model| if words.zh { model.title.zh.as_str() } else { &model.title.en });
    say!("{}{}", words.of("rules: ", "规则："), rules.collect::<Vec<_>>().join(words.of("; ", "；")));
    say!("{}", if words.zh { &found.note.zh } else { &found.note.en });
    Ok(0)
}

/// A row for each source, a column for each rule.
fn table(words: &Words, found: &Attributed, cell: &dyn Fn(&Credit) -> Value) -> Result<()> {
    let row = |name: &str, credits: &mut dyn Iterator<Item = &Credit>| {
        let mut next = || credits.next().map_or(Value::Null, cell);
        [Value::from(name), next(), next(), next(), next(), next()]
    };
    let mut rows = vec![row(words.of("all", "全部"), &mut found.models.iter().map(|model| &model.credit))];
    rows.extend(found.sources.iter().map(|source| {
        let title = source.title.as_ref().map(|title| if words.zh { title.zh() } else { title.en() });
        let name = if source.source == UNKNOWN_SOURCE { words.of("unknown", "未知") } else { &source.source };
        row(title.unwrap_or(name), &mut source.credits.iter())
    }));
    let headings = if words.zh {
        ["来源", "首次", "末次", "线性", "位置", "时间衰减"]
    } else {
        ["source", "first", "last", "linear", "position", "time decay"]
    };
    Listing { headings, rows }.say(Format::Table)
}
