//! Which folds run together, and whether their live states fit into memory.

use crate::book::BYTES_PER_ORDER;
use crate::cell::{Cell, CellOf, merge_summaries};
use crate::live::{Lane, LaneOf};
use crate::state::{Plan, Slot};
use crate::{ColumnSpec, Fold, FoldClass, FoldError, LiveState};
use perennial_model::{CustomerId, PropertySpec};
use perennial_timeline::{Columns, Symbols};
use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

/// Live bytes a customer may cost unless told otherwise: a million customers in two gigabytes.
pub const DEFAULT_BUDGET_BYTES: u64 = 2048;

/// Orders a customer is reckoned to have when something is paid by the order, and days on which
/// something happened when it is paid by those. Shops' means lie between two and five; the few with
/// hundreds are paid for by the many with one.
pub const BUDGETED_ORDERS: u64 = 4;

impl FoldClass {
    /// Live bytes a customer, with [`BUDGETED_ORDERS`] orders.
    #[must_use]
    pub const fn live_bytes(self) -> u64 {
        match self {
            Self::Fixed { bytes } => bytes as u64,
            Self::Window { days, bytes_per_day } => {
                let days = if (days as u64) < BUDGETED_ORDERS { days as u64 } else { BUDGETED_ORDERS };
                days * bytes_per_day as u64
            }
            Self::PerOrder { bytes } => bytes as u64 * BUDGETED_ORDERS,
            Self::Heavy => 0,
        }
    }
}

/// A fold with its type forgotten.
trait ErasedFold: Send + Sync {
    fn name(&self) -> &'static str;
    fn reads(&self) -> Option<Columns>;
    /// `None` when live states hold the fold.
    fn bind(&mut self, symbols: &Arc<Symbols>, properties: &[PropertySpec]) -> Option<()>;
    fn class(&self) -> FoldClass;
    fn cell(&self) -> Box<dyn Cell>;
    fn lane(&self) -> Box<dyn Lane>;
    fn merge(&self, total: &mut (dyn Any + Send), part: Box<dyn Any + Send>) -> Result<(), FoldError>;
}

struct Erased<F>(Arc<F>);

impl<F: Fold> ErasedFold for Erased<F> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn reads(&self) -> Option<Columns> {
        self.0.reads()
    }

    fn bind(&mut self, symbols: &Arc<Symbols>, properties: &[PropertySpec]) -> Option<()> {
        let fold = Arc::get_mut(&mut self.0)?;
        fold.bind(symbols);
        fold.place(properties);
        Some(())
    }

    fn cell(&self) -> Box<dyn Cell> {
        Box::new(CellOf::new(&self.0))
    }

    fn class(&self) -> FoldClass {
        self.0.class()
    }

    fn lane(&self) -> Box<dyn Lane> {
        Box::new(LaneOf::new(&self.0))
    }

    fn merge(&self, total: &mut (dyn Any + Send), part: Box<dyn Any + Send>) -> Result<(), FoldError> {
        merge_summaries::<F::Summary>(total, part).map_err(|_| FoldError::ForeignHandle { fold: self.0.name() })
    }
}

/// Asks a finished pass for the summary of the fold it was given for.
pub struct FoldHandle<F> {
    pub(crate) index: usize,
    pub(crate) name: &'static str,
    fold: PhantomData<fn() -> F>,
}

impl<F> Clone for FoldHandle<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F> Copy for FoldHandle<F> {}

impl<F> std::fmt::Debug for FoldHandle<F> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "FoldHandle({})", self.name)
    }
}

/// The folds of one pass, in the order in which they were added.
pub struct Registry {
    folds: Vec<Box<dyn ErasedFold>>,
    plan: Arc<Plan>,
    specs: Vec<ColumnSpec>,
    properties: Arc<[PropertySpec]>,
    live_bytes: u64,
    budget_bytes: u64,
    bound_to: Option<Arc<Symbols>>,
}

impl Default for Registry {
    fn default() -> Self {
        Self::with_budget(DEFAULT_BUDGET_BYTES)
    }
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(self.folds.iter().map(|fold| fold.name())).finish()
    }
}

impl Registry {
    /// No folds, [`DEFAULT_BUDGET_BYTES`] a customer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// No folds, and `budget_bytes` a customer for the order book and the live states together.
    #[must_use]
    pub fn with_budget(budget_bytes: u64) -> Self {
        Self {
            folds: Vec::new(),
            plan: Arc::default(),
            specs: Vec::new(),
            properties: Arc::default(),
            live_bytes: BYTES_PER_ORDER * BUDGETED_ORDERS,
            budget_bytes,
            bound_to: None,
        }
    }

