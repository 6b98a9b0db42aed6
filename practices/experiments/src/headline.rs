//! Several experiments beside each other: of what is taken for true, how much is chance.

use crate::{LEVEL, Reading, State};
use perennial_measure::{Comparison, Verdict, benjamini_hochberg};
use serde::Serialize;

/// What an experiment says of one arm in its main outcome, among all experiments.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Headline {
    /// The experiment.
    pub experiment: String,
    /// The arm.
    pub arm: String,
    /// The main outcome.
    pub outcome: String,
    /// The arm's mean less the hold-out's.
    pub difference: f64,
    /// Lower end of its interval; while an experiment runs, of the one that holds however often one looks.
    pub low: Option<f64>,
    /// Its upper end.
    pub high: Option<f64>,
    /// The difference as a share of the hold-out's mean.
    pub lift: Option<f64>,
    /// Two-sided probability of such a difference by chance.
    pub p: Option<f64>,
    /// The same, adjusted for all main outcomes of all experiments (Benjamini and Hochberg).
    pub p_adjusted: Option<f64>,
    /// The verdict's word.
    pub verdict: &'static str,
    /// The verdict in English.
    pub text_en: String,
    /// The verdict in Chinese.
    pub text_zh: String,
}

/// The headlines of all experiments, arm by arm. A verdict that would be one too many by chance is none yet.
#[must_use]
pub fn headlines<'a>(readings: impl IntoIterator<Item = &'a Reading>) -> Vec<Headline> {
    let mut found: Vec<Headline> = readings
        .into_iter()
        .flat_map(|reading| reading.main().map(|comparison| Headline::of(reading, comparison)))
        .collect();
    let known: Vec<f64> = found.iter().filter_map(|headline| headline.p).collect();
    let mut adjusted = benjamini_hochberg(&known).into_iter();
    for headline in &mut found {
        headline.p_adjusted = headline.p.and_then(|_| adjusted.next());
        let said = headline.verdict == Verdict::Works.code() || headline.verdict == Verdict::Harms.code();
        if said && headline.p_adjusted.is_some_and(|p| p > 1.0 - LEVEL) {
            let verdict = Verdict::NotYetKnown { customers: None, days: None };
            let words = verdict.words();
            (headline.verdict, headline.text_en, headline.text_zh) = (verdict.code(), words.en, words.zh);
        }
    }
    found
}

impl Headline {
    fn of(reading: &Reading, comparison: &Comparison) -> Self {
        // While it runs an ordinary interval must not be looked at, also where there is no other yet.
        let (low, high, p) = match (reading.state, comparison.always_valid) {
            (State::Ended, _) => (comparison.low, comparison.high, comparison.p),
            (_, Some(valid)) => (Some(valid.low), Some(valid.high), Some(valid.p)),
            (_, None) => (None, None, None),
        };
        Self {
            experiment: reading.name.clone(),
            arm: comparison.arm.clone(),
            outcome: comparison.outcome.clone(),
            difference: comparison.difference,
            low,
            high,
            lift: comparison.lift,
            p,
            p_adjusted: None,
            verdict: comparison.verdict,
            text_en: comparison.text_en.clone(),
            text_zh: comparison.text_zh.clone(),
        }
    }
}
