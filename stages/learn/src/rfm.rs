//! RFM scores and segments (mechanism 1.10, models.md D2).

use crate::LearnError;
use crate::base::{Rows, TableRows};
use crate::own::RELATIVE_INPUTS;
use crate::report::RfmThresholds;
use crate::stats::quantiles;
use crate::thresholds::RfmRules;
use perennial_fold::{Column, ColumnSpec, ColumnType, CustomerTable, Instant, Relative};
use perennial_model::RfmSegment;
use serde::{Deserialize, Serialize};

/// How the scores 1 to 5 are cut.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scoring {
    /// Edges are type-7 quantiles at these probabilities; equal values share a score.
    Value {
        /// Four, ascending.
        quantiles: Vec<f64>,
    },
    /// Fifths of equal size as SQL's NTILE(5) makes them over (value, customer id), or over
    /// (value, revenue, customer id).
    Ntile {
        /// Whether equal values are told apart by revenue before the id.
        by_revenue: bool,
    },
    /// The shop's own edges.
    Fixed {
        /// Four of each.
        edges: RfmThresholds,
    },
}

impl Default for Scoring {
    fn default() -> Self {
        Self::Value { quantiles: vec![0.2, 0.4, 0.6, 0.8] }
    }
}

impl Scoring {
    pub(crate) fn check(&self) -> Result<(), LearnError> {
        let ascending = |edges: &[f64]| edges.len() == 4 && edges.is_sorted();
        let (name, fine) = match self {
            Self::Value { quantiles } => ("rfm.scoring.quantiles", ascending(quantiles)),
            Self::Ntile { .. } => return Ok(()),
            Self::Fixed { edges } => {
                let all = [&edges.recency_days, &edges.orders, &edges.revenue];
                ("rfm.scoring.edges", all.iter().all(|edges| ascending(edges)))
            }
        };
        let refuse =
            || LearnError::Threshold { name, found: format!("{self:?}"), expected: "four ascending numbers each" };
        if fine { Ok(()) } else { Err(refuse()) }
    }
}

/// One line of the segment map: all bounds are inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentRule {
    /// Who matches.
    pub segment: RfmSegment,
    /// Least and greatest R score.
    pub r: (u8, u8),
    /// Least and greatest FM score.
    pub fm: (u8, u8),
    /// Least R + FM.
    pub sum_min: u8,
}

/// The map of mechanism 1.10.
#[must_use]
pub fn default_map() -> Vec<SegmentRule> {
    use RfmSegment as S;
    let rule = |segment, r, fm, sum_min| SegmentRule { segment, r, fm, sum_min };
    vec![
        rule(S::Champions, (4, 5), (4, 5), 9),
        rule(S::Loyal, (3, 5), (4, 5), 0),
        rule(S::PotentialLoyalist, (4, 5), (2, 3), 0),
        rule(S::New, (5, 5), (1, 1), 0),
        rule(S::Promising, (4, 4), (1, 1), 0),
        rule(S::NeedAttention, (3, 3), (3, 3), 0),
        rule(S::AboutToSleep, (3, 3), (1, 2), 0),
        rule(S::CantLose, (1, 2), (5, 5), 0),
        rule(S::AtRisk, (1, 2), (3, 4), 0),
        rule(S::Hibernating, (2, 2), (1, 2), 0),
    ]
}

/// Score of a value: one more than the number of edges below it (models.md D2).
#[must_use]
pub fn value_score(value: f64, edges: &[f64]) -> u8 {
    1 + edges.iter().take(4).filter(|edge| **edge < value).count() as u8
}

/// FM = ceil((F + M) / 2).
#[must_use]
pub const fn fm_score(f: u8, m: u8) -> u8 {
    (f + m).div_ceil(2)
}

/// Segment by the first rule that matches; [`RfmSegment::Lost`] where none does.
#[must_use]
pub fn segment(r: u8, fm: u8, map: &[SegmentRule]) -> RfmSegment {
    let within = |value: u8, (low, high): (u8, u8)| low <= value && value <= high;
    let found = map.iter().find(|rule| within(r, rule.r) && within(fm, rule.fm) && r + fm >= rule.sum_min);
    found.map_or(RfmSegment::Lost, |rule| rule.segment)
}

/// A customer's place among all: what is scored, then what breaks ties.
type Place = (i64, i64, u64);

/// What the scores were cut with; kept with each run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RfmParameters {
    /// Version of the formula.
    pub formula: u32,
    /// Edges by value (NTILE: the values at its cuts, for people).
    pub edges: RfmThresholds,
    /// NTILE's cuts.
    pub cuts: Option<NtileCuts>,
}

/// Where NTILE cuts recency, orders and revenue: the last place of each fifth but the greatest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NtileCuts {
    /// Whether revenue comes before the id among equals.
    by_revenue: bool,
    cuts: [Vec<Place>; 3],
}

/// The relative that scores and segments everyone with a kept order.
#[derive(Debug, Clone, Default)]
pub struct RfmScores {
    /// Cuts and map.
    pub rules: RfmRules,
}

/// Names of the segments as the column stores them.
pub(crate) static SEGMENT_WORDS: [&str; 11] = {
    let mut words = [""; 11];
    let mut place = 0;
    while place < 11 {
        words[place] = RfmSegment::ALL[place].as_str();
        place += 1;
    }
    words
};

