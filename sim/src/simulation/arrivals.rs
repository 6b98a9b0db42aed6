//! Who comes on which day: customers to be, and strangers who only look around.

use super::catalogue::{CATEGORIES, Channel, PRODUCTS, Product, category_weights, product_weights};
use super::chance::{generator, geometric, pick, poisson};
use super::message::Call;
use super::scene::{Due, Step, envelope};
use super::season;
use super::visit::product_said;
use super::{Message, SimulationOptions};
use crate::{HORIZON_DAYS, Language};
use rand::RngExt as _;

/// How much denser arrivals are after two years than at first, less one.
const GROWTH: f64 = 1.5;
/// Numbers that one day may give away.
const DAY_NUMBERS: u64 = 100_000;
/// Strangers by customer to be.
const STRANGERS: f64 = 0.5;
/// Drawers of a day's arrivals; customers have smaller numbers.
const CUSTOMERS_OF_DAY: u64 = 1 << 60;
const STRANGERS_OF_DAY: u64 = 1 << 61;

#[derive(Debug)]
pub(super) struct Arrivals {
    seed: u64,
    first_day: i32,
    language: Language,
    /// Customers by unit of density.
    scale: f64,
}

impl Arrivals {
    pub(super) fn new(options: &SimulationOptions) -> Self {
        let sum: f64 = (0..HORIZON_DAYS).map(|since| density(options.first_day, since)).sum();
        let scale = options.customers as f64 / sum;
        Self { seed: options.seed, first_day: options.first_day, language: options.language, scale }
    }

    fn day_number(&self, day: i32) -> u64 {
        u64::try_from(day - self.first_day).unwrap_or_default()
    }

    /// Numbers of a day's customers, and when each is first seen.
    pub(super) fn customers(&self, day: i32) -> Vec<(u64, i64)> {
        let since = self.day_number(day);
        let mut rng = generator(self.seed, CUSTOMERS_OF_DAY, since);
        let count = poisson(self.scale * density(self.first_day, day - self.first_day), &mut rng);
        let count = u64::from(count).min(DAY_NUMBERS);
        (0..count).map(|place| (since * DAY_NUMBERS + place, season::instant(day, rng.random()))).collect()
    }

    /// What a day's strangers do.
    pub(super) fn strangers(&self, day: i32) -> Vec<Due> {
        let since = self.day_number(day);
        let mut rng = generator(self.seed, STRANGERS_OF_DAY, since);
        let count = poisson(STRANGERS * self.scale * density(self.first_day, day - self.first_day), &mut rng);
        let mut dues = Vec::new();
        for place in 0..u64::from(count) {
            let number = STRANGERS_OF_DAY + since * DAY_NUMBERS + place;
            let id = format!("{since}-{place}");
            let channel = if rng.random_bool(0.5) { Channel::Web } else { Channel::MiniProgram };
            let mut time_us = season::instant(day, rng.random());
            for view in 0..geometric(0.5, 6, &mut rng) {
                let category = pick(&category_weights(), &mut rng).min(CATEGORIES.len() - 1);
                let product = Product { category, place: pick(&product_weights(), &mut rng).min(PRODUCTS - 1) };
                let call = match (view, channel) {
                    (0, Channel::Web) => Call::Page("Home"),
                    (0, _) => Call::Screen("Home"),
                    _ => Call::Track("Product Viewed"),
                };
                let said = product_said(product, channel, self.language);
                let message = Message {
                    time_us,
                    head: envelope(self.seed, &format!("s{id}-{view}"), None, Some(&format!("stranger-{id}"))),
                    call,
                    said: if view == 0 { super::visit::place_said(channel) } else { said },
                    times: Vec::new(),
                    context: super::json::Members::default(),
                };
                let step = Step::Say(Box::new(message));
                dues.push(Due { time_us, number, place: view, index: u32::MAX, step });
                time_us += rng.random_range(10..120) * 1_000_000;
            }
        }
        dues
    }
}

/// Arrivals are swayed by the calendar more than orders of those who know the brand.
fn density(first_day: i32, since: i32) -> f64 {
    let age = f64::from(since.clamp(0, HORIZON_DAYS)) / f64::from(HORIZON_DAYS);
    (1.0 + GROWTH * age) * season::weight(first_day + since).powf(1.5)
}
