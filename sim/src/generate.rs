//! From options to a file, day by day.

use crate::basket::{MEAN_LINES, MEAN_SESSION_ROWS, Session};
use crate::file::{File, Visit};
use crate::people::{People, second_of_day};
use crate::{Brand, HORIZON_DAYS, Language, SimError};
use perennial_model::{civil_from_day, day_from_civil};
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use std::io::Write;

const MOST_CUSTOMERS: u64 = 50_000_000;
const MOST_EVENTS: u64 = 10_000_000_000;
/// People and their shopping draw from a stream of their own, so that the catalogue of a seed is the
/// same whatever the number of customers.
const PEOPLE_STREAM: u64 = 1;

/// What to generate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GenerateOptions {
    /// Customers of the brand.
    pub customers: u64,
    /// Rows of the file, within a few per cent.
    pub events: u64,
    /// The same seed gives the same bytes.
    pub seed: u64,
    /// First day of the file, in days since 1970-01-01, in the brand's own zone.
    pub start_day: i32,
    /// Language of headings and products.
    pub language: Language,
    /// An order file; otherwise visits, views and carts too.
    pub orders_only: bool,
}

impl GenerateOptions {
    /// An order file in English that begins on 2024-01-01, with a fixed seed.
    #[must_use]
    pub fn new(customers: u64, events: u64) -> Self {
        let start_day = day_from_civil(2024, 1, 1).unwrap_or_default();
        Self { customers, events, seed: 20_260_101, start_day, language: Language::English, orders_only: true }
    }
}

/// What is true of a generated file, to hold a report against.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Customers of the brand.
    pub customers: u64,
    /// Of them, those who have left for good before the end.
    pub dropped_out: u64,
    /// Rows below the headings.
    pub rows: u64,
    /// Orders, cancelled ones too.
    pub orders: u64,
    /// Orders that were cancelled.
    pub cancelled_orders: u64,
    /// Order lines.
    pub lines: u64,
    /// Lines refunded, wholly or by half.
    pub refunded_lines: u64,
    /// Money of the orders that were not cancelled, before refunds, in minor units.
    pub gross_minor: i64,
    /// Money given back, in minor units.
    pub refunds_minor: i64,
}

/// Writes a brand's file of two years, sorted by day, in a single pass and with memory for the
/// customers only. `out` gets many small writes: give it a buffer.
///
/// # Errors
/// Options that contradict each other or are out of range, or what `out` says.
pub fn generate(options: &GenerateOptions, out: &mut dyn Write) -> Result<Summary, SimError> {
    let mean_rows = if options.orders_only { MEAN_LINES } else { MEAN_SESSION_ROWS };
    let customers = check(options, mean_rows)?;
    let brand = Brand::new(options.seed, options.language);
    let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
    rng.set_stream(PEOPLE_STREAM);
    let people = People::draw(customers, options.events as f64 / mean_rows, &mut rng);
    let summary = Summary { customers: options.customers, dropped_out: people.dropped_out, ..Summary::default() };
    let mut file = File { brand: &brand, out, orders_only: options.orders_only, summary, buffer: Vec::new() };
    file.headings()?;
    write_days(people, options.start_day, &mut file, &mut rng)?;
    let summary = file.summary;
    out.flush()?;
    Ok(summary)
}

fn check(options: &GenerateOptions, mean_rows: f64) -> Result<usize, SimError> {
    let customers = usize::try_from(options.customers).unwrap_or_default();
    if customers == 0 || options.customers > MOST_CUSTOMERS {
        return Err(SimError::Customers { most: MOST_CUSTOMERS });
    }
    if options.events > MOST_EVENTS {
        return Err(SimError::TooManyEvents { most: MOST_EVENTS });
    }
    let least = (options.customers as f64 * mean_rows).floor() as u64;
    if options.events < least {
        return Err(SimError::TooFewEvents { customers: options.customers, least });
    }
    let (first_year, ..) = civil_from_day(options.start_day);
    if !(1970..=9990).contains(&first_year) {
        return Err(SimError::StartDay);
    }
    Ok(customers)
}

/// A calendar queue: each customer waits in the list of the day of the next session.
fn write_days(mut people: People, start_day: i32, file: &mut File<'_>, rng: &mut ChaCha8Rng) -> Result<(), SimError> {
    let mut waiting: Vec<Vec<u32>> = vec![Vec::new(); HORIZON_DAYS as usize];
    for (number, person) in (0_u32..).zip(&people.persons) {
        waiting[person.whole_day()].push(number);
    }
    let mut today: Vec<(u32, u32)> = Vec::new();
    for (index, day) in (0..waiting.len()).zip(start_day..) {
        today.clear();
        for number in std::mem::take(&mut waiting[index]) {
            let person = &mut people.persons[number as usize];
            loop {
                today.push((second_of_day(rng), number));
                if !person.advance(rng) {
                    break;
                }
                let next = person.whole_day();
                if next > index {
                    waiting[next].push(number);
                    break;
                }
            }
        }
        today.sort_unstable();
        for &(second, number) in &today {
            let session = Session::draw(file.brand, file.orders_only, rng);
            file.session(&Visit { customer: u64::from(number) + 1, day, second }, &session)?;
        }
    }
    Ok(())
}
