//! What a brand remembers of its first import: time zone and currency.

use crate::{Store, StoreError};
use perennial_model::{Currency, Zone};

const TIMEZONE: &str = "timezone";
const CURRENCY: &str = "currency";

/// Time zone and currency of a brand.
#[derive(Debug, Clone)]
pub struct BrandSettings {
    /// In which days begin.
    pub zone: Zone,
    /// Of all amounts.
    pub currency: Currency,
}

impl BrandSettings {
    /// What the store remembers; `None` before the first import.
    ///
    /// # Errors
    /// What the store says, and a zone or a currency that nobody knows.
    pub async fn load(store: &dyn Store) -> Result<Option<Self>, StoreError> {
        let (Some(zone), Some(currency)) = (store.setting(TIMEZONE).await?, store.setting(CURRENCY).await?) else {
            return Ok(None);
        };
        let zone = Zone::named(&zone)
            .map_err(|source| StoreError::Other { action: "read the brand's time zone", source: source.into() })?;
        let currency = currency.parse().map_err(|source: perennial_model::ParseCurrencyError| StoreError::Other {
            action: "read the brand's currency",
            source: source.into(),
        })?;
        Ok(Some(Self { zone, currency }))
    }

    /// What holds before an import or a person has said otherwise.
    #[must_use]
    pub fn first() -> Self {
        Self { zone: Zone::utc(), currency: Currency::CNY }
    }

    /// Remembers.
    ///
    /// # Errors
    /// What the store says.
    pub async fn save(&self, store: &dyn Store) -> Result<(), StoreError> {
        store.set_setting(TIMEZONE, self.zone.name()).await?;
        store.set_setting(CURRENCY, self.currency.as_str()).await
    }
}
