//! Experiments: what is tried, with whom, and what came of it.

use super::{Terms, Text};
use crate::params::day_text;
use perennial_experiments::{Entry, Headline, Incremental, Reading, Series, State};
use perennial_measure::Comparison;
use schemars::JsonSchema;
use serde::Serialize;

/// All experiments.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Experiments {
    /// When this was answered (UTC µs).
    pub(crate) as_of_us: i64,
    pub(crate) terms: Terms,
    /// In the order of their file; then those that have begun and are defined no more.
    pub(crate) experiments: Vec<ExperimentRow>,
}

/// An experiment in a list.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ExperimentRow {
    #[serde(flatten)]
    pub(crate) definition: Definition,
    pub(crate) standing: StandingAnswer,
    /// Its main outcome, arm by arm; probabilities are adjusted for all experiments. None as long as nothing is known.
    pub(crate) headlines: Vec<HeadlineAnswer>,
}

/// How it is defined.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Definition {
    pub(crate) name: String,
    /// What people call it; the name where nobody said.
    pub(crate) title: Text,
    /// What is done to whom.
    pub(crate) description: Option<Text>,
    /// The segment whose customers take part.
    pub(crate) audience: String,
    /// Share of them left alone, a part of one.
    pub(crate) holdout: f64,
    /// Share of all customers whom nobody contacts, a part of one, as it was when the experiment began.
    pub(crate) global_control: Option<f64>,
    pub(crate) arms: Vec<ArmAnswer>,
    /// What is compared, the main outcome first.
    pub(crate) outcomes: Vec<String>,
}

/// One of the things that are done.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ArmAnswer {
    pub(crate) name: String,
    /// Beside the other arms' weights.
    pub(crate) weight: u32,
}

/// Whether its customers are divided, and how many of its days are known.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StateWord {
    /// Its customers are not divided yet.
    Planned,
    /// They are, and not all of its days are known.
    Running,
    /// All of its days are known.
    Ended,
}

/// Where an experiment stands.
#[derive(Serialize, JsonSchema)]
pub(crate) struct StandingAnswer {
    pub(crate) state: StateWord,
    /// Whether its first day has come and nobody has begun it: `POST /api/experiments/{name}/start`.
    pub(crate) due: bool,
    /// The first day, `YYYY-MM-DD`.
    pub(crate) starts: String,
    /// The start of the first day (UTC µs).
    pub(crate) starts_us: i64,
    /// The end of the last day (UTC µs).
    pub(crate) ends_us: i64,
    /// For how many days outcomes count.
    pub(crate) days: u16,
    /// Of those, over and known.
    pub(crate) days_known: u16,
    /// When its customers were divided (UTC µs).
    pub(crate) begun_us: Option<i64>,
    /// How many they were then.
    pub(crate) customers: Option<u64>,
}

/// What an experiment says of one arm in its main outcome.
#[derive(Serialize, JsonSchema)]
pub(crate) struct HeadlineAnswer {
    pub(crate) arm: String,
    pub(crate) outcome: String,
    /// The arm's mean less the hold-out's. Of money, in units of the brand's currency.
    pub(crate) difference: f64,
    /// Lower end of its 95 % interval; while an experiment runs, of the one that holds however often one looks.
    pub(crate) low: Option<f64>,
    /// Its upper end.
    pub(crate) high: Option<f64>,
    /// The difference as a share of the hold-out's mean.
    pub(crate) lift: Option<f64>,
    /// Two-sided probability of such a difference by chance.
    pub(crate) p: Option<f64>,
    /// The same among all experiments (Benjamini and Hochberg).
    pub(crate) p_adjusted: Option<f64>,
    /// The verdict's word, as in `GET /api/experiments/{name}`.
    pub(crate) code: String,
    /// The verdict in words.
    pub(crate) text: Text,
}

/// What it means.
#[derive(Serialize, JsonSchema)]
pub(crate) struct VerdictAnswer {
    /// `works`, `harms`, `no_difference`, `not_yet_known` or `untrusted`.
    pub(crate) code: String,
    /// In words.
    pub(crate) text: Text,
    /// Customers whom it wants more, of arm and hold-out together.
    pub(crate) customers_wanted: Option<u64>,
    /// Days more that would tell as much.
    pub(crate) days_wanted: Option<u64>,
}

