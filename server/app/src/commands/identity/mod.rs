//! `perennial identity`: whose keys are, and what was made of it.

mod suggestions;

use super::key;
use super::listing::{Listing, instant};
use super::mask::shown;
use crate::brand::Brand;
use crate::cli::{IdentityAction, ListArgs, MergeArgs, ShowArgs, UndoArgs};
use crate::error::{FOUND_WRONG, usage};
use crate::host::Host;
use anyhow::Result;
use perennial_model::CustomerId;
use perennial_ports::JournalEntry;
use serde_json::{Value, json};

pub(crate) async fn run(action: &IdentityAction, host: &Host) -> Result<u8> {
    let brand = host.open(action.data()).await?;
    let outcome = match action {
        IdentityAction::Show(arguments) => show(arguments, &brand).await,
        IdentityAction::Merge(arguments) => merge(arguments, &brand, host).await,
        IdentityAction::Undo(arguments) => undo(arguments, &brand, host).await,
        IdentityAction::Journal(arguments) => journal(arguments, &brand).await,
        IdentityAction::Suggestions(arguments) => suggestions::list(arguments, &brand).await,
        IdentityAction::Decide(arguments) => suggestions::decide(arguments, &brand, host).await,
    };
    brand.close().await;
    outcome
}

async fn show(arguments: &ShowArgs, brand: &Brand) -> Result<u8> {
    let key = key::read(&arguments.customer)?;
    let Some(profile) = key::profile(brand, &key).await? else { return Ok(FOUND_WRONG) };
    let (timeline, store) = (&brand.timeline, brand.timeline.store());
    let profiles = timeline.profiles_of(profile);
    let bindings = store.identities_of(&profiles).await?;
    let customer = timeline.customer_of(profile);
    say!("customer {}, {} in all", customer.0, counted(bindings.len(), "key"));
    for profile in &profiles {
        let keys = bindings.iter().filter(|binding| binding.profile == *profile);
        let keys: Vec<String> = keys.map(|binding| shown(&binding.key, arguments.reveal)).collect();
        say!("  profile {}: {}", profile.0, if keys.is_empty() { "no key".to_owned() } else { keys.join(", ") });
    }
    for entry in store.journal_of(&profiles).await? {
        say!("  {}", sentence(&entry));
    }
    for suggestion in store.suggestions_of(&profiles).await?.iter().filter(|suggestion| suggestion.decided.is_none()) {
        let (one, other) = (timeline.customer_of(suggestion.one), timeline.customer_of(suggestion.other));
        if one != other {
            let (number, reason) = (suggestion.suggestion_id, suggestion.reason.as_str());
            let who = if one == customer { other } else { one };
            say!("  suggestion {number}: may be one with customer {} (by {reason})", who.0);
        }
    }
    Ok(0)
}

fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

fn sentence(entry: &JournalEntry) -> String {
    let (number, at, from, into) = (entry.entry_id, instant(entry.at_us), entry.from.0, entry.into.0);
    let undone = entry.undone_at_us.map(|at_us| format!(", undone {}", instant(at_us))).unwrap_or_default();
    format!("entry {number}, {at}: {from} became part of {into} ({}){undone}", entry.reason)
}

async fn merge(arguments: &MergeArgs, brand: &Brand, host: &Host) -> Result<u8> {
    let reason = arguments.reason.trim();
    if reason.is_empty() {
        return Err(usage("say why with --reason: the journal keeps it for whoever wonders later"));
    }
    let keys = [key::read(&arguments.from)?, key::read(&arguments.into)?];
    let _turn = host.write_turn().await;
    let mut profiles: Vec<CustomerId> = Vec::new();
    for key in &keys {
        let Some(profile) = key::profile(brand, key).await? else { return Ok(FOUND_WRONG) };
        profiles.push(brand.timeline.customer_of(profile));
    }
    let _still = brand.timeline.hold_off_resolving().await;
    let entry = brand.timeline.merge_profiles(profiles[0], profiles[1], reason).await?;
    say!("merged: customer {} is part of customer {} now", profiles[0].0, profiles[1].0);
    say!("journal entry {entry}; `perennial identity undo {entry}` parts them again");
    Ok(0)
}

async fn undo(arguments: &UndoArgs, brand: &Brand, host: &Host) -> Result<u8> {
    let _turn = host.write_turn().await;
    let _still = brand.timeline.hold_off_resolving().await;
    brand.timeline.undo(arguments.entry).await?;
    say!("undone: journal entry {}; arriving messages do not stitch these two again", arguments.entry);
    Ok(0)
}

async fn journal(arguments: &ListArgs, brand: &Brand) -> Result<u8> {
    let row = |entry: JournalEntry| -> [Value; 6] {
        [
            json!(entry.entry_id),
            json!(instant(entry.at_us)),
            json!(entry.from.0),
            json!(entry.into.0),
            json!(entry.reason),
            json!(entry.undone_at_us.map(instant)),
        ]
    };
    let entries = brand.timeline.store().journal().await?.into_iter().rev().take(arguments.limit);
    let headings = ["entry", "at", "from", "into", "reason", "undone_at"];
    Listing { headings, rows: entries.map(row).collect() }.say(arguments.format)?;
    Ok(0)
}
