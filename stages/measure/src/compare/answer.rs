//! All comparisons of a file, and whether its groups are as large as meant.

use super::collect::Collector;
use super::{CompareError, Comparison};
use crate::{Words, benjamini_hochberg, sample_ratio};
use serde::Serialize;

/// An arm's size.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArmSize {
    /// The arm.
    pub arm: String,
    /// Customers assigned to it.
    pub n: u64,
    /// Customers it should have.
    pub expected: f64,
}

/// Whether the groups are as large as meant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RatioAnswer {
    /// All groups, the control group among them.
    pub arms: Vec<ArmSize>,
    /// Pearson's chi-square.
    pub chi_square: f64,
    /// Groups less one.
    pub degrees_of_freedom: u64,
    /// Probability of sizes so far off by chance.
    pub p: f64,
    /// Whether it is below 0.001: something is wrong with the assignment or with the file.
    pub alarm: bool,
    /// What that means, in English.
    pub text_en: String,
    /// What that means, in Chinese.
    pub text_zh: String,
}

/// What a file says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// The file.
    pub file: String,
    /// The control group's value.
    pub control: String,
    /// Level of the intervals.
    pub level: f64,
    /// Rows read.
    pub rows: u64,
    /// Rows of customers who were not assigned to anything; they are left out.
    pub rows_without_arm: u64,
    /// Each arm in each outcome: arms by name, outcomes as asked for.
    pub comparisons: Vec<Comparison>,
    /// The groups' sizes.
    pub sample_ratio: RatioAnswer,
}

/// Compares what was collected.
pub(super) fn answer(collector: &Collector) -> Result<Answer, CompareError> {
    let (request, file) = (&collector.request, &collector.file);
    let missing = || CompareError::NoControl {
        file: file.clone(),
        column: request.arm.clone(),
        control: request.control.clone(),
        values: names(collector),
    };
    let control = collector.groups.get(request.control.trim()).ok_or_else(missing)?;
    if collector.groups.len() == 1 {
        let (column, control) = (request.arm.clone(), request.control.clone());
        return Err(CompareError::NoArm { file: file.clone(), column, control });
    }
    if let Some((arm, _)) = collector.groups.iter().find(|(_, group)| group.customers < 2) {
        return Err(CompareError::TooFew { file: file.clone(), arm: arm.clone() });
    }
    let sample_ratio = ratio(collector)?;
    let arms = collector.groups.iter().filter(|(name, _)| name.as_str() != request.control.trim());
    let mut comparisons: Vec<Comparison> = arms
        .flat_map(|(name, group)| {
            (0..collector.outcomes.len())
                .filter_map(move |place| Comparison::of(collector, (name, group), control, place))
        })
        .collect();
    let adjusted = adjust(&comparisons, |comparison| comparison.p);
    let judged = adjust(&comparisons, |comparison| comparison.judged.map(|difference| difference.p));
    let assigned = collector.rows - collector.rows_without_arm;
    for (comparison, (p_adjusted, judged)) in comparisons.iter_mut().zip(adjusted.into_iter().zip(judged)) {
        comparison.p_adjusted = p_adjusted;
        comparison.judge(collector, judged, sample_ratio.alarm, assigned);
    }
    Ok(Answer {
        file: file.clone(),
        control: request.control.trim().to_owned(),
        level: request.level,
        rows: collector.rows,
        rows_without_arm: collector.rows_without_arm,
        comparisons,
        sample_ratio,
    })
}

/// Probabilities adjusted for each other; what has none stays without.
fn adjust(comparisons: &[Comparison], of: impl Fn(&Comparison) -> Option<f64>) -> Vec<Option<f64>> {
    let known: Vec<f64> = comparisons.iter().filter_map(&of).collect();
    let mut adjusted = benjamini_hochberg(&known).into_iter();
    comparisons.iter().map(|comparison| of(comparison).and_then(|_| adjusted.next())).collect()
}

fn names(collector: &Collector) -> String {
    let names: Vec<String> = collector.groups.keys().map(|name| format!("{name:?}")).collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

fn ratio(collector: &Collector) -> Result<RatioAnswer, CompareError> {
    let counts: Vec<u64> = collector.groups.values().map(|group| group.customers).collect();
    let refuse = |what: String| CompareError::Expected { arms: names(collector), what };
    let weights = weights(collector, &refuse)?;
    let found = sample_ratio(&counts, &weights).ok_or_else(|| refuse("the weights are no numbers".to_owned()))?;
    let words = ratio_words(found.alarm, found.p);
    let sizes = collector.groups.iter().zip(&found.expected);
    Ok(RatioAnswer {
        arms: sizes
            .map(|((arm, group), expected)| ArmSize { arm: arm.clone(), n: group.customers, expected: *expected })
            .collect(),
        chi_square: found.chi_square,
        degrees_of_freedom: found.degrees_of_freedom,
        p: found.p,
        alarm: found.alarm,
        text_en: words.en,
        text_zh: words.zh,
    })
}

/// The arms' weights in the order of their names; all alike when none were given.
fn weights(collector: &Collector, refuse: &dyn Fn(String) -> CompareError) -> Result<Vec<f64>, CompareError> {
    let expected = &collector.request.expected;
    if expected.is_empty() {
        return Ok(vec![1.0; collector.groups.len()]);
    }
    if let Some((name, _)) = expected.iter().find(|(name, _)| !collector.groups.contains_key(name)) {
        return Err(refuse(format!("{name:?} is none")));
    }
    let weight = |arm: &String| {
        let found = expected.iter().find(|(name, _)| name == arm);
        found.map(|(_, weight)| *weight).ok_or_else(|| refuse(format!("{arm:?} is missing")))
    };
    collector.groups.keys().map(weight).collect()
}

fn ratio_words(alarm: bool, p: f64) -> Words {
    let p = super::text::probability(p);
    if alarm {
        Words::new(
            format!("the groups are not as large as assigned (p {p}): find out why before any figure is used"),
            format!("各组人数与分配不符（p {p}）：请先查明原因，再使用任何数字"),
        )
    } else {
        Words::new(format!("the groups are as large as assigned (p {p})"), format!("各组人数与分配相符（p {p}）"))
    }
}
