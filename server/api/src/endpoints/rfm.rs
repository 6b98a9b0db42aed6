//! `GET /api/rfm`: customers and their revenue by recency, and by frequency with money.

use crate::access::Access;
use crate::answers::Terms;
use crate::answers::rfm::{RfmCell, RfmGrid};
use crate::body::Answer;
use crate::figures::Brand;
use crate::segments::blocking;
use crate::{ApiError, Route, Server};
use axum::extract::State;
use perennial_fold::{Column, LiveColumns, NONE_INT};
use perennial_model::Permission;
use std::sync::Arc;

/// Scores go from 1 to so many.
const SCORES: u8 = 5;

pub(crate) fn route() -> Route {
    Route::get("/api/rfm", "rfm", answer)
        .summary("The RFM grid: customers and revenue by recency score and frequency-money score, live")
        .access(Access::Needs(Permission::ReadFigures))
        .answers::<RfmGrid>()
}

async fn answer(State(server): State<Arc<Server>>) -> Result<Answer<RfmGrid>, ApiError> {
    let live = server.live.borrow().clone();
    let brand = Brand::of(&server).await?;
    let (cells, unscored) = blocking(move || cells(&live.columns)).await?;
    Ok(Answer(RfmGrid {
        as_of_us: server.clock.now_us(),
        terms: Terms::of(&brand.zone, brand.currency),
        customers: cells.iter().map(|cell| cell.customers).sum(),
        revenue_minor: cells.iter().map(|cell| cell.revenue_minor).fold(0, i64::saturating_add),
        unscored,
        cells,
    }))
}

/// The cells, and how many customers are in none.
fn cells(live: &LiveColumns) -> (Vec<RfmCell>, u64) {
    let pairs = (1..=SCORES).flat_map(|r| (1..=SCORES).map(move |fm| (r, fm)));
    let mut cells: Vec<RfmCell> = pairs.map(|(r, fm)| RfmCell { r, fm, customers: 0, revenue_minor: 0 }).collect();
    let mut unscored = 0;
    let place = |name: &str| live.specs().iter().position(|spec| spec.name == name);
    let (Some(r), Some(fm), Some(revenue)) = (place("r_score"), place("fm_score"), place("revenue")) else {
        return (cells, live.len() as u64);
    };
    for shard in 0..live.shards() {
        let rows = live.shard(shard, &[r, fm, revenue]);
        let [Column::Int(r), Column::Int(fm), Column::Int(revenue)] = rows.columns.as_slice() else { continue };
        for ((r, fm), revenue) in r.iter().zip(fm).zip(revenue) {
            match place_of(*r, *fm).and_then(|place| cells.get_mut(place)) {
                None => unscored += 1,
                Some(cell) => {
                    cell.customers += 1;
                    cell.revenue_minor =
                        cell.revenue_minor.saturating_add(if *revenue == NONE_INT { 0 } else { *revenue });
                }
            }
        }
    }
    (cells, unscored)
}

/// Where a cell stands; nowhere for who has no scores.
fn place_of(r: i64, fm: i64) -> Option<usize> {
    let scores = 1..=i64::from(SCORES);
    let known = scores.contains(&r) && scores.contains(&fm);
    known.then(|| usize::try_from((r - 1) * i64::from(SCORES) + fm - 1).ok())?
}
