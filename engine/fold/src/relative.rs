//! Relative columns: fitted once for the whole population, computed from the fitted text alone.
//!
//! Columns are always computed from the JSON, right after fitting too, because reading a float
//! back may change its last bit, and live must equal batch for one version of the parameters.

use crate::registry::add_specs;
use crate::{Column, ColumnSpec, CustomerTable, FoldError, Instant, Relative};
use perennial_ports::Store;
use rayon::prelude::*;
use std::sync::Arc;

/// Fitted parameters of one relative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FittedParameters {
    /// The relative's name.
    pub relative: &'static str,
    /// Their version in the store; none before they are saved.
    pub version: Option<u64>,
    /// The instant they were fitted as of, UTC µs.
    pub as_of_us: i64,
    /// The parameters.
    pub json: String,
}

trait ErasedRelative: Send + Sync {
    fn name(&self) -> &'static str;
    fn columns(&self) -> Vec<ColumnSpec>;
    fn fits(&self) -> Option<&'static [&'static str]>;
    fn fit(&self, table: &CustomerTable, instant: &Instant) -> Result<String, FoldError>;
    /// The columns of every shard.
    fn compute(&self, json: &str, table: &CustomerTable, instant: &Instant) -> Result<Vec<Vec<Column>>, FoldError>;
    fn prepare(&self, json: &str) -> Result<Compute, FoldError>;
}

/// Computes the columns of one shard with parameters that were read once.
type Compute = Box<dyn Fn(&CustomerTable, usize, &Instant) -> Vec<Column> + Send + Sync>;

/// Relatives with their parameters, for many small tables.
#[derive(Default)]
pub(crate) struct Prepared(Vec<Compute>);

impl Prepared {
    /// Appends the relative columns to a table of one shard.
    pub(crate) fn append(&self, table: &mut CustomerTable, instant: &Instant) {
        for compute in &self.0 {
            let columns = compute(table, 0, instant);
            if let Some(rows) = table.shards.first_mut() {
                rows.columns.extend(columns);
            }
        }
    }
}

struct Erased<R>(Arc<R>);

impl<R: Relative> ErasedRelative for Erased<R> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn columns(&self) -> Vec<ColumnSpec> {
        self.0.columns()
    }

    fn fits(&self) -> Option<&'static [&'static str]> {
        self.0.fits()
    }

    fn fit(&self, table: &CustomerTable, instant: &Instant) -> Result<String, FoldError> {
        serde_json::to_string(&self.0.fit(table, instant)).map_err(self.unreadable())
    }

    fn compute(&self, json: &str, table: &CustomerTable, instant: &Instant) -> Result<Vec<Vec<Column>>, FoldError> {
        let parameters: R::Parameters = serde_json::from_str(json).map_err(self.unreadable())?;
        let shards = 0..table.shards.len();
        Ok(shards.into_par_iter().map(|shard| self.0.compute(&parameters, table, shard, instant)).collect())
    }

    fn prepare(&self, json: &str) -> Result<Compute, FoldError> {
        let parameters: R::Parameters = serde_json::from_str(json).map_err(self.unreadable())?;
        let relative = Arc::clone(&self.0);
        Ok(Box::new(move |table, shard, instant| relative.compute(&parameters, table, shard, instant)))
    }
}

impl<R: Relative> Erased<R> {
    fn unreadable(&self) -> impl Fn(serde_json::Error) -> FoldError {
        let relative = self.0.name();
        move |source| FoldError::Parameters { relative, source }
    }
}

/// The relatives of one table, in the order in which they were added: a later one may use the
/// columns of an earlier one.
#[derive(Default)]
pub struct RelativeSet {
    relatives: Vec<Box<dyn ErasedRelative>>,
}

impl std::fmt::Debug for RelativeSet {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(self.relatives.iter().map(|relative| relative.name())).finish()
    }
}

impl RelativeSet {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a relative.
    ///
    /// # Errors
    /// [`FoldError::NameTaken`] or [`FoldError::ColumnTaken`].
    pub fn add<R: Relative>(&mut self, relative: R) -> Result<(), FoldError> {
        let name = relative.name();
        if self.relatives.iter().any(|other| other.name() == name) {
            return Err(FoldError::NameTaken { name });
        }
        let mut specs: Vec<_> = self.relatives.iter().flat_map(|other| other.columns()).collect();
        add_specs(&mut specs, name, relative.columns())?;
        self.relatives.push(Box::new(Erased(Arc::new(relative))));
        Ok(())
    }