/// Names of the relative's columns.
pub(crate) const R_SCORE: &str = "r_score";
pub(crate) const F_SCORE: &str = "f_score";
pub(crate) const M_SCORE: &str = "m_score";
pub(crate) const FM_SCORE: &str = "fm_score";
pub(crate) const SEGMENT: &str = "rfm_segment";

impl Relative for RfmScores {
    type Parameters = RfmParameters;

    fn name(&self) -> &'static str {
        "rfm"
    }

    fn fits(&self) -> Option<&'static [&'static str]> {
        Some(&RELATIVE_INPUTS)
    }

    fn columns(&self) -> Vec<ColumnSpec> {
        let spec = |name, column_type, description| ColumnSpec { name, column_type, description };
        vec![
            spec(R_SCORE, ColumnType::Int, "recency score 1 to 5, 5 is most recent (1.10)"),
            spec(F_SCORE, ColumnType::Int, "frequency score 1 to 5 of kept orders (1.10)"),
            spec(M_SCORE, ColumnType::Int, "monetary score 1 to 5 of revenue (1.10)"),
            spec(FM_SCORE, ColumnType::Int, "ceil((f_score + m_score) / 2) (1.10)"),
            spec(
                SEGMENT,
                ColumnType::Word(&SEGMENT_WORDS),
                "RFM segment: the first rule of the map that matches (1.10)",
            ),
        ]
    }

    fn fit(&self, table: &CustomerTable, _instant: &Instant) -> RfmParameters {
        let rows = TableRows::new(table);
        match &self.rules.scoring {
            Scoring::Fixed { edges } => RfmParameters { formula: 1, edges: edges.clone(), cuts: None },
            Scoring::Value { quantiles } => {
                RfmParameters { formula: 1, edges: value_edges(&rows, quantiles), cuts: None }
            }
            Scoring::Ntile { by_revenue } => ntile_parameters(&rows, *by_revenue),
        }
    }

    fn compute(&self, parameters: &RfmParameters, table: &CustomerTable, shard: usize, _: &Instant) -> Vec<Column> {
        let rows = Rows::of(table, shard);
        let mut scores: [Vec<i64>; 4] = std::array::from_fn(|_| Vec::with_capacity(rows.len()));
        let mut segments = Vec::with_capacity(rows.len());
        for row in 0..rows.len() {
            if !rows.is_buyer(row) {
                scores.iter_mut().for_each(|column| column.push(perennial_fold::NONE_INT));
                segments.push(u8::MAX);
                continue;
            }
            let [r, f, m] = parameters.scores(&rows, row);
            let fm = fm_score(f, m);
            for (column, score) in scores.iter_mut().zip([r, f, m, fm]) {
                column.push(i64::from(score));
            }
            segments.push(segment(r, fm, &self.rules.map) as u8);
        }
        let mut columns: Vec<Column> = scores.into_iter().map(Column::Int).collect();
        columns.push(Column::Code(segments));
        columns
    }
}

impl RfmParameters {
    /// R, F and M scores of a buyer.
    fn scores(&self, rows: &Rows<'_>, row: usize) -> [u8; 3] {
        if let Some(cuts) = &self.cuts {
            let places = places(rows, row, cuts.by_revenue);
            let fifth = |which: usize| 1 + cuts.cuts[which].iter().filter(|cut| **cut < places[which]).count() as u8;
            return [6 - fifth(0), fifth(1), fifth(2)];
        }
        [
            6 - value_score(rows.recency_days[row] as f64, &self.edges.recency_days),
            value_score(rows.orders[row] as f64, &self.edges.orders),
            value_score(rows.revenue[row] as f64, &self.edges.revenue),
        ]
    }
}

fn value_edges(rows: &TableRows<'_>, probabilities: &[f64]) -> RfmThresholds {
    let edges = |column: fn(&Rows<'_>, usize) -> i64| {
        let mut values: Vec<f64> = rows.buyers().map(|(shard, row)| column(shard, row) as f64).collect();
        quantiles(&mut values, probabilities)
    };
    RfmThresholds {
        recency_days: edges(|rows, row| rows.recency_days[row]),
        orders: edges(|rows, row| rows.orders[row]),
        revenue: edges(|rows, row| rows.revenue[row]),
    }
}

/// Places by recency, orders and revenue.
fn places(rows: &Rows<'_>, row: usize, by_revenue: bool) -> [Place; 3] {
    let tie = if by_revenue { rows.revenue[row] } else { 0 };
    [rows.recency_days[row], rows.orders[row], rows.revenue[row]].map(|value| (value, tie, rows.customers[row]))
}

fn ntile_parameters(rows: &TableRows<'_>, by_revenue: bool) -> RfmParameters {
    let cuts: [Vec<Place>; 3] = std::array::from_fn(|which| {
        let mut all: Vec<Place> = rows.buyers().map(|(shard, row)| places(shard, row, by_revenue)[which]).collect();
        all.sort_unstable();
        (1..5).filter_map(|fifth| all.get(ntile_end(all.len(), fifth).checked_sub(1)?).copied()).collect()
    });
    let values = |which: usize| cuts[which].iter().map(|cut| cut.0 as f64).collect();
    let edges = RfmThresholds { recency_days: values(0), orders: values(1), revenue: values(2) };
    RfmParameters { formula: 1, edges, cuts: Some(NtileCuts { by_revenue, cuts }) }
}

/// How many of `count` are in the first `fifth` fifths: the first ones are larger by one.
const fn ntile_end(count: usize, fifth: usize) -> usize {
    let extra = count % 5;
    fifth * (count / 5) + if fifth < extra { fifth } else { extra }
}
