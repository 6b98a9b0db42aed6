//! A brand that lives on: what its customers do, as messages of the tracking API, in order of time.
//!
//! The same [`SimulationOptions`] give the same messages, and a longer history begins with the
//! shorter one: "now" is only where one stops asking. Each customer draws from a generator of its
//! own, so that nothing depends on who comes first. The model, MBG/NBD with a calendar:
//!
//! - customers arrive by a Poisson process, 2.5 times as densely after two years as at first, and
//!   more so on busy days; about [`SimulationOptions::customers`] in two years;
//! - a customer orders at a rate of Gamma(0.8, rate 45 days) by season day (`season.rs`: weekdays,
//!   618, Double Eleven, Spring Festival count more or less than one), while it stays;
//! - after each order, the first too, it leaves for good with a chance drawn once from Beta(0.7, 2.1);
//! - four in five orders are in its own channel (taobao, tmall, douyin, mini-program, store, web); a
//!   session of an own channel shows pages, views and the cart before the order;
//! - an order has 1 to 6 lines; parcels are shipped and delivered with a promised day; a few are
//!   reviewed, refunded by line or whole, weeks later; a few are placed twice and one is cancelled;
//! - members have a phone, perhaps an e-mail, unionid and openid, or a marketplace's name; many were
//!   seen on an anonymous device before; some consent, reply, withdraw; strangers look around;
//! - most customers' first event says where they came from (`utm_source`): advertising brings those who
//!   leave soon, friends those who stay;
//! - two failings: one store delivers late until the end of the first year, one product is broken
//!   often. Both lead to bad reviews or refunds, and drive customers away.
//!
//! People are no one: the surname is "Simulated" or 模拟, e-mails are at example.com, phones begin
//! with +86 12, which no mobile number does.

mod aftermath;
mod arrivals;
mod campaign;
mod catalogue;
mod chance;
mod contact;
mod customer;
mod json;
mod message;
mod order;
mod scene;
mod season;
mod truth;
mod visit;
mod words;

pub use campaign::Campaign;
pub use customer::Cause;
pub use json::quoted_instant;
pub use message::Message;
pub use truth::{Failing, TrueCustomer, Truth};

use crate::{HORIZON_DAYS, Language, SimError};
use arrivals::Arrivals;
use customer::Customer;
use perennial_model::civil_from_day;
use scene::{Due, Queue, Scene, Step};
use std::io::Write;

/// Shape of the rates of purchase.
const RATE_SHAPE: f64 = 0.8;
/// Rate of the rates of purchase, season days.
const RATE_DAYS: f64 = 45.0;
/// Both parameters of the chance to leave after an order.
const DROP_OUT: [f64; 2] = [0.7, 2.1];
const MOST_CUSTOMERS: u64 = 10_000_000;
/// Days of the first year, at whose end one failing is repaired.
const REPAIRED_AFTER: i32 = 365;

/// Which brand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulationOptions {
    /// The same seed gives the same messages.
    pub seed: u64,
    /// Customers who arrive in the first two years, about.
    pub customers: u64,
    /// First day, in days since 1970-01-01, at eight hours ahead of universal time.
    pub first_day: i32,
    /// Language of products, stores and texts.
    pub language: Language,
}

impl SimulationOptions {
    /// A brand that is two years old at `now_us`.
    #[must_use]
    pub fn two_years_before(now_us: i64, customers: u64, seed: u64) -> Self {
        Self { seed, customers, first_day: season::day_of(now_us) - HORIZON_DAYS, language: Language::English }
    }
}

/// A brand's life, message by message.
#[derive(Debug)]
pub struct Simulation {
    options: SimulationOptions,
    failings: [Failing; 2],
    arrivals: Arrivals,
    customers: Vec<Customer>,
    queue: Queue,
    /// The first day whose arrivals are not in the queue yet.
    next_day: i32,
}

impl Simulation {
    /// From its first day on.
    ///
    /// # Errors
    /// Options out of range.
    pub fn new(options: SimulationOptions) -> Result<Self, SimError> {
        if options.customers == 0 || options.customers > MOST_CUSTOMERS {
            return Err(SimError::Customers { most: MOST_CUSTOMERS });
        }
        let (first_year, ..) = civil_from_day(options.first_day);
        if !(1971..=9990).contains(&first_year) {
            return Err(SimError::StartDay);
        }
        Ok(Self {
            failings: aftermath::failings(options.first_day + REPAIRED_AFTER, options.language),
            arrivals: Arrivals::new(&options),
            customers: Vec::new(),
            queue: Queue::default(),
            next_day: options.first_day,
            options,
        })
    }

    /// With a campaign whose effect is known, before anything has happened.
    ///
    /// # Errors
    /// An effect that is no probability, or a member who is none of this brand.
    pub fn with_campaign(mut self, campaign: &Campaign) -> Result<Self, SimError> {
        campaign.plan(&self.options, &self.failings, &mut self.queue)?;
        Ok(self)
    }

    /// Which brand it is.
    #[must_use]
    pub const fn options(&self) -> &SimulationOptions {
        &self.options
    }

    /// The next message before an instant; `None` where nothing more happens before it.
    pub fn next_before(&mut self, until_us: i64) -> Option<Message> {
        loop {
            self.arrive(until_us);
            let Due { step, time_us, index, .. } = self.queue.pop_before(until_us)?;
            if let Step::Say(message) = step {
                return Some(*message);
            }
            if let Some(customer) = self.customers.get_mut(index as usize) {
                let scene = Scene::new(&self.options, &self.failings, customer, (index, time_us), &mut self.queue);
                scene.play(&step);
            }
        }
    }

    /// Lets everybody arrive who does before what happens next.
    fn arrive(&mut self, until_us: i64) {
        while season::start_of(self.next_day) < until_us.min(self.queue.next_us()) {
            for (number, time_us) in self.arrivals.customers(self.next_day) {
                let index = u32::try_from(self.customers.len()).unwrap_or(u32::MAX);
                self.customers.push(Customer::new(self.options.seed, number, self.options.language));
                self.queue.push(Due { time_us, number, place: 0, index, step: Step::Contact });
            }
            for message in self.arrivals.strangers(self.next_day) {
                self.queue.push(message);
            }
            self.next_day += 1;
        }
    }

    /// What is true as of an instant, at which [`Self::next_before`] has said that nothing is left.
    #[must_use]
    pub fn truth(&self, until_us: i64) -> Truth {
        Truth::of(self.options.seed, until_us, &self.customers, self.failings.to_vec())
    }

    /// Writes all messages before an instant as JSON lines and returns how many.
    ///
    /// # Errors
    /// What `out` says.
    pub fn write_until(&mut self, until_us: i64, out: &mut dyn Write) -> Result<u64, SimError> {
        let (mut line, mut messages) = (String::new(), 0);
        while let Some(message) = self.next_before(until_us) {
            line.clear();
            message.write(&mut line, 0);
            line.push('\n');
            out.write_all(line.as_bytes())?;
            messages += 1;
        }
        out.flush()?;
        Ok(messages)
    }
}
