//! What experiments of a brand stand on: its zone, its currency, its definitions.

use crate::ExperimentError;
use perennial_definitions::{Definitions, Experiment};
use perennial_model::{Currency, PropertySpec, Zone, nearest};
use perennial_ports::BrandSettings;
use perennial_query::{Groups, SqlExpressions};
use perennial_timeline::Timeline;

/// See the module.
#[derive(Debug, Clone)]
pub struct Ground {
    /// By whose midnights days are counted.
    pub zone: Zone,
    /// Of all amounts.
    pub currency: Currency,
    /// What the brand defines.
    pub definitions: Definitions,
    /// Properties of events that are declared.
    pub properties: Vec<PropertySpec>,
    /// Lists and tags, which segments may name.
    pub groups: Groups,
    /// Workers of a pass.
    pub threads: usize,
}

impl Ground {
    /// Of a brand, with the definitions that count.
    ///
    /// # Errors
    /// What the store says.
    pub async fn load(timeline: &Timeline, threads: usize) -> Result<Self, ExperimentError> {
        let store = timeline.store();
        let settings = BrandSettings::load(&**store).await?.unwrap_or_else(BrandSettings::first);
        let definitions = match store.definitions().await? {
            Some(stored) => serde_json::from_str(&stored.json).map_err(|source| ExperimentError::Stored {
                what: format!("version {} of the definitions", stored.version.version),
                source,
            })?,
            None => Definitions::default(),
        };
        let BrandSettings { zone, currency } = settings;
        let (properties, groups) = (timeline.properties(), Groups::read(timeline).await?);
        Ok(Self { zone, currency, definitions, properties, groups, threads })
    }

    /// An experiment by its name.
    ///
    /// # Errors
    /// [`ExperimentError::Unknown`].
    pub fn experiment(&self, name: &str) -> Result<&Experiment, ExperimentError> {
        let all = &self.definitions.experiments;
        all.iter().find(|experiment| experiment.name == name).ok_or_else(|| ExperimentError::Unknown {
            name: name.to_owned(),
            near: nearest(name, all.iter().map(|experiment| experiment.name.as_str())).map(str::to_owned),
        })
    }

    pub(crate) fn expressions(&self) -> Result<SqlExpressions, ExperimentError> {
        // Conditions were judged when they were defined: their columns need not be known here.
        SqlExpressions::new(self.currency, &self.properties, Vec::new()).map_err(|problem| ExperimentError::Sql {
            what: "SQL".to_owned(),
            message: problem.message,
            fix: problem.fix,
        })
    }
}
