//! Segments, lists, tags, and how customers move between them.

use super::{Terms, Text};
use perennial_definitions::{ExpressionProblem, Metric};
use schemars::JsonSchema;
use serde::Serialize;

/// All segments.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Segments {
    /// Now (UTC µs): sizes are live.
    pub(crate) as_of_us: i64,
    /// Version of the definitions; an edit names the one that it was made from.
    pub(crate) version: u64,
    /// How many customers there are in all.
    pub(crate) customers: u64,
    /// In the order in which they are defined.
    pub(crate) segments: Vec<SegmentRow>,
}

/// One segment.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SegmentRow {
    /// Its name.
    pub(crate) name: String,
    /// What people call it.
    pub(crate) title: Text,
    /// Who is in it and what for; null where nobody said.
    pub(crate) description: Option<Text>,
    /// Its condition in SQL.
    pub(crate) r#where: String,
    /// Whether who enters and leaves is recorded.
    pub(crate) acts: bool,
    /// How many customers are in it; null where `problem` says why.
    pub(crate) size: Option<u64>,
    /// Of how many it is not known.
    pub(crate) unknown: Option<u64>,
    /// Why it cannot be used.
    pub(crate) problem: Option<ConditionProblem>,
    /// Segments that it names.
    pub(crate) names: Vec<String>,
    /// Segments that name it.
    pub(crate) named_by: Vec<String>,
    /// Its sizes of the last 30 days that were counted.
    pub(crate) sizes: Vec<SizePoint>,
}

/// The size of a segment on a day.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct SizePoint {
    /// The brand's day (`YYYY-MM-DD`).
    pub(crate) day: String,
    /// When it was counted last on that day (UTC µs).
    pub(crate) at_us: i64,
    /// How many were in it.
    pub(crate) size: u64,
    /// Of how many it was not known.
    pub(crate) unknown: u64,
}

/// Why a condition cannot be used.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ConditionProblem {
    /// What is wrong.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) fix: String,
    /// Where in the SQL, in letters from 0.
    pub(crate) offset: u64,
}

impl ConditionProblem {
    /// Within this SQL.
    pub(crate) fn of(problem: ExpressionProblem, sql: &str) -> Self {
        let before = sql.get(..problem.offset).unwrap_or_default();
        Self { message: problem.message, fix: problem.fix, offset: before.chars().count() as u64 }
    }
}

/// What a condition comes to.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Preview {
    /// The condition in SQL, as it would be kept.
    pub(crate) r#where: String,
    /// The same as the builder shows it; null where the SQL is wrong.
    pub(crate) condition: Option<perennial_definitions::Condition>,
    /// Metrics that it needs and that are not defined yet.
    pub(crate) metrics: Vec<Metric>,
    /// How many customers meet it; null where `problem` says why.
    pub(crate) count: Option<u64>,
    /// Of how many it is not known.
    pub(crate) unknown: Option<u64>,
    /// How many customers there are in all.
    pub(crate) customers: u64,
    /// `live`: asked of the live table; `pass`: its new metrics were computed from all events.
    pub(crate) computed: &'static str,
    /// How long that took, µs.
    pub(crate) took_us: u64,
    /// Why it cannot be used.
    pub(crate) problem: Option<ConditionProblem>,
}

/// A version of the definitions.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Edited {
    /// Its number.
    pub(crate) version: u64,
}

/// Why a customer is in a segment, or is not.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Explained {
    /// The customer.
    pub(crate) customer_id: String,
    /// The segment.
    pub(crate) segment: String,
    /// Now (UTC µs).
    pub(crate) as_of_us: i64,
    /// Whether the customer is in it; null is unknown.
    pub(crate) member: Option<bool>,
    /// Its condition.
    pub(crate) condition: ExplainedPart,
}

/// A part of a condition, and what it comes to.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ExplainedPart {
    /// `all`, `any`, `not`, `condition`, `segment`, `list`, `tag`.
    pub(crate) kind: &'static str,
    /// The part in SQL.
    pub(crate) sql: String,
    /// Whether it is so; null is unknown.
    pub(crate) outcome: Option<bool>,
    /// What it looked at.
    pub(crate) seen: Vec<SeenValue>,
    /// The parts within; those of a segment are its own condition.
    pub(crate) parts: Vec<Self>,
}

