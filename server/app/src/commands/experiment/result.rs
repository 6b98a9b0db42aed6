//! What an experiment says.

use super::{Scene, lang, told_apart};
use crate::brand::Brand;
use crate::cli::ResultArgs;
use anyhow::Result;
use perennial_experiments::{Entry, ExperimentError, Incremental, Reading, State};
use perennial_measure::{Lang, Words};
use perennial_model::Currency;
use serde_json::json;

pub(super) async fn result(arguments: &ResultArgs, brand: &Brand) -> Result<u8> {
    let (scene, store) = (Scene::of(brand).await?, brand.timeline.store());
    let entry = scene.find(brand, &arguments.name).await?;
    let entries = std::slice::from_ref(&entry);
    let readings = Entry::readings(entries, &**store, &scene.ground, &scene.snapshot).await.map_err(told_apart)?;
    let Some(reading) = readings.into_iter().flatten().next() else {
        return Err(told_apart(ExperimentError::NotBegun { name: arguments.name.clone() }));
    };
    let (lang, currency) = (lang(arguments.lang), scene.ground.currency);
    if let Some(answer) = reading.answer.as_ref().filter(|answer| answer.sample_ratio.alarm) {
        match lang {
            Lang::En => aside!("warning: {}", answer.sample_ratio.text_en),
            Lang::Zh => aside!("警告：{}", answer.sample_ratio.text_zh),
        }
    }
    if arguments.json {
        let comparisons = reading.answer.as_ref().map_or(&[][..], |answer| &answer.comparisons);
        let answer = json!({
            "experiment": entry.experiment,
            "standing": entry.standing,
            "currency": currency.as_str(),
            "customers": { "began_with": reading.began_with, "erased": reading.erased, "merged": reading.merged },
            "groups": reading.groups,
            "sample_ratio": reading.answer.as_ref().map(|answer| &answer.sample_ratio),
            "comparisons": comparisons,
            "incremental": reading.incremental,
            "series": reading.series,
        });
        say!("{}", serde_json::to_string_pretty(&answer)?);
        return Ok(0);
    }
    lines(&entry, &reading, currency).iter().for_each(|words| say!("{}", words.of(lang)));
    match &reading.answer {
        Some(answer) => say!("\n{}", answer.text(lang).trim_end()),
        None => say!("{}", nothing_yet(&entry).of(lang)),
    }
    reading.incremental.iter().map(|found| brought(found, currency)).for_each(|words| say!("{}", words.of(lang)));
    Ok(0)
}

fn lines(entry: &Entry, reading: &Reading, currency: Currency) -> Vec<Words> {
    let (standing, starts) = (&entry.standing, entry.experiment.starts);
    let (known, days) = (standing.days_known, standing.days);
    let (en, zh) = match standing.state {
        State::Ended => ("ended", "已结束"),
        State::Running | State::Planned => ("running", "进行中"),
    };
    let mut lines = vec![Words::new(
        format!("{}: {en}, {known} of {days} days from {starts} known, money in {currency}", reading.name),
        format!("{}：{zh}，自 {starts} 起 {days} 天中已知 {known} 天，金额单位 {currency}", reading.name),
    )];
    for group in &reading.groups {
        let (name, size, expected) = (&group.group, group.customers, group.expected.round());
        lines.push(Words::new(
            format!("{name}: {size} customers (drawn for {expected})"),
            format!("{name}：{size} 位客户（应为 {expected}）"),
        ));
    }
    let (erased, merged) = (reading.erased, reading.merged);
    if erased + merged > 0 {
        lines.push(Words::new(
            format!("of {} at the beginning {erased} are erased and {merged} merged with others", reading.began_with),
            format!("开始时的 {} 位客户中，{erased} 位已删除，{merged} 位已与他人合并", reading.began_with),
        ));
    }
    lines
}

fn nothing_yet(entry: &Entry) -> Words {
    if entry.standing.days_known == 0 {
        return Words::new(
            "not yet known: no day of it is over, or nothing that came after is imported",
            "尚不确定：还没有完整的一天，或之后的数据尚未导入",
        );
    }
    Words::new("not yet known: a group has fewer than two customers", "尚不确定：有一组客户不足两位")
}

/// What an arm brought in all.
fn brought(found: &Incremental, currency: Currency) -> Words {
    let Incremental { arm, of, value, low, high } = found;
    let (en, zh) = if *of == "orders" {
        ("more orders".to_owned(), "单".to_owned())
    } else {
        (format!("{currency} more"), format!(" {currency}"))
    };
    let (from, to) = low.zip(*high).map_or((String::new(), String::new()), |(low, high)| {
        (format!(" (between {low:.0} and {high:.0})"), format!("（区间 {low:.0} 至 {high:.0}）"))
    });
    Words::new(format!("{arm} brought {value:.0} {en}{from}"), format!("{arm} 带来的增量：{value:.0}{zh}{to}"))
}
