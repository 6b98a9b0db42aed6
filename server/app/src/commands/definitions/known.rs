//! What a data directory knows that definitions must fit.

use super::folder::Folder;
use crate::metrics;
use anyhow::{Context, Result};
use perennial_definitions::{Definitions, Experiment, METRICS_FILE, Problem, Reading, SourceFile, Surroundings, read};
use perennial_experiments::Frozen;
use perennial_fold::FoldError;
use perennial_model::{Currency, PropertySpec};
use perennial_ports::{BrandSettings, StoredDefinitions};
use perennial_query::{Groups, SqlExpressions};
use perennial_timeline::Timeline;

/// The column of the customer table that no fold makes.
const CUSTOMER_ID: &str = "customer_id";

/// See the module.
#[derive(Default)]
pub(super) struct Known {
    /// Time zone and currency, once something was imported.
    pub(super) settings: Option<BrandSettings>,
    /// The version that counts.
    pub(super) stored: Option<StoredDefinitions>,
    /// Its definitions.
    pub(super) definitions: Definitions,
    /// Declared properties.
    pub(super) properties: Vec<PropertySpec>,
    /// Lists and tags.
    pub(super) groups: Groups,
    /// Experiments that have begun, as they began.
    pub(super) begun: Vec<Experiment>,
}

impl Known {
    /// Of an open data directory.
    pub(super) async fn load(timeline: &Timeline) -> Result<Self> {
        let store = timeline.store();
        let settings = BrandSettings::load(&**store).await?;
        let stored = store.definitions().await?;
        let definitions = match &stored {
            Some(stored) => serde_json::from_str::<Definitions>(&stored.json).with_context(|| {
                let version = stored.version.version;
                format!("version {version} of the definitions is not understood: use the perennial that made it")
            })?,
            None => Definitions::default(),
        };
        let begun = Frozen::all(&**store).await?.into_iter().map(|frozen| frozen.experiment).collect();
        let groups = Groups::read(timeline).await?;
        Ok(Self { settings, stored, definitions, properties: timeline.properties(), groups, begun })
    }

    /// Number of the version that counts; 0 for none.
    pub(super) fn version(&self) -> u64 {
        self.stored.as_ref().map_or(0, |stored| stored.version.version)
    }

    /// The files as they were applied last.
    pub(super) fn files(&self) -> Vec<SourceFile> {
        let files = self.stored.iter().flat_map(|stored| &stored.files);
        files.map(|file| SourceFile { name: file.name.clone(), text: file.text.clone() }).collect()
    }

    /// The currency of amounts; the usual one before anything was imported.
    pub(super) fn currency(&self) -> Currency {
        self.settings.as_ref().map_or(BrandSettings::first().currency, |settings| settings.currency)
    }

    /// Reads files as definitions for this data directory.
    pub(super) fn read(&self, folder: &Folder) -> Result<Result<Reading, Vec<Problem>>> {
        let expressions = metrics::judge(self.currency(), &self.properties)?;
        let built_in = metrics::columns()?;
        let columns: Vec<&str> = built_in.iter().map(|spec| spec.name).chain([CUSTOMER_ID]).collect();
        let surroundings = Surroundings {
            columns: &columns,
            timezone: self.settings.as_ref().map(|settings| settings.zone.name()),
            currency: self.settings.as_ref().map(|settings| settings.currency),
            begun: &self.begun,
            expressions: &expressions,
        };
        let mut problems = folder.problems.clone();
        match read(&folder.files, &surroundings) {
            Ok(reading) => {
                problems.extend(self.no_room(&reading, folder)?);
                Ok(if problems.is_empty() { Ok(reading) } else { Err(problems) })
            }
            Err(more) => {
                problems.extend(more);
                problems.sort();
                Ok(Err(problems))
            }
        }
    }

    /// Whoever judges SQL once the properties are declared that the files name.
    pub(super) fn judge(&self, reading: &Reading) -> Result<SqlExpressions> {
        let properties: Vec<PropertySpec> = self.properties.iter().chain(&reading.undeclared).cloned().collect();
        metrics::judge(self.currency(), &properties)
    }

    /// The metric that a server could not keep beside the others.
    fn no_room(&self, reading: &Reading, folder: &Folder) -> Result<Option<Problem>> {
        let metrics = metrics::compiled(&reading.definitions, &self.judge(reading)?)?;
        let Err(FoldError::OverBudget { fold, bytes, total, budget }) = metrics::check_room(&metrics) else {
            return Ok(None);
        };
        let text = folder.files.iter().find(|file| file.name == METRICS_FILE).map_or("", |file| file.text.as_str());
        let named =
            |line: &str| line.split_once("name:").is_some_and(|(_, name)| name.trim().trim_matches('"') == fold);
        Ok(Some(Problem {
            file: METRICS_FILE.to_owned(),
            line: text.lines().position(named).map_or(1, |line| line + 1),
            column: 1,
            message: format!(
                "metric {fold} takes {bytes} bytes of a server's memory for each customer, all together {total} of {budget}"
            ),
            fix: "drop a metric, or the window of one: of a window each day with an event is kept".to_owned(),
        }))
    }
}