/// A value that a condition saw.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SeenValue {
    /// The column.
    pub(crate) column: String,
    /// What it is called.
    pub(crate) title: Text,
    /// The column's type, as in `GET /api/columns`.
    pub(crate) r#type: String,
    /// The value; null is unknown.
    pub(crate) value: serde_json::Value,
    /// The latest event that the value came from; null where it came from none.
    pub(crate) event: Option<SeenEvent>,
}

/// An event that a value came from.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SeenEvent {
    /// When it happened (UTC µs).
    pub(crate) time_us: i64,
    /// Its name.
    pub(crate) name: String,
    /// Where it came from.
    pub(crate) source: String,
}

/// How much segments have in common.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Overlap {
    /// Now (UTC µs).
    pub(crate) as_of_us: i64,
    /// How many customers there are in all.
    pub(crate) customers: u64,
    /// The segments, in the order asked for.
    pub(crate) names: Vec<String>,
    /// How many customers are in each.
    pub(crate) sizes: Vec<u64>,
    /// How many are in both: a row and a column for each segment.
    pub(crate) both: Vec<Vec<u64>>,
    /// How many are in at least one.
    pub(crate) any: u64,
}

/// Who entered and left a segment that acts.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SegmentChanges {
    /// The segment.
    pub(crate) segment: String,
    /// The earliest first, or the latest.
    pub(crate) changes: Vec<SegmentChange>,
    /// What to give as `after` (with `newest` as `before`) next time. Each change comes once to whoever does.
    pub(crate) next: u64,
}

/// Somebody entered or left.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SegmentChange {
    /// Grows; never given twice.
    pub(crate) number: u64,
    /// The customer.
    pub(crate) customer_id: String,
    /// Entered, or left.
    pub(crate) entered: bool,
    /// `event`, `time`, `import` or `definition`. Nothing acts on the last two.
    pub(crate) cause: &'static str,
    /// When it was seen (UTC µs).
    pub(crate) at_us: i64,
}

/// Sizes of a segment over time.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Sizes {
    /// The segment.
    pub(crate) segment: String,
    /// By day; days on which nobody counted are left out.
    pub(crate) sizes: Vec<SizePoint>,
}

/// How customers moved from one day to another.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct StateFlow {
    /// What they moved between: a column of words, or a segment.
    pub(crate) of: String,
    /// Zone and currency.
    pub(crate) terms: Terms,
    /// At the beginning of this day (`YYYY-MM-DD`).
    pub(crate) from: String,
    /// To the beginning of this one.
    pub(crate) to: String,
    /// The states, in their order; the last one is nobody's yet: customers without an event before.
    pub(crate) states: Vec<String>,
    /// How many went from one state to another: a row for each state of the first day.
    pub(crate) flows: Vec<Vec<u64>>,
}

/// Lists and tags.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Groups {
    /// By kind and name.
    pub(crate) groups: Vec<GroupRow>,
}

/// A list or a tag.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct GroupRow {
    /// `list` or `tag`.
    pub(crate) kind: &'static str,
    /// Its name.
    pub(crate) name: String,
    /// What it is for.
    pub(crate) description: Option<String>,
    /// When it was made (UTC µs).
    pub(crate) at_us: i64,
    /// How many customers are in it.
    pub(crate) customers: u64,
}

/// What became of a group.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct GroupChanged {
    /// How many customers came.
    pub(crate) added: u64,
    /// How many went.
    pub(crate) removed: u64,
    /// Keys that lead to nobody, by their place in the request.
    pub(crate) not_found: Vec<u64>,
}

/// Lists and tags of a customer.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CustomerGroups {
    /// Lists, by name.
    pub(crate) lists: Vec<String>,
    /// Tags, by name.
    pub(crate) tags: Vec<String>,
    /// Segments that the customer is in, by name.
    pub(crate) segments: Vec<String>,
}
