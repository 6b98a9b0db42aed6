//! q1: RFM segments by NTILE, ties broken by the log's customer number.

use crate::parameters::Parameters;
use crate::scan::{Base, NUMBER, is_line};
use anyhow::{Result, ensure};
use perennial_timeline::{Columns, CustomerEvents, NONE};

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
            number = number.max(events.property.get(index).copied().unwrap_or(NONE));
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

/// NTILE(5) over ascending (value, number): the first `n mod 5` tiles hold one more.
fn ntile5(buyers: &[Buyer], value: impl Fn(&Buyer) -> i64 + Sync) -> Vec<u8> {
    use rayon::prelude::*;
    let mut order: Vec<(i64, i64, u32)> =
        (0u32..).zip(buyers).map(|(index, buyer)| (value(buyer), buyer.number, index)).collect();
    order.par_sort_unstable();
    let (size, larger) = (buyers.len() / 5, buyers.len() % 5);
    let mut tiles = vec![0; buyers.len()];
    for (rank, (_, _, index)) in order.iter().enumerate() {
        let tile = if rank < larger * (size + 1) {
            rank / (size + 1)
        } else {
            larger + (rank - larger * (size + 1)) / size.max(1)
        };
        tiles[*index as usize] = tile as u8 + 1;
    }
    tiles
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
    let r = ntile5(&buyers, |buyer| buyer.last_us);
    let f = ntile5(&buyers, |buyer| i64::from(buyer.orders));
    let m = ntile5(&buyers, |buyer| buyer.minor);
    let mut counts = std::collections::BTreeMap::new();
    for index in 0..buyers.len() {
        *counts.entry(segment(r[index], (f[index] + m[index]).div_ceil(2))).or_insert(0u64) += 1;
    }
    Ok(counts.into_iter().map(|(segment, count)| format!("{segment}\t{count}")).collect())
}
