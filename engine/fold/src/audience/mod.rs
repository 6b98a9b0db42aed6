//! Who of all customers meets conditions on their row of the customer table.
//!
//! A [`CustomerTest`] is true, false or unknown of a customer, as in SQL. It is asked column by column: each
//! comparison of a column with a constant gives a bit for every customer of a shard, and the rest is logic
//! on words of bits. Nothing of the live table is copied for it.

mod members;
mod outcomes;
#[cfg(test)]
mod tests;
mod values;

pub use members::{Bits, Members};

use crate::live::{FREE, Rows};
use crate::{Comparison, CustomerTable, LiveColumns, TableShard};
use outcomes::{Outcomes, rows_of, said};
use perennial_model::CustomerId;
use std::fmt;
use std::sync::Arc;
use values::Values;

/// A condition on a customer's row. Columns are named by their place in the table.
#[derive(Debug, Clone)]
pub enum CustomerTest {
    /// The same of everybody.
    Known(Option<bool>),
    /// A whole number, a day, an instant or an amount against another one.
    Int(usize, Comparison, i64),
    /// A float against another one.
    Float(usize, Comparison, f64),
    /// What is said of each word, or of true and false, by its code; at 255 of no value.
    Codes(usize, Box<[Option<bool>; 256]>),
    /// The column has no value.
    Missing(usize),
    /// One of the audience's sets has the customer.
    Member(usize),
    /// What an earlier test of the audience said.
    Earlier(usize),
    /// The opposite.
    Not(Box<Self>),
    /// True where it is, false elsewhere: what is unknown counts as false.
    Certain(Box<Self>),
    /// All of these.
    All(Vec<Self>),
    /// One of these.
    Any(Vec<Self>),
    /// Whatever else can be asked of columns.
    Rows(RowsTest),
}

/// Judges some customers by some of their columns; `None` is unknown.
pub type RowsJudge = dyn Fn(&TableShard) -> Vec<Option<bool>> + Send + Sync;

/// A condition that no comparison with a constant expresses.
#[derive(Clone)]
pub struct RowsTest {
    columns: Vec<usize>,
    judge: Arc<RowsJudge>,
}

impl fmt::Debug for RowsTest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RowsTest").field("columns", &self.columns).finish_non_exhaustive()
    }
}

impl RowsTest {
    /// The judge gets these columns, in this order.
    #[must_use]
    pub const fn new(columns: Vec<usize>, judge: Arc<RowsJudge>) -> Self {
        Self { columns, judge }
    }
}

/// Rows that a judge gets at once.
const JUDGED_ROWS: usize = 8192;

/// Tests that are asked together, and the sets that they name.
#[derive(Debug, Clone, Default)]
pub struct Audience {
    tests: Vec<CustomerTest>,
    sets: Vec<Arc<Members>>,
}

/// How many customers a test is true of, and of how many it is unknown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// True.
    pub yes: u64,
    /// Unknown.
    pub unknown: u64,
}

impl Audience {
    /// Tests, each of which may name those before it.
    #[must_use]
    pub const fn new(tests: Vec<CustomerTest>, sets: Vec<Arc<Members>>) -> Self {
        Self { tests, sets }
    }

