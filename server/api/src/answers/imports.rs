//! `/api/imports`: files dropped into the browser.

use super::Text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// All imports by upload, newest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Imports {
    /// The imports.
    pub(crate) imports: Vec<Import>,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ImportState {
    /// Uploaded and looked at; waits for `POST /api/imports/{id}/start`.
    Waiting,
    /// Waits for another import or erasure to end.
    Queued,
    /// Reads.
    Running,
    /// The server stopped in the middle: start it again, it goes on where it was.
    Interrupted,
    /// Done; the uploaded file is gone.
    Finished,
    /// Stopped by what `problem` says: mend it and start again, or delete it.
    Failed,
}

/// One uploaded file.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Import {
    /// For the other routes.
    pub(crate) upload_id: String,
    /// Name of the file.
    pub(crate) name: String,
    /// Bytes received.
    pub(crate) bytes: u64,
    /// When (UTC µs).
    pub(crate) received_us: i64,
    /// How far it is.
    pub(crate) state: ImportState,
    /// What was recognised; null where the file could not be read, see `problem`.
    pub(crate) plan: Option<Plan>,
    /// What is wrong with the file, the mapping, or the import.
    pub(crate) problem: Option<Text>,
    /// How far it has read.
    pub(crate) progress: Option<ImportProgress>,
    /// What came of it.
    pub(crate) outcome: Option<Outcome>,
    /// When it was started last (UTC µs).
    pub(crate) started_us: Option<i64>,
    /// When it ended (UTC µs).
    pub(crate) ended_us: Option<i64>,
}

/// How far a running import is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ImportProgress {
    /// Bytes read …
    pub(crate) bytes_read: u64,
    /// … of so many.
    pub(crate) bytes_total: u64,
    /// Rows read.
    pub(crate) rows: u64,
}

/// What was recognised, and how it will be read.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Plan {
    /// Time zone of the file's times (IANA).
    pub(crate) timezone: String,
    /// Why it is this one.
    pub(crate) timezone_why: Text,
    /// Currency of the file's money.
    pub(crate) currency: String,
    /// Why it is this one.
    pub(crate) currency_why: Text,
    /// Whether zone and currency are the brand's already: then they cannot be chosen.
    pub(crate) settled: bool,
    /// The files: one, or those in an archive.
    pub(crate) files: Vec<PlannedFile>,
    /// Meanings that a column can be given.
    pub(crate) fields: Vec<FieldWord>,
}

/// One file.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct PlannedFile {
    /// Its name.
    pub(crate) name: String,
    /// Format, encoding, line of headings.
    pub(crate) description: String,
    /// The shop system whose export it is.
    pub(crate) layout: Text,
    /// All columns, in order.
    pub(crate) columns: Vec<PlannedColumn>,
}

/// A column of the file.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct PlannedColumn {
    /// Place, from 1.
    pub(crate) place: u32,
    /// Heading.
    pub(crate) name: String,
    /// Its meaning, a word of `fields`; null where it is not used.
    pub(crate) field: Option<String>,
    /// The property it is kept as, where it is.
    pub(crate) property: Option<String>,
    /// Why, and how it is written.
    pub(crate) notes: Vec<Text>,
    /// First cells; of columns that may name a customer the first letter only.
    pub(crate) samples: Vec<String>,
}

/// A meaning of columns.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct FieldWord {
    /// For the mapping.
    pub(crate) field: String,
    /// For people.
    pub(crate) title: Text,
}

/// How an upload is to be read; what is left out is as recognised.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct StartRequest {
    /// Corrections: field and the heading (or place from 1) of its column; `-` for none.
    pub(crate) mapping: Vec<Mapped>,
    /// Time zone (IANA); only before the brand has one.
    pub(crate) timezone: Option<String>,
    /// Currency (ISO 4217); only before the brand has one.
    pub(crate) currency: Option<String>,
    /// Columns to keep as properties, each `name=column` or `name=column:type`.
    pub(crate) properties: Vec<String>,
    /// Only look: the answer has the plan with these settings, nothing is read.
    pub(crate) dry_run: bool,
}

/// A correction.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mapped {
    /// A word of `fields`.
    pub(crate) field: String,
    /// Heading, or place from 1; `-` where no column has this meaning.
    pub(crate) column: String,
}

/// What came of an import.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Outcome {
    /// Rows read.
    pub(crate) rows: u64,
    /// Whether everything in it was imported before: nothing changed.
    pub(crate) already_imported: bool,
    /// Rows that an interrupted import had kept before.
    pub(crate) resumed_rows: u64,
    /// Orders, lines, refunds, cancellations and other events made.
    pub(crate) orders: u64,
    /// Lines of orders.
    pub(crate) lines: u64,
    /// Refunds.
    pub(crate) refunds: u64,
    /// Cancellations.
    pub(crate) cancellations: u64,
    /// Other events.
    pub(crate) other_events: u64,
    /// Orders that nobody could be found for.
    pub(crate) unidentified_orders: u64,
    /// Customers seen for the first time.
    pub(crate) new_customers: u64,
    /// Rows of erased customers, dropped.
    pub(crate) suppressed_rows: u64,
    /// Cells with a masked key, which is no key.
    pub(crate) masked_keys: u64,
    /// Messages that do not fit their event's schema, kept aside.
    pub(crate) kept_aside: u64,
    /// Rows that cannot be used.
    pub(crate) rejected_rows: u64,
    /// Rows that are no events though nothing is wrong with them.
    pub(crate) skipped_rows: u64,
    /// Why rows were left out, most frequent first.
    pub(crate) reasons: Vec<LeftOutReason>,
    /// Values that are not of their property's type.
    pub(crate) left_out: Vec<Text>,
    /// How long it took, ms.
    pub(crate) elapsed_ms: u64,
}

/// Why rows were left out.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct LeftOutReason {
    /// `rejected` or `skipped`.
    pub(crate) kind: String,
    /// In words.
    pub(crate) reason: Text,
    /// How many rows.
    pub(crate) rows: u64,
    /// The first of them: file and line.
    pub(crate) example: Option<String>,
}
