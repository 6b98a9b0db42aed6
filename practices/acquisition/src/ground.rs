//! What the figures of a brand stand on: its zone, its currency, its definitions.

use crate::AcquisitionError;
use perennial_definitions::{Definitions, Function, Metric};
use perennial_fold::Test;
use perennial_model::{Currency, PropertySpec, Zone};
use perennial_ports::BrandSettings;
use perennial_query::SqlExpressions;
use perennial_timeline::Timeline;

/// See the module.
#[derive(Debug, Clone)]
pub struct Ground {
    /// By whose midnights months are counted.
    pub zone: Zone,
    /// Of all amounts.
    pub currency: Currency,
    /// What the brand defines.
    pub definitions: Definitions,
    /// Which version of it; 0 where nothing is defined yet.
    pub version: u64,
    /// Properties of events that are declared.
    pub properties: Vec<PropertySpec>,
    /// Workers of a pass.
    pub threads: usize,
}

impl Ground {
    /// Of a brand, with the definitions that count.
    ///
    /// # Errors
    /// What the store says.
    pub async fn load(timeline: &Timeline, threads: usize) -> Result<Self, AcquisitionError> {
        let store = timeline.store();
        let BrandSettings { zone, currency } =
            BrandSettings::load(&**store).await?.unwrap_or_else(BrandSettings::first);
        let stored = store.definitions().await?;
        let version = stored.as_ref().map_or(0, |stored| stored.version.version);
        let definitions = match stored {
            Some(stored) => serde_json::from_str(&stored.json).map_err(|source| AcquisitionError::Stored {
                what: format!("version {version} of the definitions"),
                source,
            })?,
            None => Definitions::default(),
        };
        Ok(Self { zone, currency, definitions, version, properties: timeline.properties(), threads })
    }

    pub(crate) fn expressions(&self) -> Result<SqlExpressions, AcquisitionError> {
        SqlExpressions::new(self.currency, &self.properties, Vec::new()).map_err(|problem| AcquisitionError::Sql {
            what: "SQL".to_owned(),
            message: problem.message,
            fix: problem.fix,
        })
    }
}

/// A condition over one event as a pass asks it.
pub(crate) fn test(expressions: &SqlExpressions, what: &str, sql: &str) -> Result<Test, AcquisitionError> {
    let counted = Metric {
        name: String::new(),
        title: None,
        description: None,
        function: Function::Count,
        events: Vec::new(),
        of: None,
        r#where: Some(sql.to_owned()),
        window: None,
        unit: None,
        then: None,
        within: None,
    };
    let compiled = expressions.metric(&counted).map_err(|problem| AcquisitionError::Sql {
        what: what.to_owned(),
        message: problem.message,
        fix: problem.fix,
    })?;
    Ok(compiled.test)
}
