//! What can be wrong with a file of an experiment, and with what is asked of it.

/// Why nothing can be compared. The message names file, line and column where there are any.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CompareError {
    /// A column that the file does not have.
    #[error("{file}: {option} {column}: there is no such column; the columns are {columns}")]
    NoColumn {
        /// The file.
        file: String,
        /// Which option named it.
        option: &'static str,
        /// What it named.
        column: String,
        /// The columns that there are.
        columns: String,
    },
    /// One column for two things.
    #[error("column {column} is named twice: arm, outcomes and strata are columns of their own")]
    SameColumn {
        /// Which.
        column: String,
    },
    /// A level that is none.
    #[error("--level {level}: give a level from 0.5 to below 1, such as 0.95")]
    Level {
        /// What was given.
        level: f64,
    },
    /// A rate that is none.
    #[error("--per-day: give a number above 0")]
    PerDay,
    /// A number that is not above zero.
    #[error("{option} {name}={value}: give a number above 0")]
    Number {
        /// Which option.
        option: &'static str,
        /// Of what.
        name: String,
        /// What was given.
        value: f64,
    },
    /// An option that says two things of one.
    #[error("{option}: {name} is named twice")]
    Twice {
        /// Which option.
        option: &'static str,
        /// Of what.
        name: String,
    },
    /// An option for an outcome that is none.
    #[error("{option} {name}: this is no outcome; those compared are {outcomes}")]
    NoOutcome {
        /// Which option.
        option: &'static str,
        /// What it named.
        name: String,
        /// The outcomes.
        outcomes: String,
    },
    /// Nobody is in the control group.
    #[error("{file}: column {column} never holds the control value {control:?}; it holds {values}")]
    NoControl {
        /// The file.
        file: String,
        /// The column of arms.
        column: String,
        /// What was asked for.
        control: String,
        /// What there is.
        values: String,
    },
    /// Everybody is in the control group.
    #[error("{file}: column {column} holds {control:?} alone: there is no arm to compare with it")]
    NoArm {
        /// The file.
        file: String,
        /// The column of arms.
        column: String,
        /// The control group's value.
        control: String,
    },
    /// A group too small for a variance.
    #[error("{file}: arm {arm:?} has 1 row: an interval needs 2 at least")]
    TooFew {
        /// The file.
        file: String,
        /// Which.
        arm: String,
    },
    /// More arms than an experiment has.
    #[error("{file}, line {line}, column {column}: more than {limit} different values: is it the arm?")]
    TooManyArms {
        /// The file.
        file: String,
        /// Where the last straw was.
        line: u64,
        /// The column of arms.
        column: String,
        /// [`super::MOST_ARMS`].
        limit: usize,
    },
    /// More strata than tell anything.
    #[error("{file}, line {line}, column {column}: more than {limit} different values: group them first")]
    TooManyStrata {
        /// The file.
        file: String,
        /// Where the last straw was.
        line: u64,
        /// The column of strata.
        column: String,
        /// [`super::MOST_STRATA`].
        limit: usize,
    },
    /// An outcome that is not there: unknown is not zero.
    #[error("{file}, line {line}, column {column}: the cell is empty; write 0 where nothing happened")]
    Empty {
        /// The file.
        file: String,
        /// The row's line.
        line: u64,
        /// The outcome.
        column: String,
    },
    /// An outcome that is no number.
    #[error("{file}, line {line}, column {column}: {found:?} is no number; write it as 12.5, or as true and false")]
    NoNumber {
        /// The file.
        file: String,
        /// The row's line.
        line: u64,
        /// The outcome.
        column: String,
        /// The cell, shortened.
        found: String,
    },
    /// An outcome that is yes or no here and a number there.
    #[error("{file}, line {line}, column {column}: {found:?} beside true and false: an outcome is one or the other")]
    Mixed {
        /// The file.
        file: String,
        /// The row's line.
        line: u64,
        /// The outcome.
        column: String,
        /// The cell.
        found: String,
    },
    /// Expected weights for other arms than there are.
    #[error("--expected: name every arm of the file once ({arms}); {what}")]
    Expected {
        /// The arms that there are.
        arms: String,
        /// What is missing or too much.
        what: String,
    },
}

impl CompareError {
    /// Whether the way the command was called is at fault, not what the file holds.
    #[must_use]
    pub const fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::NoColumn { .. }
                | Self::SameColumn { .. }
                | Self::Level { .. }
                | Self::PerDay
                | Self::Number { .. }
                | Self::Twice { .. }
                | Self::NoOutcome { .. }
                | Self::NoControl { .. }
                | Self::Expected { .. }
        )
    }
}
