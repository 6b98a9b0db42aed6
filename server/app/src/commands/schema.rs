//! `perennial schema`: what events must look like, and what does not.

use crate::brand::Brand;
use crate::cli::SchemaAction;
use crate::clock::SystemClock;
use crate::error::{FOUND_WRONG, usage};
use crate::host::Host;
use anyhow::Result;
use perennial_listen::message::{EventSchema, MAX_ASIDE_MESSAGES, Replay, replay};
use perennial_model::{Clock, Currency};
use perennial_ports::BrandSettings;
use std::collections::BTreeMap;
use std::path::Path;

/// Messages read at once.
const PAGE: u32 = 1_000;
/// A file of schemas is no larger.
const MAX_FILE_BYTES: u64 = 4 << 20;

pub(crate) async fn run(action: &SchemaAction, host: &Host) -> Result<u8> {
    match action {
        SchemaAction::Set { file, data } => {
            let schemas = read(file)?;
            let brand = host.create(&data.data).await?;
            let _turn = host.write_turn().await;
            set(&brand, &schemas).await?;
            brand.close().await;
            Ok(0)
        }
        SchemaAction::List(data) => {
            let brand = host.open(&data.data).await?;
            list(&brand).await?;
            brand.close().await;
            Ok(0)
        }
        SchemaAction::Aside { data, limit } => {
            let brand = host.open(&data.data).await?;
            aside(&brand, *limit).await?;
            brand.close().await;
            Ok(0)
        }
        SchemaAction::Replay(data) => {
            let brand = host.open(&data.data).await?;
            let _turn = host.write_turn().await;
            let settings = BrandSettings::load(&**brand.timeline.store()).await?;
            let currency = settings.map_or(Currency::CNY, |settings| settings.currency);
            let Replay { landed, suppressed, left } = replay(&brand.timeline, currency).await?;
            brand.timeline.maintain().await?;
            brand.close().await;
            say!("{landed} messages landed, {left} still do not fit, {suppressed} of erased customers dropped");
            Ok(if left > 0 { FOUND_WRONG } else { 0 })
        }
    }
}

fn read(file: &Path) -> Result<Vec<EventSchema>> {
    let shown = file.display();
    let size = std::fs::metadata(file).map_err(|problem| usage(format!("{shown}: {problem}")))?.len();
    if size > MAX_FILE_BYTES {
        return Err(usage(format!("{shown} has more than {MAX_FILE_BYTES} bytes: split it")));
    }
    let text = std::fs::read_to_string(file).map_err(|problem| usage(format!("{shown}: {problem}")))?;
    EventSchema::parse(&text).map_err(|problem| usage(format!("{shown}: {problem}")))
}

async fn set(brand: &Brand, schemas: &[EventSchema]) -> Result<()> {
    for schema in schemas {
        let json = serde_json::to_string(schema)?;
        let version = brand.timeline.store().save_schema(&schema.event, SystemClock.now_us(), &json).await?;
        say!("{}: version {version}, {} properties", schema.event, schema.properties.len());
    }
    Ok(())
}

async fn list(brand: &Brand) -> Result<()> {
    for stored in brand.timeline.store().schemas().await? {
        say!("{}", stored.json);
    }
    Ok(())
}

async fn aside(brand: &Brand, limit: usize) -> Result<()> {
    let store = brand.timeline.store();
    let (mut counts, mut after): (BTreeMap<(String, String, String), u64>, _) = (BTreeMap::new(), None);
    loop {
        let page = store.aside_after(after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.mid);
        for kept in page {
            *counts.entry((kept.event, kept.source, kept.reason)).or_default() += 1;
        }
    }
    let total: u64 = counts.values().sum();
    let mut reasons: Vec<_> = counts.into_iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    say!("{total} messages kept aside, {MAX_ASIDE_MESSAGES} at most");
    for ((event, source, reason), count) in reasons.into_iter().take(limit) {
        say!("{count} × {event} ({source}): {reason}");
    }
    Ok(())
}
