//! Definitions changed through the API, and tables computed for it.

use super::folder::Folder;
use super::known::Known;
use super::summary;
use crate::analysis::threads;
use crate::clock::SystemClock;
use crate::metrics;
use anyhow::{Result, anyhow};
use async_trait::async_trait;
use perennial_api::{Definer, DefinitionEdit, EditRefused, FoldedTable};
use perennial_definitions::{Definitions, Metric, changes, write};
use perennial_fold::{Instant, Registry, Revenue, run_batch};
use perennial_learn::{Thresholds, register, relatives};
use perennial_model::Clock;
use perennial_ports::{BrandSettings, DefinitionFile, DefinitionsSaved, NewDefinitions};
use perennial_timeline::Timeline;
use std::error::Error;
use std::sync::Arc;

/// See the module.
pub(crate) struct Editor {
    pub(crate) timeline: Timeline,
}

#[async_trait]
impl Definer for Editor {
    async fn edit(&self, edit: DefinitionEdit) -> Result<u64, EditRefused> {
        self.edited(edit).await.unwrap_or_else(|problem| Err(EditRefused::Failed(problem.into())))
    }

    async fn table(
        &self,
        as_of_us: Option<i64>,
        metrics: Vec<Metric>,
    ) -> Result<FoldedTable, Box<dyn Error + Send + Sync>> {
        Ok(self.folded(as_of_us, metrics).await?)
    }
}

impl Editor {
    async fn edited(&self, edit: DefinitionEdit) -> Result<Result<u64, EditRefused>> {
        let known = Known::load(&self.timeline).await?;
        if known.version() != edit.expected_version {
            return Ok(Err(EditRefused::Moved(known.version())));
        }
        // Judged as the files would be that say the same.
        let files = write(&edit.definitions, &known.files());
        let reading = match known.read(&Folder { files, problems: Vec::new() })? {
            Ok(reading) => reading,
            Err(problems) => return Ok(Err(EditRefused::Problems(problems))),
        };
        for property in &reading.undeclared {
            self.timeline.declare_property(property.clone()).await?;
        }
        let found = changes(&known.definitions, &reading.definitions);
        if found.is_empty() {
            return Ok(Ok(known.version()));
        }
        let file = |file: perennial_definitions::SourceFile| DefinitionFile { name: file.name, text: file.text };
        let new = NewDefinitions {
            expected_version: known.version(),
            at_us: SystemClock.now_us(),
            member_id: edit.member_id,
            token_id: edit.token_id,
            comment: edit.comment,
            changes: serde_json::to_string(&found)?,
            json: serde_json::to_string(&reading.definitions)?,
            // Files stay as they were applied last: `export` brings them up to date.
            files: known.files().into_iter().map(file).collect(),
            summary: Some(summary(&found)),
        };
        Ok(match self.timeline.store().save_definitions(&new).await? {
            DefinitionsSaved::Done(version) => Ok(version),
            DefinitionsSaved::Moved(newest) => Err(EditRefused::Moved(newest)),
        })
    }

    async fn folded(&self, as_of_us: Option<i64>, metrics: Vec<Metric>) -> Result<FoldedTable> {
        let settings = BrandSettings::load(&**self.timeline.store()).await?.unwrap_or_else(BrandSettings::first);
        let BrandSettings { zone, currency } = settings;
        let stored = self.timeline.store().definitions().await?;
        let mut definitions: Definitions = match &stored {
            Some(stored) => serde_json::from_str(&stored.json)?,
            None => Definitions::default(),
        };
        definitions.metrics.extend(metrics);
        let expressions = metrics::judge(currency, &self.timeline.properties())?;
        let compiled = metrics::compiled(&definitions, &expressions)?;
        let snapshot = self.timeline.snapshot().await?;
        let instant = Instant::new(as_of_us.unwrap_or_else(|| SystemClock.now_us()), zone, Revenue::Net);
        let fold = move || {
            let thresholds = Thresholds::default();
            let mut registry = Registry::new();
            register(&mut registry, &thresholds, &instant, snapshot.declared())?;
            for metric in compiled {
                metric.register(&mut registry)?;
            }
            let mut table = run_batch(&snapshot, &mut registry, &instant, threads())?.table;
            relatives(&thresholds)?.fit(&mut table, &instant)?;
            Ok::<_, anyhow::Error>(FoldedTable { table: Arc::new(table), instant })
        };
        tokio::task::spawn_blocking(fold).await.map_err(|problem| anyhow!("the pass died: {problem}"))?
    }
}
