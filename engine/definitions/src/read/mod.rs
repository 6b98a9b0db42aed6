//! Files into definitions, or into all that is wrong with them.

mod acquisition;
mod brand;
mod experiments;
mod fields;
mod metrics;
mod references;
mod segments;
#[cfg(test)]
mod tests;
mod values;

use crate::yaml::{Fault, Node, parse, place};
use crate::{
    BRAND_FILE, Definitions, EXPERIMENTS_FILE, Experiment, Expressions, FILES, METRICS_FILE, Problem, SEGMENTS_FILE,
    SOURCES_FILE, SPEND_FILE, SourceFile,
};
use perennial_model::{Currency, PropertySpec, PropertyType, nearest};
use std::collections::BTreeMap;

/// A file is no larger.
pub const MAX_FILE_BYTES: usize = 1 << 20;
/// Metrics of a brand, and segments, at most.
pub const MAX_ENTRIES: usize = 2000;
/// Problems told at once.
pub const MAX_PROBLEMS: usize = 200;
/// Letters of what is said about a problem: it may quote a file.
const MAX_SAID_LETTERS: usize = 400;

/// What definitions must fit.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// Columns that the customer table has of itself: no metric may take their names.
    pub columns: &'a [&'a str],
    /// The time zone that the data directory counts days in, once it knows.
    pub timezone: Option<&'a str>,
    /// The currency of its amounts, once it knows.
    pub currency: Option<Currency>,
    /// Experiments that have begun, as they began: their customers are divided for good.
    pub begun: &'a [Experiment],
    /// Who judges SQL.
    pub expressions: &'a dyn Expressions,
}

/// Definitions without a problem, and what was learnt on the way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The definitions.
    pub definitions: Definitions,
    /// Properties that metrics name and nobody has declared, by name.
    pub undeclared: Vec<PropertySpec>,
    /// Names of segments, each behind those it names.
    pub segment_order: Vec<String>,
}

/// Reads the files of a brand directory. One that is not there defines nothing.
///
/// # Errors
/// Everything that is wrong, by file and line; [`MAX_PROBLEMS`] at most.
pub fn read(files: &[SourceFile], surroundings: &Surroundings<'_>) -> Result<Reading, Vec<Problem>> {
    read_files(files, surroundings, true)
}

/// Reads one of the files by itself: that what it names is defined in others is taken for granted.
pub(crate) fn read_alone(file: &SourceFile, surroundings: &Surroundings<'_>) -> Result<Reading, Vec<Problem>> {
    read_files(std::slice::from_ref(file), surroundings, false)
}

fn read_files(files: &[SourceFile], surroundings: &Surroundings<'_>, whole: bool) -> Result<Reading, Vec<Problem>> {
    let mut found: Vec<Problem> = files.iter().filter_map(stranger).collect();
    let text = |name: &str| files.iter().find(|file| file.name == name).map(|file| file.text.as_str());
    let page = |name: &'static str| Page { name, text: text(name).unwrap_or_default(), problems: Vec::new(), more: 0 };
    let (mut brand, mut metrics) = (page(BRAND_FILE), page(METRICS_FILE));
    let (mut segments, mut experiments) = (page(SEGMENTS_FILE), page(EXPERIMENTS_FILE));
    let (mut sources, mut spend) = (page(SOURCES_FILE), page(SPEND_FILE));
    let mut undeclared = BTreeMap::new();
    let definitions_of_brand = brand::read(&mut brand, surroundings, &mut undeclared);
    let (own, legible) = metrics::read(&mut metrics, surroundings, &mut undeclared);
    // What a segment names may be in the part of the metrics that could not be read.
    let known = legible.then_some(own.as_slice());
    let (those, segment_order, legible) = segments::read(&mut segments, surroundings, known);
    let around = experiments::Around {
        metrics: known.filter(|_| whole),
        segments: (legible && whole).then_some(those.as_slice()),
    };
    let tried = experiments::read(&mut experiments, surroundings, &around);
    let (came, legible) = acquisition::sources(&mut sources, surroundings, &mut undeclared);
    let currency = surroundings.currency.or(definitions_of_brand.currency);
    let spent = acquisition::spend(&mut spend, currency, (legible && whole).then_some(came.as_slice()));
    let mut more = 0;
    for page in [brand, metrics, segments, experiments, sources, spend] {
        found.extend(page.problems);
        more += page.more;
    }
    if found.is_empty() {
        let definitions = Definitions {
            brand: definitions_of_brand,
            metrics: own,
            segments: those,
            experiments: tried,
            sources: came,
            spend: spent,
        };
        let undeclared = undeclared.into_iter().map(|(name, property_type)| PropertySpec { name, property_type });
        return Ok(Reading { definitions, undeclared: undeclared.collect(), segment_order });
    }
    found.sort();
    found.dedup();
    Err(bounded(found, more))
}

