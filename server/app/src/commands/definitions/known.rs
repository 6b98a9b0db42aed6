//! What a data directory knows that definitions must fit.

use super::folder::Folder;
use crate::brand::Brand;
use anyhow::{Context, Result};
use perennial_definitions::{Definitions, Expressions, Lexical, Problem, Reading, SourceFile, Surroundings, read};
use perennial_learn::column_names;
use perennial_ports::{BrandSettings, StoredDefinitions};

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
}

impl Known {
    /// Of an open data directory.
    pub(super) async fn load(brand: &Brand) -> Result<Self> {
        let store = brand.timeline.store();
        let settings = BrandSettings::load(&**store).await?;
        let stored = store.definitions().await?;
        let definitions = match &stored {
            Some(stored) => serde_json::from_str::<Definitions>(&stored.json).with_context(|| {
                let version = stored.version.version;
                format!("version {version} of the definitions is not understood: use the perennial that made it")
            })?,
            None => Definitions::default(),
        };
        Ok(Self { settings, stored, definitions })
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

    /// Reads files as definitions for this data directory.
    pub(super) fn read(&self, folder: &Folder) -> Result<Reading, Vec<Problem>> {
        let columns: Vec<&str> = column_names().chain([CUSTOMER_ID]).collect();
        let surroundings = Surroundings {
            columns: &columns,
            timezone: self.settings.as_ref().map(|settings| settings.zone.name()),
            currency: self.settings.as_ref().map(|settings| settings.currency),
            expressions: self.expressions(),
        };
        let mut problems = folder.problems.clone();
        match read(&folder.files, &surroundings) {
            Ok(reading) if problems.is_empty() => Ok(reading),
            Ok(_) => Err(problems),
            Err(more) => {
                problems.extend(more);
                problems.sort();
                Err(problems)
            }
        }
    }

    /// Who judges the SQL in them.
    fn expressions(&self) -> &dyn Expressions {
        &Lexical
    }
}
