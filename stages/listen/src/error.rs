//! What can go wrong with an import as a whole; what is wrong with one row is in the rejects file.

use crate::read::ReadError;
use crate::recognise::{Field, Language};
use perennial_timeline::TimelineError;
use std::sync::Arc;

/// Why files could not be recognised or imported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ListenError {
    /// A file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The timeline could not keep what was read; what was kept before stays, run the import again.
    #[error(transparent)]
    Timeline(#[from] TimelineError),
    /// No file was named.
    #[error("no file to read: name one or more exports of orders")]
    NoFiles,
    /// A column without which nothing can be made of the file.
    #[error("{file}: no column holds the {field}: say which with --map {word}=COLUMN (columns: {columns})")]
    MissingField {
        /// The file.
        file: String,
        /// What is missing, for people.
        field: &'static str,
        /// The word of `--map`.
        word: &'static str,
        /// The columns that exist.
        columns: String,
    },
    /// A column that should hold times does not.
    #[error(
        "{file}: column {column:?} is taken for the {field}, but most of its cells are no dates (such as {example:?}): \
             say which column is with --map {word}=COLUMN"
    )]
    NoTimes {
        /// The file.
        file: String,
        /// The column's name.
        column: String,
        /// What it is taken for.
        field: &'static str,
        /// The word of `--map`.
        word: &'static str,
        /// One of its cells.
        example: String,
    },
    /// `--map` without `=`.
    #[error("--map {text}: write it as field=column, for example --map time=\"Order date\" or --map member=3")]
    MapForm {
        /// What was given.
        text: String,
    },
    /// `--map` with an unknown field.
    #[error("--map {text}: there is no field {word:?}: use one of {known}")]
    MapField {
        /// What was given.
        text: String,
        /// The word that is no field.
        word: String,
        /// All fields.
        known: String,
    },
    /// `--map` with a column that no file has.
    #[error("--map {text}: no file has a column {column:?} (columns: {columns})")]
    MapColumn {
        /// What was given.
        text: String,
        /// The column.
        column: String,
        /// The columns that exist.
        columns: String,
    },
    /// `--property` in a wrong form, or with a column or a type that does not fit.
    #[error("--property {text}: {reason}")]
    Property {
        /// What was given.
        text: String,
        /// What does not fit.
        reason: String,
    },
    /// `--timezone` or `--currency` is not known, or `--source` is no name.
    #[error("{option}: {reason}")]
    Option {
        /// Which.
        option: &'static str,
        /// Why not.
        reason: String,
    },
    /// The rejects file cannot be written.
    #[error("{path}: cannot write the rejected rows: {source}")]
    Rejects {
        /// Where.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The keys of messages could not be resolved; none of them may be appended.
    #[error("it cannot be said whose the events are: {0}")]
    Resolve(Arc<ListenError>),
    /// A part of the import ended without a result.
    #[error("the import stopped in the middle ({0}): run it again, it goes on where it was")]
    Stopped(String),
}

/// What a field is called in Chinese; money where any amount would do.
fn field_zh(word: &str) -> &str {
    Field::ALL.into_iter().find(|field| field.word() == word).map_or(word, |field| field.word_zh())
}

impl From<perennial_ports::StoreError> for ListenError {
    fn from(error: perennial_ports::StoreError) -> Self {
        Self::Timeline(error.into())
    }
}

impl ListenError {
    /// What is wrong and what to do, for a page where columns are chosen rather than named by options.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        match (self, language) {
            (Self::MissingField { file, field, .. }, Language::En) => {
                format!("{file}: no column holds the {field}: choose the one that does")
            }
            (Self::MissingField { file, word, .. }, Language::Zh) => {
                format!("{file}：没有找到{}所在的列，请指定", field_zh(word))
            }
            (Self::NoTimes { file, column, field, example, .. }, Language::En) => {
                format!(
                    "{file}: column {column:?} is taken for the {field}, but {example:?} is no date: choose another"
                )
            }
            (Self::NoTimes { file, column, word, example, .. }, Language::Zh) => {
                format!("{file}：列“{column}”被当作{}，但“{example}”不是日期，请指定其他列", field_zh(word))
            }
            (Self::MapColumn { column, columns, .. }, Language::Zh) => {
                format!("文件中没有列“{column}”（现有：{columns}）")
            }
            (Self::MapField { word, known, .. }, Language::Zh) => format!("没有字段 {word}：请用 {known} 之一"),
            (other, Language::En) => other.to_string(),
            (other, Language::Zh) => format!("无法导入：{other}"),
        }
    }

    /// What the store said, if it was the store.
    #[must_use]
    pub fn store(&self) -> Option<&perennial_ports::StoreError> {
        match self {
            Self::Timeline(problem) => problem.store(),
            Self::Resolve(problem) => problem.store(),
            _ => None,
        }
    }

    /// Whether the way the command was called is at fault (exit code 2), not what it found (1).
    #[must_use]
    pub const fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::NoFiles
                | Self::MapForm { .. }
                | Self::MapField { .. }
                | Self::MapColumn { .. }
                | Self::Property { .. }
                | Self::Option { .. }
        )
    }
}
