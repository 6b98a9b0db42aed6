//! Rows into groups, one row at a time.

use super::cell::Cell;
use super::{Answer, CompareError, CompareRequest, answer};
use crate::{MOST_RESAMPLED, Moments};
use std::collections::BTreeMap;

/// Most different values the column of arms may have.
pub const MOST_ARMS: usize = 100;
/// Most different values the column of strata may have.
pub const MOST_STRATA: usize = 1_000;
/// Longest piece of a cell that a message shows, in characters.
const SHOWN: usize = 40;
/// Most columns that a message lists.
const LISTED: usize = 50;

/// An outcome of a group.
#[derive(Debug, Clone, Default)]
pub(super) struct Outcome {
    pub(super) moments: Moments,
    /// What is not zero, for the bootstrap: one more at most than it takes.
    pub(super) others: Vec<f64>,
    /// By stratum, as far as there are customers of it.
    pub(super) strata: Vec<Moments>,
}

impl Outcome {
    fn add(&mut self, value: f64) {
        self.moments.add(value);
        if value != 0.0 && self.others.len() <= MOST_RESAMPLED {
            self.others.push(value);
        }
    }
}

/// Customers assigned to an arm, with their outcomes in the order asked for.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) customers: u64,
    pub(super) outcomes: Vec<Outcome>,
}

/// What is known of an outcome's column.
#[derive(Debug, Clone)]
pub(super) struct OutcomeColumn {
    place: usize,
    pub(super) name: String,
    /// Whether true or false was seen.
    words: bool,
    /// Something else than 0 and 1.
    number: Option<f64>,
}

impl OutcomeColumn {
    /// Whether it is yes or no for everybody.
    pub(super) fn is_share(&self) -> bool {
        self.number.is_none()
    }
}

/// Takes the rows of a file, keeps sums.
#[derive(Debug, Clone)]
pub struct Collector {
    pub(super) request: CompareRequest,
    pub(super) file: String,
    arm: usize,
    stratum: Option<usize>,
    pub(super) outcomes: Vec<OutcomeColumn>,
    pub(super) groups: BTreeMap<String, Group>,
    strata: BTreeMap<String, usize>,
    pub(super) rows: u64,
    pub(super) rows_without_arm: u64,
}

