//! Pairs of known customers that may be one person.

use crate::brand::Brand;
use crate::cli::{DecideArgs, SuggestionsArgs};
use crate::clock::SystemClock;
use crate::commands::listing::{Listing, instant};
use crate::commands::mask::shown;
use crate::error::FOUND_WRONG;
use crate::host::Host;
use anyhow::Result;
use perennial_listen::identify::{self, open_suggestions};
use perennial_model::{Clock, CustomerId};
use perennial_ports::Decision;
use serde_json::{Value, json};

pub(super) async fn list(arguments: &SuggestionsArgs, brand: &Brand) -> Result<u8> {
    let (mut rows, asked): (Vec<[Value; 7]>, _) = (Vec::new(), &arguments.list);
    for (suggestion, [one, other]) in open_suggestions(&brand.timeline).await?.into_iter().take(asked.limit) {
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
    Listing { headings, rows }.say(asked.format)?;
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
    let number = arguments.suggestion;
    let decision = if arguments.merge { Decision::Merged } else { Decision::Rejected };
    let Some(closed) = identify::decide(&brand.timeline, number, decision, SystemClock.now_us()).await? else {
        aside!("error: suggestion {number} is not open; `perennial identity suggestions` lists those that are");
        return Ok(FOUND_WRONG);
    };
    let [one, other] = closed.customers;
    match (decision, closed.entry) {
        (Decision::Rejected, _) => say!("suggestion {number} rejected: customers {} and {} stay two", one.0, other.0),
        (Decision::Merged, None) => say!("suggestion {number} closed: the two were one customer already"),
        (Decision::Merged, Some(entry)) => {
            say!("merged: customer {} is part of customer {} now", other.0, one.0);
            say!("journal entry {entry}; `perennial identity undo {entry}` parts them again");
        }
    }
    Ok(0)
}
