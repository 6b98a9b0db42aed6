//! Time zone and currency of a brand that has none yet.

use super::Config;
use crate::error::usage;
use anyhow::Result;
use perennial_model::{Currency, ParseCurrencyError, Zone};
use perennial_ports::{BrandSettings, Store};

/// What is said of both; `None` where nothing is.
pub(super) fn said(config: &Config) -> Result<Option<BrandSettings>> {
    let word = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    match (word(&config.timezone), word(&config.currency)) {
        (None, None) => Ok(None),
        (Some(timezone), Some(currency)) => {
            let zone = Zone::named(timezone.trim()).map_err(|problem| usage(format!("timezone: {problem}")))?;
            let parsed: Result<Currency, ParseCurrencyError> = currency.parse();
            let currency = parsed.map_err(|problem| usage(format!("currency: {problem}")))?;
            Ok(Some(BrandSettings { zone, currency }))
        }
        _ => Err(usage("timezone and currency belong together: give both or neither")),
    }
}

/// Gives a brand what is said where it has nothing yet. All figures of one that has are in its own.
pub(crate) async fn settle(config: &Config, store: &dyn Store) -> Result<()> {
    let Some(wanted) = said(config)? else { return Ok(()) };
    match BrandSettings::load(store).await? {
        None => wanted.save(store).await?,
        Some(own) if (own.zone.name(), own.currency) != (wanted.zone.name(), wanted.currency) => {
            tracing::warn!(
                timezone = own.zone.name(),
                currency = own.currency.as_str(),
                "the brand has these already: timezone and currency of the configuration are those of a new brand"
            );
        }
        Some(_) => {}
    }
    Ok(())
}
