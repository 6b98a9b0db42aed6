//! What every figure of the API means. A figure is named by the way to its field in the answer, without
//! places in lists; `today.active_rate.rate.low` is explained with `today.active_rate.rate`.

mod acquisition;
mod attribution;
mod customer;
mod experiments;
mod segments;
mod sql;
mod today;

use crate::figures::Computed;

/// In English and in Chinese.
pub(crate) type Words = (&'static str, &'static str);

/// One figure, or some that belong together.
#[derive(Clone, Copy)]
pub(crate) struct Said {
    /// Its name.
    pub(crate) figure: &'static str,
    pub(crate) title: Words,
    pub(crate) definition: Words,
    pub(crate) formula: Option<Words>,
    /// Number of its mechanism.
    pub(crate) mechanism: Option<&'static str>,
    /// SQL that gives it: one column `value`, and for a list `key` before it.
    pub(crate) sql: Option<fn(&Computed) -> String>,
    /// Whether it stands for the fields right below it too.
    pub(crate) whole: bool,
}

const fn said(figure: &'static str, title: Words, definition: Words) -> Said {
    Said { figure, title, definition, formula: None, mechanism: None, sql: None, whole: false }
}

impl Said {
    const fn of(mut self, mechanism: &'static str) -> Self {
        self.mechanism = Some(mechanism);
        self
    }

    const fn formula(mut self, formula: Words) -> Self {
        self.formula = Some(formula);
        self
    }

    const fn sql(mut self, sql: fn(&Computed) -> String) -> Self {
        self.sql = Some(sql);
        self
    }

    const fn whole(mut self) -> Self {
        self.whole = true;
        self
    }
}

/// Before the names of figures in an answer to who looks for a customer.
const FOUND: &str = "find.matches.";

/// Before the names of an experiment's figures in the list of all.
const LISTED: &str = "experiments.experiments.";

/// Before the names of figures of the customers of a mode and of a source: they are those of all customers.
const OF_SOME: [&str; 2] = ["acquisition_sources.modes.figures.", "acquisition_sources.sources.figures."];
/// Before the names of figures of all customers.
const OF_ALL: &str = "acquisition_sources.all.";

/// All of them; columns of the customer table have their words in the table.
pub(crate) fn all() -> impl Iterator<Item = &'static Said> {
    let of_people = today::SAID.iter().chain(&customer::SAID).chain(&segments::SAID);
    of_people.chain(&experiments::SAID).chain(&acquisition::SAID).chain(&attribution::SAID)
}

/// What explains a figure; those of a customer who was found are those of the customer's page, those of an
/// experiment in the list are those of its own page where nothing else is said, and those of some sources those of all.
pub(crate) fn find(figure: &str) -> Option<&'static Said> {
    let of_some = OF_SOME.iter().find_map(|before| figure.strip_prefix(before));
    named(figure)
        .or_else(|| named(&format!("experiment.{}", figure.strip_prefix(LISTED)?)))
        .or_else(|| named(&format!("{OF_ALL}{}", of_some?)))
}

fn named(figure: &str) -> Option<&'static Said> {
    let figure = figure.strip_prefix(FOUND).unwrap_or(figure);
    let above = figure.rsplit_once('.').map(|(above, _)| above);
    all().find(|said| said.figure == figure).or_else(|| all().find(|said| said.whole && Some(said.figure) == above))
}