    /// Fits each relative to the table and appends its columns, one after the other. Uses rayon's
    /// global pool.
    ///
    /// # Errors
    /// [`FoldError::ColumnTaken`] or a column of the wrong shape; the columns of the relatives
    /// before stay.
    pub fn fit(&self, table: &mut CustomerTable, instant: &Instant) -> Result<Vec<FittedParameters>, FoldError> {
        let mut fitted = Vec::with_capacity(self.relatives.len());
        for relative in &self.relatives {
            let json = relative.fit(table, instant)?;
            append(relative.as_ref(), &json, table, instant)?;
            fitted.push(FittedParameters {
                relative: relative.name(),
                version: None,
                as_of_us: instant.as_of_us,
                json,
            });
        }
        Ok(fitted)
    }

    /// Appends all columns, computed with parameters fitted before.
    ///
    /// # Errors
    /// [`FoldError::NotFitted`] when a relative's are not among them, and as [`Self::fit`].
    pub fn compute(
        &self,
        fitted: &[FittedParameters],
        table: &mut CustomerTable,
        instant: &Instant,
    ) -> Result<(), FoldError> {
        for relative in &self.relatives {
            append(relative.as_ref(), json_of(fitted, relative.name())?, table, instant)?;
        }
        Ok(())
    }

    /// Reads parameters fitted before.
    pub(crate) fn prepare(&self, fitted: &[FittedParameters]) -> Result<Prepared, FoldError> {
        let prepared = self.relatives.iter().map(|relative| relative.prepare(json_of(fitted, relative.name())?));
        prepared.collect::<Result<_, _>>().map(Prepared)
    }

    /// Whether any relative looks at an own column when it is fitted.
    pub(crate) fn fits(&self, column: &str) -> bool {
        self.relatives.iter().any(|relative| relative.fits().is_none_or(|named| named.contains(&column)))
    }

    /// Each relative's name and columns.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (&'static str, Vec<ColumnSpec>)> + '_ {
        self.relatives.iter().map(|relative| (relative.name(), relative.columns()))
    }

    /// Keeps fitted parameters as a new version each, and notes it in them.
    ///
    /// # Errors
    /// What the store says; versions saved before the failure stay and are harmless.
    pub async fn save(&self, store: &dyn Store, fitted: &mut [FittedParameters]) -> Result<(), FoldError> {
        for parameters in fitted {
            let saved = store.save_parameters(parameters.relative, parameters.as_of_us, &parameters.json);
            parameters.version = Some(saved.await?);
        }
        Ok(())
    }

    /// The newest saved parameters of each relative.
    ///
    /// # Errors
    /// [`FoldError::NotFitted`] when there are none for one of them, or what the store says.
    pub async fn load(&self, store: &dyn Store) -> Result<Vec<FittedParameters>, FoldError> {
        let mut fitted = Vec::with_capacity(self.relatives.len());
        for name in self.relatives.iter().map(|relative| relative.name()) {
            let found = store.parameters(name).await?;
            let (version, as_of_us, json) = found.ok_or(FoldError::NotFitted { relative: name })?;
            fitted.push(FittedParameters { relative: name, version: Some(version), as_of_us, json });
        }
        Ok(fitted)
    }
}

fn json_of<'a>(fitted: &'a [FittedParameters], relative: &'static str) -> Result<&'a str, FoldError> {
    let found = fitted.iter().find(|parameters| parameters.relative == relative);
    found.map(|parameters| parameters.json.as_str()).ok_or(FoldError::NotFitted { relative })
}

fn append(
    relative: &dyn ErasedRelative,
    json: &str,
    table: &mut CustomerTable,
    instant: &Instant,
) -> Result<(), FoldError> {
    let (name, specs) = (relative.name(), relative.columns());
    let mut all_specs = table.specs.clone();
    add_specs(&mut all_specs, name, specs.clone())?;
    let computed = relative.compute(json, table, instant)?;
    for (shard, columns) in computed.iter().enumerate() {
        let customers = table.shards.get(shard).map_or(0, |rows| rows.customers.len());
        check(name, &specs, columns, shard, customers)?;
    }
    table.specs = all_specs;
    for (rows, columns) in table.shards.iter_mut().zip(computed) {
        rows.columns.extend(columns);
    }
    Ok(())
}

fn check(
    relative: &'static str,
    specs: &[ColumnSpec],
    columns: &[Column],
    shard: usize,
    customers: usize,
) -> Result<(), FoldError> {
    if specs.len() != columns.len() {
        return Err(FoldError::WrongColumns { relative, expected: specs.len(), found: columns.len() });
    }
    for (spec, column) in specs.iter().zip(columns) {
        let right_kind = std::mem::discriminant(&spec.empty_column()) == std::mem::discriminant(column);
        let values = if right_kind { column.len() } else { 0 };
        if values != customers {
            return Err(FoldError::UnevenColumn { fold: relative, column: spec.name, shard, values, customers });
        }
    }
    Ok(())
}
