//! q5: items bought together, by lift.

use crate::parameters::Parameters;
use crate::scan::{Base, is_line};
use anyhow::{Context, Result};
use perennial_timeline::{Columns, CustomerEvents, Symbol};
use rustc_hash::FxHashMap;

#[derive(Default)]
struct Counts {
    orders: u64,
    items: FxHashMap<u32, u64>,
    pairs: FxHashMap<(u32, u32), u64>,
    lines: Vec<(u64, u32)>,
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
            *counts.items.entry(*a).or_insert(0) += 1;
            for (_, b) in &basket[index + 1..] {
                *counts.pairs.entry((*a, *b)).or_insert(0) += 1;
            }
        }
    }
}

fn merged(parts: Vec<Counts>) -> Counts {
    let mut all = Counts::default();
    for part in parts {
        all.orders += part.orders;
        for (item, count) in part.items {
            *all.items.entry(item).or_insert(0) += count;
        }
        for (pair, count) in part.pairs {
            *all.pairs.entry(pair).or_insert(0) += count;
        }
    }
    all
}

pub(crate) fn answer(base: &Base, parameters: &Parameters) -> Result<Vec<String>> {
    let columns = Columns::ORDER.and(Columns::ITEM);
    let counts = merged(base.visit(columns, parameters.as_of_us, Counts::default, step)?);
    let mut found = Vec::new();
    for ((a, b), count) in counts.pairs.iter().filter(|(_, count)| **count >= 50) {
        let word = |symbol: u32| base.snapshot.symbols().word(Symbol(symbol)).context("an item without a word");
        let (mut a_word, mut b_word) = (word(*a)?, word(*b)?);
        if a_word > b_word {
            std::mem::swap(&mut a_word, &mut b_word);
        }
        let lift = *count as f64 * counts.orders as f64 / (counts.items[a] as f64 * counts.items[b] as f64);
        found.push((lift, a_word, b_word, count));
    }
    let rounded = |lift: f64| (lift * 1e6).round() / 1e6;
    found.sort_by(|x, y| rounded(y.0).total_cmp(&rounded(x.0)).then_with(|| (&x.1, &x.2).cmp(&(&y.1, &y.2))));
    found.truncate(10);
    Ok(found.into_iter().map(|(lift, a, b, count)| format!("{a}\t{b}\t{count}\t{lift:.6}")).collect())
}
