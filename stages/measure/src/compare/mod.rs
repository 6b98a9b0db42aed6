//! The arms of an experiment in a file, one row a customer: what is asked, what is read, what is told.

mod answer;
mod cell;
mod collect;
mod comparison;
mod error;
mod text;

pub use answer::{Answer, ArmSize, RatioAnswer};
pub use collect::{Collector, MOST_ARMS, MOST_STRATA};
pub use comparison::{AlwaysValid, Comparison, Method, Narrowed};
pub use error::CompareError;

/// What is asked of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct CompareRequest {
    /// The column that says which arm a customer was assigned to.
    pub arm: String,
    /// Its value for the control group.
    pub control: String,
    /// The columns of outcomes.
    pub outcomes: Vec<String>,
    /// Level of the intervals.
    pub level: f64,
    /// Weights of the arms, the control group among them; none: all alike.
    pub expected: Vec<(String, f64)>,
    /// A column known before the assignment, for post-stratification.
    pub strata: Option<String>,
    /// The smallest difference worth speaking of, of some outcomes.
    pub worthwhile: Vec<(String, f64)>,
    /// Outcomes of which less is good.
    pub lower_is_better: Vec<String>,
    /// Customers who come each day, all arms together.
    pub customers_per_day: Option<f64>,
    /// Customers the experiment is planned for, where it is looked at before they have come.
    pub planned: Option<u64>,
}

impl CompareRequest {
    /// The usual: 95 %, arms alike, nothing else.
    #[must_use]
    pub fn new(arm: &str, control: &str, outcomes: &[&str]) -> Self {
        Self {
            arm: arm.to_owned(),
            control: control.to_owned(),
            outcomes: outcomes.iter().map(|name| (*name).to_owned()).collect(),
            level: 0.95,
            expected: Vec::new(),
            strata: None,
            worthwhile: Vec::new(),
            lower_is_better: Vec::new(),
            customers_per_day: None,
            planned: None,
        }
    }

    /// What can be wrong with it whatever the file holds.
    fn check(&self) -> Result<(), CompareError> {
        if !(self.level >= 0.5 && self.level < 1.0) {
            return Err(CompareError::Level { level: self.level });
        }
        if self.customers_per_day.is_some_and(|rate| !(rate > 0.0 && rate.is_finite())) {
            return Err(CompareError::PerDay);
        }
        let bad = |list: &[(String, f64)]| list.iter().find(|(_, value)| !(*value > 0.0 && value.is_finite())).cloned();
        if let Some((name, value)) = bad(&self.expected) {
            return Err(CompareError::Number { option: "--expected", name, value });
        }
        if let Some((name, value)) = bad(&self.worthwhile) {
            return Err(CompareError::Number { option: "--worthwhile", name, value });
        }
        if let Some(name) = first_twice(self.expected.iter().map(|(name, _)| name)) {
            return Err(CompareError::Twice { option: "--expected", name });
        }
        if let Some(name) = first_twice(self.worthwhile.iter().map(|(name, _)| name)) {
            return Err(CompareError::Twice { option: "--worthwhile", name });
        }
        if let Some(name) = first_twice(self.outcomes.iter().chain([&self.arm]).chain(&self.strata)) {
            return Err(CompareError::SameColumn { column: name });
        }
        let named = self.worthwhile.iter().map(|(name, _)| ("--worthwhile", name));
        let mut named = named.chain(self.lower_is_better.iter().map(|name| ("--lower-is-better", name)));
        match named.find(|(_, name)| !self.outcomes.contains(name)) {
            Some((option, name)) => {
                Err(CompareError::NoOutcome { option, name: name.clone(), outcomes: self.outcomes.join(", ") })
            }
            None => Ok(()),
        }
    }
}

/// The first name that comes twice.
fn first_twice<'a>(names: impl Iterator<Item = &'a String>) -> Option<String> {
    let mut seen = std::collections::BTreeSet::new();
    names.into_iter().find(|name| !seen.insert(name.as_str())).cloned()
}
