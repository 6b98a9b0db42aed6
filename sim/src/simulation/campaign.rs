//! A campaign whose effect is known: some customers order once more than they would have.

use super::chance::generator;
use super::customer::Customer;
use super::message::Call;
use super::scene::{Queue, Scene, days};
use super::{Failing, SimulationOptions, season};
use crate::SimError;
use rand::RngExt as _;

/// Turns of a customer's generator for campaigns, one for each day: far behind those of any life.
const TURNS: u64 = 1 << 40;
/// Ids of a campaign's messages and orders are counted from here, and by day: nobody lives so long.
const MESSAGES: u32 = 1_000_000_000;
const ORDERS: u32 = 900_000;

/// Additional orders, and nothing else: whatever happens without the campaign happens with it too.
#[derive(Debug, Clone, PartialEq)]
pub struct Campaign {
    /// First day, in days since 1970-01-01.
    pub day: i32,
    /// For so many days.
    pub days: u16,
    /// With this probability a customer orders once more in these days.
    pub effect: f64,
    /// Member numbers of those it reaches.
    pub members: Vec<String>,
}

impl Campaign {
    /// Lets the additional orders fall due.
    pub(super) fn plan(
        &self,
        options: &SimulationOptions,
        failings: &[Failing; 2],
        queue: &mut Queue,
    ) -> Result<(), SimError> {
        if !(0.0..=1.0).contains(&self.effect) {
            return Err(SimError::Effect { effect: self.effect });
        }
        let whole = (season::start_of(self.day), days(f64::from(self.days)));
        let by_day = self.day.unsigned_abs();
        for member in &self.members {
            let number = member.strip_prefix('M').and_then(|digits| digits.parse::<u64>().ok());
            let number = number.ok_or_else(|| SimError::NoMember { member: member.clone() })?;
            let mut customer = Customer::new(options.seed, number, options.language);
            (customer.is_known, customer.turn) = (true, TURNS + u64::from(by_day));
            let mut rng = generator(options.seed, number, customer.turn);
            if !rng.random_bool(self.effect) {
                continue;
            }
            let time_us = whole.0 + (rng.random::<f64>() * whole.1 as f64) as i64;
            (customer.said, customer.orders) = (MESSAGES + by_day, ORDERS + by_day);
            let mut scene = Scene::new(options, failings, &mut customer, (u32::MAX, time_us), queue);
            scene.order_once();
        }
        Ok(())
    }
}

impl Scene<'_> {
    /// An order of which nothing follows.
    fn order_once(&mut self) {
        let (now_us, order) = (self.now_us, self.draw_order());
        let said = order.said(self.options.language);
        self.say(now_us, Call::Track("Order Completed"), said);
    }
}
