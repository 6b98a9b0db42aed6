//! What a brand asks consent for.

use crate::ListenError;
use perennial_model::Purpose;
use perennial_ports::Store;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Under which the store keeps them.
const SETTING: &str = "consent";

/// Purposes of a brand, and what the categories of cookie banners mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConsentSettings {
    /// Purposes beside those that every brand has.
    pub purposes: Vec<Purpose>,
    /// The purpose of a category of `context.consent.categoryPreferences`, by its letters and digits in
    /// lower case. A category without one says nothing: advertising on a site is not leave to write.
    pub categories: BTreeMap<String, Purpose>,
}

impl Default for ConsentSettings {
    fn default() -> Self {
        let known = [
            ("analytics", Purpose::ANALYTICS),
            ("personalization", Purpose::PERSONALISATION),
            ("personalisation", Purpose::PERSONALISATION),
            ("datasharing", Purpose::SHARING),
            ("sharing", Purpose::SHARING),
        ];
        let category = |(name, word): (&str, &str)| Some((name.to_owned(), Purpose::new(word)?));
        Self { purposes: Vec::new(), categories: known.into_iter().filter_map(category).collect() }
    }
}

/// A word that is no purpose of the brand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is no purpose of this brand: use one of {known}, or add it with `perennial consent configure --purpose`")]
pub struct UnknownPurpose {
    known: String,
}

impl ConsentSettings {
    /// Those of a brand.
    ///
    /// # Errors
    /// When the store cannot be read, or holds something else.
    pub async fn load(store: &dyn Store) -> Result<Self, ListenError> {
        let Some(json) = store.setting(SETTING).await? else { return Ok(Self::default()) };
        serde_json::from_str(&json).map_err(|problem| ListenError::Stopped(format!("settings of consent: {problem}")))
    }

    /// Keeps them.
    ///
    /// # Errors
    /// What the store says.
    pub async fn save(&self, store: &dyn Store) -> Result<(), ListenError> {
        let json = serde_json::to_string(self).map_err(|problem| ListenError::Stopped(problem.to_string()))?;
        Ok(store.set_setting(SETTING, &json).await?)
    }

    /// All purposes of the brand.
    pub fn all(&self) -> impl Iterator<Item = Purpose> + '_ {
        Purpose::KNOWN.into_iter().filter_map(Purpose::new).chain(self.purposes.iter().cloned())
    }

    /// The purpose of a word. Others are refused: who withdrew `markting` would get messages still.
    ///
    /// # Errors
    /// [`UnknownPurpose`].
    pub fn purpose(&self, word: &str) -> Result<Purpose, UnknownPurpose> {
        self.all().find(|purpose| purpose.as_str() == word).ok_or_else(|| {
            let known: Vec<String> = self.all().map(String::from).collect();
            UnknownPurpose { known: known.join(", ") }
        })
    }

    /// The purpose of a category.
    #[must_use]
    pub fn category(&self, name: &str) -> Option<&Purpose> {
        self.categories.get(&normalise_category(name))
    }
}

/// A category's letters and digits in lower case, as [`ConsentSettings::categories`] names it.
#[must_use]
pub fn normalise_category(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purpose_is_one_of_the_brands() {
        let mut settings = ConsentSettings::default();
        assert_eq!(settings.purpose("marketing").unwrap().as_str(), "marketing");
        let refused = settings.purpose("research").unwrap_err().to_string();
        assert!(refused.contains("marketing, personalisation, sharing, automated_decisions, analytics"), "{refused}");
        settings.purposes.push(Purpose::new("research").unwrap());
        assert!(settings.purpose("research").is_ok());
        let kept = serde_json::to_string(&settings).unwrap();
        assert_eq!(serde_json::from_str::<ConsentSettings>(&kept).unwrap(), settings);
    }

    #[test]
    fn advertising_on_a_site_is_no_leave_to_write() {
        let settings = ConsentSettings::default();
        assert_eq!(settings.category("Data Sharing").map(Purpose::as_str), Some(Purpose::SHARING));
        assert_eq!((settings.category("Advertising"), settings.category("Functional")), (None, None));
    }
}