/// One experiment with its groups compared as assigned.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ExperimentAnswer {
    /// Up to when outcomes are known (UTC µs, exclusive).
    pub(crate) as_of_us: i64,
    pub(crate) terms: Terms,
    #[serde(flatten)]
    pub(crate) definition: Definition,
    pub(crate) standing: StandingAnswer,
    /// The groups as they are now: `holdout`, the arms, `global_control`. None before it has begun.
    pub(crate) groups: Vec<GroupAnswer>,
    /// Customers who were erased since it began.
    pub(crate) erased: u64,
    /// Customers who became one with another of them.
    pub(crate) merged: u64,
    /// Whether hold-out and arms are as large as they were drawn; null as long as nothing is compared.
    pub(crate) sample_ratio: Option<SampleRatioAnswer>,
    /// Each arm in each outcome.
    pub(crate) comparisons: Vec<ComparisonAnswer>,
    /// What each arm brought in all: orders and revenue.
    pub(crate) incremental: Vec<IncrementalAnswer>,
    /// The difference day by day, of `converted` and of `revenue`.
    pub(crate) series: Vec<SeriesAnswer>,
}

/// How large a group is.
#[derive(Serialize, JsonSchema)]
pub(crate) struct GroupAnswer {
    pub(crate) group: String,
    pub(crate) customers: u64,
    /// As it was drawn.
    pub(crate) expected: f64,
}

/// Whether the groups are as large as they were drawn.
#[derive(Serialize, JsonSchema)]
pub(crate) struct SampleRatioAnswer {
    /// Pearson's chi-square.
    pub(crate) chi_square: f64,
    /// Probability of sizes so far off by chance.
    pub(crate) p: f64,
    /// Whether it is below 0.001: then no figure is to be trusted.
    pub(crate) alarm: bool,
    /// In words.
    pub(crate) text: Text,
}

/// An arm against the hold-out in one outcome; everybody assigned counts.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ComparisonAnswer {
    pub(crate) arm: String,
    pub(crate) outcome: String,
    /// Customers of the arm.
    pub(crate) n: u64,
    /// Customers of the hold-out.
    pub(crate) control_n: u64,
    /// The arm's mean; of a yes or no its rate. Of money, in units of the brand's currency.
    pub(crate) mean: f64,
    /// The hold-out's.
    pub(crate) control_mean: f64,
    /// The one less the other.
    pub(crate) difference: f64,
    /// Lower end of its 95 % interval.
    pub(crate) low: Option<f64>,
    /// Its upper end.
    pub(crate) high: Option<f64>,
    /// Two-sided probability of such a difference by chance.
    pub(crate) p: Option<f64>,
    /// The same among all comparisons of this experiment (Benjamini and Hochberg).
    pub(crate) p_adjusted: Option<f64>,
    /// The difference as a share of the hold-out's mean.
    pub(crate) lift: Option<f64>,
    /// Lower end of its interval.
    pub(crate) lift_low: Option<f64>,
    /// Its upper end.
    pub(crate) lift_high: Option<f64>,
    /// While it runs: lower end of the interval that holds however often one looks.
    pub(crate) always_valid_low: Option<f64>,
    /// Its upper end.
    pub(crate) always_valid_high: Option<f64>,
    /// The least increase that so many customers show four times out of five.
    pub(crate) detectable: Option<f64>,
    pub(crate) verdict: VerdictAnswer,
}

/// What an arm brought in all, beyond what its customers would have done anyway.
#[derive(Serialize, JsonSchema)]
pub(crate) struct IncrementalAnswer {
    pub(crate) arm: String,
    /// `orders` or `revenue`, that in units of the brand's currency.
    pub(crate) of: String,
    pub(crate) value: f64,
    /// Lower end of its 95 % interval.
    pub(crate) low: Option<f64>,
    /// Its upper end.
    pub(crate) high: Option<f64>,
}

/// The difference from the first day up to the end of each.
#[derive(Serialize, JsonSchema)]
pub(crate) struct SeriesAnswer {
    pub(crate) arm: String,
    pub(crate) outcome: String,
    pub(crate) points: Vec<PointAnswer>,
}

/// One day of it.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PointAnswer {
    /// `YYYY-MM-DD`.
    pub(crate) day: String,
    /// Up to its end.
    pub(crate) difference: f64,
    /// Lower end of the interval that holds however often one looks.
    pub(crate) low: Option<f64>,
    /// Its upper end.
    pub(crate) high: Option<f64>,
}

fn text(text: &perennial_definitions::Text) -> Text {
    Text::new(text.en(), text.zh())
}