    /// How many tests.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.tests.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.tests.is_empty()
    }

    /// How many customers each test is true of, each shard as it is when it is asked. Blocks.
    #[must_use]
    pub fn count(&self, live: &LiveColumns, threads: usize) -> Vec<Counted> {
        let counted = each_shard(live.shards(), threads, |shard| {
            let Some(rows) = live.read(shard) else { return Vec::new() };
            let view = View::of_rows(&rows);
            self.outcomes(&view).iter().map(|outcome| view.counted(outcome)).collect()
        });
        sum(self.tests.len(), counted)
    }

    /// As [`Self::count`], of a table that a pass made.
    #[must_use]
    pub fn count_table(&self, table: &CustomerTable, threads: usize) -> Vec<Counted> {
        let counted = each_shard(table.shards.len(), threads, |shard| {
            let Some(rows) = table.shards.get(shard) else { return Vec::new() };
            let view = View::of_table(rows);
            self.outcomes(&view).iter().map(|outcome| view.counted(outcome)).collect()
        });
        sum(self.tests.len(), counted)
    }

    /// Whom each test is true of, each shard as it is when it is asked. Blocks.
    #[must_use]
    pub fn members(&self, live: &LiveColumns, threads: usize) -> Vec<Members> {
        let of_shards = each_shard(live.shards(), threads, |shard| self.members_of(live, shard));
        self.gathered(of_shards)
    }

    /// As [`Self::members`], of a table that a pass made.
    #[must_use]
    pub fn members_of_table(&self, table: &CustomerTable, threads: usize) -> Vec<Members> {
        let of_shards = each_shard(table.shards.len(), threads, |shard| {
            let Some(rows) = table.shards.get(shard) else { return Vec::new() };
            let view = View::of_table(rows);
            self.outcomes(&view).iter().map(|outcome| view.members(outcome)).collect()
        });
        self.gathered(of_shards)
    }

    /// Whom of a shard each test is true of.
    #[must_use]
    pub fn members_of(&self, live: &LiveColumns, shard: usize) -> Vec<Bits> {
        let Some(rows) = live.read(shard) else { return vec![Bits::default(); self.tests.len()] };
        let view = View::of_rows(&rows);
        self.outcomes(&view).iter().map(|outcome| view.members(outcome)).collect()
    }

    /// Whom of some customers of a shard, by their numbers, each test is true of. Cheap where they are few.
    #[must_use]
    pub fn members_among(&self, live: &LiveColumns, shard: usize, numbers: &[u64]) -> Vec<Bits> {
        let places = self.columns();
        let Some(some) = live.some(shard, numbers, &places) else { return vec![Bits::default(); self.tests.len()] };
        let view = View::of_some(&some, &places);
        self.outcomes(&view).iter().map(|outcome| view.members(outcome)).collect()
    }

    /// What each test says of one customer; `None` where there is no such customer.
    #[must_use]
    pub fn of_customer(&self, live: &LiveColumns, customer: CustomerId) -> Option<Vec<Option<bool>>> {
        let places = self.columns();
        let some = live.some(usize::from(customer.shard()), &[customer.number()], &places)?;
        if some.customers.is_empty() {
            return None;
        }
        let said = |outcome: &Outcomes| match (outcome.yes.first(), outcome.no.first()) {
            (Some(yes), _) if yes & 1 == 1 => Some(true),
            (_, Some(no)) if no & 1 == 1 => Some(false),
            _ => None,
        };
        Some(self.outcomes(&View::of_some(&some, &places)).iter().map(said).collect())
    }

    fn gathered(&self, of_shards: Vec<Vec<Bits>>) -> Vec<Members> {
        let mut tests: Vec<Vec<Bits>> = vec![Vec::with_capacity(of_shards.len()); self.tests.len()];
        for of_shard in of_shards {
            for (test, bits) in tests.iter_mut().zip(of_shard) {
                test.push(bits);
            }
        }
        tests.into_iter().map(Members::of_shards).collect()
    }

    /// Columns that the tests name, ascending.
    fn columns(&self) -> Vec<usize> {
        let mut columns = Vec::new();
        self.tests.iter().for_each(|test| test.columns(&mut columns));
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    fn outcomes(&self, view: &View<'_>) -> Vec<Outcomes> {
        let mut outcomes: Vec<Outcomes> = Vec::with_capacity(self.tests.len());
        for test in &self.tests {
            let asked = Asked { view, earlier: &outcomes, sets: &self.sets };
            let outcome = test.of(&asked, &view.valid);
            outcomes.push(outcome);
        }
        outcomes
    }
}

/// Runs over all shards on some threads of its own; a pool may be busy with what takes longer.
fn each_shard<T: Send>(shards: usize, threads: usize, of: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let threads = threads.clamp(1, shards.max(1));
    if threads == 1 {
        return (0..shards).map(of).collect();
    }
    let (of, each) = (&of, shards.div_ceil(threads));
    std::thread::scope(|scope| {
        let parts = (0..threads).map(|part| part * each..shards.min((part + 1) * each));
        let running: Vec<_> = parts.map(|part| scope.spawn(move || part.map(of).collect::<Vec<T>>())).collect();
        // A thread that panicked has said so; its shards have nobody.
        running.into_iter().flat_map(|part| part.join().unwrap_or_default()).collect()
    })
}

fn sum(tests: usize, counted: Vec<Vec<Counted>>) -> Vec<Counted> {
    let mut sums = vec![Counted::default(); tests];
    for shard in counted {
        for (sum, counted) in sums.iter_mut().zip(shard) {
            sum.yes += counted.yes;
            sum.unknown += counted.unknown;
        }
    }
    sums
}

/// Some customers and their columns, by place.
struct View<'a> {
    customers: &'a [u64],
    columns: Vec<Option<Values<'a>>>,
    /// Rows that have a customer.
    valid: Vec<u64>,
}

impl<'a> View<'a> {
    fn new(customers: &'a [u64], columns: Vec<Option<Values<'a>>>) -> Self {
        let valid = Outcomes::map(customers, |customer| said(customer != FREE, true)).yes;
        Self { customers, columns, valid }
    }

    fn of_rows(rows: &'a Rows) -> Self {
        Self::new(&rows.customers, rows.columns.iter().map(|column| Some(column.into())).collect())
    }

    fn of_table(shard: &'a TableShard) -> Self {
        Self::new(&shard.customers, shard.columns.iter().map(|column| Some(column.into())).collect())
    }

    /// Columns of these places only.
    fn of_some(shard: &'a TableShard, places: &[usize]) -> Self {
        let mut columns = vec![None; places.last().map_or(0, |last| last + 1)];
        for (place, column) in places.iter().zip(&shard.columns) {
            columns[*place] = Some(column.into());
        }
        Self::new(&shard.customers, columns)
    }

