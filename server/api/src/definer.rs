//! Whoever keeps definitions and computes tables anew: the binary, which knows how.

use async_trait::async_trait;
use perennial_definitions::{Definitions, Metric, Problem};
use perennial_fold::{CustomerTable, Instant};
use std::error::Error;
use std::sync::Arc;

/// A change of what the brand defines, made by hand.
#[derive(Debug, Clone, Default)]
pub struct DefinitionEdit {
    /// The version that it was made from.
    pub expected_version: u64,
    /// All definitions as they are to be.
    pub definitions: Definitions,
    /// Why, for people.
    pub comment: Option<String>,
    /// Who.
    pub member_id: Option<u64>,
    /// By which token.
    pub token_id: Option<u64>,
}

/// Why a change was not made.
#[derive(Debug)]
pub enum EditRefused {
    /// Somebody was quicker: this is the newest version.
    Moved(u64),
    /// They cannot be used.
    Problems(Vec<Problem>),
    /// Something failed.
    Failed(Box<dyn Error + Send + Sync>),
}

/// A customer table that a pass made.
#[derive(Debug, Clone)]
pub struct FoldedTable {
    /// The table.
    pub table: Arc<CustomerTable>,
    /// As of when.
    pub instant: Instant,
}

/// See the module.
#[async_trait]
pub trait Definer: Send + Sync {
    /// Makes a version of the definitions that counts from then on: its number.
    async fn edit(&self, edit: DefinitionEdit) -> Result<u64, EditRefused>;
    /// The customer table as of an instant (now where none is given), with the brand's metrics and these.
    async fn table(
        &self,
        as_of_us: Option<i64>,
        metrics: Vec<Metric>,
    ) -> Result<FoldedTable, Box<dyn Error + Send + Sync>>;
}
