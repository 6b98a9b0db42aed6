//! q1: RFM segments by NTILE, ties broken by the log's customer number.

use crate::parameters::Parameters;
use crate::scan::{Base, NUMBER, is_line};
use anyhow::{Result, ensure};
use perennial_timeline::{Columns, CustomerEvents, NONE};
use rayon::prelude::*;

struct Buyer {
    /// The log's own.
    number: i64,
    last_us: i64,
    orders: u32,
    minor: i64,
}

#[derive(Default)]
struct Found {
    buyers: Vec<Buyer>,
    orders: Vec<u64>,
}

fn step(found: &mut Found, events: &CustomerEvents<'_>) {
    found.orders.clear();
    let (mut last_us, mut minor, mut number) = (i64::MIN, 0, NONE);
    for (index, kind) in events.kind.iter().enumerate() {
        if is_line(*kind) {
            last_us = last_us.max(events.time_us[index]);
            found.orders.push(events.order[index]);
            number = number.max(events.properties.integers(0).get(index).copied().unwrap_or(NONE));
            minor += if events.value_minor[index] == NONE { 0 } else { events.value_minor[index] };
        }
    }
    if found.orders.is_empty() {
        return;
    }
    found.orders.sort_unstable();
    found.orders.dedup();
    let orders = u32::try_from(found.orders.len()).unwrap_or(u32::MAX);
    found.buyers.push(Buyer { number, last_us, orders, minor });
}

/// The least (value, number) of tiles 2 to 5 of NTILE(5) over ascending (value, number): the first
/// `n mod 5` tiles hold one more. No two buyers have one number, so that no full sort is needed.
fn boundaries(buyers: &[Buyer], value: impl Fn(&Buyer) -> i64) -> [(i64, i64); 4] {
    let mut keys: Vec<(i64, i64)> = buyers.iter().map(|buyer| (value(buyer), buyer.number)).collect();
    let (size, larger) = (keys.len() / 5, keys.len() % 5);
    let mut from = 0;
    [1, 2, 3, 4].map(|tile| {
        let first = tile * size + larger.min(tile);
        if first >= keys.len() {
            return (i64::MAX, i64::MAX);
        }
        let (_, key, _) = keys[from..].select_nth_unstable(first - from);
        from = first;
        *key
    })
}

/// Which of the tiles that begin so a buyer is in.
fn tile(boundaries: &[(i64, i64); 4], value: i64, number: i64) -> u8 {
    boundaries.iter().map(|first| u8::from((value, number) >= *first)).sum::<u8>() + 1
}

fn segment(r: u8, fm: u8) -> &'static str {
    match (r, fm) {
        (4.., 4..) if r + fm >= 9 => "Champions",
        (3.., 4..) => "Loyal",
        (4.., 2..=3) => "Potential Loyalist",
        (5, 1) => "New",
        (4, 1) => "Promising",
        (3, 3) => "Need Attention",
        (3, ..=2) => "About To Sleep",
        (..=2, 5) => "Can't Lose",
        (..=2, 3..=4) => "At Risk",
        (2, ..=2) => "Hibernating",
        _ => "Lost",
    }
}

pub(crate) fn answer(base: &Base, parameters: &Parameters) -> Result<Vec<String>> {
    let columns = Columns::ORDER.and(Columns::VALUE);
    let found = base.visit_numbered(columns, parameters.as_of_us, Found::default, step)?;
    let buyers: Vec<Buyer> = found.into_iter().flat_map(|found| found.buyers).collect();
    let numbered = buyers.iter().all(|buyer| buyer.number != NONE);
    ensure!(numbered, "a buyer has no {NUMBER}: import with --property {NUMBER}=customer_id:integer");
    let values: [fn(&Buyer) -> i64; 3] = [|buyer| buyer.last_us, |buyer| i64::from(buyer.orders), |buyer| buyer.minor];
    let limits: Vec<_> = values.par_iter().map(|value| boundaries(&buyers, value)).collect();
    let mut counts = std::collections::BTreeMap::new();
    for buyer in &buyers {
        let [r, f, m] = [0, 1, 2].map(|index| tile(&limits[index], values[index](buyer), buyer.number));
        *counts.entry(segment(r, (f + m).div_ceil(2))).or_insert(0u64) += 1;
    }
    Ok(counts.into_iter().map(|(segment, count)| format!("{segment}\t{count}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_are_those_of_a_full_sort() {
        for count in 0..23 {
            let buyer = |number: i64| Buyer { number, last_us: number * 7 % 4, orders: 1, minor: 0 };
            let buyers: Vec<Buyer> = (0..count).map(buyer).collect();
            let limits = boundaries(&buyers, |buyer| buyer.last_us);
            let mut sorted: Vec<(i64, i64)> = buyers.iter().map(|buyer| (buyer.last_us, buyer.number)).collect();
            sorted.sort_unstable();
            let tiles: Vec<u8> = sorted.iter().map(|(value, number)| tile(&limits, *value, *number)).collect();
            let (size, larger) = (sorted.len() / 5, sorted.len() % 5);
            let expected = (0..5).flat_map(|tile| vec![tile as u8 + 1; size + usize::from(tile < larger)]);
            assert_eq!(tiles, expected.collect::<Vec<_>>(), "{count}");
        }
    }
}
