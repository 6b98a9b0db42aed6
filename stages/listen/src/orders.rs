//! Whose an order is, by its number alone.
//!
//! The store knows an order by the keyed hash of its feed's name and its number, so each name that the
//! brand has used is tried: those of the layouts, and those that were given with an import.

use crate::ListenError;
use crate::layout::Layout;
use crate::value::id_text;
use perennial_model::{CustomerId, OrderKey};
use perennial_ports::Store;
use perennial_timeline::Timeline;
use std::collections::BTreeSet;

/// Where the store keeps the names.
const SETTING: &str = "feeds";
/// Names kept; the oldest go. Each costs a look for three spellings of a number.
const MOST_FEEDS: usize = 4096;
/// Letters of an order's number.
const MOST_LETTERS: usize = 128;

/// An order and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundOrder {
    /// The feed it came from.
    pub source: String,
    /// Its number, as that feed writes it.
    pub order_id: String,
    /// The profile that it belongs to; nobody's where nobody is known.
    pub profile: CustomerId,
}

/// The orders with a number, one of each feed at most. `#1001` and `1001` are the same to whoever asks.
///
/// # Errors
/// When the store cannot be read.
pub async fn find_orders(timeline: &Timeline, text: &str) -> Result<Vec<FoundOrder>, ListenError> {
    let spellings = spellings(text);
    if spellings.is_empty() {
        return Ok(Vec::new());
    }
    let given = given(&**timeline.store()).await?;
    let feeds: BTreeSet<&str> =
        Layout::ALL.map(Layout::source_name).into_iter().chain(given.iter().map(String::as_str)).collect();
    let hash_key = timeline.meta().hash_key;
    let named: Vec<(&str, &String)> =
        feeds.iter().flat_map(|feed| spellings.iter().map(|number| (*feed, number))).collect();
    let orders: Vec<OrderKey> = named.iter().map(|(feed, number)| hash_key.order(feed, number)).collect();
    let owners = timeline.store().find_order_owners(&orders).await?;
    let found = named.into_iter().zip(owners).filter_map(|((feed, number), owner)| {
        Some(FoundOrder { source: feed.to_owned(), order_id: number.clone(), profile: owner? })
    });
    Ok(found.collect())
}

/// How files may have written what somebody types.
fn spellings(text: &str) -> Vec<String> {
    let typed =
        id_text(text).ok().flatten().filter(|id| id.chars().count() <= MOST_LETTERS && !id.starts_with('\u{1}'));
    let Some(typed) = typed else { return Vec::new() };
    let bare = typed.trim_start_matches('#').trim();
    if bare.is_empty() {
        return Vec::new();
    }
    let mut all = vec![bare.to_owned(), format!("#{bare}")];
    if !all.iter().any(|known| *known == *typed) {
        all.push(typed.into_owned());
    }
    all
}

/// Remembers the names of feeds that an import brings, so that their orders are found.
///
/// # Errors
/// When the store cannot be read or written.
pub(crate) async fn note_feeds<'a>(store: &dyn Store, names: impl Iterator<Item = &'a str>) -> Result<(), ListenError> {
    let mut new: Vec<&str> =
        names.filter(|name| Layout::ALL.iter().all(|layout| layout.source_name() != *name)).collect();
    new.sort_unstable();
    new.dedup();
    if new.is_empty() {
        return Ok(());
    }
    let mut known = given(store).await?;
    let before = known.len();
    for name in new {
        if !known.iter().any(|other| other == name) {
            known.push(name.to_owned());
        }
    }
    if known.len() == before {
        return Ok(());
    }
    let kept = known.split_off(known.len().saturating_sub(MOST_FEEDS));
    let json = serde_json::to_string(&kept).map_err(damaged)?;
    Ok(store.set_setting(SETTING, &json).await?)
}

/// Names that were given with imports, oldest first.
async fn given(store: &dyn Store) -> Result<Vec<String>, ListenError> {
    let Some(json) = store.setting(SETTING).await? else { return Ok(Vec::new()) };
    serde_json::from_str(&json).map_err(damaged)
}

fn damaged(problem: serde_json::Error) -> ListenError {
    perennial_ports::StoreError::Other { action: "read the names of feeds", source: problem.into() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_tried_as_shops_write_it() {
        assert_eq!(spellings(" #1001 "), ["1001", "#1001"]);
        assert_eq!(spellings("１００１"), ["1001", "#1001"]);
        assert_eq!(spellings("##7"), ["7", "#7", "##7"]);
        for nothing in ["", " ", "#", "1.23E+18", &"9".repeat(200)] {
            assert!(spellings(nothing).is_empty(), "{nothing}");
        }
    }
}
