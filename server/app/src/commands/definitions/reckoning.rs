//! What changes of definitions cost, and whom they move.

use crate::brand::Brand;
use anyhow::Result;
use perennial_definitions::{Change, Definitions};
use serde::Serialize;

/// What comes of one change, as far as it was reckoned.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Effect {
    /// Events that are read again to fill the column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) backfill_events: Option<u64>,
    /// How long that takes, about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) backfill_secs: Option<f64>,
    /// Customers in the segment now, and then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) size: Option<(u64, u64)>,
    /// Some customers who enter it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) enter: Vec<u64>,
    /// Some customers who leave it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) leave: Vec<u64>,
}

impl Effect {
    /// In lines for people; what was not reckoned has none.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        match (self.backfill_events, self.backfill_secs) {
            (Some(events), Some(secs)) => {
                lines.push(format!("fills its column from {events} events, about {secs:.1} s"))
            }
            (Some(events), None) => lines.push(format!("fills its column from {events} events")),
            _ => {}
        }
        if let Some((before, after)) = self.size {
            lines.push(format!("{before} customers now, {after} then"));
        }
        for (word, customers) in [("enter", &self.enter), ("leave", &self.leave)] {
            if !customers.is_empty() {
                let numbers = customers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                lines.push(format!("{word}, for example: {numbers}"));
            }
        }
        lines
    }
}

/// What comes of each change, in their order.
pub(super) async fn reckon(
    _brand: &Brand,
    _before: &Definitions,
    _after: &Definitions,
    changes: &[Change],
) -> Result<Vec<Effect>> {
    Ok(vec![Effect::default(); changes.len()])
}