impl Collector {
    /// For a file with these columns.
    ///
    /// # Errors
    /// The request makes no sense, or names a column that the file does not have.
    pub fn new(request: CompareRequest, file: &str, header: &[String]) -> Result<Self, CompareError> {
        request.check()?;
        let place = |option: &'static str, column: &str| {
            header.iter().position(|name| name == column).ok_or_else(|| CompareError::NoColumn {
                file: file.to_owned(),
                option,
                column: column.to_owned(),
                columns: listed(header),
            })
        };
        let outcome = |name: &String| {
            let place = place("--outcome", name)?;
            Ok(OutcomeColumn { place, name: name.clone(), words: false, number: None })
        };
        Ok(Self {
            arm: place("--arm", &request.arm)?,
            stratum: request.strata.as_ref().map(|name| place("--strata", name)).transpose()?,
            outcomes: request.outcomes.iter().map(outcome).collect::<Result<_, _>>()?,
            request,
            file: file.to_owned(),
            groups: BTreeMap::new(),
            strata: BTreeMap::new(),
            rows: 0,
            rows_without_arm: 0,
        })
    }

    /// Takes the row that begins on `line`; `cell` gives its cells. A row without an arm belongs to a
    /// customer who was not assigned: it is counted and left out.
    ///
    /// # Errors
    /// An outcome is empty or no number, or there are more arms or strata than can be.
    pub fn add<'a>(&mut self, line: u64, cell: impl Fn(usize) -> &'a str) -> Result<(), CompareError> {
        self.rows += 1;
        let arm = cell(self.arm).trim();
        if arm.is_empty() {
            self.rows_without_arm += 1;
            return Ok(());
        }
        let stratum = self.stratum.map(|place| self.stratum_of(line, cell(place).trim())).transpose()?;
        if !self.groups.contains_key(arm) {
            self.open_group(line, arm)?;
        }
        let Some(group) = self.groups.get_mut(arm) else { return Ok(()) };
        group.customers += 1;
        for (column, outcome) in self.outcomes.iter_mut().zip(&mut group.outcomes) {
            let value = column.value(&self.file, line, cell(column.place))?;
            outcome.add(value);
            if let Some(stratum) = stratum {
                if outcome.strata.len() <= stratum {
                    outcome.strata.resize(stratum + 1, Moments::default());
                }
                outcome.strata[stratum].add(value);
            }
        }
        Ok(())
    }

    /// Takes a customer whose outcomes are numbers already, in the order asked for.
    ///
    /// # Errors
    /// There are more arms than can be.
    pub fn add_numbers(&mut self, arm: &str, values: &[f64]) -> Result<(), CompareError> {
        self.rows += 1;
        if !self.groups.contains_key(arm) {
            self.open_group(self.rows, arm)?;
        }
        let Some(group) = self.groups.get_mut(arm) else { return Ok(()) };
        group.customers += 1;
        for ((column, outcome), value) in self.outcomes.iter_mut().zip(&mut group.outcomes).zip(values) {
            if *value != 0.0 && *value != 1.0 {
                column.number.get_or_insert(*value);
            }
            outcome.add(*value);
        }
        Ok(())
    }

    /// Compares what was taken.
    ///
    /// # Errors
    /// The control group or every other arm is missing, or a group has a single row.
    pub fn answer(&self) -> Result<Answer, CompareError> {
        answer::answer(self)
    }

    /// How many strata there are.
    pub(super) fn stratum_count(&self) -> usize {
        self.strata.len()
    }

    fn open_group(&mut self, line: u64, arm: &str) -> Result<(), CompareError> {
        if self.groups.len() == MOST_ARMS {
            let (file, column) = (self.file.clone(), self.request.arm.clone());
            return Err(CompareError::TooManyArms { file, line, column, limit: MOST_ARMS });
        }
        let outcomes = vec![Outcome::default(); self.outcomes.len()];
        self.groups.insert(arm.to_owned(), Group { customers: 0, outcomes });
        Ok(())
    }

    fn stratum_of(&mut self, line: u64, name: &str) -> Result<usize, CompareError> {
        if let Some(place) = self.strata.get(name) {
            return Ok(*place);
        }
        let place = self.strata.len();
        if place == MOST_STRATA {
            let (file, column) = (self.file.clone(), self.request.strata.clone().unwrap_or_default());
            return Err(CompareError::TooManyStrata { file, line, column, limit: MOST_STRATA });
        }
        self.strata.insert(name.to_owned(), place);
        Ok(place)
    }
}

impl OutcomeColumn {
    fn value(&mut self, file: &str, line: u64, text: &str) -> Result<f64, CompareError> {
        let (file, column) = (|| file.to_owned(), || self.name.clone());
        let value = match Cell::read(text) {
            Cell::Empty => return Err(CompareError::Empty { file: file(), line, column: column() }),
            Cell::Other => {
                return Err(CompareError::NoNumber { file: file(), line, column: column(), found: shown(text) });
            }
            Cell::Word(word) => {
                self.words = true;
                f64::from(u8::from(word))
            }
            Cell::Number(number) => {
                if number != 0.0 && number != 1.0 {
                    self.number.get_or_insert(number);
                }
                number
            }
        };
        if self.words && self.number.is_some() {
            return Err(CompareError::Mixed { file: file(), line, column: self.name.clone(), found: shown(text) });
        }
        Ok(value)
    }
}

/// The beginning of a cell.
fn shown(text: &str) -> String {
    let text = text.trim();
    let mut short: String = text.chars().take(SHOWN).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Names in a row, not all of a thousand.
fn listed(names: &[String]) -> String {
    let mut text = names.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > LISTED {
        text.push_str(", …");
    }
    text
}
