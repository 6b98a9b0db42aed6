//! What a brand remembers of its first import: time zone and currency.

use anyhow::{Context, Result};
use perennial_model::{Currency, Zone};
use perennial_ports::Store;

const TIMEZONE: &str = "timezone";
const CURRENCY: &str = "currency";

/// Time zone and currency of a brand.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) zone: Zone,
    pub(crate) currency: Currency,
}

/// What the store remembers; `None` before the first import.
pub(crate) async fn load(store: &dyn Store) -> Result<Option<Settings>> {
    let (Some(zone), Some(currency)) = (store.setting(TIMEZONE).await?, store.setting(CURRENCY).await?) else {
        return Ok(None);
    };
    Ok(Some(Settings {
        zone: Zone::named(&zone).context("the stored time zone")?,
        currency: currency.parse().context("the stored currency")?,
    }))
}

/// Remembers.
pub(crate) async fn save(store: &dyn Store, settings: &Settings) -> Result<()> {
    store.set_setting(TIMEZONE, settings.zone.name()).await?;
    store.set_setting(CURRENCY, settings.currency.as_str()).await?;
    Ok(())
}

/// The start of a day (`YYYY-MM-DD`) in the brand's zone, UTC µs.
pub(crate) fn as_of(text: &str, zone: &Zone) -> Result<i64> {
    let parts: Vec<&str> = text.split('-').collect();
    let day = match parts[..] {
        [year, month, day] if year.len() == 4 => year.parse().ok().zip(month.parse().ok()).zip(day.parse().ok()),
        _ => None,
    };
    day.and_then(|((year, month), day)| perennial_model::day_from_civil(year, month, day))
        .map(|day| zone.day_start(day))
        .ok_or_else(|| crate::error::usage(format!("--as-of {text} is not a day: write it as YYYY-MM-DD")))
}
