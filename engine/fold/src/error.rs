//! What can go wrong while folding.

use perennial_ports::StoreError;
use perennial_timeline::TimelineError;

/// Why folds could not be registered or run.
#[derive(Debug, thiserror::Error)]
pub enum FoldError {
    /// The live states of all folds together would cost too much.
    #[error(
        "fold {fold} needs {bytes} bytes a customer, which makes {total} of {budget}: \
         make it heavy, shorten its window, or raise the budget"
    )]
    OverBudget {
        /// The fold that was refused.
        fold: &'static str,
        /// What it costs a customer.
        bytes: u64,
        /// What all folds and the order book would cost.
        total: u64,
        /// What they may cost.
        budget: u64,
    },
    /// Two folds or relatives have one name.
    #[error("{name} is registered already: give one of the two another name")]
    NameTaken {
        /// The name.
        name: &'static str,
    },
    /// Two columns have one name.
    #[error("column {column} of {fold} exists already: give it another name")]
    ColumnTaken {
        /// The fold or relative that was refused.
        fold: &'static str,
        /// The name.
        column: &'static str,
    },
    /// Live states still hold the folds, which are bound to another timeline.
    #[error("fold {fold} is in use by live states of another timeline: drop them before folding this one")]
    InUse {
        /// The fold.
        fold: &'static str,
    },
    /// A heavy fold has no live state, so a live table cannot keep its columns.
    #[error("fold {fold} is heavy and writes columns, which a live table cannot keep: run it in a batch pass")]
    HeavyFold {
        /// The fold.
        fold: &'static str,
    },
    /// A summary was asked for with a handle of another registry.
    #[error("fold {fold} was not part of this pass: ask with the handle that its registry gave")]
    ForeignHandle {
        /// The fold.
        fold: &'static str,
    },
    /// A fold or relative wrote too few or too many values, or none of the declared kind.
    #[error(
        "column {column} of {fold} has {values} values of its type for {customers} customers in shard {shard}: set it once each"
    )]
    UnevenColumn {
        /// The fold or relative.
        fold: &'static str,
        /// Its column.
        column: &'static str,
        /// Where.
        shard: usize,
        /// Values written.
        values: usize,
        /// Values wanted.
        customers: usize,
    },
    /// A relative gave another number of columns than it declared.
    #[error("{relative} computed {found} columns, it declares {expected}: return one for each declared")]
    WrongColumns {
        /// The relative.
        relative: &'static str,
        /// Declared.
        expected: usize,
        /// Computed.
        found: usize,
    },
    /// Parameters could not be written or read.
    #[error("parameters of {relative} are not readable ({source}): fit them anew")]
    Parameters {
        /// The relative.
        relative: &'static str,
        /// What was said.
        source: serde_json::Error,
    },
    /// A relative's columns were asked for without its parameters.
    #[error("{relative} has no fitted parameters: fit them first")]
    NotFitted {
        /// The relative.
        relative: &'static str,
    },
    /// A worker ended without a result.
    #[error("a worker of the pass died: see the message above and report it")]
    WorkerDied,
    /// The timeline failed.
    #[error(transparent)]
    Timeline(#[from] TimelineError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
