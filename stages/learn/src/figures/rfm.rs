//! RFM segments, grid and transitions (mechanism 1.10).

use super::Population;
use super::stages::joined;
use crate::base::TableRows;
use crate::report::{Rfm, SegmentCount, SegmentFlow};
use crate::stats::median;
use perennial_fold::CustomerTable;
use perennial_model::RfmSegment;

pub(crate) fn rfm(population: &Population<'_>, rows: &TableRows<'_>) -> Rfm {
    Rfm {
        segments: segments(rows),
        grid: grid(rows),
        thresholds: population.rfm.edges.clone(),
        transitions: transitions(population.table, &population.quarter_ago.table),
    }
}

fn segments(rows: &TableRows<'_>) -> Vec<SegmentCount> {
    let mut silences: [Vec<f64>; 11] = std::array::from_fn(|_| Vec::new());
    let mut revenue = [0_i64; 11];
    for (rows, row) in rows.buyers() {
        let Some(segment) = rows.segment(row) else { continue };
        silences[segment as usize].push(rows.recency_days[row] as f64);
        revenue[segment as usize] = revenue[segment as usize].saturating_add(rows.revenue[row]);
    }
    let counts = RfmSegment::ALL.into_iter().zip(silences).zip(revenue);
    counts
        .map(|((segment, mut silences), revenue)| SegmentCount {
            segment: segment.as_str(),
            customers: silences.len() as u64,
            revenue,
            median_recency_days: median(&mut silences),
        })
        .collect()
}

fn grid(rows: &TableRows<'_>) -> Vec<Vec<u64>> {
    let mut grid = vec![vec![0; 5]; 5];
    for (rows, row) in rows.buyers() {
        let Some((r, _, fm)) = rows.scores(row) else { continue };
        let cell = grid.get_mut((r - 1) as usize).and_then(|line| line.get_mut((fm - 1) as usize));
        if let Some(count) = cell {
            *count += 1;
        }
    }
    grid
}

/// Of those who had bought by then and count as buyers now.
fn transitions(now: &CustomerTable, then: &CustomerTable) -> Vec<SegmentFlow> {
    let mut counts = [[0_u64; 11]; 11];
    joined(now, then, |(rows, row), earlier| {
        let before = earlier.and_then(|(rows, row)| rows.segment(row));
        if let (Some(from), Some(to)) = (before, rows.segment(row)) {
            counts[from as usize][to as usize] += 1;
        }
    });
    let pairs = RfmSegment::ALL.into_iter().flat_map(|from| RfmSegment::ALL.into_iter().map(move |to| (from, to)));
    pairs
        .map(|(from, to)| SegmentFlow {
            from: from.as_str(),
            to: to.as_str(),
            customers: counts[from as usize][to as usize],
        })
        .filter(|flow| flow.customers > 0)
        .collect()
}
