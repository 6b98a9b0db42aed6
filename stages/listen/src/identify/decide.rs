//! What a person decides about who is who: suggestions, merges, undo.

use perennial_model::CustomerId;
use perennial_ports::{Decision, MergeSuggestion};
use perennial_timeline::{Timeline, TimelineError};
use std::collections::BTreeSet;

/// Suggestions that are open and whose customers are two still, each pair of today once; with the
/// customers of today, the smaller number first.
///
/// # Errors
/// What the store says.
pub async fn open_suggestions(timeline: &Timeline) -> Result<Vec<(MergeSuggestion, [CustomerId; 2])>, TimelineError> {
    Ok(open(timeline, timeline.store().suggestions().await?))
}

/// Those of them that are about one customer.
///
/// # Errors
/// What the store says.
pub async fn open_suggestions_of(
    timeline: &Timeline,
    customer: CustomerId,
) -> Result<Vec<(MergeSuggestion, [CustomerId; 2])>, TimelineError> {
    Ok(open(timeline, timeline.store().suggestions_of(&timeline.profiles_of(customer)).await?))
}

fn open(timeline: &Timeline, all: Vec<MergeSuggestion>) -> Vec<(MergeSuggestion, [CustomerId; 2])> {
    let mut pairs = BTreeSet::new();
    let mut found = Vec::new();
    for suggestion in all {
        let (one, other) = (timeline.customer_of(suggestion.one), timeline.customer_of(suggestion.other));
        let pair = [one.min(other), one.max(other)];
        if suggestion.decided.is_none() && one != other && pairs.insert(pair) {
            found.push((suggestion, pair));
        }
    }
    found
}

/// A suggestion that was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    /// The customers that it was about.
    pub customers: [CustomerId; 2],
    /// The journal's entry, where they were made one.
    pub entry: Option<u64>,
}

/// Closes a suggestion: the other becomes part of the one, or both stay. `None` where it is not open.
/// The caller holds the turn of those that write.
///
/// # Errors
/// What the timeline says; the suggestion is open still and can be decided again.
pub async fn decide(
    timeline: &Timeline,
    number: u64,
    decision: Decision,
    now_us: i64,
) -> Result<Option<Closed>, TimelineError> {
    let _still = timeline.hold_off_resolving().await;
    let all = timeline.store().suggestions().await?;
    let found = all.into_iter().find(|told| told.suggestion_id == number && told.decided.is_none());
    let Some(suggestion) = found else { return Ok(None) };
    let (one, other) = (timeline.customer_of(suggestion.one), timeline.customer_of(suggestion.other));
    // The merge first: cut off in between, the suggestion is open still.
    let entry = if decision == Decision::Merged && one != other {
        let reason = format!("suggestion {number}, by {}", suggestion.reason.as_str());
        Some(timeline.merge_profiles(other, one, &reason).await?)
    } else {
        None
    };
    timeline.store().decide_suggestion(number, decision, now_us).await?;
    Ok(Some(Closed { customers: [one, other], entry }))
}