    /// Adds a fold. Refused folds leave the registry as it was.
    ///
    /// # Errors
    /// [`FoldError::OverBudget`], [`FoldError::NameTaken`] or [`FoldError::ColumnTaken`].
    pub fn add<F: Fold>(&mut self, fold: F) -> Result<FoldHandle<F>, FoldError> {
        let name = fold.name();
        if self.folds.iter().any(|other| other.name() == name) {
            return Err(FoldError::NameTaken { name });
        }
        let bytes = fold.class().live_bytes();
        let total = self.live_bytes.saturating_add(bytes);
        if total > self.budget_bytes {
            return Err(FoldError::OverBudget { fold: name, bytes, total, budget: self.budget_bytes });
        }
        let first_column = self.specs.len();
        let mut specs = self.specs.clone();
        add_specs(&mut specs, name, fold.columns())?;
        let index = self.folds.len();
        self.specs = specs;
        self.live_bytes = total;
        self.bound_to = None;
        let mut slots = self.plan.slots.clone();
        slots.push(Slot {
            fold: name,
            columns: first_column..self.specs.len(),
            steps: fold.reads().is_some(),
            unidentified: fold.unidentified(),
        });
        self.plan = Arc::new(Plan { slots, orders: self.plan.orders || fold.needs_orders() });
        let mut properties = self.properties.to_vec();
        fold.properties().into_iter().for_each(|more| {
            if !properties.contains(&more) {
                properties.push(more);
            }
        });
        self.properties = properties.into();
        self.folds.push(Box::new(Erased(Arc::new(fold))));
        Ok(FoldHandle { index, name, fold: PhantomData })
    }

    /// Own columns of all folds, in order.
    #[must_use]
    pub fn specs(&self) -> &[ColumnSpec] {
        &self.specs
    }

    /// Live bytes a customer costs, the order book included.
    #[must_use]
    pub const fn live_bytes(&self) -> u64 {
        self.live_bytes
    }

    /// Columns of events that must be read for all folds.
    #[must_use]
    pub fn reads(&self) -> Columns {
        let orders = if self.plan.orders { Columns::ORDERS } else { Columns::BASE };
        self.folds.iter().filter_map(|fold| fold.reads()).fold(orders, Columns::and)
    }

    /// Declared properties that must be read for all folds, each once. The folds know their places here.
    #[must_use]
    pub const fn properties(&self) -> &Arc<[PropertySpec]> {
        &self.properties
    }

    /// Lets the folds look up the symbols of a timeline. Does nothing when that was done already,
    /// so that a sweep may run while live states exist.
    ///
    /// # Errors
    /// [`FoldError::InUse`] when live states of another timeline hold a fold.
    pub fn bind(&mut self, symbols: &Arc<Symbols>) -> Result<(), FoldError> {
        if self.bound_to.as_ref().is_some_and(|bound| Arc::ptr_eq(bound, symbols)) {
            return Ok(());
        }
        let properties = Arc::clone(&self.properties);
        for fold in &mut self.folds {
            fold.bind(symbols, &properties).ok_or(FoldError::InUse { fold: fold.name() })?;
        }
        self.bound_to = Some(Arc::clone(symbols));
        Ok(())
    }

    /// The state of a customer before the first event. Bind first.
    #[must_use]
    pub fn live_state(&self, customer: CustomerId) -> LiveState {
        let cells = self.folds.iter().map(|fold| fold.cell()).collect();
        LiveState::new(customer, Arc::clone(&self.plan), cells)
    }

    /// Live states of no customers yet, one lane a fold.
    pub(crate) fn lanes(&self) -> Vec<Box<dyn Lane>> {
        self.folds.iter().map(|fold| fold.lane()).collect()
    }

    pub(crate) fn plan(&self) -> Arc<Plan> {
        Arc::clone(&self.plan)
    }

    /// Which folds are heavy, in order: they have no live state.
    pub(crate) fn heavy(&self) -> impl Iterator<Item = bool> + '_ {
        self.folds.iter().map(|fold| fold.class() == FoldClass::Heavy)
    }

    /// Heavy folds must have no columns, which a live table could not keep.
    pub(crate) fn refuse_heavy_columns(&self) -> Result<(), FoldError> {
        let mut heavy = self.heavy().zip(&self.plan.slots).filter(|(heavy, slot)| *heavy && !slot.columns.is_empty());
        heavy.next().map_or(Ok(()), |(_, slot)| Err(FoldError::HeavyFold { fold: slot.fold }))
    }

    /// Whether any fold looks at orders.
    pub(crate) fn needs_orders(&self) -> bool {
        self.plan.orders
    }

    pub(crate) fn slots(&self) -> &[Slot] {
        &self.plan.slots
    }

    /// Adds up the workers' summaries, one vector a worker.
    pub(crate) fn merge_summaries(
        &self,
        parts: Vec<Vec<Box<dyn Any + Send>>>,
    ) -> Result<Vec<Box<dyn Any + Send>>, FoldError> {
        let mut totals: Vec<_> = self.folds.iter().map(|fold| fold.cell().into_summary()).collect();
        for part in parts {
            for ((fold, total), summary) in self.folds.iter().zip(&mut totals).zip(part) {
                fold.merge(total.as_mut(), summary)?;
            }
        }
        Ok(totals)
    }
}

/// Appends columns whose names are still free.
pub(crate) fn add_specs(
    specs: &mut Vec<ColumnSpec>,
    fold: &'static str,
    more: Vec<ColumnSpec>,
) -> Result<(), FoldError> {
    for spec in more {
        // `customer_id` is the table's own first column in SQL.
        if spec.name == "customer_id" || specs.iter().any(|other| other.name == spec.name) {
            return Err(FoldError::ColumnTaken { fold, column: spec.name });
        }
        specs.push(spec);
    }
    Ok(())
}
