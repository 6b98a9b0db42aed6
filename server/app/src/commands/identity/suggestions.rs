//! Pairs of known customers that may be one person.

use crate::brand::Brand;
use crate::cli::{DecideArgs, SuggestionsArgs};
use crate::clock::SystemClock;
use crate::commands::listing::{Listing, instant};
use crate::commands::mask::shown;
use crate::error::FOUND_WRONG;
use crate::host::Host;
use anyhow::Result;
use perennial_model::{Clock, CustomerId};
use perennial_ports::{Decision, MergeSuggestion};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Open ones whose customers are two still, each pair of today once.
async fn open(brand: &Brand) -> Result<Vec<(MergeSuggestion, [CustomerId; 2])>> {
    let (mut pairs, timeline) = (BTreeSet::new(), &brand.timeline);
    let mut found = Vec::new();
    for suggestion in timeline.store().suggestions().await? {
        let (one, other) = (timeline.customer_of(suggestion.one), timeline.customer_of(suggestion.other));
        let pair = [one.min(other), one.max(other)];
        if suggestion.decided.is_none() && one != other && pairs.insert(pair) {
            found.push((suggestion, pair));
        }
    }
    Ok(found)
}

pub(super) async fn list(arguments: &SuggestionsArgs, brand: &Brand) -> Result<u8> {
    let mut rows: Vec<[Value; 7]> = Vec::new();
    for (suggestion, [one, other]) in open(brand).await?.into_iter().take(arguments.limit) {
        rows.push([
            json!(suggestion.suggestion_id),
            json!(person(brand, one, arguments.reveal).await?),
            json!(person(brand, other, arguments.reveal).await?),
            json!(suggestion.reason.as_str()),
            json!(suggestion.times_seen),
            json!(instant(suggestion.first_at_us)),
            json!(instant(suggestion.last_at_us)),
        ]);
    }
    let headings = ["suggestion", "one", "other", "reason", "times_seen", "first_at", "last_at"];
    Listing { headings, rows }.say(arguments.format)?;
    Ok(0)
}

/// A customer by number and strongest key.
async fn person(brand: &Brand, customer: CustomerId, reveal: bool) -> Result<String> {
    let bindings = brand.timeline.store().identities_of(&brand.timeline.profiles_of(customer)).await?;
    let strongest = bindings.iter().min_by_key(|binding| binding.key.kind);
    let key = strongest.map(|binding| format!(" ({})", shown(&binding.key, reveal))).unwrap_or_default();
    Ok(format!("{}{key}", customer.0))
}

pub(super) async fn decide(arguments: &DecideArgs, brand: &Brand, host: &Host) -> Result<u8> {
    let _turn = host.write_turn().await;
    let (timeline, number) = (&brand.timeline, arguments.suggestion);
    let _still = timeline.hold_off_resolving().await;
    let all = timeline.store().suggestions().await?;
    let found = all.into_iter().find(|told| told.suggestion_id == number && told.decided.is_none());
    let Some(suggestion) = found else {
        aside!("error: suggestion {number} is not open; `perennial identity suggestions` lists those that are");
        return Ok(FOUND_WRONG);
    };
    let (one, other) = (timeline.customer_of(suggestion.one), timeline.customer_of(suggestion.other));
    let decision = if arguments.merge { Decision::Merged } else { Decision::Rejected };
    // The merge first: cut off in between, the suggestion is open still and can be decided again.
    let entry = if arguments.merge && one != other {
        let reason = format!("suggestion {number}, by {}", suggestion.reason.as_str());
        Some(timeline.merge_profiles(other, one, &reason).await?)
    } else {
        None
    };
    timeline.store().decide_suggestion(number, decision, SystemClock.now_us()).await?;
    match (decision, entry) {
        (Decision::Rejected, _) => say!("suggestion {number} rejected: customers {} and {} stay two", one.0, other.0),
        (Decision::Merged, None) => say!("suggestion {number} closed: the two were one customer already"),
        (Decision::Merged, Some(entry)) => {
            say!("merged: customer {} is part of customer {} now", other.0, one.0);
            say!("journal entry {entry}; `perennial identity undo {entry}` parts them again");
        }
    }
    Ok(0)
}