fn bounded(mut found: Vec<Problem>, left_out: usize) -> Vec<Problem> {
    let more = left_out + found.len().saturating_sub(MAX_PROBLEMS);
    found.truncate(MAX_PROBLEMS);
    if more > 0
        && let Some(last) = found.last_mut()
    {
        last.message = format!("{} ({more} more problems are not shown)", last.message);
    }
    found
}

/// A file that is none of ours.
fn stranger(file: &SourceFile) -> Option<Problem> {
    if FILES.contains(&file.name.as_str()) {
        return None;
    }
    let fix = match nearest(&file.name, FILES) {
        Some(near) => format!("rename it to {near}"),
        None => format!("take it out of the directory; known are {}", FILES.join(", ")),
    };
    let message = "nothing is read from a file of this name".to_owned();
    Some(Problem { file: file.name.clone(), line: 1, column: 1, message, fix })
}

/// Properties that nobody has declared, with the types that conditions tell.
type Undeclared = BTreeMap<String, PropertyType>;

/// A file while it is read.
struct Page<'a> {
    name: &'static str,
    text: &'a str,
    problems: Vec<Problem>,
    /// Problems beyond the most.
    more: usize,
}

impl Page<'_> {
    /// Notes a problem at a byte.
    fn problem(&mut self, at: usize, message: impl AsRef<str>, fix: impl AsRef<str>) {
        if self.is_full() {
            self.more += 1;
            return;
        }
        let (line, column) = place(self.text, at);
        let (file, message, fix) = (self.name.to_owned(), on_one_line(message.as_ref()), on_one_line(fix.as_ref()));
        self.problems.push(Problem { file, line, column, message, fix });
    }

    /// Whether no more problems are told, only counted.
    fn is_full(&self) -> bool {
        self.problems.len() >= MAX_PROBLEMS
    }

    /// A place, as a problem names it.
    fn place(&self, at: usize) -> String {
        let (line, column) = place(self.text, at);
        format!("{}:{line}:{column}", self.name)
    }

    /// The tree of the file; none where nothing is in it. A file that is no YAML is a problem, and none too.
    fn tree(&mut self) -> Tree {
        if self.text.len() > MAX_FILE_BYTES {
            let message = format!("the file has {} bytes, more than {MAX_FILE_BYTES}", self.text.len());
            self.problem(0, message, "take out what is not needed");
            return Tree::Illegible;
        }
        match parse(self.text) {
            Ok(Some(root)) => Tree::Root(root),
            Ok(None) => Tree::Empty,
            Err(Fault { at, message, fix }) => {
                self.problem(at, message, fix);
                Tree::Illegible
            }
        }
    }
}

/// What is said about a problem, whatever it quotes.
fn on_one_line(said: &str) -> String {
    let plain = said.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    let mut line: String = plain.take(MAX_SAID_LETTERS).collect();
    if said.chars().nth(MAX_SAID_LETTERS).is_some() {
        line.push('…');
    }
    line
}

/// What became of a file's text.
enum Tree {
    Root(Node),
    Empty,
    Illegible,
}
