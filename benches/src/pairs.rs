//! q5: items bought together, by lift.

use crate::parameters::Parameters;
use crate::scan::{Base, is_line};
use anyhow::{Context, Result};
use perennial_timeline::{Columns, CustomerEvents, Symbol};
use rayon::prelude::*;

/// Orders that a pair must have in common.
const LEAST: u32 = 50;
/// Pairs are kept apart by their first item's remainder, to be counted side by side.
const PARTS: usize = 16;

#[derive(Default)]
struct Counts {
    orders: u64,
    /// Orders with each item.
    items: Vec<u32>,
    /// Pairs of items in one order, the smaller number first.
    pairs: [Vec<(u32, u32)>; PARTS],
    lines: Vec<(u64, u32)>,
}

/// A pair that is common enough, and how many orders have it.
type Common = (u32, u32, u32);

fn add(counts: &mut Vec<u32>, item: u32, by: u32) {
    let item = item as usize;
    if item >= counts.len() {
        counts.resize(item + 1, 0);
    }
    counts[item] += by;
}

fn step(counts: &mut Counts, events: &CustomerEvents<'_>) {
    counts.lines.clear();
    for (index, kind) in events.kind.iter().enumerate() {
        if is_line(*kind) && events.item[index] != Symbol::NONE {
            counts.lines.push((events.order[index], events.item[index].0));
        }
    }
    counts.lines.sort_unstable();
    counts.lines.dedup();
    for basket in counts.lines.chunk_by(|a, b| a.0 == b.0) {
        counts.orders += 1;
        for (index, (_, a)) in basket.iter().enumerate() {
            add(&mut counts.items, *a, 1);
            counts.pairs[*a as usize % PARTS].extend(basket[index + 1..].iter().map(|(_, b)| (*a, *b)));
        }
    }
}

/// Pairs of one part that are common enough. A pair cannot be more common than either item.
fn common(found: &[Counts], items: &[u32], part: usize) -> Vec<Common> {
    let often = |(a, b): &(u32, u32)| items[*a as usize] >= LEAST && items[*b as usize] >= LEAST;
    let pairs = || found.iter().flat_map(|counts| &counts.pairs[part]).copied().filter(often);
    // The second items, those of one first item together.
    let mut ends = vec![0_usize; items.len() / PARTS + 2];
    pairs().for_each(|(a, _)| ends[a as usize / PARTS + 1] += 1);
    (1..ends.len()).for_each(|index| ends[index] += ends[index - 1]);
    let mut seconds = vec![0_u32; ends.last().copied().unwrap_or(0)];
    for (a, b) in pairs() {
        let at = &mut ends[a as usize / PARTS];
        seconds[*at] = b;
        *at += 1;
    }
    let (mut rows, mut start) = (Vec::new(), 0);
    let mut counts = vec![0_u32; items.len()];
    for (index, end) in ends.iter().enumerate() {
        let group = &seconds[start..(*end).max(start)];
        start += group.len();
        group.iter().for_each(|b| counts[*b as usize] += 1);
        for b in group {
            let count = std::mem::take(&mut counts[*b as usize]);
            if count >= LEAST {
                rows.push(((index * PARTS + part) as u32, *b, count));
            }
        }
    }
    rows
}

pub(crate) fn answer(base: &Base, parameters: &Parameters) -> Result<Vec<String>> {
    let columns = Columns::ORDER.and(Columns::ITEM);
    let parts = base.visit(columns, parameters.as_of_us, Counts::default, step)?;
    let orders: u64 = parts.iter().map(|part| part.orders).sum();
    let mut items = Vec::new();
    for part in &parts {
        (0..).zip(&part.items).for_each(|(item, count)| add(&mut items, item, *count));
    }
    let pairs: Vec<Common> = (0..PARTS).into_par_iter().flat_map_iter(|part| common(&parts, &items, part)).collect();
    let mut found = Vec::new();
    for (a, b, count) in pairs {
        let word = |symbol: u32| base.snapshot.symbols().word(Symbol(symbol)).context("an item without a word");
        let (mut a_word, mut b_word) = (word(a)?, word(b)?);
        if a_word > b_word {
            std::mem::swap(&mut a_word, &mut b_word);
        }
        let both = f64::from(items[a as usize]) * f64::from(items[b as usize]);
        found.push((f64::from(count) * orders as f64 / both, a_word, b_word, count));
    }
    let rounded = |lift: f64| (lift * 1e6).round() / 1e6;
    found.sort_by(|x, y| rounded(y.0).total_cmp(&rounded(x.0)).then_with(|| (&x.1, &x.2).cmp(&(&y.1, &y.2))));
    found.truncate(10);
    Ok(found.into_iter().map(|(lift, a, b, count)| format!("{a}\t{b}\t{count}\t{lift:.6}")).collect())
}