impl Definition {
    pub(crate) fn of(entry: &Entry) -> Self {
        let experiment = &entry.experiment;
        let arms = experiment.arms_with_weights();
        let share = entry.frozen.as_ref().and_then(|frozen| frozen.global_control);
        Self {
            name: experiment.name.clone(),
            title: experiment.title.as_ref().map_or_else(|| Text::new(&experiment.name, &experiment.name), text),
            description: experiment.description.as_ref().map(text),
            audience: experiment.audience.clone(),
            holdout: experiment.holdout_fraction(),
            global_control: share.map(perennial_definitions::Share::fraction),
            arms: arms.into_iter().map(|(name, weight)| ArmAnswer { name: name.to_owned(), weight }).collect(),
            outcomes: experiment.outcome_names().into_iter().map(str::to_owned).collect(),
        }
    }
}

impl StandingAnswer {
    pub(crate) fn of(entry: &Entry) -> Self {
        let (standing, frozen) = (&entry.standing, entry.frozen.as_ref());
        Self {
            state: match standing.state {
                State::Planned => StateWord::Planned,
                State::Running => StateWord::Running,
                State::Ended => StateWord::Ended,
            },
            due: standing.due,
            starts: entry.experiment.starts.to_string(),
            starts_us: standing.starts_us,
            ends_us: standing.ends_us,
            days: standing.days,
            days_known: standing.days_known,
            begun_us: frozen.map(|frozen| frozen.begun_us),
            customers: frozen.map(|frozen| frozen.customers),
        }
    }
}

impl HeadlineAnswer {
    pub(crate) fn of(found: &Headline) -> Self {
        Self {
            arm: found.arm.clone(),
            outcome: found.outcome.clone(),
            difference: found.difference,
            low: found.low,
            high: found.high,
            lift: found.lift,
            p: found.p,
            p_adjusted: found.p_adjusted,
            code: found.verdict.to_owned(),
            text: Text::new(&found.text_en, &found.text_zh),
        }
    }
}

impl GroupAnswer {
    /// The groups before anything is compared.
    pub(crate) fn all(reading: Option<&Reading>) -> Vec<Self> {
        let groups = reading.map_or(&[][..], |reading| &reading.groups);
        let size = |size: &perennial_experiments::SizeOfGroup| Self {
            group: size.group.clone(),
            customers: size.customers,
            expected: size.expected,
        };
        groups.iter().map(size).collect()
    }
}

impl SampleRatioAnswer {
    pub(crate) fn of(reading: &Reading) -> Option<Self> {
        let found = &reading.answer.as_ref()?.sample_ratio;
        let text = Text::new(&found.text_en, &found.text_zh);
        Some(Self { chi_square: found.chi_square, p: found.p, alarm: found.alarm, text })
    }
}

impl ComparisonAnswer {
    pub(crate) fn of(found: &Comparison) -> Self {
        let verdict = VerdictAnswer {
            code: found.verdict.to_owned(),
            text: Text::new(&found.text_en, &found.text_zh),
            customers_wanted: found.customers_wanted,
            days_wanted: found.days_wanted,
        };
        Self {
            arm: found.arm.clone(),
            outcome: found.outcome.clone(),
            n: found.n,
            control_n: found.control_n,
            mean: found.mean,
            control_mean: found.control_mean,
            difference: found.difference,
            low: found.low,
            high: found.high,
            p: found.p,
            p_adjusted: found.p_adjusted,
            lift: found.lift,
            lift_low: found.lift_low,
            lift_high: found.lift_high,
            always_valid_low: found.always_valid.map(|valid| valid.low),
            always_valid_high: found.always_valid.map(|valid| valid.high),
            detectable: found.detectable,
            verdict,
        }
    }
}

impl IncrementalAnswer {
    pub(crate) fn of(found: &Incremental) -> Self {
        let Incremental { arm, of, value, low, high } = found;
        Self { arm: arm.clone(), of: (*of).to_owned(), value: *value, low: *low, high: *high }
    }
}

impl SeriesAnswer {
    pub(crate) fn of(series: &Series) -> Self {
        let point = |point: &perennial_experiments::DayOfDifference| PointAnswer {
            day: day_text(point.day),
            difference: point.difference,
            low: point.low,
            high: point.high,
        };
        let points = series.points.iter().map(point).collect();
        Self { arm: series.arm.clone(), outcome: series.outcome.clone(), points }
    }
}
