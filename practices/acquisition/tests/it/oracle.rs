//! The same figures, worked out customer by customer from what everybody did, as one would by hand.

use crate::shop::{Did, What};
use perennial_acquisition::{Acquisition, Figures};
use perennial_definitions::Month;
use perennial_model::{Zone, civil_from_day};
use std::collections::{BTreeMap, BTreeSet};

/// How a test's sources read a visit, in the order of the file.
pub(crate) type Reads<'a> = &'a [(&'a str, &'a dyn Fn(&str, &str) -> bool)];

/// One customer as a clerk would note them.
#[derive(Debug)]
pub(crate) struct Card {
    first_us: Option<i64>,
    source: String,
    month: String,
    followed: bool,
    second: bool,
    complaints: u64,
    value: i64,
    touches: Vec<(String, bool)>,
}

pub(crate) fn month_of(zone: &Zone, time_us: i64) -> String {
    let (year, month, _) = civil_from_day(zone.day(time_us));
    format!("{year:04}-{month:02}")
}

fn card(all: &[&Did], zone: &Zone, as_of_us: i64, reads: Reads<'_>) -> Card {
    let mut orders: BTreeMap<u64, (i64, i64)> = BTreeMap::new();
    for did in all {
        if let What::Order(number, value) = did.what {
            orders.insert(number, (did.time_us, value));
        }
    }
    for did in all {
        match did.what {
            What::Refund(number, value) => {
                if let Some((_, left)) = orders.get_mut(&number) {
                    *left -= value;
                }
            }
            What::Cancel(number) if orders.get(&number).is_some_and(|(time_us, _)| did.time_us >= *time_us) => {
                orders.remove(&number);
            }
            _ => {}
        }
    }
    let mut kept: Vec<(i64, i64)> = orders.into_values().filter(|(_, left)| *left > 0).collect();
    kept.sort_unstable();
    let first_us = kept.first().map(|(time_us, _)| *time_us);
    let until_first = |did: &&&Did| first_us.is_some_and(|first_us| did.time_us <= first_us);
    let mut source: Option<(i64, usize)> = None;
    for did in all.iter().filter(until_first) {
        let What::Visit(channel, utm) = did.what else { continue };
        for (place, (_, fits)) in reads.iter().enumerate() {
            if fits(channel, utm) && source.is_none_or(|known| (did.time_us, place) < known) {
                source = Some((did.time_us, place));
            }
        }
    }
    // The sixtieth day after that of the first order is over when the next midnight has come.
    let end_us = first_us.map_or(i64::MAX, |first_us| zone.day_start(zone.day(first_us) + 61));
    let in_time = |time_us: i64| time_us < end_us && first_us.is_some_and(|first_us| time_us >= first_us);
    let touches = all.iter().filter(|did| matches!(did.what, What::Sent));
    Card {
        first_us,
        source: source.map_or("unknown", |(_, place)| reads[place].0).to_owned(),
        month: first_us.map_or_else(String::new, |first_us| month_of(zone, first_us)),
        followed: end_us <= as_of_us,
        second: kept.iter().filter(|(time_us, _)| in_time(*time_us)).count() > 1,
        complaints: all.iter().filter(|did| matches!(did.what, What::Complaint) && in_time(did.time_us)).count() as u64,
        value: kept.iter().filter(|(time_us, _)| in_time(*time_us)).map(|(_, left)| left).sum(),
        touches: touches
            .map(|did| (month_of(zone, did.time_us), first_us.is_none_or(|first_us| did.time_us < first_us)))
            .collect(),
    }
}

pub(crate) fn cards(all: &[Did], zone: &Zone, as_of_us: i64, reads: Reads<'_>) -> Vec<Card> {
    let known: Vec<&Did> = all.iter().filter(|did| did.time_us < as_of_us).collect();
    let people: BTreeSet<u64> = known.iter().map(|did| did.who).collect();
    let of = |who: u64| known.iter().copied().filter(|did| did.who == who).collect::<Vec<_>>();
    people.into_iter().map(|who| card(&of(who), zone, as_of_us, reads)).collect()
}