    fn column(&self, place: usize) -> Option<Values<'a>> {
        self.columns.get(place).copied().flatten()
    }

    fn counted(&self, outcome: &Outcomes) -> Counted {
        let mut counted = Counted::default();
        for ((yes, no), valid) in outcome.yes.iter().zip(&outcome.no).zip(&self.valid) {
            counted.yes += u64::from((yes & valid).count_ones());
            counted.unknown += u64::from((valid & !yes & !no).count_ones());
        }
        counted
    }

    fn members(&self, outcome: &Outcomes) -> Bits {
        let mut bits = Bits::default();
        let yes: Vec<u64> = outcome.yes.iter().zip(&self.valid).map(|(yes, valid)| yes & valid).collect();
        for row in rows_of(&yes) {
            if let Some(customer) = self.customers.get(row) {
                bits.insert(CustomerId(*customer).number());
            }
        }
        bits
    }
}

/// Whom a test is asked about, and what it may name.
struct Asked<'a> {
    view: &'a View<'a>,
    earlier: &'a [Outcomes],
    sets: &'a [Arc<Members>],
}

impl CustomerTest {
    /// What it says of each row of `among`; of the others anything may come.
    fn of(&self, asked: &Asked<'_>, among: &[u64]) -> Outcomes {
        let (view, rows) = (asked.view, asked.view.customers.len());
        let column = |place: &usize, of: &dyn Fn(Values<'_>) -> Outcomes| {
            view.column(*place).map_or_else(|| Outcomes::unknown(rows), of)
        };
        match self {
            Self::Known(known) => Outcomes::of(*known, rows),
            Self::Int(place, comparison, limit) => column(place, &|values| values.ints(*comparison, *limit, rows)),
            Self::Float(place, comparison, limit) => column(place, &|values| values.floats(*comparison, *limit, rows)),
            Self::Codes(place, outcomes) => column(place, &|values| values.codes(outcomes, rows)),
            Self::Missing(place) => view.column(*place).map_or_else(|| Outcomes::unknown(rows), Values::missing),
            Self::Member(set) => match asked.sets.get(*set) {
                Some(members) => {
                    let has = |customer: u64| customer != FREE && members.contains(CustomerId(customer));
                    Outcomes::map(view.customers, |customer| said(true, has(customer)))
                }
                None => Outcomes::of(Some(false), rows),
            },
            Self::Earlier(test) => asked.earlier.get(*test).cloned().unwrap_or_else(|| Outcomes::unknown(rows)),
            Self::Not(test) => test.of(asked, among).negated(),
            Self::Certain(test) => test.of(asked, among).certain(),
            Self::All(tests) => {
                let (mut outcome, mut open) = (Outcomes::of(Some(true), rows), among.to_vec());
                for test in cheap_first(tests) {
                    outcome.and(&test.of(asked, &open));
                    narrow(&mut open, &outcome.no);
                }
                outcome
            }
            Self::Any(tests) => {
                let (mut outcome, mut open) = (Outcomes::of(Some(false), rows), among.to_vec());
                for test in cheap_first(tests) {
                    outcome.or(&test.of(asked, &open));
                    narrow(&mut open, &outcome.yes);
                }
                outcome
            }
            Self::Rows(test) => test.of(view, among),
        }
    }

    fn columns(&self, into: &mut Vec<usize>) {
        match self {
            Self::Known(_) | Self::Member(_) | Self::Earlier(_) => {}
            Self::Int(place, ..) | Self::Float(place, ..) | Self::Codes(place, _) | Self::Missing(place) => {
                into.push(*place);
            }
            Self::Not(test) | Self::Certain(test) => test.columns(into),
            Self::All(tests) | Self::Any(tests) => tests.iter().for_each(|test| test.columns(into)),
            Self::Rows(test) => into.extend(&test.columns),
        }
    }

    /// Whether a judge is asked row by row.
    fn is_dear(&self) -> bool {
        match self {
            Self::Rows(_) => true,
            Self::Not(test) | Self::Certain(test) => test.is_dear(),
            Self::All(tests) | Self::Any(tests) => tests.iter().any(Self::is_dear),
            _ => false,
        }
    }
}

/// A judge is asked last, of those whom nothing else decides.
fn cheap_first(tests: &[CustomerTest]) -> impl Iterator<Item = &CustomerTest> {
    let cheap = tests.iter().filter(|test| !test.is_dear());
    cheap.chain(tests.iter().filter(|test| test.is_dear()))
}

/// Takes rows that are decided out.
fn narrow(open: &mut [u64], decided: &[u64]) {
    for (open, decided) in open.iter_mut().zip(decided) {
        *open &= !decided;
    }
}

impl RowsTest {
    fn of(&self, view: &View<'_>, among: &[u64]) -> Outcomes {
        let mut said = Outcomes::unknown(view.customers.len());
        let open: Vec<usize> = rows_of(among).collect();
        for rows in open.chunks(JUDGED_ROWS) {
            let columns = self.columns.iter().filter_map(|place| Some(view.column(*place)?.at(rows)));
            let some = TableShard {
                customers: rows.iter().filter_map(|row| view.customers.get(*row).copied()).collect(),
                columns: columns.collect(),
            };
            for (row, outcome) in rows.iter().zip((self.judge)(&some)) {
                said.set(*row, outcome);
            }
        }
        said
    }
}
