//! `perennial import`: files into a data directory.

use crate::cli::{ImportArgs, Language};
use crate::commands::files::{self, Properties, language, listen_language, plan, read_files};
use crate::error::FOUND_WRONG;
use crate::host::Host;
use anyhow::Result;
use perennial_listen::ImportOutcome;
use perennial_ports::BrandSettings;

pub(crate) async fn run(arguments: ImportArgs, host: &Host) -> Result<u8> {
    let brand = if arguments.dry_run { None } else { Some(host.create(&arguments.data).await?) };
    let _turn = host.write_turn().await;
    let mut properties = Properties { wanted: &arguments.properties, declared: Vec::new() };
    let mut known = None;
    if let Some(brand) = &brand {
        let store = brand.timeline.store();
        known = BrandSettings::load(&**store).await?;
        properties.declared = store.manifest().await?.properties;
    }
    let plan = plan(&arguments.files, &arguments.read, known.as_ref(), properties)?;
    let language = language(None, Some(&plan));
    for line in plan.lines(listen_language(language)) {
        say!("{line}");
    }
    let Some(brand) = brand else { return Ok(0) };
    let read = read_files(&brand, plan, &arguments.read, &arguments.default_rejects()).await?;
    brand.timeline.maintain().await?;
    brand.close().await;
    for line in outcome_lines(&read.outcome, language) {
        say!("{line}");
    }
    let nothing =
        read.outcome.events.total() + read.outcome.kept_aside == 0 && read.outcome.already_imported.is_empty();
    Ok(if nothing { FOUND_WRONG } else { 0 })
}

/// What came of it, in lines for people.
pub(crate) fn outcome_lines(outcome: &ImportOutcome, language: Language) -> Vec<String> {
    let mut lines = Vec::new();
    let zh = language == Language::Zh;
    for file in &outcome.already_imported {
        lines.push(if zh {
            format!("{file}：此前已导入（already imported），没有变化")
        } else {
            format!("{file}: already imported, nothing changed")
        });
    }
    if outcome.rows > 0 {
        let (rows, orders, new) = (outcome.rows, outcome.events.orders, outcome.new_customers);
        let seconds = outcome.elapsed_ms as f64 / 1000.0;
        lines.push(if zh {
            format!("{rows} 行，{orders} 个订单，{new} 位新客户，用时 {seconds:.1} 秒")
        } else {
            format!("{rows} rows, {orders} orders, {new} new customers in {seconds:.1} s")
        });
    }
    for reason in files::reasons(outcome) {
        let at = reason.example.map(|place| format!(" ({place})")).unwrap_or_default();
        let kind = if zh { if reason.kind == "rejected" { "已拒绝" } else { "已跳过" } } else { reason.kind };
        let why = if zh { &reason.reason_zh } else { &reason.reason_en };
        lines.push(format!("{kind}: {} × {why}{at}", reason.rows));
    }
    if outcome.kept_aside > 0 {
        let count = outcome.kept_aside;
        lines.push(if zh {
            format!("{count} 条消息不符合其事件的模式，已另存：用 `perennial schema aside` 查看原因")
        } else {
            format!("{count} messages do not fit their event's schema, kept aside: `perennial schema aside` says why")
        });
    }
    lines.extend(outcome.left_out.iter().map(|left| left.line_for(listen_language(language))));
    if let Some(path) = &outcome.rejects_file {
        lines.push(format!("{} {}", if zh { "被拒绝的行写在" } else { "rejected rows are in" }, path.display()));
    }
    lines
}