/// Spend with a source, or all of it: month, source, minor units.
pub(crate) type Spent<'a> = &'a [(&'a str, &'a str, i64)];

fn compare(found: &Figures, cards: &[&Card], cost: Option<(i64, u64)>, what: &str) {
    let followed: Vec<&&Card> = cards.iter().filter(|card| card.followed).collect();
    let n = followed.len() as u64;
    let count = |of: fn(&Card) -> u64| followed.iter().map(|card| of(card)).sum::<u64>();
    assert_eq!(found.customers, cards.len() as u64, "{what}");
    assert_eq!((found.second_orders.n, found.second_orders.count), (n, count(|card| u64::from(card.second))), "{what}");
    assert_eq!(found.complaints.unwrap().count, count(|card| card.complaints), "{what}");
    let value = followed.iter().map(|card| card.value).sum::<i64>() as f64 / n as f64;
    assert_eq!(found.value_minor, (n > 0).then_some(value), "{what}");
    let per_100 = (n > 0).then(|| count(|card| card.complaints) as f64 / n as f64 * 100.0);
    let told = found.complaints.unwrap().per_100;
    assert!(told.zip(per_100).map_or(told == per_100, |(one, other)| (one - other).abs() < 1e-9), "{what}");
    assert_eq!(found.cost.map(|cost| (cost.spend_minor, cost.customers)), cost, "{what}");
}

/// Holds all figures of these months against the cards.
pub(crate) fn compare_all(
    found: &Acquisition,
    cards: &[Card],
    months: &[&str],
    spent: Spent<'_>,
    modes: &BTreeMap<&str, &str>,
    over: &dyn Fn(&str) -> bool,
) {
    let bought: Vec<&Card> =
        cards.iter().filter(|card| card.first_us.is_some() && months.contains(&card.month.as_str())).collect();
    let came =
        |month: &str, source: &str| bought.iter().filter(|c| c.month == month && c.source == source).count() as u64;
    let cost = |counts: &dyn Fn(&str) -> bool| {
        let own = spent.iter().filter(|(month, source, _)| months.contains(month) && over(month) && counts(source));
        own.map(|(month, source, minor)| (*minor, came(month, source))).reduce(|a, b| (a.0 + b.0, a.1 + b.1))
    };
    for row in &found.sources {
        let own: Vec<&Card> = bought.iter().copied().filter(|card| card.source == row.source).collect();
        compare(&row.figures, &own, cost(&|source| source == row.source), &row.source);
    }
    for row in &found.modes {
        let mode = row.mode.map_or("none", |mode| mode.as_str());
        let of = |source: &str| modes.get(source).copied().unwrap_or("none") == mode;
        let own: Vec<&Card> = bought.iter().copied().filter(|card| of(&card.source)).collect();
        // What was spent on no source in particular belongs to none.
        let spent_on = |source: &str| modes.get(source).is_some_and(|own| *own == mode);
        compare(&row.figures, &own, cost(&spent_on), mode);
    }
    let with_spend: BTreeSet<&str> =
        spent.iter().map(|(month, ..)| *month).filter(|month| months.contains(month) && over(month)).collect();
    let all_spent: i64 = spent.iter().filter(|(month, ..)| with_spend.contains(month)).map(|(.., minor)| minor).sum();
    let all_came = bought.iter().filter(|card| with_spend.contains(card.month.as_str())).count() as u64;
    compare(&found.all, &bought, (!with_spend.is_empty()).then_some((all_spent, all_came)), "all");
    let told: Vec<String> = found.months.iter().map(|month| month.month.to_string()).collect();
    assert_eq!(told, months);
    for month in &found.months {
        let name = month.month.to_string();
        let of = |before: bool| {
            let touches = cards.iter().flat_map(|card| &card.touches);
            touches.filter(|(month, first)| *month == name && *first == before).count() as u64
        };
        let touches = month.touches.unwrap();
        assert_eq!((touches.acquisition, touches.retention), (of(true), of(false)), "{name}");
        assert_eq!(month.over, over(&name), "{name}");
    }
}

pub(crate) fn month(text: &str) -> Month {
    text.parse().unwrap()
}
