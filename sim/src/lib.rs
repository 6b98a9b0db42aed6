//! The simulated brand: customers whose behaviour is known, for the demo, dry runs and tests.
//!
//! [`Simulation`] is a brand that lives on, as messages of the tracking API. [`generate`] writes a file of orders (or of all events) in the form in which shop systems export
//! them. The same options give the same bytes. The model (a Pareto/NBD brand with a basket):
//!
//! - horizon: [`HORIZON_DAYS`] days from [`GenerateOptions::start_day`];
//! - acquisition: density over the horizon ∝ 1 + 1.5·t/H, a growing shop;
//! - rate of sessions of a customer: Gamma(0.55, 1) × exp(0.6·N(0, 1)), a few buy often and most rarely;
//! - drop-out: each customer leaves for good after Exp(µ) days, µ ~ Gamma(0.9, rate 120 days);
//! - every customer has a session on the day of acquisition; the others are spread evenly over the
//!   life, as many as the wanted number of rows asks for;
//! - hour of the day: N(15, 4.5), cut to the day;
//! - a session of an order file is an order. A session of an event file is one visit, Geometric(0.35)
//!   product views, with probability 0.4 an addition to the cart, and then with 0.6 an order;
//! - an order has Geometric(0.5) lines, at most 12, of one of 200 categories (Zipf 1.1) and its 100
//!   products (Zipf 1.2); a later line is the companion of the first with probability 0.3;
//! - price of a product: exp(N(3.2, 0.7)); quantity: Geometric(0.75);
//! - channel: web 0.5, app 0.3, store 0.12, marketplace 0.08;
//! - 1 % of orders are cancelled, 3 % of the lines of the others are refunded.

mod basket;
mod brand;
mod error;
mod file;
mod generate;
mod people;
mod simulation;
mod words;

pub use brand::Brand;
pub use error::SimError;
pub use generate::{GenerateOptions, Summary, generate};
pub use simulation::{
    Campaign, Cause, Failing, Message, Simulation, SimulationOptions, TrueCustomer, Truth, quoted_instant,
};
pub use words::Language;

/// Days that a generated file spans: two years, one of them a leap year.
pub const HORIZON_DAYS: i32 = 731;
